// cmdai check, cmdai explain.
#include <fmt/format.h>
#include <unistd.h>

#include <cstdlib>
#include <iostream>
#include <iterator>
#include <nlohmann/json.hpp>

#include "daemon/cli/handlers.hpp"
#include "daemon/cli/judge.hpp"
#include "daemon/cli/terminal.hpp"
#include "daemon/ipc/frame.hpp"
#include "libcore/base/unicode.hpp"

namespace cmdai::cli {
namespace {

using Json = nlohmann::ordered_json;

constexpr size_t kMostInput = size_t{64} << 20U;  ///< bytes of one command on standard input

Question question_of(const Arguments& a) {
  Question q;
  q.shell = a.get("shell", "bash");
  q.cwd = a.get("cwd", working_directory());
  q.home = a.get("home", home_directory());
  q.actor = a.get("actor", "human");
  q.probe = a.has("probe");
  q.session = a.get("session", "");
  return q;
}

/// The command from the operand, or from standard input when there is none.
Result<std::string> command_of(const Arguments& a) {
  Diagnostic d;
  if (a.operands.size() > 1) {
    d.message = "the command must be one word";
    d.hint = fmt::format("quote it: cmdai {} -- '{}'", a.spec->name, fmt::join(a.operands, " "));
    return fail(std::move(d));
  }
  if (a.operands.size() == 1 && a.operands[0] != "-") return a.operands[0];
  if (a.operands.empty() && isatty(STDIN_FILENO) == 1) {
    d.message = "no command given";
    d.hint = fmt::format("cmdai {} -- 'COMMAND'", a.spec->name);
    return fail(std::move(d));
  }
  std::string text;
  char buffer[65536];
  for (ssize_t n = 0; (n = read(STDIN_FILENO, buffer, sizeof buffer)) > 0 && text.size() < kMostInput;)
    text.append(buffer, static_cast<size_t>(n));
  if (!text.empty() && text.back() == '\n') text.pop_back();
  return text;
}

/// A name the daemon would not know the session by: its lines would stand alone without a word.
std::string session_problem(const std::string& session) {
  return session.size() <= ipc::kLongestSession ? std::string()
                                                : fmt::format("a session's name has at most {} bytes, not {}",
                                                              ipc::kLongestSession, session.size());
}

int status_of(const std::string& action) { return action == "allow" || action == "warn" ? kDone : kRefused; }

Json json_of(const Answer& answer) {
  Json json;
  json["decision"] = answer.action;
  json["rule"] = answer.rule;
  json["reason"] = answer.reason;
  json["hint"] = answer.hint;
  json["effects"] = answer.effects;
  if (const Json lesson = Json::parse(answer.lesson, nullptr, false); lesson.is_object()) json.update(lesson);
  return json;
}

std::string dump(const Json& json) {
  return json.dump(-1, ' ', false, Json::error_handler_t::replace) + '\n';
}

/// A string member; the default when it is absent; nullopt when it is something else.
std::optional<std::string> member(const nlohmann::json& row, const char* key, const std::string& otherwise) {
  const auto it = row.find(key);
  if (it == row.end() || it->is_null()) return otherwise;
  if (!it->is_string()) return std::nullopt;
  return it->get<std::string>();
}

/// Why a line is no JSON object.
std::string unreadable(const std::string& line, bool is_json) {
  if (is_json) return "not a JSON object";
  for (size_t at = 0; at < line.size();) {
    const CodePoint c = decode_utf8(line, at);
    if (!c.valid) return fmt::format("not valid UTF-8 at byte {}, which JSON has to be", at + 1);
    at += c.size;
  }
  return "not valid JSON";
}

/// Answers one JSON line. `problem` tells what was wrong with it.
Json answer_line(const std::string& line, const Question& defaults, Judge& judge, std::string& problem) {
  const auto row = nlohmann::json::parse(line, nullptr, false);
  Json out;
  const auto refuse = [&](std::string why) {
    problem = std::move(why);
    out["error"] = problem;
    return out;
  };
  out["id"] = nullptr;
  if (!row.is_object()) return refuse(unreadable(line, !row.is_discarded()));
  if (row.contains("id")) out["id"] = row["id"];
  if (!row.contains("command")) return refuse("no `command`");
  Question q = defaults;
  for (const auto& [key, into] : {std::pair{"command", &q.command},
                                  {"shell", &q.shell},
                                  {"cwd", &q.cwd},
                                  {"home", &q.home},
                                  {"actor", &q.actor},
                                  {"session", &q.session}}) {
    auto value = member(row, key, *into);
    if (!value) return refuse(fmt::format("`{}` must be a string", key));
    *into = std::move(*value);
  }
  if (std::string why = session_problem(q.session); !why.empty()) return refuse(std::move(why));
  const Result<Answer> answer = judge.ask(q);
  if (!answer) return refuse(answer.error().message);
  const Json body = json_of(*answer);
  for (const auto& [key, value] : body.items()) out[key] = value;
  return out;
}

/// What the answers do not say: who gave them, and by which rules.
void tell_circumstances(const Judge& judge) {
  if (!judge.fallback().empty())
    talk(fmt::format("cmdai: judged without the daemon, and not recorded: {}\n", judge.fallback()));
  if (const auto broken = judge.broken_policy())
    talk(fmt::format("cmdai: a policy file is broken, the built-in rules were in force\n{}\n",
                     broken->render()));
}

int check_lines(const Arguments& a) {
  Judge judge(a.has("local"));
  const Question defaults = question_of(a);
  std::ios::sync_with_stdio(false);
  int status = kDone;
  size_t number = 0;
  for (std::string line; std::getline(std::cin, line);) {
    ++number;
    if (line.find_first_not_of(" \t\r") == std::string::npos) continue;
    std::string problem;
    print(dump(answer_line(line, defaults, judge, problem)));
    if (problem.empty()) continue;
    status = complain(fmt::format("<stdin>:{}: {}", number, problem),
                      "a line looks like {\"id\":\"1\",\"command\":\"ls\",\"shell\":\"bash\"}", kUsage);
  }
  tell_circumstances(judge);
  return status;
}

/// Complains of a session nobody would remember.
bool session_without_daemon(const Arguments& a) {
  if (!a.has("session") || !a.has("local")) return false;
  complain("`--session` and `--local` do not go together",
           "the daemon remembers a session's lines; without it each stands alone", kUsage);
  return true;
}

int ask_one(const Arguments& a, bool explain) {
  if (session_without_daemon(a)) return kUsage;
  Question q = question_of(a);
  Result<std::string> command = command_of(a);
  if (!command) return complain(command.error(), kUsage);
  q.command = std::move(*command);
  q.explain = explain;
  // What the shell's earlier lines left counts for the explanation as for the line itself.
  if (const char* own = std::getenv("CMDAI_SESSION"); explain && own != nullptr && !a.has("session"))
    q.session = own;
  if (const std::string why = session_problem(q.session); !why.empty())
    return complain(why, "name it shorter", kUsage);
  q.color = colors(STDOUT_FILENO);
  q.plain = plain();
  q.width = columns(STDOUT_FILENO);
  Judge judge(a.has("local"));
  const Result<Answer> answer = judge.ask(q);
  if (!answer) return complain(answer.error(), kUsage);
  tell_circumstances(judge);
  if (a.has("json"))
    print(dump(json_of(*answer)));
  else if (!answer->text.empty())
    print(answer->text);
  else
    print("allow\n");
  return explain ? kDone : status_of(answer->action);
}

}  // namespace

int run_check(const Arguments& a) {
  if (a.has("json") && a.has("jsonl"))
    return complain("`--json` and `--jsonl` do not go together",
                    "`--jsonl` reads many commands from standard input", kUsage);
  if (!a.has("jsonl")) return ask_one(a, false);
  if (session_without_daemon(a)) return kUsage;
  if (!a.operands.empty())
    return complain("`--jsonl` reads commands from standard input, not from the command line",
                    "leave the operand out", kUsage);
  return check_lines(a);
}

int run_explain(const Arguments& a) { return ask_one(a, true); }

}  // namespace cmdai::cli
