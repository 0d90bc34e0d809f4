#pragma once
// cmdai_host for one plugin: the texts of the `open` frame, and the functions it calls.
#include <cstdint>
#include <deque>
#include <string>

#include "daemon/ipc/frame.hpp"
#include "daemon/runner/outbox.hpp"
#include "libcore/plugin/cmdai_plugin.h"

namespace cmdai::runner {

/// Stays where it is: the plugin holds pointers into it.
class HostTexts {
 public:
  HostTexts(const ipc::Frame& open, Outbox& outbox);
  ~HostTexts() = default;
  HostTexts(const HostTexts&) = delete;
  HostTexts& operator=(const HostTexts&) = delete;

  const cmdai_host* raw() const { return &host_; }
  /// What the plugin said of its failure since the last call, in one line; empty when it said nothing.
  std::string take_error();
  std::string get(std::string_view key) const { return texts_.get(key); }

 private:
  cmdai_bytes keep(std::string_view key);

  ipc::Frame texts_;
  std::string sha256_;
  Outbox& outbox_;
  std::string error_;
  cmdai_host host_{};
};

/// Of a frame's value; 0 for what is none.
uint64_t number(const std::string& text);
/// Bytes of a plugin, at most `most` of them; copied, because they are good until its next call alone.
std::string copied(cmdai_bytes bytes, size_t most);
/// The same in one line: line ends become blanks.
std::string one_line(cmdai_bytes bytes, size_t most);

}  // namespace cmdai::runner
