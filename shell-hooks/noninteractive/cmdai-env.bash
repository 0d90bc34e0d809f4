# shellcheck shell=bash
# cmdai for bash when it is not interactive: `cmdai init --non-interactive bash` prints this for a file that BASH_ENV
# names. bash reads it before it runs the text of `-c` or a script (bash(1), "INVOCATION"): here both are there to be
# judged, and `exit` ends the shell before they run. Commands from standard input cannot be known here.
#
# Nothing is said when it may run, and nothing but names __cmdai_* is left: `$_`, `$?` and options are as found.

{ # with `bash -x` this would be shown
  __cmdai_last=$_ __cmdai_trace=0 __cmdai_status='' __cmdai_out='' __cmdai_client=''
  case $- in *x*) __cmdai_trace=1 && set +x ;; esac
} 2>/dev/null

# The usual case, a text of `-c` without arguments, and no terminal to put a question at: asked about by bash itself where
# the loadable builtin is there, else through a process. Not in a function, and in few commands: bash is slow at reading,
# and what follows is not even read.
if [[ ! -t 2 && $__cmdai_trace$#$0 == 00@(|/bin/|/usr/bin/)bash && -n ${BASH_EXECUTION_STRING-} &&
  -z ${CMDAI_JUDGED-}${CMDAI_SESSION-} && $- != *i* && $BASHOPTS != *extglob* ]]; then
  __cmdai_library=@CMDAI_BUILTIN@
  if [[ -n $__cmdai_library && -z ${CMDAI_ACTOR-} ]]; then
    if enable -f "$__cmdai_library" cmdai_native; then
      cmdai_native start "$BASH_EXECUTION_STRING" shell=bash source=script actor=human vars=1 probe=1 tty=0 "pid=$$" "cwd=$PWD" "home=${HOME-}" || :
      enable -d cmdai_native || :
    fi 2>/dev/null
  fi
  case $__cmdai_status in
    0) [[ $__cmdai_out == *$'\n\n'* ]] || __cmdai_client=0 ;; # nothing is to be said
    1 | 6) ;;
    *) # no answer; or values decide, and cmdai-hook says what the environment holds
      __cmdai_status='' __cmdai_client=0
      @CMDAI_HOOK@ start --cmdai @CMDAI@ --unavailable @ON_UNAVAILABLE@ bash -c "$BASH_EXECUTION_STRING" || __cmdai_client=$?
      ;;
  esac
  if [[ $__cmdai_client == 0 ]]; then
    : "$__cmdai_last"
    return
  fi
fi

# ARGUMENT...: of the shell. Returns when it may run.
__cmdai_start() {
  local parent
  # Asked already: by cmdai-sh, for this very process; or by the guarded shell whose line started it. An `exec` there
  # leaves its number to another program.
  if [[ ${CMDAI_JUDGED-} == "$$" ]]; then
    unset CMDAI_JUDGED
    return 0
  fi
  [[ $- != *i* ]] || return 0
  if [[ ${CMDAI_SESSION-} == *-"$PPID"-* ]] && read -r parent <"/proc/$PPID/comm" 2>/dev/null; then
    case $parent in bash | zsh | fish) return 0 ;; esac
  fi
  local -a words
  case $0 in
    bash | -bash | /bin/bash | /usr/bin/bash)
      # No name behind the text of `-c`: it is judged as it stands. Or a script of this name, or none: the client looks.
      words=(process "$$")
      [[ -z ${BASH_EXECUTION_STRING-} || $# -gt 0 ]] || words=(-c "$BASH_EXECUTION_STRING")
      ;;
    *)
      if [[ -n ${BASH_EXECUTION_STRING+set} ]]; then
        words=(-c "$BASH_EXECUTION_STRING" "$0" "$@")
      elif [[ $- != *s* ]]; then
        words=(file "$0" "$@")
      else
        return 0
      fi
      ;;
  esac
  __cmdai_act_on_answer || __cmdai_start_client @CMDAI_HOOK@ @ON_UNAVAILABLE@ "${words[@]}"
}

# The builtin's answer. Not 0: it had none that decides.
__cmdai_act_on_answer() {
  [[ -n $__cmdai_status ]] || return
  printf '%s\n' "${__cmdai_out#*$'\n\n'}" >&2
  ((!__cmdai_status)) || exit 126
}

# Through a process, which also starts the daemon; or what it said already. CLIENT UNAVAILABLE WORD...
__cmdai_start_client() {
  local client=$1 unavailable=$2
  local -a options=(--cmdai @CMDAI@ --unavailable "$unavailable")
  if [[ -z $__cmdai_client ]]; then
    ! shopt -q extglob || options+=(--extglob)
    __cmdai_client=0
    "$client" start "${options[@]}" bash "${@:3}" || __cmdai_client=$? # also with `bash -e`
  fi
  case $__cmdai_client in
    0) return 0 ;;
    1 | 129 | 130 | 131 | 137 | 143) exit 126 ;;
  esac
  # Nobody could be asked, not even the client: on_unavailable of config.toml decides.
  if [[ $unavailable == block ]]; then
    printf 'cmdai: blocked: `%s'\'' ended with status %s, and `on_unavailable'\'' is "block"\n  hint: cmdai doctor\n' "$client" "$__cmdai_client" >&2
    exit 126
  fi
  printf 'cmdai: NOT GUARDED: `%s'\'' ended with status %s; this runs unchecked\n  hint: cmdai doctor\n' "$client" "$__cmdai_client" >&2
  return 0
}

__cmdai_start "$@"
unset -f __cmdai_start __cmdai_act_on_answer __cmdai_start_client
{
  ((!__cmdai_trace)) || set -x
  : "$__cmdai_last"
} 2>/dev/null
