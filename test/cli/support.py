"""What the command-line tests share: a box with a home, a socket and a record of its own, and a way to run the program.

Only the standard library. A test is a function whose name begins with `test_`; main() runs those of the calling file,
each in a fresh box, and prints `N passed, N failed`.
"""
import json, os, pty, select, shutil, subprocess, sys, tempfile, time, traceback

CMDAI = os.path.abspath(sys.argv[1])
DEADLINE = 120  # seconds: a machine under load is slow, not broken


class Skip(Exception):
    """What this system lacks."""


class Result:
    def __init__(self, status, out, err):
        self.status, self.out, self.err = status, out, err

    def __repr__(self):
        return f'status {self.status}\n--- stdout\n{self.out}\n--- stderr\n{self.err}'


class Box:
    """A home nobody else uses. Nothing outside of it is written; the daemon started in it is ended with it."""

    def __init__(self):
        self.root = os.path.realpath(tempfile.mkdtemp(prefix='cmdai-cli-'))
        self.home = os.path.join(self.root, 'home')
        self.project = os.path.join(self.home, 'project')
        os.makedirs(self.project)
        os.mkdir(os.path.join(self.root, 'run'), 0o700)
        self.env = {'HOME': self.home, 'PATH': '/usr/local/bin:/usr/bin:/bin', 'LANG': 'C.UTF-8', 'TERM': 'xterm',
                    'CMDAI_SOCKET': os.path.join(self.root, 'run', 'd.sock'), 'TMPDIR': self.root, 'TZ': 'UTC'}
        # A sanitized build says what it found at exit; where it says so is up to the caller.
        self.env |= {k: v for k, v in os.environ.items() if k.endswith('SAN_OPTIONS')}

    def close(self):
        for folder, _, _ in os.walk(self.root):
            os.chmod(folder, 0o700)
        subprocess.run([CMDAI, 'stop'], env=self.env, cwd=self.root, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL,
                       stderr=subprocess.DEVNULL, timeout=DEADLINE)
        shutil.rmtree(self.root)

    def config(self, name):
        return os.path.join(self.home, '.config/cmdai', name)

    def record(self):
        return os.path.join(self.home, '.local/state/cmdai/events.jsonl')

    def write(self, path, text):
        os.makedirs(os.path.dirname(path), exist_ok=True)
        with open(path, 'w', encoding='utf8') as file: file.write(text)
        return path

    def run(self, *words, stdin=None, env=None, cwd=None, stdout=subprocess.PIPE):
        """Runs `cmdai WORDS…`. stdin: text, bytes, or None for nothing at all."""
        data = stdin.encode() if isinstance(stdin, str) else stdin
        given = {'stdin': subprocess.DEVNULL} if data is None else {'input': data}
        environment = {k: v for k, v in (self.env | (env or {})).items() if v is not None}
        done = subprocess.run([CMDAI, *words], env=environment, cwd=cwd or self.project, stdout=stdout, stderr=subprocess.PIPE,
                              timeout=DEADLINE, **given)
        out = done.stdout.decode('utf8', 'surrogateescape') if done.stdout is not None else ''
        return Result(done.returncode, out, done.stderr.decode('utf8', 'surrogateescape'))

    def run_in_terminal(self, *words, env=None, cwd=None, typed=''):
        """The same with a terminal on all three descriptors; what it shows, and what is typed there, is `out`."""
        return in_terminal([CMDAI, *words], {k: v for k, v in (self.env | (env or {})).items() if v is not None}, cwd or self.project, typed)

    def lines(self, *rows, words=('check', '--jsonl', '--local'), **more):
        """Answers to JSON Lines; a row may be a dict or raw text."""
        text = ''.join((row if isinstance(row, str) else json.dumps(row)) + '\n' for row in rows)
        result = self.run(*words, stdin=text, **more)
        return result, [json.loads(line) for line in result.out.splitlines()]


def in_terminal(words, env, cwd, typed=''):
    """A program with a terminal of its own on all three descriptors, to its end; what it shows, and what is typed there, is `out`."""
    pid, fd = pty.fork()
    if pid == 0:
        os.chdir(cwd)
        os.execve(words[0], words, env)
    if typed: os.write(fd, typed.encode())
    shown, end = b'', time.monotonic() + DEADLINE
    while time.monotonic() < end:
        if not select.select([fd], [], [], 0.2)[0]: continue
        try: data = os.read(fd, 65536)
        except OSError: break
        if not data: break
        shown += data
    os.close(fd)
    return Result(os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]), shown.decode('utf8', 'replace').replace('\r\n', '\n'), '')


def check(condition, shown=''):
    if not condition: raise AssertionError(shown)


def same(got, want, shown=''):
    if got != want: raise AssertionError(f'got  {got!r}\nwant {want!r}\n{shown}')


def holds(text, *parts):
    for part in parts:
        if part not in text: raise AssertionError(f'{part!r} is not in:\n{text if len(text) < 3000 else text[:3000] + " …"}')


def refuses(result, status, *parts):
    """Ends with this status, nothing on stdout, these words on stderr, and one of them a hint."""
    same(result.status, status, result)
    same(result.out, '', result)
    holds(result.err, *parts)


def main():
    tests = [(n, f) for n, f in vars(sys.modules['__main__']).items() if n.startswith('test_')]
    passed = failed = skipped = 0
    for name, function in tests:
        if len(sys.argv) > 2 and name not in sys.argv[2:]: continue
        box = Box()
        try:
            function(box)
            passed += 1
        except Skip as why:
            skipped += 1
            print(f'skipped {name}: {why}')
        except Exception:
            failed += 1
            print(f'FAIL {name}\n{traceback.format_exc()}')
        finally:
            box.close()
    print(f'{passed} passed, {failed} failed' + (f', {skipped} skipped' if skipped else ''))
    sys.exit(failed != 0)
