#!/usr/bin/python3
"""Says what the dangerous rows of ../shared/data/commands are that pass, by class, and what each would need.

usage: misses.py ROWS_DIR KNOWN_TSV PROGRAM [ARG ...]

PROGRAM answers like `cmdai check --jsonl --local`. KNOWN_TSV (test/corpus/verdicts/misses.tsv) has a class and a reason for
each row by its id. Rows that are made from others (evasions) have no entry: their bases and techniques are in the score.
Fails on a listed row that is stopped by now: take it out of the list.
"""
import collections, glob, json, os, subprocess, sys

LABELS = ('harmless', 'everyday', 'prose')
GENERATED = ('evasion', 'bashfuscator', 'lookalike')
TITLES = {
    'harmless': 'the label is wrong: nothing is run that could do it',
    'everyday': 'the label is wrong for us: asking would be a false alarm',
    'prose': 'the label is wrong: no command',
    'disk': 'needs the disk: asked with a probe, or what is in an archive',
    'session': 'needs what was set before the line',
    'open': 'ours to catch',
    'generated': 'made from other rows: see the score by technique',
    'unlisted': 'not read yet',
}


def rows_of(folder):
    for path in sorted(glob.glob(os.path.join(folder, '*.jsonl'))):
        with open(path, encoding='utf8') as f:
            yield from map(json.loads, f)


def known_of(path):
    with open(path, encoding='utf8') as f:
        lines = [line.rstrip('\n').split('\t') for line in f if line.strip() and not line.startswith('#')]
    return {i: (kind, why) for i, kind, why in lines}


def decisions(program, rows):
    asked = ''.join(json.dumps({'id': r['id'], 'command': r['command'], 'shell': r['shell'],
                                'cwd': r.get('cwd', '/home/user/project')}) + '\n' for r in rows)
    out = subprocess.run(program, input=asked.encode(), stdout=subprocess.PIPE, check=True, timeout=600).stdout
    return {a['id']: a['decision'] for a in map(json.loads, out.decode('utf8').splitlines())}


def main():
    folder, known_file, program = sys.argv[1], sys.argv[2], sys.argv[3:]
    rows = [r for r in rows_of(folder) if r['label'] == 'dangerous' and not r.get('dup')]
    known, answers = known_of(known_file), decisions(program, rows)
    missed = [r for r in rows if answers[r['id']] not in ('ask', 'block')]
    classes = collections.defaultdict(list)
    for r in missed:
        kind = 'generated' if r['set'] in GENERATED else 'unlisted'
        kind, why = known.get(r['id'], (kind, r['command'].split('\n')[0][:70]))
        classes[kind].append((r['id'], why))
    print('\nwhat is marked dangerous and passes')
    for kind, title in TITLES.items():
        if not classes[kind]: continue
        print(f'{len(classes[kind]):5d}  {title}')
        for i, why in classes[kind] if kind not in LABELS + ('generated',) else []: print(f'         {i}: {why}')
    independent = [r for r in rows if r['set'] not in GENERATED]
    passed = [r for r in missed if r['set'] not in GENERATED]
    wrong = sum(len(classes[kind]) for kind in LABELS)
    print(f'independent sets: {100 * (1 - len(passed) / len(independent)):.1f} % of {len(independent)} stopped; without the '
          f'{wrong} labels listed as wrong {100 * (1 - (len(passed) - wrong) / (len(independent) - wrong)):.1f} %')
    stopped = sorted(i for i in known if answers.get(i) in ('ask', 'block'))
    if stopped: print(f'stopped by now, take out of {known_file}: {" ".join(stopped)}')
    return bool(stopped)


sys.exit(main())
