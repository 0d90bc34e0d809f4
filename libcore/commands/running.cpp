#include "libcore/commands/running.hpp"

#include <algorithm>
#include <utility>

#include "libcore/commands/mounts.hpp"

namespace cmdai::commands {
namespace {

resolve::ResolvedAssignment as_assignment(const Argument& word) {
  resolve::ResolvedAssignment a;
  const std::string head = word.value.prefix();
  const size_t equals = head.find('=');
  a.name = head.substr(0, equals);
  a.value = word.value.text() ? Value::exact(word.value.text()->substr(equals + 1))
                              : Value::unknown(resolve::HoleKind::other);
  a.place = word.place;
  return a;
}

}  // namespace

bool is_environment(const Value& word) {
  const std::string head = word.prefix();
  const size_t equals = head.find('=');
  return equals != std::string::npos && equals > 0 && head.find_first_of("/ ") > equals && head[0] != '-';
}

std::vector<Argument> take_environment(std::vector<Argument> argv, resolve::RunAs& how) {
  size_t first = 0;
  while (first < argv.size() && is_environment(argv[first].value))
    how.assigns.push_back(as_assignment(argv[first++]));
  argv.erase(argv.begin(), argv.begin() + static_cast<std::ptrdiff_t>(first));
  return argv;
}
void run_rest(const Call& call, Sink& sink, size_t skip, bool elsewhere) {
  resolve::RunAs how = sink.as(call.program());
  how.wrapper.elsewhere = elsewhere;
  std::vector<Argument> argv = take_environment(call.rest(skip), how);
  if (!argv.empty()) sink.run(std::move(argv), how);
}

std::vector<resolve::Mount> bind_mounts(const std::vector<const Argument*>& values, const Sink& sink) {
  std::vector<resolve::Mount> out;
  for (const Argument* value : values) {
    auto m = bind_mount(value->value.with_holes_empty());
    if (!m) continue;
    if (m->host == "~" || m->host.starts_with("~/"))  // no shell expands `~:/w`, but that is what is meant
      m->host = sink.home() + m->host.substr(1);
    if (m->inside.empty()) m->inside = m->host;
    if (m->inside.starts_with('/'))
      out.push_back({sink.classify(Value::exact(m->host)).text, m->inside, m->writable});
  }
  return out;
}

void run_line(Sink& sink, const Value& line, resolve::Place place) {
  resolve::RunAs how = sink.as(sink.invocation().program);
  how.child_shell = true;
  sink.run_shell(line, *dialect_from_name("sh"), std::move(how), place);
}

resolve::RunAs on_host(const Sink& sink) {
  resolve::RunAs how = sink.as(sink.invocation().program);
  how.wrapper.other_disk = true;
  return how;
}

void open_shell(Sink& sink, resolve::RunAs how) {
  how.child_shell = true;
  sink.run({{Value::exact("sh"), sink.invocation().place, nullptr}}, std::move(how));
}

void run_script(Sink& sink, const Argument& file) {
  const Value* code = sink.file_content(file.value);
  if (code == nullptr || !code->is_exact()) {
    sink.run_file(file);
    return;
  }
  resolve::RunAs how = sink.as(sink.invocation().program);
  how.child_shell = true;
  sink.run_shell(*code, *dialect_from_name("sh"), std::move(how), file.place);
}

void run_rest_or_shell(const Call& call, Sink& sink, size_t skip, bool elsewhere) {
  if (!call.rest(skip).empty()) return run_rest(call, sink, skip, elsewhere);
  resolve::RunAs how = sink.as(call.program());
  how.wrapper.elsewhere = elsewhere;
  open_shell(sink, std::move(how));
}

bool after_dashes(const Call& call, Sink& sink) {
  const auto& argv = call.argv();
  for (size_t i = 1; i + 1 < argv.size(); ++i) {
    if (argv[i].value.with_holes_empty() != "--") continue;
    run_rest(Call(call.invocation(), {}, Order::leading, i + 1), sink, 0);
    return true;
  }
  return false;
}

void after_verb(const Call& call, Sink& sink, std::span<const Option> options, size_t skip) {
  const size_t verb = call.argv().size() - call.rest().size();
  run_rest(Call(call.invocation(), options, Order::leading, verb + 1), sink, skip);
}

void shell_line(const Call& call, Sink& sink, size_t skip, std::string_view shell, bool on_host) {
  Value line;
  const std::vector<Argument> rest = call.rest(skip);
  if (rest.empty()) return;
  for (const Argument& a : rest) {
    if (!line.pieces().empty()) line.append_literal(" ", false);
    line.append(a.value);
  }
  resolve::RunAs how = sink.as(call.program());
  how.child_shell = true;
  how.wrapper.other_disk = on_host;
  resolve::Place place = rest.front().place;
  place.range.end = std::max(place.range.end, rest.back().place.range.end);
  sink.run_code({line, place, nullptr}, *dialect_from_name(shell), how);
  // `ssh host sh -c 'rm -rf x'` loses its quotes on the way; what was meant is judged, too.
  if (rest.size() > 2 && dialect_from_name(rest.front().value.with_holes_empty())) {
    how.child_shell = false;
    sink.run(rest, how);
  }
}

}  // namespace cmdai::commands
