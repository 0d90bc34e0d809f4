#include "enterprise/collector/cli/arguments.hpp"

#include <fmt/format.h>

#include <cstdio>

#include "enterprise/collector/cli/handlers.hpp"

namespace cmdai::collector::cli {

namespace {

constexpr Option kDir = {"dir", "DIR", "the collector's folder (default: $CMDAI_COLLECTOR_DIR, else .)"};

Result<const Command*> find_command(std::span<const std::string> words, std::size_t& taken) {
  for (std::size_t n = std::min<std::size_t>(2, words.size()); n > 0; --n) {
    const std::string name = n == 2 ? words[0] + " " + words[1] : words[0];
    for (const Command& command : commands())
      if (command.name == name) {
        taken = n;
        return &command;
      }
  }
  std::string group;
  for (const Command& command : commands())
    if (command.name.starts_with(words[0] + " "))
      group += fmt::format("{}`{}`", group.empty() ? "" : ", ", command.name);
  return failed(Problem::invalid,
                fmt::format("there is no command `{}`\nhint: {}", words[0],
                            group.empty() ? "`cmdai-collector help` lists them" : "it is one of " + group));
}

const Option* find_option(const Command& command, std::string_view name) {
  for (const Option& option : command.options)
    if (option.name == name) return &option;
  return nullptr;
}

Done take_option(const Command& command, std::span<const std::string> words, std::size_t& at, Arguments& to) {
  std::string name = words[at].substr(2);
  std::optional<std::string> value;
  if (const std::size_t equal = name.find('='); equal != std::string::npos) {
    value = name.substr(equal + 1);
    name.resize(equal);
  }
  const Option* option = find_option(command, name);
  const std::string hint = fmt::format("\nhint: `cmdai-collector help {}` lists its options", command.name);
  if (option == nullptr)
    return failed(Problem::invalid, fmt::format("`{}` has no option `--{}`{}", command.name, name, hint));
  if (option->value.empty() && value)
    return failed(Problem::invalid, fmt::format("`--{}` takes nothing{}", name, hint));
  if (!option->value.empty() && !value) {
    if (++at >= words.size())
      return failed(Problem::invalid, fmt::format("`--{}` needs {}{}", name, option->value, hint));
    value = words[at];
  }
  to.options[name].push_back(value.value_or(""));
  return {};
}

}  // namespace

const std::vector<Command>& commands() {
  static const std::vector<Command> all = {
      {"init",
       "DIR",
       "makes keys, certificates, settings and the first root",
       {{"tenant", "NAME", "of whose devices these are (default: default)"},
        {"name", "NAME", "of this collector (default: main)"},
        {"listen", "ADDRESS:PORT", "default 127.0.0.1:8443"},
        {"host", "NAME", "a name or address devices reach it by; again for more"},
        {"device", "FILE", "writes settings for a first device there, with its token beside it"},
        {"plugin", "FILE", "the plugin's path in those settings"},
        {"serve", "", "and runs it"}},
       1,
       1,
       run_init},
      {"serve", "", "runs the collector until SIGTERM", {kDir}, 0, 0, run_serve},
      {"token create",
       "",
       "makes an enrollment token",
       {kDir,
        {"group", "NAME", "of the devices that use it (default: default)"},
        {"uses", "N", "how many devices (default: 1)"},
        {"ttl", "TIME", "how long it is good: 24h, 30m, 7d (default: 24h)"},
        {"out", "FILE", "writes the token there, 0600, instead of printing it"},
        {"managed", "FILE", "writes settings for a device there, with the token beside it"},
        {"plugin", "FILE", "the plugin's path in those settings"}},
       0,
       0,
       run_token_create},
      {"token list", "", "lists enrollment tokens", {kDir}, 0, 0, run_token_list},
      {"token revoke", "ID", "takes an enrollment token back", {kDir}, 1, 1, run_token_revoke},
      {"api-token create",
       "NAME",
       "makes a token for the API",
       {kDir,
        {"role", "ROLE", "owner, policy-author, analyst, auditor, device-admin; again for more"},
        {"ttl", "TIME", "how long it is good (default: 90d)"}},
       1,
       1,
       run_api_token_create},
      {"device list", "", "lists devices", {kDir}, 0, 0, run_device_list},
      {"device revoke", "ID", "trusts a device no more", {kDir}, 1, 1, run_device_revoke},
      {"policy new", "FILE", "writes a policy to begin from", {}, 1, 1, run_policy_new},
      {"policy sign",
       "FILE…",
       "puts policy texts into a signed envelope",
       {kDir,
        {"version", "N", "or auto: one more than what is in force (default: auto)"},
        {"expires", "TIME", "from now on (default: 30d)"},
        {"not-before", "TIME", "from now on (default: 0s)"},
        {"on-stale", "ACTION", "allow, warn or block, when it has run out (default: warn)"},
        {"min-daemon", "VERSION", "default: 0.1.0"},
        {"key", "FILE", "default: DIR/offline/policy.key"},
        {"out", "FILE", "default: policy.json"}},
       1,
       64,
       run_policy_sign},
      {"policy publish", "FILE", "hands a signed policy to the devices", {kDir}, 1, 1, run_policy_publish},
      {"verify",
       "[EXPORT]",
       "checks an export, or without one the store itself",
       {kDir, {"root", "FILE", "the root to hold the export's roots against"}},
       0,
       1,
       run_verify},
      {"export",
       "",
       "writes the record as a file that can be verified",
       {kDir,
        {"out", "FILE", "where to"},
        {"from", "POSITION", "first batch (default: 1)"},
        {"to", "POSITION", "last batch (default: the last)"},
        {"device", "ID", "of one device"}},
       0,
       0,
       run_export},
      {"backup",
       "",
       "copies the record, while it is written to",
       {kDir, {"out", "FILE", "where to"}},
       0,
       0,
       run_backup},
      {"reindex", "", "makes the search index anew from the record", {kDir}, 0, 0, run_reindex},
      {"help", "[COMMAND]", "explains a command", {}, 0, 2, run_help},
  };
  return all;
}

Result<Parsed> parse(std::span<const std::string> words) {
  Parsed parsed;
  if (words.empty() || words[0] == "--help" || words[0] == "-h") {
    parsed.help = true;
    return parsed;
  }
  std::size_t at = 0;
  const auto command = find_command(words, at);
  if (!command) return tl::unexpected(command.error());
  parsed.command = *command;
  bool options = true;
  for (; at < words.size(); ++at) {
    const std::string& word = words[at];
    if (options && (word == "--help" || word == "-h"))
      parsed.help = true;
    else if (options && word == "--")
      options = false;
    else if (options && word.starts_with("--")) {
      if (auto done = take_option(**command, words, at, parsed.arguments); !done)
        return tl::unexpected(done.error());
    } else
      parsed.arguments.operands.push_back(word);
  }
  const std::size_t given = parsed.arguments.operands.size();
  if (!parsed.help && (given < (*command)->least || given > (*command)->most))
    return failed(
        Problem::invalid,
        fmt::format("`{}` takes {}\nhint: `cmdai-collector help {}`", (*command)->name,
                    (*command)->operands.empty() ? "no operand" : (*command)->operands, (*command)->name));
  return parsed;
}

std::string overview() {
  std::string text = "usage: cmdai-collector COMMAND [OPTION…]\n\n";
  for (const Command& command : commands()) text += fmt::format("  {:18}{}\n", command.name, command.text);
  return text + "\n`cmdai-collector help COMMAND` explains one. Status: 0 done, 1 a finding, 2 an error.\n";
}

std::string help_of(const Command& command) {
  std::string text = fmt::format("usage: cmdai-collector {}{}{}\n\n{}\n", command.name,
                                 command.operands.empty() ? "" : " ", command.operands, command.text);
  if (!command.options.empty()) text += "\n";
  for (const Option& option : command.options)
    text += fmt::format("  {:26}{}\n", fmt::format("--{} {}", option.name, option.value), option.text);
  return text;
}

std::optional<long long> duration(std::string_view text) {
  if (text.size() < 2 || text.size() > 9) return std::nullopt;
  long long value = 0;
  for (const char c : text.substr(0, text.size() - 1)) {
    if (c < '0' || c > '9') return std::nullopt;
    value = value * 10 + (c - '0');
  }
  switch (text.back()) {
    case 's': return value * 1000;
    case 'm': return value * 60'000;
    case 'h': return value * 3'600'000;
    case 'd': return value * 86'400'000;
    default: return std::nullopt;
  }
}

int complain(std::string_view text, std::string_view hint) {
  fmt::print(stderr, "error: {}\n", text);
  if (!hint.empty()) fmt::print(stderr, "hint: {}\n", hint);
  return 2;
}

int complain(const Failure& failure) { return complain(failure.text); }

}  // namespace cmdai::collector::cli
