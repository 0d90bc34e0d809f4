#pragma once
// Desktop notifications of what an agent was denied and a person may allow once, by notify-send(1).
//
// What: a notification a code, a few at once, then one that says how many more there are. It goes when the
// code is used or too old. With `ask` it has buttons, where nothing speaks of an agent's hand in it
// (DesktopTrust); that is looked at before it is shown, and once more before a choice counts.
// Threads: the reactor's. waits() and gone() return at once; programs are started from the reactor later, so
// no answer waits for them.
// Errors: where there is no session bus or no notify-send nothing happens, and status() says why. What fails
// is told once in the daemon's log.
#include <boost/asio/io_context.hpp>
#include <boost/asio/steady_timer.hpp>
#include <chrono>
#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>

#include "daemon/cmdaid/child_program.hpp"
#include "daemon/cmdaid/desktop.hpp"
#include "daemon/cmdaid/notification_text.hpp"
#include "daemon/cmdaid/notifier_port.hpp"
#include "libcore/policy/policy.hpp"

namespace cmdai::daemon {

class Notifier final : public NotifierPort {
 public:
  struct Hooks {
    std::function<policy::Notify()> mode;
    std::function<int64_t()> now;  ///< Unix seconds
    /// A button. Returns why it came to nothing; empty: it is done.
    std::function<std::string(const DesktopChoice&)> on_choice;
  };
  static constexpr size_t kMostOpen = 3;                 ///< notifications of one code each
  static constexpr size_t kMostAMinute = 6;              ///< of them, that begin
  static constexpr size_t kMostKnown = 256;              ///< codes
  static constexpr size_t kLongest = size_t{16} << 10U;  ///< bytes of a command that is looked at
  static constexpr std::chrono::seconds kTelling{60};    ///< one without buttons is shown so long
  static constexpr std::chrono::seconds kAsking{5};      ///< for dbus-send to get its answer
  static constexpr std::chrono::milliseconds kFoldEach{1000};

  Notifier(boost::asio::io_context& io, Hooks hooks, DesktopPrograms programs = {});
  ~Notifier() override = default;
  Notifier(const Notifier&) = delete;
  Notifier& operator=(const Notifier&) = delete;

  void waits(WaitingStop stop) override;
  void gone(const std::string& code) override;
  void status(ipc::Frame& out) override;
  /// The daemon ends: what is shown goes.
  void stop();

 private:
  using Child = std::shared_ptr<ChildProgram>;
  struct Entry {
    explicit Entry(boost::asio::io_context& io) : expiry(io) {}
    WaitingStop stop;
    uint64_t agent_since = 0;
    bool open = false;    ///< it has a notification of its own, or is about to
    bool folded = false;  ///< it is counted in the one for many
    Child child;
    boost::asio::steady_timer expiry;
  };
  using Output = std::function<void(const ChildProgram::Ended&)>;

  void begin(WaitingStop stop);
  bool may_open();
  void restart_expiry(Entry& entry);
  void end(const std::string& code);
  Child greet(std::function<void(bool)> then);
  void open(const std::string& code);
  void decide(const std::string& code);
  void ask_for_server(const std::string& code, std::function<void(pid_t)> then);
  void show(const std::string& code, bool buttons);
  void chosen(const std::string& code, const std::string& output);
  Child notify(const std::vector<std::string>& words, std::chrono::milliseconds longest, Output on_end);
  void close_left_open(const ChildProgram::Ended& ended);
  void take_choice(const std::string& code, bool allow, pid_t server);
  void tell_refusal(const std::string& code, const std::string& why);
  std::optional<std::string> doubt_of(const Entry& entry, pid_t server);
  Child run(const std::vector<std::string>& words, std::chrono::milliseconds longest, Output on_end);
  std::vector<std::string> words_for(const NotificationText& text, std::chrono::milliseconds longest) const;
  void fold_soon();
  void show_fold();
  size_t folded() const;
  std::string obstacle() const;
  void complain(const std::string& problem);
  Entry* find(const std::string& code);

  boost::asio::io_context& io_;
  Hooks hooks_;
  DesktopPrograms programs_;
  DesktopTrust trust_;
  std::map<std::string, std::unique_ptr<Entry>> entries_;  ///< by code
  std::deque<std::chrono::steady_clock::time_point> begun_;
  std::map<std::string, int64_t> refused_;  ///< what a person has refused, until when it is not shown again
  Child fold_, word_;
  size_t fold_shown_ = 0;
  boost::asio::steady_timer fold_timer_;
  bool fold_waits_ = false, stopped_ = false;
  std::string problem_;     ///< the last notification could not be shown
  std::string only_tells_;  ///< why the last one had no buttons
};

}  // namespace cmdai::daemon
