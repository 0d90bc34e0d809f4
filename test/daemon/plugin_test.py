#!/usr/bin/python3
"""Plugins of the managed configuration in the real daemon: what they may say, and what they get told."""
import hashlib, json, os, platform, pty, select, signal, sys, time

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
import daemon
from daemon import Peer, until
from support import CMDAI, DEADLINE, Skip, check, holds, main, same
from plugins import FROZEN, action, alive, ask, change, entry, events, failures, frozen, in_state, managed, plugin, read, start, state_file, status


def test_a_plugin_only_makes_stricter(box):
    start(box, entry(box, 'sample', 'sample_c'))
    said = ask(box, 'echo forbidden')
    same((said['action'], said['rule'], said['reason'], said['hint']), ('block', 'plugin.sample.word', 'this says a word that is forbidden here', 'say it another way'))
    holds(said['text'], 'echo forbidden\n    ^^^^^^^^^^^^^^', 'rule plugin.sample.word')
    same(action(box, 'echo fine'), 'allow')
    same(action(box, 'rm -rf /'), 'block')  # to which it says allow
    same(action(box, 'git push --force'), 'ask')
    holds(box.run('explain', '--', 'echo forbidden').out, 'plugin.sample.word')
    (event,) = [e for e in events(box, 'command.decision') if e['command'] == 'echo forbidden']
    same((event['action'], event['rule']), ('block', 'plugin.sample.word'))


def test_a_plugin_refuses_a_code_and_an_answer(box):
    start(box, entry(box, 'sample', 'sample_c'))
    code = ask(box, 'echo forbidden never')['code']
    refused = box.run_in_terminal('allow', code)
    check(refused.status != 0, refused)
    holds(refused.out, 'nobody may let this pass')
    same(action(box, 'echo forbidden never'), 'block')
    (event,) = events(box, 'approval')
    same((event['text'], event['rule'], event['reason']), ('refused', 'plugin.sample', 'nobody may let this pass'))
    # What it does not object to passes, once.
    same(box.run_in_terminal('allow', ask(box, 'echo forbidden')['code']).status, 0)
    same([action(box, 'echo forbidden') for _ in range(2)], ['allow', 'block'])
    with Peer(box) as peer:
        for command, want in (('git push --force origin never', 'error'), ('git push --force', 'ok')):
            kind, said = peer.ask('check', cmd=command, shell='bash', cwd=box.project, tty='1')
            same(said['action'], 'ask')
            for answer in ('always', 'yes'):
                kind, reply = peer.ask('answer', id=said['id'], answer=answer)
                same(kind, want, reply)
                if want == 'error': same((reply['code'], reply['text']), ('denied', 'nobody may let this pass'))


def confirm(box, id):
    """`y` at the question of cmdai-hook: (status, what it showed)."""
    hook = os.path.join(os.path.dirname(CMDAI), '../../shell-hooks/client/cmdai-hook')
    pid, fd = pty.fork()
    if pid == 0: os.execve(hook, [hook, 'confirm', 'id=' + id], box.env | {'TERM': 'dumb'})
    shown, end = b'', time.monotonic() + DEADLINE
    while time.monotonic() < end:
        if not select.select([fd], [], [], 0.1)[0]: continue
        try: data = os.read(fd, 65536)
        except OSError: break
        if not data: break
        shown += data
        if shown.endswith(b'] '): os.write(fd, b'y')
    os.close(fd)
    return os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]), shown.decode().replace('\r', '')


def test_a_yes_that_a_plugin_refuses_does_not_run_the_line(box):
    start(box, entry(box, 'sample', 'sample_c'))
    status, shown = confirm(box, ask(box, 'git push --force origin never', tty='1')['id'])
    same(status, 1, shown)
    holds(shown, '  not run: nobody may let this pass\n')
    status, shown = confirm(box, ask(box, 'git push --force origin', tty='1')['id'])
    same(status, 0, shown)


def recorded(box, name='sample'):
    return [line.split(' ', 1) for line in read(state_file(box, name, 'record')).splitlines()]


def written(box):
    return [[str(json.loads(line)['seq']), line] for line in read(box.record()).splitlines()]


def kill_plugin(box, name):
    """Its process, whatever it is about; it may just be ending, or not be there yet."""
    def killed():
        try: pid = int(plugin(box, name)['pid'] or 0)
        except KeyError: pid = 0
        if pid <= 0: return False
        try: os.kill(pid, signal.SIGKILL)
        except ProcessLookupError: return False
        return True
    until(killed, f'{name} has no process')


def test_every_line_is_recorded_once_and_in_order_whatever_ends(box):
    server = start(box, entry(box, 'sample', 'sample_c'))
    for round in range(6):
        with Peer(box) as peer:
            for i in range(150):
                daemon.check_answers(peer, f'echo {round} {i}', 'allow')
                if i == 70: kill_plugin(box, 'sample')
        if round % 2 == 1:
            server.kill()
            server.wait()
            server = start(box, entry(box, 'sample', 'sample_c'))
    until(lambda: len(recorded(box)) == len(written(box)), 'the plugin has not got all lines')
    same(box.run('stop').status, 0)
    same(recorded(box), written(box))
    same(json.loads(recorded(box)[-1][1])['type'], 'daemon.stop')
    holds(' '.join(failures(box, 'sample')), 'crashed (Killed)')
    same(box.run('log', '--verify').status, 0)


def test_a_plugin_that_comes_later_gets_what_was_written_before_it_only_if_it_asks(box):
    same(box.run('start').status, 0)
    for i in range(3): action(box, f'echo before {i}')
    same(box.run('stop').status, 0)
    start(box, entry(box, 'sample', 'sample_c'), entry(box, 'late', 'bad_plugin', Settings={'fail': 'record'}))
    # sample_c says recorded() = 0: it wants all. bad_plugin says nothing: from now on.
    until(lambda: len(recorded(box)) == len(written(box)), 'the plugin has not got all lines')
    same(int(plugin(box, 'late')['recorded']) >= 5, True)


def test_a_line_that_is_not_taken_comes_again(box):
    start(box, entry(box, 'bad', 'bad_plugin', Settings={'fail': 'record'}))
    action(box, 'echo now')
    until(lambda: failures(box, 'bad'), 'its failure is not told')
    holds(failures(box, 'bad')[0], 'record() failed: told to fail')
    same(in_state(box, 'bad', 'degraded')['error'], 'record() failed: told to fail')
    before = int(plugin(box, 'bad')['recorded'])
    change(box, entry(box, 'bad', 'bad_plugin'))
    until(lambda: int(plugin(box, 'bad')['recorded']) > before, 'it stays where it was')
    in_state(box, 'bad', 'ok')


def test_a_gate_counts_for_every_command(box):
    start(box, entry(box, 'gate', 'sample_cpp', Settings={'gate': 'block', 'reason': 'the spool is full'}))
    said = ask(box, 'ls')
    same((said['action'], said['rule'], said['reason']), ('block', 'plugin.gate.gate', 'the spool is full'))
    holds(box.run('status').out, 'every command: block the spool is full')
    same(box.run('doctor').status, 1)
    change(box, entry(box, 'gate', 'sample_cpp', Settings={'gate': 'warn'}))
    until(lambda: action(box, 'ls') == 'warn', 'the gate is shut')
    change(box, entry(box, 'gate', 'sample_cpp'))
    until(lambda: action(box, 'ls') == 'allow', 'the gate is shut')
    # It stays shut while its plugin is not there.
    change(box, entry(box, 'gate', 'sample_cpp', Settings={'gate': 'ask'}))
    until(lambda: action(box, 'ls') == 'ask', 'the gate is open')
    os.kill(int(plugin(box, 'gate')['pid']), signal.SIGKILL)
    for _ in range(20): same(action(box, 'ls'), 'ask')


POLICY = '[rules]\n"git.push-force" = "block"\n'
PACK = '''[[rule]]
id = "org.no-frobnicate"
severity = "high"
title = "frobnicate is not for here"
why = "The organization says so."
hint = "ask somebody"
command = { program = "frobnicate" }
human = "block"
agent = "block"
stop = ["frobnicate now"]
pass = ["ls"]
'''


def test_the_organizations_policy_counts_and_a_broken_one_changes_nothing(box):
    policy = box.write(os.path.join(box.root, 'policy.toml'), POLICY)
    start(box, entry(box, 'org', 'sample_cpp', Settings={'policy': policy}))
    same(action(box, 'git push --force'), 'block')
    until(lambda: 'result=good' in plugin(box, 'org')['health'], 'the plugin was not told')
    fingerprint = status(box)['policy']
    box.write(policy, POLICY + '[rules\n')
    change(box, entry(box, 'org', 'sample_cpp', Settings={'policy': policy, 'again': 1}))
    until(lambda: any('bad' in line for line in plugin(box, 'org')['health']), 'the plugin was not told')
    same(action(box, 'git push --force'), 'block')
    same(status(box)['policy'], fingerprint)
    holds(events(box, 'policy.failed')[-1]['text'], 'plugin:org/org.toml:3:')
    # It comes back with another one, and goes with its plugin.
    box.write(policy, POLICY.replace('git.push-force', 'git.reset-hard'))
    change(box, entry(box, 'org', 'sample_cpp', Settings={'policy': policy, 'again': 2}))
    until(lambda: action(box, 'git push --force') == 'ask', 'the old policy still counts')
    box.write(policy, POLICY)
    change(box, entry(box, 'org', 'sample_cpp', Settings={'policy': policy, 'again': 3}))
    until(lambda: action(box, 'git push --force') == 'block', 'the policy does not count')
    # The user's own files are read beside it, whatever they hold.
    box.write(box.config('config.toml'), '[rules]\n"git.push-force" = "allow"\n')
    box.run('reload')
    same(action(box, 'git push --force'), 'block')
    change(box)
    until(lambda: action(box, 'git push --force') == 'allow', 'the policy of a plugin that is gone counts')


def test_what_the_host_tells_a_plugin(box):
    start(box, entry(box, 'cpp', 'sample_cpp', Settings={'gate': ''}), TenantID='acme')
    until(lambda: read(state_file(box, 'cpp', 'posture')), 'no posture')
    name, digest, user, last, settings = read(state_file(box, 'cpp', 'host')).split(' ', 4)
    same((name, last.isdigit(), json.loads(settings)), ('cpp', True, {'gate': '', 'Managed': {'TenantID': 'acme'}}))
    check(len(digest) in (0, 64), digest)
    same(os.stat(os.path.dirname(state_file(box, 'cpp', 'x'))).st_mode & 0o777, 0o700)
    ask(box, 'echo sample-ask', actor='agent:claude-code', source='hook')
    same(read(state_file(box, 'cpp', 'asked')), f'bash {box.project} agent claude-code hook recorded')
    box.run('explain', '--', 'echo sample-ask')
    holds(read(state_file(box, 'cpp', 'asked')), 'explained')
    with Peer(box) as peer: same(peer.ask('session', session='s-17', event='open', shell='zsh', pid=os.getpid())[0], 'ok')

    def seen():
        posture = json.loads(read(state_file(box, 'cpp', 'posture')))
        return any(s['id'] == 's-17' for s in posture['sessions']) and posture['agents'] == ['claude-code'] and posture['assurance'] == 'L1'
    until(seen, 'the posture does not say it')


def test_a_plugin_that_is_gone_from_the_configuration_closes(box):
    start(box, entry(box, 'cpp', 'sample_cpp'), entry(box, 'sample', 'sample_c'))
    pid = plugin(box, 'cpp')['pid']
    change(box, entry(box, 'sample', 'sample_c'))
    same([p['name'] for p in status(box)['plugins']], ['sample'])
    until(lambda: not alive(pid), 'its process lives on')
    same(read(state_file(box, 'cpp', 'closed')), '1')
    same([e['rule'] for e in events(box, 'plugin.closed')], ['plugin.cpp'])
    same(failures(box, 'cpp'), [])
    # And one that comes is opened, without the daemon being started anew.
    change(box, entry(box, 'sample', 'sample_c'), entry(box, 'again', 'sample_cpp'))
    in_state(box, 'again', 'ok', 'degraded')
    # Another file is another plugin.
    change(box, entry(box, 'sample', 'sample_c'), entry(box, 'again', 'sample_c'))
    until(lambda: plugin(box, 'again')['version'] == 'sample 1.0', 'the file was not changed')
    same(read(state_file(box, 'again', 'closed')), '1')


def test_settings_are_told_while_it_runs(box):
    start(box, entry(box, 'cpp', 'sample_cpp'))
    pid = plugin(box, 'cpp')['pid']
    change(box, entry(box, 'cpp', 'sample_cpp', Settings={'a': 1, 'b': 2}))
    until(lambda: 'settings=3' in plugin(box, 'cpp')['health'], 'the settings did not come')
    same(plugin(box, 'cpp')['pid'], pid)
    same(events(box, 'plugin.report')[0]['text'], 'cpp: the settings were read again')


def test_the_process_of_a_plugin_is_its_own(box):
    start(box, entry(box, 'sample', 'sample_c'))
    pid = plugin(box, 'sample')['pid']
    folder = f'/proc/{pid}/fd'
    open_files = {int(fd): os.readlink(os.path.join(folder, fd)) for fd in os.listdir(folder)}
    same([fd for fd, what in open_files.items() if what.startswith('socket:')], [3])
    check(not any('events' in what or 'cmdaid.l' in what for what in open_files.values()), open_files)
    with open(f'/proc/{pid}/maps') as file: holds(file.read(), 'sample_c.so')
    with open(f'/proc/{status(box)["pid"]}/maps') as file: check('sample_c.so' not in file.read(), 'the daemon has loaded it')
    with open(f'/proc/{pid}/stat') as file: same(file.read().rpartition(')')[2].split()[3], str(pid))  # a session of its own


def test_the_process_ends_with_the_daemon(box):
    server = start(box, entry(box, 'sample', 'sample_c'), entry(box, 'bad', 'bad_plugin', Settings={'hang': 'decide'}))
    pids = [plugin(box, name)['pid'] for name in ('sample', 'bad')]
    same(action(box, 'echo now'), 'allow')  # one of them hangs
    server.kill()
    server.wait()
    until(lambda: not any(map(alive, pids)), 'the processes live on')


def test_the_plugin_of_the_first_release_still_loads(box):
    if platform.machine() != 'x86_64': raise Skip('the frozen plugins are for x86-64')
    with open(os.path.join(FROZEN, 'major-1.so'), 'rb') as file:
        same(hashlib.sha256(file.read()).hexdigest(), '62b9ccd296d1e9bebf77f573acff1e61604c8f698df204a02b7f3984fa00d27e')  # as it was built
    start(box, frozen(box, 'frozen', 1))
    same((plugin(box, 'frozen')['version'], plugin(box, 'frozen')['api']), ('sample 1.0', '1.0'))
    said = ask(box, 'echo forbidden never')
    same((said['action'], said['rule'], said['hint']), ('block', 'plugin.frozen.word', 'say it another way'))
    same(action(box, 'rm -rf /'), 'block')
    same(action(box, 'ls'), 'allow')
    holds(box.run_in_terminal('allow', said['code']).out, 'nobody may let this pass')
    until(lambda: len(recorded(box, 'frozen')) == len(written(box)), 'it does not record')
    until(lambda: f'last={recorded(box, "frozen")[-1][0]}' in plugin(box, 'frozen')['health'], 'no health')
    same(box.run('stop').status, 0)
    same(recorded(box, 'frozen'), written(box))


def test_two_daemons_of_a_user_do_not_run_one_plugin_twice(box):
    start(box, entry(box, 'sample', 'sample_c'))
    os.mkdir(os.path.join(box.root, 'run2'), 0o700)
    box.env['CMDAI_SOCKET'] = os.path.join(box.root, 'run2/d.sock')
    second = start(box, entry(box, 'sample', 'sample_c'))
    until(lambda: plugin(box, 'sample')['state'] == 'failed', 'it runs twice')
    holds(plugin(box, 'sample')['error'], 'another daemon of this user runs it')
    same(box.run('stop').status, 0)
    second.wait(DEADLINE)
    box.env['CMDAI_SOCKET'] = os.path.join(box.root, 'run/d.sock')
    until(lambda: len(recorded(box)) == len(written(box)), 'lines of the other daemon did not come')


main()
