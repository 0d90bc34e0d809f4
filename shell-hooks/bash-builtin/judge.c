#include "judge.h"

#include <stdlib.h>
#include <string.h>

#include "ask.h"
#include "bash_state.h"
#include "kept.h"

enum { kDaemonMs = 2000, kMostNames = 4096, kRounds = 3 };

static struct kept connection;
static struct request request;
static struct answer answer;
static char* judged_text;  // what `judged` is about; null: nothing is remembered
static struct judgement judged;

struct request* start_request(const char* type) {
  request.type = type;
  request.body_size = 0;
  request.too_large = false;
  return &request;
}

enum outcome send_request(void) {
  if (request.too_large) return kFailed;
  transport_interrupted_by(interrupt_waits);
  return ask_kept(&connection, &request, &answer, kDaemonMs);
}

void disconnect(void) { give_up(&connection); }

struct judgement send_check(void) {
  struct terminal_fields fields;
  find_terminal_fields(&fields, terminal_is_ours());
  add_terminal_fields(&request, &fields);
  return (struct judgement){send_request(), &answer, fields.tty};
}

// Adds the names of `need` to `names`; false when they do not fit.
static bool add_names(char names[kMostNames], const char* need) {
  const size_t had = strlen(names);
  const size_t more = strlen(need);
  if (had + more + 2 > kMostNames) return false;
  names[had] = ',';
  memcpy(names + had + 1, need, more + 1);
  return true;
}

struct judgement judge_line(const struct line* line) {
  char names[kMostNames] = "";
  struct judgement found;
  for (int round = 1;; ++round) {
    write_check(&request, line, names, round < kRounds);
    found = send_check();
    if (round == kRounds || meaning_of(&found) != kNeed) break;
    if (!add_names(names, answer_get(&answer, "need"))) break;
  }
  forget();
  judged_text = strdup(line->text);
  judged = found;
  return found;
}

bool recall(const char* text, struct judgement* found) {
  if (judged_text == NULL || strcmp(judged_text, text) != 0) return false;
  *found = judged;
  forget();
  return true;
}

void forget(void) {
  free(judged_text);
  judged_text = NULL;
}

enum meaning meaning_of(const struct judgement* j) {
  if (j->outcome != kAnswered || strcmp(j->answer->type, "verdict") != 0) return kNothing;
  const char* action = answer_get(j->answer, "action");
  if (action == NULL || answer_get(j->answer, "id") == NULL) return kNothing;
  if (answer_get(j->answer, "incomplete") != NULL) return kBeginning;
  if (answer_get(j->answer, "need") != NULL && answer_get(j->answer, "text") == NULL) return kNeed;
  if (strcmp(action, "allow") == 0) return kRun;
  if (strcmp(action, "warn") == 0) return kWarn;
  return strcmp(action, "ask") == 0 ? kAsk : kBlock;
}
