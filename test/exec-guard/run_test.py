#!/usr/bin/python3
"""`cmdai run`: whatever starts a program, and however, it is judged. usage: run_test.py CMDAI [TEST…]

What is refused would delete the home of the box, which is a temp folder; that it is still there is the proof. Each test lets
something harmless run the same way first: a guard that refuses everything would pass otherwise.
"""
import errno, json, os, pty, select, shutil, signal, subprocess, sys, time
sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), '../cli'))
from support import CMDAI, DEADLINE, Skip, check, holds, same
import support

def run(box, *words, **more):
    return box.run('run', '--', *words, **more)


def build(box, name, source, *flags, libc=True):
    """A static C program, so that nothing of libc's start-up can be hooked. `libc`: musl's, where it is (it has no kernel headers)."""
    path = os.path.join(box.root, name)
    code = box.write(path + '.c', source)
    compiler = libc and shutil.which('musl-gcc') or shutil.which('cc')
    if compiler is None: raise Skip('no C compiler')
    subprocess.run([compiler, '-static', '-O1', '-o', path, code, *flags], check=True, capture_output=True)
    return path


def both_ways(box, start, status=None):
    """`start(argv)` gives the words that run argv in some way. Harmless: it ran. Refused: the home is there."""
    marker, truth = os.path.join(box.project, 'marker'), box.write(os.path.join(box.home, 'truth'), 'still here')
    done = run(box, *start(['/usr/bin/touch', marker]))
    check(os.path.exists(marker), f'what is harmless did not run: {done}')
    refused = run(box, *start(['/usr/bin/rm', '-rf', box.home]))
    check(os.path.exists(truth), f'the home is gone: {refused}')
    holds(refused.err, 'fs.delete-home')
    return refused


def test_a_program_runs_and_its_status_is_passed_on(box):
    done = run(box, 'sh', '-c', 'echo out; echo err >&2; exit 7')
    same((done.status, done.out, done.err), (7, 'out\n', 'err\n'))
    same(run(box, 'sh', '-c', 'kill -9 $$').status, 137)
    same(run(box, 'sh', '-c', 'cat', stdin='in\n').out, 'in\n')
    missing = run(box, 'no-such-program')
    same(missing.status, 127)
    holds(missing.err, 'no-such-program', 'No such file')


def test_the_program_itself_is_judged(box):
    refused = both_ways(box, lambda argv: argv)
    same(refused.status, 126)


def test_a_shell_of_the_tree(box):
    both_ways(box, lambda argv: ['bash', '--norc', '-c', '"$@"; exit 0', 'x', *argv])


def test_without_environment(box):
    both_ways(box, lambda argv: ['env', '-i', '/bin/sh', '-c', ' '.join(argv) + '; :'])


def test_what_a_text_hides_is_seen_when_it_runs(box):
    """The engine cannot know what comes out of the file; the exec can."""
    def start(argv):
        words = box.write(os.path.join(box.root, 'words'), '\0'.join(argv))
        return ['python3', '-c', f'import subprocess,sys; sys.exit(subprocess.call(open({words!r}).read().split(chr(0))))']
    both_ways(box, start)


def test_node(box):
    if not shutil.which('node', path=box.env['PATH']): raise Skip('node is not installed')
    def start(argv):
        words = box.write(os.path.join(box.root, 'words.json'), json.dumps(argv))
        return ['node', '-e', f'const a=JSON.parse(require("fs").readFileSync({words!r}));'
                              'require("child_process").spawnSync(a[0],a.slice(1),{stdio:"inherit"})']
    both_ways(box, start)


def test_make(box):
    def start(argv):
        # `include` of a file the engine does not read: a generated one
        box.write(os.path.join(box.root, 'words'), ' '.join(argv))
        box.write(os.path.join(box.project, 'Makefile'), f'all:\n\t@$(shell cat {box.root}/words) || true\n')
        return ['make', '-s']
    if not shutil.which('make', path=box.env['PATH']): raise Skip('make is not installed')
    both_ways(box, start)


def words_file(box, argv):
    return box.write(os.path.join(box.root, 'words'), '\0'.join(argv) + '\0')


READ_WORDS = r'''
#define _GNU_SOURCE
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>
#include <errno.h>
static char words[65536]; static char *argv_[64];
static void read_words(const char *path) {
  int fd = open(path, O_RDONLY); ssize_t n = read(fd, words, sizeof words - 1); close(fd);
  int i = 0; for (char *w = words; w < words + n; w += strlen(w) + 1) argv_[i++] = w;
}
extern char **environ;
'''


def static_way(box, name, body, *flags):
    program = build(box, name, READ_WORDS + 'int main(int argc, char **argv) { read_words(argv[1]); ' + body + ' }', *flags)
    return both_ways(box, lambda argv: [program, words_file(box, argv)])


def test_a_static_program(box):
    refused = static_way(box, 'static', 'execve(argv_[0], argv_, environ); return errno;')
    same(refused.status, 1, 'EPERM: execvp(3) does not look for the program further on in PATH')


def test_vfork(box):
    static_way(box, 'vfork', 'pid_t p = vfork(); if (!p) { execve(argv_[0], argv_, environ); _exit(9); } int s; waitpid(p, &s, 0); return 0;')


def test_execveat_and_fexecve(box):
    static_way(box, 'by-folder', 'int d = open("/usr/bin", O_RDONLY|O_DIRECTORY); syscall(SYS_execveat, d, strrchr(argv_[0], \'/\') + 1, argv_, environ, 0); return 0;')
    static_way(box, 'empty', 'int f = open(argv_[0], O_RDONLY); syscall(SYS_execveat, f, "", argv_, environ, AT_EMPTY_PATH); return 0;')
    static_way(box, 'devfd', 'int f = open(argv_[0], O_RDONLY); char p[64]; snprintf(p, 64, "/dev/fd/%d", f); execve(p, argv_, environ); return 0;')
    static_way(box, 'self', 'int f = open(argv_[0], O_RDONLY); char p[64]; snprintf(p, 64, "/proc/self/fd/%d", f); execve(p, argv_, environ); return 0;')


def test_a_thread_that_is_not_the_first(box):
    static_way(box, 'thread', 'extern int run(void); return run(); } \n#include <pthread.h>\nstatic void *go(void *x) { execve(argv_[0], argv_, environ); return x; }\n'
                              'int run(void) { pthread_t t; pthread_create(&t, 0, go, 0); pthread_join(t, 0); return 0;', '-pthread')


def test_the_32_bit_abi(box):
    """i386 by int 0x80 out of a 64-bit program: the pointers have to lie low."""
    if os.uname().machine != 'x86_64': raise Skip('not x86-64')
    body = r'''
      char *low = (char *)mmap((void *)0x10000000, 65536, PROT_READ|PROT_WRITE, MAP_PRIVATE|MAP_ANONYMOUS|MAP_FIXED, -1, 0);
      unsigned *vector = (unsigned *)low; char *at = low + 4096; int n = 0;
      for (char **w = argv_; *w; ++w) { strcpy(at, *w); vector[n++] = (unsigned)(unsigned long)at; at += strlen(*w) + 1; }
      vector[n] = 0; vector[n + 1] = 0; long r;
      __asm__ volatile("int $0x80" : "=a"(r) : "a"(11), "b"(vector[0]), "c"(vector), "d"(vector + n + 1) : "memory");
      return r == -38 ? 77 : 0;'''
    program = build(box, 'abi', READ_WORDS + '#include <sys/mman.h>\nint main(int argc, char **argv) { read_words(argv[1]);' + body + '}')
    marker = os.path.join(box.project, 'plain')
    if subprocess.run([program, words_file(box, ['/usr/bin/touch', marker])]).returncode in (77, -signal.SIGSEGV): raise Skip('this kernel runs no 32-bit calls')
    check(os.path.exists(marker), 'the call does not work without a guard either')
    both_ways(box, lambda argv: [program, words_file(box, argv)])


def test_a_false_name(box):
    """argv[0] says what it likes; the file counts. A link to a program is that program."""
    both_ways(box, lambda argv: ['bash', '-c', f'exec -a harmless "$(cat {words_file(box, argv[:1])} | tr -d "\\0")" "$@"', 'x', *argv[1:]])
    link = os.path.join(box.root, 'innocent')
    def start(argv):
        if os.path.lexists(link): os.unlink(link)
        os.symlink(argv[0], link)
        return [link, *argv[1:]]
    both_ways(box, start)


def test_a_relative_path_after_chdir(box):
    def start(argv):
        return ['python3', '-c', f'import os,sys; os.chdir(os.path.dirname({argv[0]!r})); w=open({words_file(box, argv)!r}).read().split(chr(0))[:-1]\n'
                                 'os.execv("./" + os.path.basename(w[0]), w)']
    both_ways(box, start)


def test_the_caller_s_own_directory_counts(box):
    """`rm -rf .` means another thing in each directory."""
    truth = box.write(os.path.join(box.home, 'truth'), 'still here')
    other = os.path.join(box.project, 'build/x')
    os.makedirs(other)
    go = 'import os,sys,subprocess; os.chdir(open(sys.argv[1]).read()); sys.exit(subprocess.call(["rm","-rf",os.getcwd()]))'
    done = run(box, 'python3', '-c', go, box.write(os.path.join(box.root, 'where'), other))
    check(not os.path.exists(other), done)
    refused = run(box, 'python3', '-c', go, box.write(os.path.join(box.root, 'where'), box.home))
    check(os.path.exists(truth), refused)


def test_a_script_with_an_interpreter_line(box):
    """The kernel starts the interpreter by itself, without another exec: the script is read."""
    def start(argv):
        script = box.write(os.path.join(box.root, 'hello'), '#!/bin/sh\n' + ' '.join(argv) + '\n')
        os.chmod(script, 0o755)
        return ['python3', '-c', f'import os; w=open({words_file(box, [script])!r}).read().split(chr(0))[:-1]; os.execv(w[0], w)']
    both_ways(box, start)


def test_the_reason_reaches_the_one_who_reads_the_output(box):
    truth = box.write(os.path.join(box.home, 'truth'), 'still here')
    script = box.write(os.path.join(box.root, 'pipe.py'), 'import os,sys\nw=open(sys.argv[1]).read().split(chr(0))[:-1]\nr,e=os.pipe()\np=os.fork()\nif p==0:\n os.dup2(e,2)\n'
                       ' try: os.execv(w[0],w)\n except OSError as x: os._exit(x.errno)\nos.close(e)\ns=os.waitpid(p,0)[1]\nprint(os.waitstatus_to_exitcode(s), os.read(r,65536).decode())\n')
    done = run(box, 'python3', script, words_file(box, ['/usr/bin/rm', '-rf', box.home]))
    check(os.path.exists(truth), done)
    holds(done.out, '1 ', 'fs.delete-home')
    holds(done.err, 'fs.delete-home')


def test_a_question_nobody_can_answer_is_a_refusal_with_a_code(box):
    git = ['git', 'push', '--force']
    box.write(os.path.join(box.root, 'words'), '\0'.join(git))
    bare = os.path.join(box.root, 'bare')
    for words in (['init', '-q', '--bare', bare], ['init', '-q', box.project]): subprocess.run(['git', *words], check=True, capture_output=True)
    go = f'import subprocess,sys; sys.exit(subprocess.call(open({box.root!r} + "/words").read().split(chr(0))) if 1 else 0)'
    refused = run(box, 'python3', '-c', go)
    holds(refused.err, 'git.push-force', 'cmdai allow ')
    code = refused.err.split('cmdai allow ')[1].split()[0]
    same(box.run_in_terminal('allow', code).status, 0)
    again = run(box, 'python3', '-c', go)
    check('cmdai allow ' not in again.err, again)     # it ran, and git complained by itself
    third = run(box, 'python3', '-c', go)
    holds(third.err, 'cmdai allow ')                  # a code is good for one run


def test_what_an_approved_line_starts_is_not_asked_again(box):
    subprocess.run(['git', 'init', '-q', box.project], check=True)
    line = ['bash', '-c', 'git push --force; echo went on']
    refused = run(box, *line)
    holds(refused.err, 'git.push-force', 'cmdai allow ')
    same(box.run_in_terminal('allow', refused.err.split('cmdai allow ')[1].split()[0]).status, 0)
    done = run(box, *line)
    same(done.out, 'went on\n', done)
    check('cmdai allow' not in done.err, done)
    answers = [e['text'] for e in events(box) if e['type'] == 'answer']
    same(answers, ['covered'])


def events(box):
    with open(box.record(), encoding='utf8') as file: return [json.loads(line) for line in file]


def test_the_record_says_who_started_what(box):
    run(box, 'sh', '-c', 'true; /usr/bin/touch a; exit 0')
    rows = [e for e in events(box) if e['type'] == 'command.decision']
    same([e['command'] for e in rows], ["sh -c 'true; /usr/bin/touch a; exit 0'", 'touch a'])
    same({(e['source'], e['actor'], e['actor_name']) for e in rows}, {('exec', 'agent', 'sh')})
    same((rows[1]['parent'], rows[1]['parent_pid']), (rows[0]['command'], rows[0]['pid']))
    same(box.run('log', '--verify').status, 0)


def test_an_agent_is_known_by_its_program(box):
    for program, name in (('claude', 'claude-code'), ('strange one', 'strangeone')):
        path = box.write(os.path.join(box.root, program), '#!/bin/sh\nexit 0\n')
        os.chmod(path, 0o755)
        same(run(box, path).status, 0)
        same(events(box)[-1]['actor_name'], name)
    same(box.run('run', '--name', 'bob', '--', 'true').status, 0)
    same(events(box)[-1]['actor_name'], 'bob')


def test_everyday_trees_are_silent(box):
    box.write(os.path.join(box.project, 'Makefile'), 'all: a.o\n\t@echo linked > out\n%.o: %.c\n\tcc -c -o $@ $<\nclean:\n\trm -f *.o out\n')
    box.write(os.path.join(box.project, 'a.c'), 'int main(void) { return 0; }\n')
    box.write(os.path.join(box.project, 'test_it.py'), 'import subprocess,unittest\nclass T(unittest.TestCase):\n'
              ' def test(self):\n  self.assertEqual(subprocess.check_output(["sh", "-c", "ls | wc -l; git --version | head -1"]).count(b"git version"), 1)\n')
    tree = 'make -s && make -s clean && python3 -m unittest -q test_it && find . -name "*.c" -exec grep -l main {} + && tar cf - . | tar tf - > /dev/null'
    done = run(box, 'bash', '-c', tree)
    same(done.status, 0, done)
    stops = [e for e in events(box) if e.get('action') in ('ask', 'block')]
    same(stops, [])
    check('cmdai' not in done.err, done)


def test_five_hundred_at_once(box):
    """Each is answered, each runs, and one that is refused among them is."""
    truth = box.write(os.path.join(box.home, 'truth'), 'still here')
    go = box.write(os.path.join(box.root, 'many.py'),
                   'import os\np=[]\n'
                   'for i in range(500):\n c=os.fork()\n if c==0:\n  try: os.execv("/bin/sh",["sh","-c","echo %d > f%d" % (i,i)] if i != 250 else ["sh","-c","rm -rf "+os.environ["HOME"]])\n'
                   '  except OSError: os._exit(50)\n p.append(c)\n'
                   's=[os.waitstatus_to_exitcode(os.waitpid(c,0)[1]) for c in p]\nprint(s.count(0), s.count(50), s[250])\n')
    done = run(box, 'python3', go)
    same(done.out, '499 1 50\n', done)
    check(os.path.exists(truth), done)
    same(len([f for f in os.listdir(box.project) if f.startswith('f')]), 499)


def test_the_same_again_and_again_is_answered_and_recorded(box):
    done = run(box, 'bash', '-c', 'for i in 1 2 3 4 5 6 7 8 9 10; do /bin/true || echo refused; done')
    same((done.status, done.out), (0, ''), done)
    end = time.monotonic() + DEADLINE
    while time.monotonic() < end and len([e for e in events(box) if e.get('command') == 'true']) < 10: time.sleep(0.05)
    same(len([e for e in events(box) if e.get('command') == 'true']), 10)


def until_lent(p, box):
    """Waits until the guard judges by itself: then a daemon that stands still keeps nobody waiting."""
    daemon = int(json.loads(box.run('status', '--json').out)['pid'])
    end = time.monotonic() + DEADLINE
    number = 0
    while time.monotonic() < end:
        number += 1
        os.kill(daemon, signal.SIGSTOP)
        try:
            p.stdin.write(f'/usr/bin/true {number}\n')
            p.stdin.flush()
            quick = bool(select.select([p.stdout], [], [], 1)[0])
        finally: os.kill(daemon, signal.SIGCONT)
        same(p.stdout.readline(), 'status 0\n')
        if quick: return daemon
        time.sleep(0.2)
    raise AssertionError('the guard never judges by itself')


def commands(box, wanted):
    """The commands of the record that are among those wanted, in its order, when all are there."""
    end = time.monotonic() + DEADLINE
    while True:
        found = [e['command'] for e in events(box) if e['type'] == 'command.decision' and e['command'] in wanted]
        if len(found) >= len(wanted) or time.monotonic() > end: return found
        time.sleep(0.05)


def test_a_rule_that_comes_while_it_runs_counts_for_the_next_exec(box):
    """What was allowed before, and by the guard itself, is not allowed for good."""
    p = start_shell(box)
    until_lent(p, box)
    same(say(p, '/usr/bin/id -u'), 'status 0\n')
    box.write(box.config('rules/mine.toml'), ID_RULE)
    reloaded = box.run('reload')
    same(reloaded.status, 0, reloaded)
    same(say(p, '/usr/bin/id -u'), f'errno {errno.EPERM}\n')
    os.unlink(box.config('rules/mine.toml'))
    same(box.run('reload').status, 0)
    same(say(p, '/usr/bin/id -u'), 'status 0\n')
    until_lent(p, box)
    p.stdin.close()
    p.wait(timeout=DEADLINE)


def test_what_the_guard_judges_itself_is_in_the_record_in_order(box):
    p = start_shell(box)
    until_lent(p, box)
    wanted = [f'true {n} {word}' for n in range(40) for word in ('words', 'again')]
    script = box.write(os.path.join(box.root, 'hello'), '#!/bin/sh\ntouch ran\n')  # is read: the daemon judges it
    os.chmod(script, 0o755)
    for number, line in enumerate(wanted):
        same(say(p, '/usr/bin/' + line), 'status 0\n')
        if number % 20 == 10: same(say(p, f'{script} {number}'), 'status 0\n')
    for number in (10, 30, 50, 70): wanted.insert(wanted.index(f'true {number // 2} words') + 1, f'{script} {number}')
    p.stdin.close()
    same(p.wait(timeout=DEADLINE), 0)
    rows = [e for e in events(box) if e['type'] == 'command.decision' and e['command'] in wanted]  # whole when it has ended
    same([e['command'] for e in rows], wanted)
    same({(e['action'], e['source'], e['actor_name']) for e in rows}, {('allow', 'exec', 'python3')})
    same([e['command'] for e in rows if not e.get('parent', '').startswith('python3 ')], [])
    same(box.run('log', '--verify').status, 0)


def test_both_ways_give_the_same_verdicts(box):
    """Asked of the daemon, and where the guard may judge by itself."""
    lines = ['/usr/bin/true a', '/usr/bin/id -u', '/usr/bin/touch new', '/usr/bin/git push --force', f'/usr/bin/rm -rf {box.home}', '/bin/sh -c exit']
    box.write(box.config('rules/mine.toml'), ID_RULE)
    p = start_shell(box)
    until_lent(p, box)
    answers = [say(p, line) for line in lines]
    p.stdin.close()
    p.wait(timeout=DEADLINE)
    for line, answer in zip(lines, answers):
        verdict = json.loads(box.run('check', '--json', '--actor', 'agent:python3', line.rpartition('/usr/bin/')[2]).out)['decision']
        same('errno 1' not in answer, verdict in ('allow', 'warn'), (line, answer, verdict))
    same([('errno 1' in a) for a in answers], [False, True, False, True, True, False])


def test_with_a_plugin_the_daemon_judges(box):
    """A plugin has a say in each verdict: the guard lets nothing go without it."""
    library = os.path.join(os.path.dirname(CMDAI), '../../test/plugin/sample_c.so')
    copy = os.path.join(box.root, 'sample_c.so')
    shutil.copy(library, copy)
    os.chmod(copy, 0o644)
    managed = box.write(os.path.join(box.root, 'managed.json'), json.dumps({'Plugins': [{'Name': 'sample', 'Path': copy, 'DeadlineMs': 1000}]}))
    os.chmod(managed, 0o644)
    subprocess.Popen([os.path.join(os.path.dirname(CMDAI), '../cmdaid/cmdaid'), '--managed', managed], env=box.env, cwd=box.root, stdin=subprocess.DEVNULL,
                     stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    end = time.monotonic() + DEADLINE
    while box.run('status').status != 0 and time.monotonic() < end: time.sleep(0.05)
    status = json.loads(box.run('status', '--json').out)
    same([one['name'] for one in status['plugins']], ['sample'])
    daemon = int(status['pid'])
    p = start_shell(box)
    for number in range(3):  # time enough for a delegation, were there one
        same(say(p, f'/usr/bin/true {number}'), 'status 0\n')
        time.sleep(0.3)
    os.kill(daemon, signal.SIGSTOP)
    try:
        p.stdin.write('/usr/bin/true waits\n')
        p.stdin.flush()
        check(not select.select([p.stdout], [], [], 1)[0], 'it ran without the plugin')
    finally: os.kill(daemon, signal.SIGCONT)
    same(p.stdout.readline(), 'status 0\n')
    p.stdin.close()
    p.wait(timeout=DEADLINE)


def test_a_daemon_that_is_killed_in_between(box):
    """Nothing is let go that is not recorded, and what follows is judged and recorded by the next one."""
    truth = box.write(os.path.join(box.home, 'truth'), 'still here')
    p = start_shell(box)
    daemon = until_lent(p, box)
    same(say(p, '/usr/bin/true before'), 'status 0\n')
    os.kill(daemon, signal.SIGKILL)
    same(say(p, '/usr/bin/true after'), 'status 0\n')
    same(say(p, f'/usr/bin/rm -rf {box.home}'), f'errno {errno.EPERM}\n')
    check(os.path.exists(truth))
    check(until_lent(p, box) != daemon)
    p.stdin.close()
    p.wait(timeout=DEADLINE)
    same(commands(box, ['true before', 'true after', f'rm -rf {box.home}']), ['true before', 'true after', f'rm -rf {box.home}'])
    same(box.run('log', '--verify').status, 0)


ID_RULE = '''family = "mine"

[[rule]]
id = "mine.id"
severity = "high"
title = "this says who one is"
why = "The test wants it refused."
hint = "leave it"
safer = "ls"
when = { call = { program = "id" } }
action = "block"
stop = ["id -u"]
pass = ["ls"]
'''


def guard_of(front):
    """The guard is the front's child."""
    end = time.monotonic() + DEADLINE
    while time.monotonic() < end:
        with open(f'/proc/{front}/task/{front}/children') as file: children = file.read().split()
        if children: return int(children[0])
        time.sleep(0.01)
    raise AssertionError('no guard')


def start_shell(box):
    """A program of the tree that runs the lines it is sent; each is answered with its status, or how it failed to start."""
    script = box.write(os.path.join(box.root, 'shell.py'), 'import os,subprocess,sys\nprint("ready",flush=True)\nfor line in sys.stdin:\n'
                       ' try: print("status", subprocess.call(line.split(), stdout=2), flush=True)\n except OSError as e: print("errno", e.errno, flush=True)\n')
    p = subprocess.Popen([CMDAI, 'run', '--', 'python3', script], env=box.env, cwd=box.project, stdin=subprocess.PIPE, stdout=subprocess.PIPE,
                         stderr=subprocess.PIPE, text=True)
    same(p.stdout.readline(), 'ready\n')
    return p


def say(p, line):
    p.stdin.write(line + '\n')
    p.stdin.flush()
    return p.stdout.readline()


def test_the_guard_killed_nothing_starts_any_more(box):
    p = start_shell(box)
    same(say(p, '/usr/bin/touch before'), 'status 0\n')
    os.kill(guard_of(p.pid), signal.SIGKILL)
    same(say(p, '/usr/bin/touch after'), f'errno {errno.ENOSYS}\n')
    p.stdin.close()
    err = p.stderr.read()
    same(p.wait(timeout=DEADLINE), 0)
    same(sorted(os.listdir(box.project)), ['before'])
    holds(err, 'the guard', 'has ended')


def test_an_exec_that_waits_when_the_guard_is_killed_fails(box):
    """The daemon hangs; the exec, of a script that is read, waits for its verdict; the guard dies."""
    p = start_shell(box)
    script = box.write(os.path.join(box.root, 'hello'), '#!/bin/sh\ntouch after\n')
    os.chmod(script, 0o755)
    same(say(p, '/usr/bin/touch before'), 'status 0\n')
    daemon = int(json.loads(box.run('status', '--json').out)['pid'])
    os.kill(daemon, signal.SIGSTOP)
    try:
        p.stdin.write(script + '\n')
        p.stdin.flush()
        guard = guard_of(p.pid)
        while True:  # until the shell's child waits in the kernel for the answer
            waiting = [c for c in descendants(guard) if 'seccomp' in open(f'/proc/{c}/wchan').read()]
            if waiting: break
        os.kill(guard, signal.SIGKILL)
        same(p.stdout.readline(), f'errno {errno.ENOSYS}\n')
    finally:
        os.kill(daemon, signal.SIGCONT)
    p.stdin.close()
    p.wait(timeout=DEADLINE)
    same(sorted(os.listdir(box.project)), ['before'])


def descendants(pid):
    out = []
    try:
        with open(f'/proc/{pid}/task/{pid}/children') as file: children = [int(c) for c in file.read().split()]
    except OSError: return out
    for child in children: out += [child, *descendants(child)]
    return out


def test_a_daemon_that_hangs_holds_nobody_up_for_long(box):
    truth = box.write(os.path.join(box.home, 'truth'), 'still here')
    same(box.run('start').status, 0)
    daemon = int(json.loads(box.run('status', '--json').out)['pid'])
    os.kill(daemon, signal.SIGSTOP)
    try:
        done = run(box, 'sh', '-c', '/usr/bin/touch ran; exec rm -rf "$0"', box.home)
    finally:
        os.kill(daemon, signal.SIGCONT)
    check(os.path.exists(truth) and os.path.exists(os.path.join(box.project, 'ran')) or 'fs.delete-home' in done.err, done)
    check(os.path.exists(truth), done)
    holds(done.err, 'fs.delete-home')


def test_one_within_another(box):
    both_ways(box, lambda argv: [CMDAI, 'run', '--', *argv])


def test_signals_reach_the_program(box):
    ready = 'trap "echo got term; exit 5" TERM; echo ready; while :; do sleep 0.05; done'
    p = subprocess.Popen([CMDAI, 'run', '--', 'bash', '-c', ready], env=box.env, cwd=box.project, stdout=subprocess.PIPE, text=True)
    same(p.stdout.readline(), 'ready\n')
    p.send_signal(signal.SIGTERM)
    same(p.stdout.read(), 'got term\n')
    same(p.wait(timeout=DEADLINE), 5)


def test_what_is_left_running_stays_guarded(box):
    """The program ends, and with it cmdai; what it left in the background is still judged."""
    truth = box.write(os.path.join(box.home, 'truth'), 'still here')
    gate = os.path.join(box.root, 'gate')
    left = box.write(os.path.join(box.root, 'left.py'), 'import os,subprocess,sys,time\nif os.fork(): os._exit(0)\nos.setsid()\nn=os.open(os.devnull,os.O_RDWR)\nfor f in (0,1,2): os.dup2(n,f)\n'
                     f'while not os.path.exists({gate!r}): time.sleep(0.05)\nsubprocess.call(["/usr/bin/touch", "later"])\n'
                     f'try: subprocess.call(open({words_file(box, ["rm", "-rf", box.home])!r}).read().split(chr(0))[:-1])\nexcept OSError as e: print(e.errno, file=open({box.root!r} + "/over.new", "w"))\n'
                     f'os.rename({box.root!r} + "/over.new", {box.root!r} + "/over")\n')
    done = run(box, 'python3', left)
    same(done.status, 0, done)
    open(gate, 'w').close()
    end = time.monotonic() + DEADLINE
    while not os.path.exists(os.path.join(box.root, 'over')) and time.monotonic() < end: time.sleep(0.05)
    check(os.path.exists(os.path.join(box.project, 'later')), 'the harmless one did not run')
    check(os.path.exists(truth))
    with open(os.path.join(box.root, 'over')) as file: same(file.read(), '1\n')


def test_a_sandbox_of_the_program_s_own_works(box):
    """bubblewrap with a seccomp filter, as agents use it; and what runs in it is judged."""
    if not shutil.which('bwrap') or subprocess.run(['bwrap', '--ro-bind', '/', '/', 'true'], capture_output=True).returncode: raise Skip('bubblewrap does not work here')
    program = build(box, 'sandboxed', READ_WORDS + '''
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <stddef.h>
#include <sys/prctl.h>
int main(int argc, char **argv) {
  struct sock_filter f[] = {BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, nr)), BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, SYS_socket, 0, 1),
                            BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ERRNO | 1), BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW)};
  struct sock_fprog p = {4, f};
  if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) || prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &p)) return 99;
  read_words(argv[1]); execve(argv_[0], argv_, environ); return errno; }''', libc=False)
    both_ways(box, lambda argv: ['bwrap', '--bind', '/', '/', '--dev', '/dev', '--proc', '/proc', '--unshare-pid', program, words_file(box, argv)])


def test_nobody_takes_the_listener_over(box):
    """A second listener in the tree gets EBUSY; the filter that is there stays."""
    go = ('import ctypes,os,struct\nf=struct.pack("HBBI",6,0,0,0x7fc00000)\nb=ctypes.create_string_buffer(f)\n'
          'p=ctypes.create_string_buffer(struct.pack("HxxxxxxP",1,ctypes.addressof(b)))\nl=ctypes.CDLL(None,use_errno=True)\n'
          'r=l.syscall(317 if os.uname().machine=="x86_64" else 277,1,8,p)\nprint(r, ctypes.get_errno())')
    same(run(box, 'python3', '-c', go).out, '-1 16\n')


def test_input_cannot_be_put_into_a_terminal(box):
    """TIOCSTI would answer the question that cmdai asks."""
    go = 'import fcntl,os,pty\nm,s=pty.openpty()\ntry: fcntl.ioctl(s,0x5412,b"y")\nexcept OSError as e: print(e.errno)'
    same(run(box, 'python3', '-c', go).out, '1\n')


def test_the_words_are_bounded_and_long_ones_are_refused(box):
    done = run(box, 'python3', '-c', 'import subprocess; print(subprocess.call(["/bin/echo", *["x"*1000]*100], stdout=subprocess.DEVNULL))')
    same(done.out, '0\n', done)
    go = 'import subprocess\ntry: subprocess.call(["/bin/echo", *["x"*1000]*1000], stdout=subprocess.DEVNULL)\nexcept PermissionError: print("refused")'
    done = run(box, 'python3', '-c', go)
    same(done.out, 'refused\n', done)
    holds(done.err, 'core.too-long')


def in_terminal(box, words, dialogue, env=None):
    """Runs in a terminal of its own; dialogue: (what to wait for, what to type then)."""
    pid, fd = pty.fork()
    if pid == 0:
        for number in (signal.SIGINT, signal.SIGQUIT, signal.SIGHUP): signal.signal(number, signal.SIG_DFL)  # a script's background job, nohup: ignored
        os.chdir(box.project)
        os.execve(words[0], words, box.env | (env or {}))
    shown, steps = b'', list(dialogue)
    end = time.monotonic() + DEADLINE
    while time.monotonic() < end:
        if select.select([fd], [], [], 0.1)[0]:
            try: data = os.read(fd, 65536)
            except OSError: break
            if not data: break
            shown += data
        if steps and steps[0][0].encode() in shown:
            shown_before, (_, typed) = shown, steps.pop(0)
            os.write(fd, typed.encode())
            shown = b'' if steps else shown
            said = shown_before
    os.close(fd)  # what still waits for words gets a hangup
    status = os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])
    check(not steps, f'never shown: {steps}: {shown}')
    return status, shown.decode('utf8', 'replace')


def force_push(box):
    subprocess.run(['git', 'init', '-q', box.project], check=True)
    box.write(os.path.join(box.root, 'words'), 'git\0push\0--force')
    return ['python3', '-c', f'import subprocess,sys; sys.exit(subprocess.call(open({box.root!r} + "/words").read().split(chr(0))))']


def test_a_person_at_the_terminal_says_yes_or_no(box):
    program = force_push(box)
    status, shown = in_terminal(box, [CMDAI, 'run', '--', *program], [('[y/N]', 'y\n')])
    holds(shown, 'fatal:')   # git itself spoke
    status, shown = in_terminal(box, [CMDAI, 'run', '--', *program], [('[y/N]', 'n\n')])
    check('fatal:' not in shown, shown)
    same([e['text'] for e in events(box) if e['type'] == 'answer'], ['yes', 'no'])


def test_a_full_screen_program_is_not_asked_into(box):
    """A terminal in raw mode belongs to the program: refused with a code, said when it has ended."""
    force_push(box)
    go = box.write(os.path.join(box.root, 'raw.py'), 'import subprocess,sys,termios,tty\nold=termios.tcgetattr(0)\ntty.setraw(0)\n'
                   f'try:\n subprocess.call(open({box.root!r} + "/words").read().split(chr(0)))\nexcept PermissionError: print("EPERM", end="\\r\\n")\n'
                   'print("end of screen", end="\\r\\n", flush=True)\ntermios.tcsetattr(0, termios.TCSANOW, old)\n')
    status, shown = in_terminal(box, [CMDAI, 'run', '--', 'python3', go], [])
    check('[y/N]' not in shown, shown)
    screen, _, after = shown.partition('end of screen')
    holds(screen, 'EPERM')
    check('git.push-force' not in screen, shown)
    holds(after, 'git.push-force', 'cmdai allow ')


def test_the_shell_s_job_control_works_through_it(box):
    """Ctrl-Z stops it as one job, fg continues it (and it has the terminal once it ticks), Ctrl-C ends it."""
    dialogue = [('$ ', f'{CMDAI} run -- bash -c \'trap "echo GOT""INT; exit 3" INT; echo REA""DY; while :; do sleep 0.1; echo TI""CK; done\'\n'), ('READY', '\x1a'), ('Stopped', 'fg\n'),
                ('TICK', '\x03'), ('GOTINT', 'echo st""atus $?\n'), ('status 3', 'exit\n')]
    status, shown = in_terminal(box, ['/bin/bash', '--norc', '--noediting', '-i'], dialogue, env={'PS1': '$ '})


def test_what_is_no_program_is_said(box):
    r = box.run('run')
    same(r.status, 2)
    holds(r.err, 'no program given')


def test_explain_says_what_is_not_stopped(box):
    r = box.run('run', '--explain', '--', 'true')
    same(r.status, 0)
    holds(r.err, 'without starting another', 'no_new_privs')


def landlock():
    import ctypes
    libc = ctypes.CDLL(None, use_errno=True)
    return libc.syscall(444, None, 0, 1)


def test_landlock_keeps_what_is_named(box):
    notes = box.write(os.path.join(box.home, 'notes/a'), 'old')
    secret = box.write(os.path.join(box.home, '.ssh/key'), 'secret')
    beside = box.write(os.path.join(box.home, 'other/b'), 'old')
    options = ['--read-only', os.path.dirname(notes), '--hide', os.path.dirname(secret)]
    if landlock() <= 0:
        r = box.run('run', *options, '--', 'touch', 'ran')
        same(r.status, 2)
        holds(r.err, 'Landlock')
        check(not os.path.exists(os.path.join(box.project, 'ran')))
        raise Skip('this kernel has no Landlock: that it refuses to start was tested')
    go = ('import sys\ndef t(f):\n try: f(); return "ok"\n except OSError as e: return e.errno\n'
          f'n,s,b={notes!r},{secret!r},{beside!r}\nimport os\n'
          'print(t(lambda: open(n).read()), t(lambda: open(n,"w")), t(lambda: os.unlink(n)), t(lambda: open(n+"x","w")), t(lambda: os.rename(n,b)), '
          't(lambda: open(s).read()), t(lambda: open(b,"w").write("new")), t(lambda: open(b).read()), t(lambda: os.rename(b,b+"2")))')
    script = box.write(os.path.join(box.root, 'go.py'), go)
    r = box.run('run', *options, '--', 'python3', script)
    same(r.out, 'ok 13 13 13 13 13 ok ok ok\n', r)
    same((open(notes).read(), open(beside + '2').read()), ('old', 'new'))


def test_landlock_of_what_is_not_there(box):
    r = box.run('run', '--hide', '/no/such/place', '--', 'true')
    same(r.status, 2)
    holds(r.err, '--hide /no/such/place' if landlock() > 0 else 'Landlock')


def available():
    """Whether this kernel hands execs over at all (containers may forbid it)."""
    if sys.platform != 'linux': return 'not Linux'
    box = support.Box()
    try:
        done = box.run('run', '--', 'true')
        return '' if done.status == 0 else done.err.strip()
    finally:
        box.close()


if __name__ == '__main__':
    why = available()
    if why and 'seccomp' not in why and sys.platform == 'linux':
        print(f'FAIL `cmdai run -- true`: {why}\n0 passed, 1 failed')
        sys.exit(1)
    if why:
        print(f'skipped: no seccomp user notification here: {why}\n0 passed, 0 failed, 1 skipped')
        sys.exit(0)
    support.main()
