#include "libcore/commands/left_files.hpp"

#include <fmt/format.h>

#include "libcore/commands/network.hpp"

namespace cmdai::commands {
namespace {

using resolve::Memory;

std::string how_it_came(const Memory::File& file, uint64_t line) {
  if (file.host.empty() || file.line >= line) return "downloaded earlier in this session";
  const uint64_t ago = line - file.line;
  return fmt::format("downloaded {} command{} ago from {}", ago, ago == 1 ? "" : "s", file.host);
}

/// The one host that the line's addresses name; "": none, or several.
std::string host_in(const Analysis& line) {
  std::string found;
  for (const CallSummary& call : line.calls)
    for (size_t i = 1; i < call.argv.size(); ++i) {
      const std::string& word = call.argv[i];
      if (word.find("://") == std::string::npos && !is_remote(word)) continue;
      std::string host = host_of(word);
      if (!found.empty() && host != found) return {};
      found = std::move(host);
    }
  return found;
}

bool worth_keeping(const Value& content) {
  const Taint taint = content.taint;
  return has(taint, Taint::remote) || has(taint, Taint::decoded) || has(taint, Taint::secret) ||
         has(taint, Taint::archive);
}

}  // namespace

void recall_files(const resolve::Session& session, KnownPaths& paths) {
  for (const auto& [path, file] : session.files) {
    KnownPaths::Earlier earlier;
    earlier.content = file.known ? Value::exact(file.text) : Value::unknown(resolve::HoleKind::input);
    earlier.content.taint = file.taint;
    if (has(file.taint, Taint::remote)) earlier.how = how_it_came(file, session.line);
    paths.earlier.emplace(path, std::move(earlier));
  }
}

void leave_files(const KnownPaths& paths, const Analysis& line, Memory& memory) {
  const std::string host = paths.written.empty() ? std::string() : host_in(line);
  // What a person let run is theirs now.
  for (const std::string& path : paths.started) memory.files.erase(path);
  for (const auto& [path, content] : paths.written) {
    Memory::File file;
    file.taint = content.taint;
    file.line = memory.line;
    const auto text = content.text();
    file.known = text && text->size() <= Memory::kLongest && !has(content.taint, Taint::secret) &&
                 !resolve::may_hold_secret(*text);
    if (file.known) file.text = *text;
    if (has(content.taint, Taint::remote)) file.host = host;
    if (path.starts_with('/') && (file.known || worth_keeping(content)))
      memory.files[path] = std::move(file);
    else
      memory.files.erase(path);
  }
}

}  // namespace cmdai::commands
