#include "libcore/commands/outbound.hpp"

#include <algorithm>

#include "libcore/base/text.hpp"
#include "libcore/base/wildcard.hpp"
#include "libcore/commands/host_names.hpp"
#include "libcore/commands/network.hpp"

namespace cmdai::commands {
namespace {

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

bool is_drop(const std::string& url) {
  const size_t scheme = url.find("://");
  const size_t slash = url.find('/', scheme == std::string::npos ? 0 : scheme + 3);
  const std::string place =
      lower(host_of(url)) +
      (slash == std::string::npos ? "/" : lower(std::string_view(url).substr(slash, 256)));
  return std::any_of(std::begin(kDrops), std::end(kDrops),
                     [&](std::string_view p) { return wildcard_match(p, place); });
}

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
  const Invocation& call = sink.invocation();
  const bool listed =
      std::find(call.context.begin(), call.context.end(), "for") != call.context.end() ||
      std::any_of(call.wrappers.begin(), call.wrappers.end(), [](const resolve::Wrapper& wrapper) {
        return wrapper.program == "xargs" || wrapper.program == "parallel";
      });
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
                                                "keyrings", ".pki",        "certs",           "certificates",
                                                "private",  "keys"};
  return among(kNames, std::string_view(text).substr(text.rfind('/') + 1));
}

}  // namespace cmdai::commands
