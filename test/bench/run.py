#!/usr/bin/python3
"""All benchmarks of one release build. usage: run.py BUILD_DIR [--tree-sitter]

Every figure is a ratio to something measured in the same run, because machines are shared and slow at times.
--tree-sitter fetches tree-sitter's bash grammar with npm, and measures it beside our parser.
"""
import os, subprocess, sys
import tree_sitter

build = os.path.abspath(sys.argv[1])
here = os.path.dirname(os.path.abspath(__file__))
parser = [os.path.join(build, 'test/bench/parse_bench')]
try:
    if '--tree-sitter' not in sys.argv[2:]: raise tree_sitter.Missing('not asked for (--tree-sitter)')
    parser += ['--beside', tree_sitter.GRAMMAR, tree_sitter.build(build)]
except tree_sitter.Missing as why:
    print(f'-- tree-sitter: skipped, {why}')
failed = 0
for name, command in (('parser', parser),
                      ('engine', [os.path.join(build, 'test/bench/verdict_bench')]),
                      ('socket and hook client', [sys.executable, os.path.join(here, 'hook_bench.py'), build])):
    print(f'-- {name}', flush=True)
    failed += subprocess.run(command).returncode != 0
print('next: compare with docs/performance.md' if not failed else f'error: {failed} benchmark(s) did not run')
sys.exit(1 if failed else 0)
