#include "daemon/cmdaid/plugins.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "daemon/cmdaid/log.hpp"
#include "libcore/base/text.hpp"

namespace cmdai::daemon {

using ipc::Frame;
using Clock = std::chrono::steady_clock;

namespace {

/// Puts a plugin's document where it counts. Returns what is wrong.
std::string add(host::Organization& out, const std::string& plugin, const PluginDocument& document) {
  if (document.kind == "groups") {
    for (std::string& name : words_in(document.text, "\n")) out.groups.push_back(std::move(name));
    return {};
  }
  policy::SourceFile file{fmt::format("plugin:{}/{}", plugin, document.name), document.text};
  if (document.kind != "settings") {
    out.packs.push_back(std::move(file));
    return {};
  }
  if (out.settings)
    return fmt::format("{}: there are an organization's settings already, {}", file.path, out.settings->path);
  out.settings = std::move(file);
  return {};
}

}  // namespace

Plugins::Plugins(boost::asio::io_context& io, host::ManagedPlace place, host::PolicyStore& store,
                 const host::EventLog& log, Hooks hooks)
    : place_(std::move(place)),
      store_(store),
      hooks_(std::move(hooks)),
      context_{io,
               store.paths(),
               log,
               hooks_.record,
               [this](Plugin& speaker, std::vector<PluginDocument> documents) {
                 compile(&speaker, std::move(documents));
               },
               hooks_.posture},
      feed_timer_(io),
      posture_timer_(io),
      closing_timer_(io) {}

Plugins::~Plugins() = default;

void Plugins::start() {
  reload();
  wait_for_all();
}

/// What they say counts from the first command on.
void Plugins::wait_for_all() {
  const auto end = Clock::now() + kLongestStart;
  const auto waits = [](const auto& plugin) { return !plugin->settled(); };
  while (std::any_of(plugins_.begin(), plugins_.end(), waits) && Clock::now() < end)
    context_.io.run_one_for(std::chrono::milliseconds(50));
  if (context_.io.stopped()) context_.io.restart();
}

std::optional<Diagnostic> Plugins::reload() {
  const bool was_broken = error_.has_value();
  auto read = host::read_managed(place_);
  if (!read) {
    const std::string text = read.error().render();
    log_error(text);
    hooks_.record("managed.failed", {},
                  plugins_.empty() && managed_.files.empty() ? "nothing of it is in force: " + text
                                                             : "the last good one stays in force: " + text);
    error_ = std::move(read.error());
    return error_;
  }
  error_.reset();
  if (was_broken || read->files != managed_.files || read->plugins != managed_.plugins)
    hooks_.record("managed.loaded", {},
                  read->files.empty() ? "no managed configuration"
                                      : fmt::format("{}{}", fmt::join(read->files, ", "),
                                                    read->own ? " (your own file, level L1)" : ""));
  apply(*read);
  managed_ = std::move(*read);
  return std::nullopt;
}

void Plugins::apply(const host::Managed& managed) {
  const auto same = [](const std::string& name) {
    return [&name](const auto& one) { return one->name() == name; };
  };
  for (const host::PluginEntry& entry : managed.plugins) {
    const auto it = std::find_if(plugins_.begin(), plugins_.end(), same(entry.name));
    if (it != plugins_.end()) {
      (*it)->configure(entry, managed.own);
      continue;
    }
    plugins_.push_back(std::make_unique<Plugin>(context_, entry, managed.own));
    plugins_.back()->start();
  }
  const auto gone = [&managed](const auto& one) {
    return std::none_of(managed.plugins.begin(), managed.plugins.end(),
                        [&one](const host::PluginEntry& entry) { return entry.name == one->name(); });
  };
  const auto first = std::stable_partition(plugins_.begin(), plugins_.end(), std::not_fn(gone));
  if (first == plugins_.end()) return;
  bool policy_goes = false;
  for (auto it = first; it != plugins_.end(); ++it) {
    policy_goes = policy_goes || !(*it)->documents.empty();
    (*it)->feed();
    (*it)->stop(true);
    closing_.push_back(std::move(*it));
  }
  plugins_.erase(first, plugins_.end());
  if (policy_goes) compile(nullptr, {});
  forget_closed();
}

/// Their processes end on their own time; until then they must be there to be told.
void Plugins::forget_closed() {
  closing_timer_.expires_after(2 * Plugin::kClosing);
  closing_timer_.async_wait([this](boost::system::error_code error) {
    if (!error) closing_.clear();
  });
}

void Plugins::stop() {
  feed_timer_.cancel();
  feed();
  posture_timer_.cancel();
  closing_timer_.cancel();
  for (const auto& plugin : plugins_) plugin->stop(false);
}

std::vector<PluginWord> Plugins::decide(const Frame& question) {
  std::vector<PluginWord> out;
  for (const auto& plugin : plugins_) {
    if (const std::optional<PluginWord>& gate = plugin->gate(); gate) out.push_back(*gate);
    if (auto said = plugin->decide(question)) out.push_back(std::move(*said));
  }
  return out;
}

std::optional<PluginWord> Plugins::refuse(const Frame& question) {
  for (const auto& plugin : plugins_)
    if (auto said = plugin->refuse(question)) return said;
  return std::nullopt;
}

/// The organization's policy is what all plugins give together. `speaker` has given `documents` in place of
/// its last ones; they count when the whole compiles.
void Plugins::compile(Plugin* speaker, std::vector<PluginDocument> documents) {
  if (speaker != nullptr && documents == speaker->documents) return speaker->policy_result(true, "");
  host::Organization organization;
  std::string why;
  for (const auto& plugin : plugins_)
    for (const PluginDocument& d : plugin.get() == speaker ? documents : plugin->documents)
      if (std::string wrong = add(organization, plugin->name(), d); !wrong.empty()) why = std::move(wrong);
  if (why.empty())
    if (const auto done = store_.set_organization(std::move(organization)); !done)
      why = done.error().render();
  if (why.empty() && speaker != nullptr) speaker->documents = std::move(documents);
  if (why.empty()) {
    log_info("policy loaded: " + store_.policy()->fingerprint());
    hooks_.record("policy.loaded", {}, "the organization's policy");
  } else {
    log_error(why);
    hooks_.record("policy.failed", {}, why);
  }
  if (speaker != nullptr) speaker->policy_result(why.empty(), why);
}

/// A moment later: what a plugin does with a line would take the processor from the command that was just
/// answered.
void Plugins::lines_written() {
  if (plugins_.empty() || std::exchange(feed_waits_, true)) return;
  feed_timer_.expires_after(kFeedEach);
  feed_timer_.async_wait([this](boost::system::error_code error) {
    feed_waits_ = false;
    if (!error) feed();
  });
}

void Plugins::feed() {
  for (const auto& plugin : plugins_) plugin->feed();
}

/// At once, but not more often than each two seconds.
void Plugins::look_again() {
  if (plugins_.empty() || std::exchange(posture_waits_, true)) return;
  posture_timer_.expires_at(std::max(posture_timer_.expiry() + kPostureEach, Clock::now()));
  posture_timer_.async_wait([this](boost::system::error_code error) {
    posture_waits_ = false;
    if (!error) tell_posture();
  });
}

void Plugins::tell_posture() {
  const std::string json = hooks_.posture();
  for (const auto& plugin : plugins_) plugin->tell_posture(json);
}

void Plugins::status(Frame& out) const {
  for (const std::string& file : managed_.files) out.add("managed", file);
  if (managed_.own) out.add("managed_own", "1");
  if (error_) out.add("managed_error", error_->render());
  size_t number = 0;
  for (const auto& plugin : plugins_) plugin->status(out, fmt::format("plugin.{}.", ++number));
}

}  // namespace cmdai::daemon
