"""plan.tsv: what the guard of a shell must hold, and the tests that show it.

A row is: number, what, and a cell each for bash, zsh and fish. A cell holds entries divided by ` | `:
  bash: simple        a test of that name in test/shell/*_test.py
  file:PATH           another test file of this repository
  lower: SENTENCE     not held; the sentence stands word for word in docs/shells.md
  none: WHY           there is no such thing in this shell
"""
import os

HERE = os.path.dirname(os.path.abspath(__file__))
ROOT = os.path.dirname(os.path.dirname(HERE))
SHELLS = ('bash', 'zsh', 'fish')


def rows():
    with open(os.path.join(HERE, 'plan.tsv'), encoding='utf8') as file:
        for number, line in enumerate(file, 1):
            if line.strip() and not line.startswith('#'): yield number, line.rstrip('\n').split('\t')


def problems(tests, text):
    """`tests`: names that exist; `text`: docs/shells.md."""
    flat, seen = ' '.join(text.split()), []
    for line, cells in rows():
        where = f'plan.tsv:{line}'
        if len(cells) != 2 + len(SHELLS):
            yield f'{where}: {len(cells)} cells, {2 + len(SHELLS)} are wanted'
            continue
        seen.append(int(cells[0]))
        for shell, cell in zip(SHELLS, cells[2:]):
            for entry in filter(None, cell.split(' | ')) if cell else [None]:
                if entry is None: yield f'{where}: nothing for {shell}'
                elif entry.startswith('none: '): continue
                elif entry.startswith('file:'):
                    if not os.path.exists(os.path.join(ROOT, entry[5:])): yield f'{where}: no file {entry[5:]}'
                elif entry.startswith('lower: '):
                    if entry[7:].rstrip('.') not in flat: yield f'{where}: docs/shells.md does not say: {entry[7:]}'
                elif entry not in tests: yield f'{where}: no test `{entry}`'
    for number in range(1, 59):
        if seen.count(number) != 1: yield f'item {number} stands there {seen.count(number)} times'
