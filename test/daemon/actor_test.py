#!/usr/bin/python3
"""Who asks: real processes called like agents, environments and terminals; what each may and may not do.

usage: actor_test.py CMDAI [TEST…]
"""
import json, os, shutil, subprocess
import daemon as d
import support
from daemon import Peer, until
from support import CMDAI, DEADLINE, check, holds, same

FORCE = 'git push --force'  # asked about, whoever asks


def agent(box, name='claude'):
    """A program of an agent's name: a copy of the shell, so that what it runs are its children."""
    path = os.path.join(box.root, 'agents', name)
    if not os.path.exists(path):
        os.makedirs(os.path.dirname(path), exist_ok=True)
        shutil.copy('/bin/dash', path)
    return path


def under(box, program, script, env=None, terminal=False):
    """The script run by `program -c`; with a terminal of its own, or with none."""
    words = [program, '-c', script + '\n:']  # `:` so that the last command is a child, too
    environment = {k: v for k, v in (box.env | {'CMDAI': CMDAI} | (env or {})).items() if v is not None}
    if not terminal:
        done = subprocess.run(words, env=environment, cwd=box.project, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
                              start_new_session=True, timeout=DEADLINE)
        return done.stdout.decode()
    return support.in_terminal(words, environment, box.project).out


def events(box, kind=None):
    with open(box.record()) as file: lines = [json.loads(line) for line in file]
    return [e for e in lines if kind is None or e['type'] == kind]


def decision(box):
    return events(box, 'command.decision')[-1]


def test_person(box):
    """Nothing speaks of an agent: nothing is written of evidence."""
    d.start(box)
    under(box, '/bin/dash', '"$CMDAI" check -- ls', terminal=True)
    e = decision(box)
    same((e['actor'], e.get('confidence'), e.get('evidence')), ('human', None, None))


def test_ancestor(box):
    d.start(box)
    for name, known in [('claude', 'claude-code'), ('codex', 'codex'), ('copilot', 'copilot'), ('cursor-agent', 'cursor')]:
        for terminal in (False, True):
            under(box, agent(box, name), '"$CMDAI" check -- ls', terminal=terminal)
            e = decision(box)
            same((e['actor'], e['actor_name'], e['confidence']), ('agent', known, 'certain'))
            holds(e['evidence'], f'process:{known}:')
            same('no-terminal' in e['evidence'], not terminal)


def test_ancestor_through_shells(box):
    """Far above, behind shells, a new session and an empty environment."""
    d.start(box)
    under(box, agent(box), 'setsid -w env -i CMDAI_SOCKET="$CMDAI_SOCKET" HOME="$HOME" CMDAI="$CMDAI" bash -c \'sh -c "\\"\\$CMDAI\\" check -- ls; :"; :\'')
    e = decision(box)
    same((e['actor_name'], e['confidence']), ('claude-code', 'certain'))


def test_script_of_a_package(box):
    """gemini and copilot are scripts; the interpreter is the process."""
    if not shutil.which('node', path=box.env['PATH']): raise support.Skip('no node')
    d.start(box)
    script = box.write(os.path.join(box.root, 'lib/node_modules/@google/gemini-cli/dist/index.js'),
                       'require("child_process").execFileSync(process.env.CMDAI, ["check", "--", "ls"], {stdio: "inherit"})')
    under(box, '/bin/dash', f'node --no-warnings {script}')
    same(decision(box).get('actor_name'), 'gemini')


def test_marks(box):
    """An agent's environment without a terminal is an agent; in a person's terminal it is a sign and no more."""
    d.start(box)
    under(box, '/bin/dash', '"$CMDAI" check -- ls', env={'GEMINI_CLI': '1'})
    e = decision(box)
    same((e['actor_name'], e['confidence'], e['evidence']), ('gemini', 'likely', 'environment:GEMINI_CLI no-terminal'))
    under(box, '/bin/dash', '"$CMDAI" check -- ls', env={'GEMINI_CLI': '1'}, terminal=True)
    e = decision(box)
    same((e['actor'], e['confidence'], e['evidence']), ('human', 'possible', 'environment:GEMINI_CLI'))
    under(box, '/bin/dash', '"$CMDAI" check -- ls', env={'GEMINI_CLIENT': '1'})
    same(decision(box)['actor'], 'human')


def test_said(box):
    d.start(box)
    under(box, '/bin/dash', '"$CMDAI" check --actor agent:codex -- ls')
    e = decision(box)
    same((e['actor_name'], e['confidence'], e.get('evidence')), ('codex', 'said', None))
    same(events(box, 'actor.contradiction'), [])


def test_contradictions(box):
    """Another agent than the one that started it; a person, where an agent types. Told once a process."""
    d.start(box)
    under(box, agent(box), '"$CMDAI" check --actor agent:codex -- ls')
    same(decision(box)['actor_name'], 'claude-code')
    e, = events(box, 'actor.contradiction')
    same((e['actor_name'], e['confidence']), ('claude-code', 'certain'))
    holds(e['text'], 'agent:codex', 'Claude Code (process ')
    under(box, agent(box), '"$CMDAI" check --actor agent:mine -- ls')  # nobody knows that one
    same(len(events(box, 'actor.contradiction')), 1)
    asks = f'''python3 -c "
import socket, os, sys
s = socket.socket(socket.AF_UNIX); s.connect(os.environ['CMDAI_SOCKET'])
for _ in range(2):
    body = b'cmd={FORCE}\\0shell=bash\\0tty=1\\0actor=human\\0'
    s.sendall(b'cmdai/1 check %d\\n' % len(body) + body)
    print(s.recv(65536).replace(b'\\0', b'\\n').decode())
"'''
    shown = under(box, agent(box), asks, terminal=True)
    holds(shown, 'action=block', 'to run it once all the same: cmdai allow')
    check('action=ask' not in shown, shown)
    same(decision(box)['action'], 'ask')
    same(len(events(box, 'actor.contradiction')), 2)
    shown = under(box, '/bin/dash', asks, terminal=True)
    holds(shown, 'action=ask')


def code_of(box):
    """A command an agent was stopped at, and the code for it."""
    with Peer(box) as peer:
        return peer.ask('check', cmd=FORCE, shell='bash', cwd=box.project, session='s', actor='agent:codex')[1]['code']


def asked_again(box):
    with Peer(box) as peer:
        return peer.ask('check', cmd=FORCE, shell='bash', cwd=box.project, session='s', actor='agent:codex')[1]['action']


def test_no_agent_approves(box):
    """`cmdai allow` under an agent, with a terminal or without, and without a terminal at all."""
    d.start(box)
    code = code_of(box)
    for env, terminal, program in [({}, True, agent(box)), ({}, False, agent(box)), ({}, False, '/bin/dash'), ({'CLAUDECODE': '1'}, False, '/bin/dash')]:
        shown = under(box, program, f'"$CMDAI" allow {code}; echo status $?', env=env, terminal=terminal)
        holds(shown, 'a code can only be given by a person at a terminal', 'status 1')
    # Whoever writes to the socket and says it has a terminal.
    lies = f'''python3 -c "
import socket, os
s = socket.socket(socket.AF_UNIX); s.connect(os.environ['CMDAI_SOCKET'])
body = b'code={code}\\0tty=1\\0'
s.sendall(b'cmdai/1 allow %d\\n' % len(body) + body)
print(s.recv(65536).replace(b'\\0', b' ').decode())
"'''
    holds(under(box, agent(box), lies), 'code=denied', 'Claude Code (process ')
    holds(under(box, '/bin/dash', lies), 'code=denied')
    same(asked_again(box), 'ask')
    tampered = [e for e in events(box, 'tamper') if e['rule'] == 'self.approve']
    check(len(tampered) >= 3, tampered)
    holds(tampered[0]['reason'], 'Claude Code')
    shown = under(box, '/bin/dash', f'"$CMDAI" allow {code}', terminal=True)
    holds(shown, f'allowed once, within 10 minutes: {FORCE}')
    same([asked_again(box), asked_again(box)], ['allow', 'ask'])


def test_no_agent_answers(box):
    """The question of another session is not an agent's to answer."""
    d.start(box)
    with Peer(box) as peer:
        open_question = peer.ask('check', cmd=FORCE, shell='bash', cwd=box.project, session='s', tty='1')[1]
    client = os.path.join(os.path.dirname(CMDAI), '../../shell-hooks/client/cmdai-hook')
    for said in ('yes', 'always'):
        under(box, agent(box), f'{client} send answer id={open_question["id"]} answer={said}')
    same(events(box, 'answer'), [])
    same([(e['rule'], e['text']) for e in events(box, 'tamper')], [('self.approve', 'denied')] * 2)
    under(box, agent(box), f'{client} send answer id={open_question["id"]} answer=no')
    same([e['text'] for e in events(box, 'answer')], ['no'])


def test_without_a_daemon(box):
    """Judged in the process: the same eyes."""
    answer = under(box, agent(box), f'echo {FORCE} | "$CMDAI" relay --local shell=bash cwd="$PWD"')
    holds(answer, 'verdict')
    e = decision(box)
    same(e['actor_name'], 'claude-code')
    holds(e['evidence'], 'process:claude-code:')


def pending(box, typed=''):
    return box.run_in_terminal('allow', typed=typed)


def test_allow_shows_what_waits(box):
    """Without a code: what was stopped, and which of it may run once."""
    d.start(box)
    r = pending(box)
    same((r.status, 'nothing was stopped' in r.out), (0, True), r)
    code_of(box)
    with Peer(box) as peer: peer.ask('check', cmd='terraform destroy', shell='bash', cwd='/srv', session='t', actor='agent:gemini')
    r = pending(box, typed='\n')
    holds(r.out, f'1  {FORCE}', 'codex', box.project, '2  terraform destroy', 'gemini', '/srv')
    same(asked_again(box), 'ask')  # Enter alone is no
    r = pending(box, typed='7\n')
    same(r.status, 2, r)
    r = pending(box, typed='1\n')
    holds(r.out, f'allowed once, within 10 minutes: {FORCE}')
    same(asked_again(box), 'allow')
    r = box.run_in_terminal('allow', 'zzzzzzz')
    same((r.status, 'no such code' in r.out), (1, True), r)
    r = box.run('allow')  # not at a terminal
    same(r.status, 2, r)
    holds(r.err, 'terminal')


if __name__ == '__main__':
    support.main()
