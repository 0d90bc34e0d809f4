"""The work of tidy.sh: which files, which are known to be clean, which are read together, two at a time.

Most of a file's time goes to its headers, so files of one folder that are compiled alike are read as one, a few at a
time. What is found there, or what does not compile together, is found again file by file, and only that counts.
"""
import collections, concurrent.futures, hashlib, itertools, json, os, re, shlex, shutil, subprocess, sys, time

LIMIT = 300  # seconds a file: the slowest takes about ten
TOGETHER = 8
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


def check_files(path):
    """The .clang-tidy of its folder and of those above."""
    folders = [''] + [path[:at] for at, c in enumerate(path) if c == '/']
    return [name for folder in folders if os.path.exists(name := os.path.join(folder, '.clang-tidy'))]


def jobs(build, wanted):
    """Source path and command line of each file of ours; generated sources are nobody's handwriting."""
    seen = {}
    for entry in json.loads(read(os.path.join(build, 'compile_commands.json'))):
        path = os.path.relpath(os.path.join(entry['directory'], entry['file']))
        if path.startswith(tuple(root + '/' for root in ROOTS)): seen.setdefault(path, entry['command'])
    unknown = wanted - seen.keys()
    if unknown: sys.exit(f'error: {", ".join(sorted(unknown))}: not part of {build}')
    return {path: command for path, command in sorted(seen.items()) if not wanted or path in wanted}


def compiled_alike(command):
    """The command line without what names the file itself."""
    words, kept = iter(shlex.split(command)), []
    for word in words:
        if word in ('-o', '-c', '-MF', '-MQ'): next(words)
        elif not re.fullmatch(r'-I\S+\.p', word): kept.append(word)  # a target's folder of generated headers: nobody has any
    return kept


def groups(todo):
    """Lists of paths: C++ of one folder (and so with the same checks) and one command line. What is a program or C stays by itself."""
    def key(path): return os.path.dirname(path), compiled_alike(todo[path])
    alone = [path for path in todo if path.endswith('.c') or b'\nint main(' in read(path)]
    for path in alone: yield [path]
    for _, alike in itertools.groupby(sorted(todo.keys() - set(alone), key=key), key):
        alike = sorted(alike)
        yield from (alike[at:at + TOGETHER] for at in range(0, len(alike), TOGETHER))


def tidy(build, path):
    # The build may be g++'s: what clang does not know of its warnings is no finding.
    command = ['clang-tidy-16', '-p', build, '--quiet', '--extra-arg=-Wno-unknown-warning-option', path]
    try: done = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, timeout=LIMIT)
    except subprocess.TimeoutExpired: return False, f'no result after {LIMIT} s: a check that does not end over this file belongs into a .clang-tidy of its folder'
    text = done.stdout.decode('utf8', 'replace')
    noise = re.compile(r'^(\d+ warnings?( and \d+ errors?)? generated\.|Suppressed .*|Use -header-filter=.*|\d+ warnings? treated as errors?)$')
    read_it = done.returncode == 0 and 'Compile command not found' not in text  # which it says, and calls a success
    return read_it, '\n'.join(line for line in text.splitlines() if not noise.match(line))


NAMED = re.compile(r'[A-Za-z][^(=;{]*?(?<!::)\b(\w+)\s*(?:\[.*?\]\s*)?[=({;]')


def own_names(text):
    """What a file names for itself alone, at the left margin of its unnamed namespaces."""
    names = set()
    for part in re.findall(r'^namespace \{$(.*?)^\}  // namespace$', text, re.M | re.S):
        names |= {m[1] for line in part.splitlines() if (m := NAMED.match(line))}
    return names


def as_one(paths):
    """The files' text as one. Where two have the same name for something of their own, it gets the file's number."""
    texts = [read(path).decode() for path in paths]
    shared = [name for name, n in collections.Counter(itertools.chain.from_iterable(map(own_names, texts))).items() if n > 1]
    renamed = re.compile(r'(?<![\w.])(?<!->)(?<!::)(' + '|'.join(map(re.escape, shared)) + r')\b')
    for i, text in enumerate(texts):
        if shared: text = renamed.sub(rf'\g<1>_{i}', text)
        yield text + '\n'


def clean_together(build, paths, command):
    """Whether all of them are, read as one file, with the checks that hold for their folder."""
    root = os.path.join(build, 'tidy-together', hashlib.sha256('\0'.join(paths).encode()).hexdigest()[:16])
    shutil.rmtree(root, ignore_errors=True)
    source = os.path.join(root, os.path.dirname(paths[0]), 'together' + os.path.splitext(paths[0])[1])
    os.makedirs(os.path.dirname(source))
    for name in check_files(paths[0]): shutil.copyfile(name, os.path.join(root, name))
    with open(source, 'w') as file: file.writelines(as_one(paths))
    entry = {'directory': build, 'file': source,
             'arguments': [*compiled_alike(command), '-iquote', os.path.abspath(os.path.dirname(paths[0])), '-c', source]}
    with open(os.path.join(root, 'compile_commands.json'), 'w') as file: json.dump([entry], file)
    return tidy(root, source)[0]


def main():
    build, wanted = sys.argv[1], {os.path.relpath(path) for path in sys.argv[2:]}
    cache = os.path.join(build, 'tidy-clean')
    os.makedirs(cache, exist_ok=True)
    state, start = common_state(), time.monotonic()

    def mark(path, command):
        key = state.copy()
        key.update(b'\0'.join([path.encode(), command.encode(), *map(read, check_files(path)), read(path)]))
        return os.path.join(cache, key.hexdigest())

    def read_group(paths):
        together = len(paths) > 1 and clean_together(build, paths, todo[paths[0]])
        results = [(path, True, '', True) if together else (path, *tidy(build, path), False) for path in paths]
        for path, clean, *_ in results:
            if clean: open(mark(path, todo[path]), 'w').close()
        return results

    everything = jobs(build, wanted)
    todo = {path: command for path, command in everything.items() if not os.path.exists(mark(path, command))}
    known = len(everything) - len(todo)
    passed, failed, at_once = known, 0, 0
    with concurrent.futures.ThreadPoolExecutor(2) as pool:
        for path, clean, text, together in itertools.chain.from_iterable(pool.map(read_group, groups(todo))):
            passed, failed, at_once = passed + clean, failed + (not clean), at_once + together
            if not clean: print(f'{path}:\n{text}', flush=True)
    print(f'{passed + failed - known} files read, {at_once} of them together, {known} known to be clean, {time.monotonic() - start:.0f} s')
    print(f'{passed} passed, {failed} failed')
    sys.exit(failed != 0 or passed == 0)


if __name__ == '__main__':
    main()
