#!/usr/bin/python3
"""The REST API: who may what, search, pages, and that its description is what it does. usage: api_test.py COLLECTOR [TEST…]"""
import json, os, time
import box, wire
from box import check, same, until

ROLES = ['policy-author', 'analyst', 'auditor', 'device-admin']


def test_roles(b):
    """Each role may what the description says it may, and nothing else; nobody may anything without a token."""
    b.up()
    description = b.api('GET', '/api/v1/openapi.json', token='')
    tokens = {role: b.api('POST', '/api/v1/api-tokens', {'name': role, 'roles': [role]}, status=201)['token'] for role in ROLES}
    tried = 0
    for path, methods in description['paths'].items():
        concrete = path.replace('{id}', '0' * 32).replace('{device}', '0' * 32).replace('{position}', '1').replace('{seq}', '1')
        for method, operation in methods.items():
            body = {} if method == 'post' else None
            if operation.get('security') == []:
                b.api(method.upper(), concrete, token='')
                continue
            same((path, b.link().ask(method.upper(), concrete).status), (path, 401))
            same((path, b.link().ask(method.upper(), concrete, headers={'Authorization': 'Bearer cmdai_' + '0' * 64}).status), (path, 401))
            allowed = operation.get('description', '')
            for role, token in tokens.items():
                answer = b.link().ask(method.upper(), concrete, json.dumps(body).encode() if body is not None else b'', {'Authorization': 'Bearer ' + token})
                may = role in allowed or allowed == 'Any token.'
                same((path, method, role, answer.status != 403), (path, method, role, may), answer)
                tried += 1
    check(tried > 80, tried)


def test_api_tokens(b):
    """Stored hashed, told once, taken back, and every call is in the audit."""
    b.up()
    made = b.api('POST', '/api/v1/api-tokens', {'name': 'siem', 'roles': ['auditor']}, status=201)
    same(b.api('GET', '/api/v1/whoami', token=made['token'])['roles'], ['auditor'])
    with open(os.path.join(b.dir, 'data/ledger.db-wal'), 'rb') as file: data = file.read()
    with open(os.path.join(b.dir, 'data/ledger.db'), 'rb') as file: data += file.read()
    check(made['token'].encode() not in data and made['token'][6:].encode() not in data, 'the token is stored')
    b.api('GET', '/api/v1/devices/xyz', token=made['token'], status=404)
    b.api('POST', '/api/v1/devices/xyz/revoke', token=made['token'], status=403)
    b.api('DELETE', '/api/v1/api-tokens/' + made['id'])
    b.api('GET', '/api/v1/whoami', token=made['token'], status=401)
    for body in ({}, {'name': 'x'}, {'name': 'x', 'roles': []}, {'name': 'x', 'roles': ['king']}, {'name': 'a\nb', 'roles': ['owner']}, {'name': 'x', 'roles': ['owner'], 'ttl_ms': -1}, [], b'{'):
        b.api('POST', '/api/v1/api-tokens', body, status=400)
    acts = [(a['name'], a['method'], a['path'], a['status']) for a in b.api('GET', '/api/v1/audit')['acts']]
    for act in (('siem', 'GET', '/api/v1/devices/xyz', 404), ('siem', 'POST', '/api/v1/devices/xyz/revoke', 403), ('owner', 'POST', '/api/v1/api-tokens', 201)): check(act in acts, acts)
    page = b.api('GET', '/api/v1/audit?limit=2')
    check(page['next'] and b.api('GET', f'/api/v1/audit?limit=2&before={page["next"]}')['acts'][0]['id'] < page['acts'][-1]['id'])


def test_search(b):
    """By text, field and time; pages hold each event once while others come in."""
    b.up()
    d, other = b.device(), b.device()
    d.send(d.events(3, text='git push --force origin main', decision={'action': 'block', 'rules': [{'id': 'git.push-force'}]}, agent={'name': 'codex'}, actor={'kind': 'agent', 'user': 'ann'}))
    d.send(d.events(20))
    other.send(other.events(4, text='rm -rf "ünïcode" ; echo 你好', decision={'action': 'ask', 'rules': [{'id': 'fs.delete'}]}))
    b.indexed()
    def count(query): return len(b.api('GET', '/api/v1/events?limit=1000&' + query)['events'])
    same(count(''), 27)
    same([count(q) for q in ('q=push', 'q=%22push+--force%22', 'q=force+push', 'q=%22force+push%22', 'q=pus*', 'q=unicode', 'q=%E4%BD%A0%E5%A5%BD', 'q=absent')], [3, 3, 3, 0, 3, 4, 4, 0])
    same([count(q) for q in ('device=' + d.id, 'action=block', 'rule=fs.delete', 'agent=codex', 'actor=agent', 'user=ann', 'stopped=true', 'type=command.decision', 'group=default', 'group=x',
                             'action=ask&q=rm', 'action=block&q=rm')], [23, 3, 4, 3, 3, 3, 7, 27, 27, 0, 4, 0])
    now = int(time.time() * 1000)
    same([count(f'from={now - 3600_000}'), count(f'to={now - 3600_000}'), count(f'from={now + 3600_000}')], [27, 0, 0])
    for bad in ('limit=x', 'from=-1', 'cursor=nonsense', 'cursor=1.x'): b.api('GET', '/api/v1/events?' + bad, status=400)
    for odd in ('q=%22', 'q=*', 'q=NEAR(', "q=')--", 'q=a+AND', 'q=%00', 'q=%FF'): b.api('GET', '/api/v1/events?' + odd)
    seen, cursor = [], ''
    while cursor is not None:
        page = b.api('GET', f'/api/v1/events?limit=5&cursor={cursor}')
        seen += [(e['position'], e['seq'], e['device']) for e in page['events']]
        cursor = page['next']
        other.send(other.events(1))
        b.indexed()
    same((len(seen), len(set(seen))), (27, 27))
    event = b.api('GET', '/api/v1/events?q=push&limit=1')['events'][0]
    one = b.api('GET', f'/api/v1/events/{event["position"]}/{event["seq"]}')
    same(json.loads(one['line'])['cmd']['line'], 'git push --force origin main')
    same(one['hash'], wire.H(one['line'].encode()))
    for path in ('1/999', '999/1', 'x/1', '1/x', '0/0'): b.api('GET', '/api/v1/events/' + path, status=404)
    counts = b.api('GET', '/api/v1/events/counts')['counts']
    same(sum(c['count'] for c in counts if c['action'] == 'block'), 3)


def test_metrics(b):
    """Prometheus reads it: each metric has help and type, names and values are well-formed."""
    b.up()
    d = b.device()
    d.send(d.events(4))
    d.heartbeat()
    text = b.api('GET', '/metrics')
    described = {line.split()[2] for line in text.splitlines() if line.startswith('# TYPE')}
    for line in text.splitlines():
        if line.startswith('#'): continue
        name, _, value = line.rpartition(' ')
        float(value)
        base = name.partition('{')[0]
        check(any(base == d or base in (d + '_bucket', d + '_sum', d + '_count') for d in described), line)
    same((b.metric('events_total'), b.metric('batches_total'), b.metric('heartbeats_total'), b.metric('enrollments_total')), (4, 1, 1, 1))
    check('cmdai_collector_ack_seconds_count 1' in text)


def test_answers_are_as_described(b):
    """Each answer holds what its schema requires, and nothing it does not name."""
    b.up('[limits]\ncheckpoint_seconds = 1\n')
    d = b.device()
    d.send(d.events(2))
    d.heartbeat(head='ab' * 32)
    d.send([d.gap(2)])
    until(lambda: b.api('GET', '/api/v1/integrity/checkpoints')['checkpoints'], 'no checkpoint')
    b.indexed()
    description = b.api('GET', '/api/v1/openapi.json', token='')
    def resolve(s):
        if '$ref' in s: return resolve(description['components']['schemas'][s['$ref'].rsplit('/', 1)[1]])
        if 'allOf' not in s: return s
        parts = [resolve(p) for p in s['allOf']]
        return {'type': 'object', 'required': sum((p.get('required', []) for p in parts), []), 'properties': {k: v for p in parts for k, v in p['properties'].items()}}
    kinds = {'string': str, 'integer': int, 'boolean': bool, 'object': dict, 'array': list, 'null': type(None)}
    def hold(value, s, where):
        s = resolve(s)
        types = s['type'] if isinstance(s['type'], list) else [s['type']]
        check(any(isinstance(value, kinds[t]) for t in types), f'{where}: {value!r} is no {types}')
        if isinstance(value, dict) and 'properties' in s:
            for name in s.get('required', []): check(name in value, f'{where}.{name} is missing')
            for name, v in value.items():
                check(name in s['properties'], f'{where}.{name} is not described')
                hold(v, s['properties'][name], f'{where}.{name}')
        for i, v in enumerate(value if isinstance(value, list) and 'items' in s else []): hold(v, s['items'], f'{where}[{i}]')
        if 'enum' in s: check(value in s['enum'], f'{where}: {value!r}')
    filled = 0
    for path, methods in description['paths'].items():
        if 'get' not in methods or path in ('/metrics', '/api/v1/openapi.json', '/api/v1/policies/current'): continue
        concrete = path.replace('{id}', d.id).replace('{device}', d.id).replace('{position}', '1').replace('{seq}', '1')
        answer = b.api('GET', concrete)
        hold(answer, methods['get']['responses']['200']['content']['application/json']['schema'], path)
        filled += any(isinstance(v, list) and v for v in answer.values())
    check(filled >= 7, f'only {filled} lists had something in them')


if __name__ == '__main__':
    box.main()
