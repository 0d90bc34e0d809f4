"""crypto_box_seal_open of libsodium, from its description: X25519, HSalsa20, XSalsa20 and Poly1305. Slow; for test vectors."""
import hashlib, struct
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey
from cryptography.hazmat.primitives.poly1305 import Poly1305
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

SIGMA = struct.unpack('<4I', b'expand 32-byte k')


def turn(value, bits):
    value &= 0xffffffff
    return (value << bits | value >> (32 - bits)) & 0xffffffff


def quarter(x, a, b, c, d):
    x[b] ^= turn(x[a] + x[d], 7)
    x[c] ^= turn(x[b] + x[a], 9)
    x[d] ^= turn(x[c] + x[b], 13)
    x[a] ^= turn(x[d] + x[c], 18)


def rounds(words):
    x = list(words)
    for _ in range(10):
        for a, b, c, d in ((0, 4, 8, 12), (5, 9, 13, 1), (10, 14, 2, 6), (15, 3, 7, 11), (0, 1, 2, 3), (5, 6, 7, 4), (10, 11, 8, 9), (15, 12, 13, 14)):
            quarter(x, a, b, c, d)
    return x


def state(key, block16):
    k, n = struct.unpack('<8I', key), struct.unpack('<4I', block16)
    return [SIGMA[0], *k[:4], SIGMA[1], *n, SIGMA[2], *k[4:], SIGMA[3]]


def hsalsa20(key, nonce16):
    x = rounds(state(key, nonce16))
    return struct.pack('<8I', *(x[i] for i in (0, 5, 10, 15, 6, 7, 8, 9)))


def salsa20_stream(key, nonce8, size):
    out = b''
    for counter in range((size + 63) // 64):
        start = state(key, nonce8 + struct.pack('<Q', counter))
        out += struct.pack('<16I', *((a + b) & 0xffffffff for a, b in zip(start, rounds(start))))
    return out[:size]


def secretbox_open(key, nonce24, box):
    stream = salsa20_stream(hsalsa20(key, nonce24[:16]), nonce24[16:], 32 + len(box) - 16)
    Poly1305.verify_tag(stream[:32], box[16:], box[:16])
    return bytes(a ^ b for a, b in zip(box[16:], stream[32:]))


def open_sealed(seed, sealed):
    """The plain text of what was sealed to the box key of this seed."""
    secret = X25519PrivateKey.from_private_bytes(hashlib.sha512(seed).digest()[:32])
    public = secret.public_key().public_bytes(Encoding.Raw, PublicFormat.Raw)
    ephemeral = sealed[:32]
    nonce = hashlib.blake2b(ephemeral + public, digest_size=24).digest()
    shared = hsalsa20(secret.exchange(X25519PublicKey.from_public_bytes(ephemeral)), bytes(16))
    return secretbox_open(shared, nonce, sealed[32:])
