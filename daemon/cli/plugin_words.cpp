#include "daemon/cli/plugin_words.hpp"

#include <fmt/format.h>

#include <nlohmann/json.hpp>

#include "libcore/base/text.hpp"
#include "libcore/explain/explain.hpp"

namespace cmdai::cli {
namespace {

using Json = nlohmann::ordered_json;

constexpr std::pair<const char*, std::string PluginSeen::*> kTexts[] = {
    {"name", &PluginSeen::name},         {"path", &PluginSeen::path}, {"state", &PluginSeen::state},
    {"version", &PluginSeen::version},   {"api", &PluginSeen::api},   {"on_failure", &PluginSeen::on_failure},
    {"restarts", &PluginSeen::restarts}, {"pid", &PluginSeen::pid},   {"recorded", &PluginSeen::recorded},
    {"error", &PluginSeen::error},       {"gate", &PluginSeen::gate}};

}  // namespace

std::vector<PluginSeen> plugins_of(const ipc::Frame& status) {
  std::vector<PluginSeen> out;
  for (size_t number = 1;; ++number) {
    const std::string key = fmt::format("plugin.{}.", number);
    if (status.find(key + "name") == nullptr) return out;
    PluginSeen& p = out.emplace_back();
    for (const auto& [name, member] : kTexts) p.*member = status.get(key + name);
    p.health = words_in(status.get(key + "health"), "\n");
  }
}

Json plugins_json(const ipc::Frame& status) {
  Json out = Json::array();
  for (const PluginSeen& p : plugins_of(status)) {
    Json one;
    for (const auto& [name, member] : kTexts) one[name] = p.*member;
    one["health"] = p.health;
    out.push_back(std::move(one));
  }
  return out;
}

std::vector<std::string> managed_files(const ipc::Frame& status) {
  std::vector<std::string> out;
  for (const auto& [key, value] : status.fields)
    if (key == "managed") out.push_back(value);
  return out;
}

std::string assurance_line(const ipc::Frame& status) {
  return fmt::format(
      "{}: whoever runs programs as this user can end the daemon or go around it; that is noticed, not "
      "prevented",
      status.get("assurance", "L1"));
}

std::string plugin_lines(const ipc::Frame& status) {
  std::string out;
  if (const std::string* broken = status.find("managed_error"))
    out += fmt::format("  managed   BROKEN, what was read last stays in force:\n{}\n", *broken);
  const std::vector<std::string> files = managed_files(status);
  if (files.empty()) return out;
  out += fmt::format(
      "  managed   {}{}\n", explain::printable(fmt::format("{}", fmt::join(files, ", "))),
      status.find("managed_own") == nullptr ? "" : "  (your own file, level L1: you can change it)");
  out += fmt::format("  level     {}\n", assurance_line(status));
  for (const PluginSeen& p : plugins_of(status)) {
    out += explain::printable(fmt::format("  plugin    {}: {}, {} ({}), {} restart{}", p.name, p.state,
                                          p.version.empty() ? "never opened" : p.version, p.path, p.restarts,
                                          p.restarts == "1" ? "" : "s")) +
           '\n';
    if (!p.gate.empty()) out += fmt::format("    every command: {}\n", explain::printable(p.gate));
    if (!p.error.empty()) out += fmt::format("    {}\n", explain::printable(p.error));
    for (const std::string& line : p.health) out += fmt::format("    {}\n", explain::printable(line));
  }
  return out;
}

}  // namespace cmdai::cli
