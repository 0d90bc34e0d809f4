#!/usr/bin/python3
"""The command line of the collector: what init makes, what each command says when it is used wrongly. usage: command_line_test.py COLLECTOR [TEST…]"""
import base64, json, os, stat
import box
from box import check, same


def refuses(b, words, *parts):
    r = b.run(*words, status=2)
    same(r.stdout, '')
    for part in parts: check(part in r.stderr, f'{words}: {part!r} is not in {r.stderr!r}')


def test_init(b):
    """Keys nobody else reads, a root two of three signed, settings, the next two commands; a second time nothing is changed."""
    r = b.run('init', b.dir, '--tenant', 'acme', '--name', 'eu-1', '--host', 'collector.example.org')
    check(r.stdout.startswith('cmdai_'))
    for part in ('shown this once', 'cmdai-collector serve --dir', 'token create --dir'): check(part in r.stderr, r.stderr)
    for folder, _, files in os.walk(b.dir):
        same((folder, stat.S_IMODE(os.stat(folder).st_mode)), (folder, 0o700))
        for name in files:
            if name.endswith(('.key', '.token', '.db')): same((name, stat.S_IMODE(os.stat(os.path.join(folder, name)).st_mode)), (name, 0o600))
    root = b.root_document()
    signed = json.loads(root['signed'])
    same((signed['tenant'], signed['collector'], signed['version'], signed['roles']['root']['threshold'], len(signed['roles']['root']['keys'])), ('acme', 'eu-1', 1, 2, 3))
    same(len(root['signatures']), 3)
    refuses(b, ['init', b.dir], 'holds a collector already', 'hint: ')
    same(b.root_document(), root)
    refuses(b, ['init', b.dir + '2', '--tenant', 'A B'], '`--tenant` takes')
    refuses(b, ['init', b.dir + '2', '--listen', 'nowhere'], 'ADDRESS:PORT')
    check(not os.path.exists(b.dir + '2'))


def test_token_and_settings_of_a_device(b):
    """Beside a collector that runs and one that does not; the settings name what is there."""
    b.init()
    for running in (False, True):
        if running: b.start()
        same(len(b.token()), 64)
        managed = os.path.join(b.root, f'managed-{running}.json')
        b.run('token', 'create', '--dir', b.dir, '--managed', managed, '--plugin', '/opt/p.so')
        with open(managed) as file: made = json.load(file)
        same((made['Plugins'], made['TenantID']), ([{'Name': 'enterprise', 'Path': '/opt/p.so'}], 'default'))
        check(made['CollectorURL'].startswith('https://127.0.0.1:'))
        same(json.loads(base64.b64decode(made['RootOfTrust'])), b.root_document())
        same(stat.S_IMODE(os.stat(made['EnrollmentTokenFile']).st_mode), 0o600)
        check(os.path.exists(made['CAFile']))
    same(len(b.run('token', 'list', '--dir', b.dir).stdout.splitlines()), 4)
    refuses(b, ['token', 'create', '--dir', b.dir, '--ttl', '5x'], '`--ttl` takes', 'hint: ')
    refuses(b, ['token', 'create', '--dir', b.dir, '--uses', '0'], '`--uses` takes')
    refuses(b, ['token', 'revoke', '--dir', b.dir, 'nothing'], 'no token in force')
    check(b.run('api-token', 'create', 'siem', '--role', 'auditor', '--dir', b.dir).stdout.startswith('cmdai_'))
    refuses(b, ['api-token', 'create', 'siem', '--role', 'king', '--dir', b.dir], 'there is no role `king`')
    same(b.run('device', 'list', '--dir', b.dir).stdout, '')
    d = b.device()
    check(b.run('device', 'list', '--dir', b.dir).stdout.startswith(d.id + '  laptop'))
    refuses(b, ['device', 'revoke', '--dir', b.dir, '0' * 32], 'no device in good standing')


def test_wrong_use(b):
    refuses(b, ['tokn'], 'there is no command `tokn`', 'hint: ')
    refuses(b, ['token'], 'it is one of `token create`')
    refuses(b, ['serve', '--port', '1'], '`serve` has no option `--port`', 'hint: ')
    refuses(b, ['serve', '--dir'], '`--dir` needs DIR')
    refuses(b, ['serve', '--dir', b.dir], 'collector.toml: cannot be read', 'cmdai-collector init')
    refuses(b, ['init'], '`init` takes DIR')
    same(b.run('help').returncode, 0)
    check('--managed FILE' in b.run('help', 'token').stdout)
    check(b.run('--version').stdout.startswith('cmdai-collector '))
    for line in b.run('help').stdout.splitlines():
        if line.startswith('  '): same(b.run(*line[2:20].split(), '--help').returncode, 0)


def test_broken_settings_and_keys(b):
    """Said with the place; a key of another role, or that others can read, is not used."""
    b.init()
    file = os.path.join(b.dir, 'collector.toml')
    with open(file, 'w') as f: f.write('listen = "127.0.0.1:0"\n[limits]\nconections = 5\n')
    refuses(b, ['serve', '--dir', b.dir], f'{file}:3:1: unknown key `conections`', '  conections = 5\n  ^\n', 'hint: did you mean `connections`?')
    with open(file, 'w') as f: f.write('listen = "127.0.0.1:0"\n')
    key = os.path.join(b.dir, 'keys/timestamp.key')
    os.chmod(key, 0o644)
    refuses(b, ['serve', '--dir', b.dir], 'others can read this key')
    os.chmod(key, 0o600)
    os.rename(key, key + '.away')
    with open(os.path.join(b.dir, 'keys/collector.key')) as f: other = f.read()
    with open(os.open(key, os.O_CREAT | os.O_WRONLY, 0o600), 'w') as f: f.write(other)
    refuses(b, ['serve', '--dir', b.dir], 'this is no key of role `timestamp`')
    os.rename(key + '.away', key)
    root = os.path.join(b.dir, 'trust/root-1.json')
    with open(root) as f: good = f.read()
    with open(root, 'w') as f: f.write(good.replace('default', 'defaul2'))
    refuses(b, ['serve', '--dir', b.dir], 'root-1.json')
    with open(root, 'w') as f: f.write(good)
    b.start()
    refuses(b, ['serve', '--dir', b.dir], 'in use by another process')
    same(b.stop(), 0)


if __name__ == '__main__':
    box.main()
