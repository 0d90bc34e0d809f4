#pragma once
// A directory of our own that goes away.
#include <cstdlib>
#include <filesystem>
#include <string>

namespace cmdai::test {

class Box {
 public:
  Box() {
    char pattern[] = "/tmp/cmdai-unit-XXXXXX";
    root_ = mkdtemp(pattern);
  }
  ~Box() { std::filesystem::remove_all(root_); }
  Box(const Box&) = delete;
  Box& operator=(const Box&) = delete;
  std::string operator/(const std::string& name) const { return root_ + '/' + name; }
  const std::string& root() const { return root_; }

 private:
  std::string root_;
};

/// Sets an environment variable (or, with null, takes it away) for as long as it lives.
class Environment {
 public:
  Environment(const char* name, const char* value) : name_(name) {
    if (const char* old = std::getenv(name)) old_ = old, had_ = true;
    value != nullptr ? setenv(name, value, 1) : unsetenv(name);
  }
  ~Environment() { had_ ? setenv(name_, old_.c_str(), 1) : unsetenv(name_); }
  Environment(const Environment&) = delete;
  Environment& operator=(const Environment&) = delete;

 private:
  const char* name_;
  std::string old_;
  bool had_ = false;
};

}  // namespace cmdai::test
