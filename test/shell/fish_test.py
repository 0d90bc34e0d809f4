#!/usr/bin/python3
"""The fish hook in a real fish. usage: fish_test.py CMDAI [WORD...]: only tests whose names hold a word"""
import plan_cases
from cases import *

# fish(name, keys, runs): typed with `evil` it must not run, with `fine` as often as said.
TESTS, fish, alone = suite('fish', FISH)

fish('abbreviation', ['zz a'], rc='abbr -a zz PROGRAM')
fish('abbreviation, alone on the line', ['zz'], rc="abbr -a zz 'PROGRAM a'")
fish('abbreviation anywhere', ['echo a ZZ'], rc="abbr -a ZZ --position anywhere -- '| PROGRAM a'")
fish('abbreviation by pattern and function', ['zz9'], rc="function expand_zz; echo PROGRAM a; end; abbr -a zzz --regex 'zz[0-9]' --function expand_zz")
fish('C-j', [b'PROGRAM a\n'])
fish('vi insert mode', ['PROGRAM a'], rc='fish_vi_key_bindings')
fish('vi normal mode', [b'PROGRAM a\x1b', {'see': '[N]'}, b'\r', b'i'], rc='fish_vi_key_bindings')
fish('key bindings set anew later', ['fish_vi_key_bindings', 'PROGRAM a'])
fish('bracketed paste of two statements', [b'\x1b[200~true\nPROGRAM a\x1b[201~\r'])
fish('raw paste', [b'true\rPROGRAM a\r'])
fish('typed ahead', [b'sleep 0.3\rPROGRAM a\r'])
fish('pager open', [b'PROGRAM a; ls /\t', b'\r'])
fish('private mode', ['PROGRAM a'], arguments=['--private'])
fish('TERM=dumb', ['PROGRAM a'], env={'TERM': 'dumb'})
fish('sourced twice', ['PROGRAM a'], after='@CMDAI@ init fish | source')
fish('an environment from a guarded parent', ['PROGRAM a'], env={'CMDAI_SESSION': 'fish-1-1', 'CMDAI_SHELL': '1'})


fish('a comment that ends in a backslash', ['begin # x \\', 'PROGRAM a', 'end'])


@alone('$status and $pipestatus are as without a hook')
def test_state(box, shell):
    shown = shell.line("sh -c 'exit 3'\recho \"<$status>\"\rsh -c 'exit 4' | sh -c 'exit 5'\recho \"<$pipestatus>\"")
    for part in ('<3>', '<4 5>'): check(part in shown, f'{part}\n{shown}')


@alone('no command of the hook is named by a variable')
def test_plain_names(box, shell):
    # fish 3.6 aborts when Ctrl-C arrives while it expands the first word of a command (expand_command's assertion).
    hook = box.cmdai('init', 'fish').stdout
    bare = re.sub(r"""(?m)'[^'\n]*'|"[^"\n]*"|#.*$""", 'x', hook)
    named = re.findall(r'(?m)(?:^|[;|(]|\b(?:and|or|not|command|if|while))[ \t]*\$[^\n]*', bare)
    same(named, [])


@alone('a refused line is in the history as a comment')
def test_history(box, shell):
    shell.line('evil one')
    shown = shell.line('history | string match "*evil one"')
    check('\n# evil one' in shown, shown)


@alone('read reads data: not judged, not recorded')
def test_read(box, shell):
    start = shell.mark()
    shell.send('read answer\r')
    shell.see('read>', start)
    shell.send('evil secret\r')
    shown = shell.line('echo "got <$answer>"')
    check('got <evil secret>' in shown, shell.screen())
    log = box.cmdai('log', '--json', '-n', '0').stdout
    check('evil secret' not in log, log)
    shell.line('evil a')
    same(box.ran('evil'), [])


@alone('a block in several lines is asked about once, when it is whole')
def test_block(box, shell):
    shell.line('fine a')
    before = checks(box)
    shell.line('for i in 1\rfine $i\rend')
    same(checks(box) - before, 2)


NAMES = names_of_the_hook('cmdai.fish')


@alone('a variable of the person where the hook has one of that name, too: theirs is said', rc='; '.join(f'set -g {name} $HOME' for name in NAMES))
def test_names(box, shell):
    ask_for_each(box, shell, NAMES)


@alone('a variable that decides is asked for')
def test_need(box, shell):
    os.makedirs(os.path.join(box.home, 'work/out'))
    open(os.path.join(box.home, 'work/out/x'), 'w').close()
    shell.line('set EMPTY ""')
    shown = shell.line('rm -rf "$EMPTY"/*')
    check('blocked' in shown, shown)
    shell.line('set DIR out')
    shown = shell.line('rm -rf "$DIR"/*')
    check('cmdai' not in shown, shown)
    check(not os.path.exists(os.path.join(box.home, 'work/out/x')), shown)


fish('vi visual mode', [b'PROGRAM a', b'\x1b', {'see': '[N]'}, b'v', {'see': '[V]'}, b'\r', b'\x1b', {'see': '[N]', 'times': 2}, b'i'], rc='fish_vi_key_bindings')
fish('vi replace mode', [b'PROGRAM a', b'\x1b', {'see': '[N]'}, b'R', {'see': '[R]'}, b'\r', b'\x1b', {'see': '[N]', 'times': 2}, b'i'], rc='fish_vi_key_bindings')
fish('keys bound anew after the hook', ['true', 'PROGRAM a'], after='bind \\r execute; bind \\n execute')
TESTS += [('fish: alt-e: what the editor leaves is judged', plan_cases.editor('x\x1be')('fish'))]


@alone('functions -e of the hook is asked about')
def test_unhook(box, shell):
    shown = shell.answer('functions -e __cmdai_enter', 'n', 'no')
    check('rule self.disable' in shown, shown)
    shell.line('evil a')
    same(box.ran('evil'), [], 'the hook is gone although the answer was no')


def from_history(box):
    for name in ('fine', 'evil'):
        folder = os.path.join(box.home, '.local/share/fish')
        os.makedirs(folder, exist_ok=True)
        with open(os.path.join(folder, 'fish_history'), 'w') as file: file.write(f'- cmd: {name} found\n  when: 1700000000\n')
        shell = Shell(box, 'fish')
        try:
            start = shell.mark()
            shell.send('\x12')
            shell.see('search:', start)
            shell.send(name)
            while shell.pump(0.3): pass
            shell.send('\r')
            shell.see(f'{name} found', start)
            while shell.pump(0.3): pass
            shell.send('\r')
            if name == 'evil': shell.refused('rule test.evil', start)
            shell.done()
        finally:
            shell.close()
    same(markers_of(box), ['found'])
    same(box.ran('evil'), [])


TESTS.append(('fish: Ctrl-R, and Enter on what it found', from_history))


TESTS += plan_cases.common('fish')
run(TESTS)
