#!/usr/bin/python3
"""What it costs to judge what a shell that is not interactive starts with. usage: start_bench.py BUILD_DIR

Each figure is a ratio to the plain start of the same shell, measured in the same run and in turns with it: machines are
shared and slow at times. Medians; nothing is asserted.
"""
import os, shutil, statistics, subprocess, sys, tempfile, time

BUILD = os.path.abspath(sys.argv[1])
CMDAI, WRAPPER = os.path.join(BUILD, 'daemon/cli/cmdai'), os.path.join(BUILD, 'shell-hooks/client/cmdai-sh')
ROUNDS = int(os.environ.get('ROUNDS', '600'))
CODE = ':'


def microseconds(command, env):
    start = time.perf_counter_ns()
    pid = os.posix_spawn(command[0], command, env)
    _, status = os.waitpid(pid, 0)
    if status: raise RuntimeError(f'{command} ended with {status}')
    return (time.perf_counter_ns() - start) / 1000


def compare(base, variants):
    """base and variants: (name, command, env). Rows with the medians, taken in turns."""
    times = {name: [] for name, _, _ in [base, *variants]}
    for _ in range(ROUNDS):
        for name, command, env in [base, *variants]: times[name].append(microseconds(command, env))
    plain = statistics.median(times[base[0]])
    for name, values in times.items():
        median = statistics.median(values)
        added = '' if name == base[0] else f'  +{median - plain:5.0f} us  {100 * (median - plain) / plain:+6.1f} % of its plain start'
        print(f'  {name:44} p50 {median:8.0f} us{added}', flush=True)


def snippet(box, shell, path):
    path = os.path.join(box, path)
    os.makedirs(os.path.dirname(path), exist_ok=True)
    text = subprocess.run([CMDAI, 'init', '--non-interactive', shell], check=True, capture_output=True, text=True).stdout
    with open(path, 'w') as file: file.write(text)
    return path


def measure(box):
    plain = dict(os.environ)
    bash, zsh, fish = (shutil.which(name) for name in ('bash', 'zsh', 'fish'))
    link = os.path.join(box, 'cmdai-bash')
    os.symlink(WRAPPER, link)
    empty = os.path.join(box, 'empty.bash')
    open(empty, 'w').close()
    guarded = plain | {'BASH_ENV': snippet(box, 'bash', 'env.bash')}
    compare(('bash -c', [bash, '-c', CODE], plain),
            [('bash -c, BASH_ENV an empty file', [bash, '-c', CODE], plain | {'BASH_ENV': empty}),
             ('bash -c, BASH_ENV ours', [bash, '-c', CODE], guarded),
             ('cmdai-bash -c', [link, '-c', CODE], plain)])
    if zsh:
        ours = snippet(box, 'zsh', 'zsh/.zshenv')
        compare(('zsh -c', [zsh, '-c', CODE], plain | {'ZDOTDIR': os.path.join(box, 'none')}),
                [('zsh -c, .zshenv ours', [zsh, '-c', CODE], plain | {'ZDOTDIR': os.path.dirname(ours)})])
    if fish:
        ours = snippet(box, 'fish', 'config/fish/conf.d/cmdai.fish')
        compare(('fish -c', [fish, '-c', CODE], plain | {'XDG_CONFIG_HOME': os.path.join(box, 'none')}),
                [('fish -c, conf.d ours', [fish, '-c', CODE], plain | {'XDG_CONFIG_HOME': os.path.join(box, 'config')})])


def main():
    box = os.path.realpath(tempfile.mkdtemp(prefix='cmdai-bench-'))
    os.mkdir(os.path.join(box, 'run'), 0o700)
    for name in ('BASH_ENV', 'CMDAI_SESSION', 'CMDAI_JUDGED'): os.environ.pop(name, None)
    os.environ.update(HOME=box, CMDAI_SOCKET=os.path.join(box, 'run/d.sock'), TMPDIR=box)
    try:
        subprocess.run([CMDAI, 'start'], check=True, stdout=subprocess.DEVNULL)
        measure(box)
    finally:
        subprocess.run([CMDAI, 'stop'], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        shutil.rmtree(box, ignore_errors=True)


main()
