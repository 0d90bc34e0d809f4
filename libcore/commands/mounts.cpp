#include "libcore/commands/mounts.hpp"

#include <algorithm>

namespace cmdai::commands {
namespace {

bool is_host_path(std::string_view path) {
  return !path.empty() && (path[0] == '/' || path[0] == '~' || path[0] == '.');
}

std::string without_end(std::string path) {
  while (path.size() > 1 && path.ends_with('/')) path.pop_back();
  return path;
}

/// --mount: NAME=VALUE pairs between commas.
MountOption from_pairs(std::string_view spec) {
  MountOption out;
  while (!spec.empty()) {
    const size_t comma = std::min(spec.find(','), spec.size());
    const std::string_view pair = spec.substr(0, comma);
    spec.remove_prefix(std::min(comma + 1, spec.size()));
    const std::string_view name = pair.substr(0, pair.find('='));
    const std::string value(pair.substr(std::min(name.size() + 1, pair.size())));
    if (name == "source" || name == "src") out.host = value;
    if (name == "target" || name == "dst" || name == "destination") out.inside = value;
    if ((name == "readonly" || name == "ro") && value != "false") out.writable = false;
  }
  return out;
}

MountOption from_colons(std::string_view spec) {
  MountOption out;
  const size_t first = std::min(spec.find(':'), spec.size());
  out.host = spec.substr(0, first);
  spec.remove_prefix(std::min(first + 1, spec.size()));
  const size_t second = std::min(spec.find(':'), spec.size());
  out.inside = spec.substr(0, second);
  std::string_view options = spec.substr(second);
  while (!options.empty()) {
    options.remove_prefix(1);
    const size_t comma = std::min(options.find(','), options.size());
    if (options.substr(0, comma) == "ro") out.writable = false;
    options.remove_prefix(comma);
  }
  return out;
}

/// The mounts of the innermost container.
const std::vector<resolve::Mount>* mounts_of(const resolve::Invocation& invocation) {
  for (auto w = invocation.wrappers.rbegin(); w != invocation.wrappers.rend(); ++w)
    if (!w->mounts.empty()) return &w->mounts;
  return nullptr;
}

bool is_below(std::string_view path, std::string_view folder) {
  return path.starts_with(folder) &&
         (path.size() == folder.size() || folder == "/" || path[folder.size()] == '/');
}

bool reaches(const resolve::Mount& m, Access access) { return m.writable || access == Access::read; }

/// The same value with `count` bytes less at its beginning, which is literal text.
resolve::Value without_start(const resolve::Value& value, size_t count) {
  resolve::Value out;
  for (const resolve::Piece& p : value.pieces()) {
    if (p.hole) {
      out.append(resolve::Value::unknown(*p.hole, p.text, p.active));
      continue;
    }
    const size_t skipped = std::min(count, p.text.size());
    count -= skipped;
    out.append_literal(std::string_view(p.text).substr(skipped), p.active);
  }
  out.taint = value.taint;
  return out;
}

}  // namespace

std::optional<MountOption> bind_mount(std::string_view spec) {
  const size_t equals = spec.find('='), colon = spec.find(':');
  MountOption m = equals != std::string_view::npos && equals < colon ? from_pairs(spec) : from_colons(spec);
  if (!is_host_path(m.host)) return std::nullopt;
  m.host = without_end(std::move(m.host));
  m.inside = without_end(std::move(m.inside));
  return m;
}

std::optional<resolve::Value> on_host(const resolve::Value& path, const resolve::Invocation& invocation,
                                      Access access) {
  const std::vector<resolve::Mount>* mounts = mounts_of(invocation);
  if (mounts == nullptr) return std::nullopt;
  resolve::Value whole = path;
  if (!path.prefix().starts_with('/')) {
    if (!invocation.cwd.is_exact()) return std::nullopt;
    whole = invocation.cwd;
    whole.append_literal("/", false);
    whole.append(path);
  }
  const std::string start = whole.prefix();
  const resolve::Mount* best = nullptr;
  for (const resolve::Mount& m : *mounts)
    if (reaches(m, access) && is_below(start, m.inside) &&
        (best == nullptr || m.inside.size() > best->inside.size()))
      best = &m;
  if (best != nullptr) {
    resolve::Value out = resolve::Value::exact(best->host == "/" ? "" : best->host);
    out.append(without_start(whole, best->inside == "/" ? 0 : best->inside.size()));
    if (out.is_exact() && out.with_holes_empty().empty()) return resolve::Value::exact("/");
    return out;
  }
  std::string folder = start.substr(0, start.find_last_not_of("/*") + 1);
  for (const resolve::Mount& m : *mounts)
    if (reaches(m, access) && whole.is_exact() && m.inside.size() > folder.size() &&
        is_below(m.inside, folder.empty() ? "/" : folder))
      return resolve::Value::exact(m.host);
  return std::nullopt;
}

}  // namespace cmdai::commands
