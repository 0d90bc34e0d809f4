// What a shell is going to run, read from its arguments as that shell reads them.
#ifndef CMDAI_HOOK_INVOCATION_H
#define CMDAI_HOOK_INVOCATION_H

#include <stdbool.h>
#include <stddef.h>

// A text of fixed size. What does not fit sets `too_large`, and the text must not be used.
enum { kMostText = 262144 };
struct text {
  char bytes[kMostText];
  size_t size;
  bool too_large;
};

enum shell { kBash, kSh, kZsh, kFish, kNoShell };
// bash, sh (and dash, ash), zsh, fish.
enum shell shell_from_name(const char* name);
// As the field `shell` of a check says it.
const char* shell_name(enum shell shell);

struct invocation {
  const char* string;    // -c: the text; null: none
  const char* script;    // the file to be run; null: none
  const char* rcfile;    // bash --rcfile FILE: read by an interactive shell
  bool extglob;          // bash -O extglob: changes how the text is read
  bool stdin_commands;   // -s
  char* const* rest;     // $0 and the rest behind -c, $1 and the rest behind a script; ends with null
  const char* more[16];  // fish: every -C and -c in order, when there is more than one
  size_t more_count;
  bool too_many;  // more of them than there is room for: not to be run unread
};
void read_invocation(enum shell shell, char* const* argv, struct invocation* out);

// The command to be judged: the text of `-c` as it is where it stands alone, else a call of the shell with
// every word quoted. False: there is nothing to be judged (commands from standard input, a prompt).
bool command_of(enum shell shell, const struct invocation* invocation, struct text* out);

#endif
