# shellcheck shell=bash
# cmdai's hook for bash 5.1 and later: `eval "$(cmdai init bash)"` as the last line of ~/.bashrc. Older ones: cmdai-old.bash.
#
# How a line is stopped (docs/shells.md): Enter is a readline macro of four steps: remember the line, expand history and
# aliases, ask about it, and readline's own accept-line. A refused line is taken out before the last step. PS0, which
# bash expands just before it runs something, is the tripwire: what comes there without having been judged is judged
# there. Nothing of this runs while a command runs: no DEBUG trap, no extdebug.
#
# Where the loadable builtin of shell-hooks/bash-builtin is there, Enter is a function of readline's own, which accepts
# by itself what is allowed, and plays this macro for all else; it asks without a process, too. All it does is done
# here as well, so that nothing but time is lost without it. Without it a process that lives as long as the shell asks
# for it (`cmdai-hook serve`), and only where that cannot a process for each line.
#
# No `$(...)` in what a key runs, only backquotes: bash 5.2 reads a `$(...)` again when it expands it, and then forgets
# that it is inside the quote of a line before (PS2). It writes before the beginning of a buffer later on.
# shellcheck disable=SC2006

# The user's aliases would be expanded in what follows, while it is read.
\shopt -q expand_aliases && __cmdai_had_aliases=1 || __cmdai_had_aliases=0
\shopt -u expand_aliases

__cmdai_client=@CMDAI_HOOK@
__cmdai_program=@CMDAI@
__cmdai_unavailable=@ON_UNAVAILABLE@
__cmdai_library=@CMDAI_BUILTIN@ # empty: not installed, or not wanted
__cmdai_transport=client
__cmdai_pipe=''      # where the FIFOs are of a `cmdai-hook serve` that asks for us
__cmdai_told=0       # 1: the person knows that the daemon does not answer
__cmdai_state=0      # 0 nothing judged yet, 1 what was judged is accepted, 2 it runs
__cmdai_accepted=''  # what bash was given since PS1, judged
__cmdai_partial=0    # 1: judged as the beginning of a command only
__cmdai_raw='' __cmdai_expanded='' __cmdai_point=0 __cmdai_last='' __cmdai_erase='' __cmdai_seen=0 __cmdai_pass=0
__cmdai_holding=0    # 1: SIGINT is held, and the user's trap is kept here
__cmdai_int_trap=''
__cmdai_ctrl_c=0     # 1: SIGINT came while it was held
__cmdai_break=0      # 1: what bash has of the text is to be thrown away; 2: it was
__cmdai_literal=''   # +H: bash expands no history in the line it gets, it is as it was judged; -H again
__cmdai_rest=''      # an accepted paste of several lines: bash runs it line by line, each with a history entry of its own
__cmdai_remembered=0 # 1: the first step of Enter came to its end, and the line is in __cmdai_raw
__cmdai_asking=0     # 1: Enter asks, and the line is not on the screen
__cmdai_bound=0         # 1: the keys are ours
# shellcheck disable=SC2016
__cmdai_tripwires=('' '$(__cmdai_tripwire >&2)') # what PS0 expands: nothing, or the tripwire
__cmdai_opened=0     # 1: the daemon was told of this session
__cmdai_verdict=''   # of the line that is accepted or runs
__cmdai_started=0    # when it was accepted: $EPOCHREALTIME, or its digits alone
__cmdai_ended=''     # how the line before ended, for the next check: KEY=VALUE, without blanks in them
__cmdai_options=''   # options=…, where one changes how a line is read

# Asks about a text: TEXT TYPED [KEY=VALUE...]. 0: it may run. 1: refused, and said so. 5: a beginning only.
#
# bash copies a function each time it is called: what few lines need stands in functions of its own.
#
# From Enter to what the verdict rests on no local name is one that a person may use: the daemon asks for variables, and
# ours would stand before theirs.
__cmdai_check() {
  local __cmdai_text=$1 __cmdai_typed=$2 __cmdai_out='' __cmdai_status='' __cmdai_round __cmdai_vars=1
  local -a __cmdai_fields=()
  shift 2
  [[ $__cmdai_typed == "$__cmdai_text" ]] || ((${#__cmdai_typed} > 10000)) || __cmdai_fields+=("typed=$__cmdai_typed")
  ((!${#BASH_ALIASES[@]})) || __cmdai_add_aliases
  __cmdai_add_functions
  for __cmdai_round in 1 2 3; do
    __cmdai_ask "$@"
    ((__cmdai_status == 4)) || break
    # The verdict depends on what some variables hold: say it, and ask again.
    __cmdai_add_values "${__cmdai_out##*need=}"
    ((__cmdai_round < 2)) || __cmdai_vars=0
  done
  # The usual answer: it may run, and nothing is to be said.
  if [[ $__cmdai_status == 0 && $__cmdai_out == id=* && $__cmdai_out != *$'\n'?* ]]; then
    __cmdai_verdict=${__cmdai_out#id=} __cmdai_ended=''
    __cmdai_verdict=${__cmdai_verdict%$'\n'}
    return 0
  fi
  __cmdai_act
}

# Says what the caller's answer says, and does it.
__cmdai_act() {
  __cmdai_note_verdict "$__cmdai_out"
  [[ $__cmdai_out != *$'\n\n'* ]] || __cmdai_say "${__cmdai_out#*$'\n\n'}" "$__cmdai_status"
  case $__cmdai_status in
    0 | 1 | 5) return "$__cmdai_status" ;;
    129 | 130 | 131 | 137 | 143)
      builtin printf 'cmdai: not run: the question was interrupted\n' >&2
      return 1
      ;;
    6) "$__cmdai_client" confirm "id=$__cmdai_verdict" ;;
    *) __cmdai_unreachable "\`$__cmdai_client\` ended with status $__cmdai_status" ;;
  esac
}

# What is said stands below the line it is about: readline has taken the line off the screen while Enter asks. TEXT
# STATUS: a line that runs (0) is drawn again by readline itself.
__cmdai_say() {
  local prompt=${PS1@P} shown=$__cmdai_raw
  __cmdai_make_visible
  [[ -z $__cmdai_accepted ]] || prompt=${PS2@P}
  prompt=${prompt##*$'\n'}
  if ((__cmdai_asking && $2 != 0)) && [[ $TERM != dumb ]]; then
    builtin printf '%s%s\n' "${prompt//[$'\001\002']/}" "$shown" >&2
  fi
  builtin printf '%s\n' "$1" >&2
}

# The caller's `shown`, without what moves, colours or turns round what is on a terminal: controls, also those of
# eight bits (ECMA-48), and the marks of Unicode's bidirectional algorithm (UAX #9). By bytes, whatever the locale.
__cmdai_make_visible() {
  local LC_ALL=C
  shown=${shown//[$'\001'-$'\037\177']/?}
  shown=${shown//$'\302'[$'\200'-$'\237']/?}
  shown=${shown//$'\342\200'[$'\213'-$'\217\250'-$'\256']/?}
  shown=${shown//$'\342\201'[$'\240'-$'\257']/?}
  shown=${shown//$'\330\234'/?}
}

# What the client says of the verdict: `id=ID`, before any text.
__cmdai_note_verdict() {
  __cmdai_verdict=${1%%$'\n\n'*}
  [[ $__cmdai_verdict == *id=* ]] || __cmdai_verdict=''
  __cmdai_verdict=${__cmdai_verdict#*id=}
  __cmdai_verdict=${__cmdai_verdict%%$'\n'*}
  [[ -z $__cmdai_verdict ]] || __cmdai_ended=''
}

# STATUS of the line that was accepted, at the prompt after it.
__cmdai_note_end() {
  if [[ -n $__cmdai_verdict && $__cmdai_started != 0 ]] && ((__cmdai_state != 0)); then
    __cmdai_ended="last.id=$__cmdai_verdict last.status=$1"
    __cmdai_ended+=" last.ms=$(((${EPOCHREALTIME//[!0-9]/} - ${__cmdai_started//[!0-9]/}) / 1000))"
  fi
  __cmdai_verdict='' __cmdai_started=0
}

# Once, when the first prompt comes, and in the background: nobody waits for it.
__cmdai_open() {
  __cmdai_opened=1
  ("$__cmdai_client" send session event=open shell=bash "version=${BASH_VERSION%%(*}" "session=$CMDAI_SESSION" "pid=$$" \
    level=line "transport=$__cmdai_transport" </dev/null &>/dev/null &)
}

# Asks the daemon; sets __cmdai_out and __cmdai_status of the caller.
__cmdai_ask() {
  local __cmdai_how=2 # 0: answered. 3: the daemon is there and does not answer, and is not to be waited for again
  if [[ $__cmdai_transport == pipe && ${BASHPID-} == "$$" ]]; then
    __cmdai_ask_pipe "$@"
    __cmdai_how=$?
  # Not when it was taken away (`enable -d`, `enable -n`).
  elif [[ $__cmdai_transport == builtin ]] && builtin type cmdai_native >/dev/null 2>&1; then
    # shellcheck disable=SC2086 # words
    builtin cmdai_native ask "$__cmdai_text" "told=$__cmdai_told" shell=bash actor=human "vars=$__cmdai_vars" level=line \
      "session=$CMDAI_SESSION" "pid=$$" "cwd=$PWD" "home=$HOME" probe=1 $__cmdai_options $__cmdai_ended "$@" \
      "${__cmdai_fields[@]}" transport=builtin
    __cmdai_how=$?
  fi
  case $__cmdai_how in
    0) ;;
    3) __cmdai_ask_client --silent "$@" ;;
    *) __cmdai_ask_client "$@" ;;
  esac
  case $__cmdai_out in
    *note=1*) __cmdai_told=1 ;;
    *note=0*) __cmdai_told=0 ;;
  esac
}

# Through the FIFOs of `cmdai-hook serve`. Opened for both directions: that waits for nobody, and each time: no program
# the shell starts has them. An answer begins with 40 characters (serve.h): NUMBER STATUS ID, blanks, and `+` where a text
# follows. Up to a delimiter bash would take four system calls for each character.
__cmdai_ask_pipe() {
  local __cmdai_number=${SRANDOM:-$RANDOM} # nobody else knows which: no answer can lie there before the question
  local __cmdai_all="$*${__cmdai_fields[*]}" __cmdai_shown='' __cmdai_head
  [[ -p $__cmdai_pipe.ask && -O $__cmdai_pipe.ask && -O $__cmdai_pipe.say ]] &&
    ((${#__cmdai_text} + ${#__cmdai_all} < 15000)) || return 2
  [[ ! -t 0 ]] || __cmdai_shown+=' tty=1'
  if [[ -t 2 ]]; then
    __cmdai_shown+=" width=${COLUMNS:-80}"
    [[ -n ${NO_COLOR-} || ${TERM:-dumb} == dumb ]] || __cmdai_shown+=' color=1'
  fi
  [[ -z ${CMDAI_PLAIN-} && ${TERM-} != dumb ]] || __cmdai_shown+=' plain=1'
  # shellcheck disable=SC2086 # words
  builtin printf '%s\0' "$__cmdai_number" "cmd=$__cmdai_text" "told=$__cmdai_told" shell=bash actor=human \
    "vars=$__cmdai_vars" level=line "session=$CMDAI_SESSION" "pid=$$" "cwd=$PWD" "home=$HOME" probe=1 \
    transport=pipe $__cmdai_options $__cmdai_ended $__cmdai_shown "$@" "${__cmdai_fields[@]}" '' 1<>"$__cmdai_pipe.ask" ||
    return 2
  while {
    builtin read -r -t 2.5 -N 40 __cmdai_head && [[ $__cmdai_head == [0-9]*' '[0-9]' '*[.+] ]] &&
      { [[ $__cmdai_head != *'+' ]] || builtin read -r -d '' -t 2.5 __cmdai_out; }
  } <>"$__cmdai_pipe.say"; do
    [[ $__cmdai_head == "$__cmdai_number "* ]] || continue # too late for the question before
    __cmdai_head=${__cmdai_head#*' '}
    __cmdai_status=${__cmdai_head:0:1}
    case $__cmdai_status in
      2 | 3) return "$__cmdai_status" ;;
    esac
    if [[ $__cmdai_head == *'+' ]]; then
      while [[ $__cmdai_out == *$'\n' ]]; do __cmdai_out=${__cmdai_out%$'\n'}; done
    else
      __cmdai_head=${__cmdai_head:2}
      __cmdai_out=${__cmdai_head%%' '*}
      __cmdai_out=${__cmdai_out:+id=$__cmdai_out}
    fi
    return 0
  done
  __cmdai_transport=client # it was killed, or what came is none of its answers
  return 2
}

# Starts it, where the daemon has been: only before the first prompt, as `$!` is the user's from then on.
__cmdai_serve() {
  local place=/tmp/cmdai-$UID
  if [[ -n ${CMDAI_SOCKET-} ]]; then
    place=${CMDAI_SOCKET%/*}
  elif [[ ${XDG_RUNTIME_DIR-} == /* && -d $XDG_RUNTIME_DIR ]]; then
    place=$XDG_RUNTIME_DIR/cmdai
  elif [[ ${TMPDIR-} == /* && -d $TMPDIR ]]; then
    place=$TMPDIR/cmdai-$UID
  fi
  [[ $place == /* && -d $place && -O $place ]] || return
  __cmdai_pipe=$place/bash-$$ __cmdai_transport=pipe
  "$__cmdai_client" serve "$__cmdai_pipe" </dev/null &>/dev/null &
  builtin disown
} 2>/dev/null

# Runs the client, which takes what the caller's fields say and more words.
__cmdai_ask_client() {
  # shellcheck disable=SC2206 # words
  local -a __cmdai_words=("$__cmdai_client" check --later --cmdai "$__cmdai_program" --unavailable "$__cmdai_unavailable"
    "told=$__cmdai_told" shell=bash actor=human "vars=$__cmdai_vars" level=line "session=$CMDAI_SESSION" "pid=$$" "cwd=$PWD"
    "home=$HOME" probe=1 $__cmdai_options $__cmdai_ended "${__cmdai_fields[@]}" transport=client "$@")
  if ((${#__cmdai_text} > 20000)); then # an argument of a program may have 128 KiB
    __cmdai_out=`"${__cmdai_words[@]}" --stdin <<<"$__cmdai_text"`
  else
    __cmdai_out=`"${__cmdai_words[@]}" "cmd=$__cmdai_text"`
  fi
  __cmdai_status=$?
}

# Readline expands aliases at the beginning of a command only; those after `do`, `then` or in an eval are left to the
# daemon. Only what the text mentions is said.
__cmdai_add_aliases() {
  local word words
  local text=${__cmdai_text:0:4000} # a replacement takes bash the square of the length: a minute for 270 KB
  builtin read -r -d '' -a words <<<"${text//[^a-zA-Z0-9_.!+:@-]/ }"
  for word in "${words[@]:0:200}"; do
    [[ ! -v BASH_ALIASES[$word] ]] || __cmdai_fields+=("alias.$word=${BASH_ALIASES[$word]}")
  done
}

# Options that change how a line is read, where they are not as bash begins. At a prompt: a line is read as it was
# then.
__cmdai_look_at_options() {
  __cmdai_options=''
  ! builtin shopt -q extglob || __cmdai_options+=,extglob
  [[ ! -o posix ]] || __cmdai_options+=,posix
  [[ -o braceexpand ]] || __cmdai_options+=,no-braces
  builtin shopt -q expand_aliases || __cmdai_options+=,no-aliases
  builtin shopt -q interactive_comments || __cmdai_options+=,no-comments
  __cmdai_options=${__cmdai_options:+options=${__cmdai_options#,}}
}

# The functions that the text mentions (bash is slow with long ones: the first 4000 characters), and those that these
# mention. Most lines mention none.
__cmdai_add_functions() {
  local word text=${__cmdai_text:0:4000}
  # shellcheck disable=SC2206 # nothing is left in it that a glob could be
  local -a words=(${text//[^a-zA-Z0-9_.:-]/ })
  for word in "${words[@]:0:200}"; do
    ! builtin declare -F -- "$word" || { __cmdai_add_bodies && break; }
  done >/dev/null
}

# From the caller's text on. None beyond 4 KiB. As bash prints them: NAME () and a group.
__cmdai_add_bodies() {
  local body count=0
  local -A seen=()
  for _ in 1 2 3; do
    text=${text:0:4000} # as in __cmdai_add_aliases
    # shellcheck disable=SC2206 # nothing is left in it that a glob could be
    words=(${text//[^a-zA-Z0-9_.:-]/ })
    text=''
    for word in "${words[@]:0:200}"; do
      [[ -z ${seen[$word]-} && $word != __cmdai* ]] || continue
      builtin declare -F -- "$word" || continue
      seen[$word]=1
      body=`builtin declare -f -- "$word"`
      ((${#body} <= 4096 && ++count <= 16)) || continue
      __cmdai_fields+=("function.$word=${body#*$'\n'}")
      text+=" ${body#*$'\n'}"
    done
    [[ -n $text ]] || return 0
  done
}

# NAME,NAME,...: adds what they hold to the caller's fields.
__cmdai_add_values() {
  local __cmdai_name
  local -a __cmdai_names
  IFS=, builtin read -r -a __cmdai_names <<<"${1%%$'\n'*}"
  for __cmdai_name in "${__cmdai_names[@]}"; do
    case $__cmdai_name in '' | [!a-zA-Z_]* | *[!a-zA-Z0-9_]*) continue ;; esac
    if [[ -v $__cmdai_name ]]; then
      __cmdai_fields+=("var.$__cmdai_name=${!__cmdai_name:0:4096}")
    else
      __cmdai_fields+=("unset=$__cmdai_name")
    fi
  done
}

# Nobody could be asked, not even the client: on_unavailable of config.toml decides.
__cmdai_unreachable() {
  if [[ $__cmdai_unavailable == block ]]; then
    builtin printf 'cmdai: blocked: %s, and `on_unavailable` is "block"\n  hint: cmdai doctor\n' "$1" >&2
    return 1
  fi
  ((__cmdai_told)) || builtin printf 'cmdai: NOT GUARDED: %s; commands run unchecked\n  hint: cmdai doctor\n' "$1" >&2
  __cmdai_told=1
}

# The third step of Enter: READLINE_LINE is the line with history and aliases expanded.
__cmdai_enter() {
  { local - IFS=$' \t\n' && set +xveu; } 2>/dev/null
  # Whatever goes wrong from here on (a `readonly` of the user's over a name of ours), nothing is left to run.
  __cmdai_expanded=$READLINE_LINE READLINE_LINE='' READLINE_POINT=0
  # Ctrl-C cut the first step short: never the line of an Enter before.
  ((__cmdai_remembered)) || __cmdai_raw=$__cmdai_expanded __cmdai_point=${#__cmdai_expanded}
  __cmdai_remembered=0
  local __cmdai_line __cmdai_typed
  ((__cmdai_state != 2)) || ! __cmdai_is_data || return
  [[ ${PS0-} == *__cmdai_tripwire* && ${PROMPT_COMMAND[0]-} == __cmdai_prompt ]] || __cmdai_arm
  __cmdai_rest=''
  ! __cmdai_expands_history || __cmdai_expand_line || return
  __cmdai_line=$__cmdai_accepted$__cmdai_expanded __cmdai_typed=$__cmdai_accepted$__cmdai_raw
  if [[ $__cmdai_line != *[![:space:]]* ]]; then
    __cmdai_accept "$__cmdai_accepted" 0
    return
  fi
  __cmdai_asking=1
  __cmdai_check "$__cmdai_line" "$__cmdai_typed" partial=1 source=enter
  local __cmdai_status=$?
  __cmdai_asking=0
  ((!__cmdai_ctrl_c)) || __cmdai_status=1
  case $__cmdai_status in
    0) __cmdai_accept "$__cmdai_line"$'\n' 0 ;;
    5) __cmdai_accept "$__cmdai_line"$'\n' 1 ;;
    *) __cmdai_refuse "$__cmdai_typed" ;;
  esac
}

# A command runs and reads with readline (read -e): that is data, and goes back. Unless our part before the prompt was
# lost: then it is a line.
__cmdai_is_data() {
  if [[ ${PROMPT_COMMAND[0]-} == __cmdai_prompt ]] && declare -F __cmdai_prompt >/dev/null; then
    READLINE_LINE=$__cmdai_raw READLINE_POINT=$__cmdai_point
    return 0
  fi
  __cmdai_accepted='' __cmdai_state=0
  return 1
}

# Where the line has events of the history. 1: it is not to be judged now: refused, or back for another Enter.
__cmdai_expand_line() {
  if [[ -n $__cmdai_accepted ]]; then
    __cmdai_expand_inside && return 0
  # bash drops a line whose history event it does not find, without a word to us: nothing of it may stay accepted.
  elif ! __cmdai_event_fails; then
    # With histverify bash puts the expanded line back for another Enter: that one is judged.
    builtin shopt -q histverify && [[ $__cmdai_expanded != "$__cmdai_raw" ]] || return 0
    READLINE_LINE=$__cmdai_raw READLINE_POINT=$__cmdai_point
    return 1
  fi
  __cmdai_refuse "$__cmdai_accepted$__cmdai_raw"
  return 1
}

# What bash will have been given, and whether it was judged as a beginning only: the line goes back to readline.
__cmdai_accept() {
  [[ $__cmdai_raw != *$'\n'* ]] || __cmdai_rest=$__cmdai_raw
  __cmdai_accepted=$1 __cmdai_partial=$2 __cmdai_state=1 __cmdai_started=$EPOCHREALTIME
  READLINE_LINE=$__cmdai_raw READLINE_POINT=$__cmdai_point
}

__cmdai_expands_history() {
  local first=${histchars:-!^}
  [[ -o histexpand && ($__cmdai_raw == *"${first:0:1}"* || (${#first} -gt 1 && $__cmdai_raw == "${first:1:1}"*)) ]]
}

__cmdai_event_fails() { ! (__cmdai_expand_history "$__cmdai_raw") >/dev/null 2>&1; }

# In a subshell, with the last entry there twice: `history -p` takes one away.
__cmdai_expand_history() {
  HISTCONTROL='' HISTIGNORE='' HISTTIMEFORMAT=''
  [[ $(builtin history 1) =~ ^\ *[0-9]+[*\ ]\ (.*)$ ]] && builtin history -s -- "${BASH_REMATCH[1]}"
  builtin history -p -- "$1"
}

# A line at PS2 may begin inside a quote, which bash knows and readline does not: `y'; !evil` is an event behind an end of
# a quote for the one, and text in a quote for the other. So the whole command is expanded here, and bash is told to
# expand nothing in what it gets.
__cmdai_expand_inside() {
  local whole
  whole=`__cmdai_expand_history "$__cmdai_accepted$__cmdai_raw" && builtin printf .` || return
  whole=${whole%$'\n'.}
  [[ $whole == "$__cmdai_accepted"* ]] || return
  __cmdai_raw=${whole:${#__cmdai_accepted}} __cmdai_point=${#__cmdai_raw} __cmdai_literal=+H
  __cmdai_expanded=$__cmdai_raw
}

# Outside of all functions with `local -`. After the last step of Enter bash reads what is in the line.
__cmdai_read_literally() { [[ $__cmdai_literal != +H ]] || builtin set +H; }
__cmdai_read_events() {
  local status=$? # the prompt wants to know it
  [[ $__cmdai_literal != +H ]] || builtin set -H
  __cmdai_literal=''
  return "$status"
}

# Takes the line out of readline's hands, keeps it in the history, and ends what bash has of it (PS2).
__cmdai_refuse() {
  READLINE_LINE='' READLINE_POINT=0 __cmdai_state=0
  if [[ -z $__cmdai_accepted ]]; then
    builtin history -s -- "$1"
    __cmdai_plan_erase last
    return
  fi
  ((HISTCMD > __cmdai_seen)) && builtin history -d -1 2>/dev/null # the lines before this one: they are in "$1"
  builtin history -s -- "$1"
  __cmdai_break=1
}

# From the first to the third step of Enter SIGINT only leaves a note: bash 5.2 does not survive one that comes while
# the command of a `bind -x` runs (it goes on reading from that command's freed text).
__cmdai_hold_interrupts() {
  {
    local - && set +xveu
    # A command that reads with readline (`read -e`) asks nothing, and bash 5.2 has no `read` within a `read`.
    ((!__cmdai_holding && __cmdai_state != 2)) || return 0
    { # a here-string is a pipe, which takes what `trap -p` prints: no process for the sake of a variable
      builtin trap -p INT >/proc/self/fd/0 && { IFS='' builtin read -r -d '' __cmdai_int_trap || :; }
    } <<<'' || __cmdai_int_trap=`builtin trap -p INT`
    __cmdai_ctrl_c=0 __cmdai_holding=1
    builtin trap '__cmdai_ctrl_c=1' INT
  } 2>/dev/null
}

__cmdai_release_interrupts() {
  { local - && set +xveu; } 2>/dev/null
  if ((__cmdai_break == 1)); then # the last thing done here; the prompt after it gives the user's trap back
    __cmdai_break=2
    builtin trap - INT
    builtin kill -INT "$$"
  fi
  ((__cmdai_holding)) || return 0
  builtin trap - INT
  __cmdai_holding=0
  eval "$__cmdai_int_trap"
}

# readline will draw an empty prompt and leave it: what the prompt after it is to take back. `last`: only the prompt's
# last line is drawn again; `all`: all of it. Prompts that wrap are left alone.
__cmdai_plan_erase() {
  local prompt=${PS1@P} row
  __cmdai_erase=''
  [[ $TERM != dumb && -t 2 ]] || return
  while [[ $prompt == *$'\001'*$'\002'* ]]; do prompt=${prompt%%$'\001'*}${prompt#*$'\002'}; done
  [[ $1 == all ]] || prompt=${prompt##*$'\n'}
  while :; do
    row=${prompt%%$'\n'*}
    ((${#row} < ${COLUMNS:-80})) || { __cmdai_erase='' && return; }
    __cmdai_erase+=$'\e[A\e[2K'
    [[ $prompt == *$'\n'* ]] || break
    prompt=${prompt#*$'\n'}
  done
}

# The first thing before each PS1.
__cmdai_prompt() {
  __cmdai_read_events 2>/dev/null
  { local status=$? - IFS=$' \t\n' && set +xveu; } 2>/dev/null
  __cmdai_note_end "$status"
  [[ -z $__cmdai_erase ]] || ((__cmdai_state == 2)) || builtin printf '%s' "$__cmdai_erase" >&2
  __cmdai_erase=''
  ((__cmdai_break != 2)) || __cmdai_plan_erase all # accept-line, the last step of Enter, meets this prompt
  __cmdai_break=0 __cmdai_state=0 __cmdai_accepted='' __cmdai_partial=0
  __cmdai_release_interrupts
  __cmdai_seen=$HISTCMD
  __cmdai_look_at_options
  ((__cmdai_opened)) || __cmdai_open
  if [[ -o emacs || -o vi ]]; then
    ((__cmdai_bound)) || __cmdai_bind 2>/dev/null
  else
    # Nothing but the history tells what runs: it must hold every line, whole.
    builtin shopt -s cmdhist
    HISTCONTROL='' HISTIGNORE=''
  fi
  __cmdai_arm
}

# PS0 and PROMPT_COMMAND, again where another tool took them over. Before the first prompt (`last`) ours is the last of
# PROMPT_COMMAND: bash-preexec takes its own beginning out of the first element at that prompt, and must find it there.
__cmdai_arm() {
  # shellcheck disable=SC2016
  [[ ${PS0-} == *__cmdai_tripwire* ]] ||
    PS0='${__cmdai_tripwires[__cmdai_pass=(__cmdai_state==1?__cmdai_partial:1),__cmdai_state=2,__cmdai_pass]@P}'${PS0-}
  local entry
  local -a others=()
  [[ ${PROMPT_COMMAND[0]-} == __cmdai_prompt ]] && return
  for entry in "${PROMPT_COMMAND[@]}"; do [[ -z $entry || $entry == __cmdai_prompt ]] || others+=("$entry"); done
  if [[ ${1-} == last ]]; then
    PROMPT_COMMAND=("${others[@]:-}" __cmdai_prompt)
  else
    PROMPT_COMMAND=(__cmdai_prompt "${others[@]}")
  fi
}

# In a subshell, and only for what Enter did not judge, or judged as a beginning: another key bound to accept-line, line
# editing switched off, a text bash finds whole and we did not.
__cmdai_tripwire() {
  { set +xveu; } 2>/dev/null
  IFS=$' \t\n'
  local __cmdai_line=$__cmdai_accepted __cmdai_entry
  if ((!__cmdai_partial)); then
    __cmdai_entry=$(HISTTIMEFORMAT='' builtin history 1)
    if [[ ! $__cmdai_entry =~ ^\ *([0-9]+)[*\ ]\ (.*)$ ]] || ((BASH_REMATCH[1] < __cmdai_seen)); then
      builtin printf 'cmdai: note: this line was not seen: another key than Enter, and not in the history\n'
      return 0
    fi
    __cmdai_line=${BASH_REMATCH[2]}
    [[ -z $__cmdai_rest || $'\n'$__cmdai_rest$'\n' != *$'\n'"$__cmdai_line"$'\n'* ]] || return 0
  fi
  __cmdai_check "$__cmdai_line" "$__cmdai_line" source=tripwire || builtin kill -INT "$$"
}

# C-x C-e and `v` run what the editor leaves; this edits, and Enter judges.
__cmdai_edit() {
  { local - IFS=$' \t\n' && set +xveu; } 2>/dev/null
  local file text=''
  file=`mktemp "${TMPDIR:-/tmp}/bash-cmd.XXXXXX"` || return
  builtin printf '%s\n' "$READLINE_LINE" >|"$file"
  # shellcheck disable=SC2086 # the variables hold a command with options
  if ${VISUAL:-${EDITOR:-`command -v editor || echo vi`}} "$file"; then
    # Not `<"$file"` in backquotes: bash 5.2 reads that itself, and the line after it only up to its first word.
    IFS='' builtin read -r -d '' text <"$file" || :
    while [[ $text == *$'\n' ]]; do text=${text%$'\n'}; done
    READLINE_LINE=$text READLINE_POINT=${#text}
  fi
  command rm -f -- "$file"
}

# Simple commands only: at PS2, inside a quote or a here-document, bash reads no others here.
__cmdai_bind() {
  __cmdai_bound=1
  local map key enter next step='\C-x\C-_c'
  for map in emacs vi-insert vi-command; do
    builtin bind -m "$map" -x "\"${step}1\": __cmdai_last=\$_ __cmdai_raw=\$READLINE_LINE __cmdai_point=\$READLINE_POINT __cmdai_remembered=1; __cmdai_read_events; __cmdai_hold_interrupts"
    builtin bind -m "$map" "\"${step}2\": history-and-alias-expand-line"
    builtin bind -m "$map" -x "\"${step}3\": __cmdai_enter; __cmdai_read_literally; __cmdai_release_interrupts; : \"\$__cmdai_last\""
    builtin bind -m "$map" "\"${step}4\": accept-line"
    builtin bind -m "$map" "\"${step}5\": operate-and-get-next"
    builtin bind -m "$map" -x "\"${step}6\": __cmdai_edit"
    enter="\"${step}1${step}2${step}3${step}4\"" next="\"${step}1${step}2${step}3${step}5\""
    [[ $__cmdai_transport != builtin ]] || enter=cmdai-accept-line next=cmdai-operate-and-get-next
    for key in '\C-m' '\C-j'; do builtin bind -m "$map" "\"$key\": $enter"; done
    [[ $map == vi-command ]] || builtin bind -m "$map" "\"\\C-o\": $next"
  done
  for map in emacs vi-insert; do builtin bind -m "$map" "\"\\C-x\\C-e\": \"${step}6\""; done
  builtin bind -m vi-command "\"v\": \"${step}6\""
  # insert-comment accepts the line, too.
  for map in emacs vi-insert; do builtin bind -m "$map" '"\e#": "\C-a#\C-m"'; done
  builtin bind -m vi-command '"#": "0i#\C-m"'
}

__cmdai_install() {
  if builtin shopt -q restricted_shell; then # it redirects nothing and starts no program by its path
    builtin printf 'cmdai: NOT GUARDED: a restricted shell cannot ask\n  hint: cmdai doctor\n' >&2
    return
  fi
  # A file for another bash, a file system without programs: the client does it, and status says so.
  if [[ -n $__cmdai_library ]] && builtin enable -f "$__cmdai_library" cmdai_native >/dev/null 2>&1; then
    __cmdai_transport=builtin
  else
    __cmdai_serve
  fi
  # Never from the environment: a parent's session is not ours.
  export CMDAI_SESSION="bash-$$-${EPOCHSECONDS}-$RANDOM"
  [[ -o emacs || -o vi ]] && __cmdai_bind 2>/dev/null
  __cmdai_arm last
}

[[ $- != *i* ]] || __cmdai_install
unset -f __cmdai_install __cmdai_serve
((!__cmdai_had_aliases)) || \shopt -s expand_aliases
unset __cmdai_had_aliases
