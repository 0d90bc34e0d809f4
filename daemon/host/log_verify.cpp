// Reads only. What is looked at is one moment: the files are opened under the writers' lock, read afterwards.
#include <fcntl.h>
#include <fmt/format.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <memory>

#include "daemon/host/event_log.hpp"
#include "daemon/host/files.hpp"
#include "daemon/host/log_head.hpp"
#include "libcore/audit/chain.hpp"

namespace cmdai::host {
namespace {

struct Part {
  std::string file;
  std::unique_ptr<Descriptor> open;
  uint64_t size = 0;
};

struct Snapshot {
  std::vector<Part> parts;  ///< oldest first
  std::optional<LogHead> head;
  bool early = false;  ///< the first line ever made the head meanwhile: what was seen is half of that moment
};

Snapshot look(const std::string& path, uint32_t files) {
  Snapshot out;
  const Descriptor head(open(head_path(path).c_str(), O_RDONLY | O_CLOEXEC | O_NOFOLLOW));
  const HeadLock lock(head.get(), LOCK_SH, std::chrono::seconds(5));
  for (uint32_t i = files; i-- > 0;) {
    const std::string file = numbered_log(path, i);
    auto descriptor = std::make_unique<Descriptor>(open(file.c_str(), O_RDONLY | O_CLOEXEC));
    struct stat info {};
    if (descriptor->get() < 0 && errno == ENOENT) continue;
    if (descriptor->get() >= 0) fstat(descriptor->get(), &info);
    out.parts.push_back({file, std::move(descriptor), static_cast<uint64_t>(info.st_size)});
  }
  out.head = read_log_head(head.get());
  out.early = head.get() < 0 && exists(head_path(path));
  return out;
}

Snapshot take_snapshot(const std::string& path, uint32_t files) {
  Snapshot seen = look(path, files);
  return seen.early ? look(path, files) : std::move(seen);
}

std::optional<std::string> read_part(const Part& part) {
  std::string text(part.size, '\0');
  for (size_t at = 0; at < text.size();) {
    const ssize_t n = pread(part.open->get(), text.data() + at, text.size() - at, static_cast<off_t>(at));
    if (n < 0 && errno == EINTR) continue;
    if (n < 0) return std::nullopt;
    if (n == 0) text.resize(at);
    at += static_cast<size_t>(n);
  }
  return part.open->get() < 0 ? std::nullopt : std::optional(std::move(text));
}

class Verification {
 public:
  explicit Verification(std::optional<LogHead> head) : head_(std::move(head)) {}

  void take(const Part& part) {
    const std::optional<std::string> text = read_part(part);
    if (!text) return complain(part.file, 0, fmt::format("cannot be read: {}", std::strerror(errno)));
    std::string_view rest = *text;
    for (uint64_t number = 1; !rest.empty(); ++number) {
      const size_t end = rest.find('\n');
      // A line that was being written when the power went: the daemon cuts it off when it starts.
      if (end == std::string_view::npos) return complain(part.file, number, "the last line is not whole");
      ++report_.events;
      take_line(part.file, number, rest.substr(0, end));
      rest.remove_prefix(end + 1);
    }
  }

  LogReport finish(const std::string& last_file, const std::string& head_file) {
    const audit::ChainHead end = verifier_ ? verifier_->head() : audit::ChainHead{};
    if (!head_) {
      if (report_.events > 0)
        complain(head_file, 0, "the head file is missing: lines cut off at the end cannot be noticed");
    } else if (head_->head.seq > end.seq) {
      complain(last_file, 0,
               head_->head.seq == end.seq + 1
                   ? fmt::format("event {} is missing at the end", head_->head.seq)
                   : fmt::format("events {}-{} are missing at the end", end.seq + 1, head_->head.seq));
    } else if (head_->head.seq == end.seq && head_->head.hash != end.hash) {
      complain(last_file, before_.line, fmt::format("event {} was changed after it was written", end.seq));
    } else if (head_->head.seq + 1 < end.seq) {
      // One may be ahead: a daemon that was killed between a line and the head.
      complain(last_file, 0,
               fmt::format("events {}-{} were not written by the daemon", head_->head.seq + 1, end.seq));
    }
    return std::move(report_);
  }

 private:
  void complain(const std::string& file, uint64_t line, std::string message) {
    report_.problems.push_back({file, line, std::move(message)});
  }

  void take_line(const std::string& file, uint64_t number, std::string_view line) {
    if (!verifier_) {
      // Older files are rotated away: the chain is taken up where the head says it begins.
      audit::ChainHead start;
      const auto link = audit::read_link(line);
      if (head_ && head_->first > 1 && link && link->seq == head_->first)
        start = {link->seq - 1, link->previous};
      verifier_.emplace(start);
    }
    if (auto problem = verifier_->check(line)) {
      const Place& culprit = problem->of_line_before && before_.line != 0 ? before_ : Place{file, number};
      complain(culprit.file, culprit.line, std::move(problem->message));
    }
    before_ = {file, number};
  }

  struct Place {
    std::string file;
    uint64_t line = 0;
  };

  std::optional<LogHead> head_;
  std::optional<audit::ChainVerifier> verifier_;
  Place before_;  ///< the line before the one at hand
  LogReport report_;
};

}  // namespace

LogReport verify_log(const std::string& path, uint32_t files) {
  Snapshot snapshot = take_snapshot(path, files);
  Verification verification(std::move(snapshot.head));
  for (const Part& part : snapshot.parts) verification.take(part);
  return verification.finish(snapshot.parts.empty() ? path : snapshot.parts.back().file, head_path(path));
}

}  // namespace cmdai::host
