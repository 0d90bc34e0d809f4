#!/usr/bin/python3
"""The daemon by itself: memory, start, rest, and many clients at once. usage: daemon_bench.py BUILD_DIR

Times stand beside a spawn of /bin/true of the same run: machines are shared and slow at times. That no answer goes to another one's
question is checked, and fails the benchmark.
"""
import os, shutil, socket, statistics, subprocess, sys, tempfile, time

BUILD = os.path.abspath(sys.argv[1])
DAEMON, LOAD = os.path.join(BUILD, 'daemon/cmdaid/cmdaid'), os.path.join(BUILD, 'test/bench/daemon_load')
STARTS, REST = int(os.environ.get('STARTS', '30')), int(os.environ.get('REST', '10'))


def spawn_of_true():
    times = []
    for _ in range(300):
        start = time.perf_counter_ns()
        os.waitpid(os.posix_spawn('/bin/true', ['/bin/true'], os.environ), 0)
        times.append((time.perf_counter_ns() - start) / 1e6)
    return statistics.median(times)


def ask(path, frame):
    with socket.socket(socket.AF_UNIX) as s:
        s.connect(path)
        s.sendall(frame)
        return s.recv(65536)


def started(path):
    """A new daemon, and how long it took to its first answer (ms)."""
    start = time.perf_counter_ns()
    daemon = subprocess.Popen([DAEMON, '--foreground'], stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    while True:
        try:
            check = b'cmd=ls -la\0shell=bash\0'
            if ask(path, b'cmdai/1 check %d\n' % len(check) + check).startswith(b'cmdai/1 verdict'): break
        except OSError:
            if daemon.poll() is not None: raise SystemExit(f'error: the daemon ended with {daemon.returncode}')
            time.sleep(0.0002)
    return daemon, (time.perf_counter_ns() - start) / 1e6


def ended(daemon):
    daemon.terminate()
    daemon.wait()


def memory(pid):
    with open(f'/proc/{pid}/status') as file: return next(int(line.split()[1]) for line in file if line.startswith('VmRSS:')) / 1024


def processor(pid):
    with open(f'/proc/{pid}/schedstat') as file: return int(file.read().split()[0]) / 1e9


def main():
    box = os.path.realpath(tempfile.mkdtemp(prefix='cmdai-bench-'))
    os.mkdir(os.path.join(box, 'run'), 0o700)
    path = os.path.join(box, 'run/d.sock')
    os.environ.update(HOME=box, CMDAI_SOCKET=path, TMPDIR=box)
    failed = False
    try:
        true = spawn_of_true()
        times = []
        for _ in range(STARTS):
            daemon, ms = started(path)
            times.append(ms)
            ended(daemon)
        print(f'  {"/bin/true, spawned and waited for":60} {true:8.2f} ms')
        print(f'  {"start to the first verdict":60} {statistics.median(times):8.1f} ms   {statistics.median(times) / true:6.1f} x /bin/true   (slowest {max(times):.1f} ms)')
        daemon, _ = started(path)
        before = processor(daemon.pid)
        time.sleep(REST)
        print(f'  {f"at rest, {REST} s":60} {(processor(daemon.pid) - before) / REST * 100:8.3f} % of a core, {memory(daemon.pid):.1f} MB resident')
        for clients, rate, seconds in ((200, 2000, 5), (50, 10000, 5)):
            before = processor(daemon.pid)
            done = subprocess.run([LOAD, path, str(clients), str(rate), str(seconds)], check=True, capture_output=True, text=True).stdout.split()
            each = (processor(daemon.pid) - before) / (rate * seconds) * 1e6
            got, p50, p99, worst, crossed = done
            failed = failed or crossed != '0'
            print(f'  {f"{clients} clients, {rate} checks a second offered for {seconds} s":60} {got:>8} a second, p50 {p50} us, p99 {p99} us, slowest {worst} us, '
                  f'{each:.0f} us of processor each, {crossed} answers crossed   (p99 {float(p99) / 1000 / true:.2f} x /bin/true)')
        print(f'  {"after that":60} {memory(daemon.pid):8.1f} MB resident')
        ended(daemon)
    finally:
        shutil.rmtree(box, ignore_errors=True)
    sys.exit(1 if failed else 0)


main()
