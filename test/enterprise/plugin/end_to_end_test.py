#!/usr/bin/python3
"""The real daemon with the enterprise plugin, and a real collector on the loopback interface.

usage: end_to_end_test.py CMDAI COLLECTOR PLUGIN AUDIT ENROLL
"""
import json, os, shutil, signal, socket, subprocess, sys, time

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), '../../daemon'))
import daemon
from daemon import until
from support import DEADLINE, check, holds, main, same

COLLECTOR, PLUGIN, AUDIT, ENROLL = (os.path.abspath(word) for word in sys.argv[2:6])
del sys.argv[2:6]  # what follows names tests


class Collector:
    """One of its own in the box, and settings for a device of it."""

    def __init__(self, box, **settings):
        self.box, self.dir = box, os.path.join(box.root, 'collector')
        with socket.socket() as free:
            free.bind(('127.0.0.1', 0))
            self.port = free.getsockname()[1]
        self.run('init', self.dir, '--tenant', 'acme', '--listen', f'127.0.0.1:{self.port}', '--host', '127.0.0.1')
        library = os.path.join(box.root, 'plugins', 'cmdai-enterprise.so')
        os.makedirs(os.path.dirname(library), 0o755)
        shutil.copy(PLUGIN, library)
        os.chmod(library, 0o644)
        self.managed = os.path.join(box.root, 'managed.json')
        self.run('token', 'create', '--dir', self.dir, '--managed', self.managed, '--plugin', library)
        with open(self.managed) as file: said = json.load(file)
        with open(self.managed, 'w') as file: json.dump(said | {'HeartbeatSec': 2} | settings, file)
        os.chmod(self.managed, 0o644)
        self.process = None
        self.start()

    def run(self, *words):
        done = subprocess.run([COLLECTOR, *words], env=self.box.env, capture_output=True, text=True, timeout=DEADLINE)
        same(done.returncode, 0, done.stdout + done.stderr)
        return done.stdout

    def start(self):
        self.process = subprocess.Popen([COLLECTOR, 'serve', '--dir', self.dir], env=self.box.env, stdin=subprocess.DEVNULL,
                                        stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        until(self.listens, 'the collector does not listen')

    def listens(self):
        with socket.socket() as peer: return peer.connect_ex(('127.0.0.1', self.port)) == 0

    def kill(self):
        self.process.kill()
        self.process.wait()

    def export(self):
        """The bytes of everything it has."""
        path = os.path.join(self.box.root, 'export')
        if os.path.exists(path): os.unlink(path)
        self.run('export', '--dir', self.dir, '--out', path)
        with open(path, 'rb') as file: return file.read()

    def events(self):
        """Every event as it was written, by chain and number: the collector has a chain of its own."""
        found = {}
        for line in self.export().split(b'\n'):
            at = line.find(b'{"v":1,"seq":')
            if at != 33: continue
            event = json.loads(line[at:])
            found[event['chain'], event['seq']] = event
        return [found[place] for place in sorted(found)]


def state(box): return os.path.join(box.home, '.local/state/cmdai/plugins/enterprise')


def audit(box, *words):
    done = subprocess.run([AUDIT, *words], env=box.env, capture_output=True, timeout=DEADLINE)
    same(done.returncode, 0, done.stderr)
    return done.stdout


def enrolled(box): return os.path.exists(os.path.join(state(box), 'device')) and not os.path.exists(os.path.join(state(box), 'enrolling'))


def ask(box, command):
    with daemon.Peer(box) as peer: return peer.ask('check', cmd=command, shell='bash', cwd=box.project)[1]['action']


def local_lines(box):
    with open(box.record()) as file: return [json.loads(line) for line in file]


def told(collector):
    """Numbers of the local log that the collector has."""
    numbers = set()
    for event in collector.events():
        if 'local' in event: numbers.add(event['local']['seq'])
        if 'folded' in event: numbers |= set(range(event['folded']['from_local'], event['folded']['to_local'] + 1))
    return numbers


def all_told(box, collector):
    """What was before the plugin came is nobody's business: from the first command on."""
    lines = local_lines(box)
    first = min(line['seq'] for line in lines if line['type'] == 'command.decision')
    return {line['seq'] for line in lines if line['seq'] >= first} <= told(collector)


def with_collector(test):
    """Runs it with a collector that is ended whatever happens."""
    def run(box):
        collector = Collector(box)
        try: test(box, collector)
        finally: collector.kill()
    run.__name__ = test.__name__
    return run


@with_collector
def test_events_come_to_the_collector_and_prove_themselves(box, collector):
    daemon.start(box, '--managed', collector.managed)
    until(lambda: enrolled(box), 'the device does not enroll')
    until(lambda: not os.path.exists(collector.managed + '.token'), 'the token is still there')
    same(ask(box, 'git push --force'), 'ask')
    same(ask(box, 'ls'), 'allow')
    same(ask(box, 'rm -rf /'), 'block')
    until(lambda: all_told(box, collector), 'events do not come')
    events = collector.events()
    lines = [event['cmd']['line'] for event in events if event['type'] == 'command.decision']
    same(lines, ['git push --force', 'ls', 'rm -rf /'])
    (block,) = [e for e in events if e.get('decision', {}).get('action') == 'block']
    same((block['tenant'], block['cmd']['argv0'], block['daemon']['assurance']), ('acme', 'rm', 'L1'))
    sent = audit(box, 'sent').decode()
    holds(sent, 'POST /v1/enroll', 'POST /v1/events', 'answered 200', '"line":"rm -rf /"')
    check(b'POST /v1/events HTTP/1.1\r\n' in audit(box, 'sent', '--raw'))
    holds(audit(box, 'status').decode(), 'acme', 'enrolled    yes', 'L1')


@with_collector
def test_a_collector_that_is_away_delays_nothing_and_gets_all_later(box, collector):
    daemon.start(box, '--managed', collector.managed)
    until(lambda: enrolled(box), 'the device does not enroll')
    collector.kill()
    for i in range(50): same(ask(box, f'echo {i}'), 'allow')
    same(ask(box, 'rm -rf /'), 'block')
    collector.start()
    until(lambda: all_told(box, collector), 'what waited does not come')


def runner(box):
    """The process of the plugin."""
    for pid in filter(str.isdigit, os.listdir('/proc')):
        try:
            with open(f'/proc/{pid}/cmdline', 'rb') as file: words = file.read().split(b'\0')
            with open(f'/proc/{pid}/environ', 'rb') as file: environment = file.read()
        except OSError: continue
        if words[0].endswith(b'cmdaid-plugin') and box.root.encode() in environment + b' '.join(words): return int(pid)
    return None


@with_collector
def test_a_killed_plugin_declares_its_gap_and_loses_nothing(box, collector):
    daemon.start(box, '--managed', collector.managed)
    until(lambda: enrolled(box), 'the device does not enroll')
    for round in range(3):
        for i in range(20): same(ask(box, f'echo {round} {i}'), 'allow')
        until(lambda: all_told(box, collector), 'events do not come')  # so that it has used numbers
        pid = runner(box)
        check(pid is not None, 'no process of the plugin')
        os.kill(pid, signal.SIGKILL)
        until(lambda: runner(box) not in (None, pid), 'the plugin does not come back')
    same(ask(box, 'echo last'), 'allow')
    until(lambda: all_told(box, collector), 'something is lost')
    gaps = [event['gap'] for event in collector.events() if event['type'] == 'chain.gap']
    check(gaps, 'no gap was declared')
    check(all(gap['cause'] == 'unclean-stop' and gap['to'] - gap['from'] < 32 for gap in gaps), gaps)


@with_collector
def test_enrolling_by_hand(box, collector):
    ask_before = subprocess.run([ENROLL, '--managed', collector.managed, '--check'], env=box.env, capture_output=True, text=True, timeout=DEADLINE)
    same(ask_before.returncode, 0, ask_before.stderr)
    holds(ask_before.stdout, 'of `acme`', 'connection  works')
    check(not enrolled(box))
    done = subprocess.run([ENROLL, '--managed', collector.managed], env=box.env, capture_output=True, text=True, timeout=DEADLINE)
    same(done.returncode, 0, done.stderr)
    holds(done.stdout, 'enrolled    device ')
    check(enrolled(box))


@with_collector
def test_a_wrong_certificate_is_no_collector(box, collector):
    with open(collector.managed) as file: settings = json.load(file)
    with open(collector.managed, 'w') as file: json.dump(settings | {'CAFile': ''}, file)
    done = subprocess.run([ENROLL, '--managed', collector.managed, '--check'], env=box.env, capture_output=True, text=True, timeout=DEADLINE)
    same(done.returncode, 1, done.stdout)
    holds(done.stderr, 'certificate verify failed', 'hint: ')


if __name__ == '__main__': main()
