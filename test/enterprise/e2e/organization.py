"""An organization in a box: a collector, and devices that are homes of their own with a daemon each."""
import hashlib, json, os, shutil, signal, ssl, subprocess, sys, time, urllib.error, urllib.parse, urllib.request

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), '../../shell'))
from terminal import CMDAI, Box, check, same

BUILD = os.path.join(os.path.dirname(CMDAI), '../..')
COLLECTOR = os.path.realpath(os.path.join(BUILD, 'enterprise/collector/cmdai-collector'))
PLUGIN = os.path.realpath(os.path.join(BUILD, 'enterprise/plugin/cmdai-enterprise.so'))
AUDIT = os.path.realpath(os.path.join(BUILD, 'enterprise/plugin/cmdai-audit'))
ENROLL = os.path.realpath(os.path.join(BUILD, 'enterprise/plugin/cmdai-enroll'))
DAEMON = os.path.realpath(os.path.join(BUILD, 'daemon/cmdaid/cmdaid'))
DEADLINE = 180  # seconds: a machine under load is slow, not broken


def until(done, what, shown=lambda: ''):
    end = time.monotonic() + DEADLINE
    while True:
        found = done()
        if found: return found
        if time.monotonic() > end: raise AssertionError(f'waited in vain for {what}\n{shown()}')
        time.sleep(0.05)


def local_numbers(events):
    """Which lines of the local log they are; plain allows may be folded into one under a flood."""
    out = []
    for event in events:
        if 'local' in event: out.append(event['local']['seq'])
        if 'folded' in event: out += range(event['folded']['from_local'], event['folded']['to_local'] + 1)
    return out


class Collector:
    def __init__(self, root):
        self.root, self.dir, self.log, self.process = root, os.path.join(root, 'collector'), os.path.join(root, 'collector.log'), None
        self.token = self.run('init', self.dir, '--listen', '127.0.0.1:0').stdout.strip()
        self.start()
        # The same port from now on: devices keep the address they were given.
        self.change(listen=self.address)

    def run(self, *words, status=0):
        done = subprocess.run([COLLECTOR, *words], cwd=self.root, stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=DEADLINE)
        if status is not None: same(done.returncode, status, f'{words}\n{done.stdout}{done.stderr}')
        return done

    def change(self, listen):
        path = os.path.join(self.dir, 'collector.toml')
        with open(path) as file: rows = file.read().splitlines()
        rows = [f'listen = "{listen}"' if row.startswith('listen') else row for row in rows]
        with open(path, 'w') as file: file.write('\n'.join(rows) + '\n')

    def start(self):
        address = os.path.join(self.dir, 'data/address')
        if os.path.exists(address): os.unlink(address)
        with open(self.log, 'a') as log:
            self.process = subprocess.Popen([COLLECTOR, 'serve', '--dir', self.dir], stdin=subprocess.DEVNULL, stdout=log, stderr=log)
        until(lambda: self.process.poll() is not None or (os.path.exists(address) and os.path.getsize(address)), 'the collector to start', self.said)
        if self.process.poll() is not None: raise AssertionError(f'the collector ended with {self.process.returncode}\n{self.said()}')
        with open(address) as file: self.address = file.read().strip()

    def said(self):
        with open(self.log, errors='replace') as file: return file.read()[-4000:]

    def end(self, how=signal.SIGTERM):
        if self.process is None or self.process.poll() is not None: return
        self.process.send_signal(how)
        self.process.wait(DEADLINE)

    def ask(self, path, method='GET', body=None, **query):
        trust = ssl.create_default_context(cafile=os.path.join(self.dir, 'tls/ca.crt'))
        url = f'https://{self.address}{path}' + ('?' + urllib.parse.urlencode(query) if query else '')
        request = urllib.request.Request(url, method=method, data=body, headers={'Authorization': 'Bearer ' + self.token})
        with urllib.request.urlopen(request, context=trust, timeout=DEADLINE) as answer: return json.load(answer)

    def events(self, **query):
        """Newest first, over all pages."""
        out, cursor = [], {}
        while True:
            page = self.ask('/api/v1/events', **query, **cursor)
            out += page['events']
            if not page['next']: return out
            cursor = {'cursor': page['next']}

    def alarms(self):
        return sorted(alarm['kind'] for alarm in self.ask('/api/v1/integrity/alarms', limit=500)['alarms'])

    def publish(self, *files):
        envelope = os.path.join(self.root, 'policy.json')
        self.run('policy', 'sign', *files, '--dir', self.dir, '--out', envelope)
        self.run('policy', 'publish', envelope, '--dir', self.dir)

    def export(self):
        path = os.path.join(self.root, 'export')
        if os.path.exists(path): os.unlink(path)
        self.run('export', '--out', path, '--dir', self.dir)
        return path

    def stored(self, device):
        """The event lines of a device, as they were signed, in the order they are stored. Batches may overlap where a device sent
        what was there already: then it must be the same, and counts once."""
        with open(self.export(), 'rb') as file: data = file.read()
        same(data[:16], b'cmdai-export-v1\n')
        rows_by_seq, at = {}, 16
        while at < len(data):
            end = data.index(b'\n', at)
            kind, size = data[at:end].split()
            body, at = data[end + 1:end + 1 + int(size)], end + 1 + int(size) + 1
            if kind != b'batch': continue
            rows = body.split(b'\n')
            if json.loads(rows[0])['device'] != device: continue
            for row in filter(None, rows[2:]):
                seq = json.loads(row[33:])['seq']
                same(rows_by_seq.setdefault(seq, row), row, f'event {seq} has two contents')
        return [json.loads(row[33:]) for row in rows_by_seq.values()]


class Device:
    """A home, with a daemon that has the plugin."""

    def __init__(self, box, collector, name='device', group='default', **settings):
        self.box, self.collector, self.name, self.pid = box, collector, name, 0
        self.managed = os.path.join(box.root, f'{name}.managed.json')
        plugin = os.path.join(box.root, 'cmdai-enterprise.so')
        if not os.path.exists(plugin): shutil.copy(PLUGIN, plugin)
        os.chmod(plugin, 0o644)
        collector.run('token', 'create', '--dir', collector.dir, '--group', group, '--managed', self.managed, '--plugin', plugin)
        with open(self.managed) as file: said = json.load(file)
        with open(self.managed, 'w') as file: json.dump(said | {'HeartbeatSec': 1} | settings, file, indent=2)
        # Whoever starts a daemon here starts one that is managed, as it is where /etc says so.
        self.program = os.path.join(box.root, f'{name}-cmdaid')
        with open(self.program, 'w') as file: file.write(f'#!/bin/sh\nexec {DAEMON} "$@" --managed {self.managed}\n')
        os.chmod(self.program, 0o755)
        box.env['CMDAI_DAEMON'] = self.program
        self.start()

    def start(self):
        """Until a daemon answers. That may be one that a hook has started meanwhile: it has the plugin as well."""
        with open(os.path.join(self.box.root, f'{self.name}.log'), 'a') as log:
            self.started = subprocess.Popen([self.program, '--foreground'], env=self.box.env, cwd=self.box.home,
                                            stdin=subprocess.DEVNULL, stdout=log, stderr=log)
        self.pid = until(self.answering, 'the daemon to answer', self.said)

    def answering(self):
        """The process of the daemon that answers, if one does."""
        said = self.box.cmdai('status', '--json')
        return int(json.loads(said.stdout)['pid']) if said.returncode == 0 else 0

    def said(self):
        with open(os.path.join(self.box.root, f'{self.name}.log'), errors='replace') as file: return file.read()[-4000:]

    def plugin(self):
        """What `cmdai status` says of it, and of its health."""
        said = self.box.cmdai('status', '--json')
        if said.returncode: return {}
        (found,) = json.loads(said.stdout)['plugins'] or [{}]
        return found | dict(row.split('=', 1) for row in found.get('health', []))

    def enrolled(self):
        """Its number, as soon as the collector has given it one."""
        given = lambda: self.plugin().get('enrolled', '').removeprefix('yes, device ').removeprefix('no')
        return until(given, 'the device to enroll', lambda: json.dumps(self.plugin()) + self.said())

    def end(self, how=signal.SIGTERM):
        if not self.pid: return
        try: os.kill(self.pid, how)
        except ProcessLookupError: pass
        until(self.is_gone, 'the daemon to end', self.said)
        self.pid = 0

    def is_gone(self):
        self.started.poll()  # a child that has ended is there until it is asked for
        return not os.path.exists(f'/proc/{self.pid}')

    def local(self):
        """The lines of the local event log, by number."""
        out, state = {}, os.path.join(self.box.home, '.local/state/cmdai')
        for name in os.listdir(state):
            if not (name.startswith('events') and name.endswith('.jsonl')): continue
            with open(os.path.join(state, name), 'rb') as file:
                for row in file.read().splitlines(): out[json.loads(row)['seq']] = row
        return out

    def state(self):
        return os.path.join(self.box.home, '.local/state/cmdai/plugins/enterprise')

    def arrived(self):
        """Waits until all that is in the local log is at the collector, checks that it is there once, in order and unaltered; its events."""
        device = self.enrolled()
        whole = lambda: max(self.local()) <= max(local_numbers(self.collector.stored(device)), default=0)
        until(whole, 'all events to arrive', lambda: json.dumps(self.plugin()) + self.said() + self.collector.said())
        stored, local = self.collector.stored(device), self.local()
        numbers = local_numbers(stored)
        same(numbers, sorted(set(numbers)), 'each once, in order')
        # What was written before the plugin came is nobody's business: from the first command on.
        begin = min(number for number, row in local.items() if json.loads(row)['type'] == 'command.decision')
        missing = sorted(set(number for number in local if number >= begin) - set(numbers))
        same(missing, [], f'lines of the local log that did not arrive, of {len(local)}')
        for event in stored:
            if 'local' in event: same(event['local']['hash'], hashlib.blake2b(local[event['local']['seq']], digest_size=32).hexdigest())
        sequence = [event['seq'] for event in stored]
        left_out = set()
        for event in stored:
            if event['type'] == 'chain.gap': left_out |= set(range(event['gap']['from'], event['gap']['to'] + 1))
        same(sorted(set(sequence) | left_out), list(range(1, max(sequence) + 1)), 'every number is an event or a declared gap')
        return stored
