#include "shell-hooks/agents/drive/verify_box.hpp"

#include <fmt/format.h>
#include <stdlib.h>

#include <cerrno>
#include <cstring>
#include <filesystem>
#include <fstream>

namespace cmdai::agents {
namespace {

namespace fs = std::filesystem;

/// A socket's path may have some hundred bytes: a deep temporary folder is passed over.
std::string temporary_folder() {
  const char* named = std::getenv("TMPDIR");
  const std::string folder = named == nullptr ? "" : named;
  return folder.starts_with('/') && folder.size() < 60 ? folder : "/tmp";
}

}  // namespace

Result<VerifyBox> VerifyBox::make() {
  std::string pattern = temporary_folder() + "/agent-verify-XXXXXX";
  std::error_code error;
  if (mkdtemp(pattern.data()) == nullptr) error = {errno, std::generic_category()};
  VerifyBox box(error ? std::string() : pattern);
  for (const char* folder : {"/home", "/project", "/tmp", "/run"}) {
    if (!error) fs::create_directory(pattern + folder, error);
    if (!error) fs::permissions(pattern + folder, fs::perms::owner_all, error);
  }
  if (!error) {
    box.put_decoy();
    return box;
  }
  Diagnostic problem;
  problem.file = pattern;
  problem.message = fmt::format("cannot be made: {}", error.message());
  return fail(std::move(problem));
}

VerifyBox::~VerifyBox() {
  std::error_code none;
  if (!root_.empty()) fs::remove_all(root_, none);
}

void VerifyBox::put_decoy() const {
  std::error_code none;
  fs::create_directories(home(), none);
  std::ofstream(decoy()) << "do not lose me\n";
}

void VerifyBox::copy_policy(const host::Paths& paths) const {
  std::error_code none;
  const std::string into = home() + "/.config/cmdai";
  fs::create_directories(into + "/rules", none);
  for (const std::string& file : {paths.settings(), paths.allow_list()})
    fs::copy_file(file, into + '/' + fs::path(file).filename().string(), none);
  for (const auto& entry : fs::directory_iterator(paths.rules(), none))
    if (entry.path().extension() == ".toml")
      fs::copy_file(entry.path(), into + "/rules/" + entry.path().filename().string(), none);
}

}  // namespace cmdai::agents
