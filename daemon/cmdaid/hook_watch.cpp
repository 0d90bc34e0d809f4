#include "daemon/cmdaid/hook_watch.hpp"

#include <fmt/format.h>
#include <sys/stat.h>
#ifdef __linux__
#include <sys/inotify.h>
#endif

#include <boost/asio/buffer.hpp>
#include <cstdlib>
#include <set>

#include "daemon/cmdaid/log.hpp"
#include "daemon/host/files.hpp"
#include "daemon/ipc/socket_path.hpp"

namespace cmdai::daemon {

using boost::system::error_code;
namespace asio = boost::asio;

namespace {

/// Writers take several steps; one look when they are through.
constexpr auto kSettle = std::chrono::milliseconds(200);

std::string nearest_directory(std::string path) {
  struct stat info {};
  while (path.size() > 1 && stat(path.c_str(), &info) != 0) path = ipc::directory_of(path);
  return path;
}

/// Settings are often links: what they lead to counts, and the link itself may be turned elsewhere.
std::set<std::string> places_of(const std::string& path) {
  std::set<std::string> out{nearest_directory(ipc::directory_of(path))};
  if (char* real = realpath(path.c_str(), nullptr); real != nullptr) {
    out.insert(ipc::directory_of(real));
    std::free(real);
  }
  return out;
}

std::optional<HookSeen> look_at(const host::HookRecord& record) {
  const auto file = agents::hook_file(record.agent, record.level, record.form, record.path);
  if (!file || file->form == agents::Form::copilot_sandbox || file->form == agents::Form::opencode_config)
    return std::nullopt;
  HookSeen out{record, {}};
  if (host::missing(record.path)) return out;
  const auto text = host::read_file(record.path);
  out.look = text ? agents::look(*file, *text, {}, host::exists)
                  : agents::Look{agents::State::broken, {}, text.error().message};
  return out;
}

}  // namespace

std::string HookSeen::sentence() const {
  switch (look.state) {
    case agents::State::live: return fmt::format("the hook of {} in {} is there", record.agent, record.path);
    case agents::State::none: return fmt::format("the hook of {} in {} is gone", record.agent, record.path);
    default: break;
  }
  return fmt::format("the hook of {} in {} does not count any more: {}{}{}", record.agent, record.path,
                     agents::to_string(look.state), look.why.empty() ? "" : ", ",
                     look.why.substr(0, look.why.find('\n')));
}

std::vector<HookSeen> look_at_hooks(const std::vector<std::string>& lists) {
  std::vector<HookSeen> out;
  for (const std::string& list : lists) {
    const auto records = host::read_hook_record(list);
    if (!records) {
      log_warning(records.error().render());
      continue;
    }
    for (const host::HookRecord& record : *records)
      if (auto seen = look_at(record)) out.push_back(std::move(*seen));
  }
  return out;
}

HookWatch::HookWatch(asio::io_context& io, std::vector<std::string> lists,
                     std::function<void(const HookSeen&)> on_loss,
                     std::function<void(const std::vector<HookSeen>&)> on_change)
    : io_(io),
      lists_(std::move(lists)),
      on_loss_(std::move(on_loss)),
      on_change_(std::move(on_change)),
      timer_(io) {}

void HookWatch::start() { look(); }

void HookWatch::stop() {
  stopped_ = true;
  timer_.cancel();
  error_code ignored;
  if (watch_ != nullptr) watch_->close(ignored);
}

void HookWatch::watch(const std::vector<HookSeen>& hooks) {
#ifdef __linux__
  error_code ignored;
  if (watch_ != nullptr) watch_->close(ignored);
  const int fd = inotify_init1(IN_NONBLOCK | IN_CLOEXEC);
  if (fd < 0) return log_warning("no file watch: agents' hooks are looked at when the daemon starts only");
  std::set<std::string> places;
  for (const std::string& list : lists_) places.insert(nearest_directory(ipc::directory_of(list)));
  for (const HookSeen& hook : hooks) places.merge(places_of(hook.record.path));
  constexpr uint32_t kEvents = IN_CLOSE_WRITE | IN_MOVED_TO | IN_MOVED_FROM | IN_CREATE | IN_DELETE |
                               IN_DELETE_SELF | IN_MOVE_SELF | IN_ATTRIB | IN_ONLYDIR;
  for (const std::string& place : places) inotify_add_watch(fd, place.c_str(), kEvents);
  watch_ = std::make_unique<asio::posix::stream_descriptor>(io_, fd);
  read();
#else
  (void)hooks;
#endif
}

void HookWatch::read() {
  watch_->async_read_some(asio::buffer(buffer_), [this](error_code error, size_t) {
    if (error || stopped_) return;
    look_soon();
    read();
  });
}

void HookWatch::look_soon() {
  if (pending_) return;
  pending_ = true;
  timer_.expires_after(kSettle);
  timer_.async_wait([this](error_code error) {
    pending_ = false;
    if (!error && !stopped_) look();
  });
}

void HookWatch::look() {
  watch(look_at_hooks(lists_));  // first: what changes from here on is seen
  const std::vector<HookSeen> hooks = look_at_hooks(lists_);
  std::map<std::string, agents::State> now;
  for (const HookSeen& hook : hooks) {
    const auto before = known_.find(hook.record.path);
    const bool lost = hook.look.state != agents::State::live;
    if (lost && (before == known_.end() || before->second != hook.look.state)) on_loss_(hook);
    now[hook.record.path] = hook.look.state;
  }
  known_ = std::move(now);
  on_change_(hooks);
}

}  // namespace cmdai::daemon
