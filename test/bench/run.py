#!/usr/bin/python3
"""All benchmarks of one release build. usage: run.py BUILD_DIR [--tree-sitter]

Every figure is a ratio to something measured in the same run, because machines are shared and slow at times.
--tree-sitter fetches tree-sitter's bash grammar with npm, and measures it beside our parser.
"""
import glob, json, os, shutil, subprocess, sys, tempfile
import tree_sitter

build = os.path.abspath(sys.argv[1])
here = os.path.dirname(os.path.abspath(__file__))
parser = [os.path.join(build, 'test/bench/parse_bench')]
try:
    if '--tree-sitter' not in sys.argv[2:]: raise tree_sitter.Missing('not asked for (--tree-sitter)')
    parser += ['--beside', tree_sitter.GRAMMAR, tree_sitter.build(build)]
except tree_sitter.Missing as why:
    print(f'-- tree-sitter: skipped, {why}')


def corpus_lines():
    """A file with the corpora's commands of one line, where they stand beside this tree; else None."""
    files = sorted(glob.glob(os.path.join(here, '../../../shared/data/commands/dev/*.jsonl')))
    commands = [json.loads(row)['command'] for name in files for row in open(name, encoding='utf8')]
    lines = [command for command in commands if command and '\n' not in command]
    if not lines: return None
    with tempfile.NamedTemporaryFile('w', encoding='utf8', suffix='.txt', delete=False) as file: file.write('\n'.join(lines) + '\n')
    return file.name


def repository(home):
    """A repository of two thousand committed files at HOME/work."""
    work = os.path.join(home, 'work')
    for folder in range(40):
        os.makedirs(f'{work}/src/{folder}')
        for name in range(50):
            with open(f'{work}/src/{folder}/{"a" if name == 0 else name}.c', 'w') as file: file.write(f'int f{name};\n' * 20)
    os.makedirs(f'{work}/node_modules/x')
    env = {'PATH': os.environ['PATH'], 'HOME': home}
    for args in (['init', '-q'], ['add', 'src'], ['-c', 'user.name=u', '-c', 'user.email=u@example.org', 'commit', '-qm', 'x']):
        subprocess.run(['git', *args], cwd=work, env=env, check=True)


device = os.path.join(build, 'test/enterprise/plugin/device_bench')
engine = os.path.join(build, 'test/bench/verdict_bench')
corpus = corpus_lines()
if corpus is None: print('-- engine, all corpora: skipped, there are none beside this tree')
failed = 0
for name, command in (('parser', parser),
                      ('engine', [engine]),
                      *([('engine, all corpora', [engine, corpus])] if corpus else []),
                      ('socket and hook client', [sys.executable, os.path.join(here, 'hook_bench.py'), build]),
                      ('daemon', [sys.executable, os.path.join(here, 'daemon_bench.py'), build]),
                      ('hooks of AI agents', [sys.executable, os.path.join(here, 'agent_bench.py'), build]),
                      ('what Enter adds', [sys.executable, os.path.join(here, 'enter_bench.py'), build]),
                      ('exec guard', [sys.executable, os.path.join(here, 'exec_bench.py'), build]),
                      *([('enterprise plugin', [device]), ('what the enterprise plugin adds', [sys.executable, os.path.join(here, 'plugin_bench.py'), build])] if os.path.exists(device) else []),
                      ('shells that are not interactive', [sys.executable, os.path.join(here, 'start_bench.py'), build]),
                      *([('collector', [sys.executable, os.path.join(here, 'collector_bench.py'), build])] if os.path.exists(os.path.join(build, 'test/bench/collector_load')) else [])):
    print(f'-- {name}', flush=True)
    failed += subprocess.run(command).returncode != 0
if corpus: os.unlink(corpus)
print('-- what is looked up on the disk')
if shutil.which('git'):
    with tempfile.TemporaryDirectory(prefix='cmdai-bench-') as home:
        repository(home)
        failed += subprocess.run([os.path.join(build, 'test/bench/work_tree_bench'), home]).returncode != 0
else:
    print('skipped: git is not installed')
print('next: compare with docs/performance.md' if not failed else f'error: {failed} benchmark(s) did not run')
sys.exit(1 if failed else 0)
