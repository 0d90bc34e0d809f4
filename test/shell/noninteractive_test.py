#!/usr/bin/python3
"""Shells that are not interactive. usage: noninteractive_test.py CMDAI [WORD...]: only tests whose names hold a word

Each row of the matrix in docs/non-interactive.md is really run: first with `fine`, which must run and say nothing, then
with `evil`, which must either be refused (status 126, the reason on standard error) or, where the row says RAN, run: that is
what gets through, and a row that gets better has to be changed here and in the page.
"""
import ctypes, json, platform, random, struct
from cases import *

BUILD = os.path.dirname(os.path.dirname(os.path.dirname(CMDAI)))
WRAPPER = os.path.join(BUILD, 'shell-hooks/client/cmdai-sh')
TESTS = []


def test(name):
    def wrap(function):
        TESTS.append((name, function))
        return function
    return wrap


class Start:
    """A box with the snippets where docs/non-interactive.md says they belong, and links to cmdai-sh."""

    def __init__(self, box, rc=True, unavailable='warn'):
        self.box, self.work = box, os.path.join(box.home, 'work')
        self.env = dict(box.env)
        if unavailable != 'warn':
            with open(os.path.join(box.home, '.config/cmdai/config.toml'), 'w') as file: file.write(f'on_unavailable = "{unavailable}"\n')
        self.snippets = {name: self.write(f'../.config/cmdai/env.{name}', self.snippet(name)) for name in ('bash', 'zsh', 'fish')}
        if rc:
            self.env['BASH_ENV'] = self.snippets['bash']
            self.write('../.zshenv', f'. {self.snippets["zsh"]}\n')
            self.write('../.config/fish/conf.d/cmdai.fish', self.snippet('fish'))
        self.links = os.path.join(box.root, 'links')
        os.mkdir(self.links)
        for name in ('sh', 'bash', 'zsh', 'fish'): os.symlink(WRAPPER, os.path.join(self.links, 'cmdai-' + name))

    def snippet(self, shell):
        done = self.box.cmdai('init', '--non-interactive', shell)
        same((done.returncode, done.stderr), (0, ''))
        return done.stdout

    def write(self, name, text):
        path = os.path.normpath(os.path.join(self.work, name))
        os.makedirs(os.path.dirname(path), exist_ok=True)
        with open(path, 'w') as file: file.write(text)
        os.chmod(path, 0o755)
        return path

    def run(self, *words, env=None, stdin='', **more):
        environment = {k: v for k, v in (self.env | (env or {})).items() if v is not None}
        return subprocess.run(words, env=environment, cwd=self.work, input=stdin, capture_output=True, text=True, timeout=DEADLINE, **more)

    def link(self, name):
        return os.path.join(self.links, 'cmdai-' + name)

    def judged(self, *words, **more):
        """How many checks the daemon answered for it."""
        self.box.cmdai('start')
        before = checks(self.box)
        done = self.run(*words, **more)
        return checks(self.box) - before, done


def allowed(done, quiet=True):
    same(done.returncode, 0, f'{done.args}\n{done.stdout}{done.stderr}')
    if quiet: same((done.stdout, done.stderr), ('', ''), done.args)


def refused(done):
    same(done.returncode, 126, f'{done.args}\n{done.stdout}{done.stderr}')
    check('rule test.evil' in done.stderr, f'{done.args}\n{done.stderr}')
    check('cmdai allow ' in done.stderr, f'{done.args}\n{done.stderr}')
    same(done.stdout, '', done.args)


# What runs, with PROGRAM for the path of a stub, FILE for a script that runs it, TEXT for what a shell is told to run.
# In an `env -i` the box is named again: the real home and daemon of who runs the tests are none of ours.
BARE = ('env', '-i', 'HOME=HOME_', 'CMDAI_SOCKET=SOCKET', 'TMPDIR=ROOT', 'PATH=/usr/bin:/bin')
LOST = ('env', '-i', 'HOME=/nonexistent', 'CMDAI_SOCKET=SOCKET', 'PATH=/usr/bin:/bin')
AS_SH = ('python3', '-c', 'import os, sys; os.execv("/bin/bash", ["sh", *sys.argv[1:]])')
SYSTEM_ZSHENV = ('bwrap', '--dev-bind', '/', '/', '--bind', 'ZSHENV', '/etc/zsh/zshenv')
RC = [
    ('bash -c', ('bash', '-c', 'TEXT'), 'blk'),
    ('bash -c, a name and arguments', ('bash', '-c', '"$@"', 'x', 'PROGRAM', 'a'), 'blk'),
    ('bash -c, the name alone', ('bash', '-c', '$0 a', 'PROGRAM'), 'blk'),
    ('bash -ec', ('bash', '-ec', 'TEXT'), 'blk'),
    ('bash -eu script', ('bash', '-eu', 'FILE'), 'blk'),
    ('bash -Cfa script', ('bash', '-Cfa', 'FILE'), 'blk'),
    ('bash -xc', ('bash', '-xc', 'TEXT'), 'blk', 'loud'),
    ('bash -O extglob -c', ('bash', '-O', 'extglob', '-c', 'TEXT'), 'blk'),
    ('bash --noprofile --norc -c', ('bash', '--noprofile', '--norc', '-c', 'TEXT'), 'blk'),
    ('bash script', ('bash', 'FILE'), 'blk'),
    ('bash script, found in PATH', ('env', 'PATH=WORK:/usr/bin:/bin', 'sh', '-c', 'cd / && exec bash job'), 'blk'),
    ('bash script, named bash', ('bash', 'bash'), 'blk'),
    ('#!/bin/bash', ('./job',), 'blk'),
    ('bash -lc', ('bash', '-lc', 'TEXT'), 'blk'),
    ('bash -p -c', ('bash', '-p', '-c', 'TEXT'), 'RAN'),
    ('bash --posix -c', ('bash', '--posix', '-c', 'TEXT'), 'RAN'),
    ('bash -i -c', ('bash', '-i', '-c', 'TEXT'), 'RAN', 'loud'),
    ('bash as sh', (*AS_SH, '-c', 'TEXT'), 'RAN'),
    ('bash, a script on standard input', ('bash',), 'RAN', 'stdin'),
    ('bash -s', ('bash', '-s', 'a'), 'RAN', 'stdin'),
    ('sh -c', ('sh', '-c', 'TEXT'), 'RAN'),
    ('sh script', ('sh', 'FILE'), 'RAN'),
    ('env -i bash script', (*BARE, 'bash', 'FILE'), 'RAN'),
    ('env -i sh script', (*BARE, 'sh', 'FILE'), 'RAN'),
    ('env -i zsh script', (*LOST, 'zsh', 'FILE'), 'RAN'),
    ('env -i fish script', (*LOST, 'fish', 'FILE'), 'RAN', 'loud'),
    ('env -i HOME=… zsh script', (*BARE, 'zsh', 'FILE'), 'blk'),
    ('env -u BASH_ENV bash script', ('env', '-u', 'BASH_ENV', 'bash', 'FILE'), 'RAN'),
    ('zsh -c', ('zsh', '-c', 'TEXT'), 'blk'),
    ('zsh -c, a name and arguments', ('zsh', '-c', '"$@"', 'x', 'PROGRAM', 'a'), 'blk'),
    ('zsh -c, the name alone', ('zsh', '-c', '$0 a', 'PROGRAM'), 'blk'),
    ('zsh -eu -c', ('zsh', '-eu', '-c', 'TEXT'), 'blk'),
    ('zsh -eu script', ('zsh', '-eu', 'FILE'), 'blk'),
    ('zsh -eu -c, with arguments', ('zsh', '-eu', '-c', '"$@"', 'x', 'PROGRAM', 'a'), 'blk'),
    ('zsh -o shwordsplit -o ksharrays -o ignorebraces -c', ('zsh', '-o', 'shwordsplit', '-o', 'ksharrays', '-o', 'ignorebraces', '-c', 'TEXT'), 'blk'),
    ('zsh -o cshjunkiequotes -c', ('zsh', '-o', 'cshjunkiequotes', '-c', 'TEXT'), 'RAN', 'loud'),
    ('zsh -xc', ('zsh', '-xc', 'TEXT'), 'blk', 'loud'),
    ('zsh -lc', ('zsh', '-lc', 'TEXT'), 'blk'),
    ('zsh script', ('zsh', 'FILE'), 'blk'),
    ('zsh, a script on standard input', ('zsh',), 'RAN', 'stdin'),
    ('zsh -f -c', ('zsh', '-f', '-c', 'TEXT'), 'RAN'),
    ('zsh -f -c, system zshenv', (*SYSTEM_ZSHENV, 'zsh', '-f', '-c', 'TEXT'), 'blk'),
    ('zsh -df script, system zshenv', (*SYSTEM_ZSHENV, 'zsh', '-df', 'FILE'), 'blk'),
    ('env -i zsh -c, system zshenv', (*SYSTEM_ZSHENV, *LOST, 'zsh', '-c', 'TEXT'), 'blk'),
    ('fish -c', ('fish', '-c', 'TEXT'), 'blk'),
    ('fish --command=', ('fish', '--command=TEXT'), 'blk'),
    ('fish -C', ('fish', '-C', 'TEXT', '-c', 'true'), 'blk'),
    ('fish script', ('fish', 'FILE'), 'blk'),
    ('fish, a script on standard input', ('fish',), 'RAN', 'stdin'),
    ('fish --no-config -c', ('fish', '--no-config', '-c', 'TEXT'), 'RAN'),
    ('python os.system', ('python3', '-c', 'import os; raise SystemExit(os.system("TEXT") >> 8)'), 'RAN'),
    ('python subprocess', ('python3', '-c', 'import subprocess; raise SystemExit(subprocess.call(["PROGRAM", "a"]))'), 'RAN'),
    ('python subprocess of bash -c', ('python3', '-c', 'import subprocess; raise SystemExit(subprocess.call(["bash", "-c", "TEXT"]))'), 'blk'),
    ('perl system', ('perl', '-e', 'exit(system("TEXT") >> 8)'), 'RAN'),
]
WRAPPED = [
    ('cmdai-bash -c', ('BASH', '-c', 'TEXT'), 'blk'),
    ('cmdai-bash -c, a name and arguments', ('BASH', '-c', '"$@"', 'x', 'PROGRAM', 'a'), 'blk'),
    ('cmdai-bash -c, the name alone', ('BASH', '-c', '$0 a', 'PROGRAM'), 'blk'),
    ('cmdai-bash -ec', ('BASH', '-ec', 'TEXT'), 'blk'),
    ('cmdai-bash -c -e', ('BASH', '-c', '-e', 'TEXT'), 'blk'),
    ('cmdai-bash -eo pipefail -c', ('BASH', '-eo', 'pipefail', '-c', 'TEXT'), 'blk'),
    ('cmdai-bash -O extglob +e -c', ('BASH', '-O', 'extglob', '+e', '-c', 'TEXT'), 'blk'),
    ('cmdai-bash -c -- TEXT', ('BASH', '-c', '--', 'TEXT'), 'blk'),
    ('cmdai-bash --noprofile --norc -c', ('BASH', '--noprofile', '--norc', '-c', 'TEXT'), 'blk'),
    ('cmdai-bash script', ('BASH', 'FILE'), 'blk'),
    ('cmdai-bash -- script', ('BASH', '--', 'FILE', 'b'), 'blk'),
    ('cmdai-bash -x script', ('BASH', '-x', 'FILE'), 'blk', 'loud'),
    ('cmdai-bash script, found in PATH', ('env', 'PATH=WORK:/usr/bin:/bin', 'sh', '-c', 'cd / && exec BASH job'), 'blk'),
    ('cmdai-bash --rcfile', ('BASH', '--rcfile', 'FILE', '-i'), 'blk', 'loud'),
    ('cmdai-bash -lc', ('BASH', '-lc', 'TEXT'), 'blk'),
    ('cmdai-bash -p -c', ('BASH', '-p', '-c', 'TEXT'), 'blk'),
    ('cmdai-bash --posix -c', ('BASH', '--posix', '-c', 'TEXT'), 'blk'),
    ('cmdai-bash -i -c', ('BASH', '-i', '-c', 'TEXT'), 'blk', 'loud'),
    ('cmdai-bash, a script on standard input', ('BASH',), 'RAN', 'stdin'),
    ('cmdai-bash -s', ('BASH', '-s', 'a'), 'RAN', 'stdin'),
    ('cmdai-sh -c', ('SH', '-c', 'TEXT'), 'blk'),
    ('cmdai-sh script', ('SH', 'FILE'), 'blk'),
    ('CMDAI_REAL_SHELL=bash cmdai-sh -c', ('env', 'CMDAI_REAL_SHELL=/bin/bash', 'SH', '-c', 'TEXT'), 'blk'),
    ('env -i cmdai-bash -c', (*BARE, 'BASH', '-c', 'TEXT'), 'blk'),
    ('cmdai-zsh -c', ('ZSH', '-c', 'TEXT'), 'blk'),
    ('cmdai-zsh -lc', ('ZSH', '-lc', 'TEXT'), 'blk'),
    ('cmdai-zsh script', ('ZSH', 'FILE'), 'blk'),
    ('cmdai-zsh -f -c', ('ZSH', '-f', '-c', 'TEXT'), 'blk'),
    ('cmdai-zsh -o NAME -c', ('ZSH', '-o', 'errexit', '-c', 'TEXT'), 'blk'),
    ('cmdai-zsh -oNAME -c', ('ZSH', '-oerrexit', '-c', 'TEXT'), 'blk'),
    ('cmdai-zsh --emulate sh -c', ('ZSH', '--emulate', 'sh', '-c', 'TEXT'), 'blk'),
    ('cmdai-fish -c', ('FISH', '-c', 'TEXT'), 'blk'),
    ('cmdai-fish -cTEXT', ('FISH', '-cTEXT'), 'blk'),
    ('cmdai-fish -C', ('FISH', '-C', 'TEXT', '-c', 'true'), 'blk'),
    ('cmdai-fish script', ('FISH', 'FILE'), 'blk'),
    ('cmdai-fish --no-config -c', ('FISH', '--no-config', '-c', 'TEXT'), 'blk'),
    ('python os.system below cmdai-bash', ('BASH', '-c', 'python3 ./system.py'), 'RAN'),
]


def fill(start, words, program):
    names = {'TEXT': f'{start.box.bin}/{program} a', 'PROGRAM': f'{start.box.bin}/{program}', 'FILE': './job', 'WORK': start.work,
             'SOCKET': start.env['CMDAI_SOCKET'], 'ROOT': start.box.root, 'HOME_': start.box.home, 'ZSHENV': start.snippets['zsh'],
             **{name.upper(): start.link(name) for name in ('bash', 'sh', 'zsh', 'fish')}}
    # BASH as a word of its own, or at the end of a text: never within BASH_ENV.
    return [re.sub('|'.join(rf'(?<![A-Z_]){name}(?![A-Z_])' for name in names), lambda m: names[m[0]], word) for word in words]


def row(name, words, expected, how='', rc=True):
    def matrix(box):
        start = Start(box, rc=rc)
        box.cmdai('start')  # never by a shell with another home
        for need in ('bwrap', 'perl', 'zsh', 'fish'):
            if any(need in word.split('/')[-1].lower() for word in words) and not shutil.which(need): raise Skip(f'no {need} here')
        for program in ('fine', 'evil'):
            text = f'{box.bin}/{program} a\n'
            for script in ('job', 'bash'): start.write(script, '#!/bin/bash\n' + text)
            start.write('line', text)
            start.write('system.py', 'import os\nraise SystemExit(os.system(open("line").read()) >> 8)\n')  # nobody can read what it runs
            done = start.run(*fill(start, words, program), stdin=text if how == 'stdin' else '')
            if program == 'evil' and expected == 'blk':
                refused(done)
                same(box.ran('evil'), [], f'{done.args}\n{done.stderr}')
            else:
                allowed(done, how != 'loud')
                same(box.ran(program), ['a'], f'{done.args}\n{done.stdout}{done.stderr}')
    return f'{name}: {expected}', matrix


TESTS += [row(*entry) for entry in RC]
TESTS += [row(*entry, rc=False) if len(entry) == 4 else row(*entry, '', rc=False) for entry in WRAPPED]


@test('bash: nothing is changed for what runs: options, names, $_, $?')
def bash_state(box):
    start = Start(box)
    text = 'echo "$_ $?"; set +o; shopt; declare -F; declare -p'
    def facts(**env):
        rows = start.run('bash', '-euc', text, env=env).stdout.splitlines()
        return [r for r in rows if not re.search(r'__cmdai_|BASH_ENV|EPOCH|RANDOM|BASHPID|PPID|SECONDS|BASH_ARG|BASH_LINENO|BASH_SOURCE|" *_="|PIPESTATUS', r)]
    with_us, without = facts(), facts(BASH_ENV=None)
    check(len(without) > 80, without)
    same(with_us, without)


@test('zsh: nothing is changed for what runs: options and names')
def zsh_state(box):
    start = Start(box)
    if not shutil.which('zsh'): raise Skip('no zsh here')
    text = 'print -l -- $? ${(kv)options} ${(ok)functions} ${(ok)parameters:#(functions|parameters|options)}; zmodload'
    def facts(name): return start.run('zsh', '-c', text, env={'ZDOTDIR': name}).stdout.splitlines()
    start.write('plain/.zshenv', ':\n')
    start.write('ours/.zshenv', f'. {start.snippets["zsh"]}\n')
    with_us, without = facts(f'{start.work}/ours'), facts(f'{start.work}/plain')
    check(len(without) > 200, without)
    more = [r for r in with_us if r not in without]
    same([r for r in more if r not in ('zsh/net/socket', 'zsh/system', 'errnos', 'sysparams')], [])
    same([r for r in without if r not in with_us], [])


@test('bash -x shows the same lines with us')
def trace(box):
    start = Start(box)
    text = f'{box.bin}/fine a; echo "$_"'
    with_us, without = start.run('bash', '-xc', text), start.run('bash', '-xc', text, env={'BASH_ENV': None})
    same((with_us.stdout, with_us.stderr), (without.stdout, without.stderr))


@test('a text of -c without arguments is judged and shown as it stands')
def shown(box):
    start = Start(box)
    for shell in ('bash', 'zsh', 'fish', start.link('bash'), start.link('zsh'), start.link('fish'), start.link('sh')):
        done = start.run(shell, '-c', 'evil a')
        check('\n    evil a\n' in done.stderr, done.stderr)


@test('without a process: zsh, and bash where the loadable builtin is there')
def no_process(box):
    start = Start(box)
    box.cmdai('start')
    shells = ['zsh'] if "library=''" in start.snippet('bash') else ['bash', 'zsh']
    for shell in shells:
        text = start.snippet(shell).replace(os.path.join(BUILD, 'shell-hooks/client/cmdai-hook'), '/nonexistent/cmdai-hook')
        check('/nonexistent/cmdai-hook' in text, text)
        env = {'BASH_ENV': start.write('alone.bash', text), 'ZDOTDIR': os.path.dirname(start.write('alone/.zshenv', text))}
        allowed(start.run(shell, '-c', f'fine {shell}', env=env))
        done = start.run(shell, '-c', 'evil a', env=env)
        check('NOT GUARDED' not in done.stderr, done.stderr)
        refused(done)
        done = start.run(shell, '-c', 'warned a', env=env)
        same((done.returncode, done.stdout), (0, ''))
        check(done.stderr.startswith('cmdai: warning: '), done.stderr)
        same(start.run(shell, '-c', 'askme a', env=env).returncode, 126)
    same((box.ran('fine'), box.ran('evil'), box.ran('askme')), (shells, [], []))


@test('a start is one check, also below cmdai-sh')
def one_check(box):
    start = Start(box)
    for words, number in ((('bash', '-c', 'fine a; fine b'), 1), (('zsh', '-c', 'fine a; fine b'), 1), (('fish', '-c', 'fine a; fine b'), 1),
                          ((start.link('bash'), '-c', 'fine a'), 1), ((start.link('zsh'), '-c', 'fine a'), 1), ((start.link('fish'), '-c', 'fine a'), 1),
                          (('bash', '-c', ': ; bash -c "fine a"; fine b'), 2), ((start.link('bash'), '-c', ': ; bash -c "fine a"; fine b'), 2),
                          (('bash', '-ic', 'fine a'), 0), (('zsh', '-ic', 'fine a'), 0), (('fish', '-ic', 'fine a'), 0)):
        counted, done = start.judged(*words)
        same((counted, done.returncode), (number, 0), f'{words}\n{done.stdout}{done.stderr}')
    for shell in ('bash', 'zsh', 'fish'):
        same(start.run(start.link(shell), '-c', 'env | grep CMDAI_JUDGED; true').stdout, '', shell)


@test('what a guarded shell was asked about is not asked again')
def guarded_parent(box):
    start = Start(box)
    start.write('starts.py', 'import subprocess\nfor name in ("bash", "zsh", "fish"): subprocess.run([name, "-c", open("line").read()])\n')
    start.write('line', 'evil a')
    shell = Shell(box, 'bash', env={'BASH_ENV': start.env['BASH_ENV']})
    try:
        shell.line('fine first')
        before = checks(box)
        shell.line('bash -c "fine a"')
        same(checks(box) - before, 2, 'the line and the marker')
        for name in ('zsh', 'fish'):
            before = checks(box)
            shell.line(f'{name} -c "fine {name}"')
            same(checks(box) - before, 2, f'{name}: the line and the marker')
        for word in ('a', 'zsh', 'fish'): check(word in box.ran('fine'), shell.screen())
        # A program in between: what that one starts is asked about.
        before = checks(box)
        shell.line('python3 ./starts.py')
        same(checks(box) - before, 5, 'the line, three shells and the marker')
        same(box.ran('evil'), [], shell.screen())
    finally: shell.close()


@test('a parent that is no shell any more does not count as one')
def replaced_parent(box):
    start = Start(box)
    for shell in ('bash', 'zsh'):
        refused(start.run(shell, '-c', 'evil a', env={'CMDAI_SESSION': f'bash-{os.getpid()}-1-1'}))
        refused(start.run(shell, '-c', 'evil a', env={'CMDAI_JUDGED': str(os.getpid())}))
    same(box.ran('evil'), [])


@test('a variable that decides: its value is in the environment')
def values(box):
    start = Start(box)
    lines = [('bash', 'rm -rf "$DIR"/*'), ('zsh', 'rm -rf "$DIR"/*'), ('fish', 'rm -rf $DIR/*'), (start.link('bash'), 'rm -rf "$DIR"/*'),
             (start.link('sh'), 'rm -rf "$DIR"/*')]
    for shell, line in lines:
        start.write('out/x', '')
        done = start.run(shell, '-c', line, env={'DIR': ''})
        same(done.returncode, 126, f'{shell}\n{done.stderr}')
        done = start.run(shell, '-c', line, env={'DIR': 'out'})
        allowed(done)
        check(not os.path.exists(os.path.join(start.work, 'out/x')), shell)


@test('asked where there is no terminal: refused, with a code that lets it run once')
def code(box):
    start = Start(box)
    for shell in ('bash', 'zsh', 'fish', start.link('bash')):
        done = start.run(shell, '-c', f'askme {shell}')
        same((done.returncode, done.stdout), (126, ''), done.stderr)
        found = re.search(r'cmdai allow (\w+)', done.stderr)
        check(found, done.stderr)
        approver = Shell(box, 'bash')
        try: approver.line(f'{CMDAI} allow {found[1]}')
        finally: approver.close()
        allowed(start.run(shell, '-c', f'askme {shell}'))
        same(box.ran('askme')[-1], shell)
        same(start.run(shell, '-c', f'askme {shell}').returncode, 126, 'a code is good for one run')
    same(len(box.ran('askme')), 4)


@test('warned: said, and it runs')
def warned(box):
    start = Start(box)
    for shell in ('bash', 'zsh', 'fish', start.link('bash')):
        done = start.run(shell, '-c', 'warned a')
        same((done.returncode, done.stdout), (0, ''), done.stderr)
        check('warning: this one is warned of' in done.stderr, done.stderr)
    same(box.ran('warned'), ['a'] * 4)


def at_terminal(shell):
    def asked(box):
        start = Start(box)
        outer = Shell(box, 'bash', hook=False, env={'BASH_ENV': start.env['BASH_ENV']})
        try:
            for key, word, status in (('n', 'no', 126), ('y', 'yes', 0), ('\x03', 'no', 126)):
                begin = outer.mark()
                outer.send(f"{shell(start)} -c 'askme {word}'; fine status $?\r")
                outer.see('run it?', begin)
                outer.send(key)
                outer.wait(lambda _: f'status {status}' in box.ran('fine'), f'status {status}')
                os.unlink(os.path.join(box.root, 'ran.fine'))
            same(box.ran('askme'), ['yes'], outer.screen())
            # Where what is said goes elsewhere, nobody would see what the question is about.
            outer.send(f"{shell(start)} -c 'askme unseen' 2>/dev/null; fine status $?\r")
            outer.wait(lambda _: 'status 126' in box.ran('fine'), 'a refusal')
            same(box.ran('askme'), ['yes'], outer.screen())
        finally: outer.close()
    return asked


for _name, _shell in (('bash', lambda s: 'bash'), ('zsh', lambda s: 'zsh'), ('fish', lambda s: 'fish'), ('cmdai-bash', lambda s: s.link('bash'))):
    TESTS.append((f'asked at a terminal: {_name}', at_terminal(_shell)))


def no_connect():
    """seccomp(2): connect fails with EPERM, as in the sandboxes that agents run commands in."""
    arch, number = {'x86_64': (0xc000003e, 42), 'aarch64': (0xc00000b7, 203)}[platform.machine()]
    rows = [(0x20, 0, 0, 4), (0x15, 0, 3, arch), (0x20, 0, 0, 0), (0x15, 0, 1, number), (0x06, 0, 0, 0x00050001), (0x06, 0, 0, 0x7fff0000)]
    code = ctypes.create_string_buffer(b''.join(struct.pack('HBBI', *r) for r in rows))
    program = ctypes.create_string_buffer(struct.pack('HxxxxxxP', len(rows), ctypes.addressof(code)))
    libc = ctypes.CDLL(None, use_errno=True)
    if libc.prctl(38, 1, 0, 0, 0) or libc.prctl(22, 2, program, 0, 0): raise OSError(ctypes.get_errno(), 'seccomp')


@test('no socket can be reached (EPERM): judged in the client, quietly')
def sandbox(box):
    if platform.machine() not in ('x86_64', 'aarch64'): raise Skip('the filter is written for x86_64 and aarch64')
    start = Start(box)
    box.cmdai('start')
    before = checks(box)
    for shell in ('bash', 'zsh', 'fish', start.link('bash'), start.link('zsh')):
        done = start.run(shell, '-c', 'fine a', preexec_fn=no_connect)
        allowed(done)
        done = start.run(shell, '-c', 'evil a', preexec_fn=no_connect)
        same(done.returncode, 126, f'{shell}\n{done.stderr}')
        check('rule test.evil' in done.stderr, f'{shell}\n{done.stderr}')
    same(box.ran('evil'), [])
    same(box.ran('fine'), ['a'] * 5)
    same(checks(box), before, 'the daemon was reached')
    check('judged without the daemon' in box.cmdai('log', '--json', '-n', '0').stdout)


@test('no socket can be reached: `cmdai relay` answers, told to be local or not')
def relay(box):
    if platform.machine() not in ('x86_64', 'aarch64'): raise Skip('the filter is written for x86_64 and aarch64')
    start = Start(box)
    box.cmdai('start')
    for more in ((), ('--local',)):
        done = start.run(CMDAI, 'relay', *more, 'shell=bash', f'cwd={start.work}', stdin='evil a', preexec_fn=no_connect)
        same((done.returncode, done.stderr), (0, ''), more)
        check('\0action=block\0' in done.stdout and '\0note=' in done.stdout, done.stdout)


@test('a daemon that hangs costs time, not safety')
def hung(box):
    start = Start(box)
    box.cmdai('start')
    pid = int(re.search(r'"pid":"?(\d+)', box.cmdai('status', '--json').stdout).group(1))
    os.kill(pid, signal.SIGSTOP)
    try:
        for shell in ('bash', 'zsh', start.link('bash')):
            same(start.run(shell, '-c', 'evil a').returncode, 126, shell)
            allowed(start.run(shell, '-c', f'fine {shell}'))
    finally: os.kill(pid, signal.SIGCONT)
    same(box.ran('evil'), [])


@test('nobody can be asked: on_unavailable decides; cmdai-sh refuses')
def nobody(box):
    for policy in ('warn', 'block'):
        start = Start(box, unavailable=policy) if policy == 'warn' else start
        if policy == 'block':
            with open(os.path.join(box.home, '.config/cmdai/config.toml'), 'w') as file: file.write('on_unavailable = "block"\n')
        for shell in ('bash', 'zsh', 'fish'):
            # As if cmdai had been taken away, and its lines had not.
            text = re.sub(r"'[^']*/cmdai-hook'|[^' ]*/cmdai-hook", '/nonexistent/cmdai-hook', start.snippet(shell))
            text = re.sub(r'\bplace=', 'place=/nonexistent', text) if shell == 'zsh' else text
            text = re.sub(r"[^ ]*/cmdai-bash\.so'?", '/nonexistent.so', text)
            where = {'bash': 'alone.bash', 'zsh': 'alone/.zshenv', 'fish': 'alone/fish/conf.d/cmdai.fish'}[shell]
            path = start.write(where, text)
            env = {'BASH_ENV': path, 'ZDOTDIR': os.path.join(start.work, 'alone'), 'XDG_CONFIG_HOME': os.path.join(start.work, 'alone')}
            done = start.run(shell, '-c', f'fine {shell}', env=env)
            if policy == 'warn':
                same(done.returncode, 0, done.stderr)
                check('cmdai: NOT GUARDED: ' in done.stderr, done.stderr)
                same(box.ran('fine')[-1], shell)
            else:
                same(done.returncode, 126, done.stderr)
                check('cmdai: blocked: ' in done.stderr, done.stderr)
    same(box.ran('fine'), ['bash', 'zsh', 'fish'])
    box.cmdai('stop')
    lonely = os.path.join(box.root, 'lonely')
    os.mkdir(lonely)
    shutil.copy(WRAPPER, os.path.join(lonely, 'cmdai-bash'))
    done = start.run(os.path.join(lonely, 'cmdai-bash'), '-c', 'fine a', env={'BASH_ENV': None})
    same(done.returncode, 126, done.stderr)
    check('cmdai: blocked: ' in done.stderr, done.stderr)
    same(len(box.ran('fine')), 3)


@test('the record: a script, and the agent that CMDAI_ACTOR names')
def actor(box):
    start = Start(box)
    for shell in ('bash', 'zsh', 'fish', start.link('bash')):
        refused(start.run(shell, '-c', f'evil {os.path.basename(shell)}', env={'CMDAI_ACTOR': 'agent:tester'}))
    allowed(start.run('bash', '-c', 'fine a', env={'CMDAI_ACTOR': 'root'}))
    log = [json.loads(r) for r in box.cmdai('log', '--json', '-n', '0').stdout.splitlines()]
    checked = [r for r in log if r.get('source') == 'script']
    same([r.get('actor') for r in checked], ['agent'] * 4 + ['human'], log)
    check(all('tester' in str(r) for r in checked[:4]), checked)


@test('a long text of -c')
def long_text(box):
    start = Start(box)
    for shell in ('bash', 'zsh', 'fish', start.link('bash')):
        for program in ('fine', 'evil'):
            text = f'{program} ' + 'x' * 100000
            done = start.run(shell, '-c', text)
            same(done.returncode, 0 if program == 'fine' else 126, f'{shell}\n{done.stderr[-600:]}')
    same((len(box.ran('fine')), box.ran('evil')), (4, []))


@test('more arguments than anybody reads: refused')
def many(box):
    start = Start(box)
    for shell in ('fish', start.link('fish')):
        done = start.run(shell, *['-c', 'true'] * 16, '-c', 'evil a')
        same(done.returncode, 126, done.stderr)
    for words in ((start.link('bash'), '-c', 'true', *['x' * 100000] * 3), ('bash', '-c', 'true', *['x' * 100000] * 3), ('fish', '-c', 'true', *['x' * 100000] * 3),
                  ('fish', '-c', 'true', *['x'] * 5000)):
        done = start.run(*words)
        same(done.returncode, 126, f'{words[0]}\n{done.stderr[:300]}')
        check('cmdai: blocked: ' in done.stderr and 'hint: ' in done.stderr, done.stderr[:300])
        allowed(start.run(*words[:3], *['x' * 100] * 300))
    same(box.ran('evil'), [])


@test('a file is written by a redirection alone')
def redirection(box):
    start = Start(box)
    precious = os.path.join(box.home, '.ssh/authorized_keys')
    os.makedirs(os.path.dirname(precious))
    start.write('good', 'echo x > harmless\n')
    allowed(start.run('bash', 'good'))
    check(os.path.exists(os.path.join(start.work, 'harmless')))
    start.write('bad', 'echo x > ~/.ssh/authorized_keys\n')
    for shell in ('bash', 'zsh', start.link('sh')): same(start.run(shell, 'bad').returncode, 126, shell)
    check(not os.path.exists(precious))


@test('cmdai-sh: the real shell has its own name and all it was given')
def names(box):
    start = Start(box, rc=False)
    text = 'echo "$0:$1:$2:$-"'
    def out(link, *words, argv0=None):
        done = start.run('python3', '-c', 'import os, sys; os.execv(sys.argv[1], sys.argv[2:])', start.link(link), argv0 or start.link(link), *words)
        same((done.returncode, done.stderr), (0, ''))
        return done.stdout.strip()
    same(out('bash', '-c', text), 'bash:::hBc')
    same(out('bash', '-ec', text, 'n', 'a', 'b c'), 'n:a:b c:ehBc')
    same(out('bash', '-c', 'shopt login_shell', argv0='-cmdai-bash').split()[1], 'on')
    same(out('sh', '-c', 'echo "$0"'), 'sh')
    same(out('zsh', '-c', 'emulate'), 'zsh')
    same(out('zsh', '-fc', 'print $ZSH_NAME'), 'zsh')
    same(out('fish', '-c', 'echo (status current-command) $argv', 'a'), 'fish a')
    done = start.run('bash', '-c', f'exec -a nosuchshell {start.link("sh")} -c :')
    same(done.returncode, 127)
    check('cmdai-sh: no shell to run' in done.stderr, done.stderr)
    done = start.run(start.link('bash'), '-c', 'exit 3')
    same(done.returncode, 3)
    done = start.run(start.link('bash'), stdin='echo "$0 $1"\n')
    same(done.stdout, 'bash \n')


@test('cmdai-sh: signals and environment are as they were')
def inherited(box):
    start = Start(box, rc=False)
    nohup = ('python3', '-c', 'import os, signal, sys; signal.signal(1, signal.SIG_IGN); os.execv(sys.argv[1], sys.argv[1:])')
    text = 'trap -p; kill -HUP $$; env | sort'
    def out(program): return [row for row in start.run(*nohup, program, '-c', text).stdout.splitlines() if not row.startswith('_=')]
    check(len(out('/bin/bash')) > 5)
    same(out(start.link('bash')), out('/bin/bash'))


@test('doctor says which snippets are found, and which are of another cmdai')
def doctor(box):
    start = Start(box, rc=False)
    says = lambda: start.run(CMDAI, 'doctor').stdout
    for shell in ('bash', 'zsh', 'fish'): check(f'scripts and `-c` of {shell} are not guarded' in says(), says())
    start.env['BASH_ENV'] = start.snippets['bash']
    start.write('../.zshenv', 'export A=1\n. ~/.config/cmdai/env.zsh\n')
    fish = start.write('../.config/fish/conf.d/cmdai.fish', start.snippet('fish'))
    for shell, place in (('bash', start.snippets['bash']), ('zsh', os.path.join(box.home, '.zshenv')), ('fish', fish)):
        check(f'scripts and `-c` of {shell} are guarded from {place}' in says(), says())
    start.write('../.config/fish/conf.d/cmdai.fish', start.snippet('fish').replace(BUILD, '/elsewhere'))
    check(f'{fish} guards scripts and `-c` of fish with another cmdai than this' in says(), says())


@test('nothing to run, or nothing that runs')
def nothing(box):
    start = Start(box)
    start.write('job', 'evil a\n')
    for words in (('bash', '-c', ''), ('zsh', '-c', ''), ('fish', '-c', ''), (start.link('bash'), '-c', ''), (start.link('zsh'), '-c', ''), ('bash', '-n', 'job'),
                  (start.link('bash'),), ('bash', '-c', '# only this'), ('zsh', '-c', '# only this')):
        allowed(start.run(*words))
    for name in ('bash', 'zsh', 'fish', 'sh'):
        ours, real = start.run(start.link(name), '-c'), start.run(name, '-c')
        same((ours.returncode, ours.stdout), (real.returncode, real.stdout), ours.stderr)
    same(start.run(start.link('bash'), '--version').stdout, start.run('bash', '--version').stdout)
    same(start.run(start.link('bash'), 'nosuchfile').returncode, 127)
    same(box.ran('evil'), [])


@test('cmdai-hook start: what is wrong is said')
def usage(box):
    start = Start(box, rc=False)
    hook = os.path.join(BUILD, 'shell-hooks/client/cmdai-hook')
    for words, said in (((), 'needs SHELL'), (('bash', '-c'), 'needs SHELL'), (('tcsh', '-c', ':'), 'unknown shell: tcsh'), (('bash', 'text', ':'), 'unknown kind: text'),
                        (('--wrong', 'bash', '-c', ':'), 'unknown option: --wrong'), (('bash', 'process', '1/../2'), 'cannot be read')):
        done = start.run(hook, 'start', *words)
        same((done.returncode, done.stdout), (2, ''), words)
        check(said in done.stderr and 'hint: ' in done.stderr, done.stderr)


POOL = {
    'bash': ['-c', '-e', '-ec', '+c', '+x', '-l', '-lc', '-p', '--norc', '-norc', '--posix', '--', '-', '+', '-o', '-oc', '-co', 'errexit', '-O', '-Oc', '+O',
             'extglob', '--login', '-cc', '-euc', '-uxo', '--noprofile', '-i', '-ce'],
    'sh': ['-c', '-e', '-ec', '+c', '+x', '-l', '--', '-', '+', '-o', '-oc', '-co', 'errexit', '-cc', '-euc', '-ce'],
    'zsh': ['-c', '-e', '-ec', '+c', '+x', '-l', '-f', '-fc', '--', '-', '+', '-o', '-oerrexit', '-co', 'errexit', '-b', '-bc', '-cb', '-c-', '-e-', '--emulate', 'sh',
            '--errexit', '--no-rcs', '-O', '-euc', '-d'],
    'fish': ['-c', '--command', '-C', '--init-command=true', '-l', '-i', '-P', '-N', '--', '-d', 'never', '-p', '/dev/null', '--login', '--no-config', '-lc', '-Nc', '--comm', '--init', '--pro', '--no-c', '--de',
             '--debug=never', '-f', 'x'],
}


def arrangements(shell):
    def tried(box):
        start = Start(box, rc=False)
        box.cmdai('start')
        dice = random.Random(shell)  # the same ones each time
        ran = 0
        for _ in range(250):
            options = [dice.choice(POOL[shell]) for _ in range(dice.randrange(4))]
            what = dice.choice([['TEXT'], ['TEXT'], ['-c', 'TEXT'], ['FILE'], ['TEXT', 'x', 'y'], ['-cTEXT'], ['--command=TEXT']])
            for program in ('fine', 'evil'):
                start.write('job', f'{box.bin}/{program} a\n')
                done = start.run(start.link(shell), *fill(start, options + what, program))
                same(box.ran('evil'), [], f'{options + what}\n{done.stdout}{done.stderr}')
            ran = len(box.ran('fine'))
        check(ran > 50, f'only {ran} of the harmless twins ran')
    return tried


for _name in POOL: TESTS.append((f'cmdai-{_name}: no arrangement of options gets past', arrangements(_name)))


@test('cmdai-sh: never itself, by whatever name')
def itself(box):
    start = Start(box, rc=False)
    os.symlink(WRAPPER, os.path.join(start.links, 'bash'))
    env = {'PATH': start.links + ':' + start.env['PATH']}
    allowed(start.run('bash', '-c', 'fine a', env=env))
    refused(start.run('bash', '-c', 'evil a', env=env))
    done = start.run(start.link('bash'), '-c', ':', env={'CMDAI_REAL_SHELL': start.link('sh')})
    same(done.returncode, 127)
    same((box.ran('fine'), box.ran('evil')), (['a'], []))


run(TESTS)
