#pragma once
// One daemon per user and socket: an flock(2) held for life.
#include <string>

#include "libcore/base/result.hpp"

namespace cmdai::daemon {

class Lock {
 public:
  /// Takes the lock beside the socket. Error: another daemon holds it (its pid is named), or the file cannot
  /// be made.
  static Result<Lock> take(const std::string& path);
  ~Lock();
  Lock(Lock&& other) noexcept;
  Lock& operator=(Lock&&) = delete;
  Lock(const Lock&) = delete;
  Lock& operator=(const Lock&) = delete;

 private:
  explicit Lock(int fd) : fd_(fd) {}
  int fd_;
};

}  // namespace cmdai::daemon
