#!/usr/bin/python3
"""What the enterprise plugin adds to a command: one daemon with it, enrolled at a real collector, and one without. usage: plugin_bench.py BUILD_DIR

The two are asked in turns, so that what slows the machine slows both; each figure is the ratio of the medians of one run.
"""
import os, socket, statistics, sys, time

BUILD = os.path.abspath(sys.argv[1])
HERE = os.path.dirname(os.path.abspath(__file__))
sys.argv[1] = os.path.join(BUILD, 'daemon/cli/cmdai')  # the program that the modules below test
sys.path.insert(0, os.path.join(HERE, '../enterprise/e2e'))
from organization import Box, Collector, Device
from hook_bench import exchange, frame, microseconds

HOOK = os.path.join(BUILD, 'shell-hooks/client/cmdai-hook')
ROUNDS = int(os.environ.get('ROUNDS', '1500'))
PAUSE = float(os.environ.get('PAUSE', '0.003'))  # seconds: nobody types faster, and what is done after the answer is done when the next one comes
CHECK = {'shell': 'bash', 'source': 'enter', 'session': 'bench'}


def connected(box):
    connection = socket.socket(socket.AF_UNIX)
    connection.connect(box.env['CMDAI_SOCKET'])
    return connection


def by_socket(box):
    """Microseconds from a check to its verdict over a connection that is kept, as the shells' builtins keep it."""
    connection, number, answers = connected(box), iter(range(1 << 30)), []
    def once():
        check = frame('check', cmd=f'grep -rn TODO{next(number)} src | sort | head -20', cwd=box.home, **CHECK)
        took = microseconds(lambda: answers.append(exchange(connection, check)))
        if b'action=allow' not in answers.pop(): raise SystemExit('error: a harmless line was not allowed')
        time.sleep(PAUSE)
        return took
    return once


def by_client(box):
    """The same by a process that connects, asks and ends."""
    words = [HOOK, 'check', *(f'{k}={v}' for k, v in CHECK.items()), f'cwd={box.home}', 'cmd=grep -rn TODO src | sort | head -20']
    def run():
        status = os.waitpid(os.posix_spawn(HOOK, words, box.env), 0)[1]
        if status: raise SystemExit(f'error: cmdai-hook ended with {status}')
    def once():
        took = microseconds(run)
        time.sleep(PAUSE)
        return took
    return once


def compared(what, without, with_it, rounds):
    for once in (without, with_it): once()
    times = ([], [])
    for _ in range(rounds):
        times[0].append(without())
        times[1].append(with_it())
    (a, b), (slow_a, slow_b) = map(statistics.median, times), (sorted(t)[int(rounds * 0.99)] for t in times)
    print(f'  {what:60} p50 {a:7.0f} us without, {b:7.0f} us with it: {100 * (b / a - 1):+5.1f} %   (p99 {slow_a:.0f} and {slow_b:.0f} us)', flush=True)


def main():
    plain, managed = Box(), Box()
    collector = device = None
    try:
        collector = Collector(managed.root)
        device = Device(managed, collector)
        device.enrolled()
        plain.cmdai('start')
        compared('a verdict over a kept connection', by_socket(plain), by_socket(managed), ROUNDS)
        compared('a verdict by a process of its own (cmdai-hook)', by_client(plain), by_client(managed), ROUNDS // 3)
        device.arrived()
    finally:
        if device: device.end()
        if collector: collector.end()
        for box in (plain, managed): box.close()


main()
