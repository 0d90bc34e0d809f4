// Asks the daemon, over a connection that is kept.
#ifndef CMDAI_BASH_JUDGE_H
#define CMDAI_BASH_JUDGE_H

#include <stdbool.h>

#include "check_request.h"
#include "transport.h"

struct judgement {
  enum outcome outcome;
  const struct answer* answer;  // only when kAnswered; until the next question
  bool can_ask;                 // a person can be asked at the terminal
};

// Asks about the line, and says what variables hold when the verdict depends on them.
struct judgement judge_line(const struct line* line);
// What judge_line found, when it was about this text; only once. False otherwise.
bool recall(const char* text, struct judgement* found);
void forget(void);

// Starts a request of this type, to add fields to.
struct request* start_request(const char* type);
struct judgement send_check(void);
enum outcome send_request(void);
void disconnect(void);

// What a verdict comes to.
enum meaning {
  kRun,        // nothing to say
  kBeginning,  // not a whole command yet: go on reading
  kNeed,       // it depends on variables
  kWarn,
  kAsk,
  kBlock,
  kNothing  // it is no verdict
};
enum meaning meaning_of(const struct judgement* j);

#endif
