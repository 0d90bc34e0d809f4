// Redirects: what a command reads, by which descriptor, and who reads what it writes.
#include <algorithm>

#include "libcore/resolve/evaluator_impl.hpp"

namespace cmdai::resolve {
namespace {

using syntax::Command;

bool is_number(std::string_view text) {
  return !text.empty() && text.find_first_not_of("0123456789") == std::string_view::npos;
}

/// The only part of `>(…)`, `<(…)` standing alone as a target; else nullptr.
const syntax::Part* process_of(const syntax::Word* word) {
  const bool alone =
      word != nullptr && word->parts.size() == 1 && word->parts[0].kind == syntax::PartKind::process;
  return alone ? &word->parts[0] : nullptr;
}

}  // namespace

Evaluator::Impl::Redirects Evaluator::Impl::redirects_of(const Command& command, const Frame& frame) {
  Redirects out;
  for (const syntax::Redirect& r : command.redirects) {
    ResolvedRedirect resolved;
    resolved.op = r.op;
    resolved.fd = r.fd;
    const syntax::Word* text = r.body != nullptr ? r.body : r.target;
    const syntax::Part* process = process_of(text);
    if (process != nullptr && process->text == ">" && r.op[0] != '<') {  // `> >(command)` is a pipe
      const std::string fd = r.fd.starts_with('{') ? new_descriptor(r.fd, frame) : std::string(r.fd);
      out.readers.push_back({process, fd.empty() || r.op[0] == '&' ? "1" : fd});
      continue;
    }
    if (process != nullptr && r.op == "<") {  // `< <(command)`: the file is what the command writes
      const std::vector<Argument> made = fields(*text, frame);
      resolved.op = "<<<";
      if (!made.empty() && made.front().process) resolved.target = made.front().process->data;
    } else if (text != nullptr) {
      resolved.target = r.body != nullptr ? single(*text, frame) : single(*text, frame).up_to_nul();
    }
    if (r.op == "<<<") resolved.target.append_literal("\n", false);
    if (r.fd.starts_with('{')) resolved.fd = new_descriptor(r.fd, frame);
    resolved.place = place(r.target != nullptr ? r.target->range : r.range, frame);
    if (resolved.op == ">&" && join_output(resolved, out)) continue;
    out.list.push_back(std::move(resolved));
  }
  return out;
}

/// `>&3` where `exec 3>file` or `exec 3> >(…)` stood before: what is written goes there.
bool Evaluator::Impl::join_output(const ResolvedRedirect& duplicate, Redirects& out) const {
  std::string number = duplicate.target.with_holes_empty();
  if (number.size() > 1 && number.ends_with('-')) number.pop_back();  // moved
  const std::string fd = duplicate.fd.empty() ? "1" : duplicate.fd;
  if (const auto reader = state.open.readers.find(number); reader != state.open.readers.end()) {
    out.readers.push_back({reader->second, fd});
    return true;
  }
  const auto file = state.open.outputs.find(number);
  if (file == state.open.outputs.end()) return false;
  ResolvedRedirect joined = file->second;
  joined.op = ">>";  // it is open: nothing is emptied
  joined.fd = duplicate.fd;
  joined.place = duplicate.place;
  out.list.push_back(std::move(joined));
  return true;
}

/// `{name}<file`: the shell picks a number that is free, and tells it in $name.
std::string Evaluator::Impl::new_descriptor(std::string_view braced, const Frame& frame) {
  constexpr size_t kFirst = 10;
  std::string number = std::to_string(kFirst + state.open.inputs.size() + state.open.outputs.size() +
                                      state.open.readers.size());
  if (braced.find('[') != std::string_view::npos)  // {array[subscript]}
    evaluate_arithmetic(Value::exact(std::string(braced)), frame);
  if (braced.size() > 2)
    assign(std::string(braced.substr(1, braced.size() - 2)), Value::exact(number), false, frame);
  return number;
}

/// zsh, zshmodules(1) zsh/net/tcp: `ztcp HOST PORT` opens a socket and tells its number in $REPLY.
void Evaluator::Impl::open_socket(const Invocation& call, const Frame& frame) {
  std::vector<Value> operands;
  for (size_t i = 1; i < call.argv.size(); ++i)
    if (!call.argv[i].value.prefix().starts_with('-')) operands.push_back(call.argv[i].value);
  if (operands.empty()) return;
  Value path = Value::exact("/dev/tcp/");
  path.append(operands[0]);
  path.append_literal("/", false);
  if (operands.size() > 1) path.append(operands[1]);
  const std::string number = new_descriptor("{REPLY}", frame);
  state.open.inputs[number] = file_input(path, call);
  ResolvedRedirect& out = state.open.outputs[number];
  out.op = ">";
  out.target = std::move(path);
  out.place = call.place;
}

/// What stands on descriptor `fd` when the redirects of the call are done, left to right.
Input Evaluator::Impl::input_of(const Invocation& call, const std::string& fd, const Input& outer) const {
  std::map<std::string, Input, std::less<>> here;
  const auto find = [&](const std::string& number) {
    if (const auto it = here.find(number); it != here.end()) return it->second;
    if (number == "0" && outer.kind != Input::Kind::inherited) return outer;
    if (const auto it = state.open.inputs.find(number); it != state.open.inputs.end()) return it->second;
    return number == "0" ? outer : Input{};
  };
  for (const ResolvedRedirect& r : call.redirects) {
    if (r.op[0] != '<') continue;
    const std::string number = r.fd.empty() ? "0" : r.fd;
    if (r.op == "<&") {
      std::string from = r.target.with_holes_empty();
      if (from.ends_with('-')) from.pop_back();  // moved
      if (is_number(from) || from == "p") here[number] = find(from);
    } else if (r.op.starts_with("<<")) {
      here[number] = {Input::Kind::text, r.target, {}};
    } else {
      here[number] = file_input(r.target, call);
    }
  }
  return find(fd);
}

Input Evaluator::Impl::file_input(const Value& path, const Invocation& call) const {
  Input input;
  input.data = visitor.content_of_file(path, call, owner);
  input.kind = input.data.is_unknown() ? Input::Kind::file : Input::Kind::text;
  return input;
}

Input Evaluator::Impl::input_from(const Invocation& call, const Input& outer) const {
  if (call.redirects.empty() && state.open.inputs.empty()) return outer;
  return input_of(call, "0", outer);
}

/// `bash /dev/fd/3 3<<<…`: such a word is what the descriptor reads.
void Evaluator::Impl::open_descriptors(Invocation& call) const {
  for (Argument& word : call.argv) {
    if (word.process || (call.redirects.empty() && state.open.inputs.empty())) continue;
    const std::string text = word.value.prefix();
    std::string_view number = text;
    for (std::string_view folder : {"/dev/fd/", "/proc/self/fd/"})
      if (number.starts_with(folder)) number.remove_prefix(folder.size());
    if (number.size() == text.size() || !is_number(number) || number == "0") continue;
    Input input = input_of(call, std::string(number), {});
    if (input.kind != Input::Kind::inherited) word.process = std::make_shared<Input>(std::move(input));
  }
}

/// Those besides 0, 1 and 2, for what runs behind these redirects.
void Evaluator::Impl::add_descriptors(const Invocation& call, const Redirects& redirects) {
  constexpr size_t kMost = 64;
  for (const ResolvedRedirect& r : call.redirects) {
    if (state.open.inputs.size() + state.open.outputs.size() > kMost) return;
    const bool reads = r.op[0] == '<', writes = !reads || r.op == "<>";
    const std::string number = !r.fd.empty() ? r.fd : reads ? "0" : "1";
    if (writes && number != "1" && number != "2") state.open.outputs[number] = r;
    if (!reads) continue;
    Input input = input_of(call, number, {});
    if (input.kind != Input::Kind::inherited) state.open.inputs[number] = std::move(input);
  }
  for (const Redirects::Reader& reader : redirects.readers)
    if (reader.fd != "1" && reader.fd != "2") state.open.readers[reader.fd] = reader.process;
}

/// `exec 3< file`, `exec 3> file`: from here on.
void Evaluator::Impl::keep_descriptors(const Invocation& call, const Redirects& redirects) {
  const bool bare = std::all_of(call.argv.begin() + 1, call.argv.end(),
                                [](const Argument& a) { return a.value.prefix().starts_with('-'); });
  if (call.program == "exec" && bare) add_descriptors(call, redirects);
}

/// bash: `<&${COPROC[0]}`; zsh: `<&p`.
void Evaluator::Impl::open_coprocess(const Command& command, Value written, const Frame& frame) {
  Input input{Input::Kind::pipe, std::move(written), current_programs};
  if (frame.dialect.shell == Shell::zsh) {
    state.open.inputs["p"] = std::move(input);
    return;
  }
  const std::string name = command.name().empty() ? "COPROC" : std::string(command.name());
  state.variables[name] = {{Value::exact("63"), Value::exact("60")}, true};
  state.open.inputs["63"] = std::move(input);
}

/// Those of a compound command are open while it runs; returns what its commands read.
Input Evaluator::Impl::report_redirects(const Redirects& redirects, const Command& command,
                                        const Frame& frame) {
  Invocation call = new_call(command, frame);
  call.redirects = redirects.list;
  visitor.on_bare(call, owner);
  Input input = input_from(call, frame.input);
  add_descriptors(call, redirects);
  return input;
}

/// Runs what stands in `>(…)` on what was written.
Value Evaluator::Impl::walk_readers(const Redirects& redirects, const Value& written, const Frame& frame) {
  Value output;
  for (const Redirects::Reader& reader : redirects.readers) {
    Frame inner = frame;
    inner.context.emplace_back(">(");
    // Of what stands on 2 nothing is known; on another descriptor a program writes nothing unless told to.
    const Value seen = reader.fd == "1"   ? written
                       : reader.fd == "2" ? Value::unknown(HoleKind::output)
                                          : Value();
    inner.input = {Input::Kind::pipe, seen, current_programs};
    output.append(isolated(*reader.process->script(), inner));
  }
  return output;
}

}  // namespace cmdai::resolve
