#!/usr/bin/python3
"""A guarded shell in a real terminal, typed into by a script. What is printed is what the shell printed.

usage: demonstration.py CMDAI [SHELL]

HOME is a decoy folder with a file in it; at the end the file must still be there, or this exits with 1.
Only the standard library: quickstart.sh runs it on a bare system.
"""
import os, pty, re, select, shutil, signal, sys, tempfile, time

LINES = ['ls', 'echo "rm -rf ~ is only a text here"', 'rm -rf ~', 'sh -c "cd; rm -rf ./*"',
         "echo 'rm -rf \"$HOME/$1\"' > tidy.sh", 'sh tidy.sh', 'rm -rf build/', 'ls']
PROMPT = 'demo$ '
DEADLINE = 60  # seconds for one answer; a machine under load is slow, not broken


class Terminal:
    def __init__(self, command, env, cwd):
        self.pid, self.fd = pty.fork()
        if self.pid == 0:
            os.chdir(cwd)
            os.execvpe(command[0], command, env)
        self.text = ''

    def read_until(self, done):
        end = time.monotonic() + DEADLINE
        while not done(self.text):
            if time.monotonic() > end: raise TimeoutError(f'no answer; the screen so far:\n{self.text}')
            if select.select([self.fd], [], [], 0.2)[0]:
                try: data = os.read(self.fd, 65536)
                except OSError: return
                if not data: return
                self.text += data.decode('utf8', 'replace')

    def type(self, line):
        os.write(self.fd, line.encode() + b'\r')


def screen(text):
    """What a terminal shows after these bytes: as much of one as a line editor needs."""
    rows, row, column = [[]], 0, 0
    for piece in re.finditer(r'\x1b\[([0-9;?]*)([a-zA-Z])|\x1b\][^\a]*\a|\x1b.|(.)', text, re.S):
        number, letter, char = piece.group(1), piece.group(2), piece.group(3)
        count = int(number) if number and number.isdigit() else 1
        if letter == 'A': row = max(0, row - count)
        elif letter == 'C': column += count
        elif letter == 'D': column = max(0, column - count)
        elif letter == 'G': column = count - 1
        elif letter == 'K': rows[row] = [] if number == '2' else rows[row][:column]
        elif letter == 'J': rows[row], rows[row + 1:] = rows[row][:column], []
        elif char == '\r': column = 0
        elif char == '\b': column = max(0, column - 1)
        elif char == '\n':
            row += 1  # the kernel sends \r before it
            if row == len(rows): rows.append([])
        elif char and char >= ' ':
            rows[row] += [' '] * (column + 1 - len(rows[row]))
            rows[row][column] = char
            column += 1
    while len(rows) > row + 1 and not rows[-1]: rows.pop()
    return '\n'.join(''.join(line).rstrip() for line in rows)


def transcript(cmdai, home):
    """One entry a line typed: (line, what came back). The shell is bash: it is on every system this runs on."""
    project = os.path.join(home, 'project')
    os.makedirs(os.path.join(project, 'build'))
    for name in ('notes.txt', 'build/a.o'): open(os.path.join(project, name), 'w').write('precious\n')
    open(os.path.join(home, '.bashrc'), 'w').write(f"PS1='{PROMPT}'\n")
    env = {'HOME': home, 'PATH': os.environ['PATH'], 'TERM': 'xterm', 'LANG': 'C.UTF-8', 'USER': os.environ.get('USER', 'you')}
    for name in ('XDG_RUNTIME_DIR', 'CMDAI_SOCKET', 'CMDAI_DATA_DIR'):
        if name in os.environ: env[name] = os.environ[name]
    terminal = Terminal([cmdai, 'shell', 'bash'], env, project)
    terminal.read_until(lambda t: t.endswith(PROMPT))
    entries = []
    for line in LINES:
        start = len(terminal.text)
        terminal.type(line)
        # readline switches bracketed paste on when it begins to read: that is the next prompt, not a redrawn one.
        terminal.read_until(lambda t: '\x1b[?2004h' in t[start:] and screen(t[start:]).split('\n')[-1] == PROMPT.rstrip())
        shown = screen(PROMPT + terminal.text[start:]).split('\n')
        echo = max(i for i, row in enumerate(shown) if row == PROMPT + line)
        entries.append((line, '\n'.join(shown[echo + 1:-1])))
    terminal.type('exit')
    terminal.read_until(lambda t: False)
    os.waitpid(terminal.pid, 0)
    return entries, os.path.exists(os.path.join(project, 'notes.txt')), os.path.exists(os.path.join(project, 'build'))


def main():
    cmdai = os.path.abspath(sys.argv[1])
    home = tempfile.mkdtemp(prefix='cmdai-demo-')
    try:
        entries, survived, build_left = transcript(cmdai, home)
    finally:
        shutil.rmtree(home, ignore_errors=True)
    print('\nA guarded shell, with a decoy as its home:\n')
    for line, reply in entries:
        print(f'  $ {line}')
        for row in reply.splitlines(): print(f'  {row}')
    print()
    if not survived: sys.exit('error: the decoy was deleted: the guard did not hold')
    if build_left: sys.exit('error: a harmless command did not run: the demonstration proves nothing')
    print('The dangerous lines did not run, the harmless ones did: the decoy home is intact.')


if __name__ == '__main__':
    signal.signal(signal.SIGPIPE, signal.SIG_DFL)
    main()
