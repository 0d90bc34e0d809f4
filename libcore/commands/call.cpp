#include "libcore/commands/call.hpp"

#include <algorithm>

#include "libcore/base/text.hpp"

namespace cmdai::commands {
namespace {

using resolve::Argument;
using resolve::Value;

const Option* by_letter(std::span<const Option> options, char letter) {
  for (const Option& o : options)
    if (o.letter == letter && letter != 0) return &o;
  return nullptr;
}

/// Options by which a program does less than without them.
bool holds_back(std::string_view name) {
  static constexpr std::string_view kNames[] = {
      "help",       "version",    "dry-run", "dryrun", "no-act", "simulate", "list", "interactive",
      "no-clobber", "just-print", "cached",  "print",  "patch",  "keep",     "soft"};
  return among(kNames, name);
}

/// What a long option means: the exact name, or what it is a prefix of (getopt_long, git's parse-options).
/// With several readings a program refuses it; which of them it would be is not for a guard to guess, so all
/// count that do something.
std::vector<const Option*> by_name(std::span<const Option> options, std::string_view name) {
  std::vector<const Option*> found;
  for (const Option& o : options) {
    if (o.name == name) return {&o};
    if (name.empty() || !o.name.starts_with(name)) continue;
    const bool known =
        std::any_of(found.begin(), found.end(), [&](const Option* f) { return f->name == o.name; });
    if (!known) found.push_back(&o);
  }
  // A whole word of several names (--export of --export-…) is an option of its own that no table here needed.
  if (found.size() > 1)
    std::erase_if(found,
                  [name](const Option* o) { return holds_back(o->name) || o->name[name.size()] == '-'; });
  return found;
}

/// How much of it is a number: 777, x1F.
size_t count_digits(std::string_view text) {
  const std::string_view digits = text.starts_with('x') ? "0123456789abcdefABCDEF" : "0123456789";
  const size_t start = text.starts_with('x') ? 1 : 0;
  return std::min(text.find_first_not_of(digits, start), text.size());
}

/// The value behind `drop` literal bytes: -ofile, --out=file.
Argument tail(const Argument& word, size_t drop) {
  Argument out = word;
  Value value;
  for (const resolve::Piece& p : word.value.pieces()) {
    if (p.hole) {
      value.append(Value::unknown(*p.hole, p.text, p.active));
      continue;
    }
    const size_t cut = std::min(drop, p.text.size());
    drop -= cut;
    value.append_literal(std::string_view(p.text).substr(cut), p.active);
  }
  value.taint = word.value.taint;
  out.value = std::move(value);
  return out;
}

}  // namespace

Call::Call(const resolve::Invocation& invocation, std::span<const Option> options, Order order, size_t skip,
           std::vector<Reading>* readings)
    : invocation_(invocation), skip_(std::min(skip, invocation.argv.size())), readings_(readings) {
  read(options, order);
}

void Call::note(Reading::Kind kind, size_t word) const {
  if (readings_ != nullptr) readings_->push_back({kind, word, {}, nullptr, false, false, {}});
}

void Call::note(size_t word, std::string_view dashes, std::string_view name, const Option* option,
                const Argument* value, bool next_word) const {
  if (readings_ == nullptr) return;
  readings_->push_back({Reading::Kind::option, word, std::string(dashes) + std::string(name), option,
                        value != nullptr, next_word, value != nullptr ? *value : Argument{}});
}

void Call::give(std::string_view name, const Argument* value) {
  given_.emplace_back(name);
  if (value != nullptr) values_.emplace(std::string(name), *value);
}

void Call::read(std::span<const Option> options, Order order) {
  const auto& argv = invocation_.argv;
  bool only_operands = order == Order::raw;
  for (size_t i = skip_; i < argv.size(); ++i) {
    const std::string word = argv[i].value.prefix();
    const bool option = !only_operands && word.size() > 1 && word[0] == '-';
    if (!option) {
      operands_.push_back(&argv[i]);
      operand_index_.push_back(i);
      note(Reading::Kind::operand, i);
      only_operands |= order == Order::leading;
      continue;
    }
    if (word == "--" && argv[i].value.is_exact()) {
      only_operands = true;
      note(Reading::Kind::separator, i);
      continue;
    }
    if (word[1] == '-')
      i = read_long(options, i, std::string_view(word).substr(2));
    else if (order == Order::single_dash && word.size() > 2)
      i = read_long(options, i, std::string_view(word).substr(1));
    else
      i = read_short(options, i, std::string_view(word).substr(1));
  }
}

size_t Call::read_long(std::span<const Option> options, size_t i, std::string_view body) {
  const auto& argv = invocation_.argv;
  const size_t equals = body.find('=');
  const std::string_view name = body.substr(0, equals);
  const std::vector<const Option*> readings = by_name(options, name);
  const std::string_view dashes = argv[i].value.prefix().starts_with("--") ? "--" : "-";
  const Option* only = readings.size() == 1 ? readings.front() : nullptr;
  if (equals != std::string_view::npos) {
    const Argument value = tail(argv[i], dashes.size() + equals + 1);
    note(i, dashes, name, only, &value);
    for (const Option* reading : readings) give(reading->name, &value);
    if (readings.size() != 1) give(name, &value);
    return i;
  }
  if (readings.size() > 1) {  // or an option of that very name, which the table does not have
    for (const Option* reading : readings) give(reading->name, nullptr);
    give(name, nullptr);
    note(i, dashes, name, nullptr, nullptr);
    return i;
  }
  const Option* option = only;
  const std::string_view known = option != nullptr ? option->name : name;
  if (option != nullptr && option->arg == Arg::value && i + 1 < argv.size()) {
    give(known, &argv[i + 1]);
    note(i, dashes, name, option, &argv[i + 1], true);
    return i + 1;
  }
  give(known, nullptr);
  note(i, dashes, name, option, nullptr);
  return i;
}

size_t Call::read_short(std::span<const Option> options, size_t i, std::string_view letters) {
  const auto& argv = invocation_.argv;
  for (size_t k = 0; k < letters.size(); ++k) {
    const Option* option = by_letter(options, letters[k]);
    const std::string_view letter = letters.substr(k, 1);
    if (option == nullptr || option->arg == Arg::none) {
      note(i, "-", letter, option, nullptr);
      give(option != nullptr ? option->name : letter, nullptr);
      continue;
    }
    if (option->arg == Arg::digits) {
      give(option->name, nullptr);
      note(i, "-", letter, option, nullptr);
      k += count_digits(letters.substr(k + 1));
      continue;
    }
    const bool glued = k + 1 < letters.size() || !argv[i].value.is_exact();
    if (glued) {
      const Argument value = tail(argv[i], k + 2);
      give(option->name, &value);
      note(i, "-", letter, option, &value);
      return i;
    }
    if (option->arg == Arg::value && i + 1 < argv.size()) {
      give(option->name, &argv[i + 1]);
      note(i, "-", letter, option, &argv[i + 1], true);
      return i + 1;
    }
    give(option->name, nullptr);
    note(i, "-", letter, option, nullptr);
  }
  return i;
}

bool Call::has(std::string_view option) const {
  return std::find(given_.begin(), given_.end(), option) != given_.end();
}

bool Call::any(std::string_view options) const {
  while (!options.empty()) {
    const size_t blank = std::min(options.find(' '), options.size());
    if (has(options.substr(0, blank))) return true;
    options.remove_prefix(std::min(blank + 1, options.size()));
  }
  return false;
}

const Argument* Call::value(std::string_view option) const {
  const auto it = values_.find(option);
  return it == values_.end() ? nullptr : &it->second;
}

std::vector<const Argument*> Call::values(std::string_view option) const {
  std::vector<const Argument*> out;
  for (auto [it, end] = values_.equal_range(option); it != end; ++it) out.push_back(&it->second);
  return out;
}

std::string Call::text(std::string_view option) const {
  const Argument* a = value(option);
  return a == nullptr ? std::string() : a->value.with_holes_empty();
}

std::string Call::operand(size_t i) const {
  return i < operands_.size() ? operands_[i]->value.with_holes_empty() : std::string();
}

std::vector<Argument> Call::rest(size_t i) const {
  if (i >= operand_index_.size()) return {};
  return {invocation_.argv.begin() + static_cast<std::ptrdiff_t>(operand_index_[i]), invocation_.argv.end()};
}

}  // namespace cmdai::commands
