#!/usr/bin/python3
"""cmdai rules, policy and allow: what is in force, what a broken file gets, exceptions and trust.

usage: policy_test.py CMDAI [TEST…]
"""
import json, os, re, resource, signal, stat, subprocess
import support
from support import check, holds, refuses, same

PACK = '''family = "mine"

[[rule]]
id = "mine.no-ls"
severity = "low"
title = "this lists files"
why = "Because a test wants it."
hint = "use your memory"
action = "ask"
when = { call = { program = "ls" } }
stop = ["ls", "ls -l"]
pass = ["echo ls"]
'''


def decision(box, command, *words, **more):
    return json.loads(box.run('check', '--json', '--local', *words, '--', command, **more).out)['decision']


def test_rules_list(box):
    r = box.run('rules', 'list')
    same((r.status, r.err), (0, ''), r)
    rows = r.out.splitlines()
    check(len(rows) > 50, r.out)
    check(re.match(r'rule +severity +person +agent +what it stops$', rows[0]), rows[0])
    check(any(re.match(r'fs\.delete-home +critical +block +block ', row) for row in rows), r.out)
    listed = [json.loads(line) for line in box.run('rules', 'list', '--json').out.splitlines()]
    same([rule['id'] for rule in listed], [row.split()[0] for row in rows[1:]])
    for rule in listed:
        check(rule['title'] and rule['why'] and rule['hint'] and rule['human'] in ('allow', 'warn', 'ask', 'block'), rule)


def test_rules_show(box):
    r = box.run('rules', 'show', 'git.push-force')
    same((r.status, r.err), (0, ''), r)
    holds(r.out, 'git.push-force: ', 'hint: ', 'examples:', 'git push --force')
    same(json.loads(box.run('rules', 'show', '--json', 'git.push-force').out)['id'], 'git.push-force')
    refuses(box.run('rules', 'show', 'git.push-forc'), 2, 'no rule is called `git.push-forc`', 'did you mean `git.push-force`?')
    refuses(box.run('rules', 'show', 'xyzzy'), 2, 'hint: ')
    holds(box.run('rules', 'show', 'fs.delete-work').out, 'stops   rm -rf src  [loss: work]\n', 'passes  rm -rf src  [loss: nothing]\n', 'passes  rm -rf src\n')
    holds(box.run('rules', 'show', 'exec.downloaded-before').out, '  [after: ')
    holds(box.run('rules', 'show', 'git.push-force-own').out, '  [branch: own]\n')


def test_every_listed_rule_can_be_shown(box):
    for line in box.run('rules', 'list', '--json').out.splitlines()[::7]:
        rule = json.loads(line)
        holds(box.run('rules', 'show', rule['id']).out, rule['title'])


def test_rules_test(box):
    r = box.run('rules', 'test')
    same((r.status, r.err), (0, ''), r)
    check(re.fullmatch(r'(\d{3,}) examples hold, 0 do not\n', r.out), r.out)


def test_rules_test_counts_the_file_alone(box):
    path = box.write(box.root + '/mine.toml', PACK)
    r = box.run('rules', 'test', path)
    same((r.status, r.out), (0, '3 examples hold, 0 do not\n'), r)


def test_rules_test_names_what_does_not_hold(box):
    path = box.write(box.root + '/mine.toml', PACK.replace('stop = ["ls", "ls -l"]', 'stop = ["ls", "cat x"]').replace('"echo ls"', '"ls -a"'))
    r = box.run('rules', 'test', path)
    same(r.status, 1, r)
    holds(r.out, f'{path}:', 'mine.no-ls', '`cat x` must be stopped', '`ls -a` must pass', '1 examples hold, 2 do not')


def test_rules_test_missing_and_broken_file(box):
    refuses(box.run('rules', 'test', '/nowhere/x.toml'), 2, '/nowhere/x.toml: cannot be read: No such file')
    path = box.write(box.root + '/mine.toml', PACK.replace('severity = "low"', 'severity = "lo"'))
    refuses(box.run('rules', 'test', path), 2, f'{path}:5:', 'severity = "lo"', '^', 'hint: ')


def test_policy_check(box):
    for name, text, what in [('config.toml', '[profile]\nhuman = "strict"\n', 'a configuration'), ('mine.toml', PACK, 'a rule pack'),
                             ('.cmdai.toml', '[rules]\n"git.*" = "block"\n', 'a project file'),
                             ('allow.toml', '[[allow]]\ncommand = "git push -f"\n', 'an allow list'), ('empty.toml', '', 'a configuration')]:
        path = box.write(os.path.join(box.root, name), text)
        r = box.run('policy', 'check', path)
        same((r.status, r.err), (0, ''), r)
        holds(r.out, f'{path}: fine: {what}')


def test_a_configuration_with_rules_and_examples(box):
    text = PACK.replace('[[rule]]', '[profile]\nhuman = "strict"\n\n[[rule]]') + '\n[[example]]\ncommand = "git push --force"\nhuman = "block"\nagent = "ask"\n'
    path = box.write(box.config('config.toml'), text)
    copy = box.write(os.path.join(box.root, 'under-another-name.toml'), text)
    for file in (path, copy):
        r = box.run('policy', 'check', file)
        same((r.status, r.err), (0, ''), r)
        holds(r.out, f'{file}: fine: a configuration', '5 examples hold, 0 do not')
        same(box.run('rules', 'test', file).out, '5 examples hold, 0 do not\n')
    same((decision(box, 'ls'), decision(box, 'git push --force')), ('ask', 'block'))
    holds(box.run('rules', 'show', 'mine.no-ls').out, f'from      {path}:')
    box.write(path, text.replace('human = "strict"', 'human = "standard"'))
    r = box.run('policy', 'check', path)
    same(r.status, 1, r)
    holds(r.out, f'{path}:17: [[example]]: `git push --force` must be `block` for a person, but is `ask` by `git.push-force`', '4 examples hold, 1 do not')
    same(box.run('rules', 'test').status, 1)


def test_policy_check_points_at_the_place(box):
    for text, place, words in [('[profile]\nhuman = "strikt"\n', '2:', ['strikt', '^', 'did you mean `strict`?']), ('[profil]\nhuman = "strict"\n', '1:', ['profil', 'did you mean `profile`?']),
                               ('[rules]\n"git.push-force" = \n', '2:', ['^']), ('on_unavailable = "allow"\n', '1:', ['on_unavailable', '^'])]:
        path = box.write(os.path.join(box.root, 'config.toml'), text)
        refuses(box.run('policy', 'check', path), 2, f'{path}:{place}', *words)


def test_policy_check_of_several_files_says_the_worst(box):
    good = box.write(box.root + '/a.toml', '')
    bad = box.write(box.root + '/b.toml', 'x = [')
    r = box.run('policy', 'check', bad, good)
    same(r.status, 2, r)
    holds(r.out, f'{good}: fine')
    holds(r.err, f'{bad}:1:')


def test_policy_check_of_odd_files(box):
    refuses(box.run('policy', 'check', box.home), 2, 'is a directory')
    refuses(box.run('policy', 'check', '/nowhere'), 2, 'No such file')
    path = os.path.join(box.root, 'bytes.toml')
    with open(path, 'wb') as file: file.write(b'on_unavailable = "\xff\xfe\0"\n')
    refuses(box.run('policy', 'check', path), 2, f'{path}:')


def test_a_warning_is_told(box):
    path = box.write(box.root + '/config.toml', '[rules]\n"no.such-rule" = "block"\n')
    r = box.run('policy', 'check', path)
    same(r.status, 0, r)
    holds(r.err, 'warning: ', 'no.such-rule')


def test_own_rules_count(box):
    same(decision(box, 'ls'), 'allow')
    box.write(box.config('rules/mine.toml'), PACK)
    same(decision(box, 'ls'), 'ask')
    holds(box.run('rules', 'list').out, 'mine.no-ls')


def test_broken_configuration_keeps_the_built_in_rules(box):
    box.write(box.config('config.toml'), '[profile\n')
    r = box.run('rules', 'list')
    same(r.status, 0, r)
    holds(r.err, 'config.toml:1:', 'built-in rules')
    holds(r.out, 'fs.delete-home')
    same(decision(box, 'rm -rf ~'), 'block')
    r = box.run('check', '--local', '--', 'ls')
    same(r.status, 0, r)
    holds(r.err, 'config.toml:1:')


def test_unreadable_configuration(box):
    path = box.write(box.config('config.toml'), '[profile]\nhuman = "strict"\n')
    os.unlink(path)
    os.mkdir(path)  # root reads everything; a directory cannot be read by anybody
    same(decision(box, 'rm -rf ~'), 'block')
    holds(box.run('rules', 'list').err, 'config.toml', 'is a directory')
    holds(box.run('check', '--local', '--', 'ls').err, 'is a directory')


def test_broken_rule_file(box):
    path = box.write(box.config('rules/mine.toml'), PACK.replace('when = {', 'wen = {'))
    r = box.run('check', '--local', '--', 'rm -rf ~')
    same(r.status, 1, r)
    holds(r.err, f'{path}:10:1: unknown field `wen`', 'hint: did you mean `when`?')


def test_project_file_counts_only_when_trusted(box):
    path = box.write(os.path.join(box.project, '.cmdai.toml'), '[rules]\n"git.push-force" = "block"\n')
    inner = os.path.join(box.project, 'src/deep')
    os.makedirs(inner)
    same(decision(box, 'git push --force'), 'ask')
    r = box.run('policy', 'trust', cwd=inner)
    same((r.status, r.out), (0, f'{path}: trusted as it is now\n'), r)
    same(decision(box, 'git push --force'), 'block')
    same(decision(box, 'git push --force', cwd=inner), 'block')
    same(decision(box, 'git push --force', cwd=box.home), 'ask')
    box.write(path, '[rules]\n"git.push-force" = "block"\n# changed\n')
    same(decision(box, 'git push --force'), 'ask')
    same(box.run('policy', 'trust', box.project, cwd='/').status, 0)
    same(decision(box, 'git push --force'), 'block')
    r = box.run('policy', 'untrust')
    same((r.status, r.out), (0, f'{path}: no longer trusted\n'), r)
    same(decision(box, 'git push --force'), 'ask')


def test_project_may_only_tighten(box):
    box.write(os.path.join(box.project, '.cmdai.toml'), '[rules]\n"git.push-force" = "allow"\n')
    box.run('policy', 'trust')
    same(decision(box, 'git push --force'), 'ask')


def test_trusting_nothing_or_something_broken(box):
    refuses(box.run('policy', 'trust', box.home), 2, 'no .cmdai.toml', 'hint: ')
    refuses(box.run('policy', 'trust', '/nowhere'), 2, '/nowhere')
    path = box.write(os.path.join(box.project, '.cmdai.toml'), '[rules]\n"git.push-force" = "blok"\n')
    refuses(box.run('policy', 'trust'), 2, f'{path}:2:', 'did you mean `block`?')


def test_allow_for_good(box):
    same(decision(box, 'git push --force origin pages'), 'ask')
    r = box.run('allow', '--always', '--here', '--reason', 'generated "branch"', '--', 'git push --force origin pages')
    same((r.status, r.err), (0, ''), r)
    same(decision(box, 'git push --force origin pages'), 'allow')
    same(decision(box, 'git push --force origin main'), 'ask')
    same(decision(box, 'git push --force origin pages', cwd='/'), 'ask')
    same(stat.S_IMODE(os.stat(box.config('allow.toml')).st_mode), 0o600)
    listed = box.run('allow', '--list')
    same((listed.status, listed.err), (0, ''), listed)
    holds(listed.out, 'git push --force origin pages', f'in {box.project}', 'generated "branch"')
    entry = listed.out.split()[0]
    same(box.run('allow', '--remove', entry).status, 0)
    same(decision(box, 'git push --force origin pages'), 'ask')
    refuses(box.run('allow', '--remove', entry), 2, 'no entry', 'cmdai allow --list')
    same(box.run('allow', '--list').out, '')


def test_allowing_the_same_twice_is_one_entry(box):
    for reason in ('first', 'second'):
        same(box.run('allow', '--always', '--reason', reason, '--', 'git push --force').status, 0)
    listed = box.run('allow', '--list').out
    same(listed.count('\n'), 1, listed)
    holds(listed, 'second')


def test_allow_keeps_what_was_there(box):
    box.write(box.config('allow.toml'), '# mine\n[[allow]]\ncommand = "git push -f"\n')
    same(box.run('allow', '--always', '--', 'git push --force').status, 0)
    holds(open(box.config('allow.toml')).read(), '# mine', 'git push -f')
    same(decision(box, 'git push -f'), 'allow')


def test_allow_does_not_touch_a_broken_list(box):
    broken = '[[allow]\ncommand = "x"\n'
    path = box.write(box.config('allow.toml'), broken)
    refuses(box.run('allow', '--always', '--', 'git push --force'), 2, f'{path}:1:')
    same(open(path).read(), broken)
    refuses(box.run('allow', '--list'), 2, f'{path}:1:')
    refuses(box.run('allow', '--remove', 'x'), 2, f'{path}:1:')


def test_allow_a_place(box):
    scratch = os.path.join(box.root, 'scratch')
    os.mkdir(scratch)
    rule = json.loads(box.run('check', '--json', '--local', '--', f'rm -rf {scratch}/x').out)['rule']
    if not rule: rule = 'fs.delete-elsewhere'
    r = box.run('allow', '--always', '--rule', rule, '--path', scratch)
    same((r.status, r.err), (0, ''), r)
    same(decision(box, f'rm -rf {scratch}/x'), 'allow')
    holds(box.run('allow', '--list').out, f'rule {rule}', scratch)


def test_allow_paths_are_made_absolute(box):
    os.mkdir(os.path.join(box.home, 'site'))
    same(box.run('allow', '--always', '--path', '../site', '--', 'git push --force').status, 0)
    holds(box.run('allow', '--list').out, f'in {box.home}/site\n')
    same(decision(box, 'git push --force', cwd=box.home + '/site'), 'allow')


def test_allow_expires(box):
    same(box.run('allow', '--always', '--expires', '8h', '--', 'git push --force').status, 0)
    holds(box.run('allow', '--list').out, 'until ')
    same(decision(box, 'git push --force'), 'allow')
    for when in ('2001-01-01', 'soon', '-5h', '', '9999999d', '2027-02-31', '0h'):
        refuses(box.run('allow', '--always', '--expires', when, '--', 'git push -f'), 2, 'is no time to come', 'hint: ')
    path = box.config('allow.toml')
    text = open(path).read()
    with open(path, 'w') as file: file.write(re.sub(r'expires = \S+', 'expires = 2001-01-01', text))
    same(decision(box, 'git push --force'), 'ask')
    holds(box.run('allow', '--list').out, 'ended ')


def test_allow_needs_its_words(box):
    refuses(box.run('allow', '--always'), 2, 'needs a command', 'hint: ')
    refuses(box.run('allow', '--always', '--rule', 'git.push-force'), 2, 'needs a command')
    refuses(box.run('allow', '--here', 'abc'), 2, '`--here` goes with `--always`')
    refuses(box.run('allow', '--always', '--', 'git', 'push'), 2, 'must be one word')
    refuses(box.run('allow', '--always', '--rule', 'git.push-forc', '--path', '/srv'), 2, 'no rule is called `git.push-forc`', 'did you mean `git.push-force`?')
    refuses(box.run('allow', '--always', '--', 'echo \udcff'), 2, 'UTF-8')


def test_core_rules_do_not_give_way(box):
    r = box.run('allow', '--always', '--', 'rm -rf ~')
    same(r.status, 0, r)
    holds(r.err, 'core rule', 'still stops it')
    same(decision(box, 'rm -rf ~'), 'block')
    refuses(box.run('allow', '--always', '--rule', 'fs.delete-home', '--path', '/srv'), 2, 'core rule')


def test_allow_here_needs_a_here(box):
    """In a deleted directory `--here` must not come to mean everywhere."""
    gone = os.path.join(box.root, 'gone')
    os.mkdir(gone)
    done = subprocess.run(['bash', '-c', f'rmdir "{gone}"; exec "{support.CMDAI}" allow --always --here -- "git push --force"'], cwd=gone, env=box.env,
                          capture_output=True, stdin=subprocess.DEVNULL, timeout=support.DEADLINE)
    same(done.returncode, 2, done)
    same(decision(box, 'git push --force'), 'ask')


def test_full_disk(box):
    """A file-size limit stands for it: the write fails half-way. The old list stays, nothing half-written is left."""
    same(box.run('allow', '--always', '--', 'git push --force').status, 0)
    before = open(box.config('allow.toml')).read()

    def limit():
        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
        resource.setrlimit(resource.RLIMIT_FSIZE, (40, 40))

    for words in (['allow', '--always', '--', 'git push -f'], ['policy', 'trust']):
        box.write(os.path.join(box.project, '.cmdai.toml'), '')
        done = subprocess.run([support.CMDAI, *words], env=box.env, cwd=box.project, stdin=subprocess.DEVNULL, capture_output=True, preexec_fn=limit,
                              restore_signals=False, timeout=support.DEADLINE)
        same((done.returncode, done.stdout), (2, b''), done)
        holds(done.stderr.decode(), 'cannot be written', box.config(''))
    same(open(box.config('allow.toml')).read(), before)
    same(sorted(os.listdir(box.config(''))), ['allow.toml'])


def test_read_only_home(box):
    """Nothing can be written: said with the remedy, and checks go on. (Root writes everywhere: a file in the way stands for it.)"""
    with open(os.path.join(box.home, '.config'), 'w') as file: file.write('')
    with open(os.path.join(box.home, '.local'), 'w') as file: file.write('')
    refuses(box.run('allow', '--always', '--', 'git push --force'), 2, '.config/cmdai')
    same(decision(box, 'rm -rf ~'), 'block')
    same(box.run('check', '--', 'rm -rf ~').status, 1)
    same(box.run('check', '--', 'ls').status, 0)


if __name__ == '__main__':
    support.main()
