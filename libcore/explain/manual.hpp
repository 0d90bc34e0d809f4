#pragma once
// What programs, their options and operands are for, in a phrase each: config/manual/*.txt, built in. Read
// when it is first asked for, which only `cmdai explain` does.
#include <map>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "libcore/commands/spec.hpp"

namespace cmdai::explain {

/// What stands for a value or an operand, as far as more can be said of it than its text.
enum class ValueKind : uint8_t {
  plain,
  path,
  host,
  url,
  remote,   ///< host:path, or a path here
  mode,     ///< rights of a file: 755, u+x
  command,  ///< a program and its words, or code: described on its own
};

/// An option with all its spellings, or a word with a meaning of its own (`if=FILE`, `aux`).
struct Entry {
  std::vector<std::string_view> spellings;  ///< -x, --extract, if=
  commands::Arg arg = commands::Arg::none;
  ValueKind kind = ValueKind::plain;
  bool to_semicolon = false;  ///< its value is a command that ends at `;` or `+` (find -exec)
  bool differs = false;       ///< on purpose from the catalogue's one table for all subcommands
  std::string_view says;      ///< {} stands for the value
};

struct Role {
  ValueKind kind = ValueKind::plain;
  bool many = false;
  std::string_view says;
};

/// Which operands there are when one of the options is given; no option: always; `--`: those behind it.
struct Operands {
  std::vector<std::string_view> when;
  std::vector<Role> roles;
};

struct Page {
  std::string name;  ///< program, or program and subcommand: "git push"
  std::string_view says;
  std::optional<commands::Order> order;
  bool letters = false;  ///< the first word may be letters of options without a dash (tar, ps)
  std::vector<Entry> entries;
  std::vector<Operands> operands;
  std::vector<std::string> includes;  ///< pages whose entries count here, too
};

class Manual {
 public:
  /// The pages that are built in.
  static const Manual& builtin();
  /// Of a text as in config/manual/. `problem` says what is wrong with it, with its line; else it is empty.
  void read(std::string_view text, std::string& problem);

  /// nullptr: nothing is written of it. Versioned names (python3.11) fall back to their stem.
  /// What a shell has built in otherwise than others stands under its name: fish/set.
  const Page* program(std::string_view name, std::string_view shell = {}) const;
  const Page* subcommand(const Page& of, std::string_view name) const;
  bool has_subcommands(const Page& page) const;
  /// The entry for an option as it is spelled, or for a word.
  const Entry* entry(const Page& page, std::string_view spelled) const;
  /// Its options as a table for commands::Call; those of `known` come first and count.
  std::vector<commands::Option> options(const Page& page, std::span<const commands::Option> known) const;

  const std::map<std::string, Page, std::less<>>& pages() const { return pages_; }

 private:
  const Page* find(std::string_view name) const;
  template <class Visit>
  void each_entry(const Page& page, Visit visit) const;

  std::map<std::string, Page, std::less<>> pages_;
  std::map<std::string, std::string, std::less<>> aliases_;  ///< other name -> name
};

/// The texts of config/manual/, by file name.
struct ManualText {
  std::string_view name, text;
};
std::span<const ManualText> manual_texts();

}  // namespace cmdai::explain
