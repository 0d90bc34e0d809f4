#!/usr/bin/python3
"""The lints fail where they must, and say where: each over a small tree of its own."""
import json, os, shutil, subprocess, sys, tempfile

HERE = os.path.dirname(os.path.abspath(__file__))
passed = failed = skipped = 0


def lint(command, files):
    with tempfile.TemporaryDirectory() as root:
        for folder in ('libcore', 'daemon', 'shell-hooks', 'enterprise', 'test'): os.mkdir(os.path.join(root, folder))
        shutil.copy(os.path.join(HERE, '../../.clang-format'), root)
        for path, text in files.items():
            os.makedirs(os.path.dirname(os.path.join(root, path)) or root, exist_ok=True)
            with open(os.path.join(root, path), 'w') as file: file.write(text.replace('@ROOT@', root))
        done = subprocess.run([*command, root] if command[0] == sys.executable else command, env=os.environ | {'CMDAI_LINT_ROOT': root},
                              stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
        return done.returncode, done.stdout


def check(name, command, files, ok, *words):
    global passed, failed
    status, out = lint(command, files)
    if (status == 0) == ok and all(word in out for word in words): passed += 1
    else:
        failed += 1
        print(f'FAIL {name}: status {status}\n{out}')


FORMAT = ['bash', os.path.join(HERE, 'format.sh')]
check('format: as it should be', FORMAT, {'libcore/a.hpp': 'int a();\n'}, True, '1 passed, 0 failed')
check('format: a space too many', FORMAT, {'libcore/a.hpp': 'int a();\n', 'test/b.cpp': 'int  b() { return 1; }\n'}, False, 'test/b.cpp:1:', 'hint: ', '1 passed, 1 failed')
check('format: nothing to look at', FORMAT, {}, False)

SHELL = ['bash', os.path.join(HERE, 'shellcheck.sh')]
GOOD = '#!/usr/bin/env bash\necho "$1"\n'
check('shellcheck: good scripts', SHELL, {'a.sh': GOOD, 'run': GOOD, 'notes.txt': 'echo $1'}, True, '2 passed, 0 failed')
check('shellcheck: an unquoted word', SHELL, {'a.sh': GOOD, 'run': '#!/bin/sh\necho $1\n'}, False, './run', 'SC2086', '1 passed, 1 failed')
for shell, broken in (('zsh', 'if true; then\n'), ('fish', 'if true\n')):
    if not shutil.which(shell):
        skipped += 1
        print(f'skipped {shell}: not installed')
        continue
    check(f'shellcheck: broken {shell}', SHELL, {'shell-hooks/x.' + shell: broken, 'a.sh': GOOD}, False, f'./shell-hooks/x.{shell}', '1 passed, 1 failed')
    check(f'shellcheck: {shell} is not run', SHELL, {'shell-hooks/x.' + shell: 'echo was run; exit 3\n'}, True, '1 passed, 0 failed')

LINKS = [sys.executable, os.path.join(HERE, 'links.py')]
README = 'see [page](docs/page.md) and [there](docs/page.md#a-head-line) and `docs/page.md`, [web](https://example.org/x)\n'
PAGE = '# A head: line\n[back](../README.md)\n```\n[no](link.md)\n```\n'
check('links: all lead somewhere', LINKS, {'README.md': README, 'docs/page.md': PAGE}, True, '5 passed, 0 failed')
check('links: a page that is gone', LINKS, {'README.md': README + '[gone](docs/gone.md)\n', 'docs/page.md': PAGE}, False, 'README.md:2: `docs/gone.md` is not there')
check('links: a file that is named', LINKS, {'README.md': README + 'in `test/nothing.py`\n', 'docs/page.md': PAGE}, False, '`test/nothing.py`')
check('links: a heading that is gone', LINKS, {'README.md': README + '[b](docs/page.md#b)\n', 'docs/page.md': PAGE}, False, 'no heading `#b`')
check('links: a page nobody is led to', LINKS, {'README.md': README, 'docs/page.md': PAGE, 'docs/lost.md': '# x\n'}, False, 'docs/lost.md: README.md does not link it')

TIDY = ['bash', '-c', f'cd "$CMDAI_LINT_ROOT" && exec bash {os.path.join(HERE, "tidy.sh")} build']
OWN = 'namespace {\nconstexpr int kMost[] = {%d};\n}  // namespace\nint %s() { return kMost[0]; }\n'
MOVED = '#include <string>\n#include <utility>\nint c(std::string s) {\n  std::string t = std::move(s);\n  return int(s.size() + t.size());\n}\n'


def tidy_tree(**sources):
    """Two folders, one of which may do what the other may not, and how their files are compiled."""
    files = {'.clang-tidy': "Checks: '-*,bugprone-use-after-move,modernize-use-override'\nWarningsAsErrors: '*'\n",
             'test/.clang-tidy': "InheritParentConfig: true\nChecks: '-bugprone-use-after-move'\n"}
    files |= {path.replace('__', '/') + '.cpp': text for path, text in sources.items()}
    commands = [{'directory': '@ROOT@/build', 'file': f'../{path}', 'command': f'c++ -std=c++20 -Wall -o {path}.o -c ../{path}'} for path in files if path.endswith('.cpp')]
    return files | {'build/compile_commands.json': json.dumps(commands)}


if shutil.which('clang-tidy-16'):
    clean = {'libcore__a': OWN % (1, 'a'), 'libcore__b': OWN % (2, 'b')}
    check('tidy: clean files are read together, each with its own names', TIDY, tidy_tree(**clean), True, '2 files read, 2 of them together', '2 passed, 0 failed')
    check('tidy: a finding is its own file\'s', TIDY, tidy_tree(**clean, libcore__c=MOVED), False, 'libcore/c.cpp:5:14: error:', 'bugprone-use-after-move', '2 passed, 1 failed')
    check('tidy: what does not compile together is read by itself', TIDY, tidy_tree(libcore__a='struct S { int a; };\n', libcore__b='struct S { int b; };\n'), True,
          '2 files read, 0 of them together', '2 passed, 0 failed')
    check('tidy: a folder\'s own checks hold for what is read together', TIDY, tidy_tree(test__a=MOVED, test__b=OWN % (2, 'b')), True, '2 files read, 2 of them together')
else:
    skipped += 1
    print('skipped tidy: clang-tidy-16 is not installed')

print(f'{passed} passed, {failed} failed' + (f', {skipped} skipped' if skipped else ''))
sys.exit(failed != 0)
