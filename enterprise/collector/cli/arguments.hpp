#pragma once
// The command line of cmdai-collector: which commands there are, what each takes, and argv held against it.
#include <map>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "enterprise/collector/base/result.hpp"

namespace cmdai::collector::cli {

struct Option {
  std::string_view name;   // without --
  std::string_view value;  // what it takes, for the help; empty: nothing
  std::string_view text;
};

class Arguments;

struct Command {
  std::string_view name;  // "token create"
  std::string_view operands;
  std::string_view text;
  std::vector<Option> options;
  std::size_t least = 0, most = 0;  // operands
  int (*run)(const Arguments&) = nullptr;
};

class Arguments {
 public:
  std::vector<std::string> operands;
  std::map<std::string, std::vector<std::string>, std::less<>> options;

  [[nodiscard]] bool has(std::string_view name) const { return options.find(name) != options.end(); }
  [[nodiscard]] std::string get(std::string_view name, const std::string& fallback = {}) const {
    const auto found = options.find(name);
    return found == options.end() ? fallback : found->second.back();
  }
};

const std::vector<Command>& commands();

struct Parsed {
  const Command* command = nullptr;
  Arguments arguments;
  bool help = false;
};
/// invalid: a sentence and a hint.
Result<Parsed> parse(std::span<const std::string> words);

std::string overview();
std::string help_of(const Command& command);

/// `30d`, `24h`, `90m`, `15s` in milliseconds.
std::optional<long long> duration(std::string_view text);

/// `error: TEXT` and `hint: HINT` on stderr; returns 2.
int complain(std::string_view text, std::string_view hint = {});
/// A failure's own text may end in a hint of its own.
int complain(const Failure& failure);

}  // namespace cmdai::collector::cli
