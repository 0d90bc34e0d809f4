#include "libcore/commands/file_writes.hpp"

#include "libcore/commands/writes.hpp"

namespace cmdai::commands {
namespace {

/// Nothing is run: the evaluator is there for what a sink asks it about the session.
class NoCommands : public resolve::CommandVisitor {
 public:
  Value on_invocation(const Invocation& /*call*/, resolve::Evaluator& /*evaluator*/) override { return {}; }
  void on_bare(const Invocation& /*call*/, resolve::Evaluator& /*evaluator*/) override {}
  void on_opaque(resolve::Place /*place*/, std::string_view /*why*/) override {}
};

std::string expanded(const std::string& path, const std::string& home) {
  return path.starts_with("~/") && !home.empty() ? home + path.substr(1) : path;
}

/// A new file takes nothing away from anybody: it only adds to what is read there.
Write how_written(const FileWrite& write, const std::string& path, const Sink& sink) {
  if (!write.whole) return Write::edit;
  Probe* const probe = sink.probe();
  const effects::Target target = sink.classify(Value::exact(path));
  return probe != nullptr && probe->is_absent(target.text) ? Write::append : Write::replace;
}

}  // namespace

Analysis analyze_writes(std::span<const FileWrite> writes, const resolve::Session& session, Probe* probe) {
  Analysis out;
  std::string text;
  for (const FileWrite& write : writes) text += write.path + '\n';
  NoCommands visitor;
  resolve::Evaluator evaluator(session, visitor, probe);
  evaluator.run({});
  Invocation call;
  call.dialect = session.dialect;
  call.cwd =
      session.cwd.empty() ? Value::unknown(resolve::HoleKind::variable, "PWD") : Value::exact(session.cwd);
  KnownPaths paths;
  uint32_t at = 0;
  for (const FileWrite& write : writes) {
    const auto size = static_cast<uint32_t>(write.path.size());
    call.place = {0, {at, at + size}};
    at += size + 1;
    Sink sink(call, evaluator, out.effects, paths);
    const std::string path = expanded(write.path, session.home);
    write_effect(sink, {Value::exact(path), call.place, nullptr}, how_written(write, path, sink));
    for (Effect& effect : sink.added())
      if (effect.kind == Kind::overwrites && effect.target.path_class == PathClass::secret)
        effect.tag = "file.write-secret";
  }
  out.sources.push_back({std::move(text), {}, 0, {}});
  return out;
}

}  // namespace cmdai::commands
