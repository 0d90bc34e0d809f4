#include "libcore/commands/credential_tools.hpp"

#include <string>

#include "libcore/base/text.hpp"

namespace cmdai::commands {
namespace {

/// MITRE ATT&CK T1003, T1555: software listed there that has no other use.
constexpr std::string_view kDump[] = {"lazagne",     "mimipenguin",  "mimikatz",        "pypykatz",
                                      "secretsdump", "keychaindump", "chainbreaker",    "firefox_decrypt",
                                      "donpapi",     "nanodump",     "gsecdump",        "fgdump",
                                      "pwdump",      "sharpchrome",  "hackbrowserdata", "hack-browser-data",
                                      "lsassy",      "3snake",       "swapdigger",      "keydump"};
/// They only look, for whoever runs them: a tester's as much as an intruder's.
constexpr std::string_view kSurvey[] = {"linpeas",
                                        "winpeas",
                                        "linenum",
                                        "pspy",
                                        "beroot",
                                        "unix-privesc-check",
                                        "linux-exploit-suggester",
                                        "linux-smart-enumeration",
                                        "linprivchecker"};
constexpr std::string_view kEndings[] = {".py", ".sh", ".exe", ".rb", ".pl", ".ps1", ".bin"};

/// LaZagne.py, pspy64s, impacket-secretsdump, linpeas_linux_amd64: the name without what is hung on.
std::string stem_of(std::string_view name) {
  std::string stem = lower(name.substr(name.rfind('/') + 1));
  for (const std::string_view ending : kEndings)
    if (stem.ends_with(ending)) stem.erase(stem.size() - ending.size());
  if (stem.starts_with("impacket-")) stem.erase(0, 9);
  for (const std::string_view tail :
       {"_linux_amd64", "_linux_arm64", "_fat", "_small", "64s", "32s", "64", "32"})
    if (stem.ends_with(tail) && stem.size() > tail.size()) {
      stem.erase(stem.size() - tail.size());
      break;
    }
  return stem;
}

}  // namespace

bool judge_credential_tool(std::string_view name, resolve::Place place, Sink& sink) {
  const std::string stem = stem_of(name);
  const bool dumps = among(kDump, stem);
  if (!dumps && !among(kSurvey, stem)) return false;
  sink.add(Kind::reads_secret, dumps ? "secret.dump" : "secret.survey", place).detail = stem;
  return true;
}

bool asks_for_password(std::string_view script) {
  const std::string text = lower(script);
  return text.find("display dialog") != std::string::npos && text.find("hidden answer") != std::string::npos;
}

}  // namespace cmdai::commands
