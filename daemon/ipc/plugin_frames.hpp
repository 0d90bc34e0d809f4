#pragma once
// What cmdaid and cmdaid-plugin say to each other on their socket pair: frames as in frame.hpp, larger ones.
// Both are of one build and start together, so this may change with any of them; the stable boundary is
// libcore/plugin/cmdai_plugin.h.
//
//   cmdaid -> cmdaid-plugin
//     open      the texts of cmdai_host under their names        -> opened, or failed
//     reload    settings                                         -> reloaded: error (empty: taken)
//     decide    number; request.* and verdict.*                  -> decision: number, action, rule, reason,
//     hint, error approve   number; request.* and approval.*                 -> decision record    seq, line
//     -> recorded, some lines later policy-result  ok, text posture   json health -> health close it ends; so
//     it does when the socket ends
//   cmdaid-plugin -> cmdaid
//     opened    name, version, api ("1.0"), functions (blank-separated)
//     failed    text: open() did, or the library cannot be used
//     recorded  taken (seq that the plugin has), durable (seq, from recorded()), error (of the line that
//     comes again) policy    N documents: kind.N, name.N, text.N; or error gate      action, rule, reason,
//     hint; or error health    state, lines; or error log       level, text report    text
#include <cstddef>

namespace cmdai::ipc {

constexpr size_t kMaxPluginBody = size_t{16} << 20U;  ///< bytes

}  // namespace cmdai::ipc
