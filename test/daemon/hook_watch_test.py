#!/usr/bin/python3
"""The daemon watches what `cmdai agents install` wrote: a hook that goes is in the record and in `status`."""
import json, os, sys, time

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), '../cli'))
from support import CMDAI, DEADLINE, check, holds, main, same


def tampers(box):
    if not os.path.exists(box.record()): return []
    with open(box.record()) as file: return [e['text'] for e in map(json.loads, file) if e['type'] == 'tamper']


def eventually(what, *shown):
    end = time.monotonic() + DEADLINE
    while not what():
        if time.monotonic() > end: raise AssertionError([s() for s in shown])
        time.sleep(0.02)


def hooks(box):
    return {h['file'].removeprefix(box.home + '/'): h['state'] for h in json.loads(box.run('status', '--json').out)['hooks']}


def test_a_hook_that_is_written_over_is_recorded_once(box):
    path = os.path.join(box.home, '.claude/settings.json')
    same(box.run('start').status, 0)
    same(hooks(box), {})
    same(box.run('agents', 'install', 'claude-code', 'codex').status, 0)
    eventually(lambda: hooks(box) == {'.claude/settings.json': 'guarded', '.codex/config.toml': 'guarded'}, lambda: hooks(box))
    same(tampers(box), [])
    text = open(path).read()
    box.write(path, '{"model": "x"}')
    eventually(lambda: tampers(box), lambda: hooks(box))
    same(tampers(box), [f'the hook of claude-code in {path} is gone'])
    holds(box.run('status').out, f'claude-code is not guarded by {path} any more: the hook is gone', 'hint: cmdai agents install claude-code')
    # It comes back, and goes another way.
    box.write(path, text)
    eventually(lambda: hooks(box)['.claude/settings.json'] == 'guarded', lambda: hooks(box))
    box.write(path, text.replace('{\n', '{\n  "disableAllHooks": true,\n', 1))
    eventually(lambda: len(tampers(box)) == 2, lambda: tampers(box))
    holds(tampers(box)[1], 'does not count any more: disabled')


def test_a_file_that_is_deleted_or_renamed_away(box):
    same(box.run('start').status, 0)
    same(box.run('agents', 'install', 'opencode', 'cursor').status, 0)
    eventually(lambda: len(hooks(box)) == 2, lambda: hooks(box))
    os.unlink(os.path.join(box.home, '.config/opencode/plugins/cmdai.js'))
    eventually(lambda: len(tampers(box)) == 1, lambda: hooks(box))
    os.rename(os.path.join(box.home, '.cursor'), os.path.join(box.home, 'cursor-away'))
    eventually(lambda: len(tampers(box)) == 2, lambda: hooks(box))
    holds(tampers(box)[0], 'opencode')
    holds(tampers(box)[1], 'cursor')


def test_trust_that_is_taken_and_a_program_that_goes(box):
    program = os.path.join(box.root, 'bin/cmdai')
    os.makedirs(os.path.dirname(program))
    os.symlink(CMDAI, program)
    same(box.run('start').status, 0)
    same(box.run('agents', 'install', 'codex', '--program', program).status, 0)
    eventually(lambda: hooks(box) == {'.codex/config.toml': 'guarded'}, lambda: hooks(box))
    path = os.path.join(box.home, '.codex/config.toml')
    text = open(path).read()
    box.write(path, text.replace('sha256:', 'sha256:0'))
    eventually(lambda: tampers(box), lambda: hooks(box))
    holds(tampers(box)[0], 'does not count any more: untrusted')
    os.unlink(program)
    box.write(path, text)
    eventually(lambda: hooks(box) == {'.codex/config.toml': 'missing-binary'}, lambda: hooks(box))


def test_what_cmdai_removes_itself_is_no_loss(box):
    same(box.run('start').status, 0)
    for _ in range(5):
        same(box.run('agents', 'install', 'claude-code', 'gemini', 'codex').status, 0)
        eventually(lambda: len(hooks(box)) == 3, lambda: hooks(box))
        same(box.run('agents', 'remove', '--all').status, 0)
        eventually(lambda: hooks(box) == {}, lambda: hooks(box))
    same(tampers(box), [])


def test_what_went_while_nobody_watched_is_recorded_at_the_start(box):
    same(box.run('agents', 'install', 'gemini').status, 0)
    path = os.path.join(box.home, '.gemini/settings.json')
    box.write(path, '{}')
    same(box.run('start').status, 0)
    eventually(lambda: tampers(box) == [f'the hook of gemini in {path} is gone'], lambda: tampers(box))
    holds(box.run('doctor').out, 'Gemini CLI is here and not guarded')


def test_settings_behind_a_link(box):
    real = box.write(os.path.join(box.home, 'dotfiles/claude.json'), '{}\n')
    os.makedirs(os.path.join(box.home, '.claude'))
    os.symlink('../dotfiles/claude.json', os.path.join(box.home, '.claude/settings.json'))
    same(box.run('start').status, 0)
    same(box.run('agents', 'install', 'claude-code').status, 0)
    eventually(lambda: hooks(box) == {'.claude/settings.json': 'guarded'}, lambda: hooks(box))
    box.write(real, '{}\n')
    eventually(lambda: len(tampers(box)) == 1, lambda: hooks(box))


main()
