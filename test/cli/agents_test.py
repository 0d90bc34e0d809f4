#!/usr/bin/python3
"""cmdai agents list, install, remove: other programs' settings are changed, so nothing else in them may be.

usage: agents_test.py CMDAI [TEST...]; real agents are asked where CMDAI_TEST_AGENTS (a node_modules folder) has them.
"""
import hashlib, json, os, select, shutil, stat, subprocess, sys, time

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from support import CMDAI, Skip, check, holds, main, refuses, same

USER_FILES = {
    'claude-code': '.claude/settings.json', 'codex': '.codex/config.toml', 'gemini': '.gemini/settings.json',
    'copilot': '.copilot/hooks/cmdai.json', 'opencode': '.config/opencode/plugins/cmdai.js', 'cursor': '.cursor/hooks.json',
    'windsurf': '.codeium/windsurf/hooks.json',
}
# What stands in the agents' settings: the small program, where the build has it.
SMALL = os.path.normpath(os.path.join(os.path.dirname(CMDAI), '../../shell-hooks/agents/hook/cmdai-agent'))
PROGRAM = SMALL if os.access(SMALL, os.X_OK) else CMDAI
REAL = os.environ.get('CMDAI_TEST_AGENTS', os.path.join(os.environ.get('XDG_CACHE_HOME', '/root/.cache'), 'cmdai-test/agents/node_modules'))


def tree(folder):
    """Every file below a folder with its bytes and mode; links as links. The state folder is ours."""
    out = {}
    for place, folders, names in os.walk(folder):
        folders[:] = [f for f in folders if os.path.join(place, f) != os.path.join(folder, '.local')]
        for name in names + [f for f in folders if os.path.islink(os.path.join(place, f))]:
            path = os.path.join(place, name)
            if os.path.islink(path): out[path] = 'link to ' + os.readlink(path)
            else: out[path] = (open(path, 'rb').read(), stat.S_IMODE(os.lstat(path).st_mode))
    return out


def listed(box, agent, **more):
    result = box.run('agents', 'list', '--json', **more)
    same(result.status, 0, result)
    return next(a for a in json.loads(result.out) if a['agent'] == agent)


def state(box, agent, level='user', **more):
    return next((g['state'] for g in listed(box, agent, **more)['guards'] if g['level'] == level), None)


SETTINGS = {
    '.claude/settings.json': '{\n    // mine\n    "permissions": {"allow": ["Bash(ls:*)"]},\n    "hooks": {\n        "PreToolUse": [\n            {"matcher": "Bash", "hooks": []}\n        ]\n    }\n}\n',
    '.codex/config.toml': '# mine\nmodel = "m"\n\n[features]\nweb = true\n',
    '.gemini/settings.json': '{"security":{"auth":1}}',
    '.copilot/hooks/cmdai.json': '{\n\t"version": 1,\n\t"hooks": {}\n}\n',
    '.cursor/hooks.json': '{\r\n  "version": 1,\r\n  "hooks": {}\r\n}\r\n',
    '.codeium/windsurf/hooks.json': '{}',
}


def test_every_agent_is_set_up_once_and_given_back_byte_for_byte(box):
    for path, text in SETTINGS.items(): box.write(os.path.join(box.home, path), text)
    os.chmod(os.path.join(box.home, '.claude/settings.json'), 0o640)
    before = tree(box.home)
    for agent in USER_FILES: check(state(box, agent) == 'none')
    same(box.run('agents', 'install', *USER_FILES).status, 0)
    once = tree(box.home)
    for agent, path in USER_FILES.items():
        same(state(box, agent), 'guarded', agent)
        check(once[os.path.join(box.home, path)] != before.get(os.path.join(box.home, path)), agent)
    same(once[os.path.join(box.home, '.claude/settings.json')][1], 0o640)
    again = box.run('agents', 'install', *USER_FILES)
    same(again.status, 0, again)
    holds(again.out, 'is as it should be')
    same(tree(box.home), once)
    same(box.run('agents', 'remove', '--all').status, 0)
    same(tree(box.home), before)
    check(not os.path.exists(os.path.join(box.home, '.local/state/cmdai/agent-hooks.json')))
    check(not os.path.exists(os.path.join(box.home, '.config/opencode')))
    same(box.run('agents', 'remove', '--all').status, 0)
    same(tree(box.home), before)


def test_what_was_changed_since_keeps_its_changes(box):
    path = box.write(os.path.join(box.home, '.claude/settings.json'), '{\n  "model": "a"\n}\n')
    same(box.run('agents', 'install', 'claude-code').status, 0)
    text = open(path).read()
    box.write(path, text.replace('"model": "a",', '"model": "b", // new'))
    result = box.run('agents', 'remove', 'claude-code')
    same(result.status, 0, result)
    holds(result.out, 'was changed since', path + '.before-cmdai')
    same(open(path).read(), '{\n  "model": "b" // new\n}\n')
    same(open(path + '.before-cmdai').read(), '{\n  "model": "a"\n}\n')
    # The next one keeps its copy elsewhere and never writes over the first.
    same(box.run('agents', 'install', 'claude-code').status, 0)
    same(open(path + '.before-cmdai').read(), '{\n  "model": "a"\n}\n')
    same(open(path + '.before-cmdai-2').read(), '{\n  "model": "b" // new\n}\n')


def test_a_second_installation_after_a_change_does_not_bring_the_old_text_back(box):
    path = box.write(os.path.join(box.home, '.claude/settings.json'), '{\n  "model": "a"\n}\n')
    same(box.run('agents', 'install', 'claude-code').status, 0)
    box.write(path, open(path).read().replace('"model": "a"', '"model": "b"'))
    same(box.run('agents', 'install', 'claude-code', '--program', '/opt/cmdai').status, 0)
    same(box.run('agents', 'remove', 'claude-code').status, 0)
    same(open(path).read(), '{\n  "model": "b"\n}\n')


def test_dry_run_shows_a_difference_and_writes_nothing(box):
    box.write(os.path.join(box.home, '.claude/settings.json'), '{\n  "model": "a"\n}\n')
    before = tree(box.home)
    result = box.run('agents', 'install', 'claude-code', 'codex', '--dry-run')
    same(result.status, 0, result)
    holds(result.out, '--- ' + box.home + '/.claude/settings.json', '+++ ' + box.home + '/.codex/config.toml', '--- /dev/null',
          '+  "model": "a",', '+trusted_hash = "sha256:')
    same(tree(box.home), before)
    same(box.run('agents', 'install', 'claude-code').status, 0)
    after = tree(box.home)
    holds(box.run('agents', 'remove', 'claude-code', '--dry-run').out, '-    "PreToolUse": [')
    same(tree(box.home), after)


def test_broken_files_are_named_and_left(box):
    for agent, text, place in [('claude-code', '{\n  "a": 1,\n  "b": }\n', ':3:8: not valid JSON'),
                               ('codex', 'a = 1\nb = \n', ':2:'), ('gemini', '[]', ':1:1: the file does not hold'),
                               ('cursor', '{"hooks": []}', ':1:2: `hooks` is not an object'),
                               ('windsurf', '{"a": 1,}', 'not valid JSON')]:
        path = box.write(os.path.join(box.home, USER_FILES[agent]), text)
        before = tree(box.home)
        result = box.run('agents', 'install', agent)
        refuses(result, 2, path + place if place.startswith(':') else place, 'hint: ')
        same(tree(box.home), before)
    same(state(box, 'claude-code'), 'broken')
    # One broken file does not keep the others from being written.
    result = box.run('agents', 'install', 'claude-code', 'opencode')
    same(result.status, 2, result)
    same(state(box, 'opencode'), 'guarded')


def test_links_stay_links(box):
    real = box.write(os.path.join(box.home, 'dotfiles/claude.json'), '{\n  "model": "a"\n}\n')
    os.makedirs(os.path.join(box.home, '.claude'))
    link = os.path.join(box.home, '.claude/settings.json')
    os.symlink('../dotfiles/claude.json', link)
    os.makedirs(os.path.join(box.home, 'dotfiles/cursor'))
    os.symlink('dotfiles/cursor', os.path.join(box.home, '.cursor'))
    before = tree(box.home)
    same(box.run('agents', 'install', 'claude-code', 'cursor').status, 0)
    check(os.path.islink(link) and os.path.islink(os.path.join(box.home, '.cursor')))
    holds(open(real).read(), 'hook')
    holds(open(os.path.join(box.home, 'dotfiles/cursor/hooks.json')).read(), 'hook cursor')
    same(state(box, 'claude-code'), 'guarded')
    same(box.run('agents', 'remove', '--all').status, 0)
    same(tree(box.home), before)
    os.unlink(real)
    refuses(box.run('agents', 'install', 'claude-code'), 2, 'is a link that leads nowhere', 'hint: ')


def test_what_cannot_be_written_is_said(box):
    path = box.write(os.path.join(box.home, '.claude/settings.json'), '{}\n')
    os.chmod(os.path.dirname(path), 0o500)
    if os.access(os.path.dirname(path), os.W_OK):
        os.chmod(os.path.dirname(path), 0o700)
        os.rename(path, path + '.d')
        os.mkdir(path)  # root may write anywhere; nobody can write a text over a folder
    result = box.run('agents', 'install', 'claude-code')
    refuses(result, 2, path)
    os.chmod(os.path.dirname(path), 0o700)
    check(not any(n.endswith('.before-cmdai') or '.new.' in n for n in os.listdir(os.path.dirname(path))))


def test_folders_that_agents_are_told_of(box):
    env = {'CLAUDE_CONFIG_DIR': box.home + '/c', 'CODEX_HOME': box.home + '/x', 'COPILOT_HOME': box.home + '/p', 'XDG_CONFIG_HOME': box.home + '/g'}
    same(box.run('agents', 'install', 'claude-code', 'codex', 'copilot', 'opencode', env=env).status, 0)
    for path in ('c/settings.json', 'x/config.toml', 'p/hooks/cmdai.json', 'g/opencode/plugins/cmdai.js'):
        check(os.path.exists(os.path.join(box.home, path)), path)
    holds(open(os.path.join(box.home, 'x/config.toml')).read(), f'[hooks.state."{box.home}/x/config.toml:pre_tool_use:0:0"]')


def test_words_that_are_wrong(box):
    refuses(box.run('agents', 'install'), 2, 'name the agents, or say `--all`', 'hint: there are claude-code, codex')
    refuses(box.run('agents', 'install', 'claud-code'), 2, 'no agent is called `claud-code`', 'did you mean `claude-code`?')
    refuses(box.run('agents', 'install', 'codex', '--root', '/x'), 2, '`--root` goes with `--system`')
    refuses(box.run('agents', 'install', 'codex', '--program', 'cmdai'), 2, 'absolute path')
    refuses(box.run('agents', 'install', 'codex', '--program', "/a'b/cmdai"), 2, 'absolute path')
    refuses(box.run('agents', 'install', '--all', env={'PATH': '/usr/bin'}), 2, 'no agent was found')


def test_all_means_those_that_are_here(box):
    os.makedirs(os.path.join(box.home, '.codex'))
    program = box.write(os.path.join(box.root, 'bin/gemini'), '#!/bin/sh\n')
    os.chmod(program, 0o755)
    same(box.run('agents', 'install', '--all', env={'PATH': box.root + '/bin:/usr/bin'}).status, 0)
    same([a for a, path in USER_FILES.items() if os.path.exists(os.path.join(box.home, path))], ['codex', 'gemini'])


def test_list_says_what_is_wrong_with_a_guard(box):
    path = os.path.join(box.home, '.claude/settings.json')
    same(box.run('agents', 'install', 'claude-code', 'codex', 'gemini', 'opencode').status, 0)
    text = open(path).read()
    box.write(path, text.replace('"onFailure": "block"', '"onFailure": "allow"'))
    same(state(box, 'claude-code'), 'changed')
    box.write(path, text.replace(PROGRAM, box.root + '/gone/cmdai'))
    same(state(box, 'claude-code'), 'missing-binary')
    box.write(path, text.replace('{\n', '{\n  "disableAllHooks": true,\n', 1))
    same(state(box, 'claude-code'), 'disabled')
    box.write(path, text)
    box.write(os.path.join(box.project, '.claude/settings.local.json'), '{"disableAllHooks": true}')
    same(state(box, 'claude-code'), 'disabled')
    same(state(box, 'claude-code', cwd=box.home), 'guarded')
    codex = os.path.join(box.home, '.codex/config.toml')
    box.write(codex, open(codex).read().replace('sha256:', 'sha256:0'))
    same(state(box, 'codex'), 'untrusted')
    same(box.run('agents', 'install', 'codex').status, 0)
    same(state(box, 'codex'), 'guarded')
    box.write(codex, open(codex).read() + '\n[features]\nhooks = false\n')
    same(state(box, 'codex'), 'disabled')
    box.write(os.path.join(box.project, '.gemini/settings.json'), '{"hooksConfig": {"disabled": ["cmdai"]}}')
    same(state(box, 'gemini'), 'disabled')
    plugin = os.path.join(box.home, '.config/opencode/plugins/cmdai.js')
    box.write(plugin, open(plugin).read().replace('if (said === "") return', 'return'))
    same(state(box, 'opencode'), 'changed')
    holds(box.run('agents', 'list').out, 'Claude Code (claude-code)', 'disabled', box.project + '/.claude/settings.local.json', 'not on this machine: ')


def test_an_installation_says_what_leaves_the_hook_out(box):
    box.write(os.path.join(box.home, '.claude/settings.json'), '{"disableAllHooks": true}')
    result = box.run('agents', 'install', 'claude-code')
    same(result.status, 0, result)
    holds(result.err, 'switches hooks off: `disableAllHooks`', 'hint: ')


def test_the_last_check_comes_from_the_record(box):
    os.makedirs(os.path.join(box.home, '.codex'))
    same(listed(box, 'codex')['last_check'], None)
    before = int(time.time())
    same(box.run('check', '--actor', 'agent:codex', '--session', 's', '--', 'ls').status, 0)
    last = listed(box, 'codex')['last_check']
    check(last is not None and before <= last <= int(time.time()), last)
    holds(box.run('agents', 'list').out, 'asked    less than a minute ago')


def test_the_version_is_read_and_no_agent_is_started(box):
    package = os.path.join(box.root, 'node_modules/@openai/codex')
    box.write(package + '/package.json', '{"name": "@openai/codex", "version": "1.2.3"}')
    program = box.write(package + '/bin/codex.js', '#!/bin/sh\ntouch ' + box.root + '/started\n')
    os.chmod(program, 0o755)
    os.makedirs(box.root + '/bin')
    os.symlink(program, box.root + '/bin/codex')
    path = {'PATH': box.root + '/bin:/usr/bin'}
    seen = listed(box, 'codex', env=path)
    same((seen['version'], seen['program'], seen['found']), ('1.2.3', box.root + '/bin/codex', True))
    check(not os.path.exists(box.root + '/started'))


def test_the_sandbox_of_copilot_is_told(box):
    path = box.write(os.path.join(box.home, '.copilot/settings.json'), '{\n  "sandbox": {\n    "enabled": true\n  }\n}\n')
    before = tree(box.home)
    same(box.run('agents', 'install', 'copilot').status, 0)
    files = json.load(open(path))['sandbox']['userPolicy']['filesystem']
    same(files, {'readonlyPaths': list(dict.fromkeys([os.path.dirname(PROGRAM), os.path.dirname(CMDAI)])), 'readwritePaths': [box.root + '/run']})
    same(box.run('agents', 'remove', 'copilot').status, 0)
    same(tree(box.home), before)


SYSTEM_FILES = ['claude-code/managed-settings.d/50-cmdai.json', 'codex/requirements.toml', 'gemini-cli/settings.json', 'opencode/opencode.json',
                'opencode/cmdai.js', 'github-copilot/policy.d/cmdai.json', 'cursor/hooks.json', 'windsurf/hooks.json']


def test_the_files_of_the_machine(box):
    root = os.path.join(box.root, 'image')
    box.write(root + '/etc/codex/requirements.toml', '# of the company\nallowed_sandbox_modes = ["read-only"]\n')
    before = tree(root)
    result = box.run('agents', 'install', '--system', '--root', root, '--all', '--program', '/usr/bin/cmdai')
    same(result.status, 0, result)
    holds(result.out, 'enforced: ', 'not:      ', 'GEMINI_CLI_SYSTEM_SETTINGS_PATH', '`--pure`')
    for name in SYSTEM_FILES:
        same(stat.S_IMODE(os.stat(os.path.join(root, 'etc', name)).st_mode), 0o644, name)
        same(stat.S_IMODE(os.stat(os.path.dirname(os.path.join(root, 'etc', name))).st_mode), 0o755, name)
        check(root not in open(os.path.join(root, 'etc', name)).read(), name)
    check(root not in open(root + '/var/lib/cmdai/agent-hooks.json').read())
    once = tree(root)
    same(box.run('agents', 'install', '--system', '--root', root, '--all', '--program', '/usr/bin/cmdai').status, 0)
    same(tree(root), once)
    same(box.run('agents', 'remove', '--system', '--root', root, '--all').status, 0)
    same(tree(root), before)
    same(tree(box.home), {})
    if os.geteuid() != 0: refuses(box.run('agents', 'install', '--system', '--all'), 2, 'by root only', 'hint: sudo')


def test_somebody_else_writes_at_the_same_time(box):
    """Two installers and an agent that rewrites its settings: nobody's part is lost."""
    path = box.write(os.path.join(box.home, '.claude/settings.json'), '{\n  "n": 0\n}\n')
    other = subprocess.Popen([sys.executable, '-c', 'import json, os, sys\nfor i in range(200):\n'
                              ' try: v = json.load(open(sys.argv[1]))\n except ValueError: sys.exit(7)\n'
                              ' v["n"] = i\n open(sys.argv[1] + ".t", "w").write(json.dumps(v))\n os.rename(sys.argv[1] + ".t", sys.argv[1])\n', path])
    box.run('agents', 'install', 'claude-code')
    same(other.wait(), 0)  # it never saw half a file
    result = box.run('agents', 'install', 'claude-code')
    same(result.status, 0, result)
    same(state(box, 'claude-code'), 'guarded')
    same(json.load(open(path))['n'], 199)


def real(name):
    path = os.path.join(REAL, '.bin', name)
    if not os.path.exists(path): raise Skip(f'no {name} in {REAL}')
    return path


def hooks_of_codex(box, codex, env=None):
    """What `codex app-server` makes of the configuration; no network, no model."""
    server = subprocess.Popen([codex, 'app-server'], stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, cwd=box.project,
                              env=box.env | {'PATH': os.environ['PATH']} | (env or {}))

    def ask(number, method, params):
        server.stdin.write((json.dumps({'id': number, 'method': method, 'params': params}) + '\n').encode())
        server.stdin.flush()
        end = time.monotonic() + 60
        while time.monotonic() < end and select.select([server.stdout], [], [], 60)[0]:
            line = server.stdout.readline()
            if not line: break
            answer = json.loads(line)
            if answer.get('id') == number: return answer['result']
        raise AssertionError(f'no answer to {method}')

    try:
        ask(1, 'initialize', {'clientInfo': {'name': 'cmdai-test', 'version': '1'}})
        return ask(2, 'hooks/list', {'cwds': [box.project]})['data'][0]
    finally:
        server.stdin.close()
        server.terminate()
        server.wait()


def test_codex_itself_trusts_the_hook(box):
    codex = real('codex')
    box.write(os.path.join(box.home, '.codex/config.toml'), 'model = "m"\n\n[[hooks.PreToolUse]]\n[[hooks.PreToolUse.hooks]]\ntype = "command"\ncommand = "own"\n')
    same(box.run('agents', 'install', 'codex').status, 0)
    seen = hooks_of_codex(box, codex)
    same(seen['errors'], [])
    same([(h['trustStatus'], h['enabled'], h['timeoutSec']) for h in seen['hooks']], [('untrusted', True, 600), ('trusted', True, 10)])
    holds(seen['hooks'][1]['command'], f"sh -c 'timeout 4 {PROGRAM} hook codex || ")
    # CODEX_HOME through a link, and settings that are a link.
    os.makedirs(os.path.join(box.home, 'real'))
    os.symlink('real', os.path.join(box.home, 'x'))
    box.write(os.path.join(box.home, 'dot.toml'), '')
    os.symlink('../dot.toml', os.path.join(box.home, 'real/config.toml'))
    env = {'CODEX_HOME': box.home + '/x'}
    same(box.run('agents', 'install', 'codex', env=env).status, 0)
    same([h['trustStatus'] for h in hooks_of_codex(box, codex, env)['hooks']], ['trusted'])


main()
