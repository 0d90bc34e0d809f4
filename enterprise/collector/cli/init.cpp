// `init DIR`: everything a collector needs to be started, made once.
#include <fmt/format.h>
#include <sys/stat.h>

#include <cstdio>
#include <filesystem>

#include "enterprise/collector/cli/arguments.hpp"
#include "enterprise/collector/cli/handlers.hpp"
#include "enterprise/collector/cli/tls_files.hpp"
#include "enterprise/collector/config/key_files.hpp"
#include "enterprise/collector/config/settings.hpp"
#include "enterprise/collector/service/tokens.hpp"
#include "enterprise/collector/store/store.hpp"
#include "enterprise/protocol/envelope.hpp"
#include "enterprise/protocol/roles.hpp"

namespace cmdai::collector::cli {

namespace fs = std::filesystem;

namespace {

constexpr int kRootKeys = 3;
constexpr Time kRootTime = 3650 * kDay;

struct Wanted {
  std::string folder, tenant, name, address;
  std::uint16_t port = 8443;
  std::vector<std::string> hosts;
};

/// Keys as they are made; the public halves go into the root.
struct Made {
  std::vector<wire::SigningKey> roots;
  wire::Root root;
};

Done make_folders(const std::string& folder) {
  for (const char* name : {"", "/offline", "/keys", "/tls", "/trust", "/data"}) {
    std::error_code problem;
    fs::create_directories(folder + name, problem);
    if (problem) return failed(Problem::unavailable, folder + name + ": " + problem.message());
    ::chmod((folder + name).c_str(), 0700);
  }
  return {};
}

void give(wire::Root& root, wire::Role role, const wire::SigningKey& key) {
  root.keys.emplace(key.id(), key.public_key());
  root.role(role).keys.push_back(key.id());
}

Done make_role_key(Made& made, const std::string& file, wire::Role role) {
  const auto key = wire::SigningKey::generate();
  give(made.root, role, key);
  return write_key(file, wire::name(role), key.seed());
}

Done make_keys(const Wanted& wanted, Made& made) {
  const std::string offline = wanted.folder + "/offline/";
  const std::string online = wanted.folder + "/keys/";
  for (int i = 1; i <= kRootKeys; ++i) {
    made.roots.push_back(wire::SigningKey::generate());
    give(made.root, wire::Role::root, made.roots.back());
    if (auto done =
            write_key(offline + "root-" + std::to_string(i) + ".key", "root", made.roots.back().seed());
        !done)
      return done;
  }
  made.root.role(wire::Role::root).threshold = 2;
  if (auto done = make_role_key(made, offline + "policy.key", wire::Role::policy); !done) return done;
  for (const auto role : {wire::Role::timestamp, wire::Role::collector, wire::Role::enrollment})
    if (auto done = make_role_key(made, online + std::string(wire::name(role)) + ".key", role); !done)
      return done;
  const auto box = wire::BoxKey::generate();
  made.root.box = box.public_key();
  if (auto done = write_key(online + "box.key", "box", box.seed()); !done) return done;
  return write_key(online + "tenant.key", "tenant", wire::Key32::random());
}

Done make_root(const Wanted& wanted, Made& made) {
  made.root.version = 1;
  made.root.tenant = wanted.tenant;
  made.root.collector = wanted.name;
  made.root.created = now_ms();
  made.root.expires = made.root.created + kRootTime;
  std::vector<const wire::SigningKey*> signers;
  for (const auto& key : made.roots) signers.push_back(&key);
  const std::string envelope =
      wire::write(wire::sign_envelope(wire::Document::root, wire::write(made.root), signers));
  return write_new_file(wanted.folder + "/trust/root-1.json", envelope, 0644);
}

Done make_tls(const Wanted& wanted) {
  const auto files = make_tls_files(wanted.name, wanted.hosts);
  if (!files) return tl::unexpected(files.error());
  const std::string tls = wanted.folder + "/tls/";
  if (auto done = write_new_file(tls + "ca.crt", files->authority, 0644); !done) return done;
  if (auto done = write_new_file(wanted.folder + "/offline/ca.key", files->authority_key, 0600); !done)
    return done;
  if (auto done = write_new_file(tls + "server.crt", files->certificate, 0644); !done) return done;
  return write_new_file(tls + "server.key", files->key, 0600);
}

/// The owner's token is told once; the command line on this machine has one of its own.
Result<std::string> make_tokens(const Wanted& wanted) {
  auto store = open_sqlite_store(wanted.folder + "/data");
  if (!store) return tl::unexpected(store.error());
  const auto owner = new_api_token("owner", {"owner"}, now_ms(), 0);
  const auto local = new_api_token("command line", {"owner"}, now_ms(), 0);
  for (const auto* token : {&owner, &local})
    if (auto done = (*store)->access().add_api_token(token->row); !done) return tl::unexpected(done.error());
  if (auto done = write_new_file(wanted.folder + "/keys/command-line.token", local.secret + "\n", 0600);
      !done)
    return tl::unexpected(done.error());
  return owner.secret;
}

Result<std::string> make_all(const Wanted& wanted) {
  Made made;
  if (auto done = make_folders(wanted.folder); !done) return tl::unexpected(done.error());
  // The settings come last: a folder with them is whole.
  if (auto done = make_keys(wanted, made); !done) return tl::unexpected(done.error());
  if (auto done = make_root(wanted, made); !done) return tl::unexpected(done.error());
  if (auto done = make_tls(wanted); !done) return tl::unexpected(done.error());
  auto token = make_tokens(wanted);
  if (!token) return token;
  if (auto done = write_new_file(wanted.folder + "/collector.toml",
                                 settings_template(wanted.address, wanted.port), 0644);
      !done)
    return tl::unexpected(done.error());
  return token;
}

void add_host(std::vector<std::string>& hosts, const std::string& name) {
  if (std::find(hosts.begin(), hosts.end(), name) == hosts.end()) hosts.push_back(name);
}

/// Settings and a one-time token for a first device, as `token create` writes them.
int make_device(const Arguments& given, const Wanted& wanted) {
  Arguments asked;
  asked.options["dir"] = {wanted.folder};
  asked.options["managed"] = {given.get("device")};
  if (given.has("plugin")) asked.options["plugin"] = {given.get("plugin")};
  return run_token_create(asked);
}

int serve(const Wanted& wanted) {
  Arguments asked;
  asked.options["dir"] = {wanted.folder};
  return run_serve(asked);
}

}  // namespace

int run_init(const Arguments& given) {
  const auto listen =
      parse_settings("listen = \"" + given.get("listen", "127.0.0.1:8443") + "\"\n", "--listen");
  if (!listen) return complain("`--listen` takes ADDRESS:PORT", "such as --listen 0.0.0.0:8443");
  Wanted wanted{fs::absolute(given.operands[0]).lexically_normal().string(),
                given.get("tenant", "default"),
                given.get("name", "main"),
                listen->address,
                listen->port,
                {"localhost", "127.0.0.1", "::1"}};
  if (wanted.folder.size() > 1 && wanted.folder.back() == '/') wanted.folder.pop_back();
  for (const char* option : {"tenant", "name"})
    if (given.has(option) && !wire::is_name(given.get(option)))
      return complain(fmt::format("`--{}` takes lower-case letters, digits, `.`, `_`, `-`", option));
  if (given.has("host"))
    for (const std::string& name : given.options.find("host")->second) add_host(wanted.hosts, name);
  if (wanted.address != "0.0.0.0" && wanted.address != "::") add_host(wanted.hosts, wanted.address);
  if (fs::exists(wanted.folder + "/collector.toml") || fs::exists(wanted.folder + "/offline/root-1.key"))
    return complain(fmt::format("{} holds a collector already", wanted.folder),
                    "nothing was changed; name another folder");
  if (given.has("device") && wanted.port == 0)
    return complain("`--device` needs a port in `--listen`", "a device has to know where the collector is");
  const auto token = make_all(wanted);
  if (!token) return complain(token.error());
  fmt::print(stderr,
             "made {0}\n  offline/  keys of root and policy, and of the certificate authority: take them off "
             "this machine\n"
             "  keys/     what the running collector needs\n  collector.toml  its settings\n\n"
             "owner's API token, shown this once:\n",
             wanted.folder);
  fmt::print("{}\n", *token);
  std::fflush(stdout);
  if (given.has("device"))
    if (const int status = make_device(given, wanted); status != 0) return status;
  if (given.has("serve")) return serve(wanted);
  fmt::print(stderr,
             "\nnext:\n  cmdai-collector serve --dir {0}\n  cmdai-collector token create --dir {0} --managed "
             "managed.json\n",
             wanted.folder);
  return 0;
}

}  // namespace cmdai::collector::cli
