#include "enterprise/collector/config/key_files.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>

namespace cmdai::collector {

namespace {

constexpr std::string_view kMagic = "cmdai-key-v1 ";

tl::unexpected<Failure> no(const std::string& file) {
  const Problem problem = errno == EEXIST   ? Problem::conflict
                          : errno == ENOENT ? Problem::not_found
                                            : Problem::unavailable;
  return failed(problem, file + ": " + std::strerror(errno));
}

class Descriptor {
 public:
  explicit Descriptor(int fd) : fd_(fd) {}
  ~Descriptor() {
    if (fd_ >= 0) ::close(fd_);
  }
  Descriptor(const Descriptor&) = delete;
  Descriptor& operator=(const Descriptor&) = delete;
  [[nodiscard]] int get() const { return fd_; }

 private:
  int fd_;
};

Done write_all(int fd, const std::string& file, std::string_view bytes) {
  while (!bytes.empty()) {
    const ssize_t n = ::write(fd, bytes.data(), bytes.size());
    if (n < 0 && errno == EINTR) continue;
    if (n < 0) return no(file);
    bytes.remove_prefix(static_cast<std::size_t>(n));
  }
  if (::fsync(fd) != 0) return no(file);
  return {};
}

Done write_with(const std::string& file, std::string_view bytes, unsigned mode, int flags) {
  const Descriptor fd(::open(file.c_str(), O_WRONLY | O_CREAT | O_CLOEXEC | flags, mode));
  if (fd.get() < 0) return no(file);
  if (::fchmod(fd.get(), mode) != 0) return no(file);
  return write_all(fd.get(), file, bytes);
}

}  // namespace

Done write_new_file(const std::string& file, std::string_view bytes, unsigned mode) {
  return write_with(file, bytes, mode, O_EXCL);
}

Done replace_file(const std::string& file, std::string_view bytes, unsigned mode) {
  const std::string fresh = file + ".new";
  if (auto done = write_with(fresh, bytes, mode, O_TRUNC); !done) return done;
  if (::rename(fresh.c_str(), file.c_str()) != 0) return no(file);
  const Descriptor folder(
      ::open(file.substr(0, file.rfind('/') + 1).append(".").c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  if (folder.get() >= 0) ::fsync(folder.get());
  return {};
}

Result<std::string> read_file(const std::string& file, std::size_t limit) {
  const Descriptor fd(::open(file.c_str(), O_RDONLY | O_CLOEXEC));
  if (fd.get() < 0) return no(file);
  std::string bytes;
  char buffer[16384];
  for (;;) {
    const ssize_t n = ::read(fd.get(), buffer, sizeof buffer);
    if (n < 0 && errno == EINTR) continue;
    if (n < 0) return no(file);
    if (n == 0) return bytes;
    bytes.append(buffer, static_cast<std::size_t>(n));
    if (bytes.size() > limit)
      return failed(Problem::invalid, file + ": larger than " + std::to_string(limit) + " bytes");
  }
}

Done write_key(const std::string& file, std::string_view role, const wire::Key32& seed) {
  std::string text = std::string(kMagic).append(role) + " " + wire::to_hex(seed.view()) + "\n";
  auto done = write_new_file(file, text, 0600);
  wire::wipe(text);
  return done;
}

Result<wire::Key32> read_key(const std::string& file, std::string_view role) {
  struct stat status {};
  if (::stat(file.c_str(), &status) != 0) return no(file);
  if ((status.st_mode & 077U) != 0)
    return failed(Problem::invalid, file + ": others can read this key (chmod 600)");
  auto text = read_file(file, 4096);
  if (!text) return tl::unexpected(text.error());
  const std::string head = std::string(kMagic).append(role) + " ";
  std::optional<wire::Key32> key;
  if (text->starts_with(head) && text->ends_with('\n'))
    key = wire::Key32::from_hex(std::string_view(*text).substr(head.size(), text->size() - head.size() - 1));
  wire::wipe(*text);
  if (!key) return failed(Problem::invalid, file + ": this is no key of role `" + std::string(role) + "`");
  return std::move(*key);
}

}  // namespace cmdai::collector
