#include "test/enterprise/plugin/simulated_disk.hpp"

namespace cmdai::device {
namespace {

class SimulatedFile : public DiskFile {
 public:
  SimulatedFile(SimulatedDisk& disk, std::shared_ptr<SimulatedDisk::Inode> inode)
      : disk_(disk), inode_(std::move(inode)) {}
  Result<void> append(std::string_view bytes) override { return disk_.append_to(*inode_, bytes); }
  Result<void> sync() override {
    if (!disk_.step()) throw Killed();
    disk_.sync_inode(*inode_);
    return {};
  }

 private:
  SimulatedDisk& disk_;
  std::shared_ptr<SimulatedDisk::Inode> inode_;
};

tl::unexpected<Problem> missing(const std::string& name) {
  return fail(Problem::Kind::missing, "no file " + name);
}

}  // namespace

bool SimulatedDisk::step() { return kill_in_ == 0 || --kill_in_ != 0; }

Result<void> SimulatedDisk::append_to(Inode& inode, std::string_view bytes) {
  const bool dies = !step();
  const size_t part = below(bytes.size() + 1);
  if (dies) {
    inode.now += bytes.substr(0, part);
    throw Killed();
  }
  if (full_) {
    inode.now += bytes.substr(0, part);
    return fail(Problem::Kind::full, "no space left on device");
  }
  inode.now += bytes;
  return {};
}

void SimulatedDisk::sync_inode(Inode& inode) {
  inode.durable = inode.now;
  inode.rewritten = false;
}

void SimulatedDisk::changed(const Names& before) {
  if (before != now_) pending_.push_back(now_);
}

Result<std::string> SimulatedDisk::read(const std::string& name, size_t limit) {
  auto text = read_part(name, 0, limit + 1);
  if (text && text->size() > limit) return fail(Problem::Kind::damaged, "too long");
  return text;
}

Result<std::string> SimulatedDisk::read_part(const std::string& name, uint64_t offset, size_t length) {
  const auto found = now_.find(name);
  if (found == now_.end()) return missing(name);
  const std::string& bytes = found->second->now;
  return offset >= bytes.size() ? std::string() : bytes.substr(offset, length);
}

Result<std::unique_ptr<DiskFile>> SimulatedDisk::open(const std::string& name) {
  if (!now_.contains(name)) return create(name);
  return std::make_unique<SimulatedFile>(*this, now_[name]);
}

Result<std::unique_ptr<DiskFile>> SimulatedDisk::create(const std::string& name) {
  if (!step()) throw Killed();
  if (full_ && !now_.contains(name)) return fail(Problem::Kind::full, "no space left on device");
  const Names before = now_;
  if (now_.contains(name)) {
    now_[name]->now.clear();
    now_[name]->rewritten = true;
  } else {
    now_[name] = std::make_shared<Inode>();
  }
  changed(before);
  return std::make_unique<SimulatedFile>(*this, now_[name]);
}

Result<void> SimulatedDisk::overwrite(const std::string& name, std::string_view bytes) {
  if (!step()) throw Killed();
  const auto found = now_.find(name);
  if (found == now_.end()) return missing(name);
  found->second->now.replace(0, bytes.size(), bytes);
  sync_inode(*found->second);
  return {};
}

Result<void> SimulatedDisk::rename(const std::string& from, const std::string& to) {
  if (!step()) throw Killed();
  if (!now_.contains(from)) return missing(from);
  const Names before = now_;
  now_[to] = now_[from];
  now_.erase(from);
  changed(before);
  return {};
}

Result<void> SimulatedDisk::remove(const std::string& name) {
  if (!step()) throw Killed();
  const Names before = now_;
  now_.erase(name);
  changed(before);
  return {};
}

Result<void> SimulatedDisk::sync_names() {
  if (!step()) throw Killed();
  durable_ = now_;
  pending_.clear();
  return {};
}

Result<std::vector<std::string>> SimulatedDisk::names() {
  std::vector<std::string> out;
  for (const auto& [name, inode] : now_) out.push_back(name);
  return out;
}

void SimulatedDisk::power_cut() {
  // A journal keeps the order of names: the directory is as it was after one of the changes.
  if (const uint64_t kept = below(pending_.size() + 1); kept > 0) durable_ = pending_[kept - 1];
  pending_.clear();
  now_ = durable_;
  for (auto& [name, inode] : now_) {
    if (inode->rewritten) {
      inode->now = below(2) == 0 ? inode->durable : inode->now.substr(0, below(inode->now.size() + 1));
    } else if (inode->now.size() > inode->durable.size()) {
      const size_t kept = inode->durable.size() + below(inode->now.size() - inode->durable.size() + 1);
      inode->now.resize(kept);
      // A page that was allocated and never written reads as zeros.
      if (below(4) == 0)
        for (size_t i = inode->durable.size() + below(kept - inode->durable.size() + 1); i < kept; ++i)
          inode->now[i] = '\0';
    }
    sync_inode(*inode);
  }
}

std::map<std::string, std::string> SimulatedDisk::image() const {
  std::map<std::string, std::string> out;
  for (const auto& [name, inode] : now_) out[name] = inode->now;
  return out;
}

void SimulatedDisk::restore(const std::map<std::string, std::string>& image) {
  now_.clear();
  for (const auto& [name, bytes] : image) put(name, bytes);
}

void SimulatedDisk::put(const std::string& name, const std::string& bytes) {
  now_[name] = std::make_shared<Inode>(Inode{bytes, bytes, false});
  durable_ = now_;
  pending_.clear();
}

void SimulatedDisk::drop(const std::string& name) {
  now_.erase(name);
  durable_ = now_;
  pending_.clear();
}

}  // namespace cmdai::device
