// The builtin itself: `enable -f FILE cmdai_native` (the hook does it), and what the hook's functions ask
// with it.
#include <config.h>
// config.h first, as bash itself does
#include <builtins.h>
#include <shell.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "bash_state.h"
#include "enter.h"
#include "judge.h"

// Statuses of the builtin. kSilent: the daemon is there and does not answer; not to be waited for again.
enum { kDone = 0, kNoAnswer = 1, kWrongUse = 2, kSilent = 3 };

static const char* first(WORD_LIST** words) {
  const char* word = *words != NULL ? (*words)->word->word : NULL;
  if (*words != NULL) *words = (*words)->next;
  return word;
}

static bool begins(const char* word, const char* with) { return strncmp(word, with, strlen(with)) == 0; }

// The variables an answer is put into: a function's own where one has them.
static const char kStatus[] = "__cmdai_status";
static const char kOut[] = "__cmdai_out";

// The answer for the hook's script, as `cmdai-hook check --later` has it.
static int report(int status, const char* before, const char* id, const char* text) {
  size_t length = strlen(text);
  while (length > 0 && text[length - 1] == '\n') --length;  // as `$(…)` does
  const size_t size = strlen(before) + strlen(id) + length + 16;
  char* out = malloc(size);
  if (out == NULL) return kNoAnswer;
  if (id[0] == 0)
    snprintf(out, size, "%s%.*s", before, (int)length, text);
  else if (length == 0)
    snprintf(out, size, "%sid=%s\n", before, id);
  else
    snprintf(out, size, "%sid=%s\n\n%.*s", before, id, (int)length, text);
  char number[16];
  snprintf(number, sizeof number, "%d", status);
  const bool said = set_shell_value(kOut, out) && set_shell_value(kStatus, number);
  free(out);
  return said ? kDone : kNoAnswer;
}

static int report_judgement(const struct judgement* found, bool told) {
  const char* note = told ? "note=0\n" : "";
  if (interrupt_waits()) return report(130, "", "", "");
  if (found->outcome == kTimeout) return kSilent;
  const enum meaning meaning = meaning_of(found);
  if (meaning == kNothing) return kNoAnswer;
  const char* id = answer_get(found->answer, "id");
  const char* text = answer_get(found->answer, "text");
  if (text == NULL) text = "";
  switch (meaning) {
    case kRun: return report(0, note, id, "");
    case kBeginning: return report(5, note, "", "");
    case kNeed: {
      char need[64];
      snprintf(need, sizeof need, "%sneed=", note);
      return report(4, need, "", answer_get(found->answer, "need"));
    }
    case kWarn: return report(0, note, id, text);
    case kAsk: return report(found->can_ask ? 6 : 1, note, id, text);
    default: return report(1, note, id, text);
  }
}

// ask TEXT KEY=VALUE…, start TEXT KEY=VALUE…
static int run_ask(WORD_LIST* words) {
  const char* text = first(&words);
  if (text == NULL) return kWrongUse;
  bool told = false;
  for (const WORD_LIST* w = words; w != NULL; w = w->next) told |= strcmp(w->word->word, "told=1") == 0;
  struct judgement found;
  if (!recall(text, &found)) {
    struct request* r = start_request("check");
    request_add(r, "cmd", text, strlen(text));
    for (; words != NULL; words = words->next)
      if (!begins(words->word->word, "told=")) request_add_field(r, words->word->word);
    if (r->too_large) return kNoAnswer;  // cmdai-hook hands it to the engine in a file of its own
    found = send_check();
  }
  return report_judgement(&found, told);
}

// send TYPE KEY=VALUE…: one frame, whatever the answer.
static int run_send(WORD_LIST* words) {
  const char* type = first(&words);
  if (type == NULL) return kWrongUse;
  struct request* r = start_request(type);
  for (; words != NULL; words = words->next) request_add_field(r, words->word->word);
  return send_request() == kAnswered ? kDone : kNoAnswer;
}

static int run(WORD_LIST* words) {
  const char* verb = first(&words);
  if (verb != NULL && (strcmp(verb, "ask") == 0 || strcmp(verb, "start") == 0)) return run_ask(words);
  if (verb != NULL && strcmp(verb, "send") == 0) return run_send(words);
  if (verb != NULL && strcmp(verb, "version") == 0) return puts(CMDAI_VERSION) < 0 ? kNoAnswer : kDone;
  fprintf(stderr, "cmdai_native: cmdai's hook for bash calls this; `cmdai init bash` prints it\n");
  return kWrongUse;
}

// The layout of bash's structures is that of 5.1 to 5.3; nothing is known of others. Not by $BASH_VERSION,
// which may be set to anything.
static bool fits(const char* version) {
  return version != NULL && (begins(version, "5.1.") || begins(version, "5.2.") || begins(version, "5.3."));
}

__attribute__((visibility("default"))) int cmdai_native_builtin_load(char* name);
__attribute__((visibility("default"))) void cmdai_native_builtin_unload(char* name);

// Called by bash; 0 refuses.
int cmdai_native_builtin_load(char* name) {
  (void)name;
  if (!fits(shell_version_string())) return 0;
  offer_enter();
  set_at_work(true);
  return 1;
}

// `enable -d`: Enter stays bound to our function, which stays in memory (-z nodelete) and leaves all to the
// script.
void cmdai_native_builtin_unload(char* name) {
  (void)name;
  set_at_work(false);
  forget();
  disconnect();
}

static char* kHelp[] = {"Asks cmdai's daemon. The hook of `cmdai init bash` uses it.", NULL};

__attribute__((visibility("default"))) struct builtin cmdai_native_struct = {
    "cmdai_native",
    run,
    BUILTIN_ENABLED,
    kHelp,
    "cmdai_native ask|start TEXT KEY=VALUE… | send TYPE KEY=VALUE… | version",
    NULL};
