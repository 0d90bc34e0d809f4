// Policies: written by people, signed offline, handed to the collector.
#include <fmt/format.h>

#include <cstdio>
#include <filesystem>

#include "enterprise/collector/cli/arguments.hpp"
#include "enterprise/collector/cli/handlers.hpp"
#include "enterprise/collector/cli/place.hpp"
#include "enterprise/collector/config/key_files.hpp"
#include "enterprise/collector/service/keyring.hpp"
#include "enterprise/collector/service/policy_desk.hpp"
#include "enterprise/protocol/envelope.hpp"
#include "enterprise/protocol/policy_trust.hpp"
#include "enterprise/protocol/roles.hpp"

namespace cmdai::collector::cli {

namespace {

namespace fs = std::filesystem;

constexpr const char* kTemplate =
    R"(# What holds on every device of the organization. docs/policy-format.md explains each key.
# The file is called organization.toml; rule packs of your own are files beside it:
#   cmdai-collector policy sign organization.toml our-rules.toml
#   cmdai-collector policy publish policy.json

[policy]
profile = "balanced"
)";

Result<wire::PolicyText> read_text(const std::string& file) {
  auto text = read_file(file, wire::kMaxEnvelope);
  if (!text) return tl::unexpected(text.error());
  const std::string name = fs::path(file).filename().string();
  const auto kind =
      name == "organization.toml" ? wire::PolicyText::Kind::organization : wire::PolicyText::Kind::pack;
  return wire::PolicyText{name, kind, std::move(*text)};
}

Result<std::uint64_t> in_force(const Place& place) {
  if (!place.running().empty()) {
    const auto answer = place.ask("GET", "/api/v1/policies");
    if (!answer) return tl::unexpected(answer.error());
    return answer->value("in_force", std::uint64_t{0});
  }
  auto store = place.open();
  if (!store) return tl::unexpected(store.error());
  const auto latest = (*store)->documents().latest("policy");
  if (!latest) return tl::unexpected(latest.error());
  const auto& document = *latest;
  return document ? document->version : 0;
}

/// The times and words of the command line.
Result<wire::Policy> policy_of(const Arguments& given) {
  wire::Policy policy;
  policy.created = now_ms();
  const auto expires = duration(given.get("expires", "30d"));
  const auto not_before = duration(given.get("not-before", "0s"));
  if (!expires || *expires < kMinute)
    return failed(Problem::invalid, "`--expires` takes a time\nhint: such as --expires 30d");
  if (!not_before)
    return failed(Problem::invalid, "`--not-before` takes a time\nhint: such as --not-before 1h");
  policy.not_before = policy.created + *not_before;
  policy.expires = policy.created + *expires;
  policy.min_daemon = given.get("min-daemon", "0.1.0");
  if (!wire::compare_versions(policy.min_daemon, "0.0.0"))
    return failed(Problem::invalid, "`--min-daemon` takes MAJOR.MINOR.PATCH");
  const std::string stale = given.get("on-stale", "warn");
  if (stale != "allow" && stale != "warn" && stale != "block")
    return failed(Problem::invalid, "`--on-stale` takes allow, warn or block");
  policy.on_stale = stale == "allow"  ? wire::OnStale::allow
                    : stale == "warn" ? wire::OnStale::warn
                                      : wire::OnStale::block;
  for (const std::string& file : given.operands) {
    auto text = read_text(file);
    if (!text) return tl::unexpected(text.error());
    policy.documents.push_back(std::move(*text));
  }
  return policy;
}

Done set_version(const Arguments& given, const Place& place, wire::Policy& policy) {
  const std::string version = given.get("version", "auto");
  if (version == "auto") {
    const auto last = in_force(place);
    if (!last) return tl::unexpected(last.error());
    policy.version = *last + 1;
    return {};
  }
  if (version.empty() || version.size() > 15 || version.find_first_not_of("0123456789") != std::string::npos)
    return failed(Problem::invalid, "`--version` takes a number or auto");
  policy.version = std::stoull(version);
  return {};
}

}  // namespace

int run_policy_new(const Arguments& given) {
  const auto done = write_new_file(given.operands[0], kTemplate, 0644);
  if (!done) return complain(done.error());
  fmt::print(stderr, "wrote {}\n\nnext:\n  cmdai-collector policy sign {}\n", given.operands[0],
             given.operands[0]);
  return 0;
}

int run_policy_sign(const Arguments& given) {
  auto policy = policy_of(given);
  if (!policy) return complain(policy.error());
  const auto place = Place::at(folder_of(given));
  if (!place) return complain(place.error());
  if (auto done = set_version(given, *place, *policy); !done) return complain(done.error());
  const auto seed = read_key(given.get("key", place->settings().path("offline/policy.key")), "policy");
  if (!seed) return complain(seed.error());
  const auto key = wire::SigningKey::from_seed(*seed);
  const wire::SigningKey* const keys[] = {&key};
  const std::string payload = wire::write(*policy);
  if (const auto read = wire::read_policy(payload); !read) return complain(read.error().text);
  const std::string out = given.get("out", "policy.json");
  const std::string envelope = wire::write(wire::sign_envelope(wire::Document::policy, payload, keys));
  if (envelope.size() > wire::kMaxEnvelope) return complain("the policy is larger than 2 MiB");
  if (auto done = replace_file(out, envelope, 0644); !done) return complain(done.error());
  fmt::print(stderr, "signed version {} into {}\n\nnext:\n  cmdai-collector policy publish {}\n",
             policy->version, out, out);
  return 0;
}

int run_policy_publish(const Arguments& given) {
  const auto envelope = read_file(given.operands[0], wire::kMaxEnvelope);
  if (!envelope) return complain(envelope.error());
  const auto place = Place::at(folder_of(given));
  if (!place) return complain(place.error());
  if (!place->running().empty()) {
    const auto answer = place->ask("POST", "/api/v1/policies", *envelope);
    if (!answer) return complain(answer.error());
    fmt::print(stderr, "version {} is in force\n", answer->value("version", std::uint64_t{0}));
    return 0;
  }
  const auto keyring = load_keyring(place->settings());
  if (!keyring) return complain(keyring.error());
  auto store = place->open();
  if (!store) return complain(store.error());
  PolicyDesk desk(**keyring, **store, now_ms);
  if (auto opened = desk.open(); !opened) return complain(opened.error());
  const auto version = desk.publish(*envelope);
  if (!version) return complain(version.error());
  fmt::print(stderr, "version {} is in force, from when the collector runs\n", *version);
  return 0;
}

}  // namespace cmdai::collector::cli
