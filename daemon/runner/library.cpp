#include "daemon/runner/library.hpp"

#include <dlfcn.h>
#include <fmt/format.h>

#include <algorithm>
#include <cstring>

namespace cmdai::runner {
namespace {

Diagnostic problem(std::string message, std::string hint = {}) {
  Diagnostic d;
  d.message = std::move(message);
  d.hint = std::move(hint);
  return d;
}

/// Where the functions begin: what a table must have for its majors to be compared.
constexpr size_t kHead = offsetof(cmdai_plugin_table, name);
constexpr size_t kShortest = offsetof(cmdai_plugin_table, open) + sizeof(cmdai_plugin_table::open);

}  // namespace

Result<cmdai_plugin_table> negotiate(const cmdai_plugin_table& theirs) {
  if (theirs.size < kHead) return fail(problem("its table has no size that could be right"));
  if (theirs.api_major != CMDAI_PLUGIN_API_MAJOR)
    return fail(problem(fmt::format("it was built for major {} of the plugin interface, this cmdai has {}",
                                    theirs.api_major, CMDAI_PLUGIN_API_MAJOR),
                        "install a plugin of this cmdai's major"));
  if (theirs.size < kShortest) return fail(problem("its table ends before `open`"));
  cmdai_plugin_table out{};
  std::memcpy(&out, &theirs, std::min(theirs.size, sizeof out));
  out.size = std::min(theirs.size, sizeof out);
  if (out.open == nullptr) return fail(problem("it has no `open`"));
  return out;
}

Result<cmdai_plugin_table> load(const std::string& path) {
  void* library = dlopen(path.c_str(), RTLD_NOW | RTLD_LOCAL);
  if (library == nullptr) {
    const char* why = dlerror();
    return fail(problem(fmt::format("cannot be loaded: {}", why == nullptr ? "unknown reason" : why)));
  }
  const void* symbol = dlsym(library, "cmdai_plugin");
  if (symbol == nullptr)
    return fail(problem("exports no `cmdai_plugin`", "is it a plugin of cmdai? docs/plugins.md"));
  return negotiate(*static_cast<const cmdai_plugin_table*>(symbol));
}

std::vector<std::string_view> functions_of(const cmdai_plugin_table& t) {
  std::vector<std::string_view> out;
  const auto add = [&out](bool there, std::string_view name) {
    if (there) out.push_back(name);
  };
  add(t.close != nullptr, "close");
  add(t.reload != nullptr, "reload");
  add(t.health != nullptr, "health");
  add(t.decide != nullptr, "decide");
  add(t.policy != nullptr, "policy");
  add(t.policy_result != nullptr, "policy_result");
  add(t.gate != nullptr, "gate");
  add(t.approve != nullptr, "approve");
  add(t.record != nullptr, "record");
  add(t.recorded != nullptr, "recorded");
  add(t.posture != nullptr, "posture");
  return out;
}

}  // namespace cmdai::runner
