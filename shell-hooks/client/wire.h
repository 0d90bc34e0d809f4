// Frames of docs/protocol.md in buffers of fixed size: `cmdai/1 TYPE LENGTH\n` and NUL-separated key=value.
// Needs only libc; nothing is allocated. Not thread-safe, the program has one thread.
#ifndef CMDAI_HOOK_WIRE_H
#define CMDAI_HOOK_WIRE_H

#include <stdbool.h>
#include <stddef.h>

enum { kMaxBody = 262144, kHeaderRoom = 64 };

struct request {
  const char* type;  // borrowed
  char bytes[kHeaderRoom + kMaxBody];
  size_t body_size;
  bool too_large;  // something did not fit: what is here must not be sent
};

// Adds `key=value` and a NUL. NUL bytes of the value are dropped, as every shell but zsh does.
void request_add(struct request* r, const char* key, const char* value, size_t size);
// Adds a `key=value` that is one string already.
void request_add_field(struct request* r, const char* field);
// The frame as it goes out; `*size` is set.
const char* request_bytes(struct request* r, size_t* size);

struct answer {
  char bytes[kHeaderRoom + kMaxBody + 1];
  size_t size;  // received so far
  char* body;   // once whole
  size_t body_size;
  char type[20];
};

enum progress { kMore, kWhole, kBroken };
// Looks at what was received so far. kWhole: `type`, `body` and `body_size` are set.
enum progress answer_read(struct answer* a);
// The value of the first field of that name as a string, or null. Only after kWhole.
const char* answer_get(const struct answer* a, const char* key);

#endif
