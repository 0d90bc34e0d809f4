#include "libcore/commands/running.hpp"

#include <algorithm>

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

void shell_line(const Call& call, Sink& sink, size_t skip, std::string_view shell, bool elsewhere) {
  Value line;
  const std::vector<Argument> rest = call.rest(skip);
  if (rest.empty()) return;
  for (const Argument& a : rest) {
    if (!line.pieces().empty()) line.append_literal(" ", false);
    line.append(a.value);
  }
  resolve::RunAs how = sink.as(call.program());
  how.child_shell = true;
  how.wrapper.elsewhere = elsewhere;
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
