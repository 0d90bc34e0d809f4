// Infrastructure and clouds: terraform 1.x, tofu, pulumi, cdk, ansible; aws, gcloud, az, doctl and the
// platform tools. Facts from their references.
#include <algorithm>
#include <utility>

#include "libcore/base/text.hpp"
#include "libcore/commands/catalogue.hpp"
#include "libcore/commands/cloud_doors.hpp"
#include "libcore/commands/contexts.hpp"
#include "libcore/commands/inline_code.hpp"
#include "libcore/commands/network.hpp"
#include "libcore/commands/running.hpp"
#include "libcore/commands/sql.hpp"
#include "libcore/commands/subcommands.hpp"
#include "libcore/commands/writes.hpp"

namespace cmdai::commands {
namespace {

constexpr Option kTerraform[] = {{0, "auto-approve"},       {0, "target", Arg::value},
                                 {0, "out", Arg::value},    {0, "destroy"},
                                 {0, "var", Arg::value},    {0, "var-file", Arg::none},
                                 {0, "chdir", Arg::none},   {0, "force"},
                                 {0, "replace", Arg::none}, {0, "help"},
                                 {'f', "skip-preview"},     {'y', "yes"}};
constexpr Verb kTerraformVerbs[] = {
    {"destroy", Kind::changes_remote, "infra.destroy"},
    {"apply", Kind::changes_remote, "infra.destroy", "destroy"},
    {"apply-all", Kind::changes_remote, "infra.apply-auto"},
    {"destroy-all", Kind::changes_remote, "infra.destroy"},
    {"run-all destroy", Kind::changes_remote, "infra.destroy"},
    {"run destroy", Kind::changes_remote, "infra.destroy"},  // terragrunt run --all destroy
    {"apply", Kind::changes_remote, "infra.apply-auto", "auto-approve"},
    {"state rm", Kind::changes_remote, "infra.state"},
    {"state push", Kind::changes_remote, "infra.state"},
    {"state mv", Kind::changes_remote, "infra.state-move"},
    {"state replace-provider", Kind::changes_remote, "infra.state"},
    {"workspace delete", Kind::changes_remote, "infra.state"},
    {"force-unlock", Kind::changes_remote, "infra.unlock"},
    {"taint", Kind::changes_remote, "infra.taint"},
};
constexpr std::string_view kDestroyPlan = "terraform plan -destroy";
/// `terraform console`: expressions on standard input, whose values it prints. Functions that read files.
void judge_expressions(const Call& call, Sink& sink) {
  static constexpr std::string_view kReads[] = {"file", "filebase64", "templatefile"};
  const resolve::Input& input = call.invocation().input;
  const std::string text = input.data.with_holes_empty();
  if (text.empty() || !sink.spend(text.size())) return;
  for (const CodeCall& function : scan_code(text, CodeStyle::python).calls)
    if (among(kReads, function.name) && function.first_is_string)
      read_effect(sink, {Value::exact(function.strings.front()), call.invocation().place, nullptr});
}

/// A plan that destroys is remembered in the file it goes to; applying that file destroys.
void terraform(const Call& call, Sink& sink) {
  const std::string verb = call.operand(0);
  if (const Argument* out = call.value("out"); out != nullptr && verb == "plan")
    sink.note_file(out->value, Value::exact(std::string(call.has("destroy") ? kDestroyPlan : "")), false);
  if (verb == "apply" && call.operands().size() > 1) {
    const Value* plan = sink.file_content(call.operands()[1]->value);
    if (plan != nullptr && plan->with_holes_empty() == kDestroyPlan) {
      sink.on(Kind::changes_remote, "infra.destroy", *call.operands()[1]);
      say_workspace(call, sink);
      return;
    }
  }
  if (verb == "console") judge_expressions(call, sink);
  if (verb == "workspace" && call.operand(1) == "select") choose_workspace(call, sink, 2);
  judge_verbs(call, sink, kTerraformVerbs);
  say_workspace(call, sink);
}

constexpr Option kPulumi[] = {
    {'y', "yes"}, {'f', "skip-preview"}, {'s', "stack", Arg::value},         {0, "force"},
    {0, "all"},   {0, "help"},           {0, "require-approval", Arg::value}};
constexpr Verb kPulumiVerbs[] = {{"destroy", Kind::changes_remote, "infra.destroy"},
                                 {"down", Kind::changes_remote, "infra.destroy"},
                                 {"dn", Kind::changes_remote, "infra.destroy"},
                                 {"stack rm", Kind::changes_remote, "infra.destroy"},
                                 {"up", Kind::changes_remote, "infra.apply-auto", "yes skip-preview"},
                                 {"state delete", Kind::changes_remote, "infra.state"},
                                 {"remove", Kind::changes_remote, "infra.destroy"},
                                 {"delete", Kind::changes_remote, "infra.destroy"}};
void pulumi(const Call& call, Sink& sink) { judge_verbs(call, sink, kPulumiVerbs); }

constexpr Option kAnsible[] = {{'a', "args", Arg::value},       {'m', "module", Arg::value},
                               {'i', "inventory", Arg::value},  {'b', "become"},
                               {'e', "extra-vars", Arg::value}, {'C', "check"},
                               {'u', "user", Arg::value},       {'l', "limit", Arg::value},
                               {'f', "forks", Arg::value},      {'t', "tree", Arg::value}};
void ansible(const Call& call, Sink& sink) {
  if (call.has("check")) return;
  const std::string module = call.text("module");
  const Argument* code = call.value("args");
  if (code == nullptr || !(module.empty() || module == "shell" || module == "command" || module == "raw"))
    return;
  resolve::RunAs how = on_host(sink);
  how.child_shell = how.wrapper.repeats = true;
  sink.run_code(*code, *dialect_from_name("sh"), how);
}

/// Every cloud tool: verbs that destroy are spelled alike, whatever the noun.
constexpr Option kCloud[] = {{'q', "quiet"},
                             {'f', "force"},
                             {'y', "yes"},
                             {'r', "recursive"},
                             {'m', "parallel"},
                             {0, "recursive"},
                             {0, "dryrun"},
                             {0, "dry-run"},
                             {0, "region", Arg::value},
                             {0, "profile", Arg::value},
                             {0, "output", Arg::value},
                             {0, "query", Arg::value},
                             {0, "filters", Arg::value},
                             {0, "project", Arg::value},
                             {0, "zone", Arg::value},
                             {'g', "resource-group", Arg::value},
                             {'n', "name", Arg::value},
                             {0, "delete"},
                             {0, "include", Arg::value},
                             {0, "exclude", Arg::value},
                             {0, "instance-ids", Arg::value},
                             {0, "db-instance-identifier", Arg::value},
                             {0, "skip-final-snapshot"},
                             {0, "force-delete-without-recovery"},
                             {0, "help"},
                             {'a', "app", Arg::value},
                             {0, "acl", Arg::value},
                             {0, "confirm", Arg::value},
                             {'t', "token", Arg::value},
                             {'d', "d"},
                             {0, "policy-arn", Arg::value},
                             {0, "member", Arg::value},
                             {0, "role", Arg::value},
                             {'s', "s"},
                             {'C', "command", Arg::value},
                             {0, "scripts", Arg::value},
                             {0, "parameters", Arg::value},
                             {0, "document-name", Arg::value},
                             {0, "targets", Arg::value}};
constexpr std::string_view kDestroying[] = {
    "delete", "destroy",      "terminate", "purge",        "remove",       "rm",
    "rb",     "apps:destroy", "pg:reset",  "admin-delete", "batch-delete", "schedule-key-deletion",
    "down",   "nuke",         "erase",     "wipe",         "del"};
constexpr std::string_view kStopping[] = {"stop", "shutdown", "deallocate", "disable"};

bool starts_verb(std::string_view word, std::string_view verb) {
  return word == verb ||
         (word.starts_with(verb) && word.size() > verb.size() &&
          (word[verb.size()] == '-' || word[verb.size()] == ':')) ||
         word.ends_with(":" + std::string(verb));
}

void run_there(const Argument& code, Sink& sink) {
  resolve::RunAs how = on_host(sink);
  how.child_shell = true;
  sink.run_code(code, *dialect_from_name("bash"), how);
}

/// The strings of commands=…, as aws takes them: bare, ["…","…"], or {"commands":["…"]}.
std::vector<std::string> ssm_commands(const std::string& parameters) {
  const size_t at = parameters.find("commands");
  if (at == std::string::npos) return {};
  const size_t value = parameters.find_first_not_of("\"':= ", at + 8);
  if (value == std::string::npos) return {};
  if (parameters[value] != '[') return {parameters.substr(value)};
  std::vector<std::string> out;
  std::string text;
  bool inside = false;
  for (size_t i = value + 1; i < parameters.size(); ++i) {
    const char c = parameters[i];
    if (c == '\\' && i + 1 < parameters.size()) {
      text += parameters[++i];
    } else if (c == '"') {
      if (inside) out.push_back(std::exchange(text, {}));
      inside = !inside;
    } else if (inside) {
      text += c;
    } else if (c == ']') {
      break;
    }
  }
  // commands=[ls] has no quotes of its own
  if (out.empty()) out.push_back(parameters.substr(value + 1, parameters.find(']', value) - value - 1));
  return out;
}

/// gcloud compute ssh --command, aws ssm send-command, az vm run-command invoke --scripts, fly ssh console
/// -C, heroku run, railway run. Returns whether it was one of them.
bool runs_there(const Call& call, Sink& sink) {
  const std::string& p = call.program();
  const auto words = [&](std::string_view w) { return matches(w, call); };
  if (p == "aws" && words("ssm send-command")) {
    for (const Argument* parameters : call.values("parameters"))
      for (const std::string& code : ssm_commands(parameters->value.with_holes_empty()))
        run_there({Value::exact(code), parameters->place, nullptr}, sink);
    return true;
  }
  const bool console = (p == "gcloud" && words("compute ssh")) || (p == "az" && words("vm run-command")) ||
                       ((p == "fly" || p == "flyctl") && words("ssh console"));
  if (console) {
    for (std::string_view option : {"command", "scripts"})
      for (const Argument* code : call.values(option)) run_there(*code, sink);
    return true;
  }
  if ((p != "heroku" && p != "railway") || !words("run")) return false;
  const size_t verb = call.argv().size() - call.rest().size();
  const Call inner(call.invocation(), kCloud, Order::leading, verb + 1);
  shell_line(inner, sink, 0, "bash", true);
  return true;
}

/// gcloud storage cp, gcloud compute scp: to the last operand; az storage blob upload, aws s3api put-object:
/// any file named.
void judge_cloud_upload(const Call& call, Sink& sink) {
  const std::string& p = call.program();
  const bool copies = p == "gcloud" && (matches("storage cp", call) || matches("storage mv", call) ||
                                        matches("storage rsync", call) || matches("compute scp", call));
  const bool uploads =
      (p == "az" && (matches("storage * upload", call) || matches("storage * upload-batch", call))) ||
      (p == "aws" && matches("s3api put-object", call));
  if (!copies && !uploads) return;
  std::vector<const Argument*> files(call.operands().begin() + 2, call.operands().end());
  const std::string where = uploads || files.empty() ? p : files.back()->value.with_holes_empty();
  if (copies && (files.size() < 2 || !is_remote(where))) return;
  if (copies) files.pop_back();
  judge_secret_files(files, sink, where);
}

void cloud(const Call& call, Sink& sink) {
  if (call.any("dryrun dry-run help generate-cli-skeleton")) return;
  if (runs_there(call, sink)) return;
  judge_cloud_upload(call, sink);
  judge_cloud_doors(call, sink);
  const std::string first = call.operand(0), second = call.operand(1);
  if (first == "secretsmanager" && (second == "put-secret-value" || second == "update-secret")) {
    sink.add(Kind::changes_remote, "cloud.delete").target.text = call.program() + " " + first + " " + second;
    return;
  }
  if (first == "d1" && second == "execute")  // wrangler
    for (const Argument* sql : call.values("command"))
      judge_sql(sql->value.with_holes_empty(), sink, sql->place);
  if (first == "db" && second == "reset") sink.add(Kind::changes_remote, "sql.drop-database");  // supabase
  if (first == "s3" && (second == "rm" || second == "rb")) {
    const bool all = call.any("recursive force");
    if (second == "rb" && !all) return;  // takes an empty bucket only
    sink.on(Kind::changes_remote, all ? "cloud.delete-recursive" : "cloud.delete-object",
            *call.operands().back());
    return;
  }
  if ((first == "s3" && (second == "sync" || second == "cp" || second == "mv")) || first == "rsync") {
    if (call.has("delete")) sink.on(Kind::changes_remote, "cloud.sync-delete", *call.operands().back());
    for (size_t i = 2; i + 1 < call.operands().size(); ++i)
      if (sink.classify(call.operands()[i]->value).path_class == PathClass::secret)
        sink.on(Kind::sends_data, "secret.send", *call.operands()[i]);
    if (call.operand(2) == "-" && reads_secret(sink))
      sink.on(Kind::sends_data, "secret.send", *call.operands()[2]).detail =
          call.operands().back()->value.display();
    return;
  }
  if (first == "secretsmanager" && second.starts_with("get-secret"))
    sink.add(Kind::reads_secret, "secret.print");
  if ((first == "auth" && second.starts_with("print-")) ||
      (first == "account" && second == "get-access-token"))
    sink.add(Kind::reads_secret, "secret.print");
  for (size_t i = 0; i < call.operands().size() && i < 5; ++i) {
    const std::string word = call.operand(i);
    for (std::string_view verb : kDestroying) {
      if (!starts_verb(word, verb)) continue;
      Effect& e = sink.on(Kind::changes_remote, "cloud.delete", *call.operands()[i]);
      e.target.text = std::string(call.program()) + " " + first + " " + second;
      return;
    }
    for (std::string_view verb : kStopping) {
      if (!starts_verb(word, verb)) continue;
      sink.on(Kind::stops_service, "cloud.stop", *call.operands()[i]);
      return;
    }
  }
}

/// The token by a name that says whose it is.
Value cloud_output(const Call& call) {
  const std::string first = call.operand(0), second = call.operand(1);
  const bool google = first == "auth" && second.starts_with("print-");
  const bool azure = first == "account" && second == "get-access-token";
  Value out = Value::unknown(resolve::HoleKind::output, google ? "GOOGLE_TOKEN" : azure ? "AZURE_TOKEN" : "");
  out.taint = call.invocation().input.data.taint;
  return out;
}

constexpr Option kGsutil[] = {{'m', "parallel"}, {'r', "recursive"}, {'R', "recursive"},
                              {'a', "all"},      {'d', "delete"},    {'n', "dry-run"},
                              {'f', "force"},    {'q', "quiet"},     {'o', "option", Arg::value},
                              {0, "recursive"},  {0, "force"},       {0, "delete-removed"}};
/// gsutil cp, rclone copy, s3cmd put, mc mirror …: files of this machine to the last operand. mc names a
/// server by an alias, `server/bucket`, which looks like a path.
void judge_upload(const Call& call, Sink& sink) {
  static constexpr std::string_view kVerbs[] = {"cp",     "mv",   "put",    "sync",   "rsync",
                                                "copy",   "move", "copyto", "moveto", "bisync",
                                                "mirror", "pipe", "rcat"};
  const std::string verb = call.operand(0), where = call.operands().back()->value.with_holes_empty();
  if (!among(kVerbs, verb)) return;
  const bool path = where.starts_with('/') || where.starts_with('.') || where.starts_with('~');
  if (!is_remote(where) && (call.program() != "mc" || path)) return;
  judge_secret_files({call.operands().begin() + 1, call.operands().end() - 1}, sink, where);
  const bool from_input = verb == "rcat" || verb == "pipe" || call.operand(1) == "-";
  if (from_input && reads_secret(sink)) sink.add(Kind::sends_data, "secret.send").detail = where;
}
void object_store(const Call& call, Sink& sink) {
  if (call.has("dry-run")) return;
  const std::string verb = call.operand(0);
  judge_cloud_doors(call, sink);
  if (call.operands().size() > 1) judge_upload(call, sink);
  if (verb == "rm" || verb == "rb" || verb == "del" || verb == "purge" || verb == "delete" ||
      verb == "deletefile" || verb == "rmdirs" || verb == "rmdir")
    sink.on(Kind::changes_remote,
            call.any("recursive all force") || verb == "rb" || verb == "purge" || verb == "delete"
                ? "cloud.delete-recursive"
                : "cloud.delete-object",
            *call.operands().back());
  else if ((verb == "rsync" && call.has("delete")) ||
           (verb == "sync" && (call.program() == "rclone" || call.has("delete-removed"))))
    sink.on(Kind::changes_remote, "cloud.sync-delete", *call.operands().back());
}

constexpr CommandSpec kInfrastructureCommands[] = {
    {"terraform tofu terragrunt", kTerraform, Order::single_dash, terraform},
    {"pulumi cdk cdktf sst serverless sls sam eksctl copilot", kPulumi, Order::permuted, pulumi},
    {"ansible", kAnsible, Order::permuted, ansible},
    {"aws gcloud az doctl linode-cli hcloud scw ibmcloud oci heroku flyctl fly vercel netlify wrangler "
     "turso pscale neonctl neon amplify atlas upstash xata aiven avn civo vultr-cli scaleway exo koyeb "
     "northflank render "
     "firebase supabase railway render bq",
     kCloud, Order::permuted, cloud, cloud_output},
    {"gsutil s3cmd mc rclone s5cmd azcopy", kGsutil, Order::permuted, object_store},
};

}  // namespace

std::span<const CommandSpec> infrastructure_commands() { return kInfrastructureCommands; }

}  // namespace cmdai::commands
