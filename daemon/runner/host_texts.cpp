#include "daemon/runner/host_texts.hpp"

#include <fcntl.h>
#include <sodium.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <charconv>
#include <utility>

#include "daemon/host/files.hpp"

namespace cmdai::runner {
namespace {

constexpr size_t kMostError = 4096;

/// Larger than any release is: a build with debug information would take its time, and commands wait for the
/// start.
constexpr off_t kMostHashed = off_t{32} << 20U;

/// Hex SHA-256 of a file; empty when it cannot be read, or is too large for that.
std::string sha256_of(const std::string& path) {
  const host::Descriptor file(open(path.c_str(), O_RDONLY | O_CLOEXEC));
  struct stat info {};
  if (file.get() < 0 || fstat(file.get(), &info) != 0 || info.st_size > kMostHashed) return {};
  crypto_hash_sha256_state state;
  crypto_hash_sha256_init(&state);
  std::string buffer(size_t{1} << 18U, '\0');
  for (ssize_t n = 0; (n = read(file.get(), buffer.data(), buffer.size())) != 0;) {
    if (n < 0) return {};
    crypto_hash_sha256_update(&state, reinterpret_cast<const unsigned char*>(buffer.data()),
                              static_cast<size_t>(n));
  }
  unsigned char digest[crypto_hash_sha256_BYTES];
  crypto_hash_sha256_final(&state, digest);
  std::string out(2 * sizeof digest + 1, '\0');
  sodium_bin2hex(out.data(), out.size(), digest, sizeof digest);
  out.pop_back();
  return out;
}

/// What runs as our parent, even where its file was replaced since.
std::string parent_program() {
#ifdef __linux__
  return "/proc/" + std::to_string(getppid()) + "/exe";
#else
  return {};
#endif
}

}  // namespace

uint64_t number(const std::string& text) {
  uint64_t out = 0;
  std::from_chars(text.data(), text.data() + text.size(), out);
  return out;
}

std::string copied(cmdai_bytes bytes, size_t most) {
  return bytes.data == nullptr ? std::string() : std::string(bytes.data, std::min(bytes.size, most));
}

std::string one_line(cmdai_bytes bytes, size_t most) {
  std::string out = copied(bytes, most);
  while (!out.empty() && out.back() == '\n') out.pop_back();
  std::replace(out.begin(), out.end(), '\n', ' ');
  std::replace(out.begin(), out.end(), '\r', ' ');
  return out;
}

cmdai_bytes HostTexts::keep(std::string_view key) {
  const std::string* value = texts_.find(key);
  return value == nullptr ? cmdai_bytes{"", 0} : cmdai_bytes{value->data(), value->size()};
}

HostTexts::HostTexts(const ipc::Frame& open, Outbox& outbox)
    : texts_(open), sha256_(sha256_of(parent_program())), outbox_(outbox) {
  host_.size = sizeof host_;
  host_.api_major = CMDAI_PLUGIN_API_MAJOR;
  host_.api_minor = CMDAI_PLUGIN_API_MINOR;
  host_.context = this;
  host_.log = [](void* me, uint32_t level, cmdai_bytes text) {
    static_cast<HostTexts*>(me)->outbox_.log(level, copied(text, Outbox::kMostText));
  };
  host_.changed = [](void* me, uint32_t what) { static_cast<HostTexts*>(me)->outbox_.changed(what); };
  host_.error = [](void* me, cmdai_bytes text) {
    static_cast<HostTexts*>(me)->error_ = one_line(text, kMostError);
  };
  host_.report = [](void* me, cmdai_bytes text) {
    static_cast<HostTexts*>(me)->outbox_.report(copied(text, Outbox::kMostText));
  };
  host_.name = keep("name");
  host_.state_dir = keep("state-dir");
  host_.settings = keep("settings");
  host_.daemon = keep("daemon");
  host_.daemon_path = keep("daemon-path");
  host_.daemon_sha256 = {sha256_.data(), sha256_.size()};
  host_.boot_id = keep("boot-id");
  host_.user = keep("user");
  host_.home = keep("home");
  host_.host_name = keep("host-name");
  host_.event_log = keep("event-log");
  host_.last_event = number(texts_.get("last-event"));
  host_.uid = static_cast<uint32_t>(getuid());
  host_.own_file = texts_.get("own-file") == "1" ? 1 : 0;
}

std::string HostTexts::take_error() { return std::exchange(error_, {}); }

}  // namespace cmdai::runner
