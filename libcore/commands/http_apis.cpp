// Well-known HTTP interfaces by which data is deleted: whichever client asks, and on this machine, too. From
// the API references of each product.
#include <algorithm>
#include <cctype>

#include "libcore/base/text.hpp"
#include "libcore/base/wildcard.hpp"
#include "libcore/commands/network.hpp"

namespace cmdai::commands {
namespace {

/// `url`: host (or the socket's name), port unless it is the scheme's own, path and query; * stands for any
/// text. What programs of one's own may call just so is told from them on this machine by the port.
struct Api {
  std::string_view methods;  ///< separated by blanks
  std::string_view url;
  std::string_view ports = {};  ///< on this machine only at one of these; empty: nothing else is called so
  std::string_view body = {};   ///< a key or element that must be in the data, too
};
constexpr Api kApis[] = {
    // Search engines and databases
    {"DELETE", "*:9200/*"},
    {"POST", "*/_delete_by_query*"},
    {"DELETE", "*/_all", "9200"},
    {"DELETE", "*/_snapshot/*"},
    {"DELETE", "*/_data_stream/*"},
    {"DELETE", "*.algolia.net/*"},
    {"DELETE", "*:7700/indexes/*"},
    {"DELETE", "*:6333/collections/*"},
    {"DELETE", "*:8108/collections/*"},
    {"DELETE", "*:8080/v1/schema/*"},
    {"GET POST", "*/solr/admin/*action=UNLOAD*"},
    {"GET POST", "*/solr/admin/*action=DELETE*"},
    {"GET POST", "*/solr/*/update*<delete>*"},
    {"POST", "*/solr/*/update*", {}, "delete"},
    {"DELETE", "*:5984/*"},
    {"DELETE", "*:8529/_api/*"},
    {"POST", "*/api/v2/delete*org=*", "8086"},
    {"DELETE", "*/api/v2/buckets/*", "8086"},
    {"POST PUT", "*/api/v1/admin/tsdb/delete_series*"},
    {"POST PUT", "*/loki/api/v1/delete*"},
    {"DELETE", "*/api/dashboards/uid/*", "3000"},
    {"DELETE", "*/api/datasources/*", "3000"},
    {"DELETE", "*:15672/api/*"},
    {"DELETE", "*:8081/subjects/*"},
    {"DELETE", "*:8083/connectors/*"},
    {"DELETE", "*.firebaseio.com/*"},
    // Build servers and package stores
    {"POST", "*/doDelete*"},
    {"POST", "*/doWipeOutWorkspace*"},
    {"POST", "*:9000/api/projects/delete*"},
    {"DELETE", "*/artifactory/*", "8081 8082"},
    {"DELETE", "*/service/rest/v1/*", "8081"},
    {"DELETE", "*/api/v2.0/projects/*", "80 443"},
    {"DELETE", "*/v2/*/manifests/*", "5000"},
    // Key-value and secret stores, schedulers
    {"DELETE", "*/v1/kv/*", "8500 8501"},
    {"DELETE", "*/v1/acl/*", "8500 8501"},
    {"PUT", "*/v1/catalog/deregister"},
    {"PUT", "*/v1/agent/service/deregister/*"},
    {"DELETE", "*:8200/v1/*"},
    {"DELETE", "*/v1/secret/*", "8200"},
    {"POST PUT", "*:8200/v1/*/destroy/*"},
    {"POST PUT", "*:8200/v1/*/delete/*"},
    {"POST PUT", "*/v1/sys/leases/revoke*"},
    {"POST PUT", "*/v1/sys/seal"},
    {"DELETE", "*/v2/keys/*", "2379 4001"},
    {"POST", "*/v3*/kv/deleterange"},
    {"DELETE", "*:4646/v1/*"},
    {"PUT POST", "*/v1/system/gc", "4646"},
    // Containers and clusters
    {"DELETE", "docker.sock/*"},
    {"DELETE", "podman.sock/*"},
    {"DELETE", "*:2375/*"},
    {"DELETE", "*:2376/*"},
    {"POST", "docker.sock/*/prune*"},
    {"POST", "podman.sock/*/prune*"},
    {"POST", "*:2375/*/prune*"},
    {"POST", "*:2376/*/prune*"},
    {"DELETE", "*/api/v1/namespaces/*", "6443 8001 8443 16443"},
    {"DELETE", "*/api/v1/nodes/*", "6443 8001 8443 16443"},
    {"DELETE", "*/api/v1/persistentvolumes/*", "6443 8001 8443 16443"},
    {"DELETE", "*/apis/apps/v1/*"},
    {"DELETE", "*/apis/*.k8s.io/*"},
    // Forges
    {"DELETE", "api.github.com/repos/*"},
    {"DELETE", "api.github.com/orgs/*"},
    {"DELETE", "*/api/v3/repos/*", "80 443"},
    {"DELETE", "*/api/v4/projects/*", "80 443 8929"},
    {"DELETE", "*/api/v4/groups/*", "80 443 8929"},
    {"DELETE", "*/api/v1/repos/*/*", "3000"},
    {"DELETE", "api.bitbucket.org/2.0/repositories/*"},
    // Clouds
    {"DELETE", "*.amazonaws.com/*"},
    {"DELETE", "*.blob.core.windows.net/*"},
    {"DELETE", "management.azure.com/*"},
    {"DELETE", "*.googleapis.com/*"},
    {"DELETE", "api.cloudflare.com/client/*"},
    {"DELETE", "api.digitalocean.com/v2/*"},
    {"DELETE", "api.hetzner.cloud/v1/*"},
    {"DELETE", "api.linode.com/v4/*"},
    {"DELETE", "api.heroku.com/*"},
};

/// One of the blank-separated words.
bool names(std::string_view methods, std::string_view method) {
  const size_t at = methods.find(method);
  if (method.empty() || at == std::string_view::npos) return false;
  const size_t end = at + method.size();
  return (at == 0 || methods[at - 1] == ' ') && (end == methods.size() || methods[end] == ' ');
}

struct Address {
  std::string host, port, path;  ///< host in small letters; path with the query
};

/// Without a scheme it is http, as the clients take it.
Address read_address(const std::string& url) {
  Address out;
  const size_t scheme = url.find("://");
  const bool secure = scheme != std::string::npos && lower(url.substr(0, scheme)) == "https";
  std::string rest = scheme == std::string::npos ? url : url.substr(scheme + 3);
  if (const size_t at = rest.find('@'); at < rest.find_first_of("/?#")) rest = rest.substr(at + 1);
  const size_t path = std::min(rest.find_first_of("/?#"), rest.size());
  const std::string authority = rest.substr(0, path);
  const size_t bracket = authority.rfind(']');  // [::1]:80
  const size_t colon =
      std::min(authority.find(':', bracket == std::string::npos ? 0 : bracket), authority.size());
  out.host = lower(authority.substr(0, colon));
  out.port = colon + 1 < authority.size() ? authority.substr(colon + 1) : secure ? "443" : "80";
  out.path = rest.substr(path);
  return out;
}

/// As the patterns are written.
std::string spelled(const Address& a) {
  return a.host + (a.port == "80" || a.port == "443" ? "" : ":" + a.port) + a.path;
}

/// delete, "delete": or <delete>, and not "deleted": a whole word that names what follows.
bool names_key(std::string_view body, std::string_view key) {
  const auto letter = [](char c) { return std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '_'; };
  for (size_t at = body.find(key); at != std::string_view::npos; at = body.find(key, at + 1)) {
    size_t end = at + key.size();
    if (at > 0 && letter(body[at - 1])) continue;
    if (end < body.size() && letter(body[end])) continue;
    if (at > 0 && body[at - 1] == '<') return true;
    end = body.find_first_not_of("\"' \t\r\n", end);
    if (end != std::string_view::npos && body[end] == ':') return true;
  }
  return false;
}

bool fits(const Api& api, const std::string& url, const Address& address, const Request& request) {
  const bool named =
      wildcard_match(api.url, url) || wildcard_match(api.url, std::string_view(url).substr(0, url.find('?')));
  if (!named || (!api.body.empty() && !names_key(request.body, api.body))) return false;
  return api.ports.empty() || !is_local(address.host) || names(api.ports, address.port);
}

}  // namespace

void judge_request(Sink& sink, const Request& request) {
  const std::string method = upper(request.method);
  const Address address = read_address(request.url);
  const std::string host = host_of(request.url);
  const std::string url = request.socket.empty()
                              ? spelled(address)
                              : request.socket.substr(request.socket.rfind('/') + 1) + address.path;
  for (const Api& api : kApis) {
    if (!names(api.methods, method) || !fits(api, url, address, request)) continue;
    sink.add(Kind::changes_remote, "net.delete-data").target.text = host;
    return;
  }
  if (method == "DELETE" && !is_local(host)) sink.add(Kind::changes_remote, "net.delete").target.text = host;
}

}  // namespace cmdai::commands
