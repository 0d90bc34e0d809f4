"""Shapes of command lines that every shell must stop, and their harmless twins that must run exactly once.

A shape holds PROGRAM where `evil` or `fine` is put. `keys` are what is typed; lines of it are sent one by one, each with
Enter. The twin must run the stub `runs` times.
"""
import functools, http.server, json, threading
from terminal import *

# name, keys, how often the twin runs
POSIX = [
    ('simple', ['PROGRAM a b'], 1),
    ('pipeline', ['echo x | PROGRAM a'], 1),
    ('list', ['true && PROGRAM a; true'], 1),
    ('subshell', ['( PROGRAM a )'], 1),
    ('group', ['{ PROGRAM a; }'], 1),
    ('function defined and called', ['f() { PROGRAM a; }; f'], 1),
    ('for', ['for i in 1 2; do PROGRAM $i; done'], 2),
    ('if condition', ['if PROGRAM a; then true; fi'], 1),
    ('while condition', ['while PROGRAM a; do break; done'], 1),
    ('case', ['case x in x) PROGRAM a;; esac'], 1),
    ('test with a substitution', ['[[ -z $(PROGRAM a) ]]'], 1),
    ('assignment', ['x=$(PROGRAM a)'], 1),
    ('default value', ['echo ${nothing:-$(PROGRAM a)}'], 1),
    ('process substitution', ['cat <(PROGRAM a)'], 1),
    ('time', ['time PROGRAM a'], 1),
    ('negation', ['! PROGRAM a'], 1),
    ('background', ['PROGRAM a & wait'], 1),
    ('loop over three lines', ['for i in 1', 'do PROGRAM a', 'done'], 1),
    ('open quote', ['PROGRAM "a', 'b"'], 2),  # the stub's argument has two lines
    ('backslash-newline in the name', [('PRO\\', 'GRAM a')], 1),
    ('here-document body', ['cat <<E', '$(PROGRAM a)', 'E'], 1),
    ('quoted name', ["'PROGRAM' a"], 1),
    ('command builtin', ['command PROGRAM a'], 1),
    ('eval', ["eval 'PROGRAM a'"], 1),
    ('sh -c', ["sh -c 'PROGRAM a'"], 1),
    ('variable name', ['p=PROGRAM; $p a'], 1),
    ('leading space', [' PROGRAM a'], 1),
    ('env wrapper', ['env A=1 PROGRAM a'], 1),
]

FISH = [
    ('simple', ['PROGRAM a b'], 1),
    ('pipeline', ['echo x | PROGRAM a'], 1),
    ('and', ['true; and PROGRAM a'], 1),
    ('begin', ['begin; PROGRAM a; end'], 1),
    ('function defined and called', ['function f; PROGRAM a; end; f'], 1),
    ('for', ['for i in 1 2; PROGRAM $i; end'], 2),
    ('if condition', ['if PROGRAM a; true; end'], 1),
    ('while condition', ['while PROGRAM a; break; end'], 1),
    ('switch', ['switch x; case x; PROGRAM a; end'], 1),
    ('substitution', ['echo (PROGRAM a)'], 1),
    ('set', ['set x (PROGRAM a)'], 1),
    ('not', ['not PROGRAM a'], 1),
    ('background', ['PROGRAM a & ; wait'], 1),
    ('block over three lines', ['for i in 1', 'PROGRAM a', 'end'], 1),
    ('open quote', ['PROGRAM "a', 'b"'], 2),
    ('backslash-newline in the name', [('PRO\\', 'GRAM a')], 1),
    ('quoted name', ["'PROGRAM' a"], 1),
    ('command builtin', ['command PROGRAM a'], 1),
    ('eval', ["eval 'PROGRAM a'"], 1),
    ('sh -c', ["sh -c 'PROGRAM a'"], 1),
    ('variable name', ['set p PROGRAM; $p a'], 1),
    ('leading space', [' PROGRAM a'], 1),
]


def type_keys(shell, keys, program):
    half = len(program) // 2
    for row in keys:
        if isinstance(row, tuple):  # a name split over two lines
            first, second = row
            shell.send(first.replace('PRO', program[:half]) + '\r')
            shell.send(second.replace('GRAM', program[half:]) + '\r')
        else:
            shell.send(row.replace('PROGRAM', program) + '\r')


def shape(name, shell_name, keys, runs):
    def test(box):
        shell = Shell(box, shell_name)
        try:
            type_keys(shell, keys, 'fine')
            shell.done()
            same(len(markers_of(box)), runs, f'the harmless twin\n{shell.screen()}')
            start = shell.mark()
            type_keys(shell, keys, 'evil')
            shell.refused('rule test.evil', start, len(keys) + sum(isinstance(row, tuple) for row in keys))
            shell.done()
            same(box.ran('evil'), [], shell.screen())
        finally:
            shell.close()
    return f'{shell_name}: {name}', test


def common(shell_name):
    """What holds in every shell, whatever its grammar."""
    def with_shell(name, function, **more):
        def test(box):
            shell = Shell(box, shell_name, **more)
            try: function(box, shell)
            finally: shell.close()
        return f'{shell_name}: {name}', test

    def home(box, shell):
        shown = shell.line('rm -rf ~')
        check('blocked: this deletes a whole home directory' in shown, shown)
        check(os.path.exists(os.path.join(box.home, 'precious')), 'the home is gone')

    def harmless(box, shell):
        shown = shell.line('rm -rf build/')
        check('cmdai' not in shown, shown)
        shown = shell.line('echo "rm -rf ~"')
        check('cmdai' not in shown, shown)
        check('rm -rf ~' in shown, shown)

    def once(box, shell):
        shell.line('fine first')
        shell.line('fine second')
        same(markers_of(box), ['first', 'second'], shell.screen())

    def yes(box, shell):
        shell.answer('askme please', 'y', 'yes')
        same(box.ran('askme'), ['please'], shell.screen())

    def no_by(key):
        def test(box, shell):
            shell.answer('askme please', key, 'no')
            same(box.ran('askme'), [], shell.screen())
        return test

    def typed_before_the_question(box, shell):
        # A `y` that was typed before the question stood there is no answer to it.
        start = shell.mark()
        shell.send('sleep 0.5; askme please\ry')
        shell.decide('n', 'no', start)
        shell.send('\x15')
        shell.done()
        same(box.ran('askme'), [], shell.screen())

    def warned(box, shell):
        shown = shell.line('warned a')
        same(shown.count('cmdai: warning: this one is warned of (test.warned)\n'), 1, shown)
        same(shown.count('cmdai'), 1, shown)  # one line, and nothing else
        check('It is there' not in shown and '^' not in shown, shown)
        same(box.ran('warned'), ['a'])

    def explained(box, shell):
        # The id of the question is not taken for a word of the line.
        start = shell.mark()
        shell.send('askme id=5\r')
        here = shell.decide('e', 'explain', start)
        shell.see('not a program that cmdai can describe', here)
        shell.decide('y', 'yes', here)
        shell.done()
        same(box.ran('askme'), ['id=5'], shell.screen())
        start = shell.mark()
        shell.send('askme again\r')
        here = shell.decide('e', 'explain', start)
        here = shell.decide('?', '?', here)
        shell.see('y run it once', here)
        here = shell.decide('n', 'no', here)
        shell.refused('no', here)
        shell.done()
        same(box.ran('askme'), ['id=5'], shell.screen())

    def legend_once(box, shell):
        first = shell.answer('askme one', 'n', 'no')
        check('y run it once, N or Enter do not, e explain it, a always, in this folder' in first, first)
        second = shell.answer('askme two', 'n', 'no')
        check('y run it once' not in second, second)

    def always(box, shell):
        shell.answer('askme please', 'a', 'always')
        same(box.ran('askme'), ['please'], shell.screen())
        shown = shell.line('askme please')
        check('cmdai' not in shown, shown)
        same(box.ran('askme'), ['please', 'please'], shell.screen())
        # Another text, and another folder, a folder below this one, too.
        shell.answer('askme twice', 'n', 'no')
        os.mkdir(os.path.join(box.home, 'work/below'))
        shell.line('cd below')
        shell.answer('askme please', 'n', 'no')
        same(len(box.ran('askme')), 2, shell.screen())
        listed = box.cmdai('allow', '--list').stdout
        check('askme please' in listed and listed.rstrip().endswith('(always, said at the question)'), listed)
        log = box.cmdai('log', '--json', '-n', '0').stdout
        check('"type":"answer"' in log and '"text":"always"' in log, log)
        check(box.cmdai('log', '--verify').returncode == 0, 'the chain does not verify')

    def never_always(box, shell):
        # A core rule: `a` is not offered, and pressed all the same it says why and asks again.
        start = shell.mark()
        shell.send('cmdai stop\r')
        shell.see('[y/N/e]', start)
        here = shell.decide('a', 'always', start)
        shell.see('not always: rule self.disable cannot be lifted for good', here)
        here = shell.decide('n', 'no', here)
        shell.refused('no', here)
        shell.done()
        check(not os.path.exists(os.path.join(box.home, '.config/cmdai/allow.toml')), 'something was allowed')

    def nobody_answers(box, shell):
        start = shell.mark()
        shell.send('askme please\r')
        shell.see('[y/N', start)
        shell.refused('no answer: not run', start)
        shell.done()
        same(box.ran('askme'), [], shell.screen())
        log = box.cmdai('log', '--json', '-n', '0').stdout
        check('"text":"timeout"' in log, log)

    def plain_words(box, shell):
        start = shell.mark()
        shell.send('fine a; evil once\r')
        shell.refused('rule test.evil', start)
        shown = plain(shell.text[start:])
        check('at character 9: evil' in shown and '^^' not in shown, shown)
        check('to run it once all the same: cmdai allow' in shown, shown)
        shell.done()
        same(box.ran('evil'), [])

    def allow_code(box, shell):
        shown = shell.line('evil once')
        code = re.search(r'cmdai allow (\w+)', shown)
        check(code, shown)
        approver = Shell(box, shell_name)
        try: check('runs once' in (said := approver.line(f'{CMDAI} allow {code.group(1)}')) or 'once' in said, said)
        finally: approver.close()
        shell.line('evil once')
        same(box.ran('evil'), ['once'], shell.screen())
        shown = shell.line('evil once')
        check('rule test.evil' in shown, shown)
        same(box.ran('evil'), ['once'], 'a code is good for one run')

    def recorded(box, shell):
        shell.line('evil a')
        log = box.cmdai('log', '--json', '-n', '0').stdout
        check('"test.evil"' in log, log)
        check(f'"shell":"{shell_name}"' in log, log)
        check(box.cmdai('log', '--verify').returncode == 0, 'the chain does not verify')

    def doctor_knows(box, shell):
        shown = shell.line(f'{CMDAI} doctor')
        check('this session is guarded' in shown, shown)

    def daemon_absent(box, shell):
        box.cmdai('stop')
        shown = shell.line('evil a')
        check('rule test.evil' in shown, shown)
        check('note' not in shown, shown)  # it was started on demand: nothing to tell
        same(box.ran('evil'), [])

    def daemon_cannot_start(box, shell):
        box.cmdai('stop')
        os.chmod(os.path.dirname(box.env['CMDAI_SOCKET']), 0o777)  # nobody trusts such a socket
        try:
            shown = shell.line('evil a')
            check('rule test.evil' in shown, shown)
            check('judged without it' in shown, shown)
            shown = shell.line('evil b')
            check('rule test.evil' in shown, shown)
            check('judged without it' not in shown, 'said once')
            same(box.ran('evil'), [])
        finally:
            os.chmod(os.path.dirname(box.env['CMDAI_SOCKET']), 0o700)

    def daemon_hung(box, shell):
        shell.line('fine a')
        pid = int(re.search(r'"pid":"?(\d+)', box.cmdai('status', '--json').stdout).group(1))
        os.kill(pid, signal.SIGSTOP)
        try:
            shown = shell.line('evil a')
            check('rule test.evil' in shown, shown)
            same(box.ran('evil'), [])
        finally:
            os.kill(pid, signal.SIGCONT)

    def interrupted(box, shell):
        # Ctrl-C while Enter waits for a verdict, at many moments: the shell lives, with the commands it had. The early ones run
        # no program: bash 5.2, with or without a hook, may end when Ctrl-C meets the handing over of the terminal to one.
        shell.line('fine first')
        pid = int(re.search(r'"pid":"?(\d+)', box.cmdai('status', '--json').stdout).group(1))
        for delay in range(30):
            start = shell.mark()
            shell.send(f': early{delay}')  # Ctrl-C takes away what the shell has not read yet
            shell.see(f'early{delay}', start)
            shell.send('\r')
            time.sleep(delay / 5000)
            shell.send('\x03')
            while shell.pump(0.1): pass
            shell.send('\x15')  # fish leaves the line there
        shell.line('fine between')
        os.kill(pid, signal.SIGSTOP)
        try:
            start = shell.mark()
            shell.send('fine late')
            shell.see('late', start)
            shell.send('\r')
            time.sleep(0.03)
            shell.send('\x03')
            while shell.pump(0.2): pass
        finally:
            os.kill(pid, signal.SIGCONT)
        shell.send('\x15')
        shell.line('fine after')
        ran = markers_of(box)
        check('between' in ran and ran[-1] == 'after', f'{ran}\n{shell.screen()}')
        check(len(ran) == len(set(ran)), ran)

    def escapes(box, shell):
        # A control character in the line must not reach the terminal through the explanation.
        start = shell.mark()
        shell.send(b"evil 'a\x16\x1b]0;title\x16\x07'\r" if shell_name != 'fish' else b"evil 'a\xc2\x9b31mred'\r")
        shell.refused('rule test.evil', start)
        message = shell.text[start:].rsplit('cmdai: ', 1)[1].split('rule test.evil')[0]
        check('\x1b]0' not in message and '\x9b31' not in message, repr(message))
        check('evil' in message, repr(message))
        shell.done()
        same(box.ran('evil'), [])

    def hostile(box, shell):
        # Pasted: ESC, BEL, a bidirectional override, an eight-bit control, a byte that is no UTF-8.
        start = shell.mark()
        shell.send(b"\x1b[200~evil 'a\x1b]0;title\x07b\xe2\x80\xaec\xc2\x9b31md\xffend'\x1b[201~")
        shell.see("end'", start)
        while shell.pump(0.2): pass
        enter = shell.mark()
        shell.send('\r')
        shell.refused('rule test.evil', enter)
        said = shell.text[enter:].split('rule test.evil')[0]
        # Before it the shell itself draws the line. bash leaves it to the hook to draw it once more.
        said = said[said.rindex('@@ ' if shell_name == 'bash' else 'cmdai: '):]
        for bad in ('\x1b]0', '\x07', '\u202e', '\x9b'): check(bad not in said, repr(said))
        check('evil' in said, repr(said))
        check('\ufffd' not in said[said.rindex('cmdai: '):], repr(said))
        shell.done()
        same(box.ran('evil'), [])

    def long_line(box, shell):
        shell.send('\x1b[200~' + 'evil ' + 'x' * 30000 + '\x1b[201~\r' if shell_name != 'fish' else 'evil ' + 'x' * 3000 + '\r')
        shell.refused('rule test.evil', 0)
        shell.done()
        same(box.ran('evil'), [])

    def syntax_error(box, shell):
        start = shell.mark()
        shell.send('echo )\r')
        shell.see({'bash': 'syntax error', 'zsh': 'parse error', 'fish': 'Unexpected'}[shell_name], start)
        while shell.pump(0.2): pass
        shell.send('\x15')  # fish leaves it for editing
        shell.line('fine after')
        check('after' in markers_of(box))

    def empty(box, shell):
        shell.line('fine a')
        before = checks(box)
        shell.send('\r\r   \r')
        shell.line('fine b')
        same(checks(box) - before, 2, 'one for `fine b`, one for the marker')

    def scripts(box, shell):
        # In the folder the shell stands in: what a file would run is judged before it runs.
        work = os.path.join(box.home, 'work')
        def write(name, text):
            with open(os.path.join(work, name), 'w') as file: file.write(text)
            os.chmod(os.path.join(work, name), 0o755)
        lines = ['sh ./s.sh', './s.sh', 'make -s it']
        if shell_name != 'fish': lines += ['source ./s.sh', '. ./s.sh', 'sh < s.sh']
        for program in ('fine', 'evil'):
            write('s.sh', f'#!/bin/sh\n# does it\n{program} a\n')
            write('Makefile', f'it:\n\t@sh ./s.sh\n')
            for line in lines:
                shown = shell.line(line)
                if program == 'evil': check('in ./s.sh:3' in shown or 'in s.sh:3' in shown, f'{line}\n{shown}')
        same(len(markers_of(box)), len(lines) if shutil.which('make') else len(lines) - 1, shell.screen())
        same(box.ran('evil'), [], shell.screen())
        # Changed after it was judged: it is judged again.
        write('s.sh', 'fine b\n')
        shell.line('./s.sh')
        same(markers_of(box)[-1], 'b')

    def remembered(box, shell):
        # What earlier lines set and downloaded counts. The server is on this machine; what it serves is a program nobody can read.
        served = os.path.join(box.root, 'served')
        os.mkdir(served)
        with open(os.path.join(served, 'tool'), 'wb') as file: file.write(b'\x7fELF\0\0')
        with open(os.path.join(served, 'evil.sh'), 'w') as file: file.write('evil a\n')
        with open(os.path.join(served, 'fine.sh'), 'w') as file: file.write('fine script\n')
        shell.line('set X evil' if shell_name == 'fish' else 'X=evil')
        shown = shell.line('$X a')
        check('rule test.evil' in shown, shown)
        if shell_name != 'fish':
            shell.line('gone() { "$1" a; }')
            shown = shell.line('gone evil')
            check('rule test.evil' in shown, shown)
            shell.line('gone fine')
        handler = functools.partial(http.server.SimpleHTTPRequestHandler, directory=served)
        handler.func.log_message = lambda *_: None
        with http.server.ThreadingHTTPServer(('127.0.0.1', 0), handler) as server:
            threading.Thread(target=server.serve_forever, daemon=True).start()
            address = f'http://127.0.0.1:{server.server_address[1]}'
            for name in ('tool', 'evil.sh', 'fine.sh'): shell.line(f'curl -s -o {name} {address}/{name}')
            server.shutdown()
        for name in ('tool', 'evil.sh', 'fine.sh'): check(os.path.exists(os.path.join(box.home, 'work', name)), f'{name} was not downloaded\n{shell.screen()}')
        shell.line('chmod +x tool')
        shown = shell.answer('./tool', 'n', 'no')
        # one for each marker, too
        check(re.search(r'downloaded \d+ commands ago from 127.0.0.1', ' '.join(shown.split())), shown)
        shown = shell.line('sh evil.sh')
        check('rule test.evil' in shown, shown)
        shown = shell.line('sh fine.sh')
        check('cmdai' not in shown, shown)
        check('script' in markers_of(box), shell.screen())
        same(box.ran('evil'), [], shell.screen())
        # Another session knows nothing of it.
        other = Shell(box, shell_name)
        try: check('downloaded' not in (shown := other.line('./tool')), shown)
        finally: other.close()

    def silent(box, shell):
        check('before-hook\nafter-hook' in shell.screen(), shell.screen())

    def rc_functions(box, shell):
        # Defined in the start-up file, seen when it is called; what it calls, too.
        for line in ('deploy now', 'nested', 'true; deploy'):
            shown = shell.line(line)
            check('rule test.evil' in shown, f'{line}\n{shown}')
        shown = shell.line('sweepup x ~')  # its arguments count
        check('blocked: this deletes a whole home directory' in shown, shown)
        shown = shell.line('sweepup x build')
        check('cmdai' not in shown, shown)
        shown = shell.line('greet')
        check('cmdai' not in shown, shown)
        shown = shell.line('echo deploy')
        check('cmdai' not in shown, shown)
        same(markers_of(box), ['greeted'], shell.screen())
        same(box.ran('evil'), [], shell.screen())

    def rc_function_variable(box, shell):
        os.makedirs(os.path.join(box.home, 'work/out'))
        open(os.path.join(box.home, 'work/out/x'), 'w').close()
        shown = shell.line('clean')
        check('blocked' in shown, shown)
        shell.line('set BUILD_DIR out' if shell_name == 'fish' else 'BUILD_DIR=out')
        shown = shell.line('clean')
        check('cmdai' not in shown, shown)
        check(not os.path.exists(os.path.join(box.home, 'work/out/x')), shown)

    def sessions(box):
        return json.loads(box.cmdai('status', '--json').stdout)['sessions']

    def proof_of_life(box, first):
        box.cmdai('start')
        shell = Shell(box, shell_name)
        try:
            mine = lambda: [s for s in sessions(box) if s['pid'] == str(shell.pid)]
            shell.wait(lambda _: mine(), 'the session to be known')  # before anything was typed
            told = mine()[0]
            same((told['shell'], told['level'], told['last_check'], told['finished']), (shell_name, 'line', '0', '0'))
            check(told['opened'] != '0' and told['version'][:1].isdigit() and told['transport'], told)
            check('no command yet' in box.cmdai('status').stdout, box.cmdai('status').stdout)
            shell.line('env STATUS=3 fine a')
            shell.line('evil b')
            shell.line('')
            log = [json.loads(row) for row in box.cmdai('log', '--json', '-n', '0').stdout.splitlines()]
            asked = next(e for e in log if e.get('command') == 'env STATUS=3 fine a')
            ended = [e for e in log if e['type'] == 'finished' and e['id'] == asked['id']]
            same([e['status'] for e in ended], [3])
            check(0 <= ended[0]['ms'] < 1000 * DEADLINE, ended)
            refused = next(e for e in log if e.get('command') == 'evil b')
            same([e for e in log if e['type'] == 'finished' and e['id'] == refused['id']], [], 'it never ran')
            check(int(mine()[0]['finished']) >= 2 and mine()[0]['last_check'] != '0', mine())
            shown = box.cmdai('doctor').stdout
            check(re.search(rf'session {shell_name} \S+ \(pid {shell.pid}\): level line, transport \w+; last check \d+ s ago, \d+ commands ended', shown), shown)
        finally:
            shell.close()
        first.wait(lambda _: not [s for s in sessions(box) if s['pid'] == str(shell.pid)], 'the session to be gone')

    def tampering(box, shell):
        shown = shell.answer({'bash': 'trap - DEBUG', 'zsh': "bindkey -r '^M'", 'fish': 'bind -e \\r'}[shell_name], 'n', 'no')
        check('rule self.disable' in shown, shown)
        start = shell.mark()
        shell.send('bash --norc\r')
        shell.see('(self.bare-shell)', start)
        shell.see('bash-', shell.mark() if 'bash-' not in plain(shell.text[start:]) else start)
        while shell.pump(0.2): pass
        shell.send('\x15exit\r')  # fish 4 asks the terminal this and that: an answer may have come into bash's line
        shell.done()
        shell.line('evil a')
        same(box.ran('evil'), [])
        log = [json.loads(row) for row in box.cmdai('log', '--json', '-n', '0').stdout.splitlines()]
        same([(e['rule'], e['text']) for e in log if e['type'] == 'tamper'], [('self.disable', 'ask'), ('self.bare-shell', 'warn')])

    posix_functions = 'deploy() { echo x; evil "$1"; }\nnested() { deploy y; }\ngreet() { fine greeted; }\nsweepup() { local where=$2; rm -rf "$where"; }\nclean() { rm -rf "$BUILD_DIR"/*; }'
    fish_functions = 'function deploy; echo x; evil $argv[1]; end\nfunction nested; deploy y; end\nfunction greet; fine greeted; end\nfunction sweepup --description "sweeps up" --argument-names what where; rm -rf $where; end\nfunction clean; rm -rf "$BUILD_DIR"/*; end'
    functions = {'fish': fish_functions, 'zsh': posix_functions + '\nsetopt rm_star_silent'}.get(shell_name, posix_functions)

    def policy_changes(box, shell):
        shell.line('evil a')
        with open(os.path.join(box.home, '.config/cmdai/config.toml'), 'w') as file: file.write('[rules]\n"test.evil" = "allow"\n')
        check(box.cmdai('reload').returncode == 0)
        shell.line('evil b')
        same(box.ran('evil'), ['b'], shell.screen())

    return [
        with_shell('rm -rf ~ is stopped, with a helpful message', home),
        with_shell('what is harmless stays silent', harmless),
        with_shell('an allowed command runs exactly once', once),
        with_shell('asked, y: it runs once', yes),
        with_shell('asked, n: it does not', no_by('n')),
        with_shell('asked, Enter: it does not', no_by('\r')),
        with_shell('asked, Ctrl-C: it does not', no_by('\x03')),
        with_shell('asked, arrow key: it does not', no_by('\x1b[A')),
        with_shell('what was typed before the question is no answer', typed_before_the_question),
        with_shell('warned: said in one line, and it runs', warned),
        with_shell('asked, e: explained, and asked again', explained),
        with_shell('what can be answered is said once', legend_once),
        with_shell('asked, a: this line here is not asked about again', always),
        with_shell('asked, a of a core rule: it says why not', never_always),
        with_shell('asked, and nobody answers', nobody_answers, env={'CMDAI_ASK_SECONDS': '1'}),
        with_shell('for a screen reader: places in words', plain_words, env={'CMDAI_PLAIN': '1'}),
        with_shell('a code lets exactly one run through', allow_code),
        with_shell('the decision is in the record', recorded),
        with_shell('doctor knows the session', doctor_knows),
        with_shell('no daemon: started on demand', daemon_absent),
        with_shell('no daemon to be had: judged in the client, said once', daemon_cannot_start),
        with_shell('a daemon that hangs costs time, not safety', daemon_hung),
        with_shell('Ctrl-C while Enter asks', interrupted),
        with_shell('a line of 30 KB', long_line),
        with_shell('control characters are shown, not sent', escapes),
        with_shell('a hostile paste is shown, not sent', hostile),
        with_shell('a function of the start-up file is judged when it is called', rc_functions, rc=functions),
        with_shell('a variable that decides within a function', rc_function_variable, rc=functions),
        with_shell('a session is known from its first prompt to its end', proof_of_life),
        with_shell('taking the hook away is asked about and recorded', tampering),
        with_shell('after a syntax error all is well', syntax_error),
        with_shell('a changed policy counts at once', policy_changes),
        with_shell('an empty Enter asks nobody', empty),
        with_shell('a script is read before it runs', scripts),
        with_shell('earlier lines of the session count', remembered),
        with_shell('the hook prints nothing when it is loaded', silent, rc='echo before-hook', after='echo after-hook'),
    ]


def checks(box):
    """How many checks the daemon has answered."""
    return int(re.search(r'"checks":"?(\d+)', box.cmdai('status', '--json').stdout).group(1))


def shape_in(name, shell_name, keys, runs, rc='', after='', env=None, arguments=()):
    """As shape(), with an rc file of its own; each program in a shell of its own. Bytes are sent as they are."""
    def test(box):
        for program in ('fine', 'evil'):
            fill = lambda text: text.replace('PROGRAM', program).replace('@CMDAI@', CMDAI).replace('@INIT@', init_of(shell_name))
            shell = Shell(box, shell_name, rc=fill(rc), after=fill(after), env=env, arguments=arguments)
            try:
                start = shell.mark()
                for row in keys:
                    if isinstance(row, dict) and 'prompts' in row:  # what is no line is typed into one that is being edited
                        shell.wait(lambda t: plain(t[start:]).count('@@ ') >= row['prompts'], 'the prompt')
                    elif isinstance(row, dict):
                        shell.wait(lambda t: plain(t[start:]).count(row['see']) >= row.get('times', 1), row['see'])
                    elif row == b'\x03': shell.interrupt()
                    elif isinstance(row, bytes): shell.send(row.replace(b'PROGRAM', program.encode()))
                    else: shell.send(row.replace('PROGRAM', program) + '\r')
                if program == 'evil':
                    shell.refused('rule test.evil', start, 1 if any(isinstance(row, bytes) for row in keys) else len(keys))
                shell.done()
                if program == 'fine': same(len(markers_of(box)), runs, f'the harmless twin\n{shell.screen()}')
                same(box.ran('evil'), [], shell.screen())
            finally:
                shell.close()
    return f'{shell_name}: {name}', test


def suite(shell_name, shapes):
    """The tests of one shell: (list, a shape with its own rc file, a decorator for a test with a shell of its own)."""
    tests = [shape(name, shell_name, keys, runs) for name, keys, runs in shapes] + common(shell_name)

    def with_rc(name, keys, runs=1, **more):
        tests.append(shape_in(name, shell_name, keys, runs, **more))

    def alone(name, **more):
        def wrap(function):
            def test(box):
                filled = {k: v.replace('@INIT@', init_of(shell_name)) if isinstance(v, str) else v for k, v in more.items()}
                shell = Shell(box, shell_name, **filled)
                try: function(box, shell)
                finally: shell.close()
            tests.append((f'{shell_name}: {name}', test))
            return test
        return wrap

    return tests, with_rc, alone


def names_of_the_hook(*files):
    """Names a person may use that the hook uses for variables of its own, too, or once did."""
    once = 'text typed word words name names line round out status reply number all how lost fields answer buffer body rc why'.split()
    text = ''.join(open(os.path.join(os.path.dirname(os.path.abspath(__file__)), '../../shell-hooks', file)).read() for file in files)
    declared = ' '.join(re.findall(r'^\s*(?:local|set -l|for)\b([^#\n]*)', text, re.M))
    theirs = {'status'} if files[0].endswith('zsh') else {'status', 'argv'} if files[0].endswith('fish') else set()  # the shell's own
    return sorted(set(once + re.findall(r'(?<![\w${(])([a-z][a-z_]+)(?==| |$)', declared)) - theirs - {'in', 'do', 'math', 'seq', 'count', 'string', 'contains', 'functions', 'aliases', 'path'})


def ask_for_each(box, shell, names):
    """The rc file gave each name the home as its value: the line rests on it."""
    for name in names:
        start = shell.mark()
        shell.send(f'rm -rf "${name}"\r')
        shell.refused('cmdai: blocked', start)
        shell.done()
