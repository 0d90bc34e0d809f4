"""What tests of plugins share: a managed configuration in a box, and what became of it."""
import json, os, shutil

import daemon
import support
from daemon import Peer, until
from support import same

PLUGINS = os.path.join(os.path.dirname(support.CMDAI), '../../test/plugin')


def entry(box, name, library, **more):
    """One of `Plugins`; its file is a copy in the box, where nobody else may write. The longest deadline there is, where a test is not
    about it: on a busy machine an answer, or a sanitizer's report, takes longer than the usual one."""
    path = os.path.join(box.root, 'plugins', library + '.so')
    os.makedirs(os.path.dirname(path), 0o755, exist_ok=True)
    if not os.path.exists(path): shutil.copy(os.path.join(PLUGINS, library + '.so'), path)
    os.chmod(path, 0o644)
    return {'Name': name, 'Path': path, 'DeadlineMs': 1000} | more


FROZEN = os.path.join(os.path.dirname(os.path.abspath(__file__)), '../plugin/frozen')


def frozen(box, name, major):
    """The plugin that was built when this major was released."""
    path = os.path.join(box.root, 'plugins', f'major-{major}.so')
    os.makedirs(os.path.dirname(path), 0o755, exist_ok=True)
    shutil.copy(os.path.join(FROZEN, f'major-{major}.so'), path)
    os.chmod(path, 0o644)
    return {'Name': name, 'Path': path}


def managed(box, *entries, **top):
    path = box.write(os.path.join(box.root, 'managed.json'), json.dumps(top | {'Plugins': list(entries)}, indent=1) + '\n')
    os.chmod(path, 0o644)
    return path


def start(box, *entries, **top):
    """A daemon with these plugins."""
    return daemon.start(box, '--managed', managed(box, *entries, **top))


def change(box, *entries, **top):
    managed(box, *entries, **top)
    result = box.run('reload')
    same(result.status, 0, result)


def status(box):
    result = box.run('status', '--json')
    same(result.status, 0, result)
    return json.loads(result.out)


def plugin(box, name):
    (found,) = [p for p in status(box)['plugins'] if p['name'] == name]
    return found


def in_state(box, name, *states):
    until(lambda: plugin(box, name)['state'] in states, f'{name} is not {states}: ')
    return plugin(box, name)


def events(box, *types):
    with open(box.record()) as file: found = [json.loads(line) for line in file]
    return [e for e in found if not types or e['type'] in types]


def failures(box, name):
    return [e['text'] for e in events(box, 'plugin.failed') if e['rule'] == 'plugin.' + name]


def ask(box, command, **more):
    """The verdict's fields."""
    with Peer(box) as peer: kind, fields = peer.ask('check', cmd=command, shell='bash', cwd=box.project, **more)
    same(kind, 'verdict', fields)
    return fields


def action(box, command, **more): return ask(box, command, **more)['action']


def state_file(box, plugin_name, name):
    return os.path.join(box.home, '.local/state/cmdai/plugins', plugin_name, name)


def read(path):
    if not os.path.exists(path): return ''
    with open(path) as file: return file.read()


def alive(pid):
    try:
        with open(f'/proc/{pid}/stat') as file: return file.read().rpartition(')')[2].split()[0] != 'Z'
    except OSError: return False
