#!/usr/bin/python3
"""What was acknowledged is there: after kill -9, on a full disk, after a graceful stop; and what was changed on the disk is noticed.

usage: durability_test.py COLLECTOR [TEST…]
"""
import json, os, random, resource, shutil, threading, time
import box, wire
from box import check, same, until

# Under sanitizers a part of them.
DEVICES, KILLS = 4, int(os.environ.get('KILLS', '100'))


class Sender(threading.Thread):
    """A device that sends, remembers what was acknowledged, and goes on after whatever happens."""

    def __init__(self, b, device):
        super().__init__()
        self.b, self.device, self.acknowledged, self.ending, self.trouble = b, device, 0, False, None

    def run(self):
        try:
            pending = []
            while not self.ending or pending:
                if not pending: pending = self.device.events(random.randint(1, 20))
                self.once(pending)
        except Exception as problem: self.trouble = problem

    def once(self, pending):
        d = self.device
        d.link.host, _, port = self.b.address.rpartition(':')
        d.link.port = int(port)
        try: answer = d.send(pending)
        except (OSError, wire.http.client.HTTPException):
            d.link.close()
            time.sleep(0.02)
            return
        if answer.status in (429, 503): return time.sleep(0.05)
        check(answer.status == 200, answer)
        check(answer.json['next'] == d.next and answer.json['head'] == d.head, answer)
        self.acknowledged = answer.json['next'] - 1
        pending.clear()


def stored(b):
    """device -> its numbers, as the record has them."""
    out = os.path.join(b.root, 'export')
    if os.path.exists(out): os.unlink(out)
    b.run('export', '--dir', b.dir, '--out', out)
    numbers = {}
    with open(out, 'rb') as file:
        file.readline()
        while head := file.readline():
            kind, size = head.split()
            body = file.read(int(size))
            file.read(1)
            if kind != b'batch': continue
            lines = body.split(b'\n')
            header = json.loads(lines[0])
            for line in lines[2:2 + header['count']]: numbers.setdefault(header['device'], []).append(json.loads(line[33:])['seq'])
    return numbers


def test_kill_9_under_load(b):
    """A hundred times: what was acknowledged is stored, nothing twice, and the chains go on."""
    b.up()
    senders = [Sender(b, b.device()) for _ in range(DEVICES)]
    for s in senders: s.start()
    for _ in range(KILLS):
        before = sum(s.acknowledged for s in senders)
        until(lambda: sum(s.acknowledged for s in senders) > before + 20 or any(s.trouble for s in senders), 'nothing is acknowledged')
        time.sleep(random.uniform(0, 0.05))
        b.kill()
        b.start()
    for s in senders: s.ending = True
    for s in senders: s.join()
    for s in senders: check(s.trouble is None, repr(s.trouble))
    same(b.alarms(), [])
    b.indexed()
    numbers = stored(b)
    for s in senders: same(numbers[s.device.id], list(range(1, s.acknowledged + 1)))
    total = sum(s.acknowledged for s in senders)
    cursor, found = '', 0
    while cursor is not None:
        page = b.api('GET', f'/api/v1/events?limit=1000&cursor={cursor}')
        found, cursor = found + len(page['events']), page['next']
    same(found, total)
    same(b.stop(), 0)
    same(b.run('verify', '--dir', b.dir).stdout.split(':')[0], 'PASS')


def test_graceful_stop_under_load(b):
    """SIGTERM: what is under way is answered, status 0, and nothing acknowledged is missing."""
    b.up()
    senders = [Sender(b, b.device()) for _ in range(DEVICES)]
    for s in senders: s.start()
    until(lambda: sum(s.acknowledged for s in senders) > 50, 'nothing is acknowledged')
    same(b.stop(), 0)
    acknowledged = {s.device.id: s.acknowledged for s in senders}
    numbers = stored(b)
    for device, upto in acknowledged.items(): check(len(numbers[device]) >= upto, (device, upto, len(numbers[device])))
    b.start()
    for s in senders: s.ending = True
    for s in senders: s.join()
    for s in senders: check(s.trouble is None, repr(s.trouble))
    check('"what":"server.stopped"' in b.read_log())


def test_full_disk(b):
    """503 while nothing can be stored, and on again when it can."""
    b.init()
    size = os.path.getsize(os.path.join(b.dir, 'data/ledger.db')) + (400 << 10)
    # Files may not grow beyond this: to the program, a disk without a byte left.
    def limited(): resource.setrlimit(resource.RLIMIT_FSIZE, (size, size))
    b.start(preexec_fn=limited)
    d = b.device()
    status, sent, kept = 200, 0, []
    while status == 200 and sent < 500:
        kept = d.events(40, text=os.urandom(150).hex())
        status = d.send(kept).status
        sent += 1
    same(status, 503)
    check(sent > 1)
    same(d.heartbeat().status, 200)
    same(d.send(kept).status, 503)
    b.kill()
    b.start()
    d.link = b.link()
    same(d.send(kept).json['next'], d.next)
    same(b.alarms(), [])
    same(stored(b)[d.id], list(range(1, d.next)))


def test_every_bit_counts(b):
    """A flipped bit anywhere in a small ledger is found, or changes nothing that can be read."""
    b.up()
    d = b.device()
    for _ in range(3): d.send(d.events(2))
    same(b.stop(), 0)
    ledger, good = os.path.join(b.dir, 'data/ledger.db'), os.path.join(b.root, 'good.db')
    wal = ledger + '-wal'
    check(not os.path.exists(wal) or os.path.getsize(wal) == 0, 'a clean stop leaves no WAL')
    shutil.copyfile(ledger, good)
    with open(good, 'rb') as file: data = bytearray(file.read())
    stored(b)
    with open(os.path.join(b.root, 'export'), 'rb') as file: whole = file.read()
    # Close together where the batches are, elsewhere every so many. CMDAI_STEP=N: every Nth, and all where the batches are.
    start = data.find(b'\x28\xb5\x2f\xfd')
    places = sorted(set(range(0, len(data), max(1, len(data) // 120))) | set(range(start, start + 200, 5)))
    if step := int(os.environ.get('CMDAI_STEP', '0')): places = sorted(set(range(0, len(data), step)) | set(range(start - 200, start + 1500)))
    found = harmless = 0
    for at in places:
        changed = bytearray(data)
        changed[at] ^= 1 << (at % 8)
        for tail in ('-wal', '-shm'):
            if os.path.exists(ledger + tail): os.unlink(ledger + tail)
        with open(ledger, 'wb') as file: file.write(changed)
        r = b.run('verify', '--dir', b.dir, status=None)
        if r.returncode in (1, 2): found += 1
        else:
            stored(b)
            with open(os.path.join(b.root, 'export'), 'rb') as file: same((at, file.read() == whole), (at, True), r.stdout)
            harmless += 1
    check(found > 45, f'{found} found, {harmless} harmless')
    print(f'bit flips: {found} found, {harmless} without effect, of {len(places)}')


def test_export_and_verify(b):
    """An export is right; a changed one is not; one without a root to hold it against is unconfirmed."""
    b.up()
    d, other = b.device(), b.device()
    for _ in range(4):
        d.send(d.events(3))
        other.send(other.events(2))
    _, fresh = d.rekey()
    d.key = fresh
    d.send(d.events(1))
    same(b.stop(), 0)
    root = os.path.join(b.dir, 'trust/root-1.json')
    out = os.path.join(b.root, 'all')
    b.run('export', '--dir', b.dir, '--out', out)
    r = b.run('verify', out, '--root', root)
    check(r.stdout.startswith('PASS: 21 events in 9 batches of 2 devices'), r.stdout)
    same(b.run('verify', out, status=3).stdout.split(':')[0], 'UNCONFIRMED')
    b.run('export', '--dir', b.dir, '--out', out + '.one', '--device', d.id)
    check(b.run('verify', out + '.one', '--root', root).stdout.startswith('PASS: 13 events in 5 batches of 1 devices'))
    b.run('export', '--dir', b.dir, '--out', out + '.part', '--from', '3', '--to', '5', status=0)
    check(b.run('verify', out + '.part', '--root', root, status=None).returncode in (0, 3))
    b.run('export', '--dir', b.dir, '--out', out, status=2)  # never over another file
    with open(out, 'rb') as file: data = file.read()
    for at in range(40, len(data), max(1, len(data) // 40)):
        with open(out + '.bad', 'wb') as file: file.write(data[:at] + bytes([data[at] ^ 4]) + data[at + 1:])
        r = b.run('verify', out + '.bad', '--root', root, status=None)
        same((at, r.returncode in (1, 2)), (at, True), r.stdout)
    with open(out + '.cut', 'wb') as file: file.write(data[:-20])
    same(b.run('verify', out + '.cut', '--root', root, status=None).returncode in (1, 2), True)
    same(b.run('verify', root, status=None).returncode, 2)


def test_backup_and_reindex(b):
    """A copy made while the collector writes, put in the place of the ledger, goes on; the index is made anew from it."""
    b.up()
    d = b.device()
    d.send(d.events(7, text='git push --force'))
    copy = os.path.join(b.root, 'copy.db')
    b.run('backup', '--dir', b.dir, '--out', copy)
    same(b.run('backup', '--dir', b.dir, '--out', copy, status=2).stdout, '')
    same(b.stop(), 0)
    shutil.rmtree(os.path.join(b.dir, 'data'))
    os.mkdir(os.path.join(b.dir, 'data'), 0o700)
    shutil.copyfile(copy, os.path.join(b.dir, 'data/ledger.db'))
    check('indexed 7 events of 1 batches' in b.run('reindex', '--dir', b.dir).stderr)
    b.start()
    same(len(b.api('GET', '/api/v1/events?q=push')['events']), 7)
    d.link = b.link()
    same(d.send(d.events(1)).json['next'], 9)
    same(b.run('verify', '--dir', b.dir, status=2).stdout, '')  # not beside one that runs


def test_dead_export_blocks_nothing(b):
    """Events go to a file as OCSF; while it cannot be written they wait, and nothing is lost."""
    out = os.path.join(b.root, 'siem')
    b.up(f'[[export]]\nname = "siem"\npath = "{out}/events.jsonl"\n[[export]]\nname = "dead"\npath = "/proc/no/such"\n')
    d = b.device()
    same(d.send(d.events(3, decision={'action': 'block', 'rules': [{'id': 'fs.delete-home'}]})).status, 200)
    def lines():
        try:
            with open(out + '/events.jsonl') as file: return [json.loads(line) for line in file]
        except FileNotFoundError: return []
    until(lambda: len(lines()) == 3, 'nothing is exported')
    same(lines()[0]['class_uid'], 1009)
    shutil.rmtree(out)
    with open(out, 'w'): pass  # a file where the folder was
    same(d.send(d.events(2)).status, 200)
    until(lambda: b.metric('export_failures_total') > 1, 'the failure is not counted')
    b.indexed()
    os.unlink(out)
    until(lambda: len(lines()) == 2, 'what waited is not exported')
    check('"what":"export.failed"' in b.read_log())


if __name__ == '__main__':
    box.main()
