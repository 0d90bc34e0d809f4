#!/usr/bin/python3
"""The whole line: a shell in a pseudo-terminal, cmdaid with the enterprise plugin, a collector, and back. usage: line_test.py CMDAI [WORD…]

What a person types is a stub that only records that it ran; the collector listens on the loopback interface.
"""
import os, random, shutil, signal, socket, subprocess, sys, threading, time

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from organization import *
from terminal import Shell, markers_of, run

TESTS = []


def whole(name, **settings):
    """A test with a collector and a device that is enrolled."""
    def wrap(function):
        def test(box):
            collector = Collector(box.root)
            device = None
            try:
                device = Device(box, collector, **settings)
                device.enrolled()
                function(box, collector, device)
            finally:
                if device: device.end()
                collector.end()
        TESTS.append((f'whole line: {name}', test))
        return function
    return wrap


def policy(box, text, name='organization.toml'):
    path = os.path.join(box.root, name)
    with open(path, 'w') as file: file.write(text)
    return path


PACK = '''
family = "acme"

[[rule]]
id = "acme.fine"
severity = "high"
title = "acme does not run this here"
why = "It was decided so."
hint = "run it on the build host"
action = "block"
MODE
when = { call = { program = "fine", any = ["deploy"] } }
stop = ["fine deploy"]
pass = ["fine"]
'''
PACK = PACK.replace(', any = ["deploy"]', ', words = ["deploy"]')


def in_force(device, version):
    until(lambda: device.plugin().get('policy') == str(version), f'policy {version} to be in force', lambda: json.dumps(device.plugin()) + device.said())


for shell_name in ('bash', 'zsh', 'fish'):
    @whole(f'a policy published centrally stops a command in {shell_name}, and both are recorded')
    def test_policy(box, collector, device, shell_name=shell_name):
        shell = Shell(box, shell_name)
        try:
            shell.line('fine deploy')
            same(markers_of(box), ['deploy'])
            collector.publish(policy(box, PACK.replace('MODE\n', ''), 'acme.toml'))
            in_force(device, 1)
            shown = shell.line('fine deploy')
            check('acme does not run this here' in shown and 'rule acme.fine' in shown, shown)
            same(markers_of(box), ['deploy'], shown)
            shell.line('fine other')
            same(markers_of(box), ['deploy', 'other'])
        finally:
            shell.close()
        stored = [e for e in device.arrived() if e['type'] == 'command.decision' and e['cmd']['line'] == 'fine deploy']
        same([(e['decision']['action'], e['cmd']['shell']) for e in stored], [('allow', shell_name), ('block', shell_name)])
        until(lambda: len(collector.events(q='deploy', type='command.decision')) == 2, 'the index to have both')
        (found,) = collector.events(q='deploy', action='block')
        same((found['rule'], found['type']), ('acme.fine', 'command.decision'))
        one = collector.ask(f'/api/v1/events/{found["position"]}/{found["seq"]}')
        same(hashlib.blake2b(one['line'].encode(), digest_size=32).hexdigest(), one['hash'])
        same(collector.alarms(), [])


@whole('observe, then warn, then enforce')
def test_modes(box, collector, device):
    shell = Shell(box, 'bash')
    try:
        for number, (mode, seen, ran) in enumerate([('observe', '', True), ('warn', 'acme does not run this here', True), ('enforce', 'rule acme.fine', False)]):
            collector.publish(policy(box, PACK.replace('MODE', f'mode = "{mode}"'), 'acme.toml'))
            in_force(device, number + 1)
            before = len(markers_of(box))
            shown = shell.line('fine deploy')
            same(len(markers_of(box)) - before, int(ran), shown)
            if seen: check(seen in shown, shown)
            else: check('acme' not in shown, shown)
    finally:
        shell.close()
    observed = [e for e in device.arrived() if e['type'] == 'command.decision' and e['cmd'].get('line') == 'fine deploy']
    same([e['decision']['action'] for e in observed], ['allow', 'warn', 'block'])


@whole('what the user says is only tightened, and shown by layer')
def test_effective(box, collector, device):
    collector.publish(policy(box, PACK.replace('MODE\n', ''), 'acme.toml'))
    in_force(device, 1)
    with open(os.path.join(box.home, '.config/cmdai/config.toml'), 'w') as file: file.write('[rules]\n"acme.fine" = "allow"\n')
    same(box.cmdai('reload').returncode, 0)
    shown = box.cmdai('policy', 'effective', '--rule', 'acme.fine')
    check('organization' in shown.stdout and 'block' in shown.stdout, shown.stdout + shown.stderr)
    same(box.cmdai('check', '--', 'fine deploy').returncode != 0, True)
    broken = policy(box, 'family = "acme"\n[[rule]]\nid = "acme.other"\nnonsense = 1\n', 'acme.toml')
    refused = collector.run('policy', 'sign', broken, '--dir', collector.dir, '--out', os.path.join(box.root, 'broken.json'), status=None)
    if refused.returncode == 0:
        collector.run('policy', 'publish', os.path.join(box.root, 'broken.json'), '--dir', collector.dir)
        until(lambda: any(e['type'] == 'policy.refused' for e in collector.stored(device.enrolled())), 'the refusal to be reported')
    same(box.cmdai('check', '--', 'fine deploy').returncode != 0, True)
    check('block' in box.cmdai('policy', 'effective', '--rule', 'acme.fine').stdout)


@whole('a collector that is away costs nothing, and gets everything afterwards')
def test_away(box, collector, device):
    collector.end()
    shell = Shell(box, 'bash')
    try:
        for number in range(5): shell.line(f'fine away{number}')
        same(markers_of(box), [f'away{n}' for n in range(5)])
    finally:
        shell.close()
    collector.start()
    lines = [e['cmd'].get('line') for e in device.arrived() if e['type'] == 'command.decision']
    check(all(f'fine away{n}' in lines for n in range(5)), lines)
    same([a for a in collector.alarms() if a != 'silent'], [])


def checks(box, count, mark):
    for number in range(count): box.cmdai('check', '--', f'fine {mark} {number}')


def kill_runner(device):
    pid = device.plugin().get('pid')
    try:
        if pid: os.kill(int(pid), signal.SIGKILL)
    except ProcessLookupError: pass  # it has ended meanwhile


@whole('whatever is killed under load, nothing is lost and nothing is doubled')
def test_kills(box, collector, device):
    seed = int(os.environ.get('SEED', random.randrange(1 << 30)))
    chance = random.Random(seed)
    print(f'seed {seed}')
    working = True

    def work():
        number = 0
        while working:
            box.cmdai('check', '--', f'fine load {number}')
            number += 1

    workers = [threading.Thread(target=work) for _ in range(2)]
    for worker in workers: worker.start()
    try:
        for _ in range(int(os.environ.get('KILLS', '8'))):
            time.sleep(chance.uniform(0.1, 1.2))
            victim = chance.choice(['collector', 'runner', 'daemon'])
            if victim == 'collector':
                collector.end(signal.SIGKILL)
                time.sleep(chance.uniform(0, 0.5))
                collector.start()
            elif victim == 'runner':
                kill_runner(device)
            else:
                device.end(signal.SIGKILL)
                device.start()
    finally:
        working = False
        for worker in workers: worker.join()
    stored = device.arrived()
    check(len(stored) > 20, f'{len(stored)} events')
    same([a for a in collector.alarms() if a not in ('gap-declared', 'silent')], [], f'seed {seed}')
    verified = collector.run('verify', collector.export(), '--root', os.path.join(collector.dir, 'trust/root-1.json'), status=None)
    check(verified.returncode in (0, 3), verified.stdout + verified.stderr)


@whole('a machine that is put back to a backup is noticed')
def test_backup(box, collector, device):
    checks(box, 5, 'before')
    device.arrived()
    state, copy = os.path.join(box.home, '.local/state/cmdai'), os.path.join(box.root, 'copy')
    device.end()
    shutil.copytree(state, copy)
    device.start()
    checks(box, 5, 'after')
    device.arrived()
    same(collector.alarms(), [])
    device.end()
    shutil.rmtree(state)
    shutil.copytree(copy, state)
    device.start()
    checks(box, 5, 'restored')
    until(lambda: 'fork' in collector.alarms(), 'the restored device to be noticed', lambda: json.dumps(device.plugin()) + collector.said())


@whole("the plugin's own state put back alone: the local log says the same again, and no event comes twice")
def test_state(box, collector, device):
    checks(box, 5, 'before')
    device.arrived()
    copy = os.path.join(box.root, 'copy')
    device.end()
    shutil.copytree(device.state(), copy)
    device.start()
    checks(box, 5, 'after')
    device.arrived()
    device.end()
    shutil.rmtree(device.state())
    shutil.copytree(copy, device.state())
    device.start()
    checks(box, 5, 'restored')
    device.arrived()
    same(collector.alarms(), [])


@whole('an export is verified without the collector, and one flipped bit fails it')
def test_verify(box, collector, device):
    checks(box, 10, 'proof')
    device.arrived()
    collector.end()  # makes a checkpoint of what is there
    export = collector.export()
    root = os.path.join(collector.dir, 'trust/root-1.json')
    good = collector.run('verify', export, '--root', root, status=None)
    check(good.returncode in (0, 3), good.stdout + good.stderr)
    with open(export, 'rb') as file: data = file.read()
    for at in random.Random(7).sample(range(len(data)), 60):
        with open(export, 'wb') as file: file.write(data[:at] + bytes([data[at] ^ 1 << at % 8]) + data[at + 1:])
        bad = collector.run('verify', export, '--root', root, status=None)
        check(bad.returncode in (1, 2), f'byte {at}: {bad.returncode} {bad.stdout}{bad.stderr}')


@whole('the user sees every byte that left')
def test_sent(box, collector, device):
    checks(box, 3, 'seen')
    device.arrived()
    audit = lambda *words: subprocess.run([AUDIT, *words, '--state', device.state()], env=box.env, cwd=box.home, stdin=subprocess.DEVNULL, capture_output=True, timeout=DEADLINE)
    shown = audit('sent')
    same(shown.returncode, 0, shown.stderr)
    check(b'fine seen 2' in shown.stdout and b'/v1/events' in shown.stdout and b'/v1/enroll' in shown.stdout, shown.stdout)
    raw = audit('sent', '--raw')
    check(b'POST /v1/events' in raw.stdout, raw.stdout[:2000])
    status = audit('status')
    check(device.enrolled().encode() in status.stdout and b'L1' in status.stdout, status.stdout + status.stderr)


@whole('privacy level 0: no command line leaves the machine', PrivacyLevel=0)
def test_private(box, collector, device):
    checks(box, 3, 'private')
    events = device.arrived()
    check(not any('fine private' in json.dumps(event) for event in events), events)
    check(any(e.get('cmd', {}).get('argv0') == 'fine' for e in events), events)
    sent = subprocess.run([AUDIT, 'sent', '--state', device.state()], env=box.env, cwd=box.home, stdin=subprocess.DEVNULL, capture_output=True, timeout=DEADLINE)
    check(b'fine private' not in sent.stdout, sent.stdout)


@whole('a revoked device is stored and not trusted')
def test_revoked(box, collector, device):
    name = device.enrolled()
    collector.run('device', 'revoke', name, '--dir', collector.dir)
    checks(box, 3, 'revoked')
    device.arrived()
    check('revoked-key' in collector.alarms(), collector.alarms())


def test_two_commands(box):
    with socket.socket() as free:
        free.bind(('127.0.0.1', 0))
        port = free.getsockname()[1]
    managed = os.path.join(box.root, 'managed.json')
    plugin = shutil.copy(PLUGIN, box.root)
    os.chmod(plugin, 0o644)
    with open(os.path.join(box.root, 'log'), 'w') as log:
        server = subprocess.Popen([COLLECTOR, 'init', os.path.join(box.root, 'c'), '--listen', f'127.0.0.1:{port}', '--device', managed, '--plugin', plugin, '--serve'],
                                  stdin=subprocess.DEVNULL, stdout=log, stderr=log)
    try:
        until(lambda: os.path.exists(os.path.join(box.root, 'c/data/address')), 'the collector to start', lambda: open(os.path.join(box.root, 'log')).read())
        done = subprocess.run([ENROLL, '--managed', managed], env=box.env, stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=DEADLINE)
        same(done.returncode, 0, done.stdout + done.stderr)
        check('enrolled    device ' in done.stdout, done.stdout)
    finally:
        server.terminate()
        same(server.wait(DEADLINE), 0)


TESTS.append(('whole line: two commands bring up a collector and an enrolled device', test_two_commands))


@whole('groups: a rule holds for the devices of its group alone', group='build')
def test_groups(box, collector, device):
    document = '[organization]\nname = "Acme"\nversion = "1"\n\n[[group]]\nname = "GROUP"\nrules = { "git.push-force" = "block" }\n'
    for number, (group, action) in enumerate([('sales', 'ask'), ('build', 'block')]):
        collector.publish(policy(box, document.replace('GROUP', group)))
        in_force(device, number + 1)
        said = json.loads(box.cmdai('check', '--json', '--', 'git push --force').stdout)
        same(said['decision'], action, said)


run(TESTS)
