#!/usr/bin/python3
"""All benchmarks of one release build. usage: run.py BUILD_DIR

Every figure is a ratio to something measured in the same run, because machines are shared and slow at times.
"""
import os, subprocess, sys

build = os.path.abspath(sys.argv[1])
here = os.path.dirname(os.path.abspath(__file__))
failed = 0
for name, command in (('parser', [os.path.join(build, 'test/bench/parse_bench')]),
                      ('engine', [os.path.join(build, 'test/bench/verdict_bench')]),
                      ('socket and hook client', [sys.executable, os.path.join(here, 'hook_bench.py'), build])):
    print(f'-- {name}', flush=True)
    failed += subprocess.run(command).returncode != 0
print('next: compare with docs/performance.md' if not failed else f'error: {failed} benchmark(s) did not run')
sys.exit(1 if failed else 0)
