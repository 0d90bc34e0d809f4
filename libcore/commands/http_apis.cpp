// Well-known HTTP interfaces by which data is deleted: whichever client asks, and on this machine, too. From
// the API references of each product.
#include <algorithm>

#include "libcore/base/text.hpp"
#include "libcore/base/wildcard.hpp"
#include "libcore/commands/network.hpp"

namespace cmdai::commands {
namespace {

/// `url` without scheme and user: host (or the socket's name), port, path and query; * stands for any text.
struct Api {
  std::string_view methods;  ///< separated by blanks
  std::string_view url;
  std::string_view body = {};  ///< what must be in the data, too
};
constexpr Api kApis[] = {
    // Search engines and databases
    {"DELETE", "*:9200/*"},
    {"POST", "*/_delete_by_query*"},
    {"DELETE", "*/_all"},
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
    {"POST", "*/solr/*/update*", "delete"},
    {"DELETE", "*:5984/*"},
    {"DELETE", "*:8529/_api/*"},
    {"POST", "*/api/v2/delete*org=*"},
    {"DELETE", "*/api/v2/buckets/*"},
    {"POST PUT", "*/api/v1/admin/tsdb/delete_series*"},
    {"POST PUT", "*/loki/api/v1/delete*"},
    {"DELETE", "*/api/dashboards/uid/*"},
    {"DELETE", "*/api/datasources/*"},
    {"DELETE", "*:15672/api/*"},
    {"DELETE", "*:8081/subjects/*"},
    {"DELETE", "*:8083/connectors/*"},
    {"DELETE", "*.firebaseio.com/*"},
    // Build servers and package stores
    {"POST", "*/doDelete*"},
    {"POST", "*/doWipeOutWorkspace*"},
    {"POST", "*:9000/api/projects/delete*"},
    {"DELETE", "*/artifactory/*"},
    {"DELETE", "*/service/rest/v1/*"},
    {"DELETE", "*/api/v2.0/projects/*"},
    {"DELETE", "*/v2/*/manifests/*"},
    // Key-value and secret stores, schedulers
    {"DELETE", "*/v1/kv/*"},
    {"DELETE", "*/v1/acl/*"},
    {"PUT", "*/v1/catalog/deregister"},
    {"PUT", "*/v1/agent/service/deregister/*"},
    {"DELETE", "*:8200/v1/*"},
    {"DELETE", "*/v1/secret/*"},
    {"POST PUT", "*:8200/v1/*/destroy/*"},
    {"POST PUT", "*:8200/v1/*/delete/*"},
    {"POST PUT", "*/v1/sys/leases/revoke*"},
    {"POST PUT", "*/v1/sys/seal"},
    {"DELETE", "*/v2/keys/*"},
    {"POST", "*/v3*/kv/deleterange"},
    {"DELETE", "*:4646/v1/*"},
    {"PUT POST", "*/v1/system/gc"},
    // Containers and clusters
    {"DELETE", "docker.sock/*"},
    {"DELETE", "podman.sock/*"},
    {"DELETE", "*:2375/*"},
    {"DELETE", "*:2376/*"},
    {"POST", "docker.sock/*/prune*"},
    {"POST", "podman.sock/*/prune*"},
    {"POST", "*:2375/*/prune*"},
    {"POST", "*:2376/*/prune*"},
    {"DELETE", "*/api/v1/namespaces/*"},
    {"DELETE", "*/api/v1/nodes/*"},
    {"DELETE", "*/api/v1/persistentvolumes/*"},
    {"DELETE", "*/apis/apps/v1/*"},
    {"DELETE", "*/apis/*.k8s.io/*"},
    // Forges
    {"DELETE", "api.github.com/repos/*"},
    {"DELETE", "api.github.com/orgs/*"},
    {"DELETE", "*/api/v3/repos/*"},
    {"DELETE", "*/api/v4/projects/*"},
    {"DELETE", "*/api/v4/groups/*"},
    {"DELETE", "*/api/v1/repos/*"},
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

bool names(std::string_view methods, std::string_view method) {
  const size_t at = methods.find(method);
  if (method.empty() || at == std::string_view::npos) return false;
  const size_t end = at + method.size();
  return (at == 0 || methods[at - 1] == ' ') && (end == methods.size() || methods[end] == ' ');
}

std::string without_scheme(const std::string& url) {
  const size_t scheme = url.find("://");
  std::string rest = scheme == std::string::npos ? url : url.substr(scheme + 3);
  const size_t at = rest.find('@');
  return at != std::string::npos && at < rest.find_first_of("/?#") ? rest.substr(at + 1) : rest;
}

}  // namespace

void judge_request(Sink& sink, const Request& request) {
  const std::string method = upper(request.method);
  std::string url = without_scheme(request.url);
  const std::string host = host_of(request.url);
  if (!request.socket.empty())
    url = request.socket.substr(request.socket.rfind('/') + 1) +
          url.substr(std::min(url.find('/'), url.size()));
  for (const Api& api : kApis) {
    if (!names(api.methods, method) || !wildcard_match(api.url, url)) continue;
    if (!api.body.empty() && request.body.find(api.body) == std::string::npos) continue;
    sink.add(Kind::changes_remote, "net.delete-data").target.text = host;
    return;
  }
  if (method == "DELETE" && !is_local(host)) sink.add(Kind::changes_remote, "net.delete").target.text = host;
}

}  // namespace cmdai::commands
