#!/usr/bin/python3
"""Reads enterprise/protocol/vectors as a third party would: from docs/collector-protocol.md, with nothing of cmdai's code.

usage: vectors_test.py MAKE_VECTORS

Also: the files in the tree are what MAKE_VECTORS writes. The last line is `N passed, N failed`.
"""
import base64, hashlib, json, os, re, subprocess, sys, tempfile
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from sealed_box import open_sealed

HERE = os.path.dirname(os.path.abspath(__file__))
FOLDER = os.path.join(HERE, '../../../enterprise/protocol/vectors')
MOST = 2**53 - 1
counts = [0, 0]


def check(good, what):
    counts[0 if good else 1] += 1
    if not good: print('FAILED:', what)


class Refused(Exception):
    """With the word of the refusal, and where it is about an event, its number."""

    def __init__(self, word, seq=None):
        super().__init__(word)
        self.word, self.seq = word, seq


def refuse_unless(good, word, seq=None):
    if not good: raise Refused(word, seq)


# --- Conventions -----------------------------------------------------------------------------------------------------------------------

def H(x): return hashlib.blake2b(x, digest_size=32).digest()
def H16(x): return hashlib.blake2b(x, digest_size=16).digest()
def MAC(k, x): return hashlib.blake2b(x, key=k, digest_size=16).digest()
def KDF(k, x): return hashlib.blake2b(x, key=k, digest_size=32).digest()


def unhex(text, size=None):
    refuse_unless(isinstance(text, str) and re.fullmatch(r'([0-9a-f]{2})*', text), 'malformed')
    refuse_unless(size is None or len(text) == 2 * size, 'malformed')
    return bytes.fromhex(text)


def verify(pub, text, sig):
    try:
        Ed25519PublicKey.from_public_bytes(pub).verify(sig, text)
    except InvalidSignature:
        return False
    return True


def members(pairs):
    refuse_unless(len({name for name, _ in pairs}) == len(pairs), 'malformed')
    return dict(pairs)


def parse(text):
    refuse_unless(text[:1] == '{', 'malformed')
    try:
        return json.loads(text, object_pairs_hook=members)
    except ValueError:
        raise Refused('malformed') from None


def number(json_object, name, least=0):
    value = json_object.get(name)
    refuse_unless(type(value) is int and least <= value <= MOST, 'malformed')
    return value


# --- Envelope and roles ----------------------------------------------------------------------------------------------------------------

def read_envelope(text):
    envelope = parse(text)
    refuse_unless(isinstance(envelope.get('signed'), str) and isinstance(envelope.get('signatures'), list), 'malformed')
    return envelope['signed'], [(s.get('key'), unhex(s.get('key'), 16), unhex(s.get('sig'), 64)) for s in envelope['signatures']]


def check_signatures(envelope, document, holders, threshold):
    payload, signatures = envelope
    refuse_unless(signatures, 'missing-signature')
    good, bad = set(), False
    for key, _, sig in signatures:
        if key not in holders or key in good: continue
        if verify(unhex(holders[key], 32), f'cmdai-{document}-v1\n'.encode() + payload.encode(), sig): good.add(key)
        else: bad = True
    if len(good) >= threshold: return payload
    refuse_unless(not bad, 'bad-signature')
    refuse_unless(good, 'wrong-role')
    raise Refused('threshold')


def signed(text, document, root, role):
    spec = root['roles'][role]
    return parse(check_signatures(read_envelope(text), document, {k: root['keys'][k] for k in spec['keys']}, spec['threshold']))


def holders(root, role): return set(root['roles'][role]['keys'])
def version(text): return tuple(int(part) for part in text.split('.'))


class Device:
    """The state of docs/collector-protocol.md, `Accepting a policy`."""

    def __init__(self, state, clock, daemon):
        self.root, self.timestamp, self.policy, self.newest = json.loads(state['root']), state['timestamp'], state['policy'], state['newest_time']
        self.clock, self.daemon = clock, daemon

    def now(self): return max(self.clock, self.newest)

    def take_root(self, text):
        envelope = read_envelope(text)
        signed(text, 'root', self.root, 'root')
        root = parse(envelope[0])
        for key, pub in root['keys'].items(): refuse_unless(H16(unhex(pub, 32)).hex() == key, 'malformed')
        refuse_unless(root['version'] > self.root['version'], 'rollback')
        refuse_unless(root['version'] == self.root['version'] + 1, 'root-skipped')
        refuse_unless(root['tenant'] == self.root['tenant'], 'content-mismatch')
        signed(text, 'root', root, 'root')
        changed = {role for role in root['roles'] if holders(root, role) != holders(self.root, role)}
        if 'timestamp' in changed: self.timestamp = 0
        if 'policy' in changed: self.policy = None
        if changed & {'timestamp', 'collector'}: self.newest = min(self.newest, root['created'])
        self.root = root

    def take_timestamp(self, text):
        refuse_unless(self.root['expires'] > self.now(), 'expired')
        timestamp = signed(text, 'timestamp', self.root, 'timestamp')
        refuse_unless(timestamp['role'] == 'timestamp', 'malformed')
        refuse_unless(timestamp['version'] >= self.timestamp, 'rollback')
        refuse_unless(timestamp['expires'] > self.now(), 'freeze')
        refuse_unless(timestamp['root'] >= self.root['version'], 'rollback')
        refuse_unless(timestamp['root'] == self.root['version'], 'root-skipped')
        named = timestamp['policy']
        if self.policy:
            refuse_unless(named and named['version'] >= self.policy['version'], 'rollback')
            refuse_unless(named['version'] > self.policy['version'] or named == self.policy, 'content-mismatch')
        self.newest = max(self.newest, timestamp['time'])
        return named

    def take_policy(self, named, text):
        data = text.encode()
        refuse_unless(named and named['length'] == len(data) and named['sha512'] == hashlib.sha512(data).hexdigest(), 'content-mismatch')
        policy = signed(text, 'policy', self.root, 'policy')
        refuse_unless(policy['version'] == named['version'], 'content-mismatch')
        refuse_unless(policy['not_before'] <= self.now(), 'not-yet-valid')
        refuse_unless(policy['expires'] > self.now(), 'expired')
        refuse_unless(version(policy['min_daemon']) <= version(self.daemon), 'too-new')


# --- Events and batches ----------------------------------------------------------------------------------------------------------------

HEAD = re.compile(r'\{"v":1,"seq":([1-9][0-9]*),"prev":"([0-9a-f]{64})","chain":"([0-9a-f]{32})","type":"([a-z0-9._-]{1,64})",.+\}', re.S)


def read_head(line):
    match = HEAD.fullmatch(line)
    refuse_unless(match and int(match[1]) <= MOST and '\n' not in line, 'malformed')
    return int(match[1]), bytes.fromhex(match[2]), bytes.fromhex(match[3]), match[4]


def step_to(key, seq, to):
    while seq < to: key, seq = KDF(key, b'cmdai-evolve-v1'), seq + 1
    return key


def read_batch(text):
    lines = text.split('\n')
    refuse_unless(len(lines) >= 4 and lines.pop() == '', 'malformed')
    header = parse(lines[0])
    refuse_unless(number(header, 'v') == 1, 'malformed')
    for name in ('first', 'count', 'last'): number(header, name, 1)
    number(header, 'time')
    refuse_unless(len(lines) == 2 + header['count'], 'malformed')
    events = []
    for line in lines[2:]:
        refuse_unless(line[32:33] == ' ', 'malformed')
        events.append((unhex(line[:32], 16), line[33:]))
    return header, lines[0], unhex(lines[1], 64), events


def check_batch(text, pub, device, chain, k0):
    """A batch that reaches a collector which knows nothing of the chain yet: `stored`, `resume`, or a refusal."""
    header, header_line, sig, events = read_batch(text)
    refuse_unless(header['device'] == device and header['chain'] == chain, 'content-mismatch')
    refuse_unless(verify(pub, b'cmdai-batch-v1\n' + header_line.encode(), sig), 'bad-signature')
    prev, due, key, at = unhex(header['after'], 32), header['first'], k0, 1
    found = []
    for mac, line in events:
        seq, its_prev, its_chain, its_type = read_head(line)
        refuse_unless(its_chain.hex() == chain, 'content-mismatch', seq)
        refuse_unless(its_prev == prev, 'bad-hash', seq)
        if its_type == 'chain.gap':
            gap = json.loads(line)['gap']
            refuse_unless(gap['to'] == seq - 1 and (gap['from'] == due or not found), 'bad-sequence', seq)
        else:
            refuse_unless(seq == due, 'bad-sequence', seq)
        prev, due = H(line.encode()), seq + 1
        found.append((seq, prev, mac))
    refuse_unless(header['last'] == due - 1 and header['head'] == prev.hex(), 'bad-sequence')
    if header['first'] != 1: return 'resume'
    for seq, h, mac in found:
        key, at = step_to(key, at, seq), seq
        refuse_unless(MAC(key, h) == mac, 'bad-mac', seq)
    return 'stored'


# --- The log ---------------------------------------------------------------------------------------------------------------------------

def leaf_hash(leaf): return hashlib.sha256(b'\0' + leaf).digest()
def node_hash(left, right): return hashlib.sha256(b'\1' + left + right).digest()


def split(n):
    """RFC 6962: the largest power of two below n."""
    return 1 << ((n - 1).bit_length() - 1)


def tree(leaves):
    if not leaves: return hashlib.sha256().digest()
    if len(leaves) == 1: return leaves[0]
    k = split(len(leaves))
    return node_hash(tree(leaves[:k]), tree(leaves[k:]))


def path(m, leaves):
    if len(leaves) <= 1: return []
    k = split(len(leaves))
    if m < k: return path(m, leaves[:k]) + [tree(leaves[k:])]
    return path(m - k, leaves[k:]) + [tree(leaves[:k])]


def subproof(m, leaves, whole):
    if m == len(leaves): return [] if whole else [tree(leaves)]
    k = split(len(leaves))
    if m <= k: return subproof(m, leaves[:k], whole) + [tree(leaves[k:])]
    return subproof(m - k, leaves[k:], False) + [tree(leaves[:k])]


def around(start, stop, leaves, begin=0):
    end = begin + len(leaves)
    if start <= begin and end <= stop: return []
    if end <= start or stop <= begin: return [tree(leaves)]
    k = split(len(leaves))
    return around(start, stop, leaves[:k], begin) + around(start, stop, leaves[k:], begin + k)


def root_of_range(covered, start, size, proof):
    """The root that these leaves and the subtrees around them lead to; both lists are used up."""
    def over(begin, end):
        if end <= start or start + total <= begin: return proof.pop(0)
        if end - begin == 1: return covered.pop(0)
        k = split(end - begin)
        left = over(begin, begin + k)
        return node_hash(left, over(begin + k, end))
    total = len(covered)
    root = over(0, size)
    refuse_unless(not covered and not proof, 'bad-proof')
    return root


def read_checkpoint(note, origin, pub):
    at = note.rfind('\n\n')
    refuse_unless(at >= 0 and note.endswith('\n'), 'malformed')
    text = note[:at + 1]
    key_hash = hashlib.sha256(origin.encode() + b'\n\1' + pub).digest()[:4]
    claimed = good = False
    for line in note[at + 2:].splitlines():
        refuse_unless(line.startswith('— '), 'malformed')
        name, _, encoded = line[2:].partition(' ')
        raw = base64.b64decode(encoded)
        if name != origin or raw[:4] != key_hash: continue
        claimed, good = True, good or verify(pub, text.encode(), raw[4:])
    refuse_unless(good, 'bad-signature' if claimed else 'missing-signature')
    first, size, root = text.splitlines()[:3]
    refuse_unless(first == origin, 'content-mismatch')
    return int(size), base64.b64decode(root)


# --- Export ----------------------------------------------------------------------------------------------------------------------------

def records(data):
    magic = b'cmdai-export-v1\n'
    refuse_unless(data.startswith(magic), 'malformed')
    at = len(magic)
    while True:
        begin, end = at, data.index(b'\n', at)
        kind, _, length = data[at:end].decode().partition(' ')
        at = end + 1 + int(length)
        refuse_unless(data[at:at + 1] == b'\n', 'malformed')
        yield kind, data[end + 1:at].decode(), begin
        at += 1
        if kind == 'end':
            refuse_unless(at == len(data), 'malformed')
            return


def check_export(data, trusted):
    roots, certificates, seen, leaves, checkpoints = [], {}, {}, [], {}
    state, totals = {}, {'batches': 0, 'events': 0}
    for kind, text, begin in records(data):
        if kind == 'end':
            end = json.loads(text)
            refuse_unless(end['hash'] == H(data[:begin]).hex() and end['counts'] == seen, 'bad-hash')
            break
        seen[kind] = seen.get(kind, 0) + 1
        if kind == 'root':
            if roots: signed(text, 'root', roots[-1], 'root')
            root = json.loads(read_envelope(text)[0])
            signed(text, 'root', root, 'root')
            refuse_unless(roots or text == trusted, 'content-mismatch')
            roots.append(root)
        elif kind == 'certificate':
            certificate = signed(text, 'device', roots[-1], 'enrollment')
            certificates[certificate['device']] = certificate
        elif kind == 'receipt-key':
            refuse_unless(text in [roots[-1]['keys'][k] for k in roots[-1]['roles']['collector']['keys']], 'wrong-role')
        elif kind == 'batch':
            header, header_line, sig, events = read_batch(text)
            refuse_unless(verify(unhex(certificates[header['device']]['pub']), b'cmdai-batch-v1\n' + header_line.encode(), sig), 'bad-signature')
            refuse_unless(header['after'] == state.get(header['chain'], '0' * 64), 'bad-hash')
            for _, line in events:
                refuse_unless(read_head(line)[1].hex() == state.get(header['chain'], '0' * 64), 'bad-hash')
                state[header['chain']] = H(line.encode()).hex()
            leaf = f'cmdai-leaf-v1\n{header["device"]}\n{header["chain"]}\n{header["first"]}\n{header["count"]}\n{header["head"]}\n{H(text.encode()).hex()}\n'
            leaves.append(leaf_hash(leaf.encode()))
            totals['batches'] += 1
            totals['events'] += len(events)
        elif kind == 'checkpoint':
            root = roots[-1]
            pub = unhex(root['keys'][root['roles']['collector']['keys'][0]])
            size, tree_root = read_checkpoint(text, f'cmdai/{root["tenant"]}/{root["collector"]}', pub)
            checkpoints[size] = tree_root
        elif kind == 'leaf-range':
            r = json.loads(text)
            covered = leaves[-(r['to'] - r['from']):]
            refuse_unless(root_of_range(covered, r['from'], r['size'], [unhex(h, 32) for h in r['proof']]) == checkpoints[r['size']], 'bad-proof')
            leaves = []
    refuse_unless(not leaves, 'unconfirmed')
    return totals


# --- The files -------------------------------------------------------------------------------------------------------------------------

def load(name):
    with open(os.path.join(FOLDER, name), encoding='utf8') as file: return json.load(file)


def word_of(action, fine='accepted'):
    try:
        result = action()
    except Refused as refused:
        return refused.word, refused.seq
    return (result if isinstance(result, str) else fine), None


def check_word(row, action, what):
    word, seq = word_of(action)
    check(word == row['word'] and ('seq' not in row or seq == row['seq']), f'{what}: {row.get("what", "")}: {word} {seq}, the vector says {row["word"]} {row.get("seq")}')


def check_primitives():
    v = load('primitives.json')
    key = unhex(v['key'])
    for row in v['hashes']:
        text = row['text'].encode()
        check((H(text).hex(), MAC(key, text).hex(), KDF(key, text).hex()) == (row['H'], row['MAC'], row['KDF']), 'hashes')
    for row in v['signatures']:
        pair = Ed25519PrivateKey.from_private_bytes(unhex(row['seed']))
        pub = pair.public_key().public_bytes(Encoding.Raw, PublicFormat.Raw)
        check(pub.hex() == row['pub'] and H16(pub).hex() == row['id'], 'keys')
        check(pair.sign((row['domain'] + row['message']).encode()).hex() == row['sig'], 'signatures')


def check_events():
    v = load('events.json')
    key, at, prev = unhex(v['k0']), 1, bytes(32)
    for row in v['events']:
        seq, its_prev, chain, _ = read_head(row['line'])
        key, at = step_to(key, at, seq), seq
        h = H(row['line'].encode())
        check((its_prev, chain.hex(), h.hex(), key.hex(), MAC(key, h).hex()) == (prev, v['chain'], row['h'], row['key'], row['mac']), f'event {seq}')
        prev = h
    for row in v['refused']: check_word(row, lambda row=row: read_head(row['line']), 'event')


def check_batches():
    v = load('batches.json')
    for row in v['batches']:
        check_word(row, lambda row=row: check_batch(row['batch'], unhex(v['pub']), v['device'], v['chain'], unhex(v['k0'])), 'batch')


def check_messages():
    v = load('messages.json')
    r = v['request']
    h = r['headers']
    text = f'cmdai-req-v1\n{r["method"]}\n{r["target"]}\n{h["Cmdai-Device"]}\n{h["Cmdai-Key"]}\n{h["Cmdai-Time"]}\n{h["Cmdai-Nonce"]}\n{H(r["body"].encode()).hex()}\n'
    check(verify(unhex(r['pub']), text.encode(), unhex(h['Cmdai-Signature'])) and H16(unhex(r['pub'])).hex() == h['Cmdai-Key'], 'request')
    a = r['answer']
    text = f'cmdai-answer-v1\n{h["Cmdai-Nonce"]}\n{a["status"]}\n{H(a["body"].encode()).hex()}\n'
    check(verify(unhex(a['pub']), text.encode(), unhex(a['Cmdai-Answer'])), 'answer')

    e = v['enrollment']
    body = json.loads(e['body'])
    sealed = unhex(body['sealed'])
    secrets = json.loads(open_sealed(unhex(e['box_seed']), sealed))
    check(secrets == {'token': e['token'], 'k0': e['k0']}, 'what was sealed')
    check(H(unhex(e['token'])).hex() == e['token_hash'], 'token hash')
    parts = (e['token_hash'], body['pub'], body['box'], H(sealed).hex(), e['collector'], body['chain'], body['nonce'])
    check(verify(unhex(body['pub']), ('cmdai-enroll-v1\n' + ''.join(part + '\n' for part in parts)).encode(), unhex(body['sig'])), 'enrollment')
    answer = json.loads(e['answer'])
    check(open_sealed(unhex(e['device_box_seed']), unhex(answer['tenant_key'])).hex() == e['tenant_key'], 'tenant key')
    check(json.loads(answer['certificate']['signed'])['role'] == 'device', 'certificate')

    rekey = json.loads(v['rekey']['body'])
    text = f'cmdai-rekey-v1\n{v["rekey"]["device"]}\n{rekey["pub"]}\n{rekey["epoch"]}\n'
    check(verify(unhex(rekey['pub']), text.encode(), unhex(rekey['sig'])), 'rekey')

    receipt = v['receipt']
    body = json.loads(receipt['body'])
    text = f'cmdai-receipt-v1\n{receipt["device"]}\n{receipt["chain"]}\n{body["next"]}\n{body["head"]}\n{body["time"]}\n'
    check(verify(unhex(receipt['pub']), text.encode(), unhex(body['receipt'])), 'receipt')
    key = H16(unhex(receipt['pub'])).hex()
    check_signatures(read_envelope(json.dumps(body['commands'][0])), 'command', {key: receipt['pub']}, 1)


def check_envelopes():
    for row in load('envelopes.json')['envelopes']:
        check_word(row, lambda row=row: check_signatures(read_envelope(row['envelope']), row['document'], row['holders'], row['threshold']) and 'accepted', 'envelope')


def accept(row):
    device = Device(row['state'], row['clock'], row['daemon'])
    for root in row['roots']: device.take_root(root)
    device.take_policy(device.take_timestamp(row['timestamp']), row['policy'])


def check_policy_sets():
    for row in load('policy_sets.json')['sets']: check_word(row, lambda row=row: accept(row), 'policy')


def check_log():
    v = load('log.json')
    leaves = [leaf_hash(str(i).encode()) for i in range(v['size'])]
    for size, root in enumerate(v['roots']): check(tree(leaves[:size]).hex() == root, f'root {size}')
    for row in v['inclusion']: check([h.hex() for h in path(row['leaf'], leaves[:row['size']])] == row['proof'], f'inclusion {row["leaf"]} in {row["size"]}')
    for row in v['consistency']: check([h.hex() for h in subproof(row['from'], leaves[:row['to']], True)] == row['proof'], f'consistency {row["from"]} to {row["to"]}')
    for row in v['ranges']:
        proof = around(row['from'], row['to'], leaves)
        check([h.hex() for h in proof] == row['proof'], f'range {row["from"]} to {row["to"]}')
        check(root_of_range(leaves[row['from']:row['to']], row['from'], v['size'], proof) == tree(leaves), 'root of a range')
    for row in v['checkpoints']: check_word(row, lambda row=row: read_checkpoint(row['note'], v['origin'], unhex(v['pub'])) and 'accepted', 'checkpoint')
    check(read_checkpoint(v['checkpoints'][0]['note'], v['origin'], unhex(v['pub'])) == (v['size'], tree(leaves)), 'checkpoint')
    leaf = v['leaf']
    text = f'cmdai-leaf-v1\n{leaf["device"]}\n{leaf["chain"]}\n{leaf["first"]}\n{leaf["count"]}\n{leaf["head"]}\n{H(leaf["batch"].encode()).hex()}\n'
    check(leaf_hash(text.encode()).hex() == leaf['hash'], 'leaf')


def check_exports():
    v = load('exports.json')
    with open(os.path.join(FOLDER, v['file']), 'rb') as file: data = file.read()
    check(check_export(data, v['root']) == {'batches': v['batches'], 'events': v['events']}, 'export')
    for i in range(0, len(data), 97):
        broken = data[:i] + bytes([data[i] ^ 1]) + data[i + 1:]
        try:
            check_export(broken, v['root'])
            check(False, f'an export with byte {i} changed')
        except (Refused, ValueError, KeyError, UnicodeDecodeError, IndexError, InvalidSignature):
            check(True, '')


def check_made(make_vectors):
    """What the tree holds is what the program writes today."""
    with tempfile.TemporaryDirectory() as folder:
        subprocess.run([make_vectors, folder], check=True)
        made = sorted(os.listdir(folder))
        check(made == sorted(os.listdir(FOLDER)), 'the same files')
        for name in made:
            with open(os.path.join(folder, name), 'rb') as a, open(os.path.join(FOLDER, name), 'rb') as b: check(a.read() == b.read(), f'{name} is not what make-vectors writes')


def main():
    for part in (check_primitives, check_events, check_batches, check_messages, check_envelopes, check_policy_sets, check_log, check_exports): part()
    if len(sys.argv) > 1: check_made(sys.argv[1])
    print(f'{counts[0]} passed, {counts[1]} failed')
    sys.exit(counts[1] != 0 or counts[0] == 0)


if __name__ == '__main__':
    main()
