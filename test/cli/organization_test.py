#!/usr/bin/python3
"""cmdai policy check and policy effective of an organization's document: what is wrong with it, what it would do, what is in force.

usage: organization_test.py CMDAI [TEST…]
"""
import json, os, re
from support import check, holds, refuses, same
import support

PACK = '''family = "acme"

[[rule]]
id = "acme.wipe"
severity = "critical"
title = "this wipes it"
why = "It does."
hint = "do not"
when = { call = { program = "acme-tool", words = "wipe" } }
stop = ["acme-tool wipe"]
pass = ["acme-tool list"]
'''
DOCUMENT = '''[organization]
name = "Acme"
version = "7"
contact = "security@acme.example"

[rules]
"git.push-force" = { action = "block", expires = 2099-01-31 }

[modes]
"acme.*" = "observe"

[defaults.rules]
"git.reset-hard" = "block"

[[exception]]
id = "pages"
rule = "git.push-force"
path = "/srv/pages"
reason = "generated"
granted_by = "security@acme.example"
expires = 2099-01-31

[[group]]
name = "pilot"

[group.modes]
"acme.*" = "enforce"
'''


def files(box, document=DOCUMENT, pack=PACK):
    return box.write(box.root + '/organization.toml', document), box.write(box.root + '/acme.toml', pack)


def effective(box, *words):
    r = box.run('policy', 'effective', '--json', *words)
    same((r.status, r.err), (0, ''), r)
    return json.loads(r.out)


def test_a_good_document_and_its_pack(box):
    document, pack = files(box)
    r = box.run('policy', 'check', document, pack)
    same((r.status, r.err), (0, ''), r)
    holds(r.out, f"{document}: fine: an organization's document with ", '2 examples hold, 0 do not')
    other = box.write(box.root + '/under-another-name.toml', DOCUMENT.replace('"acme.*"', '"net.*"'))
    holds(box.run('policy', 'check', other).out, "fine: an organization's document")


def test_examples_of_packs_are_run(box):
    document, pack = files(box, pack=PACK.replace('"acme-tool list"', '"acme-tool wipe x"'))
    r = box.run('policy', 'check', document, pack)
    same(r.status, 1, r)
    holds(r.out, f'{pack}:', 'acme.wipe: `acme-tool wipe x` must pass', '1 examples hold, 1 do not')


def test_every_mistake_is_told_with_its_place(box):
    exception = DOCUMENT[DOCUMENT.index('[[exception]]'):DOCUMENT.index('[[group]]')]
    for text, place, *words in [
            ('[organizatoin]\nname = "x"\n[modes]\n', '1:2', '[organizatoin]', '^', 'did you mean `organization`?'),
            ('[rules]\n"git.push-forc" = "block"\n', '2:1', '"git.push-forc"', '^^^', 'no rule is called `git.push-forc`', 'did you mean `git.push-force`?'),
            ('[organization]\nexpires = "soon"\n', '2:11', 'must be a date', '2027-01-31'),
            ('[organization]\nexpires = 2027-02-31\n', '2:', 'not valid TOML', '^'),
            (exception.replace('expires = 2099-01-31\n', ''), '1:1', 'an exception must end', 'hint: '),
            (exception.replace('git.push-force', 'fs.delete-home'), '3:8', '`fs.delete-home` is a core rule: nothing lifts it', '^^^'),
            ('[modes]\n"fs.delete-home" = "observe"\n', '2:1', '`fs.delete-home` is a core rule: it always counts', 'hint: '),
            (exception, '3:8', 'the organization says nothing of `git.push-force`: the exception lifts nothing')]:
        path, _ = files(box, document=text)
        refuses(box.run('policy', 'check', path), 2, f'{path}:{place}', *words)


def test_all_mistakes_at_once(box):
    path, pack = files(box, document='[organization]\nmode = "on"\n[modes]\n"git.*" = "off"\n[profile]\nhuman = "mild"\n')
    r = box.run('policy', 'check', path, pack)
    same((r.status, r.out), (2, ''), r)
    holds(r.err, f'{path}:2:8', f'{path}:4:11', f'{path}:6:9')
    refuses(box.run('policy', 'check', path, box.write(box.root + '/second.toml', '[organization]\n')), 2, 'an organization has one document')


def test_what_has_ended_is_a_warning(box):
    path, _ = files(box, document='[organization]\nname = "x"\nexpires = 2020-01-31\n')
    r = box.run('policy', 'check', path)
    same(r.status, 0, r)
    holds(r.err, "warning: ", "the organization's document ended on 2020-01-31T00:00:00Z")


def test_effective_of_what_is_here(box):
    box.write(box.config('config.toml'), '[rules]\n"git.push-force" = "block"\n')
    told = effective(box, '--local')
    listed = [json.loads(line) for line in box.run('rules', 'list', '--json').out.splitlines()]
    same([r['id'] for r in told['rules']], [r['id'] for r in listed])
    same([r['action'] for r in told['rules']], [r['human'] for r in listed])
    same([r['core'] for r in told['rules']], [r['locked'] for r in told['rules']])
    same(told['organization'], None)
    (push,) = effective(box, '--local', '--rule', 'git.push-force')['rules']
    same((push['layer'], [(s['layer'], s['what'], s['decides']) for s in push['says']]), ('user', [('core', 'rule', False), ('user', 'rules', True)]))
    same(push['says'][1]['file'], box.config('config.toml'))
    same(push['says'][1]['line'], 2)


def test_the_daemon_tells_the_same(box):
    box.write(box.config('config.toml'), '[rules]\n"git.push-force" = "block"\n[agents.codex]\nprofile = "strict"\n')
    here = [effective(box, '--for', who) for who in ('human', 'agent', 'agent:codex')]
    check(here[0] != here[1] != here[2], 'the actor makes no difference')
    same(box.run('start').status, 0)
    same([effective(box, '--for', who) for who in ('human', 'agent', 'agent:codex')], here)
    same(effective(box, '--rule', 'git.push-force')['rules'], [r for r in here[0]['rules'] if r['id'] == 'git.push-force'])
    refuses(box.run('policy', 'effective', '--rule', 'git.push-forc'), 2, 'no rule is called `git.push-forc`', 'did you mean `git.push-force`?')


def test_more_rules_than_a_frame_holds(box):
    rule = PACK.split('\n\n', 1)[1]
    many = 'family = "acme"\n\n' + '\n'.join(rule.replace('"acme.wipe"', f'"acme.wipe-{i}"').replace('this wipes it', f'this wipes it {"and more " * 60}') for i in range(500))
    box.write(box.config('rules/many.toml'), many)
    here = effective(box, '--local')
    check(len(json.dumps(here)) > 300_000, 'one frame would hold it')
    same(box.run('start').status, 0)
    same(effective(box), here)


def test_a_document_is_tried_before_it_is_published(box):
    document, pack = files(box)
    words = ('--organization', document, '--organization', pack)
    told = effective(box, *words)
    rules = {r['id']: r for r in told['rules']}
    same((told['organization']['name'], told['organization']['groups'], told['organization']['member_of']), ('Acme', ['pilot'], []))
    push = rules['git.push-force']
    same((push['action'], push['layer'], push['locked'], push['exceptions']), ('block', 'organization', True, ['pages']))
    same([s.get('expires') for s in push['says']], [None, '2099-01-31T00:00:00Z'])
    same((rules['acme.wipe']['action'], rules['acme.wipe']['would_be'], rules['acme.wipe']['mode']), ('allow', 'block', 'observe'))
    same((rules['git.reset-hard']['action'], rules['git.reset-hard']['locked']), ('block', False))
    rules = {r['id']: r for r in effective(box, *words, '--group', 'pilot')['rules']}
    same((rules['acme.wipe']['action'], rules['acme.wipe']['mode']), ('block', 'enforce'))
    box.write(box.config('config.toml'), '[rules]\n"git.*" = "allow"\n')
    rules = {r['id']: r for r in effective(box, *words)['rules']}
    same((rules['git.push-force']['action'], rules['git.reset-hard']['action']), ('block', 'allow'))
    r = box.run('policy', 'effective', *words, '--group', 'pilots')
    holds(r.err, 'warning: ', 'this device is in group `pilots`', 'it has `pilot`')


def test_for_people(box):
    document, pack = files(box)
    words = ('policy', 'effective', '--organization', document, '--organization', pack)
    r = box.run(*words, '--rule', 'git.push-force')
    same((r.status, r.err), (0, ''), r)
    golden = f'''organization: Acme, version 7
contact: security@acme.example

git.push-force  block   enforce  organization, locked, exceptions pages
    built in      ask     rule, rules/git.toml:LINE
  * organization  block   rules, {document}:7,
                          until 2099-01-31T00:00:00Z
'''
    same(re.sub(r'git\.toml:\d+', 'git.toml:LINE', r.out), golden)
    # Lines break behind commas, and only a part that is too long by itself goes beyond the width.
    for width in (50, 72, 200):
        out = box.run(*words, env={'COLUMNS': str(width)}).out
        check(any('would be block' in line for line in out.splitlines()), out)
        for line in out.splitlines()[3:]:
            indent = re.match(r'.{4}\S* *\w* *', line).end()
            check(len(line) <= width or ', ' not in line[indent:], f'{width}: {line}')
    shown = box.run_in_terminal(*words, '--rule', 'git.push-force', env={'TERM': 'xterm', 'NO_COLOR': None}).out
    holds(shown, '\x1b[31mblock')


def test_wrong_words(box):
    refuses(box.run('policy', 'effective', 'x'), 2, 'takes no operand')
    refuses(box.run('policy', 'effective', '--for', 'robot'), 2, '`robot` is no actor', 'agent:NAME')
    refuses(box.run('policy', 'effective', '--group', 'x'), 2, '`--group` needs `--organization`')
    refuses(box.run('policy', 'effective', '--organization', '/nowhere.toml'), 2, 'No such file')
    refuses(box.run('policy', 'effective', '--local', '--rule', 'xyzzy'), 2, 'no rule is called `xyzzy`')
    box.write(box.config('config.toml'), 'x = [')
    refuses(box.run('policy', 'effective', '--local'), 2, 'config.toml:1:')


if __name__ == '__main__':
    support.main()
