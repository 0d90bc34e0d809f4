#!/usr/bin/python3
"""config/schema/*.json: valid JSON Schemas, and what cmdai really writes fits them; what it must never write does not.

usage: schema_test.py CMDAI [TEST…]
"""
import copy, json, os, shutil, socket, subprocess, sys
from support import Skip, check, same
import support

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), '../daemon'))
import daemon, plugins

try: import jsonschema
except ImportError: jsonschema = None

FOLDER = os.path.join(os.path.dirname(os.path.abspath(__file__)), '../../config/schema')
COMMANDS = ['ls', 'git push --force', 'rm -rf ~', 'eval "$x"', 'curl -u me:hunter2 https://x.example', 'echo "rm -rf ~"', 'if', 'rm -rf a b c; dd if=x of=/dev/sda',
            'mysql -ps3cret -e "drop table x"', ': ' + 'x' * 300000]


def schema(name):
    if jsonschema is None: raise Skip('python3-jsonschema is not installed')
    with open(os.path.join(FOLDER, name + '.schema.json')) as file: return jsonschema.Draft202012Validator(json.load(file))


def fits(validator, value):
    wrong = [f'{list(e.absolute_path)}: {e.message}' for e in validator.iter_errors(value)]
    check(not wrong, f'{json.dumps(value)[:600]}\n' + '\n'.join(wrong))


def test_the_schemas_are_schemas(box):
    names = sorted(os.listdir(FOLDER))
    same(names, ['check-answer.schema.json', 'check-request.schema.json', 'collector-event.schema.json', 'config.schema.json', 'event.schema.json', 'explain-answer.schema.json', 'managed.schema.json', 'organization.schema.json', 'policy.schema.json'])
    for name in names:
        validator = schema(name.removesuffix('.schema.json'))
        validator.check_schema(validator.schema)
        check(validator.schema['$id'].endswith('/' + name), name)


def test_what_check_reads_and_writes(box):
    request, answer = schema('check-request'), schema('check-answer')
    rows = [{'id': i, 'command': command, 'shell': shell, 'cwd': '/tmp', 'actor': actor}
            for i, (command, shell, actor) in enumerate((c, s, a) for c in COMMANDS for s in ('bash', 'fish') for a in ('human', 'agent:x'))]
    for row in rows: fits(request, row)
    bad = [{'id': 'no command'}, {'id': 'number', 'command': 5}, {'id': 'shell', 'command': 'ls', 'shell': 'tcsh'}]
    for row in bad[:2]: check(not request.is_valid(row), row)
    for words in (('check', '--jsonl'), ('check', '--jsonl', '--local')):
        _, answers = box.lines(*rows, *bad, '[]', words=words)
        same(len(answers), len(rows) + 4)
        for a in answers: fits(answer, a)
        same({a.get('decision') for a in answers}, {'allow', 'warn', 'ask', 'block', None})
    fits(answer, json.loads(box.run('check', '--json', '--', 'rm -rf ~').out))


def test_what_explain_writes(box):
    answer = schema('explain-answer')
    lines = COMMANDS + ['for f in *; do sudo -u a ls "$f" > out; done', 'if', "ssh h 'tar czf - a' | cat <(x=1 ls)"]
    for local in ([], ['--local']):
        for line in lines: fits(answer, json.loads(box.run('explain', '--json', *local, stdin=line).out))


def every_event_of_plugins(box):
    os.unlink(box.config('config.toml'))
    slow = plugins.entry(box, 'slow', 'bad_plugin', DeadlineMs=20, Settings={'slow': 'decide'})
    plugins.start(box, slow, plugins.entry(box, 'cpp', 'sample_cpp'))
    for _ in range(3): plugins.action(box, 'echo now')
    daemon.until(lambda: plugins.events(box, 'plugin.recovered'), 'no plugin.recovered')
    plugins.change(box, plugins.entry(box, 'cpp', 'sample_cpp', Settings={'a': 1}))
    daemon.until(lambda: plugins.events(box, 'plugin.report'), 'no plugin.report')
    box.write(os.path.join(box.root, 'managed.json'), '{')
    box.run('reload')
    box.run('stop')


def test_the_managed_configuration(box):
    managed = schema('managed')
    fits(managed, {'Plugins': [{'Name': 'a', 'Path': '/a.so', 'DeadlineMs': 5, 'HangSec': 3, 'OnFailure': 'block', 'Settings': {'x': 1}}], 'Other': 1})
    fits(managed, {'Plugins': [{'Name': 'a', 'Settings': {}}]})
    for wrong in ({'plugins': []}, {'Plugins': {}}, {'Plugins': [{'Path': '/a'}]}, {'Plugins': [{'Name': 'A'}]}, {'Plugins': [{'Name': 'a', 'Path': 'a'}]},
                  {'Plugins': [{'Name': 'a', 'DeadlineMs': 0}]}, {'Plugins': [{'Name': 'a', 'OnFailure': 'deny'}]}, {'Plugins': [{'Name': 'a', 'X': 1}]}):
        check(not managed.is_valid(wrong), wrong)


def every_event(box):
    """One of each type, as the daemon writes them."""
    box.write(box.config('rules/watched.toml'), 'family = "my"\n[[rule]]\nid = "my.watched"\nmode = "observe"\nseverity = "high"\ntitle = "t"\nwhy = "w"\nhint = "h"\n'
              'when = { call = { program = "watched" } }\nstop = ["watched"]\npass = ["ls"]\n')
    box.write(box.config('allow.toml'), '[[allow]]\ncommand = "git reset --hard"\n')
    box.run('start')
    box.lines(*({'command': c, 'shell': 'bash', 'actor': a} for c in [*COMMANDS, 'watched', 'git reset --hard'] for a in ('human', 'agent:x')), words=('check', '--jsonl'))
    body = b'cmd=echo \xff\xfe\0shell=zsh\0pid=7\0parent=sh -c x\0parent.pid=6\0session=s1\0source=enter\0'
    with socket.socket(socket.AF_UNIX) as s:
        s.settimeout(support.DEADLINE)
        s.connect(box.env['CMDAI_SOCKET'])

        def ask(kind, body):
            s.sendall(f'cmdai/1 {kind} {len(body)}\n'.encode() + body)
            data = b''
            while b'\n' not in data or len(data.split(b'\n', 1)[1]) < int(data.split(b'\n')[0].split()[2]): data += s.recv(65536)
            return dict(f.split(b'=', 1) for f in data.split(b'\n', 1)[1].split(b'\0') if f)

        ask('check', body)
        ask('check', b'cmd=trap - DEBUG\0shell=bash\0')
        ask('check', b'write=a.c\0edit=.git/hooks/x\0actor=agent:x\0source=hook\0agent.version=1.2\0agent.sub=helper\0agent.tool=Write\0')
        verdict = ask('check', b'cmd=git push --force\0shell=bash\0')
        ask('answer', b'id=' + verdict[b'id'] + b'\0answer=no\0')
        ask('finished', b'id=' + verdict[b'id'] + b'\0status=3\0ms=12\0')
    same(box.run_in_terminal('allow', verdict[b'code'].decode()).status, 0)
    agent = shutil.copy('/bin/dash', os.path.join(box.root, 'claude'))
    subprocess.run([agent, '-c', f'{support.CMDAI} check --actor agent:codex -- ls; :'], env=box.env, stdout=subprocess.DEVNULL, check=True)
    same(box.run('relay', '--local', 'shell=bash', stdin='git push --force').status, 0)  # judged in a client's place
    box.run('reload')
    box.write(box.config('config.toml'), 'x = [')
    box.run('reload')
    box.run('stop')
    every_event_of_plugins(box)
    with open(box.record()) as file: return [json.loads(line) for line in file]


def test_the_record(box):
    validator, events = schema('event'), every_event(box)
    for event in events: fits(validator, event)
    same({e['type'] for e in events}, set(validator.schema['properties']['type']['enum']) - {'log.gap'})
    used = {key for event in events for key in event}
    same(set(validator.schema['properties']) - used, set(), 'keys of the schema that never came')
    same(used - set(validator.schema['properties']), set(), 'keys that the schema does not know')


def test_the_page_about_the_record_names_every_key_and_type(box):
    with open(os.path.join(FOLDER, 'event.schema.json')) as file: known = json.load(file)['properties']
    with open(os.path.join(FOLDER, '../../docs/audit-format.md')) as file: page = file.read()
    for name in [*known, *known['type']['enum']]: check(f'`{name}`' in page, f'docs/audit-format.md does not name `{name}`')


def test_what_must_not_be_does_not_fit(box):
    validator = schema('event')
    (good,) = [e for e in every_event(box) if e.get('rule') == 'fs.delete-home' and e.get('actor') == 'human'][:1]
    fits(validator, good)
    for key in ('v', 'seq', 'time', 'type', 'policy', 'prev', 'id', 'action', 'rule', 'actor'):
        without = copy.copy(good)
        del without[key]
        check(not validator.is_valid(without), f'fits without `{key}`')
    for key, value in (('v', 2), ('seq', 0), ('time', 'yesterday'), ('action', 'deny'), ('prev', 'x'), ('effects', []), ('type', 'other')):
        check(not validator.is_valid(good | {key: value}), f'fits with {key}={value!r}')
    answer = schema('check-answer')
    fine = {'id': 1, 'decision': 'block', 'rule': 'a.b', 'reason': 'r', 'hint': '', 'effects': []}
    fits(answer, fine)
    for wrong in (fine | {'error': 'x'}, fine | {'decision': 'deny'}, fine | {'rule': ''}, {'id': 1}, {'error': 'x'}):
        check(not answer.is_valid(wrong), wrong)


if __name__ == '__main__':
    support.main()
