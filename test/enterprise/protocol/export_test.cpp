#include <doctest/doctest.h>
#include <map>

#include "enterprise/protocol/checkpoint.hpp"
#include "enterprise/protocol/merkle.hpp"
#include "enterprise/protocol/verify_export.hpp"
#include "test/enterprise/protocol/fixtures.hpp"

using namespace cmdai::wire;
using namespace cmdai::wire::fixtures;

namespace {

/// A source that hands out a few bytes at a time.
ByteSource source_of(const std::string& bytes, size_t most = 1 << 20) {
  return [&bytes, most, at = size_t{0}](char* out, size_t size) mutable {
    const size_t n = std::min({size, most, bytes.size() - at});
    bytes.copy(out, n, at);
    at += n;
    return n;
  };
}

/// Builds an export record by record, keeping a collector's log beside it.
class Export {
 public:
  Export()
      : writer_([this](std::string_view bytes) {
          text_.append(bytes);
          return true;
        }) {}

  Export& raw(std::string_view type, std::string_view bytes) {
    REQUIRE(writer_.record(type, bytes));
    return *this;
  }
  Export& root(const std::string& envelope) { return raw("root", envelope); }
  Export& start() { return root(signed_root(tenant_root())); }
  Export& certificate(const Device& device) {
    DeviceCertificate certificate = sample_certificate();
    certificate.device = device.id;
    certificate.pub = device.key.public_key();
    certificate.chain = device.chain;
    return raw("certificate", signed_certificate(certificate));
  }
  Export& batch(const std::string& bytes) {
    append(bytes);
    ++since_;
    return raw("batch", bytes);
  }
  /// A leaf that is not part of the export.
  Export& hidden_leaf() {
    log_.append(filled<TreeHash>(7), sink());
    return *this;
  }
  /// Checkpoint over all, and the range of the batches since the last range.
  Export& covered(uint8_t signer = kCollectorKey) {
    raw("checkpoint", sign_checkpoint(signing(signer), {tenant_root().origin(), log_.size(), log_.root()}));
    const uint64_t to = log_.size(), from = to - since_;
    since_ = 0;
    return raw(
        "leaf-range",
        write(LeafRange{from, to, to, range_proof(from, to, to, [this](unsigned level, uint64_t index) {
                          return nodes_.at({level, index});
                        })}));
  }
  std::string end() {
    REQUIRE(writer_.finish());
    return text_;
  }

 private:
  NodeSink sink() {
    return [this](unsigned level, uint64_t index, const TreeHash& node) { nodes_[{level, index}] = node; };
  }
  void append(const std::string& bytes) {
    const BatchHeader header = read_batch(bytes).value().header;
    log_.append(leaf_hash(batch_leaf(header.device, header.chain, header.first, header.count, header.head,
                                     hash(bytes))),
                sink());
  }

  std::string text_;
  ExportWriter writer_;
  Frontier log_;
  std::map<std::pair<unsigned, uint64_t>, TreeHash> nodes_;
  uint64_t since_ = 0;
};

std::string judge_export(const std::string& text, bool trusted = true) {
  return render(verify_export(source_of(text), trusted ? signed_root(tenant_root()) : ""));
}

Device with_events(size_t count, uint8_t n = kDeviceKey) {
  Device device(n);
  device.events(count);
  return device;
}

std::string good_export() {
  Device device = with_events(9);
  return Export()
      .start()
      .raw("receipt-key", signing(kCollectorKey).public_key().hex())
      .certificate(device)
      .batch(device.batch(0, 4))
      .batch(device.batch(4, 9))
      .covered()
      .end();
}

}  // namespace

TEST_CASE("a whole export passes, however it comes in") {
  const auto text = good_export();
  CHECK(judge_export(text) == "PASS: 9 events in 2 batches of 1 devices, 1 roots, 1 checkpoints\n");
  for (size_t most : {1, 7, 4096}) {
    const auto verified = verify_export(source_of(text, most), signed_root(tenant_root()));
    CHECK(verified.verdict == Verdict::pass);
    CHECK(verified.tenant == "acme");
  }
}

TEST_CASE("what is missing to be sure") {
  Device device = with_events(6);
  CHECK(judge_export(good_export(), false).find("no root was given") != std::string::npos);
  CHECK(judge_export(good_export(), false).starts_with("UNCONFIRMED"));
  CHECK(judge_export(Export().start().certificate(device).batch(device.batch()).end())
            .find("1 batches are not under a checkpoint") != std::string::npos);
  CHECK(judge_export(Export()
                         .start()
                         .certificate(device)
                         .batch(device.batch(0, 3))
                         .covered()
                         .batch(device.batch(3, 6))
                         .end())
            .starts_with("UNCONFIRMED"));
  CHECK(judge_export(Export().start().certificate(device).batch(device.batch(2, 6)).covered().end())
            .find("event 3: the chain's beginning") != std::string::npos);
  CHECK(judge_export(Export().start().raw("later", "x").end()).find("unknown type `later`") !=
        std::string::npos);
  Device gap = with_events(2);
  gap.gap(3);
  CHECK(judge_export(Export().start().certificate(gap).batch(gap.batch()).covered().end())
            .find("event 6: the device declared 3 to 5 as left out") != std::string::npos);
  CHECK(judge_export(Export()
                         .start()
                         .certificate(device)
                         .batch(device.batch(0, 2))
                         .batch(device.batch(4, 6, true))
                         .covered()
                         .end())
            .find("3 to 4 are lost") != std::string::npos);
}

TEST_CASE("roots of an export") {
  const auto first = signed_root(tenant_root());
  const auto second = signed_root(tenant_root(2));
  Device device = with_events(1);
  const auto with_roots = [&](const std::vector<std::string>& roots) {
    Export e;
    for (const auto& root : roots) e.root(root);
    return e.certificate(device).batch(device.batch()).covered().end();
  };
  CHECK(judge_export(with_roots({first, second})).starts_with("PASS"));
  CHECK(judge_export(with_roots({second})).find("root 1, which was given, is not among") !=
        std::string::npos);
  CHECK(judge_export(with_roots({second, first})).find("record 2: rollback") != std::string::npos);
  CHECK(judge_export(with_roots({first, signed_root(tenant_root(3))})).find("record 2: root-skipped") !=
        std::string::npos);
  CHECK(render(verify_export(source_of(good_export()), second)).find("UNCONFIRMED") == 0);
  Root other = tenant_root();
  other.expires += 1;
  CHECK(judge_export(with_roots({signed_root(other)})).find("FAIL") == 0);
  const auto later = with_roots({first, second});
  CHECK(render(verify_export(source_of(later), second))
            .find("roots before 2, which was given, are not bound") != std::string::npos);
  CHECK(judge_export(Export().end()).find("FAIL") == 0);
  CHECK(judge_export(Export().certificate(device).end()).find("no root before it") != std::string::npos);
}

TEST_CASE("the first bad record is named") {
  Device device = with_events(6);
  Device stranger = with_events(2, 90);
  const std::string id = device.id.hex();
  const auto fails = [](const std::string& text, std::string_view why) {
    const auto said = judge_export(text);
    CAPTURE(said);
    CHECK(said.starts_with("FAIL"));
    CHECK(said.find(why) != std::string::npos);
  };
  fails(Export().start().batch(device.batch()).end(),
        "record 2, device " + id + ": wrong-role: no certificate");
  fails(Export().start().certificate(device).batch(stranger.batch()).end(), "wrong-role: no certificate");
  fails(Export()
            .start()
            .raw("certificate", signed_by(Document::device, write(sample_certificate()), {kCollectorKey}))
            .end(),
        "no root's role `enrollment`");
  fails(Export().start().raw("receipt-key", signing(99).public_key().hex()).end(),
        "record 2: a key that no root");
  fails(Export().start().certificate(device).batch(device.batch(0, 2)).batch(device.batch(3, 6)).end(),
        "record 4, device " + id + ", event 3: bad-sequence: 3 to 3 are missing");
  fails(Export().start().certificate(device).batch(device.batch(0, 3)).covered(kTimestampKey).end(),
        "record 4: missing-signature");

  Device fork;
  fork.event("command.decision", R"("other":1})");
  fork.events(5);
  fails(Export().start().certificate(device).batch(device.batch(0, 3)).batch(fork.batch(2, 6)).end(),
        "event 3: bad-hash: stands twice");
  fails(Export().start().certificate(device).batch(device.batch(0, 3)).batch(fork.batch(3, 6)).end(),
        "event 4: bad-hash: does not follow");

  Device swapped = with_events(6);
  std::swap(swapped.lines[2], swapped.lines[3]);
  fails(Export().start().certificate(device).batch(swapped.batch()).end(), "event 4: bad-hash");
}

TEST_CASE("the collector's log binds what was stored") {
  Device device = with_events(6);
  const auto judged = [&](auto fill) {
    Export e;
    fill(e.start().certificate(device));
    return judge_export(e.end());
  };
  CHECK(judged([&](Export& e) {
          e.hidden_leaf().batch(device.batch(0, 3)).batch(device.batch(3, 6)).covered();
        }).starts_with("PASS"));
  CHECK(
      judged([&](Export& e) {
        e.batch(device.batch(0, 3)).covered().hidden_leaf().hidden_leaf().batch(device.batch(3, 6)).covered();
      }).starts_with("PASS"));
  CHECK(judged([&](Export& e) {
          e.raw("batch", device.batch(0, 3)).hidden_leaf().covered();
        }).find("not a range of leaves") != std::string::npos);
  // A MAC that was changed after the fact: the chain cannot tell without its key, the leaf can.
  Device changed = with_events(6);
  changed.macs[1].bytes[0] ^= 1;
  Export honest;
  honest.start().certificate(device).batch(device.batch()).covered();
  const std::string text = honest.end();
  const size_t at = text.find(device.macs[1].hex());
  REQUIRE(at != std::string::npos);
  std::string patched = text;
  patched.replace(at, 32, changed.macs[1].hex());
  // With the closing hash made to fit, so that only the log speaks against it.
  const size_t end = patched.rfind("end ");
  const std::string body = patched.substr(0, end);
  patched.replace(patched.rfind("\"hash\":\"") + 8, 64, hash(body).hex());
  CHECK(judge_export(patched).find("are not these leaves of the collector's log") != std::string::npos);
}

TEST_CASE("every bit of an export counts, and every cut") {
  const auto text = good_export();
  size_t taken = 0;
  for (size_t i = 0; i < text.size(); ++i) {
    for (int bit : {0, 3, 5}) {
      auto broken = text;
      broken[i] = static_cast<char>(broken[i] ^ (1 << bit));
      taken += verify_export(source_of(broken), signed_root(tenant_root())).verdict == Verdict::pass ? 1 : 0;
    }
  }
  for (size_t i = 0; i < text.size(); i += 13) {
    const auto cut = text.substr(0, i);
    taken += verify_export(source_of(cut), signed_root(tenant_root())).verdict == Verdict::pass ? 1 : 0;
  }
  CHECK(taken == 0);
  CHECK(judge_export(text + "x").find("something stands behind") != std::string::npos);
}

TEST_CASE("what is no export at all") {
  for (const std::string& text :
       {std::string(), std::string("x"), std::string("cmdai-export-v2\n"), std::string(1000, 'x'),
        std::string("cmdai-export-v1\n"), std::string("cmdai-export-v1\nroot 99999999999999999999\n"),
        std::string("cmdai-export-v1\nroot 5000000\n"), std::string("cmdai-export-v1\nroot 01\nx\n"),
        std::string("cmdai-export-v1\nROOT 1\nx\n")}) {
    CAPTURE(text.substr(0, 40));
    CHECK(judge_export(text).starts_with("ERROR"));
  }
}

TEST_CASE("a long chain with batches that overlap") {
  Device device = with_events(3000);
  Export e;
  e.start().certificate(device);
  for (size_t begin = 0; begin < 3000; begin += 500)
    e.batch(device.batch(begin > 100 ? begin - 100 : 0, std::min<size_t>(begin + 600, 3000)));
  CHECK(judge_export(e.covered().end()) ==
        "PASS: 3000 events in 6 batches of 1 devices, 1 roots, 1 checkpoints\n");
}

TEST_CASE("a sink that fails ends the writing") {
  int calls = 0;
  ExportWriter writer([&](std::string_view) { return ++calls < 2; });
  CHECK_FALSE(writer.record("root", "x"));
  CHECK_FALSE(writer.finish());
  CHECK(calls == 2);
  ExportWriter strict([](std::string_view) { return true; });
  CHECK_FALSE(strict.record("end", "x"));
}
