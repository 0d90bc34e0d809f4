#!/usr/bin/python3
"""Holds what the exporter writes against OCSF's published schema (ocsf_schema.json is an extract of it, and says of what).

usage: ocsf_schema_test.py OCSF_EVENTS

Every event that OCSF_EVENTS prints must fit, and events with one thing wrong must be refused for that thing. The last line is `N passed, N failed`.
"""
import copy, json, os, re, subprocess, sys

HERE = os.path.dirname(os.path.abspath(__file__))
with open(os.path.join(HERE, 'ocsf_schema.json'), encoding='utf8') as file: SCHEMA = json.load(file)
CLASSES = {c['uid']: c for c in SCHEMA['classes'].values()}
KINDS = {'boolean': bool, 'integer': int, 'number': (int, float), 'string': str, 'object': dict, 'any': object}
counts = [0, 0]


def check(good, what):
    counts[0 if good else 1] += 1
    if not good: print('FAILED:', what)


def at(version): return tuple(map(int, version.split('.')))


class Validator:
    """What is wrong in one event, in words."""

    def __init__(self, event):
        self.wrong = []
        metadata = event.get('metadata')
        metadata = metadata if isinstance(metadata, dict) else {}
        self.version = metadata.get('version')
        if self.version not in SCHEMA['source']['versions']:
            return self.say('metadata.version', f'{self.version} is not a version of the extract')
        shape = CLASSES.get(event.get('class_uid'))
        if shape is None: return self.say('class_uid', 'not in the extract')
        self.profiles = [p for p in metadata.get('profiles', []) if isinstance(p, str)]
        for profile in self.profiles:
            if profile not in shape['profiles'] or at(shape['profiles'][profile]) > at(self.version):
                self.say('metadata.profiles', f'{profile} is none of this class')
        self.attributes(event, shape, '')
        if event.get('category_uid') != shape['category_uid']: self.say('category_uid', f'must be {shape["category_uid"]}')
        if event.get('type_uid') != shape['uid'] * 100 + (event.get('activity_id') or 0): self.say('type_uid', 'is not class_uid * 100 + activity_id')

    def say(self, path, what): self.wrong.append(f'{path.lstrip(".")}: {what}')

    def has(self, attribute):
        return at(attribute.get('since', '0')) <= at(self.version) and ('profile' not in attribute or attribute['profile'] in self.profiles)

    def attributes(self, value, shape, path):
        known = {name: attribute for name, attribute in shape['attributes'].items() if self.has(attribute)}
        for name, attribute in known.items():
            if attribute.get('requirement') == 'required' and name not in value: self.say(f'{path}.{name}', 'is required')
        one = shape.get('at_least_one', [])
        if one and not any(name in value for name in one): self.say(path, f'has none of {", ".join(one)}')
        for name, item in value.items():
            if name not in known: self.say(f'{path}.{name}', 'is not in the schema')
            else: self.value(item, known[name], f'{path}.{name}')
            if name in known and name in SCHEMA['siblings']: self.sibling(value, name, known[name], path)

    def value(self, value, attribute, path):
        kind = attribute['type']
        if kind.endswith('[]'):
            if not isinstance(value, list): return self.say(path, 'is no array')
            for i, item in enumerate(value): self.value(item, attribute | {'type': kind[:-2]}, f'{path}[{i}]')
        elif kind in SCHEMA['types']:
            basic = SCHEMA['types'][kind]
            if not isinstance(value, KINDS[basic]) or isinstance(value, bool) and basic in ('integer', 'number'):
                return self.say(path, f'is no {kind}')
            if basic == 'integer' and not -2**63 <= value < 2**63: return self.say(path, 'is too large')
            if 'enum' in attribute and str(value) not in SCHEMA['enums'][attribute['enum']]: self.say(path, f'{value} is not in the enum')
        elif kind not in SCHEMA['objects']: self.say(path, f'{kind} is not in the extract')
        elif not isinstance(value, dict): self.say(path, f'is no {kind}')
        else: self.attributes(value, SCHEMA['objects'][kind], path)

    def sibling(self, value, name, attribute, path):
        """The caption beside a number is the number's own; of 99 (Other) it is the source's, and must be there."""
        caption = SCHEMA['siblings'][name]
        own = SCHEMA['enums'].get(attribute.get('enum'), {}).get(str(value[name]))
        other = 'enum' in attribute and value[name] == 99  # A type_uid of 99 is the Base Event's.
        if other and not value.get(caption): self.say(f'{path}.{caption}', f'is required when {name} is 99')
        if not other and caption in value and value[caption] != own: self.say(f'{path}.{caption}', f'is not the caption of {name}')


def problems(event): return Validator(event).wrong


# --- Events with one thing wrong -------------------------------------------------------------------------------------------------------

# Event type, dotted path, what stands there instead (None: nothing), and what the validator has to say.
BROKEN = [
    ('command.decision', 'script', None, 'script: is required'),
    ('command.decision', 'script.script_content', 'git push', 'script.script_content: is no long_string'),
    ('command.decision', 'script.script_content.value', None, 'script.script_content.value: is required'),
    ('command.decision', 'script.script_content.is_truncated', 1, 'script.script_content.is_truncated: is no boolean_t'),
    ('command.decision', 'script.type_id', 8, 'script.type_id: 8 is not in the enum'),
    ('command.decision', 'script.type_id', 99, 'script.type: is required when type_id is 99'),
    ('command.decision', 'script.type', 'PowerShell', 'script.type: is not the caption of type_id'),
    ('command.decision', 'script.file', {'name': 'a'}, 'script.file: file is not in the extract'),
    ('command.decision', 'ai_agent', {'uid': 'codex'}, 'ai_agent: is not in the schema'),
    ('command.decision', 'metadata.profiles', ['host'], 'action_id: is not in the schema'),
    ('command.decision', 'metadata.profiles', ['host', 'security_control', 'ai_operation'], 'metadata.profiles: ai_operation is none of this class'),
    ('command.decision', 'metadata.profiles', 'host', 'metadata.profiles: is no array'),
    ('command.decision', 'metadata.profiles', ['host', 7], 'metadata.profiles[1]: is no string_t'),
    ('command.decision', 'metadata', None, 'metadata.version: None is not a version of the extract'),
    ('command.decision', 'metadata.version', '1.7.0', 'metadata.version: 1.7.0 is not a version of the extract'),
    ('command.decision', 'metadata.product', {'vendor_name': 'cmdai'}, 'metadata.product: has none of name, uid'),
    ('command.decision', 'metadata.sequence', '7', 'metadata.sequence: is no integer_t'),
    ('command.decision', 'metadata.seq', 7, 'metadata.seq: is not in the schema'),
    ('command.decision', 'class_uid', 1010, 'class_uid: not in the extract'),
    ('command.decision', 'category_uid', 2, 'category_uid: must be 1'),
    ('command.decision', 'type_uid', 100902, 'type_uid: is not class_uid * 100 + activity_id'),
    ('command.decision', 'activity_id', 2, 'activity_id: 2 is not in the enum'),
    ('command.decision', 'activity_name', 'Run', 'activity_name: is not the caption of activity_id'),
    ('command.decision', 'severity_id', True, 'severity_id: is no integer_t'),
    ('command.decision', 'severity_id', 7, 'severity_id: 7 is not in the enum'),
    ('command.decision', 'severity_id', None, 'severity_id: is required'),
    ('command.decision', 'time', '2026-01-01T00:00:00Z', 'time: is no timestamp_t'),
    ('command.decision', 'time', 1767225600000.5, 'time: is no timestamp_t'),
    ('command.decision', 'time', 2**63, 'time: is too large'),
    ('command.decision', 'disposition_id', 28, 'disposition_id: 28 is not in the enum'),
    ('command.decision', 'is_alert', 'yes', 'is_alert: is no boolean_t'),
    ('command.decision', 'policy', {'version': '3'}, 'policy: has none of name, type, uid'),
    ('command.decision', 'policy.version', 3, 'policy.version: is no string_t'),
    ('command.decision', 'actor', {}, 'actor: has none of process, user, invoked_by, session, app_name, app_uid'),
    ('command.decision', 'actor.process', {'parent_process': {'pid': 41}}, 'actor.process: has none of pid, uid, cpid'),
    ('command.decision', 'actor.process.parent_process.pid', 'x', 'actor.process.parent_process.pid: is no integer_t'),
    ('command.decision', 'actor.user.uid', 1000, 'actor.user.uid: is no string_t'),
    ('command.decision', 'device', None, 'device: is required'),
    ('command.decision', 'device', {'type_id': 0}, 'device: has none of ip, uid, name, hostname, instance_uid, interface_uid, interface_name'),
    ('command.decision', 'device.os.name', None, 'device.os.name: is required'),
    ('command.decision', 'unmapped', 'x', 'unmapped: is no object'),
    ('finished', 'process', None, 'process: is required'),
    ('finished', 'process', {'name': 'git'}, 'process: has none of pid, uid, cpid'),
    ('finished', 'duration', 1.5, 'duration: is no long_t'),
    ('finished', 'action_id', 1, 'action_id: is not in the schema'),
    ('tamper', 'finding_info', None, 'finding_info: is required'),
    ('tamper', 'finding_info.uid', None, 'finding_info.uid: is required'),
    ('tamper', 'finding_info.types', 'tamper', 'finding_info.types: is no array'),
    ('tamper', 'status_id', 7, 'status_id: 7 is not in the enum'),
    ('policy.loaded', 'device', None, 'device: is required'),
    ('daemon.start', 'app', None, 'app: is required'),
    ('daemon.start', 'app', 'cmdaid', 'app: is no product'),
    ('device.enrolled', 'entity', None, 'entity: is required'),
    ('device.enrolled', 'entity', {'type_id': 1, 'type': 'Device'}, 'entity: has none of name, uid, device, group, org, policy, user'),
    ('device.enrolled', 'entity.type', 'device', 'entity.type: is not the caption of type_id'),
    ('something.new', 'activity_name', None, 'activity_name: is required when activity_id is 99'),
    ('something.new', 'device', None, ''),
]
# The same of 1.9.0.
BROKEN_1_9 = [
    ('command.decision', 'ai_agent', {'version': '1.2'}, 'ai_agent: has none of name, uid'),
    ('command.decision', 'ai_agent.ai_model.ai_provider', None, 'ai_agent.ai_model.ai_provider: is required'),
    ('command.decision', 'metadata.profiles', ['host', 'security_control'], 'ai_agent: is not in the schema'),
    ('tamper', 'metadata.profiles', ['host', 'ai_operation'], 'metadata.profiles: ai_operation is none of this class'),
]


def changed(event, path, value):
    event = copy.deepcopy(event)
    *outer, last = path.split('.')
    place = event
    for name in outer: place = place[name]
    if value is None: del place[last]
    else: place[last] = value
    return event


def check_refusals(events):
    for version, rows in (('1.8.0', BROKEN), ('1.9.0', BROKEN_1_9)):
        whole = {}
        for event in events:
            if event['metadata']['version'] == version: whole.setdefault(event['metadata']['event_code'], event)
        for type_, path, value, expected in rows:
            try: said = problems(changed(whole[type_], path, value))
            except (KeyError, TypeError) as error: said = [f'cannot be changed: {error!r}']
            check(expected in said if expected else not said, f'{type_} with {path} = {value}: {said}')


def main():
    said = subprocess.run(sys.argv[1:2], check=True, capture_output=True, text=True).stdout
    events = [json.loads(line) for line in said.splitlines()]
    for event in events:
        wrong = problems(event)
        check(not wrong, f'{event["metadata"]["event_code"]} in {event["metadata"]["version"]}: {"; ".join(wrong)}\n  {json.dumps(event)}')
    # A type or a class that no event is made of would not be held against anything.
    with open(os.path.join(HERE, '../../../enterprise/protocol/ocsf.cpp'), encoding='utf8') as file: source = file.read()
    types = set(re.findall(r'\{"([a-z.]+)", (?:k[A-Z]|finding)', source))
    check(types and types <= {event['metadata']['event_code'] for event in events}, 'every type of the exporter is printed')
    check({event['class_uid'] for event in events} == set(CLASSES), 'every class of the extract is printed')
    check_refusals(events)
    print(f'{counts[0]} passed, {counts[1]} failed')
    sys.exit(counts[1] != 0 or counts[0] == 0)


if __name__ == '__main__':
    main()
