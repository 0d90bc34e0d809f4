#include "daemon/cmdaid/notifier.hpp"

#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <boost/asio/post.hpp>
#include <charconv>
#include <utility>

#include "daemon/cmdaid/log.hpp"
#include "libcore/base/text.hpp"
#include "libcore/policy/words.hpp"

namespace cmdai::daemon {

using boost::system::error_code;
using policy::Notify;
namespace asio = boost::asio;
using Clock = std::chrono::steady_clock;

namespace {

constexpr size_t kMostRefused = 256;
constexpr int64_t kRefusedFor = 600;  ///< seconds
constexpr const char* kNobody = "nobody shows notifications on the session bus";

/// What a person has refused: the same from the same agent has another code the next time.
std::string key_of(const WaitingStop& stop) {
  return fmt::format("{}\n{}\n{}", stop.actor, stop.cwd, stop.command);
}

/// The process in what `dbus-send --print-reply=literal` prints: `   uint32 1234`.
pid_t process_in(const std::string& output) {
  const size_t at = output.find("uint32 ");
  pid_t out = 0;
  if (at != std::string::npos) std::from_chars(output.data() + at + 7, output.data() + output.size(), out);
  return out;
}

}  // namespace

Notifier::Notifier(asio::io_context& io, Hooks hooks, DesktopPrograms programs)
    : io_(io),
      hooks_(std::move(hooks)),
      programs_(std::move(programs)),
      trust_(hooks_.now()),
      fold_timer_(io) {}

Notifier::Entry* Notifier::find(const std::string& code) {
  const auto it = entries_.find(code);
  return it == entries_.end() ? nullptr : it->second.get();
}

/// Why nothing can be shown; empty: something can.
std::string Notifier::obstacle() const {
  if (session_bus().empty()) return "there is no session bus";
  if (access(programs_.notify_send.c_str(), X_OK) != 0)
    return fmt::format("{} is not there (Debian: libnotify-bin)", programs_.notify_send);
  return {};
}

void Notifier::complain(const std::string& problem) {
  if (problem == problem_) return;
  problem_ = problem;
  if (!problem.empty()) log_debug("no desktop notification: " + problem);
}

void Notifier::waits(WaitingStop stop) {
  if (stopped_ || hooks_.mode() == Notify::off) return;
  if (stop.command.size() > kLongest) {
    stop.unseen = stop.command.size();
    stop.command.clear();
  }
  asio::post(io_, [this, stop = std::move(stop)]() mutable { begin(std::move(stop)); });
}

void Notifier::begin(WaitingStop stop) {
  if (stopped_) return;
  if (std::string problem = obstacle(); !problem.empty()) return complain(problem);
  if (Entry* known = find(stop.code)) {
    known->stop.expires = stop.expires;
    return restart_expiry(*known);
  }
  const int64_t now = hooks_.now();
  std::erase_if(refused_, [now](const auto& r) { return r.second <= now; });
  if (refused_.contains(key_of(stop)) || entries_.size() >= kMostKnown) return;
  const std::string code = stop.code;
  auto entry = std::make_unique<Entry>(io_);
  entry->agent_since = trust_.agent_since(stop.agent, now);
  entry->stop = std::move(stop);
  entry->open = may_open();
  entry->folded = !entry->open;
  const bool is_open = entry->open;
  restart_expiry(*entry);
  entries_.emplace(code, std::move(entry));
  if (is_open)
    open(code);
  else
    fold_soon();
}

/// A few at once, and not one after the other for ever: who is asked all the time says yes at last.
bool Notifier::may_open() {
  const auto now = Clock::now();
  while (!begun_.empty() && begun_.front() + std::chrono::minutes(1) <= now) begun_.pop_front();
  const auto open = static_cast<size_t>(
      std::count_if(entries_.begin(), entries_.end(), [](const auto& e) { return e.second->open; }));
  if (open >= kMostOpen || begun_.size() >= kMostAMinute) return false;
  begun_.push_back(now);
  return true;
}

void Notifier::restart_expiry(Entry& entry) {
  entry.expiry.expires_after(std::chrono::seconds(std::max<int64_t>(0, entry.stop.expires - hooks_.now())));
  entry.expiry.async_wait([this, code = entry.stop.code](error_code error) {
    if (!error) end(code);
  });
}

void Notifier::gone(const std::string& code) {
  if (!stopped_) asio::post(io_, [this, code] { end(code); });  // after the waits() before it
}

void Notifier::end(const std::string& code) {
  const auto it = entries_.find(code);
  if (it == entries_.end()) return;
  const std::unique_ptr<Entry> entry = std::move(it->second);
  entries_.erase(it);
  entry->expiry.cancel();
  if (entry->child) entry->child->interrupt_when_heard();
  if (entry->folded) fold_soon();
}

/// Whether anybody shows notifications; starts whoever does it when asked. notify-send(1) would not notice
/// and wait. nullptr: it cannot be asked.
Notifier::Child Notifier::greet(std::function<void(bool)> then) {
  if (access(programs_.dbus_send.c_str(), X_OK) != 0) return nullptr;
  return run(
      {programs_.dbus_send, "--session", "--print-reply=literal", "--dest=org.freedesktop.Notifications",
       "/org/freedesktop/Notifications", "org.freedesktop.Notifications.GetServerInformation"},
      kAsking, [then = std::move(then)](const ChildProgram::Ended& ended) { then(ended.status == 0); });
}

void Notifier::open(const std::string& code) {
  Entry* entry = find(code);
  entry->child = greet([this, code](bool there) {
    Entry* greeted = find(code);
    if (greeted == nullptr) return;
    greeted->child = nullptr;
    greeted->open = there;
    if (!there) return complain(kNobody);
    decide(code);
  });
  if (!entry->child) decide(code);
}

/// Buttons or not.
void Notifier::decide(const std::string& code) {
  if (hooks_.mode() != Notify::ask) return show(code, false);
  ask_for_server(code, [this, code](pid_t server) {
    Entry* entry = find(code);
    if (entry == nullptr) return;
    const std::optional<std::string> doubt = doubt_of(*entry, server);
    only_tells_ = doubt.value_or("");
    show(code, !doubt);
  });
}

/// The process that shows notifications; 0: nobody knows.
void Notifier::ask_for_server(const std::string& code, std::function<void(pid_t)> then) {
  Entry* entry = find(code);
  if (entry == nullptr) return;
  entry->child =
      run({programs_.dbus_send, "--session", "--print-reply=literal", "--dest=org.freedesktop.DBus",
           "/org/freedesktop/DBus", "org.freedesktop.DBus.GetConnectionUnixProcessID",
           "string:org.freedesktop.Notifications"},
          kAsking, [this, code, then](const ChildProgram::Ended& ended) {
            if (Entry* waiting = find(code)) waiting->child = nullptr;
            then(ended.status == 0 ? process_in(ended.output) : 0);
          });
  if (!entry->child) asio::post(io_, [then = std::move(then)] { then(0); });
}

/// Why a choice would not be taken for the person's.
std::optional<std::string> Notifier::doubt_of(const Entry& entry, pid_t server) {
  const int64_t now = hooks_.now();
  if (auto why = trust_.doubt_surroundings(programs_, session_bus(), entry.agent_since, now)) return why;
  if (server == 0) return "nobody has shown a notification yet, or the session bus does not say who does";
  return trust_.doubt("the notification server", server, entry.agent_since, now);
}

std::vector<std::string> Notifier::words_for(const NotificationText& text,
                                             std::chrono::milliseconds longest) const {
  return {programs_.notify_send,
          "--app-name=cmdai",
          "--urgency=normal",
          "--wait",
          "--print-id",
          fmt::format("--expire-time={}", longest.count()),
          "--",
          text.title,
          as_argument(text.body)};
}

void Notifier::show(const std::string& code, bool buttons) {
  Entry* entry = find(code);
  if (entry == nullptr || stopped_) return;
  const NotificationText text = text_of(entry->stop, buttons);
  if (!text.whole) buttons = false;  // nobody allows what they have not seen
  const std::chrono::seconds left(std::max<int64_t>(1, entry->stop.expires - hooks_.now()));
  const std::chrono::milliseconds longest = buttons ? left : std::min(left, kTelling);
  std::vector<std::string> words = words_for(text, longest);
  if (buttons) words.insert(words.begin() + 1, {"--action=allow=Allow once", "--action=refuse=Refuse"});
  entry->child = notify(words, longest + kAsking, [this, code](const ChildProgram::Ended& ended) {
    Entry* shown = find(code);
    if (shown == nullptr) return;
    shown->child = nullptr;
    shown->open = false;  // it is not shown again while the code lives
    complain(ended.status > 0 ? fmt::format("notify-send ended with status {}", ended.status) : "");
    chosen(code, ended.output);
  });
  if (!entry->child) entry->open = false;
}

Notifier::Child Notifier::notify(const std::vector<std::string>& words, std::chrono::milliseconds longest,
                                 Output on_end) {
  return run(words, longest, [this, on_end = std::move(on_end)](const ChildProgram::Ended& ended) {
    close_left_open(ended);
    if (on_end) on_end(ended);
  });
}

/// notify-send closes what it shows when it is interrupted, but not in the moment before it listens for that.
void Notifier::close_left_open(const ChildProgram::Ended& ended) {
  const std::string number = ended.output.substr(0, ended.output.find('\n'));
  if (ended.status >= 0 || number.empty() || number.find_first_not_of("0123456789") != std::string::npos)
    return;
  run({programs_.dbus_send, "--session", "--dest=org.freedesktop.Notifications",
       "/org/freedesktop/Notifications", "org.freedesktop.Notifications.CloseNotification",
       "uint32:" + number},
      kAsking, {});
}

/// What notify-send prints: the notification's number, then which button was pressed.
void Notifier::chosen(const std::string& code, const std::string& output) {
  const std::vector<std::string> said = words_in(output, "\n");
  const std::string word = said.size() > 1 ? said[1] : std::string();
  if (word != "allow" && word != "refuse") return;
  ask_for_server(code, [this, code, word](pid_t server) { take_choice(code, word == "allow", server); });
}

/// What was true when it was shown need not be true any more.
void Notifier::take_choice(const std::string& code, bool allow, pid_t server) {
  Entry* entry = find(code);
  if (entry == nullptr || stopped_) return;
  std::optional<std::string> doubt = doubt_of(*entry, server);
  if (hooks_.mode() != Notify::ask) doubt = "`notify` is not `ask`";
  if (!allow && !doubt) refused_[key_of(entry->stop)] = hooks_.now() + kRefusedFor;
  if (refused_.size() > kMostRefused) refused_.erase(refused_.begin());
  const std::string why = hooks_.on_choice({code, allow, server, doubt.value_or("")});
  if (!why.empty() && allow) tell_refusal(code, why);
}

void Notifier::tell_refusal(const std::string& code, const std::string& why) {
  log_warning("a choice on the desktop was not taken: " + why);
  if (word_) word_->interrupt_when_heard();
  word_ = notify(words_for(text_of_refusal(code, why), kTelling), kTelling + kAsking, {});
}

Notifier::Child Notifier::run(const std::vector<std::string>& words, std::chrono::milliseconds longest,
                              Output on_end) {
  auto started = ChildProgram::start(io_, words, desktop_environment(session_bus()), longest,
                                     [this, on_end = std::move(on_end)](const ChildProgram::Ended& ended) {
                                       if (on_end && !stopped_) on_end(ended);
                                     });
  if (started) return std::move(*started);
  complain(started.error().message);
  return nullptr;
}

size_t Notifier::folded() const {
  return static_cast<size_t>(
      std::count_if(entries_.begin(), entries_.end(), [](const auto& e) { return e.second->folded; }));
}

/// A number that changes all the time is told now and then.
void Notifier::fold_soon() {
  if (stopped_ || std::exchange(fold_waits_, true)) return;
  fold_timer_.expires_after(kFoldEach);
  fold_timer_.async_wait([this](error_code error) {
    fold_waits_ = false;
    if (!error) show_fold();
  });
}

void Notifier::show_fold() {
  const size_t count = folded();
  if (count == fold_shown_ || stopped_) return;
  fold_shown_ = count;
  if (fold_) fold_->interrupt_when_heard();
  fold_ = nullptr;
  if (count == 0) return;
  const auto show = [this, count] {
    fold_ = notify(words_for(text_of_many(count), kTelling), kTelling + kAsking, {});
  };
  fold_ = greet([this, count, show](bool there) {
    if (there && count == fold_shown_) show();
  });
  if (!fold_) show();
}

void Notifier::status(ipc::Frame& out) {
  const Notify mode = hooks_.mode();
  out.add("notify", policy::words::kNotify[static_cast<size_t>(mode)]);
  if (mode == Notify::off) return;
  const std::string now = obstacle();
  out.add_if("notify_problem", now.empty() ? problem_ : now);
  if (mode == Notify::ask) out.add_if("notify_without_buttons", only_tells_);
}

void Notifier::stop() {
  stopped_ = true;
  fold_timer_.cancel();
  for (auto& [code, entry] : entries_) {
    entry->expiry.cancel();
    if (entry->child) entry->child->abandon();
  }
  entries_.clear();
  for (const Child& child : {fold_, word_})
    if (child) child->abandon();
  fold_ = word_ = nullptr;
}

}  // namespace cmdai::daemon
