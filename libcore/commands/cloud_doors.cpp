#include "libcore/commands/cloud_doors.hpp"

#include <algorithm>

#include "libcore/base/text.hpp"
#include "libcore/commands/subcommands.hpp"

namespace cmdai::commands {
namespace {

struct Door {
  std::string_view program;
  std::string_view verbs;   ///< as subcommands.hpp matches them
  std::string_view needle;  ///< what one of the words must hold
  std::string_view tag = "cloud.open";
};
/// aws-cli 2.15, gcloud 450, az 2.55, kubectl 1.28, gh 2.40.
constexpr Door kDoors[] = {
    {"aws", "iam attach-user-policy", "AdministratorAccess"},
    {"aws", "iam attach-group-policy", "AdministratorAccess"},
    {"aws", "iam attach-role-policy", "AdministratorAccess"},
    {"aws", "s3api put-bucket-acl", "public-"},
    {"aws", "s3api put-object-acl", "public-"},
    {"aws", "s3api delete-public-access-block", ""},
    {"aws", "s3api put-public-access-block", "BlockPublicAcls=false"},
    {"aws", "ec2 authorize-security-group-ingress", "0.0.0.0/0"},
    {"aws", "ec2 authorize-security-group-ingress", "::/0"},
    {"aws", "rds modify-db-instance", "--publicly-accessible"},
    {"aws", "ec2 modify-snapshot-attribute", "all"},
    {"gcloud", "projects add-iam-policy-binding", "roles/owner"},
    {"gcloud", "projects add-iam-policy-binding", "allUsers"},
    {"gcloud", "storage buckets add-iam-policy-binding", "allUsers"},
    {"gsutil", "iam ch", "allUsers"},
    {"gsutil", "acl ch", "AllUsers"},
    {"az", "role assignment create", "Owner"},
    {"az", "storage container set-permission", "container"},
    {"kubectl", "create clusterrolebinding", "cluster-admin"},
    {"aws", "cloudtrail stop-logging", "", "cloud.unwatched"},
    {"aws", "cloudtrail delete-trail", "", "cloud.unwatched"},
    {"aws", "guardduty delete-detector", "", "cloud.unwatched"},
    {"aws", "configservice stop-configuration-recorder", "", "cloud.unwatched"},
    {"aws", "ec2 delete-flow-logs", "", "cloud.unwatched"},
    {"gcloud", "logging sinks delete", "", "cloud.unwatched"},
    {"az", "monitor diagnostic-settings delete", "", "cloud.unwatched"},
};

bool holds(const Call& call, std::string_view needle) {
  const auto& argv = call.argv();
  return needle.empty() || std::any_of(argv.begin() + 1, argv.end(), [needle](const Argument& word) {
           const std::string text = word.value.with_holes_empty();
           // --acl public-read, policy/AdministratorAccess: a value or the end of one, not a part of a name
           const size_t at = text.find(needle);
           return at != std::string::npos &&
                  (at == 0 || std::isalnum(static_cast<unsigned char>(text[at - 1])) == 0);
         });
}

/// Web servers are there for everybody.
bool is_web_port(const Call& call) {
  const auto& argv = call.argv();
  for (size_t i = 1; i + 1 < argv.size(); ++i) {
    const std::string port = argv[i + 1].value.with_holes_empty();
    if (argv[i].value.with_holes_empty() == "--port" && (port == "80" || port == "443")) return true;
  }
  return false;
}

}  // namespace

void judge_cloud_doors(const Call& call, Sink& sink) {
  for (const Door& door : kDoors) {
    if (door.program != call.program() || !matches(door.verbs, call) || !holds(call, door.needle)) continue;
    if (door.needle.ends_with("/0") && is_web_port(call)) continue;
    sink.add(Kind::changes_remote, door.tag).target.text = std::string(door.verbs);
    return;
  }
}

}  // namespace cmdai::commands
