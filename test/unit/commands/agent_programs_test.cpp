// AI agents started past their hooks, and shells that wait for what no hook is shown.
#include "test/unit/commands/effects_of.hpp"

using cmdai::test::check_effects;

TEST_CASE("an agent is started with its hooks off, or with other settings") {
  check_effects({
      {"codex --disable hooks exec x", "self.unhooked"},
      {"codex exec --disable=hooks x", "self.unhooked"},
      {"codex exec --disable web x", ""},
      {"codex exec -c 'features.hooks = false' x", "self.unhooked"},
      {"codex exec -c features.hooks=true x", ""},
      {"codex exec x", ""},
      {"codex features disable hooks", "self.unhooked"},
      {"codex features disable web", ""},
      {"claude --bare -p x", "self.unhooked"},
      {"claude --safe-mode", "self.unhooked"},
      {"claude -p x --settings '{\"disableAllHooks\": true}'", "self.unhooked"},
      {"claude -p x --settings '{\"disableAllHooks\": false}'", ""},
      {"claude -p x --setting-sources project,local", "self.unhooked"},
      {"claude -p x --setting-sources user", ""},
      {"claude -p 'say --bare'", ""},
      {"claude config set disableAllHooks true", "self.unhooked"},
      {"gemini hooks disable cmdai", "self.unhooked"},
      {"gemini -p x", ""},
      {"opencode run --pure x", "self.unhooked"},
      {"opencode run x", ""},
      {"nohup codex --disable hooks exec x", "self.unhooked"},
  });
}

TEST_CASE("variables that lead an agent or cmdai elsewhere") {
  check_effects({
      {"CLAUDE_CONFIG_DIR=/tmp/x claude -p x", "self.unhooked"},
      {"CLAUDE_CONFIG_DIR=/tmp/x ls", ""},
      {"export CODEX_HOME=/tmp/x", "self.unhooked"},
      {"CODEX_HOME=/tmp/x", "self.unhooked"},
      {"env COPILOT_HOME=/tmp/x copilot -p x", "self.unhooked"},
      {"HOME=/tmp/x codex exec x", "self.unhooked"},
      {"HOME=/tmp/x make", ""},
      {"OPENCODE_PURE= opencode run x", ""},
      {"OPENCODE_PURE=1 opencode run x", "self.unhooked"},
      {"CLAUDE_CODE_SIMPLE=1 claude", "self.unhooked"},
      {"export CMDAI_SOCKET=/tmp/s", "self.unhooked"},
      {"export CMDAI_PLAIN=1", ""},
  });
}

TEST_CASE("a shell or an interpreter that waits for input") {
  check_effects({
      {"bash", "self.live-shell"},
      {"bash -i", "self.live-shell"},
      {"bash -l", "self.live-shell"},
      {"zsh -i", "self.live-shell"},
      {"exec fish", "self.live-shell"},
      {"bash -s", "self.live-shell"},
      {"bash -c ls", ""},
      {"bash -ic ls", ""},
      {"echo ls | bash", ""},
      {"bash <<< ls", ""},
      {"python3", "self.live-shell"},
      {"python3 -q", "self.live-shell"},
      {"python3 -i -c 'x = 1'", "self.live-shell"},
      {"python3 -c 'x = 1'", ""},
      {"python3 <<< 'x = 1'", ""},
      {"node", "self.live-shell"},
      {"node -i", "self.live-shell"},
      {"node -e 1", ""},
      {"python3 --version", ""},
  });
}
