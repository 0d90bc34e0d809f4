// A plugin of cmdai in C++: policy, gate and posture. Its settings name what it gives: {"policy": PATH of
// TOML, "rules": PATH of TOML, "gate": ACTION, "reason": TEXT, "throw": true}.
#include <fstream>
#include <nlohmann/json.hpp>
#include <sstream>
#include <stdexcept>

#include "libcore/plugin/plugin.hpp"

namespace {

namespace plugin = cmdai::plugin;

std::string file_text(const std::string& path) {
  std::ifstream file(path);
  if (!file) throw std::runtime_error("cannot read " + path);
  std::ostringstream text;
  text << file.rdbuf();
  return text.str();
}

class Sample : public plugin::Plugin {
 public:
  explicit Sample(const plugin::Host& host) : Plugin(host) {
    take(host.settings());
    host.log(plugin::Level::info, "opened in " + std::string(host.state_dir()));
    note("host", std::string(host.name()) + ' ' + std::string(host.daemon_sha256()) + ' ' +
                     std::string(host.user()) + ' ' + std::to_string(host.last_event()) + ' ' +
                     std::string(host.settings()));
  }
  Sample(const Sample&) = delete;
  Sample& operator=(const Sample&) = delete;
  ~Sample() override { note("closed", "1"); }

  void reload(std::string_view settings) override {
    take(settings);
    host().changed(plugin::Changed::policy);
    host().changed(plugin::Changed::gate);
    host().report("the settings were read again");
  }
  plugin::Health health() override {
    return {settings_.contains("policy") ? plugin::HealthState::ok : plugin::HealthState::degraded,
            {{"settings", std::to_string(settings_.size())}, {"result", result_}}};
  }
  std::optional<Decision> decide(const Request& request, const Verdict&) override {
    if (settings_.contains("throw")) throw std::runtime_error("thrown out of decide");
    if (request.command().find("sample-ask") == std::string_view::npos) return std::nullopt;
    note("asked", std::string(request.shell()) + ' ' + std::string(request.cwd()) + ' ' +
                      std::string(request.actor()) + ' ' + std::string(request.actor_name()) + ' ' +
                      std::string(request.source()) + ' ' + (request.recorded() ? "recorded" : "explained"));
    return Decision{plugin::Action::ask, {}, "the sample wants to be asked", {}};
  }
  std::vector<Document> policy() override {
    std::vector<Document> out;
    if (settings_.contains("policy"))
      out.push_back(
          {Document::Kind::settings, "org.toml", file_text(settings_["policy"].get<std::string>())});
    if (settings_.contains("rules"))
      out.push_back({Document::Kind::rules, "rules.toml", file_text(settings_["rules"].get<std::string>())});
    return out;
  }
  void policy_result(bool ok, std::string_view text) override {
    result_ = ok ? "good" : "bad: " + std::string(text.substr(0, text.find('\n')));
    host().changed(plugin::Changed::health);
  }
  std::optional<Decision> gate() override {
    const std::string action = settings_.value("gate", std::string());
    if (action.empty()) return std::nullopt;
    return Decision{action == "block" ? plugin::Action::block
                    : action == "ask" ? plugin::Action::ask
                                      : plugin::Action::warn,
                    "gate",
                    settings_.value("reason", std::string("the gate is shut")),
                    {}};
  }
  void posture(std::string_view json) override { note("posture", std::string(json)); }

 private:
  void take(std::string_view settings) { settings_ = nlohmann::json::parse(settings); }
  /// For the test to look at.
  void note(const std::string& name, const std::string& text) const {
    const std::string path = std::string(host().state_dir()) + '/' + name;
    std::ofstream(path + ".new") << text;
    std::rename((path + ".new").c_str(), path.c_str());
  }
  nlohmann::json settings_;
  std::string result_ = "none";
};

}  // namespace

CMDAI_PLUGIN(Sample, "sample-cpp", "2.0")
