#include "enterprise/plugin/checked_file.hpp"

#include <fmt/format.h>

#include "enterprise/protocol/hashing.hpp"

namespace cmdai::device {

std::string with_check(std::string_view kind, std::string_view body) {
  std::string text;
  text.reserve(kind.size() + body.size() + 80);  // one buffer only: it has to be wiped
  text.append("cmdai-").append(kind).append("-v1 ").append(wire::hash(body).hex()).append("\n").append(body);
  return text;
}

Result<std::string> without_check(std::string_view kind, std::string text) {
  const size_t end = text.find('\n');
  const std::string begin = fmt::format("cmdai-{}-v1 ", kind);
  if (end == std::string::npos || text.compare(0, begin.size(), begin) != 0)
    return fail(Problem::Kind::damaged, fmt::format("this is no file of the kind `{}`", kind));
  const std::string_view body = std::string_view(text).substr(end + 1);
  if (std::string_view(text).substr(begin.size(), end - begin.size()) != wire::hash(body).hex())
    return fail(Problem::Kind::damaged,
                fmt::format("the file of the kind `{}` was changed or damaged", kind));
  std::string found(body);
  wire::wipe(text);
  return found;
}

Result<std::string> read_checked(Disk& disk, const std::string& name, std::string_view kind) {
  auto text = disk.read(name);
  if (!text) return text;
  auto body = without_check(kind, std::move(*text));
  if (!body) return fail(body.error().kind, fmt::format("{} (`{}`)", body.error().text, name));
  return body;
}

Result<void> write_checked(Disk& disk, const std::string& name, std::string_view kind,
                           std::string_view body) {
  std::string text = with_check(kind, body);
  auto done = disk.replace(name, text);
  wire::wipe(text);
  return done;
}

}  // namespace cmdai::device
