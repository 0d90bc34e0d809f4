#include "bash_state.h"

#include <config.h>
// config.h first, as bash itself does
#include <builtins.h>
#include <shell.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>

#include "bash_readline.h"

// bashhist.h and trap.h are not among the headers bash installs.
extern int history_expansion;
extern int history_expansion_inhibited;
extern int signal_is_pending(int number);

const char* shell_value(const char* name) { return get_string_value(name); }

bool shell_value_is(const char* name, const char* value) {
  const char* found = shell_value(name);
  return found != NULL && strcmp(found, value) == 0;
}

bool may_set(const char* name) {
  const SHELL_VAR* variable = find_variable(name);
  return variable == NULL || !readonly_p(variable);
}

bool set_shell_value(const char* name, const char* value) {
  if (!may_set(name)) return false;
  char* copy = savestring(value);  // bind_variable takes no const
  const bool done = bind_variable(name, copy, 0) != NULL;
  free(copy);
  return done;
}

bool has_function(const char* name) { return find_function(name) != NULL; }

char* function_body(const char* name) {
  const SHELL_VAR* function = find_function(name);
  if (function == NULL) return NULL;
  char* copy = savestring(name);
  const char* text = named_function_string(copy, function_cell(function), FUNC_MULTILINE);
  free(copy);
  const char* body = text == NULL ? NULL : strchr(text, '\n');
  if (body == NULL) return NULL;
  char* out = savestring(body + 1);  // the text is in a buffer that bash uses again
  size_t n = strlen(out);
  while (n > 0 && out[n - 1] == '\n') out[--n] = 0;
  return out;
}

bool has_aliases(void) { return aliases != NULL && HASH_ENTRIES(aliases) > 0; }

const char* alias_value(char* name) { return get_alias_value(name); }

char* with_aliases(const char* line) {
  char* copy = savestring(line);
  if (!has_aliases()) return copy;
  char* expanded = alias_expand(copy);
  if (expanded != copy) free(copy);
  return expanded;
}

bool history_changes(const char* line, bool continues) {
  if (!history_expansion || history_expansion_inhibited) return false;
  if (strchr(line, history_expansion_char) == NULL && line[0] != history_subst_char) return false;
  if (continues) return true;
  char* expanded = NULL;
  const int result = history_expand(line, &expanded);
  free(expanded);
  return result != 0;
}

void remember_in_history(const char* line) {
  add_history(line);
  using_history();
}

pid_t shell_pid(void) { return dollar_dollar_pid; }

bool interrupt_waits(void) {
  const int caught = rl_pending_signal();
  return caught == SIGINT || caught == SIGTERM || caught == SIGHUP || signal_is_pending(SIGINT);
}
