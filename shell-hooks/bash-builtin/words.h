// The words of a text that may be names, and fields named after them.
#ifndef CMDAI_BASH_WORDS_H
#define CMDAI_BASH_WORDS_H

#include "wire.h"

enum { kMostWords = 200, kMostName = 256 };

#define LETTERS "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
#define DIGITS "0123456789"

// Copies the next word made of `set` into `out`; where the text goes on, or null. A longer word gives an
// empty one.
const char* next_word(const char* at, const char* set, char out[kMostName]);
// Adds `KIND.NAME=VALUE`.
void add_named(struct request* r, const char* kind, const char* name, const char* value, size_t size);

#endif
