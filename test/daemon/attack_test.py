#!/usr/bin/python3
"""A slow, silent, malformed, oversized or malicious peer costs only its own connection: another one is answered all the while.

usage: attack_test.py CMDAI [TEST…]
"""
import os, random, resource, socket, time
import daemon as d
import support
from daemon import Peer, check_answers, frame, until
from support import Skip, check, same

QUICK = 15 if d.SANITIZED else 1.5  # seconds another peer may wait at most, on a machine under load; the attack goes on for longer


def quickly(peer, what):
    start = time.monotonic()
    check_answers(peer)
    check(time.monotonic() - start < QUICK, f'{what}: another peer waited for {time.monotonic() - start:.1f} s')


def still_well(box, daemon):
    """The daemon lives, knows nobody but us, and answers."""
    same(daemon.poll(), None, 'the daemon ended')
    with Peer(box) as peer:
        check_answers(peer)
        until(lambda: peer.ask('status')[1]['connections'] == '1', 'a connection is left')


def test_slow_peer(box):
    """A byte now and then: its time for a frame runs out."""
    daemon = d.start(box)
    with Peer(box) as slow, Peer(box) as other:
        start = time.monotonic()
        closed = False
        for byte in frame('check', cmd='ls', shell='bash') * 5:
            try: slow.send(bytes([byte]))
            except (BrokenPipeError, ConnectionResetError):
                closed = True
                break
            quickly(other, 'slow')
            time.sleep(0.1)
        check(closed and time.monotonic() - start < 30, 'a frame may take for ever')
    still_well(box, daemon)


def test_silent_peers(box):
    """An idle connection between frames may stay; one in the middle of a frame may not."""
    daemon = d.start(box)
    with Peer(box) as idle, Peer(box) as half, Peer(box) as other:
        half.send(frame('check', cmd='ls', shell='bash')[:-3])
        start = time.monotonic()
        same(half.receive(), None)
        check(1 < time.monotonic() - start < 30, f'closed after {time.monotonic() - start:.1f} s')
        quickly(other, 'silent')
        quickly(idle, 'silent')
    still_well(box, daemon)


def test_malformed_frames(box):
    daemon = d.start(box)
    bad = [b'GET / HTTP/1.1\r\n\r\n', b'\0' * 100, b'cmdai/1\n', b'cmdai/1 check\n', b'cmdai/1 check x\n', b'cmdai/1 check -1\n', b'cmdai/1 check 1 2\n', b'cmdai/2 check 0\n',
           b'cmdai/1 CHECK 0\n', b'cmdai/1 ' + b'a' * 17 + b' 0\n', b'cmdai/1 check 0x10\n', b'cmdai/1 check 99999999999999999999999\n', b'cmdai/1 check 3\n\0=\0',
           b'cmdai/1 check 4\ncmd\0', b'\xff\xfe\xfd' * 50, b'cmdai/1 check 2\n=\0', b'x' * 100000]
    with Peer(box) as other:
        for data in bad:
            with Peer(box) as peer:
                try: peer.send(data)
                except (BrokenPipeError, ConnectionResetError): pass
                reply = peer.receive()
                # Bytes the daemon had not read yet may turn its farewell into a reset.
                check(reply is None or reply[0] == 'error', f'{data[:40]!r}: {reply}')
                check(reply is None or peer.receive() is None, f'{data[:40]!r}: the connection stays')
            check_answers(other)
    still_well(box, daemon)


def test_frames_that_make_no_sense_keep_the_connection(box):
    d.start(box)
    with Peer(box) as peer:
        for kind, fields, code in [('nonsense', {}, 'unknown-type'), ('check', {}, 'missing-key'), ('check', {'cmd': 'ls'}, 'missing-key'),
                                   ('check', {'cmd': 'ls', 'shell': 'tcsh'}, 'bad-value'), ('answer', {'id': 'x', 'answer': 'yes'}, 'not-found'),
                                   ('allow', {}, 'missing-key'), ('allow', {'code': 'zzzzzzz'}, 'denied'), ('session', {'session': 'x', 'event': 'y'}, 'bad-value')]:
            reply = peer.ask(kind, **fields)
            same((reply[0], reply[1].get('code')), ('error', code), reply)
            check(reply[1]['text'], reply)
        check_answers(peer)


def test_oversized_frames(box):
    daemon = d.start(box)
    with Peer(box) as other:
        with Peer(box) as peer:
            peer.send(b'cmdai/1 check 262145\n')
            same(peer.receive(), ('error', {'code': 'too-large', 'text': 'a frame may have 262144 bytes'}))
            same(peer.receive(), None)
        with Peer(box) as peer:  # the largest there may be
            command = b'echo ' + b'x' * (262144 - len(b'cmd=echo \0shell=bash\0'))
            same(peer.ask('check', cmd=command, shell='bash')[0], 'verdict')
        with Peer(box) as peer:  # a header without an end
            try:
                for _ in range(64): peer.send(b'cmdai/1 check ' + b'1' * 65536)
            except (BrokenPipeError, ConnectionResetError): pass
            else:
                while peer.receive() is not None: pass
        check_answers(other)
    with open(f'/proc/{daemon.pid}/status') as file: peak = int([line for line in file if line.startswith('VmHWM')][0].split()[1])
    check(peak < 200_000 or d.SANITIZED, f'the daemon grew to {peak} KiB')
    still_well(box, daemon)


def test_peer_that_never_reads(box):
    """Asks and asks, and takes no answer: its requests wait, the memory of the daemon does not grow, others are answered."""
    daemon = d.start(box)
    request = frame('explain', cmd='rm -rf ~; ' * 200, shell='bash')
    with Peer(box) as deaf, Peer(box) as other:
        deaf.socket.settimeout(0.3)
        sent = 0
        for _ in range(3000):
            try: deaf.send(request)
            except (TimeoutError, BrokenPipeError, ConnectionResetError): break
            sent += len(request)
            if sent % (len(request) * 100) == 0: quickly(other, 'deaf')
        check(sent < len(request) * 3000, 'everything was taken from a peer that reads nothing')
        quickly(other, 'deaf')
    still_well(box, daemon)


def test_subscriber_that_sleeps(box):
    """Who follows the log and does not read is left behind, and nobody waits for them."""
    daemon = d.start(box)
    with Peer(box) as follower, Peer(box) as other:
        same(follower.ask('subscribe')[0], 'ok')
        for i in range(60):
            reply = other.ask('check', cmd=b'echo ' + b'x' * 60000, shell='bash')
            same(reply[0], 'verdict')
        quickly(other, 'sleeping subscriber')
        lines = 0
        while follower.receive() is not None: lines += 1
        check(lines < 60, 'a megabyte of unread lines was kept')
    still_well(box, daemon)


def test_peer_that_floods(box):
    """Thousands of frames at once: others have their turn in between."""
    daemon = d.start(box)
    with Peer(box) as flood, Peer(box) as other:
        flood.socket.setblocking(False)
        data, end = frame('check', cmd='ls', shell='bash') * 200, time.monotonic() + 3
        taken = 0
        while time.monotonic() < end:
            try: taken += flood.socket.send(data[taken % len(data):])
            except BlockingIOError: pass
            try: flood.socket.recv(1 << 20)
            except BlockingIOError: pass
            if random.random() < 0.05: quickly(other, 'flood')
        check(taken > 100 * len(frame('check', cmd='ls', shell='bash')), 'the flood was none')
    still_well(box, daemon)


def test_peers_that_vanish(box):
    """At any byte, with and without a reset."""
    daemon = d.start(box)
    data = frame('check', cmd='git push --force', shell='bash')
    with Peer(box) as other:
        for cut in range(len(data) + 1):
            for vanish in (Peer.close, Peer.reset):
                peer = Peer(box)
                peer.send(data[:cut])
                vanish(peer)
        quickly(other, 'vanishing')
    still_well(box, daemon)


def test_too_many_connections(box):
    """More than the daemon takes: those are told so, and the places come back."""
    resource.setrlimit(resource.RLIMIT_NOFILE, (min(2048, resource.getrlimit(resource.RLIMIT_NOFILE)[1]), resource.getrlimit(resource.RLIMIT_NOFILE)[1]))
    daemon = d.start(box)
    peers = []
    try:
        first = Peer(box)
        peers.append(first)
        while len(peers) < 512: peers.append(Peer(box))
        with Peer(box) as late: same(late.receive(), ('error', {'code': 'busy', 'text': 'too many connections'}))
        quickly(first, 'full')
        quickly(peers[-1], 'full')
    finally:
        for peer in peers: peer.close()
    still_well(box, daemon)


def test_random_bytes(box):
    """The frame fuzzer's idea against the whole daemon, with a seed that is printed when it fails."""
    daemon = d.start(box)
    seed = int(time.time())
    rng = random.Random(seed)
    good = [frame('check', cmd='rm -rf ~', shell='bash'), frame('status'), frame('session', session='s', event='open'), frame('subscribe', replay=5), frame('allow', code='x', tty=1)]
    with Peer(box) as other:
        for _ in range(150):
            data = bytearray(b''.join(rng.choice(good) for _ in range(rng.randint(1, 4))))
            for _ in range(rng.randint(0, 6)):
                at = rng.randrange(len(data))
                if rng.random() < 0.5: data[at] = rng.randrange(256)
                else: del data[at:at + rng.randint(1, 9)]
                if not data: data = bytearray(b'\n')
            with Peer(box) as peer:
                try: peer.send(bytes(data))
                except (BrokenPipeError, ConnectionResetError): pass
        same(daemon.poll(), None, f'the daemon ended (seed {seed})')
        check_answers(other)
    still_well(box, daemon)


def test_another_user_is_refused(box):
    """Even one who gets at the socket: the kernel says who it is."""
    if os.getuid() != 0: raise Skip('only root can be somebody else')
    daemon = d.start(box)
    run = os.path.dirname(box.env['CMDAI_SOCKET'])
    for path, mode in ((box.root, 0o711), (run, 0o711), (box.env['CMDAI_SOCKET'], 0o666)): os.chmod(path, mode)
    child = os.fork()
    if child == 0:
        os.setgroups([])
        os.setgid(12345)
        os.setuid(12345)
        status = 1
        try:
            with Peer(box) as peer:
                try: peer.send(frame('check', cmd='ls', shell='bash'))
                except (BrokenPipeError, ConnectionResetError): pass
                status = 0 if peer.receive() is None else 2
        finally: os._exit(status)
    same(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]), 0, '2: another user was answered')
    os.chmod(run, 0o700)
    os.chmod(box.env['CMDAI_SOCKET'], 0o600)
    still_well(box, daemon)
    with open(os.path.join(box.home, '.local/state/cmdai/cmdaid.log')) as file: support.holds(file.read(), 'another user was refused')


def test_commands_made_to_hurt(box):
    """Deep, long and odd command texts in frames: answered, and each costs so much of the processor at most."""
    daemon = d.start(box)
    commands = [b'(' * 60000, b'$(' * 40000, b'a|' * 80000, b'{a,b}' * 40000, b'${x:-' * 30000, b'"$(' * 30000, b'if ' * 50000, b'<<A ' * 30000, b'`' * 100000, b'\\' * 200000,
                b'eval ' * 40000 + b'ls', b'sudo ' * 40000 + b'ls', b'\xff' * 200000, b'[[ ' * 50000, b'{1..99999}' * 20000, b'\n' * 200000, b"$'\\x" * 40000, b'rm -rf ~;' * 25000]
    with Peer(box) as peer:
        for command in commands:
            for shell in ('bash', 'zsh', 'fish'):
                before = d.cpu_seconds(daemon)
                reply = peer.ask('check', cmd=command, shell=shell)
                same((reply or ('closed',))[0], 'verdict', f'{command[:12]!r}… in {shell}')
                took = d.cpu_seconds(daemon) - before
                check(took < (40 if d.SANITIZED else 4), f'{command[:12]!r}… ({len(command)} bytes) in {shell} took {took:.1f} s')
        check_answers(peer)
    still_well(box, daemon)


if __name__ == '__main__':
    support.main()
