#!/usr/bin/python3
"""A disk that takes its time: what is on its way to it holds up no verdict, and nothing of the record is lost."""
import json, os, sys

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
import daemon
from daemon import Peer, SANITIZED, until
from support import CMDAI, check, holds, main, same

LIBRARY = os.path.join(os.path.dirname(CMDAI), '../../test/daemon/slow_disk.so')


def slow_daemon(box):
    preload = {'LD_PRELOAD': LIBRARY, 'SLOW_DISK': box.root}
    if SANITIZED: preload['ASAN_OPTIONS'] = os.environ.get('ASAN_OPTIONS', '') + ':verify_asan_link_order=0'
    before = dict(box.env)
    box.env.update(preload)
    try: return daemon.start(box)
    finally:
        box.env.clear()
        box.env.update(before)


def ask(peer, command):
    kind, fields = peer.ask('check', cmd=command, shell='bash', cwd='/tmp', session='s')
    same((kind, fields['action']), ('verdict', 'allow'), fields)


def test_no_verdict_waits_for_the_disk(box):
    hold, waits, done = (os.path.join(box.root, name) for name in ('hold', 'waits', 'done'))
    with open(hold, 'w'): pass
    server = slow_daemon(box)
    with Peer(box) as peer:
        ask(peer, 'echo first')
        until(lambda: os.path.exists(waits), 'the record is not put on the disk')
        for number in range(20): ask(peer, f'echo {number}')
        check(not os.path.exists(done), 'the disk was waited for')
        with open(box.record()) as file: holds(file.read(), '"echo first"', '"echo 19"')
        os.unlink(hold)
        until(lambda: os.path.exists(done), 'the disk has never done')
    server.terminate()  # what came in between goes to the disk before it ends
    same(server.wait(), 0)
    with open(box.record()) as file: same(json.loads(file.read().splitlines()[-1])['type'], 'daemon.stop')
    same(box.run('log', '--verify').status, 0)


def test_it_ends_with_the_record_on_the_disk(box):
    """The disk is slow when the daemon is told to end: it waits, then."""
    hold, waits = (os.path.join(box.root, name) for name in ('hold', 'waits'))
    with open(hold, 'w'): pass
    server = slow_daemon(box)
    with Peer(box) as peer: ask(peer, 'echo last')
    until(lambda: os.path.exists(waits), 'the record is not put on the disk')
    server.terminate()
    until(lambda: b'daemon.stop' in open(box.record(), 'rb').read(), 'it does not end')
    same(server.poll(), None)
    os.unlink(hold)
    same(server.wait(), 0)


if __name__ == '__main__': main()
