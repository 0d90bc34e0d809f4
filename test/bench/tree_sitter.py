"""Builds tree-sitter's bash grammar for parse_bench, in the build folder alone: nothing of it is part of cmdai.

The grammar comes from the npm registry (MIT), the library that runs it from Debian (libtree-sitter-dev, MIT).
"""
import glob, os, shutil, subprocess

GRAMMAR = 'tree-sitter-bash@0.23.3'  # the last whose tables (ABI 14) Debian 12's libtree-sitter 0.20.7 reads
here = os.path.dirname(os.path.abspath(__file__))


class Missing(Exception):
    """Why there is nothing to compare with."""


def run(command, folder):
    done = subprocess.run(command, cwd=folder, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True)
    if done.returncode: raise Missing(f'`{command[0]} {command[1]}` ended with status {done.returncode}: {done.stderr.strip()[-200:]}')


def build(build_dir):
    """The path of a shared object with read_text(); raises Missing."""
    for tool in ('npm', 'cc', 'tar'):
        if shutil.which(tool) is None: raise Missing(f'no {tool}')
    if not os.path.exists('/usr/include/tree_sitter/api.h'): raise Missing('no libtree-sitter-dev')
    folder = os.path.join(build_dir, 'tree-sitter')
    os.makedirs(folder, exist_ok=True)
    reader = os.path.join(folder, f'{GRAMMAR}.so')
    source = os.path.join(here, 'tree_sitter_reader.c')
    if os.path.exists(reader) and os.path.getmtime(reader) > os.path.getmtime(source): return reader
    if not glob.glob(f'{folder}/*.tgz'): run(['npm', 'pack', '--silent', GRAMMAR], folder)
    run(['tar', '-xf', glob.glob(f'{folder}/*.tgz')[0]], folder)
    grammar = os.path.join(folder, 'package', 'src')
    run(['cc', '-O3', '-w', '-fPIC', '-shared', f'-I{grammar}', '-o', reader, source, f'{grammar}/parser.c', f'{grammar}/scanner.c',
         '-ltree-sitter'], folder)
    return reader
