#pragma once
// As much of git's object store as is asked for: the tree of a commit, and what a file's blob is called.
#include <string>
#include <string_view>

#include "libcore/base/probe.hpp"

namespace cmdai::repository {

/// The hash (bytes, SHA-1) git gives a file of this content.
std::string blob_hash(std::string_view content);

std::string to_hex(std::string_view bytes);
/// "" for what is no hexadecimal number.
std::string from_hex(std::string_view hex);

/// The tree (bytes) of a commit (hex), loose or packed; "" where it cannot be told: not there, kept as a
/// difference to another one, or borrowed from another repository. gitformat-pack(5), git 2.39.
std::string tree_of_commit(Probe& probe, const std::string& objects, std::string_view commit);

/// What the head of a zlib stream unpacks to, at most `most` bytes; "" for what is no such stream.
std::string inflated(std::string_view packed, size_t most);

}  // namespace cmdai::repository
