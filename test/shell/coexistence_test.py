#!/usr/bin/python3
"""The hooks beside other tools. usage: coexistence_test.py CMDAI [WORD...]: only tests whose names hold a word

What Debian has is run for real (fzf, direnv, zsh's plugins). The others are stand-ins of our own that hook in at the same
places as the tool does in its documentation: they show the place is held, not that tool. With each: `evil` is stopped,
`fine` runs once, the tool's own part still works, and a line is judged once.
"""
from cases import *

TESTS = []
FZF = '/usr/share/doc/fzf/examples/'


def needs(*paths):
    for path in paths:
        if not (os.path.exists(path) or shutil.which(path)): raise Skip(f'no {path} here')


def lines_of(box, name):
    try:
        with open(os.path.join(box.home, name)) as file: return file.read().splitlines()
    except FileNotFoundError: return []


def holds(box, shell):
    """The four things that hold with every tool; its own part is the caller's."""
    shell.line('fine one')
    before = checks(box)
    shell.line('fine two')
    same(checks(box) - before, 2, 'one for the line, one for the marker')
    start = shell.mark()
    shell.send('evil a\r')
    shell.refused('rule test.evil', start)
    shell.done()
    same(markers_of(box), ['one', 'two'], shell.screen())
    same(box.ran('evil'), [], shell.screen())


def beside(shell_name, name, packages=(), **more):
    """A decorator: the function tests the tool's own part after the four things held."""
    def wrap(function):
        def test(box):
            needs(*packages)
            shell = Shell(box, shell_name, **more)
            try:
                holds(box, shell)
                function(box, shell)
            finally:
                shell.close()
        TESTS.append((f'{shell_name} with {name}', test))
        return function
    return wrap


# --- Debian's

FZF_SOURCES = {'bash': f'. {FZF}key-bindings.bash; . /usr/share/bash-completion/completions/fzf',
               'zsh': f'bindkey -e; . {FZF}key-bindings.zsh; . {FZF}completion.zsh', 'fish': 'fzf_key_bindings'}


def fzf_search(box, shell):
    # Ctrl-R is fzf's; what it puts into the line is judged at Enter.
    if shell.name == 'zsh': shell.line('fc -AI; true')
    for word in ('one', 'a'):
        program = 'fine' if word == 'one' else 'evil'
        while shell.pump(0.3): pass  # until the prompt is there
        start = shell.mark()
        shell.send('\x12')
        shell.wait(lambda t: re.search(r'\d+/\d+', plain(t[start:])), 'fzf')
        shell.send(f'{program} {word}')
        while shell.pump(0.4): pass
        found = shell.mark()
        shell.send('\r')
        shell.see(f'{program} {word}', found)
        while shell.pump(0.3): pass
        shell.send('\r')
        if program == 'evil': shell.refused('rule test.evil', found)
        shell.done()
    same(markers_of(box), ['one', 'two', 'one'], shell.screen()[-2000:])
    same(box.ran('evil'), [])


for place in ('before', 'after'):
    for name in ('bash', 'zsh'):
        beside(name, f'fzf, {place} the hook', ['fzf', FZF], **{'rc' if place == 'before' else 'after': FZF_SOURCES[name]})(fzf_search)


@beside('fish', 'fzf', ['fzf'], after=FZF_SOURCES['fish'])
def fzf_fish(box, shell):
    while shell.pump(0.3): pass
    start = shell.mark()
    shell.send('\x12')
    shell.wait(lambda t: re.search(r'\d+/\d+', plain(t[start:])), 'fzf')
    shell.send("'fine one")
    while shell.pump(0.4): pass
    shell.send('\r')
    while shell.pump(0.5): pass
    shell.send('\r')
    shell.done()
    same(markers_of(box), ['one', 'two', 'one'], shell.screen()[-2000:])


def direnv_loads(box, shell):
    project = os.path.join(box.home, 'work', 'project')
    os.mkdir(project)
    with open(os.path.join(project, '.envrc'), 'w') as file: file.write('export WHO=direnv\n')
    subprocess.run(['direnv', 'allow', project], env=box.env, check=True, capture_output=True, timeout=DEADLINE)
    shell.line('cd project')
    shell.line('fine $WHO')
    same(markers_of(box)[-1], 'direnv', shell.screen())


for name in ('bash', 'zsh', 'fish'):
    line = 'direnv hook fish | source' if name == 'fish' else f'eval "$(direnv hook {name})"'
    for place in ('before', 'after'):
        beside(name, f'direnv, {place} the hook', ['direnv'], **{'rc' if place == 'before' else 'after': line})(direnv_loads)

SUGGEST = '/usr/share/zsh-autosuggestions/zsh-autosuggestions.zsh'
COLOR = '/usr/share/zsh-syntax-highlighting/zsh-syntax-highlighting.zsh'
NINE = '/usr/share/powerlevel9k/powerlevel9k.zsh-theme'


def suggestion(box, shell):
    # The rest of `fine one` stands there greyed; Right takes it, Enter is judged.
    start = shell.mark()
    shell.send('fine o')
    shell.wait(lambda t: re.search(r'\x1b\[(90|38;5;8)m', t[start:]), 'the suggestion')
    shell.send('\x1b[C\r')
    shell.done()
    same(markers_of(box), ['one', 'two', 'one'], shell.screen())
    shell.send('evil')
    while shell.pump(0.3): pass
    start = shell.mark()
    shell.send('\x1b[C\r')
    shell.refused('rule test.evil', start)
    shell.done()
    same(box.ran('evil'), [])


def coloured(box, shell):
    start = shell.mark()
    shell.send('fine three')
    shell.wait(lambda t: '\x1b[32m' in t[start:], 'the colour of a command that exists')
    shell.send('\r')
    shell.done()
    same(markers_of(box)[-1], 'three')


for place in ('before', 'after'):
    where = 'rc' if place == 'before' else 'after'
    beside('zsh', f'zsh-autosuggestions, {place} the hook', [SUGGEST], env={'TERM': 'xterm-256color'}, **{where: f'bindkey -e; . {SUGGEST}'})(suggestion)
    beside('zsh', f'zsh-syntax-highlighting, {place} the hook', [COLOR], **{where: f'bindkey -e; . {COLOR}'})(coloured)
beside('zsh', 'both plugins, vi mode', [SUGGEST, COLOR], rc='bindkey -v; bindkey "^U" kill-whole-line; TRAPINT() { return 130 }', after=f'. {SUGGEST}; . {COLOR}')(coloured)


@beside('zsh', 'powerlevel9k', [NINE], env={'TERM': 'xterm-256color'}, rc="POWERLEVEL9K_LEFT_PROMPT_ELEMENTS=(dir); POWERLEVEL9K_RIGHT_PROMPT_ELEMENTS=(status)\n"
        "POWERLEVEL9K_PROMPT_ON_NEWLINE=true; POWERLEVEL9K_MULTILINE_FIRST_PROMPT_PREFIX=; POWERLEVEL9K_MULTILINE_LAST_PROMPT_PREFIX='@@ '\n" f". {NINE}")
def theme(box, shell):
    check('~/work' in shell.screen(), shell.screen())


# --- stand-ins

# bash-preexec: a DEBUG trap that finds the line in the history, armed at the first prompt by a text that PROMPT_COMMAND
# holds until then; it looks at the first element only.
PREEXEC = r'''
bp_on=0
bp_debug() {
  [[ -n ${READLINE_POINT-} || -n ${COMP_LINE-} ]] && return
  ((bp_on)) || return 0
  [[ $BASH_COMMAND == bp_* ]] && return
  bp_on=0
  local line; line=$(HISTTIMEFORMAT= history 1)
  [[ $line =~ ^\ *[0-9]+\*?\ +(.*) ]] && echo "${BASH_REMATCH[1]}" >>~/fired
}
bp_first() { local status=$?; echo x >>~/drawn; return $status; }
bp_last() { bp_on=1; }
bp_install() {
  [[ "${PROMPT_COMMAND[*]}" == *bp_first* ]] && return 1
  trap 'bp_debug "$_"' DEBUG
  local old=${PROMPT_COMMAND//"$bp_string"/:}
  PROMPT_COMMAND="bp_first"$'\n'"$old"
  PROMPT_COMMAND+=(bp_last)
  bp_first
  bp_last
}
bp_string=$'trap - DEBUG\nbp_install'
PROMPT_COMMAND=${PROMPT_COMMAND:+$PROMPT_COMMAND$'\n'}$bp_string
'''
# starship: a DEBUG trap of its own, and PROMPT_COMMAND taken over; the one that was there is called by it.
STARSHIP = r'''
star_ready=1
star_debug() { if [[ ${star_ready-} ]]; then unset star_ready; fi; : "$1"; }
star_draw() { local status=$?; echo x >>~/drawn; [[ -z $star_old ]] || eval "$star_old"; star_ready=1; return $status; }
trap 'star_debug "$_"' DEBUG
star_old=$PROMPT_COMMAND
PROMPT_COMMAND=star_draw
'''


def heard(box, shell):
    same(lines_of(box, 'fired').count('fine two'), 1, lines_of(box, 'fired'))
    drawn(box, shell)


def drawn(box, shell):
    before = len(lines_of(box, 'drawn'))
    shell.line('fine three')
    check(len(lines_of(box, 'drawn')) > before, 'the tool before the prompt did not run')


for place in ('before', 'after'):
    where = 'rc' if place == 'before' else 'after'
    beside('bash', f'what bash-preexec does, {place} the hook', **{where: PREEXEC})(heard)
    beside('bash', f'what starship does, {place} the hook', **{where: STARSHIP})(drawn)

# A search that accepts what was found at once, not through Enter: atuin (enter_accept) and mcfly bind macros that end in
# accept-line.
FOUND = r'''
found_search() { READLINE_LINE="PROGRAM found"; READLINE_POINT=${#READLINE_LINE}; }
PROMPT_COMMAND="echo x >>~/drawn; ${PROMPT_COMMAND-}"
'''
ATUIN = FOUND + r'''bind -x '"\C-x\C-_A1#": found_search'; bind '"\C-x\C-_A2#": accept-line'; bind '"\C-r": "\C-x\C-_A1#\C-x\C-_A2#"' '''
MCFLY = FOUND + r'''bind -x '"\C-x1": found_search'; bind '"\C-x2": accept-line'; bind '"\C-r": "\C-x1\C-x2"' '''
ZSH_FOUND = r'''bindkey -e; found_search() { LBUFFER="PROGRAM found"; zle accept-line; }; zle -N found_search; bindkey '^R' found_search; precmd() { echo x >>~/drawn }'''


def found(shell_name, name, text, place):
    def test(box):
        for program in ('fine', 'evil'):
            shell = Shell(box, shell_name, **{'rc' if place == 'before' else 'after': text.replace('PROGRAM', program)})
            try:
                shell.line('fine ready')
                while shell.pump(0.3): pass
                before, start = checks(box), shell.mark()
                shell.send('\x12')
                if program == 'evil': shell.refused('rule test.evil', start)
                shell.done()
                same(checks(box) - before, 2, 'one for the line, one for the marker')
                same(markers_of(box).count('found'), 1, shell.screen())
                check(len(lines_of(box, 'drawn')) > 1, 'the tool before the prompt did not run')
            finally:
                shell.close()
        same(box.ran('evil'), [])
    TESTS.append((f'{shell_name} with {name}, {place} the hook', test))


for place in ('before', 'after'):
    found('bash', 'what atuin does', ATUIN, place)
    found('bash', 'what mcfly does', MCFLY, place)
    found('zsh', 'what atuin and mcfly do', ZSH_FOUND, place)

ZSH_TIMES = r'''autoload -Uz add-zsh-hook; heard_pre() { print -r -- "$1" >>~/fired }; heard_cmd() { print x >>~/drawn }
add-zsh-hook preexec heard_pre; add-zsh-hook precmd heard_cmd; star_keymap() { zle reset-prompt }; zle -N zle-keymap-select star_keymap'''
for place in ('before', 'after'): beside('zsh', f'what starship does, {place} the hook', **{'rc' if place == 'before' else 'after': ZSH_TIMES})(heard)

# powerlevel10k's instant prompt: while .zshrc is read all output goes to a file, and any in it is complained about.
INSTANT = r'''exec {instant_out}>&1 {instant_err}>&2 1>~/loading 2>&1
instant_end() { exec 1>&$instant_out 2>&$instant_err {instant_out}>&- {instant_err}>&-; precmd_functions=(${precmd_functions:#instant_end}); print x >>~/drawn }
typeset -ga precmd_functions; precmd_functions+=(instant_end)'''


@beside('zsh', 'what an instant prompt does', rc=INSTANT)
def instant(box, shell):
    same(lines_of(box, 'loading'), [], 'something was printed while .zshrc was read')
    check(lines_of(box, 'drawn'), 'the prompt took nothing back')


@beside('fish', 'a prompt that binds Enter itself', after='function own_enter; echo x >>~/fired; commandline -f execute; end\nbind \\r own_enter; bind \\n own_enter')
def own_enter(box, shell):
    # Taken back before the first prompt: theirs does not get the key.
    same(lines_of(box, 'fired'), [])


@beside('fish', 'what starship does', after='function fish_prompt; echo x >>~/drawn; printf "@@ "; end; function fired --on-event fish_preexec; echo $argv[1] >>~/fired; end')
def starship_fish(box, shell):
    heard(box, shell)


run(TESTS)
