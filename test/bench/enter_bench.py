#!/usr/bin/python3
"""What Enter adds: from the key to the first output of the command, in real shells in pseudo-terminals. usage: enter_bench.py BUILD_DIR

The shells with and without a hook take turns, and beside them each spawns /bin/true, so that all stand under the same load.
The command is `echo`, which needs no process: what is left is the shell, the terminal and the hook. Medians; nothing is asserted.
"""
import os, statistics, subprocess, sys, time
BUILD = os.path.abspath(sys.argv[1])
sys.argv[1] = os.path.join(BUILD, 'daemon/cli/cmdai')
sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), '../shell'))
import terminal

ENTERS = int(os.environ.get('ENTERS', '400'))
WARM = 20
# name, shell, with a hook, CMDAI_BASH_BUILTIN
KINDS = [('bash', 'bash', False, ''), ('bash, builtin', 'bash', True, '1'), ('bash, cmdai-hook serve', 'bash', True, '0'),
         ('zsh', 'zsh', False, ''), ('zsh, socket', 'zsh', True, ''), ('fish', 'fish', False, ''), ('fish, cmdai-hook', 'fish', True, '')]


def enter(shell, number):
    """Types `echo out-N`, and when that is on the screen, Enter. Microseconds until its output begins."""
    start = shell.mark()
    shell.send(f'echo o""ut-{number}.')
    shell.wait(lambda text: f'ut-{number}.' in terminal.plain(text[start:]), 'the line')
    while shell.pump(0.001): pass
    want = f'out-{number}.'
    begin = time.perf_counter_ns()
    shell.send('\r')
    while want not in shell.text[start:]: shell.pump(1)
    end = time.perf_counter_ns()
    shell.wait(lambda text: '@@ ' in terminal.plain(text[text.rindex(want):]), 'the prompt')
    while shell.pump(0.001): pass
    return (end - begin) / 1000


def spawn():
    """Microseconds that bash takes for fork, exec and wait of /bin/true: the mean of 50 in one process."""
    script = 't=${EPOCHREALTIME/[.,]/}; for ((i = 0; i < 50; ++i)); do /bin/true; done; echo $((${EPOCHREALTIME/[.,]/} - t))'
    return int(subprocess.run(['bash', '--norc', '-c', script], capture_output=True, text=True, check=True).stdout) / 50


def main():
    box, shells, times, spawns = terminal.Box(), {}, {}, []
    try:
        for name, program, hook, builtin in KINDS:
            os.environ['CMDAI_BASH_BUILTIN'] = builtin
            try: shells[name] = terminal.Shell(box, program, hook=hook)
            except terminal.Skip as why: print(f'  {name}: skipped, {why}')
        times = {name: [] for name in shells}
        for number in range(-WARM, ENTERS):
            for name, shell in shells.items():
                taken = enter(shell, 1000 + number)
                if number >= 0: times[name].append(taken)
            if number >= 0 and number % 10 == 0: spawns.append(spawn())
    finally:
        for shell in shells.values(): shell.close()
        box.close()
    true = statistics.median(spawns)
    print(f'  {"/bin/true, forked by bash":44} p50 {true:8.0f} us')
    for name, program, hook, _ in KINDS:
        if name not in times: continue
        p50 = statistics.median(times[name])
        added = p50 - statistics.median(times[program])
        more = f'   adds {added:6.0f} us   {100 * added / true:6.1f} % of /bin/true' if hook else ''
        print(f'  {name + ": Enter to output":44} p50 {p50:8.0f} us{more}')


main()
