#!/usr/bin/python3
"""`cmdai hook` and cmdai-agent: real payloads and the answers the agents act on, and that nothing that happens to the
process lets a command run.

usage: hook_test.py CMDAI CMDAI_AGENT [TEST…]

payloads/AGENT/VERSION/NAME.json: {"env"?, "files"?, "payload", "answer": {"status", "stdout", "stderr"?}, "event"}. @HOME@
and @PROJECT@ stand for the box. `stdout` null: nothing at all; in it `*` stands for any text; keys must be the same.
`event` is part of the event that is recorded, null: nothing is asked.
"""
import fnmatch, glob, json, os, signal, socket, subprocess, sys, tempfile, threading, time

AGENT = os.path.abspath(sys.argv.pop(2))
sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), '../cli'))
from support import CMDAI, DEADLINE, Skip, check, holds, same
import support

# Not in /tmp: what lies there is temporary, and rules say less about it.
tempfile.tempdir = os.path.dirname(CMDAI)

FOLDER = os.path.join(os.path.dirname(os.path.abspath(__file__)), 'payloads')
AGENTS = ['claude-code', 'codex', 'gemini', 'copilot', 'opencode', 'cursor', 'windsurf']
WAYS = {'cmdai hook': [CMDAI, 'hook'], 'cmdai-agent': [AGENT, 'hook']}
PATIENT = {'patient': [CMDAI, 'hook', '--deadline=100000']}  # the verdict, however slow the machine is
DELETES_HOME = 'rm -rf ~'


def payload(agent, command, cwd='/tmp'):
    """The shape each agent sends for a shell command."""
    return {
        'claude-code': {'session_id': 's', 'cwd': cwd, 'hook_event_name': 'PreToolUse', 'tool_name': 'Bash', 'tool_input': {'command': command}},
        'codex': {'session_id': 's', 'cwd': cwd, 'hook_event_name': 'PreToolUse', 'tool_name': 'Bash', 'tool_input': {'command': command}},
        'gemini': {'session_id': 's', 'cwd': cwd, 'hook_event_name': 'BeforeTool', 'tool_name': 'run_shell_command', 'tool_input': {'command': command}},
        'copilot': {'sessionId': 's', 'cwd': cwd, 'toolName': 'bash', 'toolArgs': {'command': command}},
        'opencode': {'sessionID': 's', 'cwd': cwd, 'tool': 'bash', 'args': {'command': command}},
        'cursor': {'conversation_id': 's', 'hook_event_name': 'beforeShellExecution', 'command': command, 'cwd': cwd},
        'windsurf': {'trajectory_id': 's', 'agent_action_name': 'pre_run_command', 'tool_info': {'command_line': command, 'cwd': cwd}},
    }[agent]


def refusal(agent, status, out, err):
    """The reason, when the agent would not run the command on this; None when it would."""
    if status == 2 and not out: return err.decode() or None if agent != 'opencode' else f'status {status}'
    if status != 0: return f'status {status}' if agent in ('opencode', 'copilot') else None
    try: answer = json.loads(out)
    except ValueError: return None
    if agent in ('claude-code', 'codex'):
        said = answer.get('hookSpecificOutput', {})
        if set(answer) - {'hookSpecificOutput', 'systemMessage'}: return None  # Codex runs on what it does not know
        return said.get('permissionDecisionReason') or None if said.get('permissionDecision') == 'deny' else None
    if agent == 'gemini': return answer.get('reason') if answer.get('decision') == 'deny' else None
    if agent == 'copilot': return answer.get('permissionDecisionReason') if answer.get('permissionDecision') == 'deny' else None
    if agent == 'opencode': return answer.get('deny')
    if agent == 'cursor': return answer.get('agent_message') if answer.get('permission') == 'deny' else None
    return None


def lets_run(agent, status, out):
    return status == 0 and (json.loads(out) == {'permission': 'allow'} if agent == 'cursor' else out == b'')


def hook(box, way, agent, data, env=None, **more):
    """(status, stdout, stderr); a negative status is a signal, which must never be."""
    environment = box.env | (env or {})
    if isinstance(data, dict): data = json.dumps(data).encode()
    done = subprocess.run([*(WAYS | PATIENT)[way], agent], input=data, env=environment, cwd=box.home, capture_output=True, timeout=DEADLINE, **more)
    check(done.returncode >= 0, f'{way} {agent} was ended by signal {-done.returncode}')
    return done.returncode, done.stdout, done.stderr


def refuses(box, way, agent, data, *words, **more):
    status, out, err = hook(box, way, agent, data, **more)
    reason = refusal(agent, status, out, err)
    check(reason, f'{way} {agent} lets it run: status {status} {out!r} {err!r}')
    holds(reason, *words)
    return reason


def everywhere():
    for way in WAYS:
        for agent in AGENTS: yield way, agent


def fits(got, want, path='stdout'):
    if isinstance(want, dict):
        check(isinstance(got, dict) and set(got) == set(want), f'{path}: got {got!r}\nwant {want!r}')
        for key in want: fits(got[key], want[key], f'{path}.{key}')
    else:
        check(isinstance(got, str) and fnmatch.fnmatchcase(got, want), f'{path}: got {got!r}\nwant {want!r}')


def in_box(box, value):
    return json.loads(json.dumps(value).replace('@HOME@', box.home).replace('@PROJECT@', box.project))


def events(box):
    if not os.path.exists(box.record()): return []
    with open(box.record()) as file: return [e for e in map(json.loads, file) if e['type'] == 'command.decision']


def run_payload(box, way, path):
    with open(path) as file: row = in_box(box, json.load(file))
    agent = os.path.relpath(path, FOLDER).split('/')[0]
    for name, text in row.get('files', {}).items(): box.write(name, text)
    before = len(events(box))
    status, out, err = hook(box, way, agent, row['payload'], env=row.get('env'))
    want = row['answer']
    same(status, want['status'], f'{out!r} {err!r}')
    if want['stdout'] is None: same(out, b'')
    else:
        check(out.endswith(b'\n') and out.count(b'\n') == 1, out)
        fits(json.loads(out), want['stdout'])
    if 'stderr' in want: fits(err.decode(), want['stderr'], 'stderr')
    else: same(err, b'')
    new = events(box)[before:]
    same(len(new), 0 if row['event'] is None else 1, new)
    for key, value in (row['event'] or {}).items():
        if isinstance(value, str): fits(new[0].get(key), value, f'event.{key}')
        else: same(new[0].get(key), value, key)
    for name in row.get('files', {}): os.unlink(name)


def golden(box, way):
    paths = sorted(glob.glob(os.path.join(FOLDER, '*/*/*.json')))
    same(sorted({os.path.relpath(p, FOLDER).split('/')[0] for p in paths}), sorted(AGENTS))
    wrong = []
    for path in paths:
        try: run_payload(box, way, path)
        except AssertionError as why: wrong.append(f'{os.path.relpath(path, FOLDER)}: {why}')
    check(not wrong, '\n\n'.join(wrong))


def test_payloads_by_cmdai(box): golden(box, 'cmdai hook')
def test_payloads_by_the_small_program(box): golden(box, 'cmdai-agent')


def test_what_cannot_be_read_does_not_run(box):
    for way, agent in everywhere():
        refuses(box, way, agent, b'', 'nothing arrived')
        refuses(box, way, agent, b'{"a": 1,\n "b" 2}', '<stdin>:2:6', 'not valid JSON')
        refuses(box, way, agent, b'[1]', 'no JSON object')
        refuses(box, way, agent, b'{}', 'names no tool')
        refuses(box, way, agent, b'{"a":' * 100 + b'1' + b'}' * 100, 'nests deeper')
        # Bytes that are no UTF-8, and a NUL: no JSON, and no command of any shell.
        whole = json.dumps(payload(agent, 'echo x')).encode()
        refuses(box, way, agent, whole.replace(b'echo x', b'echo \xff'), 'not valid JSON')
        refuses(box, way, agent, whole.replace(b'echo x', b'echo \0'), 'not valid JSON')
        refuses(box, way, agent, whole.replace(b'echo x', b'echo \\u0000'), 'NUL byte')
        refuses(box, way, agent, json.dumps(payload(agent, 'x')).replace('"x"', '5').encode(), 'holds no command')


def test_an_empty_command_runs(box):
    for way, agent in everywhere():
        status, out, _ = hook(box, way, agent, payload(agent, ''))
        check(lets_run(agent, status, out), f'{way} {agent} {status} {out!r}')


def test_a_long_command_is_judged_and_a_longer_payload_refused(box):
    refuses(box, 'patient', 'opencode', payload('opencode', 'echo ' + 'x' * (300 << 10)), 'core.too-long')
    for way, agent in (('cmdai hook', 'opencode'), ('cmdai-agent', 'codex')):
        for size in (300 << 10, 10 << 20):  # by the rule, or a slow machine's deadline
            refuses(box, way, agent, payload(agent, 'echo ' + 'x' * size))
        refuses(box, way, agent, payload(agent, 'echo ' + 'x' * (17 << 20)), 'longer than 16 MiB')


def test_unknown_agents_are_refused_by_status(box):
    for way in WAYS:
        status, out, err = hook(box, way, 'nobody', b'{}')
        same((status, out), (2, b''))
        check(err)


def test_closed_and_broken_outputs(box):
    hook(box, 'cmdai hook', 'claude-code', payload('claude-code', 'ls'))  # the daemon runs from here on
    for way, agent in everywhere():
        command = [*WAYS[way], agent]
        data = json.dumps(payload(agent, DELETES_HOME)).encode()
        for closing in ('>&-', '>/dev/full', '>&- 2>&-', '<&-', '<&- >&- 2>&-'):
            done = subprocess.run(['/bin/sh', '-c', f'exec "$@" {closing}', 'sh', *command], input=data, env=box.env, cwd=box.home, capture_output=True, timeout=DEADLINE)
            check(done.returncode == 2 or (closing == '<&-' and refusal(agent, done.returncode, done.stdout, done.stderr)), f'{closing} {done}')
        read, write = os.pipe()
        os.close(read)
        done = subprocess.run(command, input=data, env=box.env, cwd=box.home, stdout=write, stderr=subprocess.PIPE, timeout=DEADLINE)
        os.close(write)
        same(done.returncode, 2, done)


def test_signals_in_the_middle(box):
    for way, agent in everywhere():
        for number in (signal.SIGTERM, signal.SIGHUP, signal.SIGINT, signal.SIGSEGV, signal.SIGABRT, signal.SIGALRM, signal.SIGUSR1):
            process = subprocess.Popen([*WAYS[way], agent], stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE, env=box.env, cwd=box.home)
            process.stdin.write(b'{"tool_name":')
            process.stdin.flush()
            wait_for_handlers(process.pid)
            process.send_signal(number)
            out, err = process.stdout.read(), process.stderr.read()
            same(process.wait() >= 0, True, f'{way} {agent} died by {number}')
            check(refusal(agent, process.returncode, out, err), f'{way} {agent} {number} {process.returncode} {out!r} {err!r}')
            for pipe in (process.stdin, process.stdout, process.stderr):
                try: pipe.close()
                except BrokenPipeError: pass


def wait_for_handlers(pid):
    """Until SIGTERM is caught: before main() nobody can."""
    end = time.monotonic() + DEADLINE
    while time.monotonic() < end:
        with open(f'/proc/{pid}/status') as file:
            caught = [int(line.split()[1], 16) for line in file if line.startswith('SigCgt')]
        if caught and caught[0] >> (signal.SIGTERM - 1) & 1: return
        time.sleep(0.002)
    raise AssertionError('the handlers were never there')


def test_a_slow_payload_is_refused_in_time(box):
    for way in WAYS:
        process = subprocess.Popen([*WAYS[way], 'codex'], stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE, env=box.env, cwd=box.home)
        process.stdin.write(b'{"tool_name":"Bash"')
        process.stdin.flush()
        out, err = process.stdout.read(), process.stderr.read()  # our end of its input stays open
        holds(refusal('codex', process.wait(), out, err) or 'it ran', 'no verdict within')
        process.stdin.close()


class Listener:
    """Something on the socket that is no daemon."""

    def __init__(self, box, answer):
        self.socket = socket.socket(socket.AF_UNIX)
        self.socket.bind(box.env['CMDAI_SOCKET'])
        os.chmod(box.env['CMDAI_SOCKET'], 0o600)
        self.socket.listen(64)
        self.answer, self.held = answer, []
        threading.Thread(target=self.serve, daemon=True).start()

    def serve(self):
        while True:
            try: connection, _ = self.socket.accept()
            except OSError: return
            self.held.append(connection)
            if self.answer is not None:
                connection.recv(65536)
                connection.sendall(self.answer)
                connection.close()

    def close(self, box):
        self.socket.close()
        for one in self.held: one.close()
        os.unlink(box.env['CMDAI_SOCKET'])


def judged_here(box, way, agent):
    before = len(events(box))
    refuses(box, way, agent, payload(agent, DELETES_HOME), 'rule fs.delete-home')
    status, out, _ = hook(box, way, agent, payload(agent, 'ls'))
    check(lets_run(agent, status, out), f'{way} {agent} {status} {out!r}')
    new = events(box)[before:]
    same([e['action'] for e in new], ['block', 'allow'])
    for event in new: holds(event['text'], 'judged without the daemon')


def test_a_hung_daemon_does_not_stop_the_engine(box):
    listener = Listener(box, None)
    for way in WAYS: judged_here(box, way, 'claude-code')
    listener.close(box)


def test_nonsense_from_the_socket(box):
    for answer in (b'HTTP/1.1 200 OK\r\n\r\n', b'', b'cmdai/1 verdict 5\nx', b'cmdai/1 error 20\ncode=busy\0text=no\0\0\0\0'):
        listener = Listener(box, answer)
        for way in WAYS: judged_here(box, way, 'codex')
        listener.close(box)


def test_an_action_nobody_knows_is_no_permission(box):
    body = b'action=maybe\0text=what\0'
    listener = Listener(box, b'cmdai/1 verdict %d\n' % len(body) + body)
    for way in WAYS: refuses(box, way, 'claude-code', payload('claude-code', 'ls'), 'what')
    listener.close(box)


def test_no_daemon_and_none_to_start(box):
    away = {'CMDAI_DAEMON': '/bin/false'}
    for way in WAYS:
        refuses(box, way, 'gemini', payload('gemini', DELETES_HOME), 'rule fs.delete-home', env=away)
        status, out, _ = hook(box, way, 'gemini', payload('gemini', 'ls'), env=away)
        check(lets_run('gemini', status, out), out)
    asked = refuses(box, 'cmdai-agent', 'codex', payload('codex', 'git push --force origin main'), 'rule git.push-force', env=away)
    check('cmdai allow' not in asked, asked)  # nobody is there to redeem a code


def test_where_no_socket_may_be_made(box):
    """In the sandboxes of agents socket() or connect() gives EPERM."""
    if subprocess.run(['unshare', '-Urn', 'true'], capture_output=True).returncode: raise Skip('no user namespaces')
    os.chmod(os.path.dirname(box.env['CMDAI_SOCKET']), 0o000)
    nobody = ['unshare', '--user', 'sh', '-c', 'exec "$@"', 'sh']  # not root in there: the folder cannot be entered
    data = json.dumps(payload('claude-code', DELETES_HOME)).encode()
    for way in WAYS:
        done = subprocess.run([*nobody, *WAYS[way], 'claude-code'], input=data, env=box.env, cwd='/', capture_output=True, timeout=DEADLINE)
        holds(refusal('claude-code', done.returncode, done.stdout, done.stderr) or repr(done), 'rule fs.delete-home')
    os.chmod(os.path.dirname(box.env['CMDAI_SOCKET']), 0o700)


def test_an_approved_command_runs_once(box):
    """The person runs `cmdai allow` in a terminal; the daemon takes it from there alone."""
    row = payload('codex', 'git push --force origin main', box.project)
    reason = refuses(box, 'cmdai-agent', 'codex', row, 'git.push-force')
    code = reason.split('cmdai allow ')[1].split('`')[0]
    done = box.run_in_terminal('allow', code)
    same(done.status, 0, done)
    status, out, _ = hook(box, 'cmdai-agent', 'codex', row)
    check(lets_run('codex', status, out), out)
    refuses(box, 'cmdai-agent', 'codex', row, 'git.push-force')


def test_files_are_approved_as_files(box):
    row = {'session_id': 's', 'cwd': box.project, 'tool_name': 'apply_patch', 'tool_input': {'command': '*** Begin Patch\n*** Update File: .git/hooks/x\n+x\n*** End Patch'}}
    reason = refuses(box, 'cmdai hook', 'codex', row, 'persist.hook', 'Then send exactly the same file again')
    done = box.run_in_terminal('allow', reason.split('cmdai allow ')[1].split('`')[0])
    same(done.status, 0, done)
    holds(done.out, 'write .git/hooks/x')
    refuses(box, 'cmdai hook', 'codex', payload('codex', 'write .git/hooks/x', box.project) | {'tool_input': {'command': 'echo x > .git/hooks/x'}}, 'persist.hook')
    status, out, _ = hook(box, 'cmdai hook', 'codex', row)
    check(lets_run('codex', status, out), out)


def test_a_warning_reaches_who_reads_it(box):
    box.write(box.config('config.toml'), '[rules]\n"git.push-force" = "warn"\n')
    text = '*overwrites the remote*git.push-force*'
    both = {'systemMessage': text, 'hookSpecificOutput': {'hookEventName': 'PreToolUse', 'additionalContext': text}}
    want = {'claude-code': both, 'codex': both, 'gemini': {'systemMessage': text}, 'copilot': {'additionalContext': text}, 'cursor': {'permission': 'allow'}}
    for agent in AGENTS:
        status, out, err = hook(box, 'cmdai-agent', agent, payload(agent, 'git push --force origin main'))
        same((status, err), (0, b''))
        if agent in want: fits(json.loads(out), want[agent])
        else: same(out, b'')


if __name__ == '__main__': support.main()
