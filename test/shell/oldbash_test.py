#!/usr/bin/python3
"""The hook for bash before 5.1, in the bash that is here. usage: oldbash_test.py CMDAI [WORD...]

Debian 12 has bash 5.2 only: the version the printed hook looks at is replaced, so that 5.2 takes the branch of an old one.
That shows what the code does, and not that an old bash does the same.
"""
from cases import *

TESTS = []


class Old(Shell):
    def __init__(self, box, rc='', after='', **more):
        line = f'x="$({CMDAI} init bash)"; eval "${{x/BASH_VERSINFO\\[0] \\* 100 + BASH_VERSINFO\\[1]/404}}"; unset x'
        super().__init__(box, 'bash', rc=rc, after=f'{line}\n{after}', hook=False, **more)


def leak(name, keys, runs=1, **more):
    def test(box):
        for program in ('fine', 'evil'):
            fill = {k: v.replace('PROGRAM', program) for k, v in more.items()}
            shell = Old(box, **fill)
            try:
                start = shell.mark()
                type_keys(shell, keys, program)
                if program == 'evil': shell.refused('rule test.evil', start)
                shell.done()
                if program == 'fine': same(len(markers_of(box)), runs, f'the harmless twin\n{shell.screen()}')
                same(box.ran('evil'), [], shell.screen())
            finally:
                shell.close()
    TESTS.append((f'old bash: {name}', test))


def alone(name, **more):
    def wrap(function):
        def test(box):
            shell = Old(box, **more)
            try: function(box, shell)
            finally: shell.close()
        TESTS.append((f'old bash: {name}', test))
    return wrap


for name, keys, runs in POSIX: leak(name, keys, runs)
leak('alias', ['my a'], rc="alias my='PROGRAM'")
leak('function of the start-up files', ['f'], rc='f() { PROGRAM a; }')
leak('history off', ['PROGRAM a'], rc='set +o history')
leak('PROMPT_COMMAND that overwrites', ['PROGRAM a', 'PROGRAM a'], 2, after='PROMPT_COMMAND=true')
leak('bracketed paste of two statements', [b'\x1b[200~true\nPROGRAM a\x1b[201~'.decode()])
leak('INT trapped', ['PROGRAM a'], after="trap '' INT")
leak('until in a function does not spin', ['g'], rc='g() { until PROGRAM a; do true; done; }')
leak('while in a function does not spin', ['g'], rc='g() { while PROGRAM a; do break; done; }')


NAMES = names_of_the_hook('cmdai-old.bash')


@alone('a variable of the person where the hook has one of that name, too: theirs is said', rc='; '.join(f'{name}=$HOME' for name in NAMES))
def test_names(box, shell):
    ask_for_each(box, shell, NAMES)


@alone('$? is as without a hook, and a refusal drops the rest of the line')
def test_state(box, shell):
    shown = shell.line('(exit 3)\recho "<$?>"\rfine a; evil b; fine c')
    check('<3>' in shown, shown)
    same(markers_of(box), [], 'the line is judged before its first command')
    same(box.ran('evil'), [])


@alone('the level is said: command', rc='f() { fine x; }')
def test_level(box, shell):
    shell.line('f')
    check('"level":"command"' in (said := box.cmdai('status', '--json').stdout), said)
    shown = shell.line(f'{CMDAI} doctor')
    check('judged command by command' in shown, shown)


@alone('a typed name of the hook is no way around it')
def test_begin(box, shell):
    shell.send('__cmdai_old_begin; evil a\r')
    shell.done()
    same(box.ran('evil'), [], shell.screen())


@alone('the prompt is not judged, and a text once a line', rc='PROMPT_COMMAND="fine prompt"')
def test_count(box, shell):
    shell.line('fine a')
    before = checks(box)
    shell.line('for i in 1 2 3; do fine $i; done')
    # The line and its head and its body, the marker's line and the marker.
    same(checks(box) - before, 5)
    check('prompt' in markers_of(box))


@alone('nothing is printed where all is well', rc='echo before-hook', after='echo after-hook')
def test_silent(box, shell):
    check('before-hook\nafter-hook' in shell.screen(), shell.screen())
    check('cmdai' not in (shown := shell.line('fine a')), shown)


def readable(box):
    # What bash 3.2 cannot read at all would make the whole hook void there: none of it may stand in its branch.
    with open(os.path.join(os.path.dirname(__file__), '../../shell-hooks/cmdai-old.bash')) as file: text = re.sub(r'(?m)^ *#.*$', '', file.read())
    for newer in (r'\[\[ -v', r'local -\s', r'\$\{[^}]*@[QPAaEU]\}', r'declare -[A-Za-z]*[An]', r'&>>', r'\|&', r';;&', r'\$\{[^}]*(\^\^|,,)\}', r'coproc', r'mapfile', r'\{[a-z_]+\}[<>]', r'printf -v'):
        check(not re.search(newer, text), newer)
    same(subprocess.run(['bash', '-n', '-c', text], capture_output=True, text=True).stderr, '')


TESTS.append(('old bash: nothing that bash 3.2 cannot read', readable))
run(TESTS)
