#pragma once
// One plugin that is open: frames in, its functions called, frames out. Whatever it gives back is looked at
// here.
#include <cstdint>
#include <memory>
#include <optional>
#include <string>

#include "daemon/ipc/frame.hpp"
#include "daemon/runner/host_texts.hpp"
#include "daemon/runner/outbox.hpp"
#include "libcore/base/result.hpp"
#include "libcore/plugin/cmdai_plugin.h"

namespace cmdai::runner {

class Plugin {
 public:
  /// Calls open(). Fails with what the plugin says.
  static Result<std::unique_ptr<Plugin>> open(const cmdai_plugin_table& table, const ipc::Frame& open,
                                              Outbox& outbox);
  ~Plugin();  ///< calls close()
  Plugin(const Plugin&) = delete;
  Plugin& operator=(const Plugin&) = delete;

  ipc::Frame opened() const;
  ipc::Frame reload(const ipc::Frame& frame);
  ipc::Frame decide(const ipc::Frame& frame);
  ipc::Frame approve(const ipc::Frame& frame);
  ipc::Frame health();
  /// nullopt: it has no such function.
  std::optional<ipc::Frame> policy();
  std::optional<ipc::Frame> gate();
  /// The highest seq that is durable; nullopt: not known.
  std::optional<uint64_t> recorded();
  /// Empty: it was taken; else why not.
  std::string record(uint64_t seq, const std::string& line);
  void policy_result(const ipc::Frame& frame);
  void posture(const ipc::Frame& frame);

 private:
  Plugin(const cmdai_plugin_table& table, const ipc::Frame& open, Outbox& outbox)
      : table_(table), host_(open, outbox) {}
  /// Why a call failed; empty: it did not.
  std::string outcome(const char* function, int returned);

  cmdai_plugin_table table_;
  HostTexts host_;
  std::string settings_;  ///< of the last reload: the host's text stays as open() saw it
  void* state_ = nullptr;
};

}  // namespace cmdai::runner
