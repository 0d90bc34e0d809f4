#!/usr/bin/python3
"""The collector under load, on this machine, with the load generator beside it. usage: collector_bench.py BUILD_DIR

Each figure says how much processor time the collector took for it: the machine is shared with the generator, which signs and hashes.
A refusal or a missing event fails the benchmark.
"""
import os, shutil, ssl, subprocess, sys, tempfile, time, urllib.request

BUILD = os.path.abspath(sys.argv[1])
COLLECTOR, LOAD = os.path.join(BUILD, 'enterprise/collector/cmdai-collector'), os.path.join(BUILD, 'test/bench/collector_load')
SECONDS, DEVICES = os.environ.get('SECONDS', '10'), '32'
MOST = {1: 5_000, 64: 160_000}  # events a second that are signed before the clock runs


class Collector:
    def __init__(self):
        self.root = tempfile.mkdtemp(prefix='cmdai-bench-')
        self.dir = os.path.join(self.root, 'c')
        made = subprocess.run([COLLECTOR, 'init', self.dir, '--listen', '127.0.0.1:0'], check=True, capture_output=True, text=True)
        self.secret = made.stdout.strip()
        text = open(os.path.join(self.dir, 'collector.toml')).read().replace('# events_per_second = 2000', 'events_per_second = 1000000')
        with open(os.path.join(self.dir, 'collector.toml'), 'w') as file: file.write(text)
        self.log = open(os.path.join(self.root, 'log'), 'w')
        self.server = subprocess.Popen([COLLECTOR, 'serve', '--dir', self.dir], stderr=self.log)
        address = os.path.join(self.dir, 'data/address')
        while not os.path.exists(address) or not os.path.getsize(address):
            if self.server.poll() is not None: raise SystemExit('error: the collector ended:\n' + open(self.log.name).read())
            time.sleep(0.02)
        self.address = open(address).read().strip()
        self.ca = os.path.join(self.dir, 'tls/ca.crt')

    def stopped_size(self):
        """Of record and index once all is in its place."""
        self.server.terminate()
        self.server.wait()
        return sum(os.path.getsize(os.path.join(folder, name)) for folder, _, names in os.walk(os.path.join(self.dir, 'data')) for name in names)

    def close(self):
        if self.server.poll() is None: self.stopped_size()
        shutil.rmtree(self.root, ignore_errors=True)

    def load(self, batch, rate=None):
        token = subprocess.run([COLLECTOR, 'token', 'create', '--dir', self.dir, '--uses', DEVICES], check=True, capture_output=True, text=True).stdout.strip()
        ready = int((rate or MOST[batch]) * float(SECONDS) / batch / int(DEVICES)) + 1
        before = self.processor()
        words = [LOAD, self.address, self.ca, os.path.join(self.dir, 'trust/root-1.json'), token, DEVICES, str(batch), SECONDS, str(ready)] + ([str(rate)] if rate else [])
        out = subprocess.run(words, check=True, capture_output=True, text=True).stdout.split()
        return dict(zip(('events', 'batches', 'p50', 'p99', 'refused', 'generator'), map(float, out))) | {'processor': self.processor() - before}

    def processor(self):
        with open(f'/proc/{self.server.pid}/stat') as file: fields = file.read().rpartition(')')[2].split()
        return (int(fields[11]) + int(fields[12])) / os.sysconf('SC_CLK_TCK')

    def memory(self):
        with open(f'/proc/{self.server.pid}/status') as file: return next(int(line.split()[1]) for line in file if line.startswith('VmRSS:')) / 1024

    def metrics(self):
        request = urllib.request.Request(f'https://{self.address}/metrics', headers={'Authorization': 'Bearer ' + self.secret})
        with urllib.request.urlopen(request, context=ssl.create_default_context(cafile=self.ca)) as answer: lines = answer.read().decode().splitlines()
        return {line.split()[0].removeprefix('cmdai_collector_'): float(line.split()[1]) for line in lines if not line.startswith('#')}


def show(name, text): print(f'  {name:60} {text}', flush=True)


def one(name, batch, rate=None):
    c = Collector()
    try:
        got = c.load(batch, rate)
        begun, m = time.monotonic(), c.metrics()
        stored, indexed_then = m['events_total'], m['indexed_events_total']
        cpu_then = c.processor()
        while m['indexed_position'] < m['ledger_position']:
            time.sleep(0.2)
            m = c.metrics()
        drained, waited, cpu = m['indexed_events_total'] - indexed_then, time.monotonic() - begun, c.processor() - cpu_then
        show(name, f'{got["events"]:9.0f} ev/s acknowledged ({got["batches"]:.0f} batches/s), p50 {got["p50"]:.1f} ms, p99 {got["p99"]:.1f} ms, {got["refused"]:.0f} refused; '
             f'collector {got["processor"]:.1f} s, generator {got["generator"]:.1f} s of processor')
        if drained > 10_000: show('  indexing alone, afterwards', f'{drained / waited:9.0f} ev/s searchable, {drained / max(cpu, 0.01):.0f} for a second of processor')
        m, resident = c.metrics(), c.memory()
        show('  on disk, resident', f'{c.stopped_size() / max(stored, 1):9.0f} bytes an event ({stored:.0f} events), {resident:.0f} MB resident')
        return got['refused'] == 0 and m['indexed_events_total'] == stored
    finally: c.close()


def main():
    good = one(f'{DEVICES} devices, batches of 64, as fast as answered', 64)
    good = one(f'{DEVICES} devices, batches of 1, as fast as answered', 1) and good
    good = one(f'{DEVICES} devices, batches of 16, 10,000 ev/s offered', 16, 10_000) and good
    if not good: print('error: batches were refused or events are missing')
    sys.exit(0 if good else 1)


main()
