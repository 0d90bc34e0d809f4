#pragma once
// JSON of strangers, inside this room only: parsed once under limits, then read member by member with the
// first thing wrong kept.
#include <cstdint>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "enterprise/protocol/bytes.hpp"
#include "enterprise/protocol/refusal.hpp"

namespace cmdai::wire {

using Json = nlohmann::json;
/// For writing: members stay in the order of the page.
using OrderedJson = nlohmann::ordered_json;

/// An object. Refused: over `limit` bytes, deeper than 16, a member twice in one object, bytes before the
/// first brace.
Result<Json> parse_object(std::string_view text, size_t limit);

/// One line; bytes that are no UTF-8 become U+FFFD.
std::string dump(const OrderedJson& value);
std::string dump(const Json& value);

/// The inverse of Members::envelopes.
OrderedJson envelopes_json(const std::vector<std::string>& envelopes);

/// Reads members of an object. After anything wrong the values are empty and `refusal()` says what was wrong
/// first.
class Members {
 public:
  explicit Members(const Json& object) : object_(object) {}

  bool has(const char* name) const { return object_.contains(name); }
  /// `"v":1`; another, or none, is malformed.
  void version();
  uint64_t number(const char* name, uint64_t least = 0, uint64_t most = kMaxNumber);
  Millis millis(const char* name) { return static_cast<Millis>(number(name)); }
  bool flag(const char* name);
  std::string text(const char* name, size_t limit);
  /// Must be exactly this.
  void exactly(const char* name, std::string_view value);
  /// Raw bytes from hex, of any length up to `limit` bytes.
  std::string hex(const char* name, size_t limit);
  template <class F>
  F fixed(const char* name) {
    const auto value = F::from_hex(text(name, F::size * 2));
    if (!value) wrong(name, "lower-case hex");
    return value.value_or(F{});
  }
  /// An empty array or object after anything wrong.
  const Json& array(const char* name, size_t limit);
  const Json& object(const char* name);
  bool is_null(const char* name) const;
  /// A signed document that stands inside another: its text again (what was signed is a string in it and
  /// stays as it was).
  std::string envelope(const char* name);
  std::vector<std::string> envelopes(const char* name, size_t limit);

  void fail(Reason reason, std::string text);
  /// What was wrong in an object within this one.
  void take_over(const Members& inner);
  const std::optional<Refusal>& refusal() const { return refusal_; }
  bool good() const { return !refusal_; }

 private:
  const Json* find(const char* name);
  void wrong(const char* name, std::string_view expected);

  const Json& object_;
  std::optional<Refusal> refusal_;
};

/// The result of a reader: its value unless something was wrong.
template <class T>
Result<T> finish(const Members& members, T value) {
  if (const auto& refusal = members.refusal()) return tl::unexpected<Refusal>(*refusal);
  return value;
}

}  // namespace cmdai::wire
