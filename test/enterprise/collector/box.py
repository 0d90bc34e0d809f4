"""A collector of one's own in a folder of one's own: made, started, asked and ended. A test is a function that takes a Box."""
import json, os, shutil, signal, subprocess, sys, tempfile, time, traceback

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
import wire

COLLECTOR = os.path.abspath(sys.argv[1])
DEADLINE = 180  # seconds: a machine under load is slow, not broken


class Skip(Exception):
    """What this system lacks."""


class Box:
    def __init__(self):
        self.root = os.path.realpath(tempfile.mkdtemp(prefix='cmdai-collector-'))
        self.dir = os.path.join(self.root, 'c')
        self.server = self.api_token = None
        self.log = os.path.join(self.root, 'log')

    def close(self):
        self.kill()
        shutil.rmtree(self.root, ignore_errors=True)

    def run(self, *words, status=0):
        done = subprocess.run([COLLECTOR, *words], cwd=self.root, stdin=subprocess.DEVNULL, capture_output=True, text=True, errors='replace', timeout=DEADLINE)
        if status is not None and done.returncode != status: raise AssertionError(f'{words}: status {done.returncode}\n{done.stdout}\n{done.stderr}')
        return done

    def init(self, settings='', *words):
        self.api_token = self.run('init', self.dir, '--listen', '127.0.0.1:0', *words).stdout.strip()
        if settings:
            with open(os.path.join(self.dir, 'collector.toml'), 'w') as file: file.write('listen = "127.0.0.1:0"\n' + settings)

    def start(self, **how):
        """Serves, until kill() or stop(). In front of the program: `wrap`."""
        wrap = how.pop('wrap', [])
        address = os.path.join(self.dir, 'data/address')
        if os.path.exists(address): os.unlink(address)
        with open(self.log, 'a') as log:
            self.server = subprocess.Popen([*wrap, COLLECTOR, 'serve', '--dir', self.dir], stdin=subprocess.DEVNULL, stdout=log, stderr=log, **how)
        until(lambda: self.server.poll() is not None or (os.path.exists(address) and os.path.getsize(address)), 'the collector does not start')
        if self.server.poll() is not None: raise AssertionError(f'the collector ended with {self.server.returncode}:\n{self.read_log()}')
        with open(address) as file: self.address = file.read().strip()
        return self

    def up(self, settings='', **how):
        self.init(settings)
        return self.start(**how)

    def read_log(self):
        with open(self.log) as file: return file.read()

    def kill(self):
        if self.server and self.server.poll() is None:
            self.server.kill()
            self.server.wait()
        self.server = None

    def stop(self):
        self.server.send_signal(signal.SIGTERM)
        status = self.server.wait(DEADLINE)
        self.server = None
        return status

    def link(self, **how): return wire.Link(self.address, os.path.join(self.dir, 'tls/ca.crt'), **how)

    def root_document(self):
        with open(os.path.join(self.dir, 'trust/root-1.json')) as file: return json.load(file)

    def token(self, *words): return self.run('token', 'create', '--dir', self.dir, *words).stdout.strip()

    def device(self, enroll=True, **how):
        device = wire.Device(self.link(), self.root_document())
        if enroll: same(device.enroll(self.token()).status, 200)
        return device

    def api(self, method, target, body=None, token=None, status=200):
        link = self.link()
        data = b'' if body is None else body if isinstance(body, bytes) else json.dumps(body).encode()
        token = self.api_token if token is None else token
        answer = link.ask(method, target, data, {'Authorization': 'Bearer ' + token} if token else {})
        link.close()
        if status is not None and answer.status != status: raise AssertionError(f'{method} {target}: {answer}')
        return answer.json if answer.headers.get('Content-Type') == 'application/json' else answer.body.decode()

    def alarms(self, **query): return self.api('GET', '/api/v1/integrity/alarms?' + '&'.join(f'{k}={v}' for k, v in query.items()))['alarms']

    def metric(self, name):
        for line in self.api('GET', '/metrics').splitlines():
            if line.startswith('cmdai_collector_' + name + ' '): return float(line.split()[1])
        raise AssertionError(f'there is no metric {name}')

    def indexed(self):
        until(lambda: self.metric('indexed_position') == self.metric('ledger_position'), 'the index does not catch up')


def until(done, complaint):
    end = time.monotonic() + DEADLINE
    while not done():
        if time.monotonic() > end: raise AssertionError(complaint)
        time.sleep(0.02)


def check(condition, shown=''):
    if not condition: raise AssertionError(shown)


def same(got, want, shown=''):
    if got != want: raise AssertionError(f'got  {got!r}\nwant {want!r}\n{shown}')


def main():
    tests = [(n, f) for n, f in vars(sys.modules['__main__']).items() if n.startswith('test_')]
    passed = failed = skipped = 0
    for name, function in tests:
        if len(sys.argv) > 2 and name not in sys.argv[2:]: continue
        box = Box()
        try:
            function(box)
            passed += 1
        except Skip as why:
            skipped += 1
            print(f'skipped {name}: {why}')
        except Exception:
            failed += 1
            print(f'FAIL {name}\n{traceback.format_exc()}')
            if os.path.exists(box.log): print('\n'.join(box.read_log().splitlines()[-15:]))
        finally:
            box.close()
    print(f'{passed} passed, {failed} failed' + (f', {skipped} skipped' if skipped else ''))
    sys.exit(failed != 0)
