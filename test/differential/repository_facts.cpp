// What the engine reads out of a work tree's files, for repository_test.py to compare with git's own word.
//
//   repository-facts HOME WORKTREE…     one JSON object a line
#include <chrono>
#include <cstdio>
#include <nlohmann/json.hpp>

#include "daemon/host/real_probe.hpp"
#include "libcore/repository/work_tree.hpp"

using namespace cmdai;

namespace {

char letter(repository::FileState state) {
  switch (state) {
    case repository::FileState::unchanged: return '=';
    case repository::FileState::changed: return 'M';
    case repository::FileState::deleted: return 'D';
    case repository::FileState::untracked: return '?';
    case repository::FileState::ignored: return '!';
    case repository::FileState::rebuilt: return 'r';
  }
  return ' ';
}

nlohmann::json facts(const std::string& home, const std::string& folder) {
  nlohmann::json out;
  constexpr uint32_t kEnough = 1'000'000;
  host::RealProbe probe({kEnough, kEnough, std::chrono::seconds(60)});
  auto tree = repository::WorkTree::around(probe, folder, home);
  if (!tree) return out;
  out["top"] = tree->top();
  repository::SurveyOptions options;
  options.most = kEnough;
  nlohmann::json files = nlohmann::json::object();
  options.visit = [&files](std::string_view path, repository::FileState state) {
    files[std::string(path)] = std::string(1, letter(state));
  };
  const repository::Survey survey = tree->survey(tree->top(), options);
  out["files"] = files;
  out["whole"] = survey.whole;
  out["repositories"] = survey.repositories;
  const auto staged = tree->has_staged();
  out["staged"] = staged ? nlohmann::json(*staged) : nlohmann::json();
  const repository::Refs& refs = tree->refs();
  out["head"] = refs.head();
  out["head_hash"] = refs.head_hash();
  out["stashes"] = refs.stashes();
  out["refs"] = nlohmann::json::object();
  for (const auto& [name, hash] : refs.below("refs/")) out["refs"][name] = hash;
  const repository::History history = tree->history();
  out["unpushed"] = history.branches;
  out["has_remote"] = history.has_remote;
  out["history_whole"] = history.whole;
  return out;
}

}  // namespace

int main(int argc, char** argv) {
  for (int i = 2; i < argc; ++i)
    std::puts(facts(argv[1], argv[i]).dump(-1, ' ', false, nlohmann::json::error_handler_t::replace).c_str());
  return argc > 2 ? 0 : 1;
}
