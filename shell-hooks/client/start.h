// Asks about what a shell that is not interactive is about to run. Used by `cmdai-hook start` and cmdai-sh.
#ifndef CMDAI_HOOK_START_H
#define CMDAI_HOOK_START_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

struct start {
  const char* shell;    // as the field of a check
  const char* command;  // not null-terminated
  size_t command_size;
  bool command_too_large;  // longer than what `command` holds: refused
  pid_t pid;               // of the shell
  const char* cmdai;       // for the relay; null: none
  bool block_when_unavailable;
};

enum { kRefusedStatus = 126 };  // "found, but cannot be executed": sh(1), "Exit Status"

// True: it may run. False: refused, and the reason stands on standard error. Says nothing when it is allowed.
// Values of variables that decide are taken from the environment: the shell has not set others yet.
bool may_start(const struct start* start);

// `cmdai-hook start …`, see main.c. An exit status.
int start_command(int argc, char** argv);

#endif
