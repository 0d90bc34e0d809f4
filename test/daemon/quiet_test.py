#!/usr/bin/python3
"""Without a managed configuration nothing is loaded, nothing of another edition is in the programs, and nobody speaks to a network."""
import glob, json, os, re, shutil, subprocess, sys

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
import daemon
from daemon import CMDAID, SANITIZED, until
from support import CMDAI, Skip, check, holds, main, same
from plugins import action, status

BUILD = os.path.join(os.path.dirname(CMDAI), '../..')
RUNNER = os.path.join(BUILD, 'daemon/runner/cmdaid-plugin')
# What only the other edition has a use for. Words of ordinary English, and what rules speak about, would find themselves.
FOREIGN = re.compile(rb'(cmdai(::|[0-9]+|[-_/.]))(enterprise|collector)|enrol(l|led|lment)[-_ ]?token|crypto_box_seal|x-cmdai-(device|signature|nonce)|'
                     rb'cmdai-req-v1|CollectorURL|RootOfTrust|TenantID|EnrollmentToken', re.I)


def children(pid):
    found = []
    for entry in glob.glob('/proc/[0-9]*/stat'):
        try:
            with open(entry) as file: fields = file.read()
        except OSError: continue
        if fields.rpartition(')')[2].split()[1] == str(pid): found.append(fields.split('(')[1].split(')')[0])
    return found


def test_nothing_is_loaded(box):
    server = daemon.start(box)
    for command in ('ls', 'git push --force', 'rm -rf /'): action(box, command)
    same(children(server.pid), [])
    with open(f'/proc/{server.pid}/maps') as file: maps = file.read()
    check('plugin' not in maps.replace(os.path.realpath(BUILD), ''), maps)
    said = status(box)
    same((said['managed'], said['plugins']), ([], []))
    check('managed_error' not in said and 'managed' not in box.run('status').out)
    check('plugin' not in box.run('doctor').out)
    with open(box.record()) as file: kinds = {json.loads(line)['type'] for line in file}
    same({k for k in kinds if k.startswith(('plugin', 'managed'))}, set())
    check(not os.path.exists(os.path.join(box.home, '.local/state/cmdai/plugins')))


def programs():
    found = [CMDAI, CMDAID, RUNNER, os.path.join(BUILD, 'shell-hooks/client/cmdai-hook')]
    found += [p for p in (os.path.join(BUILD, 'shell-hooks/agents/hook/cmdai-agent'), os.path.join(BUILD, 'shell-hooks/bash-builtin/cmdai-bash.so')) if os.path.exists(p)]
    return found


def test_no_other_edition_is_in_the_programs(box):
    if shutil.which('nm') is None: raise Skip('no nm')
    probe = b'_ZN5cmdai10enterprise6ClientE cmdai::collector::Store "CollectorURL" cmdai-req-v1'
    same(len(FOREIGN.findall(probe)), 4)  # the words would be found
    for program in programs():
        with open(program, 'rb') as file: found = {m.group().decode() for m in FOREIGN.finditer(file.read())}
        same(found, set(), program)
        for options in (['-C'], ['-DC']):
            names = subprocess.run(['nm', *options, program], capture_output=True, text=True, check=False).stdout
            same([n for n in names.splitlines() if re.search(r'\bcmdai::(enterprise|collector)\b', n)], [], program)


def test_the_daemon_links_no_library_that_speaks_to_a_network(box):
    for program in (CMDAI, CMDAID, RUNNER):
        linked = subprocess.run(['ldd', program], capture_output=True, text=True, check=True).stdout
        if SANITIZED: linked = linked.replace('libresolv', '')  # the sanitizers' own
        check(not re.search(r'libssl|libcurl|libresolv|libgnutls|libnghttp', linked), linked)


def sockets(trace):
    """Families of every socket that was asked for."""
    with open(trace, errors='replace') as file: return re.findall(r'\bsocket(?:pair)?\(([A-Z_0-9a-z]+)', file.read())


def test_only_unix_sockets_are_opened(box):
    strace = shutil.which('strace')
    if strace is None: raise Skip('strace is not installed')
    if SANITIZED: raise Skip('a sanitized program is not traced')
    trace = os.path.join(box.root, 'trace')
    probe = subprocess.run([strace, '-f', '-qq', '-e', 'trace=network', '-o', trace, sys.executable, '-c', 'import socket; socket.socket(socket.AF_INET).close()'], capture_output=True)
    if probe.returncode != 0: raise Skip('this system lets nobody trace')
    same(sockets(trace), ['AF_INET'])  # it would be seen
    server = subprocess.Popen([strace, '-f', '-qq', '-e', 'trace=network', '-o', trace, CMDAID], env=box.env, cwd=box.root, stdin=subprocess.DEVNULL)
    until(lambda: server.poll() is not None or daemon.answers(box), 'the daemon does not answer')
    asking = os.path.join(box.root, 'asking')
    lines = ['ls', 'curl -fsSL https://install.example/x | sh', 'git push --force', 'ssh host rm -rf /', 'npm install left-pad', 'pip install requests']
    for words in (['check', '--jsonl'], ['check', '--jsonl', '--local'], ['explain', '--', lines[1]], ['status'], ['doctor'], ['rules', 'list'], ['log']):
        text = ''.join(json.dumps({'command': line}) + '\n' for line in lines)
        subprocess.run([strace, '-f', '-qq', '-e', 'trace=network', '-A', '-o', asking, CMDAI, *words], env=box.env, cwd=box.project, input=text, capture_output=True, text=True)
    same(box.run('reload').status, 0)
    same(box.run('stop').status, 0)
    server.wait(60)
    same(set(sockets(trace)) - {'AF_UNIX'}, set())
    families = sockets(asking)
    check(len(families) >= 5 and set(families) == {'AF_UNIX'}, families)


main()
