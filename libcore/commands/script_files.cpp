#include "libcore/commands/script_files.hpp"

#include <algorithm>

#include "libcore/base/text.hpp"

namespace cmdai::commands {
namespace {

constexpr size_t kLargest = 256 * 1024;  // bytes; what is longer is no script somebody wrote

/// A NUL in the first line: what bash refuses to read as a script. Behind it, it leaves NULs out.
bool is_binary(std::string_view text) {
  constexpr size_t kSample = 80;
  return text.substr(0, std::min(kSample, text.find('\n'))).find('\0') != std::string_view::npos;
}

/// Name and words of a call as a child sees them.
std::vector<Value> words_of(const std::vector<Argument>& argv) {
  std::vector<Value> out;
  for (const Argument& word : argv) out.push_back(word.value);
  return out;
}

}  // namespace

bool is_text_file(Probe& probe, const std::string& path) {
  const auto text = probe.read_file(path, kLargest);
  return text && !is_binary(*text);
}

std::optional<std::string> disk_path(const Sink& sink, const Value& path) {
  const Invocation& call = sink.invocation();
  const bool elsewhere =
      std::any_of(call.wrappers.begin(), call.wrappers.end(), [](const auto& w) { return w.elsewhere; });
  const auto text = path.text();
  if (elsewhere || !text || text->empty() || path.has_glob()) return std::nullopt;
  const auto here = call.cwd.text();
  if (text->front() != '/' && (!here || !here->starts_with('/'))) return std::nullopt;
  return effects::normalize(*text, here.value_or("/"));
}

std::optional<FileText> read_text(Sink& sink, const Value& path) {
  Probe* probe = sink.evaluator().probe();
  if (probe == nullptr) return std::nullopt;
  const auto where = disk_path(sink, path);
  if (!where || effects::is_system(sink.classify(path).path_class)) return std::nullopt;
  const std::string origin = sink.origin(*where);
  auto text = probe->read_file(origin, kLargest);
  if (!text || is_binary(*text) || !sink.spend(text->size())) return std::nullopt;
  std::erase(*text, '\0');
  return FileText{origin, std::move(*text)};
}

std::vector<std::string> interpreter_of(std::string_view text) {
  if (!text.starts_with("#!")) return {};
  std::vector<std::string> words = words_in(text.substr(2, text.find('\n') - 2));
  if (words.empty()) return {};
  words.front().erase(0, words.front().rfind('/') + 1);
  if (words.front() != "env") return words;
  words.erase(words.begin());
  while (!words.empty() && (words.front().starts_with('-') || words.front().find('=') != std::string::npos))
    words.erase(words.begin());
  return words;
}

bool run_script_file(Sink& sink, const Argument& file, const Dialect& dialect, bool child,
                     std::vector<Value> words) {
  std::optional<FileText> script = read_text(sink, file.value);
  if (!script) return false;
  resolve::RunAs how = sink.as(sink.invocation().program);
  how.child_shell = child;
  sink.run_script(std::move(script->text), dialect, how, file.place, file.value.display(), std::move(words));
  return true;
}

bool run_program_file(Sink& sink, const std::vector<Argument>& argv) {
  const Argument& file = argv.front();
  const std::optional<FileText> script = read_text(sink, file.value);
  if (!script) return false;
  const std::vector<std::string> interpreter = interpreter_of(script->text);
  // A text without that line is run by the shell that was asked to (execvp(3), bash(1) COMMAND EXECUTION).
  const std::string program = interpreter.empty() ? "sh" : interpreter.front();
  if (const auto dialect = dialect_from_name(program))
    return run_script_file(sink, file, *dialect, true, words_of(argv));
  std::vector<Argument> call{{Value::exact(program), file.place, nullptr}};
  for (size_t i = 1; i < interpreter.size(); ++i)
    call.push_back({Value::exact(interpreter[i]), file.place, nullptr});
  call.insert(call.end(), argv.begin(), argv.end());
  sink.run(std::move(call), {});
  return true;
}

void run_line_of_file(Sink& sink, std::string code, uint32_t source, Range range, resolve::RunAs how) {
  how.child_shell = true;
  sink.run_code({Value::exact(std::move(code)), {source, range}, nullptr}, *dialect_from_name("sh"), how);
}

}  // namespace cmdai::commands
