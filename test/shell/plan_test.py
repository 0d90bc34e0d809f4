#!/usr/bin/python3
"""Every item of plan.tsv names tests that exist, or a lower level that docs/shells.md states. usage: plan_test.py"""
import glob, os, subprocess, sys
import plan


def names():
    found = set()
    for path in sorted(glob.glob(os.path.join(plan.HERE, '*_test.py'))):
        if os.path.basename(path) == 'plan_test.py': continue
        done = subprocess.run([sys.executable, path, '--list'], capture_output=True, text=True, timeout=60)
        if done.returncode: sys.exit(f'{path} --list ended with status {done.returncode}\n{done.stderr}')
        found |= set(done.stdout.splitlines())
    return found


def main():
    tests = names()
    if len(tests) < 100: sys.exit(f'only {len(tests)} tests were found: that cannot be')
    with open(os.path.join(plan.ROOT, 'docs', 'shells.md'), encoding='utf8') as file: text = file.read()
    # It does notice: a name that no test has, and a sentence that stands nowhere.
    if not list(plan.problems(tests - {'bash: simple'}, text)) or not list(plan.problems(tests, '')): sys.exit('the check itself checks nothing')
    wrong = list(plan.problems(tests, text))
    print('\n'.join(wrong))
    print(f'{58 - len(wrong)} passed, {len(wrong)} failed')
    sys.exit(bool(wrong))


main()
