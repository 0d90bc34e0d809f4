#include "shell-hooks/exec-guard/lineage.hpp"

#include <algorithm>
#include <utility>

namespace cmdai::exec_guard {
namespace {

constexpr size_t kMostMembers = 8192;  ///< then those that have ended are forgotten, else all
constexpr size_t kMostApproved = 16;   ///< of one process
constexpr size_t kMostLine = 1024;     ///< bytes of a line that are kept, to be shown
constexpr int kMostGenerations = 64;
constexpr size_t kToldEffects = 32;  ///< a verdict tells no more: there may be others

}  // namespace

Lineage::Lineage(std::function<std::optional<ProcessNumbers>(pid_t)> numbers)
    : numbers_(std::move(numbers)) {}

Lineage::Member* Lineage::member(pid_t pid, const std::string& birth) {
  const auto it = members_.find(pid);
  return it == members_.end() || it->second.birth != birth ? nullptr : &it->second;
}

void Lineage::forget_ended() {
  std::erase_if(members_, [this](const auto& entry) {
    const auto numbers = numbers_(entry.first);
    return !numbers || numbers->birth != entry.second.birth;
  });
  if (members_.size() >= kMostMembers) members_.clear();
}

void Lineage::runs(const ExecCall& call, std::string line) {
  const std::lock_guard lock(mutex_);
  if (line.size() > kMostLine) line.resize(kMostLine);
  if (Member* known = member(call.pid, call.birth)) {
    known->line = std::move(line);
    return;
  }
  if (members_.size() >= kMostMembers) forget_ended();
  members_.insert_or_assign(call.pid, Member{call.birth, std::move(line), {}});
}

void Lineage::approve(const ExecCall& call, Approved approved) {
  const std::lock_guard lock(mutex_);
  Member* known = member(call.pid, call.birth);
  if (known == nullptr) {
    if (members_.size() >= kMostMembers) forget_ended();
    known = &members_.insert_or_assign(call.pid, Member{call.birth, {}, {}}).first->second;
  }
  if (known->approved.size() == kMostApproved) known->approved.erase(known->approved.begin());
  known->approved.push_back(std::move(approved));
}

void Lineage::each_ancestor(const ExecCall& call, const std::function<bool(pid_t, const Member&)>& visit) {
  if (const Member* own = member(call.pid, call.birth); own != nullptr && visit(call.pid, *own)) return;
  pid_t pid = call.parent;
  for (int generation = 0; pid > 1 && generation < kMostGenerations; ++generation) {
    auto numbers = numbers_(pid);
    if (!numbers && generation == 0 && !call.parent_birth.empty())
      numbers = ProcessNumbers{call.grandparent, call.parent_birth};
    if (!numbers) return;
    if (const Member* known = member(pid, numbers->birth); known != nullptr && visit(pid, *known)) return;
    pid = numbers->parent;
  }
}

bool Lineage::covered(const ExecCall& call, const std::string& rule,
                      const std::vector<std::string>& effects) {
  if (rule.empty() || effects.empty() || effects.size() >= kToldEffects) return false;
  const std::lock_guard lock(mutex_);
  bool found = false;
  each_ancestor(call, [&](pid_t, const Member& ancestor) {
    found = std::any_of(ancestor.approved.begin(), ancestor.approved.end(), [&](const Approved& a) {
      return a.rule == rule && std::all_of(effects.begin(), effects.end(), [&](const std::string& effect) {
               return a.effects.count(effect) != 0;
             });
    });
    return found;
  });
  return found;
}

Ancestor Lineage::parent(const ExecCall& call) {
  const std::lock_guard lock(mutex_);
  Ancestor out;
  each_ancestor(call, [&out](pid_t pid, const Member& ancestor) {
    if (ancestor.line.empty()) return false;
    out = {pid, ancestor.line};
    return true;
  });
  return out;
}

}  // namespace cmdai::exec_guard
