#include "libcore/commands/task_names.hpp"

#include <algorithm>

#include "libcore/base/text.hpp"

namespace cmdai::commands {
namespace {

constexpr std::string_view kThings[] = {"db", "database", "databases", "dbs", "schema"};
constexpr std::string_view kLosses[] = {"drop",  "reset", "wipe",   "purge",    "destroy", "nuke",
                                        "flush", "erase", "delete", "truncate", "clobber"};
/// They keep what is there, unless they are forced.
constexpr std::string_view kMakers[] = {"init", "create", "recreate", "rebuild", "setup", "seed"};
constexpr std::string_view kForces[] = {"--force", "-f", "--drop", "--overwrite", "--reset", "--recreate"};

constexpr std::string_view kSeparators = " -_:.";

/// Whether a name may be of two words; most are not, nor are options and paths.
bool may_be_two(const Value& task) {
  if (task.pieces().empty() || task.pieces().front().text.starts_with('-')) return false;
  return std::any_of(task.pieces().begin(), task.pieces().end(), [](const resolve::Piece& piece) {
    return std::any_of(piece.text.begin(), piece.text.end(), [](char c) {
      return (c >= 'A' && c <= 'Z') || kSeparators.find(c) != std::string_view::npos;
    });
  });
}

/// db:reset, reset-db, db_wipe, dropDatabase: two words, a thing and what is done to it. `reset-db-password`
/// is another thing.
bool names_loss(const std::string& task, bool forced) {
  constexpr size_t kLongest = 40;
  if (task.size() > kLongest) return false;
  std::string apart;
  for (const char c : task) {
    if (c >= 'A' && c <= 'Z' && !apart.empty()) apart += ' ';
    apart += c;
  }
  const std::vector<std::string> parts = words_in(lower(apart), kSeparators);
  if (parts.size() != 2) return false;
  const auto is_loss = [&](const std::string& word) {
    return among(kLosses, word) || (forced && among(kMakers, word));
  };
  return (among(kThings, parts[0]) && is_loss(parts[1])) || (among(kThings, parts[1]) && is_loss(parts[0]));
}

}  // namespace

void judge_task_names(Sink& sink, const std::vector<Argument>& words) {
  constexpr size_t kFirst = 4;  // a runner, its verb, the task
  const auto is_forced = [&words] {
    return std::any_of(words.begin(), words.end(),
                       [](const Argument& word) { return among(kForces, word.value.text().value_or("")); });
  };
  for (size_t i = 1; i < std::min(words.size(), kFirst); ++i) {
    if (!may_be_two(words[i].value)) continue;
    const std::string task = words[i].value.text().value_or("");
    if (task.empty() || task[0] == '-' || task.find('/') != std::string::npos) continue;
    if (names_loss(task, is_forced()))
      sink.on(Kind::changes_remote, "sql.drop", words[i]).detail = "by its name";
  }
}

}  // namespace cmdai::commands
