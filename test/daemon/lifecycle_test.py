#!/usr/bin/python3
"""How the daemon begins, changes its policy, keeps its logs and ends.

usage: lifecycle_test.py CMDAI [TEST…]
"""
import fcntl, json, os, re, signal, socket, subprocess, sys, threading, time
import daemon as d
import support
from daemon import CMDAID, Peer, check_answers, frame, until
from support import DEADLINE, check, holds, same


def ended(daemon, status=0):
    same(daemon.wait(DEADLINE), status, daemon.stderr.read().decode())


def log_of(box):
    with open(os.path.join(box.home, '.local/state/cmdai/cmdaid.log')) as file: return file.read()


def decision(peer, command='git push --force'):
    return peer.ask('check', cmd=command, shell='bash')[1]['action']


# --- beginning

def test_who_asks_for_the_end_waits_for_it(box):
    """Each time: no process is left, and the last line of the record is there, when `cmdai stop` returns."""
    for _ in range(20):
        box.run('start')
        pid = json.loads(box.run('status', '--json').out)['pid']
        box.run('stop')
        with open(box.record()) as file: last = file.read().splitlines()[-1]
        holds(last, '"daemon.stop"')
        try:
            with open(f'/proc/{pid}/stat') as file: state = file.read().rsplit(')', 1)[1].split()[0]
        except FileNotFoundError: continue
        check(state in 'ZX', f'process {pid} is in state {state}')


def test_two_daemons_at_once(box):
    """The second says who is there, and ends; the first goes on."""
    first = d.start(box)
    for words in ((), ('--foreground',), ('--socket', box.env['CMDAI_SOCKET'])):
        second = subprocess.run([CMDAID, *words], env=box.env, cwd=box.root, stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=DEADLINE)
        same((second.returncode, second.stdout), (1, ''), second)
        holds(second.stderr, f'another cmdaid runs already (pid {first.pid})', 'hint: `cmdai status`')
    same(first.poll(), None)
    check(d.answers(box))


def test_many_daemons_started_at_once_are_one(box):
    running = [subprocess.Popen([CMDAID], env=box.env, cwd=box.root, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) for _ in range(8)]
    until(lambda: sum(p.poll() is None for p in running) == 1 and d.answers(box), 'not one of eight is left')
    same(sorted(p.returncode for p in running if p.poll() is not None), [1] * 7)


def test_stale_socket_and_lock(box):
    """Killed in the middle: what it leaves does not keep the next one away."""
    for _ in range(3):
        daemon = d.start(box)
        daemon.kill()
        daemon.wait()
        check(os.path.exists(box.env['CMDAI_SOCKET']), 'no stale socket')
    d.start(box)
    check(d.answers(box))


def test_something_else_in_the_place_of_the_socket(box):
    with open(box.env['CMDAI_SOCKET'], 'w') as file: file.write('precious')
    done = subprocess.run([CMDAID], env=box.env, cwd=box.root, stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=DEADLINE)
    same(done.returncode, 1, done)
    holds(done.stderr, box.env['CMDAI_SOCKET'], 'hint: ')
    with open(box.env['CMDAI_SOCKET']) as file: same(file.read(), 'precious')


def activated(box, listeners):
    """cmdaid as systemd starts it: sockets from descriptor 3 on, LISTEN_FDS and LISTEN_PID in the environment."""
    high = [fcntl.fcntl(s.fileno(), fcntl.F_DUPFD, 100) for s in listeners]
    # The pid is known to the child alone: a little Python in between says it and becomes cmdaid.
    script = 'import os\n' + ''.join(f'os.dup2({fd}, {3 + place})\n' for place, fd in enumerate(high))
    script += f'os.environ["LISTEN_PID"] = str(os.getpid())\nos.execv({CMDAID!r}, ["cmdaid"])\n'
    daemon = subprocess.Popen([sys.executable, '-c', script], env=box.env | {'LISTEN_FDS': str(len(listeners)), 'LISTEN_FDNAMES': 'cmdaid.socket'}, cwd=box.root,
                              stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, pass_fds=high)
    for fd in high: os.close(fd)
    return daemon


def listening(path):
    listener = socket.socket(socket.AF_UNIX)
    listener.bind(path)
    os.chmod(path, 0o600)
    listener.listen(16)
    return listener


def test_systemd_socket_activation(box):
    """Who connects before the daemon runs is answered when it does; it ends without taking the socket away."""
    listener = listening(box.env['CMDAI_SOCKET'])
    early = Peer(box)
    early.send(frame('check', cmd='git push --force', shell='bash'))
    daemon = activated(box, [listener])
    same(early.receive()[1]['action'], 'ask')
    same(early.ask('status')[1]['socket'], box.env['CMDAI_SOCKET'])
    same(json.loads(box.run('status', '--json').out)['pid'], daemon.pid)
    second = subprocess.run([CMDAID], env=box.env, cwd=box.root, stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=DEADLINE)
    same(second.returncode, 1, second)
    same(box.run('stop').status, 0)
    ended(daemon)
    check(os.path.exists(box.env['CMDAI_SOCKET']), 'a socket of systemd was removed')
    # Who comes meanwhile waits in the socket for the next daemon.
    with Peer(box) as between:
        between.send(frame('check', cmd='ls', shell='bash'))
        daemon = activated(box, [listener])
        same(between.receive()[1]['action'], 'allow')
    daemon.terminate()
    ended(daemon)
    listener.close()


def test_systemd_hands_over_nonsense(box):
    listeners = [listening(f'{box.root}/run/{name}.sock') for name in 'ab']
    for handed, words in ((listeners, '2 sockets were handed over'), ([socket.socket(socket.AF_UNIX)], 'no listening Unix socket')):
        daemon = activated(box, handed)
        same(daemon.wait(DEADLINE), 1)
        holds(daemon.stderr.read().decode(), words, 'hint: ')
    # Variables meant for another process hand nothing over.
    daemon = subprocess.Popen([CMDAID], env=box.env | {'LISTEN_FDS': '1', 'LISTEN_PID': '1'}, cwd=box.root, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
    until(lambda: d.answers(box), 'no answer')
    daemon.terminate()
    ended(daemon)


def test_idle_exit(box):
    daemon = d.start(box, '--idle-exit', '1')
    with Peer(box) as peer:
        time.sleep(1.6)
        check_answers(peer)  # not while somebody is connected
    ended(daemon)
    holds(log_of(box), 'stopping: idle')


def test_usage(box):
    for words, said in ((['--nonsense'], 'unknown option `--nonsense`'), (['--socket'], 'needs a value'), (['--socket', 'x'], 'absolute path'), (['--idle-exit', 'soon'], 'number of seconds'), (['--idle-exit', '0'], 'above 0')):
        done = subprocess.run([CMDAID, *words], env=box.env, cwd=box.root, stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=DEADLINE)
        same((done.returncode, done.stdout), (2, ''), done)
        holds(done.stderr, 'cmdaid: ', said, 'hint: `cmdaid --help`')


# --- policy

def test_a_saved_file_counts_without_reload(box):
    """Also where its directory was not there before, and when editors replace the file."""
    d.start(box)
    path = box.config('config.toml')
    with Peer(box) as peer:
        same(decision(peer), 'ask')
        box.write(path, '[rules]\n"git.push-force" = "block"\n')
        until(lambda: decision(peer) == 'block', 'a new file does not count')
        box.write(path + '~', '[rules]\n"git.push-force" = "warn"\n')
        os.rename(path + '~', path)
        until(lambda: decision(peer) == 'warn', 'a replaced file does not count')
        os.unlink(path)
        until(lambda: decision(peer) == 'ask', 'a removed file counts on')
        box.write(box.config('rules/mine.toml'), open(os.path.join(os.path.dirname(os.path.abspath(__file__)), 'no-ls.toml')).read())
        until(lambda: decision(peer, 'ls') == 'ask', 'a new rule pack does not count')


def test_a_broken_file_keeps_the_last_good_policy(box):
    path = box.write(box.config('config.toml'), '[rules]\n"git.push-force" = "block"\n')
    d.start(box)
    with Peer(box) as peer:
        same(decision(peer), 'block')
        fingerprint = peer.ask('status')[1]['policy']
        box.write(path, '[rules]\n"git.push-force" = "blok"\n')
        until(lambda: 'policy_error' in peer.ask('status')[1], 'the broken file is not told')
        status = peer.ask('status')[1]
        same((decision(peer), status['policy']), ('block', fingerprint))
        holds(status['policy_error'], f'{path}:2:', '"git.push-force" = "blok"', '^', 'did you mean `block`?')
        box.write(path, '[rules]\n"git.push-force" = "warn"\n')
        until(lambda: 'policy_error' not in peer.ask('status')[1], 'the mended file is not taken')
        same(decision(peer), 'warn')
    types = [json.loads(line)['type'] for line in open(box.record())]
    check(types.index('policy.failed') < types.index('policy.loaded'), types)
    holds(log_of(box), f'{path}:2:')


def test_sighup_reads_the_policy_again(box):
    daemon = d.start(box)
    with Peer(box) as peer:
        before = open(box.record()).read().count('"policy.loaded"')
        daemon.send_signal(signal.SIGHUP)
        until(lambda: open(box.record()).read().count('"policy.loaded"') == before + 1, 'SIGHUP is not heard')
        check_answers(peer)


def test_a_rule_changes_under_load_and_no_answer_is_lost(box):
    """Every request is answered by one policy or the other while files change."""
    d.start(box)
    path, stop, seen, wrong = box.config('config.toml'), threading.Event(), set(), []

    def asks():
        with Peer(box) as peer:
            while not stop.is_set():
                action = decision(peer)
                seen.add(action)
                if action not in ('ask', 'block'): wrong.append(action)

    threads = [threading.Thread(target=asks) for _ in range(3)]
    for thread in threads: thread.start()
    for i in range(20):
        box.write(path, '[rules]\n"git.push-force" = "block"\n' if i % 2 else '')
        if i % 5 == 4: box.run('reload')
        time.sleep(0.05)
    stop.set()
    for thread in threads: thread.join()
    same((wrong, seen), ([], {'ask', 'block'}))


# --- ending

def test_graceful_stop_answers_what_was_asked(box):
    """Requests that were sent before the end are answered, each in its order, and recorded."""
    for ask in (lambda daemon: daemon.terminate(), lambda daemon: daemon.send_signal(signal.SIGINT), lambda daemon: box.run('stop')):
        daemon = d.start(box)
        peers = [Peer(box) for _ in range(5)]
        for number, peer in enumerate(peers):
            peer.send(b''.join(frame('check', cmd=f'git push --force origin b{number}-{i}', shell='bash') for i in range(30)))
        waiting = Peer(box)  # connected, perhaps not yet accepted
        waiting.send(frame('check', cmd='git push --force origin late', shell='bash'))
        ask(daemon)
        for peer in peers: same([(peer.receive() or ('closed', {}))[1].get('action') for _ in range(30)], ['ask'] * 30)
        same((waiting.receive() or ('closed', {}))[1].get('action'), 'ask')
        for peer in [*peers, waiting]:
            same(peer.receive(), None)
            peer.close()
        ended(daemon)
        check(not os.path.exists(box.env['CMDAI_SOCKET']), 'the socket is left')
        same([json.loads(line)['type'] for line in open(box.record())][-1], 'daemon.stop')
    commands = [json.loads(line).get('command', '') for line in open(box.record())]
    for number in range(5):
        same([c for c in commands if f' b{number}-' in c], [f'git push --force origin b{number}-{i}' for i in range(30)] * 3)
    same(box.run('log', '--verify').status, 0)


def test_stop_does_not_wait_for_the_idle_and_the_slow(box):
    daemon = d.start(box)
    idle, half, deaf = Peer(box), Peer(box), Peer(box)
    half.send(b'cmdai/1 check 100\ncmd=')
    deaf.send(frame('explain', cmd='rm -rf ~; ' * 500, shell='bash') * 20)
    start = time.monotonic()
    daemon.terminate()
    ended(daemon)
    check(time.monotonic() - start < 15, f'the end took {time.monotonic() - start:.1f} s')
    for peer in (idle, half, deaf): peer.close()


def test_the_record_is_written_before_the_answer(box):
    """Killed right after an answer: its line is there."""
    for i in range(5):
        daemon = d.start(box)
        with Peer(box) as peer:
            check_answers(peer, f'git push --force origin n{i}')
            daemon.kill()
        daemon.wait()
        with open(box.record()) as file: holds(file.read(), f'origin n{i}"')
    same(box.run('log', '--verify').status, 0)


# --- logs

def test_the_record_rotates(box):
    """9 MiB of decisions: two files, one chain."""
    d.start(box)
    with Peer(box) as peer:
        for i in range(46):
            same(peer.ask('check', cmd=b'echo ' + b'%06d' % i + b'x' * 200_000, shell='bash')[0], 'verdict')
    files = sorted(name for name in os.listdir(os.path.dirname(box.record())) if name.startswith('events'))
    same(files, ['events.1.jsonl', 'events.head', 'events.jsonl'])
    for name in files: same(os.stat(os.path.join(os.path.dirname(box.record()), name)).st_mode & 0o777, 0o600, name)
    r = box.run('log', '--verify')
    same((r.status, r.err), (0, ''), r)
    older = box.record().replace('events', 'events.1')
    with open(older) as file: lines = file.readlines()
    with open(older, 'w') as file: file.writelines(lines[:3] + lines[4:])
    r = box.run('log', '--verify')
    same(r.status, 1)
    holds(r.out, f'{older}:4: event 4 is missing')


def test_the_daemons_own_log_rotates(box):
    """A megabyte a file, four files at most, private."""
    d.start(box)
    folder = os.path.join(box.home, '.local/state/cmdai')
    with open(os.path.join(folder, 'cmdaid.log'), 'a') as file: file.write('x' * (1 << 20))
    box.run('stop')
    d.start(box)
    for i in range(40):
        box.write(box.config('config.toml'), f'"{"y" * 40000}{i}" = 1\n')
        box.run('reload')
    names = sorted(name for name in os.listdir(folder) if name.startswith('cmdaid'))
    check('cmdaid.1.log' in names and len(names) <= 4, names)
    for name in names:
        info = os.stat(os.path.join(folder, name))
        same(info.st_mode & 0o777, 0o600, name)
        check(info.st_size < 1 << 22, f'{name}: {info.st_size}')


if __name__ == '__main__':
    support.main()
