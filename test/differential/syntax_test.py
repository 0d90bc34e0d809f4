#!/usr/bin/python3
"""Compares the readers of shell lines with the shells themselves.

usage: syntax_test.py PARSE_JSONL CORPUS_DIR

Two questions for each case of CORPUS_DIR/<shell>.txt: does the shell accept it, and does what the shell prints of its
own reading (`declare -f`, `$functions[f]`, `fish_indent`) hold the same commands as the case itself? No case is ever run: bash and
dash read with -n, bash prints a function nobody calls, zsh is assigned one, fish reads with --no-execute. Cases where
we differ on purpose or by a known fault stand in CORPUS_DIR/known.txt with their reason; one that agrees again is an error too.
A shell that is not installed is skipped, with a line that says so.
"""
import collections, json, os, re, shutil, subprocess, sys, tempfile

ENV = {'PATH': '/nonexistent', 'LC_ALL': 'C.UTF-8', 'HOME': '/nonexistent'}
ZSH = r'''
zmodload zsh/parameter
while IFS= read -r -d $'\0' src; do
  (( $+functions[ff] )) && unfunction ff
  functions[ff]=$src 2>/dev/null
  if (( $+functions[ff] )); then print -rN -- "1${functions[ff]}"; else print -rN -- 0; fi
done
'''


def run(command, cwd, data=None):
    done = subprocess.run(command, input=data, cwd=cwd, env=ENV, stdout=subprocess.PIPE, stderr=subprocess.PIPE, timeout=60)
    return done.returncode, done.stdout.decode('utf8', 'replace'), done.stderr.decode('utf8', 'replace')


def written(box, text):
    path = os.path.join(box, 'case')
    with open(path, 'w', encoding='utf8') as f: f.write(text)
    return path


class Bash:
    """Accepts when -n says nothing but warnings; prints a function that holds the case."""
    def __init__(self, program, box): self.program, self.box = [program, '--norc', '--noprofile'], box

    def verdicts(self, cases): return [self.one(c) for c in cases]

    def one(self, case):
        status, _, talk = run(self.program + ['-n', written(self.box, case)], self.box)
        if status != 0 or any('warning' not in line for line in talk.splitlines()): return False, None
        wrapped = written(self.box, 'ff() {\n' + case + '\n}\ndeclare -f ff\n')
        status, printed, _ = run(self.program + [wrapped], self.box)
        return True, printed if status == 0 and printed else None


class Dash:
    def __init__(self, program, box): self.program, self.box = program, box

    def verdicts(self, cases):
        return [(run([self.program, '-n', written(self.box, c)], self.box)[0] == 0, None) for c in cases]


class Zsh:
    def __init__(self, program, box): self.program, self.box = program, box

    def verdicts(self, cases):
        data = ''.join(c + '\0' for c in cases).encode()
        out = subprocess.run([self.program, '-f', written(self.box, ZSH)], input=data, cwd=self.box, env=ENV,
                             stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, timeout=60).stdout
        texts = [self.plain(o).decode('utf8', 'replace') for o in out.split(b'\0')[:-1]]
        return [(t[0] == '1', t[1:] if t[0] == '1' else None) for t in texts]

    @staticmethod
    def plain(text):
        """zsh prints bytes above 0x82 in its inner encoding: 0x83, then the byte with bit 5 turned."""
        return re.sub(rb'\x83(.)', lambda m: bytes([m.group(1)[0] ^ 0x20]), text, flags=re.S)


class Fish:
    def __init__(self, program, box):
        self.program, self.indent, self.box = program, shutil.which('fish_indent'), box

    def verdicts(self, cases): return [self.one(c) for c in cases]

    def one(self, case):
        accepted = run([self.program, '--no-config', '--no-execute', written(self.box, case)], self.box)[0] == 0
        if not accepted or not self.indent: return accepted, None
        status, printed, _ = run([self.indent], self.box, case.encode())
        return True, printed if status == 0 else None


SHELLS = {'bash': ('bash', Bash), 'sh': ('dash', Dash), 'zsh': ('zsh', Zsh), 'fish': ('fish', Fish)}


def ask(parser, shell, sources):
    data = ''.join(json.dumps({'id': i, 'src': s, 'shell': shell}) + '\n' for i, s in enumerate(sources))
    out = subprocess.run([parser], input=data.encode(), stdout=subprocess.PIPE, check=True, timeout=120).stdout
    return [json.loads(line) for line in out.splitlines()]


def commands(answer):
    """Every command's words in a bag; raw source of what is expanded later is left out, shells print it in their way."""
    def word(w): return w if isinstance(w, str) else [p if p[0] in 'sgv~' else p[0] for p in w['p']]
    return collections.Counter(json.dumps([word(w) for w in c['argv']]) for c in answer['cmds'] if c['argv'])


def cases_of(path):
    with open(path, encoding='utf8') as f:
        lines = [line.rstrip('\n') for line in f]
    return [line.replace('⏎', '\n') for line in lines if line and not line.startswith('# CC0')]


def known_of(path):
    known = {}
    with open(path, encoding='utf8') as f:
        for line in f:
            if line.startswith('#') or not line.strip(): continue
            shell, question, case, reason = line.rstrip('\n').split('\t')
            known[shell, question, case.replace('⏎', '\n')] = reason
    return known


class Tally:
    def __init__(self, known): self.known, self.passed, self.failed, self.used = known, 0, 0, set()

    def note(self, shell, question, case, agrees, detail):
        key = (shell, question, case)
        if key in self.known: self.used.add(key)
        if agrees != (key in self.known):
            self.passed += 1
            return
        self.failed += 1
        shown = case.replace('\n', '⏎')
        print(f'{shell} {question}: {shown}\n    {detail if not agrees else "agrees again: take it out of known.txt"}')


def compare(shell, oracle, parser, cases, tally):
    verdicts, answers = oracle.verdicts(cases), ask(parser, shell, cases)
    if len(verdicts) != len(cases) or len(answers) != len(cases):
        tally.failed += 1
        return print(f'{shell}: {len(verdicts)} verdicts and {len(answers)} answers for {len(cases)} cases')
    printed = [(case, answer, text) for case, answer, (_, text) in zip(cases, answers, verdicts) if text is not None]
    for case, answer, (accepts, _) in zip(cases, answers, verdicts):
        agrees = (answer['status'] == 'complete') == accepts
        tally.note(shell, 'verdict', case, agrees, f'{answer["status"]}, the shell {"accepts" if accepts else "rejects"} it')
    for (case, answer, text), again in zip(printed, ask(parser, shell, [text for _, _, text in printed])):
        ours, theirs = commands(answer), commands(again)
        tally.note(shell, 'commands', case, ours == theirs or answer['status'] != 'complete',
                   f'only ours {list((ours - theirs))}, only theirs {list((theirs - ours))}')


def main():
    parser, corpus = sys.argv[1:]
    tally = Tally(known_of(os.path.join(corpus, 'known.txt')))
    with tempfile.TemporaryDirectory() as box:
        for shell, (program, oracle) in SHELLS.items():
            path = shutil.which(program)
            if path is None:
                print(f'skipped {shell}: {program} is not installed')
                tally.used |= {key for key in tally.known if key[0] == shell}
                continue
            compare(shell, oracle(path, box), parser, cases_of(os.path.join(corpus, shell + '.txt')), tally)
    for shell, question, case in set(tally.known) - tally.used:
        tally.failed += 1
        print(f'known.txt: no such case: {shell} {question} {case!r}')
    print(f'{tally.passed} passed, {tally.failed} failed')
    sys.exit(1 if tally.failed else 0)


main()
