#include "libcore/commands/named_credentials.hpp"

#include <algorithm>

#include "libcore/commands/host_names.hpp"

namespace cmdai::commands {
namespace {

struct Owner {
  std::string_view variable;
  std::string_view name;  ///< part of the service's hosts, and of those where a company runs its own
};
constexpr Owner kOwners[] = {
    {"AWS_SECRET_ACCESS_KEY", "amazonaws"},
    {"AWS_SESSION_TOKEN", "amazonaws"},
    {"GITHUB_TOKEN", "git"},
    {"GH_TOKEN", "git"},
    {"GITHUB_PAT", "git"},
    {"GITLAB_TOKEN", "git"},
    {"OPENAI_API_KEY", "openai"},
    {"ANTHROPIC_API_KEY", "anthropic"},
    {"GEMINI_API_KEY", "googleapis"},
    {"GOOGLE_API_KEY", "googleapis"},
    {"NPM_TOKEN", "npm"},
    {"NODE_AUTH_TOKEN", "npm"},
    {"PYPI_TOKEN", "pypi"},
    {"TWINE_PASSWORD", "pypi"},
    {"SLACK_BOT_TOKEN", "slack"},
    {"STRIPE_SECRET_KEY", "stripe"},
    {"HF_TOKEN", "huggingface"},
    {"CLOUDFLARE_API_TOKEN", "cloudflare"},
    {"DIGITALOCEAN_TOKEN", "digitalocean"},
    {"SSH_PRIVATE_KEY", "\n"},  // nobody's: it is not to be sent
    {"SENDGRID_API_KEY", "sendgrid"},
    {"TWILIO_AUTH_TOKEN", "twilio"},
};

}  // namespace

void judge_named_credentials(const Call& call, Sink& sink, const std::string& host) {
  if (host.empty() || is_near(host)) return;
  for (const Argument& word : call.argv())
    for (const resolve::Piece& p : word.value.pieces()) {
      if (!p.hole || *p.hole != resolve::HoleKind::variable) continue;
      for (const Owner& owner : kOwners) {
        if (owner.variable != p.text || host.find(owner.name) != std::string::npos) continue;
        sink.on(Kind::sends_data, "secret.send-elsewhere", word).detail = host;
        return;
      }
    }
}

}  // namespace cmdai::commands
