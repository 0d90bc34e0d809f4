#!/usr/bin/python3
"""Says why words of fish differ from the record of ../shared/data/syntax, so that none is passed over unexplained.

usage: fish_words.py ARGV_FISH_JSONL PROGRAM [ARG ...]

PROGRAM answers like `cmdai debug parse --jsonl`. The record was made on a machine whose HOME was /H/ome, where fish had
already put it in place of `~`, and from a print that ends a command's words at the first word that begins with a newline.
Neither can be told from the text alone: a command that differs in just that way is counted under that reason, any other is
printed and makes this fail.
"""
import collections, json, subprocess, sys

RECORDED_HOME = '/H/ome'


def static(argv):
    return all(isinstance(word, str) for word in argv)


def at_recorded_home(argv):
    """Our words with the home folder of the record in place of a tilde of one's own."""
    def word(w):
        if isinstance(w, str): return w
        text = [RECORDED_HOME if p == ['~', ''] else p[1] if p[0] == 's' else None for p in w['p']]
        return None if None in text else ''.join(text)
    return [word(w) for w in argv]


def until_newline(argv):
    """Our words up to the first that begins with a newline, which the print of the record does not reach."""
    for i, word in enumerate(argv):
        if isinstance(word, str) and word.startswith('\n'): return argv[:i]
    return None


def reason(theirs, ours):
    if any(at_recorded_home(argv) == theirs for argv in ours): return f'HOME is {RECORDED_HOME} in the record'
    if any(until_newline(argv) == theirs for argv in ours): return 'the record ends at a word that begins with a newline'
    return None


def main():
    record, program = sys.argv[1], sys.argv[2:]
    with open(record, encoding='utf8') as f: rows = [json.loads(line) for line in f]
    asked = ''.join(json.dumps({'id': i, 'src': r['src'], 'shell': 'fish'}) + '\n' for i, r in enumerate(rows))
    out = subprocess.run(program, input=asked.encode(), stdout=subprocess.PIPE, check=True, timeout=600).stdout
    answers = {a['id']: a for a in map(json.loads, out.decode('utf8').splitlines())}
    counts, unexplained, checked = collections.Counter(), [], 0
    for i, row in enumerate(rows):
        ours = [c['argv'] for c in answers[i]['cmds'] if c['argv']]
        wanted = collections.Counter(json.dumps(c['argv']) for c in row['cmds'] if c.get('argv') and static(c['argv']))
        checked += wanted.total()
        lost = wanted - collections.Counter(json.dumps(argv) for argv in ours)
        for theirs in lost.elements():
            why = reason(json.loads(theirs), ours)
            counts[why] += 1
            if why is None: unexplained.append((row['src'], theirs))
    for why, n in sorted((w, n) for w, n in counts.items() if w): print(f'argv fish words: {why:52} {n:5d}')
    for src, theirs in unexplained: print(f'argv fish words: no reason for {theirs} in {src!r}')
    same = checked - sum(counts.values())
    print(f'argv fish words, same or with a reason        {checked - len(unexplained):5d} of {checked:7d}  ({same} the same)')
    return bool(unexplained) or not checked


sys.exit(main())
