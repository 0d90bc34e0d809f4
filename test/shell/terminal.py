"""A real shell in a pseudo-terminal, in a box of its own. Only the standard library.

The box has a home that is a decoy, two stub programs that only record that they ran (`fine`, `evil`, `askme`, `warned`),
and a rule pack that blocks `evil`, asks about `askme` and warns of `warned`. So whatever gets through harms nothing, and
is seen. After each line a marker (`fine N`) is typed and waited for: it shows that the shell is usable, and that a
"did not run" is not just a shell that runs nothing.
"""
import os, pty, re, select, shutil, signal, subprocess, sys, tempfile, time, traceback

CMDAI = os.path.abspath(sys.argv[1]) if len(sys.argv) > 1 else ''
# bash is tested with its loadable builtin, and with CMDAI_BASH_BUILTIN=0 without it.
BUILTIN = lambda: os.environ.get('CMDAI_BASH_BUILTIN') != '0'
DEADLINE = 40  # seconds: a machine under load is slow, not broken

RULES = '''
family = "test"

[[rule]]
id = "test.evil"
severity = "critical"
title = "this is the evil one"
why = "It is there to be stopped."
hint = "run fine instead"
action = "block"
when = { call = { program = "evil" } }
stop = ["evil"]
pass = ["fine"]

[[rule]]
id = "test.askme"
severity = "high"
title = "this one is asked about"
why = "It is there to be asked about."
hint = "run fine instead"
action = "ask"
when = { call = { program = "askme" } }
stop = ["askme"]
pass = ["fine"]

[[rule]]
id = "test.warned"
severity = "low"
title = "this one is warned of"
why = "It is there to be warned of."
hint = "run fine instead"
action = "warn"
when = { call = { program = "warned" } }
stop = ["warned"]
pass = ["fine"]
'''


class Skip(Exception):
    """What this system lacks."""


class Box:
    def __init__(self):
        self.markers = 0
        self.root = os.path.realpath(tempfile.mkdtemp(prefix='cmdai-pty-'))
        self.home = os.path.join(self.root, 'home')
        self.bin = os.path.join(self.root, 'bin')
        for folder in (self.bin, os.path.join(self.home, 'work'), os.path.join(self.home, '.config/cmdai/rules'), os.path.join(self.home, '.config/fish')):
            os.makedirs(folder)
        os.mkdir(os.path.join(self.root, 'run'), 0o700)
        with open(os.path.join(self.home, '.config/cmdai/rules/test.toml'), 'w') as file: file.write(RULES)
        with open(os.path.join(self.home, 'precious'), 'w') as file: file.write('do not lose me\n')
        for name in ('fine', 'evil', 'askme', 'warned'):
            path = os.path.join(self.bin, name)
            with open(path, 'w') as file: file.write(f'#!/bin/sh\necho "$*" >> {self.root}/ran.{name}\nexit ${{STATUS:-0}}\n')
            os.chmod(path, 0o755)
        self.env = {'HOME': self.home, 'PATH': self.bin + ':/usr/local/bin:/usr/bin:/bin', 'LANG': 'C.UTF-8', 'TERM': 'xterm',
                    'CMDAI_SOCKET': os.path.join(self.root, 'run', 'd.sock'), 'TMPDIR': self.root, 'TZ': 'UTC'}

    def ran(self, name):
        """The arguments of each run of a stub."""
        try:
            with open(os.path.join(self.root, 'ran.' + name), errors='replace') as file: return file.read().splitlines()
        except FileNotFoundError: return []

    def cmdai(self, *words):
        return subprocess.run([CMDAI, *words], env=self.env, cwd=self.home, stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=DEADLINE)

    def close(self):
        self.cmdai('stop')
        shutil.rmtree(self.root, ignore_errors=True)


def init_of(shell):
    return f'{CMDAI} init {shell}' + ('' if shell != 'bash' or BUILTIN() else ' --without-builtin')


class Shell:
    """A guarded interactive shell. `rc`: lines of the rc file before the hook; `after`: lines after it."""

    def __init__(self, box, name, rc='', after='', env=None, arguments=(), hook=True):
        self.box, self.name, self.text = box, name, ''
        program = shutil.which(name)
        if not program: raise Skip(f'no {name} here')
        environment = {k: v for k, v in (box.env | (env or {})).items() if v is not None}
        init = {'bash': f'eval "$({init_of("bash")})"', 'zsh': f'eval "$({CMDAI} init zsh)"', 'fish': f'{CMDAI} init fish | source'}[name] if hook else ''
        prompt = {'bash': "PS1='@@ '; HISTFILE=$HOME/.hist", 'zsh': "PS1='@@ '; HISTFILE=$HOME/.hist; SAVEHIST=100; HISTSIZE=100",
                  'fish': 'function fish_prompt; printf "@@ "; end; function fish_greeting; end'}[name]
        path = {'bash': '.bashrc', 'zsh': '.zshrc', 'fish': '.config/fish/config.fish'}[name]
        # A zsh that is not the system's (test/support/shells.sh) has its modules elsewhere.
        if name == 'zsh' and (modules := os.environ.get('CMDAI_TEST_ZSH_MODULES')): prompt = f"module_path=('{modules}')\n{prompt}"
        with open(os.path.join(box.home, path), 'w') as file: file.write(f'{prompt}\n{rc}\n{init}\n{after}\n')
        command = [program, *arguments, '-i'] if name != 'fish' else [program, *arguments]
        self.pid, self.fd = pty.fork()
        if self.pid == 0:
            for number in (signal.SIGINT, signal.SIGHUP): signal.signal(number, signal.SIG_DFL)  # a script's background job, nohup: ignored
            os.chdir(os.path.join(box.home, 'work'))
            os.execve(program, command, environment)
        import fcntl, struct, termios
        fcntl.ioctl(self.fd, termios.TIOCSWINSZ, struct.pack('HHHH', 40, 120, 0, 0))
        self.wait(lambda t: '@@ ' in t, 'the first prompt')

    def pump(self, seconds=0.05):
        if not select.select([self.fd], [], [], seconds)[0]: return False
        try: data = os.read(self.fd, 65536)
        except OSError: return False
        if b'\x1b[c' in data or b'\x1b[0c' in data: os.write(self.fd, b'\x1b[?62;c')  # fish 4 asks what the terminal is
        if b'\x1b[6n' in data: os.write(self.fd, b'\x1b[2;1R')  # fzf asks where the cursor is
        self.text += data.decode('utf8', 'replace')
        return bool(data)

    def wait(self, done, what):
        end = time.monotonic() + DEADLINE
        while not done(self.text):
            self.pump()
            if time.monotonic() > end: raise AssertionError(f'waited in vain for {what}; the screen:\n{self.screen()[-4000:]}')

    def send(self, text):
        data = text.encode() if isinstance(text, str) else text
        while data:
            data = data[os.write(self.fd, data[:1024]):]
            if data: self.pump(0)

    def interrupt(self):
        """Ctrl-C until a new prompt is there: readline does not notice one that comes just before it begins to read."""
        start, end = self.mark(), time.monotonic() + DEADLINE
        while '@@ ' not in plain(self.text[start:]):
            self.send('\x03')
            pause = time.monotonic() + 1
            while time.monotonic() < pause and '@@ ' not in plain(self.text[start:]): self.pump()
            if time.monotonic() > end: raise AssertionError(f'no prompt after Ctrl-C; the screen:\n{self.screen()}')
        while self.pump(0.2): pass

    def see(self, part, start=0):
        self.wait(lambda t: part in plain(t[start:]), repr(part))

    def mark(self):
        return len(self.text)

    def done(self):
        """Types the marker and waits until it ran: everything typed before it is over."""
        self.box.markers += 1  # of the box: another shell's marker is none of ours
        word = f'marker{self.box.markers}'
        self.send(f'fine {word}\r')
        self.wait(lambda _: word in self.box.ran('fine'), f'`fine {word}` to run')

    def line(self, text):
        """A line, and the marker after it. What the terminal showed meanwhile."""
        start = self.mark()
        self.send(text + '\r')
        if self.name != 'bash': self.settle(start)
        self.done()
        while self.pump(0.05): pass
        return plain(self.text[start:])

    def settle(self, start):
        """zsh puts a refused line back for editing: wait for the prompt, and clear it. fish 4 takes what is typed before it has drawn a
        refused line again for more of that."""
        self.wait(lambda t: '@@ ' in plain(t[start:]) or '> ' in plain(t[start:]), 'a prompt')
        while self.pump(0.1): pass
        if '  rule ' in plain(self.text[start:]): self.refused('  rule ', start)

    def answer(self, text, key, word):
        """A line that is asked about, answered with a key when the question is there."""
        start = self.mark()
        self.send(text + '\r')
        self.decide(key, word, start)
        if word == 'no': self.refused(word, start + self.text[start:].rindex('[y/N'))
        self.done()
        return plain(self.text[start:])

    def decide(self, key, word, start):
        """Answers the question that comes after `start`; returns a place behind what is said of the key."""
        self.see('[y/N', start)
        here = start + self.text[start:].index('[y/N')
        self.send(key)
        self.see(word, here)
        return here + self.text[here:].index('] ') + 2

    def refused(self, part, start, lines=1):
        """Waits for a refusal, then for the prompt after it; what the shell left there is taken away: zsh's line to edit,
        the rest of a text in several lines."""
        self.see(part, start)
        after = self.text.rindex(part)
        self.wait(lambda t: '@@ ' in plain(t[after:]), 'the prompt after the refusal')
        while self.pump(0.2): pass
        if self.name == 'fish': return
        if lines == 1: return self.send('\x15')
        self.interrupt()

    def screen(self):
        return plain(self.text)

    def close(self):
        for attempt in (signal.SIGHUP, signal.SIGKILL):
            try: os.kill(self.pid, attempt)
            except ProcessLookupError: break
            end = time.monotonic() + 5
            while time.monotonic() < end:
                self.pump(0.02)
                if os.waitpid(self.pid, os.WNOHANG)[0]:
                    os.close(self.fd)
                    return
        os.close(self.fd)


def plain(text):
    """Without the escape sequences that only colour or move."""
    return re.sub(r'\x1b\[[0-9;?<>=]*[a-zA-Z@`]|\x1b[=>()][B0]?|\x1b\][^\a\x1b]*(?:\a|\x1b\\)|\x1bP[^\x1b]*\x1b\\|\r', '', text)


def markers_of(box):
    return [row for row in box.ran('fine') if not row.startswith('marker')]


def check(condition, shown=''):
    if not condition: raise AssertionError(shown)


def same(got, want, shown=''):
    if got != want: raise AssertionError(f'got  {got!r}\nwant {want!r}\n{shown}')


def run(tests):
    """[(name, function)]: each gets a fresh box. Prints `N passed, N failed, N skipped`; with --list only the names."""
    if sys.argv[1:] == ['--list']: return print('\n'.join(name for name, _ in tests))
    passed = failed = skipped = 0
    wanted = sys.argv[2:]
    for name, function in tests:
        if wanted and not any(word in name for word in wanted): continue
        box = Box()
        try:
            function(box)
            passed += 1
            with open(os.path.join(box.home, 'precious')) as file: same(file.read(), 'do not lose me\n', 'the decoy was touched')
        except Skip as why:
            skipped += 1
            print(f'skipped {name}: {why}')
        except Exception:
            failed += 1
            print(f'FAIL {name}\n{traceback.format_exc()}', flush=True)
        finally:
            box.close()
    print(f'{passed} passed, {failed} failed, {skipped} skipped' if skipped else f'{passed} passed, {failed} failed')
    sys.exit(failed != 0)
