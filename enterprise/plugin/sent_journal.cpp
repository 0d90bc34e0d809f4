#include "enterprise/plugin/sent_journal.hpp"

#include <fmt/format.h>

#include <charconv>
#include <nlohmann/json.hpp>
#include <utility>

#include "enterprise/plugin/json_members.hpp"

namespace cmdai::device {
namespace {

using OrderedJson = nlohmann::ordered_json;

constexpr std::string_view kBegin = "cmdai-sent-v1 ";

template <typename T>
T number_or_zero(const OrderedJson& json, const char* key) {
  const auto found = json.find(key);
  return found != json.end() && found->is_number_integer() ? found->get<T>() : T{};
}

struct Frame {
  OrderedJson head;
  std::string_view body;
};

/// The frame at the begin of `bytes`, taken off; nullopt: none.
std::optional<Frame> take_frame(std::string_view& bytes) {
  std::string_view rest = bytes;
  if (rest.substr(0, kBegin.size()) != kBegin) return std::nullopt;
  rest.remove_prefix(kBegin.size());
  size_t length = 0;
  const auto [end, error] = std::from_chars(rest.data(), rest.data() + rest.size(), length);
  if (error != std::errc()) return std::nullopt;
  rest.remove_prefix(static_cast<size_t>(end - rest.data()));
  if (rest.empty() || rest.front() != '\n' || length >= rest.size()) return std::nullopt;
  rest.remove_prefix(1);
  Frame frame;
  frame.head = OrderedJson::parse(rest.substr(0, length), nullptr, false);
  rest.remove_prefix(length);
  if (!frame.head.is_object() || rest.empty() || rest.front() != '\n') return std::nullopt;
  rest.remove_prefix(1);
  const auto size = number_or_zero<size_t>(frame.head, "body");
  if (size >= rest.size() || rest[size] != '\n') return std::nullopt;
  frame.body = rest.substr(0, size);
  bytes = rest.substr(size + 1);
  return frame;
}

SentRecord record_of(const Frame& frame) {
  SentRecord record;
  record.time_ms = number_or_zero<int64_t>(frame.head, "time");
  record.method = text_member(frame.head, "method");
  record.target = text_member(frame.head, "target");
  record.missed = number_or_zero<uint64_t>(frame.head, "missed");
  record.dropped = frame.head.contains("dropped");
  record.body = frame.body;
  const auto headers = frame.head.find("headers");
  if (headers == frame.head.end() || !headers->is_object()) return record;
  for (const auto& [name, value] : headers->items())
    if (value.is_string()) record.headers.emplace_back(name, value.get<std::string>());
  return record;
}

}  // namespace

void SentJournal::sending(const Outgoing& request) {
  OrderedJson head{{"time", clock_.now_ms()}, {"method", request.method}, {"target", request.target}};
  OrderedJson headers = OrderedJson::object();
  for (const auto& [name, value] : request.headers) headers[name] = value;
  head["headers"] = std::move(headers);
  head["body"] = request.body.size();
  if (missed_ > 0) head["missed"] = missed_;
  if (!file_ || size_ + request.body.size() > cap_ / 2) {
    rotate();
    if (std::exchange(dropped_, false)) head["dropped"] = true;
  }
  write(dumped(head), request.body);
}

void SentJournal::answered(int status) {
  write(dumped(OrderedJson{{"time", clock_.now_ms()}, {"status", status}, {"body", 0}}), {});
}

void SentJournal::rotate() {
  if (!file_) {  // go on where the last run ended, while there is room
    auto old = disk_.read_part(kSentFile, 0, static_cast<size_t>(cap_) + 1);
    auto file = disk_.open(kSentFile);
    if (!file) return;
    file_ = std::move(*file);
    size_ = old ? old->size() : 0;
    if (size_ <= cap_ / 2) return;
  }
  file_.reset();
  dropped_ = disk_.read_part(kSentBeforeFile, 0, 1).has_value();
  (void)disk_.rename(kSentFile, kSentBeforeFile);
  auto file = disk_.create(kSentFile);
  if (file) file_ = std::move(*file);
  size_ = 0;
}

void SentJournal::write(std::string_view head, std::string_view body) {
  const std::string record = fmt::format("{}{}\n{}\n{}\n", kBegin, head.size(), head, body);
  if (!file_ || !file_->append(record)) {
    ++missed_;
    file_.reset();
    return;
  }
  missed_ = 0;
  size_ += record.size();
}

std::vector<SentRecord> read_sent(std::string_view bytes, uint64_t* unreadable) {
  std::vector<SentRecord> records;
  while (!bytes.empty()) {
    const auto frame = take_frame(bytes);
    if (!frame) {  // a process that was killed left half a record: look for the next
      if (unreadable != nullptr) ++*unreadable;
      const size_t next = bytes.find(kBegin, 1);
      if (next == std::string_view::npos) break;
      bytes.remove_prefix(next);
      continue;
    }
    if (!frame->head.contains("status")) {
      records.push_back(record_of(*frame));
    } else if (!records.empty()) {
      records.back().status = number_or_zero<int>(frame->head, "status");
    }
  }
  return records;
}

}  // namespace cmdai::device
