#!/usr/bin/python3
"""What is read out of a work tree's files, beside what git says of it: random trees, changed at random by git and by hand.

usage: repository_test.py REPOSITORY_FACTS [STATES [SEED]]
"""
import json, os, random, shutil, subprocess, sys, tempfile

NAMES = ['a', 'b.c', 'c d', 'x.o', 'note.txt', 'ü', 'Makefile', 'a.log', '[x]', 'star*', 'deep.md', '#h', '!n', 'z\\q']
FOLDERS = ['src', 'src/lib', 'doc', 'build', 'src/build', 'doc/old/er', 'a b', 'node_modules/p', 'target']
PATTERNS = ['*.o', '*.log', '!keep.log', '/build', 'build/', 'node_modules', 'doc/**', 'doc/*.md', '**/old', 'src/**/*.c', '# no', '\\#h', '\\!n', '[a-c]',
            'target/*', '!target/a', 'a\\ b', '?', '*.[ch]', 'src/lib/', 'x*/', 'note.txt  ', 'b.c\\ ', '[[:alpha:]].?', '/src/*', '!/src/lib', '**/er/a', 'z\\\\q',
            '[!a-z]*', 'deep.md\r', '**', '!*/', '!*.c', 'doc/old/**/note.txt', 'star\\*', '\\[x\\]']


class Maker:
    """One repository and what happens to it."""
    def __init__(self, rng, base, home):
        self.rng, self.base, self.home = rng, base, home
        self.top = os.path.join(base, 'work')
        self.clock = 1_600_000_000
        self.env = {'PATH': os.environ['PATH'], 'HOME': home, 'GIT_CONFIG_NOSYSTEM': '1', 'LC_ALL': 'C', 'GIT_AUTHOR_NAME': 'u', 'GIT_AUTHOR_EMAIL': 'u@example.org',
                    'GIT_COMMITTER_NAME': 'u', 'GIT_COMMITTER_EMAIL': 'u@example.org'}

    def git(self, *args, check=False, cwd=None):
        return subprocess.run(['git', *args], cwd=cwd or self.top, env=self.env, capture_output=True, check=check).stdout.decode('utf8', 'surrogateescape')

    def any_path(self):
        folder = self.rng.choice([''] * 3 + FOLDERS)
        return os.path.join(self.top, folder, self.rng.choice(NAMES))

    def write(self, path=None, text=None):
        path = path or self.any_path()
        if os.path.isdir(path) and not os.path.islink(path): return
        try: os.makedirs(os.path.dirname(path), exist_ok=True)
        except OSError: return
        if os.path.islink(path): os.unlink(path)
        with open(path, 'w') as file: file.write(text if text is not None else self.rng.choice(['', 'one\n', 'two\n', 'three lines\n' * self.rng.randint(1, 9)]))

    def existing(self):
        found = [os.path.join(d, f) for d, ds, fs in os.walk(self.top) if '/.git' not in d for f in fs if f not in ('.git', '.gitignore')]
        return self.rng.choice(sorted(found)) if found else None

    def ignore(self):
        where = self.rng.choice(['.gitignore', '.gitignore', 'src/.gitignore', 'doc/.gitignore', '.git/info/exclude'])
        text = ''.join(p + '\n' for p in self.rng.sample(PATTERNS, self.rng.randint(0, 5)))
        if self.rng.random() < .1: text = '\ufeff' + text
        self.write(os.path.join(self.top, where), text)

    def same_size(self):
        """Changed without a change of size or date: only the time of the change tells, or the content."""
        path = self.existing()
        if not path or os.path.islink(path): return
        info = os.stat(path)
        with open(path, 'rb') as file: text = file.read()
        if not text: return
        with open(path, 'wb') as file: file.write(bytes([text[0] ^ 1]) + text[1:])
        os.utime(path, ns=(info.st_atime_ns, info.st_mtime_ns))

    def link(self):
        path = self.any_path()
        if os.path.lexists(path): return
        try:
            os.makedirs(os.path.dirname(path), exist_ok=True)
            os.symlink(self.rng.choice(['a', '/tmp', 'nowhere']), path)
        except OSError: pass

    def step(self):
        rng = self.rng
        path = self.existing()
        actions = [
            self.write, self.write, self.write, self.ignore, self.same_size, self.link,
            lambda: path and os.unlink(path),
            lambda: path and os.utime(path, follow_symlinks=False),
            lambda: path and not os.path.islink(path) and os.chmod(path, rng.choice([0o644, 0o755])),
            lambda: self.git('add', '-A'),
            lambda: path and self.git('add', '-f', '--', path),
            lambda: path and self.git('add', '-N', '--', path),
            lambda: self.git('commit', '-qam', 'x'),
            lambda: (self.git('add', '-A'), self.git('commit', '-qm', 'x')),
            lambda: self.git('checkout', '-q', '-B', rng.choice(['one', 'two/three', 'main'])),
            lambda: self.git('checkout', '-q', rng.choice(['one', 'two/three', 'main', '--detach'])),
            lambda: self.git('stash', '-q'),
            lambda: self.git('reset', '-q', rng.choice(['--hard', '--mixed', '--soft']), rng.choice(['HEAD', 'HEAD~1'])),
            lambda: self.git('tag', '-f', rng.choice(['v1', 'v2'])),
            lambda: self.git('push', '-q', 'origin', 'HEAD:refs/heads/' + rng.choice(['main', 'one'])),
            lambda: self.git('fetch', '-q', 'origin'),
            lambda: self.git('pack-refs', '--all'),
            lambda: self.git('gc', '-q'),
            lambda: self.git('update-index', '--index-version', rng.choice('234')),
            lambda: path and self.git('rm', '-q', '--cached', '--', path),
            lambda: self.git('merge', '-q', rng.choice(['one', 'two/three', 'main'])),
            lambda: self.git('status'),
        ]
        rng.choice(actions)()

    def make(self):
        os.makedirs(self.top)
        self.git('init', '-q', '-b', 'main')
        if self.rng.random() < .6:
            bare = os.path.join(self.base, 'bare.git')
            subprocess.run(['git', 'init', '-q', '--bare', '-b', 'main', bare], env=self.env, check=True)
            self.git('remote', 'add', 'origin', bare)
        with open(os.path.join(self.home, '.gitconfig'), 'w') as file:
            if self.rng.random() < .4: file.write('[core]\n\texcludesFile = ~/own-ignore # mine\n')
        with open(os.path.join(self.home, 'own-ignore'), 'w') as file: file.write(self.rng.choice(['', '*.md\n', '!a.log\nnote.*\n']))
        for _ in range(self.rng.randint(0, 25)): self.step()
        if self.rng.random() < .1 and self.git('rev-parse', '-q', '--verify', 'HEAD'):  # a linked work tree
            side = os.path.join(self.base, 'side')
            self.git('worktree', 'add', '-q', '-b', 'side', side)
            if os.path.isdir(side):
                self.top = side
                for _ in range(6): self.step()


def status(maker):
    """path -> letters of porcelain v1, of every file."""
    out = {}
    text = maker.git('--no-optional-locks', 'status', '--porcelain=v1', '-z', '-uall', '--ignored', '--no-renames')
    for row in text.split('\0'):
        if row: out[row[3:]] = row[:2]
    return out


def shown(path): return path.encode('utf8', 'surrogateescape').decode('utf8', 'replace')


def compare(maker, ours):
    """What differs, one line each."""
    wrong = []
    theirs = status(maker)
    if ours is None: return ['no work tree found']
    if not ours['whole']: wrong.append('not read whole')
    tracked = {shown(p) for p in maker.git('ls-files', '-z').split('\0') if p}
    wanted = {}
    for path, letters in theirs.items():
        if path.endswith('/'): continue  # another repository
        if letters == '??': wanted[shown(path)] = '?'
        elif letters == '!!': wanted[shown(path)] = '!'
        elif letters in ('DD', 'AU', 'UD', 'UA', 'DU', 'AA', 'UU'): wanted[shown(path)] = 'MD'
        elif letters[1] in 'MTA': wanted[shown(path)] = 'M'
        elif letters[1] == 'D': wanted[shown(path)] = 'D'
    for path in tracked: wanted.setdefault(path, '=')
    for path in sorted(set(wanted) | set(ours['files'])):
        if ours['files'].get(path, '-') not in wanted.get(path, '-'): wrong.append(f'{path!r}: git says {wanted.get(path)}, we {ours["files"].get(path)}')
    refs = dict(reversed(row.split(' ')) for row in maker.git('for-each-ref', '--format=%(objectname) %(refname)').splitlines() if row)
    refs.pop('refs/remotes/origin/HEAD', None)
    if refs != ours['refs']: wrong.append(f'refs: git {refs}, we {ours["refs"]}')
    head = maker.git('rev-parse', '-q', '--verify', 'HEAD').strip()
    if head != ours['head_hash']: wrong.append(f'HEAD: git {head}, we {ours["head_hash"]}')
    branch = maker.git('symbolic-ref', '-q', 'HEAD').strip()
    if branch != ours['head']: wrong.append(f'branch: git {branch}, we {ours["head"]}')
    if maker.git('rev-parse', '--show-toplevel').strip() != ours['top']: wrong.append('top')
    stashes = len(maker.git('stash', 'list').splitlines())
    if stashes != ours['stashes']: wrong.append(f'stashes: git {stashes}, we {ours["stashes"]}')
    remote = bool(maker.git('remote').strip())
    if remote != ours['has_remote']: wrong.append('has_remote')
    at_remote = {h for n, h in refs.items() if n.startswith('refs/remotes/')}
    only_here = sorted(n[len('refs/heads/'):] for n, h in refs.items() if n.startswith('refs/heads/') and h not in at_remote)
    if not branch and head and head not in at_remote and head not in {h for n, h in refs.items() if n.startswith('refs/heads/')}: only_here.append('HEAD')
    if sorted(ours['unpushed']) != sorted(only_here): wrong.append(f'only here: git {only_here}, we {ours["unpushed"]}')
    staged = any(letters[0] not in ' ?!' for letters in theirs.values())
    if ours['staged'] is not None and ours['staged'] != staged and not any(l == ' A' for l in theirs.values()): wrong.append(f'staged: git {staged}, we {ours["staged"]}')
    return wrong


def main():
    facts, states = sys.argv[1], int(sys.argv[2]) if len(sys.argv) > 2 else 240
    seed = int(sys.argv[3]) if len(sys.argv) > 3 else 1
    if shutil.which('git') is None: return print('skipped: git is not installed')
    passed = failed = told = 0
    for number in range(seed, seed + states):
        with tempfile.TemporaryDirectory(prefix='cmdai-repository-') as base:
            home = os.path.join(base, 'home')
            os.makedirs(home)
            maker = Maker(random.Random(number), base, home)
            maker.make()
            answer = subprocess.run([facts, home, maker.top], capture_output=True, check=True).stdout.decode('utf8')
            ours = json.loads(answer)
            wrong = compare(maker, ours)
            told += bool(ours) and ours['staged'] is not None
        passed, failed = passed + (not wrong), failed + bool(wrong)
        for line in wrong[:6]: print(f'state {number}: {line}')
    print(f'whether something is staged could be told in {told} of {states} states')
    print(f'{passed} passed, {failed} failed')
    sys.exit(failed != 0)


if __name__ == '__main__':
    main()
