#include "question.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "ask.h"
#include "terminal_fields.h"
#include "transport.h"

enum { kDaemonMs = 2000, kLongestMs = 300000 };

static struct request request;
static struct answer answer;

// What the daemon says can be answered. It may know nothing of the question (judged without it): y or N then.
struct choices {
  bool known, always, first;
  char fixed[256];  // why not always
};

static bool send(const char* type, const char* id, const char* key, const char* value) {
  request.type = type;
  request.body_size = 0;
  request.too_large = false;
  request_add(&request, "id", id, strlen(id));
  if (key != NULL) request_add(&request, key, value, strlen(value));
  struct terminal_fields look;
  find_terminal_fields(&look, false);
  if (look.width[0] != 0) request_add_field(&request, look.width);
  if (look.color) request_add_field(&request, "color=1");
  if (look.plain) request_add_field(&request, "plain=1");
  return ask_daemon(&request, &answer, kDaemonMs) == kAnswered;
}

static bool said(const char* key, const char* value) {
  const char* is = answer_get(&answer, key);
  return is != NULL && strcmp(is, value) == 0;
}

static void learn_choices(const char* id, struct choices* c) {
  c->known = send("question", id, NULL, NULL) && strcmp(answer.type, "ok") == 0;
  if (!c->known) return;
  c->always = said("always", "1");
  c->first = said("first", "1");
  const char* fixed = answer_get(&answer, "fixed");
  snprintf(c->fixed, sizeof c->fixed, "%s", fixed != NULL ? fixed : "");
}

static void say_choices(int terminal, const struct choices* c) {
  say_on(terminal, "  y run it once, N or Enter do not");
  if (c->known) say_on(terminal, ", e explain it");
  if (c->always) say_on(terminal, ", a always, in this folder");
  say_on(terminal, "\n");
}

static void explain(int terminal, const char* id) {
  const bool told = send("explain", id, NULL, NULL) && strcmp(answer.type, "verdict") == 0;
  const char* text = told ? answer_get(&answer, "text") : NULL;
  say_on(terminal, text != NULL ? text : "  cmdai has nothing more to say: its daemon does not answer\n");
}

// True: it is written down, and the daemon has recorded the answer.
static bool always(int terminal, const char* id, const struct choices* c) {
  const char* why = c->fixed[0] != 0 ? c->fixed : "the daemon knows nothing of this question";
  if (c->always) {
    const bool answered = send("answer", id, "answer", "always");
    if (answered && strcmp(answer.type, "ok") == 0) return true;
    why = answered ? answer_get(&answer, "text") : "the daemon does not answer";
  }
  say_on(terminal, "  not always: ");
  say_on(terminal, why != NULL ? why : "the daemon refused");
  say_on(terminal, "\n");
  return false;
}

// The daemon may know better who may say yes (a plugin of the organization, an agent behind us); where it is
// not reached the person's word counts.
static bool yes_counts(int terminal, const char* id) {
  if (!send("answer", id, "answer", "yes") || strcmp(answer.type, "error") != 0) return true;
  const char* code = answer_get(&answer, "code");
  if (code == NULL || strcmp(code, "denied") != 0) return true;
  const char* why = answer_get(&answer, "text");
  say_on(terminal, "  not run: ");
  say_on(terminal, why != NULL ? why : "the daemon refused");
  say_on(terminal, "\n");
  return false;
}

// A person may want less than the five minutes there are, never more.
static int milliseconds(void) {
  const char* text = getenv("CMDAI_ASK_SECONDS");
  const long seconds = text == NULL ? 0 : strtol(text, NULL, 10);
  return seconds > 0 && seconds < kLongestMs / 1000 ? (int)seconds * 1000 : kLongestMs;
}

static const char* prompt_of(const struct choices* c) {
  return c->always ? "  run it? [y/N/e/a] " : c->known ? "  run it? [y/N/e] " : "  run it? [y/N] ";
}

bool put_question(int terminal, const char* id) {
  struct choices c;
  memset(&c, 0, sizeof c);
  learn_choices(id, &c);
  if (c.first) say_choices(terminal, &c);
  for (;;) {
    const enum reply reply = ask_on(terminal, prompt_of(&c), milliseconds());
    if (reply == kExplain) {
      explain(terminal, id);
    } else if (reply == kHelp) {
      say_choices(terminal, &c);
    } else if (reply == kYes) {
      return yes_counts(terminal, id);
    } else if (reply != kAlways) {
      send("answer", id, "answer", reply == kNo ? "no" : "timeout");  // for the record
      return false;
    } else if (always(terminal, id, &c)) {
      return true;
    }
  }
}
