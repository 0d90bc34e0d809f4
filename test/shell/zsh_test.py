#!/usr/bin/python3
"""The zsh hook in a real zsh. usage: zsh_test.py CMDAI [WORD...]: only tests whose names hold a word"""
import plan_cases
from cases import *

# zsh(name, keys, runs): typed with `evil` it must not run, with `fine` as often as said.
TESTS, zsh, alone = suite('zsh', POSIX)

zsh('alias', ['my a'], rc="alias my='PROGRAM'")
zsh('alias after do', ['for i in 1; do my a; done'], rc="alias my='PROGRAM'")
zsh('alias in an eval', ["eval 'my a'"], rc="alias my='PROGRAM'")
zsh('global alias', ['echo a G'], rc="alias -g G='| PROGRAM a'")
zsh('suffix alias', ['thing.evilness'], rc="alias -s evilness='PROGRAM a'")
zsh('history: !!', ['PROGRAM a', '!!'], 2)
zsh('coproc', ['coproc PROGRAM a', 'sleep 0.2'])
zsh('short for', ['for i (1) PROGRAM a'])
zsh('short if', ['if [[ 1 == 1 ]] PROGRAM a'])
zsh('anonymous function', ['() { PROGRAM a }'])
zsh('always', ['{ : } always { PROGRAM a }'])
zsh('=( )', ['cat =(PROGRAM a)'])
zsh('=command', ['=PROGRAM a'])
zsh('noglob', ['noglob PROGRAM a'])
zsh('C-j', [b'PROGRAM a\n'])
zsh('C-o', [b'PROGRAM a\x0f'])
zsh('Ctrl-R then Enter', [b'PROGRAM a #\r', b'\x12PROGRAM\r'], 2, rc='bindkey -e; setopt interactive_comments')
KILL = '; bindkey "^U" kill-whole-line'  # vi's own C-u takes only what was typed since it was put back
zsh('vi mode', ['PROGRAM a'], rc='bindkey -v' + KILL)
zsh('bracketed paste of two statements', [b'\x1b[200~true\nPROGRAM a\x1b[201~\r'])
zsh('raw paste', [b'true\rPROGRAM a\r'])
zsh('history off', ['PROGRAM a'], rc='HISTSIZE=0; unset HISTFILE')
zsh('hist_ignore_space, hist_verify off', [' PROGRAM a'], rc='setopt hist_ignore_space hist_ignore_all_dups')
zsh('no line editor', ['PROGRAM a'], rc='unsetopt zle')
zsh('nounset, noclobber, IFS', ['PROGRAM a'], rc='setopt nounset noclobber; IFS=x')
zsh('ksh and sh options', ['PROGRAM a'], after='setopt ksh_arrays sh_word_split no_bare_glob_qual')
zsh('xtrace', ['PROGRAM a'], rc='setopt xtrace')
zsh('INT trapped', ['PROGRAM a'], after="trap '' INT")
zsh('TRAPINT that returns 0', ['PROGRAM a'], after='TRAPINT() { return 0 }')
zsh('other preexec functions, put first', ['PROGRAM a'], after='preexec_functions=(true $preexec_functions)')
zsh('debugbeforecmd off', ['PROGRAM a'], rc='unsetopt debug_before_cmd')
zsh('sourced twice', ['PROGRAM a'], after='eval "$(@CMDAI@ init zsh)"')
zsh('aliases over what the hook uses', ['PROGRAM a'], rc="alias local=false print=false emulate=false builtin=false typeset=false setopt=false")
zsh('an environment from a guarded parent', ['PROGRAM a'], env={'CMDAI_SESSION': 'zsh-1-1-1', 'CMDAI_SHELL': '1'})
zsh('no socket module: through the client', ['PROGRAM a'], after='__cmdai_socket=0')
zsh('TERM=dumb', ['PROGRAM a'], env={'TERM': 'dumb'})


zsh('no comments: # is a word', ['echo # && PROGRAM a'], 1, rc='unsetopt interactive_comments')
zsh('readonly match', ['readonly match', 'PROGRAM a'])


@alone('$? and pipestatus are as without a hook')
def test_state(box, shell):
    shown = shell.line("(exit 3)\recho \"<$?>\"\r(exit 4) | (exit 5)\recho \"<$pipestatus>\"\rtrue one two\recho \"<$_>\"")
    for part in ('<3>', '<4 5>', '<two>'): check(part in shown, f'{part}\n{shown}')


@alone('Esc-a accepts a line, too', rc='bindkey -e')
def test_accept_and_hold(box, shell):
    start = shell.mark()
    shell.send('evil a\x1ba')
    shell.refused('rule test.evil', start)
    shell.done()
    same(box.ran('evil'), [], shell.screen())


@alone('a daemon that hangs, and a line larger than a socket buffer')
def test_hung_large(box, shell):
    shell.line('fine a')
    pid = int(re.search(r'"pid":"?(\d+)', box.cmdai('status', '--json').stdout).group(1))
    os.kill(pid, signal.SIGSTOP)
    try:
        start = shell.mark()
        shell.send('\x1b[200~evil ' + 'x' * 230000 + '\x1b[201~')
        shell.send('\r')
        shell.see('rule test.evil', start)
    finally:
        os.kill(pid, signal.SIGCONT)
    same(box.ran('evil'), [])


@alone('what patterns matched is left alone')
def test_match(box, shell):
    shown = shell.line("setopt extended_glob; [[ abc == (#b)a(*) ]]\rprint \"<$match>\"")
    check('<bc>' in shown, shown)


@alone('comments are comments where they are switched on', rc='setopt interactive_comments')
def test_comments(box, shell):
    shown = shell.line('fine a # && evil b')
    check('cmdai' not in shown, shown)
    same(markers_of(box), ['a'])


@alone('a refused line is in the history once, and put back for editing')
def test_history(box, shell):
    start = shell.mark()
    shell.send('evil one\r')
    shell.see('to run it once all the same', start)
    after = shell.mark()
    shell.see('@@ evil one', start)
    shell.send('\x15')
    shell.done()
    shown = shell.line('fc -l 1 | grep -c "evil one$"')
    check('\n1\n' in shown, shown)


@alone('what is typed ahead is not added to a refused line')
def test_typeahead(box, shell):
    start = shell.mark()
    shell.send('sleep 1\revil one\rfine ahead\r')
    shell.wait(lambda t: 'rule test.evil' in plain(t[start:]), 'the refusal')
    shell.wait(lambda _: 'ahead' in box.ran('fine'), '`fine ahead` to run')
    same(box.ran('evil'), [])


NAMES = names_of_the_hook('cmdai.zsh')


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
    shown = shell.line('setopt rm_star_silent; rm -rf "$DIR"/*')
    check('cmdai' not in shown, shown)
    check(not os.path.exists(os.path.join(box.home, 'work/out/x')), shown)


@alone('no process is started for an allowed line')
def test_no_fork(box, shell):
    # With the client taken away only the socket is left.
    shell.answer('__cmdai_client=/nonexistent', 'y', 'yes')
    shown = shell.line('fine a')
    check('NOT GUARDED' not in shown, shown)
    same(markers_of(box), ['a'])


@alone('unfunction of the hook is asked about')
def test_unhook(box, shell):
    shown = shell.answer('unfunction __cmdai_preexec', 'n', 'no')
    check('rule self.disable' in shown, shown)
    shell.line('evil a')
    same(box.ran('evil'), [], 'the hook is gone although the answer was no')


zsh('errexit', ['PROGRAM a'], after='setopt err_exit')
zsh('err_return, nounset, noglob, IFS', ['PROGRAM a'], after='setopt err_return nounset noglob; IFS=x')
zsh('emulate sh', ['PROGRAM a'], after='emulate sh')
zsh('emulate ksh, typed', ['emulate ksh', 'PROGRAM a'])
zsh('glob qualifier that runs code', ["echo *(e:'PROGRAM a':)"], rc='touch one')
zsh('vi mode, switched on later', ['bindkey -v', 'PROGRAM a'])
zsh('vi command mode', [b'PROGRAM a\x1b', b'\r'], rc='bindkey -v; KEYTIMEOUT=1' + KILL + '; bindkey -a "^U" kill-whole-line')
zsh('accept-and-infer-next-history', ['PROGRAM a', 'true x', {'prompts': 2}, b'PROGRAM a\x18\x0e', b'\x15'], 2, rc='bindkey -e; bindkey "^X^N" accept-and-infer-next-history')
zsh('typed ahead', [b'sleep 0.3\rPROGRAM a\r'])
zsh('history: !PROGRAM', ['PROGRAM a', '!PROGRAM', '!-1 b'], 3)
TESTS += [('zsh: edit-command-line: what the editor leaves is judged', plan_cases.editor(
    'x\x18\x05', rc='bindkey -e', after='autoload -Uz edit-command-line; zle -N edit-command-line; bindkey "^X^E" edit-command-line')('zsh'))]


@alone('a bad history event runs nothing, and the shell goes on')
def test_bad_event(box, shell):
    start = shell.mark()
    shell.send('evil a !nosuchevent\r')
    shell.see('event not found', start)
    shell.send('\x15')
    shell.line('fine a')
    same(markers_of(box), ['a'])
    same(box.ran('evil'), [])


TESTS += plan_cases.common('zsh')
run(TESTS)
