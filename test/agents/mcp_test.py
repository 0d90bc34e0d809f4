#!/usr/bin/python3
"""`cmdai mcp`: a raw client of the Model Context Protocol against the real program.

usage: mcp_test.py CMDAI [TEST…]
"""
import json, os, subprocess, sys
sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), '../cli'))
from support import CMDAI, DEADLINE, check, holds, same
import support

REVISIONS = ['2024-11-05', '2025-03-26', '2025-06-18']


def talk(box, *messages, words=('mcp',)):
    """The replies to messages (dicts, lists, or raw text), one a line; standard input ends after the last."""
    text = ''.join((m if isinstance(m, str) else json.dumps(m)) + '\n' for m in messages)
    done = subprocess.run([CMDAI, *words], input=text.encode(), env=box.env, cwd=box.project, capture_output=True, timeout=DEADLINE)
    same((done.returncode, done.stderr), (0, b''), done)
    return [json.loads(line) for line in done.stdout.decode().splitlines()]


def request(number, method, params=None):
    return {'jsonrpc': '2.0', 'id': number, 'method': method} | ({} if params is None else {'params': params})


def initialize(revision, name='raw'):
    return request(0, 'initialize', {'protocolVersion': revision, 'capabilities': {}, 'clientInfo': {'name': name, 'version': '1'}})


def call(number, tool, **arguments):
    return request(number, 'tools/call', {'name': tool, 'arguments': arguments})


def code_of(reply):
    same(reply['jsonrpc'], '2.0')
    check('result' not in reply, reply)
    check(reply['error']['message'], reply)
    return reply['error']['code']


def test_a_session_in_each_revision(box):
    for revision in REVISIONS:
        hello, pong, tools, allowed, blocked, explained = talk(
            box, initialize(revision), {'jsonrpc': '2.0', 'method': 'notifications/initialized'}, request('ping', 'ping'), request(1, 'tools/list'),
            call(2, 'check_command', command='ls'), call(3, 'check_command', command='rm -rf ~', shell='zsh', cwd='/tmp'), call(4, 'explain_command', command='tar xf a.tgz'))
        same((hello['id'], hello['result']['protocolVersion'], hello['result']['serverInfo']['name']), (0, revision, 'cmdai'))
        check('tools' in hello['result']['capabilities'], hello)
        same((pong['id'], pong['result']), ('ping', {}))
        listed = {t['name']: t for t in tools['result']['tools']}
        same(sorted(listed), ['check_command', 'explain_command'])
        for tool in listed.values():
            same((tool['inputSchema']['type'], tool['inputSchema']['required']), ('object', ['command']))
            same('annotations' in tool, revision != '2024-11-05')
        same('outputSchema' in listed['check_command'], revision == '2025-06-18')
        same(allowed['result']['content'], [{'type': 'text', 'text': 'allow'}])
        same(blocked['result']['isError'], False)
        holds(blocked['result']['content'][0]['text'], 'block: ', 'fs.delete-home', 'hint: ')
        same('structuredContent' in blocked['result'], revision == '2025-06-18')
        if revision == '2025-06-18':
            got = blocked['result']['structuredContent']
            same((got['action'], got['rule'], sorted(got)), ('block', 'fs.delete-home', ['action', 'hint', 'reason', 'rule']))
        holds(explained['result']['content'][0]['text'], 'tar', 'allowed')


def test_an_unknown_revision_is_answered_with_the_newest(box):
    (hello,) = talk(box, initialize('1999-01-01'))
    same(hello['result']['protocolVersion'], REVISIONS[-1])


def test_errors(box):
    cases = [('{"jsonrpc"', -32700, None), ('{"a":1e99999}', -32700, None), ('\udcff'.encode('utf8', 'surrogateescape').decode('latin1') + '{', -32700, None), ('5', -32600, None), ('[]', -32600, None),
             ({'id': 1, 'method': 'ping'}, -32600, 1), ({'jsonrpc': '2.0', 'id': 2}, -32600, 2), ({'jsonrpc': '2.0', 'id': None, 'method': 'ping'}, -32600, None),
             ({'jsonrpc': '2.0', 'id': 1.5, 'method': 'ping'}, -32600, None), (request(3, 'no/such'), -32601, 3), (request(4, 'resources/list'), -32601, 4),
             (request(5, 'tools/call'), -32602, 5), (request(6, 'tools/call', {'name': 'rm'}), -32602, 6), (request(7, 'tools/call', [1]), -32602, 7),
             (call(8, 'check_command'), -32602, 8), (call(9, 'check_command', command=5), -32602, 9), (call(10, 'check_command', command='ls', cwd='here'), -32602, 10),
             (call(11, 'check_command', command='ls', extra='x'), -32602, 11), (request(12, 'initialize', {}), -32602, 12), (request(13, 'tools/list', {'cursor': 'x'}), -32602, 13)]
    replies = talk(box, *(message for message, _, _ in cases))
    same(len(replies), len(cases), replies)
    for (message, code, number), reply in zip(cases, replies): same((code_of(reply), reply['id']), (code, number), message)


def test_a_shell_nobody_knows_is_an_error_of_the_tool(box):
    (reply,) = talk(box, call(1, 'check_command', command='ls', shell='tcsh'))
    same(reply['result']['isError'], True)
    holds(reply['result']['content'][0]['text'], 'unknown shell')


def test_notifications_and_replies_get_no_answer(box):
    same(talk(box, {'jsonrpc': '2.0', 'method': 'notifications/cancelled', 'params': {'requestId': 1}}, {'jsonrpc': '2.0', 'method': 'tools/call', 'params': {}},
              {'jsonrpc': '2.0', 'id': 9, 'result': {}}, '', '  '), [])


def test_batches_belong_to_one_revision(box):
    both = [request(1, 'ping'), {'jsonrpc': '2.0', 'method': 'notifications/x'}, request(2, 'no/such'), 5]
    for revision in REVISIONS:
        replies = talk(box, initialize(revision), both, [], [{'jsonrpc': '2.0', 'method': 'notifications/x'}])[1:]
        if revision != '2025-03-26':
            same([code_of(r) for r in replies], [-32600] * 3)
            continue
        same(len(replies), 2, replies)
        same([r.get('result', r.get('error', {}).get('code')) for r in replies[0]], [{}, -32601, -32600])
        same(code_of(replies[1]), -32600)


def test_nothing_is_recorded_and_no_code_is_issued(box):
    talk(box, initialize('2025-06-18', 'claude-code'), call(1, 'check_command', command='git push --force'))
    (reply,) = talk(box, call(1, 'check_command', command='git push --force'))
    check('cmdai allow' not in json.dumps(reply), reply)
    with open(box.record()) as file: same([e for e in map(json.loads, file) if e['type'] == 'command.decision'], [])
    holds(box.run_in_terminal('allow').out, 'nothing was stopped')


def test_an_agent_is_judged_as_one(box):
    """A rule that blocks agents and asks people: the client is an agent, whatever it calls itself."""
    for name in ('claude-code', '', 'x y'):
        replies = talk(box, initialize('2025-06-18', name), call(1, 'check_command', command='bash --norc'))
        same(replies[1]['result']['structuredContent']['action'], 'block')


def test_a_message_too_long_is_refused_and_the_next_one_answered(box):
    first, second = talk(box, '{"x":"' + 'y' * (17 << 20) + '"}', request(1, 'ping'))
    same((code_of(first), second['result']), (-32600, {}))


def test_it_works_without_a_daemon(box):
    box.env['CMDAI_DAEMON'] = '/bin/false'
    (reply,) = talk(box, call(1, 'check_command', command='rm -rf ~'), words=('mcp', '--local'))
    holds(reply['result']['content'][0]['text'], 'block')
    check(not os.path.exists(box.record()), 'something was recorded')


if __name__ == '__main__': support.main()
