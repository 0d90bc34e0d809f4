#include "daemon/host/event_log.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <utility>

#include "daemon/host/files.hpp"
#include "libcore/audit/chain.hpp"

namespace cmdai::host {
namespace {

/// How long a lock that was not given back is not waited for again.
constexpr std::chrono::seconds kLeftAlone{10};

/// The last whole line of a file, and where what follows it begins.
struct Tail {
  std::string line;
  uint64_t whole = 0;  ///< bytes up to and with the last newline
};
Result<Tail> read_tail(int fd, uint64_t size, const std::string& path) {
  Tail tail;
  std::string buffer;
  for (uint64_t at = size; at > 0;) {
    const uint64_t step = std::min<uint64_t>(at, 65536);
    at -= step;
    std::string piece(step, '\0');
    if (pread(fd, piece.data(), step, static_cast<off_t>(at)) != static_cast<ssize_t>(step))
      return fail(file_problem(path, fmt::format("cannot be read: {}", std::strerror(errno))));
    buffer.insert(0, piece);
    const size_t last = buffer.rfind('\n');
    if (last == std::string::npos) continue;
    tail.whole = at + last + 1;
    const size_t before = last == 0 ? std::string::npos : buffer.rfind('\n', last - 1);
    if (before == std::string::npos && at > 0) continue;
    tail.line = buffer.substr(before == std::string::npos ? 0 : before + 1,
                              last - (before == std::string::npos ? 0 : before + 1));
    return tail;
  }
  return tail;
}

std::string last_line_of(const std::string& file) {
  std::string last;
  for_each_line(file, [&](std::string_view line) { last = line; });
  return last;
}

std::string record_remedy(int error) {
  switch (error) {
    case ENOSPC:
    case EDQUOT: return "the disk is full: make room; decisions go on without a record";
    case EROFS: return "the file system is read-only: set `XDG_STATE_HOME` to a place that can be written";
    case ELOOP: return "it must be no symbolic link";
    default: return {};
  }
}

int duplicate(int fd) { return fd < 0 ? -1 : fcntl(fd, F_DUPFD_CLOEXEC, 0); }

}  // namespace

Unsynced::Unsynced(int file, int head) : file_(duplicate(file)), head_(duplicate(head)) {}

void Unsynced::put_on_disk() const {
  for (const Descriptor* one : {&file_, &head_})
    if (one->get() >= 0) fdatasync(one->get());
}

EventLog::EventLog(std::string path, LogLimits limits) : path_(std::move(path)), limits_(limits) {
  rotate_at_ = limits_.file_bytes;
}

EventLog::~EventLog() {
  settle();
  sync();
}

Result<void> EventLog::open() {
  if (auto made = make_directories(path_.substr(0, path_.rfind('/'))); !made) return made;
  file_.reset(::open(path_.c_str(), O_RDWR | O_CREAT | O_APPEND | O_CLOEXEC | O_NOFOLLOW, 0600));
  if (file_.get() < 0)
    return fail(file_problem(path_, fmt::format("the event log cannot be opened: {}", std::strerror(errno)),
                             record_remedy(errno)));
  fchmod(file_.get(), 0600);
  return {};
}

void EventLog::open_head() {
  struct stat info {};
  const auto is_there = [&] { return fstat(head_file_.get(), &info) == 0 && info.st_nlink > 0; };
  if (head_file_.get() < 0 || !is_there()) {
    head_file_.reset(::open(head_path(path_).c_str(), O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600));
    if (head_file_.get() < 0 || !is_there()) return;
  }
  head_size_ = info.st_size;
}

/// Opens what is not open, and finds the end anew when the file is another or longer or shorter than we left
/// it: somebody moved it, or a second daemon of this user (another socket) writes into it, too.
Result<void> EventLog::prepare() {
  struct stat there {};
  if (file_.get() >= 0 &&
      (stat(path_.c_str(), &there) != 0 || there.st_ino != inode_ || there.st_dev != device_))
    file_.reset();
  const bool fresh = file_.get() < 0;
  if (fresh)
    if (auto opened = open(); !opened) return opened;
  if (!fresh && static_cast<uint64_t>(there.st_size) == size_) return {};
  if (auto resumed = resume(); !resumed) {
    file_.reset();
    return resumed;
  }
  return {};
}

/// Finds the end of the chain. A torn last line is cut off: its answer was never sent. Lines the head knows
/// and the file does not are left missing: the gap is what verify_log() reports.
Result<void> EventLog::resume() {
  struct stat info {};
  if (fstat(file_.get(), &info) != 0) return fail(file_problem(path_, std::strerror(errno)));
  size_ = static_cast<uint64_t>(info.st_size);
  inode_ = info.st_ino;
  device_ = info.st_dev;
  Result<Tail> tail = read_tail(file_.get(), size_, path_);
  if (!tail) return fail(std::move(tail.error()));
  if (tail->whole != size_) {
    if (ftruncate(file_.get(), static_cast<off_t>(tail->whole)) != 0)
      return fail(
          file_problem(path_, fmt::format("a torn line cannot be cut off: {}", std::strerror(errno))));
    size_ = tail->whole;
  }
  const std::optional<LogHead> stored = read_log_head(head_file_.get());
  if (stored) first_ = stored->first;
  auto link = audit::read_link(tail->line);
  if (size_ == 0 && !stored) {  // just rotated, and the head is lost: the file before knows
    tail->line = last_line_of(numbered_log(path_, 1));
    link = audit::read_link(tail->line);
  }
  if (link && (!stored || link->seq >= stored->head.seq))
    head_ = {link->seq, audit::hash_line(tail->line)};
  else if (stored)
    head_ = stored->head;
  return {};
}

Result<void> EventLog::write_line(const std::string& line) {
  const std::string bytes = line + '\n';
  size_t done = 0;
  while (done < bytes.size()) {
    const ssize_t n = ::write(file_.get(), bytes.data() + done, bytes.size() - done);
    if (n < 0 && errno == EINTR) continue;
    if (n <= 0) {
      const int error = errno;
      // Half a line must not stay: take it back.
      if (done > 0 && ftruncate(file_.get(), static_cast<off_t>(size_)) != 0) file_.reset();
      return fail(file_problem(path_, fmt::format("the event cannot be written: {}", std::strerror(error)),
                               record_remedy(error)));
    }
    done += static_cast<size_t>(n);
  }
  size_ += bytes.size();
  dirty_ = true;
  return {};
}

/// The number of the oldest line once the oldest file is gone.
void EventLog::note_oldest() {
  if (!exists(numbered_log(path_, limits_.files - 1))) return;
  std::optional<audit::Link> begin;
  for_each_line(numbered_log(path_, limits_.files - 2), [&](std::string_view line) {
    if (!begin) begin = audit::read_link(line);
  });
  if (begin) first_ = begin->seq;
}

/// A file that cannot be rotated grows on: better than no record.
void EventLog::rotate() {
  if (size_ < rotate_at_) return;
  rotated_ = take_unsynced();
  if (rotated_.size() > limits_.files)
    rotated_.erase(rotated_.begin());  // a disk that hangs; it is gone by now
  note_oldest();
  for (uint32_t i = limits_.files - 1; i > 0; --i) {
    const std::string from = numbered_log(path_, i - 1);
    if (!exists(from) || rename(from.c_str(), numbered_log(path_, i).c_str()) == 0) continue;
    warning_ =
        file_problem(from, fmt::format("the event log cannot be rotated: {}", std::strerror(errno))).render();
    rotate_at_ = size_ + limits_.file_bytes;
    return;
  }
  warning_.clear();
  rotate_at_ = limits_.file_bytes;
  write_log_head(head_file_.get(), {head_, first_}, head_size_);  // with the new beginning
  file_.reset();
}

Result<void> EventLog::append_locked(const audit::Event& event) {
  if (auto prepared = prepare(); !prepared) return prepared;
  rotate();
  if (file_.get() < 0)
    if (auto prepared = prepare(); !prepared) return prepared;
  audit::ChainHead next = head_;
  std::string line = audit::to_line(event, next);
  if (auto written = write_line(line); !written) return written;
  head_ = next;
  last_line_ = std::move(line);
  head_behind_ = true;
  return {};
}

void EventLog::write_head() {
  if (std::exchange(head_behind_, false)) write_log_head(head_file_.get(), {head_, first_}, head_size_);
}

void EventLog::settle() {
  write_head();
  lock_.reset();
}

/// The head file, open and locked, and up to the line before.
Result<void> EventLog::lock() {
  write_head();
  if (lock_) return {};
  if (head_file_.get() < 0)  // the first time its directory may have to be made
    if (auto made = make_directories(path_.substr(0, path_.rfind('/'))); !made) return made;
  open_head();
  take_lock();
  return {};
}

/// Without the lock the record goes on all the same: whoever keeps it must not be able to end the record, nor
/// hold up every verdict.
void EventLog::take_lock() {
  const auto now = std::chrono::steady_clock::now();
  lock_.emplace(head_file_.get(), LOCK_EX,
                now < stuck_until_ ? std::chrono::milliseconds(0) : limits_.lock_wait);
  if (head_file_.get() < 0 || lock_->held()) return;
  if (now >= stuck_until_) stuck_until_ = now + kLeftAlone;
}

Result<void> EventLog::append(const audit::Event& event) {
  auto done = write(event);
  settle();
  return done;
}

Result<void> EventLog::write(const audit::Event& event) {
  auto done = lock();
  if (done) done = append_locked(event);
  if (!done) return failed(done);
  error_ = warning_;
  if (error_.empty() && head_file_.get() >= 0 && !(lock_ && lock_->held()))
    error_ = file_problem(head_path(path_), "cannot be locked: events are written without the lock",
                          "`fuser -v` on it names the process that keeps it; a file system without locks is "
                          "no place for `XDG_STATE_HOME`")
                 .render();
  return done;
}

Result<void> EventLog::failed(Result<void> why) {
  error_ = why.error().render();
  ++lost_;
  return why;
}

std::vector<std::shared_ptr<const Unsynced>> EventLog::take_unsynced() {
  if (dirty_ && file_.get() >= 0)
    if (auto now = std::make_shared<const Unsynced>(file_.get(), head_file_.get()); now->whole()) {
      rotated_.push_back(std::move(now));
      dirty_ = false;
    }
  return std::exchange(rotated_, {});
}

void EventLog::sync() {
  for (const auto& files : take_unsynced()) files->put_on_disk();
  if (!dirty_ || file_.get() < 0) return;
  fdatasync(file_.get());
  if (head_file_.get() >= 0) fdatasync(head_file_.get());
  dirty_ = false;
}

std::vector<std::string> log_files(const std::string& path, uint32_t files) {
  std::vector<std::string> out;
  for (uint32_t i = files; i-- > 0;)
    if (exists(numbered_log(path, i))) out.push_back(numbered_log(path, i));
  return out;
}

void for_each_line(const std::string& file, const std::function<void(std::string_view)>& take) {
  const Result<std::string> text = read_file(file, size_t{1} << 30U);
  if (!text) return;
  std::string_view rest = *text;
  while (!rest.empty()) {
    const size_t end = std::min(rest.find('\n'), rest.size());
    take(rest.substr(0, end));
    rest.remove_prefix(std::min(end + 1, rest.size()));
  }
}

}  // namespace cmdai::host
