# cmdai's strict mode for zsh: `eval "$(cmdai init zsh --strict)"`. Behind the hook of cmdai.zsh.
#
# While a line runs a DEBUG trap is told each command before it runs (zshmisc, ZSH_DEBUG_CMD). What stands on the line was
# judged as a whole; what a function, eval, source, fc or an expansion runs is judged here, each text once a line. The
# hard error of `${name?}` in the trap drops all that is left of the line. Nothing is armed while you type.

typeset -gA __cmdai_known  # text -> 0: judged, it may run
typeset -g __cmdai_strict_told=0
typeset -g __cmdai_users_trap=''  # what `trap` says of the user's own DEBUG trap
unset __cmdai_refused

# TEXT CONTEXT...: CONTEXT is $zsh_eval_context of the trap: `toplevel`, where the command stands, and the trap's own
# `shfunc`. A prompt, a widget or a hook does not begin with `toplevel`: none of the line.
__cmdai_debug() {
  emulate -L zsh
  setopt no_multibyte
  [[ $2 == toplevel && $# -gt 3 ]] || return 0
  (( ! ${+__cmdai_known[$1]} )) || return 0
  local __cmdai_source=command
  local -F __cmdai_started # when the line began is not when this does
  __cmdai_guard "$1" "$1"
  __cmdai_known[$1]=0  # the hard error leaves this function, too
}

# The user's own DEBUG trap is kept, runs after ours, and is as it was at the prompt.
__cmdai_strict_save() {
  emulate -L zsh
  __cmdai_known=()
  unset -f __cmdai_users_debug 2>/dev/null
  __cmdai_users_trap=''
  if (( ${+functions[TRAPDEBUG]} )); then
    functions[__cmdai_users_debug]=$functions[TRAPDEBUG]
  else
    local line
    for line in ${(f)"$(trap)"}; do
      [[ $line != trap\ --\ *\ DEBUG ]] || __cmdai_users_trap=${(Q)${${line#trap -- }% DEBUG}}
    done
  fi
}

# 0: the trap is ours still; the user's may have been set on the line.
__cmdai_strict_ours() {
  emulate -L zsh
  [[ ${functions[TRAPDEBUG]-} == *__cmdai_debug* ]]
}

__cmdai_strict_say() {
  emulate -L zsh
  (( __cmdai_strict_told )) ||
    print -ru2 -- 'cmdai: note: without DEBUG_BEFORE_CMD functions are not judged, lines are'$'\n  hint: setopt debug_before_cmd'
  __cmdai_strict_told=1
}

() {
  emulate -L zsh
  [[ -o interactive ]] && (( ${+functions[__cmdai_preexec]} )) || return 0
  typeset -ga precmd_functions
  precmd_functions=(__cmdai_strict_disarm ${precmd_functions:#__cmdai_strict_disarm})
}

# --- from here on with the user's options

'__cmdai_preexec'() {
  if [[ -o interactive_comments ]]; then __cmdai_comments=1; else __cmdai_comments=0; fi
  if [[ -o debug_before_cmd ]]; then
    __cmdai_level=command
  else
    __cmdai_level=line
    '__cmdai_strict_say'
  fi
  '__cmdai_guard' "$1" "$3"
  [[ $__cmdai_level == line ]] || '__cmdai_strict_arm'
}

'__cmdai_strict_arm'() {
  '__cmdai_strict_save'
  'eval' "'TRAPDEBUG'() {
    '__cmdai_debug' \"\$ZSH_DEBUG_CMD\" \"\${zsh_eval_context[@]}\"
    if [[ -n \$__cmdai_users_trap ]]; then 'eval' \"\$__cmdai_users_trap\"; fi
    if (( \${+functions[__cmdai_users_debug]} )); then '__cmdai_users_debug' \"\$@\"; fi
  }"
}

'__cmdai_strict_disarm'() {
  '__cmdai_strict_ours' || return 0
  'unfunction' TRAPDEBUG
  if (( ${+functions[__cmdai_users_debug]} )); then
    functions[TRAPDEBUG]=$functions[__cmdai_users_debug]
  elif [[ -n $__cmdai_users_trap ]]; then
    'trap' "$__cmdai_users_trap" DEBUG
  fi
}
