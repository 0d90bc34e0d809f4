#include "enterprise/protocol/json_text.hpp"

#include <fmt/core.h>
#include <set>
#include <vector>

#include "enterprise/protocol/envelope.hpp"

namespace cmdai::wire {
namespace {

constexpr int kMaxDepth = 16;

/// Notices members that stand twice and nesting that is too deep while nlohmann builds the tree.
class Watch {
 public:
  bool operator()(int depth, Json::parse_event_t event, const Json& value) {
    using Event = Json::parse_event_t;
    if (too_deep_) return false;  // nothing more is kept, of the parser or of this
    if (event == Event::object_start || event == Event::array_start) {
      too_deep_ = depth >= kMaxDepth;
      names_.emplace_back();
    } else if (event == Event::object_end || event == Event::array_end) {
      names_.pop_back();
    } else if (event == Event::key && !names_.back().insert(value.get_ref<const std::string&>()).second) {
      twice_ = true;
    }
    return !too_deep_;
  }
  bool too_deep() const { return too_deep_; }
  bool twice() const { return twice_; }

 private:
  std::vector<std::set<std::string>> names_;
  bool too_deep_ = false;
  bool twice_ = false;
};

const Json& empty_array() {
  static const Json value = Json::array();
  return value;
}

const Json& empty_object() {
  static const Json value = Json::object();
  return value;
}

}  // namespace

Result<Json> parse_object(std::string_view text, size_t limit) {
  if (text.size() > limit)
    return refuse(Reason::too_long, fmt::format("{} bytes, the limit is {}", text.size(), limit));
  if (text.empty() || text.front() != '{') return refuse(Reason::malformed, "not a JSON object");
  Watch watch;
  Json value = Json::parse(
      text.begin(), text.end(),
      [&watch](int depth, Json::parse_event_t event, Json& part) { return watch(depth, event, part); },
      false);
  if (watch.too_deep()) return refuse(Reason::malformed, "nested too deeply");
  if (value.is_discarded() || !value.is_object()) return refuse(Reason::malformed, "not a JSON object");
  if (watch.twice()) return refuse(Reason::malformed, "a member stands twice");
  return value;
}

std::string dump(const OrderedJson& value) {
  return value.dump(-1, ' ', false, OrderedJson::error_handler_t::replace);
}
std::string dump(const Json& value) { return value.dump(-1, ' ', false, Json::error_handler_t::replace); }

void Members::fail(Reason reason, std::string text) {
  if (!refusal_) refusal_ = Refusal{reason, std::move(text)};
}

void Members::take_over(const Members& inner) {
  if (inner.refusal_) fail(inner.refusal_->reason, inner.refusal_->text);
}

void Members::wrong(const char* name, std::string_view expected) {
  fail(Reason::malformed, fmt::format("member `{}`: expected {}", name, expected));
}

const Json* Members::find(const char* name) {
  const auto it = object_.find(name);
  if (it != object_.end()) return &*it;
  fail(Reason::malformed, fmt::format("member `{}` is missing", name));
  return nullptr;
}

void Members::version() {
  if (number("v") != 1) fail(Reason::malformed, "an unknown version `v`");
}

uint64_t Members::number(const char* name, uint64_t least, uint64_t most) {
  const Json* value = find(name);
  if (!value) return least;
  if (!value->is_number_unsigned()) {
    wrong(name, "a whole number");
    return least;
  }
  const auto number = value->get<uint64_t>();
  if (number < least || number > most) wrong(name, fmt::format("{} to {}", least, most));
  return number;
}

bool Members::flag(const char* name) {
  const Json* value = find(name);
  if (!value) return false;
  if (!value->is_boolean()) wrong(name, "true or false");
  return value->is_boolean() && value->get<bool>();
}

std::string Members::text(const char* name, size_t limit) {
  const Json* value = find(name);
  if (!value) return {};
  if (!value->is_string()) {
    wrong(name, "a text");
    return {};
  }
  const auto& text = value->get_ref<const std::string&>();
  if (text.size() <= limit) return text;
  fail(Reason::too_long, fmt::format("member `{}` is over {} bytes", name, limit));
  return {};
}

void Members::exactly(const char* name, std::string_view value) {
  if (text(name, 256) != value) wrong(name, fmt::format("`{}`", value));
}

std::string Members::hex(const char* name, size_t limit) {
  auto bytes = from_hex(text(name, limit * 2));
  if (!bytes) wrong(name, "lower-case hex");
  return bytes ? std::move(*bytes) : std::string();
}

const Json& Members::array(const char* name, size_t limit) {
  const Json* value = find(name);
  if (value && !value->is_array()) wrong(name, "an array");
  if (!value || !value->is_array()) return empty_array();
  if (value->size() <= limit) return *value;
  fail(Reason::too_long, fmt::format("member `{}` has over {} elements", name, limit));
  return empty_array();
}

const Json& Members::object(const char* name) {
  const Json* value = find(name);
  if (value && value->is_object()) return *value;
  if (value) wrong(name, "an object");
  return empty_object();
}

std::string Members::envelope(const char* name) {
  const Json& value = object(name);
  if (!good()) return {};
  const auto read = read_envelope(dump(value));
  if (!read) fail(read.error().reason, read.error().text);
  return read ? write(*read) : std::string();
}

std::vector<std::string> Members::envelopes(const char* name, size_t limit) {
  std::vector<std::string> out;
  for (const Json& element : array(name, limit)) {
    const auto read = read_envelope(dump(element));
    if (!read) fail(read.error().reason, read.error().text);
    if (!good()) return {};
    out.push_back(write(*read));
  }
  return out;
}

OrderedJson envelopes_json(const std::vector<std::string>& envelopes) {
  OrderedJson out = OrderedJson::array();
  for (const std::string& text : envelopes) out.push_back(OrderedJson::parse(text, nullptr, false));
  return out;
}

bool Members::is_null(const char* name) const {
  const auto it = object_.find(name);
  return it != object_.end() && it->is_null();
}

}  // namespace cmdai::wire
