#include "libcore/commands/mounts.hpp"

#include <algorithm>

namespace cmdai::commands {
namespace {

/// Stands for the container's own files.
constexpr std::string_view kContainer = "/tmp/container";

bool is_host_path(std::string_view path) {
  return !path.empty() && (path[0] == '/' || path[0] == '~' || path[0] == '.');
}

std::string without_end(std::string path) {
  while (path.size() > 1 && path.ends_with('/')) path.pop_back();
  return path;
}

/// --mount: NAME=VALUE pairs between commas.
Mount from_pairs(std::string_view spec) {
  Mount out;
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

Mount from_colons(std::string_view spec) {
  Mount out;
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

struct Mapped {
  std::string path;
  bool on_host = false;
};

/// A path of the container as this machine calls it; the innermost mount counts.
Mapped mapped(const std::string& path, const std::vector<Mount>& mounts) {
  const Mount* best = nullptr;
  for (const Mount& m : mounts) {
    const bool below = path.starts_with(m.inside) &&
                       (path.size() == m.inside.size() || m.inside == "/" || path[m.inside.size()] == '/');
    if (below && (best == nullptr || m.inside.size() > best->inside.size())) best = &m;
  }
  if (best == nullptr) return {std::string(kContainer) + path};
  std::string rest = path.substr(best->inside == "/" ? 0 : best->inside.size());
  return {(best->host == "/" && !rest.empty() ? "" : best->host) + rest, true};
}

/// Every absolute path in a word or in code, where one may begin: after a blank, a quote, an operator or `=`.
std::string on_host(const std::string& text, const std::vector<Mount>& mounts, bool& touched) {
  static constexpr std::string_view kBefore = " \t\n'\"=;&|(<>`";
  static constexpr std::string_view kAfter = " \t\n'\"=;&|)<>`";
  std::string out;
  for (size_t i = 0; i < text.size();) {
    const bool begins = text[i] == '/' && (i == 0 || kBefore.find(text[i - 1]) != std::string_view::npos);
    if (!begins) {
      out += text[i++];
      continue;
    }
    const size_t end = std::min(text.find_first_of(kAfter, i), text.size());
    const Mapped path = mapped(text.substr(i, end - i), mounts);
    touched |= path.on_host;
    out += path.path;
    i = end;
  }
  return out;
}

/// Piece by piece, so that globs stay globs and unknown parts stay unknown.
Value on_host(const Value& word, const std::vector<Mount>& mounts, bool& touched) {
  Value out;
  for (const resolve::Piece& p : word.pieces()) {
    if (p.hole)
      out.append(Value::unknown(*p.hole, p.text, p.active));
    else
      out.append_literal(on_host(p.text, mounts, touched), p.active);
  }
  out.taint = word.taint;
  return out;
}

/// sh -c CODE: the index of CODE; 0: no shell, or none of its lines.
size_t code_of(const std::vector<Argument>& argv) {
  const std::string first = argv.front().value.with_holes_empty();
  if (!dialect_from_name(first.substr(first.rfind('/') + 1))) return 0;
  for (size_t i = 1; i + 1 < argv.size(); ++i) {
    const std::string word = argv[i].value.with_holes_empty();
    if (!word.starts_with('-')) return 0;
    if (word.size() > 1 && word[1] != '-' && word.ends_with('c')) return i + 1;
  }
  return 0;
}

/// Whether every word says by itself where it is, so that no working directory is needed.
bool are_absolute(const std::vector<Argument>& argv) {
  return std::all_of(argv.begin() + 1, argv.end(), [](const Argument& word) {
    const std::string text = word.value.prefix();
    return text.starts_with('/') || text.starts_with('-');
  });
}

}  // namespace

std::optional<Mount> bind_mount(std::string_view spec) {
  const size_t equals = spec.find('='), colon = spec.find(':');
  Mount m = equals != std::string_view::npos && equals < colon ? from_pairs(spec) : from_colons(spec);
  if (!is_host_path(m.host)) return std::nullopt;
  m.host = without_end(std::move(m.host));
  m.inside = without_end(std::move(m.inside));
  return m;
}

void run_on_mounts(Sink& sink, std::vector<Argument> argv, const std::vector<Mount>& mounts,
                   const std::string& workdir, std::string_view program) {
  std::vector<Mount> known;
  for (const Mount& m : mounts) {
    if (!m.writable || !m.inside.starts_with('/')) continue;
    known.push_back(m);
    known.back().host = sink.classify(Value::exact(m.host)).text;
  }
  if (known.empty() || argv.empty()) return;
  const Mapped place = mapped(workdir.starts_with('/') ? without_end(workdir) : "/", known);
  bool touched = place.on_host;
  for (Argument& word : argv) word.value = on_host(word.value, known, touched);
  if (!touched) return;
  resolve::RunAs how = sink.as(program);
  // Without a place of its own the command keeps ours: what is ours to delete depends on where we work.
  how.sets_cwd = place.on_host || !are_absolute(argv);
  if (how.sets_cwd) how.cwd = Value::exact(place.path);
  how.child_shell = true;
  if (const size_t code = code_of(argv); code != 0) {
    const std::string shell = argv.front().value.with_holes_empty();
    sink.run_code(argv[code], *dialect_from_name(shell.substr(shell.rfind('/') + 1)), how);
    return;
  }
  sink.run(std::move(argv), how);
}

}  // namespace cmdai::commands
