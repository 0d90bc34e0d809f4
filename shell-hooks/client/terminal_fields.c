#include "terminal_fields.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

void find_terminal_fields(struct terminal_fields* f, bool can_ask) {
  const char* term = getenv("TERM");
  const char* no_color = getenv("NO_COLOR");  // no-color.org: set and not empty
  const char* plain = getenv("CMDAI_PLAIN");
  struct winsize size;
  // Of a terminal only: ioctl_tty(2).
  const bool shown = ioctl(2, TIOCGWINSZ, &size) == 0;
  f->width[0] = 0;
  if (shown && size.ws_col > 0) snprintf(f->width, sizeof f->width, "width=%u", size.ws_col);
  f->color = shown && (no_color == NULL || no_color[0] == 0) && term != NULL && strcmp(term, "dumb") != 0;
  f->tty = can_ask;
  f->plain = (plain != NULL && plain[0] != 0) || (term != NULL && strcmp(term, "dumb") == 0);
}
