#include "wire.h"

#include <stdio.h>
#include <string.h>

static void put(struct request* r, const char* bytes, size_t size) {
  if (r->too_large || size > kMaxBody - r->body_size) {
    r->too_large = true;
    return;
  }
  memcpy(r->bytes + kHeaderRoom + r->body_size, bytes, size);
  r->body_size += size;
}

void request_add(struct request* r, const char* key, const char* value, size_t size) {
  put(r, key, strlen(key));
  put(r, "=", 1);
  while (size > 0) {
    const char* nul = memchr(value, 0, size);
    const size_t part = nul == NULL ? size : (size_t)(nul - value);
    put(r, value, part);
    value += part + (nul != NULL);
    size -= part + (nul != NULL);
  }
  put(r, "", 1);
}

void request_add_field(struct request* r, const char* field) { put(r, field, strlen(field) + 1); }

const char* request_bytes(struct request* r, size_t* size) {
  char header[kHeaderRoom];
  const int n = snprintf(header, sizeof header, "cmdai/1 %.16s %zu\n", r->type, r->body_size);
  char* begin = r->bytes + kHeaderRoom - n;
  memcpy(begin, header, (size_t)n);
  *size = (size_t)n + r->body_size;
  return begin;
}

// `cmdai/1 TYPE LENGTH\n`: the header's size, 0 when it is not whole yet, -1 when it is none.
static int read_header(struct answer* a) {
  static const char kMagic[] = "cmdai/1 ";
  const size_t room = a->size < kHeaderRoom ? a->size : kHeaderRoom;
  const char* end = memchr(a->bytes, '\n', room);
  if (end == NULL) return a->size < kHeaderRoom ? 0 : -1;
  const char* at = a->bytes;
  if (end - at < 8 || memcmp(at, kMagic, 8) != 0) return -1;
  at += 8;
  const char* blank = memchr(at, ' ', (size_t)(end - at));
  if (blank == NULL || (size_t)(blank - at) >= sizeof a->type) return -1;
  memcpy(a->type, at, (size_t)(blank - at));
  a->type[blank - at] = 0;
  a->body_size = 0;
  for (at = blank + 1; at < end; ++at) {
    if (*at < '0' || *at > '9') return -1;
    a->body_size = a->body_size * 10 + (size_t)(*at - '0');
    if (a->body_size > kMaxBody) return -1;
  }
  return (int)(end + 1 - a->bytes);
}

enum progress answer_read(struct answer* a) {
  const int header = read_header(a);
  if (header < 0) return kBroken;
  if (header == 0 || a->size - (size_t)header < a->body_size) return kMore;
  a->body = a->bytes + header;
  a->body[a->body_size] = 0;  // the last NUL may be missing; the buffer has room for it
  return kWhole;
}

const char* answer_get(const struct answer* a, const char* key) {
  const size_t length = strlen(key);
  const char* end = a->body + a->body_size;
  for (const char* at = a->body; at < end; at += strlen(at) + 1)
    if (strncmp(at, key, length) == 0 && at[length] == '=') return at + length + 1;
  return NULL;
}
