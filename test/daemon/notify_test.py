#!/usr/bin/python3
"""Desktop notifications: a session bus of the test's own, Debian's notify-send, and a notification server that clicks what it is told.

usage: notify_test.py CMDAI [TEST…]
"""
import json, os, queue, re, subprocess, threading, time
import actor_test, daemon as d, plugins, support
from support import DEADLINE, check, holds, same

FORCE = 'git push --force'  # asked about, whoever asks
HERE = os.path.dirname(os.path.abspath(__file__))
BUS = '''<!DOCTYPE busconfig PUBLIC "-//freedesktop//DTD D-BUS Bus Configuration 1.0//EN" "http://www.freedesktop.org/standards/dbus/1.0/busconfig.dtd">
<busconfig><type>session</type><listen>unix:path=%s</listen><auth>EXTERNAL</auth>
<policy context="default"><allow send_destination="*" eavesdrop="true"/><allow eavesdrop="true"/><allow own="*"/></policy></busconfig>
'''


def lacks():
    """What this system has not; empty: all is there."""
    for path in ('/usr/bin/notify-send', '/usr/bin/dbus-send', '/usr/bin/dbus-daemon'):
        if not os.access(path, os.X_OK): return f'no {path}'
    missing = subprocess.run(['/usr/bin/python3', '-c', 'import dbus, gi'], stderr=subprocess.DEVNULL).returncode != 0
    return 'no python3-dbus or python3-gi' if missing else ''


class Talker:
    """A program that prints JSON lines and takes lines."""

    def __init__(self, desktop, words):
        self.process = subprocess.Popen(words, env=desktop.env, cwd=desktop.box.project, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, start_new_session=True)
        desktop.started.append(self.process)
        self.lines = queue.Queue()
        threading.Thread(target=lambda: [self.lines.put(json.loads(line)) for line in self.process.stdout if line.strip()], daemon=True).start()

    def say(self, text):
        self.process.stdin.write(text + '\n')
        self.process.stdin.flush()

    def hear(self): return self.lines.get(timeout=DEADLINE)

    def quiet(self):
        """Nothing was said, and nothing is in a moment."""
        try: return [self.lines.get(timeout=1.5)]
        except queue.Empty: return []


class Agent(Talker):
    """A process called like an agent, whose child asks the daemon."""
    ASKS = ('import json, os, sys; sys.path.insert(0, sys.argv[2]); sys.argv[1:] = [sys.argv[1]]; import daemon\n'
            'class Box: env = os.environ\n'
            'peer = daemon.Peer(Box)\n'
            'for line in sys.stdin: print(json.dumps(peer.ask("check", **json.loads(line))), flush=True)')

    def __init__(self, desktop, name='claude'):
        super().__init__(desktop, [actor_test.agent(desktop.box, name), '-c', '/usr/bin/python3 -c "$0" "$@"\n:', self.ASKS, support.CMDAI, HERE])
        self.cwd = desktop.box.project

    def ask(self, command=FORCE, **more):
        """The verdict's fields."""
        self.say(json.dumps({'cmd': command, 'shell': 'bash', 'cwd': self.cwd, 'session': 's', 'actor': 'agent:claude-code', 'source': 'hook'} | more))
        kind, fields = self.hear()
        same(kind, 'verdict', fields)
        return fields


class Server(Talker):
    def __init__(self, desktop, *words, by=None):
        program = ['/usr/bin/python3', os.path.join(HERE, 'notification_server.py'), *words]
        super().__init__(desktop, program if by is None else [by, '-c', '"$@"\n:', 'sh', *program])
        check('ready' in self.hear())

    def shown(self):
        """What is shown next. notify-send takes away what was clicked itself; where it matters that one goes, a test hears that."""
        while 'shown' not in (event := self.hear()): pass
        return event


class Desktop:
    """A session bus, and a daemon that knows it."""

    def __init__(self, box, notify=None, more=''):
        if lacks(): raise support.Skip(lacks())
        self.box, self.started = box, []
        if notify: box.write(box.config('config.toml'), f'[approval]\nnotify = "{notify}"\n{more}')
        socket = os.path.join(box.root, 'run', 'bus')
        config = box.write(os.path.join(box.root, 'bus.conf'), BUS % socket)
        self.env = box.env | {'DBUS_SESSION_BUS_ADDRESS': f'unix:path={socket}'}
        bus = subprocess.Popen(['/usr/bin/dbus-daemon', '--nofork', '--nopidfile', f'--config-file={config}', '--print-address'], env=box.env, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
        self.started.append(bus)
        holds(bus.stdout.readline().decode(), socket)

    def __enter__(self): return self

    def __exit__(self, *_):
        self.box.run('stop')
        for process in reversed(self.started):
            if process.stdin: process.stdin.close()  # what a shell started ends by that
            if not process.stdin: process.terminate()
            try: process.wait(timeout=10)
            except subprocess.TimeoutExpired: process.kill()
            if process.stdout: process.stdout.close()

    def daemon(self, *words, **env):
        before, self.box.env = self.box.env, self.env | env
        try: return d.start(self.box, *words)
        finally: self.box.env = before

    def status(self): return json.loads(self.box.run('status', '--json').out)

    def events(self, *types): return plugins.events(self.box, *types)


def ready(desktop, name='claude'):
    """In the order of a day: the server, the daemon, then the agent."""
    server = Server(desktop)
    desktop.daemon()
    return server, Agent(desktop, name)


def decided(desktop, text):
    d.until(lambda: any(e.get('text') == text for e in desktop.events('approval')), f'no approval `{text}`')
    return [e for e in desktop.events('approval') if e.get('text') == text]


def test_tell_says_what_waits_and_has_no_buttons(box):
    with Desktop(box) as desktop:
        server, agent = ready(desktop)
        verdict = agent.ask()
        shown = server.shown()
        same((shown['app'], shown['title'], shown['actions']), ('cmdai', 'Claude Code was stopped', []))
        holds(shown['body'], FORCE + '\n', 'why: ', f'in: {box.project}\n', f'to run it once, in a terminal: cmdai allow {verdict["code"]}')
        same(desktop.status()['notify'], 'tell')
        check('notify_problem' not in desktop.status(), desktop.status())
        holds(box.run('status').out, 'notify    tell: ')
        holds(box.run('doctor').out, 'desktop notifications: tell: ')
        # The same again is the same notification; what is clicked where nothing was offered is nothing.
        agent.ask()
        server.say(f'click {shown["shown"]} allow')
        same(server.quiet(), [])
        same(agent.ask()['action'], 'ask')
        same(desktop.events('approval', 'tamper'), [])


def test_people_are_not_told_of(box):
    with Desktop(box) as desktop:
        server, agent = ready(desktop)
        with d.Peer(box) as peer: d.check_answers(peer)
        agent.ask('ls')
        same(server.quiet(), [])
        agent.ask(dialog='1')  # it would ask, and has no terminal to do it in
        same(server.shown()['title'], 'Claude Code was stopped')


def test_off(box):
    with Desktop(box, 'off') as desktop:
        server, agent = ready(desktop)
        agent.ask()
        same(server.quiet(), [])
        same(desktop.status()['notify'], 'off')


def test_a_click_allows_exactly_that_once(box):
    with Desktop(box, 'ask') as desktop:
        server, agent = ready(desktop)
        code = agent.ask()['code']
        shown = server.shown()
        same(shown['actions'], ['allow', 'Allow once', 'refuse', 'Refuse'], desktop.status())
        holds(shown['body'], f'code: {code}')
        server.say(f'click {shown["shown"]} allow')
        event, = decided(desktop, 'once')
        same((event['command'], event['source']), (FORCE, 'desktop'))
        for other in ({'cwd': box.home}, {'session': 't'}, {'command': FORCE + ' origin'}, {'actor': 'agent:codex-of-mine', 'source': 'exec'}):
            same(agent.ask(**other)['action'], 'ask', other)
        same([agent.ask()['action'], agent.ask()['action']], ['allow', 'ask'])
        check(any(e.get('text') == 'approved once by code' and e['command'] == FORCE for e in desktop.events('command.decision')))
        same(desktop.events('tamper'), [])


class Hooked(Talker):
    """A process called like an agent, that asks as agents do: by its hook."""
    RUNS = 'while read -r line; do printf %s "$line" | "$CMDAI" hook codex; echo; echo \'"asked"\'; done'

    def __init__(self, desktop):
        desktop.env['CMDAI'] = support.CMDAI
        super().__init__(desktop, [actor_test.agent(desktop.box, 'codex'), '-c', self.RUNS])
        self.cwd = desktop.box.project

    def denied(self, command):
        """What the hook answers; empty: the agent runs it."""
        self.say(json.dumps({'session_id': 's', 'turn_id': '1', 'cwd': self.cwd, 'hook_event_name': 'PreToolUse', 'model': 'm', 'permission_mode': 'default',
                             'tool_name': 'Bash', 'tool_input': {'command': command}, 'tool_use_id': 'c'}))
        said = ''
        while (line := self.hear()) != 'asked': said += json.dumps(line)
        return said


def test_by_the_hook_of_an_agent(box):
    with Desktop(box, 'ask') as desktop:
        server = Server(desktop)
        desktop.daemon()
        agent = Hooked(desktop)
        holds(agent.denied(FORCE), 'deny')
        shown = server.shown()
        same((shown['title'], shown['actions'][:1]), ('Codex was stopped', ['allow']), desktop.status())
        server.say(f'click {shown["shown"]} allow')
        decided(desktop, 'once')
        same(agent.denied(FORCE), '')
        holds(agent.denied(FORCE), 'deny')


def test_refuse(box):
    """The code is gone, and the same is not asked again; other things are."""
    with Desktop(box, 'ask') as desktop:
        server, agent = ready(desktop)
        code = agent.ask()['code']
        server.say(f'click {server.shown()["shown"]} refuse')
        event, = decided(desktop, 'declined')
        same((event['command'], event['source']), (FORCE, 'desktop'))
        r = box.run_in_terminal('allow', code)
        holds(r.out, 'no such code')
        check(agent.ask()['code'] != code)
        agent.ask('terraform destroy')
        holds(server.shown()['body'], 'terraform destroy\n')
        same(server.quiet(), [])  # and not of the first once more


def test_used_in_a_terminal(box):
    with Desktop(box, 'ask') as desktop:
        server, agent = ready(desktop)
        code = agent.ask()['code']
        number = server.shown()['shown']
        holds(box.run_in_terminal('allow', code).out, 'allowed once')
        same(server.hear(), {'closed': number})
        same(decided(desktop, 'once')[0].get('source'), None)


def test_it_goes_with_the_daemon(box):
    with Desktop(box) as desktop:
        server, agent = ready(desktop)
        agent.ask()
        number = server.shown()['shown']
        same(box.run('stop').status, 0)
        same(server.hear(), {'closed': number})


def without_buttons(box, desktop, server, agent, why):
    """Shown, but to be allowed in a terminal only; clicks count for nothing."""
    code = agent.ask()['code']
    shown = server.shown()
    same(shown['actions'], [])
    holds(shown['body'], f'cmdai allow {code}')
    check(re.search(why, desktop.status()['notify_without_buttons']), desktop.status())
    holds(box.run('doctor').out, 'the last had no buttons')
    server.say(f'click {shown["shown"]} allow')
    same(server.quiet(), [])
    same(agent.ask()['action'], 'ask')
    same(desktop.events('approval'), [])


def test_a_server_an_agent_started(box):
    with Desktop(box, 'ask') as desktop:
        server = Server(desktop, by=actor_test.agent(box, 'codex'))
        desktop.daemon()
        without_buttons(box, desktop, server, Agent(desktop), r'the notification server \(process \d+\) was started by Codex')


def test_a_server_younger_than_the_agent(box):
    """Nobody can tell whose it is: who started it may be gone."""
    with Desktop(box, 'ask') as desktop:
        desktop.daemon()
        agent = Agent(desktop)
        agent.ask('ls')
        server = Server(desktop)
        without_buttons(box, desktop, server, agent, r'the notification server \(process \d+\) is younger')


def test_a_daemon_an_agent_started(box):
    with Desktop(box, 'ask') as desktop:
        server = Server(desktop)
        desktop.daemon(GEMINI_CLI='1')
        without_buttons(box, desktop, server, Agent(desktop), 'this daemon was started by Gemini CLI')


def test_a_daemon_an_agents_hook_started(box):
    """It is nobody's child and has no sign in its environment: who started it said so."""
    with Desktop(box, 'ask') as desktop:
        server = Server(desktop)
        starter = actor_test.agent(box, 'codex')
        subprocess.run([starter, '-c', f'{support.CMDAI} start; :'], env=desktop.env, stdout=subprocess.DEVNULL, timeout=DEADLINE)
        without_buttons(box, desktop, server, Agent(desktop), 'this daemon was started by Codex')


def test_a_daemon_a_person_started(box):
    with Desktop(box, 'ask') as desktop:
        server = Server(desktop)
        subprocess.run([support.CMDAI, 'start'], env=desktop.env, stdout=subprocess.DEVNULL, timeout=DEADLINE)
        Agent(desktop).ask()
        same(server.shown()['actions'][:2], ['allow', 'Allow once'], desktop.status())


def test_an_agent_nobody_sees(box):
    """It calls itself one, and no process above it is known: what was there before it cannot be told."""
    with Desktop(box, 'ask') as desktop:
        server, agent = ready(desktop, name='my-agent')
        without_buttons(box, desktop, server, agent, 'which process the agent is cannot be told')


def test_a_server_that_takes_the_name_later(box):
    """The buttons were shown by the person's server; the click comes from an agent's."""
    with Desktop(box, 'ask') as desktop:
        server, agent = ready(desktop)
        agent.ask()
        number = server.shown()['shown']
        thief = Server(desktop, '--replace', by=actor_test.agent(box, 'codex'))
        thief.say(f'click {number} allow')
        d.until(lambda: desktop.events('tamper'), 'no tamper event')
        event, = desktop.events('tamper')
        same((event['rule'], event['text'], event['source']), ('self.approve', 'denied', 'desktop'))
        holds(event['reason'], 'Codex (process ')
        same(thief.shown()['title'], 'This was not allowed')
        same(agent.ask()['action'], 'ask')
        same(desktop.events('approval'), [])


def test_a_young_server_that_takes_the_name_later(box):
    with Desktop(box, 'ask') as desktop:
        server, agent = ready(desktop)
        agent.ask()
        number = server.shown()['shown']
        thief = Server(desktop, '--replace')
        thief.say(f'click {number} allow')
        event, = decided(desktop, 'refused')
        holds(event['reason'], 'is younger than the agent')
        same((event['source'], agent.ask()['action']), ('desktop', 'ask'))


def test_ask_that_was_taken_back(box):
    with Desktop(box, 'ask') as desktop:
        server, agent = ready(desktop)
        agent.ask()
        number = server.shown()['shown']
        box.write(box.config('config.toml'), '[approval]\nnotify = "tell"\n')
        same(box.run('reload').status, 0)
        server.say(f'click {number} allow')
        holds(decided(desktop, 'refused')[0]['reason'], 'is not `ask`')
        same(agent.ask()['action'], 'ask')


def test_a_plugin_is_asked(box):
    """As at a terminal: an organization's no goes before a person's click."""
    with Desktop(box, 'ask') as desktop:
        server = Server(desktop)
        desktop.daemon('--managed', plugins.managed(box, plugins.entry(box, 'sample', 'sample_c')))
        agent = Agent(desktop)
        agent.ask('echo forbidden never')
        server.say(f'click {server.shown()["shown"]} allow')
        event, = decided(desktop, 'refused')
        same((event['rule'], event['reason']), ('plugin.sample', 'nobody may let this pass'))
        holds(server.shown()['body'], 'nobody may let this pass')
        same(agent.ask('echo forbidden never')['action'], 'block')


def test_text(box):
    """Markup, control characters, directions, backslashes: shown as what they are. Secrets are not."""
    with Desktop(box, 'ask') as desktop:
        server, agent = ready(desktop)
        agent.ask(FORCE + ' "<b>&amp;" \'\\n\' \x1b[31m\u202e')
        shown = server.shown()
        holds(shown['body'].split('\n')[0], '&lt;b&gt;&amp;amp;', "'\\n'", '\\x1b[31m', '\\u{202e}')
        same(shown['actions'][:1], ['allow'])
        agent.ask(FORCE + ' https://u:s3cretpassw0rd@h.example/r')
        shown = server.shown()
        check('s3cret' not in shown['body'], shown)
        holds(shown['body'], '[redacted:')
        same(shown['actions'], [])  # what is not seen is not allowed
        agent.ask(FORCE + ' ' + 'é' * 3000)
        shown = server.shown()
        same(shown['actions'], [])
        check(len(shown['body']) < 1000 and 'é…\n' in shown['body'], shown)


def test_many_are_folded(box):
    with Desktop(box) as desktop:
        server, agent = ready(desktop)
        codes = [agent.ask(f'{FORCE} origin b{i}')['code'] for i in range(8)]
        titles = [server.shown()['title'] for _ in range(4)]
        same(sorted(titles), ['5 more commands of agents were stopped'] + ['Claude Code was stopped'] * 3)
        same(server.quiet(), [])
        holds(box.run_in_terminal('allow', codes[7]).out, 'allowed once')
        heard = [server.hear(), server.hear()]
        check(any(e.get('title') == '4 more commands of agents were stopped' for e in heard), heard)


def test_nobody_to_show_it(box):
    """No bus, no program: not a word, and the answer is the same."""
    if lacks(): raise support.Skip(lacks())
    d.start(box)
    with d.Peer(box) as peer:
        for _ in range(2): same(peer.ask('check', cmd=FORCE, shell='bash', actor='agent:codex')[1]['action'], 'ask')
    status = json.loads(box.run('status', '--json').out)
    same((status['notify'], status['notify_problem']), ('tell', 'there is no session bus'))
    holds(box.run('doctor').out, 'desktop notifications: tell, but nothing is shown: there is no session bus')
    with open(os.path.join(box.home, '.local/state/cmdai/cmdaid.log')) as file: check('notif' not in file.read())


def test_nobody_shows_notifications(box):
    """A bus without a server."""
    with Desktop(box) as desktop:
        desktop.daemon()
        agent = Agent(desktop)
        agent.ask()
        d.until(lambda: 'notify_problem' in desktop.status(), 'no problem is told')
        same(desktop.status()['notify_problem'], 'nobody shows notifications on the session bus')


def test_no_answer_waits(box):
    """A server that hangs, and a bus that hangs: checks are answered all the same."""
    with Desktop(box, 'ask') as desktop:
        server, agent = ready(desktop)
        for process in (server.process, desktop.started[0]): os.kill(process.pid, 19)  # SIGSTOP
        try:
            start = time.monotonic()
            for i in range(20): same(agent.ask(f'{FORCE} origin x{i}')['action'], 'ask')
            taken = time.monotonic() - start
        finally:
            for process in (server.process, desktop.started[0]): os.kill(process.pid, 18)  # SIGCONT
        check(taken < 20, f'{taken:.1f} s for 20 answers')


if __name__ == '__main__':
    support.main()
