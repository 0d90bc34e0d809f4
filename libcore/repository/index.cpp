#include "libcore/repository/index.hpp"

#include <algorithm>

namespace cmdai::repository {
namespace {

uint32_t number(std::string_view bytes, size_t at) {
  uint32_t out = 0;
  for (size_t i = 0; i < 4; ++i) out = out << 8 | static_cast<unsigned char>(bytes[at + i]);
  return out;
}

uint32_t short_number(std::string_view bytes, size_t at) {
  return static_cast<uint32_t>(static_cast<unsigned char>(bytes[at])) << 8 |
         static_cast<unsigned char>(bytes[at + 1]);
}

constexpr size_t kStat = 40;  ///< bytes of stat data in front of the hash
constexpr uint32_t kExtended = 0x4000, kNameLength = 0x0fff;
constexpr uint32_t kSkipWorktree = 0x4000, kIntentToAdd = 0x2000;  // of the second flags

/// A number in which each byte says whether one follows, as in packs (OFS_DELTA). nullopt: cut off, or
/// absurd.
std::optional<size_t> variable_number(std::string_view bytes, size_t& at) {
  size_t out = 0;
  for (int i = 0; i < 5; ++i) {
    if (at >= bytes.size()) return std::nullopt;
    const auto byte = static_cast<unsigned char>(bytes[at++]);
    out = (i == 0 ? 0 : (out + 1) << 7) | (byte & 0x7fU);
    if ((byte & 0x80U) == 0) return out;
  }
  return std::nullopt;
}

}  // namespace

std::optional<Index> Index::read(std::string bytes, size_t hash_size) {
  Index out;
  out.bytes_ = std::make_unique<const std::string>(std::move(bytes));
  if (!out.parse(hash_size)) return std::nullopt;
  return out;
}

bool Index::parse(size_t hash_size) {
  const std::string_view bytes = *bytes_;
  constexpr size_t kHeader = 12;
  if (bytes.size() < kHeader + hash_size || !bytes.starts_with("DIRC")) return false;
  const uint32_t version = number(bytes, 4), count = number(bytes, 8);
  if (version < 2 || version > 4) return false;
  size_t at = kHeader;
  return parse_entries(version, count, hash_size, at) && parse_extensions(at, hash_size);
}

bool Index::parse_entries(uint32_t version, uint32_t count, size_t hash_size, size_t& at) {
  const std::string_view bytes(bytes_->data(), bytes_->size() - hash_size);  // the checksum is behind it
  const size_t fixed = kStat + hash_size + 2;
  if (count > bytes.size() / fixed) return false;
  entries_.reserve(count);
  for (uint32_t i = 0; i < count; ++i) {
    const size_t begin = at;
    if (bytes.size() < at || bytes.size() - at < fixed + 2) return false;
    IndexEntry e;
    e.changed_seconds = number(bytes, at);
    e.changed_nanoseconds = number(bytes, at + 4);
    e.modified_seconds = number(bytes, at + 8);
    e.modified_nanoseconds = number(bytes, at + 12);
    e.inode = number(bytes, at + 20);
    e.mode = number(bytes, at + 24);
    e.uid = number(bytes, at + 28);
    e.gid = number(bytes, at + 32);
    e.size = number(bytes, at + 36);
    e.hash = bytes.substr(at + kStat, hash_size);
    const uint32_t flags = short_number(bytes, at + kStat + hash_size);
    e.stage = static_cast<uint8_t>(flags >> 12 & 3U);
    at += fixed;
    if (version >= 3 && (flags & kExtended) != 0) {
      const uint32_t more = short_number(bytes, at);
      e.skip_worktree = (more & kSkipWorktree) != 0;
      e.intent_to_add = (more & kIntentToAdd) != 0;
      at += 2;
    }
    constexpr uint32_t kTree = 0040000;
    if (e.mode == kTree) return false;  // a sparse index: one entry for all below it
    std::optional<size_t> cut;
    if (version == 4 && !(cut = variable_number(bytes, at))) return false;
    const size_t end = bytes.find('\0', at);
    if (end == std::string_view::npos) return false;
    if (cut) {
      const std::string_view before = entries_.empty() ? std::string_view() : entries_.back().path;
      if (*cut > before.size()) return false;
      std::string path(before.substr(0, before.size() - *cut));
      constexpr size_t kLongestPath = 4096;
      if (path.size() + end - at > kLongestPath)
        return false;  // what repeats itself must not grow without end
      path.append(bytes.substr(at, end - at));
      e.path = paths_.emplace_back(std::move(path));
      at = end + 1;
    } else {
      e.path = bytes.substr(at, end - at);
      at = begin + ((end - begin + 8) / 8) * 8;  // one to eight NULs
    }
    if ((flags & kNameLength) != std::min<size_t>(e.path.size(), kNameLength) || e.path.empty()) return false;
    if (!entries_.empty()) {
      const int order = entries_.back().path.compare(e.path);
      if (order > 0 || (order == 0 && entries_.back().stage >= e.stage)) return false;
    }
    entries_.push_back(e);
  }
  return at <= bytes.size();
}

bool Index::parse_extensions(size_t at, size_t hash_size) {
  const std::string_view bytes(bytes_->data(), bytes_->size() - hash_size);
  while (bytes.size() - at >= 8) {
    const std::string_view name = bytes.substr(at, 4);
    const uint32_t size = number(bytes, at + 4);
    at += 8;
    if (size > bytes.size() - at) return false;
    const std::string_view data = bytes.substr(at, size);
    at += size;
    // Small letters: whoever does not know it must not read the index. link: most of it is in another file.
    if (name[0] >= 'a') return false;
    if (name != "TREE") continue;
    // The root: no name, how many entries it covers (-1: not valid), how many trees are in it, its hash.
    const size_t line = data.find('\n');
    if (line == std::string_view::npos || data[0] != '\0' || line < 2 || data[1] == '-') continue;
    root_tree_ = data.size() - line - 1 >= hash_size ? data.substr(line + 1, hash_size) : std::string_view();
  }
  return true;
}

const IndexEntry* Index::find(std::string_view path) const {
  const auto it = std::lower_bound(entries_.begin(), entries_.end(), path,
                                   [](const IndexEntry& e, std::string_view p) { return e.path < p; });
  return it != entries_.end() && it->path == path ? &*it : nullptr;
}

size_t Index::first_below(std::string_view directory) const {
  if (directory.empty()) return 0;
  const std::string prefix = std::string(directory) + '/';
  const auto it = std::lower_bound(entries_.begin(), entries_.end(), prefix,
                                   [](const IndexEntry& e, const std::string& p) { return e.path < p; });
  return it != entries_.end() && it->path.starts_with(prefix) ? static_cast<size_t>(it - entries_.begin())
                                                              : entries_.size();
}

}  // namespace cmdai::repository
