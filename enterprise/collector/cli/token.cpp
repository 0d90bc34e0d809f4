// Enrollment tokens and API tokens: made by the collector that runs, or in the store of one that does not.
#include <fmt/format.h>

#include <cstdio>
#include <filesystem>

#include "enterprise/collector/cli/arguments.hpp"
#include "enterprise/collector/cli/handlers.hpp"
#include "enterprise/collector/cli/place.hpp"
#include "enterprise/collector/config/key_files.hpp"
#include "enterprise/collector/service/keyring.hpp"
#include "enterprise/collector/service/tokens.hpp"
#include "enterprise/protocol/roles.hpp"

namespace cmdai::collector::cli {

namespace {

using nlohmann::json;
namespace fs = std::filesystem;

struct WantedToken {
  std::string group = "default";
  std::uint64_t uses = 1;
  Time ttl = kDay;
};

Result<std::string> create(const Place& place, const WantedToken& wanted) {
  if (!place.running().empty()) {
    const json asked = {{"group", wanted.group}, {"uses", wanted.uses}, {"ttl_ms", wanted.ttl}};
    const auto made = place.ask("POST", "/api/v1/enrollment-tokens", asked.dump());
    if (!made) return tl::unexpected(made.error());
    return made->value("token", std::string());
  }
  auto store = place.open();
  if (!store) return tl::unexpected(store.error());
  const auto made = new_enrollment_token(wanted.group, wanted.uses, now_ms(), wanted.ttl, "command line");
  if (auto done = (*store)->devices().add_token(made.row); !done) return tl::unexpected(done.error());
  return made.secret;
}

/// What a device needs to find and to trust this collector.
Result<std::string> managed(const Place& place, const std::string& token_file, const std::string& plugin) {
  const Settings& settings = place.settings();
  const auto roots = load_roots(settings.path(settings.trust));
  if (!roots) return tl::unexpected(roots.error());
  std::string address = place.running();
  if (address.empty())
    address =
        (settings.address.find(':') == std::string::npos ? settings.address : "[" + settings.address + "]") +
        ":" + std::to_string(settings.port);
  if (address.starts_with("0.0.0.0:")) address.replace(0, 7, "localhost");
  if (address.starts_with("[::]:")) address.replace(0, 4, "localhost");
  nlohmann::ordered_json made = {
      {"Plugins", json::array({{{"Name", "enterprise"}, {"Path", plugin}}})},
      {"CollectorURL", "https://" + address},
      {"TenantID", roots->newest.tenant},
      {"EnrollmentTokenFile", token_file},
      {"RootOfTrust", wire::to_base64(roots->envelopes.back())},
      {"CAFile", settings.path(settings.authority)},
  };
  return made.dump(2) + "\n";
}

int write_out(const Place& place, const Arguments& given, const std::string& token) {
  std::string token_file = given.get("out");
  if (given.has("managed") && token_file.empty()) token_file = given.get("managed") + ".token";
  if (token_file.empty()) {
    fmt::print("{}\n", token);
    return 0;
  }
  token_file = fs::absolute(token_file).lexically_normal().string();
  if (auto done = replace_file(token_file, token + "\n", 0600); !done) return complain(done.error());
  fmt::print(stderr, "wrote {}\n", token_file);
  if (!given.has("managed")) return 0;
  const auto text = managed(place, token_file, given.get("plugin", CMDAI_PLUGIN_PATH));
  if (!text) return complain(text.error());
  if (auto done = replace_file(given.get("managed"), *text, 0644); !done) return complain(done.error());
  fmt::print(stderr,
             "wrote {}\n\nnext, on the device (paths in it must hold there):\n  sudo install -D -m 644 {} "
             "/etc/cmdai/managed.json\n",
             given.get("managed"), given.get("managed"));
  return 0;
}

}  // namespace

int run_token_create(const Arguments& given) {
  WantedToken wanted;
  wanted.group = given.get("group", wanted.group);
  if (!wire::is_name(wanted.group))
    return complain("`--group` takes lower-case letters, digits, `.`, `_`, `-`");
  const std::string uses = given.get("uses", "1");
  if (uses.empty() || uses.size() > 7 || uses.find_first_not_of("0123456789") != std::string::npos ||
      std::stoul(uses) == 0)
    return complain("`--uses` takes a number from 1 to 1000000");
  wanted.uses = std::stoul(uses);
  const auto ttl = duration(given.get("ttl", "24h"));
  if (!ttl || *ttl < kMinute || *ttl > 30 * kDay)
    return complain("`--ttl` takes a time from 1m to 30d", "such as --ttl 24h");
  wanted.ttl = *ttl;
  const auto place = Place::at(folder_of(given));
  if (!place) return complain(place.error());
  const auto token = create(*place, wanted);
  if (!token) return complain(token.error());
  return write_out(*place, given, *token);
}

int run_token_list(const Arguments& given) {
  const auto place = Place::at(folder_of(given));
  if (!place) return complain(place.error());
  json tokens = json::array();
  if (!place->running().empty()) {
    const auto answer = place->ask("GET", "/api/v1/enrollment-tokens");
    if (!answer) return complain(answer.error());
    tokens = answer->at("tokens");
  } else {
    auto store = place->open();
    if (!store) return complain(store.error());
    const auto rows = (*store)->devices().tokens();
    if (!rows) return complain(rows.error());
    for (const auto& row : *rows)
      tokens.push_back({{"id", row.id},
                        {"group", row.group},
                        {"uses", row.uses},
                        {"used", row.used},
                        {"expires", row.expires},
                        {"revoked", row.revoked == 0 ? json(nullptr) : json(row.revoked)}});
  }
  for (const json& token : tokens)
    fmt::print("{}  {:12}  {}/{} used  until {}{}\n", token.value("id", ""), token.value("group", ""),
               token.value("used", 0), token.value("uses", 0), date_time(token.value("expires", 0LL)),
               token["revoked"].is_null() ? "" : "  revoked");
  return 0;
}

int run_token_revoke(const Arguments& given) {
  const auto place = Place::at(folder_of(given));
  if (!place) return complain(place.error());
  if (!place->running().empty()) {
    const auto answer = place->ask("DELETE", "/api/v1/enrollment-tokens/" + given.operands[0]);
    return answer ? 0 : complain(answer.error());
  }
  auto store = place->open();
  if (!store) return complain(store.error());
  const auto done = (*store)->devices().revoke_token(given.operands[0], now_ms());
  return done ? 0 : complain(done.error());
}

int run_api_token_create(const Arguments& given) {
  std::vector<std::string> roles;
  if (given.has("role")) roles = given.options.find("role")->second;
  if (roles.empty()) return complain("`api-token create` needs a role", "such as --role analyst");
  for (const auto& role : roles)
    if (!is_role(role))
      return complain(fmt::format("there is no role `{}`", role),
                      "one of owner, policy-author, analyst, auditor, device-admin");
  const auto ttl = duration(given.get("ttl", "90d"));
  if (!ttl || *ttl < kMinute) return complain("`--ttl` takes a time", "such as --ttl 90d");
  const auto place = Place::at(folder_of(given));
  if (!place) return complain(place.error());
  if (!place->running().empty()) {
    const json asked = {{"name", given.operands[0]}, {"roles", roles}, {"ttl_ms", *ttl}};
    const auto made = place->ask("POST", "/api/v1/api-tokens", asked.dump());
    if (!made) return complain(made.error());
    fmt::print("{}\n", made->value("token", std::string()));
    return 0;
  }
  auto store = place->open();
  if (!store) return complain(store.error());
  const auto made = new_api_token(given.operands[0], roles, now_ms(), *ttl);
  if (auto done = (*store)->access().add_api_token(made.row); !done) return complain(done.error());
  fmt::print("{}\n", made.secret);
  return 0;
}

}  // namespace cmdai::collector::cli
