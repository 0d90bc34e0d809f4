// Checkpoints, frontiers and proofs from any bytes. The first byte says what the rest is read as.
#include <array>
#include <cstdint>
#include <cstdlib>

#include "enterprise/protocol/checkpoint.hpp"
#include "enterprise/protocol/hashing.hpp"
#include "enterprise/protocol/merkle.hpp"

using namespace cmdai::wire;

namespace {

void require(bool condition) {
  if (!condition) std::abort();
}

/// The key of the seeds: test/enterprise/protocol/fixtures.cpp has it as the collector's.
const SigningKey& collector() {
  static const SigningKey key = SigningKey::from_seed(*Key32::from_bytes(std::string(32, '\6')));
  return key;
}

void read_note(std::string_view text) {
  const std::array keys = {collector().public_key()};
  const auto checkpoint = read_checkpoint(text, "cmdai/acme/main", keys);
  if (!checkpoint) return require(!checkpoint.error().text.empty());
  const auto again = read_checkpoint(sign_checkpoint(collector(), *checkpoint), checkpoint->origin, keys);
  require(again.has_value() && *again == *checkpoint);
}

void read_frontier(std::string_view text) {
  auto frontier = Frontier::read(text);
  if (!frontier) return;
  require(Frontier::read(frontier->write())->root() == frontier->root());
  frontier->append(leaf_hash(text));
  require(Frontier::read(frontier->write()).has_value() || frontier->size() > kMaxNumber);
}

/// A proof of anything that was not in the tree leads nowhere.
void read_proofs(std::string_view text) {
  const TreeHash stranger = sha256("stranger");
  if (const auto answer = read_inclusion(text)) {
    require(!verify_inclusion(stranger, answer->leaf, answer->size, answer->proof, sha256("root")));
    require(read_inclusion(write(*answer))->proof == answer->proof);
  }
  if (const auto answer = read_consistency(text)) {
    require(!verify_consistency(answer->from, answer->to, stranger, sha256("root"), answer->proof));
    require(read_consistency(write(*answer))->proof == answer->proof);
    require(!verify_range(std::array{stranger}, answer->from, answer->to, answer->proof, sha256("root")));
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  if (size == 0) return 0;
  const std::string_view text(reinterpret_cast<const char*>(data) + 1, size - 1);
  switch (data[0]) {
    case 'f': read_frontier(text); break;
    case 'p': read_proofs(text); break;
    default: read_note(text);
  }
  return 0;
}
