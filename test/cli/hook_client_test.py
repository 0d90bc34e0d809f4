#!/usr/bin/python3
"""cmdai-hook against daemons good and bad. usage: hook_client_test.py CMDAI CMDAI_HOOK [TEST...]"""
import os, pty, select, socket, subprocess, sys, threading, time

HOOK = os.path.abspath(sys.argv.pop(2))
from support import *

FIELDS = ['shell=bash', 'cwd=/home/u/p', 'home=/home/u', 'session=s', 'pid=1']


def hook(box, *words, stdin=b'', env=None):
    # A session of its own: no controlling terminal, so that nothing is asked.
    return subprocess.run([HOOK, *words], env=box.env | (env or {}), cwd=box.project, input=stdin, capture_output=True, timeout=DEADLINE,
                          start_new_session=True)


def ask(box, command, *more, **rest):
    return hook(box, 'check', *more, *FIELDS, 'cmd=' + command, **rest)


class Fake:
    """A daemon that answers every connection with the same pieces of bytes, then keeps it open or closes it."""

    def __init__(self, box, pieces, close=True, mode=0o600):
        self.pieces, self.close_after, self.asked, self.kept = pieces, close, [], []
        self.socket = socket.socket(socket.AF_UNIX)
        self.socket.bind(box.env['CMDAI_SOCKET'])
        os.chmod(box.env['CMDAI_SOCKET'], mode)
        self.socket.listen(5)
        threading.Thread(target=self.serve, daemon=True).start()

    def serve(self):
        while True:
            try: one, _ = self.socket.accept()
            except OSError: return
            self.asked.append(one.recv(1 << 20))
            try:
                for piece in self.pieces: one.sendall(piece)
            except OSError: pass
            if self.close_after: one.close()
            else: self.kept.append(one)

    def __enter__(self): return self

    def __exit__(self, *_):
        self.socket.close()
        for one in self.kept: one.close()


def verdict(**fields):
    body = b''.join(f'{k}={v}'.encode() + b'\0' for k, v in fields.items())
    return f'cmdai/1 verdict {len(body)}\n'.encode() + body


def test_a_real_daemon_answers(box):
    box.run('start')
    r = ask(box, 'ls')
    same((r.returncode, r.stdout, r.stderr), (0, b'', b''))
    r = ask(box, 'rm -rf ~')
    same((r.returncode, r.stdout), (1, b''))
    holds(r.stderr.decode(), 'blocked', 'rule fs.delete-home', 'cmdai allow ')


def test_what_is_to_be_said_later(box):
    box.run('start')
    r = ask(box, 'rm -rf ~', '--later')
    same((r.returncode, r.stderr), (1, b''))
    head, text = r.stdout.decode().split('\n\n', 1)
    check(head.startswith('id='), head)
    holds(text, 'blocked', 'rule fs.delete-home')


def test_a_question_without_a_terminal_is_a_no(box):
    box.run('start')
    r = ask(box, 'git push --force')
    same(r.returncode, 1, r)
    holds(r.stderr.decode(), 'please confirm', 'cmdai allow ')
    same(hook(box, 'confirm', 'id=x').returncode, 1)


def test_values_are_asked_for(box):
    box.run('start')
    r = ask(box, 'rm -rf "$NOWHERE"/*', 'vars=1')
    same((r.returncode, r.stdout), (4, b'need=NOWHERE\n'))
    same(ask(box, 'rm -rf "$NOWHERE"/*', 'vars=1', 'unset=NOWHERE').returncode, 1)
    same(ask(box, 'rm -rf "$NOWHERE"/*', 'vars=1', 'var.NOWHERE=/home/u/p/build').returncode, 0)


def test_a_beginning_is_no_command(box):
    box.run('start')
    same(ask(box, 'for i in 1; do', 'partial=1').returncode, 5)
    same(ask(box, 'for i in ~; do rm -rf $i', 'partial=1').returncode, 1)


def test_the_daemon_is_started_on_demand(box):
    r = ask(box, 'rm -rf ~', '--cmdai', CMDAI)
    same((r.returncode, r.stdout), (1, b''))
    check('note' not in r.stderr.decode(), r.stderr)
    holds(box.run('status').out, 'cmdaid')


def test_nobody_at_all(box):
    r = ask(box, 'rm -rf ~')
    same((r.returncode, r.stdout), (0, b'note=1\n'))
    holds(r.stderr.decode(), 'NOT GUARDED', 'cmdai doctor')
    r = ask(box, 'rm -rf ~', 'told=1')
    same((r.returncode, r.stdout, r.stderr), (0, b'note=1\n', b''))
    r = ask(box, 'ls', '--unavailable', 'block')
    same(r.returncode, 1)
    holds(r.stderr.decode(), 'blocked', 'on_unavailable')


def test_a_relay_that_cannot_be_run(box):
    for program in ('/nonexistent', '/bin/false', '/bin/cat', '/usr/bin/yes'):
        r = ask(box, 'ls', '--unavailable', 'block', '--cmdai', program)
        same(r.returncode, 1, f'{program}: {r}')


def test_daemons_that_talk_nonsense(box):
    for name, pieces in {'garbage': [b'HTTP/1.1 200 OK\r\n\r\n'], 'nothing': [], 'half a header': [b'cmdai/1 verd'],
                         'half a body': [verdict(id='1', action='allow')[:-4]], 'huge': [b'cmdai/1 verdict 99999999999\n'],
                         'negative': [b'cmdai/1 verdict -1\nid=1\0action=allow\0'], 'another type': [b'cmdai/1 ok 0\n'],
                         'no action': [verdict(id='1')], 'no id': [verdict(action='allow')], 'a long type': [b'cmdai/1 ' + b'v' * 50 + b' 0\n'],
                         'an error': [b'cmdai/1 error 20\ncode=busy\0text=no way\0'], 'endless': [b'x' * 1000000]}.items():
        with Fake(box, pieces):
            r = ask(box, 'ls', '--unavailable', 'block')
            same(r.returncode, 1, f'{name}: {r}')
            holds(r.stderr.decode(), 'on_unavailable')
        os.unlink(box.env['CMDAI_SOCKET'])


def test_a_silent_daemon_is_given_up(box):
    with Fake(box, [], close=False):
        r = ask(box, 'rm -rf ~', '--cmdai', CMDAI)
        same((r.returncode, r.stdout), (1, b'note=1\n'))
        holds(r.stderr.decode(), 'rule fs.delete-home', 'judged without it')


def test_an_answer_in_pieces(box):
    data = verdict(id='7', action='block', text='one\ntwo\n', reason='because')
    with Fake(box, [data[i:i + 1] for i in range(len(data))]):
        r = ask(box, 'ls')
        same((r.returncode, r.stderr), (1, b'one\ntwo\n'))


def test_the_largest_answer(box):
    text = 'x' * 200000
    with Fake(box, [verdict(id='7', action='block', text=text)]):
        r = ask(box, 'ls')
        same((r.returncode, len(r.stderr)), (1, 200000))


def test_an_unknown_action_is_not_a_yes(box):
    with Fake(box, [verdict(id='7', action='perhaps', text='?')]):
        same(ask(box, 'ls').returncode, 1)


def test_others_may_use_the_socket(box):
    with Fake(box, [verdict(id='7', action='allow')], mode=0o666) as fake:
        r = ask(box, 'ls', '--unavailable', 'block')
        same(r.returncode, 1)
        same(fake.asked, [], 'something was said to it')
    os.unlink(box.env['CMDAI_SOCKET'])
    os.chmod(os.path.dirname(box.env['CMDAI_SOCKET']), 0o755)
    with Fake(box, [verdict(id='7', action='allow')]) as fake:
        same(ask(box, 'ls', '--unavailable', 'block').returncode, 1)
        same(fake.asked, [])


def test_a_link_instead_of_the_directory(box):
    real = os.path.dirname(box.env['CMDAI_SOCKET'])
    link = os.path.join(box.root, 'link')
    os.symlink(real, link)
    with Fake(box, [verdict(id='7', action='allow')]) as fake:
        r = ask(box, 'ls', '--unavailable', 'block', env={'CMDAI_SOCKET': os.path.join(link, 'd.sock')})
        same((r.returncode, fake.asked), (1, []))


def test_the_places_of_the_socket(box):
    """The same as the daemon's own: what `cmdai start` listens on, the client finds."""
    for name in ('XDG_RUNTIME_DIR', 'TMPDIR'):
        folder = os.path.join(box.root, name)
        os.mkdir(folder, 0o700)
        env = {'CMDAI_SOCKET': '', 'XDG_RUNTIME_DIR': '', 'TMPDIR': '', name: folder}
        check(box.run('start', env=env).status == 0)
        try:
            r = ask(box, 'rm -rf ~', env=env)
            same(r.returncode, 1, f'{name}: {r}')
        finally:
            box.run('stop', env=env)


def test_the_command_on_standard_input(box):
    box.run('start')
    same(hook(box, 'check', '--stdin', *FIELDS, stdin=b'rm -rf ~\n').returncode, 1)
    with Fake(Elsewhere(box), [verdict(id='7', action='allow')]) as fake:
        hook(box, 'check', '--stdin', 'shell=bash', stdin=b'echo a\0b\n', env=Elsewhere(box).env)
        holds(fake.asked[0].decode(), 'cmd=echo ab\0shell=bash\0')  # no NUL may split a field


class Elsewhere:
    def __init__(self, box):
        folder = os.path.join(box.root, 'elsewhere')
        os.makedirs(folder, mode=0o700, exist_ok=True)
        self.env = {'CMDAI_SOCKET': os.path.join(folder, 'd.sock')}


def test_ten_megabytes(box):
    r = hook(box, 'check', '--stdin', '--cmdai', CMDAI, *FIELDS, stdin=b'echo ' + b'x' * (10 << 20))
    same(r.returncode, 1, r.stderr[:2000])
    holds(r.stderr.decode(), 'rule core.too-long')
    same(box.run('log', '--verify').status, 0)
    holds(box.run('log', '-n', '0', '--json').out, 'core.too-long')


def test_bytes_that_are_no_text(box):
    box.run('start')
    r = hook(box, 'check', *FIELDS, b'cmd=rm -rf ~ \xff\xfe')
    same(r.returncode, 1, r)


def test_judged_without_a_daemon_is_recorded(box):
    os.chmod(os.path.dirname(box.env['CMDAI_SOCKET']), 0o755)
    r = ask(box, 'rm -rf ~', '--cmdai', CMDAI)
    same(r.returncode, 1, r)
    holds(box.run('log', '--json').out, '"fs.delete-home"', 'judged without the daemon')
    same(box.run('log', '--verify').status, 0)


def confirm(box, id, keys, env=None):
    """`cmdai-hook confirm` at a terminal, a key for each time it asks: (status, what it showed)."""
    pid, fd = pty.fork()
    if pid == 0:
        os.execve(HOOK, [HOOK, 'confirm', 'id=' + id], box.env | {'TERM': 'dumb'} | (env or {}))
    shown, left, end = '', list(keys), time.monotonic() + DEADLINE
    while time.monotonic() < end:
        if not select.select([fd], [], [], 0.1)[0]: continue
        try: data = os.read(fd, 65536)
        except OSError: break
        if not data: break
        shown += data.decode()
        if shown.endswith('] ') and left: os.write(fd, left.pop(0).encode())
    os.close(fd)
    return os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]), shown.replace('\r', '')


def asked(box, command):
    """The id of an open question about it."""
    return ask(box, command, '--later', 'tty=1').stdout.decode().split('\n')[0].removeprefix('id=')


def test_a_question_nobody_knows_more_about(box):
    same(confirm(box, 'x', 'y'), (0, '  run it? [y/N] yes\n'))
    same(confirm(box, 'x', 'ean'), (1, '  run it? [y/N] explain\n  cmdai has nothing more to say: its daemon does not answer\n'
                                        '  run it? [y/N] always\n  not always: the daemon knows nothing of this question\n  run it? [y/N] no\n'))
    box.run('start')
    same(confirm(box, 'x', 'n'), (1, '  run it? [y/N] no\n'))
    with Fake(Elsewhere(box), [b'nonsense']): same(confirm(box, 'x', 'n', env=Elsewhere(box).env), (1, '  run it? [y/N] no\n'))


def test_always_is_on_the_disk_for_this_text_and_folder(box):
    box.run('start')
    status, shown = confirm(box, asked(box, 'git push --force'), 'e?a')
    same(status, 0, shown)
    holds(shown, 'y run it once, N or Enter do not, e explain it, a always, in this folder\n  run it? [y/N/e/a] explain\ngit push --force\n', 'effects:', '[y/N/e/a] ?', '[y/N/e/a] always\n')
    box.run('stop')
    same(ask(box, 'git push --force', '--cmdai', CMDAI).returncode, 0)
    same(ask(box, 'git push --force', 'cwd=/home/u/p').returncode, 0)
    for cwd in ('/home/u/p/q', '/home/u', '/'):
        r = hook(box, 'check', 'shell=bash', 'cwd=' + cwd, 'home=/home/u', 'cmd=git push --force')
        same(r.returncode, 1, f'{cwd}: {r}')


def test_every_other_key_is_a_no(box):
    box.run('start')
    for key in ('\r', '\n', '\x03', '\x1c', '\x04', '\x1b', ' ', 'n', 'N', 'j', '1', '\x1f'):
        same(confirm(box, asked(box, 'git push --force'), key)[0], 1, repr(key))
    same(confirm(box, asked(box, 'git push --force'), '', env={'CMDAI_ASK_SECONDS': '1'})[1].rsplit('] ', 1)[1], 'no answer: not run\n')


def test_the_look_of_a_text(box):
    box.run('start')
    shown = ask(box, 'ls; rm -rf ~', env={'CMDAI_PLAIN': '1'}).stderr.decode()
    holds(shown, 'at character 12: ~')
    check('^' not in shown, shown)
    holds(ask(box, 'ls; rm -rf ~', env={'TERM': 'dumb'}).stderr.decode(), 'at character 12: ~')
    holds(ask(box, 'ls; rm -rf ~', env={'TERM': 'xterm'}).stderr.decode(), ' ^\n')
    same(len(ask(box, 'eval "$X"').stderr.decode().splitlines()), 1)


def test_wrong_usage(box):
    for words in ([], ['check'], ['check', '--what'], ['check', 'cmd'], ['confirm'], ['frobnicate'], ['send'], ['check', 'cmd=ls', *['a=b'] * 600]):
        r = hook(box, *words)
        same(r.returncode, 2, f'{words}: {r}')
        holds(r.stderr.decode(), 'cmdai-hook: ', 'hint: ')


def test_it_is_small_and_needs_no_library(box):
    size = os.path.getsize(HOOK)
    check(size < 100 * 1024, f'{size} bytes')
    with open(HOOK, 'rb') as file: data = file.read()
    check(b'/lib64/ld-linux' not in data and b'/lib/ld-musl' not in data, 'it is linked dynamically')


main()
