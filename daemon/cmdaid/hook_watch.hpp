#pragma once
// Watches over what `cmdai agents install` wrote: an agent whose hook is gone runs commands that nobody looks
// at.
#include <array>
#include <boost/asio/io_context.hpp>
#include <boost/asio/posix/stream_descriptor.hpp>
#include <boost/asio/steady_timer.hpp>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "daemon/host/hook_record.hpp"
#include "shell-hooks/agents/settings/hook_file.hpp"

namespace cmdai::daemon {

/// One file of the list, as it is now.
struct HookSeen {
  host::HookRecord record;
  agents::Look look;
  /// For people and the record: "the hook of codex in PATH is gone".
  std::string sentence() const;
};
/// Reads the lists and looks at each file that should hold a hook. A list that cannot be read counts as
/// empty.
std::vector<HookSeen> look_at_hooks(const std::vector<std::string>& lists);

/// Lives on the reactor's thread. Where there is no inotify it looks once, at the start.
class HookWatch {
 public:
  /// `lists`: hook records, see daemon/host/hook_record.hpp. `on_loss` is called once for each hook that is
  /// not live any more, and for those that are not when the daemon starts; `on_change` after each look.
  HookWatch(boost::asio::io_context& io, std::vector<std::string> lists,
            std::function<void(const HookSeen&)> on_loss,
            std::function<void(const std::vector<HookSeen>&)> on_change);
  void start();
  void stop();

 private:
  void watch(const std::vector<HookSeen>& hooks);
  void read();
  void look_soon();
  void look();

  boost::asio::io_context& io_;
  std::vector<std::string> lists_;
  std::function<void(const HookSeen&)> on_loss_;
  std::function<void(const std::vector<HookSeen>&)> on_change_;
  boost::asio::steady_timer timer_;
  std::unique_ptr<boost::asio::posix::stream_descriptor> watch_;
  std::array<char, 4096> buffer_{};
  std::map<std::string, agents::State> known_;  ///< by path
  bool pending_ = false;
  bool stopped_ = false;
};

}  // namespace cmdai::daemon
