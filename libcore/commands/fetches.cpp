// What is to be thought of a fetch by the way it takes: without encryption, from a bare address, without a
// look at the server's certificate; and of what becomes of the file.
#include <algorithm>

#include "libcore/base/text.hpp"
#include "libcore/commands/host_names.hpp"
#include "libcore/commands/network.hpp"

namespace cmdai::commands {
namespace {

/// curl and wget take an address without a scheme for http.
bool is_plain(const std::string& url) {
  const size_t scheme = url.find("://");
  if (scheme == std::string::npos) return true;
  const std::string name = lower(url.substr(0, scheme));
  return name == "http" || name == "ftp" || name == "git" || name == "git+http";
}

bool is_foreign(const Argument& url) {
  const std::string text = url.value.prefix();
  return !text.empty() && text.find("://") != text.size() - 3 && !is_near(host_of(text));
}

/// A folder from which programs are started by name, outside projects and what may be thrown away.
bool holds_programs(const effects::Target& target) {
  static constexpr PathClass kOwn[] = {PathClass::project, PathClass::project_root, PathClass::build,
                                       PathClass::temp};
  if (target.elsewhere || std::find(std::begin(kOwn), std::end(kOwn), target.path_class) != std::end(kOwn))
    return false;
  const std::string folder = target.text.substr(0, target.text.rfind('/') + 1);
  return folder.ends_with("/bin/") || folder.ends_with("/sbin/") || folder.ends_with("/libexec/");
}

}  // namespace

bool is_open_to_all(const Argument& url) {
  const std::string text = url.value.prefix();
  return is_foreign(url) && (is_plain(text) || is_address(host_of(text)));
}

void judge_fetched_program(Sink& sink, const Argument& path, const Fetch& fetch) {
  if (!holds_programs(sink.classify(path.value))) return;
  const bool open =
      std::any_of(fetch.urls.begin(), fetch.urls.end(), [](const Argument* u) { return is_open_to_all(*u); });
  const bool foreign =
      std::any_of(fetch.urls.begin(), fetch.urls.end(), [](const Argument* u) { return is_foreign(*u); });
  if (!foreign && !fetch.urls.empty() && fetch.urls.front()->value.is_exact()) return;
  Effect& e = sink.on_path(Kind::installs, "net.program", path);
  e.detail = open ? "open" : fetch.unchecked && foreign ? "unchecked" : "";
}

void judge_fetched_content(Sink& sink, const Value& content, const Argument& file) {
  if (!has(content.taint, Taint::remote)) return;
  const bool open = has(content.taint, Taint::open);
  const effects::Target target = sink.classify(file.value);
  static constexpr std::string_view kKeys[] = {"/etc/apt/trusted.gpg", "/etc/apt/keyrings/",
                                               "/usr/share/keyrings/", "/etc/pki/rpm-gpg/"};
  const bool key = std::any_of(std::begin(kKeys), std::end(kKeys),
                               [&](std::string_view folder) { return target.text.starts_with(folder); });
  if (key && open) sink.on_path(Kind::installs, "pkg.plain-index", file).detail = "key";
  if (!key && holds_programs(target))
    sink.on_path(Kind::installs, "net.program", file).detail = open ? "open" : "";
}

void judge_unchecked(Sink& sink, const Fetch& fetch, bool credentials) {
  if (!fetch.unchecked) return;
  for (const Argument* url : fetch.urls) {
    const std::string text = url->value.prefix();
    const bool unknown = !url->value.is_exact() && (text.empty() || text.ends_with("://"));
    const bool encrypted = text.find("://") == std::string::npos || !is_plain(text);
    if (!unknown && !(is_foreign(*url) && encrypted)) continue;
    sink.on(Kind::changes_config, "net.unchecked", *url).detail =
        credentials && !unknown ? "credentials" : "";
    return;
  }
}

}  // namespace cmdai::commands
