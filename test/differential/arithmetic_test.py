#!/usr/bin/python3
"""Compares what arithmetic expressions come to with the shells themselves.

usage: arithmetic_test.py CMDAI

Made-up expressions (the same ones every time) of numbers, operators and brackets are reckoned by bash, zsh and dash with
`echo $(( … ))`, and by us, who are asked what `rm -rf /q/$(( … ))` deletes. We may say that we do not know (fractions), but
seldom. What a shell refuses to reckon is left out: such a line runs nothing. A shell that is not installed is skipped,
with a line that says so.
"""
import json, random, re, shutil, subprocess, sys

ENV = {'PATH': '/nonexistent', 'LC_ALL': 'C.UTF-8', 'HOME': '/nonexistent'}
COUNT = 400
BINARY = ['+', '-', '*', '/', '%', '<<', '>>', '<', '>', '<=', '>=', '==', '!=', '&', '^', '|', '&&', '||']
# What each shell has besides: dash knows neither powers nor the comma nor other bases.
SHELLS = {
    'bash': (['**', ','], lambda r, n: r.choice([str(n), f'0x{n:x}', f'0{n:o}', f'{r.choice([n + 2, 36, 64])}#{n % 10}'])),
    'zsh': (['**', ',', '^^'], lambda r, n: r.choice([str(n), f'0x{n:x}', f'0{n}', f'{min(n + 2, 36)}#{n % 2}'])),
    'dash': ([], lambda r, n: r.choice([str(n), f'0x{n:x}', f'0{n:o}'])),
}


def expression(r, shell, depth):
    more, number = SHELLS[shell]
    kind = r.random()
    if depth == 0 or kind < 0.2: return number(r, r.randrange(0, 40))
    if kind < 0.3: return f'({expression(r, shell, depth - 1)})'
    if kind < 0.42: return r.choice('-+!~') + r.choice(['', ' ']) + expression(r, shell, depth - 1)
    if kind < 0.48:
        return ' ? '.join([expression(r, shell, depth - 1), ' : '.join(expression(r, shell, depth - 1) for _ in range(2))])
    sign = r.choice(BINARY + more)
    blank = r.choice(['', ' '])
    return expression(r, shell, depth - 1) + blank + sign + blank + expression(r, shell, depth - 1)


def of_shell(program, cases):
    """One start for each: an error ends the shell."""
    out = []
    for case in cases:
        done = subprocess.run([program, '-c', f'echo $(( {case} ))'], env=ENV, capture_output=True, timeout=20)
        out.append(done.stdout.decode().strip() if done.returncode == 0 else None)
    return out


def of_us(cmdai, shell, cases):
    lines = ''.join(json.dumps({'id': str(i), 'command': f'rm -rf /q/$(( {c} ))', 'shell': 'sh' if shell == 'dash' else shell}) + '\n'
                    for i, c in enumerate(cases))
    done = subprocess.run([cmdai, 'check', '--jsonl', '--local'], input=lines.encode(), capture_output=True, timeout=120)
    out = []
    for line in done.stdout.decode().splitlines():
        found = [re.match(r'deletes /q/(-?\d+) ', effect) for effect in json.loads(line)['effects']]
        found = [m for m in found if m]
        out.append(found[0].group(1) if found else None)
    return out


def main():
    cmdai = sys.argv[1]
    passed = failed = 0
    for shell in SHELLS:
        program = shutil.which(shell)
        if program is None:
            print(f'skipped: {shell} is not installed')
            continue
        r = random.Random(shell)
        cases = [expression(r, shell, r.randrange(1, 5)) for _ in range(COUNT)]
        theirs, ours = of_shell(program, cases), of_us(cmdai, shell, cases)
        known = [(c, t, o) for c, t, o in zip(cases, theirs, ours) if t is not None]
        unknown = sum(o is None for _, _, o in known)
        if len(known) < COUNT // 2 or unknown > len(known) // 50:
            print(f'{shell}: of {COUNT} expressions it reckons {len(known)}, of which we do not know {unknown}')
            failed += 1
        for case, t, o in known:
            if o in (None, t):
                passed += 1
                continue
            failed += 1
            print(f'{shell}: $(( {case} )) is {t}, we say {o}')
        if len(ours) != len(cases):
            print(f'{shell}: {len(ours)} answers to {len(cases)} lines')
            failed += 1
    print(f'{passed} passed, {failed} failed')
    return failed > 0


sys.exit(main())
