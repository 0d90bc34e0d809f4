// GitHub's and GitLab's command lines: gh 2.40, glab 1.36, hub 2.14.
#include <algorithm>

#include "libcore/commands/catalogue.hpp"
#include "libcore/commands/network.hpp"

namespace cmdai::commands {
namespace {

/// gh repo delete, gh release delete, gh api -X DELETE
constexpr Option kGh[] = {{'y', "yes"},
                          {'X', "method", Arg::value},
                          {'R', "repo", Arg::value},
                          {'f', "field", Arg::value},
                          {'F', "typed-field", Arg::value},
                          {'H', "header", Arg::value},
                          {0, "raw-field", Arg::value},
                          {0, "input", Arg::value},
                          {0, "body-file", Arg::value},
                          {0, "notes-file", Arg::value},
                          {0, "confirm"},
                          {'t', "title", Arg::value},
                          {'b', "body", Arg::value},
                          {0, "visibility", Arg::value},
                          {0, "admin"},
                          {'d', "delete-branch"}};
/// gh api -F name=@file --input file; gh issue create -F file, gh pr comment --body-file file.
void judge_posted(const Call& call, Sink& sink) {
  const bool api = call.operand(0) == "api";
  for (std::string_view option : {"typed-field", "field", "input", "body-file", "notes-file"}) {
    for (const Argument* value : call.values(option)) {
      const std::string text = value->value.with_holes_empty();
      const bool names_file = option != "typed-field" && option != "field";
      const size_t at = text.find("=@");
      if (!names_file && api && at == std::string::npos) continue;
      const std::string path = names_file || !api ? text : text.substr(at + 2);
      const Argument file{Value::exact(path), value->place, nullptr};
      judge_secret_files({&file}, sink, call.program());
      if (path == "-" && reads_secret(sink)) sink.on(Kind::sends_data, "secret.send", file);
    }
  }
}

Value forge_output(const Call& call) {
  const bool token = call.operand(0) == "auth" && call.operand(1) == "token";
  Value out = Value::unknown(resolve::HoleKind::output, !token                     ? ""
                                                        : call.program() == "glab" ? "GITLAB_TOKEN"
                                                                                   : "GH_TOKEN");
  out.taint = call.invocation().input.data.taint;
  return out;
}

/// What is gone with it: a project, its releases or what it is deployed with; one thing written or stored
/// there; what the forge makes anew at the next run.
struct Deleted {
  std::string_view noun, tag;
};
constexpr Deleted kDeleted[] = {
    {"repo", "git.forge-delete"},          {"project", "git.forge-delete"},
    {"release", "git.forge-delete"},       {"environment", "git.forge-delete"},
    {"org", "git.forge-delete"},           {"group", "git.forge-delete"},
    {"issue", "git.forge-delete-one"},     {"mr", "git.forge-delete-one"},
    {"gist", "git.forge-delete-one"},      {"snippet", "git.forge-delete-one"},
    {"secret", "git.forge-delete-one"},    {"variable", "git.forge-delete-one"},
    {"ssh-key", "git.forge-delete-one"},   {"gpg-key", "git.forge-delete-one"},
    {"codespace", "git.forge-delete-one"}, {"run", "git.forge-tidy"},
    {"cache", "git.forge-tidy"},           {"ci", "git.forge-tidy"},
    {"label", "git.forge-tidy"},
};
void delete_there(const Call& call, Sink& sink) {
  const std::string noun = call.operand(0);
  for (const Deleted& d : kDeleted)
    if (d.noun == noun) sink.add(Kind::changes_remote, d.tag).target.text = noun + " " + call.operand(2);
}

void forge(const Call& call, Sink& sink) {
  const std::string noun = call.operand(0), verb = call.operand(1);
  if (noun == "repo" && verb == "edit" && call.text("visibility") == "public")
    sink.add(Kind::changes_remote, "cloud.open").target.text = "gh repo edit";
  if (noun == "api" || noun == "issue" || noun == "pr" || noun == "release" || noun == "mr")
    judge_posted(call, sink);
  const bool deletes =
      verb == "delete" || verb == "archive" ||
      (noun == "api" && (call.text("method") == "DELETE" || call.text("method") == "delete"));
  if (((noun == "gist" || noun == "snippet") && verb == "create") ||
      (noun == "release" && (verb == "upload" || verb == "create"))) {
    judge_secret_files(call.operands(), sink, call.program());
    if (noun != "release" && reads_secret(sink))
      sink.add(Kind::sends_data, "secret.send").detail = call.program();
  }
  if (noun == "api" && deletes) {  // a whole repository, or something in it
    const std::string path = call.operand(1);
    const bool repository =
        path.find("repos/") != std::string::npos && std::count(path.begin(), path.end(), '/') < 4;
    sink.add(Kind::changes_remote, repository ? "git.forge-delete" : "net.delete").target.text = path;
    return;
  }
  if (deletes) delete_there(call, sink);
  if (noun == "auth" && verb == "token") sink.add(Kind::reads_secret, "secret.print");
}

constexpr CommandSpec kForgeCommands[] = {
    {"gh glab hub", kGh, Order::permuted, forge, forge_output},
};

}  // namespace

std::span<const CommandSpec> forge_commands() { return kForgeCommands; }

}  // namespace cmdai::commands
