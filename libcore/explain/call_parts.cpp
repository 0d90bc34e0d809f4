#include "libcore/explain/call_parts.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "libcore/commands/call.hpp"
#include "libcore/commands/catalogue.hpp"

namespace cmdai::explain {
namespace {

using commands::Call;
using commands::CommandSpec;
using commands::Option;
using commands::Order;
using commands::Reading;
using resolve::Argument;
using resolve::Invocation;

constexpr size_t kMostParts = 60;
constexpr std::string_view kNotDescribed = "not described here";

std::string text_of(const Argument& word) { return word.value.with_holes_empty(); }

/// Words `first` to `last` as one, at the place they are written.
Argument joined(const std::vector<Argument>& argv, size_t first, size_t last) {
  Argument out;
  std::string text;
  for (size_t i = first; i <= last; ++i) text += (i > first ? " " : "") + argv[i].value.display();
  out.value = resolve::Value::exact(std::move(text));
  out.place = argv[first].place;
  if (argv[last].place.source == out.place.source) out.place.range.end = argv[last].place.range.end;
  return out;
}

/// `tar xzf a`: letters without a dash, those with a value last, as in `tar -xz -f a`.
void add_dash(std::vector<Argument>& argv, std::span<const Option> options) {
  if (argv.size() < 2) return;
  const auto letters = argv[1].value.text();
  if (!letters || letters->empty() ||
      letters->find_first_not_of("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ") != std::string::npos)
    return;
  std::string plain, with_value;
  for (const char letter : *letters) {
    const auto option =
        std::find_if(options.begin(), options.end(), [&](const Option& o) { return o.letter == letter; });
    if (option == options.end()) return;
    (option->arg == commands::Arg::value ? with_value : plain) += letter;
  }
  argv[1].value = resolve::Value::exact("-" + plain + with_value);
}

/// find -exec COMMAND ;
void join_commands(std::vector<Argument>& argv, const Manual& manual, const Page& page) {
  for (size_t i = 1; i + 1 < argv.size(); ++i) {
    const Entry* entry = manual.entry(page, text_of(argv[i]));
    if (entry == nullptr || !entry->to_semicolon) continue;
    size_t end = i + 1;
    while (end + 1 < argv.size() && text_of(argv[end]) != ";" && text_of(argv[end]) != "+") ++end;
    argv[i + 1] = joined(argv, i + 1, end);
    argv.erase(argv.begin() + static_cast<std::ptrdiff_t>(i) + 2,
               argv.begin() + static_cast<std::ptrdiff_t>(end) + 1);
  }
}

bool is_number(std::string_view text) {
  return !text.empty() && text.find_first_not_of("0123456789") == std::string_view::npos;
}

/// -1 and 0 of -10 are one number.
std::vector<Reading> with_numbers(std::vector<Reading> readings) {
  std::vector<Reading> out;
  for (Reading& r : readings) {
    const bool digit = r.kind == Reading::Kind::option && r.option == nullptr && r.spelled.size() == 2 &&
                       is_number(std::string_view(r.spelled).substr(1));
    if (digit && !out.empty() && out.back().word == r.word &&
        is_number(
            std::string_view(out.back().spelled).substr(std::min<size_t>(1, out.back().spelled.size()))))
      out.back().spelled += r.spelled.substr(1);
    else
      out.push_back(std::move(r));
  }
  return out;
}

class Describer {
 public:
  Describer(const Invocation& call, const resolve::Session& session, const WrittenWords& written)
      : manual_(Manual::builtin()),
        call_(call),
        session_(session),
        written_(written),
        spec_(commands::find_command(call.program)) {}

  CallWords describe() {
    CallWords out;
    const Page* page = manual_.program(call_.program, call_.dialect.shell == Shell::fish ? "fish" : "");
    if (page == nullptr) {
      describe_plainly();
    } else {
      out.described = true;
      out.says = page->says;
      describe_by(*page);
    }
    out.parts = std::move(parts_);
    return out;
  }

 private:
  /// Nothing is written of the program: what the words stand for can be said all the same.
  void describe_plainly() {
    for (size_t i = 1; i < call_.argv.size(); ++i) {
      const std::string word = written(call_.argv[i]);
      const bool path = text_of(call_.argv[i]).find('/') != std::string::npos && !word.starts_with('-');
      std::string resolved =
          resolve_value(call_.argv[i], path ? ValueKind::path : ValueKind::plain, call_, session_, word);
      if (!resolved.empty()) add({LessonPart::Kind::operand, word, {}, std::move(resolved)});
    }
  }

  /// Down the subcommands, then what is left by the last one's table.
  void describe_by(const Page& page) {
    const Page* here = top_ = &page;
    std::vector<Option> table = table_of(page, spec_ != nullptr ? spec_->options : std::span<const Option>());
    adjusted_ = call_;
    if (page.letters) add_dash(adjusted_.argv, table);
    join_commands(adjusted_.argv, manual_, page);
    size_t start = 1;
    pages_ = {here};
    while (true) {
      std::vector<Reading> readings;
      const Call lead(adjusted_, table, Order::leading, start, &readings);
      const auto verb = std::find_if(readings.begin(), readings.end(),
                                     [](const Reading& r) { return r.kind == Reading::Kind::operand; });
      const Page* next =
          verb == readings.end() ? nullptr : manual_.subcommand(*here, text_of(adjusted_.argv[verb->word]));
      if (next == nullptr) break;
      for (auto r = readings.begin(); r != verb; ++r) add_option(*r);
      add({LessonPart::Kind::subcommand, written(adjusted_.argv[verb->word]), std::string(next->says), {}});
      start = verb->word + 1;
      here = next;
      table = table_below(*next, text_of(adjusted_.argv[verb->word]));
    }
    std::vector<Reading> readings;
    raw_ = order_of(*here) == Order::raw;
    const Call call(adjusted_, table, order_of(*here), start, &readings);
    add_readings(*here, with_numbers(std::move(readings)));
  }

  std::vector<Option> table_of(const Page& page, std::span<const Option> known) const {
    return manual_.options(page, known);
  }

  /// A subcommand's own table; where the catalogue reads all by one, that and what stands above it.
  std::vector<Option> table_below(const Page& page, std::string_view name) {
    std::span<const Option> known;
    const bool apart = spec_ != nullptr && spec_->order == Order::leading;
    if (spec_ != nullptr && spec_->subcommand_options != nullptr)
      known = spec_->subcommand_options(name);
    else if (spec_ != nullptr && !apart)
      known = spec_->options;
    std::vector<Option> table = table_of(page, known);
    if (apart)
      pages_.clear();
    else
      for (auto above = pages_.rbegin(); above != pages_.rend(); ++above) table = table_of(**above, table);
    pages_.push_back(&page);
    return table;
  }

  Order order_of(const Page& page) const {
    if (page.order) return *page.order;
    if (top_->order == Order::single_dash) return Order::single_dash;  // its subcommands, too
    const bool top = pages_.size() == 1 && page.name.find(' ') == std::string::npos;
    if (spec_ == nullptr || (!top && spec_->order == Order::leading)) return Order::permuted;
    return spec_->order;
  }

  const Entry* entry(std::string_view spelled) const {
    for (auto page = pages_.rbegin(); page != pages_.rend(); ++page)
      if (const Entry* found = manual_.entry(**page, spelled)) return found;
    return nullptr;
  }

  /// As it is written, else by the name that an abbreviation stands for, else what counts for all others.
  const Entry* entry_of(const Reading& r) const {
    // A name the program takes apart otherwise than its table: wget -nc, gcc -O2.
    if (r.with_value && !r.next_word && !r.spelled.starts_with("--"))
      if (const Entry* found = entry(r.spelled + text_of(r.value))) return found;
    if (const Entry* found = entry(r.spelled)) return found;
    if (r.option != nullptr) {
      const std::string name(r.option->name);
      if (const Entry* found = entry((r.spelled.starts_with("--") || name.size() > 1 ? "--" : "-") + name))
        return found;
      if (const Entry* found = entry("-" + name); found != nullptr && r.option->letter == 0) return found;
    }
    if (is_number(std::string_view(r.spelled).substr(1)))
      if (const Entry* found = entry("-NUM")) return found;
    return entry("-*");
  }

  /// gcc -Idir among names with one dash: a letter with its value.
  const Entry* glued_entry(const Reading& r) const {
    const bool one_dash = r.option == nullptr && !r.with_value && r.spelled.size() > 2 && r.spelled[1] != '-';
    const Entry* found = one_dash && entry(r.spelled) == nullptr ? entry(r.spelled.substr(0, 2)) : nullptr;
    return found != nullptr && found->arg != commands::Arg::none ? found : nullptr;
  }

  void add_option(const Reading& r) {
    LessonPart part;
    part.kind = LessonPart::Kind::option;
    if (r.kind == Reading::Kind::separator) {
      part.text = "--";
      part.says = "no options follow, only operands";
      return add(std::move(part));
    }
    const Entry* entry = entry_of(r);
    std::string value = r.with_value ? r.value.value.display() : std::string();
    if (const Entry* glued = glued_entry(r)) {
      entry = glued;
      value = r.spelled.substr(2);
    }
    part.text = r.spelled;
    if (page_letters() && r.word == 1 && !text_of(call_.argv[1]).starts_with('-')) part.text.erase(0, 1);
    if (r.with_value) {
      const std::string word = r.next_word ? written(r.value) : value;
      part.text += (r.next_word ? " " : r.spelled.size() > 2 ? "=" : "") + word;
      if (r.word < call_.argv.size() && !r.next_word &&
          text_of(adjusted_.argv[r.word]).starts_with(r.spelled))
        part.text = written(adjusted_.argv[r.word]);
      if (entry != nullptr) part.resolved = resolve_value(r.value, entry->kind, call_, session_, word);
    } else if (entry != nullptr && is_number(std::string_view(r.spelled).substr(1))) {
      value = r.spelled.substr(1);
    }
    if (entry != nullptr)
      part.says = entry->to_semicolon ? std::string(entry->says) : filled(entry->says, value);
    else if (r.spelled == "--help" || r.spelled == "--version")
      part.says = r.spelled == "--help" ? "shows its help and does nothing else"
                                        : "says its version and does nothing else";
    else
      part.says = kNotDescribed;
    if (!part.resolved.empty() && part.says.find(part.resolved) != std::string::npos) part.resolved.clear();
    add(std::move(part));
  }

  bool page_letters() const { return pages_.size() == 1 && pages_.front()->letters; }

  static std::string filled(std::string_view says, std::string_view value) {
    const size_t hole = says.find("{}");
    if (hole == std::string_view::npos) return std::string(says);
    std::string shown(value.empty() ? "…" : value);
    if (shown.size() > 60) shown = shown.substr(0, 60) + "…";
    return fmt::format("{}{}{}", says.substr(0, hole), shown, says.substr(hole + 2));
  }

  /// Of what stands behind `--`, where that is something else.
  static bool is_behind(const Operands& o) { return o.when.size() == 1 && o.when.front() == "--"; }

  static const std::vector<Role>* roles_of(const Page& page, const std::vector<Reading>& readings) {
    for (const Operands& o : page.operands) {
      if (is_behind(o)) continue;
      const bool holds =
          o.when.empty() || std::any_of(readings.begin(), readings.end(), [&](const Reading& r) {
            return std::find(o.when.begin(), o.when.end(), r.spelled) != o.when.end() ||
                   (r.option != nullptr && std::find(o.when.begin(), o.when.end(),
                                                     "--" + std::string(r.option->name)) != o.when.end());
          });
      if (holds) return &o.roles;
    }
    return nullptr;
  }

  /// Which role operand `i` of `count` has: those before the repeated one from the left, those after it from
  /// the right.
  static const Role* role_at(const std::vector<Role>* roles, size_t i, size_t count) {
    if (roles == nullptr || roles->empty()) return nullptr;
    const auto many = std::find_if(roles->begin(), roles->end(), [](const Role& r) { return r.many; });
    if (many == roles->end()) return i < roles->size() ? &(*roles)[i] : nullptr;
    const auto head = static_cast<size_t>(many - roles->begin());
    const size_t tail = roles->size() - head - 1;
    if (i < head) return &(*roles)[i];
    if (count - i <= tail) return &(*roles)[roles->size() - (count - i)];
    return &*many;
  }

  /// A word with a meaning of its own: if=FILE.
  const Entry* word_entry(const Reading& r) const {
    if (r.kind != Reading::Kind::operand) return nullptr;
    const std::string text = text_of(adjusted_.argv[r.word]);
    return text.starts_with('-') && text.size() > 1 && !raw_ ? nullptr : entry(text);
  }

  void add_readings(const Page& page, const std::vector<Reading>& readings) {
    const std::vector<Role>* roles = roles_of(page, readings);
    const auto count =
        static_cast<size_t>(std::count_if(readings.begin(), readings.end(), [&](const Reading& r) {
          return r.kind == Reading::Kind::operand && word_entry(r) == nullptr;
        }));
    const auto behind = std::find_if(page.operands.begin(), page.operands.end(), is_behind);
    size_t i = 0;
    const Argument* before = nullptr;
    for (const Reading& r : readings) {
      if (r.kind == Reading::Kind::separator && behind != page.operands.end()) roles = &behind->roles;
      if (r.kind != Reading::Kind::operand) {
        add_option(r);
        continue;
      }
      const Argument& word = adjusted_.argv[r.word];
      if (const Entry* own = word_entry(r)) {
        add_word(word, *own);
        continue;
      }
      const Role* role = role_at(roles, i++, count);
      if (role != nullptr && role->kind == ValueKind::command && role->many) {
        const Argument rest = joined(adjusted_.argv, r.word, adjusted_.argv.size() - 1);
        return add({LessonPart::Kind::operand, written(rest), std::string(role->says), {}});
      }
      const bool verb = before == nullptr && page.operands.empty() && manual_.has_subcommands(page);
      if (verb)
        add({LessonPart::Kind::subcommand, written(word), std::string(kNotDescribed), {}});
      else
        add_operand(word, role, before);
      before = &word;
    }
  }

  void add_word(const Argument& word, const Entry& entry) {
    Argument value = word;
    const std::string key = text_of(word).substr(0, text_of(word).find('=') + 1);
    const bool keyed =
        std::find(entry.spellings.begin(), entry.spellings.end(), key) != entry.spellings.end();
    std::string resolved;
    if (keyed) {
      value.value = resolve::Value::exact(text_of(word).substr(key.size()));
      if (word.value.is_exact()) resolved = resolve_value(value, entry.kind, call_, session_, text_of(value));
    }
    add({LessonPart::Kind::operand, written(word), filled(entry.says, keyed ? text_of(value) : ""),
         std::move(resolved)});
  }

  /// Words that one word of the line was expanded to are shown as that word.
  void add_operand(const Argument& word, const Role* role, const Argument* before) {
    std::string says = role != nullptr ? std::string(role->says) : std::string();
    const std::string text = written(word);
    std::string resolved =
        resolve_value(word, role != nullptr ? role->kind : ValueKind::plain, call_, session_, text);
    const bool same = before != nullptr && before->place.source == word.place.source &&
                      before->place.range.begin == word.place.range.begin && !parts_.empty() &&
                      parts_.back().text == text && parts_.back().says == says;
    if (!same) return add({LessonPart::Kind::operand, text, std::move(says), std::move(resolved)});
    if (parts_.back().resolved.size() < 200 && !resolved.empty()) parts_.back().resolved += ", " + resolved;
  }

  std::string written(const Argument& word) const {
    const bool whole = word.place.source == call_.place.source &&
                       word.place.range.begin == call_.place.range.begin &&
                       word.place.range.end == call_.place.range.end;
    return whole ? word.value.display() : written_.at(word);
  }

  void add(LessonPart part) {
    if (parts_.size() < kMostParts) return parts_.push_back(std::move(part));
    parts_.back() = {LessonPart::Kind::operand, "…", "and more words", {}};
  }

  const Manual& manual_;
  const Invocation& call_;
  const resolve::Session& session_;
  const WrittenWords& written_;
  const CommandSpec* spec_;
  Invocation adjusted_;             ///< with what the manual says of its words taken into account
  std::vector<const Page*> pages_;  ///< whose entries count, the nearest last
  const Page* top_ = nullptr;       ///< the program's own
  bool raw_ = false;                ///< the program's options are operands to the table
  std::vector<LessonPart> parts_;
};

}  // namespace

std::string WrittenWords::at(const Argument& word) const {
  if (word.place.source < sources_.size()) {
    const std::string& text = sources_[word.place.source].text;
    const Range range = word.place.range;
    if (range.begin < range.end && range.end <= text.size())
      return text.substr(range.begin, range.end - range.begin);
  }
  return word.value.display();
}

CallWords describe_call(const Invocation& call, const resolve::Session& session,
                        const WrittenWords& written) {
  return Describer(call, session, written).describe();
}

}  // namespace cmdai::explain
