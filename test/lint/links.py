#!/usr/bin/python3
"""Every link of README.md, CONTRIBUTING.md, SECURITY.md and docs/ leads somewhere, and every page of docs/ is linked from README.md.

usage: links.py [ROOT]

Looks at Markdown links, at headings behind `#`, and at files named in backticks with a folder (`docs/cli.md`, `test/lint/layers.py`). Nothing is
fetched from the network. The last line is `N passed, N failed`, one for each link.
"""
import glob, os, re, sys

LINK = re.compile(r'\[[^\]]*\]\(([^)\s]+)\)')
NAMED = re.compile(r'`((?:\.ci|config|daemon|docs|enterprise|libcore|shell-hooks|test)/[\w./-]*\w/?)`')


def without_code(text):
    """Fenced blocks hold examples, not links; lines stay where they are."""
    return re.sub(r'^```.*?^```', lambda m: '\n' * m.group().count('\n'), text, flags=re.S | re.M)


def anchors(text):
    heads = re.findall(r'^#+ +(.*?) *$', without_code(text), flags=re.M)
    return {re.sub(r'[^\w\- ]', '', head.lower()).replace(' ', '-') for head in heads}


def read(path):
    with open(path, encoding='utf8') as file: return file.read()


def judge(page, target):
    """What is wrong with a link of `page`, or None."""
    if re.match(r'[a-z]+:', target): return None  # another site: not asked
    path, _, anchor = target.partition('#')
    path = os.path.normpath(os.path.join(os.path.dirname(page), path)) if path else page
    if not os.path.exists(path): return f'`{target}` is not there'
    if anchor and anchor not in anchors(read(path)): return f'`{path}` has no heading `#{anchor}`'
    return None


def main():
    os.chdir(sys.argv[1] if len(sys.argv) > 1 else os.path.join(os.path.dirname(os.path.abspath(__file__)), '../..'))
    pages = [p for p in ('README.md', 'CONTRIBUTING.md', 'SECURITY.md', 'CHANGELOG.md') if os.path.exists(p)] + sorted(glob.glob('docs/**/*.md', recursive=True))
    passed, wrong, linked = 0, [], set()
    for page in pages:
        text = without_code(read(page))
        found = [(m.start(), m[1], judge(page, m[1])) for m in LINK.finditer(text)]
        found += [(m.start(), m[1], None if os.path.exists(m[1]) else f'`{m[1]}` is not there') for m in NAMED.finditer(text)]
        if page == 'README.md': linked = {os.path.normpath(target.partition('#')[0]) for _, target, _ in found}
        for at, _, why in found:
            if why: wrong.append(f'{page}:{text.count(chr(10), 0, at) + 1}: {why}')
            else: passed += 1
    for page in pages:
        if page.startswith('docs/') and page not in linked: wrong.append(f'{page}: README.md does not link it')
    for line in wrong: print(line)
    print(f'{passed} passed, {len(wrong)} failed')
    sys.exit(bool(wrong) or not passed)


if __name__ == '__main__':
    main()
