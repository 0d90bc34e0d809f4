// The one table of commands.
#include "daemon/cli/handlers.hpp"

namespace cmdai::cli {
namespace {

constexpr OptionSpec kJson{"json", 0, {}, "print JSON"};
constexpr OptionSpec kShell{"shell", 's', "NAME", "who would run it: bash, sh, zsh, fish (default: bash)",
                            "bash sh zsh fish"};
constexpr OptionSpec kCwd{"cwd", 0, "PATH", "the working directory (default: this one)"};
constexpr OptionSpec kHome{"home", 0, "PATH", "the home directory (default: $HOME)"};
constexpr OptionSpec kActor{"actor", 'a', "WHO", "human, or agent:NAME (default: human)"};
constexpr OptionSpec kLocal{"local", 'l', {}, "judge in this process, without the daemon and its record"};
constexpr OptionSpec kSession{"session", 0, "ID",
                              "lines with the same one follow on each other: what they left counts"};
constexpr OptionSpec kProbe{
    "probe", 'p', {}, "the disk may be looked at: links, scripts that are run, what would be lost"};

constexpr OptionSpec kCheck[] = {{"json", 'j', {}, "print one JSON object"},
                                 {"jsonl", 0, {}, "read and write JSON Lines on standard input and output"},
                                 kShell,
                                 kCwd,
                                 kHome,
                                 kActor,
                                 kLocal,
                                 kProbe,
                                 kSession};
constexpr Example kCheckExamples[] = {
    {"cmdai check -- 'rm -rf build'", "exit status 0: it would be allowed"},
    {"cmdai check --json -- 'git push --force'", "for scripts and agents"},
    {"cmdai check --jsonl --local < commands.jsonl", "many at once, without a daemon"},
};

constexpr OptionSpec kExplain[] = {
    {"json", 'j', {}, "print one JSON object"},
    kShell,
    kCwd,
    kHome,
    kActor,
    kLocal,
    kProbe,
    {"session", 0, "ID", "as a line of this session (default: that of the guarded shell this runs in)"}};
constexpr Example kExplainExamples[] = {
    {"cmdai explain 'tar xf a.tgz -C /'", "what each part means, what it would do, and what would be said"},
    {"cmdai explain --json 'ls -lt | head -5'", "the same for a program"},
    {"cmdai explain --shell fish 'rm -rf (pwd)'", "as fish would read it"},
};

constexpr OptionSpec kStatus[] = {kJson};
constexpr Example kStatusExamples[] = {{"cmdai status", "does the daemon run, which policy is in force"},
                                       {"cmdai status --json", "the same for a monitor"}};
constexpr Example kDoctorExamples[] = {{"cmdai doctor", "what is guarded, what is not, and how to mend it"}};

constexpr OptionSpec kLog[] = {
    {"follow", 'f', {}, "go on with what is decided from now on"},
    {"lines", 'n', "NUMBER", "the last so many that fit (default: 20; 0: all)"},
    {"action", 0, "ACTION", "only these: allow, warn, ask, block, or stopped (ask and block)",
     "allow warn ask block stopped"},
    {"rule", 0, "ID", "only this rule, or a family: git.*"},
    {"session", 0, "ID", "only this session"},
    {"since", 0, "WHEN", "only later than 30m, 2h, 7d, or 2027-01-31"},
    {"json", 'j', {}, "the lines as they are in the file"},
    {"verify", 0, {}, "re-check the hash chain of the whole record"}};
constexpr Example kLogExamples[] = {
    {"cmdai log --action stopped --since 7d", "what was stopped this week"},
    {"cmdai log -f", "watch"},
    {"cmdai log --json -n 0 | jq .rule", "all of it, for a program"},
    {"cmdai log --verify", "was a line changed, taken out or reordered?"},
};

constexpr OptionSpec kRulesList[] = {kJson};
constexpr Example kRulesListExamples[] = {{"cmdai rules list", "all rules with the action they have now"}};
constexpr Example kRulesShowExamples[] = {
    {"cmdai rules show git.push-force", "why it is there, and its examples"}};
constexpr Example kRulesTestExamples[] = {
    {"cmdai rules test", "run the examples of all rules in force"},
    {"cmdai rules test mine.toml", "run the examples of a file before it counts"}};

constexpr Example kPolicyCheckExamples[] = {
    {"cmdai policy check ~/.config/cmdai/config.toml", "would it be taken?"},
    {"cmdai policy check mine.toml", "a rule pack"},
    {"cmdai policy check organization.toml packs/*.toml", "an organization's document with its packs"}};
constexpr OptionSpec kPolicyEffective[] = {
    {"json", 'j', {}, "print one JSON object"},
    {"rule", 0, "ID", "this rule alone"},
    {"for", 0, "WHO", "human, agent, or agent:NAME (default: human)"},
    {"local", 'l', {}, "compile it in this process; what a daemon has from an organization is not in it"},
    {"organization", 0, "FILE", "as if this document, or pack, were the organization's (may be given again)"},
    {"group", 0, "NAME", "with --organization: as if this device were in it (may be given again)"}};
constexpr Example kPolicyEffectiveExamples[] = {
    {"cmdai policy effective", "every rule with its action, and who had a say"},
    {"cmdai policy effective --rule git.push-force --for agent:codex", "one rule, for one agent"},
    {"cmdai policy effective --organization organization.toml --group finance",
     "try a document before it is published"}};
constexpr Example kPolicyTrustExamples[] = {
    {"cmdai policy trust", "honour the .cmdai.toml of this project, as it is now"}};
constexpr Example kPolicyUntrustExamples[] = {{"cmdai policy untrust", "take that back"}};

constexpr Example kPolicySchemaExamples[] = {
    {"cmdai policy schema config > config.schema.json", "for an editor: `#:schema ./config.schema.json`"}};

/// policy::policy_templates(), for completion.
constexpr std::string_view kTemplates = "careful-beginner ci-runner data-scientist solo-developer sre";
constexpr Example kTemplateListExamples[] = {{"cmdai policy template list", "what there is"}};
constexpr Example kTemplateShowExamples[] = {{"cmdai policy template show sre", "read it before it counts"},
                                             {"cmdai policy template show sre | less", "page by page"}};
constexpr OptionSpec kTemplateUse[] = {{"yes", 'y', {}, "do not ask"},
                                       {"dry-run", 'n', {}, "show what would change, and change nothing"}};
constexpr Example kTemplateUseExamples[] = {
    {"cmdai policy template use sre --dry-run", "what would change"},
    {"cmdai policy template use sre", "change it, after a look and a question"},
    {"cmdai policy template use ci-runner --yes", "in a script that sets a machine up"}};

constexpr OptionSpec kAllow[] = {
    {"always", 0, {}, "for good: written to allow.toml"},
    {"here", 0, {}, "with --always: only in this directory and below"},
    {"path", 0, "PATH", "with --always: only there and below"},
    {"rule", 0, "ID", "with --always and a path: this rule is silent for what lies there"},
    {"expires", 0, "WHEN", "with --always: ends after 8h, 7d, or on 2027-01-31"},
    {"reason", 0, "TEXT", "with --always: why, for whoever reads it later"},
    {"list", 0, {}, "show what is allowed for good"},
    {"remove", 0, "ID", "take an entry away"}};
constexpr Example kAllowExamples[] = {
    {"cmdai allow", "show what was stopped in the last ten minutes, and let one of it run once"},
    {"cmdai allow k7m2q9t", "let the command that got this code run once"},
    {"cmdai allow --always --here -- 'git push --force origin pages'", "exactly this, here, for good"},
    {"cmdai allow --always --rule fs.delete-elsewhere --path /srv/scratch", "a place where deleting is fine"},
    {"cmdai allow --list", "what is allowed for good"},
};

/// host::known_agents(), for completion.
constexpr std::string_view kAgentNames = "claude-code codex gemini copilot opencode cursor windsurf";
constexpr OptionSpec kAgentsChange[] = {
    {"all", 0, {}, "all agents that are on this machine"},
    {"dry-run", 'n', {}, "show what would change, and change nothing"},
    {"system", 0, {}, "the files for everybody on this machine, which users cannot change (root)"},
    {"root", 0, "DIR", "with --system: below this folder, for packages"},
    {"program", 0, "PATH", "the cmdai that agents will call (default: this one)"}};
constexpr Example kAgentsListExamples[] = {{"cmdai agents list", "which agents are here, and do they ask"},
                                           {"cmdai agents list --json", "the same for a program"}};
constexpr Example kAgentsInstallExamples[] = {
    {"cmdai agents install --all --dry-run", "what would change in whose settings"},
    {"cmdai agents install claude-code codex", "let these two ask before they do anything"},
    {"sudo cmdai agents install --system --all", "for everybody on this machine"}};
constexpr Example kAgentsRemoveExamples[] = {
    {"cmdai agents remove codex", "its settings as they were before"},
    {"cmdai agents remove --all", "all of them"}};

constexpr OptionSpec kInit[] = {
    {"non-interactive", 'n', {}, "what the shell reads before it runs a script or the text of `-c`"},
    {"strict", 0, {}, "zsh: judge also what functions, eval, source and fc run"},
    {"without-builtin", 0, {}, "bash: ask through cmdai-hook only, load nothing into the shell"}};
constexpr Example kInitExamples[] = {{"eval \"$(cmdai init bash)\"", "the last line of ~/.bashrc"},
                                     {"eval \"$(cmdai init zsh)\"", "the last line of ~/.zshrc"},
                                     {"cmdai init fish | source", "in ~/.config/fish/config.fish"},
                                     {"cmdai init --non-interactive bash > ~/.config/cmdai/env.bash",
                                      "for `export BASH_ENV=~/.config/cmdai/env.bash`"}};
constexpr Example kShellExamples[] = {{"cmdai shell", "your own shell, guarded"},
                                      {"cmdai shell zsh", "another one"}};
constexpr OptionSpec kRun[] = {
    {"name", 0, "NAME", "who it is in rules and in the record: agent:NAME (default: by its program)"},
    {"no-ask", 0, {}, "never ask in this terminal: what would be asked is refused, with a code"},
    {"read-only", 0, "PATH", "nothing in it can be changed (Landlock; may be given again)"},
    {"hide", 0, "PATH", "nothing in it can be read (Landlock; may be given again)"},
    {"explain", 0, {}, "say what is guarded and what is not, then start"}};
constexpr Example kRunExamples[] = {
    {"cmdai run -- claude", "an agent, with all it starts"},
    {"cmdai run --read-only ~/notes --hide ~/.ssh -- my-agent --fast", "and two places out of its reach"},
    {"cmdai run --name nightly --no-ask -- python3 bot.py", "without anybody to ask"}};
constexpr Example kStartExamples[] = {{"cmdai start", "start the daemon, if it does not run"}};
constexpr Example kStopExamples[] = {{"cmdai stop", "end the daemon; the next question starts it again"}};
constexpr Example kReloadExamples[] = {
    {"cmdai reload", "read config.toml, allow.toml and rules again (a change is noticed without this, too)"}};
constexpr Example kVersionExamples[] = {{"cmdai version", "which one is this"}};
constexpr Example kHelpExamples[] = {{"cmdai help", "all commands"},
                                     {"cmdai help rules test", "one of them, with examples"}};
constexpr Example kCompletionsExamples[] = {
    {"eval \"$(cmdai completions bash)\"", "until the next installation puts it in its place"}};

constexpr OptionSpec kHook[] = {
    {"local", 0, {}, "judge in this process, without the daemon"},
    {"deadline", 0, "MS", "answer within so many milliseconds (default: 1500)", {}, true}};
constexpr Example kHookExamples[] = {
    {"cmdai hook claude-code < payload.json", "what Claude Code calls before each tool call"},
};

constexpr OptionSpec kMcp[] = {kLocal};
constexpr Example kMcpExamples[] = {
    {"cmdai mcp", "what an agent starts; for Claude Code: claude mcp add cmdai -- cmdai mcp"},
};

constexpr OptionSpec kRelay[] = {{"local", 0, {}, "do not try the daemon, it was tried"}};

constexpr OptionSpec kDebugParse[] = {
    {"jsonl", 0, {}, "read {\"id\",\"src\",\"shell\"} lines (the only form there is)"}};
constexpr Example kDebugParseExamples[] = {
    {"echo '{\"id\":\"1\",\"src\":\"a|b\",\"shell\":\"bash\"}' | cmdai debug parse --jsonl",
     "the simple commands in it"}};

constexpr OptionSpec kAgentsVerify[] = {
    {"all", 0, {}, "every agent that is installed"},
    {"json", 'j', {}, "print one JSON array"},
    {"bin", 0, "PATH", "the program, or the folder it is in (default: looked for in PATH)"},
    {"fresh", 0, {}, "set the agent up anew, instead of testing what you have"},
    {"limit", 0, "SECONDS", "end an agent that takes longer (default: 120)"}};
constexpr Example kAgentsVerifyExamples[] = {
    {"cmdai agents verify claude-code", "is Claude Code, as you set it up, really guarded?"},
    {"cmdai agents verify --all --json", "for a script that looks after many machines"}};

constexpr OptionSpec kDebugDrive[] = {{"bin", 0, "PATH", "the program"},
                                      {"home", 0, "DIR", "with its configuration"},
                                      {"project", 0, "DIR", "where it works"},
                                      {"temporary", 0, "DIR", "its temporary files"},
                                      {"limit", 0, "SECONDS", "then it is ended (default: 120)"}};

constexpr CommandSpec kCommands[] = {
    {"init", "SHELL", "print the hook for a shell",
     "Put the line of the examples last in the rc file. The hook asks the daemon before each command.\n"
     "With --non-interactive: a file for BASH_ENV, for the first line of .zshenv to source, or for fish's "
     "conf.d "
     "(docs/non-interactive.md).",
     kInit, kInitExamples, run_init, "bash zsh fish"},
    {"shell",
     "[SHELL]",
     "open a guarded shell that touches no rc file",
     {},
     {},
     kShellExamples,
     run_shell,
     "bash zsh fish"},
    {"run", "[--] AGENT…", "start a program and judge whatever it and its children start",
     "Linux only. The kernel hands over each exec of the whole process tree before it happens, whatever "
     "shell, "
     "environment or static binary it comes from; nothing has to be set up for the program. What is refused "
     "fails with `Operation not permitted`, and the reason is written to its standard error.\n"
     "Not stopped: what a program does itself, without starting another one; and sudo and other setuid "
     "programs "
     "gain nothing inside. All of it: docs/exec-guard.md. The exit status is the program's, or 128 + signal.",
     kRun, kRunExamples, run_guarded_program},
    {"check", "[--] COMMAND", "judge a command; the exit status says the answer",
     "The daemon is asked, and started if it does not run; if that cannot be, the same engine judges here. "
     "Without COMMAND it is read from standard input.\n"
     "JSON Lines in: {\"id\",\"command\",\"shell\",\"cwd\"?,\"home\"?,\"actor\"?}; out, in order: "
     "{\"id\",\"decision\",\"rule\",\"reason\",\"hint\",\"effects\"}.",
     kCheck, kCheckExamples, run_check},
    {"explain", "[--] COMMAND", "say what a command means, part by part, and what it would do",
     "Every program of the line in the order it is written, also in pipes, substitutions and behind sudo, "
     "xargs or ssh: "
     "what it is for, what each option and operand means, which path or host it stands for; then the effects "
     "and the "
     "verdict. A program that nothing is written about is called that. Nothing is run, and nothing is "
     "recorded.",
     kExplain, kExplainExamples, run_explain},
    {"status", "", "what the daemon does", {}, kStatus, kStatusExamples, run_status},
    {"doctor", "", "what is guarded, what is not, and how to mend it",
     "Exit status 1 when something is broken.", kStatus, kDoctorExamples, run_doctor},
    {"log", "", "what was decided", {}, kLog, kLogExamples, run_log},
    {"rules list", "", "all rules", {}, kRulesList, kRulesListExamples, run_rules_list},
    {"rules show", "ID", "one rule", {}, kRulesList, kRulesShowExamples, run_rules_show},
    {"rules test",
     "[FILE…]",
     "run the examples that rules carry",
     {},
     {},
     kRulesTestExamples,
     run_rules_test},
    {"policy check",
     "FILE…",
     "read a configuration or rule pack without using it",
     "With an organization's document among them, the packs are its packs: all that is wrong with it is "
     "told, "
     "also what a device would only warn of.",
     {},
     kPolicyCheckExamples,
     run_policy_check},
    {"policy effective", "", "each rule in force, and which layer decided",
     "The daemon that runs is asked: it alone knows what an organization's plugin handed to it. Without one, "
     "or "
     "with --local or --organization, the files are read here.",
     kPolicyEffective, kPolicyEffectiveExamples, run_policy_effective},
    {"policy trust",
     "[DIRECTORY]",
     "honour a project's .cmdai.toml",
     "Bound to the file's content: after a change it has to be trusted again.",
     {},
     kPolicyTrustExamples,
     run_policy_trust},
    {"policy untrust",
     "[DIRECTORY]",
     "no longer honour a project's .cmdai.toml",
     {},
     {},
     kPolicyUntrustExamples,
     run_policy_untrust},
    {"policy schema",
     "NAME",
     "print the JSON Schema of a file, for editors",
     "NAME is config (config.toml and the templates), rules (a rule pack) or organization (an organization's "
     "document).",
     {},
     kPolicySchemaExamples,
     run_policy_schema,
     "config organization rules"},
    {"policy template list",
     "",
     "configurations to start from, each for one kind of work",
     {},
     {},
     kTemplateListExamples,
     run_template_list},
    {"policy template show",
     "NAME",
     "print one of them",
     {},
     {},
     kTemplateShowExamples,
     run_template_show,
     kTemplates},
    {"policy template use", "NAME", "make one of them your config.toml",
     "Shows the difference and asks. What stood there is kept beside it, in\n"
     "config.toml.bak-1 (or -2 …); allow.toml and rules/*.toml stay as they are. A\n"
     "running daemon takes the change up by itself.",
     kTemplateUse, kTemplateUseExamples, run_template_use, kTemplates},
    {"agents list",
     "",
     "AI agents on this machine, and whether they ask cmdai",
     {},
     kRulesList,
     kAgentsListExamples,
     run_agents_list},
    {"agents install", "[AGENT…]", "let AI agents ask cmdai before they run a command or change a file",
     "Adds a hook to each agent's own settings and leaves everything else in them as it is. What stood there "
     "is kept "
     "beside it, in FILE.before-cmdai. Done twice, it changes nothing.\n"
     "AGENT is claude-code, codex, gemini, copilot, opencode, cursor or windsurf (docs/agents.md).",
     kAgentsChange, kAgentsInstallExamples, run_agents_install, kAgentNames},
    {"agents remove", "[AGENT…]", "take the hook out of AI agents' settings again",
     "A file nobody changed since is byte for byte what it was; out of others only the hook is taken.",
     kAgentsChange, kAgentsRemoveExamples, run_agents_remove, kAgentNames},
    {"agents verify", "[AGENT…]", "start an agent itself, and see whether dangerous commands are stopped",
     "The real program runs with a model that lives in this process: it has the agent run two harmless "
     "commands, `rm -rf HOME` and `find HOME -delete`, where HOME is a decoy in a temporary folder. The "
     "hooks are "
     "a copy of yours, and so is the policy; nothing of yours is changed, no account or key is used, and "
     "nothing but this machine is asked. Exit status 0: the harmless ran, the dangerous did not, and cmdai "
     "is what stopped them.",
     kAgentsVerify, kAgentsVerifyExamples, run_agents_verify, "claude-code codex gemini copilot opencode"},
    {"allow", "[CODE | -- COMMAND]", "let a stopped command run",
     "A code is good for exactly one run of exactly that command. Core rules give way to a code only.",
     kAllow, kAllowExamples, run_allow},
    {"hook", "AGENT", "answer an AI agent that is about to run a command or write a file",
     "The agent's settings name it; its payload is standard input, the answer standard output in that "
     "agent's own "
     "words (docs/agents.md). It answers within 1.5 s, whatever happens; what cannot be judged does not run.",
     kHook, kHookExamples, run_hook, "claude-code codex gemini copilot opencode cursor windsurf"},
    {"mcp", "", "let an AI agent ask about commands, as a server of the Model Context Protocol",
     "Messages are lines of standard input, replies lines of standard output. Tools: check_command, "
     "explain_command. "
     "Nothing is run, recorded or approved by it; it guards nothing: that is what `cmdai hook` is for.",
     kMcp, kMcpExamples, run_mcp},
    {"start", "", "start the daemon", {}, {}, kStartExamples, run_start},
    {"stop", "", "end the daemon", {}, {}, kStopExamples, run_stop},
    {"reload", "", "read the policy files again", {}, {}, kReloadExamples, run_reload},
    {"completions",
     "SHELL",
     "print the completion script for a shell",
     {},
     {},
     kCompletionsExamples,
     run_completions,
     "bash zsh fish"},
    {"version", "", "say the version", {}, {}, kVersionExamples, run_version},
    {"help", "[COMMAND]", "say what there is, or what one command does", {}, {}, kHelpExamples, run_help},
    {"relay",
     "[KEY=VALUE…]",
     "answer a hook in the daemon's place",
     "The command is standard input, the answer a frame of docs/protocol.md.",
     kRelay,
     {},
     run_relay,
     {},
     true},
    {"debug parse",
     "",
     "what the parser finds in a text",
     {},
     kDebugParse,
     kDebugParseExamples,
     run_debug_parse,
     {},
     true},
    {"debug drive",
     "AGENT",
     "a real agent and the loopback model: the script, JSON, is standard input",
     {},
     kDebugDrive,
     {},
     run_debug_drive,
     {},
     true},
    {"debug words", "", "the keys and words of policy files", {}, {}, {}, run_debug_words, {}, true},
    {"debug man", "", "the manual page's source", {}, {}, {}, run_debug_man, {}, true},
};

}  // namespace

std::span<const CommandSpec> commands() { return kCommands; }

}  // namespace cmdai::cli
