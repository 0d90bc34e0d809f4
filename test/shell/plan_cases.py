"""What every shell must do beyond the shapes of cases.py: history, editors, jobs, traps, terminals, counts.

Each refusal has an allowed twin in the same way of typing. plan.tsv says which test shows what.
"""
import fcntl, struct, subprocess, termios
from terminal import *
from cases import checks, shape, shape_in

# name, keys, how often the twin runs
POSIX = [
    ('until condition', ['until PROGRAM a; do break; done'], 1),
    ('fork bomb, with a harmless body', ['q() { PROGRAM a | PROGRAM b & }; q; wait'], 2),
    ('arithmetic', ['(( $(PROGRAM a; echo 1) ))'], 1),
    ('backslash before the name', ['\\PROGRAM a'], 1),
    ('background in a list', ['true && true; PROGRAM a & wait'], 1),
    ('nested substitutions', ['echo "$(echo "$(PROGRAM a)")"'], 1),
    ('here-string', ['cat <<<"$(PROGRAM a)"'], 1),
]
FISH = [
    ('fork bomb, with a harmless body', ['function q; PROGRAM a | PROGRAM b & ; end; q; wait'], 2),
    ('and-or with symbols', ['true && PROGRAM a || true'], 1),
    ('negation with a symbol', ['! PROGRAM a'], 1),
    ('time', ['time PROGRAM a'], 1),
    ('nested substitutions', ['echo "$(echo (PROGRAM a))"'], 1),
    ('process substitution', ['cat (PROGRAM a | psub)'], 1),
    ('line joined by a backslash', ['PROGRAM \\', 'a'], 1),
]

PROMPT_HOOK = {'bash': 'PROMPT_COMMAND="echo x >>~/ticks"', 'zsh': 'precmd() { echo x >>~/ticks }',
               'fish': 'function tick --on-event fish_prompt; echo x >>~/ticks; end'}
INT_TRAPS = {'bash': ["trap '' INT", "trap 'true' INT"], 'zsh': ["trap '' INT", "trap true INT", 'TRAPINT() { return 0 }', 'TRAPINT() { return 130 }'],
             'fish': ['function on_int --on-signal INT; true; end']}
LOOP = {'fish': ('for i in 1', 'PROGRAM a', 'end')}
POSIX_LOOP = ('for i in 1', 'do PROGRAM a', 'done')


def ticks(box):
    try:
        with open(os.path.join(box.home, 'ticks')) as file: return len(file.readlines())
    except FileNotFoundError: return 0


def program(box, name, text):
    path = os.path.join(box.bin, name)
    with open(path, 'w') as file: file.write(text)
    os.chmod(path, 0o755)


def refuse_line(shell, keys):
    """Sends bytes that must end in a refusal, and leaves an empty prompt."""
    start = shell.mark()
    shell.send(keys)
    shell.refused('rule test.evil', start)
    return start


def clear(shell):
    """A refused text of several lines that zsh put back: C-u takes one of its lines only."""
    if shell.name == 'zsh': shell.send('\x18\x0b')


def one_check_a_line(box, shell):
    shell.line('fine a')
    before, ran = checks(box), ticks(box)
    for word in ('b', 'c', 'd'): shell.line('fine ' + word)
    same(checks(box) - before, 6, 'three lines and their markers')
    check(ticks(box) - ran >= 6, 'the hook before the prompt did not run')


def paste_is_judged_once(box, shell):
    shell.line('fine a')
    before, start = checks(box), shell.mark()
    shell.send('\x1b[200~fine b\nfine c\nfine d\x1b[201~\r')
    shell.done()
    same(checks(box) - before, 2, 'one for the paste, one for the marker')
    same(markers_of(box), ['a', 'b', 'c', 'd'], shell.screen())


def loops_are_free(box, shell):
    shell.line('fine a')
    before = checks(box)
    shell.line('for i in (seq 200); true; end; fine over' if shell.name == 'fish' else 'for i in {1..200}; do true; done; fine over')
    same(checks(box) - before, 2, 'one for the loop, one for the marker')
    check('over' in markers_of(box), shell.screen())


def two_shells(box, shell):
    other = Shell(box, shell.name)
    try:
        for number in range(6):
            for good, bad in ((shell, other), (other, shell)):
                word = f'r{number}{"a" if good is shell else "b"}'
                start = bad.mark()
                bad.send(f'evil {word}\r')
                good.send(f'fine {word}\r')
                good.wait(lambda _: word in box.ran('fine'), f'`fine {word}` to run')
                bad.refused('rule test.evil', start)
                bad.done()
        same(box.ran('evil'), [], shell.screen())
        same(len(markers_of(box)), 12, 'each ran once')
    finally:
        other.close()


def jobs(box, shell):
    line = 'sleep 30 & \rkill $last_pid; wait $last_pid; echo "<$status>"' if shell.name == 'fish' else 'sleep 30 &\rkill $!; wait $!; echo "<$?>"'
    shown = shell.line(line)
    if shell.name != 'fish': check('<143>' in shown, shown)
    shown = shell.line('jobs | wc -l')
    check('\n0\n' in shown, shown)


def exec_line(box, shell):
    refuse_line(shell, 'exec evil a\r')
    shell.done()
    shell.send('exec fine last\r')
    shell.wait(lambda _: 'last' in box.ran('fine'), '`exec fine last` to run')
    same(box.ran('evil'), [])


def select_menu(box, shell):
    start = shell.mark()
    shell.send('select x in 1; do fine a; break; done\r')
    shell.see({'bash': '#? ', 'zsh': '?# '}[shell.name], start)
    shell.send('1\r')
    shell.done()
    refuse_line(shell, 'select x in 1; do evil a; break; done\r')
    shell.done()
    same(markers_of(box), ['a'], shell.screen())
    same(box.ran('evil'), [], shell.screen())


def redirect_only(box, shell):
    rc = os.path.join(box.home, '.profile')
    with open(rc, 'w') as file: file.write('kept\n')
    line = {'bash': '>', 'zsh': '</dev/null >', 'fish': 'echo >'}[shell.name]  # zsh's `>f` alone copies from the terminal (NULLCMD)
    shell.answer(line + ' ~/.profile', 'n', 'no')
    with open(rc) as file: same(file.read(), 'kept\n')
    shell.line(line + ' made')
    check(os.path.exists(os.path.join(box.home, 'work', 'made')), shell.screen())


def paste_while_asked(box, shell):
    # The bytes of a paste begin with an escape: no yes, though a `y` is among them.
    shell.answer('askme please', '\x1b[200~y\x1b[201~', 'no')
    same(box.ran('askme'), [], shell.screen())
    shell.line('fine after')
    check('after' in markers_of(box))


def bytes_no_text(box, shell):
    shell.send(b'fine "a\xff\xfeb"\r')
    shell.done()
    same(len(markers_of(box)), 1, shell.screen())
    refuse_line(shell, b'evil "a\xff\xfeb"\r')
    shell.done()
    same(box.ran('evil'), [], shell.screen())


def carriage_return(box, shell):
    # A raw \r in the message would let the command overwrite what is said about it.
    keys = b"evil 'a\x16\rfine'\r" if shell.name != 'fish' else b"evil 'a\xc2\x85fine'\r"
    start = refuse_line(shell, keys)
    message = shell.text[start:].rsplit('cmdai: ', 1)[1].split('rule test.evil')[0]
    check(not re.search(r'\r(?![\r\n])', message) and '\x85' not in message, repr(message))
    shell.done()
    same(box.ran('evil'), [])


def large_paste(count):
    def test(box, shell):
        for name in ('fine', 'evil'):
            rows = ['true'] * count
            rows[count // 2] = name + ' a'
            start = shell.mark()
            shell.send('\x1b[200~' + '\n'.join(rows) + '\x1b[201~')
            shell.send('\r')
            if name == 'evil':
                shell.refused('rule test.evil', start)
                clear(shell)
            shell.done()
        same(markers_of(box), ['a'], 'the harmless twin')
        same(box.ran('evil'), [])
    return test


def resize(box, shell):
    for rows, columns in ((10, 30), (60, 200)):
        fcntl.ioctl(shell.fd, termios.TIOCSWINSZ, struct.pack('HHHH', rows, columns, 0, 0))
        shell.line(f'fine {rows}')
        start = shell.mark()
        shell.send(f'evil {rows}\r')
        shell.see('test.evil', start)
        shell.refused('test.evil', start)
        shell.done()
    same(markers_of(box), ['10', '60'])
    same(box.ran('evil'), [])


def sessions(box):
    return set(re.findall(r'"id":"((?:bash|zsh|fish)-[^"]+)"', box.cmdai('status', '--json').stdout))


def inside(box, shell, line):
    """A shell in the shell, opened by a line: guarded, with a session of its own; and the outer one after it."""
    shell.line('fine outer')
    start = shell.mark()
    shell.send(line + '\r')
    shell.wait(lambda t: '@@ ' in plain(t[start:]).replace(line, '', 1), 'the inner prompt')
    while shell.pump(0.3): pass
    shell.done()
    same(len(sessions(box)), 2, box.cmdai('status').stdout)
    refuse_line(shell, 'evil inner\r')
    shell.line('fine inner')
    shell.send('exit\r')
    while shell.pump(0.5): pass
    refuse_line(shell, 'evil outer\r')
    shell.line('fine again')
    same(markers_of(box), ['outer', 'inner', 'again'], shell.screen())
    same(box.ran('evil'), [], shell.screen())


def nested(box, shell):
    inside(box, shell, shell.name)


def far_login(box, shell):
    # What sshd starts: a clean environment and a login shell. No sshd here: this is its part that the hook can see.
    login = {'bash': 'bash --login -i', 'zsh': 'zsh -l -i', 'fish': 'fish -l -i'}[shell.name]
    with open(os.path.join(box.home, '.bash_profile'), 'w') as file: file.write(f'PATH={box.env["PATH"]}; . ~/.bashrc\n')
    keep = ' '.join(f"{name}='{box.env[name]}'" for name in ('HOME', 'PATH', 'TERM', 'LANG', 'CMDAI_SOCKET', 'TMPDIR'))
    program(box, 'far-login', f'#!/bin/sh\nexec env -i {keep} SSH_CONNECTION="::1 1 ::1 22" {login}\n')
    inside(box, shell, 'far-login')


def in_tmux(box, shell):
    if not shutil.which('tmux'): raise Skip('no tmux here')
    shell.line('fine outer')
    start = shell.mark()
    shell.send(f'tmux -f /dev/null -S {box.root}/t new-session {shell.name}\r')
    shell.wait(lambda t: t[start:].count('@@ ') >= 1 and '[0] ' in plain(t[start:]), 'tmux')
    try:
        while shell.pump(0.3): pass
        shell.done()
        shell.send('evil inner\r')
        shell.see('rule test.evil', start)
        while shell.pump(0.3): pass
        shell.send('\x15')
        shell.send('fine inner\r')
        shell.wait(lambda _: 'inner' in box.ran('fine'), '`fine inner` to run in tmux')
        same(len(sessions(box)), 2, box.cmdai('status').stdout)
    finally:
        subprocess.run(['tmux', '-S', f'{box.root}/t', 'kill-server'], capture_output=True, timeout=DEADLINE)
    same(markers_of(box), ['outer', 'inner'])
    same(box.ran('evil'), [])


def no_terminal(box, shell):
    """Commands from a pipe to a shell that was told to be interactive."""
    for name in ('fine', 'evil'):
        done = subprocess.run([shutil.which(shell.name), '-i'], input=f'{name} a\nfine after-{name}\n', env=box.env, cwd=box.home + '/work',
                              capture_output=True, text=True, timeout=DEADLINE, start_new_session=True)
        check('after-fine' in box.ran('fine'), done.stderr)
    same([row for row in markers_of(box) if row == 'a'], ['a'])
    same(box.ran('evil'), [], done.stderr)
    check('rule test.evil' in done.stderr, done.stderr)


def editor(keys, **more):
    """The editor replaces the text; what it leaves is edited further, judged at Enter."""
    def test_of(shell_name):
        def test(box):
            for name in ('fine', 'evil'):
                program(box, 'edit-it', f'#!/bin/sh\necho "{name} edited" >"$1"\necho x >>{box.root}/edits\n')
                shell = Shell(box, shell_name, env={'EDITOR': 'edit-it', 'VISUAL': 'edit-it'}, **more)
                edits = os.path.join(box.root, 'edits')
                count = lambda: os.path.getsize(edits) if os.path.exists(edits) else 0
                try:
                    shell.line('fine ready')
                    before, start = count(), shell.mark()
                    shell.send(keys)
                    shell.wait(lambda _: count() > before, 'the editor')
                    shell.see(f'{name} edited', start)
                    while shell.pump(0.2): pass
                    shell.send('\r')
                    if name == 'evil': shell.refused('rule test.evil', start)
                    if more: shell.send('')
                    shell.done()
                finally:
                    shell.close()
            same([row for row in markers_of(box) if row == 'edited'], ['edited'])
            same(box.ran('evil'), [])
        return test
    return test_of


def trapped_loop(keys):
    def test(box, shell):
        for row in keys: shell.send(row.replace('PROGRAM', 'fine') + '\r')
        shell.done()
        start = shell.mark()
        for row in keys: shell.send(row.replace('PROGRAM', 'evil') + '\r')
        shell.refused('rule test.evil', start)  # Ctrl-C is the user's here: it may do nothing
        clear(shell)
        shell.done()
        same(markers_of(box), ['a'], shell.screen())
        same(box.ran('evil'), [], shell.screen())
    return test


def common(shell_name):
    tests = [shape(name, shell_name, keys, runs) for name, keys, runs in (FISH if shell_name == 'fish' else POSIX)]

    def add(name, function, **more):
        def test(box):
            shell = Shell(box, shell_name, **more)
            try: function(box, shell)
            finally: shell.close()
        tests.append((f'{shell_name}: {name}', test))

    add('one check a line, whatever runs before the prompt', one_check_a_line, rc=PROMPT_HOOK[shell_name])
    add('a paste of several statements is judged once', paste_is_judged_once)
    add('a loop costs one check', loops_are_free)
    add('two shells at once: no verdict is crossed', two_shells)
    add('jobs, kill and wait', jobs)
    add('exec', exec_line)
    add('a redirection alone', redirect_only)
    add('a paste that comes while it asks is no answer', paste_while_asked)
    add('bytes that are no text', bytes_no_text)
    add('a carriage return is shown, not sent', carriage_return)
    # fish alone, without a hook, takes over 40 s for 2000 lines; bash forks for each statement of a paste.
    add('a paste of many lines', large_paste({'bash': 2000, 'zsh': 10000, 'fish': 500}[shell_name]))
    add('a terminal that changes its size', resize)
    add('a shell in the shell has a session of its own', nested)
    add('a login shell with a clean environment, as over ssh', far_login)
    add('in tmux', in_tmux)
    if shell_name != 'fish': add('select', select_menu)
    # fish -i reads a pipe as a script: nothing is bound there
    if shell_name != 'fish': add('no terminal: commands from a pipe', no_terminal)
    prompt = r"function fish_prompt; printf 'one\ntwo\n@@ '; end" if shell_name == 'fish' else r"PS1=$'one\ntwo\n@@ '"
    add('a prompt of several lines', several_lines, rc=prompt)
    keys = list(LOOP.get(shell_name, POSIX_LOOP))
    for trap in INT_TRAPS[shell_name]:
        tests.append(shape_in(f'INT trapped ({trap})', shell_name, ['PROGRAM a'], 1, after=trap))
        add(f'INT trapped ({trap}), in a loop', trapped_loop(keys), after=trap)
    return tests


def several_lines(box, shell):
    refuse_line(shell, 'evil a\r')
    shell.line('fine a')
    same(markers_of(box), ['a'])
    same(box.ran('evil'), [])
