// The conformance tests, held against SQLite.
#include <doctest/doctest.h>
#include <stdlib.h>

#include <filesystem>

#include "test/enterprise/collector/store_conformance.hpp"

namespace cmdai::collector::test {

namespace {

/// A folder for the whole run; each fresh store has one of its own in it.
class Folder {
 public:
  Folder() {
    std::string name = (std::filesystem::temp_directory_path() / "cmdai-store-XXXXXX").string();
    if (mkdtemp(name.data()) != nullptr) path_ = name;
  }
  ~Folder() {
    std::error_code ignored;
    std::filesystem::remove_all(path_, ignored);
  }
  Folder(const Folder&) = delete;
  Folder& operator=(const Folder&) = delete;
  std::string next() { return path_ + "/" + std::to_string(++count_); }
  [[nodiscard]] std::string current() const { return path_ + "/" + std::to_string(count_); }

 private:
  std::string path_;
  int count_ = 0;
};

Folder& folder() {
  static Folder one;
  return one;
}

std::unique_ptr<Store> opened(const std::string& path) {
  auto store = open_sqlite_store(path);
  if (!store) MESSAGE(store.error().text);
  REQUIRE(store.has_value());
  return std::move(*store);
}

}  // namespace

StoreFactory store_factory() {
  return {[] { return opened(folder().next()); }, [] { return opened(folder().current()); }};
}

}  // namespace cmdai::collector::test
