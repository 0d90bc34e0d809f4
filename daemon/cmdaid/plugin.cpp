#include "daemon/cmdaid/plugin.hpp"

#include <fmt/format.h>
#include <sodium.h>
#include <unistd.h>

#include <algorithm>
#include <charconv>
#include <utility>

#include "daemon/cmdaid/log.hpp"
#include "daemon/host/files.hpp"
#include "daemon/host/processes.hpp"
#include "libcore/base/text.hpp"

namespace cmdai::daemon {

using ipc::Frame;

namespace {

constexpr std::chrono::milliseconds kFirstPause{200};
constexpr std::chrono::milliseconds kLongestPause{60'000};
constexpr std::chrono::seconds kLongRun{60};  ///< then an end is no sequel of the one before
constexpr std::chrono::seconds kLookEach{2};
constexpr std::chrono::seconds kSameComplaint{60};  ///< before it is said again
constexpr std::chrono::seconds kLongestOpening{20};

/// Twice as long each time, a quarter more or less, so that many do not come at once.
std::chrono::milliseconds pause_before(int tries) {
  const auto pause = std::min(kFirstPause * (1 << std::min(tries, 12)), kLongestPause);
  const auto quarter = static_cast<uint32_t>(pause.count() / 4);
  return pause - std::chrono::milliseconds(quarter) +
         std::chrono::milliseconds(randombytes_uniform(2 * quarter + 1));
}

std::string trimmed_file(const std::string& path) {
  std::string text = host::read_file(path, 4096).value_or("");
  while (!text.empty() && text.back() == '\n') text.pop_back();
  return text;
}

std::string host_name() {
  char name[256] = {};
  gethostname(name, sizeof name - 1);
  return name;
}

}  // namespace

Plugin::Plugin(Context& context, host::PluginEntry entry, bool own)
    : context_(context),
      entry_(std::move(entry)),
      own_(own),
      retry_timer_(context.io),
      look_timer_(context.io) {}

Plugin::~Plugin() {
  if (link_ != nullptr) link_->forget();
}

void Plugin::start() {
  begin();
  look();
}

/// Looks at the file's owner anew each time: it may have changed since.
void Plugin::begin() {
  begun_ = Clock::now();
  if (const auto fine = host::check_plugin_file(entry_.path, own_); !fine)
    return retry(fine.error().render(), false);
  const std::string state = context_.paths.state + "/plugins/" + entry_.name;
  if (const auto made = host::make_directories(state); !made) return retry(made.error().render(), false);
  PluginLink::Hooks hooks;
  hooks.on_frame = [this](const Frame& frame) { on_frame(frame); };
  hooks.on_end = [this](const std::string& how) { on_end(how); };
  auto link = PluginLink::start(context_.io, entry_.name, entry_.path, std::move(hooks));
  if (!link) return retry(link.error().render(), false);
  link_ = std::move(*link);
  ++starts_;
  link_->send(open_frame());
}

Frame Plugin::open_frame() const {
  Frame out("open");
  out.add("name", entry_.name).add("state-dir", context_.paths.state + "/plugins/" + entry_.name);
  out.add("settings", entry_.settings).add("daemon", CMDAI_VERSION);
  out.add("daemon-path", host::process_program(getpid()));
  out.add("boot-id", trimmed_file("/proc/sys/kernel/random/boot_id"));
  out.add("user", context_.paths.user).add("home", context_.paths.home).add("host-name", host_name());
  out.add("event-log", context_.log.path()).add("last-event", std::to_string(context_.log.head().seq));
  out.add("own-file", own_ ? "1" : "0");
  return out;
}

void Plugin::stop(bool recorded) {
  stopping_ = true;
  settled_ = true;
  retry_timer_.cancel();
  look_timer_.cancel();
  feed();
  if (recorded)
    context_.record("plugin.closed", "plugin." + entry_.name, fmt::format("{} is closed", entry_.name));
  if (link_ != nullptr) link_->close(kClosing);
}

void Plugin::configure(host::PluginEntry entry, bool own) {
  const bool other_file = entry.path != entry_.path || own != own_;
  const bool told_anew = entry.settings != entry_.settings;
  entry_ = std::move(entry);
  own_ = own;
  if (link_ == nullptr) {
    retry_timer_.cancel();
    tries_ = 0;
    return begin();
  }
  if (other_file) {
    again_ = true;
    return link_->close(kClosing);
  }
  if (told_anew && up_) link_->send(Frame("reload").add("settings", entry_.settings));
}

void Plugin::on_end(const std::string& how) {
  const bool was_up = std::exchange(up_, false);
  link_.reset();
  reader_.reset();
  in_flight_.clear();
  told_posture_.clear();
  deaf_ = false;
  misses_ = 0;
  if (stopping_) return;
  if (std::exchange(again_, false)) {
    tries_ = 0;
    return begin();
  }
  if (Clock::now() - begun_ > kLongRun) tries_ = 0;
  const std::string said = std::exchange(last_words_, {});
  retry(said.empty() ? "its process " + how : said, was_up);
}

/// The same again and again is said in the log alone.
void Plugin::retry(const std::string& why, bool was_up) {
  settled_ = true;
  const auto pause = pause_before(tries_++);
  const std::string text = fmt::format("{} does not run: {}; it is started again in {:.1f} s", entry_.name,
                                       why, static_cast<double>(pause.count()) / 1000);
  log_error("plugin " + text);
  if (was_up || why != problem_ || Clock::now() - complained_ > kSameComplaint) {
    context_.record("plugin.failed", "plugin." + entry_.name,
                    fmt::format("{} does not run: {}", entry_.name, why));
    complained_ = Clock::now();
  }
  problem_ = why;
  retry_timer_.expires_after(pause);
  retry_timer_.async_wait([this](boost::system::error_code error) {
    if (!error && !stopping_ && link_ == nullptr) begin();
  });
}

/// True: as an event, too; the same within a minute is said in the log alone.
bool Plugin::complain(const std::string& text) {
  log_warning(fmt::format("plugin {}: {}", entry_.name, text));
  if (text == complaint_ && Clock::now() - complained_ < kSameComplaint) return false;
  complaint_ = text;
  complained_ = Clock::now();
  context_.record("plugin.failed", "plugin." + entry_.name, fmt::format("{}: {}", entry_.name, text));
  return true;
}

/// Every two seconds: its health, and whether it still answers.
void Plugin::look() {
  look_timer_.expires_after(kLookEach);
  look_timer_.async_wait([this](boost::system::error_code error) {
    if (error || stopping_) return;
    look();
    if (link_ == nullptr) return;
    const auto silent = Clock::now() - link_->last_heard();
    const auto longest = up_ ? entry_.hang : std::max(entry_.hang, kLongestOpening);
    if (silent > longest)
      return link_->kill(fmt::format("gave no answer for {} s and was ended", longest.count()));
    if (up_) link_->send(Frame("health"));
    feed();
  });
}

}  // namespace cmdai::daemon
