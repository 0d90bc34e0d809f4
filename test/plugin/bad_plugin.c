// A plugin that does wrong what its settings say: {"crash": FUNCTION}, "hang", "fail", "garbage", "exit",
// "slow" (ms in "ms"). In decide and approve only for commands that hold the word `now`.
#define _DEFAULT_SOURCE
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "libcore/plugin/cmdai_plugin.h"

static char settings[8192];
static const cmdai_host* host;

static int says(const char* what, const char* function) {
  char wanted[128];
  snprintf(wanted, sizeof wanted, "\"%s\":\"%s\"", what, function);
  return strstr(settings, wanted) != NULL;
}

static cmdai_bytes text(const char* s) {
  const cmdai_bytes out = {s, strlen(s)};
  return out;
}

// What a function returns, if it does.
static int act(const char* function) {
  if (says("crash", function)) {
    volatile int* const nowhere = NULL;
    *nowhere = 1;
  }
  if (says("exit", function)) exit(7);
  if (says("hang", function))
    for (;;) sleep(1000);
  if (says("slow", function)) usleep(150 * 1000);
  if (!says("fail", function)) return CMDAI_OK;
  host->error(host->context, text("told to fail"));
  return CMDAI_FAILED;
}

static int now(const cmdai_request* request) { return strstr(request->command.data, "now") != NULL; }

static int bad_open(const cmdai_host* from, void** state) {
  host = from;
  snprintf(settings, sizeof settings, "%s", from->settings.data);
  *state = settings;
  return act("open");
}
static void bad_close(void* state) {
  (void)state;
  act("close");
}
static int bad_reload(void* state, cmdai_bytes text_of) {
  (void)state;
  snprintf(settings, sizeof settings, "%s", text_of.data);
  return act("reload");
}
static int bad_health(void* state, cmdai_health* out) {
  (void)state;
  if (says("garbage", "health")) out->state = 17;
  return act("health");
}
static int bad_decide(void* state, const cmdai_request* request, const cmdai_verdict* verdict,
                      cmdai_decision* out) {
  (void)state;
  (void)verdict;
  if (!now(request)) return CMDAI_OK;
  if (says("garbage", "decide")) out->action = 1;
  if (says("garbage", "rule")) {
    out->action = CMDAI_BLOCK;
    out->rule = text("no such Rule!");
  }
  return act("decide");
}
static int bad_policy(void* state, cmdai_policy* out) {
  (void)state;
  static const cmdai_document one = {sizeof one, 99, 0, {"x", 1}, {"", 0}};
  if (says("garbage", "policy")) {
    out->documents = &one;
    out->count = 1;
  }
  return act("policy");
}
static int bad_gate(void* state, cmdai_gate* out) {
  (void)state;
  if (says("garbage", "gate")) out->action = 3;
  return act("gate");
}
static int bad_approve(void* state, const cmdai_request* request, const cmdai_approval* approval,
                       cmdai_decision* out) {
  (void)state;
  (void)approval;
  (void)out;
  return now(request) ? act("approve") : CMDAI_OK;
}
static int bad_record(void* state, uint64_t seq, cmdai_bytes line) {
  (void)state;
  (void)seq;
  return strstr(line.data, "now") != NULL ? act("record") : CMDAI_OK;
}
static void bad_posture(void* state, cmdai_bytes json) {
  (void)state;
  (void)json;
  act("posture");
}

const cmdai_plugin_table cmdai_plugin = {
    .size = sizeof cmdai_plugin,
    .api_major = CMDAI_PLUGIN_API_MAJOR,
    .api_minor = CMDAI_PLUGIN_API_MINOR,
    .name = "bad",
    .version = "0",
    .open = bad_open,
    .close = bad_close,
    .reload = bad_reload,
    .health = bad_health,
    .decide = bad_decide,
    .policy = bad_policy,
    .gate = bad_gate,
    .approve = bad_approve,
    .record = bad_record,
    .posture = bad_posture,
};
