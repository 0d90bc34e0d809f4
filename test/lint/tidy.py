"""The work of tidy.sh: which files, which are known to be clean, two at a time."""
import concurrent.futures, hashlib, json, os, re, subprocess, sys, time

LIMIT = 300  # seconds a file: the slowest takes about ten
ROOTS = ('libcore', 'daemon', 'shell-hooks', 'enterprise', 'test')


def read(path):
    with open(path, 'rb') as file: return file.read()


def common_state():
    """What every file's result hangs on: the tool, and the headers of the tree."""
    state = hashlib.sha256(subprocess.run(['clang-tidy-16', '--version'], capture_output=True, check=True).stdout)
    names = []
    for root in ROOTS:
        for folder, _, files in os.walk(root):
            names += [os.path.join(folder, name) for name in files if name.endswith(('.hpp', '.h'))]
    for name in sorted(names): state.update(name.encode() + b'\0' + read(name))
    return state


def checks(path):
    """The .clang-tidy of its folder and of those above."""
    folders = [''] + [path[:at] for at, c in enumerate(path) if c == '/']
    return b'\0'.join(read(os.path.join(folder, '.clang-tidy')) for folder in folders if os.path.exists(os.path.join(folder, '.clang-tidy')))


def jobs(build, wanted):
    """Source path and command line of each file of ours; generated sources are nobody's handwriting."""
    seen = {}
    for entry in json.loads(read(os.path.join(build, 'compile_commands.json'))):
        path = os.path.relpath(os.path.join(entry['directory'], entry['file']))
        if path.startswith(tuple(root + '/' for root in ROOTS)): seen.setdefault(path, entry['command'])
    unknown = wanted - seen.keys()
    if unknown: sys.exit(f'error: {", ".join(sorted(unknown))}: not part of {build}')
    return {path: command for path, command in sorted(seen.items()) if not wanted or path in wanted}


def tidy(build, path):
    # The build may be g++'s: what clang does not know of its warnings is no finding.
    command = ['clang-tidy-16', '-p', build, '--quiet', '--extra-arg=-Wno-unknown-warning-option', path]
    try: done = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, timeout=LIMIT)
    except subprocess.TimeoutExpired: return False, f'no result after {LIMIT} s: a check that does not end over this file belongs into a .clang-tidy of its folder'
    text = done.stdout.decode('utf8', 'replace')
    noise = re.compile(r'^(\d+ warnings?( and \d+ errors?)? generated\.|Suppressed .*|Use -header-filter=.*|\d+ warnings? treated as errors?)$')
    return done.returncode == 0, '\n'.join(line for line in text.splitlines() if not noise.match(line))


def main():
    build, wanted = sys.argv[1], {os.path.relpath(path) for path in sys.argv[2:]}
    cache = os.path.join(build, 'tidy-clean')
    os.makedirs(cache, exist_ok=True)
    state, start = common_state(), time.monotonic()
    passed = failed = known = 0

    def one(path, command):
        key = state.copy()
        key.update(b'\0'.join([path.encode(), command.encode(), checks(path), read(path)]))
        mark = os.path.join(cache, key.hexdigest())
        if os.path.exists(mark): return path, True, '', True
        clean, text = tidy(build, path)
        if clean: open(mark, 'w').close()
        return path, clean, text, False

    with concurrent.futures.ThreadPoolExecutor(2) as pool:
        for path, clean, text, cached in pool.map(lambda job: one(*job), jobs(build, wanted).items()):
            passed, failed, known = passed + clean, failed + (not clean), known + cached
            if not clean: print(f'{path}:\n{text}', flush=True)
    print(f'{passed + failed - known} files read, {known} known to be clean, {time.monotonic() - start:.0f} s')
    print(f'{passed} passed, {failed} failed')
    sys.exit(failed != 0 or passed == 0)


if __name__ == '__main__':
    main()
