// Programs that send files by name or by their own little language: sftp 9.2, ftp, lftp 4.9, smbclient 4.17,
// tftp; magic-wormhole 0.12, croc 9 and the upload services.
#include <algorithm>

#include "libcore/base/text.hpp"
#include "libcore/commands/catalogue.hpp"
#include "libcore/commands/network.hpp"

namespace cmdai::commands {

bool is_remote(const std::string& place) {
  const size_t colon = place.find(':');
  if (place.find("://") != std::string::npos) return true;
  if (colon == std::string::npos || colon == 0 || place.find('/') < colon) return false;
  const bool drive = colon == 1 && colon + 1 < place.size() && (place[2] == '/' || place[2] == '\\');
  return !drive;
}

void judge_secret_files(const std::vector<const Argument*>& files, Sink& sink, const std::string& where) {
  for (const Argument* file : files)
    if (sink.is_secret(file->value)) sink.on(Kind::sends_data, "secret.send", *file).detail = where;
}

bool reads_secret(const Sink& sink) {
  const auto& redirects = sink.invocation().redirects;
  return has(sink.invocation().input.data.taint, Taint::secret) ||
         std::any_of(redirects.begin(), redirects.end(),
                     [&](const auto& r) { return r.op == "<" && sink.is_secret(r.target); });
}

namespace {

std::vector<std::string> words_of(const std::string& line) {
  std::vector<std::string> out;
  for (size_t at = line.find_first_not_of(" \t"); at != std::string::npos && at < line.size();) {
    const char quote = line[at] == '"' || line[at] == '\'' ? line[at] : 0;
    const size_t from = at + (quote != 0 ? 1 : 0);
    const size_t end =
        std::min(quote != 0 ? line.find(quote, from) : line.find_first_of(" \t", from), line.size());
    out.push_back(line.substr(from, end - from));
    at = line.find_first_not_of(" \t", std::min(end + 1, line.size()));
  }
  return out;
}

/// put FILE, mput FILE…, mirror -R DIRECTORY, and ! for a line of the shell.
void judge_order(const std::string& line, Sink& sink, resolve::Place place, const std::string& host) {
  const size_t first = line.find_first_not_of(" \t-@");
  if (first == std::string::npos) return;
  if (line[first] == '!') {
    resolve::RunAs how = sink.as(sink.invocation().program);
    how.child_shell = true;
    sink.run_shell(Value::exact(line.substr(first + 1)), *dialect_from_name("sh"), how, place);
    return;
  }
  std::vector<std::string> words = words_of(line.substr(first));
  static constexpr std::string_view kPut[] = {"put", "mput", "reput", "send", "append"};
  const bool reverse = std::any_of(words.begin(), words.end(), [](const std::string& w) {
    return w == "--reverse" ||
           (w.starts_with('-') && !w.starts_with("--") && w.find('R') != std::string::npos);
  });
  const bool puts = among(kPut, words[0]);
  if (!puts && !(words[0] == "mirror" && reverse)) return;
  for (size_t i = 1; i < words.size(); ++i) {
    if (words[i].starts_with('-')) continue;
    const Argument file{Value::exact(words[i]), place, nullptr};
    judge_secret_files({&file}, sink, host);
    if (words[0] != "mput") return;
  }
}
void judge_orders(const Value& orders, Sink& sink, resolve::Place place, const std::string& host,
                  bool semicolons) {
  const std::string text = orders.with_holes_empty();
  const std::string_view ends = semicolons ? "\n;" : "\n";
  for (size_t at = 0; at < text.size();) {
    const size_t end = std::min(text.find_first_of(ends, at), text.size());
    if (!sink.spend(1 + end - at)) return;
    judge_order(text.substr(at, end - at), sink, place, host);
    at = end + 1;
  }
}

constexpr Option kSftp[] = {{'i', "identity", Arg::value},
                            {'P', "port", Arg::value},
                            {'F', "config", Arg::value},
                            {'o', "option", Arg::value},
                            {'c', "cipher", Arg::value},
                            {'l', "limit", Arg::value},
                            {'S', "program", Arg::value},
                            {'J', "jump", Arg::value},
                            {'b', "batch", Arg::value},
                            {'B', "buffer", Arg::value},
                            {'D', "server", Arg::value},
                            {'R', "requests", Arg::value},
                            {'s', "subsystem", Arg::value},
                            {'X', "sftp-option", Arg::value},
                            {'r', "recursive"},
                            {'p', "preserve"},
                            {'q', "quiet"},
                            {'C', "compress"},
                            {'v', "verbose"}};
constexpr Option kFtp[] = {{'u', "upload", Arg::value},
                           {'n', "no-login"},
                           {'i', "no-prompt"},
                           {'v', "verbose"},
                           {'p', "passive"},
                           {'g', "no-glob"},
                           {'o', "output", Arg::value},
                           {'P', "port", Arg::value}};
constexpr Option kLftp[] = {{'e', "orders", Arg::value}, {'c', "command", Arg::value},
                            {'f', "file", Arg::value},   {'u', "user", Arg::value},
                            {'p', "port", Arg::value},   {'d', "debug"}};
constexpr Option kSmb[] = {{'c', "command", Arg::value},
                           {'U', "user", Arg::value},
                           {'W', "workgroup", Arg::value},
                           {'D', "directory", Arg::value},
                           {'p', "port", Arg::value},
                           {'I', "ip-address", Arg::value},
                           {'A', "authentication-file", Arg::value},
                           {'N', "no-pass"},
                           {'m', "max-protocol", Arg::value}};

/// Orders in options, in a file this line wrote, and on standard input.
void client(const Call& call, Sink& sink) {
  const bool semicolons = call.program() == "lftp" || call.program() == "smbclient";
  const std::string host = call.operand(0);
  if (!call.operands().empty()) judge_host(sink, *call.operands().front());
  if (call.program() == "sftp") judge_ssh_options(call, sink);
  for (std::string_view option : {"orders", "command"})
    for (const Argument* code : call.values(option))
      judge_orders(code->value, sink, code->place, host, semicolons);
  for (std::string_view option : {"batch", "file"})
    if (const Argument* file = call.value(option))
      if (const Value* content = sink.file_content(file->value))
        judge_orders(*content, sink, file->place, host, semicolons);
  judge_orders(call.invocation().input.data, sink, call.invocation().place, host, semicolons);
  if (const Argument* url = call.value("upload"))
    judge_secret_files(call.operands(), sink, host_of(url->value.with_holes_empty()));
}

/// tftp HOST -c put FILE
void tftp(const Call& call, Sink& sink) {
  const auto& argv = call.argv();
  for (size_t i = 1; i + 2 < argv.size(); ++i)
    if (argv[i].value.with_holes_empty() == "-c" && argv[i + 1].value.with_holes_empty() == "put")
      judge_secret_files({&argv[i + 2]}, sink, call.operand(0));
}

/// All they are given, or what stands on standard input, goes out.
constexpr Option kSender[] = {
    {'f', "file", Arg::value}, {'i', "input", Arg::value}, {0, "help"}, {0, "version"}};
void sends_all(const Call& call, Sink& sink) {
  if (call.any("help version")) return;
  const std::string& p = call.program();
  const std::string verb = call.operand(0);
  if ((p == "wormhole" || p == "magic-wormhole" || p == "croc") && verb != "send") return;
  if (p == "ipfs" && verb != "add") return;
  judge_secret_files(call.operands(), sink, p);
  for (std::string_view option : {"file", "input"}) judge_secret_files(call.values(option), sink, p);
  if (reads_secret(sink)) sink.add(Kind::sends_data, "secret.send").detail = p;
}

constexpr CommandSpec kSenderCommands[] = {
    {"sftp", kSftp, Order::permuted, client, remote_output},
    {"ftp tnftp", kFtp, Order::permuted, client, remote_output},
    {"lftp", kLftp, Order::permuted, client, remote_output},
    {"smbclient", kSmb, Order::permuted, client, remote_output},
    {"tftp", {}, Order::permuted, tftp, remote_output},
    {"wormhole magic-wormhole croc ipfs ncftpput pastebinit transfer bashupload wgetpaste telegram-send "
     "ffsend "
     "dcc-send warp-send",
     kSender, Order::permuted, sends_all},
};

}  // namespace

std::span<const CommandSpec> sender_commands() { return kSenderCommands; }

}  // namespace cmdai::commands
