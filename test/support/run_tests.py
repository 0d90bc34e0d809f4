#!/usr/bin/python3
"""Runs every test of the given build folders and prints one total.

usage: run_tests.py [--fuzz SECONDS] [--tidy BUILD_DIR] BUILD_DIR...

Reads the tests from `meson introspect --tests`, runs a few at a time, shows a line for each and the output of those that
fail. Counts come from the tests themselves: doctest's summary, or a line `N passed, N failed`, else the exit status.
A test that says nothing of how much it ran and exits 0 counts as one; one that claims zero tests counts as failed.
The last line is `N passed, N failed`.
"""
import argparse, concurrent.futures, glob, json, os, re, shutil, subprocess, sys, threading, time

DOCTEST = re.compile(r'\[doctest\] test cases:\s*(\d+)\s*\|\s*(\d+) passed\s*\|\s*(\d+) failed')
PLAIN = re.compile(r'^(\d+) passed, (\d+) failed(?:, (\d+) skipped)?\s*$', re.M)
LIMIT = 1500  # seconds: a hang must end, nothing else depends on it


class Job:
    def __init__(self, name, command, env=None, cwd=None, alone=False):
        self.name, self.command, self.env, self.cwd, self.alone = name, command, env or {}, cwd, alone


def meson_jobs(build, label):
    listing = json.loads(subprocess.run(['meson', 'introspect', '--tests', build], check=True, capture_output=True).stdout)
    return from_listing(listing, build, label)


def from_listing(listing, build, label):
    """Meson names built programs relative to the build folder, and leaves `workdir` empty where a test says nothing."""
    return [Job(label + t['name'], t['cmd'], t['env'], t['workdir'] or build, not t['is_parallel']) for t in listing]


def fuzz_jobs(build, seconds, search):
    """`search`: new inputs each time, with what was found before. Otherwise the same ones each time: what a run of all
    tests says depends on the code, not on luck."""
    jobs = []
    for target in sorted(glob.glob(os.path.join(build, 'test/fuzz/*_fuzz'))):
        name = os.path.basename(target)
        # Finds go into the build folder; the seeds in the tree are read, never written.
        found = os.path.join(build, 'found', name)
        os.makedirs(found, exist_ok=True)
        corpus = found if search else os.path.join(build, 'found-short', name)
        if not search: shutil.rmtree(corpus, ignore_errors=True)
        os.makedirs(corpus, exist_ok=True)
        seeds = os.path.join('test/fuzz/seeds', name.removesuffix('_fuzz'))
        command = [os.path.abspath(target), f'-max_total_time={seconds}', '-timeout=25', '-rss_limit_mb=4096', '-print_final_stats=0',
                   '-verbosity=0', f'-artifact_prefix={os.path.abspath(found)}/', os.path.abspath(corpus)]
        if not search: command.append('-seed=1')
        if os.path.isdir(seeds): command.append(os.path.abspath(seeds))
        dictionary = 'test/fuzz/shell.dict'
        if os.path.exists(dictionary): command.append(f'-dict={os.path.abspath(dictionary)}')
        jobs.append(Job(f'fuzz/{name} {seconds} s', command))
    return jobs


def counts(output, status):
    found = DOCTEST.findall(output)
    if found:
        passed, failed = sum(int(f[1]) for f in found), sum(int(f[2]) for f in found)
    else:
        plain = PLAIN.findall(output)
        if not plain: return (1, 0) if status == 0 else (0, 1)
        passed, failed = int(plain[-1][0]), int(plain[-1][1])
        if plain[-1][2] and passed + failed == 0 and status == 0: return 0, 0
    if status != 0 and failed == 0: failed = 1  # died after its last case, or a sanitizer spoke at exit
    if passed + failed == 0: failed = 1         # a test that tests nothing is a failure
    return passed, failed


def run(job):
    start = time.monotonic()
    try:
        done = subprocess.run(job.command, env={**os.environ, **job.env}, cwd=job.cwd, stdin=subprocess.DEVNULL,
                              stdout=subprocess.PIPE, stderr=subprocess.STDOUT, timeout=LIMIT)
        output, status = done.stdout.decode('utf8', 'replace'), done.returncode
    except subprocess.TimeoutExpired as e:
        output, status = (e.stdout or b'').decode('utf8', 'replace') + f'\nstill running after {LIMIT} s: ended', 124
    return output, status, time.monotonic() - start


def main():
    a = argparse.ArgumentParser()
    a.add_argument('--fuzz', type=int, default=0)
    a.add_argument('--tidy', metavar='BUILD_DIR')
    a.add_argument('builds', nargs='+')
    o = a.parse_args()
    jobs = []
    for i, build in enumerate(o.builds):
        if build.endswith('asan'):
            # The sanitized programs; scripts, lints and real agents need to run once only, except those that attack the daemon.
            jobs += [j for j in meson_jobs(build, 'asan/') if not j.name.startswith(('asan/lint', 'asan/shell-', 'asan/agent-'))]
            if o.fuzz: jobs += fuzz_jobs(build, o.fuzz, len(o.builds) == 1)
        else:
            jobs += meson_jobs(build, '')
    if o.fuzz and len(o.builds) == 1: jobs = [j for j in jobs if j.name.startswith('fuzz/')]
    if o.tidy: jobs.append(Job('lint/clang-tidy', ['bash', 'test/lint/tidy.sh', o.tidy]))

    total, lock = [0, 0], threading.Lock()

    def finish(job):
        output, status, seconds = run(job)
        passed, failed = counts(output, status)
        with lock:
            total[0] += passed
            total[1] += failed
            print(f'  {"ok  " if not failed else "FAIL"} {job.name:44} {passed:5} passed {failed:3} failed  {seconds:6.1f} s', flush=True)
            for line in re.findall(r'^(?:skipped|SKIP).*$', output, re.M): print(f'       {line}')
            if failed: print('\n'.join('       | ' + line for line in output.splitlines()[-120:]), flush=True)

    # A shell in a pseudo-terminal waits for most of its time, and so does now and then what asks a daemon: more at a time than there
    # are processors.
    together = [j for j in jobs if not j.alone]
    with concurrent.futures.ThreadPoolExecutor(3) as computing, concurrent.futures.ThreadPoolExecutor(2) as waiting:
        for done in [(waiting if j.name.startswith('shell-') else computing).submit(finish, j) for j in together]: done.result()
    for job in jobs:
        if job.alone: finish(job)
    if not jobs:
        print('error: no tests found', file=sys.stderr)
        total[1] += 1
    print()
    if total[1]: print('next: read the output above each FAIL; one test again: `meson test -C build-test NAME -v`')
    else: print('next: `./quickstart.sh` opens a guarded shell; `./test.sh --bench` prints the speed')
    print(f'{total[0]} passed, {total[1]} failed')
    sys.exit(1 if total[1] else 0)


if __name__ == '__main__':
    main()
