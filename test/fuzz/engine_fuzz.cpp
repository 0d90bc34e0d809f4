// The whole engine on hostile bytes, with the policy as shipped, in every dialect, for people and agents. The
// first byte says dialect and actor, the rest is the command. A verdict must be the same when asked again,
// and what it points at must lie in a text it has; what a session remembers
// of the line makes it no milder. Time is bounded by libFuzzer's -timeout.
#include <cstdio>
#include <cstdlib>
#include <source_location>

#include "libcore/engine.hpp"
#include "libcore/explain/lesson.hpp"

using namespace cmdai;

namespace {

void require(bool condition, std::source_location where = std::source_location::current()) {
  if (condition) return;
  std::fprintf(stderr, "%s:%u: does not hold\n", where.file_name(), static_cast<unsigned>(where.line()));
  std::abort();
}

const Engine& engine() {
  static const Engine made([] {
    auto policy = policy::Policy::compile({});
    require(policy.has_value());
    return Engine(*policy);
  }());
  return made;
}

Request request_from(uint8_t selector, std::string_view command) {
  static constexpr const char* kShells[] = {"bash", "zsh", "fish", "sh"};
  Request request;
  request.command = command;
  request.session.dialect = *dialect_from_name(kShells[selector % 4]);
  request.session.cwd = (selector & 8) != 0 ? "" : "/home/u/project";
  request.session.home = (selector & 16) != 0 ? "" : "/home/u";
  request.session.user = "u";
  request.actor.kind = (selector & 4) != 0 ? policy::ActorKind::agent : policy::ActorKind::human;
  return request;
}

void require_in_text(const commands::Analysis& analysis, const resolve::Place& place) {
  require(place.source < analysis.sources.size());
  require(place.range.begin <= place.range.end);
  require(place.range.end <= analysis.sources[place.source].text.size());
}

/// The same line once more in a session that remembers the first: never milder, and remembered within bounds.
void require_memory_to_hold(Request request, const Decision& alone) {
  resolve::Memory memory;
  request.memory = &memory;
  const Decision first = engine().check(request, nullptr);
  require(first.verdict.action == alone.verdict.action && first.memory && !first.recalled);
  memory = *first.memory;
  for (const auto* map : {&memory.variables, &memory.functions, &memory.aliases})
    require(map->size() <= resolve::Memory::kMostEntries);
  require(memory.files.size() <= resolve::Memory::kMostEntries && memory.line == 1);
  const Decision second = engine().check(request, nullptr);
  require(policy::strictness(second.verdict.action) >= policy::strictness(alone.verdict.action));
  for (const policy::Match& m : second.verdict.matches) require_in_text(second.analysis, m.place);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  if (size == 0) return 0;
  const std::string_view command(reinterpret_cast<const char*>(data) + 1, size - 1);
  const Request request = request_from(data[0], command);
  const Decision decision = engine().check(request, nullptr);
  for (const effects::Effect& e : decision.analysis.effects) require_in_text(decision.analysis, e.place);
  for (const policy::Match& m : decision.verdict.matches) {
    require_in_text(decision.analysis, m.place);
    require(!m.effect || *m.effect < decision.analysis.effects.size());
  }
  const explain::Lesson lesson = explain::teach(command, request.session, nullptr);
  const std::string text = explain::describe(decision.verdict, decision.analysis, lesson, {});
  require(text.find('\0') == std::string::npos && text.find('\x1b') == std::string::npos);
  const Decision again = engine().check(request, nullptr);
  require(again.verdict.action == decision.verdict.action);
  require(again.verdict.matches.size() == decision.verdict.matches.size());
  require_memory_to_hold(request, decision);
  return 0;
}
