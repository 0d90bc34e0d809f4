// A `check` about the line Enter was pressed on, with the fields the hook's script sends (__cmdai_check).
#ifndef CMDAI_BASH_CHECK_REQUEST_H
#define CMDAI_BASH_CHECK_REQUEST_H

#include <stdbool.h>

#include "terminal_fields.h"
#include "wire.h"

struct line {
  const char* text;   // what bash was given since PS1, and the line: history and aliases expanded
  const char* typed;  // the same as typed
};

// `names`: variables the daemon asked for, A,B,…; `ask_for_more`: it may ask for others.
void write_check(struct request* r, const struct line* line, const char* names, bool ask_for_more);
void add_terminal_fields(struct request* r, const struct terminal_fields* f);

#endif
