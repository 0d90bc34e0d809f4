#include "libcore/commands/outbound.hpp"

#include <algorithm>

#include "libcore/base/text.hpp"
#include "libcore/base/wildcard.hpp"
#include "libcore/commands/host_names.hpp"
#include "libcore/commands/network.hpp"

namespace cmdai::commands {
namespace {

using Words = std::vector<std::string>;

Words words_of(const Invocation& invocation) {
  Words out;
  for (size_t i = 1; i < invocation.argv.size(); ++i)
    out.push_back(invocation.argv[i].value.with_holes_empty());
  return out;
}

/// Whether one of the words is a cluster of short options with that letter, or, the first, tar's old style.
bool has_letter(const Words& words, char letter, bool old_style) {
  for (size_t i = 0; i < words.size(); ++i) {
    const std::string& w = words[i];
    const bool cluster = w.size() > 1 && w[0] == '-' && w[1] != '-';
    const bool bare = old_style && i == 0 && !w.empty() && w[0] != '-' && w.find('/') == std::string::npos;
    if ((cluster || bare) && w.find(letter) != std::string::npos) return true;
  }
  return false;
}

bool holds(const Words& words, std::string_view word) {
  return std::find(words.begin(), words.end(), word) != words.end();
}

/// The value of tar's f: glued to its letter or the next word. Without one, standard output.
std::string tar_file(const Words& words) {
  for (size_t i = 0; i < words.size(); ++i) {
    const std::string& w = words[i];
    if (w.starts_with("--file=")) return w.substr(7);
    const bool cluster = w.size() > 1 && w[0] == '-' && w[1] != '-';
    const bool bare = i == 0 && !w.empty() && w[0] != '-' && w.find_first_of("./") == std::string::npos;
    const size_t f = cluster || bare ? w.find('f') : std::string::npos;
    if (w != "--file" && f == std::string::npos) continue;
    if (cluster && f != std::string::npos && f + 1 < w.size()) return w.substr(f + 1);
    return i + 1 < words.size() ? words[i + 1] : "-";
  }
  return "-";
}

std::optional<std::string> tar_target(const Words& words) {
  const bool creates = has_letter(words, 'c', true) || holds(words, "--create");
  const bool other =
      has_letter(words, 'x', true) || has_letter(words, 't', true) || holds(words, "--extract");
  if (!creates || other) return std::nullopt;
  return tar_file(words);
}

/// zip ARCHIVE FILE…: the first word that is no option; none, or "-", is standard output.
std::optional<std::string> zip_target(const Words& words) {
  const auto first = std::find_if(words.begin(), words.end(),
                                  [](const std::string& w) { return w == "-" || !w.starts_with('-'); });
  return first == words.end() ? std::nullopt : std::optional(*first);
}

std::optional<std::string> to_output(bool yes) {
  return yes ? std::optional<std::string>("-") : std::nullopt;
}

/// Turn bytes into letters. What they undo is no encoding.
bool encodes(const Invocation& invocation) {
  static constexpr std::string_view kEncoders[] = {
      "base64", "base32", "basenc", "xxd", "od", "hexdump", "hd", "uuencode", "gbase64", "base58", "openssl"};
  if (!among(kEncoders, invocation.program)) return false;
  const Words words = words_of(invocation);
  if (invocation.program == "openssl")
    return !words.empty() && (words[0] == "enc" || words[0] == "base64") && !holds(words, "-d");
  if (invocation.program == "xxd") return !has_letter(words, 'r', false);
  if (invocation.program.find("base") == std::string::npos) return true;
  return !has_letter(words, 'd', false) && !has_letter(words, 'D', false) && !holds(words, "--decode");
}

bool reads_file(const Invocation& invocation) {
  return invocation.input.kind == resolve::Input::Kind::file ||
         std::any_of(invocation.argv.begin() + 1, invocation.argv.end(), [](const Argument& a) {
           const std::string word = a.value.with_holes_empty();
           return word.find_first_of("./") != std::string::npos ||
                  (!word.empty() && !word.starts_with('-') &&
                   std::isalpha(static_cast<unsigned char>(word[0])) != 0);
         });
}

/// Hosts by pattern; `path` too where the host serves other things besides.
constexpr std::string_view kDrops[] = {
    // Keep files for anybody
    "transfer.sh/*", "*.transfer.sh/*", "file.io/*", "www.file.io/*", "0x0.st/*", "bashupload.com/*",
    "bashupload.app/*", "temp.sh/*", "oshi.at/*", "catbox.moe/*", "*.catbox.moe/*", "gofile.io/*",
    "*.gofile.io/*", "tmpfiles.org/*", "uguu.se/*", "*.anonfiles.com/*", "keep.sh/*", "free.keep.sh/*",
    "x0.at/*", "envs.sh/*", "ttm.sh/*", "litterbox.catbox.moe/*", "send.vis.ee/*", "filebin.net/*",
    "pixeldrain.com/*", "filetransfer.io/*", "wetransfer.com/*", "mega.nz/*", "*.mega.co.nz/*", "ufile.io/*",
    "sendspace.com/*",
    // Paste boards
    "pastebin.com/*", "paste.rs/*", "ix.io/*", "termbin.com/*", "sprunge.us/*", "clbin.com/*", "dpaste.org/*",
    "dpaste.com/*", "paste.ee/*", "*.paste.ee/*", "hastebin.com/*", "paste.c-net.org/*", "rentry.co/*",
    "ghostbin.*/*", "p.ip.fi/*", "cl1p.net/*", "paste.sh/*", "bpa.st/*", "0bin.net/*", "privatebin.net/*",
    // Show what is sent to them
    "webhook.site/*", "*.webhook.site/*", "*.requestbin.com/*", "requestbin.com/*", "requestbin.net/*",
    "*.requestbin.net/*", "*.m.pipedream.net/*", "*.pipedream.net/*", "*.requestcatcher.com/*",
    "*.beeceptor.com/*", "*.interact.sh/*", "interact.sh/*", "*.oast.pro/*", "*.oast.live/*", "*.oast.site/*",
    "*.oast.online/*", "*.oast.fun/*", "*.oast.me/*", "*.burpcollaborator.net/*", "*.oastify.com/*",
    "*.dnslog.cn/*", "*.ceye.io/*", "*.hookbin.com/*", "hookb.in/*", "*.ptsv2.com/*", "ptsv2.com/*",
    "*.canarytokens.com/*", "requestinspector.com/*",
    // Tunnels to a machine nobody names
    "*.ngrok.io/*", "*.ngrok.app/*", "*.ngrok-free.app/*", "*.ngrok-free.dev/*", "*.ngrok.dev/*",
    "*.trycloudflare.com/*", "*.loca.lt/*", "*.localhost.run/*", "*.lhr.life/*", "*.serveo.net/*",
    "*.bore.pub/*", "bore.pub/*", "*.pagekite.me/*", "*.onion/*", "*.onion.*/*",
    // Chats, by their door for programs
    "discord.com/api/webhooks/*", "*.discord.com/api/webhooks/*", "discordapp.com/api/webhooks/*",
    "api.telegram.org/bot*/senddocument*", "api.telegram.org/bot*/sendphoto*",
    "api.telegram.org/bot*/sendmediagroup*"};

bool is_foreign(const std::string& url) { return !host_of(url).empty() && !is_near(host_of(url)); }

}  // namespace

namespace {

std::optional<std::string> named_target(const Invocation& invocation) {
  const std::string& p = invocation.program;
  const auto is = [&p](std::initializer_list<std::string_view> list) {
    return std::find(list.begin(), list.end(), p) != list.end();
  };
  if (!is({"tar", "gtar", "bsdtar", "zip", "cpio", "pax", "7z", "7za", "7zr", "git"})) return std::nullopt;
  const Words words = words_of(invocation);
  if (is({"tar", "gtar", "bsdtar"})) return tar_target(words);
  if (p == "zip") return zip_target(words);
  if (p == "cpio") return to_output(has_letter(words, 'o', false) || holds(words, "--create"));
  if (p == "pax") return to_output(has_letter(words, 'w', false) && !has_letter(words, 'f', false));
  if (p.starts_with("7z")) return to_output(!words.empty() && words[0] == "a" && holds(words, "-so"));
  if (p == "git" && !words.empty() && words[0] == "archive")
    return to_output(!has_letter(words, 'o', false) &&
                     std::none_of(words.begin(), words.end(),
                                  [](const std::string& w) { return w.starts_with("--output"); }));
  if (p == "git") return to_output(!words.empty() && words[0] == "bundle" && holds(words, "-"));
  return std::nullopt;
}

/// A whole database on standard output, unless a file is named.
bool dumps_database(const Invocation& invocation) {
  static constexpr std::string_view kDumpers[] = {"mysqldump", "mariadb-dump", "pg_dump", "pg_dumpall",
                                                  "mongodump"};
  if (!among(kDumpers, invocation.program)) return false;
  const Words words = words_of(invocation);
  const auto names_file = [](const std::string& w) {
    return w == "-f" || w == "-r" || w.starts_with("--file") || w.starts_with("--result-file") ||
           w.starts_with("--out");
  };
  return std::none_of(words.begin(), words.end(), names_file) &&
         (invocation.program != "mongodump" || holds(words, "--archive"));
}

}  // namespace

std::optional<std::string> archive_target(const Invocation& invocation) {
  const auto target = named_target(invocation);
  static constexpr std::string_view kOutput[] = {"/dev/stdout", "/dev/fd/1", "/proc/self/fd/1"};
  return target && among(kOutput, *target) ? "-" : target;
}

Taint made_of(const Invocation& invocation) {
  if (dumps_database(invocation) || archive_target(invocation) == "-") return Taint::archive | Taint::file;
  if (!encodes(invocation)) return Taint::none;
  return Taint::encoded | (reads_file(invocation) ? Taint::file : Taint::none);
}

bool is_drop(const std::string& url) {
  const size_t scheme = url.find("://");
  const size_t slash = url.find('/', scheme == std::string::npos ? 0 : scheme + 3);
  const std::string place =
      lower(host_of(url)) +
      (slash == std::string::npos ? "/" : lower(std::string_view(url).substr(slash, 256)));
  return std::any_of(std::begin(kDrops), std::end(kDrops),
                     [&](std::string_view p) { return wildcard_match(p, place); });
}

namespace {

/// What sending something to `where` is to be called; "": nothing to speak of.
std::string_view tag_for(Taint taint, bool of_file, const std::string& where) {
  const bool archive = has(taint, Taint::archive);
  if (has(taint, Taint::secret)) return "secret.send";
  if (archive && is_foreign(where)) return "net.send-archive";
  if (!of_file && !has(taint, Taint::file)) return {};
  if (is_drop(where)) return "net.upload-drop";
  const bool near = archive ? !host_of(where).empty() : is_local(host_of(where));
  return near ? std::string_view() : "net.upload";
}

}  // namespace

void judge_sent_text(Sink& sink, const Argument& data, const std::string& where) {
  const std::string_view tag = tag_for(data.value.taint, false, where);
  if (!tag.empty()) sink.on(Kind::sends_data, tag, data).detail = host_of(where);
}

void judge_sent_input(Sink& sink, const std::string& where, const Argument* word) {
  const resolve::Input& input = sink.invocation().input;
  const std::string_view tag = tag_for(input.data.taint, input.kind == resolve::Input::Kind::file, where);
  if (tag.empty()) return;
  Effect& e = word != nullptr ? sink.on(Kind::sends_data, tag, *word) : sink.add(Kind::sends_data, tag);
  e.detail = host_of(where);
}

void judge_socket_output(Sink& sink, const Value& data, const std::string& socket, resolve::Place place) {
  const std::string host = socket.substr(0, socket.find('/'));
  const std::string_view tag = tag_for(data.taint, false, host);
  if (!tag.empty()) sink.add(Kind::sends_data, tag, place).detail = host;
}

void judge_carried(Sink& sink, const Argument& address) {
  const Taint taint = address.value.taint;
  if (address.value.is_exact() || has(taint, Taint::secret) || !has(taint, Taint::encoded) ||
      !has(taint, Taint::file))
    return;
  const std::string known = address.value.prefix();
  if (known.find("://") == std::string::npos || (known.ends_with("://") || is_foreign(known)))
    sink.on(Kind::sends_data, "net.hidden-data", address);
}

void judge_name_data(Sink& sink, const Argument& name) {
  const Value& v = name.value;
  if (v.is_exact() || has(v.taint, Taint::secret) || v.prefix().starts_with('+') ||
      v.prefix().starts_with('@'))
    return;
  const std::string rest = v.suffix();
  if (rest.size() < 4 || rest[0] != '.' || rest.find('.', 1) == std::string::npos) return;
  const auto& pieces = v.pieces();
  // The lines of a list of names, one by one, are looked up every day; a file's content in one word is not.
  // What `cat FILE` and `< FILE` put into a word bears the file's name, what `read` puts there the
  // variable's.
  const auto& context = sink.invocation().context;
  const bool listed = std::find(context.begin(), context.end(), "for") != context.end();
  const bool content =
      has(v.taint, Taint::file) && !listed &&
      std::any_of(pieces.begin(), pieces.end(), [](const resolve::Piece& p) {
        return p.hole == resolve::HoleKind::output ||
               (p.hole == resolve::HoleKind::input && p.text.find_first_of("./") != std::string::npos);
      });
  if (content || has(v.taint, Taint::encoded)) sink.on(Kind::sends_data, "net.hidden-data", name);
}

bool is_key_folder(const Value& path) {
  std::string text = lower(path.with_holes_empty());
  while (text.ends_with('/') || text.ends_with("/*")) text.pop_back();
  static constexpr std::string_view kNames[] = {".kube",    ".docker",     ".password-store", "secrets",
                                                ".secrets", "credentials", "keystore",        "private-keys",
                                                "keyrings", ".pki"};
  return among(kNames, std::string_view(text).substr(text.rfind('/') + 1));
}

}  // namespace cmdai::commands
