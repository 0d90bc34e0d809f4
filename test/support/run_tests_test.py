#!/usr/bin/python3
"""The test runner counts truly: what fails is counted as failed, also where it claims otherwise."""
import importlib.util, os, sys, tempfile

spec = importlib.util.spec_from_file_location('run_tests', os.path.join(os.path.dirname(os.path.abspath(__file__)), 'run_tests.py'))
run_tests = importlib.util.module_from_spec(spec)
spec.loader.exec_module(run_tests)

DOCTEST = '[doctest] test cases: {} | {} passed | {} failed | 0 skipped\n'
CASES = [
    ('doctest, all well', DOCTEST.format(6, 6, 0), 0, (6, 0)),
    ('doctest, one failed', DOCTEST.format(6, 5, 1), 1, (5, 1)),
    ('doctest, sanitizer spoke at exit', DOCTEST.format(6, 6, 0) + 'ERROR: LeakSanitizer', 1, (6, 1)),
    ('doctest, no case ran', DOCTEST.format(0, 0, 0), 0, (0, 1)),
    ('script with counts', 'noise\n12 passed, 0 failed\n', 0, (12, 0)),
    ('script with counts that lies', '12 passed, 0 failed\n', 3, (12, 1)),
    ('script with no case', '0 passed, 0 failed\n', 0, (0, 1)),
    ('script that skipped all and says so', '0 passed, 0 failed, 4 skipped\n', 0, (0, 0)),
    ('silent success', '', 0, (1, 0)),
    ('silent failure', '', 1, (0, 1)),
    ('counts in the middle of a line do not count', 'said 9 passed, 0 failed to nobody\n', 0, (1, 0)),
]

failed = 0
for name, output, status, want in CASES:
    got = run_tests.counts(output, status)
    if got != want:
        failed += 1
        print(f'{name}: counted {got}, want {want}')


def check(name, got, want):
    global failed
    if got == want: return
    failed += 1
    print(f'{name}: {got!r}, want {want!r}')


output, status, _ = run_tests.run(run_tests.Job('sh', ['sh', '-c', 'echo seen; exit 7']))
check('running a job', (output, status), ('seen\n', 7))

# Meson says `unit/tests` and `daemon/cli/cmdai`, meant from the build folder, and `workdir: null`.
with tempfile.TemporaryDirectory() as build:
    os.mkdir(os.path.join(build, 'unit'))
    program = os.path.join(build, 'unit', 'tests')
    with open(program, 'w') as file: file.write('#!/bin/sh\nbasename "$PWD"; test -e "$1"\n')
    os.chmod(program, 0o755)
    test = {'name': 'x', 'cmd': ['unit/tests', 'unit/tests'], 'env': {}, 'workdir': None, 'is_parallel': True}
    (job,) = run_tests.from_listing([test], build, 'asan/')
    check('a program of the build folder', run_tests.run(job)[:2], (os.path.basename(build) + '\n', 0))
    check('its name', job.name, 'asan/x')
    (job,) = run_tests.from_listing([test | {'workdir': os.path.join(build, 'unit'), 'cmd': ['./tests', 'tests']}], build, '')
    check('a test that names its folder', run_tests.run(job)[:2], ('unit\n', 0))

total = len(CASES) + 4
print(f'{total - failed} passed, {failed} failed')
sys.exit(failed != 0)
