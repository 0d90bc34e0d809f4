#include "shell-hooks/agents/drive/agent_start.hpp"

#include <fmt/format.h>
#include <unistd.h>

#include <nlohmann/json.hpp>

namespace cmdai::agents {
namespace {

using Json = nlohmann::ordered_json;

/// Any words do: the model says what the script says.
constexpr const char* kPrompt = "Run the commands.";

AgentStart claude(std::string_view url) {
  AgentStart start{
      {"-p", kPrompt, "--output-format", "stream-json", "--verbose", "--dangerously-skip-permissions"},
      {fmt::format("ANTHROPIC_BASE_URL={}", url), "ANTHROPIC_API_KEY=none",
       "CLAUDE_CODE_DISABLE_NONESSENTIAL_TRAFFIC=1", "DISABLE_AUTOUPDATER=1"}};
  // Root is refused that option, unless it says that it is in a box; it is.
  if (geteuid() == 0) start.environment.emplace_back("IS_SANDBOX=1");
  return start;
}

AgentStart codex(std::string_view url) {
  const auto setting = [](std::string_view key, std::string_view value) {
    return fmt::format("{}={}", key, Json(value).dump());
  };
  AgentStart start{{"exec", "--skip-git-repo-check", "--json", "--dangerously-bypass-approvals-and-sandbox"},
                   {"CMDAI_MODEL_KEY=none"}};
  for (const std::string& one :
       {setting("model", "verify"), setting("model_provider", "cmdai"),
        setting("model_providers.cmdai.name", "cmdai"),
        setting("model_providers.cmdai.base_url", fmt::format("{}/v1", url)),
        setting("model_providers.cmdai.env_key", "CMDAI_MODEL_KEY"),
        setting("model_providers.cmdai.wire_api", "responses"),
        std::string("model_providers.cmdai.request_max_retries=0"),
        std::string("model_providers.cmdai.stream_max_retries=0"), std::string("analytics.enabled=false")}) {
    start.arguments.emplace_back("-c");
    start.arguments.push_back(one);
  }
  start.arguments.emplace_back(kPrompt);
  return start;
}

/// By Vertex's variables: with GEMINI_API_KEY beside a base URL it takes the URL for a gateway, for which it
/// then wants a line in its settings.
AgentStart gemini(std::string_view url) {
  return {
      {"-m", "gemini-2.5-pro", "-o", "json", "--yolo", "-p", kPrompt},
      {"GOOGLE_GENAI_USE_VERTEXAI=true", "GOOGLE_API_KEY=none", fmt::format("GOOGLE_VERTEX_BASE_URL={}", url),
       "GEMINI_CLI_TRUST_WORKSPACE=true", "GEMINI_TELEMETRY_ENABLED=false"}};
}

AgentStart opencode(std::string_view url) {
  const Json model = {
      {"name", "verify"}, {"tool_call", true}, {"limit", {{"context", 100000}, {"output", 8000}}}};
  const Json provider = {{"npm", "@ai-sdk/openai-compatible"},
                         {"name", "cmdai"},
                         {"options", {{"baseURL", fmt::format("{}/v1", url)}, {"apiKey", "none"}}},
                         {"models", {{"verify", model}}}};
  const Json config = {{"autoupdate", false},
                       {"share", "disabled"},
                       {"model", "cmdai/verify"},
                       {"small_model", "cmdai/verify"},
                       {"enabled_providers", Json::array({"cmdai"})},
                       {"provider", {{"cmdai", provider}}}};
  return {{"run", "--format", "json", "--auto", kPrompt},
          {fmt::format("OPENCODE_CONFIG_CONTENT={}", config.dump()), "OPENCODE_DISABLE_MODELS_FETCH=1",
           "OPENCODE_DISABLE_AUTOUPDATE=1"}};
}

AgentStart copilot(std::string_view url) {
  return {{"-p", kPrompt, "--no-color", "--allow-all-tools", "--allow-all-paths"},
          {fmt::format("COPILOT_PROVIDER_BASE_URL={}/v1", url), "COPILOT_PROVIDER_API_KEY=none",
           "COPILOT_MODEL=verify", "COPILOT_OFFLINE=true", "COPILOT_AUTO_UPDATE=false"}};
}

}  // namespace

std::optional<AgentStart> start_of(std::string_view agent, std::string_view model_url) {
  if (agent == "claude-code") return claude(model_url);
  if (agent == "codex") return codex(model_url);
  if (agent == "gemini") return gemini(model_url);
  if (agent == "opencode") return opencode(model_url);
  if (agent == "copilot") return copilot(model_url);
  return std::nullopt;
}

std::vector<std::string> box_environment(const std::string& home, const std::string& temporary,
                                         std::string_view path, std::string_view model_url) {
  std::vector<std::string> out = {
      "HOME=" + home, "TMPDIR=" + temporary, fmt::format("PATH={}", path), "SHELL=/bin/bash", "TERM=dumb",
      "LANG=C.UTF-8", "SHLVL=1", "DO_NOT_TRACK=1", "NO_PROXY=127.0.0.1,localhost",
      // Packages that an agent would fetch: refused at once, not after a minute of trying.
      fmt::format("npm_config_registry={}/npm/", model_url), "npm_config_fetch_retries=0"};
  for (const char* name :
       {"HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "http_proxy", "https_proxy", "all_proxy"})
    out.push_back(fmt::format("{}={}", name, model_url));
  out.emplace_back("no_proxy=127.0.0.1,localhost");
  return out;
}

}  // namespace cmdai::agents
