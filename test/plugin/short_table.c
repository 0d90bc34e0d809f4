// A table as an older minor would have it: it ends behind decide(), and what lies behind it in memory is no
// part of it.
#include <string.h>

#include "libcore/plugin/cmdai_plugin.h"

static int short_open(const cmdai_host* host, void** state) {
  (void)host;
  *state = NULL;
  return CMDAI_OK;
}
static int short_decide(void* state, const cmdai_request* request, const cmdai_verdict* verdict,
                        cmdai_decision* out) {
  (void)state;
  (void)verdict;
  static const char kReason[] = "an old plugin says no";
  if (strstr(request->command.data, "old-no") == NULL) return CMDAI_OK;
  out->action = CMDAI_BLOCK;
  out->reason.data = kReason;
  out->reason.size = sizeof kReason - 1;
  return CMDAI_OK;
}
static int trap(void* state, cmdai_policy* out) {
  (void)state;
  (void)out;
  __builtin_trap();
}

const cmdai_plugin_table cmdai_plugin = {
    .size = offsetof(cmdai_plugin_table, policy),
    .api_major = CMDAI_PLUGIN_API_MAJOR,
    .name = "short",
    .version = "1",
    .open = short_open,
    .decide = short_decide,
    .policy = trap,
};
