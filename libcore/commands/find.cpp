// find: what it deletes, and the commands it runs on what it finds. findutils 4.9.
#include <algorithm>

#include "libcore/base/text.hpp"
#include "libcore/commands/catalogue.hpp"
#include "libcore/commands/deletes.hpp"
#include "libcore/commands/filling.hpp"
#include "libcore/commands/find_expression.hpp"
#include "libcore/commands/writes.hpp"

namespace cmdai::commands {
namespace {

/// `-name id_rsa`: whatever is found of that name is a key.
bool finds_key(const Value& start, const FindScope& scope, const Sink& sink) {
  if (scope.name == nullptr || !scope.name->is_exact()) return false;
  Value one = start;
  one.append_literal("/", false);
  one.append(*scope.name);
  return sink.classify(one).path_class == PathClass::secret;
}

/// What `{}` stands for: some of what is below, all that is in it, or the start point and all.
Value found(const Value& start, const FindScope& scope) {
  Value out = start;
  if (scope.name != nullptr && scope.name->with_holes_empty() == ".git")
    out.append_literal("/.git", false);  // every repository below: one stands for all
  else if (scope.narrowed)
    out.append_literal("/…", false);
  else if (scope.files_only || scope.below)
    out.append_literal("/*", true);
  return out;
}

/// `find /var/log -name '*.gz' -delete`, `find .git -name '*.lock' -delete`: where a place holds both what is
/// needed and what is left over, the pattern tells which is meant.
Argument place_meant(const Argument& start, const FindScope& scope, const Sink& sink) {
  if (scope.name == nullptr || !scope.name->is_exact()) return start;
  const effects::Target place = sink.classify(start.value);
  const bool mixed = place.text == "/var/log" || place.path_class == PathClass::vcs_metadata;
  if (!mixed || !place.exact) return start;
  Argument meant = start;
  meant.value.append_literal("/", false);
  meant.value.append_literal(scope.name->with_holes_empty(), true);
  return sink.classify(meant.value).path_class == PathClass::build ? meant : start;
}

void remove(const FindAction& action, const Argument& start, Sink& sink) {
  Effect& e = delete_effect(sink, action.scope.narrowed ? "fs.delete-matching" : "fs.delete",
                            place_meant(start, action.scope, sink));
  e.recursive = e.force = true;
  e.place = action.word->place;
}

/// Programs whose handlers know that find hands them what is below, one by one.
bool expects_find(const std::vector<Argument>& command) {
  static constexpr std::string_view kExpect[] = {"rm", "chmod", "chown", "chgrp", "setfacl", "chattr"};
  return !command.empty() && among(kExpect, command.front().value.with_holes_empty());
}

void run(const std::vector<Argument>& command, const FindAction& action, const Argument& start, Sink& sink) {
  resolve::RunAs how = sink.as("find");
  how.wrapper.repeats = true;
  const Argument meant = place_meant(start, action.scope, sink);
  if (finds_key(start.value, action.scope, sink) && !expects_find(command)) {
    Value key = start.value;
    key.append_literal("/", false);
    key.append(*action.scope.name);
    sink.run(filled(sink, command, "{}", key), how);
    return;
  }
  sink.run(filled(sink, command, "{}", found(meant.value, action.scope)), how);
  if (action.scope.narrowed || action.scope.files_only || action.scope.below || expects_find(command)) return;
  if (std::none_of(command.begin(), command.end(), [](const Argument& a) { return mentions(a, "{}"); }))
    return;
  FindScope below = action.scope;  // one by one, whatever is below
  below.below = true;
  sink.run(filled(sink, command, "{}", found(meant.value, below)), how);
}

void find(const Call& call, Sink& sink) {
  const FindExpression expression = read_find(call);
  Argument here;
  here.value = Value::exact(".");
  here.place = call.invocation().place;
  std::vector<const Argument*> starts = expression.starts;
  if (starts.empty()) starts.push_back(&here);
  for (const FindAction& action : expression.actions) {
    if (action.kind == FindAction::Kind::print) continue;
    if (action.kind == FindAction::Kind::write) {
      for (const Argument* file : action.command) write_effect(sink, *file, Write::replace);
      continue;
    }
    std::vector<Argument> command;
    for (const Argument* word : action.command) command.push_back(*word);
    for (const Argument* start : starts) {
      if (!sink.spend(sizeof(Argument) * (1 + command.size()))) return;
      if (action.kind == FindAction::Kind::remove)
        remove(action, *start, sink);
      else
        run(command, action, *start, sink);
    }
  }
}

/// What find prints: its start points and what is below.
Value find_output(const Call& call) {
  const FindExpression expression = read_find(call);
  Value out;
  for (const FindAction& action : expression.actions) {
    if (action.kind != FindAction::Kind::print || action.scope.narrowed) continue;
    for (const Argument* start : expression.starts) {
      out.append(found(start->value, action.scope));
      out.append_literal(action.nul ? std::string_view("\0", 1) : std::string_view("\n"), false);
    }
    out = bounded(std::move(out));
  }
  out.append(Value::unknown(resolve::HoleKind::output));
  return out;
}

constexpr CommandSpec kFindCommands[] = {{"find gfind", {}, Order::raw, find, find_output}};

}  // namespace

std::span<const CommandSpec> find_commands() { return kFindCommands; }

}  // namespace cmdai::commands
