#include "libcore/repository/index.hpp"

#include <doctest/doctest.h>

#include <map>
#include <string>
#include <vector>

#include "libcore/repository/objects.hpp"
#include "test/unit/repository/made_repository.hpp"

using namespace cmdai::repository;

using cmdai::test::made_index;

namespace {

std::string index_of(const std::vector<std::string>& paths, const std::string& extensions = {}) {
  std::map<std::string, std::string> files;
  for (const std::string& path : paths) files[path] = "";
  std::string out = made_index(files);
  return out.insert(out.size() - 20, extensions);
}

/// With the names of two entries of the same length exchanged.
std::string replaced(std::string index, const std::string& from, const std::string& to) {
  return index.replace(index.find(from), from.size(), to);
}

}  // namespace

TEST_CASE("an index is read") {
  const auto index = Index::read(index_of({"a", "dir-x", "dir/b", "dir/c", "z"}));
  REQUIRE(index);
  CHECK(index->entries().size() == 5);
  CHECK(index->find("dir/b") != nullptr);
  CHECK(index->find("dir") == nullptr);
  CHECK(index->find("a")->size == 0);
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
  CHECK_FALSE(Index::read(replaced(index_of({"name1", "name2"}), "name1", "name3")));
  CHECK_FALSE(Index::read(replaced(index_of({"name1", "name2"}), "name1", "name2")));
  CHECK_FALSE(Index::read(index_of({"a"}, std::string("link\0\0\0\0", 8))));
  std::string many = good;
  many[8] = '\x7f';
  CHECK_FALSE(Index::read(many));
}

TEST_CASE("the tree of a commit is read out of its loose object") {
  CHECK(inflated(cmdai::test::made_commit(std::string(20, 't')), 1000).starts_with("commit "));
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
