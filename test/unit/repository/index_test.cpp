#include "libcore/repository/index.hpp"

#include <doctest/doctest.h>

#include <string>
#include <vector>

#include "libcore/repository/objects.hpp"

using namespace cmdai::repository;

namespace {

void number(std::string& out, uint32_t value) {
  for (int shift = 24; shift >= 0; shift -= 8) out += static_cast<char>(value >> shift & 0xffU);
}

/// An index of version 2 with these paths, all of them empty files.
std::string index_of(const std::vector<std::string>& paths, const std::string& extensions = {}) {
  std::string out = "DIRC";
  number(out, 2);
  number(out, static_cast<uint32_t>(paths.size()));
  for (const std::string& path : paths) {
    const size_t begin = out.size();
    for (uint32_t value : {1U, 2U, 3U, 4U, 5U, 6U, 0100644U, 7U, 8U, 0U}) number(out, value);
    out += std::string(20, 'h');
    out += static_cast<char>(path.size() >> 8);
    out += static_cast<char>(path.size() & 0xff);
    out += path;
    out += std::string(8 - (out.size() - begin) % 8, '\0');
  }
  return out + extensions + std::string(20, 's');
}

}  // namespace

TEST_CASE("an index is read") {
  const auto index = Index::read(index_of({"a", "dir-x", "dir/b", "dir/c", "z"}));
  REQUIRE(index);
  CHECK(index->entries().size() == 5);
  CHECK(index->find("dir/b") != nullptr);
  CHECK(index->find("dir") == nullptr);
  CHECK(index->find("a")->modified_seconds == 3);
  CHECK(index->find("a")->mode == 0100644);
  CHECK(index->first_below("dir") == 2);
  CHECK(index->has_below("dir"));
  CHECK_FALSE(index->has_below("a"));
  CHECK(index->root_tree().empty());
}

TEST_CASE("the tree an index was written as is known while nothing was staged since") {
  std::string valid(
      "TREE\0\0\0\x1b\0"
      "1 0\n",
      13),
      stale("TREE\0\0\0\6\0-1 0\n", 14);
  valid[7] = 5 + 20;
  CHECK(Index::read(index_of({"a"}, valid + std::string(20, 't')))->root_tree() == std::string(20, 't'));
  CHECK(Index::read(index_of({"a"}, stale))->root_tree().empty());
}

TEST_CASE("what is no index, or one that is not read, gives none") {
  const std::string good = index_of({"a", "b"});
  CHECK(Index::read(good));
  CHECK_FALSE(Index::read(""));
  CHECK_FALSE(Index::read("DIRC"));
  for (size_t size = 0; size < good.size(); ++size) CHECK_FALSE(Index::read(good.substr(0, size)));
  CHECK_FALSE(Index::read(index_of({"b", "a"})));
  CHECK_FALSE(Index::read(index_of({"a", "a"})));
  CHECK_FALSE(Index::read(index_of({"a"}, std::string("link\0\0\0\0", 8))));
  std::string many = good;
  many[8] = '\x7f';
  CHECK_FALSE(Index::read(many));
}

TEST_CASE("hashes are git's") {
  CHECK(to_hex(blob_hash("")) == "e69de29bb2d1d6434b8b29ae775ad8c2e48c5391");
  CHECK(to_hex(blob_hash("hello\n")) == "ce013625030ba8dba906f756967f9e9ca394464a");
  CHECK(from_hex("0aff") == std::string("\x0a\xff"));
  CHECK(from_hex("0af").empty());
  CHECK(from_hex("zz").empty());
}

TEST_CASE("the head of a zlib stream is unpacked, as far as it goes") {
  const std::string packed("\x78\x9c\xcb\x48\xcd\xc9\xc9\x57\x28\xcf\x2f\xca\x49\x01\x00\x1a\x0b\x04\x5d",
                           19);
  CHECK(inflated(packed, 100) == "hello world");
  CHECK(inflated(packed, 5) == "hello");
  CHECK(inflated("", 100).empty());
  CHECK(inflated("no such thing", 100).empty());
}
