#!/usr/bin/python3
"""cmdai policy template: what there is, what it says, and that putting one in force loses nothing.

usage: template_test.py CMDAI [TEST…]
"""
import glob, json, os, re, resource, signal, stat, subprocess, time
import support
from support import check, holds, refuses, same

FOLDER = os.path.join(os.path.dirname(os.path.abspath(__file__)), '../../config/templates')
NAMES = ['careful-beginner', 'ci-runner', 'data-scientist', 'solo-developer', 'sre']
OLD = '# mine\n[profile]\nhuman = "strict"\n'


def text_of(name):
    with open(os.path.join(FOLDER, name + '.toml'), encoding='utf8') as file: return file.read()


def read(path):
    with open(path, encoding='utf8') as file: return file.read()


def use(box, *words, **more): return box.run('policy', 'template', 'use', *words, **more)


def decision(box, command, *words): return json.loads(box.run('check', '--json', '--local', *words, '--', command).out)['decision']


def files(box): return sorted(os.listdir(box.config('')))


def test_the_list(box):
    r = box.run('policy', 'template', 'list')
    same((r.status, r.err), (0, ''), r)
    rows = r.out.splitlines()
    same([row.split()[0] for row in rows], NAMES)
    same(NAMES, sorted(os.path.basename(path)[:-5] for path in glob.glob(FOLDER + '/*.toml')), 'a template that is not built in')
    for row in rows: check(re.fullmatch(r'[a-z-]+ +\S.*\.', row) and len(row) <= 80, row)


def test_what_is_shown_is_the_file(box):
    for name in NAMES: same(box.run('policy', 'template', 'show', name).out, text_of(name), name)


def test_every_template_is_taken_and_its_examples_hold(box):
    for name in NAMES:
        r = box.run('policy', 'check', os.path.join(FOLDER, name + '.toml'))
        same((r.status, r.err), (0, ''), r)
        check(re.search(r'fine: a configuration with \d+ rules in force\n(\d\d+) examples hold, 0 do not\n', r.out), r.out)


def test_unknown_names(box):
    for verb in ('show', 'use'):
        refuses(box.run('policy', 'template', verb, 'ser'), 2, 'no template is called `ser`', 'hint: did you mean `sre`?')
        refuses(box.run('policy', 'template', verb, 'xyzzy-xyzzy'), 2, 'hint: there are careful-beginner, ci-runner')
        refuses(box.run('policy', 'template', verb), 2, 'name one template', 'hint: ')
    check('\x1b' not in box.run('policy', 'template', 'show', '\x1b[2J').err)
    check(not os.path.exists(box.config('')))


def test_first_use(box):
    r = use(box, 'solo-developer', '--yes')
    same((r.status, r.err), (0, ''), r)
    holds(r.out, '--- /dev/null\n+++ template solo-developer\n@@ -0,0 +1,', '\n+[profile]\n', f'{box.config("config.toml")} is the template solo-developer now', 'running daemon')
    same(read(box.config('config.toml')), text_of('solo-developer'))
    same(files(box), ['config.toml'])
    same(stat.S_IMODE(os.stat(box.config('config.toml')).st_mode), 0o600)
    same((decision(box, 'git push'), decision(box, 'git push', '--actor', 'agent:x')), ('allow', 'ask'))


def test_what_was_there_is_kept(box):
    path = box.write(box.config('config.toml'), OLD)
    allow = box.write(box.config('allow.toml'), '[[allow]]\ncommand = "git push -f"\n')
    r = use(box, 'sre', '-y')
    same((r.status, r.err), (0, ''), r)
    holds(r.out, f'--- {path}\n+++ template sre\n', '\n-# mine\n', f'what it was: {path}.bak-1\n')
    same(read(path + '.bak-1'), OLD)
    same(stat.S_IMODE(os.stat(path + '.bak-1').st_mode), 0o600)
    same(use(box, 'ci-runner', '-y').status, 0)
    same(read(path + '.bak-2'), text_of('sre'))
    same(files(box), ['allow.toml', 'config.toml', 'config.toml.bak-1', 'config.toml.bak-2'])
    same(read(allow), '[[allow]]\ncommand = "git push -f"\n')
    same(decision(box, 'git push -f'), 'allow')
    # The way back.
    os.rename(path + '.bak-1', path)
    same(box.run('policy', 'check', path).status, 0)


def test_the_same_again_changes_nothing(box):
    use(box, 'sre', '--yes')
    for words in (['sre'], ['sre', '--yes'], ['sre', '--dry-run']):
        r = use(box, *words)
        same((r.status, r.err), (0, ''), r)
        same(r.out, f'{box.config("config.toml")} is this template already\n')
    same(files(box), ['config.toml'])


def test_dry_run(box):
    r = use(box, 'sre', '--dry-run')
    same((r.status, r.err), (0, ''), r)
    holds(r.out, '+++ template sre')
    check(not os.path.exists(box.config('')))
    path = box.write(box.config('config.toml'), OLD)
    r = use(box, 'sre', '-n', '--yes')  # shows only, whatever else is said
    same(r.status, 0, r)
    same((read(path), files(box)), (OLD, ['config.toml']))


def test_the_difference_is_one(box):
    """`patch` makes the template of it."""
    path = box.write(box.config('config.toml'), OLD + '\n'.join(text_of('sre').splitlines()[20:40]))
    done = subprocess.run(['patch', '-o', '-', path], input=use(box, 'sre', '--dry-run').out.encode(), capture_output=True) if os.path.exists('/usr/bin/patch') else None
    if done is None: raise support.Skip('patch is not installed')
    same((done.returncode, done.stdout.decode()), (0, text_of('sre')), done)


def test_without_a_terminal_nobody_can_be_asked(box):
    path = box.write(box.config('config.toml'), OLD)
    for stdin in (None, 'y\n'):
        refuses(use(box, 'sre', stdin=stdin), 1, 'no terminal to ask at', 'hint: look with `--dry-run`, then say `--yes`')
    same((read(path), files(box)), (OLD, ['config.toml']))


def test_at_a_terminal_it_asks(box):
    path = box.write(box.config('config.toml'), OLD)
    for typed in ('n\n', '\n', 'what?\n', '\x04'):
        r = box.run_in_terminal('policy', 'template', 'use', 'sre', typed=typed, env={'NO_COLOR': '1'})
        same(r.status, 1, r)
        holds(r.out, '\n-# mine\n', f'Change {path}? [y/N] ', 'cmdai: nothing was changed')
        same((read(path), files(box)), (OLD, ['config.toml']))
    r = box.run_in_terminal('policy', 'template', 'use', 'sre', typed='y\n')
    same(r.status, 0, r)
    holds(r.out, '\x1b[31m-# mine\x1b[0m', 'is the template sre now')
    same((read(path), read(path + '.bak-1')), (text_of('sre'), OLD))


def test_exceptions_that_end_are_told(box):
    box.write(box.config('config.toml'), '[[allow]]\ncommand = "git push -f"\n')
    holds(use(box, 'sre', '--dry-run').err, 'note: 1 exception of your own in this file ends')


def test_a_broken_configuration_can_be_replaced(box):
    path = box.write(box.config('config.toml'), '[profile\n\x1b[2J')
    r = use(box, 'sre', '--yes')
    same((r.status, r.err), (0, ''), r)
    check('\x1b' not in r.out, r.out)
    same(read(path), text_of('sre'))
    same(box.run('check', '--local', '--', 'ls').err, '')


def test_what_would_not_be_taken_is_not_put_in_force(box):
    """A rule of one's own with the same id: the policy as a whole would be broken."""
    path = box.write(box.config('config.toml'), OLD)
    pack = re.search(r'^\[\[rule\]\].*?^pass = .*?\n(?=\n)', text_of('solo-developer'), re.S | re.M)[0]
    box.write(box.config('rules/mine.toml'), 'family = "solo"\n' + pack)
    refuses(use(box, 'solo-developer', '--yes'), 2, 'the id `solo.agent-pushes` is taken', 'nothing was changed')
    same((read(path), files(box)), (OLD, ['config.toml', 'rules']))


def test_other_places(box):
    place = os.path.join(box.root, 'xdg')
    same(use(box, 'sre', '--yes', env={'XDG_CONFIG_HOME': place}).status, 0)
    same(os.listdir(place + '/cmdai'), ['config.toml'])
    check(not os.path.exists(box.config('')))


def test_a_directory_in_its_place(box):
    os.makedirs(box.config('config.toml'))
    refuses(use(box, 'sre', '--yes'), 2, 'config.toml', 'is a directory')


def test_a_read_only_home(box):
    """Root writes everywhere: a file in the way stands for it, and where that is possible a directory that takes nothing."""
    with open(os.path.join(box.home, '.config'), 'w') as file: file.write('')
    r = use(box, 'sre', '--yes')
    same(r.status, 2, r)
    holds(r.err, '.config/cmdai')
    check('is the template' not in r.out, r.out)
    if os.geteuid() == 0: return
    os.unlink(os.path.join(box.home, '.config'))
    path = box.write(box.config('config.toml'), OLD)
    os.chmod(box.config(''), 0o500)
    r = use(box, 'sre', '--yes')
    same(r.status, 2, r)
    holds(r.err, 'cannot be written: Permission denied')
    same((read(path), files(box)), (OLD, ['config.toml']))


def test_a_full_disk(box):
    """A file-size limit stands for it: the write fails half-way. What was there stays, and nothing half-written."""
    path = box.write(box.config('config.toml'), OLD)

    def use_with(limit):
        def set_limit():
            signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
            resource.setrlimit(resource.RLIMIT_FSIZE, (limit, limit))
        return subprocess.run([support.CMDAI, 'policy', 'template', 'use', 'sre', '--yes'], env=box.env, cwd=box.project, stdin=subprocess.DEVNULL,
                              capture_output=True, preexec_fn=set_limit, restore_signals=False, timeout=support.DEADLINE)

    # Neither the backup fits, nor (with room for that) the new file.
    for limit in (10, 400):
        done = use_with(limit)
        same(done.returncode, 2, done)
        holds(done.stderr.decode(), 'cannot be written', box.config(''))
        same((read(path), files(box)), (OLD, ['config.toml']), limit)


def test_a_running_daemon_takes_it_up(box):
    same(box.run('start').status, 0)
    ask = lambda: json.loads(box.run('check', '--json', '--', 'kubectl --context prod delete deployment web').out)['decision']
    same(ask(), 'ask')
    same(use(box, 'sre', '--yes').status, 0)
    end = time.monotonic() + support.DEADLINE
    while ask() != 'block':
        check(time.monotonic() < end, 'the daemon did not take it up')
        time.sleep(0.1)


def test_an_agent_does_not_choose_its_own_rules(box):
    for command, want in (('cmdai policy template use solo-developer --yes', 'block'), ('cmdai policy template show sre', 'allow'),
                          ('cmdai policy template use sre --dry-run', 'allow')):
        same(decision(box, command, '--actor', 'agent:x'), want, command)
        same(decision(box, command), 'allow', command)


if __name__ == '__main__':
    support.main()
