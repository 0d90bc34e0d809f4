#include "daemon/host/hook_record.hpp"

#include <unistd.h>

#include <nlohmann/json.hpp>

#include "daemon/host/files.hpp"
#include "libcore/audit/event.hpp"

namespace cmdai::host {
namespace {

using Json = nlohmann::ordered_json;

constexpr std::pair<const char*, std::string HookRecord::*> kFields[] = {
    {"agent", &HookRecord::agent},   {"level", &HookRecord::level},     {"form", &HookRecord::form},
    {"path", &HookRecord::path},     {"written", &HookRecord::written}, {"before", &HookRecord::before},
    {"backup", &HookRecord::backup}, {"made", &HookRecord::made}};

}  // namespace

std::string hook_record_path(const std::string& state_folder) { return state_folder + "/agent-hooks.json"; }

Result<std::vector<HookRecord>> read_hook_record(const std::string& file) {
  if (missing(file)) return std::vector<HookRecord>{};
  const auto text = read_file(file);
  if (!text) return fail(text.error());
  const Json json = Json::parse(*text, nullptr, false);
  if (!json.is_object() || !json.contains("files") || !json["files"].is_array())
    return fail(file_problem(file, "is not a list of agents' files",
                             "move it away and say `cmdai agents install` again"));
  std::vector<HookRecord> out;
  for (const Json& entry : json["files"]) {
    HookRecord record;
    for (const auto& [name, member] : kFields)
      if (entry.is_object() && entry.contains(name) && entry[name].is_string())
        record.*member = entry[name].get<std::string>();
    if (!record.path.empty()) out.push_back(std::move(record));
  }
  return out;
}

Result<void> write_hook_record(const std::string& file, const std::vector<HookRecord>& records, mode_t mode) {
  if (records.empty()) {
    unlink(file.c_str());
    return {};
  }
  Json files = Json::array();
  for (const HookRecord& record : records) {
    Json entry;
    for (const auto& [name, member] : kFields)
      if (!(record.*member).empty()) entry[name] = record.*member;
    files.push_back(std::move(entry));
  }
  const Json out = {{"version", 1}, {"files", std::move(files)}};
  return write_file(file, out.dump(2, ' ', false, Json::error_handler_t::replace) + '\n', mode);
}

std::string text_hash(std::string_view text) { return audit::hash_line(text); }

}  // namespace cmdai::host
