#include "enterprise/collector/config/settings.hpp"

#include <fmt/format.h>

#include <toml++/toml.h>
#include <algorithm>
#include <filesystem>
#include <fstream>
#include <functional>
#include <limits>
#include <set>
#include <sstream>

namespace cmdai::collector {

namespace {

/// The nearest of the names that exist, for a hint.
std::string nearest(std::string_view given, const std::vector<std::string_view>& known) {
  std::string best;
  std::size_t best_distance = 4;
  for (const std::string_view name : known) {
    std::vector<std::size_t> row(name.size() + 1);
    for (std::size_t j = 0; j <= name.size(); ++j) row[j] = j;
    for (std::size_t i = 1; i <= given.size(); ++i) {
      std::size_t diagonal = std::exchange(row[0], i);
      for (std::size_t j = 1; j <= name.size(); ++j)
        diagonal = std::exchange(
            row[j], std::min({row[j] + 1, row[j - 1] + 1, diagonal + (given[i - 1] != name[j - 1])}));
    }
    if (row.back() < best_distance) {
      best_distance = row.back();
      best = name;
    }
  }
  return best;
}

class Reader {
 public:
  Reader(std::string_view text, std::string file) : text_(text), file_(std::move(file)) {}

  /// `file:3:5: WHAT`, the line, a caret, the hint. Only the first counts.
  void complain(const toml::source_region& at, const std::string& what, const std::string& hint) {
    if (!complaint_.empty()) return;
    complaint_ = fmt::format("{}:{}:{}: {}", file_, at.begin.line, at.begin.column, what);
    const std::string line = line_of(at.begin.line);
    if (!line.empty()) complaint_ += fmt::format("\n  {}\n  {:>{}}", line, "^", at.begin.column);
    if (!hint.empty()) complaint_ += "\nhint: " + hint;
  }

  void text(const toml::table& in, std::string_view key, std::string& to) {
    names_.push_back(key);
    const auto* node = in.get(key);
    if (node == nullptr) return;
    if (const auto value = node->value_exact<std::string>()) {
      to = *value;
      if (to.empty()) complain(node->source(), fmt::format("`{}` is empty", key), "");
      return;
    }
    complain(node->source(), fmt::format("`{}` takes a text", key),
             fmt::format("write it in quotes: {} = \"…\"", key));
  }

  template <class Number>
  void number(const toml::table& in, std::string_view key, Number& to, std::int64_t least,
              std::int64_t most) {
    names_.push_back(key);
    const auto* node = in.get(key);
    if (node == nullptr) return;
    const auto value = node->value_exact<std::int64_t>();
    if (value && *value >= least && *value <= most) {
      to = static_cast<Number>(*value);
      return;
    }
    complain(node->source(), fmt::format("`{}` takes a whole number from {} to {}", key, least, most), "");
  }

  void choice(const toml::table& in, std::string_view key, std::string& to,
              const std::vector<std::string_view>& of) {
    const std::string before = to;
    text(in, key, to);
    if (std::find(of.begin(), of.end(), to) != of.end()) return;
    std::string all;
    for (const auto word : of) all += fmt::format("{}`{}`", all.empty() ? "" : ", ", word);
    complain(in.get(key)->source(), fmt::format("`{}` does not know `{}`", key, to), "one of " + all);
    to = before;
  }

  const toml::table* table(const toml::table& in, std::string_view key) {
    names_.push_back(key);
    const auto* node = in.get(key);
    if (node == nullptr) return nullptr;
    if (!node->is_table())
      complain(node->source(), fmt::format("`{}` is a table", key), fmt::format("begin it with [{}]", key));
    return node->as_table();
  }

  const toml::array* tables(const toml::table& in, std::string_view key) {
    names_.push_back(key);
    const auto* node = in.get(key);
    if (node == nullptr) return nullptr;
    if (!node->is_array_of_tables())
      complain(node->source(), fmt::format("`{}` is a list of tables", key),
               fmt::format("begin each with [[{}]]", key));
    return node->as_array();
  }

  /// What nobody asked for is a typing error.
  void done(const toml::table& in) {
    for (const auto& [key, node] : in) {
      if (std::find(names_.begin(), names_.end(), key.str()) != names_.end()) continue;
      const std::string near = nearest(key.str(), names_);
      complain(key.source(), fmt::format("unknown key `{}`", key.str()),
               near.empty() ? "docs/collector.md and the file that `init` writes explain each key"
                            : "did you mean `" + near + "`?");
    }
    names_.clear();
  }

  [[nodiscard]] const std::string& complaint() const { return complaint_; }

 private:
  [[nodiscard]] std::string line_of(std::uint32_t number) const {
    std::istringstream in{std::string(text_)};
    std::string line;
    for (std::uint32_t i = 0; i < number; ++i)
      if (!std::getline(in, line)) return {};
    return line;
  }

  std::string_view text_;
  std::string file_;
  std::string complaint_;
  std::vector<std::string_view> names_;
};

void read_limits(Reader& read, const toml::table& in, Settings& to) {
  read.number(in, "connections", to.connections, 1, 1'000'000);
  read.number(in, "workers", to.workers, 1, 256);
  read.number(in, "queue", to.queue, 1, 1'000'000);
  read.number(in, "memory_mb", to.memory_mb, 4, 1'000'000);
  read.number(in, "events_per_second", to.events_per_second, 1, 10'000'000);
  read.number(in, "header_seconds", to.header_seconds, 1, 3600);
  read.number(in, "body_seconds", to.body_seconds, 1, 3600);
  read.number(in, "idle_seconds", to.idle_seconds, 1, 86400);
  read.number(in, "heartbeat_seconds", to.heartbeat_seconds, 1, 86400);
  read.number(in, "checkpoint_seconds", to.checkpoint_seconds, 1, 86400);
  read.done(in);
}

void read_export(Reader& read, const toml::table& in, Settings& to, std::set<std::string>& names) {
  ExportSettings sink;
  read.text(in, "name", sink.name);
  read.choice(in, "type", sink.type, {"file"});
  read.choice(in, "format", sink.format, {"ocsf"});
  read.text(in, "path", sink.path);
  read.number(in, "rotate_mb", sink.rotate_mb, 0, 1'000'000);
  read.number(in, "keep", sink.keep, 1, 10'000);
  read.done(in);
  if (sink.path.empty())
    read.complain(in.source(), "this export has no `path`", "add path = \"events.ocsf.jsonl\"");
  if (sink.name.empty()) sink.name = sink.path;
  if (!names.insert(sink.name).second)
    read.complain(in.source(), fmt::format("two exports are called `{}`", sink.name),
                  "give each a `name` of its own");
  to.exports.push_back(std::move(sink));
}

/// `ADDRESS:PORT`, the address of IPv6 in brackets.
void read_listen(Reader& read, const toml::table& in, Settings& to) {
  std::string listen = to.address + ":" + std::to_string(to.port);
  read.text(in, "listen", listen);
  const std::size_t colon = listen.rfind(':');
  std::string address = colon == std::string::npos ? "" : listen.substr(0, colon);
  if (address.starts_with('[') && address.ends_with(']')) address = address.substr(1, address.size() - 2);
  const std::string digits = colon == std::string::npos ? "" : listen.substr(colon + 1);
  const bool number =
      !digits.empty() && digits.size() <= 5 && digits.find_first_not_of("0123456789") == std::string::npos;
  const unsigned long port = number ? std::stoul(digits) : 65536;
  if (address.empty() || port > 65535) {
    const auto* node = in.get("listen");
    if (node != nullptr)
      read.complain(node->source(), "`listen` takes ADDRESS:PORT", "such as listen = \"0.0.0.0:8443\"");
    return;
  }
  to.address = address;
  to.port = static_cast<std::uint16_t>(port);
}

void read_all(Reader& read, const toml::table& in, Settings& to) {
  read_listen(read, in, to);
  read.text(in, "data", to.data);
  read.text(in, "keys", to.keys);
  read.text(in, "trust", to.trust);
  read.choice(in, "log_level", to.log_level, {"debug", "info", "warning", "error"});
  const auto* tls = read.table(in, "tls");
  const auto* limits = read.table(in, "limits");
  const auto* retention = read.table(in, "retention");
  const auto* exports = read.tables(in, "export");
  read.done(in);
  if (tls != nullptr) {
    read.text(*tls, "certificate", to.certificate);
    read.text(*tls, "key", to.private_key);
    read.text(*tls, "authority", to.authority);
    read.done(*tls);
  }
  if (limits != nullptr) read_limits(read, *limits, to);
  if (retention != nullptr) {
    read.number(*retention, "index_days", to.index_days, 0, 100'000);
    read.done(*retention);
  }
  std::set<std::string> names;
  if (exports != nullptr)
    for (const auto& sink : *exports)
      if (sink.is_table()) read_export(read, *sink.as_table(), to, names);
}

}  // namespace

Result<Settings> parse_settings(std::string_view text, const std::string& file) {
  Reader read(text, file);
  Settings settings;
  settings.folder = std::filesystem::absolute(file).parent_path().string();
  try {
    const toml::table parsed = toml::parse(text, std::string_view(file));
    read_all(read, parsed, settings);
  } catch (const toml::parse_error& error) {
    read.complain(error.source(), std::string(error.description()), "");
  }
  if (!read.complaint().empty()) return failed(Problem::invalid, read.complaint());
  return settings;
}

Result<Settings> read_settings(const std::string& file) {
  std::ifstream in(file, std::ios::binary);
  if (!in)
    return failed(Problem::not_found,
                  fmt::format("{}: cannot be read\nhint: `cmdai-collector init DIR` makes one", file));
  std::ostringstream text;
  text << in.rdbuf();
  return parse_settings(text.str(), file);
}

std::string settings_template(const std::string& address, std::uint16_t port) {
  const std::string listen = address.find(':') == std::string::npos ? address : "[" + address + "]";
  return fmt::format(
      R"(# Settings of cmdai-collector. Paths are relative to this file. What is commented out is the default.

listen = "{}:{}"        # port 0: the kernel chooses one, data/address says which
# data = "data"         # the record (ledger.db) and the index
# keys = "keys"         # keys the running collector needs
# trust = "trust"       # root documents, from version 1 on
# log_level = "info"    # debug, info, warning, error

[tls]
# certificate = "tls/server.crt"
# key = "tls/server.key"
# authority = "tls/ca.crt"    # what devices are told to trust

[limits]
# connections = 4000          # at once
# workers = 2                 # threads that check signatures
# queue = 2048                # batches that wait for the disk; more: 429
# memory_mb = 256             # bodies of requests under way; more: 429
# events_per_second = 2000    # of one device, over a minute; more: 429
# header_seconds = 15         # for the whole header of a request
# body_seconds = 30           # for its body
# idle_seconds = 75           # a connection without a request
# heartbeat_seconds = 60      # three missed are the alarm `silent`
# checkpoint_seconds = 60     # how often the log is signed, when it has grown

[retention]
# index_days = 90             # searchable; the record itself is kept. 0: for ever

# [[export]]
# name = "siem"               # of the sink's cursor
# type = "file"
# format = "ocsf"
# path = "export/events.ocsf.jsonl"
# rotate_mb = 64              # 0: never
# keep = 8
)",
      listen, port);
}

}  // namespace cmdai::collector
