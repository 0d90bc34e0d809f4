#!/usr/bin/python3
"""What one verdict costs on its way: through the socket, through cmdai-hook, in each shell. usage: hook_bench.py BUILD_DIR

Each figure stands beside a spawn of /bin/true measured in the same run, interleaved with it, and is given as a ratio to it:
machines are shared and slow at times. Medians; nothing is asserted.
"""
import os, re, shutil, socket, statistics, subprocess, sys, tempfile, time

BUILD = os.path.abspath(sys.argv[1])
CMDAI, HOOK = os.path.join(BUILD, 'daemon/cli/cmdai'), os.path.join(BUILD, 'shell-hooks/client/cmdai-hook')
NO_THOUGHT, ONLY_EXITS = os.path.join(BUILD, 'test/bench/no_thought'), os.path.join(BUILD, 'test/bench/only_exits')
ROUNDS = int(os.environ.get('ROUNDS', '1500'))
COMMAND = 'grep -rn TODO src | sort | head -20'


def frame(kind, **fields):
    body = b''.join(f'{k}={v}'.encode() + b'\0' for k, v in fields.items())
    return f'cmdai/1 {kind} {len(body)}\n'.encode() + body


def exchange(connection, data):
    connection.sendall(data)
    answer = b''
    while True:
        answer += connection.recv(65536)
        head, newline, body = answer.partition(b'\n')
        if newline and len(body) >= int(head.rsplit(b' ', 1)[1]): return body


def microseconds(function):
    start = time.perf_counter_ns()
    function()
    return (time.perf_counter_ns() - start) / 1000


def spawn(*command, environment=os.environ):
    pid = os.posix_spawn(command[0], command, environment)
    _, status = os.waitpid(pid, 0)
    if status: raise RuntimeError(f'{command[0]} ended with {status}')


def interleaved(rounds, **functions):
    """The times of each, taken in turns."""
    times = {name: [] for name in functions}
    for _ in range(rounds):
        for name, function in functions.items(): times[name].append(microseconds(function))
    return times


def row(name, values, base):
    values = sorted(values)
    p50, p99 = statistics.median(values), values[int(len(values) * 0.99)]
    print(f'  {name:64} p50 {p50:8.0f} us   p99 {p99:8.0f} us   {100 * p50 / base:6.1f} % of /bin/true')
    return p50


def in_shell(name, script, rounds, way='', **environment):
    """Microseconds a round of two bodies in one shell process: (a spawn of /bin/true, the hook's check)."""
    program = shutil.which(name)
    if not program: return print(f'  {name}: not installed, skipped')
    done = subprocess.run([program, *script], capture_output=True, text=True, env=os.environ | {'ROUNDS': str(rounds)} | environment)
    found = re.findall(r'^(true|check) (\d+)$', done.stdout, re.M)
    if len(found) < 2: return print(f'  {name}: {done.stdout}{done.stderr}')
    total = {'true': [], 'check': []}
    for kind, us in found: total[kind].append(int(us) / rounds)
    true, check = statistics.median(total['true']), statistics.median(total['check'])
    print(f'  {name + ": the hook asks" + way:64} mean{check:8.0f} us                    {100 * check / true:6.1f} % of its own /bin/true ({true:.0f} us)')


def bash_builtin():
    """In one bash: blocks of spawns of /bin/true, of frames that ask nothing and of verdicts over the builtin's connection, each one timed by itself."""
    library = os.path.join(BUILD, 'shell-hooks/bash-builtin/cmdai-bash.so')
    if not os.path.exists(library): return print('  bash: the builtin was not built (Debian: bash-builtins), skipped')
    script = f'''
enable -f '{library}' cmdai_native || exit
ask() {{ cmdai_native ask '{COMMAND}' shell=bash actor=human vars=1 level=line transport=builtin session=bench pid=$$ cwd=$PWD home=$HOME probe=1 partial=1 source=enter; }}
hello() {{ cmdai_native send hello client=bench; }}
true() {{ /bin/true; }}
nothing() {{ :; }}
block() {{
  local i a b
  for ((i = 0; i < 50; ++i)); do
    a=${{EPOCHREALTIME/[.,]/}}
    $1 || echo refused
    b=${{EPOCHREALTIME/[.,]/}}
    echo "$1 $((b - a))"
  done
}}
for ((n = 0; n < ROUNDS; n += 50)); do for what in nothing true hello ask; do block $what; done; done
'''
    done = subprocess.run(['bash', '--norc', '-c', script], capture_output=True, text=True, env=os.environ | {'ROUNDS': str(ROUNDS)})
    times = {kind: [int(us) for us in re.findall(rf'^{kind} (\d+)$', done.stdout, re.M)] for kind in ('nothing', 'true', 'hello', 'ask')}
    if 'refused' in done.stdout or not all(times.values()): return print(f'  bash: {done.stdout[-500:]}{done.stderr}')
    clock = statistics.median(times.pop('nothing'))  # what the looks at the clock and the function's call take
    times = {kind: [us - clock for us in taken] for kind, taken in times.items()}
    base = statistics.median(times['true'])
    row(f'bash: /bin/true, forked and waited for (each less {clock:.0f} us: `:`)', times['true'], base)
    row('bash: a frame that asks nothing, by the builtin', times['hello'], base)
    row('bash: a verdict, by the builtin', times['ask'], base)


def zsh_round_trip(box):
    """In one zsh: what its hook's way to the daemon and back costs, a connection each, without the rest of the hook."""
    fields = f'cmd={COMMAND}\\0shell=zsh\\0actor=human\\0vars=1\\0level=line\\0session=bench\\0cwd=$PWD\\0home=$HOME\\0probe=1\\0transport=socket\\0'
    script = os.path.join(box, 'round-trip.zsh')
    with open(script, 'w') as file: file.write(f'''
setopt no_multibyte
zmodload zsh/datetime zsh/net/socket zsh/system
print -v body "{fields}"
frame="cmdai/1 check $#body"$'\\n'$body
us() {{ local -F t=$EPOCHREALTIME; $2; printf '%s %d\\n' $1 $(( (EPOCHREALTIME - t) * 1000000 )) }}
trues() {{ repeat $ROUNDS /bin/true }}
checks() {{ repeat $ROUNDS {{ zsocket $CMDAI_SOCKET && syswrite -o $REPLY -- $frame && sysread -i $REPLY -t 2 answer && exec {{REPLY}}>&- || print refused }} }}
repeat 5 {{ us true trues; us check checks }}
[[ $answer == *action=allow* ]] || print -r -- $answer
''')
    in_shell('zsh', ['-f', script], 200, ' by zsocket, the round trip alone')


def shells(box, thoughtless):
    """The very functions the hooks call at Enter, without the terminal around them; and each once more at a daemon that thinks nothing."""
    rounds = 200
    def both(name, script, way=''):
        in_shell(name, script, rounds, way)
        in_shell(name, script, rounds, f'{way} a daemon that thinks nothing', CMDAI_SOCKET=thoughtless)
    def hook(shell, suffix):
        path = os.path.join(box, 'hook.' + shell)
        text = subprocess.run([CMDAI, 'init', shell, *(['--without-builtin'] if shell == 'bash' else [])], check=True, capture_output=True, text=True).stdout
        with open(path, 'w') as file: file.write(text + suffix)
        return path
    def bash_hook(before):
        return hook('bash', f'''
{before}
CMDAI_SESSION=bench
us() {{ local t=${{EPOCHREALTIME/[.,]/}}; "${{@:2}}"; printf '%s %s\\n' "$1" $((${{EPOCHREALTIME/[.,]/}} - t)); }}
trues() {{ local i; for ((i = 0; i < ROUNDS; ++i)); do /bin/true; done; }}
checks() {{ local i; for ((i = 0; i < ROUNDS; ++i)); do __cmdai_check '{COMMAND}' '{COMMAND}' || echo refused; done; }}
for i in 1 2 3 4 5; do us true trues; us check checks; done
''')
    both('bash', ['--norc', bash_hook('')], ', client:')
    serve = f'''__cmdai_pipe='{box}/run'/bash-$$ __cmdai_transport=pipe
"$__cmdai_client" serve "$__cmdai_pipe" & disown
until [[ -p $__cmdai_pipe.ask ]]; do sleep 0.01; done'''
    both('bash', ['--norc', bash_hook(serve)], ', pipe:')
    zsh = hook('zsh', f'''
zmodload zsh/datetime zsh/net/socket zsh/system zsh/parameter; zmodload -F zsh/stat b:zstat
__cmdai_socket=1 __cmdai_zselect=0 CMDAI_SESSION=bench
us() {{ local -F t=$EPOCHREALTIME; $2; printf '%s %d\\n' $1 $(( (EPOCHREALTIME - t) * 1000000 )) }}
trues() {{ repeat $ROUNDS /bin/true }}
checks() {{ repeat $ROUNDS __cmdai_preexec '{COMMAND}' '' '{COMMAND}' }}
repeat 5 {{ us true trues; us check checks }}
''')
    zsh_round_trip(box)
    both('zsh', ['-f', zsh])
    fish = hook('fish', f'''
set -g __cmdai_now date +%s%6N
set -gx CMDAI_SESSION bench
for i in 1 2 3 4 5
    set -l t ($__cmdai_now)
    for j in (seq $ROUNDS); /bin/true; end
    printf 'true %s\\n' (math ($__cmdai_now) - $t)
    set t ($__cmdai_now)
    for j in (seq $ROUNDS); __cmdai_check '{COMMAND}' '{COMMAND}'; or echo refused; end
    printf 'check %s\\n' (math ($__cmdai_now) - $t)
end
''')
    both('fish', ['--no-config', fish])


def main():
    box = os.path.realpath(tempfile.mkdtemp(prefix='cmdai-bench-'))
    os.mkdir(os.path.join(box, 'run'), 0o700)
    os.environ.update(HOME=box, CMDAI_SOCKET=os.path.join(box, 'run/d.sock'), TMPDIR=box)
    thoughtless = os.path.join(box, 'run/nothing.sock')
    nothing = subprocess.Popen([NO_THOUGHT, thoughtless])
    try:
        subprocess.run([CMDAI, 'start'], check=True, stdout=subprocess.DEVNULL)
        connection = socket.socket(socket.AF_UNIX)
        connection.connect(os.environ['CMDAI_SOCKET'])
        bare = socket.socket(socket.AF_UNIX)
        while bare.connect_ex(thoughtless) != 0: time.sleep(0.01)
        kept = frame('check', cmd=COMMAND, shell='bash', cwd='/home/u/p', home='/home/u', session='bench')

        def fresh(place=os.environ['CMDAI_SOCKET']):
            with socket.socket(socket.AF_UNIX) as one:
                one.connect(place)
                exchange(one, kept)

        fields = ['shell=bash', 'cwd=/home/u/p', 'home=/home/u', 'session=bench', 'cmd=' + COMMAND]
        elsewhere = os.environ | {'CMDAI_SOCKET': thoughtless}
        times = interleaved(ROUNDS, true=lambda: spawn('/bin/true'), bare=lambda: exchange(bare, kept), hello=lambda: exchange(connection, frame('hello', client='bench')),
                            check=lambda: exchange(connection, kept), bare_fresh=lambda: fresh(thoughtless), fresh=fresh, exits=lambda: spawn(ONLY_EXITS),
                            bare_client=lambda: spawn(HOOK, 'check', *fields, environment=elsewhere), client=lambda: spawn(HOOK, 'check', *fields))
        base = statistics.median(times['true'])
        row('/bin/true, spawned and waited for', times['true'], base)
        row('socket: a daemon that thinks nothing, connection kept', times['bare'], base)
        row('socket: a frame that asks nothing (hello)', times['hello'], base)
        row('socket: one verdict, connection kept', times['check'], base)
        row('socket: a daemon that thinks nothing, a connection each', times['bare_fresh'], base)
        row('socket: one verdict, a connection each', times['fresh'], base)
        row('a static program that only exits', times['exits'], base)
        row('cmdai-hook: a daemon that thinks nothing', times['bare_client'], base)
        row('cmdai-hook: one verdict, spawned and waited for', times['client'], base)
        status = subprocess.run([CMDAI, 'status', '--json'], capture_output=True, text=True).stdout
        inside = re.search(r'"p50_us":"?(\d+)"?.*?"p99_us":"?(\d+)', status)
        if inside: print(f'  inside the daemon, with the record written: p50 {inside.group(1)} us, p99 {inside.group(2)} us')
        bash_builtin()
        shells(box, thoughtless)
    finally:
        nothing.kill()
        nothing.wait()
        subprocess.run([CMDAI, 'stop'], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        shutil.rmtree(box, ignore_errors=True)


if __name__ == '__main__': main()
