// What the shell knows: variables, aliases, functions, options. The only file that includes bash's headers
// beside builtin.c.
#ifndef CMDAI_BASH_STATE_H
#define CMDAI_BASH_STATE_H

#include <stdbool.h>
#include <sys/types.h>

// Null where it is not set. An array gives its element 0, as `$name` does.
const char* shell_value(const char* name);
bool shell_value_is(const char* name, const char* value);
// False where the user made it readonly; then nothing is said.
bool set_shell_value(const char* name, const char* value);
bool may_set(const char* name);
bool has_function(const char* name);
// Its body as `declare -f` prints it, without the name before it and the newline behind it; null where there
// is none. The caller frees it.
char* function_body(const char* name);

bool has_aliases(void);
const char* alias_value(char* name);
// The line with the aliases at the beginnings of its commands expanded, as readline's alias-expand-line has
// it. The caller frees it.
char* with_aliases(const char* line);
// Whether bash will change the line by its history, or cannot tell. `continues`: it is not the first line of
// its command; bash may be inside a quote then, which only it knows.
bool history_changes(const char* line, bool continues);
void remember_in_history(const char* line);

pid_t shell_pid(void);
// A signal that ends a line waits to be handled.
bool interrupt_waits(void);

#endif
