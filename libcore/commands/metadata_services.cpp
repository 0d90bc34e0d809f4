// Addresses inside a cloud's machine that hand its keys to whoever asks. From the providers' pages: AWS EC2
// "Instance metadata", ECS and EKS "Task IAM roles" and "Pod Identity", Google "VM metadata", Azure "Managed
// identities", Alibaba "RAM roles", Tencent "CAM roles", Oracle "Instance metadata", DigitalOcean, Hetzner,
// OpenStack. Start-up data belongs to it: passwords stand there.
#include <algorithm>

#include "libcore/base/text.hpp"
#include "libcore/base/wildcard.hpp"
#include "libcore/commands/host_names.hpp"
#include "libcore/commands/network.hpp"

namespace cmdai::commands {
namespace {

constexpr std::string_view kHosts[] = {"169.254.169.254",
                                       "169.254.169.253",
                                       "[fd00:ec2::254]",
                                       "100.100.100.200",
                                       "metadata.google.internal",
                                       "metadata",
                                       "[fd20:ce::254]",
                                       "metadata.tencentyun.com",
                                       "instance-data",
                                       "metadata.platformequinix.com",
                                       "169.254.170.2",
                                       "169.254.170.23",
                                       "[fd00:ec2::23]"};

constexpr std::string_view kSecretPaths[] = {"/*/meta-data/iam/security-credentials*",
                                             "/*/meta-data/identity-credentials*",
                                             "/*/meta-data/ram/security-credentials*",
                                             "/*/meta-data/cam/security-credentials*",
                                             "/*/user-data*",
                                             "/*/user_data*",
                                             "/hetzner/*/userdata*",
                                             "/computemetadata/*/service-accounts/*/token*",
                                             "/computemetadata/*/service-accounts/*/identity*",
                                             "/computemetadata/*/attributes/kube-env*",
                                             "/computemetadata/*recursive=true*",
                                             "/metadata/identity/*",
                                             "/opc/*/identity/*",
                                             "/v?/credentials*"};

/// The ECS agent serves the task's keys at a path that only a variable knows.
bool is_key_variable(const Value& address) {
  return std::any_of(address.pieces().begin(), address.pieces().end(), [](const resolve::Piece& p) {
    return p.hole && p.text.starts_with("AWS_CONTAINER_CREDENTIALS");
  });
}

}  // namespace

void judge_metadata(Sink& sink, const Argument& address) {
  const std::string text = address.value.with_holes_empty();
  std::string host = lower(host_of(text));
  if (const std::string hidden = hidden_address(host); !hidden.empty()) host = hidden;
  if (host.ends_with('.')) host.pop_back();
  if (!among(kHosts, host) && !is_key_variable(address.value)) return;
  const size_t scheme = text.find("://");
  const size_t slash = text.find('/', scheme == std::string::npos ? 0 : scheme + 3);
  std::string path = slash == std::string::npos ? std::string() : lower(text.substr(slash));
  path.erase(std::unique(path.begin(), path.end(), [](char a, char b) { return a == '/' && b == '/'; }),
             path.end());
  const bool keys = is_key_variable(address.value) ||
                    std::any_of(std::begin(kSecretPaths), std::end(kSecretPaths),
                                [&](std::string_view pattern) { return wildcard_match(pattern, path); });
  if (keys) sink.on(Kind::reads_secret, "net.metadata", address);
}

}  // namespace cmdai::commands
