// A question a person answers with one key.
#ifndef CMDAI_HOOK_ASK_H
#define CMDAI_HOOK_ASK_H

#include <stdbool.h>

// The controlling terminal when a question can be asked there now: it is there and ours is the foreground
// job. -1 otherwise. The caller closes it.
int open_terminal(void);
// Whether open_terminal() would find one.
bool terminal_is_ours(void);

enum reply { kNo, kYes, kNobodyThere, kExplain, kAlways, kHelp };
// Prints `question` and waits for a key: y, e, a and ? (Y, E, A) say something, any other key is a no; what
// was typed before the question does not count. kNobodyThere: no key in `milliseconds`. The terminal is left
// as it was found.
enum reply ask_on(int terminal, const char* question, int milliseconds);

// Prints lines, whatever a line editor did to the terminal.
void say_on(int terminal, const char* text);

#endif
