#!/usr/bin/python3
"""Plugins that crash, hang, throw and answer nonsense: what it costs the daemon, which is nothing, and how it is told."""
import os, sys

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from daemon import SANITIZED, Peer, until
from support import check, holds, main, same
from plugins import action, alive, ask, change, entry, events, failures, in_state, plugin, read, start, state_file, status

FUNCTIONS = ['open', 'reload', 'health', 'decide', 'policy', 'gate', 'approve', 'record', 'posture']


def provoke(box):
    """Has every function called that is not called by itself."""
    with Peer(box) as peer:
        kind, said = peer.ask('check', cmd='git push --force # now', shell='bash', cwd=box.project, tty='1')
        same((kind, said['action']), ('verdict', 'ask'))
        peer.ask('answer', id=said['id'], answer='yes')


def test_a_crash_in_any_function_costs_the_daemon_nothing(box):
    names = [f'bad-{function}' for function in FUNCTIONS]
    entries = [entry(box, name, 'bad_plugin', Settings={'crash': name[4:]}) for name in names]
    server = start(box, entry(box, 'sample', 'sample_c'), *entries)
    provoke(box)
    box.run('reload')
    # The settings of `bad-reload` are told only when they change.
    entries[1]['Settings']['again'] = 1
    change(box, entry(box, 'sample', 'sample_c'), *entries)
    until(lambda: all(failures(box, name) for name in names), 'not every crash is told')
    how = 'ended with status 1' if SANITIZED else 'crashed (Segmentation fault)'  # a sanitizer makes an exit of it
    for name in names: holds(failures(box, name)[0], f'{name} does not run: its process {how}')
    # The daemon is the one it was, the other plugin too, and nothing is lost of what it records.
    same(server.poll(), None)
    same(action(box, 'echo forbidden'), 'block')
    same(plugin(box, 'sample')['restarts'], '0')
    # They are started again and again.
    until(lambda: all(int(plugin(box, name)['restarts'] or 0) > 1 for name in ('bad-open', 'bad-posture')), 'not started again')
    same(box.run('doctor').status, 1)
    holds(box.run('doctor').out, 'plugin bad-open is failed')


def test_a_crash_at_the_end_is_no_crash_of_the_daemon(box):
    server = start(box, entry(box, 'bad', 'bad_plugin', Settings={'crash': 'close'}))
    same(box.run('stop').status, 0)
    same(server.wait(60), 0)


def test_a_plugin_that_ends_itself(box):
    start(box, entry(box, 'bad', 'bad_plugin', Settings={'exit': 'decide'}))
    same(action(box, 'echo now'), 'allow')
    until(lambda: failures(box, 'bad'), 'its end is not told')
    holds(failures(box, 'bad')[0], 'its process ended with status 7')
    until(lambda: plugin(box, 'bad')['state'] == 'ok', 'it is not started again')
    same(action(box, 'echo fine'), 'allow')


def test_a_decision_that_hangs_is_waited_for_three_times(box):
    start(box, entry(box, 'bad', 'bad_plugin', DeadlineMs=50, HangSec=600, Settings={'hang': 'decide'}))
    for _ in range(5): same(action(box, 'echo now'), 'allow')
    same(failures(box, 'bad'), ['bad: decide() gave no answer within 50 ms', 'bad: decide() gave no answer within 50 ms, 3 times in a row: not asked until it answers'])
    same(plugin(box, 'bad')['state'], 'unresponsive')
    same(box.run('doctor').status, 1)


def test_one_that_answers_late_is_asked_again(box):
    start(box, entry(box, 'bad', 'bad_plugin', DeadlineMs=20, Settings={'slow': 'decide'}))
    for _ in range(3): same(action(box, 'echo now'), 'allow')
    until(lambda: events(box, 'plugin.recovered'), 'it is not asked again')
    in_state(box, 'bad', 'ok')
    same(events(box, 'plugin.recovered')[0]['text'], 'bad answers again')


def test_one_that_hangs_for_long_is_ended_and_started_anew(box):
    start(box, entry(box, 'bad', 'bad_plugin', HangSec=1, Settings={'hang': 'decide'}))
    pid = plugin(box, 'bad')['pid']
    same(action(box, 'echo now'), 'allow')
    until(lambda: any('gave no answer for 1 s and was ended' in text for text in failures(box, 'bad')), 'it hangs on')
    until(lambda: not alive(pid), 'its process lives on')
    in_state(box, 'bad', 'ok')
    check(plugin(box, 'bad')['pid'] != pid)


def test_what_fails_counts_as_a_block_where_root_says_so(box):
    start(box, entry(box, 'bad', 'bad_plugin', OnFailure='block', DeadlineMs=200, HangSec=600, Settings={'hang': 'decide'}))
    same(action(box, 'echo fine'), 'allow')
    said = ask(box, 'echo now')
    same((said['action'], said['rule']), ('block', 'plugin.bad.unavailable'))
    holds(said['reason'], 'the plugin bad does not answer')
    holds(box.run('check', '--', 'ls').out + box.run('check', '--', 'ls').err, 'plugin.bad.unavailable')


def test_a_plugin_that_cannot_be_opened_counts_too(box):
    start(box, entry(box, 'bad', 'bad_plugin', OnFailure='block', Settings={'fail': 'open'}))
    same(action(box, 'ls'), 'block')
    same(failures(box, 'bad'), ['bad does not run: open() failed: told to fail'])
    change(box, entry(box, 'bad', 'bad_plugin', OnFailure='ignore', Settings={'fail': 'open'}))
    same(action(box, 'ls'), 'allow')
    change(box, entry(box, 'bad', 'bad_plugin', OnFailure='block'))
    until(lambda: action(box, 'ls') == 'allow', 'it was not started')


def test_an_approval_that_gets_no_answer(box):
    for on_failure, want in (('ignore', 'ok'), ('block', 'error')):
        start(box, entry(box, 'bad', 'bad_plugin', OnFailure=on_failure, DeadlineMs=50, Settings={'hang': 'approve'}))
        with Peer(box) as peer:
            _, said = peer.ask('check', cmd='git push --force # now', shell='bash', cwd=box.project, tty='1')
            kind, reply = peer.ask('answer', id=said['id'], answer='yes')
        same(kind, want, reply)
        same(box.run('stop').status, 0)


def test_nonsense_is_a_failure(box):
    wanted = {'decide': 'decide() answered with the action 0x1, which is none', 'rule': 'decide() answered with a rule that is no name',
              'gate': 'gate() answered with the action 0x3, which is none', 'health': 'health() says the state 0x11, which is none', 'policy': 'document 1 is of no known kind'}
    start(box, *(entry(box, f'bad-{what}', 'bad_plugin', OnFailure='block', Settings={'garbage': what}) for what in wanted))
    same(action(box, 'echo fine'), 'allow')
    said = ask(box, 'echo now')
    same((said['action'], said['rule']), ('block', 'plugin.bad-decide.unavailable'))
    for what, text in wanted.items():
        until(lambda: failures(box, f'bad-{what}'), f'{what} is not told')
        holds(failures(box, f'bad-{what}')[0], text)


def test_an_exception_does_not_get_out(box):
    start(box, entry(box, 'cpp', 'sample_cpp', Settings={'throw': True}))
    pid = plugin(box, 'cpp')['pid']
    for _ in range(3): same(action(box, 'echo x'), 'allow')
    same(failures(box, 'cpp'), ['cpp: decide() failed: thrown out of decide'])
    same(plugin(box, 'cpp')['pid'], pid)
    # Nor out of a constructor.
    change(box, entry(box, 'cpp', 'sample_cpp', Settings={'policy': 5}))
    until(lambda: any('type must be string' in text for text in failures(box, 'cpp')), failures(box, 'cpp'))


def test_what_is_no_plugin_of_this_major_is_not_called(box):
    wanted = {'other_major': 'it was built for major 2 of the plugin interface, this cmdai has 1', 'no_symbol': 'exports no `cmdai_plugin`', 'none': 'cannot be looked at: No such file'}
    entries = [entry(box, 'a-' + name.replace('_', '-'), name) for name in ('other_major', 'no_symbol')]
    text = box.write(os.path.join(box.root, 'plugins/text.so'), 'no library')
    os.chmod(text, 0o644)
    start(box, *entries, {'Name': 'a-none', 'Path': os.path.join(box.root, 'plugins/none.so')}, {'Name': 'a-text', 'Path': text})
    for name, said in wanted.items(): holds(failures(box, 'a-' + name.replace('_', '-'))[0], said)
    holds(failures(box, 'a-text')[0], 'cannot be loaded')
    same(action(box, 'ls'), 'allow')


def test_a_table_of_an_older_minor_is_read_to_its_end(box):
    start(box, entry(box, 'old', 'short_table'))
    same((plugin(box, 'old')['state'], plugin(box, 'old')['api']), ('ok', '1.0'))
    said = ask(box, 'echo old-no')
    same((said['action'], said['rule'], said['reason']), ('block', 'plugin.old', 'an old plugin says no'))
    same(action(box, 'echo fine'), 'allow')
    same(failures(box, 'old'), [])


main()
