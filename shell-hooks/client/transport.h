// The two ways to an answer: the daemon's socket, or `cmdai relay`, which starts the daemon or judges itself.
#ifndef CMDAI_HOOK_TRANSPORT_H
#define CMDAI_HOOK_TRANSPORT_H

#include "wire.h"

enum outcome {
  kAnswered,
  kNobody,     // nothing listens there
  kTimeout,    // somebody listens and does not answer
  kUntrusted,  // somebody else's socket or directory: nothing was sent
  kFailed,     // closed, or not our protocol
};

// Sends the request to the daemon and reads the answer. Never takes longer than `milliseconds`. Directory,
// socket and peer are checked first (docs/protocol.md, "Where").
enum outcome ask_daemon(struct request* r, struct answer* a, int milliseconds);

// The two halves of it, for who keeps the connection. `deadline` is a time of now_ms(). `*fd` may be set when
// open_daemon fails: the caller closes it. After make_patient reading waits by itself, which saves a poll(2)
// and a look at the clock for each answer; false, and nothing changed: it can not be had.
long long now_ms(void);
enum outcome open_daemon(int* fd, long long deadline);
bool make_patient(int fd);
enum outcome exchange(int fd, bool patient, struct request* r, struct answer* a, long long deadline);

// A directory that is ours and that nobody else may enter.
bool is_private_directory(const char* path);

// While it says yes, waiting for the daemon ends at once, as kTimeout. Null, as at the start: nothing does.
void transport_interrupted_by(bool (*asked)(void));

struct relay {
  const char* program;        // cmdai
  bool local;                 // the daemon was tried: do not ask it again
  const char* const* fields;  // key=value …, then null; without the command
  const char* command;
  size_t command_size;
  bool rest_on_stdin;  // the command goes on there
};
enum outcome ask_relay(const struct relay* relay, struct answer* a, int milliseconds);

#endif
