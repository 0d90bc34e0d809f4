#!/usr/bin/python3
"""The managed configuration: what is read, from whom, and what happens when it is broken."""
import json, os, sys

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
import daemon
from daemon import CMDAID, until
from support import check, holds, main, same
from plugins import action, ask, entry, events, failures, in_state, managed, plugin, read, start, state_file, status
import subprocess


def refused(box, *parts):
    """It is not in force, and that is said everywhere."""
    holds(status(box)['managed_error'], *parts)
    same(events(box, 'managed.failed')[-1]['text'].split(': ', 1)[0] in ('nothing of it is in force', 'the last good one stays in force'), True)
    doctor = box.run('doctor')
    same(doctor.status, 1)
    holds(doctor.out, 'the managed configuration is broken')
    holds(box.run('status').out, 'BROKEN')


def test_files_of_the_folder_are_merged_by_name(box):
    path = managed(box, entry(box, 'sample', 'sample_c', Settings={'a': 1, 'deep': {'x': 1}}), Site={'Name': 'one', 'Floor': 1})
    folder = os.path.join(box.root, 'managed.d')
    box.write(os.path.join(folder, '20-b.json'), json.dumps({'Site': {'Floor': 3}, 'Plugins': [entry(box, 'cpp', 'sample_cpp')]}))
    box.write(os.path.join(folder, '10-a.json'), json.dumps({'Site': {'Floor': 2, 'Room': 'r'}, 'Plugins': [{'Name': 'sample', 'DeadlineMs': 99}]}))
    box.write(os.path.join(folder, '.30-hidden.json'), 'not read')
    box.write(os.path.join(folder, '30.txt'), 'not read')
    for name in os.listdir(folder): os.chmod(os.path.join(folder, name), 0o644)
    daemon.start(box, '--managed', path)
    same(status(box)['managed'], [path, os.path.join(folder, '10-a.json'), os.path.join(folder, '20-b.json')])
    same([p['name'] for p in status(box)['plugins']], ['sample', 'cpp'])
    settings = json.loads(read(state_file(box, 'cpp', 'host')).split(' ', 4)[4])
    same(settings, {'Managed': {'Site': {'Name': 'one', 'Floor': 3, 'Room': 'r'}}})


def test_the_users_own_file_is_called_that(box):
    path = managed(box, entry(box, 'sample', 'sample_c'))
    daemon.start(box, '--managed', path)
    for words in (['status'], ['doctor']): holds(box.run(*words).out, 'your own file (level L1' if words == ['doctor'] else 'your own file, level L1', 'L1: whoever runs programs as this user can end the daemon')
    holds(events(box, 'managed.loaded')[0]['text'], path, 'your own file')


BROKEN = [('{"Plugins": [{"Name": "x" "Path": 1}]}', ':1:27: is no JSON', '\n  {"Plugins"'),
          ('{\n "a": 1,\n "a": 2}', ':3:2: the key `a` stands here a second time', '\n   "a": 2}\n   ^^^'),
          ('[]', ':1:1: must be one JSON object'),
          ('{"plugins": []}', ':1:2: there is no key `plugins`', 'hint: did you mean `Plugins`?'),
          ('{"Plugins": {}}', ':1:13: `Plugins` must be a list of objects'),
          ('{"Plugins": [{"Name": "x", "Path": "rel.so"}]}', ':1:36: `Path` must be an absolute path', '^^^^^^^^'),
          ('{"Plugins": [{"Name": "X", "Path": "/x"}]}', ':1:23: `Name` must be lower-case'),
          ('{"Plugins": [{"Name": "x", "Path": "/x", "DeadLineMs": 5}]}', ':1:42: a plugin has no key `DeadLineMs`', 'did you mean `DeadlineMs`?'),
          ('{"Plugins": [{"Name": "x", "Path": "/x", "DeadlineMs": 0}]}', ':1:56: `DeadlineMs` must be a number from 1 to 1000'),
          ('{"Plugins": [{"Name": "x", "Path": "/x", "OnFailure": "deny"}]}', ':1:55: `OnFailure` must be "ignore" or "block"'),
          ('{"Plugins": [{"Path": "/x"}]}', ':1:14: this plugin has no `Name`'),
          ('{"Plugins": [{"Name": "x"}]}', 'the plugin `x` has no `Path`')]


def test_a_broken_file_leaves_the_last_good_one_in_force(box):
    start(box, entry(box, 'sample', 'sample_c'))
    path = os.path.join(box.root, 'managed.json')
    for text, *parts in BROKEN:
        box.write(path, text)
        result = box.run('reload')
        same(result.status, 2, result)
        holds(result.err, path, *parts, 'the last good managed configuration stays in force')
        same(action(box, 'echo forbidden'), 'block')
    refused(box, 'has no `Path`')
    managed(box, entry(box, 'sample', 'sample_c'))
    same(box.run('reload').status, 0)
    check('managed_error' not in status(box))
    same(plugin(box, 'sample')['restarts'], '0')


def test_one_that_is_broken_at_the_start_is_told_loudly(box):
    path = box.write(os.path.join(box.root, 'managed.json'), '{"Plugins": [')
    os.chmod(path, 0o644)
    daemon.start(box, '--managed', path)
    refused(box, path)
    holds(events(box, 'managed.failed')[0]['text'], 'nothing of it is in force')
    same(action(box, 'ls'), 'allow')


def test_what_others_could_write_is_refused(box):
    path = managed(box, entry(box, 'sample', 'sample_c'))
    library = os.path.join(box.root, 'plugins/sample_c.so')
    daemon.start(box, '--managed', path)
    for what, mode in ((path, 0o664), (path, 0o646), (box.root, 0o777)):
        was = os.stat(what).st_mode & 0o7777
        os.chmod(what, mode)
        same(box.run('reload').status, 2, what)
        refused(box, 'can be written by others', f'chmod go-w {what}')
        os.chmod(what, was)
    same(box.run('reload').status, 0)
    same(box.run('stop').status, 0)
    os.chmod(os.path.dirname(library), 0o775)
    daemon.start(box, '--managed', path)
    holds(failures(box, 'sample')[0], 'can be written by others (mode 0775)')
    same(action(box, 'echo forbidden'), 'allow')
    os.chmod(os.path.dirname(library), 0o755)
    in_state(box, 'sample', 'ok')  # it is looked at again when it is started again


def test_what_belongs_to_somebody_else_is_refused(box):
    if os.getuid() != 0:
        from support import Skip
        raise Skip('only root can give a file away')
    path = managed(box, entry(box, 'sample', 'sample_c'))
    library = os.path.join(box.root, 'plugins/sample_c.so')
    os.chown(library, 65534, 65534)
    daemon.start(box, '--managed', path)
    holds(failures(box, 'sample')[0], 'belongs to uid 65534')
    os.chown(library, 0, 0)
    in_state(box, 'sample', 'ok')
    os.chown(path, 65534, 65534)
    same(box.run('reload').status, 2)
    refused(box, 'it belongs to uid 65534')
    os.chown(path, 0, 0)
    # A link of somebody else's on the way, too.
    real = os.path.join(box.root, 'real.so')
    os.rename(library, real)
    os.symlink(real, library)
    os.lchown(library, 65534, 65534)
    managed(box, {'Name': 'linked', 'Path': library})
    same(box.run('reload').status, 0)
    until(lambda: failures(box, 'linked'), 'the link is followed')
    holds(failures(box, 'linked')[0], 'belongs to uid 65534')


def test_the_command_line(box):
    for words, said in ((['--managed'], 'needs a value'), (['--managed', 'x.json'], 'needs an absolute path'), (['--managed', box.root + '/none.json'], 'is not there')):
        done = subprocess.run([CMDAID, *words], env=box.env, capture_output=True, text=True)
        same(done.returncode, 2)
        holds(done.stderr, said)


main()
