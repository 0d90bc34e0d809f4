#include "libcore/commands/packing.hpp"

#include <algorithm>
#include <cctype>
#include <string_view>
#include <vector>

#include "libcore/base/text.hpp"

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

/// Members of an archive on standard output: tar(1) -O, bsdtar(1) -O, unzip(1) -p, 7z -so, unrar p, ar(1) p.
bool unpacks_to_output(const Invocation& invocation) {
  const std::string& p = invocation.program;
  static constexpr std::string_view kUnpackers[] = {"tar", "gtar", "bsdtar", "unzip", "7z",
                                                    "7za", "7zr",  "unrar",  "ar"};
  if (!among(kUnpackers, p)) return false;
  const Words words = words_of(invocation);
  if (words.empty()) return false;
  if (p == "unzip") return has_letter(words, 'p', false);
  if (p.starts_with("7z")) return (words[0] == "x" || words[0] == "e") && holds(words, "-so");
  if (p == "unrar" || p == "ar") return words[0].starts_with('p');
  return (has_letter(words, 'x', true) || holds(words, "--extract") || holds(words, "--get")) &&
         (has_letter(words, 'O', true) || holds(words, "--to-stdout"));
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
  if (unpacks_to_output(invocation)) return Taint::decoded | Taint::file;
  if (!encodes(invocation)) return Taint::none;
  return Taint::encoded | (reads_file(invocation) ? Taint::file : Taint::none);
}

}  // namespace cmdai::commands
