#!/usr/bin/python3
"""What the exec guard adds to a spawn. usage: exec_bench.py BUILD_DIR

One spawner in a guarded tree and one outside take turns in short blocks, so that a slow moment of the machine meets both. Each figure
is a ratio to the spawn of /bin/true outside
with as many words: given one, true(1) sets up a locale first. Quieter: `chrt -f 50 python3 test/bench/exec_bench.py BUILD_DIR`.
"""
import os, shutil, statistics, subprocess, sys, tempfile

CMDAI = os.path.join(os.path.abspath(sys.argv[1]), 'daemon/cli/cmdai')
ROUNDS = int(os.environ.get('ROUNDS', '1500'))
BLOCK = 25
SPAWNER = """
import os,sys,time
for line in sys.stdin:
    times=[]
    for i in range(int(line.split()[0])):
        argv=['/bin/true', str(i)+line.split()[1]] if line.split()[1] != '-' else ['/bin/true']
        start=time.perf_counter_ns()
        os.waitpid(os.posix_spawn(argv[0],argv,{}),0)
        times.append(time.perf_counter_ns()-start)
    print(*times,flush=True)
"""


def spawner(*before):
    return subprocess.Popen([*before, sys.executable, '-c', SPAWNER], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, bufsize=1)


def block(process, mark):
    process.stdin.write(f'{BLOCK} {mark}\n')
    process.stdin.flush()
    return [int(ns) / 1000 for ns in process.stdout.readline().split()]


def main():
    box = os.path.realpath(tempfile.mkdtemp(prefix='cmdai-bench-'))
    os.mkdir(os.path.join(box, 'run'), 0o700)
    os.environ.update(HOME=box, CMDAI_SOCKET=os.path.join(box, 'run/d.sock'), TMPDIR=box)
    try:
        if subprocess.run([CMDAI, 'run', '--', 'true'], capture_output=True).returncode: return print('  the exec guard does not work here, skipped')
        plain, guarded = spawner(), spawner(CMDAI, 'run', '--name', 'bench', '--')
        times = {'plain': [], 'again': [], 'plain new': [], 'new': []}
        for number in range(max(1, ROUNDS // BLOCK)):
            times['plain'] += block(plain, '-')
            times['again'] += block(guarded, '-')
            times['plain new'] += block(plain, f'.{number}')
            times['new'] += block(guarded, f'.{number}')
        for process in (plain, guarded):
            process.stdin.close()
            process.wait()
        for name, bare, text in (('plain', 'plain', '/bin/true, spawned and waited for'), ('again', 'plain', 'the same, guarded: words seen before'),
                                 ('plain new', 'plain', '/bin/true WORD'), ('new', 'plain new', 'the same, guarded: new words, one verdict each')):
            base, p50 = statistics.median(times[bare]), statistics.median(times[name])
            print(f'  {text:48} p50 {p50:7.0f} us   {100 * p50 / base:6.1f} % of {"/bin/true WORD" if bare == "plain new" else "/bin/true"}')
    finally:
        subprocess.run([CMDAI, 'stop'], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        shutil.rmtree(box, ignore_errors=True)


main()
