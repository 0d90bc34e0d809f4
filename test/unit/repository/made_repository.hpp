#pragma once
// The files of a small repository, made by hand: what a probe would read of it.
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "libcore/repository/objects.hpp"

namespace cmdai::test {

inline void put_number(std::string& out, uint32_t value) {
  for (int shift = 24; shift >= 0; shift -= 8) out += static_cast<char>(value >> shift & 0xffU);
}

/// An index of version 2: paths with the content git has of them. Dates are all 0, so that the content
/// decides. `tree`: bytes of the tree it was written as.
inline std::string made_index(const std::map<std::string, std::string>& files, const std::string& tree = {}) {
  std::string out = "DIRC";
  put_number(out, 2);
  put_number(out, static_cast<uint32_t>(files.size()));
  for (const auto& [path, content] : files) {
    const size_t begin = out.size();
    for (uint32_t value : {0U, 0U, 0U, 0U, 0U, 0U, 0100644U, 0U, 0U, static_cast<uint32_t>(content.size())})
      put_number(out, value);
    out += repository::blob_hash(content);
    out += static_cast<char>(path.size() >> 8);
    out += static_cast<char>(path.size() & 0xff);
    out += path;
    out += std::string(8 - (out.size() - begin) % 8, '\0');
  }
  if (!tree.empty()) {
    const std::string root = std::string(1, '\0') + std::to_string(files.size()) + " 0\n" + tree;
    out += "TREE";
    put_number(out, static_cast<uint32_t>(root.size()));
    out += root;
  }
  return out + std::string(20, 's');
}

/// A loose commit with this tree, in a zlib stream of one stored block (RFC 1950, 1951).
inline std::string made_commit(const std::string& tree) {
  const std::string body = "tree " + repository::to_hex(tree) + "\nauthor u <u@example.org> 0 +0000\n\nx\n";
  const std::string object = "commit " + std::to_string(body.size()) + std::string(1, '\0') + body;
  const auto size = static_cast<unsigned>(object.size());
  std::string out = "\x78\x01\x01";
  for (unsigned n : {size & 0xffU, size >> 8, ~size & 0xffU, (~size >> 8) & 0xffU})
    out += static_cast<char>(n);
  return out + object + std::string(4, '\0');
}

inline const std::string kCommit(40, 'c'), kOlder(40, 'd');

/// The files of a repository below `top`, as absolute paths: `committed` is what HEAD and the index have.
/// Its main branch is at `kCommit`, which the remote has, too.
inline std::map<std::string, std::string> made_repository(
    const std::string& top, const std::map<std::string, std::string>& committed) {
  const std::string git = top + "/.git", tree(20, 't');
  std::map<std::string, std::string> out;
  out[git + "/HEAD"] = "ref: refs/heads/main\n";
  out[git + "/config"] = "[core]\n\tfilemode = false\n[remote \"origin\"]\n\turl = host:x\n";
  out[git + "/index"] = made_index(committed, tree);
  out[git + "/refs/heads/main"] = kCommit + '\n';
  out[git + "/refs/remotes/origin/main"] = kCommit + '\n';
  out[git + "/refs/remotes/origin/HEAD"] = "ref: refs/remotes/origin/main\n";
  out[git + "/objects/" + kCommit.substr(0, 2) + '/' + kCommit.substr(2)] = made_commit(tree);
  for (const auto& [path, content] : committed) out[top + '/' + path] = content;
  return out;
}

}  // namespace cmdai::test
