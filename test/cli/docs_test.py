#!/usr/bin/python3
"""What the pages say is so: examples are taken, every key is named, every command exists.

usage: docs_test.py CMDAI [TEST…]
"""
import glob, json, os, re, shutil, subprocess
from support import Skip, check, holds, same
import support

ROOT = os.path.join(os.path.dirname(os.path.abspath(__file__)), '../..')
TOML = re.compile(r'^```toml ([\w.-]+)\n(.*?)^```', re.S | re.M)


def read(path):
    with open(os.path.join(ROOT, path), encoding='utf8') as file: return file.read()


def pages():
    return ['README.md', 'CONTRIBUTING.md', 'SECURITY.md', *(os.path.relpath(p, ROOT) for p in sorted(glob.glob(os.path.join(ROOT, 'docs/*.md'))))]


def test_every_policy_example_is_taken(box):
    """Without a word: no warning, and the examples of the rules hold."""
    seen = []
    for page in pages():
        text = read(page)
        same(len(re.findall(r'^```toml', text, re.M)), len(TOML.findall(text)), f'{page}: an example says which file it is: ```toml config.toml')
        for name, body in TOML.findall(text):
            seen.append(name)
            r = box.run('policy', 'check', box.write(os.path.join(box.root, name), body))
            same((r.status, r.err), (0, ''), f'{page}: {name}: {r}')
    check(len(seen) == len(set(seen)) >= 5 and {'config.toml', 'allow.toml', '.cmdai.toml'} <= set(seen), seen)


def test_the_plugins_on_their_page_are_what_they_are_said_to_be(box):
    page = read('docs/plugins.md')
    (sample,) = re.findall(r'^```c\n(.*?)^```', page, re.S | re.M)
    same(sample, read('test/plugin/sample_c.c'))
    (managed,) = re.findall(r'^```json\n(.*?)^```', page, re.S | re.M)
    keys = json.loads(read('config/schema/managed.schema.json'))['properties']['Plugins']['items']['properties']
    for key in keys: check(f'| `{key}` |' in page, key)
    check(set(json.loads(managed)['Plugins'][0]) <= set(keys))
    header = read('libcore/plugin/cmdai_plugin.h')
    for function in re.findall(r'\(\*(\w+)\)\(void \*state', header): check(f'`{function}`' in page, function)
    (cpp,) = re.findall(r'^```cpp\n(.*?)^```', page, re.S | re.M)
    compiler = shutil.which('c++')
    if compiler is None: raise Skip('no c++')
    source = box.write(os.path.join(box.root, 'mine.cpp'), cpp)
    os.symlink(os.path.join(ROOT, 'libcore/plugin'), os.path.join(box.root, 'cmdai'))
    done = subprocess.run([compiler, '-std=c++17', '-Wall', '-Wextra', '-Werror', '-fsyntax-only', '-I', box.root, source], capture_output=True, text=True)
    same((done.returncode, done.stderr), (0, ''))


def test_a_broken_example_would_be_noticed(box):
    (body,) = [body for name, body in TOML.findall(read('docs/policy-format.md')) if name == 'mine.toml']
    path = box.write(os.path.join(box.root, 'mine.toml'), body.replace('"kubectl --context staging', '"kubectl --context production'))
    same(box.run('policy', 'check', path).status, 1)
    path = box.write(os.path.join(box.root, 'mine.toml'), body.replace('words =', 'wrds ='))
    same(box.run('policy', 'check', path).status, 2)


def test_the_documented_configuration_is_taken_and_changes_nothing(box):
    path = os.path.join(ROOT, 'config/cmdai.toml')
    r = box.run('policy', 'check', path)
    same((r.status, r.err), (0, ''), r)
    before = box.run('rules', 'list').out
    box.write(box.config('config.toml'), read('config/cmdai.toml'))
    same(box.run('rules', 'list').out, before, 'a value in config/cmdai.toml is not the default')


def test_the_examples_in_the_comments_of_the_documented_configuration_are_taken(box):
    text = read('config/cmdai.toml')
    entries = re.findall(r'^#   (\[{1,2}[\w.-]+\]{1,2}|[\w"].* = .*)$', text, re.M)
    check(len(entries) >= 16, entries)
    check('[agents.codex]' in entries and '[[allow]]' in entries, entries)
    # The first ones stand below the `[rules]` that is there.
    path = box.write(os.path.join(box.root, 'config.toml'), '[rules]\n' + '\n'.join(entries) + '\n')
    r = box.run('policy', 'check', path)
    same((r.status, r.err), (0, ''), r)


def test_the_policy_page_names_every_key(box):
    words = json.loads(box.run('debug', 'words').out)
    organization = {'organization-document', 'organization', 'group', 'defaults', 'bound', 'exception', 'mode'}
    check(organization < set(words), words)
    for group, keys in words.items():
        name = 'docs/organization-policy.md' if group in organization else 'docs/policy-format.md'
        page = read(name)
        for key in keys: check(re.search(rf'[`\[".]{re.escape(key)}[`\].= "]', page), f'{name} does not name `{key}` of {group}')
    config = read('config/cmdai.toml')
    for group in ('config', 'actors', 'allow', 'profile'):
        for key in words[group]:
            if key != 'id': holds(config, key)


def test_the_protocol_page_names_every_key(box):
    page = read('docs/protocol.md')
    for source in ('daemon/cmdaid/service.cpp', 'daemon/cmdaid/policy_answer.cpp', 'daemon/ipc/check_message.cpp', 'daemon/cmdaid/server.cpp', 'daemon/cmdaid/sessions.cpp'):
        text = read(source)
        for key in re.findall(r'(?:\.get|\.find|\.add|\.add_if|error)\("([a-z_.-]+)"', text):
            check(re.search(rf'`{re.escape(key)}[`.=]', page), f'docs/protocol.md does not name `{key}` of {source}')
        for kind in re.findall(r'type == "([a-z-]+)"', text): check(f'`{kind}`' in page, f'docs/protocol.md does not name the frame `{kind}`')


def test_every_command_that_is_named_exists(box):
    known = set(re.findall(r'^  ([a-z]+)', box.run('--help').out, re.M)) | {'debug', 'help', 'relay'}  # two for tools and hooks, not listed
    check({'check', 'explain', 'log', 'rules', 'init', 'version'} <= known, known)
    known |= {'audit', 'enroll'}  # programs of the enterprise edition, run as `cmdai NAME`
    for page in pages() + ['config/cmdai.toml']:
        for word in re.findall(r'[`("]cmdai ([a-z]+)', read(page)): check(word in known, f'{page}: there is no `cmdai {word}`')
        for words, option in re.findall(r'`cmdai ((?:[a-z]+ )*[a-z]+) (?:[^`]* )?(--[a-z-]+)', read(page)):
            if words.split()[0] in ('audit', 'enroll'): continue
            shown = box.run(*words.split()[:2], '--help')
            if shown.status != 0: shown = box.run(words.split()[0], '--help')
            holds(shown.out, option)


def test_the_exit_statuses_are_those_of_the_page(box):
    for command, status in (("check --local -- 'ls'", 0), ("check --local -- 'rm -rf ~'", 1), ('chekc', 2), ('status', 3)):
        same(box.run(*[w.strip("'") for w in re.findall(r"'[^']*'|\S+", command)]).status, status, command)
    for text in ('| 0 | allowed', '| 1 | refused', '| 2 | the command line', '| 3 | no answer'): holds(read('docs/cli.md'), text)


def test_the_json_of_the_page_is_the_json(box):
    (shown,) = re.findall(r"^\$ cmdai check --json -- 'rm -rf ~'\n(\{.*\})$", read('docs/cli.md'), re.M)
    got = json.loads(box.run('check', '--json', '--home', '/home/you', '--', 'rm -rf ~').out)
    shown = json.loads(shown)
    same(list(shown), list(got))
    for key in ('decision', 'rule', 'effects'): same(shown[key], got[key])


if __name__ == '__main__':
    support.main()
