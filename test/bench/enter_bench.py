#!/usr/bin/python3
"""What Enter adds: from the key to the first output of the command, in real shells in pseudo-terminals. usage: enter_bench.py BUILD_DIR

The command is `echo`, which needs no process: what is left is the shell, the terminal and the hook. Each hook is there twice: asking the
daemon, and asking one that thinks nothing and says yes, which is the floor of that hook. The shells take turns in short blocks, line upon
line, so that a slow moment of the machine meets them all; after each block bash spawns /bin/true. Medians; nothing is asserted.

Quieter: `chrt -f 50 python3 test/bench/enter_bench.py BUILD_DIR`; with APART=1, too, the terminal has a core of its own, and the shells with
their daemon another. Where the kernel spreads them otherwise a core of a virtual machine may have to be woken for each answer, and this
program, being large, empties the caches they share: 200 us of the floor, run by run. PAUSE=0.03 (seconds before Enter) shows what a person
pays who reads a line once more: memory that nobody has looked at for a while.
"""
import os, statistics, subprocess, sys, time
BUILD = os.path.abspath(sys.argv[1])
sys.argv[1] = os.path.join(BUILD, 'daemon/cli/cmdai')
sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), '../shell'))
import terminal

ENTERS = int(os.environ.get('ENTERS', '400'))
PAUSE = float(os.environ.get('PAUSE', '0'))
APART = os.environ.get('APART') == '1'
BLOCK, WARM = 20, 3  # Enters that count, and before them some that do not
# name, shell, CMDAI_BASH_BUILTIN
HOOKS = [('bash, builtin', 'bash', '1'), ('bash, cmdai-hook serve', 'bash', '0'), ('zsh, socket', 'zsh', ''), ('fish, cmdai-hook', 'fish', '')]
PLAIN = ('bash', 'zsh', 'fish')
CORES = sorted(os.sched_getaffinity(0))


def floor_of(name): return name + ' (a daemon that thinks nothing)'


def enter(shell, number):
    """Types `echo out-N`, and when that is on the screen, Enter. Microseconds until its output begins."""
    start = shell.mark()
    shell.send(f'echo o""ut-{number}.')
    shell.wait(lambda text: f'ut-{number}.' in terminal.plain(text[start:]), 'the line')
    while shell.pump(PAUSE): pass
    want = f'out-{number}.'
    begin = time.perf_counter_ns()
    shell.send('\r')
    while want not in shell.text[start:]: shell.pump(1)
    end = time.perf_counter_ns()
    shell.wait(lambda text: '@@ ' in terminal.plain(text[text.rindex(want):]), 'the prompt')
    while shell.pump(0): pass
    return (end - begin) / 1000


def spawn():
    """Microseconds that bash takes for fork, exec and wait of /bin/true: the mean of 50 in one process."""
    script = 't=${EPOCHREALTIME/[.,]/}; for ((i = 0; i < 50; ++i)); do /bin/true; done; echo $((${EPOCHREALTIME/[.,]/} - t))'
    return int(subprocess.run(['bash', '--norc', '-c', script], capture_output=True, text=True, check=True).stdout) / 50


def stay_on(core):
    """This process, and what it starts from now on."""
    if APART and len(CORES) > 1: os.sched_setaffinity(0, {CORES[core]})


def open_shells(box, thoughtless):
    shells = {}
    def add(name, program, **how):
        try: shells[name] = terminal.Shell(box, program, **how)
        except terminal.Skip as why: print(f'  {name}: skipped, {why}')
    for plain in PLAIN:
        add(plain, plain, hook=False)
        for name, program, builtin in HOOKS:
            if program != plain: continue
            os.environ['CMDAI_BASH_BUILTIN'] = builtin
            add(name, program)
            add(floor_of(name), program, env={'CMDAI_SOCKET': thoughtless})
    return shells


def report(times, spawns):
    true = statistics.median(spawns)
    print(f'  {"/bin/true, forked by bash":80} p50 {true:8.0f} us')
    def row(name, program):
        if name not in times or program not in times: return
        p50 = statistics.median(times[name])
        added = p50 - statistics.median(times[program])
        more = '' if name == program else f'   adds {added:6.0f} us   {100 * added / true:6.1f} % of /bin/true'
        print(f'  {name + ": Enter to output":80} p50 {p50:8.0f} us{more}')
    for program in PLAIN:
        row(program, program)
        for name, of, _ in HOOKS:
            if of != program: continue
            row(name, program)
            row(floor_of(name), program)


def main():
    stay_on(1)
    box, shells, spawns, number = terminal.Box(), {}, [], 1000
    thoughtless = os.path.join(box.root, 'run', 'nothing.sock')
    nothing = subprocess.Popen([os.path.join(BUILD, 'test/bench/no_thought'), thoughtless])
    try:
        while not os.path.exists(thoughtless): time.sleep(0.01)
        shells = open_shells(box, thoughtless)
        times = {name: [] for name in shells}
        stay_on(0)
        for _ in range(max(1, ENTERS // BLOCK)):
            for name, shell in shells.items():
                for turn in range(WARM + BLOCK):
                    number += 1
                    taken = enter(shell, number)
                    if turn >= WARM: times[name].append(taken)
            spawns.append(spawn())
    finally:
        for shell in shells.values(): shell.close()
        nothing.kill()
        nothing.wait()
        box.close()
    report(times, spawns)


main()
