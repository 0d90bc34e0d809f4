#!/usr/bin/python3
"""cmdai --help, the manual page, the completions: what the table of commands gives, and what a wrong word gets.

usage: help_test.py CMDAI [TEST…]
"""
import os, re, shutil, subprocess, sys, tempfile
import support
from support import Skip, check, holds, refuses, same

COMMANDS = ['init', 'shell', 'check', 'explain', 'status', 'doctor', 'log', 'rules list', 'rules show', 'rules test',
            'policy check', 'policy trust', 'policy untrust', 'policy schema', 'policy template list', 'policy template show',
            'policy template use', 'allow', 'start', 'stop', 'reload', 'completions', 'version',
            'help', 'debug parse']
HIDDEN = ['debug parse']
SHELLS = ['bash', 'zsh', 'fish']


def test_overview_names_every_command(box):
    r = box.run('--help')
    same((r.status, r.err), (0, ''), r)
    for command in COMMANDS:
        if command not in HIDDEN: check(re.search(rf'^  {command} ', r.out, re.M), f'{command} is not in\n{r.out}')
    holds(r.out, 'exit status', 'examples:')
    same(box.run('-h').out, r.out)
    same(box.run('help').out, r.out)


def test_no_word_at_all_is_a_usage_error(box):
    r = box.run()
    same((r.status, r.out), (2, ''), r)
    holds(r.err, 'usage: cmdai')


def test_every_command_has_help_with_examples(box):
    for command in COMMANDS:
        for flag in ('--help', '-h'):
            r = box.run(*command.split(), flag)
            same((r.status, r.err), (0, ''), f'{command}: {r}')
            holds(r.out, f'usage: cmdai {command}', 'options:', 'examples:', 'exit status:', '-h, --help')
            check('cmdai' in r.out.split('examples:')[1].split('exit status')[0], r.out)
        same(box.run('help', *command.split()).out, r.out, command)


def test_help_wins_over_missing_operands(box):
    same(box.run('rules', 'show', '--help').status, 0)
    same(box.run('check', '--shell', 'fish', '--help').status, 0)


def test_help_after_two_dashes_is_a_command(box):
    r = box.run('check', '--local', '--', '--help')
    same((r.status, r.out), (0, 'allow\n'), r)


def test_groups(box):
    for group in ('rules', 'policy', 'policy template'):
        r = box.run(*group.split(), '--help')
        same(r.status, 0, r)
        holds(r.out, f'cmdai {group}')
        same(box.run('help', *group.split()).out, r.out)
        refuses(box.run(*group.split()), 2, f'`{group}` needs one of')
    refuses(box.run('policy', 'template', 'lst'), 2, 'unknown command `policy template lst`', 'hint: did you mean `policy template list`?')
    refuses(box.run('rules', 'lst'), 2, 'unknown command `rules lst`', 'hint: did you mean `rules list`?')


def test_unknown_command(box):
    refuses(box.run('chek'), 2, 'unknown command `chek`', 'hint: did you mean `cmdai check`?')
    refuses(box.run('frobnicate'), 2, 'unknown command `frobnicate`', 'hint: ')
    refuses(box.run('help', 'chek'), 2, 'unknown command `chek`')
    refuses(box.run(''), 2, 'unknown command')
    refuses(box.run('\x1b[31mred'), 2, 'unknown command')
    check('\x1b' not in box.run('\x1b[31mred').err)


def test_unknown_option(box):
    refuses(box.run('check', '--jsn', 'ls'), 2, 'unknown option `--jsn`', 'did you mean `--json`?')
    refuses(box.run('check', '-Z', 'ls'), 2, 'unknown option `-Z`', 'hint: ')
    refuses(box.run('--verison'), 2, 'unknown option `--verison`')
    refuses(box.run('check', '--json=yes', 'ls'), 2, '`--json` takes no value')
    refuses(box.run('check', '--shell'), 2, '`--shell` needs a value')
    refuses(box.run('log', '-n'), 2, '`-n` needs a value')


def test_words_that_are_not_taken_are_refused(box):
    for words in (['status', 'x'], ['start', 'x'], ['stop', 'x'], ['reload', 'x'], ['doctor', 'x'], ['log', 'x'], ['version', 'x'],
                  ['rules', 'list', 'x'], ['rules', 'show'], ['rules', 'show', 'a', 'b'], ['policy', 'check'], ['policy', 'trust', 'a', 'b'], ['policy', 'template', 'list', 'x'],
                  ['policy', 'template', 'show'], ['policy', 'template', 'use'], ['policy', 'template', 'use', 'sre', 'x'],
                  ['init'], ['init', 'bash', 'zsh'], ['shell', 'bash', 'zsh'], ['completions'], ['allow'], ['allow', 'a', 'b']):
        r = box.run(*words)
        refuses(r, 2, 'hint: ')


def test_version(box):
    r = box.run('version')
    same((r.status, r.err), (0, ''))
    check(re.fullmatch(r'cmdai \d+\.\d+\.\d+\n', r.out), r.out)
    same(box.run('--version').out, r.out)


def test_unknown_shell(box):
    for command in ('init', 'completions', 'shell'):
        refuses(box.run(command, 'zhs'), 2, 'unknown shell `zhs`', 'did you mean `zsh`? there are hooks for bash, zsh and fish')
        refuses(box.run(command, 'powershell'), 2, 'unknown shell `powershell`', 'bash, zsh and fish')


def test_init_says_what_a_shell_has_not(box):
    refuses(box.run('init', 'bash', '--strict'), 2, 'only zsh has a strict mode', 'hint: ')
    refuses(box.run('init', 'fish', '--without-builtin'), 2, 'only the hook for bash has a builtin', 'hint: ')
    for words in (('zsh', '--strict'), ('bash', '--without-builtin')):
        refuses(box.run('init', '--non-interactive', *words), 2, 'goes with no other option', 'hint: ')
        same(box.run('init', *words).status, 0)


def test_init_prints_a_hook_the_shell_can_read(box):
    client = os.path.join(os.path.dirname(support.CMDAI), '../../shell-hooks/client/cmdai-hook')
    for shell in SHELLS:
        r = box.run('init', shell)
        if not os.path.exists(client):
            refuses(r, 2, '`cmdai-hook` was not found', 'hint: ')
            continue
        same((r.status, r.err), (0, ''), r)
        check(not re.search(r'@[A-Z_]+@', r.out), f'a placeholder is left in the {shell} hook')
        holds(r.out, os.path.realpath(client))
        reads(shell, r.out)


def reads(shell, script):
    """The shell itself says whether it can read a script."""
    if not shutil.which(shell): return print(f'skipped: {shell} is not installed')
    done = subprocess.run([shell, '-n'], input=script.encode(), capture_output=True)
    same((done.returncode, done.stderr), (0, b''), shell)


def test_completions_are_valid_scripts(box):
    for shell in SHELLS:
        r = box.run('completions', shell)
        same((r.status, r.err), (0, ''), r)
        reads(shell, r.out)


def run_shell(shell, *words, script='', cwd='/'):
    if not shutil.which(shell): raise Skip(f'{shell} is not installed')
    env = {'PATH': os.path.dirname(support.CMDAI) + ':/usr/bin:/bin', 'HOME': cwd, 'TERM': 'dumb', 'LANG': 'C.UTF-8'}
    done = subprocess.run([shell, *words, script], stdin=subprocess.DEVNULL, capture_output=True, cwd=cwd, env=env, timeout=120)
    same(done.stderr.decode(), '', f'{shell} complained')
    return done.stdout.decode().split()


def bash_completes(box, *words):
    listed = ' '.join(f"'{w}'" for w in words)
    return run_shell('bash', '--norc', '-c', script=f'. <(cmdai completions bash); COMP_WORDS=({listed}); COMP_CWORD={len(words) - 1}; '
                     '_cmdai; printf "%s\\n" "${COMPREPLY[@]}"', cwd=box.project)


def test_bash_completes_commands_options_and_values(box):
    first = bash_completes(box, 'cmdai', '')
    for command in COMMANDS:
        if command not in HIDDEN: check(command.split()[0] in first, first)
    same(bash_completes(box, 'cmdai', 'exp'), ['explain'])
    same(sorted(bash_completes(box, 'cmdai', 'rules', '')), ['list', 'show', 'test'])
    same(sorted(bash_completes(box, 'cmdai', 'policy', '')), ['check', 'effective', 'schema', 'template', 'trust', 'untrust'])
    same(sorted(bash_completes(box, 'cmdai', 'policy', 'template', '')), ['list', 'show', 'use'])
    same(bash_completes(box, 'cmdai', 'policy', 'template', 'use', 'sr'), ['sre'])
    same(bash_completes(box, 'cmdai', 'policy', 'template', 'use', '--dr'), ['--dry-run'])
    check('--jsonl' in bash_completes(box, 'cmdai', 'check', '--js'))
    same(bash_completes(box, 'cmdai', 'init', 'z'), ['zsh'])
    same(bash_completes(box, 'cmdai', 'check', '--shell', 'f'), ['fish'])
    same(bash_completes(box, 'cmdai', 'log', '--action', 'sto'), ['stopped'])
    check('--json' in bash_completes(box, 'cmdai', 'rules', 'list', '--'))


def test_fish_completes_commands_options_and_values(box):
    def completes(line):
        out = run_shell('fish', '--no-config', '-c', script=f"cmdai completions fish | source; complete -C '{line}' | string replace -r '\\t.*' ''", cwd=box.project)
        return out
    first = completes('cmdai ')
    for command in COMMANDS:
        if command not in HIDDEN: check(command.split()[0] in first, first)
    same(completes('cmdai expl'), ['explain'])
    same(sorted(completes('cmdai rules ')), ['list', 'show', 'test'])
    same(sorted(completes('cmdai policy ')), ['check', 'effective', 'schema', 'template', 'trust', 'untrust'])
    same(sorted(completes('cmdai policy template ')), ['list', 'show', 'use'])
    same(completes('cmdai policy template use sr'), ['sre'])
    same(completes('cmdai policy template use --dry'), ['--dry-run'])
    same(completes('cmdai check --jsonl'), ['--jsonl'])
    same(completes('cmdai init z'), ['zsh'])
    same(completes('cmdai check --shell f'), ['fish'])
    same(completes('cmdai log --action sto'), ['stopped'])


def test_zsh_completion_loads_as_a_function(box):
    folder = os.path.join(box.root, 'functions')
    os.mkdir(folder)
    with open(os.path.join(folder, '_cmdai'), 'w') as file: file.write(box.run('completions', 'zsh').out)
    # As compinit finds it in fpath, and as a person sources it.
    out = run_shell('zsh', '-f', '-c', script=f'fpath=({folder} $fpath); autoload -U compinit && compinit -D -d {folder}/dump; '
                    'print $_comps[cmdai]; autoload +X _cmdai && print ${+functions[_cmdai]}', cwd=box.project)
    same(out, ['_cmdai', '1'])
    out = run_shell('zsh', '-f', '-c', script='autoload -U compinit && compinit -D; source <(cmdai completions zsh); print $_comps[cmdai] ${+functions[_cmdai]}',
                    cwd=box.project)
    same(out, ['_cmdai', '1'])


def zsh_completes(box, line):
    """What Tab lists in a real zsh in a terminal."""
    import pty, select, time
    if not shutil.which('zsh'): raise Skip('zsh is not installed')
    pid, fd = pty.fork()
    if pid == 0:
        os.chdir(box.project)
        os.execve('/usr/bin/env', ['env', '-i', f'HOME={box.home}', 'TERM=dumb', f'PATH={os.path.dirname(support.CMDAI)}:/usr/bin:/bin',
                                   'LANG=C.UTF-8', 'PS1=> ', 'zsh', '-f', '-i'], {})
    text = ''

    def until(mark, start=0):
        nonlocal text
        end = time.monotonic() + support.DEADLINE
        while mark not in text[start:]:
            if time.monotonic() > end: raise AssertionError(f'no {mark!r} on the screen:\n{text}')
            if select.select([fd], [], [], 0.2)[0]: text += os.read(fd, 65536).decode('utf8', 'replace')

    try:
        folder = os.path.join(box.root, 'functions')
        until('> ')
        os.write(fd, f"fpath=({folder} $fpath); autoload -U compinit && compinit -D; LISTMAX=9999; zstyle ':completion:*' verbose no; print rea''dy\n".encode())
        until('ready')
        at = len(text)
        # Accepts the line with what Tab made of it, without running cmdai: echo shows it.
        os.write(fd, b'cmdai() { print -r -- "got:$*:" }; print defi""ned\n')
        until('defined', at)
        at = len(text)
        os.write(fd, line.encode() + b'\t')
        time.sleep(0)
        os.write(fd, b'\n')
        until(':\r\n', at)
        return re.search(r'got:(.*?):\r\n', text[at:]).group(1).strip()
    finally:
        os.close(fd)
        os.waitpid(pid, 0)


def test_zsh_completes_commands_options_and_values(box):
    folder = os.path.join(box.root, 'functions')
    os.mkdir(folder)
    with open(os.path.join(folder, '_cmdai'), 'w') as file: file.write(box.run('completions', 'zsh').out)
    for line, want in [('cmdai expl', 'explain'), ('cmdai rules li', 'rules list'), ('cmdai init z', 'init zsh'), ('cmdai check --jsonl', 'check --jsonl'),
                       ('cmdai check --shell f', 'check --shell fish'), ('cmdai log --action sto', 'log --action stopped'),
                       ('cmdai rules list --js', 'rules list --json'), ('cmdai policy temp', 'policy template'),
                       ('cmdai policy template us', 'policy template use'), ('cmdai policy template use sol', 'policy template use solo-developer'),
                       ('cmdai policy template use --dr', 'policy template use --dry-run')]:
        same(zsh_completes(box, line), want, line)


def test_manual_page(box):
    r = box.run('debug', 'man')
    same((r.status, r.err), (0, ''), r)
    for command in COMMANDS:
        if command not in HIDDEN: holds(r.out, f'cmdai {command}')
    # Every option of every command is in it, as the help shows it.
    for command in COMMANDS:
        if command in HIDDEN: continue
        for option in re.findall(r'^  (?:-., |    )(--[a-z-]+)', box.run(*command.split(), '--help').out, re.M):
            if option != '--help': holds(r.out.replace('\\-', '-'), option)
    with tempfile.NamedTemporaryFile('w', suffix='.1') as page:
        page.write(r.out)
        page.flush()
        shown = rendered(page.name)
    holds(shown, 'NAME', 'EXIT STATUS', "cmdai check -- 'rm -rf build'", 'eval "$(cmdai init bash)"')


def rendered(path):
    """A manual page as a person reads it; troff must have nothing to say about it."""
    if not shutil.which('man'): raise Skip('man is not installed: the page was not rendered')
    done = subprocess.run(['man', '--warnings=w', '-l', path], capture_output=True, timeout=120,
                          env={'PATH': '/usr/bin:/bin', 'LANG': 'C.UTF-8', 'MANPAGER': 'cat', 'MANWIDTH': '80', 'TERM': 'dumb'})
    same((done.returncode, done.stderr.decode()), (0, ''))
    return re.sub(r'\x1b\[[0-9;]*m|.\x08', '', done.stdout.decode())


def test_manual_page_of_the_daemon(box):
    folder = os.path.dirname(os.path.abspath(__file__))
    shown = rendered(os.path.join(folder, '../../docs/man/cmdaid.8'))
    daemon = os.path.join(os.path.dirname(support.CMDAI), '../cmdaid/cmdaid')
    for option in re.findall(r'^  (--[a-z-]+)', subprocess.run([daemon, '--help'], capture_output=True, check=True).stdout.decode(), re.M):
        holds(shown, option)


if __name__ == '__main__':
    support.main()
