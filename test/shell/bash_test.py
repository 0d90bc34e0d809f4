#!/usr/bin/python3
"""The bash hook in a real bash. usage: bash_test.py CMDAI [WORD...]: only tests whose names hold a word"""
import json, signal, stat
import plan_cases
from cases import *
from recorder import Recorder

# bash(name, keys, runs): typed with `evil` it must not run, with `fine` as often as said.
TESTS, bash, alone = suite('bash', POSIX)

bash('PS2 loop, alias in it', ['for i in 1', 'do my a', 'done'], rc="alias my='PROGRAM'")
bash('alias', ['my a'], rc="alias my='PROGRAM'")
bash('history: !!', ['PROGRAM a', '!!'], 2)
bash('coproc', ['coproc PROGRAM a', 'wait'])
bash('exec in a subshell', ['(exec PROGRAM a)'])
bash('array', ['a=(PROGRAM a); "${a[@]}"'])
bash('C-j', [b'PROGRAM a\n'])
bash('C-o', [b'PROGRAM a\x0f'])
bash('Ctrl-R then Enter', [b'PROGRAM a \x01#\r', b'\x12PROGRAM\x01\x04\r'])
bash('vi mode', ['PROGRAM a'], rc='set -o vi')
bash('vi mode, switched on later', ['set -o vi', 'PROGRAM a'])
bash('vi command mode', [b'PROGRAM a\x1b', b'\r'], rc='set -o vi')
bash('bracketed paste of two statements', [b'\x1b[200~true\nPROGRAM a\x1b[201~\r'])
bash('raw paste', [b'true\rPROGRAM a\r'])
bash('typed ahead', [b'sleep 0.3\rPROGRAM a\r'])
bash('history off', ['PROGRAM a'], rc='set +o history')
bash('HISTCONTROL and HISTIGNORE', [' PROGRAM a'], rc="HISTCONTROL=ignoreboth HISTIGNORE='*'")
bash('errexit-free nounset, noclobber, noglob, IFS', ['PROGRAM a'], rc='set -uCf; IFS=x')
bash('xtrace', ['PROGRAM a'], rc='set -x')
bash('PROMPT_COMMAND that overwrites', ['PROGRAM a', 'PROGRAM a'], 2, after='PROMPT_COMMAND="true"')
bash('PROMPT_COMMAND array of others', ['PROGRAM a'], rc='PROMPT_COMMAND=(true "x=1")')
bash('sourced twice', ['PROGRAM a'], after='eval "$(@INIT@)"')
bash('promptvars off', ['PROGRAM a'], rc='shopt -u promptvars')
bash('INT trapped', ['PROGRAM a'], rc="trap '' INT")
bash('INT trapped, in a loop at PS2', ['for i in 1', 'do PROGRAM a', 'done'], after="trap 'echo trapped' INT")
bash('accept-line on another key', [b'PROGRAM a\x07'], after="bind '\"\\C-g\": accept-line'")
bash('line editing off', ['PROGRAM a'], arguments=['--noediting'])
bash('aliases over what the hook uses', ['PROGRAM a'], rc="alias local=false printf=false history=false bind=false shopt=false builtin=false")
bash('an environment from a guarded parent', ['PROGRAM a'], env={'CMDAI_SESSION': 'bash-1-1-1', 'CMDAI_SHELL': '1'})
bash('TERM=dumb', ['PROGRAM a'], env={'TERM': 'dumb'})


# A bad event makes bash drop its line: what follows is no longer inside that line's quote.
bash('bad history event with an open quote', [b"!nosuch 'x\r", {'see': 'event not found'}, b'PROGRAM a\r'])
bash('bad history event at PS2', ['for i in 1', "!nosuch 'x", 'PROGRAM a'])
bash('good history events', ['PROGRAM a', '!PROGRAM', '!-1 b'], 3)
bash('posix mode', ['set -o posix', 'PROGRAM a'])
bash('PROMPT_COMMAND lost, then Ctrl-C at PS2', [b"true 'x\r", {'see': '> '}, b'\x03', b'PROGRAM a\r'], after='PROMPT_COMMAND=true')
bash('a repeated line without line editing', ['true', 'PROGRAM a'], arguments=['--noediting'], rc='HISTCONTROL=ignoreboth')
bash('line editing switched on later', ['set -o emacs', ' PROGRAM a'], arguments=['--noediting'], rc='HISTCONTROL=ignoreboth')
bash('functions named like builtins', ['for i in 1', 'do PROGRAM a', 'done'], after='history() { :; }; trap() { :; }; kill() { :; }; printf() { :; }')


@alone('$?, $_, PIPESTATUS and LINENO are as without a hook')
def test_state(box, shell):
    shown = shell.line("(exit 3)\recho \"<$?>\"\rtrue one two\recho \"<$_>\"\r(exit 4) | (exit 5)\recho \"<${PIPESTATUS[*]}>\"")
    for part in ('<3>', '<two>', '<4 5>'): check(part in shown, f'{part}\n{shown}')


@alone('a refused line is in the history once, and can be called back')
def test_history(box, shell):
    shell.line('evil one')
    shown = shell.line('history | grep -c "evil one$"')
    check('\n1\n' in shown, shown)
    shell.send('\x1b[A\x1b[A\x1b[A')  # marker, history, marker, evil
    shell.send('\x15')
    shell.line('for i in 1\rdo evil two\r')
    shown = shell.line('history | grep "evil two"')
    check('for i in 1' in shell.line('history'), shown)


@alone('read -e reads data, not commands')
def test_read_e(box, shell):
    start = shell.mark()
    shell.send('read -e -p "name? " answer\r')
    shell.see('name? ', start)
    shell.send('evil data\r')
    shown = shell.line('echo "got <$answer>"')
    check('got <evil data>' in shown, shell.screen())


@alone('a quote over two lines: bash still knows that it is in one')
def test_quote(box, shell):
    # What forgets it joins the lines in the history with `;`, and damages its memory.
    shell.line('fine "one\rtwo"')
    same(markers_of(box), ['one', 'two'], shell.screen())
    shown = shell.line('history | grep -A1 \'fine "one\'')
    check('fine "one\ntwo"' in shown, shown)


@alone('the user\'s trap on INT survives Enter', rc='trap "fine trapped" INT')
def test_trap(box, shell):
    shell.line('fine a')
    shell.line('evil a')
    shell.line('for i in 1\rdo evil two\r')
    shown = shell.line('trap -p INT')
    check("trap -- 'fine trapped' SIGINT" in shown, shown)
    shell.line('kill -INT $$')
    check('trapped' in markers_of(box), shell.screen())


NAMES = names_of_the_hook('cmdai.bash')


@alone('a variable of the person where the hook has one of that name, too: theirs is said', rc='; '.join(f'{name}=$HOME' for name in NAMES))
def test_names(box, shell):
    ask_for_each(box, shell, NAMES)


@alone('a variable that decides is asked for')
def test_need(box, shell):
    os.makedirs(os.path.join(box.home, 'work/out'))
    open(os.path.join(box.home, 'work/out/x'), 'w').close()
    shown = shell.line('EMPTY=; rm -rf "$EMPTY"/*')
    check('blocked' in shown, shown)
    shell.line('DIR=out')
    shown = shell.line('rm -rf "$DIR"/*')
    check('cmdai' not in shown, shown)
    check(not os.path.exists(os.path.join(box.home, 'work/out/x')), shown)


@alone('a readonly variable in the way: nothing runs', after='readonly __cmdai_status=0 __cmdai_line=1 __cmdai_out=2')
def test_readonly(box, shell):
    start = shell.mark()
    shell.send('evil a\r')
    shell.see('readonly variable', start)
    # Two Enters later it would have run.
    shell.send('\r\r')
    start = shell.mark()
    shell.send('fine a\r')
    shell.see('readonly variable', start)
    same(box.ran('evil'), [], shell.screen())


@alone('Ctrl-\\ while the daemon hangs is no way around it')
def test_quit(box, shell):
    shell.line('fine a')
    pid = int(re.search(r'"pid":"?(\d+)', box.cmdai('status', '--json').stdout).group(1))
    os.kill(pid, signal.SIGSTOP)
    try:
        start = shell.mark()
        shell.send('evil a\r')
        time.sleep(0.5)
        shell.send('\x1c')
        shell.wait(lambda t: 'rule test.evil' in t[start:] or 'interrupted' in t[start:], 'a refusal')
        shell.done()
        same(box.ran('evil'), [], shell.screen())
    finally: os.kill(pid, signal.SIGCONT)


@alone('M-# is Enter, too', rc='set +o history')
def test_insert_comment(box, shell):
    shell.send('#evil a\x1b1\x1b#')
    shell.send('\x15')
    shell.done()
    same(box.ran('evil'), [], shell.screen())


@alone('C-x C-e only edits', env={'EDITOR': 'true'})
def test_edit(box, shell):
    shell.send('evil a\x18\x05')
    shell.send('\x15')
    shell.done()
    same(box.ran('evil'), [])


@alone('unset -f of the hook is asked about')
def test_unhook(box, shell):
    shown = shell.answer('unset -f __cmdai_enter __cmdai_check', 'n', 'no')
    check('rule self.disable' in shown, shown)
    shell.line('evil a')
    same(box.ran('evil'), [], 'the hook is gone although the answer was no')


@alone('what runs before the prompt is lost: lines are still judged', after='unset -f __cmdai_prompt')
def test_lost_prompt(box, shell):
    shell.send('true\r')
    start = shell.mark()
    shell.send('evil a\r')
    shell.see('rule test.evil', start)
    shell.done()
    same(box.ran('evil'), [])


@alone('a bad history event runs nothing, and the shell goes on')
def test_bad_event(box, shell):
    shell.line('evil a !nosuchevent')
    same(box.ran('evil'), [])


@alone('exec with a wrapper is seen')
def test_wrappers(box, shell):
    for line in ('env -i PATH="$PATH" evil a', 'nice -n 5 evil a', 'xargs evil <<<a', 'find . -maxdepth 0 -exec evil {} \\;'):
        shown = shell.line(line)
        check('rule test.evil' in shown, f'{line}\n{shown}')
    same(box.ran('evil'), [])

def transport_of(box):
    """How the daemon says that the session is stopped, and asks."""
    return [(row['level'], row['transport']) for row in json.loads(box.cmdai('status', '--json').stdout)['sessions']]


@alone('status says which way it asks')
def test_transport(box, shell):
    shell.line('fine a')
    same(transport_of(box), [('line', 'builtin' if BUILTIN() else 'pipe')], box.cmdai('status', '--json').stdout)


@alone('each line is asked about once, whatever comes of it')
def test_once(box, shell):
    shell.line('fine a')
    for line in ('fine b', 'evil a', 'warned a', 'x=fine; "$x" c', 'fine "d\re"', 'if [ ! -f nothing ]; then fine f; fi'):
        before = checks(box)
        shell.line(line)
        same(checks(box) - before, 2, f'{line}: one for it, one for the marker; beginnings are not counted')
    before = checks(box)
    shell.answer('askme a', 'n', 'no')
    same(checks(box) - before, 2)


@alone('a loadable builtin that does not load: the same through a process that asks, and nothing on the screen',
       rc='x=$(@INIT@); eval "${x//cmdai-bash.so/..\/client\/cmdai-hook}"; unset x', hook=False)
def test_no_library(box, shell):
    check(' not ' not in shell.screen() and 'cmdai' not in shell.screen(), shell.screen())
    shell.line('fine a')
    shell.line('evil a')
    same(box.ran('evil'), [], shell.screen())
    same(transport_of(box), [('line', 'pipe')], shell.screen())


def asker_of(shell):
    """The process that asks for the shell, once its FIFOs are there."""
    place = os.path.join(shell.box.root, 'run', f'bash-{shell.pid}.ask')
    shell.wait(lambda _: os.path.exists(place), 'the FIFOs')
    for pid in filter(str.isdigit, os.listdir('/proc')):
        try:
            with open(f'/proc/{pid}/cmdline', 'rb') as file: words = file.read().split(b'\0')
            with open(f'/proc/{pid}/stat') as file: parent = int(file.read().rpartition(')')[2].split()[1])
        except OSError: continue
        if parent == shell.pid and words[1:2] == [b'serve']: return int(pid)
    raise AssertionError('no process asks')


def by_process():
    if BUILTIN(): raise Skip('it is the builtin that asks')


@alone('the process that asks is no job of the shell, and ends with it')
def test_asker(box, shell):
    by_process()
    asker = asker_of(shell)
    shell.line('fine a$(jobs -l)b; wait')
    same(markers_of(box), ['ab'], shell.screen())
    same(stat.S_IMODE(os.stat(os.path.join(box.root, 'run', f'bash-{shell.pid}.say')).st_mode), 0o600)
    shell.send('exit\r')
    shell.wait(lambda _: not os.path.exists(f'/proc/{asker}') and not [name for name in os.listdir(os.path.join(box.root, 'run')) if name.startswith('bash-')], 'its end')


for what, number in (('killed', signal.SIGKILL), ('stopped', signal.SIGSTOP)):
    @alone(f'the process that asks is {what}: lines are judged all the same')
    def test_asker_gone(box, shell, number=number):
        by_process()
        shell.line('fine a')
        asker = asker_of(shell)
        os.kill(asker, number)
        try:
            shell.line('evil a')
            shell.line('fine b')
        finally:
            if number == signal.SIGSTOP: os.kill(asker, signal.SIGKILL)
        same(box.ran('evil'), [])
        same(markers_of(box), ['a', 'b'], shell.screen())
        same(transport_of(box), [('line', 'client')], shell.screen())


@alone('no answer to another question counts, and what is no request does no harm')
def test_wrong_answers(box, shell):
    by_process()
    asker_of(shell)
    place = os.path.join(box.root, 'run', f'bash-{shell.pid}')
    for answer in (b'1\nid=x\n0\0', b'\nid=x\n0\0', b'0\0', b'\0'):
        shell.line('fine a')
        with open(place + '.say', 'r+b', buffering=0) as file: file.write(answer)
        shell.line('evil a')
    for request in (b'\0\0\0', b'99\0', b'no field\0more\0\0'):
        with open(place + '.ask', 'r+b', buffering=0) as file: file.write(request)
        shell.line('evil a')
        shell.line('fine b')
    same(box.ran('evil'), [], shell.screen())
    same(markers_of(box), ['a'] * 4 + ['b'] * 3, shell.screen())


@alone('the shell\'s forks and the user\'s descriptors do not cross with the connection')
def test_descriptors(box, shell):
    # Every descriptor of ours closed or made a file: no line of a person may end in that file.
    shell.line('fine a')
    shell.line('for i in {3..254}; do eval "exec $i>taken"; done 2>/dev/null')
    shell.line('fine b')
    shell.line('evil a')
    shell.line('for i in {3..254}; do eval "exec $i>&-"; done 2>/dev/null')
    shell.line('fine c')
    shell.line('evil b')
    same(box.ran('evil'), [], shell.screen())
    same([row for row in markers_of(box)], ['a', 'b', 'c'], shell.screen())
    with open(os.path.join(box.home, 'work/taken'), 'rb') as file: same(file.read(), b'')


@alone('a daemon started anew is asked as the one before')
def test_restart(box, shell):
    for number in range(3):
        shell.line(f'fine {number}')
        box.cmdai('stop')
        if number == 1: box.cmdai('start')
        shell.line('evil a')
    same(box.ran('evil'), [], shell.screen())
    same(markers_of(box), ['0', '1', '2'])


@alone('options and variables of the user', rc='set -u -a; set -o posix; readonly IFS; CDPATH=/; GLOBIGNORE="*"; shopt -s extglob nullglob failglob 2>/dev/null')
def test_options(box, shell):
    shell.line('fine a')
    shell.line('evil a')
    shell.line('for i in 1\rdo fine b\rdone')
    same(box.ran('evil'), [], shell.screen())
    same(markers_of(box), ['a', 'b'], shell.screen())


bash('the library taken away by the rc file', ['PROGRAM a', 'PROGRAM b'], 2, after='enable -d cmdai_native')
bash('the library switched off by the rc file', ['PROGRAM a', 'PROGRAM b'], 2, after='enable -n cmdai_native')
bash('the library loaded twice', ['PROGRAM a'], after='enable -d cmdai_native; eval "$(@INIT@)"')
bash('aliases after a keyword', ['if true; then my a; fi'], rc="alias my='PROGRAM'")
bash('an alias that is a keyword', ['unless false; then PROGRAM a; fi'], rc="alias unless='if !'")
bash('histverify', ['PROGRAM a', b'!!\r', b'\r'], 2, rc='shopt -s histverify')
bash('history event inside a quote of a line before', ['PROGRAM a', "true 'x", "y'; !PROGRAM"], 2)
bash('a history event in a single quote is text', ["PROGRAM 'a !!'"])
bash('and so it is at PS2', ['for i in 1', "do PROGRAM 'a !!'", 'done', 'PROGRAM !!:0'], 2)


@alone('a restricted shell can start nothing of ours: said, and not broken', arguments=['-r'])
def test_restricted(box, shell):
    check('NOT GUARDED: a restricted shell' in shell.screen(), shell.screen())
    shell.line('fine a')
    same(markers_of(box), ['a'], shell.screen())


@alone('a text larger than a frame')  # readline needs minutes to draw one: by the function Enter calls
def test_larger(box, shell):
    shell.line("alias some='fine x'")
    shell.line("printf -v text '%-270000s# end' 'evil a'")
    shown = shell.answer('__cmdai_check "$text" "$text" source=enter; echo "<$?>"', 'n', 'no')
    check('rule core.too-long' in shown and '<1>' in shown, shown)


@alone('taking the library out is asked about')
def test_disable(box, shell):
    for line in ('enable -d cmdai_native', 'enable -n cmdai_native', 'bind -u cmdai-accept-line'):
        shown = shell.answer(line, 'n', 'no')
        check('rule self.disable' in shown, shown)
    # With a yes Enter still asks.
    shell.answer('enable -d cmdai_native', 'y', 'yes')
    shell.line('evil a')
    shell.line('fine a')
    same(box.ran('evil'), [], shell.screen())
    check('a' in markers_of(box), shell.screen())


@alone('a key bound to what the library left behind', after='enable -d cmdai_native; bind "\\"\\C-g\\": cmdai-accept-line" 2>/dev/null')
def test_left_behind(box, shell):
    shell.send(b'fine a\x07' if BUILTIN() else b'fine a\r')
    shell.send(b'evil a\x07' if BUILTIN() else b'evil a\r')
    shell.line('fine b')
    same(box.ran('evil'), [], shell.screen())
    same(markers_of(box), ['a', 'b'], shell.screen())


@alone('Ctrl-C with a trap on INT, while the daemon hangs', rc='trap "trapped=1" INT')
def test_trapped_interrupt(box, shell):
    shell.line('fine a')
    pid = int(re.search(r'"pid":"?(\d+)', box.cmdai('status', '--json').stdout).group(1))
    os.kill(pid, signal.SIGSTOP)
    try:
        shell.send('evil a\r')
        while shell.pump(0.2): pass
        shell.send('\x03')
        while shell.pump(0.3): pass
    finally: os.kill(pid, signal.SIGCONT)
    shell.send('\x15')
    shell.line('fine b')
    same(box.ran('evil'), [], shell.screen())
    check('b' in markers_of(box), shell.screen())


if BUILTIN():
    @alone('functions of the hook gone: what is allowed runs, nothing else, and it says why', after='unset -f __cmdai_enter __cmdai_check __cmdai_ask __cmdai_prompt __cmdai_refuse')
    def test_functions_gone(box, shell):
        box.cmdai('start')  # nobody else would
        shell.line('fine a')
        for line in ('evil a', 'warned a', 'for i in 1\rdo evil b\r'):
            start = shell.mark()
            shell.send(line + '\r')
            shell.see("cmdai's functions are gone", start)
            while shell.pump(0.2): pass
        shell.line('fine b')
        same(box.ran('evil') + box.ran('warned'), [], shell.screen())
        same(markers_of(box), ['a', 'b'], shell.screen())

    def said_of(box, way):
        """What the daemon is told of some lines, in order; without what must differ."""
        box.markers = 0  # the second shell says the same ones
        if box.ran('fine'): os.unlink(os.path.join(box.root, 'ran.fine'))
        os.environ['CMDAI_BASH_BUILTIN'] = way
        recorder = Recorder(box.env['CMDAI_SOCKET'])
        try:
            shell = Shell(box, 'bash', rc="alias my='fine x' other='fine y'; NEED='a value' RE='a+b'; greet() { fine z; }; outer() { inner 1; inner 2; }; inner() { deep; }; deep() { deeper; }; deeper() { fine q; }", after='NO_COLOR=')
            for line in ('fine a', 'my b', 'if true; then other c; fi', 'fine "d\re"', 'fine \\\rf', 'fine "$NEED"', '!fine:0 g', 'fine \xff\xfe', 'cd ..', 'fine h', 'greet', 'outer', 'shopt -s extglob', '(exit 7)', 'fine i'): shell.line(line)
            shell.close()
        finally:
            os.environ['CMDAI_BASH_BUILTIN'] = '1'
            recorder.close()
            os.unlink(box.env['CMDAI_SOCKET'])
        os.unlink(os.path.join(box.root, 'ran.fine'))  # the next shell's markers have the same names
        return [sorted(pair for pair in fields if pair[0] not in ('session', 'pid', 'transport', 'told', 'last.ms')) for kind, fields in recorder.frames if kind == 'check']

    def test_same_fields(box):
        native, script = said_of(box, '1'), said_of(box, '0')
        check(any(('var.NEED', 'a value') in fields and ('unset', 'OTHER') in fields for fields in native), native)
        check(any(('alias.other', 'fine y') in fields for fields in native), native)
        check(any(('function.greet', '{ \n    fine z\n}') in fields for fields in native), native)
        check(any(('options', 'extglob') in fields and ('last.status', '7') in fields for fields in native), native)
        for one, other in zip(native, script): same(one, other)
        same(len(native), len(script))

    TESTS.append(('bash: with the builtin and without, the daemon is told the same', test_same_fields))

    def test_one_connection(box):
        recorder = Recorder(box.env['CMDAI_SOCKET'])
        shell = Shell(box, 'bash', rc='greet() { fine z; }; NEED=x')
        try:
            for line in ('fine a', 'greet', 'fine "$NEED"', 'fine "b\rc"', '[ ! -f nothing ] && fine d'): shell.line(line)
            same(recorder.askers.count(shell.pid), 1, recorder.askers)
            # What else connects is the message that the session begins, from the background, once.
            check(len(recorder.askers) <= 2, recorder.askers)
        finally:
            shell.close()
            recorder.close()
            os.unlink(box.env['CMDAI_SOCKET'])

    TESTS.append(('bash: what is allowed is asked by the shell itself, over one connection', test_one_connection))


bash('errexit', ['PROGRAM a'], after='set -e')
bash('history off, at PS2', ['for i in 1', 'do PROGRAM a', 'done'], rc='set +o history')
bash('vi mode, in a loop', ['for i in 1', 'do PROGRAM a', 'done'], rc='set -o vi')
TESTS += [('bash: C-x C-e: what the editor leaves is judged', plan_cases.editor('\x18\x05')('bash')),
          ('bash: v of vi mode: what the editor leaves is judged', plan_cases.editor('x\x1bv', rc='set -o vi')('bash'))]


@alone('a here-document refused on its body line: its delimiter is typed on')
def test_heredoc(box, shell):
    shell.line('cat <<E\r$(fine a)\rE')
    start = shell.mark()
    shell.send('cat <<E\r')
    shell.see('> ', start)
    shell.send('$(evil a)\r')
    shell.see('rule test.evil', start)
    while shell.pump(0.2): pass
    shell.send('E\r')
    shell.done()
    same(markers_of(box), ['a'])
    same(box.ran('evil'), [], shell.screen())


TESTS += plan_cases.common('bash')
run(TESTS)
