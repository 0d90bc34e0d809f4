// What only a process at the terminal can say in a `check`: can a question be asked, in which width, in
// colour, and with places in words for a screen reader.
#ifndef CMDAI_HOOK_TERMINAL_FIELDS_H
#define CMDAI_HOOK_TERMINAL_FIELDS_H

#include <stdbool.h>

struct terminal_fields {
  bool color, tty, plain;
  char width[24];  // `width=N`, or empty where it is unknown
};

// `can_ask`: a question can be put at the terminal.
void find_terminal_fields(struct terminal_fields* f, bool can_ask);

#endif
