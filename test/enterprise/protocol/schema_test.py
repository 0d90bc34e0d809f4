#!/usr/bin/python3
"""config/schema/collector-event.schema.json takes events as docs/collector-events.md describes them, and refuses what is none.

The last line is `N passed, N failed`.
"""
import copy, json, os, sys
import jsonschema

HERE = os.path.dirname(os.path.abspath(__file__))

EVENT = {
    'v': 1, 'seq': 41, 'prev': '5e' * 32, 'chain': '9f' * 16, 'type': 'command.decision', 'event_uid': '0194b2c3-1111-7222-8333-444455556666', 'time_ms': 1769860800123,
    'boot_id': 'c0' * 16, 'tenant': 'acme', 'device': {'id': '77' * 16, 'host': 'build-7', 'os': 'Linux'}, 'daemon': {'version': '0.1.0', 'assurance': 'L1', 'binary_sha256': 'ab' * 32},
    'local': {'seq': 12, 'hash': '88' * 32}, 'hook_id': '9b1deb4d-1',
    'cmd': {'argv0': 'git', 'line_hmac': '03' * 16, 'line': 'git push --force', 'cwd': '/home/u/site', 'shell': 'bash', 'shell_pid': 4242, 'redactions': [{'kind': 'token', 'count': 1}]},
    'actor': {'uid': 1000, 'user': 'u', 'kind': 'agent', 'confidence': 95, 'confidence_word': 'certain', 'evidence': ['process:codex:12']},
    'agent': {'name': 'codex', 'version': '1.2', 'instance': 's1'}, 'proc': {'ppid': 4200},
    'decision': {'action': 'block', 'rules': [{'id': 'git.push-force', 'severity': 'high'}], 'reason': 'r', 'policy': {'id': '0f3a', 'version': 3}, 'latency_us': 180},
}
GAP = {'from': 5, 'to': 16, 'cause': 'unclean-stop', 'boot_id': 'c0' * 16}

# What is changed of EVENT (a dotted path and its value; None takes it away), and whether it is still an event.
CASES = [
    ({}, True),
    ({'later': {'x': 1}}, True),
    ({'type': 'chain.gap', 'gap': GAP}, True),
    ({'type': 'finished', 'result': {'exit_code': -1, 'duration_ms': 5}}, True),
    ({'type': 'answer', 'decision': {'user_response': 'yes'}}, True),
    ({'cmd.sealed': 'abcd', 'cmd.line': None}, True),
    ({'type': 'chain.gap'}, False),
    ({'type': 'chain.gap', 'gap': {'from': 5, 'to': 16}}, False),
    ({'v': 2}, False),
    ({'seq': 0}, False),
    ({'seq': 2**53}, False),
    ({'seq': '41'}, False),
    ({'prev': '5E' * 32}, False),
    ({'chain': None}, False),
    ({'type': 'Command'}, False),
    ({'event_uid': '0194b2c3-1111-4222-8333-444455556666'}, False),
    ({'tenant': 'Acme Ltd'}, False),
    ({'boot_id': 'c0ffee00-1111-2222-3333-444455556666'}, False),
    ({'device.id': 'x'}, False),
    ({'daemon': None}, False),
    ({'daemon.assurance': 'L9'}, False),
    ({'actor.kind': 'robot'}, False),
    ({'actor.confidence': 101}, False),
    ({'decision.action': 'maybe'}, False),
    ({'decision.rules': [{'severity': 'high'}]}, False),
    ({'cmd.sealed': 'abc'}, False),
]


def changed(changes):
    event = copy.deepcopy(EVENT)
    for path, value in changes.items():
        *outer, last = path.split('.')
        place = event
        for name in outer: place = place[name]
        if value is None: del place[last]
        else: place[last] = value
    return event


def main():
    with open(os.path.join(HERE, '../../../config/schema/collector-event.schema.json'), encoding='utf8') as file: schema = json.load(file)
    jsonschema.Draft202012Validator.check_schema(schema)
    validator = jsonschema.Draft202012Validator(schema)
    passed = failed = 0
    for changes, good in CASES:
        if validator.is_valid(changed(changes)) == good: passed += 1
        else:
            failed += 1
            print(f'FAILED: {changes}: expected {"an event" if good else "a refusal"}: {[e.message for e in validator.iter_errors(changed(changes))]}')
    print(f'{passed} passed, {failed} failed')
    sys.exit(failed != 0 or passed == 0)


if __name__ == '__main__':
    main()
