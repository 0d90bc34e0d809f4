// A table of another major: it must not be called.
#include <stdlib.h>

#include "libcore/plugin/cmdai_plugin.h"

static int never(const cmdai_host* host, void** state) {
  (void)host;
  (void)state;
  abort();
}

const cmdai_plugin_table cmdai_plugin = {.size = sizeof cmdai_plugin,
                                         .api_major = CMDAI_PLUGIN_API_MAJOR + 1,
                                         .name = "other",
                                         .version = "1",
                                         .open = never};
