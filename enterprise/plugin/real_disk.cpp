// Disk on a real directory. All names are taken relative to its descriptor, so that a directory put in its
// place later changes nothing.
#include <dirent.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>

#include "enterprise/plugin/disk.hpp"

namespace cmdai::device {
namespace {

class Descriptor {
 public:
  explicit Descriptor(int fd) : fd_(fd) {}
  Descriptor(const Descriptor&) = delete;
  Descriptor& operator=(const Descriptor&) = delete;
  ~Descriptor() {
    if (fd_ >= 0) ::close(fd_);
  }
  int get() const { return fd_; }

 private:
  int fd_;
};

tl::unexpected<Problem> system_problem(const std::string& what, int error) {
  using Kind = Problem::Kind;
  const Kind kind = error == ENOENT                                        ? Kind::missing
                    : error == ENOSPC || error == EDQUOT || error == EFBIG ? Kind::full
                                                                           : Kind::other;
  return fail(kind, what + ": " + std::strerror(error));
}

class RealFile : public DiskFile {
 public:
  RealFile(int fd, std::string name) : fd_(fd), name_(std::move(name)) {}

  Result<void> append(std::string_view bytes) override {
    while (!bytes.empty()) {
      const ssize_t done = ::write(fd_.get(), bytes.data(), bytes.size());
      if (done < 0 && errno == EINTR) continue;
      if (done < 0) return system_problem("cannot write `" + name_ + "`", errno);
      bytes.remove_prefix(static_cast<size_t>(done));
    }
    return {};
  }

  Result<void> sync() override {
#ifdef __APPLE__
    const int done = ::fcntl(fd_.get(), F_FULLFSYNC);
#else
    const int done = ::fdatasync(fd_.get());
#endif
    if (done != 0) return system_problem("cannot sync `" + name_ + "`", errno);
    return {};
  }

 private:
  Descriptor fd_;
  std::string name_;
};

class RealDisk : public Disk {
 public:
  RealDisk(int fd, std::string path) : fd_(fd), path_(std::move(path)) {}

  Result<std::string> read(const std::string& name, size_t limit) override {
    auto text = read_part(name, 0, limit + 1);
    if (text && text->size() > limit) return fail(Problem::Kind::damaged, "`" + name + "` is too long");
    return text;
  }

  Result<std::string> read_part(const std::string& name, uint64_t offset, size_t length) override {
    const Descriptor file(::openat(fd_.get(), name.c_str(), O_RDONLY | O_CLOEXEC | O_NOFOLLOW));
    if (file.get() < 0) return system_problem("cannot read `" + path_ + "/" + name + "`", errno);
    struct stat about {};
    if (::fstat(file.get(), &about) != 0 || !S_ISREG(about.st_mode))
      return fail(Problem::Kind::damaged, "`" + path_ + "/" + name + "` is no file");
    const auto size = static_cast<uint64_t>(about.st_size);
    std::string text(offset >= size ? 0 : static_cast<size_t>(std::min<uint64_t>(length, size - offset)),
                     '\0');
    size_t got = 0;
    while (got < text.size()) {
      const ssize_t part =
          ::pread(file.get(), text.data() + got, text.size() - got, static_cast<off_t>(offset + got));
      if (part < 0 && errno == EINTR) continue;
      if (part < 0) return system_problem("cannot read `" + path_ + "/" + name + "`", errno);
      if (part == 0) break;
      got += static_cast<size_t>(part);
    }
    text.resize(got);
    return text;
  }

  Result<std::unique_ptr<DiskFile>> open(const std::string& name) override {
    return opened(name, O_WRONLY | O_APPEND | O_CREAT);
  }
  Result<std::unique_ptr<DiskFile>> create(const std::string& name) override {
    return opened(name, O_WRONLY | O_APPEND | O_CREAT | O_TRUNC);
  }

  Result<void> overwrite(const std::string& name, std::string_view bytes) override {
    const Descriptor file(::openat(fd_.get(), name.c_str(), O_WRONLY | O_CLOEXEC | O_NOFOLLOW));
    if (file.get() < 0) return system_problem("cannot open `" + name + "`", errno);
    const ssize_t done = ::pwrite(file.get(), bytes.data(), bytes.size(), 0);
    if (done != static_cast<ssize_t>(bytes.size()) || ::fsync(file.get()) != 0)
      return system_problem("cannot overwrite `" + name + "`", errno);
    return {};
  }

  Result<void> rename(const std::string& from, const std::string& to) override {
    if (::renameat(fd_.get(), from.c_str(), fd_.get(), to.c_str()) != 0)
      return system_problem("cannot rename `" + from + "`", errno);
    return {};
  }

  Result<void> remove(const std::string& name) override {
    if (::unlinkat(fd_.get(), name.c_str(), 0) != 0 && errno != ENOENT)
      return system_problem("cannot remove `" + name + "`", errno);
    return {};
  }

  Result<void> sync_names() override {
    if (::fsync(fd_.get()) != 0) return system_problem("cannot sync `" + path_ + "`", errno);
    return {};
  }

  Result<std::vector<std::string>> names() override {
    const int copy = ::openat(fd_.get(), ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (copy < 0) return system_problem("cannot list `" + path_ + "`", errno);
    DIR* folder = ::fdopendir(copy);
    if (folder == nullptr) {
      ::close(copy);
      return system_problem("cannot list `" + path_ + "`", errno);
    }
    std::vector<std::string> found;
    while (const dirent* entry = ::readdir(folder))
      if (entry->d_name[0] != '.') found.emplace_back(entry->d_name);
    ::closedir(folder);
    return found;
  }

 private:
  Result<std::unique_ptr<DiskFile>> opened(const std::string& name, int flags) {
    const int file = ::openat(fd_.get(), name.c_str(), flags | O_CLOEXEC | O_NOFOLLOW, 0600);
    if (file < 0) return system_problem("cannot open `" + path_ + "/" + name + "`", errno);
    return std::make_unique<RealFile>(file, path_ + "/" + name);
  }

  Descriptor fd_;
  std::string path_;
};

}  // namespace

Result<std::unique_ptr<Disk>> open_disk(const std::string& directory) {
  if (::mkdir(directory.c_str(), 0700) != 0 && errno != EEXIST)
    return system_problem("cannot make `" + directory + "`", errno);
  const int fd = ::open(directory.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC | O_NOFOLLOW);
  if (fd < 0) return system_problem("cannot open `" + directory + "`", errno);
  auto disk = std::make_unique<RealDisk>(fd, directory);
  struct stat about {};
  if (::fstat(fd, &about) != 0) return system_problem("cannot look at `" + directory + "`", errno);
  if (about.st_uid != ::geteuid())
    return fail(Problem::Kind::other, "`" + directory + "` belongs to somebody else");
  if ((about.st_mode & 077U) != 0 && ::fchmod(fd, 0700) != 0)
    return system_problem("cannot close `" + directory + "` to others", errno);
  return disk;
}

}  // namespace cmdai::device
