#pragma once
// One invocation read by its program's option table.
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "libcore/commands/spec.hpp"
#include "libcore/resolve/invocation.hpp"

namespace cmdai::commands {

/// One piece of a line as the option table reads it, for who wants to show how that is.
struct Reading {
  enum class Kind : uint8_t { option, operand, separator };
  Kind kind = Kind::operand;
  size_t word = 0;                 ///< index in argv
  std::string spelled;             ///< of an option: as written, without its value: -x, --colo
  const Option* option = nullptr;  ///< nullptr: not in the table, or not clear which
  bool with_value = false;         ///< the value is there
  bool next_word = false;          ///< and is a word of its own, the one after `word`
  resolve::Argument value;
};

/// A view: borrows the invocation, which must outlive it.
class Call {
 public:
  /// `skip`: words that are program name and subcommand. `readings`: filled in when given.
  Call(const resolve::Invocation& invocation, std::span<const Option> options, Order order, size_t skip = 1,
       std::vector<Reading>* readings = nullptr);

  bool has(std::string_view option) const;
  /// Whether any of the blank-separated names was given.
  bool any(std::string_view options) const;
  const resolve::Argument* value(std::string_view option) const;
  std::vector<const resolve::Argument*> values(std::string_view option) const;
  std::string text(std::string_view option) const;  ///< value with holes empty, "" when absent

  const std::vector<const resolve::Argument*>& operands() const { return operands_; }
  std::string operand(size_t i) const;  ///< text with holes empty, "" when absent
  /// argv from operand i on, options of the inner command included (Order::leading).
  std::vector<resolve::Argument> rest(size_t i = 0) const;
  const std::vector<std::string>& given() const { return given_; }

  const resolve::Invocation& invocation() const { return invocation_; }
  const std::string& program() const { return invocation_.program; }
  const std::vector<resolve::Argument>& argv() const { return invocation_.argv; }
  size_t skipped() const { return skip_; }

 private:
  void read(std::span<const Option> options, Order order);
  size_t read_long(std::span<const Option> options, size_t i, std::string_view body);
  size_t read_short(std::span<const Option> options, size_t i, std::string_view letters);
  void give(std::string_view name, const resolve::Argument* value);
  void note(Reading::Kind kind, size_t word) const;
  void note(size_t word, std::string_view dashes, std::string_view name, const Option* option,
            const resolve::Argument* value, bool next_word = false) const;

  const resolve::Invocation& invocation_;
  size_t skip_;
  std::vector<Reading>* readings_;
  std::vector<const resolve::Argument*> operands_;
  std::vector<size_t> operand_index_;
  std::vector<std::string> given_;
  std::multimap<std::string, resolve::Argument, std::less<>> values_;
};

}  // namespace cmdai::commands
