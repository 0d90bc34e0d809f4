#include "daemon/host/trust.hpp"

#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>

#include "daemon/host/files.hpp"
#include "libcore/audit/event.hpp"

namespace cmdai::host {

Result<void> TrustList::load() {
  entries_.clear();
  if (missing(path_)) return {};
  const Result<std::string> text = read_file(path_);
  if (!text) return fail(text.error());
  std::string_view rest = *text;
  while (!rest.empty()) {
    const std::string_view line = rest.substr(0, rest.find('\n'));
    const size_t blank = line.find(' ');
    if (blank != 64 || line.size() < 67 || line[65] != '/')
      return fail(diagnostic_at(*text, path_, static_cast<uint32_t>(line.data() - text->data()),
                                static_cast<uint32_t>(std::max<size_t>(line.size(), 1)),
                                "not a line of `HASH PATH`",
                                "remove the line and run `cmdai policy trust` in the project again"));
    entries_.push_back({std::string(line.substr(0, 64)), std::string(line.substr(65))});
    rest.remove_prefix(std::min(line.size() + 1, rest.size()));
  }
  return {};
}

bool TrustList::trusts(const std::string& project_file, std::string_view text) const {
  const auto it =
      std::find_if(entries_.begin(), entries_.end(), [&](const Entry& e) { return e.path == project_file; });
  return it != entries_.end() && it->hash == audit::hash_line(text);
}

Result<void> TrustList::add(const std::string& project_file, std::string_view text) {
  if (project_file.find('\n') != std::string::npos)
    return fail(file_problem(project_file, "a path with a newline cannot be trusted"));
  std::erase_if(entries_, [&](const Entry& e) { return e.path == project_file; });
  entries_.push_back({audit::hash_line(text), project_file});
  return save();
}

Result<void> TrustList::remove(const std::string& project_file) {
  std::erase_if(entries_, [&](const Entry& e) { return e.path == project_file; });
  return save();
}

Result<void> TrustList::save() const {
  std::string text;
  for (const Entry& e : entries_) text += fmt::format("{} {}\n", e.hash, e.path);
  const size_t slash = path_.rfind('/');
  if (auto made = make_directories(path_.substr(0, slash)); !made) return made;
  return write_file(path_, text);
}

std::string find_project_file(const std::string& directory, const std::string& home) {
  if (directory.empty() || directory.front() != '/') return {};
  std::string at = directory;
  while (true) {
    std::string candidate = (at == "/" ? "" : at) + "/.cmdai.toml";
    struct stat info {};
    if (stat(candidate.c_str(), &info) == 0 && S_ISREG(info.st_mode) &&
        (info.st_uid == getuid() || info.st_uid == 0))
      return candidate;
    if (at == "/" || at == home) return {};
    const size_t slash = at.rfind('/');
    at = slash == 0 ? "/" : at.substr(0, slash);
  }
}

}  // namespace cmdai::host
