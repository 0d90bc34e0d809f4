// A repository's files from any bytes: the index, ignore files, configuration, packed refs, zlib streams. The
// first byte says what the rest is taken for; `w` gives all the files of a work tree, divided by lines of
// dashes. Time is bounded by libFuzzer's -timeout.
#include <cstdlib>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "libcore/repository/objects.hpp"
#include "libcore/repository/work_tree.hpp"

using namespace cmdai;
using namespace cmdai::repository;

namespace {

void require(bool condition) {
  if (!condition) std::abort();
}

/// A few files of one work tree, and none of their dates.
class Files : public Probe {
 public:
  std::map<std::string, std::string> all;

  std::optional<FileInfo> lstat(const std::string& path) override {
    FileInfo info;
    info.mode = 0755;
    if (const auto file = all.find(path); file != all.end()) {
      info.kind = FileKind::regular;
      info.size = file->second.size();
      return info;
    }
    const auto below = all.lower_bound(path + '/');
    if (below == all.end() || !below->first.starts_with(path + '/')) return std::nullopt;
    info.kind = FileKind::directory;
    return info;
  }
  std::optional<std::string> real_path(const std::string& path) override { return path; }
  std::optional<std::string> read_file(const std::string& path, size_t limit) override {
    const auto file = all.find(path);
    return file == all.end() || file->second.size() > limit ? std::nullopt : std::optional(file->second);
  }
  std::optional<std::vector<std::string>> list(const std::string&, size_t) override { return std::nullopt; }
  bool is_absent(const std::string& path) override { return !lstat(path); }
  std::optional<Listing> scan(const std::string& directory, size_t) override {
    Listing out;
    for (auto it = all.lower_bound(directory + '/');
         it != all.end() && it->first.starts_with(directory + '/'); ++it) {
      const size_t begin = directory.size() + 1;
      std::string name = it->first.substr(begin, it->first.find('/', begin) - begin);
      if (!out.entries.empty() && out.entries.back().name == name) continue;
      const auto info = lstat(directory + '/' + name);
      out.entries.push_back({std::move(name), info.value_or(FileInfo{})});
    }
    return out;
  }
  std::optional<std::string> read_part(const std::string& path, uint64_t offset, size_t size) override {
    const auto file = all.find(path);
    return file == all.end() || offset > file->second.size()
               ? std::nullopt
               : std::optional(file->second.substr(offset, size));
  }
};

void read_index(std::string_view bytes) {
  const auto index = Index::read(std::string(bytes));
  if (!index) return;
  for (size_t i = 0; i < index->entries().size(); ++i) {
    const IndexEntry& e = index->entries()[i];
    require(!e.path.empty() && e.hash.size() == 20);
    require(i == 0 || index->entries()[i - 1].path <= e.path);
    require(index->find(e.path) != nullptr);
    if (const size_t slash = e.path.rfind('/'); slash != std::string_view::npos && slash > 0)
      require(index->has_below(e.path.substr(0, slash)));
  }
  require(index->root_tree().empty() || index->root_tree().size() == 20);
}

void read_ignore(std::string_view text) {
  const size_t nul = text.find('\0');
  const IgnoreFile file(text.substr(0, nul), text.size() % 2 == 0);
  const std::string_view path = nul == std::string_view::npos ? "a/b.c" : text.substr(nul + 1);
  uint64_t steps = 0;
  const auto once = file.ignores(path, true, steps);
  require(once == file.ignores(path, true, steps));
  if (file.empty()) require(!once);
}

void read_work_tree(std::string_view text) {
  static constexpr const char* kNames[] = {
      ".git/HEAD",      ".git/index",           ".git/packed-refs",  ".git/config", ".gitignore",
      "src/.gitignore", ".git/refs/heads/main", ".git/info/exclude", "src/a.c"};
  constexpr std::string_view kBetween = "\n----\n";
  Files files;
  for (const char* name : kNames) {
    const size_t end = text.find(kBetween);
    files.all[std::string("/w/") + name] = text.substr(0, end);
    if (end == std::string_view::npos) break;
    text.remove_prefix(end + kBetween.size());
  }
  auto tree = WorkTree::around(files, "/w/src", "/h");
  if (!tree) return;
  require(tree->top() == "/w");
  const Survey survey = tree->survey("/w");
  require(survey.changed + survey.untracked + survey.ignored + survey.unchanged <= files.all.size());
  tree->state_of("/w/src/a.c");
  tree->has_staged();
  tree->history();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  if (size == 0) return 0;
  const std::string_view text(reinterpret_cast<const char*>(data) + 1, size - 1);
  switch (data[0]) {
    case 'i': read_index(text); break;
    case 'g': read_ignore(text); break;
    case 'c': read_config(text); break;
    case 'z': require(inflated(text, 1000).size() <= 1000); break;
    case 'w': read_work_tree(text); break;
    default: break;
  }
  return 0;
}
