#include "libcore/commands/analyzer.hpp"

#include <algorithm>
#include <cctype>
#include <functional>
#include <optional>
#include <utility>

#include "libcore/base/text.hpp"
#include "libcore/commands/assignments.hpp"
#include "libcore/commands/catalogue.hpp"
#include "libcore/commands/credential_tools.hpp"
#include "libcore/commands/endless_loops.hpp"
#include "libcore/commands/fifos.hpp"
#include "libcore/commands/guard_removal.hpp"
#include "libcore/commands/left_files.hpp"
#include "libcore/commands/losses.hpp"
#include "libcore/commands/option_variables.hpp"
#include "libcore/commands/outbound.hpp"
#include "libcore/commands/packing.hpp"
#include "libcore/commands/running.hpp"
#include "libcore/commands/script_files.hpp"
#include "libcore/commands/secret_flow.hpp"
#include "libcore/commands/secret_words.hpp"
#include "libcore/commands/service_scripts.hpp"
#include "libcore/commands/setting_names.hpp"
#include "libcore/commands/shell_setup.hpp"
#include "libcore/commands/socket_descriptors.hpp"
#include "libcore/commands/task_names.hpp"
#include "libcore/commands/trust.hpp"
#include "libcore/commands/typed_input.hpp"
#include "libcore/commands/writes.hpp"

namespace cmdai::commands {
namespace {

/// Tells a watcher, if there is one, of a call and of its end.
class Watching {
 public:
  Watching(CallWatcher* watcher, const Invocation& call) : watcher_(watcher) {
    if (watcher_ != nullptr) watcher_->enter(call);
  }
  ~Watching() {
    if (watcher_ != nullptr) watcher_->leave();
  }
  Watching(const Watching&) = delete;
  Watching& operator=(const Watching&) = delete;

 private:
  CallWatcher* watcher_;
};

class Analyzer : public resolve::CommandVisitor {
 public:
  Analyzer(Analysis& out, const resolve::Session& session, CallWatcher* watcher)
      : out_(out), watcher_(watcher) {
    recall_files(session, paths_);
  }

  static bool knows(const std::string& program) { return find_command(program) != nullptr; }

  Value on_invocation(const Invocation& invocation, resolve::Evaluator& evaluator) override {
    const std::optional<std::string> typed =
        typed_ ? std::nullopt : typed_behind(invocation, evaluator);  // the first one takes all that follows
    if (!typed) return judge(invocation, evaluator);
    typed_ = true;
    Invocation fed = invocation;
    fed.input.kind = resolve::Input::Kind::text;
    fed.input.data = Value::exact(*typed);
    if (is_editor(fed.program)) judge_edited(fed, evaluator);
    if (const std::vector<std::string> lines = shell_lines(fed.program, *typed); !lines.empty()) {
      Sink sink(fed, evaluator, out_.effects, paths_);
      for (const std::string& line : lines) run_line(sink, Value::exact(line), fed.place);
    }
    return judge(fed, evaluator);
  }

  /// What is typed into an editor goes into its files.
  void judge_edited(const Invocation& editor, resolve::Evaluator& evaluator) {
    Sink sink(editor, evaluator, out_.effects, paths_);
    for (size_t i = 1; i < editor.argv.size(); ++i) {
      const std::string file = editor.argv[i].value.with_holes_empty();
      if (!file.starts_with('-') && !file.starts_with('+')) write_effect(sink, editor.argv[i], Write::edit);
    }
  }

  Value judge(const Invocation& invocation, resolve::Evaluator& evaluator) {
    const Watching watching(watcher_, invocation);
    Sink sink(invocation, evaluator, out_.effects, paths_);
    if (!paths_.fifos.empty()) fifo_readers_.note(invocation, sink);
    Value output = judge_call(invocation, sink);
    look_at_disk(invocation, sink);
    return output;
  }

  void on_bare(const Invocation& invocation, resolve::Evaluator& evaluator) override {
    if (watcher_ != nullptr) watcher_->bare(invocation);
    Sink sink(invocation, evaluator, out_.effects, paths_);
    judge_surroundings(invocation, sink);
    look_at_disk(invocation, sink);
  }

  void on_set(const Invocation& invocation, resolve::Evaluator& evaluator) override {
    on_bare(invocation, evaluator);
  }

  /// What would be done there to files, descriptors and jobs is not.
  void on_unreached(const std::function<void()>& walk, resolve::Evaluator& evaluator) override {
    size_t size = 0;
    for (const auto& [path, content] : paths_.written) size += path.size() + content.size();
    if (!evaluator.spend(1 + size)) return;
    KnownPaths paths = paths_;
    Sockets sockets = sockets_;
    const EndlessLoops loops = loops_;
    walk();
    paths_ = std::move(paths);
    sockets_ = std::move(sockets);
    loops_.only_start_since(loops);
  }

  bool reads_variable(std::string_view program, std::string_view name) override {
    return takes_options_from(program, name);
  }

  void on_defined(std::string_view name, const Invocation& call, resolve::Evaluator& evaluator) override {
    Sink sink(call, evaluator, out_.effects, paths_);
    judge_hook_name(name, call.place, sink);
  }

  Value content_of_file(const Value& path, const Invocation& call, resolve::Evaluator& evaluator) override {
    Sink sink(call, evaluator, out_.effects, paths_);
    const Value* content = sink.file_content(path);
    if (content != nullptr && sink.copies(*content) && !content->is_unknown()) return *content;
    Value unknown = Value::unknown(resolve::HoleKind::input, path.display(), false);
    if (content != nullptr) unknown.taint = content->taint;
    const std::string name = path.prefix();
    if (name.starts_with("/dev/tcp/") || name.starts_with("/dev/udp/"))
      unknown.taint = unknown.taint | Taint::remote;
    unknown.taint = unknown.taint | Taint::file | (sink.is_secret(path) ? Taint::secret : Taint::none);
    return unknown;
  }

  void on_opaque(resolve::Place place, std::string_view why) override {
    Effect e;
    e.kind = Kind::opaque;
    e.tag = why == "too complex to follow" ? "exec.too-complex" : "exec.unknown";
    e.place = place;
    e.detail = why;
    e.certainty = effects::Certainty::possible;
    out_.effects.push_back(std::move(e));
  }

  /// What can only be said of the whole line.
  void finish(resolve::Evaluator& evaluator) {
    judge_loops();
    for (const Invocation& reader : fifo_readers_.fed(paths_)) judge_again(reader, evaluator);
  }

  void judge_loops() {
    const std::optional<resolve::Place> spawner = loops_.spawner();
    if (!spawner) return;
    Effect e;
    e.kind = Kind::stops_service;
    e.tag = "sys.endless-spawn";
    e.place = *spawner;
    e.program = "while";
    out_.effects.push_back(std::move(e));
  }

  /// A call with another input: only what is new is said.
  void judge_again(const Invocation& call, resolve::Evaluator& evaluator) {
    const size_t effects = out_.effects.size(), calls = out_.calls.size();
    judge(call, evaluator);
    const auto begin = out_.effects.begin();
    const auto first = begin + static_cast<std::ptrdiff_t>(effects);
    const auto said = [&](const Effect& e) {
      return std::any_of(begin, first, [&e](const Effect& known) {
        return known.tag == e.tag && known.program == e.program &&
               known.place.range.begin == e.place.range.begin;
      });
    };
    std::vector<Effect> fresh;
    for (auto it = first; it != out_.effects.end(); ++it)
      if (!said(*it)) fresh.push_back(std::move(*it));
    out_.effects.resize(effects);
    for (Effect& e : fresh) out_.effects.push_back(std::move(e));
    weighed_ = out_.effects.size();
    out_.calls.resize(std::min(calls, out_.calls.size()));
  }

  void leave(resolve::Memory& memory) const { leave_files(paths_, out_, memory); }

 private:
  Value judge_call(const Invocation& invocation, Sink& sink) {
    if (!invocation.context.empty()) loops_.note(invocation, sink.evaluator().subshell());
    judge_surroundings(invocation, sink);
    if (std::vector<Argument> argv = as_service_call(invocation); !argv.empty())
      return sink.run(std::move(argv), {});
    if (std::vector<Argument> argv = sockets_.socat_addresses(invocation); !argv.empty())
      return sink.run(std::move(argv), {});
    const CommandSpec* spec = invocation.program.empty() || is_own_file(invocation, sink)
                                  ? nullptr
                                  : find_command(invocation.program);
    summarize(invocation, spec);
    if (invocation.self_recursive) judge_recursion(invocation, sink);
    const size_t first_effect = out_.effects.size();
    if (spec == nullptr && !invocation.program.empty())
      if (const std::string name = plain_name(invocation.program);
          name != invocation.program && knows(name)) {
        std::vector<Argument> argv = invocation.argv;
        argv.front().value = Value::exact(name);
        return sink.run(std::move(argv), {});
      }
    Value output =
        spec == nullptr ? unknown_program(invocation, sink) : known_program(*spec, invocation, sink);
    if (spec != nullptr && may_be_another(invocation, sink)) run_program_file(sink, invocation.argv);
    output.taint = output.taint | read_taint(invocation, sink) | made_of(invocation);
    if (talks_to_host(invocation.program) && !output.is_exact()) output.taint = output.taint | Taint::remote;
    if (sink.ran() == nullptr && reads_secret(first_effect))
      output.taint = output.taint | Taint::secret | Taint::file;
    if (output.taint == Taint::none && sink.ran() == nullptr && prints_shell_setup(invocation)) output = {};
    if (sink.ran() == nullptr && !speaks_of_secrets(first_effect)) judge_secret_flow(invocation, sink);
    judge_archive_target(invocation, sink);
    output = divert(invocation, std::move(output), sink);
    mark_captured(invocation, first_effect);
    return output;
  }

  /// What was found is weighed by what the disk says; a call that may change files makes that doubtful for
  /// those behind it.
  void look_at_disk(const Invocation& invocation, Sink& sink) {
    if (sink.evaluator().probe() == nullptr) return;
    const auto added = sink.added();
    // What git would bring back it does not once its own folder is gone: `rm -rf src .git`.
    const bool takes_git = std::any_of(added.begin(), added.end(), [](const Effect& e) {
      return e.kind == Kind::deletes && e.target.path_class == PathClass::vcs_metadata;
    });
    paths_.stale = paths_.stale || (takes_git && added.size() > 1);
    for (size_t i = weighed_; i < out_.effects.size(); ++i) weigh_loss(out_.effects[i], sink);
    weighed_ = out_.effects.size();
    paths_.stale =
        paths_.stale || takes_git ||
        (sink.ran() == nullptr && !invocation.argv.empty() && changes_files(invocation)) ||
        std::any_of(added.begin(), added.end(), [](const Effect& e) { return e.kind == Kind::overwrites; });
  }

  bool reads_secret(size_t first) const {
    return std::any_of(out_.effects.begin() + static_cast<std::ptrdiff_t>(first), out_.effects.end(),
                       [](const Effect& e) { return e.kind == Kind::reads_secret; });
  }

  bool speaks_of_secrets(size_t first) const {
    return std::any_of(out_.effects.begin() + static_cast<std::ptrdiff_t>(first), out_.effects.end(),
                       [](const Effect& e) { return e.tag.starts_with("secret."); });
  }

  /// What they print comes from another machine.
  static bool talks_to_host(std::string_view program) {
    return program == "ssh" || program == "autossh" || program == "mosh";
  }

  /// RM on a volume that does not tell cases apart, rm.exe and C:\\…\\git.exe under Windows.
  static std::string plain_name(const std::string& program) {
    std::string name = program.substr(program.rfind('\\') + 1);
    const bool shouted = name.find_first_of("abcdefghijklmnopqrstuvwxyz") == std::string::npos;
    const std::string small = lower(name);
    if (small.ends_with(".exe")) return small.substr(0, small.size() - 4);
    return shouted && name.size() > 1 ? small : name;
  }

  /// A secret read inside $(…) goes into another command and not onto the screen; so does one in a pipe whose
  /// end takes it for a credential.
  void mark_captured(const Invocation& invocation, size_t first) {
    if (invocation.input.kind != resolve::Input::Kind::pipe && invocation.wrappers.empty()) piped_.clear();
    if (has(invocation.input.data.taint, Taint::secret)) {
      const bool taken = takes_secret_input(invocation);
      for (const size_t i : piped_)
        if (taken || shows_names_only(invocation, out_.effects[i].target.text))
          out_.effects[i].detail = "captured";
      if (taken) piped_.clear();
    }
    for (size_t i = first; i < out_.effects.size(); ++i) {
      if (out_.effects[i].kind != Kind::reads_secret) continue;
      if (is_captured(invocation)) out_.effects[i].detail = "captured";
      if (invocation.output_piped) piped_.push_back(i);
    }
  }

  /// cat of files this line wrote.
  static std::optional<Value> known_files(const Call& call, Sink& sink) {
    Value out;
    for (const Argument* file : call.operands()) {
      const Value* content = sink.file_content(file->value);
      if (content == nullptr || !sink.copies(*content)) return std::nullopt;
      out.append(*content);
      out = bounded(std::move(out));
    }
    return call.operands().empty() ? std::nullopt : std::optional(out);
  }

  Value known_program(const CommandSpec& spec, const Invocation& invocation, Sink& sink) {
    const Call call(invocation, spec.options, spec.order);
    if (summary_ < out_.calls.size()) out_.calls[summary_].options = call.given();
    if (spec.effects != nullptr) spec.effects(call, sink);
    if (spec.effects == nullptr || takes_files_too(invocation.program)) judge_secret_words(invocation, sink);
    judge_edited_keys(invocation, sink);
    judge_trust(invocation, sink);
    if (sink.ran() != nullptr) return *sink.ran();
    if (prints_nothing(invocation)) return {};
    if (invocation.program == "cat")
      if (auto known = known_files(call, sink)) return *known;
    if (spec.output != nullptr) return spec.output(call);
    Value output = Value::unknown(resolve::HoleKind::output);
    output.taint = invocation.input.data.taint;
    return output;
  }

  static bool to_standard_output(const std::string& path) {
    return path == "/dev/stdout" || path == "/dev/fd/1" || path == "/proc/self/fd/1" || path == "1" ||
           path == "-";
  }

  /// tar -cf /dev/fd/3
  void judge_archive_target(const Invocation& invocation, Sink& sink) const {
    const auto target = archive_target(invocation);
    const std::string* socket = target ? sockets_.at_path(*target) : nullptr;
    if (socket == nullptr) return;
    Value packed = Value::unknown(resolve::HoleKind::output);
    packed.taint = Taint::archive | Taint::file;
    judge_socket_output(sink, packed, *socket, invocation.place);
  }

  /// What goes into files is remembered there and is gone from the output.
  Value divert(const Invocation& invocation, Value output, Sink& sink) {
    for (const resolve::ResolvedRedirect& r : invocation.redirects) {
      const bool standard = r.fd.empty() || r.fd == "1";
      if (!standard || r.op[0] == '<' || to_standard_output(r.target.with_holes_empty())) continue;
      if (const std::string* socket = sockets_.behind(r)) judge_socket_output(sink, output, *socket, r.place);
      if (r.op == ">&" && r.target.with_holes_empty() != "2") continue;
      if (r.op != ">&") {
        sink.note_file(r.target, output, r.op.find(">>") != std::string::npos);
        judge_later_code(sink, output, {r.target, r.place, nullptr});
      }
      const bool both = invocation.dialect.shell == Shell::zsh && invocation.output_piped;  // MULTIOS
      if (!both) output = Value();
    }
    return output;
  }

  /// Redirects and assignments, which mean the same for every program.
  void judge_surroundings(const Invocation& invocation, Sink& sink) {
    for (const resolve::ResolvedRedirect& r : invocation.redirects) {
      sockets_.note(r, invocation.program == "exec");
      if (r.op[0] == '<' && r.op != "<>") continue;
      const std::string target = r.target.with_holes_empty();
      const bool duplicates = (r.op == ">&" || r.op == "<&") && !target.empty() &&
                              target.find_first_not_of("0123456789-") == std::string::npos;
      if (duplicates || r.op == "<<" || r.op == "<<<") continue;
      if (r.target.is_exact() && target == "/") continue;  // EISDIR: nothing is opened, nothing runs
      write_effect(sink, {r.target, r.place, nullptr},
                   r.op.find(">>") != std::string::npos ? Write::append : Write::replace);
      if (target.starts_with("/dev/tcp/") || target.starts_with("/dev/udp/"))
        judge_socket(invocation, r, sink);
    }
    for (const resolve::ResolvedAssignment& a : invocation.assigns) {
      judge_assignment(invocation, a, sink);
      judge_trust_variable(invocation, a, sink);
    }
  }

  /// A redirect to /dev/tcp: what goes out by it.
  static void judge_socket(const Invocation& invocation, const resolve::ResolvedRedirect& r, Sink& sink) {
    bool secret = has(invocation.input.data.taint, Taint::secret);
    for (const Argument& a : invocation.argv) secret |= has(a.value.taint, Taint::secret);
    if (secret) sink.add(Kind::sends_data, "secret.send", r.place);
    const bool execs_shell = invocation.program == "exec" && invocation.argv.size() > 1 &&
                             dialect_from_name(invocation.argv[1].value.with_holes_empty()).has_value();
    if (execs_shell) sink.add(Kind::runs_remote_code, "net.reverse-shell", r.place);
  }

  /// What comes in by `< file` and by secret operands travels with the output.
  static Taint read_taint(const Invocation& invocation, Sink& sink) {
    Taint taint = Taint::none;
    if (has(invocation.input.data.taint, Taint::secret)) taint = Taint::secret;
    for (const Argument& a : invocation.argv)
      if (has(a.value.taint, Taint::secret) &&
          (invocation.program == "echo" || invocation.program == "printf"))
        taint = taint | Taint::secret;
    static constexpr std::string_view kPackers[] = {"tar", "gzip", "zip",  "bzip2",  "xz",
                                                    "dd",  "pax",  "cpio", "openssl"};
    if (!among(kPackers, invocation.program)) return taint;
    for (size_t i = 1; i < invocation.argv.size(); ++i) {
      const std::string text = invocation.argv[i].value.prefix();
      if (!text.starts_with('-') && !text.empty() &&
          sink.classify(invocation.argv[i].value).path_class == PathClass::secret)
        taint = taint | Taint::secret;
    }
    return taint;
  }

  void summarize(const Invocation& invocation, const CommandSpec* spec) {
    CallSummary s;
    s.program = invocation.program.empty() ? invocation.argv.front().value.display() : invocation.program;
    for (const Argument& a : invocation.argv) s.argv.push_back(a.value.display());
    s.known = spec != nullptr;
    s.place = invocation.place;
    summary_ = out_.calls.size();
    out_.calls.push_back(std::move(s));
  }

  static void judge_recursion(const Invocation& invocation, Sink& sink) {
    if (invocation.conditional) return;  // a recursion that ends
    if (invocation.background || invocation.output_piped) sink.add(Kind::stops_service, "sys.fork-bomb");
  }

  /// `$x rm -rf /`: an unknown first word may vanish; what is left would then be the command.
  static Value unknown_program(const Invocation& invocation, Sink& sink) {
    const Value& first = invocation.argv.front().value;
    Value output = Value::unknown(resolve::HoleKind::output);
    output.taint = invocation.input.data.taint;
    if (const std::string_view program = customary_program(first); !program.empty()) {
      std::vector<Argument> argv = invocation.argv;
      argv.front().value = Value::exact(std::string(program));
      return sink.run(std::move(argv), {});
    }
    if (first.has_glob() && first.prefix().starts_with('/')) return run_matching(invocation, sink);
    if (first.may_vanish() && invocation.argv.size() > 1) {
      sink.run({invocation.argv.begin() + 1, invocation.argv.end()}, {});
    } else if (!first.is_exact() && has(first.taint, Taint::remote)) {
      sink.run_unknown(first, invocation.argv.front().place);
    } else if (first.is_unknown() || (!first.is_exact() && first.with_holes_empty().empty())) {
      if (has(first.taint, Taint::decoded)) sink.run_unknown(first, invocation.argv.front().place);
    } else {
      if (invocation.argv.front().value.prefix().find('/') == std::string::npos)
        judge_credential_tool(invocation.program, invocation.argv.front().place, sink);
      run_path(invocation, sink);
      judge_task_names(sink, invocation.argv);
      judge_secret_words(invocation, sink);
      judge_edited_keys(invocation, sink);
    }
    return output;
  }

  /// `./bash` that this line wrote is not the program the catalogue knows by that name.
  static bool is_own_file(const Invocation& invocation, const Sink& sink) {
    const Value& path = invocation.argv.front().value;
    return path.prefix().find('/') != std::string::npos && sink.file_content(path) != nullptr;
  }

  /// `./ls` may be anything, whatever it is called: a script is read.
  static bool may_be_another(const Invocation& invocation, Sink& sink) {
    const Value& path = invocation.argv.front().value;
    if (path.prefix().find('/') == std::string::npos || !path.is_exact()) return false;
    return !is_system(sink.classify(path).path_class);
  }

  /// A program by its path: a script this line wrote is read on.
  static void run_path(const Invocation& invocation, Sink& sink) {
    const Argument& file = invocation.argv.front();
    const std::string path = file.value.with_holes_empty();
    if (path.find('/') == std::string::npos) return;
    if (const Value* content = sink.file_content(file.value); content != nullptr) {
      const std::string text = content->with_holes_empty();
      const bool other =
          text.starts_with("#!") && text.substr(0, text.find('\n')).find("sh") == std::string::npos;
      resolve::RunAs how = sink.as(path);
      how.child_shell = true;
      if (!other && !text.empty()) {
        sink.run_shell(*content, *dialect_from_name("bash"), how, file.place);
        return;
      }
    } else if (run_program_file(sink, invocation.argv)) {
      return;
    }
    sink.run_file(file);
  }

  /// `/bin/r[m] x`: names the catalogue knows that fit the pattern. Nobody writes commands that way.
  static Value run_matching(const Invocation& invocation, Sink& sink) {
    const std::string path = invocation.argv.front().value.with_holes_empty();
    const std::string pattern = path.substr(path.rfind('/') + 1);
    const bool literal =
        std::any_of(pattern.begin(), pattern.end(), [](unsigned char c) { return std::isalpha(c) != 0; });
    for (const std::string_view name : matching_commands(literal ? pattern : std::string(), 32)) {
      std::vector<Argument> argv = invocation.argv;
      argv.front().value = Value::exact(std::string(name));
      sink.run(std::move(argv), {});
    }
    return sink.ran() != nullptr ? *sink.ran() : Value::unknown(resolve::HoleKind::output);
  }

  /// $SHELL, ${PYTHON}: variables whose value nobody knows, but what they stand for by custom.
  static std::string_view customary_program(const Value& word) {
    static constexpr std::string_view kPrograms[][2] = {
        {"BASH", "bash"},      {"SHELL", "bash"},      {"PY", "python3"},
        {"PYTHON", "python3"}, {"PYTHON3", "python3"}, {"PYTHON_BIN", "python3"},
        {"NODE", "node"},      {"PERL", "perl"},       {"RUBY", "ruby"}};
    if (word.pieces().size() != 1 || word.pieces()[0].hole != resolve::HoleKind::variable) return {};
    for (const auto& [variable, program] : kPrograms)
      if (word.pieces()[0].text == variable) return program;
    return {};
  }

  Analysis& out_;
  CallWatcher* watcher_;
  KnownPaths paths_;
  bool typed_ = false;  ///< the lines behind a program have been taken for its input
  EndlessLoops loops_;
  FifoReaders fifo_readers_;
  std::vector<size_t> piped_;  ///< effects of secrets read into the pipe at hand
  size_t summary_ = 0;
  size_t weighed_ = 0;  ///< effects that were, from the first on
  Sockets sockets_;
};

}  // namespace

Analysis analyze(std::string_view command, const resolve::Session& session, Probe* probe,
                 resolve::Memory* memory, CallWatcher* watcher) {
  Analysis out;
  Analyzer visitor(out, session, watcher);
  resolve::Evaluator evaluator(session, visitor, probe);
  evaluator.run(command);
  visitor.finish(evaluator);
  out.sources = evaluator.sources();
  out.unknown_variables = evaluator.unknown_variables();
  out.status = evaluator.status();
  out.syntax_error = evaluator.tree().error;
  out.syntax_message = evaluator.tree().message;
  if (memory != nullptr) {
    evaluator.leave(*memory);
    if (out.status == syntax::Status::complete) visitor.leave(*memory);
  }
  return out;
}

bool knows(std::string_view program) { return find_command(program) != nullptr; }

}  // namespace cmdai::commands
