// Vectors of what a collector and its offline keys make: envelopes, policies, the log, exports.
#include <functional>
#include <map>

#include "enterprise/protocol/checkpoint.hpp"
#include "enterprise/protocol/export_file.hpp"
#include "enterprise/protocol/merkle.hpp"
#include "test/enterprise/protocol/fixtures.hpp"
#include "test/enterprise/protocol/vectors.hpp"

namespace cmdai::wire::vectors {

using namespace fixtures;

namespace {

Json envelope_row(const char* what, const std::string& text, uint32_t threshold) {
  Signers signers;
  signers.threshold = threshold;
  Json row = {{"what", what},
              {"envelope", text},
              {"document", "policy"},
              {"threshold", threshold},
              {"holders", Json::object()}};
  for (uint8_t seed : std::vector<uint8_t>{1, 2, 3}) {
    signers.holders[signing(seed).id()] = signing(seed).public_key();
    row["holders"][signing(seed).id().hex()] = signing(seed).public_key().hex();
  }
  const auto read = read_envelope(text);
  if (!read) return row["word"] = word(read.error().reason), row;
  const auto good = check_signatures(*read, Document::policy, signers);
  row["word"] = good ? "accepted" : word(good.error().reason);
  return row;
}

/// A device with root 1, and what it is offered.
struct Offer {
  const char* what;
  TrustState state = first_state();
  std::vector<std::string> roots;
  Timestamp timestamp = timestamp_for(1, 0, "");
  std::vector<uint8_t> timestamp_signers = {kTimestampKey};
  Policy policy = sample_policy();
  std::vector<uint8_t> policy_signers = {kPolicyKey};
  Millis clock = kNow;
  bool named = false;  ///< timestamp.policy is set already
};

Json offer_row(const char* what, const std::function<void(Offer&)>& change) {
  Offer offer{what};
  change(offer);
  const std::string policy = signed_by(Document::policy, write(offer.policy), offer.policy_signers);
  if (!offer.named) offer.timestamp.policy = point_to(offer.policy.version, policy);
  const PolicySet set{
      offer.roots, signed_by(Document::timestamp, write(offer.timestamp), offer.timestamp_signers), policy};
  const auto accepted = accept_set(offer.state, set, "0.1.0", offer.clock);
  Json row;
  row["what"] = what;
  row["clock"] = offer.clock;
  row["daemon"] = "0.1.0";
  row["state"] = Json::parse(write(offer.state).substr(0, write(offer.state).find('\n')));
  row["roots"] = offer.roots;
  row["timestamp"] = set.timestamp;
  row["policy"] = set.policy;
  row["word"] = accepted ? "accepted" : word(accepted.error().reason);
  return row;
}

std::string second_root(const std::function<void(Root&)>& change, const std::vector<uint8_t>& signers,
                        uint64_t version = 2) {
  Root root = tenant_root(version);
  change(root);
  return signed_by(Document::root, write(root), signers);
}

TrustState accepted_before(uint64_t timestamp, uint64_t policy) {
  const std::string text = signed_policy(sample_policy(policy));
  return accept_set(first_state(), {{}, signed_timestamp(timestamp_for(timestamp, policy, text)), text},
                    "0.1.0", kNow)
      .value()
      .state;
}

struct SmallLog {
  explicit SmallLog(uint64_t size) {
    for (uint64_t i = 0; i < size; ++i) append(std::to_string(i));
  }
  void append(const std::string& leaf) {
    frontier.append(leaf_hash(leaf), [this](unsigned level, uint64_t index, const TreeHash& node) {
      nodes[{level, index}] = node;
    });
  }
  NodeSource source() const {
    return [this](unsigned level, uint64_t index) { return nodes.at({level, index}); };
  }
  Frontier frontier;
  std::map<std::pair<unsigned, uint64_t>, TreeHash> nodes;
};

Json hexes(const std::vector<TreeHash>& proof) {
  Json out = Json::array();
  for (const TreeHash& hash : proof) out.push_back(hash.hex());
  return out;
}

}  // namespace

Json envelopes() {
  const auto with = [](const std::vector<uint8_t>& seeds, Document document = Document::policy) {
    return signed_by(document, "payload \"x\"", seeds);
  };
  auto twice = read_envelope(with({1})).value();
  twice.signatures.push_back(twice.signatures[0]);
  auto swapped = read_envelope(with({1, 2})).value();
  std::swap(swapped.signatures[0].signature, swapped.signatures[1].signature);
  Json out;
  out["envelopes"] = {
      envelope_row("enough", with({1, 2}), 2),
      envelope_row("enough and a stranger", with({9, 1, 3}), 2),
      envelope_row("none", with({}), 2),
      envelope_row("one of two", with({1}), 2),
      envelope_row("one of two, twice", write(twice), 2),
      envelope_row("strangers", with({8, 9}), 2),
      envelope_row("of another document", with({1, 2}, Document::root), 2),
      envelope_row("each other's", write(swapped), 2),
      envelope_row("a member twice", R"({"signed":"a","signed":"b","signatures":[]})", 2),
      envelope_row("a key in capitals",
                   R"({"signed":"a","signatures":[{"key":"ABABABABABABABABABABABABABABABAB","sig":""}]})", 2),
      envelope_row("no JSON", "{", 2),
  };
  return out;
}

Json policy_sets() {
  Json out;
  Json& rows = out["sets"];
  const auto nothing = [](Root&) {};
  const auto new_holders = [](Root& r) { hold(r, Role::root, {11, 12, 13}, 2); };
  rows.push_back(offer_row("a first policy", [](Offer&) {}));
  rows.push_back(offer_row("a policy without a signature", [](Offer& o) { o.policy_signers = {}; }));
  rows.push_back(
      offer_row("a policy by the online key", [](Offer& o) { o.policy_signers = {kTimestampKey}; }));
  rows.push_back(offer_row("an older timestamp", [](Offer& o) {
    o.state = accepted_before(5, 1);
    o.timestamp.version = 4;
  }));
  rows.push_back(offer_row("an older policy", [](Offer& o) {
    o.state = accepted_before(1, 3);
    o.timestamp.version = 2;
    o.policy.version = 2;
  }));
  rows.push_back(offer_row("the same version, another text", [](Offer& o) {
    o.state = accepted_before(1, 1);
    o.policy.documents[0].text += "#";
  }));
  rows.push_back(offer_row("no policy after one", [](Offer& o) {
    o.state = accepted_before(1, 1);
    o.named = true;
  }));
  rows.push_back(offer_row("a timestamp that ran out", [](Offer& o) { o.clock = kNow + kDay; }));
  rows.push_back(offer_row("a clock set back", [](Offer& o) {
    o.state.newest_time = kNow + kDay;
    o.clock = 0;
  }));
  rows.push_back(offer_row("a policy that ran out", [](Offer& o) { o.policy.expires = kNow; }));
  rows.push_back(offer_row("a policy from tomorrow", [](Offer& o) { o.policy.not_before = kNow + 1; }));
  rows.push_back(offer_row("a policy for a newer daemon", [](Offer& o) { o.policy.min_daemon = "0.1.1"; }));
  rows.push_back(offer_row("mix and match", [](Offer& o) {
    o.named = true;
    o.timestamp.policy = point_to(1, signed_policy(sample_policy()));
    o.policy.documents[0].text += "#";
  }));
  rows.push_back(offer_row("another version than named", [](Offer& o) {
    o.named = true;
    o.timestamp.policy = point_to(2, signed_policy(o.policy));
  }));
  rows.push_back(offer_row("a root we were not shown", [](Offer& o) { o.timestamp.root = 2; }));
  rows.push_back(offer_row("the root in force ran out", [](Offer& o) {
    o.clock = kNow + 365 * kDay;
    o.timestamp.expires = kNow + 400 * kDay;
  }));
  rows.push_back(offer_row("a new root", [&](Offer& o) {
    o.roots = {second_root(nothing, {1, 2})};
    o.timestamp.root = 2;
  }));
  rows.push_back(offer_row("a timestamp that knows the old root only", [&](Offer& o) {
    o.roots = {second_root(nothing, {1, 2})};
  }));
  rows.push_back(offer_row("new holders with the old ones' agreement", [&](Offer& o) {
    o.roots = {second_root(new_holders, {1, 2, 11, 12})};
    o.timestamp.root = 2;
  }));
  rows.push_back(offer_row("new holders alone", [&](Offer& o) {
    o.roots = {second_root(new_holders, {11, 12})};
    o.timestamp.root = 2;
  }));
  rows.push_back(offer_row("one holder of two", [&](Offer& o) {
    o.roots = {second_root(nothing, {1})};
    o.timestamp.root = 2;
  }));
  rows.push_back(offer_row("root 3 after root 1", [&](Offer& o) {
    o.roots = {second_root(nothing, {1, 2}, 3)};
    o.timestamp.root = 3;
  }));
  rows.push_back(offer_row("root 1 again", [&](Offer& o) { o.roots = {second_root(nothing, {1, 2}, 1)}; }));
  rows.push_back(offer_row("a root of another tenant", [&](Offer& o) {
    o.roots = {second_root([](Root& r) { r.tenant = "evil"; }, {1, 2})};
    o.timestamp.root = 2;
  }));
  rows.push_back(offer_row("new keys take back what the stolen ones said", [&](Offer& o) {
    o.state = accepted_before(1, 1);
    o.state.timestamp_version = kMaxNumber;
    o.state.newest_time = kNow + 300 * kDay;
    o.roots = {second_root([](Root& r) { hold(r, Role::timestamp, {15}, 1); }, {1, 2})};
    o.timestamp.root = 2;
    o.timestamp_signers = {15};
  }));
  return out;
}

Json log() {
  Json out;
  constexpr uint64_t kSize = 21;
  const SmallLog small(kSize);
  out["leaves"] = "leaf i is the decimal number i";
  out["size"] = kSize;
  for (uint64_t size = 0; size <= kSize; ++size)
    out["roots"].push_back(tree_root(size, small.source()).hex());
  for (const auto& [index, size] :
       {std::pair<uint64_t, uint64_t>{0, 1}, {0, 8}, {6, 7}, {20, 21}, {13, 21}, {16, 17}}) {
    out["inclusion"].push_back(
        {{"leaf", index}, {"size", size}, {"proof", hexes(inclusion_proof(index, size, small.source()))}});
  }
  for (const auto& [from, to] :
       {std::pair<uint64_t, uint64_t>{1, 2}, {3, 7}, {4, 7}, {6, 8}, {8, 21}, {20, 21}, {7, 7}}) {
    out["consistency"].push_back(
        {{"from", from}, {"to", to}, {"proof", hexes(consistency_proof(from, to, small.source()))}});
  }
  for (const auto& [from, to] : {std::pair<uint64_t, uint64_t>{0, 21}, {5, 6}, {5, 18}, {20, 21}, {0, 1}}) {
    out["ranges"].push_back({{"from", from},
                             {"to", to},
                             {"size", kSize},
                             {"proof", hexes(range_proof(from, to, kSize, small.source()))}});
  }
  const Root root = tenant_root();
  const auto note =
      sign_checkpoint(signing(kCollectorKey), {root.origin(), kSize, tree_root(kSize, small.source())});
  const auto judge = [&](const std::string& text) {
    const auto read = read_checkpoint(text, root.origin(), root.public_keys(Role::collector));
    return Json{{"note", text}, {"word", read ? "accepted" : word(read.error().reason)}};
  };
  std::string changed = note;
  changed[changed.find("\n21\n") + 1] = '3';
  out["origin"] = root.origin();
  out["pub"] = signing(kCollectorKey).public_key().hex();
  out["checkpoints"] = {
      judge(note), judge(changed), judge(sign_checkpoint(signing(99), {root.origin(), kSize, {}})),
      judge(note.substr(0, note.size() - 1)), judge(note + "\u2014 witness.example YWJjZGVmZ2g=\n")};
  const Device device;
  out["leaf"] = {
      {"device", device.id.hex()},
      {"chain", device.chain.hex()},
      {"first", 5},
      {"count", 3},
      {"head", filled<Digest>(1).hex()},
      {"batch", "unpacked"},
      {"hash",
       leaf_hash(batch_leaf(device.id, device.chain, 5, 3, filled<Digest>(1), hash("unpacked"))).hex()}};
  return out;
}

File export_file() {
  std::string text;
  ExportWriter writer([&](std::string_view bytes) {
    text.append(bytes);
    return true;
  });
  Device device;
  device.events(9);
  SmallLog collector(3);
  writer.record("root", signed_root(tenant_root()));
  writer.record("root", signed_root(tenant_root(2)));
  writer.record("receipt-key", signing(kCollectorKey).public_key().hex());
  writer.record("certificate", signed_certificate(sample_certificate()));
  for (const auto& [begin, end] : {std::pair<size_t, size_t>{0, 4}, {4, 9}}) {
    const std::string batch = device.batch(begin, end);
    const BatchHeader header = read_batch(batch).value().header;
    collector.append(
        batch_leaf(header.device, header.chain, header.first, header.count, header.head, hash(batch)));
    writer.record("batch", batch);
  }
  const uint64_t size = collector.frontier.size();
  writer.record("checkpoint", sign_checkpoint(signing(kCollectorKey),
                                              {tenant_root().origin(), size, collector.frontier.root()}));
  writer.record("leaf-range",
                write(LeafRange{3, size, size, range_proof(3, size, size, collector.source())}));
  writer.finish();
  return {"export.cmdai", text};
}

Json exports() {
  return {{"file", "export.cmdai"},
          {"root", signed_root(tenant_root())},
          {"verdict", "PASS"},
          {"events", 9},
          {"batches", 2}};
}

}  // namespace cmdai::wire::vectors
