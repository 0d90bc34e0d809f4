#!/usr/bin/python3
"""Who may include whom (docs/architecture.md): reads every #include of the sources and fails on a breach.

usage: layers.py [ROOT]

Three questions a line: may this room see that room, may this room use that library, and do the pure parts (libcore, enterprise/protocol)
ask for the clock, the environment, threads, sockets or the disk. The last line is `N passed, N failed`, one for each file.
"""
import os, re, sys

ROOTS = ('libcore', 'daemon', 'shell-hooks', 'enterprise')
SUFFIXES = ('.cpp', '.hpp', '.c', '.h')
INCLUDE = re.compile(r'^[ \t]*#[ \t]*include(?:_next)?[ \t]*([<"])([^>"\n]+)[>"]', re.M)

# Room -> the rooms it may see besides itself. A room is a folder, or a single file where the file is the room.
SEES = {
    'libcore/base': (),
    'libcore/repository': ('libcore/base',),
    'libcore/syntax': ('libcore/base',),
    'libcore/resolve': ('libcore/syntax', 'libcore/base'),
    'libcore/effects': ('libcore/resolve', 'libcore/syntax', 'libcore/base'),
    'libcore/commands': ('libcore/effects', 'libcore/repository', 'libcore/resolve', 'libcore/syntax', 'libcore/base'),
    'libcore/policy': ('libcore/commands', 'libcore/effects', 'libcore/resolve', 'libcore/syntax', 'libcore/base'),
    'libcore/explain': ('libcore/policy', 'libcore/commands', 'libcore/effects', 'libcore/resolve', 'libcore/syntax', 'libcore/base'),
    'libcore/audit': ('libcore/policy', 'libcore/commands', 'libcore/effects', 'libcore/resolve', 'libcore/syntax', 'libcore/base'),
    'libcore/plugin': ('libcore/base',),
    'libcore/engine': ('libcore',),
    # What carries bytes sees base alone; what a message means is said in the engine's values.
    'daemon/ipc': ('libcore/base',),
    'daemon/ipc/check_message': ('daemon/ipc', 'libcore/base', 'libcore/engine.hpp', 'libcore/explain/explain.hpp', 'libcore/explain/lesson.hpp', 'libcore/audit/event.hpp'),
    'daemon/host': ('libcore',),
    # The process of one plugin: frames in, its functions called.
    'daemon/runner': ('daemon/ipc', 'daemon/host', 'libcore/base', 'libcore/plugin'),
    # The daemon watches over the agents' settings: it sees how a hook looks in them.
    'daemon/cmdaid': ('daemon/host', 'daemon/ipc', 'libcore', 'shell-hooks/agents'),
    'daemon/cli': ('daemon/host', 'daemon/ipc', 'libcore', 'shell-hooks/agents', 'shell-hooks/exec-guard'),
    # What agents send and want to hear, and where they are set up; who asks the daemon is the command (daemon/cli).
    'shell-hooks/agents': ('daemon/host', 'libcore/base'),
    # From payload to answer; it speaks to the daemon, as the shells' client does.
    'shell-hooks/agents/hook': ('shell-hooks/agents', 'daemon/host', 'daemon/ipc', 'libcore/base'),
    # A model on the loopback interface, and real agents driven with it.
    'shell-hooks/agents/model': ('libcore/base',),
    'shell-hooks/agents/drive': ('shell-hooks/agents/model', 'daemon/host', 'libcore/base'),
    'shell-hooks/client': (),
    'shell-hooks/bash-builtin': ('shell-hooks/client',),
    # Hands over what a process tree starts; who judges it is handed in (daemon/cli).
    'shell-hooks/exec-guard': ('daemon/host', 'libcore/base'),
    'enterprise/protocol': (),
    'enterprise/plugin': ('enterprise/protocol', 'libcore/plugin/cmdai_plugin.h', 'libcore/plugin/plugin.hpp'),
    'enterprise/collector': ('enterprise/protocol',),
}

# Library -> the rooms that may use it. What is not named here is the C and C++ library, or unknown, and unknown fails.
LIBRARIES = {
    'boost/': ('libcore/commands/digests.cpp', 'libcore/repository/objects.cpp', 'daemon/cmdaid', 'shell-hooks/agents/model/loopback_model.cpp', 'enterprise'),
    'spdlog/': ('daemon/cmdaid/log.cpp', 'enterprise/collector'),
    'nlohmann/': ('libcore/commands/package_scripts.cpp', 'libcore/commands/contexts.cpp', 'libcore/explain', 'libcore/audit', 'libcore/policy', 'daemon', 'shell-hooks/agents', 'enterprise'),
    'sodium.h': ('libcore/commands/digests.cpp', 'libcore/audit', 'daemon', 'shell-hooks/agents/settings/codex_config.cpp', 'enterprise'),
    'fmt/': ('libcore', 'daemon', 'shell-hooks/agents', 'shell-hooks/exec-guard', 'enterprise'),
    'tl/': ('libcore/base', 'enterprise/protocol', 'enterprise/plugin', 'enterprise/collector'),
    're2/': ('libcore/policy', 'libcore/audit'),
    'toml++/': ('libcore/policy/toml_tree.cpp', 'shell-hooks/agents/settings/codex_config.cpp', 'shell-hooks/agents/drive/hook_copy.cpp', 'enterprise'),
    'sqlite3.h': ('enterprise/collector',),
    'openssl/': ('enterprise',),
    'zstd.h': ('enterprise',),
    'seccomp.h': ('shell-hooks/exec-guard',),
    'bash/': ('shell-hooks/bash-builtin',),
    'config.h': ('shell-hooks/bash-builtin',),
    'builtins.h': ('shell-hooks/bash-builtin',),
    'shell.h': ('shell-hooks/bash-builtin',),
}

# What makes a result depend on anything but its input. <ctime> is allowed for gmtime_r, a pure calculation.
IMPURE_HEADERS = {'thread', 'mutex', 'shared_mutex', 'condition_variable', 'future', 'atomic', 'stop_token', 'semaphore', 'latch', 'barrier',
                  'chrono', 'random', 'fstream', 'filesystem', 'iostream', 'cstdio', 'stdio.h', 'csignal', 'signal.h', 'clocale', 'locale.h',
                  'unistd.h', 'fcntl.h', 'poll.h', 'pthread.h', 'dirent.h', 'pwd.h', 'netdb.h', 'spawn.h', 'dlfcn.h', 'time.h', 'glob.h'}
IMPURE_FOLDERS = ('sys/', 'netinet/', 'arpa/', 'linux/')
# File -> a header it may have all the same: the arena says of its memory how the kernel should hand it out (madvise), which no result depends on.
PURE_ENOUGH = {('libcore/base/arena.cpp', 'sys/mman.h')}
# File -> a call it may make all the same: where keys and nonces are made.
MAY_CALL = {('enterprise/protocol/bytes.cpp', 'randombytes_buf'), ('enterprise/protocol/bytes.hpp', 'random')}
IMPURE_CALLS = re.compile(r'(?<![\w.>:])(?:std::|::)?(getenv|secure_getenv|setenv|putenv|time|clock|clock_gettime|gettimeofday|localtime|localtime_r|'
                          r'mktime|rand|random|srand|system|popen|fopen|open|getpid|getuid|geteuid|randombytes_buf)\s*\(')
PLATFORM = ('sys/', 'netinet/', 'arpa/', 'linux/', 'mach/')
PLATFORM_HEADERS = {'unistd.h', 'fcntl.h', 'poll.h', 'pthread.h', 'dirent.h', 'pwd.h', 'grp.h', 'netdb.h', 'spawn.h', 'dlfcn.h', 'launch.h', 'termios.h', 'libproc.h', 'elf.h',
                    'errno.h', 'stdio.h', 'stdlib.h', 'string.h', 'stdint.h', 'stdbool.h', 'stddef.h', 'signal.h', 'time.h', 'ctype.h', 'limits.h', 'stdarg.h', 'glob.h',
                    'getopt.h', 'inttypes.h', 'locale.h'}


def inside(path, place):
    """`path` is the place, in it, or one of the files that make it (libcore/engine: engine.hpp, engine.cpp)."""
    return path == place or path.startswith(place + '/') or os.path.splitext(path)[0] == place


def room_of(path):
    return max((room for room in SEES if inside(path, room)), key=len, default=None)


def pure_part(room):
    return 'libcore' if room.startswith('libcore/') else room if room == 'enterprise/protocol' else None


def blank(match):
    return re.sub(r'[^\n]', ' ', match.group())


def without_comments(text):
    text = re.sub(r'/\*.*?\*/', blank, text, flags=re.S)
    return re.sub(r'//[^\n]*', blank, text)


def without_texts(text):
    text = re.sub(r'R"(\w*)\((.*?)\)\1"', blank, text, flags=re.S)
    return re.sub(r'"(?:[^"\\\n]|\\.)*"', blank, text)


def standard(header):
    return re.fullmatch(r'[a-z_0-9]+', header) is not None or header in PLATFORM_HEADERS or header.startswith(PLATFORM)


def judge_own(path, room, target):
    """An include with quotes: of ours, from the root of the tree, or a file beside."""
    if '/' not in target: target = os.path.join(os.path.dirname(path), target)
    if not target.startswith(tuple(r + '/' for r in ROOTS)): return f'`{target}` is no path from the root of the tree'
    if room_of(target) == room or any(inside(target, seen) for seen in SEES[room]): return None
    return f'{room} may not see `{target}`'


def judge_library(path, room, target):
    for library, users in LIBRARIES.items():
        if not (target.startswith(library) if library.endswith('/') else target == library): continue
        return None if any(inside(path, user) for user in users) else f'<{target}> has no place in {room}'
    if not standard(target): return f'<{target}> is a library no room is allowed'
    if pure_part(room) and (path, target) not in PURE_ENOUGH and (target in IMPURE_HEADERS or target.startswith(IMPURE_FOLDERS)):
        return f'{pure_part(room)} is pure, <{target}> is not: hand it in from outside'
    if room == 'shell-hooks/client' and not target.endswith('.h'): return f'the hook client needs libc alone, not <{target}>'
    return None


def judge(path, text):
    """(line, what is wrong) for each breach of one file."""
    found = []
    code = without_comments(text)
    room = room_of(path)
    if room is None: return [(1, 'no room of test/lint/layers.py holds this file')]
    for match in INCLUDE.finditer(code):
        wrong = (judge_own if match[1] == '"' and not standard(match[2]) else judge_library)(path, room, match[2])
        if wrong: found.append((code.count('\n', 0, match.start(2)) + 1, wrong))
    part = pure_part(room)
    if part:
        bare = without_texts(code)
        for match in IMPURE_CALLS.finditer(bare):
            if (path, match[1]) in MAY_CALL or (part != 'libcore' and match[1] == 'open'): continue  # a box is opened there, no file
            found.append((bare.count('\n', 0, match.start(1)) + 1, f'{part} is pure, `{match[1]}()` is not'))
    return found


def sources(root):
    for top in ROOTS:
        for folder, _, names in sorted(os.walk(os.path.join(root, top))):
            for name in sorted(names):
                if name.endswith(SUFFIXES): yield os.path.relpath(os.path.join(folder, name), root)


def main():
    root = sys.argv[1] if len(sys.argv) > 1 else os.path.join(os.path.dirname(os.path.abspath(__file__)), '../..')
    passed = failed = 0
    for path in sources(root):
        with open(os.path.join(root, path), encoding='utf8') as file: found = judge(path, file.read())
        for line, wrong in found: print(f'{path}:{line}: {wrong}')
        passed, failed = passed + (not found), failed + bool(found)
    if failed: print('hint: docs/architecture.md says which room a thing belongs to')
    print(f'{passed} passed, {failed} failed')
    sys.exit(failed != 0 or passed == 0)


if __name__ == '__main__':
    main()
