// A connection to the daemon that is kept from one question to the next, for a process that lives long and is
// not ours: a shell forks, and its user may take any descriptor.
#ifndef CMDAI_HOOK_KEPT_H
#define CMDAI_HOOK_KEPT_H

#include <sys/types.h>

#include "transport.h"

struct kept {
  bool open;
  bool patient;  // as make_patient has it
  int fd;
  pid_t owner;   // the process that opened it
  dev_t device;  // with `inode`: what the descriptor was then
  ino_t inode;
};

// As ask_daemon. Connects where there is no connection, where it was made by the process we were forked from,
// where the descriptor was closed or is something else by now, and where the daemon ended meanwhile. After
// anything but an answer the connection is given up: a late answer must never be taken for that to the next
// question.
enum outcome ask_kept(struct kept* k, struct request* r, struct answer* a, int milliseconds);
void give_up(struct kept* k);

#endif
