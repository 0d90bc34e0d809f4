#!/usr/bin/python3
"""cmdai start, stop, status, reload, log, doctor, allow CODE and shell: what needs the daemon or a terminal.

usage: daemon_test.py CMDAI [TEST…]
"""
import json, os, pty, re, select, shutil, signal, socket, subprocess, threading, time
import support
from support import CMDAI, DEADLINE, Skip, check, holds, refuses, same


def status(box):
    return json.loads(box.run('status', '--json').out)


def events(box):
    with open(box.record()) as file: return [json.loads(line) for line in file]


def test_start_status_stop(box):
    refuses(box.run('status'), 3, 'the daemon does not run', 'hint: `cmdai start`')
    r = box.run('start')
    same((r.status, r.err), (0, ''), r)
    pid = int(re.fullmatch(r'cmdaid [\d.]+ started \(pid (\d+)\)\n', r.out).group(1))
    same(box.run('start').out.split('(')[0], r.out.split('started')[0] + 'runs already ')
    s = status(box)
    same((s['pid'], s['socket'], s['log']), (pid, box.env['CMDAI_SOCKET'], box.record()))
    check(s['rules'] > 50 and s['connections'] >= 1 and s['sessions'] == [], s)
    holds(box.run('status').out, f'pid {pid}', s['policy'], box.record())
    r = box.run('stop')
    same((r.status, r.out), (0, 'cmdaid ended\n'), r)
    same(box.run('stop').out, 'cmdaid does not run\n')
    same(box.run('stop').status, 0)
    check(not os.path.exists(box.env['CMDAI_SOCKET']), 'the socket is left')


def ask(box, kind, **fields):
    """One frame to the daemon, as docs/protocol.md says; its answer's type and fields."""
    body = b''.join(f'{k}={v}'.encode() + b'\0' for k, v in fields.items())
    with socket.socket(socket.AF_UNIX) as s:
        s.settimeout(DEADLINE)
        s.connect(box.env['CMDAI_SOCKET'])
        s.sendall(f'cmdai/1 {kind} {len(body)}\n'.encode() + body)
        data = b''
        while b'\n' not in data or len(data.split(b'\n', 1)[1]) < int(data.split(b'\n')[0].split()[2]): data += s.recv(65536)
    head, rest = data.split(b'\n', 1)
    return head.split()[1].decode(), dict(f.split('=', 1) for f in rest.decode().split('\0') if f)


def test_status_and_doctor_know_a_session(box):
    box.run('start')
    same(ask(box, 'session', session='s1', event='open', shell='zsh', version='5.9', pid=str(os.getpid()), level='preexec', transport='zsocket')[0], 'ok')
    ask(box, 'check', session='s2', cmd='ls', shell='bash')
    by_id = {s['id']: s for s in status(box)['sessions']}
    same(sorted(by_id), ['s1', 's2'])
    same({k: by_id['s1'][k] for k in ('shell', 'pid', 'level', 'transport')}, {'shell': 'zsh', 'pid': str(os.getpid()), 'level': 'preexec', 'transport': 'zsocket'})
    same((by_id['s2']['shell'], by_id['s2']['level']), ('bash', ''))
    check(int(by_id['s2']['last_check']) > 0)
    holds(box.run('status').out, 'sessions  2', f'    zsh 5.9 (pid {os.getpid()}): level preexec, transport zsocket; open for ', 'no command yet',
          '    bash: level not said, transport not said; last check ')
    holds(box.run('doctor').out, f'ok    session zsh 5.9 (pid {os.getpid()}): level preexec')
    holds(box.run('doctor', env={'CMDAI_SESSION': 's1'}).out, 'ok    this session is guarded (s1)')
    holds(box.run('doctor', env={'CMDAI_SESSION': 's9'}).out, 'has not heard of it')


def test_stop_and_start_at_once(box):
    for _ in range(5):
        same(box.run('start').status, 0)
        same(box.run('stop').status, 0)


def test_many_starts_are_one_daemon(box):
    running = [subprocess.Popen([CMDAI, 'start'], env=box.env, cwd=box.project, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE) for _ in range(6)]
    said = [p.communicate(timeout=DEADLINE)[0].decode() for p in running]
    same([p.returncode for p in running], [0] * 6, said)
    same(len({re.search(r'pid (\d+)', text).group(1) for text in said}), 1, said)


def test_a_killed_daemon_is_replaced(box):
    box.run('start')
    pid = status(box)['pid']
    os.kill(pid, signal.SIGKILL)
    while os.path.exists(f'/proc/{pid}/exe'): time.sleep(0.01)
    check(os.path.exists(box.env['CMDAI_SOCKET']), 'no stale socket to survive')
    r = box.run('check', '--', 'rm -rf ~')
    same((r.status, r.err), (1, ''), r)
    check(status(box)['pid'] != pid)


def test_no_daemon_program(box):
    """A copy of cmdai with no cmdaid beside it."""
    alone = shutil.copy(CMDAI, os.path.join(box.root, 'cmdai'))
    def run(*words): return subprocess.run([alone, *words], env=box.env | {'PATH': '/usr/bin:/bin'}, cwd=box.project, stdin=subprocess.DEVNULL, capture_output=True)
    done = run('start')
    same(done.returncode, 3, done)
    holds(done.stderr.decode(), '`cmdaid` was not found', 'hint: ')
    done = run('check', '--', 'rm -rf ~')
    same(done.returncode, 1, done)
    holds(done.stderr.decode(), 'judged without the daemon', 'cmdaid')


def test_a_loose_directory_is_refused(box):
    loose = os.path.join(box.root, 'loose')
    os.mkdir(loose)
    os.chmod(loose, 0o777)
    for command in ('start', 'stop', 'status', 'reload'):
        refuses(box.run(command, env={'CMDAI_SOCKET': loose + '/d.sock'}), 3, loose, 'hint: ')


def test_somebody_elses_directory_and_socket_are_refused(box):
    if os.getuid() != 0: raise Skip('only root can give a file to somebody else')
    run = os.path.dirname(box.env['CMDAI_SOCKET'])
    box.run('start')
    os.chown(box.env['CMDAI_SOCKET'], 12345, 12345)
    refuses(box.run('status'), 3, box.env['CMDAI_SOCKET'], 'hint: ')
    r = box.run('check', '--', 'rm -rf ~')
    same(r.status, 1, r)
    holds(r.err, 'judged without the daemon')
    os.chown(box.env['CMDAI_SOCKET'], 0, 0)
    os.chown(run, 12345, 12345)
    refuses(box.run('status'), 3, run, 'hint: ')
    os.chown(run, 0, 0)
    same(box.run('status').status, 0)


def test_odd_socket_paths(box):
    refuses(box.run('status', env={'CMDAI_SOCKET': 'relative.sock'}), 3, 'CMDAI_SOCKET')
    refuses(box.run('status', env={'CMDAI_SOCKET': '/tmp/' + 'x' * 200}), 3, '107 bytes', 'shorter path')


def test_a_missing_runtime_directory_falls_back(box):
    for runtime in (box.root + '/not-there', None):
        env = {'CMDAI_SOCKET': None, 'XDG_RUNTIME_DIR': runtime}
        r = box.run('start', env=env)
        try:
            same((r.status, r.err), (0, ''), r)
            same(json.loads(box.run('status', '--json', env=env).out)['socket'], f'{box.root}/cmdai-{os.getuid()}/cmdaid.sock')
        finally:
            same(box.run('stop', env=env).status, 0)


def test_reload_and_a_broken_configuration(box):
    box.write(box.config('config.toml'), '[profile]\nhuman = "strict"\n')
    box.run('start')
    first = box.run('check', '--', 'git push --force')
    same(json.loads(box.run('check', '--json', '--', 'git push --force').out)['decision'], 'block', first)
    path = box.write(box.config('config.toml'), '[profile]\nhuman = "strikt"\n')
    r = box.run('reload')
    same((r.status, r.out), (2, ''), r)
    holds(r.err, f'{path}:2:', 'strikt', '^', 'did you mean `strict`?', 'last good policy')
    same(json.loads(box.run('check', '--json', '--', 'git push --force').out)['decision'], 'block', 'the last good policy was lost')
    holds(box.run('status').out, f'{path}:2:', 'last good policy')
    r = box.run('doctor')
    same(r.status, 1)
    holds(r.out, 'BAD', 'a policy file is broken', 'policy check')
    box.write(path, '')
    r = box.run('reload')
    same((r.status, r.err), (0, ''), r)
    check(re.fullmatch(r'\d+ rules, policy [0-9a-f]{16}\n', r.out), r.out)
    same(json.loads(box.run('check', '--json', '--', 'git push --force').out)['decision'], 'ask')
    box.run('stop')
    refuses(box.run('reload', env={'CMDAI_DAEMON': '/nowhere', 'CMDAI_SOCKET': box.root + '/x/y/z.sock', 'XDG_RUNTIME_DIR': None}), 3, 'hint: ')


def test_a_code_allows_exactly_one_run(box):
    shown = box.run('check', '--', 'git push --force')
    same(shown.status, 1)
    code = re.search(r'cmdai allow ([A-Za-z0-9-]+)', shown.out).group(1)
    refuses(box.run('allow', code), 1, 'terminal')
    same(box.run('check', '--', 'git push --force').status, 1)
    r = box.run_in_terminal('allow', code)
    same(r.status, 0, r)
    holds(r.out, 'allowed once', 'git push --force')
    same(box.run('check', '--', 'git push --force origin').status, 1, 'another command passed')
    same(box.run('check', '--', 'git push --force', cwd=box.home).status, 1, 'another place passed')
    same(box.run('check', '--', 'git push --force').status, 0)
    same(box.run('check', '--', 'git push --force').status, 1, 'it passed twice')
    r = box.run_in_terminal('allow', code)
    same(r.status, 1, r)
    holds(r.out, 'no such code')
    check('approval' in [e['type'] for e in events(box)])


def test_a_code_lets_a_core_rule_pass_once(box):
    code = re.search(r'cmdai allow ([A-Za-z0-9-]+)', box.run('check', '--', 'rm -rf ~').out).group(1)
    same(box.run_in_terminal('allow', code).status, 0)
    same([box.run('check', '--', 'rm -rf ~').status for _ in range(2)], [0, 1])


def fill(box):
    for command in ('ls', 'git push --force', 'rm -rf ~', 'eval "$x"'):
        box.run('check', '--', command)
    box.run('check', '--actor', 'agent:tester', '--', 'git reset --hard')


def test_log_for_people(box):
    refuses_nothing = box.run('log')
    same((refuses_nothing.status, refuses_nothing.out), (0, ''), refuses_nothing)
    holds(refuses_nothing.err, 'nothing is recorded')
    fill(box)
    r = box.run('log')
    same((r.status, r.err), (0, ''), r)
    check(re.search(r'^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d  ask     git push --force  \(git\.push-force\)$', r.out, re.M), r.out)
    holds(r.out, 'rm -rf ~', '[tester]', 'daemon.start')
    check('\x1b' not in r.out)
    check('\x1b[' in box.run_in_terminal('log').out, 'no colours on a terminal')
    same(box.run('log', env={'TZ': 'XXX-14'}).out.splitlines()[0][11:13] == r.out.splitlines()[0][11:13], False, 'times are not local')


def test_log_filters(box):
    fill(box)
    def commands(*words): return [json.loads(line).get('command') for line in box.run('log', '--json', *words).out.splitlines()]
    same(commands('--action', 'allow'), ['ls'])
    same(commands('--action', 'warn'), ['eval "$x"'])
    same(commands('--action', 'block')[:1], ['rm -rf ~'])
    check('git push --force' in commands('--action', 'stopped') and 'ls' not in commands('--action', 'stopped'))
    same(commands('--rule', 'git.push-force'), ['git push --force'])
    same(commands('--rule', 'git.*'), ['git push --force', 'git reset --hard'])
    same(commands('--rule', 'gi.*'), [])
    same(commands('--session', 'nobody'), [])
    same(commands('-n', '1', '--action', 'stopped'), ['git reset --hard'])
    same(len(commands('-n', '0')), len(events(box)))
    same(len(commands('--since', '1h', '-n', '0')), len(events(box)))
    same(commands('--since', '2001-01-01', '--action', 'allow'), ['ls'])
    same(commands('--since', '2999-01-01'), [])
    refuses(box.run('log', '--since', 'yesterdayish'), 2, 'is no time', 'hint: ')
    refuses(box.run('log', '--action', 'alow'), 2, 'unknown action `alow`', 'hint: ')
    refuses(box.run('log', '-n', 'many'), 2, 'no number', 'hint: ')
    refuses(box.run('log', '-n', '-1'), 2, 'no number')


def test_log_json_is_the_file(box):
    fill(box)
    with open(box.record()) as file: same(box.run('log', '--json', '-n', '0').out, file.read())


def test_log_verify(box):
    fill(box)
    box.run('stop')
    r = box.run('log', '--verify')
    same((r.status, r.err), (0, ''), r)
    holds(r.out, 'nothing changed')
    with open(box.record()) as file: lines = file.readlines()
    changed_line = lines[2].replace('"ask"', '"allow"')
    check(changed_line != lines[2])
    for name, changed, place, said in [('changed', lines[:2] + [changed_line] + lines[3:], ':3', 'event 3 was changed'),
                                       ('missing', lines[:2] + lines[3:], ':3', 'missing'), ('reordered', lines[:1] + [lines[2], lines[1]] + lines[3:], ':2', ''),
                                       ('cut off', lines[:-1], '', 'missing at the end'), ('added', lines + lines[-1:], f':{len(lines) + 1}', '')]:
        with open(box.record(), 'w') as file: file.writelines(changed)
        r = box.run('log', '--verify')
        same(r.status, 1, f'{name}: {r}')
        check(re.search(rf'^{re.escape(box.record())}{place}.*: .', r.out, re.M), f'{name}: {r}')
        holds(r.out, said)
        holds(r.err, 'not as it was written')
    with open(box.record(), 'w') as file: file.writelines(lines)
    same(box.run('log', '--verify').status, 0)
    with open(box.record(), 'w') as file: file.writelines(lines[:2] + lines[3:])
    check(any(f['finding'] == 'bad' and 'record' in f['what'] and 'log --verify' in f['mend'] for f in findings(box)))


def test_log_survives_lines_somebody_wrote(box):
    fill(box)
    with open(box.record(), 'a') as file: file.write('{"action": 5, "time": [], "command": {}}\nnot json\n[]\n{"seq": "x", "time": "2027"}\n\x1b[31mred\n')
    r = box.run('log')
    same(r.status, 0, r)
    holds(r.out, 'rm -rf ~')
    check('\x1b' not in r.out)
    same(box.run('log', '--json', '--rule', 'git.*').status, 0)


def test_log_follow(box):
    fill(box)
    watcher = subprocess.Popen([CMDAI, 'log', '-f', '-n', '1', '--json', '--action', 'stopped'], env=box.env, cwd=box.project, stdin=subprocess.DEVNULL,
                               stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    lines = []

    def next_line():
        text, end = b'', time.monotonic() + DEADLINE
        while not text.endswith(b'\n'):
            if time.monotonic() > end: raise AssertionError(f'nothing came after {lines}')
            if select.select([watcher.stdout], [], [], 0.2)[0]: text += os.read(watcher.stdout.fileno(), 1)
        lines.append(json.loads(text)['command'])

    next_line()
    for command in ('ls', 'git push -f', 'echo', 'git clean -fdx'): box.run('check', '--', command)
    next_line()
    next_line()
    same(lines, ['git reset --hard', 'git push -f', 'git clean -fdx'])
    box.run('stop')
    same(watcher.wait(DEADLINE), 3)
    holds(watcher.stderr.read().decode(), 'the daemon closed the connection')
    watcher.stdout.close()
    watcher.stderr.close()


def findings(box, **more):
    r = box.run('doctor', '--json', **more)
    check(r.status in (0, 1), r)
    found = json.loads(r.out)
    same(r.status, 1 if any(f['finding'] == 'bad' for f in found) else 0)
    for f in found: check(f['finding'] == 'ok' or f['what'], f)
    return found


def test_doctor(box):
    found = findings(box)
    texts = '\n'.join(f"{f['finding']} {f['what']} {f['mend']}" for f in found)
    holds(texts, 'ok the daemon answers', 'ok the record is whole', 'this session is not guarded', 'never guarded')
    for f in found:
        if f['finding'] == 'bad': check(f['mend'], f'no remedy: {f}')
    r = box.run('doctor')
    same(r.err, '')
    for f in found: holds(r.out, f['what'].split(' (pid')[0].split(':')[0])


def stand_in(box, **fields):
    """Answers every frame as a daemon would that says this of itself."""
    server = socket.socket(socket.AF_UNIX)
    server.bind(box.env['CMDAI_SOCKET'])
    os.chmod(box.env['CMDAI_SOCKET'], 0o600)
    server.listen()
    body = b''.join(f'{k}={v}'.encode() + b'\0' for k, v in fields.items())

    def serve():
        while True:
            try: connection, _ = server.accept()
            except OSError: return
            with connection:
                if connection.recv(65536): connection.sendall(f'cmdai/1 status {len(body)}\n'.encode() + body)
    threading.Thread(target=serve, daemon=True).start()
    return server


def test_a_daemon_of_another_build_is_told(box):
    box.run('start')
    own = status(box)
    check(re.fullmatch(r'[0-9a-f]{12}', own['build']), own)
    same(own['other_build'], '')
    for shown in (box.run('status').out, box.run('doctor').out): check('another build' not in shown, shown)
    box.run('stop')
    other = {'version': own['version'], 'build': '0123456789ab'}
    for said in (other, {'version': '0.0.9', 'build': own['build']}, {'version': own['version']}):
        with stand_in(box, pid=os.getpid(), uptime=1, rules=1, **said):
            r = box.run('status')
            holds(r.out, f'the daemon is of another build (version {said["version"]}, build {said.get("build", "unknown")})', own['build'], 'hint: cmdai stop')
            check(status(box)['other_build'].startswith('the daemon is of another build'))
            r = box.run('doctor')
            same(r.status, 1, r)
            holds(r.out, 'BAD   the daemon is of another build', 'mend: cmdai stop')
        os.unlink(box.env['CMDAI_SOCKET'])


def test_the_lines_of_a_session_follow_on_each_other(box):
    def rows(*lines): return box.lines(*({'command': c, 'session': s, 'cwd': '/tmp'} for s, c in lines), words=('check', '--jsonl'))[1]
    answers = rows(('a', 'wget https://dl.example.org/tool'), ('b', './tool'), ('a', './tool'), ('', './tool'))
    same([a['decision'] for a in answers], ['allow', 'allow', 'ask', 'allow'])
    same(answers[2]['rule'], 'exec.downloaded-before')
    same(box.run('check', '--session', 'a', '--cwd', '/tmp', '--', './tool').status, 1)
    same(box.run('check', '--session', 'b', '--cwd', '/tmp', '--', './tool').status, 0)
    holds(box.run('check', '--session', 'a', '--cwd', '/tmp', '--', './tool').out, 'downloaded', 'from dl.example.org')
    same(box.run('check', '--session', 'a', '--cwd', '/tmp', '--', 'D=/').status, 0)
    same(json.loads(box.run('check', '--json', '--session', 'a', '--cwd', '/tmp', '--', 'rm -rf "$D"').out)['decision'], 'block')
    for words, env in ((('--session', 'a'), {}), ((), {'CMDAI_SESSION': 'a'})):
        holds(box.run('explain', *words, '--cwd', '/tmp', '--', 'rm -rf "$D"', env=env).out, 'deletes /', 'cmdai: blocked')
    holds(box.run('explain', '--session', 'b', '--cwd', '/tmp', '--', 'rm -rf "$D"', env={'CMDAI_SESSION': 'a'}).out, 'cmdai: allowed')
    box.run('stop')  # a new daemon knows nothing of it
    same(box.run('check', '--session', 'a', '--cwd', '/tmp', '--', './tool').status, 0)
    for words in (('check',), ('check', '--jsonl'), ('explain',)):
        refuses(box.run(*words, '--session', 'a', '--local', '--', 'ls'), 2, '`--session` and `--local` do not go together', 'hint: ')
    refuses(box.run('check', '--session', 'x' * 257, '--', 'ls'), 2, "at most 256 bytes, not 257", 'hint: ')
    same(box.run('check', '--session', 'x' * 256, '--', 'ls').status, 0)
    holds(box.lines({'command': 'ls', 'session': 'x' * 257}, words=('check', '--jsonl'))[1][0]['error'], 'at most 256 bytes')
    text = open(box.record()).read()
    check('"rm -rf \\"$D\\""' in text and 'deletes / ' not in text, text)


def test_doctor_knows_the_rc_line(box):
    rc = {'bash': '.bashrc', 'zsh': '.zshrc', 'fish': '.config/fish/config.fish'}
    lines = {'bash': 'eval "$(cmdai init bash)"', 'zsh': 'eval "$(/opt/bin/cmdai init zsh)"', 'fish': 'cmdai init fish | source'}
    for shell in rc:
        if not shutil.which(shell): continue
        def found(): return [f for f in findings(box) if f['what'].startswith(shell + ' is ')]
        path = os.path.join(box.home, rc[shell])
        for text in (None, '# ' + lines[shell] + '\n', 'echo cmdai\n'):
            if text is not None: box.write(path, text)
            (only,) = found()
            same(only['finding'], 'note', only)
            holds(only['mend'], f'cmdai init {shell}', path)
        box.write(path, 'a=1\n  ' + lines[shell] + '\n')
        (only,) = found()
        same(only['finding'], 'ok', only)


def test_doctor_sees_a_record_others_can_read(box):
    box.run('check', '--', 'ls')
    os.chmod(box.record(), 0o644)
    (only,) = [f for f in findings(box) if 'by others' in f['what']]
    same((only['finding'], only['mend'].endswith(f'chmod 600 {box.record()}')), ('bad', True))
    os.chmod(box.record(), 0o600)
    same([f for f in findings(box) if 'by others' in f['what']], [])


def test_doctor_without_a_place_for_the_record(box):
    with open(os.path.join(box.home, '.local'), 'w') as file: file.write('')
    box.run('check', '--', 'ls')
    found = findings(box)
    check(any(f['finding'] == 'bad' and 'not recorded' in f['what'] and f['mend'] for f in found), found)


def in_shell(box, shell, *typed):
    """A guarded shell in a terminal, typed into; what it showed."""
    if not shutil.which(shell): raise Skip(f'{shell} is not installed')
    pid, fd = pty.fork()
    if pid == 0:
        os.chdir(box.project)
        os.execve(CMDAI, [CMDAI, 'shell', shell], box.env | {'TERM': 'dumb' if shell != 'fish' else 'xterm', 'PS1': '> '})
    text, asked = '', 0

    def until(done):
        nonlocal text, asked
        end = time.monotonic() + DEADLINE
        while not done():
            if time.monotonic() > end: raise AssertionError(f'no answer; the screen so far:\n{text}')
            if not select.select([fd], [], [], 0.2)[0]: continue
            try: data = os.read(fd, 65536)
            except OSError: return
            if not data: return
            text += data.decode('utf8', 'replace')
            # fish 4 asks the terminal who it is, and waits.
            while text.count('\x1b[c') > asked:
                asked += 1
                os.write(fd, b'\x1b[?62c')

    until(lambda: 'rc file was read' in text)
    for number, line in enumerate(typed):
        os.write(fd, f'{line}; echo do""ne{number}\r'.encode())
        until(lambda: f'done{number}' in text)
    os.write(fd, b'exit\r')
    until(lambda: False)
    os.close(fd)
    os.waitpid(pid, 0)
    return text


def test_guarded_shell_reads_the_rc_and_leaves_nothing(box):
    rc = {'bash': '.bashrc', 'zsh': '.zshrc', 'fish': '.config/fish/config.fish'}
    for shell in rc:
        if not shutil.which(shell): continue
        before = box.write(os.path.join(box.home, rc[shell]), 'alias rm="echo not-me"\necho "rc file was read"\n')
        content = open(before).read()
        text = in_shell(box, shell, 'echo "[$CMDAI_SHELL]"', 'echo "zdot:[$ZDOTDIR]"')
        holds(text, '[1]', 'zdot:[]')
        same(open(before).read(), content, f'{shell} changed its rc file')
        left = [name for name in os.listdir(box.root) if name.startswith('cmdai-shell-')]
        same(left, [], f'{shell} left its folder')


def test_guarded_zsh_keeps_zdotdir(box):
    mine = os.path.join(box.home, 'zsh files')
    os.mkdir(mine)
    box.write(mine + '/.zshrc', 'echo "rc file was read"\n')
    box.env['ZDOTDIR'] = mine
    holds(in_shell(box, 'zsh', 'echo "zdot:[$ZDOTDIR]"'), f'zdot:[{mine}]')


def test_shell_that_is_not_installed(box):
    r = box.run('shell', 'zsh', env={'PATH': '/nowhere'})
    same(r.status, 2, r)
    holds(r.err, '`zsh` cannot be run', 'hint: ')
    same([name for name in os.listdir(box.root) if name.startswith('cmdai-shell-')], [])


if __name__ == '__main__':
    support.main()
