#include "enterprise/plugin/chain_state.hpp"

#include <fmt/format.h>

#include <nlohmann/json.hpp>

#include "enterprise/plugin/checked_file.hpp"
#include "enterprise/plugin/json_members.hpp"

namespace cmdai::device {
namespace {

using Json = nlohmann::json;

constexpr const char* kChainFile = "chain";
constexpr size_t kKeyLine = 64;

std::optional<uint64_t> unsigned_member(const Json& json, const char* key) {
  const auto found = json.find(key);
  if (found == json.end() || !found->is_number_unsigned()) return std::nullopt;
  return found->get<uint64_t>();
}

bool read_declared(const Json& json, ChainState& out) {
  const auto list = json.find("declared");
  if (list == json.end()) return true;
  if (!list->is_array()) return false;
  for (const Json& one : *list) {
    if (!one.is_array() || one.size() != 2 || !one[0].is_number_unsigned() || !one[1].is_number_unsigned())
      return false;
    out.declared.emplace_back(one[0].get<uint64_t>(), one[1].get<uint64_t>());
  }
  return true;
}

}  // namespace

std::string write(const ChainState& state) {
  Json json{{"v", 1},
            {"chain", state.chain.hex()},
            {"reserved", state.reserved},
            {"clean", state.clean},
            {"head", state.head.hex()},
            {"local", state.local},
            {"declared", state.declared}};
  const std::string rest = json.dump();
  // The key once, in a buffer that does not move: the caller wipes it.
  std::string body(kKeyLine, '0');
  body.reserve(kKeyLine + 1 + rest.size());
  wire::write_hex(state.key.view(), body.data());
  return body.append("\n").append(rest);
}

Result<ChainState> read_chain_state(std::string_view body) {
  const auto nonsense = [] { return fail(Problem::Kind::damaged, "the chain's state says nonsense"); };
  if (body.size() < kKeyLine + 1 || body[kKeyLine] != '\n') return nonsense();
  ChainState out;
  auto key = wire::Key32::from_hex(body.substr(0, kKeyLine));
  const Json json = Json::parse(body.substr(kKeyLine + 1), nullptr, false);
  if (!key || !json.is_object() || unsigned_member(json, "v") != 1) return nonsense();
  const auto chain = wire::ChainId::from_hex(text_member(json, "chain"));
  const auto head = wire::Digest::from_hex(text_member(json, "head"));
  const auto reserved = unsigned_member(json, "reserved");
  const auto local = unsigned_member(json, "local");
  const auto clean = json.find("clean");
  if (!chain || !head || !reserved || *reserved == 0 || *reserved > wire::kMaxNumber || !local ||
      clean == json.end() || !clean->is_boolean() || !read_declared(json, out))
    return nonsense();
  out.chain = *chain;
  out.reserved = *reserved;
  out.key = std::move(*key);
  out.clean = clean->get<bool>();
  out.head = *head;
  out.local = *local;
  return out;
}

Result<void> store_chain(Disk& disk, const ChainState& state) {
  std::string body = write(state);
  auto done = write_checked(disk, kChainFile, "chain", body);
  wire::wipe(body);
  return done;
}

Result<ChainState> load_chain(Disk& disk) {
  auto body = read_checked(disk, kChainFile, "chain");
  if (!body) return fail(body.error());
  auto state = read_chain_state(*body);
  wire::wipe(*body);
  return state;
}

}  // namespace cmdai::device
