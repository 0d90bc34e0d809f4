# shellcheck shell=bash disable=SC2006,SC2016
# cmdai's hook for bash before 5.1. A lower level, `command`: a DEBUG trap with `extdebug` asks about each simple command
# before it runs, and about the line as the history has it before its first one. `cmdai init bash` prints this, too; bash
# reads it where it is older than 5.1 only. Nothing here that bash 3.2 cannot read: no `[[ -v`, `local -`, `${x@Q}`, no
# associative arrays.

\shopt -q expand_aliases && __cmdai_had_aliases=1 || __cmdai_had_aliases=0
\shopt -u expand_aliases

__cmdai_client=@CMDAI_HOOK@
__cmdai_program=@CMDAI@
__cmdai_unavailable=@ON_UNAVAILABLE@
__cmdai_told=0     # 1: the person knows that the daemon does not answer
__cmdai_mark=$RANDOM$RANDOM$RANDOM
__cmdai_live=0     # 1: what runs is of a line, not of the prompt
__cmdai_drop=0     # how many commands of a refused line were left out
__cmdai_known=''   # texts of this line that may run
__cmdai_number=''  # of the last line in the history that was judged
__cmdai_prompted=0 # 1: the next command is the first one of a line

# TEXT SOURCE. 0: it may run.
__cmdai_old_check() {
  # Not a name that a person may use: the daemon asks for variables, and ours would stand before theirs.
  local __cmdai_text=$1 __cmdai_out __cmdai_status __cmdai_round __cmdai_name __cmdai_names
  local -a __cmdai_fields
  __cmdai_fields=(shell=bash actor=human level=command transport=client "source=$2" vars=1 "session=$CMDAI_SESSION" "pid=$$"
    "cwd=$PWD" "home=$HOME" probe=1)
  for __cmdai_round in 1 2 3; do
    if [ "${#__cmdai_text}" -gt 20000 ]; then # an argument of a program may have 128 KiB
      __cmdai_out=`builtin printf '%s\n' "$__cmdai_text" | "$__cmdai_client" check --cmdai "$__cmdai_program" --unavailable "$__cmdai_unavailable" "told=$__cmdai_told" "${__cmdai_fields[@]}" --stdin`
    else
      __cmdai_out=`"$__cmdai_client" check --cmdai "$__cmdai_program" --unavailable "$__cmdai_unavailable" "told=$__cmdai_told" "${__cmdai_fields[@]}" "cmd=$__cmdai_text"`
    fi
    __cmdai_status=$?
    case $__cmdai_out in
      *note=1*) __cmdai_told=1 ;;
      *note=0*) __cmdai_told=0 ;;
    esac
    [ "$__cmdai_status" = 4 ] || break
    __cmdai_names=${__cmdai_out##*need=}
    IFS=, builtin read -r -a __cmdai_names <<<"${__cmdai_names%%$'\n'*}"
    for __cmdai_name in "${__cmdai_names[@]}"; do
      case $__cmdai_name in '' | [!a-zA-Z_]* | *[!a-zA-Z0-9_]*) continue ;; esac
      # The name is one: looked at above. `${!x+set}` is not there in 3.2.
      if eval "[ -n \"\${$__cmdai_name+set}\" ]"; then
        eval "__cmdai_fields[\${#__cmdai_fields[@]}]=\"var.$__cmdai_name=\${$__cmdai_name:0:4096}\""
      else
        __cmdai_fields[${#__cmdai_fields[@]}]="unset=$__cmdai_name"
      fi
    done
    [ "$__cmdai_round" = 1 ] || __cmdai_fields=("${__cmdai_fields[@]/#vars=1/vars=0}")
  done
  case $__cmdai_status in
    0 | 1) return "$__cmdai_status" ;;
    129 | 130 | 131 | 137 | 143)
      builtin printf 'cmdai: not run: the question was interrupted\n' >&2
      return 1
      ;;
  esac
  if [ "$__cmdai_unavailable" = block ]; then
    builtin printf 'cmdai: blocked: `%s` ended with status %s, and `on_unavailable` is "block"\n  hint: cmdai doctor\n' "$__cmdai_client" "$__cmdai_status" >&2
    return 1
  fi
  [ "$__cmdai_told" = 1 ] ||
    builtin printf 'cmdai: NOT GUARDED: `%s` ended with status %s; commands run unchecked\n  hint: cmdai doctor\n' "$__cmdai_client" "$__cmdai_status" >&2
  __cmdai_told=1
}

# The whole line, where the history has a new one: what a pipe or a list means together is seen there only.
__cmdai_old_line() {
  local __cmdai_entry __cmdai_at
  __cmdai_entry=`HISTTIMEFORMAT='' builtin history 1`
  builtin read -r __cmdai_at __cmdai_entry <<<"$__cmdai_entry"
  [ "$__cmdai_at" != "$__cmdai_number" ] || return 0
  __cmdai_number=$__cmdai_at
  __cmdai_old_check "$__cmdai_entry" tripwire
}

# The DEBUG trap: what it returns decides whether bash runs $1 (bash(1), extdebug).
__cmdai_old_debug() {
  local IFS=$' \t\n' __cmdai_text=$1
  [ -z "${COMP_LINE+set}${READLINE_LINE+set}" ] || return 0 # completion, a command of a key
  case ${PROMPT_COMMAND-} in
    "__cmdai_old_begin $__cmdai_mark;"*"__cmdai_old_end $__cmdai_mark") ;;
    *) __cmdai_old_arm && __cmdai_drop=0 __cmdai_prompted=1 __cmdai_live=1 ;; # taken over: rather too much is judged
  esac
  case $__cmdai_text in
    "__cmdai_old_begin $__cmdai_mark") __cmdai_live=0 ;; # of the prompt: whoever types it has not the number
    "__cmdai_old_end $__cmdai_mark") return 0 ;;
  esac
  [ "$__cmdai_live" = 1 ] || return 0
  if [ "$__cmdai_drop" -gt 0 ]; then
    __cmdai_drop=$((__cmdai_drop + 1))
    # A loop goes round for ever on commands that are left out: bash says that they succeed.
    [ "$__cmdai_drop" -ne 100 ] || { builtin trap - INT && builtin kill -INT "$$"; }
    return 1
  fi
  if [ "$__cmdai_prompted" = 1 ]; then
    __cmdai_prompted=0
    __cmdai_old_line || { __cmdai_drop=1 && return 1; }
  fi
  case $__cmdai_text in 'for '* | 'select '* | 'case '*) __cmdai_text=": ${__cmdai_text#* }" ;; esac # the head of a loop is no command
  case $__cmdai_known in *$'\001'"$__cmdai_text"$'\001'*) return 0 ;; esac
  __cmdai_old_check "$__cmdai_text" command || { __cmdai_drop=1 && return 1; }
  __cmdai_known=$__cmdai_known$'\001'$__cmdai_text$'\001'
}

__cmdai_old_begin() { :; }

__cmdai_old_end() {
  [ "${1-}" = "$__cmdai_mark" ] || return 0
  __cmdai_old_arm
  __cmdai_drop=0 __cmdai_known='' __cmdai_prompted=1 __cmdai_live=1 # the last one: the trap is told of each
}

# Again, where another tool took the trap or PROMPT_COMMAND.
__cmdai_old_arm() {
  case ${PROMPT_COMMAND-} in
    "__cmdai_old_begin $__cmdai_mark;"*"__cmdai_old_end $__cmdai_mark") ;;
    *)
      local users=${PROMPT_COMMAND-}
      users=${users//__cmdai_old_begin $__cmdai_mark;/}
      users=${users//__cmdai_old_end $__cmdai_mark/:}
      PROMPT_COMMAND="__cmdai_old_begin $__cmdai_mark; ${users:+$users$'\n'}__cmdai_old_end $__cmdai_mark"
      ;;
  esac
  # A trap set inside a function is the shell's own with extdebug only.
  builtin shopt -s extdebug
  builtin trap '__cmdai_old_debug "$BASH_COMMAND"' DEBUG
}

case $- in
  *i*)
    # Never from the environment: a parent's session is not ours.
    export CMDAI_SESSION="bash-$$-$RANDOM$RANDOM"
    __cmdai_old_arm
    ;;
esac
[ "$__cmdai_had_aliases" = 0 ] || \shopt -s expand_aliases
unset __cmdai_had_aliases
