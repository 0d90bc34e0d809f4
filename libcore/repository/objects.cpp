#include "libcore/repository/objects.hpp"

#include <algorithm>
#include <boost/beast/zlib/inflate_stream.hpp>
#include <boost/uuid/detail/sha1.hpp>

namespace cmdai::repository {
namespace {

constexpr size_t kHead = 1024;  ///< bytes of a commit: the tree stands first in it

std::string number_bytes(uint32_t value) {
  std::string out;
  for (int shift = 24; shift >= 0; shift -= 8) out += static_cast<char>(value >> shift & 0xffU);
  return out;
}

uint64_t big_endian(std::string_view bytes) {
  uint64_t out = 0;
  for (const char c : bytes) out = out << 8 | static_cast<unsigned char>(c);
  return out;
}

/// "tree HEX" at the head of a commit.
std::string tree_line(std::string_view commit, size_t hex_size) {
  constexpr std::string_view kTree = "tree ";
  if (!commit.starts_with(kTree) || commit.size() < kTree.size() + hex_size) return {};
  return from_hex(commit.substr(kTree.size(), hex_size));
}

std::string in_loose_object(Probe& probe, const std::string& objects, std::string_view commit) {
  const std::string path =
      objects + '/' + std::string(commit.substr(0, 2)) + '/' + std::string(commit.substr(2));
  const auto packed = probe.read_part(path, 0, kHead);
  if (!packed) return {};
  const std::string head = inflated(*packed, kHead);
  const size_t nul = head.find('\0');
  if (!head.starts_with("commit ") || nul == std::string::npos) return {};
  return tree_line(std::string_view(head).substr(nul + 1), commit.size());
}

/// Where the object is in its pack, by the pack's index (version 2).
std::optional<uint64_t> offset_in_pack(Probe& probe, const std::string& index, const std::string& hash) {
  constexpr uint64_t kFanout = 8, kNames = kFanout + 256 * 4;
  const auto fanout = probe.read_part(index, 0, kNames);
  if (!fanout || fanout->size() != kNames || !fanout->starts_with(std::string_view("\xfftOc\0\0\0\2", 8)))
    return std::nullopt;
  const auto until = [&](size_t byte) {
    return big_endian(std::string_view(*fanout).substr(kFanout + byte * 4, 4));
  };
  const size_t first_byte = static_cast<unsigned char>(hash[0]);
  const uint64_t count = until(255), begin = first_byte == 0 ? 0 : until(first_byte - 1),
                 end = until(first_byte);
  constexpr uint64_t kMost = 1U << 20;  // names that begin alike
  if (begin >= end || end > count || end - begin > kMost) return std::nullopt;
  const size_t size = hash.size();
  const auto names = probe.read_part(index, kNames + begin * size, static_cast<size_t>(end - begin) * size);
  if (!names || names->size() != (end - begin) * size) return std::nullopt;
  for (uint64_t low = 0, high = end - begin; low < high;) {
    const uint64_t middle = (low + high) / 2;
    const int order = std::string_view(*names).substr(middle * size, size).compare(hash);
    if (order < 0) {
      low = middle + 1;
    } else if (order > 0) {
      high = middle;
    } else {
      const uint64_t offsets = kNames + count * (size + 4);  // names, checksums
      const auto at = probe.read_part(index, offsets + (begin + middle) * 4, 4);
      if (!at || at->size() != 4) return std::nullopt;
      const uint64_t offset = big_endian(*at);
      constexpr uint64_t kLarge = 0x80000000U;
      if ((offset & kLarge) == 0) return offset;
      const auto large = probe.read_part(index, offsets + count * 4 + (offset - kLarge) * 8, 8);
      return large && large->size() == 8 ? std::optional(big_endian(*large)) : std::nullopt;
    }
  }
  return std::nullopt;
}

std::string in_pack(Probe& probe, const std::string& pack, uint64_t offset, size_t hex_size) {
  const auto bytes = probe.read_part(pack, offset, kHead);
  if (!bytes || bytes->empty()) return {};
  constexpr unsigned kCommit = 1;
  if ((static_cast<unsigned char>(bytes->front()) >> 4 & 7U) != kCommit) return {};
  size_t at = 0;
  while (at < bytes->size() && (static_cast<unsigned char>((*bytes)[at]) & 0x80U) != 0) ++at;
  return tree_line(inflated(std::string_view(*bytes).substr(std::min(at + 1, bytes->size())), kHead),
                   hex_size);
}

}  // namespace

std::string blob_hash(std::string_view content) {
  const std::string head = "blob " + std::to_string(content.size()) + '\0';
  boost::uuids::detail::sha1 hash;
  hash.process_bytes(head.data(), head.size());
  hash.process_bytes(content.data(), content.size());
  boost::uuids::detail::sha1::digest_type words;
  hash.get_digest(words);
  std::string out;
  for (const auto word : words) out += number_bytes(word);
  return out;
}

std::string to_hex(std::string_view bytes) {
  constexpr std::string_view kDigits = "0123456789abcdef";
  std::string out;
  for (const char c : bytes) {
    out += kDigits[static_cast<unsigned char>(c) >> 4];
    out += kDigits[static_cast<unsigned char>(c) & 15U];
  }
  return out;
}

std::string from_hex(std::string_view hex) {
  constexpr std::string_view kDigits = "0123456789abcdef";
  std::string out;
  if (hex.size() % 2 != 0) return {};
  for (size_t i = 0; i < hex.size(); i += 2) {
    const size_t high = kDigits.find(hex[i]), low = kDigits.find(hex[i + 1]);
    if (high == std::string_view::npos || low == std::string_view::npos) return {};
    out += static_cast<char>(high << 4 | low);
  }
  return out;
}

std::string inflated(std::string_view packed, size_t most) {
  constexpr size_t kZlibHeader = 2;  // RFC 1950: method and window, without a dictionary
  if (packed.size() <= kZlibHeader || (static_cast<unsigned char>(packed[0]) & 15U) != 8 ||
      (static_cast<unsigned char>(packed[1]) & 0x20U) != 0)
    return {};
  packed.remove_prefix(kZlibHeader);
  std::string out(most, '\0');
  boost::beast::zlib::inflate_stream stream;
  boost::beast::zlib::z_params params;
  params.next_in = packed.data();
  params.avail_in = packed.size();
  params.next_out = out.data();
  params.avail_out = out.size();
  boost::beast::error_code error;  // at the end, cut off, broken: what has come out counts
  stream.write(params, boost::beast::zlib::Flush::sync, error);
  out.resize(params.total_out);
  return out;
}

std::string tree_of_commit(Probe& probe, const std::string& objects, std::string_view commit) {
  const std::string hash = from_hex(commit);
  if (hash.size() < 20) return {};
  if (std::string tree = in_loose_object(probe, objects, commit); !tree.empty()) return tree;
  constexpr size_t kMostFiles = 256, kMostPacks = 16;
  const auto files = probe.list(objects + "/pack", kMostFiles);
  if (!files || files->size() == kMostFiles) return {};
  size_t looked = 0;
  for (const std::string& name : *files) {
    if (!name.ends_with(".idx") || ++looked > kMostPacks) continue;
    const std::string stem = objects + "/pack/" + name.substr(0, name.size() - 4);
    if (const auto offset = offset_in_pack(probe, stem + ".idx", hash))
      return in_pack(probe, stem + ".pack", *offset, commit.size());
  }
  return {};
}

}  // namespace cmdai::repository
