"""What the tests of the daemon share: a daemon of one's own, started as a user or systemd would, and raw frames.

A test is a function that takes a Box of test/cli/support.py; the daemon is started in the box's home.
"""
import os, socket, struct, subprocess, sys, time

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), '../cli'))
import support
from support import DEADLINE

CMDAID = os.path.join(os.path.dirname(support.CMDAI), '../cmdaid/cmdaid')
with open(CMDAID, 'rb') as program: SANITIZED = b'__asan_init' in program.read()  # slower, and larger


def start(box, *words, **more):
    """A daemon in the foreground; ended with the box (`cmdai stop`)."""
    daemon = subprocess.Popen([CMDAID, *words], env=box.env, cwd=box.root, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, **more)
    until(lambda: daemon.poll() is not None or answers(box), 'the daemon does not answer')
    if daemon.poll() is not None: raise AssertionError(f'the daemon ended with {daemon.returncode}: {daemon.stderr.read().decode()}')
    return daemon


def answers(box):
    try:
        with Peer(box) as peer: return peer.ask('hello', client='test')[0] == 'welcome'
    except OSError: return False


def cpu_seconds(daemon):
    """What it has used so far: a machine under load is slow, not broken."""
    with open(f'/proc/{daemon.pid}/stat') as file: fields = file.read().rpartition(')')[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf('SC_CLK_TCK')


def until(done, complaint):
    end = time.monotonic() + DEADLINE
    while not done():
        if time.monotonic() > end: raise AssertionError(complaint)
        time.sleep(0.01)


def frame(kind, **fields):
    body = b''.join(key.replace('__', '.').encode() + b'=' + (value if isinstance(value, bytes) else str(value).encode()) + b'\0' for key, value in fields.items())
    return f'cmdai/1 {kind} {len(body)}\n'.encode() + body


class Peer:
    """One connection, bytes in and frames out."""

    def __init__(self, box, path=None):
        self.socket = socket.socket(socket.AF_UNIX)
        self.socket.connect(path or box.env['CMDAI_SOCKET'])  # waits where the daemon's queue is full
        self.socket.settimeout(DEADLINE)
        self.buffer = b''

    def __enter__(self): return self
    def __exit__(self, *_): self.close()
    def close(self): self.socket.close()

    def send(self, data): self.socket.sendall(data)

    def receive(self):
        """The next frame as (type, fields), or None when the daemon has closed the connection."""
        while True:
            head, newline, rest = self.buffer.partition(b'\n')
            if newline:
                _, kind, length = head.split()
                if len(rest) >= int(length):
                    body, self.buffer = rest[:int(length)], rest[int(length):]
                    return kind.decode(), dict(part.decode('utf8', 'surrogateescape').split('=', 1) for part in body.split(b'\0') if part)
            try: data = self.socket.recv(65536)
            except ConnectionResetError: data = b''
            if not data: return None
            self.buffer += data

    def ask(self, kind, **fields):
        self.send(frame(kind, **fields))
        return self.receive()

    def reset(self):
        """Gone without a word: what was sent is thrown away, too."""
        self.socket.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack('ii', 1, 0))
        self.socket.close()


def check_answers(peer, command='git push --force', action='ask'):
    reply = peer.ask('check', cmd=command, shell='bash')
    support.same((reply or ('closed', {}))[0], 'verdict', reply)
    support.same(reply[1]['action'], action, reply)
