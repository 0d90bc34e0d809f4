#!/usr/bin/python3
"""The recorded session in README.md is what the program really prints today.

usage: readme_session.py CMDAI           compares; prints `N passed, N failed`
       readme_session.py CMDAI --update  records it anew

A private daemon and a decoy home; the decoy's path and the approval code are the only things replaced.
"""
import difflib, os, re, shutil, subprocess, sys, tempfile

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
import demonstration

README = os.path.join(os.path.dirname(os.path.abspath(__file__)), '../../README.md')
BLOCK = re.compile(r'(<!-- session -->\n).*?(<!-- /session -->)', re.S)


def record(cmdai):
    box = os.path.realpath(tempfile.mkdtemp(prefix='cmdai-readme-'))
    home = os.path.join(box, 'you')
    os.makedirs(home)
    private = {'CMDAI_SOCKET': os.path.join(box, 'run', 'cmdaid.sock'), 'XDG_STATE_HOME': os.path.join(box, 'state'),
               'XDG_CONFIG_HOME': os.path.join(box, 'config'), 'HOME': home}
    os.environ.update(private)
    os.environ.pop('XDG_RUNTIME_DIR', None)
    try:
        subprocess.run([cmdai, 'start'], check=True, stdout=subprocess.DEVNULL)
        entries, survived, build_left = demonstration.transcript(cmdai, home)
    finally:
        subprocess.run([cmdai, 'stop'], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        shutil.rmtree(box, ignore_errors=True)
    text = ''.join(f'$ {line}\n{reply}\n' if reply else f'$ {line}\n' for line, reply in entries)
    text = re.sub(r'(cmdai allow )[A-Za-z0-9-]+', r'\1k7m2q9t', text.replace(home, '/home/you'))
    return f'```console\n{text}```\n', survived and not build_left


def main():
    shown, held = record(os.path.abspath(sys.argv[1]))
    readme = open(README, encoding='utf8').read()
    if not BLOCK.search(readme): sys.exit('error: README.md has no session block')
    updated = BLOCK.sub(lambda m: m.group(1) + shown + m.group(2), readme)
    if '--update' in sys.argv:
        open(README, 'w', encoding='utf8').write(updated)
        return print(shown)
    same = updated == readme
    if not same:
        sys.stdout.writelines(difflib.unified_diff(readme.splitlines(True), updated.splitlines(True), 'README.md', 'what it prints'))
        print('hint: test/support/readme_session.py CMDAI --update')
    if not held: print('the guard did not hold, or a harmless command did not run')
    print(f'{same + held} passed, {2 - same - held} failed')
    sys.exit(0 if same and held else 1)


main()
