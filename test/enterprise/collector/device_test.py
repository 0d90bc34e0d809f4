#!/usr/bin/python3
"""A device against the real collector, over TLS: what docs/collector-protocol.md says it answers. usage: device_test.py COLLECTOR [TEST…]"""
import json, os, time
import box, wire
from box import check, same, until


def test_enrollment(b):
    """Once; the same key again is told the same; another key is an alarm; a stranger's token is nothing."""
    b.up()
    token = b.token()
    device = wire.Device(b.link(), b.root_document())
    body = device.enroll_body(token)
    first, again = device.link.ask('POST', '/v1/enroll', body), device.link.ask('POST', '/v1/enroll', body)
    same((first.status, again.status, first.body), (200, 200, again.body))
    other = wire.Device(b.link(), b.root_document())
    answer = other.enroll(token)
    same((answer.status, answer.json), (409, {'error': 'token-used'}))
    same([a['kind'] for a in b.alarms()], ['token-reused'])
    same(other.enroll(os.urandom(32).hex()).status, 401)
    wrong = wire.Device(b.link(), b.root_document())
    wrong.root['collector'] = 'another'
    same(wrong.enroll(b.token()).status, 401)
    same(wire.Device(b.link(), b.root_document()).link.ask('POST', '/v1/enroll', b'{}').status, 401)
    same(len(b.api('GET', '/api/v1/devices')['devices']), 1)
    many = b.token('--uses', '2')
    same([wire.Device(b.link(), b.root_document()).enroll(many).status for _ in range(3)], [200, 200, 409])
    revoked = b.token()
    b.run('token', 'revoke', '--dir', b.dir, b.api('GET', '/api/v1/enrollment-tokens')['tokens'][0]['id'])
    same(wire.Device(b.link(), b.root_document()).enroll(revoked).status, 401)


def test_batches(b):
    """Stored once, whatever is sent again; packed or not; the receipt holds."""
    b.up()
    d = b.device()
    events = d.events(5)
    answer = d.send(events)
    same((answer.status, answer.json['next'], answer.json['head']), (200, 6, d.head), answer)
    check(d.holds_receipt(answer))
    check(answer.json['timestamp'] >= 1)
    more = d.events(3)
    same(d.post(d.batch(more), packed=False).json['next'], 9)
    same(d.send(events).json['next'], 9)          # all of it is there
    tail = d.events(2)
    same(d.send(more + tail).json['next'], 11)    # a part of it is
    same(d.send(more + tail).json['next'], 11)
    b.indexed()
    found = b.api('GET', '/api/v1/events?limit=100')
    same([e['seq'] for e in found['events']], list(range(10, 0, -1)))
    same(b.api('GET', '/api/v1/integrity/chains')['chains'][0]['next'], 11)
    same(b.alarms(), [])


def test_resume(b):
    b.up()
    d = b.device()
    d.send(d.events(4))
    head = d.head
    lost, here = d.events(3), d.events(2)
    answer = d.send(here)
    same((answer.status, answer.json), (409, {'error': 'resume', 'next': 5, 'head': head}))
    same(b.alarms(), [])
    same(d.send(lost + here).json['next'], 10)


def test_gaps(b):
    """Declared: an alarm; not declared: only when the device insists."""
    b.up()
    d = b.device()
    d.send(d.events(2))
    answer = d.send([d.gap(14)] + d.events(1))
    same((answer.status, answer.json.get('next')), (200, 19), answer)
    (alarm,) = b.alarms()
    same((alarm['kind'], alarm['device']), ('gap-declared', d.id))
    same(alarm['severity'], 'high')  # no new boot
    d.boot = os.urandom(16).hex()
    same(d.send([d.gap(1)]).status, 200)
    same([a['severity'] for a in b.alarms(kind='gap-declared')], ['medium', 'high'])
    d.events(5)
    here = d.events(2)
    same(d.send(here).status, 409)
    answer = d.send(here, insist=True)
    same((answer.status, answer.json['next']), (200, d.next), answer)
    (alarm,) = b.alarms(kind='gap')
    same(alarm['severity'], 'critical')
    same(b.api('GET', '/api/v1/integrity/chains?device=' + d.id)['chains'][0]['gaps'], 3)
    same(d.send(d.events(1)).status, 200)


def test_fork(b):
    """Two devices with one cloned disk: the second one's events are evidence, not record."""
    b.up()
    d = b.device()
    d.send(d.events(2))
    state = d.next, d.head, d.ratchet
    same(d.send(d.events(2, text='the first')).status, 200)
    d.next, d.head, d.ratchet = state
    for _ in range(2):
        d.next, d.head, d.ratchet = state
        answer = d.send(d.events(2, text='the clone'))
        same((answer.status, answer.json), (409, {'error': 'fork'}))
    (alarm,) = b.alarms(kind='fork')
    same((alarm['severity'], alarm['device']), ('critical', d.id))
    apart = b.api('GET', '/api/v1/integrity/apart/' + d.id)['apart']
    same([a['reason'] for a in apart], ['fork'])
    b.indexed()
    same(b.api('GET', '/api/v1/events?q=clone')['events'], [])
    same(len(b.api('GET', '/api/v1/events?q=first')['events']), 2)


def test_alarms_are_events(b):
    """The collector keeps a chain of its own: an alarm is in the record, can be found, and the record holds together."""
    b.up()
    d = b.device()
    d.send(d.events(2))
    d.heartbeat(head='ab' * 32)
    def told(): return b.api('GET', '/api/v1/events?type=collector.alarm')['events']
    until(told, 'the alarm is no event')
    b.kill()
    b.start()
    d.link = b.link()
    other = b.device()
    other.send(other.events(1))
    other.heartbeat(head='cd' * 32)
    until(lambda: len(told()) == 2, 'the second alarm is no event')
    same(len(b.api('GET', '/api/v1/events?q=' + other.id)['events']), 1)
    check(told()[0]['text'].startswith(f'fork: device {other.id}: '))
    same(b.stop(), 0)
    b.run('export', '--dir', b.dir, '--out', 'all')
    check(b.run('verify', 'all', '--root', os.path.join(b.dir, 'trust/root-1.json')).stdout.startswith('PASS: 5 events in 4 batches of 3 devices'))
    same(b.run('verify', '--dir', b.dir).stdout.split(':')[0], 'PASS')


def test_fork_in_heartbeat(b):
    b.up()
    d = b.device()
    d.send(d.events(2))
    same(d.heartbeat().status, 200)
    same(b.alarms(), [])
    same(d.heartbeat(head='ab' * 32).status, 200)
    same([a['kind'] for a in b.alarms()], ['fork'])


def test_tamper(b):
    """A changed line, MAC, order, signature or chain is refused, kept apart, and an alarm."""
    b.up()
    d = b.device()
    d.send(d.events(1))
    events = d.events(3)
    state = d.next
    bad_mac = [('0' * 32, events[0][1])] + events[1:]
    changed = [events[0], (events[1][0], events[1][1].replace(b'ls -la', b'ls -lb')), events[2]]
    swapped = [events[1], events[0], events[2]]
    stranger = wire.SigningKey()
    for n, body in enumerate((d.batch(bad_mac), d.batch(changed), d.batch(events, key=stranger), d.batch(events, head='cd' * 32))):
        answer = d.post(body)
        same((n, answer.status, answer.body), (n, 422, b'{"error":"chain"}'))
    check(d.post(d.batch(swapped, after=json.loads(events[0][1])['prev'])).status in (400, 422))
    chain, d.chain = d.chain, os.urandom(16).hex()
    same(d.post(d.batch([(events[0][0], events[0][1].replace(chain.encode(), d.chain.encode()))])).status, 422)
    d.chain = chain
    check(len(b.alarms(kind='tamper')) >= 2)
    same(d.post(b'nothing').status, 400)
    same(d.send(events).json['next'], state)


def test_requests(b):
    """Every doubt about a request is the same 401."""
    b.up()
    d, other = b.device(), b.device()
    target, body = '/v1/heartbeat', b'{}'
    good = d.signed('POST', target, body)
    wrong = {
        'no headers': {},
        'another signature': good | {'Cmdai-Signature': '00' * 64},
        'another device': good | {'Cmdai-Device': other.id},
        'unknown device': d.signed('POST', target, body, device='00' * 16),
        'another key': d.signed('POST', target, body, key=other.key),
        'another path': d.signed('POST', '/v1/events', body),
        'another body': d.signed('POST', target, b'{} '),
        'too old': d.signed('POST', target, body, now=d.now() - 400_000),
        'too new': d.signed('POST', target, body, now=d.now() + 400_000),
        'not hex': good | {'Cmdai-Nonce': 'X' * 32},
        'upper case': good | {'Cmdai-Device': d.id.upper() if d.id.upper() != d.id else 'A' * 32},
    }
    for name, headers in wrong.items():
        answer = d.link.ask('POST', target, body, headers)
        same((name, answer.status, answer.body), (name, 401, b'{"error":"unauthorized"}'))
        check(answer.headers.get('Date'), name)
    old = d.signed('POST', target, body, now=d.now() - 400_000)
    answer = d.link.ask('POST', target, body, old)
    check(d.believes(answer, old['Cmdai-Nonce']), 'a wrong clock cannot be corrected by an answer nobody signed')
    # A request that was heard is not heard again.
    beat = json.dumps({'v': 1}).encode()
    headers = d.signed('POST', target, beat)
    same(d.link.ask('POST', target, beat, headers).status, 400)
    same(d.link.ask('POST', target, beat, headers).status, 401)
    same(d.link.ask('GET', '/v1/nothing').status, 404)


def test_clock(b):
    b.up()
    d = b.device()
    d.shift = -200_000
    same(d.send(d.events(1)).status, 200)
    (alarm,) = b.alarms()
    same((alarm['kind'], alarm['text']), ('clock', 'its clock is 200 s slow'))


def test_heartbeat_and_silence(b):
    b.up('[limits]\nheartbeat_seconds = 1\n')
    d = b.device()
    answer = d.heartbeat(posture={'hooks': ['bash']})
    same(answer.status, 200)
    check(answer.json['timestamp'] >= 1)
    until(lambda: b.api('GET', '/api/v1/devices/' + d.id)['last_heartbeat'], 'the heartbeat is not kept')
    same(b.api('GET', '/api/v1/devices/' + d.id)['last_heartbeat']['posture'], {'hooks': ['bash']})
    until(lambda: b.alarms(kind='silent'), 'silence is not noticed')
    same(b.alarms(kind='silent')[0]['device'], d.id)


def test_rekey(b):
    """The old key is good until the new one was used; then its use is an alarm."""
    b.up()
    d = b.device()
    d.send(d.events(1))
    answer, fresh = d.rekey()
    same(answer.status, 200, answer)
    same(json.loads(d.certificate['signed'])['pub'], fresh.public.hex())
    old = d.key
    same(d.send(d.events(1)).status, 200)
    d.key = fresh
    same(d.send(d.events(1)).status, 200)
    d.key = old
    same(d.ask('GET', '/v1/policy/timestamp').status, 401)
    same([a['kind'] for a in b.alarms()], ['revoked-key'])


def test_revoked_device(b):
    """What it sends is stored and marked; the others hear of it in the timestamp."""
    b.up()
    d = b.device()
    d.send(d.events(1))
    before = json.loads(d.ask('GET', '/v1/policy/timestamp').json['signed'])
    b.run('device', 'revoke', '--dir', b.dir, d.id)
    same(d.send(d.events(1, text='afterwards')).status, 200)
    now = json.loads(d.ask('GET', '/v1/policy/timestamp').json['signed'])
    same((before['revoked'], now['revoked']), ([], [d.id]))
    check(now['version'] > before['version'])
    same([a['kind'] for a in b.alarms()], ['revoked-key'])
    b.indexed()
    (event,) = b.api('GET', '/api/v1/events?q=afterwards')['events']
    same(b.api('GET', f'/api/v1/events/{event["position"]}/{event["seq"]}')['trusted'], False)


def test_policies(b):
    """new, sign, publish; devices fetch it with an ETag; an older one is refused; roots stand there by number."""
    b.up()
    d = b.device()
    same(d.ask('GET', '/v1/policy/current').status, 404)
    text = os.path.join(b.root, 'organization.toml')
    b.run('policy', 'new', text)
    b.run('policy', 'sign', '--dir', b.dir, '--expires', '30d', '--out', 'p1.json', text)
    b.run('policy', 'publish', '--dir', b.dir, 'p1.json')
    b.run('policy', 'sign', '--dir', b.dir, '--out', 'p2.json', text)
    b.run('policy', 'publish', '--dir', b.dir, 'p2.json')
    check('not above' in b.run('policy', 'publish', '--dir', b.dir, 'p1.json', status=2).stderr)
    answer = d.ask('GET', '/v1/policy/current')
    with open(os.path.join(b.root, 'p2.json'), 'rb') as file: same(answer.body, file.read())
    same(d.ask('GET', '/v1/policy/current', headers={'If-None-Match': answer.headers['ETag']}).status, 304)
    stamp = json.loads(d.ask('GET', '/v1/policy/timestamp').json['signed'])
    same((stamp['policy']['version'], stamp['policy']['length']), (2, len(answer.body)))
    same(d.ask('GET', '/v1/policy/root/1').json, b.root_document())
    for path in ('/v1/policy/root/2', '/v1/policy/root/x', '/v1/policy/root/'): same((path, d.ask('GET', path).status), (path, 404))
    same(b.api('GET', '/api/v1/policies/current')['documents'][0]['name'], 'organization.toml')
    forged = json.loads(answer.body)
    forged['signatures'][0]['sig'] = '00' * 64
    b.api('POST', '/api/v1/policies', forged, status=400)
    b.api('POST', '/api/v1/policies', forged | {'signatures': []}, status=400)


def test_commands(b):
    b.up()
    d = b.device()
    same(b.api('POST', f'/api/v1/devices/{d.id}/commands', {'type': 'pull-policy'})['counter'], 1)
    b.api('POST', f'/api/v1/devices/{d.id}/commands', {'type': 'format-disk'}, status=400)
    (command,) = d.heartbeat().json['commands']
    command = json.loads(command)['signed'] if isinstance(command, str) else command['signed']
    same({k: json.loads(command)[k] for k in ('role', 'device', 'counter', 'type')}, {'role': 'command', 'device': d.id, 'counter': 1, 'type': 'pull-policy'})
    same(d.heartbeat().json['commands'], [])


def test_log_proofs(b):
    """Checkpoints are signed, and one follows from the other: computed here, from RFC 6962."""
    b.up('[limits]\ncheckpoint_seconds = 1\n')
    d = b.device()
    for _ in range(5): d.send(d.events(2))
    until(lambda: b.api('GET', '/api/v1/integrity/checkpoints')['checkpoints'][:1] and b.api('GET', '/api/v1/integrity/checkpoints')['checkpoints'][0]['size'] == 5, 'no checkpoint')
    note = b.api('GET', '/api/v1/integrity/checkpoints')['checkpoints'][0]['note']
    b.indexed()
    events = b.api('GET', '/api/v1/events')['events']
    leaves = {}
    import base64, hashlib
    for e in events:
        one = b.api('GET', f'/api/v1/events/{e["position"]}/{e["seq"]}')
        batch = base64.b64decode(one['batch'])
        header = json.loads(batch.split(b'\n', 1)[0])
        leaf = f'cmdai-leaf-v1\n{d.id}\n{d.chain}\n{header["first"]}\n{header["count"]}\n{header["head"]}\n{wire.H(batch)}\n'.encode()
        leaves[one['proof']['leaf']] = hashlib.sha256(b'\0' + leaf).digest()
        same((one['hash'], one['proof']['size']), (wire.H(one['line'].encode()), 5))
    def root(part):
        if len(part) == 1: return part[0]
        k = 1
        while k * 2 < len(part): k *= 2
        return hashlib.sha256(b'\1' + root(part[:k]) + root(part[k:])).digest()
    same(note.split('\n')[:3], ['cmdai/default/main', '5', base64.b64encode(root([leaves[i] for i in range(5)])).decode()])
    proof = d.ask('GET', '/v1/log/consistency?from=3&to=5').json
    check(len(proof['proof']) >= 1)
    same(len(d.ask('GET', '/v1/log/inclusion?leaf=0&size=5').json['proof']), 3)
    for bad in ('/v1/log/consistency?from=5&to=3', '/v1/log/consistency?from=0&to=6', '/v1/log/inclusion?leaf=5&size=5', '/v1/log/inclusion'):
        same((bad, d.ask('GET', bad).status), (bad, 400))
    check(d.heartbeat().json['checkpoint'].startswith('cmdai/default/main\n'))


if __name__ == '__main__':
    box.main()
