#!/usr/bin/python3
"""Disks that are full or read-only, for real: small file systems in a mount namespace of its own.

usage: disk_test.py CMDAI [TEST…]

Starts itself again inside `unshare --mount` (as somebody who may mount there); where the kernel does not let us, all is skipped and said.
"""
import json, os, subprocess, sys

INSIDE = 'CMDAI_DISK_TEST'
if INSIDE not in os.environ:
    user = [] if os.getuid() == 0 else ['--user', '--map-root-user']
    tried = subprocess.run(['unshare', '--mount', *user, 'mount', '-t', 'tmpfs', 'none', '/mnt'], capture_output=True, text=True)
    if tried.returncode != 0:
        print(f'skipped all of disk_test: nothing can be mounted here ({tried.stderr.strip()})\n0 passed, 0 failed, 1 skipped')
        sys.exit(0)
    os.execvpe('unshare', ['unshare', '--mount', *user, sys.executable, *sys.argv], os.environ | {INSIDE: '1'})

import daemon as d
import support
from daemon import Peer, check_answers
from support import CMDAI, DEADLINE, check, holds, refuses, same


def mount(place, options):
    os.makedirs(place, exist_ok=True)
    subprocess.run(['mount', '-t', 'tmpfs', '-o', options, 'none', place], check=True)


def remount(place, options):
    subprocess.run(['mount', '-o', 'remount,bind,' + options, place], check=True)


def fill(place):
    """Until not a byte more fits."""
    path = os.path.join(place, 'ballast')
    with open(path, 'wb', buffering=0) as file:
        for size in (4096, 1):
            try:
                while True: file.write(b'x' * size)
            except OSError: pass
    return path


def on_small_disk(function):
    """The box's home on 256 KiB; unmounted whatever happens, so that the box can be removed."""
    def test(box):
        box.run('stop')
        mount(box.home, 'size=256k,mode=700')
        os.makedirs(box.project)
        try: function(box)
        finally:
            box.run('stop', cwd=box.root)
            subprocess.run(['umount', '--lazy', box.home], check=True)
    return test


@on_small_disk
def test_full_disk(box):
    """Commands are judged and answered; what is not recorded is told, and when there is room again the gap is an event."""
    d.start(box)
    with Peer(box) as peer:
        check_answers(peer, 'git push --force origin before')
        ballast = fill(box.home)
        # Larger than what is left of a page.
        for i in range(7): check_answers(peer, f'git push --force origin lost{i} ' + 'x' * 5000)
        status = peer.ask('status')[1]
        holds(status.get('log_error', ''), box.record(), 'No space left', 'the disk is full')
        check(int(status['lost']) >= 7, status)
        r = box.run('status')
        same(r.status, 0, r)
        holds(r.out, 'No space left')
        found = json.loads(box.run('doctor', '--json').out)
        check(any(f['finding'] == 'bad' and 'No space left' in f['what'] + f['mend'] or 'not recorded' in f['what'] for f in found), found)
        os.unlink(ballast)
        check_answers(peer, 'git push --force origin after')
        same(peer.ask('status')[1].get('log_error'), None)
    with open(box.record()) as file: events = [json.loads(line) for line in file]
    commands = [e.get('command', e['type']) for e in events]
    check('git push --force origin before' in commands and 'git push --force origin after' in commands, commands)
    (gap,) = [e for e in events if e['type'] == 'log.gap']
    holds(gap['text'], 'could not be recorded')
    r = box.run('log', '--verify')
    same((r.status, r.err), (0, ''), r)


@on_small_disk
def test_full_disk_from_the_start(box):
    """No log, no record: the daemon starts and answers all the same."""
    fill(box.home)
    for local in ([], ['--local']):
        r = box.run('check', *local, '--', 'rm -rf ~')
        same(r.status, 1, r)
    r = box.run('status')
    same(r.status, 0, r)
    holds(r.out, 'not')
    r = box.run('allow', '--always', '--', 'git push --force')
    same((r.status, r.out), (2, ''), r)
    holds(r.err, box.home, 'hint: ')


def test_full_runtime_directory(box):
    """No socket can be made: said so, and the command is judged in the process."""
    run = os.path.dirname(box.env['CMDAI_SOCKET'])
    mount(run, 'size=4k,nr_inodes=1,mode=700')
    try:
        r = box.run('check', '--', 'rm -rf ~')
        same(r.status, 1, r)
        holds(r.err, 'judged without the daemon')
        done = subprocess.run([d.CMDAID], env=box.env, cwd=box.root, stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=DEADLINE)
        same((done.returncode, done.stdout), (1, ''), done)
        holds(done.stderr, run, 'No space left', 'hint: ')
    finally: subprocess.run(['umount', '--lazy', run], check=True)


@on_small_disk
def test_read_only_home(box):
    """Nothing can be written at home: the daemon answers, the missing record is told, what needs to write says which file."""
    remount(box.home, 'ro')
    r = box.run('check', '--', 'rm -rf ~')
    same((r.status, r.err), (1, ''), r)
    same(box.run('check', '--', 'ls').status, 0)
    holds(box.run('status').out, 'Read-only file system')
    for words in (['allow', '--always', '--', 'git push --force'], ['policy', 'trust']):
        if words[0] == 'policy':
            remount(box.home, 'rw')
            box.write(os.path.join(box.project, '.cmdai.toml'), '')
            remount(box.home, 'ro')
        r = box.run(*words)
        same((r.status, r.out), (2, ''), r)
        holds(r.err, 'Read-only file system', box.home, 'hint: ')
    found = json.loads(box.run('doctor', '--json').out)
    check(any(f['finding'] == 'bad' and 'Read-only' in f['what'] + f['mend'] and f['mend'] for f in found), found)
    remount(box.home, 'rw')
    same(box.run('check', '--', 'git push --force').status, 1)
    with open(box.record()) as file: holds(file.read(), 'log.gap', 'git push --force')


if __name__ == '__main__':
    support.main()
