#!/usr/bin/python3
"""What a peer may try: too large, too much, too slow, the wrong protocol. usage: attack_test.py COLLECTOR [TEST…]"""
import os, socket, ssl, struct, threading
import box, wire
from box import check, same, until


def test_only_tls_1_3(b):
    b.up()
    host, _, port = b.address.rpartition(':')
    context = ssl.create_default_context(cafile=os.path.join(b.dir, 'tls/ca.crt'))
    context.maximum_version = ssl.TLSVersion.TLSv1_2
    try:
        with socket.create_connection((host, int(port)), timeout=60) as raw, context.wrap_socket(raw, server_hostname=host): raise AssertionError('TLS 1.2 was taken')
    except (ssl.SSLError, ConnectionResetError): pass
    with socket.create_connection((host, int(port)), timeout=60) as plain:
        plain.sendall(b'GET /api/v1/health HTTP/1.1\r\nHost: x\r\n\r\n')
        try: check(b'HTTP/1.1 200' not in plain.recv(4096))
        except ConnectionResetError: pass
    same(b.api('GET', '/api/v1/health')['status'], 'ok')


def test_zip_bomb(b):
    """A small body that would be a gigabyte: refused by what its head says, or while it grows; only after its signature was good."""
    b.up()
    d = b.device()
    bomb = wire.pack(b'\0' * (64 << 20))
    check(len(bomb) < 100_000)
    headers = {'Content-Encoding': 'zstd'}
    same(d.ask('POST', '/v1/events', bomb, headers).status, 413)
    # A frame that claims to be small and is not, and one that claims more than there is memory.
    for claim in (1000, 2**40):
        lying = bomb[:4] + bytes([0xe0 | (bomb[4] & 0x1f)]) + struct.pack('<Q', claim) + bomb[4 + 1 + (4 if bomb[4] >> 6 == 2 else 8):]
        check(d.ask('POST', '/v1/events', lying, headers).status in (400, 413))
    stranger = d.signed('POST', '/v1/events', bomb, key=wire.SigningKey())
    same(d.link.ask('POST', '/v1/events', bomb, stranger | headers).status, 401)
    with open(f'/proc/{b.server.pid}/status') as file: rss = next(int(line.split()[1]) for line in file if line.startswith('VmHWM'))
    check(rss < 400_000, f'{rss} kB')
    same(d.send(d.events(1)).status, 200)


def test_too_large(b):
    """Judged before anything is read, and signed, so that the device believes it and halves."""
    b.up()
    d = b.device()
    same(d.ask('POST', '/v1/events', b'x' * (3 << 20)).status, 413)
    check(d.link.ask('GET', '/api/v1/health', headers={'X': 'y' * 20_000}).status in (400, 431))
    same(d.ask('POST', '/v1/heartbeat', b'{"x":"' + b'y' * 70_000 + b'"}').status, 413)
    big = d.events(300, text='x' * 8000)
    same(d.post(d.batch(big)).status, 413)
    for half in (big[:150], big[150:]): same(d.send(half).status, 200)


def test_quota(b):
    """One device's flood is told to wait; the others are not."""
    b.up('[limits]\nevents_per_second = 1\n')
    d, other = b.device(), b.device()
    same(d.send(d.events(50)).status, 200)
    more = d.events(50)
    answer = d.send(more)
    same((answer.status, answer.json), (429, {'error': 'busy'}))
    check(1 <= int(answer.headers['Retry-After']) <= 60)
    same(other.send(other.events(50)).status, 200)
    same(b.alarms(), [])


def test_too_much_at_once(b):
    """Bodies under way are bounded all together."""
    b.up('[limits]\nmemory_mb = 4\n')
    held = []
    host, _, port = b.address.rpartition(':')
    context = ssl.create_default_context(cafile=os.path.join(b.dir, 'tls/ca.crt'))
    for _ in range(3):
        s = context.wrap_socket(socket.create_connection((host, int(port)), timeout=60), server_hostname=host)
        s.sendall(b'POST /v1/events HTTP/1.1\r\nHost: x\r\nContent-Length: 2000000\r\n\r\nx')
        held.append(s)
    answer = held[2].recv(4096)
    check(answer.startswith(b'HTTP/1.1 429'), answer)
    for s in held: s.close()
    d = b.device()
    until(lambda: d.send(d.events(1)).status == 200, 'the memory is not given back')


def test_slow_loris(b):
    """A header byte now and then, a body that never ends, a handshake that never begins: each ends by the server's clock, and meanwhile others are served."""
    b.up('[limits]\nheader_seconds = 1\nbody_seconds = 1\nidle_seconds = 2\n')
    host, _, port = b.address.rpartition(':')
    context = ssl.create_default_context(cafile=os.path.join(b.dir, 'tls/ca.crt'))
    def tls(): return context.wrap_socket(socket.create_connection((host, int(port)), timeout=60), server_hostname=host)
    idle, raw = tls(), socket.create_connection((host, int(port)), timeout=60)
    header, body = tls(), tls()
    body.sendall(b'POST /v1/events HTTP/1.1\r\nHost: x\r\nContent-Length: 1000\r\n\r\n')
    ended = []
    def drip(s, first):
        s.sendall(first)
        try:
            for _ in range(1000):
                s.sendall(b'x')
                s.settimeout(0.05)
                try:
                    if s.recv(1) == b'': break
                except TimeoutError: continue
            else: return
        except OSError: pass
        ended.append(s)
    threads = [threading.Thread(target=drip, args=(header, b'GET / HTTP/1.1\r\nX-Slow: ')), threading.Thread(target=drip, args=(body, b'x'))]
    for t in threads: t.start()
    d = b.device()
    same(d.send(d.events(1)).status, 200)
    for t in threads: t.join()
    same(len(ended), 2)
    idle.settimeout(60)
    same(idle.recv(1), b'')
    raw.settimeout(60)
    try: same(raw.recv(1), b'')
    except ConnectionResetError: pass


def test_many_connections(b):
    """No more than allowed; those that are there go on."""
    b.up('[limits]\nconnections = 5\n')
    d = b.device()
    host, _, port = b.address.rpartition(':')
    context = ssl.create_default_context(cafile=os.path.join(b.dir, 'tls/ca.crt'))
    held, refused = [], 0
    for _ in range(20):
        try: held.append(context.wrap_socket(socket.create_connection((host, int(port)), timeout=60), server_hostname=host))
        except (ssl.SSLError, OSError): refused += 1
    check(refused >= 15, refused)
    same(d.send(d.events(1)).status, 200)
    for s in held: s.close()
    until(lambda: not refused_again(b), 'the places are not given back')


def refused_again(b):
    try: return b.api('GET', '/api/v1/health', status=None)['status'] != 'ok'
    except OSError: return True


def test_garbage(b):
    """Bytes that are no HTTP end the connection and nothing else."""
    b.up()
    host, _, port = b.address.rpartition(':')
    context = ssl.create_default_context(cafile=os.path.join(b.dir, 'tls/ca.crt'))
    for garbage in (b'\0' * 100, b'GET\r\n\r\n', b'POST /v1/events HTTP/1.1\r\nContent-Length: -1\r\n\r\n', b'POST /v1/enroll HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n',
                    b'GET /%zz?%=%& HTTP/1.1\r\nHost: x\r\n\r\n', b'POST /v1/events HTTP/1.1\r\nContent-Length: 5\r\nContent-Length: 6\r\n\r\nhello',
                    os.urandom(5000)):
        with context.wrap_socket(socket.create_connection((host, int(port)), timeout=60), server_hostname=host) as s:
            s.sendall(garbage)
            try:
                answer = s.recv(65536)
                check(answer == b'' or b' 200 ' not in answer.split(b'\r\n')[0], answer)
            except (ConnectionResetError, TimeoutError, ssl.SSLError): pass
    for body in (b'', b'{', b'[]', b'null', b'{"v":1}' * 1000, b'\xff' * 100, b'{"v":1,"pub":' + b'[' * 5000):
        same(b.link().ask('POST', '/v1/enroll', body, {'Content-Length': str(len(body))}).status, 401)
    same(b.api('GET', '/api/v1/health')['status'], 'ok')


def test_concurrent_batches_of_one_chain(b):
    """However they race, each event is stored once and in its place."""
    b.up()
    d = b.device()
    batches = [d.batch(d.events(3)) for _ in range(8)]
    answers = []
    def post(body):
        mine = wire.Device.__new__(wire.Device)
        mine.__dict__ = dict(d.__dict__, link=b.link())
        for _ in range(400):
            answer = mine.post(body)
            if answer.status == 200: break
            check(answer.status in (409, 429), answer)
            threading.Event().wait(0.02)
        answers.append(answer.status)
    threads = [threading.Thread(target=post, args=(body,)) for body in batches + batches[::-1]]
    for t in threads: t.start()
    for t in threads: t.join()
    same(answers, [200] * 16)
    b.indexed()
    same([e['seq'] for e in b.api('GET', '/api/v1/events?limit=100')['events']], list(range(24, 0, -1)))
    same(b.alarms(), [])


if __name__ == '__main__':
    box.main()
