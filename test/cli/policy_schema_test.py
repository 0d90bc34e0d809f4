#!/usr/bin/python3
"""config/schema/{config,policy}.schema.json: they take what cmdai takes, refuse what it refuses, and know every word it knows.

usage: policy_schema_test.py CMDAI [TEST…]
"""
import datetime, glob, json, os, tomllib
from support import Skip, check, holds, refuses, same
import support

try: import jsonschema
except ImportError: jsonschema = None

TREE = os.path.join(os.path.dirname(os.path.abspath(__file__)), '../../config')
FILES = {'config': 'config', 'rules': 'policy', 'organization': 'organization'}  # what `cmdai policy schema` calls it, and its file

RULE = '''family = "my"
[[rule]]
id = "my.rule"
severity = "high"
title = "this does it"
why = "It does."
hint = "do not"
when = { effect = "deletes" }
stop = ["rm x"]
pass = ["ls"]
'''

# What the schema and the loader must both refuse: (name, kind, text) by what is wrong with RULE …
BAD_RULES = {line.split('|')[0].strip(): tuple(part.strip() for part in line.split('|')[1:]) for line in '''
    no family             | family = "my"                    |
    family with a blank   | family = "my"                    | family = "m y"
    family is a number    | family = "my"                    | family = 5
    unknown key of a file | family = "my"                    | famliy = "x"; family = "my"
    no id                 | id = "my.rule"                   |
    an id without a dot   | id = "my.rule"                   | id = "my"
    an id in capitals     | id = "my.rule"                   | id = "my.Rule"
    no severity           | severity = "high"                |
    unknown severity      | severity = "high"                | severity = "hihg"
    severity is a list    | severity = "high"                | severity = ["high"]
    no title              | title = "this does it"           |
    an empty title        | title = "this does it"           | title = ""
    no why                | why = "It does."                 |
    no hint               | hint = "do not"                  |
    hint is a truth       | hint = "do not"                  | hint = true
    safer is a number     | hint = "do not"                  | hint = "x"; safer = 1
    unknown key of a rule | hint = "do not"                  | hint = "x"; when_not = "y"
    unknown action        | hint = "do not"                  | hint = "x"; action = "deny"
    two profiles          | hint = "do not"                  | hint = "x"; action = { relaxed = "ask", strict = "block" }
    a fourth profile      | hint = "do not"                  | hint = "x"; action = { relaxed = "ask", standard = "ask", strict = "block", mad = "block" }
    agent is opaque       | hint = "do not"                  | hint = "x"; agent = "opaque"
    agent beside opaque   | hint = "do not"                  | hint = "x"; action = "opaque"; agent = "ask"
    unknown mode          | hint = "do not"                  | hint = "x"; mode = "watch"
    mode is a truth       | hint = "do not"                  | hint = "x"; mode = true
    ends some day         | hint = "do not"                  | hint = "x"; expires = "soon"
    begins at noon        | hint = "do not"                  | hint = "x"; not_before = 12:00:00
    a core rule's mode    | hint = "do not"                  | hint = "x"; core = true; mode = "warn"
    core is a text        | hint = "do not"                  | hint = "x"; core = "yes"
    no when               | when = { effect = "deletes" }    |
    an empty condition    | when = { effect = "deletes" }    | when = {}
    an empty list of them | when = { effect = "deletes" }    | when = []
    a condition is a text | when = { effect = "deletes" }    | when = "deletes"
    a list of texts       | when = { effect = "deletes" }    | when = ["deletes"]
    unknown field         | when = { effect = "deletes" }    | when = { efect = "deletes" }
    unknown effect        | when = { effect = "deletes" }    | when = { effect = "delets" }
    unknown effect listed | when = { effect = "deletes" }    | when = { effect = ["deletes", "eats"] }
    an empty list         | when = { effect = "deletes" }    | when = { effect = [] }
    unknown path class    | when = { effect = "deletes" }    | when = { path = "hoem" }
    unknown worst class   | when = { effect = "deletes" }    | when = { worst = "hoem" }
    unknown certainty     | when = { effect = "deletes" }    | when = { certainty = "sure" }
    unknown status        | when = { effect = "deletes" }    | when = { status = "broken" }
    an empty target       | when = { effect = "deletes" }    | when = { target = "" }
    a flag is a text      | when = { effect = "deletes" }    | when = { recursive = "yes" }
    nothing to be longer  | when = { effect = "deletes" }    | when = { longer_than = 0 }
    a length is a text    | when = { effect = "deletes" }    | when = { longer_than = "9" }
    text is a number      | when = { effect = "deletes" }    | when = { text = 7 }
    an empty call         | when = { effect = "deletes" }    | when = { call = {} }
    call is a text        | when = { effect = "deletes" }    | when = { call = "git" }
    unknown field of call | when = { effect = "deletes" }    | when = { call = { prog = "git" } }
    an empty program      | when = { effect = "deletes" }    | when = { call = { program = "" } }
    wrong inside not      | when = { effect = "deletes" }    | when = { effect = "deletes", not = { path = "x" } }
    wrong inside beside   | when = { effect = "deletes" }    | when = { beside = [{ exact = 1 }] }
    wrong unless          | when = { effect = "deletes" }    | when = { exact = true }; unless = {}
    no stop               | stop = ["rm x"]                  |
    stop is empty         | stop = ["rm x"]                  | stop = []
    stop is a text        | stop = ["rm x"]                  | stop = "rm x"
    no pass               | pass = ["ls"]                    |
    an example is a number| pass = ["ls"]                    | pass = [5]
    an empty command      | pass = ["ls"]                    | pass = [{ command = "" }]
    no command            | pass = ["ls"]                    | pass = [{ cwd = "/" }]
    unknown shell         | pass = ["ls"]                    | pass = [{ command = "ls", shell = "tcsh" }]
    repeated too often    | pass = ["ls"]                    | pass = [{ command = "ls", repeat = 1000001 }]
    unknown example field | pass = ["ls"]                    | pass = [{ command = "ls", human = "ask" }]
'''.strip().splitlines()}
# … and as a configuration.
BAD_CONFIGS = {
    'unknown key': 'profiles = 1',
    'unavailable': 'on_unavailable = "ask"',
    'rule_files': 'rule_files = [1]',
    'a notification': '[approval]\nnotify = "always"',
    'a notification is a truth': '[approval]\nnotify = true',
    'an approval of what': '[approval]\nnotiffy = "off"',
    'approval is a text': 'approval = "ask"',
    'profile': '[profile]\nhuman = "stict"',
    'profile of whom': '[profile]\nrobot = "strict"',
    'profile is a text': 'profile = "strict"',
    'opaque': '[opaque]\nagent = "strict"',
    'opaque of whom': '[opaque]\nagents = "ask"',
    'an id without quotes': '[rules]\ngit.push-force = "ask"',
    'a star in between': '[rules]\n"git.*-force" = "ask"',
    'a star without a dot': '[rules]\n"git*" = "ask"',
    'action': '[rules]\n"git.*" = "no"',
    'allow is a table': '[allow]\ncommand = "x"',
    'allow nothing': '[[allow]]\nreason = "x"',
    'allow a rule everywhere': '[[allow]]\nrule = "git.push-force"',
    'allow an empty command': '[[allow]]\ncommand = ""',
    'allow below an empty path': '[[allow]]\nrule = "a.b"\npath = ""',
    'a relative path': '[[allow]]\nrule = "a.b"\npath = "srv"',
    'below of a rule': '[[allow]]\nrule = "a.b"\npath = "/srv"\nbelow = false',
    'below without a path': '[[allow]]\ncommand = "x"\nbelow = true',
    'below is a text': '[[allow]]\ncommand = "x"\npath = "/srv"\nbelow = "no"',
    'unknown allow key': '[[allow]]\ncommand = "x"\nuntil = 2027-01-31',
    'expires some day': '[[allow]]\ncommand = "x"\nexpires = "soon"',
    'expires at noon': '[[allow]]\ncommand = "x"\nexpires = 12:00:00',
    'expires is a truth': '[[allow]]\ncommand = "x"\nexpires = true',
    'a family without rules': 'family = "my"',
    'rules without a family': RULE.replace('family = "my"\n', ''),
    'an answer for nobody': '[[example]]\ncommand = "ls"',
    'an answer to nothing': '[[example]]\nhuman = "ask"',
    'unknown answer': '[[example]]\ncommand = "ls"\nhuman = "opaque"',
    'unknown answer key': '[[example]]\ncommand = "ls"\nhuman = "ask"\nwhy = "x"',
}
EXCEPTION = """[[exception]]
id = "e"
rule = "git.push-force"
path = "/srv"
reason = "r"
granted_by = "g"
expires = 2099-01-31
"""
# … and as an organization's document. GOOD_ORGANIZATIONS holds what both take.
BAD_ORGANIZATIONS = {
    'unknown part': '[organisation]\nname = "x"',
    'about whom': '[organization]\nnmae = "x"',
    'a number for a name': '[organization]\nname = 1',
    'a mode': '[organization]\nmode = "watch"',
    'ends some day': '[organization]\nexpires = "soon"',
    'begins with a number': '[organization]\nnot_before = 5',
    'a profile': '[profile]\nagent = "stict"',
    'opaque of whom': '[opaque]\nagents = "ask"',
    'an action': '[rules]\n"git.*" = "no"',
    'a bound without an action': '[rules]\n"git.*" = { mode = "observe" }',
    'a bound until': '[rules]\n"git.*" = { action = "ask", until = 2099-01-31 }',
    'a bound with a mode': '[rules]\n"git.*" = { action = "ask", mode = "on" }',
    'a star in between': '[rules]\n"git.*-force" = "ask"',
    'an agent': '[agents.codex]\nmodes = {}',
    'a mode of a rule': '[modes]\n"git.*" = "block"',
    'a mode of git*': '[modes]\n"git*" = "warn"',
    'modes is a text': 'modes = "observe"',
    'a proposal for agents': '[defaults.agents.codex]\nprofile = "strict"',
    'a proposal with an end': '[defaults.rules]\n"git.*" = { action = "ask", expires = 2099-01-31 }',
    'what users have': '[[allow]]\ncommand = "x"',
    'a group without a name': '[[group]]\nmode = "warn"',
    'a group of nothing': '[[group]]\nname = ""',
    'a group is a table': '[group]\nname = "x"',
    'a part of a group': '[[group]]\nname = "x"\nallow = []',
    'a group in a group': '[[group]]\nname = "x"\n[[group.group]]\nname = "y"',
    **{f'an exception without {key}': EXCEPTION.replace(f'\n{key} = ', '\n# ') for key in ('id', 'rule', 'reason', 'granted_by', 'expires', 'path')},
    'an exception for a family': EXCEPTION.replace('push-force', '*'),
    'an exception for a robot': EXCEPTION + 'actor = "robot"',
    'an exception for nobody': EXCEPTION + 'groups = []',
    'an exception near by': EXCEPTION.replace('/srv', 'srv'),
    'an exception below nothing': EXCEPTION + 'below = false',
    'an exception for ever': EXCEPTION.replace('2099-01-31', '"never"'),
    'an exception with a key': EXCEPTION + 'until = 1',
    'a group in a group exception': '[[group]]\nname = "x"\n' + EXCEPTION.replace('[[exc', '[[group.exc') + 'groups = ["x"]',
}
GOOD_ORGANIZATIONS = ['', '[organization]\nname = "x"\nmode = "observe"\nexpires = 2099-01-31T12:00:00Z\n[rules]\n"git.*" = { action = "block", mode = "warn", not_before = 2026-01-31, reason = "r" }',
                      '[agents.codex]\nprofile = "strict"\nrules = { "git.*" = { action = "ask" } }\n[defaults.opaque]\nhuman = "ask"\n[modes]\n"*" = "enforce"',
                      '[rules]\n"git.push-force" = "block"\n' + EXCEPTION + 'actor = ["human", "agent:codex"]\ngroups = "x"\n[[group]]\nname = "x"\n[group.rules]\n"git.*" = "ask"\n'
                      + EXCEPTION.replace('[[exc', '[[group.exc').replace('"e"', '"f"').replace('path = "/srv"\n', '')]
GOOD_CONFIGS = ['', 'rule_files = []', '[approval]', '[approval]\nnotify = "ask"', '[rules]\n"*" = "warn"\n"git.*" = "ask"\n"x" = "allow"', '[[allow]]\ncommand = "x"\npath = ""\nexpires = 2099-01-31T12:00:00Z',
                '[[allow]]\nrule = "a.b"\npath = "/srv"\nexpires = 2099-01-31', RULE, RULE.replace('rule]]', 'rule]]\naction = "opaque"')]


def json_of(value):
    """As an editor hands TOML to a schema: times are texts."""
    if isinstance(value, dict): return {k: json_of(v) for k, v in value.items()}
    if isinstance(value, list): return [json_of(v) for v in value]
    return value.isoformat() if isinstance(value, (datetime.date, datetime.time)) else value


def validator(kind):
    if jsonschema is None: raise Skip('python3-jsonschema is not installed')
    with open(os.path.join(TREE, 'schema', FILES[kind] + '.schema.json'), encoding='utf8') as file: return jsonschema.Draft202012Validator(json.load(file))


def wrong(kind, text): return [f'{list(e.absolute_path)}: {e.message}' for e in validator(kind).iter_errors(json_of(tomllib.loads(text)))]


def loaded(box, kind, text):
    """What the loader says of it: 2 is refused."""
    name = {'config': 'config', 'rules': 'mine', 'organization': 'organization'}[kind]
    return box.run(*(['policy', 'check'] if kind == 'organization' else ['rules', 'test']), box.write(f'{box.root}/{name}.toml', text))


def test_the_shipped_files_fit(box):
    for kind, pattern in (('config', 'cmdai.toml'), ('config', 'templates/*.toml'), ('rules', 'rules/*.toml')):
        found = glob.glob(os.path.join(TREE, pattern))
        check(found, pattern)
        for path in found:
            with open(path, encoding='utf8') as file: same(wrong(kind, file.read()), [], path)


def bad_rules():
    for name, (old, new) in BAD_RULES.items():
        check(old + '\n' in RULE, old)
        yield name, RULE.replace(old + '\n', new.replace('; ', '\n') + '\n', 1)


def test_what_is_refused_by_one_is_refused_by_the_other(box):
    same(wrong('rules', RULE), [])
    same(loaded(box, 'rules', RULE).status, 0)
    cases = [('rules', *case) for case in bad_rules()] + [('config', *case) for case in BAD_CONFIGS.items()]
    cases += [('organization', *case) for case in BAD_ORGANIZATIONS.items()]
    check(len(cases) >= 120, len(cases))
    for kind, name, text in cases:
        check(wrong(kind, text), f'the schema takes: {name}\n{text}')
        r = loaded(box, kind, text)
        same((r.status, r.out), (2, ''), f'{name}\n{text}{r}')
        holds(r.err, '.toml:')


def test_what_is_taken_by_one_is_taken_by_the_other(box):
    for text in GOOD_CONFIGS:
        same(wrong('config', text), [], text)
        r = loaded(box, 'config', text)
        check(r.status in (0, 1), r)  # 1: an example does not hold
    for text in GOOD_ORGANIZATIONS:
        same(wrong('organization', text), [], text)
        same(loaded(box, 'organization', text).status, 0, text)


def enums(node):
    """Each enum and the keys of each table, as sets."""
    if isinstance(node, dict):
        if 'enum' in node: yield frozenset(node['enum'])
        if isinstance(node.get('properties'), dict) and node.get('additionalProperties') is False: yield frozenset(node['properties'])
        for value in node.values(): yield from enums(value)
    elif isinstance(node, list):
        for value in node: yield from enums(value)


def test_every_word_of_the_loader_is_in_the_schema_and_no_other(box):
    words = json.loads(box.run('debug', 'words').out)
    words['answer'] = words['rule-example'] + words['actors']
    elsewhere = {'project', 'allow-list'}  # a part of the configuration
    for name in elsewhere: check(set(words[name]) < set(words['config']), name)
    only_config = {'config', 'agent', 'allow', 'actors', 'answer', 'unavailable', 'approval', 'notify'}
    of_organizations = {'organization-document', 'organization', 'group', 'defaults', 'bound', 'exception'}
    in_organizations = of_organizations | {'mode', 'profile', 'action', 'actors', 'agent'}
    for kind, left_out in (('config', elsewhere | of_organizations | {'pack'}), ('rules', elsewhere | only_config | of_organizations), ('organization', set(words) - in_organizations)):
        known = {name: frozenset(group) for name, group in words.items() if name not in left_out}
        found = set(enums(validator(kind).schema))
        for name, group in known.items(): check(group in found, f'{kind}: no table or choice is exactly {name}: {sorted(group)}')
        same(found - set(known.values()), set(), f'{kind}: words the loader does not know')


def test_both_say_the_same_of_rules(box):
    config, rules = validator('config').schema, validator('rules').schema
    for name, part in rules['$defs'].items(): same(config['$defs'][name], part, f'config.schema.json and policy.schema.json differ in $defs/{name}')
    for key in ('family', 'rule'): same(config['properties'][key], rules['properties'][key], key)


def test_every_part_has_a_title_and_a_description(box):
    def walk(node, where):
        for name, part in [*node.get('properties', {}).items(), *node.get('$defs', {}).items()]:
            if '$ref' not in part: check(part.get('title') and part.get('description'), f'{where}/{name}')
            walk(part, f'{where}/{name}')
    for kind in FILES: walk(validator(kind).schema, kind)
    # Editors that do not follow a reference into another file find everything in this one.
    for kind in FILES: check(all(part.startswith('#/$defs/') for part in references(validator(kind).schema)))


def references(node):
    for key, value in node.items() if isinstance(node, dict) else enumerate(node) if isinstance(node, list) else ():
        if key == '$ref': yield value
        else: yield from references(value)


def test_policy_schema_prints_the_file(box):
    for kind, name in FILES.items():
        with open(os.path.join(TREE, 'schema', name + '.schema.json'), encoding='utf8') as file: same(box.run('policy', 'schema', kind).out, file.read())
    for words in ((), ('polici',), ('policy',), ('',)): refuses(box.run('policy', 'schema', *words), 2, 'name one schema', 'hint: ')


if __name__ == '__main__':
    support.main()
