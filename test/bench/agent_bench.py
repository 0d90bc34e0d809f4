#!/usr/bin/python3
"""What an agent waits for its hook at each tool call. usage: agent_bench.py BUILD_DIR

Each figure is a ratio to a spawn of /bin/true measured in the same run, in turns with it: machines are shared and slow at
times. Medians; nothing is asserted.
"""
import json, os, shutil, statistics, subprocess, sys, tempfile, time

BUILD = os.path.abspath(sys.argv[1])
CMDAI, AGENT = os.path.join(BUILD, 'daemon/cli/cmdai'), os.path.join(BUILD, 'shell-hooks/agents/hook/cmdai-agent')
ROUNDS = int(os.environ.get('ROUNDS', '500'))


def microseconds(command, payload):
    start = time.perf_counter_ns()
    actions = [(os.POSIX_SPAWN_OPEN, 0, payload, os.O_RDONLY, 0), (os.POSIX_SPAWN_OPEN, 1, '/dev/null', os.O_WRONLY, 0)]
    pid = os.posix_spawn(command[0], command, os.environ, file_actions=actions)
    _, status = os.waitpid(pid, 0)
    if status: raise RuntimeError(f'{command} ended with {status}')
    return (time.perf_counter_ns() - start) / 1000


def main():
    box = os.path.realpath(tempfile.mkdtemp(prefix='cmdai-bench-'))
    os.mkdir(os.path.join(box, 'run'), 0o700)
    os.environ.update(HOME=box, CMDAI_SOCKET=os.path.join(box, 'run/d.sock'), TMPDIR=box)
    paths = {}
    for name, tool, given in (('command', 'Bash', {'command': 'grep -rn TODO src | sort | head -20'}), ('file', 'Write', {'file_path': box + '/a.c', 'content': 'x' * 4000}),
                              ('other', 'Read', {'file_path': 'a'})):
        paths[name] = os.path.join(box, name)
        with open(paths[name], 'w') as file:
            json.dump({'session_id': 'bench', 'cwd': box, 'hook_event_name': 'PreToolUse', 'tool_name': tool, 'tool_input': given}, file)
    cases = {'/bin/true, spawned and waited for': (['/bin/true'], 'command'), 'cmdai-agent: a command': ([AGENT, 'hook', 'claude-code'], 'command'),
             'cmdai-agent: a file is written': ([AGENT, 'hook', 'claude-code'], 'file'), 'cmdai-agent: a tool that is not judged': ([AGENT, 'hook', 'claude-code'], 'other'),
             'cmdai hook: a command': ([CMDAI, 'hook', 'claude-code'], 'command'), 'cmdai version': ([CMDAI, 'version'], 'command')}
    try:
        subprocess.run([CMDAI, 'start'], check=True, stdout=subprocess.DEVNULL)
        times = {name: [] for name in cases}
        for _ in range(ROUNDS):
            for name, (command, payload) in cases.items(): times[name].append(microseconds(command, paths[payload]))
        base = statistics.median(times['/bin/true, spawned and waited for'])
        for name, values in times.items():
            p50, p99 = statistics.median(values), sorted(values)[int(len(values) * 0.99)]
            print(f'  {name:44} p50 {p50:8.0f} us   p99 {p99:8.0f} us   {p50 / base:6.2f} x /bin/true')
    finally:
        subprocess.run([CMDAI, 'stop'], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        shutil.rmtree(box, ignore_errors=True)


main()
