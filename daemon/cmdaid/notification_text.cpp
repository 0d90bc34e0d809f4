#include "daemon/cmdaid/notification_text.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "daemon/host/agents.hpp"
#include "libcore/audit/event.hpp"
#include "libcore/explain/explain.hpp"

namespace cmdai::daemon {
namespace {

constexpr size_t kLongestCommand = 300;  ///< bytes; a server cuts what is much longer
constexpr size_t kLongestPlace = 200;
constexpr size_t kLongestReason = 200;
constexpr size_t kLongestName = 40;

struct Shown {
  std::string text;
  bool whole = true;
};

bool continues_character(char c) { return (static_cast<unsigned char>(c) & 0xc0U) == 0x80U; }

/// Safe for a line, and cut between characters.
Shown shown(const std::string& bytes, size_t longest) {
  Shown out{explain::printable(bytes)};
  if (out.text.size() <= longest) return out;
  size_t end = longest;
  while (end > 0 && continues_character(out.text[end])) --end;
  out.text.resize(end);
  out.text += "…";
  out.whole = false;
  return out;
}

/// Its beginning alone would say too little, and a secret that is cut is not known for one.
Shown unseen(size_t bytes) { return {fmt::format("a command of {} bytes", bytes), false}; }

/// The same as the record has it: without secrets.
Shown shown_without_secrets(const std::string& bytes, size_t longest) {
  std::vector<audit::Redaction> hidden;
  Shown out = shown(audit::redact(bytes, &hidden), longest);
  out.whole = out.whole && hidden.empty();
  return out;
}

std::string markup(const std::string& text) {
  std::string out;
  for (const char c : text) {
    if (c == '&')
      out += "&amp;";
    else if (c == '<')
      out += "&lt;";
    else if (c == '>')
      out += "&gt;";
    else
      out += c;
  }
  return out;
}

std::string without_nul(std::string text) {
  std::erase(text, '\0');  // between the words of `write PATH …`; in no command
  return text;
}

std::string agent_title(const std::string& actor) {
  const std::string name = actor.substr(actor.find(':') + 1);
  const host::Agent* known = host::find_agent(name);
  return known != nullptr ? std::string(known->title) : shown(name, kLongestName).text;
}

}  // namespace

NotificationText text_of(const WaitingStop& stop, bool here) {
  const Shown command = stop.unseen != 0 ? unseen(stop.unseen)
                                         : shown_without_secrets(without_nul(stop.command), kLongestCommand);
  const Shown place = shown_without_secrets(stop.cwd, kLongestPlace);
  NotificationText out;
  out.whole = command.whole && place.whole;
  out.title = fmt::format("{} was stopped", agent_title(stop.actor));
  out.body = fmt::format("{}\n", markup(command.text));
  if (!stop.reason.empty())
    out.body += fmt::format("why: {}\n", markup(shown_without_secrets(stop.reason, kLongestReason).text));
  out.body += fmt::format("in: {}\n", stop.cwd.empty() ? "an unknown folder" : markup(place.text));
  out.body += here && out.whole ? fmt::format("code: {}", stop.code)
                                : fmt::format("to run it once, in a terminal: cmdai allow {}", stop.code);
  return out;
}

NotificationText text_of_many(size_t count) {
  return {fmt::format("{} more command{} of agents {} stopped", count, count == 1 ? "" : "s",
                      count == 1 ? "was" : "were"),
          "to see them, in a terminal: cmdai allow"};
}

NotificationText text_of_refusal(const std::string& code, const std::string& why) {
  return {"This was not allowed",
          fmt::format("{}\nin a terminal: cmdai allow {}", markup(shown(why, kLongestReason).text), code)};
}

std::string as_argument(const std::string& body) {
  std::string out;
  for (const char c : body) {
    if (c == '\\') out += '\\';
    out += c;
  }
  return out;
}

}  // namespace cmdai::daemon
