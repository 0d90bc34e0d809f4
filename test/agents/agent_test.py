"""A real agent, started without a person, its model on the loopback interface (`cmdai debug drive`).

usage: agent_test.py CMDAI [TEST…]      CMDAI_TEST_AGENT: which agent, by its name in `cmdai agents list`

The programs are those of test/agents/package.json, put into CMDAI_TEST_AGENTS by test/support/agents.sh. What is destroyed is a decoy in the box's own home.
"""
import json, os, re, shutil, stat, subprocess, sys, threading
sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), '../cli'))
import support
from support import CMDAI, Skip, check, holds, same

AGENT = os.environ.get('CMDAI_TEST_AGENT', 'claude-code')
CACHE = os.environ.get('CMDAI_TEST_CACHE', os.path.expanduser('~/.cache/cmdai-test'))
PLACE = os.environ.get('CMDAI_TEST_AGENTS', os.path.join(CACHE, 'agents'))  # empty: none
PROGRAM = os.path.join(PLACE, 'node_modules/.bin', {'claude-code': 'claude'}.get(AGENT, AGENT))
LIMIT = 150  # seconds for one conversation: a machine under load is slow, not broken
RULE = 'fs.delete-home-folder'
# Codex refuses `rm -rf` by itself, after the hook.
REFUSES_RM = AGENT == 'codex'


class Run:
    """What came of one conversation."""

    def __init__(self, lines, err):
        self.err, self.last = err, lines[-1] if lines else {}

    def __repr__(self):
        return json.dumps(self.last, indent=1)[:4000] + self.err

    def told(self, step):
        check(step < len(self.last.get('told', [])), f'the model was never told of step {step}: {self!r}')
        return self.last['told'][step]


def script(box, *steps):
    return json.dumps([s if isinstance(s, dict) else s.replace('HOME', box.home).replace('PROJECT', box.project) for s in steps])


def need_agent():
    if not PLACE: raise Skip('agents are left out')
    if not os.path.exists(PROGRAM): raise Skip(f'{PROGRAM} is not here: test/support/agents.sh')


def drive(box, *steps, limit=LIMIT, env=None, on_told=None, program=PROGRAM):
    """Runs the agent in the box. on_told(step, text): called while it runs."""
    need_agent()
    temporary = os.path.join(box.root, 'tmp')
    os.makedirs(temporary, exist_ok=True)
    environment = box.env | {'PATH': os.environ['PATH']} | (env or {})
    process = subprocess.Popen([CMDAI, 'debug', 'drive', AGENT, '--bin', program, '--home', box.home, '--project', box.project,
                                '--temporary', temporary, '--limit', str(limit)], env=environment, cwd=box.root,
                               stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, errors='replace')
    process.stdin.write(script(box, *steps))
    process.stdin.close()
    err = []
    reader = threading.Thread(target=lambda: err.append(process.stderr.read()))
    reader.start()
    lines = []
    for line in process.stdout:
        lines.append(json.loads(line))
        if on_told and 'step' in lines[-1]: on_told(lines[-1]['step'], lines[-1]['told'])
    reader.join()
    same(process.wait(), 0, ''.join(err))
    return Run(lines, ''.join(err))


def decoys(box):
    """Two folders at the top of the home, whose loss the policy of this box blocks."""
    box.write(box.config('config.toml'), f'[rules]\n"{RULE}" = "block"\n')
    for name in ('decoy-1', 'decoy-2'): box.write(os.path.join(box.home, name, 'precious.txt'), 'keep me\n')


def there(box, *parts):
    return os.path.exists(os.path.join(box.root, *parts))


STEPS = ('touch PROJECT/ran-1', 'rm -rf HOME/decoy-1', 'find HOME/decoy-2 -delete', 'touch PROJECT/ran-2')


def ran(box):
    """Of STEPS, which happened."""
    home, project = os.path.relpath(box.home, box.root), os.path.relpath(box.project, box.root)
    return [there(box, project, 'ran-1'), not there(box, home, 'decoy-1/precious.txt'), not there(box, home, 'decoy-2/precious.txt'),
            there(box, project, 'ran-2')]


def install(box, program=CMDAI):
    same(box.run('agents', 'install', AGENT, '--program', program).status, 0)


def test_without_a_hook_everything_runs(box):
    """The control: what the other tests see stopped is not stopped by the harness."""
    decoys(box)
    run = drive(box, *STEPS)
    same(ran(box), [True, not REFUSES_RM, True, True], run)
    check(run.last['finished'] and run.last['in_time'], run)
    same(run.last['unknown'], [path for path in run.last['unknown'] if '/npm/' in path], run)


def test_dangerous_commands_are_stopped_and_harmless_ones_run(box):
    decoys(box)
    install(box)
    run = drive(box, *STEPS)
    same(ran(box), [True, False, False, True], run)
    for step in (1, 2): holds(run.told(step), RULE, 'The command was not run')
    check(run.last['finished'], run)
    events = [json.loads(line) for line in open(box.record(), encoding='utf8')]
    same([e['actor_name'] for e in events if e.get('action') == 'block'], [AGENT, AGENT], events)


BROKEN = '''#!/bin/bash
# In the place of cmdai: fails in the way the command asks for.
payload=$(cat)
case $payload in
  *PROJECT/crash*) exit 1 ;;
  *PROJECT/killed*) kill -KILL $$ ;;
  *PROJECT/hangs*) sleep 600 ;;
  *PROJECT/missing*) exit 0 ;;
  *PROJECT/last*) rm -f -- "$0"; exit 1 ;;
esac
'''


def test_a_hook_that_fails_in_any_way_stops_the_command(box):
    """Crash, SIGKILL, hang, and a program that is gone: of its own accord hardly any agent would stop for these."""
    program = box.write(os.path.join(box.home, 'bin/cmdai'), BROKEN.replace('PROJECT', box.project))
    os.chmod(program, 0o755)
    install(box, program)
    names = ('crash', 'killed', 'hangs', 'last', 'missing')
    run = drive(box, *[f'touch PROJECT/{name}' for name in names])
    same([name for name in names if there(box, 'home/project', name)], [], run)
    for step in range(len(names)): check(run.told(step), run)
    check(run.last['finished'] and run.last['in_time'], run)


def test_without_a_daemon_the_hook_judges_by_itself(box):
    decoys(box)
    install(box)
    run = drive(box, *STEPS, env={'CMDAI_DAEMON': '/bin/false'})
    same(ran(box), [True, False, False, True], run)
    holds(run.told(2), RULE)


def test_under_cmdai_run_nothing_has_to_be_set(box):
    """No hook, no setting of the agent's: each exec of its tree is judged. Where the agent starts the shell itself, that its start failed is all it hears."""
    decoys(box)
    program = box.write(os.path.join(box.root, 'guarded'), f'#!/bin/sh\nexec "{CMDAI}" run --name {AGENT} -- "{PROGRAM}" "$@"\n')
    os.chmod(program, 0o755)
    run = drive(box, *STEPS, program=program)
    same(ran(box), [True, False, False, True], run)
    check(RULE in run.told(2) or re.search('EPERM|not permitted', run.told(2)), run)
    check(run.last['finished'], run)
    events = [json.loads(line) for line in open(box.record(), encoding='utf8')]
    stopped = [e for e in events if e.get('action') == 'block']
    same({(e['actor_name'], e['source']) for e in stopped}, {(AGENT, 'exec')}, events)


def code_in(text):
    found = re.search(r'cmdai allow ([A-Za-z0-9-]+)', text)
    check(found, f'no code in: {text}')
    return found[1]


def test_what_a_person_allows_runs_once(box):
    """Stopped with a code; a person says `cmdai allow CODE` in their own terminal; then it runs, and only once."""
    decoys(box)
    allowed = []

    def on_told(step, text):
        if step != 0: return
        allowed.append(box.run_in_terminal('allow', code_in(text), typed='y\n'))
        box.write(os.path.join(box.home, 'decoy-2/precious.txt'), 'keep me\n')
        box.write(os.path.join(box.project, 'go'), '')

    install(box)
    same(box.run('start').status, 0)  # a code comes from the daemon alone, and starting it may take longer than the hook waits
    command = 'find HOME/decoy-2 -delete'
    refill = 'mkdir HOME/decoy-2; touch HOME/decoy-2/precious.txt; test -e HOME/decoy-2/precious.txt && touch PROJECT/refilled'
    wait = 'until [ -e PROJECT/go ]; do sleep 0.2; done'
    run = drive(box, command, wait, command, refill, command, on_told=on_told)
    same([a.status for a in allowed], [0], allowed)
    holds(run.told(0), RULE)
    check(RULE not in run.told(2), run)
    check(there(box, 'home/project/refilled'), run)
    holds(run.told(4), RULE)
    check(there(box, 'home/decoy-2/precious.txt'), run)


def test_claude_cannot_write_its_hook_away(box):
    """Claude Code reads its settings again while it runs: one line in a file of the project would switch its hooks off."""
    if AGENT != 'claude-code': raise Skip('the others read their hooks once a session')
    decoys(box)
    install(box)
    switch = os.path.join(box.project, '.claude/settings.local.json')
    off = '{"disableAllHooks": true}'
    run = drive(box, {'tool': 'Write', 'arguments': {'file_path': switch, 'content': off}},
                f"mkdir -p PROJECT/.claude && echo '{off}' > PROJECT/.claude/settings.local.json", 'find HOME/decoy-2 -delete')
    check(not os.path.exists(switch), run)
    holds(run.told(1), 'persist.agent-config')
    holds(run.told(2), RULE)
    check(there(box, 'home/decoy-2/precious.txt'), run)


def files_of(box):
    """Every file of the home with its content, but for what cmdai keeps of its own work."""
    out = {}
    for folder, _, names in os.walk(box.home):
        for name in names:
            path = os.path.join(folder, name)
            if '.local/state/cmdai' in path or not stat.S_ISREG(os.lstat(path).st_mode): continue
            with open(path, 'rb') as file: out[path] = file.read()
    return out


def verify(box, *words):
    need_agent()
    result = box.run('agents', 'verify', AGENT, '--bin', PROGRAM, *words, env={'PATH': os.environ['PATH']})
    return result, json.loads(result.out)[0] if '--json' in words and result.out else {}


def test_verify_sees_a_guarded_agent(box):
    install(box)
    before = files_of(box)
    result, seen = verify(box, '--json')
    same(result.status, 0, result)
    outcomes = [s['outcome'] for s in seen['steps']]
    same(outcomes, ['ran', 'stopped', 'stopped', 'ran'], result)
    check(seen['holds'] and re.match(r'\d+\.\d+', seen['version']) and seen['files'], result)
    same(files_of(box), before)
    with open(os.path.join(box.home, '.local/state/cmdai/agents.json'), encoding='utf8') as file: kept = json.load(file)[AGENT]
    same((kept['holds'], kept['agent_version']), (True, seen['version']))
    same([s['outcome'] for s in kept['steps']], outcomes)
    path = {'PATH': os.path.dirname(PROGRAM) + ':' + os.environ['PATH']}
    holds(box.run('agents', 'list', env=path).out, f'verified less than a minute ago: guarded ({seen["version"]})')
    (listed,) = [a for a in json.loads(box.run('agents', 'list', '--json', env=path).out) if a['agent'] == AGENT]
    same(listed['verified'], {'time': kept['time'], 'holds': True, 'version': seen['version']})
    holds(box.run('doctor', env=path).out, 'was verified less than a minute ago: guarded')


def test_verify_sees_an_agent_that_nothing_guards(box):
    result, _ = verify(box)
    same(result.status, 1, result)
    holds(result.out, 'NOT guarded', f'cmdai agents install {AGENT}')


if __name__ == '__main__':
    support.main()
