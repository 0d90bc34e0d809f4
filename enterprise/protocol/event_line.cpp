#include "enterprise/protocol/event_line.hpp"

#include <fmt/format.h>
#include <algorithm>
#include <charconv>
#include <cstring>

#include "enterprise/protocol/json_text.hpp"

namespace cmdai::wire {
namespace {

/// Takes the parts of a line from the front.
class Cursor {
 public:
  explicit Cursor(std::string_view line) : rest_(line) {}

  bool literal(std::string_view text) {
    if (!rest_.starts_with(text)) return false;
    rest_.remove_prefix(text.size());
    return true;
  }
  /// A whole number without a leading zero, 1 .. kMaxNumber.
  bool number(uint64_t& out) {
    if (rest_.empty() || rest_.front() < '1' || rest_.front() > '9') return false;
    const auto [end, error] = std::from_chars(rest_.data(), rest_.data() + rest_.size(), out);
    if (error != std::errc{} || out > kMaxNumber) return false;
    rest_.remove_prefix(static_cast<size_t>(end - rest_.data()));
    return true;
  }
  template <class F>
  bool fixed(F& out) {
    if (rest_.size() < F::size * 2 || !read_hex(rest_.substr(0, F::size * 2), out.bytes.data(), F::size))
      return false;
    rest_.remove_prefix(F::size * 2);
    return true;
  }
  bool word(std::string_view& out) {
    size_t size = 0;
    while (size < rest_.size() && is_word(rest_[size])) ++size;
    out = rest_.substr(0, size);
    rest_.remove_prefix(size);
    return size >= 1 && size <= 64;
  }
  std::string_view rest() const { return rest_; }

 private:
  static bool is_word(char c) {
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '.' || c == '_' || c == '-';
  }
  std::string_view rest_;
};

}  // namespace

void write_event_head(std::string& out, const EventHead& head) {
  const fmt::format_int seq(head.seq);
  out.append(R"({"v":1,"seq":)").append(seq.data(), seq.size());
  out.append(R"(,"prev":")").append(head.prev.hex());
  out.append(R"(","chain":")").append(head.chain.hex());
  out.append(R"(","type":")").append(head.type).append("\",");
}

Result<EventHead> read_event_head(std::string_view line) {
  if (line.size() > kMaxEvent) return refuse(Reason::too_long, "the event is over 256 KiB");
  EventHead head;
  Cursor cursor(line);
  const bool good = cursor.literal(R"({"v":1,"seq":)") && cursor.number(head.seq) &&
                    cursor.literal(R"(,"prev":")") && cursor.fixed(head.prev) &&
                    cursor.literal(R"(","chain":")") && cursor.fixed(head.chain) &&
                    cursor.literal(R"(","type":")") && cursor.word(head.type) && cursor.literal("\",");
  if (!good) return refuse(Reason::malformed, "the event does not begin as an event does");
  if (cursor.rest().size() < 2 || line.back() != '}')
    return refuse(Reason::malformed, "the event does not end as an object does");
  if (std::memchr(line.data(), '\n', line.size()) != nullptr)
    return refuse(Reason::malformed, "a line break within an event");
  return head;
}

std::string write_gap(const Gap& gap) {
  OrderedJson out;
  out["from"] = gap.from;
  out["to"] = gap.to;
  out["cause"] = gap.cause;
  out["boot_id"] = gap.boot_id.hex();
  return "\"gap\":" + dump(out);
}

Result<Gap> read_gap(std::string_view line) {
  const auto json = parse_object(line, kMaxEvent);
  if (!json) return tl::unexpected<Refusal>(json.error());
  Members outer(*json);
  Members members(outer.object("gap"));
  Gap out{members.number("from", 1), members.number("to", 1), members.text("cause", 32),
          members.fixed<BootId>("boot_id")};
  if (members.good() && out.to < out.from)
    members.fail(Reason::malformed, "a gap that ends before it begins");
  if (const auto& refusal = outer.refusal()) return tl::unexpected<Refusal>(*refusal);
  return finish(members, std::move(out));
}

}  // namespace cmdai::wire
