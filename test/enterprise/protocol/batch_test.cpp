#include "enterprise/protocol/batch.hpp"

#include <doctest/doctest.h>

#include "enterprise/protocol/compression.hpp"
#include "test/enterprise/protocol/fixtures.hpp"

using namespace cmdai::wire;
using namespace cmdai::wire::fixtures;

TEST_CASE("a batch is a signed header and its events as they are") {
  Device device;
  device.events(3);
  const auto text = device.batch(1, 3);
  const auto batch = read_batch(text);
  REQUIRE(batch);
  CHECK(batch->header.first == 2);
  CHECK(batch->header.last == 3);
  CHECK(batch->header.count == 2);
  CHECK(batch->header.after == hash(device.lines[0]));
  CHECK(batch->header.head == device.head);
  CHECK_FALSE(batch->header.insist);
  CHECK(batch->events[0].line == device.lines[1]);
  CHECK(batch->events[1].mac == device.macs[2]);
  CHECK(verify_header(*batch, device.key.public_key()));
  CHECK_FALSE(verify_header(*batch, signing(99).public_key()));
  CHECK(read_batch(device.batch(0, 1, true))->header.insist);
}

TEST_CASE("what is no batch") {
  Device device;
  device.events(2);
  const auto good = device.batch();
  const size_t header_end = good.find('\n');
  const auto replaced = [&](std::string_view what, std::string_view by) {
    auto text = good;
    return text.replace(text.find(what), what.size(), by);
  };
  const std::pair<std::string, std::string_view> rows[] = {
      {"", "malformed"},
      {good.substr(0, good.size() - 1), "malformed"},
      {good.substr(0, header_end), "malformed"},
      {good.substr(0, header_end + 1), "malformed"},
      {good.substr(0, header_end + 40), "malformed"},
      {good + "x", "malformed"},
      {good + good.substr(good.rfind('\n', good.size() - 2) + 1), "malformed"},
      {replaced(R"("count":2)", R"("count":3)"), "malformed"},
      {replaced(R"("count":2)", R"("count":1)"), "malformed"},
      {replaced(R"("count":2)", R"("count":0)"), "malformed"},
      {replaced(R"("count":2)", R"("count":99999)"), "malformed"},
      {replaced(R"("v":1)", R"("v":2)"), "malformed"},
      {replaced(R"("first":1)", R"("first":0)"), "malformed"},
      {replaced(R"("first":1)", R"("first":1.0)"), "malformed"},
      {replaced(R"("first":1)", R"("first":"1")"), "malformed"},
      {replaced(R"("first":1)", R"("first":9007199254740992)"), "malformed"},
      {replaced("\"time\"", "\"tine\""), "malformed"},
      {std::string(kMaxBatch + 1, 'x'), "too-long"},
  };
  for (const auto& [text, reason] : rows) {
    CAPTURE(text.substr(0, 400));
    const auto read = read_batch(text);
    REQUIRE_FALSE(read);
    CHECK(word(read.error().reason) == reason);
  }
}

TEST_CASE("a batch that would be too large is not built") {
  Device device;
  device.event("command.decision", R"("cmd":")" + std::string(kMaxEvent - 400, 'x') + "\"}");
  std::vector<MacLine> lines(9, device.mac_lines(0, 1)[0]);
  const auto large = build_batch(device.header(0), lines, device.key);
  REQUIRE_FALSE(large);
  CHECK(word(large.error().reason) == "too-long");
  lines.assign(kMaxBatchEvents + 1, device.mac_lines(0, 1)[0]);
  CHECK_FALSE(build_batch(device.header(0), lines, device.key));
  CHECK_FALSE(build_batch(device.header(0), {}, device.key));
}

TEST_CASE("zstd: what was packed, and nothing larger than the limit") {
  Device device;
  device.events(64);
  const auto text = device.batch();
  const auto packed = pack(text);
  Unpacker unpacker;
  CHECK(unpacker.unpack(packed, kMaxBatch) == text);
  CHECK(unpacker.unpack(packed, text.size()) == text);
  CHECK(packed.size() * 3 < text.size());
  CHECK(word(unpacker.unpack(packed, text.size() - 1).error().reason) == "too-long");
  CHECK(word(unpacker.unpack(pack(std::string(size_t{64} << 20, '\0')), kMaxBatch).error().reason) ==
        "too-long");
  CHECK(word(unpacker.unpack(packed + packed, kMaxBatch).error().reason) == "malformed");
  CHECK(word(unpacker.unpack(packed.substr(0, packed.size() - 1), kMaxBatch).error().reason) == "malformed");
  CHECK(word(unpacker.unpack("", kMaxBatch).error().reason) == "malformed");
  CHECK(word(unpacker.unpack("not zstd at all", kMaxBatch).error().reason) == "malformed");
  CHECK(unpacker.unpack(packed, kMaxBatch) == text);  // the work space survives what was refused
}
