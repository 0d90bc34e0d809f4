// What /v1/log/inclusion and /v1/log/consistency answer, and the leaf ranges of an export.
#include "enterprise/protocol/export_file.hpp"
#include "enterprise/protocol/json_text.hpp"
#include "enterprise/protocol/merkle.hpp"

namespace cmdai::wire {
namespace {

constexpr size_t kMaxProof = 128;
constexpr size_t kMaxProofText = 16 << 10;

OrderedJson proof_json(const std::vector<TreeHash>& proof) {
  OrderedJson out = OrderedJson::array();
  for (const TreeHash& hash : proof) out.push_back(hash.hex());
  return out;
}

std::vector<TreeHash> read_proof(Members& members) {
  std::vector<TreeHash> out;
  for (const Json& element : members.array("proof", kMaxProof)) {
    const auto hash =
        element.is_string() ? TreeHash::from_hex(element.get_ref<const std::string&>()) : std::nullopt;
    if (!hash) members.fail(Reason::malformed, "a hash of the proof is no hash");
    out.push_back(hash.value_or(TreeHash{}));
  }
  return out;
}

}  // namespace

std::string write(const InclusionAnswer& answer) {
  OrderedJson out;
  out["v"] = 1;
  out["leaf"] = answer.leaf;
  out["size"] = answer.size;
  out["proof"] = proof_json(answer.proof);
  return dump(out);
}

std::string write(const ConsistencyAnswer& answer) {
  OrderedJson out;
  out["v"] = 1;
  out["from"] = answer.from;
  out["to"] = answer.to;
  out["proof"] = proof_json(answer.proof);
  return dump(out);
}

std::string write(const LeafRange& range) {
  OrderedJson out;
  out["from"] = range.from;
  out["to"] = range.to;
  out["size"] = range.size;
  out["proof"] = proof_json(range.proof);
  return dump(out);
}

Result<InclusionAnswer> read_inclusion(std::string_view body) {
  const auto json = parse_object(body, kMaxProofText);
  if (!json) return tl::unexpected<Refusal>(json.error());
  Members members(*json);
  members.version();
  InclusionAnswer out{members.number("leaf"), members.number("size"), read_proof(members)};
  return finish(members, std::move(out));
}

Result<ConsistencyAnswer> read_consistency(std::string_view body) {
  const auto json = parse_object(body, kMaxProofText);
  if (!json) return tl::unexpected<Refusal>(json.error());
  Members members(*json);
  members.version();
  ConsistencyAnswer out{members.number("from"), members.number("to"), read_proof(members)};
  return finish(members, std::move(out));
}

Result<LeafRange> read_leaf_range(std::string_view bytes) {
  const auto json = parse_object(bytes, kMaxProofText);
  if (!json) return tl::unexpected<Refusal>(json.error());
  Members members(*json);
  LeafRange out{members.number("from"), members.number("to"), members.number("size"), read_proof(members)};
  if (members.good() && (out.from >= out.to || out.to > out.size))
    members.fail(Reason::malformed, "not a range of leaves");
  return finish(members, std::move(out));
}

}  // namespace cmdai::wire
