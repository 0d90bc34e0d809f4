#include "test/enterprise/plugin/world.hpp"

#include <fmt/format.h>
#include <unistd.h>

#include <cstdio>
#include <nlohmann/json.hpp>

#include "enterprise/protocol/event_line.hpp"

namespace cmdai::device {
namespace {

std::string write_token() {
  static unsigned number = 0;
  std::string path = fmt::format("/tmp/cmdai-token-{}-{}", ::getpid(), ++number);
  std::FILE* file = std::fopen(path.c_str(), "w");
  if (file == nullptr) return {};
  std::fputs(wire::to_hex(organization().token.view()).c_str(), file);
  std::fclose(file);
  return path;
}

std::string local_line(uint64_t seq, unsigned kind) {
  static constexpr const char* kActions[] = {"allow", "allow", "warn", "ask", "block"};
  if (kind % 11 == 10)
    return fmt::format(
        R"({{"v":1,"seq":{},"time":"2026-09-21T12:00:00.000Z","type":"finished","id":"9b1deb4d-{}","status":0,"ms":12,"policy":"0f3a5c7e9b1d2f40","prev":"00"}})",
        seq, seq);
  return fmt::format(
      R"({{"v":1,"seq":{},"time":"2026-09-21T12:00:00.000Z","type":"command.decision","id":"9b1deb4d-{}","action":"{}","command":"git push --force {}","shell":"bash","cwd":"/home/u","actor":"human","us":180,"policy":"0f3a5c7e9b1d2f40","prev":"00"}})",
      seq, seq, kActions[kind % 5], std::string(kind % 97, 'x'));
}

}  // namespace

World::World(uint64_t seed)
    : disk(seed ^ 0x9E3779B97F4A7C15U), collector(true_clock, seed ^ 0x5851F42D4C957F2DU), random_(seed) {
  token_file_ = write_token();
  settings.collector.host = "collector.example.org";
  settings.root = organization().root_envelope();
  settings.token_file = token_file_;
  settings.spool_cap = uint64_t{1} << 20U;
  machine.host = "host";
  machine.os = "os";
  machine.user = "u";
  machine.daemon_version = "0.1.0";
  machine.boot_id = "00000000-0000-4000-8000-000000000001";
}

World::~World() { ::unlink(token_file_.c_str()); }

void World::tell(bool /*serious*/, std::string_view text) { told.emplace_back(text); }
void World::policy_changed() { policy_waits_ = true; }

template <class Work>
void World::alive(Work&& work) {
  if (!device_) return;
  try {
    work();
  } catch (const Killed&) {
    ++crashes;
    device_.reset();
    disk.kill_in(0);
  }
}

void World::start_device() {
  disk.kill_in(0);
  policy_waits_ = true;
  device_ = std::make_unique<Device>(
      DeviceParts{disk, clock, collector, no_log_, *this,
                  [this](int64_t most) {
                    return most <= 0 ? 0 : static_cast<int64_t>(random_() % static_cast<uint64_t>(most + 1));
                  }},
      settings, machine);
  alive([&] {
    if (auto done = device_->start(); !done) told.push_back("start: " + done.error().text);
    given_ = device_->recorded();
    // What was promised as durable has to be so after any end, unless somebody took the disk's files away.
    if (given_ < promised_) promise_broken = true;
    take_policy();
  });
}

void World::take_policy() {
  if (!policy_waits_) return;
  policy_waits_ = false;
  const auto texts = device_->documents();
  if (texts.empty()) return;
  const bool good = texts.front().text.find("broken") == std::string::npos;
  if (good) compiled.push_back(texts.front().text);
  device_->compiled(good, good ? "" : "organization.toml:1:1: broken");
}

void World::stop_device(bool in_order) {
  if (in_order) alive([&] { device_->stop(); });
  if (!in_order) ++crashes;
  device_.reset();
  disk.kill_in(0);
}

void World::power_cut() {
  stop_device(false);
  disk.power_cut();
  machine.boot_id = fmt::format("00000000-0000-4000-8000-{:012}", random_() % 1'000'000'000'000U);
}

void World::add_lines(unsigned count) {
  for (unsigned i = 0; i < count; ++i)
    lines_.push_back(local_line(lines_.size() + 1, static_cast<unsigned>(random_() % 1000)));
}

void World::feed() {
  alive([&] {
    while (given_ < lines_.size() && device_->record(given_ + 1, lines_[given_])) ++given_;
  });
}

void World::sync() {
  alive([&] {
    (void)device_->sync();
    promised_ = std::max(promised_, device_->recorded());
  });
}

void World::step() {
  alive([&] {
    (void)device_->step();
    take_policy();
  });
}

void World::pass(int64_t ms) {
  clock.pass(ms);
  true_clock.pass(ms);
}

void World::break_something() {
  const auto chance = [this] { return static_cast<unsigned>(random_() % 30); };
  switch (random_() % 10) {
    case 0: disk.kill_in(1 + random_() % 40); break;
    case 1: power_cut(); break;
    case 2: stop_device(random_() % 2 == 0); break;
    case 3: disk.set_full(true); break;
    case 4: clock.now += (random_() % 2 == 0 ? 1 : -1) * int64_t{365} * 86'400'000; break;
    case 5: clock.now = true_clock.now; break;
    case 6: collector.network.down = !collector.network.down; break;
    case 7: collector.most_body = random_() % 2 == 0 ? wire::kMaxBody : 1500 + random_() % 3000; break;
    case 8:
      collector.publish_policy(random_() % 3 == 0 ? "broken" : fmt::format("policy {}", random_()));
      break;
    default:
      collector.network.loses_request = chance();
      collector.network.loses_answer = chance();
      collector.network.delays = chance();
      collector.network.refuses = chance();
      collector.network.strips = chance();
  }
}

void World::one_step() {
  if (!device_ && random_() % 3 != 0) start_device();
  if (random_() % 4 == 0) add_lines(static_cast<unsigned>(random_() % 12));
  if (random_() % 400 == 0) add_lines(500);
  feed();
  if (random_() % 2 == 0) sync();
  step();
  if (random_() % 8 == 0) collector.deliver_delayed();
  if (disk.full() && random_() % 4 == 0) disk.set_full(false);
  pass(static_cast<int64_t>(random_() % 3000));
  if (random_() % 12 == 0) break_something();
}

void World::live(unsigned steps) {
  for (unsigned i = 0; i < steps; ++i) one_step();
}

void World::heal() {
  collector.network = {};
  collector.most_body = wire::kMaxBody;
  disk.set_full(false);
  clock.now = true_clock.now;
  collector.deliver_delayed();
  disk.kill_in(0);
  if (!device_) start_device();
  // As long as it takes: hours of waiting for a refusal's end pass in no time.
  for (unsigned i = 0; i < 4000; ++i) {
    if (!device_) start_device();
    feed();
    sync();
    step();
    const DeviceStatus status = device_->status();
    if (status.enrolled && given_ == lines_.size() && device_->recorded() == lines_.size() &&
        status.waiting == 0 && i > 50)
      return;
    pass(i % 10 == 9 ? 30'000 : 500);
  }
}

std::string World::lost() const {
  uint64_t told_until = 0;
  for (const auto& [seq, line] : collector.events) {
    const auto json = nlohmann::json::parse(line);
    const auto number = [&](const char* object, const char* key) {
      return json.contains(object) ? json[object][key].get<uint64_t>() : 0;
    };
    uint64_t from = number("local", "seq"), to = from;
    if (json.contains("folded")) {
      from = number("folded", "from_local");
      to = number("folded", "to_local");
    }
    if (json.contains("local_gap")) {
      from = number("local_gap", "from");
      to = number("local_gap", "to");
    }
    if (from == 0) continue;
    if (to <= told_until) continue;  // told twice, as after damage
    if (from != told_until + 1) return fmt::format("line {} is told after line {}", from, told_until);
    told_until = to;
  }
  if (told_until != lines_.size()) return fmt::format("{} of {} lines are told", told_until, lines_.size());
  return {};
}

bool World::has_event(std::string_view type) const {
  for (const auto& [seq, line] : collector.events) {
    const auto head = wire::read_event_head(line);
    if (head && head->type == type) return true;
  }
  return false;
}

bool World::noticed() const {
  if (!collector.alarms.empty()) return true;
  for (const auto& one : collector.declared)
    if (one.same_boot || one.gap.cause != "unclean-stop") return true;
  for (const char* type : {"spool.damaged", "policy.damaged", "policy.refused", "chain.ahead",
                           "receipt.damaged", "state.damaged"})
    if (has_event(type)) return true;
  return false;
}

}  // namespace cmdai::device
