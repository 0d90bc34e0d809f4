#include "enterprise/collector/service/collector.hpp"

#include "enterprise/collector/base/log.hpp"

namespace cmdai::collector {

namespace {

constexpr std::size_t kMostRequests = 8192;  // that wait for a worker

}  // namespace

Collector::Collector(Settings settings, std::shared_ptr<const Keyring> keyring, std::unique_ptr<Store> store,
                     Clock clock)
    : settings_(std::move(settings)),
      keyring_(std::move(keyring)),
      store_(std::move(store)),
      clock_(std::move(clock)),
      alarms_(clock_),
      cache_(store_->devices()),
      gate_(*keyring_, *store_, cache_, alarms_, metrics_, clock_),
      policies_(*keyring_, *store_, clock_),
      commands_(*keyring_, store_->devices(), clock_),
      enrollment_(*keyring_, *store_, cache_, alarms_, metrics_, clock_,
                  [this](const std::string& device) { heartbeats_.enrolled(device); }),
      heartbeats_({settings_, *store_, alarms_, policies_, commands_, metrics_, clock_}),
      chains_(store_->ledger()),
      indexer_(*store_, metrics_, clock_, settings_.index_days) {}

Result<std::unique_ptr<Collector>> Collector::open(const Settings& settings, Clock clock) {
  auto keyring = load_keyring(settings);
  if (!keyring) return tl::unexpected(keyring.error());
  auto store = open_sqlite_store(settings.path(settings.data));
  if (!store) return tl::unexpected(store.error());
  std::unique_ptr<Collector> made(
      new Collector(settings, std::move(*keyring), std::move(*store), std::move(clock)));
  if (auto begun = made->begin(); !begun) return tl::unexpected(begun.error());
  return made;
}

Done Collector::begin() {
  if (auto done = policies_.open(); !done) return done;
  if (auto done = heartbeats_.open(own_device(keyring_->root).hex()); !done) return done;
  workers_ = std::make_unique<Workers>(settings_.workers, kMostRequests);
  auto queue = CommitQueue::open(store_->ledger(), *workers_, metrics_, settings_.queue, [this] {
    const std::scoped_lock lock(followers_mutex_);
    for (Loop* follower : followers_) follower->wake();
  });
  if (!queue) return tl::unexpected(queue.error());
  queue_ = std::move(*queue);
  log_ = std::make_unique<LogDesk>(*keyring_, *store_, *queue_, metrics_, clock_);
  own_chain_ = std::make_unique<OwnChain>(*keyring_, *store_, *queue_, clock_);
  ingest_ = std::make_unique<Ingest>(Ingest::Parts{settings_, *keyring_, *store_, chains_, *queue_, alarms_,
                                                   policies_, commands_, metrics_, clock_});
  device_api_ = std::make_unique<DeviceApi>(
      DeviceApi::Parts{gate_, enrollment_, *ingest_, heartbeats_, policies_, *log_});
  index_loop_ = std::make_unique<Loop>(
      std::chrono::seconds(1), [this] { return indexer_.turn(); }, true);
  add_follower(index_loop_.get());
  keeper_ = std::make_unique<Loop>(std::chrono::seconds(1), [this] { return look_after(); });
  return {};
}

void Collector::add_follower(Loop* follower) {
  const std::scoped_lock lock(followers_mutex_);
  followers_.push_back(follower);
}

void Collector::forget_followers() {
  const std::scoped_lock lock(followers_mutex_);
  if (followers_.size() > 1)
    followers_.erase(followers_.begin() + 1, followers_.end());  // the first is our own
}

void Collector::drain() {
  if (queue_) queue_->stop();
  if (workers_) workers_->stop();
}

Collector::~Collector() {
  drain();
  {
    const std::scoped_lock lock(followers_mutex_);
    followers_.clear();
  }
  if (keeper_) keeper_->stop();
  if (index_loop_) index_loop_->stop();
  heartbeats_.look();
  if (log_) static_cast<void>(log_->checkpoint());
}

void Collector::handle(Request request, const Reply& reply) {
  auto shared = std::make_shared<Request>(std::move(request));
  if (shared->refused == 0 && workers_->offer([this, shared, reply] { dispatch(*shared, reply); })) return;
  // Too large or too much: said here and now, and so that a device believes it.
  metrics_.count_refusal(shared->refused == 413 ? Refused::too_large : Refused::busy);
  Response response = shared->refused == 413   ? error_response(413, "too-large")
                      : shared->refused == 400 ? error_response(400, "malformed")
                      : shared->refused == 431 ? error_response(431, "too-large")
                                               : try_later(429);
  if (const auto nonce = wire::Nonce::from_hex(shared->header("cmdai-nonce"))) gate_.sign(response, *nonce);
  reply(std::move(response));
}

void Collector::dispatch(Request& request, const Reply& reply) {
  if (!split_target(request)) return reply(error_response(400, "malformed"));
  if (device_api_->handle(request, reply)) return;
  if (api_ && api_(request, reply)) return;
  reply(error_response(404, "not-found"));
}

/// What is done each second, and less often.
bool Collector::look_after() {
  const Time now = clock_();
  heartbeats_.look();
  const auto complain = [](const char* what, const Done& done) {
    if (!done) log(Level::error, what, {{"why", done.error().text}});
  };
  complain("alarms.not-recorded", own_chain_->turn());
  complain("maintenance.failed", store_->maintain());
  if (now - last_checkpoint_ >= static_cast<Time>(settings_.checkpoint_seconds) * kSecond) {
    last_checkpoint_ = now;
    complain("checkpoint.failed", log_->checkpoint());
  }
  complain("timestamp.failed", policies_.renew_if_old());
  if (settings_.index_days != 0 && now - last_retention_ >= kHour) {
    last_retention_ = now;
    const auto gone = store_->index().forget_before(now - static_cast<Time>(settings_.index_days) * kDay);
    if (gone && *gone != 0) log(Level::info, "index.forgotten", {{"days", std::to_string(*gone)}});
  }
  return false;
}

Gauges Collector::gauges() {
  const auto numbers = heartbeats_.numbers();
  return {store_->bytes(), numbers.devices, numbers.silent, indexer_.lag_seconds()};
}

}  // namespace cmdai::collector
