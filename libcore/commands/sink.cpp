#include "libcore/commands/sink.hpp"

#include <algorithm>

#include "libcore/commands/credential_tools.hpp"
#include "libcore/commands/mounts.hpp"
#include "libcore/commands/script_files.hpp"
#include "libcore/repository/work_tree.hpp"

namespace cmdai::commands {
namespace {

/// In a container, a chroot or on another machine.
bool is_elsewhere(const Invocation& call) {
  return std::any_of(call.wrappers.begin(), call.wrappers.end(), [](const auto& w) { return w.elsewhere; });
}

/// Whether the disk of this machine says nothing of what a call does.
bool has_another_disk(const Invocation& call) {
  return std::any_of(call.wrappers.begin(), call.wrappers.end(),
                     [](const auto& w) { return w.elsewhere || w.other_disk; });
}

/// `$(cat x.sh)`, `cat x.sh | sh`: what stands in a file bears its name. Else nothing.
Value file_behind(const Value& code) {
  if (!has(code.taint, Taint::file)) return {};
  for (const resolve::Piece& p : code.pieces())
    if (p.hole) return *p.hole == resolve::HoleKind::input ? Value::exact(p.text) : Value();
  return {};
}

/// What is written behind a condition may not be: what was there before stays possible where it matters.
void keep_either(const Value& before, Value& content) {
  const bool matters = has(before.taint, Taint::secret) || has(before.taint, Taint::remote) ||
                       has(before.taint, Taint::decoded) || has(before.taint, Taint::archive);
  if (!matters) return;
  Value other = Value::unknown(resolve::HoleKind::input);
  other.taint = before.taint;
  if (!content.pieces().empty()) content.append_literal("\n", false);
  content.append(other);
}

constexpr size_t kMostFifos = 32;

}  // namespace

Effect& Sink::add(Kind kind, std::string_view tag, resolve::Place place) {
  spend(sizeof(Effect));  // what it costs to match and explain it comes on top; the caller goes on, or stops
  Effect e;
  e.kind = kind;
  e.tag = tag;
  e.program = invocation_.program;
  e.place = place;
  for (const resolve::Wrapper& w : invocation_.wrappers) {
    e.via.push_back(w.program);
    e.privileged |= w.gains_privilege;
    e.target.elsewhere |= w.elsewhere;
  }
  effects_.push_back(std::move(e));
  return effects_.back();
}

effects::Target Sink::classify(const Value& path) const {
  const auto& pieces = path.pieces();
  const auto& here = invocation_.cwd.pieces();
  const bool plain = pieces.size() == 1 && !pieces[0].hole && here.size() == 1 && !here[0].hole;
  if (!plain || has_another_disk(invocation_)) return classify_anew(path);
  for (const KnownPaths::Classified& known : paths_.classified)
    if (known.path == pieces[0].text && known.active == pieces[0].active && known.cwd == here[0].text)
      return known.target;
  KnownPaths::Classified& entry = paths_.classified[paths_.next++ % paths_.classified.size()];
  entry = {pieces[0].text, here[0].text, pieces[0].active, classify_anew(path)};
  return entry.target;
}

effects::Target Sink::classify_anew(const Value& path) const {
  if (const auto ours = on_host(path, invocation_)) {
    effects::Surroundings here;
    here.cwd = evaluator_.session().cwd;
    here.home = evaluator_.session().home;
    here.user = evaluator_.session().user;
    here.probe = evaluator_.probe();
    return effects::classify(*ours, here);
  }
  effects::Surroundings around;
  around.cwd = invocation_.cwd.text().value_or("");
  around.home = evaluator_.session().home;
  around.user = evaluator_.session().user;
  const bool elsewhere = is_elsewhere(invocation_);
  around.probe = probe();
  effects::Target target;
  const std::string prefix = path.prefix();
  if (!invocation_.cwd.is_exact() && !prefix.starts_with('/') && !(prefix.empty() && !path.is_exact())) {
    // `cd "$dir" && rm -rf *`: the place is as unknown as the directory.
    Value whole = invocation_.cwd;
    whole.append_literal("/", false);
    whole.append(path);
    if (!(whole.prefix().empty() && whole.with_holes_empty() == "/" + path.with_holes_empty() &&
          around.cwd.empty() && evaluator_.session().cwd.empty()))
      target = effects::classify(whole, around);
    else
      target = effects::classify(path, around);
  } else {
    target = effects::classify(path, around);
  }
  target.elsewhere = elsewhere;
  return target;
}

Probe* Sink::probe() const { return has_another_disk(invocation_) ? nullptr : evaluator_.probe(); }

Probe* Sink::disk() const { return paths_.stale ? nullptr : probe(); }

repository::WorkTree* Sink::tree_at(const std::string& path) const {
  Probe* probe = disk();
  if (probe == nullptr) return nullptr;
  const auto [it, fresh] = paths_.trees.try_emplace(path);
  if (auto found = fresh ? repository::WorkTree::at(*probe, path, home()) : std::nullopt)
    it->second = std::make_shared<repository::WorkTree>(std::move(*found));
  return it->second.get();
}

repository::WorkTree* Sink::tree_around(const std::string& path) const {
  Probe* probe = disk();
  const auto top = probe != nullptr ? repository::WorkTree::top_around(*probe, path) : std::nullopt;
  return top ? tree_at(*top) : nullptr;
}

const std::string* Sink::chosen(std::string_view what) const {
  const auto it = paths_.chosen.find(what);
  return it == paths_.chosen.end() ? nullptr : &it->second;
}

Effect& Sink::on_path(Kind kind, std::string_view tag, const Argument& path) {
  Effect& e = add(kind, tag, path.place);
  e.target = classify(path.value);
  return e;
}

Effect& Sink::on(Kind kind, std::string_view tag, const Argument& what) {
  Effect& e = add(kind, tag, what.place);
  e.target.text = what.value.display();
  e.target.exact = what.value.is_exact();
  return e;
}

resolve::RunAs Sink::as(std::string_view program) const {
  resolve::RunAs how;
  how.wrapper.program = program;
  return how;
}

Value bounded(Value value) {
  constexpr size_t kMost = 64 * 1024;
  size_t size = 0;
  for (const resolve::Piece& p : value.pieces()) size += p.text.size() + 1;
  if (size <= kMost) return value;
  Value unknown = Value::unknown(resolve::HoleKind::output);
  unknown.taint = value.taint;
  return unknown;
}

Value Sink::collect(Value output) {
  constexpr size_t kMost = 64 * 1024;  // bytes
  ran_ = true;
  output_size_ += output.size() + 1;
  if (!copies(output)) return output;
  output_.append(output);
  if (output_size_ > kMost) {
    Value unknown = Value::unknown(resolve::HoleKind::output);
    unknown.taint = output_.taint;
    output_ = std::move(unknown);
    output_size_ = 0;
  }
  return output;
}

void Sink::note_fifo(const Value& path) {
  const effects::Target target = classify(path);
  if (target.exact && paths_.fifos.size() < kMostFifos) paths_.fifos[target.text] = target.text;
}

void Sink::note_fifo(const Value& to, const std::string& fifo) {
  const effects::Target target = classify(to);
  if (target.exact && paths_.fifos.size() < kMostFifos) paths_.fifos[target.text] = std::string(fifo);
}

const std::string* Sink::fifo(const Value& path) const {
  if (paths_.fifos.empty()) return nullptr;
  const auto it = paths_.fifos.find(classify(path).text);
  return it == paths_.fifos.end() ? nullptr : &it->second;
}

void Sink::note_file(const Value& path, Value content, bool append) {
  const effects::Target target = classify(path);
  if (!target.exact || target.text.empty() || paths_.written.size() > 256 || !copies(content)) return;
  if (const std::string* fifo = this->fifo(path)) {
    Value& poured = paths_.poured[*fifo];
    poured.append(content);
    poured = bounded(std::move(poured));
  }
  if (!append) {
    Value& file = paths_.written[target.text];
    if (invocation_.conditional) keep_either(file, content);
    file = bounded(std::move(content));
    return;
  }
  const KnownPaths::Earlier* before = earlier(target.text);
  const auto [it, fresh] = paths_.written.try_emplace(
      target.text, before != nullptr ? before->content : Value::unknown(resolve::HoleKind::input));
  static_cast<void>(fresh);
  if (!copies(it->second)) return;
  it->second.append(content);
  it->second = bounded(std::move(it->second));
}

const Value* Sink::file_content(const Value& path) const {
  if (paths_.written.empty() && paths_.earlier.empty()) return nullptr;
  const std::string where = classify(path).text;
  if (const auto it = paths_.written.find(where); it != paths_.written.end()) return &it->second;
  const KnownPaths::Earlier* before = earlier(where);
  if (before == nullptr) return nullptr;
  // A script that can be read is judged by what it holds now. A key stays one, whatever it is called.
  const bool secret = has(before->content.taint, Taint::secret);
  Probe* probe = evaluator_.probe();
  return probe != nullptr && !secret && is_text_file(*probe, origin(where)) ? nullptr : &before->content;
}

const KnownPaths::Earlier* Sink::earlier(const std::string& path) const {
  if (paths_.origins.contains(path)) return nullptr;  // this line puts another one there
  const auto it = paths_.earlier.find(path);
  return it == paths_.earlier.end() ? nullptr : &it->second;
}

void Sink::note_origin(const std::string& to, const std::string& from) {
  if (paths_.origins.size() < 64) paths_.origins[to] = origin(from);
}

std::string Sink::origin(const std::string& path) const {
  const auto it = paths_.origins.find(path);
  return it == paths_.origins.end() ? path : it->second;
}

void Sink::note_made(const Value& folder) {
  const effects::Target target = classify(folder);
  const std::string& path = target.text;
  if (!target.exact || has_another_disk(invocation_) || path.empty() || paths_.made.size() > 64) return;
  Probe* disk = probe();
  if (disk != nullptr && disk->lstat(path)) return;
  const bool absent = disk != nullptr && disk->is_absent(path);
  // A folder of the system, of a home, one above the one we work in: they are there, and mkdir fails.
  const bool usual = target.path_class != PathClass::project && target.path_class != PathClass::other &&
                     target.path_class != PathClass::build && target.path_class != PathClass::temp;
  if (!absent && (usual || path.rfind('/') == 0)) return;
  paths_.made.emplace(path, absent);
}

void Sink::note_filled(const Value& place) {
  if (paths_.made.empty()) return;
  const effects::Target target = classify(place);
  if (!target.exact) return paths_.made.clear();
  for (std::string_view path = target.text; !path.empty();) {
    if (const auto it = paths_.made.find(path); it != paths_.made.end()) paths_.made.erase(it);
    const size_t slash = path.rfind('/');
    path = path.substr(0, slash == std::string_view::npos ? 0 : slash);
  }
}

bool Sink::is_made(const effects::Target& target) const {
  if (paths_.made.empty() || !target.exact || has_another_disk(invocation_)) return false;
  for (std::string_view path = target.text; !path.empty();) {
    // `mkdir x || rm -rf x`: where making it failed, another one is there.
    if (const auto it = paths_.made.find(path); it != paths_.made.end())
      return it->second || !invocation_.after_failure;
    const size_t slash = path.rfind('/');
    path = path.substr(0, slash == std::string_view::npos ? 0 : slash);
  }
  return false;
}

bool Sink::is_secret(const Value& path) const {
  if (classify(path).path_class == PathClass::secret) return true;
  const Value* content = file_content(path);
  return content != nullptr && has(content->taint, Taint::secret);
}

Value Sink::run(std::vector<Argument> argv, resolve::RunAs how) {
  return collect(evaluator_.run_argv(std::move(argv), invocation_, how));
}

Value Sink::run_code(const Argument& code, const Dialect& dialect, resolve::RunAs how,
                     std::vector<Value> positional, std::string name) {
  return collect(evaluator_.run_code(code.value, dialect, invocation_, how, code.place, std::move(name),
                                     std::move(positional)));
}

Value Sink::run_script(std::string text, const Dialect& dialect, resolve::RunAs how, resolve::Place place,
                       std::string path, std::vector<Value> words) {
  return collect(evaluator_.run_script(std::move(text), dialect, invocation_, how, place, std::move(path),
                                       std::move(words)));
}

Effect& Sink::run_file(const Argument& file, bool is_read) {
  judge_credential_tool(file.value.with_holes_empty(), file.place, *this);
  const std::string path = classify(file.value).text;
  const auto written = paths_.written.find(path);
  if (written != paths_.written.end()) {
    if (has(written->second.taint, Taint::remote)) return on(Kind::runs_remote_code, "exec.downloaded", file);
  } else if (const KnownPaths::Earlier* before = earlier(path);
             before != nullptr && !is_read && has(before->content.taint, Taint::remote)) {
    paths_.started.push_back(path);
    Effect& e = on(Kind::runs_remote_code, "exec.downloaded-before", file);
    e.detail = before->how;
    return e;
  }
  return on(Kind::runs_code, "exec.file", file);
}

void Sink::run_unknown(const Value& code, resolve::Place place) {
  if (has(code.taint, Taint::remote)) {
    add(Kind::runs_remote_code, "exec.remote", place);
  } else if (has(code.taint, Taint::decoded)) {
    add(Kind::runs_remote_code, "exec.decoded", place);
  } else if (has(code.taint, Taint::file)) {
    add(Kind::runs_code, "exec.file", place);
  } else if (!evaluator_.in_script()) {  // a script that evaluates what it works out is an ordinary one
    Effect& e = add(Kind::opaque, "exec.unknown", place);
    e.certainty = effects::Certainty::possible;
  }
}

Value Sink::run_shell(const Value& code, const Dialect& dialect, resolve::RunAs how, resolve::Place place,
                      std::vector<Value> positional) {
  const bool tainted = has(code.taint, Taint::remote) || has(code.taint, Taint::decoded);
  const bool known =
      code.is_exact() || code.with_holes_empty().find_first_not_of(" \t\n") != std::string::npos;
  if (!known && !tainted)
    if (auto script = read_text(*this, file_behind(code)))
      return run_script(std::move(script->text), dialect, std::move(how), place, file_behind(code).display(),
                        std::move(positional));
  if (!known || (tainted && !code.is_exact())) run_unknown(code, place);
  if (!known) return Value::unknown(resolve::HoleKind::output);
  return collect(evaluator_.run_code(code, dialect, invocation_, how, place, {}, std::move(positional)));
}

}  // namespace cmdai::commands
