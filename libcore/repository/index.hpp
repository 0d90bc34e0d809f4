#pragma once
// .git/index: which files git has, and what they looked like when it looked last. gitformat-index(5),
// git 2.39.
#include <cstdint>
#include <deque>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace cmdai::repository {

struct IndexEntry {
  std::string_view path;  ///< from the top of the work tree, without a slash in front
  std::string_view hash;  ///< bytes
  uint32_t changed_seconds = 0, changed_nanoseconds = 0;
  uint32_t modified_seconds = 0, modified_nanoseconds = 0;
  uint32_t inode = 0, mode = 0, uid = 0, gid = 0, size = 0;  ///< the lower 32 bits of each
  uint8_t stage = 0;                                         ///< above 0: one side of a conflict
  bool intent_to_add = false;                                ///< git add -N: the name alone
  bool skip_worktree = false;                                ///< sparse checkout: not on the disk
};

class Index {
 public:
  /// nullopt: no index, or one of a kind that is not read (split, sparse). `hash_size`: 20, or 32 (SHA-256).
  static std::optional<Index> read(std::string bytes, size_t hash_size = 20);

  /// In the order of their paths.
  const std::vector<IndexEntry>& entries() const { return entries_; }
  const IndexEntry* find(std::string_view path) const;
  /// The first entry below a directory ("" is the top), as an index into entries(); entries().size(): none.
  size_t first_below(std::string_view directory) const;
  bool has_below(std::string_view directory) const { return first_below(directory) < entries_.size(); }
  /// Hash of the tree the index was last written as, where nothing was staged since: the cache tree's root.
  std::string_view root_tree() const { return root_tree_; }

 private:
  bool parse(size_t hash_size);
  bool parse_entries(uint32_t version, uint32_t count, size_t hash_size, size_t& at);
  bool parse_extensions(size_t at, size_t hash_size);

  std::unique_ptr<const std::string> bytes_;  ///< where the views point, however the object moves
  std::deque<std::string> paths_;             ///< of version 4, which shortens them
  std::vector<IndexEntry> entries_;
  std::string_view root_tree_;
};

}  // namespace cmdai::repository
