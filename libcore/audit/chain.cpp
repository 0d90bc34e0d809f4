#include "libcore/audit/chain.hpp"

#include <fmt/format.h>
#include <sodium.h>

#include <nlohmann/json.hpp>

#include "libcore/audit/event.hpp"

namespace cmdai::audit {

std::string hash_line(std::string_view line) {
  unsigned char digest[crypto_generichash_BYTES];  // BLAKE2b-256 (RFC 7693); needs no sodium_init()
  crypto_generichash(digest, sizeof digest, reinterpret_cast<const unsigned char*>(line.data()), line.size(),
                     nullptr, 0);
  std::string out(2 * sizeof digest + 1, '\0');  // and the NUL that sodium_bin2hex() writes
  sodium_bin2hex(out.data(), out.size(), digest, sizeof digest);
  out.pop_back();
  return out;
}

std::optional<Link> read_link(std::string_view line) {
  const auto json = nlohmann::json::parse(line, nullptr, false);
  if (!json.is_object()) return std::nullopt;
  const auto seq = json.find("seq");
  const auto previous = json.find("prev");
  if (seq == json.end() || previous == json.end() || !seq->is_number_unsigned() || !previous->is_string())
    return std::nullopt;
  return Link{seq->get<uint64_t>(), previous->get<std::string>()};
}

std::optional<ChainProblem> ChainVerifier::check(std::string_view line) {
  const std::optional<Link> link = read_link(line);
  const uint64_t expected = head_.seq + 1;
  const bool first = !started_ && head_.seq == 0;
  started_ = true;
  const auto resume = [&] {
    if (link)
      head_.seq = link->seq;
    else
      head_.seq = expected;
    head_.hash = hash_line(line);
  };
  if (!link) {
    resume();
    return ChainProblem{"this is no event line"};
  }
  std::optional<ChainProblem> problem;
  if (link->seq < expected)
    problem = {fmt::format("event {} is out of order: {} was expected", link->seq, expected)};
  else if (link->seq > expected && !(first && expected == 1 && link->previous == head_.hash))
    problem = {link->seq == expected + 1 ? fmt::format("event {} is missing", expected)
                                         : fmt::format("events {}-{} are missing", expected, link->seq - 1)};
  else if (link->previous != head_.hash && head_.seq == 0)
    problem = {"the beginning of the chain was changed"};
  else if (link->previous != head_.hash)
    problem = {fmt::format("event {} was changed after it was written", head_.seq), true};
  resume();
  return problem;
}

}  // namespace cmdai::audit
