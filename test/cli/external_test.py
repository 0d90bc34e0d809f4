#!/usr/bin/python3
"""Commands of other packages: `cmdai NAME` is cmdai-NAME in this installation's libexec directory, and nowhere else."""
import os, shutil, subprocess
import support
from support import check, holds, main, same

SCRIPT = '#!/bin/sh\nprintf "%s|" "$0" "$@" "$CMDAI_SOCKET"\nexit 7\n'


def program(path):
    os.makedirs(os.path.dirname(path), exist_ok=True)
    with open(path, 'w') as file: file.write(SCRIPT)
    os.chmod(path, 0o755)
    return path


def installed(box):
    """cmdai in a prefix of the box."""
    path = os.path.join(box.root, 'prefix/bin/cmdai')
    os.makedirs(os.path.dirname(path), exist_ok=True)
    shutil.copy(support.CMDAI, path)
    return path


def run(box, cmdai, *words, **env):
    done = subprocess.run([cmdai, *words], env=box.env | env, cwd=box.project, capture_output=True, text=True)
    return done.returncode, done.stdout, done.stderr


def test_a_program_of_libexec_is_a_command(box):
    cmdai = installed(box)
    there = program(os.path.join(box.root, 'prefix/libexec/cmdai/cmdai-fleet'))
    status, out, err = run(box, cmdai, 'fleet', 'a b', '--help', '')
    same((status, err), (7, ''))
    same(os.path.realpath(out.split('|')[0]), there)
    same(out.split('|')[1:], ['a b', '--help', '', box.env['CMDAI_SOCKET'], ''])


def test_nothing_else_is(box):
    cmdai = installed(box)
    for place in ('path/cmdai-fleet', 'prefix/bin/cmdai-fleet', 'prefix/libexec/cmdai-fleet', 'home/project/cmdai-fleet'): program(os.path.join(box.root, place))
    status, _, err = run(box, cmdai, 'fleet', PATH=os.path.join(box.root, 'path') + ':/usr/bin:/bin')
    same(status, 2)
    holds(err, 'unknown command `fleet`')
    # Our own commands and programs stay what they are, and a name is no path.
    for name in ('status', 'policy', 'agent', 'sh', 'evil'): program(os.path.join(box.root, 'prefix/libexec/cmdai', f'cmdai-{name}'))
    for words in (['policy', 'x'], ['agent'], ['sh'], ['../cmdai/cmdai-evil'], ['x/../evil'], ['Evil']): same(run(box, cmdai, *words)[0], 2, words)
    check(run(box, cmdai, 'status')[0] == 3)


def test_one_that_cannot_be_run_is_told(box):
    cmdai = installed(box)
    with open(program(os.path.join(box.root, 'prefix/libexec/cmdai/cmdai-bad')), 'w') as file: file.write('#!/no/such/interpreter\n')
    status, _, err = run(box, cmdai, 'bad')
    same(status, 3)
    holds(err, 'cannot be run')


main()
