"""The device's side of docs/collector-protocol.md, made from that page alone: hashes, keys, batches, requests.

Only the standard library; libsodium and libzstd are called as they are.
"""
import ctypes, ctypes.util, hashlib, http.client, json, os, ssl, time

sodium = ctypes.CDLL(ctypes.util.find_library('sodium') or 'libsodium.so.23')
zstd = ctypes.CDLL(ctypes.util.find_library('zstd') or 'libzstd.so.1')
zstd.ZSTD_compressBound.restype = zstd.ZSTD_compress.restype = ctypes.c_size_t
assert sodium.sodium_init() >= 0
ZEROS = '0' * 64


def H(data): return hashlib.blake2b(data, digest_size=32).hexdigest()
def key_id(pub): return hashlib.blake2b(pub, digest_size=16).hexdigest()
def mac(key, data): return hashlib.blake2b(data, digest_size=16, key=key).hexdigest()
def evolve(key): return hashlib.blake2b(b'cmdai-evolve-v1', digest_size=32, key=key).digest()


def pack(data, level=3):
    out = ctypes.create_string_buffer(zstd.ZSTD_compressBound(ctypes.c_size_t(len(data))))
    size = zstd.ZSTD_compress(out, ctypes.c_size_t(len(out)), data, ctypes.c_size_t(len(data)), level)
    return out.raw[:size]


class SigningKey:
    def __init__(self):
        self.public, self._secret = (ctypes.create_string_buffer(n) for n in (32, 64))
        sodium.crypto_sign_keypair(self.public, self._secret)
        self.public = self.public.raw

    def sign(self, data):
        out = ctypes.create_string_buffer(64)
        sodium.crypto_sign_detached(out, None, data, ctypes.c_ulonglong(len(data)), self._secret)
        return out.raw.hex()


class BoxKey:
    def __init__(self):
        self.public, self._secret = (ctypes.create_string_buffer(n) for n in (32, 32))
        sodium.crypto_box_keypair(self.public, self._secret)
        self.public = self.public.raw

    def open(self, sealed):
        out = ctypes.create_string_buffer(len(sealed) - 48)
        assert sodium.crypto_box_seal_open(out, sealed, ctypes.c_ulonglong(len(sealed)), self.public, self._secret) == 0
        return out.raw


def seal(public, data):
    out = ctypes.create_string_buffer(len(data) + 48)
    assert sodium.crypto_box_seal(out, data, ctypes.c_ulonglong(len(data)), public) == 0
    return out.raw


def verify(public, data, signature):
    return sodium.crypto_sign_verify_detached(bytes.fromhex(signature), data, ctypes.c_ulonglong(len(data)), public) == 0


class Answer:
    def __init__(self, status, headers, body):
        self.status, self.headers, self.body = status, headers, body

    @property
    def json(self): return json.loads(self.body)
    def __repr__(self): return f'{self.status} {dict(self.headers)} {self.body[:500]}'


class Link:
    """HTTPS to one collector; a connection for each thread that uses it."""

    def __init__(self, address, authority, timeout=120):
        self.host, _, port = address.rpartition(':')
        self.port, self.timeout = int(port), timeout
        self.context = ssl.create_default_context(cafile=authority)
        self.connection = None

    def close(self):
        if self.connection: self.connection.close()
        self.connection = None

    def ask(self, method, target, body=b'', headers=None):
        for again in (True, False):
            fresh = self.connection is None
            if fresh: self.connection = http.client.HTTPSConnection(self.host, self.port, context=self.context, timeout=self.timeout)
            try:
                self.connection.request(method, target, body or None, headers or {})
                got = self.connection.getresponse()
                answer = Answer(got.status, got.headers, got.read())
                if got.will_close: self.close()
                return answer
            except (http.client.RemoteDisconnected, BrokenPipeError, ConnectionResetError, ssl.SSLEOFError):
                self.close()
                if fresh or not again: raise  # a kept connection may have been closed meanwhile


def header_names(device, key, now, nonce, signature):
    return {'Cmdai-Device': device, 'Cmdai-Key': key, 'Cmdai-Time': str(now), 'Cmdai-Nonce': nonce, 'Cmdai-Signature': signature}


class Device:
    """Keys, a chain and what of it is not acknowledged yet."""

    def __init__(self, link, root):
        self.link, self.root = link, json.loads(root['signed'])
        self.key, self.box = SigningKey(), BoxKey()
        self.chain, self.boot = os.urandom(16).hex(), os.urandom(16).hex()
        self.k0 = os.urandom(32)
        self.id, self.certificate, self.shift = '', None, 0
        self.next, self.head, self.ratchet = 1, ZEROS, self.k0
        self.collector = [bytes.fromhex(self.root['keys'][k]) for k in self.root['roles']['collector']['keys']]

    def now(self): return int(time.time() * 1000) + self.shift

    def enroll_body(self, token):
        nonce = os.urandom(16).hex()
        sealed = seal(bytes.fromhex(self.root['box']), json.dumps({'token': token, 'k0': self.k0.hex()}, separators=(',', ':')).encode()).hex()
        parts = [H(bytes.fromhex(token)), self.key.public.hex(), self.box.public.hex(), H(bytes.fromhex(sealed)), self.root['collector'], self.chain, nonce]
        sig = self.key.sign(b'cmdai-enroll-v1\n' + ''.join(p + '\n' for p in parts).encode())
        return json.dumps({'v': 1, 'pub': parts[1], 'box': parts[2], 'sealed': sealed, 'chain': self.chain, 'nonce': nonce, 'time': self.now(),
                           'host': 'laptop', 'os': 'linux', 'serial_hash': '', 'version': '0.1.0', 'assurance': 'L1', 'sig': sig}).encode()

    def enroll(self, token):
        answer = self.link.ask('POST', '/v1/enroll', self.enroll_body(token), {'Content-Type': 'application/json'})
        if answer.status == 200:
            self.id, self.certificate = answer.json['device'], answer.json['certificate']
            assert len(self.box.open(bytes.fromhex(answer.json['tenant_key']))) == 32
        return answer

    def signed(self, method, target, body, key=None, now=None, nonce=None, device=None):
        key, now, nonce, device = key or self.key, self.now() if now is None else now, nonce or os.urandom(16).hex(), device or self.id
        text = '\n'.join(['cmdai-req-v1', method, target, device, key_id(key.public), str(now), nonce, H(body)]) + '\n'
        return header_names(device, key_id(key.public), now, nonce, key.sign(text.encode()))

    def believes(self, answer, nonce):
        text = f'cmdai-answer-v1\n{nonce}\n{answer.status}\n{H(answer.body)}\n'.encode()
        return any(verify(k, text, answer.headers.get('Cmdai-Answer') or '00' * 64) for k in self.collector)

    def ask(self, method, target, body=b'', headers=None, **how):
        """A signed request; an answer that is not signed by the collector is an error."""
        mine = self.signed(method, target, body, **how)
        answer = self.link.ask(method, target, body, mine | (headers or {}))
        assert self.believes(answer, mine['Cmdai-Nonce']), f'this answer is not signed: {answer}'
        return answer

    # -- the chain

    def line(self, seq, prev, kind='command.decision', **more):
        head = f'{{"v":1,"seq":{seq},"prev":"{prev}","chain":"{self.chain}","type":"{kind}",'
        return (head + json.dumps(more or {'time_ms': self.now()}, separators=(',', ':'))[1:]).encode()

    def events(self, count, text='ls -la', **more):
        """New events as (mac, line); the chain goes on behind them."""
        out = []
        for _ in range(count):
            body = {'event_uid': os.urandom(16).hex(), 'time_ms': self.now(), 'cmd': {'line': text}, 'actor': {'kind': 'human', 'user': 'u'},
                    'decision': {'action': 'allow', 'rules': []}, 'device': {'host': 'laptop'}} | more
            out.append(self.put(self.line(self.next, self.head, **body)))
        return out

    def put(self, line):
        h = H(line)
        made = (mac(self.ratchet, bytes.fromhex(h)), line)
        self.next, self.head, self.ratchet = self.next + 1, h, evolve(self.ratchet)
        return made

    def gap(self, left_out, cause='unclean-stop'):
        """Numbers are left out, and an event says so."""
        first = self.next
        for _ in range(left_out): self.ratchet = evolve(self.ratchet)
        self.next += left_out
        return self.put(self.line(self.next, self.head, 'chain.gap', gap={'from': first, 'to': self.next - 1, 'cause': cause, 'boot_id': self.boot}))

    def batch(self, events, after=None, insist=False, key=None, **wrong):
        seqs = [int(line.split(b'"seq":', 1)[1].split(b',', 1)[0]) for _, line in events]
        prev = json.loads(events[0][1])['prev'] if after is None else after
        header = {'v': 1, 'device': self.id, 'chain': self.chain, 'boot': self.boot, 'after': prev, 'first': seqs[0], 'count': len(events),
                  'last': seqs[-1], 'head': H(events[-1][1]), 'time': self.now()} | ({'insist': True} if insist else {}) | wrong
        top = json.dumps(header, separators=(',', ':')).encode()
        sig = (key or self.key).sign(b'cmdai-batch-v1\n' + top)
        return top + b'\n' + sig.encode() + b'\n' + b''.join(m.encode() + b' ' + line + b'\n' for m, line in events)

    def post(self, body, packed=True, **how):
        headers = {'Content-Type': 'application/x-cmdai-batch'} | ({'Content-Encoding': 'zstd'} if packed else {})
        return self.ask('POST', '/v1/events', pack(body) if packed else body, headers, **how)

    def send(self, events, **more):
        return self.post(self.batch(events, **more))

    def holds_receipt(self, answer):
        a = answer.json
        text = f'cmdai-receipt-v1\n{self.id}\n{self.chain}\n{a["next"]}\n{a["head"]}\n{a["time"]}\n'.encode()
        return any(verify(k, text, a['receipt']) for k in self.collector)

    def heartbeat(self, **more):
        body = {'v': 1, 'chain': self.chain, 'boot': self.boot, 'time': self.now(), 'mono_ms': 1, 'next': self.next, 'head': self.head, 'oldest': self.next,
                'spool_bytes': 0, 'spool': 'ok', 'root': 1, 'timestamp': 0, 'policy': 0, 'stale': False, 'version': '0.1.0', 'binary': '0' * 64,
                'assurance': 'L1', 'checkpoint': 0, 'posture': {}} | more
        return self.ask('POST', '/v1/heartbeat', json.dumps(body).encode())

    def rekey(self):
        fresh, epoch = SigningKey(), json.loads(self.certificate['signed'])['epoch'] + 1
        text = f'cmdai-rekey-v1\n{self.id}\n{fresh.public.hex()}\n{epoch}\n'.encode()
        body = json.dumps({'v': 1, 'pub': fresh.public.hex(), 'epoch': epoch, 'sig': fresh.sign(text)}).encode()
        answer = self.ask('POST', '/v1/rekey', body)
        if answer.status == 200: self.certificate = answer.json['certificate']
        return answer, fresh
