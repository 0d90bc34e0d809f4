// What is allowed is accepted here. Whatever is to be said, asked or refused, and whatever is not as usual
// (another tool took PS0, history expansion, no daemon), goes the way the script has for it: its macro for
// Enter is played, and finds the verdict that came already (recall).
#include "enter.h"

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "bash_readline.h"
#include "bash_state.h"
#include "check_request.h"
#include "judge.h"

// The steps of the script's Enter (__cmdai_bind): C-x C-_ c1 and so on.
#define STEP \
  "\x18\x1f" \
  "c"
#define ASK STEP "1" STEP "2" STEP "3"

struct key {
  const char* accepts;  // the function of readline this key has without us
  const char* scripted;
};
static const struct key kEnter = {"accept-line", ASK STEP "4"};
static const struct key kEnterAndNext = {"operate-and-get-next", ASK STEP "5"};

static bool at_work;

void set_at_work(bool is) { at_work = is; }

static int accept_by(const struct key* key, int count, int typed) {
  readline_function* function = rl_named_function(key->accepts);
  return function != NULL ? function(count, typed) : rl_newline(count, typed);
}

static int play(const struct key* key) {
  _rl_with_macro_input(strdup(key->scripted));
  return 0;
}

// Not after `unset -f`.
static bool script_is_there(void) {
  static const char* const kParts[] = {"__cmdai_enter",
                                       "__cmdai_check",
                                       "__cmdai_ask",
                                       "__cmdai_accept",
                                       "__cmdai_refuse",
                                       "__cmdai_say",
                                       "__cmdai_hold_interrupts",
                                       "__cmdai_release_interrupts"};
  for (size_t i = 0; i < sizeof kParts / sizeof *kParts; ++i)
    if (!has_function(kParts[i])) return false;
  return true;
}

// The prompt and the tripwire do their part.
static bool armed(void) {
  const char* ps0 = shell_value("PS0");
  return ps0 != NULL && strstr(ps0, "__cmdai_tripwire") != NULL &&
         shell_value_is("PROMPT_COMMAND", "__cmdai_prompt") && has_function("__cmdai_prompt");
}

// The user's `readonly` over a name of ours: the script refuses then.
static bool can_keep_state(void) {
  return may_set("__cmdai_accepted") && may_set("__cmdai_partial") && may_set("__cmdai_state") &&
         may_set("__cmdai_rest");
}

static bool is_blank(const char* text) { return text[strspn(text, " \t\n\v\f\r")] == 0; }

static char* joined(const char* a, const char* b, const char* c) {
  const size_t size = strlen(a) + strlen(b) + strlen(c) + 1;
  char* out = malloc(size);
  if (out != NULL) snprintf(out, size, "%s%s%s", a, b, c);
  return out;
}

// What bash will have been given.
static bool keep(const char* text, const char* end, bool beginning) {
  char* accepted = joined(text, end, "");
  // A paste of several lines: bash runs it line by line, and the tripwire must know each.
  const char* rest = strchr(rl_line_buffer, '\n') != NULL ? rl_line_buffer : "";
  const bool done = accepted != NULL && set_shell_value("__cmdai_accepted", accepted) &&
                    set_shell_value("__cmdai_partial", beginning ? "1" : "0") &&
                    set_shell_value("__cmdai_rest", rest) && set_shell_value("__cmdai_state", "1");
  free(accepted);
  return done;
}

// What the next check says of this line: which it is, and when it began (__cmdai_note_end).
static void note_verdict(const struct judgement* found) {
  char now[24];
  struct timespec time;
  clock_gettime(CLOCK_REALTIME, &time);
  snprintf(now, sizeof now, "%lld", time.tv_sec * 1000000LL + time.tv_nsec / 1000);
  set_shell_value("__cmdai_verdict", answer_get(found->answer, "id"));
  set_shell_value("__cmdai_started", now);
  set_shell_value("__cmdai_ended", "");
}

// The functions are gone: say what is to be said, and leave nothing to run.
static int refuse(const struct judgement* found, const char* line, const char* accepted) {
  const bool verdict = meaning_of(found) != kNothing;
  const char* text = verdict ? answer_get(found->answer, "text") : NULL;
  fflush(rl_outstream);
  rl_crlf();
  fprintf(
      stderr,
      "%scmdai: not run: cmdai's functions are gone from this shell\n  hint: eval \"$(cmdai init bash)\"\n",
      text != NULL ? text : "");
  remember_in_history(line);
  rl_replace_line("", 1);
  rl_point = 0;
  rl_on_new_line();
  // What bash has of a command in several lines goes with it.
  if (accepted[0] != 0) kill(getpid(), SIGINT);
  return 0;
}

static int judge_and_act(const struct key* key, const struct line* line, const char* accepted, bool scripted,
                         int count, int typed) {
  struct judgement found = {.outcome = kAnswered, .answer = NULL, .can_ask = false};
  if (is_blank(line->text)) return keep(accepted, "", false) ? accept_by(key, count, typed) : play(key);
  found = judge_line(line);
  if (interrupt_waits()) return 0;
  const enum meaning meaning = meaning_of(&found);
  if (meaning == kRun || meaning == kBeginning) {
    if (!keep(line->text, "\n", meaning == kBeginning)) return play(key);
    if (shell_value_is("__cmdai_told", "1")) set_shell_value("__cmdai_told", "0");
    if (meaning == kRun) note_verdict(&found);
    return accept_by(key, count, typed);
  }
  return scripted ? play(key) : refuse(&found, rl_line_buffer, accepted);
}

// A signal that came while the daemon was waited for. Readline would look only when the next key is there.
// bash sets the hook in its handler; it leaves readline, and does not come back to us.
static void handle_interrupt(void) {
  if (!interrupt_waits()) return;
  rl_check_signals();
  if (rl_signal_event_hook != NULL) rl_signal_event_hook();
}

static int press(const struct key* key, int count, int typed) {
  forget();
  const bool scripted = script_is_there();
  if (scripted && (!at_work || !armed() || !can_keep_state())) return play(key);
  const bool running = shell_value_is("__cmdai_state", "2");
  if (running && scripted) return accept_by(key, count, typed);  // read -e: data for a command that runs
  const char* before = running ? NULL : shell_value("__cmdai_accepted");
  if (before == NULL) before = "";
  // The script switched the expansion of history off, for the line before this one.
  if (scripted && shell_value_is("__cmdai_literal", "+H")) return play(key);
  if (scripted && history_changes(rl_line_buffer, before[0] != 0)) return play(key);

  char* accepted = joined(before, "", "");  // a copy: keep() changes the variable
  char* expanded = with_aliases(rl_line_buffer);
  char* text = joined(before, expanded, "");
  char* raw = joined(before, rl_line_buffer, "");
  const struct line line = {text, raw};
  const int status = judge_and_act(key, &line, accepted, scripted, count, typed);
  free(accepted);
  free(expanded);
  free(text);
  free(raw);
  return status;
}

static int enter(int count, int typed) {
  const int status = press(&kEnter, count, typed);
  handle_interrupt();
  return status;
}

static int enter_and_next(int count, int typed) {
  const int status = press(&kEnterAndNext, count, typed);
  handle_interrupt();
  return status;
}

void offer_enter(void) {
  static bool done;  // this file stays in memory after `enable -d`
  if (done) return;
  done = true;
  rl_add_defun("cmdai-accept-line", enter, -1);
  rl_add_defun("cmdai-operate-and-get-next", enter_and_next, -1);
}
