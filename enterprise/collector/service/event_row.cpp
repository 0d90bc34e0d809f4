#include "enterprise/collector/service/event_row.hpp"

#include <array>
#include <nlohmann/json.hpp>
#include <string>
#include <utility>

#include "enterprise/protocol/batch.hpp"

namespace cmdai::collector {

namespace {

/// Reads the few members that are indexed as they come by, without building a tree: half the time.
class Picker {
 public:
  using number_integer_t = nlohmann::json::number_integer_t;
  using number_unsigned_t = nlohmann::json::number_unsigned_t;
  using number_float_t = nlohmann::json::number_float_t;
  using string_t = std::string;
  using binary_t = nlohmann::json::binary_t;

  explicit Picker(IndexRow& row) : row_(row) {}

  bool null() { return true; }
  bool boolean(bool) { return true; }
  bool number_integer(number_integer_t value) { return number(value); }
  bool number_unsigned(number_unsigned_t value) { return number(static_cast<std::int64_t>(value)); }
  bool number_float(number_float_t, const string_t&) { return true; }
  bool binary(binary_t&) { return true; }
  bool string(string_t& value) {
    for (const auto& [path, to] : targets_)
      if (to->empty() && path == path_now()) *to = value;
    return true;
  }
  bool start_object(std::size_t) { return open(); }
  bool end_object() { return close(); }
  bool start_array(std::size_t) { return open(); }
  bool end_array() { return close(); }
  bool key(string_t& name) {
    path_.resize(marks_.empty() ? 0 : marks_.back());
    if (!path_.empty()) path_ += '.';
    path_ += name;
    return true;
  }
  /// What is left of a command where its line stays on the device.
  [[nodiscard]] const std::string& program() const { return program_; }
  /// Where the event names no user, the number is one.
  [[nodiscard]] const std::string& uid() const { return uid_; }
  bool parse_error(std::size_t, const std::string&, const nlohmann::detail::exception&) { return false; }

 private:
  [[nodiscard]] const std::string& path_now() const { return path_; }
  bool number(std::int64_t value) {
    if (path_ == "time_ms") row_.time = value;
    if (path_ == "actor.uid") uid_ = std::to_string(value);
    return true;
  }
  bool open() {
    marks_.push_back(path_.size());
    return true;
  }
  bool close() {
    marks_.pop_back();
    path_.resize(marks_.empty() ? 0 : std::min(path_.size(), marks_.back()));
    return true;
  }

  IndexRow& row_;
  std::string path_;
  std::string uid_, program_;
  std::vector<std::size_t> marks_;
  // The first of an array's members counts: the rule that decided stands first.
  const std::array<std::pair<std::string_view, std::string*>, 13> targets_ = {
      {{"type", &row_.type},
       {"event_uid", &row_.uid},
       {"cmd.line", &row_.text},
       {"text", &row_.text},
       {"cmd.argv0", &program_},
       {"decision.action", &row_.action},
       {"decision.rules.id", &row_.rule},
       {"actor.kind", &row_.actor},
       {"actor.user", &row_.user},
       {"agent.name", &row_.agent},
       {"device.host", &row_.host},
       {"host", &row_.host},
       {"user", &row_.user}}};
};

}  // namespace

IndexRow row_of_event(const LedgerBatch& batch, std::uint64_t seq, std::string_view line) {
  IndexRow row;
  row.position = batch.position;
  row.seq = seq;
  row.received = batch.received;
  row.device = batch.device;
  row.chain = batch.chain;
  row.group = batch.group;
  Picker picker(row);
  nlohmann::json::sax_parse(line, &picker, nlohmann::json::input_format_t::json, false);
  if (row.user.empty()) row.user = picker.uid();
  if (row.text.empty()) row.text = picker.program();
  if (row.time == 0) row.time = batch.received;
  return row;
}

void rows_of_batch(const LedgerBatch& batch, std::vector<IndexRow>& rows) {
  const auto view = wire::read_batch(batch.bytes);
  if (!view) return;
  for (const wire::MacLine& event : view->events) {
    const auto head = wire::read_event_head(event.line);
    if (head && head->seq >= batch.fresh) rows.push_back(row_of_event(batch, head->seq, event.line));
  }
}

}  // namespace cmdai::collector
