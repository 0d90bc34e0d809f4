#include "test/unit/resolve/walk.hpp"

#include <doctest/doctest.h>

namespace cmdai::resolve {
namespace {

std::string shown(const Value& value) {
  const std::string text = value.display();
  return text.empty() || text.find_first_of(" \t\n") != std::string::npos ? '[' + text + ']' : text;
}

Value written(const Invocation& call) {
  Value out;
  for (size_t i = 1; i < call.argv.size(); ++i) {
    if (i > 1) out.append_literal(" ", false);
    out.append(call.argv[i].value);
  }
  return out;
}

}  // namespace

void Recorder::add(const std::string& entry) {
  if (!out_.empty()) out_ += "; ";
  out_ += entry;
}

std::string Recorder::entry(const Invocation& call) {
  std::string out;
  const auto next = [&out] { return out.empty() ? "" : " "; };
  for (const ResolvedAssignment& a : call.assigns)
    out += next() + a.name + (a.append ? "+=" : "=") + shown(a.value);
  for (const Argument& a : call.argv) out += next() + shown(a.value);
  for (const ResolvedRedirect& r : call.redirects) out += next() + r.fd + r.op + shown(r.target);
  if (call.input.kind == Input::Kind::text) out += " <{" + call.input.data.display() + '}';
  return out;
}

Value Recorder::on_invocation(const Invocation& call, Evaluator& evaluator) {
  ++invocations_;
  add(entry(call));
  if (call.self_recursive) return {};
  if (call.program == "echo" || call.program == "printf") {
    Value out = written(call);
    out.append_literal("\n", false);
    return out;
  }
  if (call.program == "eval") return evaluator.run_code(written(call), call.dialect, call, {}, call.place);
  if (call.program == "sh" && call.argv.size() > 2 && call.argv[1].value.text() == "-c") {
    RunAs how;
    how.wrapper.program = "sh";
    how.child_shell = true;
    std::vector<Value> positional;
    for (size_t i = 3; i < call.argv.size(); ++i) positional.push_back(call.argv[i].value);
    return evaluator.run_code(call.argv[2].value, dialect_from_name("sh").value(), call, how,
                              call.argv[2].place, {}, positional);
  }
  return Value::unknown(HoleKind::output);
}

void Recorder::on_bare(const Invocation& call, Evaluator&) { add('(' + entry(call) + ')'); }

void Recorder::on_opaque(Place, std::string_view why) { add('!' + std::string(why)); }

Session session(std::string_view dialect) {
  Session s;
  s.dialect = dialect_from_name(dialect).value();
  s.home = "/home/u";
  s.user = "u";
  s.cwd = "/home/u/p";
  return s;
}

std::string walk(const Session& session, std::string_view line) {
  Recorder recorder;
  Evaluator(session, recorder).run(line);
  return recorder.text();
}

std::string walk(std::string_view dialect, std::string_view line) { return walk(session(dialect), line); }

void check_lines(std::string_view dialect, const std::vector<Line>& lines) {
  for (const Line& line : lines) {
    CAPTURE(dialect);
    CAPTURE(line.source);
    CHECK(walk(dialect, line.source) == line.expected);
  }
}

}  // namespace cmdai::resolve
