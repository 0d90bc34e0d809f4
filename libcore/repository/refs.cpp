#include "libcore/repository/refs.hpp"

#include <algorithm>

#include "libcore/base/text.hpp"

namespace cmdai::repository {
namespace {

constexpr size_t kLargestPacked = 8U << 20, kLargestLoose = 4096, kLargestLog = 1U << 20;
constexpr size_t kMostInFolder = 2048;
constexpr int kDeepestReference = 8;
constexpr std::string_view kLink = "ref: ";

bool is_hash(std::string_view text) {
  return (text.size() == 40 || text.size() == 64) &&
         text.find_first_not_of("0123456789abcdef") == std::string_view::npos;
}

}  // namespace

void Refs::take(const std::string& name, std::string_view text) {
  text = trimmed(text, " \t\r\n");
  if (text.starts_with(kLink)) {
    links_[name] = std::string(trimmed(text.substr(kLink.size())));
  } else if (is_hash(text)) {
    hashes_[name] = std::string(text);
  }
}

/// A line each: HASH NAME; a line that begins with ^ says what a tag stands for.
void Refs::read_packed(std::string_view text) {
  while (!text.empty()) {
    const size_t end = std::min(text.find('\n'), text.size());
    const std::string_view line = text.substr(0, end);
    text.remove_prefix(std::min(end + 1, text.size()));
    const size_t blank = line.find(' ');
    if (line.starts_with('#') || line.starts_with('^') || blank == std::string_view::npos) continue;
    if (is_hash(line.substr(0, blank)))
      hashes_.insert_or_assign(std::string(trimmed(line.substr(blank + 1))),
                               std::string(line.substr(0, blank)));
  }
}

void Refs::read_loose(Probe& probe, const std::string& folder, const std::string& prefix, int depth) {
  const auto here = probe.scan(folder, kMostInFolder);
  if (!here || !here->whole || depth == kDeepestReference) {
    whole_ = whole_ && probe.is_absent(folder);
    return;
  }
  for (const Listing::Entry& entry : here->entries) {
    const std::string path = folder + '/' + entry.name, name = prefix + '/' + entry.name;
    if (entry.info.kind == FileKind::directory) {
      read_loose(probe, path, name, depth + 1);
    } else if (const auto text = probe.read_file(path, kLargestLoose)) {
      take(name, *text);
    } else {
      whole_ = false;
    }
  }
}

Refs Refs::read(Probe& probe, const std::string& common, const std::string& own) {
  Refs out;
  if (const auto packed = probe.read_file(common + "/packed-refs", kLargestPacked))
    out.read_packed(*packed);
  else
    out.whole_ = probe.is_absent(common + "/packed-refs");
  out.read_loose(probe, common + "/refs", "refs", 0);
  const auto head = probe.read_file(own + "/HEAD", kLargestLoose);
  if (!head) out.whole_ = false;
  const std::string_view text = trimmed(head ? std::string_view(*head) : std::string_view(), " \t\r\n");
  if (text.starts_with(kLink))
    out.head_ = std::string(trimmed(text.substr(kLink.size())));
  else if (is_hash(text))
    out.head_hash_ = std::string(text);
  else
    out.whole_ = false;
  if (out.head_ == "refs/heads/.invalid") out.whole_ = false;  // reftable
  if (!out.hash("refs/stash").empty()) {
    const auto log = probe.read_file(common + "/logs/refs/stash", kLargestLog);
    const auto lines = log ? std::count(log->begin(), log->end(), '\n') : 0;
    out.stashes_ = std::max<size_t>(1, static_cast<size_t>(lines));
  }
  return out;
}

std::string Refs::hash(const std::string& name) const {
  std::string at = name;
  for (int i = 0; i < 5; ++i) {  // a ref may name another one
    if (const auto found = hashes_.find(at); found != hashes_.end()) return found->second;
    const auto link = links_.find(at);
    if (link == links_.end()) break;
    at = link->second;
  }
  return {};
}

std::string Refs::head_hash() const { return head_.empty() ? head_hash_ : hash(head_); }

std::vector<std::pair<std::string, std::string>> Refs::below(std::string_view prefix) const {
  std::vector<std::pair<std::string, std::string>> out;
  for (auto it = hashes_.lower_bound(prefix); it != hashes_.end() && it->first.starts_with(prefix); ++it)
    out.emplace_back(*it);
  return out;
}

bool Refs::anyone_has(std::string_view hash, std::string_view below, std::string_view but) const {
  return std::any_of(hashes_.begin(), hashes_.end(), [&](const auto& ref) {
    return ref.second == hash && ref.first.starts_with(below) && ref.first != but;
  });
}

std::string Refs::resolve(std::string_view word) const {
  if (word == "HEAD" || word == "@" || word.empty()) return head_hash();
  if (is_hash(word)) return std::string(word);
  // gitrevisions(7): the first of these there is.
  for (std::string_view prefix : {"", "refs/", "refs/tags/", "refs/heads/", "refs/remotes/"}) {
    const std::string name = std::string(prefix) + std::string(word);
    if (!name.starts_with("refs/")) continue;
    if (std::string found = hash(name); !found.empty()) return found;
  }
  return hash("refs/remotes/" + std::string(word) + "/HEAD");
}

std::string Refs::default_branch(std::string_view remote) const {
  const std::string prefix = "refs/remotes/" + std::string(remote) + '/';
  const auto link = links_.find(prefix + "HEAD");
  return link != links_.end() && link->second.starts_with(prefix) ? link->second.substr(prefix.size()) : "";
}

}  // namespace cmdai::repository
