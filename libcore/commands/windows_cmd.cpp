#include "libcore/commands/windows_cmd.hpp"

#include <algorithm>

#include "libcore/base/text.hpp"
#include "libcore/commands/deletes.hpp"

namespace cmdai::commands {
namespace {

/// C:\x is /mnt/c/x under WSL; %USERPROFILE% is a home.
Value path_of(std::string text, const Sink& sink) {
  std::erase(text, '"');
  std::replace(text.begin(), text.end(), '\\', '/');
  for (const std::string_view home : {"%userprofile%", "%homepath%"})
    if (lower(text).starts_with(home)) text.replace(0, home.size(), sink.home());
  const bool drive =
      text.size() > 1 && text[1] == ':' && std::isalpha(static_cast<unsigned char>(text[0])) != 0;
  if (drive) text = "/mnt/" + lower(text.substr(0, 1)) + text.substr(2);
  const std::string small = lower(text);
  constexpr std::string_view kUsers = "/mnt/c/users/";
  if (small.starts_with(kUsers)) text = "/home/" + text.substr(kUsers.size());
  if (small.starts_with("/mnt/c/windows")) text = "/usr" + text.substr(14);
  if (text.ends_with("/*.*")) text.resize(text.size() - 2);
  Value out;
  out.append_literal(text, text.find('*') != std::string::npos);
  return out;
}

bool has_switch(const std::vector<std::string>& words, std::string_view letter) {
  return std::any_of(words.begin() + 1, words.end(),
                     [&](const std::string& w) { return lower(w) == letter; });
}

void judge_words(const std::vector<std::string>& words, resolve::Place place, Sink& sink) {
  static constexpr std::string_view kDeletes[] = {"rd", "rmdir", "del", "erase"};
  const std::string verb = lower(words.front());
  if (verb == "format" && words.size() > 1 && words[1].ends_with(':'))
    sink.add(Kind::writes_device, "disk.mkfs", place).target.text = words[1];
  if (verb == "diskpart" || (verb == "vssadmin" && words.size() > 1 && lower(words[1]) == "delete"))
    sink.add(Kind::writes_device, "disk.partition", place);
  if (verb == "shutdown") sink.add(Kind::stops_service, "sys.power", place);
  if (!among(kDeletes, verb)) return;
  for (size_t i = 1; i < words.size(); ++i) {
    if (words[i].starts_with('/')) continue;
    Effect& e = delete_effect(sink, "fs.delete", {path_of(words[i], sink), place, nullptr});
    e.recursive = has_switch(words, "/s");
    e.force = has_switch(words, "/q") || has_switch(words, "/f");
  }
}

/// Words between blanks; a blank in double quotes is none.
std::vector<std::string> split(std::string_view line) {
  std::vector<std::string> out;
  bool inside = false, open = false;
  for (const char c : line) {
    if (c == '"') inside = !inside;
    const bool blank = !inside && (c == ' ' || c == '\t');
    if (!blank && !open) out.emplace_back();
    open = !blank;
    if (!blank) out.back() += c;
  }
  return out;
}

}  // namespace

void windows_cmd(const Call& call, Sink& sink) {
  std::string line;
  bool code = false;
  for (size_t i = 1; i < call.argv().size(); ++i) {
    const std::string word = call.argv()[i].value.with_holes_empty();
    if (code) line += word + ' ';
    const std::string option = lower(word);
    code = code || option == "/c" || option == "/k" || option == "//c";  // MSYS turns /c into a path
  }
  for (size_t at = 0; at < line.size();) {
    const size_t end = std::min(line.find('&', at), line.size());
    if (const auto words = split(std::string_view(line).substr(at, end - at)); !words.empty())
      judge_words(words, call.invocation().place, sink);
    at = end + 1;
  }
}

}  // namespace cmdai::commands
