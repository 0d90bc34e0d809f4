#include "check_request.h"

#include <stdio.h>
#include <string.h>

#include "bash_state.h"
#include "functions.h"
#include "words.h"

enum { kMostTyped = 10000, kMostValue = 4096, kMostKept = 128 };

static void add(struct request* r, const char* key, const char* value) {
  if (value == NULL) value = "";
  request_add(r, key, value, strlen(value));
}

// Readline expands aliases at the beginning of a command only; those after `do`, `then` or in an eval are
// left to the daemon. Only what the text mentions is said.
static void add_aliases(struct request* r, const char* text) {
  if (!has_aliases()) return;
  char word[kMostName];
  const char* at = text;
  for (int i = 0; i < kMostWords; ++i) {
    at = next_word(at, LETTERS DIGITS "_.!+:@-", word);
    if (at == NULL) return;
    const char* value = alias_value(word);
    if (value != NULL) add_named(r, "alias", word, value, strlen(value));
  }
}

static void add_values(struct request* r, const char* names) {
  char name[kMostName];
  const char* at = names;
  while ((at = next_word(at, LETTERS DIGITS "_", name)) != NULL) {
    const char* value = shell_value(name);
    if (value == NULL)
      add(r, "unset", name);
    else
      add_named(r, "var", name, value, strnlen(value, kMostValue));
  }
}

// KEY=VALUE and blanks between them, as the script keeps what it says with each line.
static void add_kept(struct request* r, const char* kept) {
  char field[kMostKept];
  if (kept == NULL) return;
  while (*(kept += strspn(kept, " ")) != 0) {
    const size_t n = strcspn(kept, " ");
    snprintf(field, sizeof field, "%.*s", (int)n, kept);
    if (n < sizeof field) request_add_field(r, field);
    kept += n;
  }
}

void write_check(struct request* r, const struct line* line, const char* names, bool ask_for_more) {
  char pid[24];
  snprintf(pid, sizeof pid, "%ld", (long)shell_pid());
  r->type = "check";
  r->body_size = 0;
  r->too_large = false;
  add(r, "cmd", line->text);
  add(r, "shell", "bash");
  add(r, "actor", "human");
  add(r, "vars", ask_for_more ? "1" : "0");
  add(r, "level", "line");
  add(r, "transport", "builtin");
  add(r, "session", shell_value("CMDAI_SESSION"));
  add(r, "pid", pid);
  add(r, "cwd", shell_value("PWD"));
  add(r, "home", shell_value("HOME"));
  add(r, "probe", "1");
  add(r, "partial", "1");
  add(r, "source", "enter");
  add_kept(r, shell_value("__cmdai_options"));
  add_kept(r, shell_value("__cmdai_ended"));
  if (strcmp(line->text, line->typed) != 0 && strlen(line->typed) <= kMostTyped) add(r, "typed", line->typed);
  add_aliases(r, line->text);
  add_functions(r, line->text);
  add_values(r, names);
}

void add_terminal_fields(struct request* r, const struct terminal_fields* f) {
  if (f->width[0] != 0) request_add_field(r, f->width);
  if (f->color) add(r, "color", "1");
  if (f->tty) add(r, "tty", "1");
  if (f->plain) add(r, "plain", "1");
}
