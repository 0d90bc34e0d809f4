#!/usr/bin/python3
"""zsh's strict mode in a real zsh. usage: strict_test.py CMDAI [WORD...]: only tests whose names hold a word

Each way through the line mode is shown with `evil`, which must not run, and with `fine`, which must run as often as said.
"""
from cases import *

TESTS = []


class Strict(Shell):
    def __init__(self, box, rc='', after='', **more):
        super().__init__(box, 'zsh', rc=rc, after=f'eval "$({CMDAI} init zsh --strict)"\n{after}', hook=False, **more)


def leak(name, keys, runs=1, line_mode=None, **more):
    """`line_mode`: how often `evil` runs in the mode that judges lines; None: that is not tried."""
    def test(box):
        fill = lambda program: {k: v.replace('PROGRAM', program) for k, v in more.items()}
        for program in ('fine', 'evil'):
            with open(os.path.join(box.home, 'work', 'lib.zsh'), 'w') as file: file.write(f'{program} lib\n')
            shell = Strict(box, **fill(program))
            try:
                start = shell.mark()
                for row in keys: shell.send(row.replace('PROGRAM', program) + '\r')
                if program == 'evil': shell.refused('rule test.evil', start)
                shell.done()
                if program == 'fine': same(len(markers_of(box)), runs, f'the harmless twin\n{shell.screen()}')
                same(box.ran('evil'), [], shell.screen())
            finally:
                shell.close()
        if line_mode is None: return
        shell = Shell(box, 'zsh', **fill('evil'))
        try:
            for row in keys: shell.line(row.replace('PROGRAM', 'evil'))
            same(len(box.ran('evil')), line_mode, f'the line mode stops it, too\n{shell.screen()}')
        finally:
            shell.close()
    TESTS.append((f'zsh strict: {name}', test))


def alone(name, **more):
    def wrap(function):
        def test(box):
            shell = Strict(box, **more)
            try: function(box, shell)
            finally: shell.close()
        TESTS.append((f'zsh strict: {name}', test))
        return function
    return wrap


LONG = ': ' + 'x' * 5000 + '; '  # the line mode looks into functions, but not into bodies of more than 4 KiB
F = 'f() { ' + LONG + 'PROGRAM a }'
leak('a line', ['PROGRAM a'])
leak('function of the start-up files', ['f'], 1, 1, rc=F)
leak('function in a condition, a pipe, a subshell, a substitution', ['if f; then true; fi', 'true | f', '( f )', ': $(f)'], 4, 4, rc=F)
leak('function in the background', ['f & wait'], 1, 1, rc=F)
leak('function of a function', ['g'], 1, 1, rc=F + '; g() { f }')
leak('a hidden text in an eval', ['eval "$hidden"'], 1, rc='typeset -h hidden; hidden=$(print -r -- PROGRAM a)')
leak('a file sourced by a function', ['g'], 1, 1, rc='g() { ' + LONG + '. ./lib.zsh }')
leak('an expansion that runs code', ['print ${(e)code}'], 1, 1, rc="code='$(PROGRAM a)'; code=${code}")
leak('until in a function does not spin', ['g; true'], 1, 0, rc='g() { until PROGRAM a; do true; done }')
leak('autoloaded function', ['lazy'], 1, 1, rc='mkdir -p ~/fns; print -r -- "PROGRAM lazy" >~/fns/lazy; fpath=(~/fns $fpath); autoload -Uz lazy')
for trap in ("trap '' INT", 'TRAPINT() { return 0 }', 'trap true INT'): leak(f'INT trapped ({trap})', ['f'], 1, rc=F, after=trap)
leak('ksh arrays, sh word splitting', ['f'], 1, rc=F, after='setopt ksh_arrays sh_word_split')
leak('nounset, errexit off, xtrace', ['f'], 1, rc=F, after='setopt nounset xtrace')
leak('no socket module', ['f'], 1, rc=F, after='__cmdai_socket=0')
TESTS.remove(next(test for test in TESTS if 'spin' in test[0]))


@alone('until in a function does not spin', rc='g() { ' + LONG + 'until evil a; do true; done }; h() { until fine a; do true; done }')
def test_until(box, shell):
    shell.line('h')
    same(markers_of(box), ['a'])
    start = shell.mark()
    shell.send('g; fine after\r')
    shell.see('rule test.evil', start)
    shell.done()
    same(markers_of(box), ['a'], 'what is left of the line is dropped')
    same(box.ran('evil'), [])


@alone('fc and r')
def test_fc(box, shell):
    shell.line('fine a')
    shell.line('fc -e - fine\\ a')
    same(markers_of(box), ['a', 'a'], shell.screen())
    start = shell.mark()
    shell.send('evil a\r')
    shell.refused('rule test.evil', start)
    shell.done()
    start = shell.mark()
    shell.send('r evil\r')
    shell.see('rule test.evil', start + 1)
    shell.done()
    same(box.ran('evil'), [], shell.screen())


@alone('one check a line, and one for each text that a function runs', rc='f() { fine $1; fine $1 }')
def test_checks(box, shell):
    shell.line('fine a')
    before = checks(box)
    shell.line('fine b; for i in 1 2 3; do fine $i; done')
    same(checks(box) - before, 2, 'the line, and the marker')
    before = checks(box)
    shell.line('for i in 1 2 3; do f $i; done')
    same(checks(box) - before, 3, 'the line, `fine $1` once, and the marker')


@alone('$?, $_, pipestatus, options and traps are as before', rc='f() { return 3 }; g() { false | true }')
def test_state(box, shell):
    shell.line('setopt | sort >~/options-before; trap >~/traps-before; true')
    shown = shell.line('f; echo "<$?>"\rf\recho "<$?>"\rg; echo "<$pipestatus>"\rtrue one two; echo "<$_>"\rtrue one three\recho "<$_>"')
    for part in ('<3>', '<two>', '<three>'): check(part in shown, f'{part}\n{shown}')
    same(shown.count('<3>'), 2, shown)
    shell.line('f; setopt | sort >~/options-after')
    shell.line('trap >~/traps-after')
    for name in ('options', 'traps'):
        read = [open(os.path.join(box.home, f'{name}-{when}')).read() for when in ('before', 'after')]
        same(read[1], read[0], name)


def users_trap(name, rc):
    @alone(name, rc='f() { ' + LONG + 'evil a }; g() { fine inner }; ' + rc)
    def test(box, shell):
        shell.line('g')
        with open(os.path.join(box.home, 'seen')) as file: seen = file.read()
        check('g' in seen.split('\n') and 'fine inner' in seen, seen)
        start = shell.mark()
        shell.send('f\r')
        shell.see('rule test.evil', start)
        shell.done()
        same(box.ran('evil'), [])
        shell.line('fine later')
        with open(os.path.join(box.home, 'seen')) as file: check('fine later' in file.read(), 'the trap of the user is gone')


users_trap('the user\'s TRAPDEBUG runs, too', 'TRAPDEBUG() { print -r -- "$ZSH_DEBUG_CMD" >>~/seen }')
users_trap('the user\'s trap on DEBUG runs, too', 'trap \'print -r -- "$ZSH_DEBUG_CMD" >>~/seen\' DEBUG')


@alone('a trap set on the line stays')
def test_new_trap(box, shell):
    shell.line('trap "echo x >>~/new" DEBUG')
    shell.line('fine a')
    check(os.path.exists(os.path.join(box.home, 'new')), shell.screen())


@alone('asked inside a function: y runs it once, n does not', rc='f() { ' + LONG + 'askme inner }')
def test_asked(box, shell):
    start = shell.mark()
    shell.send('f\r')
    shell.see('[y/N', start)
    shell.send('y')
    shell.see('yes', start + shell.text[start:].index('[y/N'))
    shell.done()
    same(box.ran('askme'), ['inner'], shell.screen())
    start = shell.mark()
    shell.send('f\r')
    shell.see('[y/N', start)
    shell.send('n')
    shell.see('no', start + shell.text[start:].index('[y/N'))
    shell.done()
    same(box.ran('askme'), ['inner'], shell.screen())


@alone('status says `command`, and `line` where DEBUG_BEFORE_CMD is off, with a note once')
def test_level(box, shell):
    shell.line('fine a')
    check('"level":"command"' in box.cmdai('status', '--json').stdout, box.cmdai('status', '--json').stdout)
    shown = shell.line('unsetopt debug_before_cmd')
    check('hint: setopt debug_before_cmd' in shown, shown)
    check('"level":"line"' in box.cmdai('status', '--json').stdout, box.cmdai('status', '--json').stdout)
    check('debug_before_cmd' not in (shown := shell.line('fine c')), shown)
    shown = shell.line('evil a')
    same(box.ran('evil'), [], shown)


@alone('prompts, widgets and other hooks are not judged', rc='precmd() { fine prompt >/dev/null }; preexec() { fine pre }; f() { fine inner }')
def test_hooks(box, shell):
    shell.line('fine a')
    before = checks(box)
    shell.line('f')
    same(checks(box) - before, 3, '`f`, what it runs, and the marker')
    check('prompt' in markers_of(box) and 'pre' in markers_of(box))


@alone('nothing is printed where all is well', rc='echo before-hook', after='echo after-hook')
def test_silent(box, shell):
    check('before-hook\nafter-hook' in shell.screen(), shell.screen())
    check('cmdai' not in (shown := shell.line('fine a')), shown)


run(TESTS)
