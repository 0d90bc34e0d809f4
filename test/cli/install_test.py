#!/usr/bin/python3
"""`meson install` to a folder of its own, and what is installed there runs.

usage: install_test.py CMDAI [TEST…]
"""
import json, os, re, shutil, subprocess, time
from support import CMDAI, DEADLINE, Skip, check, holds, same
import support

BUILD = os.path.abspath(os.path.join(os.path.dirname(CMDAI), '../..'))
PREFIX = 'usr/local'
FILES = {
    'bin/cmdai': 0o755, 'bin/cmdaid': 0o755, 'share/man/man1/cmdai.1': 0o644, 'share/man/man8/cmdaid.8': 0o644,
    **{f'bin/cmdai-{name}': 0o755 for name in ('sh', 'bash', 'zsh', 'fish', 'dash')},
    'share/bash-completion/completions/cmdai': 0o644, 'share/zsh/site-functions/_cmdai': 0o644, 'share/fish/vendor_completions.d/cmdai.fish': 0o644,
    'lib/systemd/user/cmdaid.service': 0o644, 'lib/systemd/user/cmdaid.socket': 0o644,
    'share/cmdai/cmdai.toml': 0o644, 'share/cmdai/schema/event.schema.json': 0o644, 'share/cmdai/schema/check-request.schema.json': 0o644,
    **{f'share/cmdai/templates/{name}.toml': 0o644 for name in ('careful-beginner', 'ci-runner', 'data-scientist', 'solo-developer', 'sre')},
    'libexec/cmdai/cmdaid-plugin': 0o755, 'include/cmdai/cmdai_plugin.h': 0o644, 'include/cmdai/plugin.hpp': 0o644, 'share/pkgconfig/cmdai-plugin.pc': 0o644,
    'share/cmdai/schema/managed.schema.json': 0o644, 'share/cmdai/schema/config.schema.json': 0o644, 'share/cmdai/schema/organization.schema.json': 0o644, 'share/cmdai/schema/policy.schema.json': 0o644,
    'share/cmdai/schema/check-answer.schema.json': 0o644, 'share/cmdai/schema/explain-answer.schema.json': 0o644, 'share/doc/cmdai/README.md': 0o644, 'share/doc/cmdai/LICENSE': 0o644, 'share/doc/cmdai/docs/policy-format.md': 0o644,
}
ENTERPRISE = {  # where it is built
    'bin/cmdai-collector': 0o755, 'libexec/cmdai/cmdai-audit': 0o755, 'libexec/cmdai/cmdai-enroll': 0o755,
    'lib/systemd/system/cmdai-collector.service': 0o644, 'share/cmdai/schema/collector-event.schema.json': 0o644,
}
PLUGIN = re.compile(r'lib/(.*/)?cmdai/plugins/cmdai-enterprise\.so')
AGENT_CLIENT = 'libexec/cmdai/cmdai-agent'  # not in every build, as cmdai-hook
HOOK_CLIENTS = ('libexec/cmdai/cmdai-hook', 'lib/cmdai/cmdai-hook', 'bin/cmdai-hook')  # where `cmdai init` looks
BASH_LIBRARY = 'libexec/cmdai/cmdai-bash.so'  # not in every build: it needs bash's headers


def install(box):
    """Once a box; --no-rebuild: the test must not build (that is somebody else's turn)."""
    root = os.path.join(box.root, 'root')
    env = os.environ | {'DESTDIR': root}
    done = subprocess.run(['meson', 'install', '-C', BUILD, '--no-rebuild', '--quiet'], env=env, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                          stderr=subprocess.STDOUT, timeout=DEADLINE)
    same(done.returncode, 0, done.stdout.decode())
    return os.path.join(root, PREFIX)


def test_everything_is_in_its_place(box):
    place = install(box)
    found = {os.path.relpath(os.path.join(folder, name), place) for folder, _, names in os.walk(place) for name in names}
    files = FILES | (ENTERPRISE if 'bin/cmdai-collector' in found else {})
    same(any(map(PLUGIN.fullmatch, found)), len(files) > len(FILES), 'the plugin comes with the collector, and only then')
    missing = set(files) - found
    check(not missing, f'not installed: {missing}')
    for name, mode in files.items(): same(os.stat(os.path.join(place, name)).st_mode & 0o777, mode, name)
    extra = {name for name in found - set(files) if not PLUGIN.fullmatch(name) and not name.startswith(('share/doc/cmdai/', 'share/cmdai/hooks/')) and name not in (*HOOK_CLIENTS, AGENT_CLIENT, BASH_LIBRARY)}
    check(not extra, f'installed, and nobody knows why: {extra}')
    for name in found: check(os.path.getsize(os.path.join(place, name)) > 0, f'{name} is empty')
    same([name for name in os.listdir(os.path.join(box.root, 'root')) if name != 'usr'], [], 'something is installed outside of the prefix')


def run(box, program, *words, **more):
    return subprocess.run([program, *words], env=box.env | more, cwd=box.project, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, timeout=DEADLINE)


def test_what_is_installed_runs(box):
    place = install(box)
    cmdai = os.path.join(place, 'bin/cmdai')
    done = run(box, cmdai, 'version')
    same((done.returncode, done.stderr), (0, ''), done)
    check(re.match(r'cmdai \d+\.\d+\.\d+', done.stdout), done)
    # It finds the daemon beside itself, and that one answers.
    done = run(box, cmdai, 'check', '--', 'rm -rf ~')
    same((done.returncode, done.stderr), (1, ''), done)
    done = run(box, cmdai, 'status')
    same(done.returncode, 0, done)
    pid = re.search(r'pid (\d+)', done.stdout)[1]
    same(os.readlink(f'/proc/{pid}/exe'), os.path.join(place, 'bin/cmdaid'))
    same(run(box, cmdai, 'policy', 'check', os.path.join(place, 'share/cmdai/cmdai.toml')).returncode, 0)
    same(run(box, cmdai, 'stop').returncode, 0)


def test_a_plugin_is_built_and_run_with_what_is_installed(box):
    compiler = shutil.which('cc')
    if compiler is None: raise Skip('no cc')
    place = install(box)
    library = os.path.join(box.root, 'sample.so')
    source = os.path.join(os.path.dirname(os.path.abspath(__file__)), '../plugin/sample_c.c')
    subprocess.run([compiler, '-std=c11', '-fPIC', '-shared', '-I', os.path.join(place, 'include/cmdai'), '-o', library, source], check=True)
    os.chmod(library, 0o755)
    managed = box.write(os.path.join(box.root, 'managed.json'), json.dumps({'Plugins': [{'Name': 'sample', 'Path': library}]}))
    os.chmod(managed, 0o644)
    server = subprocess.Popen([os.path.join(place, 'bin/cmdaid'), '--managed', managed], env=box.env, stdin=subprocess.DEVNULL)
    cmdai = os.path.join(place, 'bin/cmdai')
    while 'sample' not in run(box, cmdai, 'status').stdout and server.poll() is None: time.sleep(0.05)
    done = run(box, cmdai, 'check', '--', 'echo forbidden')
    same(done.returncode, 1, done)
    same(run(box, cmdai, 'stop').returncode, 0)
    same(server.wait(DEADLINE), 0)


def test_installed_hooks_use_what_is_installed(box):
    place = install(box)
    clients = [os.path.join(place, name) for name in HOOK_CLIENTS if os.path.exists(os.path.join(place, name))]
    if not clients: raise Skip('there is no cmdai-hook in this build')
    (client,) = clients
    for shell in ('bash', 'zsh', 'fish'):
        if not shutil.which(shell): continue
        done = run(box, os.path.join(place, 'bin/cmdai'), 'init', shell)
        same((done.returncode, done.stderr), (0, ''), done)
        holds(done.stdout, 'cmdai-hook')
        for program in re.findall(r"(/[\w./-]*/cmdai-hook)\b", done.stdout): same(os.path.realpath(program), client, shell)
    library = os.path.join(place, BASH_LIBRARY)
    if os.path.exists(library):
        holds(run(box, os.path.join(place, 'bin/cmdai'), 'init', 'bash').stdout, f"'{library}'")
        done = run(box, 'bash', '--norc', '-c', f"enable -f '{library}' cmdai_native && cmdai_native version")
        check((done.returncode, done.stderr) == (0, '') and re.match(r'\d+\.\d+', done.stdout), done)
    with open(client, 'rb') as file: check(b'libstdc++' not in file.read(), 'the hook client wants more than libc')


def test_units_name_the_installed_daemon(box):
    place = install(box)
    with open(os.path.join(place, 'lib/systemd/user/cmdaid.service')) as file: text = file.read()
    same(re.findall(r'^ExecStart=(\S+)', text, re.M), [f'/{PREFIX}/bin/cmdaid'])
    check('@' not in re.sub(r'^#.*$', '', text, flags=re.M), 'a placeholder is left')
    if not shutil.which('systemd-analyze'): raise Skip('systemd-analyze is not installed: the units were read only by us')
    for unit in ('cmdaid.service', 'cmdaid.socket'):
        # The daemon is not at its place on this machine; everything else the units say is judged.
        done = subprocess.run(['systemd-analyze', '--user', 'verify', '--man=no', os.path.join(place, 'lib/systemd/user', unit)], stdout=subprocess.PIPE,
                              stderr=subprocess.STDOUT, text=True, env=box.env | {'XDG_RUNTIME_DIR': box.root}, timeout=DEADLINE)
        said = [line for line in done.stdout.splitlines() if 'cmdaid' in line and 'is not executable' not in line]
        same(said, [], done.stdout)


def test_manual_pages_are_found(box):
    if not shutil.which('man'): raise Skip('man is not installed')
    place = install(box)
    for section, page, words in (('1', 'cmdai', 'cmdai check'), ('8', 'cmdaid', 'SIGHUP')):
        done = run(box, 'man', '-M', os.path.join(place, 'share/man'), section, page, MANPAGER='cat', MANWIDTH='100', MAN_KEEP_FORMATTING='0')
        same(done.returncode, 0, done)
        holds(re.sub('.\x08', '', done.stdout), words)


def test_installed_completions_are_found_by_bash(box):
    completion = '/usr/share/bash-completion/bash_completion'
    if not os.path.exists(completion): raise Skip('bash-completion is not installed')
    place = install(box)
    script = f'. {completion}; _completion_loader cmdai; complete -p cmdai'
    done = run(box, 'bash', '--norc', '-c', script, XDG_DATA_DIRS=os.path.join(place, 'share'), PATH=os.path.join(place, 'bin') + ':' + box.env['PATH'])
    same(done.returncode, 0, done)
    holds(done.stdout, 'cmdai')


def test_uninstall_takes_it_all_away(box):
    """What `sudo ninja -C build uninstall` of the README runs."""
    place = install(box)
    done = subprocess.run(['meson', '--internal', 'uninstall'], cwd=BUILD, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, timeout=DEADLINE)
    same(done.returncode, 0, done)
    left = [os.path.join(folder, name) for folder, _, names in os.walk(place) for name in names]
    same(left, [])


if __name__ == '__main__':
    support.main()
