#include "daemon/cli/delegation.hpp"

#include <chrono>
#include <unordered_set>
#include <utility>

#include "daemon/host/build_id.hpp"
#include "daemon/host/policy_store.hpp"
#include "daemon/host/real_probe.hpp"
#include "daemon/ipc/client.hpp"
#include "daemon/ipc/socket_path.hpp"
#include "libcore/engine.hpp"

namespace cmdai::cli {
namespace {

using exec_guard::ExecCall;

constexpr size_t kLongest = 4096;  ///< bytes of a line that is judged here
constexpr size_t kMostKnown = 4096;

size_t bytes_of(const std::vector<std::string>& lines) {
  size_t out = 0;
  for (const std::string& line : lines) out += line.size();
  return out;
}

int64_t now_s() {
  return std::chrono::duration_cast<std::chrono::seconds>(std::chrono::system_clock::now().time_since_epoch())
      .count();
}

/// Nothing but the words and the policy makes this an allow.
bool rests_on_words(const Decision& decision, const policy::Policy& rules) {
  const policy::Verdict& verdict = decision.verdict;
  return verdict.action == policy::Action::allow && verdict.matches.empty() && verdict.allowed_by.empty() &&
         verdict.observed.empty() && !rules.changes_with_time();
}

}  // namespace

/// One delegation, from its grant to its recall.
struct Delegation::Lent {
  explicit Lent(ipc::Client granted) : daemon(std::move(granted)), store(host::paths_from_environment()) {}

  bool in_force() {
    if (!over) over = !daemon.quiet();
    return !over;
  }

  ipc::Client daemon;
  host::PolicyStore store;
  bool over = false;
  std::unordered_set<std::string> known;  ///< allowed by the store's own policy: nothing of that changes
};

Delegation::Delegation(std::string actor, std::string home)
    : actor_(std::move(actor)), home_(std::move(home)) {}
Delegation::~Delegation() = default;

std::shared_ptr<Delegation::Lent> Delegation::lent() {
  const std::lock_guard lock(mutex_);
  return lent_;
}

bool Delegation::renew() {
  if (const auto now = lent(); now != nullptr && now->daemon.quiet()) return true;
  const Result<std::string> path = ipc::socket_path();
  auto client = path ? ipc::Client::connect(*path)
                     : tl::unexpected<ipc::ClientError>({ipc::ClientError::Kind::broken, path.error()});
  if (!client) return false;
  const auto granted = client->request(ipc::Frame("delegate"));
  if (!granted || granted->type != "delegation") return false;
  // Read after the grant: what changes from here on is recalled.
  const auto fresh = std::make_shared<Lent>(std::move(*client));
  const host::Paths& paths = fresh->store.paths();
  const bool same = granted->get("policy") == fresh->store.policy()->fingerprint() &&
                    granted->get("build") == host::build_id() && granted->get("home") == paths.home &&
                    granted->get("user") == paths.user;
  if (!same || fresh->store.error() || !fresh->daemon.quiet()) return false;
  const std::lock_guard lock(mutex_);
  lent_ = fresh;
  return true;
}

bool Delegation::allows(const ExecCall& call, const std::vector<std::string>& lines, std::string& policy) {
  const std::shared_ptr<Lent> now = lent();
  if (now == nullptr || !now->in_force() || lines.size() > 2 || bytes_of(lines) > kLongest) return false;
  const std::shared_ptr<const policy::Policy> rules = now->store.policy_for(call.cwd);
  const bool plain = rules == now->store.policy();
  std::string key = call.cwd;
  for (const std::string& line : lines) key.append(1, '\0').append(line);
  policy = rules->fingerprint();
  if (plain && now->known.count(key) != 0) return true;

  Request request;
  request.command = lines[0];
  if (lines.size() > 1) request.typed = lines[1];
  request.session.dialect = dialect_from_name("bash").value_or(Dialect{});
  request.session.cwd = call.cwd;
  request.session.home = home_.empty() ? now->store.paths().home : home_;
  request.session.user = now->store.paths().user;
  request.actor.kind = policy::ActorKind::agent;
  request.actor.name = actor_.substr(actor_.find(':') + 1);
  request.now = now_s();
  host::RealProbe disk(0U);  // answers nothing: whatever asks is not judged here
  const Engine engine(rules);
  const Decision decision = engine.check(request, &disk);
  if (disk.asked() || !rests_on_words(decision, *rules)) return false;
  if (plain) {
    if (now->known.size() >= kMostKnown) now->known.clear();
    now->known.insert(std::move(key));
  }
  return true;
}

}  // namespace cmdai::cli
