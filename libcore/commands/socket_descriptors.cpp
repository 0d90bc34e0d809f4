#include "libcore/commands/socket_descriptors.hpp"

#include <algorithm>
#include <string_view>

#include "libcore/base/text.hpp"

namespace cmdai::commands {

const std::string* Sockets::at_path(const std::string& path) const {
  for (std::string_view device : {"/dev/tcp/", "/dev/udp/"})
    if (path.starts_with(device)) {
      named_ = path.substr(device.size());
      return &named_;
    }
  for (std::string_view folder : {"/dev/fd/", "/proc/self/fd/"})
    if (path.starts_with(folder))
      if (const auto it = open_.find(std::string_view(path).substr(folder.size())); it != open_.end())
        return &it->second;
  return nullptr;
}

const std::string* Sockets::behind(const resolve::ResolvedRedirect& r) const {
  std::string target = r.target.with_holes_empty();
  if (r.op != ">&" && r.op != "<&") return at_path(target);
  if (target.ends_with('-')) target.pop_back();  // moved: 3>&4-
  const auto it = open_.find(target);
  return it == open_.end() ? nullptr : &it->second;
}

void Sockets::note(const resolve::ResolvedRedirect& r, bool stays) {
  constexpr size_t kMost = 64;
  const std::string* socket = behind(r);
  const std::string number = !r.fd.empty() ? r.fd : r.op[0] == '<' ? "0" : "1";
  const bool standard = number == "0" || number == "1" || number == "2";
  if (socket != nullptr && (stays || !standard) && open_.size() < kMost)
    open_[number] = std::string(*socket);
  else if (stays && socket == nullptr)
    open_.erase(number);
}

std::vector<resolve::Argument> Sockets::socat_addresses(const resolve::Invocation& call) const {
  if (open_.empty() || call.program != "socat") return {};
  std::vector<resolve::Argument> argv = call.argv;
  bool found = false;
  for (size_t i = 1; i < argv.size(); ++i) {
    const std::string text = argv[i].value.with_holes_empty();
    if (text.size() < 4 || upper(text.substr(0, 3)) != "FD:") continue;
    const std::string* socket = at_path("/dev/fd/" + text.substr(3, text.find_first_of(",!") - 3));
    if (socket == nullptr) continue;
    std::string peer = *socket;
    std::replace(peer.begin(), peer.end(), '/', ':');
    argv[i].value = resolve::Value::exact("TCP:" + peer);
    found = true;
  }
  return found ? argv : std::vector<resolve::Argument>{};
}

}  // namespace cmdai::commands
