// Fetching and sending by URL, by mail, by name. curl 7.88, wget 1.21.
#include <algorithm>

#include "libcore/base/text.hpp"
#include "libcore/commands/catalogue.hpp"
#include "libcore/commands/host_names.hpp"
#include "libcore/commands/named_credentials.hpp"
#include "libcore/commands/network.hpp"
#include "libcore/commands/outbound.hpp"
#include "libcore/commands/secret_words.hpp"
#include "libcore/commands/writes.hpp"

namespace cmdai::commands {
bool is_local(const std::string& host) {
  return host == "localhost" || host.starts_with("127.") || host == "[" || host == "::1" || host == "[::1]" ||
         host == "0.0.0.0" || host.ends_with(".local");
}

Value remote_data() {
  Value v = Value::unknown(resolve::HoleKind::output, {}, true);
  v.taint = Taint::remote;
  return v;
}

Value remote_output(const Call&) { return remote_data(); }

/// What the machine or an account is set up with, and what it logged. A project below a hidden folder is
/// still one: agents make their work trees there.
static bool is_set_up(const effects::Target& target, const std::string& home) {
  const PathClass c = target.path_class;
  if (is_system(c) || c == PathClass::log || c == PathClass::shell_startup) return true;
  const bool work = c == PathClass::project || c == PathClass::project_root || c == PathClass::build ||
                    c == PathClass::temp || c == PathClass::vcs_metadata;
  return !work && !home.empty() && target.text.starts_with(home + "/.");
}

void judge_sent(Sink& sink, const Argument& data, const std::string& where, bool file_always) {
  const std::string text = data.value.with_holes_empty();
  Argument path = data;
  bool file = file_always;
  const size_t at = text.starts_with('@')                  ? 0
                    : text.find("=@") != std::string::npos ? text.find("=@") + 1
                    : text.find("=<") != std::string::npos ? text.find("=<") + 1
                                                           : std::string::npos;
  if (!file_always && at != std::string::npos && data.value.is_exact()) {
    std::string name = text.substr(at + 1);
    path.value = Value::exact(name.substr(0, name.find(';')));
    file = true;
  }
  const std::string named = path.value.with_holes_empty();
  const bool standard_input = named == "-" || named == "/dev/stdin" || (file_always && named == ".");
  if (file && standard_input) return judge_sent_input(sink, where, &path);
  if (!file || has(data.value.taint, Taint::secret)) return judge_sent_text(sink, path, where);
  const effects::Target target = sink.classify(path.value);
  const bool secret = sink.is_secret(path.value) || target.text == "/etc/passwd";
  const bool set_up = is_set_up(target, sink.home());
  const std::string host = host_of(where);
  if (!secret && !set_up && is_local(host)) return;  // what listens there may pass on what it has no use for
  const std::string_view tag = secret           ? "secret.send"
                               : is_drop(where) ? "net.upload-drop"
                               : set_up         ? "net.upload-settings"
                                                : "net.upload";
  sink.on(Kind::sends_data, tag, path).detail = host;
}

namespace {

constexpr Option kCurl[] = {{'o', "output", Arg::value},
                            {'O', "remote-name"},
                            {'d', "data", Arg::value},
                            {0, "data-binary", Arg::value},
                            {0, "data-raw", Arg::value},
                            {0, "data-urlencode", Arg::value},
                            {0, "url-query", Arg::value},
                            {0, "variable", Arg::value},
                            {0, "form-string", Arg::value},
                            {0, "proxy-header", Arg::value},
                            {0, "connect-to", Arg::value},
                            {0, "netrc-file", Arg::value},
                            {'F', "form", Arg::value},
                            {'T', "upload-file", Arg::value},
                            {'X', "request", Arg::value},
                            {'H', "header", Arg::value},
                            {'u', "user", Arg::value},
                            {'A', "user-agent", Arg::value},
                            {'e', "referer", Arg::value},
                            {'b', "cookie", Arg::value},
                            {'c', "cookie-jar", Arg::value},
                            {'x', "proxy", Arg::value},
                            {'w', "write-out", Arg::value},
                            {'m', "max-time", Arg::value},
                            {'r', "range", Arg::value},
                            {'K', "config", Arg::value},
                            {'E', "cert", Arg::value},
                            {'C', "continue-at", Arg::value},
                            {'Y', "speed-limit", Arg::value},
                            {'y', "speed-time", Arg::value},
                            {'z', "time-cond", Arg::value},
                            {'D', "dump-header", Arg::value},
                            {'U', "proxy-user", Arg::value},
                            {'Q', "quote", Arg::value},
                            {'P', "ftp-port", Arg::value},
                            {'t', "telnet-option", Arg::value},
                            {'s', "silent"},
                            {'S', "show-error"},
                            {'f', "fail"},
                            {'L', "location"},
                            {'k', "insecure"},
                            {'I', "head"},
                            {'i', "include"},
                            {'v', "verbose"},
                            {'G', "get"},
                            {'g', "globoff"},
                            {'N', "no-buffer"},
                            {'n', "netrc"},
                            {'#', "progress-bar"},
                            {'j', "junk-session-cookies"},
                            {'J', "remote-header-name"},
                            {'R', "remote-time"},
                            {'Z', "parallel"},
                            {'0', "http1.0"},
                            {'4', "ipv4"},
                            {'6', "ipv6"},
                            {0, "json", Arg::value},
                            {0, "url", Arg::value},
                            {0, "connect-timeout", Arg::value},
                            {0, "retry", Arg::value},
                            {0, "retry-delay", Arg::value},
                            {0, "proto", Arg::value},
                            {0, "resolve", Arg::value},
                            {0, "cacert", Arg::value},
                            {0, "key", Arg::value},
                            {0, "limit-rate", Arg::value},
                            {0, "output-dir", Arg::value},
                            {0, "interface", Arg::value},
                            {0, "oauth2-bearer", Arg::value},
                            {0, "unix-socket", Arg::value},
                            {0, "create-dirs"},
                            {0, "compressed"},
                            {0, "tlsv1.2"},
                            {0, "tlsv1.3"},
                            {0, "http2"},
                            {0, "fail-with-body"},
                            {0, "version"},
                            {0, "help"}};

std::string url_of(const Call& call) {
  if (call.value("url") != nullptr) return call.text("url");
  for (const Argument* o : call.operands()) {
    std::string text = o->value.with_holes_empty();
    if (text.find('.') != std::string::npos || text.find("://") != std::string::npos ||
        text.starts_with("localhost"))
      return text;
  }
  return call.operand(0);
}

/// What comes from there, by the way it takes.
Value data_from(const std::vector<const Argument*>& urls) {
  Value v = remote_data();
  if (std::any_of(urls.begin(), urls.end(), [](const Argument* url) { return is_open_to_all(*url); }))
    v.taint = v.taint | Taint::open;
  return v;
}

void fetched_into(Sink& sink, const Argument& path, const Fetch& fetch) {
  write_effect(sink, path, Write::replace);
  judge_fetched_program(sink, path, fetch);
  sink.note_file(path.value, data_from(fetch.urls), false);
}

/// `directory`/name, as a program asked to put its files there makes it.
std::string below(const std::string& directory, const std::string& name) {
  return directory.empty() ? name : directory + (directory.ends_with('/') ? "" : "/") + name;
}

/// A file named after the last part of the URL.
void note_fetched(Sink& sink, const Argument& url, const std::string& directory, bool unchecked = false) {
  std::string path = url.value.with_holes_empty();
  path = path.substr(0, path.find_first_of("?#"));
  const size_t slash = path.rfind('/');
  if (path.find("://") == std::string::npos || slash + 1 >= path.size()) return;
  const Argument file{Value::exact(below(directory, path.substr(slash + 1))), url.place, nullptr};
  sink.note_file(file.value, data_from({&url}), false);
  judge_fetched_program(sink, file, {{&url}, unchecked});
}

/// What curl makes of its options, unless told by -X or a header that stands for it.
std::string method_of(const Call& call) {
  for (const Argument* header : call.values("header")) {
    const std::string text = header->value.with_holes_empty();
    constexpr std::string_view kOverride = "X-HTTP-Method-Override:";
    if (text.starts_with(kOverride))
      return text.substr(std::min(text.find_first_not_of(' ', kOverride.size()), text.size()));
  }
  if (call.has("request")) return call.text("request");
  if (call.has("upload-file")) return "PUT";
  return call.any("data data-binary data-raw data-urlencode form json") && !call.has("get") ? "POST" : "GET";
}

std::string body_of(const Call& call) {
  std::string out;
  for (std::string_view option : {"data", "data-binary", "data-raw", "json"})
    for (const Argument* data : call.values(option)) out += data->value.with_holes_empty();
  return out;
}

std::vector<const Argument*> urls_of(const Call& call) {
  std::vector<const Argument*> out = call.values("url");
  out.insert(out.end(), call.operands().begin(), call.operands().end());
  return out;
}

/// file:///path, file://localhost/path, in any case; "" for other URLs.
std::string file_of_url(const std::string& url) {
  constexpr std::string_view kScheme = "file://";
  const size_t slash = url.find('/', kScheme.size());
  return lower(url.substr(0, kScheme.size())) == kScheme && slash != std::string::npos ? url.substr(slash)
                                                                                       : std::string();
}

void judge_urls(const Call& call, Sink& sink) {
  for (const Argument* address : urls_of(call)) {
    const std::string url = address->value.with_holes_empty();
    judge_host(sink, *address, true);
    judge_carried(sink, *address);
    judge_named_credentials(call, sink, host_of(address->value.prefix()));
    judge_request(sink, {method_of(call), url, body_of(call), call.text("unix-socket")});
    if (const std::string path = file_of_url(url); !path.empty())
      read_effect(sink, {Value::exact(path), call.invocation().place, nullptr});
  }
}

/// Whose a token is: what `gh auth token` and its like print is meant for these hosts.
struct Issuer {
  std::string_view token;
  std::string_view host;  ///< with a dot in front: everything below it
};
constexpr Issuer kIssuers[] = {{"GH_TOKEN", "api.github.com"},
                               {"GH_TOKEN", "uploads.github.com"},
                               {"GH_TOKEN", "raw.githubusercontent.com"},
                               {"GITLAB_TOKEN", "gitlab.com"},
                               {"GOOGLE_TOKEN", ".googleapis.com"},
                               {"GOOGLE_TOKEN", ".run.app"},
                               {"GOOGLE_TOKEN", ".cloudfunctions.net"},
                               {"GOOGLE_TOKEN", ".pkg.dev"},
                               {"AZURE_TOKEN", "management.azure.com"},
                               {"AZURE_TOKEN", "graph.microsoft.com"}};
bool issued(std::string_view token, std::string_view host) {
  return std::any_of(std::begin(kIssuers), std::end(kIssuers), [&](const Issuer& i) {
    return i.token == token && (i.host.starts_with('.') ? host.ends_with(i.host) : host == i.host);
  });
}

/// A header whose secret is a token on its way to who gave it out, by TLS and to no other host.
bool returns_home(const Call& call, const Argument& header) {
  if (call.any("insecure resolve connect-to proxy config unix-socket")) return false;
  const std::string text = lower(header.value.prefix());
  if (!text.starts_with("authorization:") && !text.starts_with("private-token:")) return false;
  const std::vector<const Argument*> urls = urls_of(call);
  return !urls.empty() && std::all_of(urls.begin(), urls.end(), [&](const Argument* url) {
    if (!url->value.prefix().starts_with("https://")) return false;
    const std::string address = url->value.prefix();
    const bool whole_host = url->value.is_exact() || address.find('/', 8) != std::string::npos;
    const std::string host = host_of(address);
    const auto& pieces = header.value.pieces();
    return whole_host && std::all_of(pieces.begin(), pieces.end(), [&](const resolve::Piece& p) {
             return !p.hole || issued(p.text, host);
           });
  });
}

/// What `--data-urlencode`, `--url-query` and `--variable` read: name@file; `=` first makes it text.
void judge_named_file(Sink& sink, const Argument& data, const std::string& host) {
  const std::string text = data.value.with_holes_empty();
  const size_t at = text.find_first_of("@=");
  if (at == std::string::npos || text[at] == '=' || !data.value.is_exact())
    return judge_sent_text(sink, data, host);
  judge_sent(sink, {Value::exact(text.substr(at)), data.place, nullptr}, host, false);
}

/// -H @file, -b file: an everyday file is nothing to speak of.
void judge_headers(const Call& call, Sink& sink, const std::string& host) {
  for (std::string_view option : {"header", "proxy-header", "cookie"}) {
    for (const Argument* value : call.values(option)) {
      if (has(value->value.taint, Taint::secret) && !returns_home(call, *value))
        judge_sent_text(sink, *value, host);
      const std::string text = value->value.with_holes_empty();
      const bool cookie = option == "cookie" && text.find('=') == std::string::npos;
      if (!value->value.is_exact() || (!cookie && !text.starts_with('@'))) continue;
      const Argument file{Value::exact(text.substr(cookie ? 0 : 1)), value->place, nullptr};
      judge_secret_files({&file}, sink, host);
    }
  }
}

/// -K FILE: what is known of it are further options; of another file curl shows the lines it cannot read.
void judge_config(const Call& call, Sink& sink) {
  for (const Argument* file : call.values("config")) {
    const bool input = file->value.with_holes_empty() == "-";
    const Value* content = input ? &call.invocation().input.data : sink.file_content(file->value);
    const auto text = content == nullptr ? std::nullopt : content->text();
    if (!input) read_effect(sink, *file);
    if (!text || !sink.spend(text->size())) continue;
    std::vector<Argument> argv{call.argv().front()};
    for (size_t at = 0; at < text->size();) {
      const size_t end = std::min(text->find('\n', at), text->size());
      const std::string line = text->substr(at, end - at);
      at = end + 1;
      const size_t name = line.find_first_not_of(" \t-");
      if (name == std::string::npos || line[name] == '#') continue;
      const size_t name_end = std::min(line.find_first_of(" \t=:", name), line.size());
      const bool is_short = name_end - name == 1;
      argv.push_back(
          {Value::exact((is_short ? "-" : "--") + line.substr(name, name_end - name)), file->place, nullptr});
      const size_t value = line.find_first_not_of(" \t=:\"", name_end);
      if (value == std::string::npos) continue;
      argv.push_back({Value::exact(line.substr(value, line.find_last_not_of(" \t\"") + 1 - value)),
                      file->place, nullptr});
    }
    if (argv.size() > 1) sink.run(std::move(argv), {});
  }
}

/// By a proxy of this machine that shows the traffic to who set it up: its certificate is no known one.
bool is_watched(const Call& call) { return call.has("proxy") && is_near(host_of(call.text("proxy"))); }

/// A name and password, or a header that opens a door.
bool sends_credentials(const Call& call) {
  if (call.any("user oauth2-bearer netrc netrc-file password")) return true;
  static constexpr std::string_view kHeaders[] = {
      "authorization:", "private-token:", "x-api-key:", "x-auth-token:",
      "x-vault-token:", "cookie:",        "api-key:",   "job-token:"};
  const std::vector<const Argument*> headers = call.values("header");
  return std::any_of(headers.begin(), headers.end(), [](const Argument* header) {
    const std::string text = lower(header->value.prefix());
    return std::any_of(std::begin(kHeaders), std::end(kHeaders),
                       [&](std::string_view name) { return text.starts_with(name); });
  });
}

void curl(const Call& call, Sink& sink) {
  const std::string url = url_of(call), host = host_of(url);
  for (std::string_view option : {"data", "data-binary", "form", "json"})
    for (const Argument* data : call.values(option)) judge_sent(sink, *data, url, false);
  for (const Argument* data : call.values("data-raw")) judge_sent_text(sink, *data, url);
  for (const Argument* file : call.values("upload-file")) judge_sent(sink, *file, url, true);
  for (std::string_view option : {"data-urlencode", "url-query", "variable"})
    for (const Argument* data : call.values(option)) judge_named_file(sink, *data, url);
  judge_headers(call, sink, host);
  judge_config(call, sink);
  for (const Argument* operand : call.operands())
    if (has(operand->value.taint, Taint::secret))
      sink.on(Kind::sends_data, "secret.send", *operand).detail = host;
  const std::string directory = call.text("output-dir");
  const Fetch fetch{urls_of(call), call.has("insecure") && !is_watched(call)};
  judge_unchecked(sink, fetch, sends_credentials(call));
  if (const Argument* out = call.value("output"); out != nullptr && directory.empty())
    fetched_into(sink, *out, fetch);
  else if (out != nullptr)
    fetched_into(sink, {Value::exact(below(directory, call.text("output"))), out->place, nullptr}, fetch);
  if (call.has("remote-name"))
    for (const Argument* from : fetch.urls) note_fetched(sink, *from, directory, fetch.unchecked);
  judge_urls(call, sink);
}

Value fetched(const Call& call) {
  if (call.any("output remote-name head") && call.text("output") != "-" &&
      call.text("output") != "/dev/stdout")
    return {};
  Value v = data_from(urls_of(call));
  if (lower(url_of(call)).starts_with("file:")) v.taint = Taint::file;
  return v;
}

constexpr Option kWget[] = {{'O', "output-document", Arg::value},
                            {'o', "output-file", Arg::value},
                            {'P', "directory-prefix", Arg::value},
                            {'q', "quiet"},
                            {'c', "continue"},
                            {'r', "recursive"},
                            {'N', "timestamping"},
                            {'i', "input-file", Arg::value},
                            {'U', "user-agent", Arg::value},
                            {'t', "tries", Arg::value},
                            {'T', "timeout", Arg::value},
                            {'b', "background"},
                            {'l', "level", Arg::value},
                            {'A', "accept", Arg::value},
                            {'R', "reject", Arg::value},
                            {'n', "n", Arg::value},
                            {'m', "mirror"},
                            {'p', "page-requisites"},
                            {'k', "convert-links"},
                            {'S', "server-response"},
                            {'e', "execute", Arg::value},
                            {'w', "wait", Arg::value},
                            {'Q', "quota", Arg::value},
                            {'D', "domains", Arg::value},
                            {'a', "append-output", Arg::value},
                            {'x', "force-directories"},
                            {'E', "adjust-extension"},
                            {'H', "span-hosts"},
                            {'L', "relative"},
                            {'v', "verbose"},
                            {'d', "debug"},
                            {0, "post-file", Arg::value},
                            {0, "post-data", Arg::value},
                            {0, "body-file", Arg::value},
                            {0, "body-data", Arg::value},
                            {0, "method", Arg::value},
                            {0, "header", Arg::value},
                            {0, "user", Arg::value},
                            {0, "password", Arg::value},
                            {0, "no-check-certificate"},
                            {0, "spider"},
                            {0, "show-progress"},
                            {0, "limit-rate", Arg::value},
                            {0, "use-askpass", Arg::value}};
/// --method wins over what the data options mean.
void judge_wget_urls(const Call& call, Sink& sink) {
  const std::string method = call.has("method")                ? call.text("method")
                             : call.any("post-data post-file") ? "POST"
                                                               : "GET";
  for (const Argument* url : call.operands()) {
    judge_host(sink, *url, true);
    judge_carried(sink, *url);
  }
  for (const Argument* url : call.operands())
    judge_request(sink,
                  {method, url->value.with_holes_empty(), call.text("body-data") + call.text("post-data")});
}

void wget(const Call& call, Sink& sink) {
  const Fetch fetch{call.operands(), call.has("no-check-certificate")};
  judge_unchecked(sink, fetch, sends_credentials(call));
  judge_wget_urls(call, sink);
  if (const Argument* list = call.value("input-file")) read_effect(sink, *list);  // bad lines are shown
  const std::string url = url_of(call);
  judge_named_credentials(call, sink, host_of(url));
  for (std::string_view option : {"post-file", "body-file"})
    if (const Argument* file = call.value(option)) judge_sent(sink, *file, url, true);
  for (std::string_view option : {"post-data", "body-data", "header"})
    if (const Argument* data = call.value(option);
        data != nullptr && (option != "header" || has(data->value.taint, Taint::secret)))
      judge_sent_text(sink, *data, url);
  if (const Argument* out = call.value("output-document");
      out != nullptr && call.text("output-document") != "-")
    fetched_into(sink, *out, fetch);
  else if (out == nullptr)
    for (const Argument* from : fetch.urls)
      note_fetched(sink, *from, call.text("directory-prefix"), fetch.unchecked);
}
Value wget_output(const Call& call) {
  const std::string out = call.text("output-document");
  if (out != "-" && out != "/dev/stdout") return {};
  return data_from(call.operands());
}

/// Those that always save. aria2c 1.36, axel 2.17, FreeBSD's fetch(1), lwp-download(1p).
constexpr Option kSaver[] = {{'o', "out", Arg::value},
                             {0, "output", Arg::value},
                             {'d', "dir", Arg::value},
                             {'x', "max-connection-per-server", Arg::value},
                             {'s', "split", Arg::value},
                             {'n', "num-connections", Arg::value},
                             {'q', "quiet"},
                             {'a', "alternate"}};
bool saves_to_output(const Call& call) {
  return call.text("out") == "-" || call.operand(1) == "-" || call.operand(1) == "/dev/stdout";
}
void save(const Call& call, Sink& sink) {
  judge_urls(call, sink);
  if (saves_to_output(call)) return;
  const Fetch fetch{call.operands()};
  const Argument* out = call.value("out") != nullptr ? call.value("out") : call.value("output");
  if (out != nullptr)
    return fetched_into(
        sink, {Value::exact(below(call.text("dir"), out->value.with_holes_empty())), out->place, nullptr},
        fetch);
  if (call.program() == "lwp-download" && call.operands().size() > 1)
    return fetched_into(sink, *call.operands()[1], fetch);
  for (const Argument* url : call.operands()) note_fetched(sink, *url, call.text("dir"));
}
Value saved(const Call& call) { return saves_to_output(call) ? remote_data() : Value(); }

constexpr Option kDns[] = {
    {'t', "type", Arg::value}, {'x', "reverse", Arg::value}, {'p', "port", Arg::value}};
void dns(const Call& call, Sink& sink) {
  for (const Argument* a : call.operands()) {
    if (has(a->value.taint, Taint::secret)) sink.on(Kind::sends_data, "secret.send", *a);
    judge_name_data(sink, *a);
  }
}
/// Those that ask the name server for their target on the way.
void reaches(const Call& call, Sink& sink) {
  judge_secret_words(call.invocation(), sink);
  for (const Argument* a : call.operands()) judge_name_data(sink, *a);
}
Value pinged(const Call&) { return Value::unknown(resolve::HoleKind::output); }
constexpr Option kMail[] = {{'s', "subject", Arg::value}, {'a', "attach", Arg::value},
                            {'A', "Attach", Arg::value},  {'c', "cc", Arg::value},
                            {'b', "bcc", Arg::value},     {'r', "from", Arg::value}};
void mail(const Call& call, Sink& sink) {
  if (has(call.invocation().input.data.taint, Taint::secret))
    sink.add(Kind::sends_data, "secret.send").detail = call.operand(0);
  for (std::string_view option : {"attach", "Attach"})
    if (const Argument* file = call.value(option);
        file != nullptr && sink.classify(file->value).path_class == PathClass::secret)
      sink.on(Kind::sends_data, "secret.send", *file);
}

/// Clients known by name only: addresses, and files they may be given.
void client(const Call& call, Sink& sink) {
  judge_hosts(call, sink);
  judge_secret_words(call.invocation(), sink);
}

constexpr CommandSpec kNetworkCommands[] = {
    {"curl", kCurl, Order::permuted, curl, fetched},
    {"wget", kWget, Order::permuted, wget, wget_output},
    {"aria2c axel fetch lwp-download", kSaver, Order::permuted, save, saved},
    {"lynx links w3m lwp-request GET", kCurl, Order::permuted, client, remote_output},
    {"dig nslookup host drill kdig delv", kDns, Order::permuted, dns, remote_output},
    {"ping ping6 fping traceroute tracepath mtr whois", {}, Order::permuted, reaches, pinged},
    {"mail mailx mutt sendmail msmtp ssmtp s-nail", kMail, Order::permuted, mail},
};

}  // namespace

std::span<const CommandSpec> network_commands() { return kNetworkCommands; }

}  // namespace cmdai::commands
