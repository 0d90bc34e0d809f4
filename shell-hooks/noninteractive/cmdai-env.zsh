# cmdai for zsh when it is not interactive: `cmdai init --non-interactive zsh` prints this for a file that the first line
# of ~/.zshenv, or of the system's zshenv, sources. zsh reads that before it runs the text of `-c` or a script
# (zsh(1), "STARTUP/SHUTDOWN FILES"): here both are there to be judged, and `exit` ends the shell before they run.
# Commands from standard input cannot be known here.

# The usual case, over the daemon's socket without a process. 0: it may run. Else the answer, if there was one, is in
# __cmdai_answer.
__cmdai_quick() {
  emulate -L zsh -o no_multibyte
  typeset -gA __cmdai_answer
  # At a terminal there may be a question: the client puts it.
  [[ ! -o interactive && ! -t 2 && -z $CMDAI_JUDGED$CMDAI_SESSION$CMDAI_ACTOR ]] || return
  local text=$ZSH_EXECUTION_STRING place=$CMDAI_SOCKET REPLY fd word
  if [[ -n $ZSH_SCRIPT ]]; then
    text=zsh
    [[ $ZSH_SCRIPT != -* ]] || text+=' --'
    for word in "$ZSH_SCRIPT" "$@"; do
      [[ -n $word && $word != *[^A-Za-z0-9_./,:@%+-]* ]] || word=${(qq)word}
      text+=" $word"
    done
  elif [[ $ARGC$ZSH_ARGZERO != (0zsh|0/bin/zsh|0/usr/bin/zsh) ]]; then
    return 1 # a name or arguments behind the text of -c, which can use them
  fi
  # More than a socket's buffer would wait for a daemon that does not read, without an end: the client has a deadline.
  (( $#text && $#text < 65536 )) || return
  if [[ -z $place ]]; then
    place=/tmp/cmdai-$UID/cmdaid.sock
    [[ $TMPDIR != /* || ! -d $TMPDIR ]] || place=$TMPDIR/cmdai-$UID/cmdaid.sock
    [[ $XDG_RUNTIME_DIR != /* || ! -d $XDG_RUNTIME_DIR ]] || place=$XDG_RUNTIME_DIR/cmdai/cmdaid.sock
  fi
  # Ours, and nobody else may use them: zshexpn(1), "Glob Qualifiers".
  local -a trusted=($place:h(N/U^AIERWX) $place(N=U^AIERWX))
  [[ $place == /* && $#trusted == 2 ]] && zmodload zsh/net/socket 2>/dev/null && zsocket $place 2>/dev/null || return
  fd=$REPLY
  text="cmd=$text"$'\0'"shell=zsh"$'\0'"source=script"$'\0'"actor=human"$'\0'"vars=1"$'\0'"probe=1"$'\0'"pid=$$"$'\0'"cwd=$PWD"$'\0'"home=$HOME"
  print -rnu$fd -- "cmdai/1 check $#text"$'\n'"$text" 2>/dev/null
  # The daemon sends an answer in one piece.
  IFS= read -r -t 2 -u $fd word 2>/dev/null
  if [[ $word == 'cmdai/1 verdict '<-> ]]; then
    integer left=${word##* }
    while (( left > 0 )) && { IFS= read -r -t 2 -d $'\0' -u $fd word || [[ -n $word ]] }; do
      (( left -= $#word + 1 ))
      [[ -n ${__cmdai_answer[${word%%=*}]} ]] || __cmdai_answer[${word%%=*}]=${word#*=}
    done
  fi
  exec {fd}>&-
  [[ $__cmdai_answer[action] == allow ]]
}

# --- from here on with the user's options

# With `zsh -x` nothing of the functions is to be shown.
if [[ ! -o xtrace ]] && __cmdai_quick "$@"; then
  unset __cmdai_answer
  unfunction __cmdai_quick
  return # what follows is not even read: zsh is slow at reading
fi

# --- and without them again

# NAME ARGUMENT...: what the shell was called and given. Returns when it may run.
__cmdai_start() {
  emulate -L zsh
  local word
  local -a words
  # Asked already: by cmdai-sh, for this very process; or by the guarded shell whose line started it. An `exec` there
  # leaves its number to another program.
  if [[ $CMDAI_JUDGED == $$ ]]; then
    unset CMDAI_JUDGED
    return 0
  fi
  if [[ $CMDAI_SESSION == *-$PPID-* ]] && read -r word 2>/dev/null </proc/$PPID/comm; then
    [[ $word != (bash|zsh|fish) ]] || return 0
  fi
  if (( ${+ZSH_EXECUTION_STRING} )); then
    words=(-c "$ZSH_EXECUTION_STRING")
    [[ $ARGC$1 == (1zsh|1/bin/zsh|1/usr/bin/zsh|1-zsh) ]] || words+=("$@")
  elif [[ -n $ZSH_SCRIPT ]]; then
    words=(file "$ZSH_SCRIPT" "${@:2}")
  else
    return 0
  fi
  case $__cmdai_answer[action] in
    warn) print -rnu2 -- "$__cmdai_answer[text]" ;;
    ask | block)
      # Values decide: the client says what the environment holds.
      [[ -n $__cmdai_answer[text] ]] || { __cmdai_ask_client "${(@)words}"; return }
      print -rnu2 -- "$__cmdai_answer[text]"
      exit 126
      ;;
    *) __cmdai_ask_client "${(@)words}" ;;
  esac
}

# Through a process, which also starts the daemon.
__cmdai_ask_client() {
  local client=@CMDAI_HOOK@ unavailable=@ON_UNAVAILABLE@ rc=0
  $client start --cmdai @CMDAI@ --unavailable $unavailable zsh "$@" || rc=$? # also with `zsh -e`
  case $rc in
    0) return 0 ;;
    1 | 129 | 130 | 131 | 137 | 143) exit 126 ;;
  esac
  # Nobody could be asked, not even the client: on_unavailable of config.toml decides.
  if [[ $unavailable == block ]]; then
    print -ru2 -- "cmdai: blocked: \`$client' ended with status $rc, and \`on_unavailable' is \"block\""$'\n  hint: cmdai doctor'
    exit 126
  fi
  print -ru2 -- "cmdai: NOT GUARDED: \`$client' ended with status $rc; this runs unchecked"$'\n  hint: cmdai doctor'
  return 0
}

# --- from here on with the user's options

if [[ ! -o interactive ]]; then
  if [[ -o xtrace ]]; then
    unsetopt xtrace
    __cmdai_start "$ZSH_ARGZERO" "$@"
    setopt xtrace
  else
    __cmdai_start "$ZSH_ARGZERO" "$@"
  fi
fi
unset __cmdai_answer
unfunction __cmdai_quick __cmdai_start __cmdai_ask_client
