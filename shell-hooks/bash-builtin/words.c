#include "words.h"

#include <stdio.h>
#include <string.h>

void add_named(struct request* r, const char* kind, const char* name, const char* value, size_t size) {
  char key[kMostName + 16];
  snprintf(key, sizeof key, "%s.%s", kind, name);
  request_add(r, key, value, size);
}

const char* next_word(const char* at, const char* set, char out[kMostName]) {
  at += strcspn(at, set);
  const size_t n = strspn(at, set);
  if (n == 0) return NULL;
  const size_t kept = n < kMostName ? n : 0;
  memcpy(out, at, kept);
  out[kept] = 0;
  return at + n;
}
