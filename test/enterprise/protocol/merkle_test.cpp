#include "enterprise/protocol/merkle.hpp"

#include <doctest/doctest.h>
#include <map>

#include "enterprise/protocol/checkpoint.hpp"
#include "enterprise/protocol/hashing.hpp"
#include "test/enterprise/protocol/fixtures.hpp"

using namespace cmdai::wire;
using namespace cmdai::wire::fixtures;

namespace {

constexpr uint64_t kMost = 200;

/// RFC 6962 by its definition, from the leaves alone: what the quick ways are held against.
TreeHash naive_root(const std::vector<TreeHash>& leaves, size_t begin, size_t end) {
  if (begin == end) return sha256({});
  if (end - begin == 1) return leaves[begin];
  size_t split = 1;
  while (split * 2 < end - begin) split *= 2;
  return node_hash(naive_root(leaves, begin, begin + split), naive_root(leaves, begin + split, end));
}

struct Log {
  explicit Log(uint64_t size) {
    for (uint64_t i = 0; i < size; ++i) {
      leaves.push_back(leaf_hash(std::to_string(i)));
      frontier.append(leaves.back(), [this](unsigned level, uint64_t index, const TreeHash& node) {
        nodes[{level, index}] = node;
      });
      roots.push_back(frontier.root());
    }
  }
  NodeSource source() const {
    return [this](unsigned level, uint64_t index) { return nodes.at({level, index}); };
  }
  TreeHash root(uint64_t size) const { return size == 0 ? sha256({}) : roots[size - 1]; }

  std::vector<TreeHash> leaves, roots;
  std::map<std::pair<unsigned, uint64_t>, TreeHash> nodes;
  Frontier frontier;
};

const Log& log() {
  static const Log value(kMost);
  return value;
}

/// Proofs that are not this one: shorter, longer, changed, in another order.
std::vector<std::vector<TreeHash>> spoiled(const std::vector<TreeHash>& proof) {
  std::vector<std::vector<TreeHash>> out;
  out.push_back(proof);
  out.back().push_back(filled<TreeHash>(1));
  for (size_t i = 0; i < proof.size(); ++i) {
    out.push_back(proof);
    out.back().erase(out.back().begin() + static_cast<std::ptrdiff_t>(i));
    out.push_back(proof);
    out.back()[i].bytes[i % 32] ^= 1;
    if (i == 0) continue;
    out.push_back(proof);
    std::swap(out.back()[i - 1], out.back()[i]);
  }
  return out;
}

}  // namespace

TEST_CASE("the empty tree and RFC 6962's leaf") {
  CHECK(Frontier().root().hex() == "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
  CHECK(leaf_hash("").hex() == "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d");
}

TEST_CASE("root and frontier for every size to 200") {
  Frontier frontier;
  for (uint64_t size = 0; size <= kMost; ++size) {
    CAPTURE(size);
    CHECK(frontier.size() == size);
    CHECK(frontier.root() == naive_root(log().leaves, 0, size));
    CHECK(tree_root(size, log().source()) == frontier.root());
    CHECK(Frontier::at(size, log().source()).write() == frontier.write());
    CHECK(Frontier::read(frontier.write())->root() == frontier.root());
    if (size < kMost) frontier.append(log().leaves[size]);
  }
}

TEST_CASE("a frontier that is none") {
  const auto good = log().frontier.write();
  for (const std::string& wrong :
       {std::string(), std::string("x"), std::string("-1"), std::string("1"), std::string("2 "), good + " ",
        good + "0", good.substr(0, good.size() - 1), "9" + good, std::string("99999999999999999999")}) {
    CAPTURE(wrong);
    CHECK_FALSE(Frontier::read(wrong));
  }
}

TEST_CASE("inclusion of every leaf in every size") {
  for (uint64_t size = 1; size <= kMost; ++size) {
    for (uint64_t index = 0; index < size; ++index) {
      const auto proof = inclusion_proof(index, size, log().source());
      REQUIRE(verify_inclusion(log().leaves[index], index, size, proof, log().root(size)));
    }
  }
  CHECK(inclusion_proof(5, 5, log().source()).empty());
}

TEST_CASE("inclusion that is not") {
  for (uint64_t size : {1, 2, 3, 7, 8, 9, 31, 200}) {
    for (uint64_t index = 0; index < size; ++index) {
      const auto proof = inclusion_proof(index, size, log().source());
      const auto& leaf = log().leaves[index];
      for (const auto& wrong : spoiled(proof))
        REQUIRE_FALSE(verify_inclusion(leaf, index, size, wrong, log().root(size)));
      REQUIRE_FALSE(verify_inclusion(filled<TreeHash>(1), index, size, proof, log().root(size)));
      REQUIRE_FALSE(verify_inclusion(leaf, index, size, proof, filled<TreeHash>(1)));
      REQUIRE_FALSE(verify_inclusion(leaf, size, size, proof, log().root(size)));
      for (uint64_t other = 0; other < size; ++other) {
        if (other != index) REQUIRE_FALSE(verify_inclusion(leaf, other, size, proof, log().root(size)));
      }
    }
  }
  CHECK_FALSE(verify_inclusion({}, 0, 0, {}, sha256({})));
}

TEST_CASE("consistency of every size with every larger one") {
  for (uint64_t to = 0; to <= kMost; ++to) {
    for (uint64_t from = 0; from <= to; ++from) {
      const auto proof = consistency_proof(from, to, log().source());
      REQUIRE(verify_consistency(from, to, log().root(from), log().root(to), proof));
    }
  }
}

TEST_CASE("consistency that is not") {
  for (uint64_t to : {2, 3, 7, 8, 9, 31, 64}) {
    for (uint64_t from = 1; from < to; ++from) {
      CAPTURE(from);
      CAPTURE(to);
      const auto proof = consistency_proof(from, to, log().source());
      for (const auto& wrong : spoiled(proof))
        REQUIRE_FALSE(verify_consistency(from, to, log().root(from), log().root(to), wrong));
      REQUIRE_FALSE(verify_consistency(from, to, filled<TreeHash>(1), log().root(to), proof));
      REQUIRE_FALSE(verify_consistency(from, to, log().root(from), filled<TreeHash>(1), proof));
      REQUIRE_FALSE(verify_consistency(to, from, log().root(to), log().root(from), proof));
    }
  }
  CHECK_FALSE(verify_consistency(0, 3, filled<TreeHash>(1), log().root(3), {}));
  CHECK_FALSE(verify_consistency(3, 3, log().root(3), log().root(4), {}));
}

TEST_CASE("ranges of leaves") {
  for (uint64_t size : {1, 2, 5, 8, 13, 32, 33}) {
    for (uint64_t from = 0; from < size; ++from) {
      for (uint64_t to = from + 1; to <= size; ++to) {
        const auto proof = range_proof(from, to, size, log().source());
        const std::span leaves(log().leaves.data() + from, to - from);
        REQUIRE(verify_range(leaves, from, size, proof, log().root(size)));
        REQUIRE_FALSE(verify_range(leaves, from, size, proof, filled<TreeHash>(1)));
        for (const auto& wrong : spoiled(proof))
          REQUIRE_FALSE(verify_range(leaves, from, size, wrong, log().root(size)));
        if (from + 1 < size) REQUIRE_FALSE(verify_range(leaves, from + 1, size, proof, log().root(size)));
      }
    }
  }
  CHECK_FALSE(verify_range({}, 0, 1, {}, log().root(1)));
  CHECK_FALSE(verify_range(std::span(log().leaves.data(), 1), kMaxNumber + 1, kMaxNumber, {}, {}));
}

TEST_CASE("proofs of a tree of a size nobody has take no time") {
  const auto leaf = filled<TreeHash>(1);
  const std::vector<TreeHash> proof(53, filled<TreeHash>(2));
  CHECK_FALSE(verify_inclusion(leaf, kMaxNumber - 1, kMaxNumber, proof, leaf));
  CHECK_FALSE(verify_consistency(kMaxNumber - 1, kMaxNumber, leaf, leaf, proof));
  CHECK_FALSE(verify_range(std::span(&leaf, 1), kMaxNumber - 1, kMaxNumber, proof, leaf));
}

TEST_CASE("answers of the log") {
  const InclusionAnswer inclusion{3, 7, inclusion_proof(3, 7, log().source())};
  CHECK(read_inclusion(write(inclusion))->proof == inclusion.proof);
  const ConsistencyAnswer consistency{3, 7, consistency_proof(3, 7, log().source())};
  CHECK(read_consistency(write(consistency))->proof == consistency.proof);
  CHECK_FALSE(read_consistency(R"({"v":1,"from":1,"to":2,"proof":["zz"]})"));
  CHECK_FALSE(read_inclusion(R"({"v":1,"leaf":1,"size":2})"));
}

TEST_CASE("a checkpoint is a signed note") {
  const Root root = tenant_root();
  const auto keys = root.public_keys(Role::collector);
  const Checkpoint checkpoint{root.origin(), 200, log().root(200)};
  const auto note = sign_checkpoint(signing(kCollectorKey), checkpoint);
  CHECK(note.starts_with("cmdai/acme/main\n200\n"));
  CHECK(read_checkpoint(note, root.origin(), keys).value() == checkpoint);

  const auto judge = [&](std::string_view text, std::string_view origin = "cmdai/acme/main") {
    const auto read = read_checkpoint(text, origin, keys);
    return read ? "read" : std::string(word(read.error().reason));
  };
  CHECK(judge(note + "\u2014 witness.example YWJjZGVmZ2g=\n") == "read");  // a witness beside it
  CHECK(judge(note, "cmdai/acme/other") == "missing-signature");
  CHECK(judge(sign_checkpoint(signing(99), checkpoint)) == "missing-signature");
  CHECK(judge("") == "malformed");
  CHECK(judge("\n\n") == "missing-signature");
  CHECK(judge(note + "x\n") == "malformed");
  CHECK(judge(std::string(kMaxCheckpoint + 1, 'x')) == "too-long");
  size_t taken = 0;
  for (size_t i = 0; i < note.size(); ++i) {
    for (int bit = 0; bit < 8; ++bit) {
      auto broken = note;
      broken[i] = static_cast<char>(broken[i] ^ (1 << bit));
      taken += judge(broken) == "read" ? 1 : 0;
    }
  }
  CHECK(taken == 0);
}
