# cmdai for zsh when it is not interactive: `cmdai init --non-interactive zsh` prints this for a file that the first line
# of ~/.zshenv, or of the system's zshenv, sources. zsh reads that before it runs the text of `-c` or a script
# (zsh(1), "STARTUP/SHUTDOWN FILES"): here both are there to be judged, and `exit` ends the shell before they run.
# Commands from standard input cannot be known here. The daemon is asked over its socket without a process.

# NAME ARGUMENT...: what the shell was called and given.
__cmdai_start() {
  emulate -L zsh
  setopt extended_glob no_multibyte no_err_exit no_err_return no_sh_word_split
  local parent text word
  local -a words
  # Asked already: by cmdai-sh, for this very process; or by the guarded shell whose line started it. An `exec` there
  # leaves its number to another program.
  if [[ $CMDAI_JUDGED == $$ ]]; then
    unset CMDAI_JUDGED
    return 0
  fi
  if [[ $CMDAI_SESSION == *-$PPID-* ]] && read -r parent 2>/dev/null </proc/$PPID/comm; then
    [[ $parent != (bash|zsh|fish) ]] || return 0
  fi
  if (( ${+ZSH_EXECUTION_STRING} )); then
    words=(-c "$ZSH_EXECUTION_STRING")
    # A name and arguments may stand behind the text, which can use them.
    if [[ $# == 1 && $1 == (zsh|-zsh|/bin/zsh|/usr/bin/zsh) ]]; then
      text=$ZSH_EXECUTION_STRING
    else
      words+=("$@")
      text="zsh -c ${(qq)ZSH_EXECUTION_STRING}"
      for word; do
        [[ $word == [A-Za-z0-9_./,:@%+-]## ]] || word=${(qq)word}
        text+=" $word"
      done
    fi
  elif [[ -n $ZSH_SCRIPT ]]; then
    words=(file "$ZSH_SCRIPT" "${@:2}")
    text=zsh
    [[ $ZSH_SCRIPT != -* ]] || text+=' --'
    for word in "${(@)words[2,-1]}"; do
      [[ $word == [A-Za-z0-9_./,:@%+-]## ]] || word=${(qq)word}
      text+=" $word"
    done
  else
    return 0
  fi
  __cmdai_ask_daemon && return 0
  __cmdai_ask_client
}

# Asks about the caller's `text`. Not 0: no answer to be had this way. A refusal ends the shell.
__cmdai_ask_daemon() {
  local place chunk buffer REPLY fd field actor=human
  # More than a socket's buffer would wait for a daemon that does not read, without an end: the client has a deadline.
  (( $#text < 65536 )) || return 1
  if [[ -n $CMDAI_SOCKET ]]; then
    place=$CMDAI_SOCKET
  elif [[ $XDG_RUNTIME_DIR == /* && -d $XDG_RUNTIME_DIR ]]; then
    place=$XDG_RUNTIME_DIR/cmdai/cmdaid.sock
  elif [[ $TMPDIR == /* && -d $TMPDIR ]]; then
    place=$TMPDIR/cmdai-$UID/cmdaid.sock
  else
    place=/tmp/cmdai-$UID/cmdaid.sock
  fi
  # Ours, and nobody else may use them: zshexpn(1), "Glob Qualifiers".
  local -a trusted=($place:h(N/U^AIERWX) $place(N=U^AIERWX))
  [[ $place == /* && $#trusted == 2 ]] || return 1
  zmodload zsh/net/socket zsh/system 2>/dev/null && zsocket $place 2>/dev/null || return 1
  fd=$REPLY
  [[ $CMDAI_ACTOR != agent:?* ]] || actor=$CMDAI_ACTOR
  local -a facts fields=("cmd=$text" shell=zsh source=script actor=$actor vars=1 probe=1 pid=$$ "cwd=$PWD" "home=$HOME")
  local -A answer
  {
    if [[ -t 2 ]]; then
      fields+=(width=$COLUMNS)
      [[ -n $NO_COLOR || $TERM == (|dumb) ]] || fields+=(color=1)
      # proc(5), /proc/PID/stat: a question can be asked where ours is the terminal's foreground job.
      { read -rA facts </proc/$$/stat } 2>/dev/null && [[ $facts[5] == $facts[8] ]] && fields+=(tty=1)
    fi
    buffer=${(pj:\0:)fields}
    syswrite -o $fd -- "cmdai/1 check $#buffer"$'\n'$buffer 2>/dev/null || return 1
    buffer=
    while [[ $buffer != (#b)cmdai/1\ verdict\ ([0-9]##)$'\n'(*) ]] || (( $#match[2] < match[1] )); do
      sysread -i $fd -t 2 -s 65536 chunk 2>/dev/null || return 1
      buffer+=$chunk
    done
  } always {
    exec {fd}>&-
  }
  for field in "${(@ps:\0:)match[2]}"; do
    [[ -z $field || -n ${answer[${field%%=*}]} ]] || answer[${field%%=*}]=${field#*=}
  done
  # Values decide: the client says what the environment holds.
  [[ -z $answer[need] || -n $answer[text] ]] || return 1
  case $answer[action] in
    allow) return 0 ;;
    warn | ask | block) print -rnu2 -- "$answer[text]" ;;
    *) return 1 ;;
  esac
  [[ $answer[action] != warn ]] || return 0
  [[ $answer[action] == ask && $fields[-1] == tty=1 ]] && @CMDAI_HOOK@ confirm id=$answer[id] && return 0
  exit 126
}

# The same through a process, which also starts the daemon. Takes the caller's `words`.
__cmdai_ask_client() {
  local client=@CMDAI_HOOK@ rc
  $client start --cmdai @CMDAI@ --unavailable @ON_UNAVAILABLE@ zsh "${(@)words}"
  rc=$?
  case $rc in
    0) return 0 ;;
    1 | 129 | 130 | 131 | 137 | 143) exit 126 ;;
  esac
  # Nobody could be asked, not even the client: on_unavailable of config.toml decides.
  if [[ @ON_UNAVAILABLE@ == block ]]; then
    print -ru2 -- "cmdai: blocked: \`$client' ended with status $rc, and \`on_unavailable' is \"block\""$'\n  hint: cmdai doctor'
    exit 126
  fi
  print -ru2 -- "cmdai: NOT GUARDED: \`$client' ended with status $rc; this runs unchecked"$'\n  hint: cmdai doctor'
  return 0
}

# --- from here on with the user's options

# With `zsh -x` these lines are shown, as those of every start-up file; the functions are not.
if [[ ! -o interactive ]]; then
  if [[ -o xtrace ]]; then
    unsetopt xtrace
    __cmdai_start "$ZSH_ARGZERO" "$@"
    setopt xtrace
  else
    __cmdai_start "$ZSH_ARGZERO" "$@"
  fi
fi
unfunction __cmdai_start __cmdai_ask_daemon __cmdai_ask_client
