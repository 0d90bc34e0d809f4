#include "functions.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "bash_state.h"
#include "words.h"

enum { kMostFunctions = 16, kMostBody = 4096, kRounds = 3 };

struct found {
  char name[kMostName];
  char* body;
};

struct functions {
  struct found all[kMostFunctions];
  int count;
};

static bool is_known(const struct functions* f, const char* name) {
  for (int i = 0; i < f->count; ++i)
    if (strcmp(f->all[i].name, name) == 0) return true;
  return false;
}

static void keep(struct functions* f, const char* name) {
  char* body = function_body(name);
  if (body == NULL || strlen(body) > kMostBody) {
    free(body);
    return;
  }
  struct found* one = &f->all[f->count++];
  snprintf(one->name, sizeof one->name, "%s", name);
  one->body = body;
}

static void find(struct functions* f, const char* text) {
  char word[kMostName];
  const char* at = text;
  for (int i = 0; i < kMostWords && f->count < kMostFunctions; ++i) {
    at = next_word(at, LETTERS DIGITS "_.:-", word);
    if (at == NULL) return;
    if (word[0] != 0 && strncmp(word, "__cmdai", 7) != 0 && has_function(word) && !is_known(f, word))
      keep(f, word);
  }
}

void add_functions(struct request* r, const char* text) {
  struct functions f = {.count = 0};
  find(&f, text);
  int next = 0;  // the first whose body was not looked through
  for (int round = 1; round < kRounds; ++round)
    for (const int end = f.count; next < end; ++next) find(&f, f.all[next].body);
  for (int i = 0; i < f.count; ++i) {
    add_named(r, "function", f.all[i].name, f.all[i].body, strlen(f.all[i].body));
    free(f.all[i].body);
  }
}
