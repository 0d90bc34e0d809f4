// httpie 3 and xh 0.18: [METHOD] URL [ITEM…], where the items tell data, files and headers apart.
#include <algorithm>
#include <cctype>

#include "libcore/commands/catalogue.hpp"
#include "libcore/commands/network.hpp"
#include "libcore/commands/outbound.hpp"
#include "libcore/commands/writes.hpp"

namespace cmdai::commands {
namespace {

constexpr Option kHttpie[] = {{'a', "auth", Arg::value},
                              {'A', "auth-type", Arg::value},
                              {'o', "output", Arg::value},
                              {'p', "print", Arg::value},
                              {'P', "history-print", Arg::value},
                              {'s', "style", Arg::value},
                              {0, "session", Arg::value},
                              {0, "session-read-only", Arg::value},
                              {0, "raw", Arg::value},
                              {0, "proxy", Arg::value},
                              {0, "verify", Arg::value},
                              {0, "cert", Arg::value},
                              {0, "cert-key", Arg::value},
                              {0, "ssl", Arg::value},
                              {0, "timeout", Arg::value},
                              {0, "max-redirects", Arg::value},
                              {0, "pretty", Arg::value},
                              {0, "default-scheme", Arg::value},
                              {0, "boundary", Arg::value},
                              {0, "bearer", Arg::value},
                              {'j', "json"},
                              {'f', "form"},
                              {'d', "download"},
                              {'c', "continue"},
                              {'F', "follow"},
                              {'v', "verbose"},
                              {'q', "quiet"},
                              {'b', "body"},
                              {'h', "headers"},
                              {'m', "meta"},
                              {'I', "ignore-stdin"},
                              {'S', "stream"},
                              {'x', "compress"},
                              {0, "offline"},
                              {0, "curl"},
                              {0, "multipart"},
                              {0, "check-status"},
                              {0, "help"},
                              {0, "version"}};

/// httpie takes a first word of letters only as the method.
bool is_method(const std::string& word) {
  return std::all_of(word.begin(), word.end(), [](unsigned char c) { return std::isalpha(c) != 0; });
}

/// NAME@FILE, NAME=@FILE, NAME:=@FILE, @FILE: the file; nothing for the other items.
std::string file_of(const std::string& item) {
  const size_t separator = item.find_first_of("@=:");
  if (separator == std::string::npos) return {};
  const size_t at = item.find_first_not_of("=:", separator);
  if (at == std::string::npos || item[at] != '@') return {};
  if (item.compare(separator, at - separator, "==") == 0) return {};
  const std::string path = item.substr(at + 1);
  return path.substr(0, path.find(";type="));
}

void judge_items(const Call& call, Sink& sink, size_t first, const std::string& address) {
  for (size_t i = first; i < call.operands().size(); ++i) {
    const Argument& item = *call.operands()[i];
    const std::string file = item.value.is_exact() ? file_of(call.operand(i)) : std::string();
    if (!file.empty())
      judge_sent(sink, {Value::exact(file), item.place, nullptr}, address, true);
    else if (has(item.value.taint, Taint::secret))
      judge_sent(sink, item, address, false);
  }
}

void httpie(const Call& call, Sink& sink) {
  if (call.any("help version offline") || call.operands().empty()) return;
  const size_t url = is_method(call.operand(0)) && call.operands().size() > 1 ? 1 : 0;
  const std::string address = call.operand(url), host = host_of(address);
  const resolve::Input& input = call.invocation().input;
  const bool data =
      call.operands().size() > url + 1 || call.has("raw") || input.kind != resolve::Input::Kind::inherited;
  Request request{url == 1 ? call.operand(0) : data ? "POST" : "GET", address, call.text("raw")};
  if (!input.data.is_unknown()) request.body += input.data.with_holes_empty();
  judge_host(sink, *call.operands()[url]);
  judge_items(call, sink, url + 1, address);
  if (!call.has("ignore-stdin")) judge_sent_input(sink, address);
  if (const Argument* raw = call.value("raw"); raw != nullptr && has(raw->value.taint, Taint::secret))
    sink.on(Kind::sends_data, "secret.send", *raw).detail = host;
  if (const Argument* out = call.value("output")) {
    write_effect(sink, *out, Write::replace);
    sink.note_file(out->value, remote_data(), false);
  }
  judge_request(sink, request);
}
Value httpie_output(const Call& call) { return call.any("output download") ? Value() : remote_data(); }

constexpr CommandSpec kHttpieCommands[] = {
    {"http https xh xhs httpie", kHttpie, Order::permuted, httpie, httpie_output},
};

}  // namespace

std::span<const CommandSpec> httpie_commands() { return kHttpieCommands; }

}  // namespace cmdai::commands
