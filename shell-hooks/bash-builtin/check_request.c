#include "check_request.h"

#include <stdio.h>
#include <string.h>

#include "bash_state.h"

enum { kMostTyped = 10000, kMostWords = 200, kMostValue = 4096, kMostName = 256, kMostKept = 128 };

static void add(struct request* r, const char* key, const char* value) {
  if (value == NULL) value = "";
  request_add(r, key, value, strlen(value));
}

static void add_of(struct request* r, const char* kind, const char* name, const char* value, size_t size) {
  char key[kMostName + 16];
  snprintf(key, sizeof key, "%s.%s", kind, name);
  request_add(r, key, value, size);
}

// Copies the next word made of `set` into `out`; where the text goes on, or null. A longer word gives an
// empty one.
static const char* next_word(const char* at, const char* set, char out[kMostName]) {
  at += strcspn(at, set);
  const size_t n = strspn(at, set);
  if (n == 0) return NULL;
  const size_t kept = n < kMostName ? n : 0;
  memcpy(out, at, kept);
  out[kept] = 0;
  return at + n;
}

#define LETTERS "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
#define DIGITS "0123456789"

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
    if (value != NULL) add_of(r, "alias", word, value, strlen(value));
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
      add_of(r, "var", name, value, strnlen(value, kMostValue));
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

bool mentions_function(const char* text) {
  char word[kMostName];
  const char* at = text;
  while ((at = next_word(at, LETTERS DIGITS "_.:-", word)) != NULL)
    if (word[0] != 0 && strncmp(word, "__cmdai", 7) != 0 && has_function(word)) return true;
  return false;
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
  add_values(r, names);
}

void add_terminal_fields(struct request* r, const struct terminal_fields* f) {
  if (f->width[0] != 0) request_add_field(r, f->width);
  if (f->color) add(r, "color", "1");
  if (f->tty) add(r, "tty", "1");
  if (f->plain) add(r, "plain", "1");
}
