// Words to fields: braces, tilde, parameters, substitutions, splitting, quote removal — in the shells' order.
#include <utility>

#include "libcore/resolve/evaluator_impl.hpp"
#include "libcore/resolve/words.hpp"
#include "libcore/syntax/builder.hpp"

namespace cmdai::resolve {
namespace {

using syntax::Part;
using syntax::PartKind;

void strip_newlines(Value& value) {
  if (!value.is_exact()) return;
  std::string text = value.with_holes_empty();
  while (!text.empty() && text.back() == '\n') text.pop_back();
  const Taint taint = value.taint;
  value = Value::exact(std::move(text));
  value.taint = taint;
}

/// fish: a substitution gives a word for each line.
std::vector<Value> lines_of(const Value& output) {
  const std::string text = output.with_holes_empty();
  std::vector<Value> lines;
  for (size_t at = 0; at < text.size();) {
    const size_t end = std::min(text.find('\n', at), text.size());
    lines.push_back(Value::exact(text.substr(at, end - at)));
    lines.back().taint = output.taint;
    at = end + 1;
  }
  return lines;
}

Field& current(std::vector<Field>& out) {
  if (out.empty()) out.emplace_back();
  return out.back();
}

}  // namespace

Value Evaluator::Impl::tilde(std::string_view& text) const {
  const size_t slash = std::min(text.find('/'), text.size());
  const std::string_view user = text.substr(1, slash - 1);
  const bool is_name = std::all_of(user.begin(), user.end(), [](char c) {
    return std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '.' || c == '_' || c == '-' || c == '+';
  });
  if (!is_name) {  // `~:/w`: nobody is called so, and the shell leaves it alone
    Value out = Value::exact(std::string(text.substr(0, slash)));
    text.remove_prefix(slash);
    return out;
  }
  text.remove_prefix(slash);
  if (user.empty() || (!session.user.empty() && user == session.user))
    return session.home.empty() ? Value::unknown(HoleKind::variable, "HOME", false)
                                : Value::exact(session.home);
  if (user == "+") return state.cwd;
  if (user == "-") return Value::unknown(HoleKind::variable, "OLDPWD", false);
  return Value::exact(user == "root" ? "/root" : "/home/" + std::string(user));
}

/// Splits the exact, unquoted part of an expansion at $IFS; the parts around it join the first and last
/// field.
void Evaluator::Impl::add_split(const Value& value, std::vector<Field>& out, const Frame& frame) {
  if (!spend(value.size(), frame)) return;
  std::string separators = " \t\n";
  if (const auto it = state.variables.find("IFS"); it != state.variables.end() && !it->second.items.empty())
    separators = it->second.items.front().with_holes_empty();
  current(out).value.taint = current(out).value.taint | value.taint;
  for (const Piece& piece : value.pieces()) {
    if (piece.hole) {
      Value hole = Value::unknown(*piece.hole, piece.text, true);
      current(out).value.append(hole);
      continue;
    }
    std::string_view rest = piece.text;
    while (!rest.empty()) {
      const size_t stop = std::min(rest.find_first_of(separators), rest.size());
      if (stop > 0) {
        current(out).value.append_literal(rest.substr(0, stop), true);
        current(out).present = true;
      }
      if (stop == rest.size()) break;
      rest.remove_prefix(std::min(rest.find_first_not_of(separators, stop), rest.size()));
      if (current(out).present || !current(out).value.pieces().empty()) {
        out.emplace_back();
        out.back().value.taint = value.taint;
      }
      if (out.size() > limits.words) return;
    }
  }
}

void Evaluator::Impl::add_list(const std::vector<Value>& items, bool quoted, bool joined,
                               std::vector<Field>& out, const Frame& frame, bool split) {
  const bool splits =
      split && !quoted && frame.dialect.shell != Shell::zsh && frame.dialect.shell != Shell::fish;
  if (quoted && joined) {  // "$*"
    Value all;
    for (size_t i = 0; i < items.size() && spend(items[i].size(), frame); ++i) {
      if (i > 0) all.append_literal(" ", false);
      all.append(items[i]);
    }
    current(out).value.append(all);
    current(out).present = true;
    return;
  }
  for (size_t i = 0; i < items.size(); ++i) {
    if (!spend(items[i].size(), frame)) return;
    if (i > 0 && split)
      out.emplace_back();
    else if (i > 0)
      current(out).value.append_literal(" ", false);
    if (splits) {
      add_split(items[i], out, frame);
      continue;
    }
    Field& field = current(out);
    for (const Piece& piece : items[i].pieces()) {
      if (piece.hole)
        field.value.append(Value::unknown(*piece.hole, piece.text, !quoted));
      else
        field.value.append_literal(piece.text, piece.active && !quoted);
    }
    field.value.taint = field.value.taint | items[i].taint;
    field.present |= quoted || !items[i].pieces().empty();
  }
}

void Evaluator::Impl::expand_parts(std::span<const Part> parts, const Frame& frame, bool split,
                                   std::vector<Field>& out) {
  for (size_t i = 0; i < parts.size(); ++i) {
    if (!spend(1 + parts[i].text.size() / 8, frame)) return;
    if (frame.dialect.shell != Shell::fish || !split) {
      expand_part(parts, i, frame, split, out);
      continue;
    }
    std::vector<Field> more;  // fish: `x$list` is a word for each element
    expand_part(parts, i, frame, split, more);
    if (i == 0)
      out = std::move(more);
    else
      multiply(out, more, frame);
  }
}

void Evaluator::Impl::multiply(std::vector<Field>& left, const std::vector<Field>& right,
                               const Frame& frame) {
  std::vector<Field> product;
  if (left.size() * right.size() > limits.words) return too_complex(frame);
  for (const Field& r : right) {
    for (const Field& l : left) {
      if (!spend(l.value.size() + r.value.size(), frame)) return;
      Field both = l;
      both.value.append(r.value);
      both.present |= r.present;
      if (r.process) both.process = r.process;
      product.push_back(std::move(both));
    }
  }
  left = std::move(product);
}

/// Text at the start of a word, with its tilde: `~/x`, and behind `name=` in bash (`dd of=~/x`).
void Evaluator::Impl::first_text(std::string_view text, bool more_follows, const Frame& frame, Field& field) {
  const Shell shell = frame.dialect.shell;
  if (shell == Shell::bash && !frame.dialect.posix && !text.empty() && syntax::is_name_start(text[0])) {
    size_t equals = 0;
    while (equals < text.size() && syntax::is_name_char(text[equals])) ++equals;
    if (text.substr(equals).starts_with("=~")) {
      field.value.append_literal(text.substr(0, equals + 1), true);
      text.remove_prefix(equals + 1);
    }
  }
  // The name is cut by quotes or an expansion: no tilde prefix.
  const bool cut =
      more_follows && text.find('/') == std::string_view::npos && shell != Shell::zsh && shell != Shell::fish;
  if (text.starts_with('~') && !cut) field.value.append(tilde(text));
  field.value.append_literal(text, true);
}

void Evaluator::Impl::expand_part(std::span<const Part> parts, size_t index, const Frame& frame, bool split,
                                  std::vector<Field>& out) {
  const Part& part = parts[index];
  switch (part.kind) {
    case PartKind::text: {
      std::string_view text = part.text;
      Field& field = current(out);
      if (index == 0 && frame.dialect.shell == Shell::zsh && text.size() > 1 && text[0] == '=' && split)
        text.remove_prefix(1);
      if (index == 0)
        first_text(text, parts.size() > 1, frame, field);
      else
        field.value.append_literal(text, true);
      field.present = true;
      break;
    }
    case PartKind::quoted: {
      Field& field = current(out);
      field.value.append_literal(part.text, false);
      field.present = true;
      break;
    }
    case PartKind::parameter: {
      bool list = false, joined = false;
      const std::vector<Value> items = parameter(part, frame, list, joined);
      const bool zsh_split = part.parameter()->split;
      if (frame.dialect.shell == Shell::fish && part.in_quotes) joined = true;
      if (zsh_split && !items.empty())
        add_split(items.front(), out, frame);
      else
        add_list(items, part.in_quotes, joined || !list, out, frame, split);
      if (part.in_quotes && !list) current(out).present = true;
      break;
    }
    case PartKind::command: {
      Frame inner = frame;
      inner.context.emplace_back("$(");
      inner.output_piped = true;
      std::vector<std::string> programs =
          std::exchange(current_programs, {});  // they do not write to this stage
      statement_prints.clear();
      Value output = isolated(*part.script(), inner);
      substitution_prints = std::exchange(statement_prints, {});
      if (part.script()->statements.size() != 1) substitution_prints.clear();
      for (Value& way : substitution_prints) strip_newlines(way);
      current_programs = std::move(programs);
      strip_newlines(output);
      const Shell shell = frame.dialect.shell;
      if (shell == Shell::zsh && split && !part.in_quotes)
        add_split(output, out, frame);
      else if (shell == Shell::fish && split && !part.in_quotes && output.is_exact())
        add_list(lines_of(output), false, false, out, frame, split);
      else
        add_list({output}, part.in_quotes, false, out, frame, split);
      if (part.in_quotes) current(out).present = true;
      break;
    }
    case PartKind::arithmetic: {
      Value result = part.words().empty() ? Value() : arithmetic(*part.words().front(), frame);
      current(out).value.append(result);
      current(out).present = true;
      break;
    }
    case PartKind::process: {
      Frame inner = frame;
      inner.context.emplace_back(std::string(part.text) + "(");
      inner.output_piped = true;
      auto produced = std::make_shared<Input>();
      produced->kind = Input::Kind::process;
      std::swap(produced->producers, current_programs);
      produced->data = isolated(*part.script(), inner);
      std::swap(produced->producers, current_programs);
      Field& field = current(out);
      field.value.append_literal("/dev/fd/63", false);
      field.value.taint = field.value.taint | produced->data.taint;
      field.present = true;
      field.process = std::move(produced);
      break;
    }
    case PartKind::extglob:
      run_glob_qualifiers(part.text, frame);
      walk_words(part.words(), frame);
      current(out).value.append_literal(part.text, true);
      current(out).present = true;
      break;
    case PartKind::array:
      walk_words(part.words(), frame);
      current(out).value.append_literal(part.text, true);
      current(out).present = true;
      break;
  }
}

std::vector<Argument> Evaluator::Impl::fields(const syntax::Word& word, const Frame& frame) {
  std::vector<Argument> out;
  add_word(word, frame, out);
  return out;
}

/// The fields of a word, behind those that are there.
void Evaluator::Impl::add_word(const syntax::Word& word, const Frame& frame, std::vector<Argument>& out) {
  if (complained) return;
  if (const auto text = literal_text(word)) {
    if (!spend(1 + text->size() / 8, frame) || !spend(sizeof(Argument) + text->size(), frame)) return;
    Argument& made = out.emplace_back();
    made.value.append_literal(*text, true);
    made.place = place(word.range, frame);
    return;
  }
  if (!has_braces(word, frame.dialect)) {
    add_fields(word.parts, place(word.range, frame), frame, out);
    return;
  }
  BraceCut cut = BraceCut::none;
  for (const ExpandedWord& expanded : expand_braces(word, frame.dialect, storage, limits.words, &cut))
    if (!add_fields(expanded.parts, place(word.range, frame), frame, out)) return;
  if (cut == BraceCut::words) too_complex(frame);
}

/// False: enough.
bool Evaluator::Impl::add_fields(std::span<const syntax::Part> parts, Place place, const Frame& frame,
                                 std::vector<Argument>& out) {
  const bool grouped =
      std::any_of(parts.begin(), parts.end(), [](const Part& p) { return p.kind == PartKind::extglob; });
  if (grouped && add_choices(parts, place, frame, out)) return !complained;
  std::vector<Field> list;
  expand_parts(parts, frame, true, list);
  for (Field& f : list) {
    if (!spend(sizeof(Argument) + f.value.size(), frame)) return false;
    if (f.present || !f.value.pieces().empty())
      out.push_back({std::move(f.value), place, std::move(f.process)});
  }
  return true;
}

Value Evaluator::Impl::single(const syntax::Word& word, const Frame& frame) {
  return joined(word.parts, frame);
}

/// One word, whatever stands in it.
Value Evaluator::Impl::joined(std::span<const syntax::Part> parts, const Frame& frame) {
  std::vector<Field> list;
  expand_parts(parts, frame, false, list);
  if (list.empty()) return {};
  Value out = std::move(list.front().value);
  for (size_t i = 1; i < list.size(); ++i) {
    out.append_literal(" ", false);
    out.append(list[i].value);
  }
  spend(out.size(), frame);
  return out;
}

/// In a declaration bash expands braces: `declare x={a,b}` is `declare x=a x=b`, of which the last one holds.
Value Evaluator::Impl::declared_value(const syntax::Word& word, const Frame& frame) {
  if (frame.dialect.shell != Shell::bash) return single(word, frame);
  BraceCut cut = BraceCut::none;
  const std::vector<ExpandedWord> words = expand_braces(word, frame.dialect, storage, limits.words, &cut);
  return words.empty() ? Value() : joined(words.back().parts, frame);
}

/// ([3]=x [name]=y): the subscript is arithmetic, and says where the value goes where it is a number. False:
/// no such word.
bool Evaluator::Impl::place_element(const Value& word, std::vector<Value>& items, const Frame& frame) {
  const std::string text = word.with_holes_empty();
  const size_t close = text.rfind("]=");
  if (close == std::string::npos || !spend(text.size(), frame)) return false;
  const std::string subscript = text.substr(1, close - 1);
  evaluate_arithmetic(Value::exact(subscript), frame);
  Value value;
  size_t skip = close + 2;  // holes before it belong to the subscript
  for (const Piece& p : word.pieces()) {
    if (p.hole) {
      if (skip == 0) value.append(Value::unknown(*p.hole, p.text, p.active));
      continue;
    }
    const size_t drop = std::min(skip, p.text.size());
    skip -= drop;
    value.append_literal(std::string_view(p.text).substr(drop), false);
  }
  value.taint = word.taint;
  size_t at = items.size();
  const bool number = !subscript.empty() && subscript.size() < 4 &&
                      std::all_of(subscript.begin(), subscript.end(), syntax::is_digit);
  if (number) at = static_cast<size_t>(std::stoul(subscript));
  if (items.size() <= at) items.resize(at + 1);
  items[at] = std::move(value);
  return true;
}

std::vector<Value> Evaluator::Impl::array_items(const syntax::Word& word, const Frame& frame) {
  std::vector<Value> items;
  for (const Part& part : word.parts) {
    if (part.kind != PartKind::array) continue;
    for (const syntax::Word* element : part.words()) {
      const bool keyed = !element->parts.empty() && element->parts[0].kind == PartKind::text &&
                         element->parts[0].text.starts_with('[') &&
                         std::any_of(element->parts.begin(), element->parts.end(), [](const Part& p) {
                           return p.kind == PartKind::text && p.text.find("]=") != std::string_view::npos;
                         });
      if (keyed && place_element(single(*element, frame), items, frame)) continue;
      for (Argument& a : fields(*element, frame)) items.push_back(std::move(a.value));
    }
  }
  if (items.size() >= limits.words)
    too_complex(frame);  // numbers may be missing: ${array[5000]} is not unset
  return items;
}

/// For the substitutions inside; the words themselves lead nowhere.
void Evaluator::Impl::walk_words(std::span<const syntax::Word* const> words, const Frame& frame) {
  for (const syntax::Word* w : words) {
    if (complained) return;
    std::vector<Field> ignored;
    expand_parts(w->parts, frame, false, ignored);
  }
}

}  // namespace cmdai::resolve
