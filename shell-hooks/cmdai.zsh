# cmdai's hook for zsh 5.3 and later: `eval "$(cmdai init zsh)"` as the last line of ~/.zshrc.
#
# How a line is stopped (docs/shells.md): preexec is told what is about to run, and the hard error of `${name?}` in it
# makes zsh drop the whole line. The daemon is asked over its socket without a process; cmdai-hook is the way when that
# fails, and asks the questions.

typeset -g __cmdai_client=@CMDAI_HOOK@
typeset -g __cmdai_program=@CMDAI@
typeset -g __cmdai_unavailable=@ON_UNAVAILABLE@
typeset -g __cmdai_told=0  # 1: the person knows that the daemon does not answer
typeset -g __cmdai_socket=0
typeset -g __cmdai_level=line  # `command`: strict mode
typeset -g __cmdai_comments=1  # 0: `#` begins no comment
typeset -g __cmdai_options=''  # those that change how a line is read, each behind a comma
typeset -g __cmdai_opened=0    # 1: the daemon was told of this session
typeset -g __cmdai_verdict=''  # of the line that runs
typeset -gF __cmdai_started=0  # when it was let through
typeset -ga __cmdai_ended      # how the line before ended, for the next check
typeset -ga __cmdai_trusted    # what the environment said of the socket's place, and the place that was looked at
unset __cmdai_refused

# TYPED TEXT: the line as typed, and with aliases expanded. Raises the hard error where it must not run, and where
# asking itself went wrong.
__cmdai_guard() {
  emulate -L zsh
  setopt no_multibyte extended_glob no_err_exit no_err_return no_xtrace no_verbose no_sh_word_split
  local __cmdai_ok=0
  {
    __cmdai_judge "$2" "$1" && __cmdai_ok=1
  } always {
    TRY_BLOCK_ERROR=0
  }
  (( __cmdai_ok )) && __cmdai_started=${EPOCHREALTIME:-0} && return 0
  # Back for editing, unless something was typed ahead: that would be added to it.
  (( __cmdai_zselect )) && ! zselect -t 0 -r 0 2>/dev/null && print -rz -- "$1"
  { : ${__cmdai_refused?} } 2>/dev/null
}

# 0: it may run. A call of a function costs zsh an mmap(2), an munmap(2) and the pages between; each statement, some
# changes of the signal mask. So what every line needs stands here in few statements.
__cmdai_judge() {
  # The user's names for what patterns match are theirs.
  local text=$1 typed=$2 round word MATCH MBEGIN MEND
  local -a match mbegin mend names
  local -aU words
  local -A answer
  local -a fields=(shell=zsh comments=$__cmdai_comments source=${__cmdai_source:-enter} actor=human vars=1 level=$__cmdai_level
    session=$CMDAI_SESSION pid=$$ cwd=$PWD home=$HOME probe=1 ${__cmdai_options:+options=${__cmdai_options#,}} $__cmdai_ended)
  [[ $typed == $text ]] || fields+=(typed=$typed)
  [[ ! -t 0 ]] || fields+=(tty=1)
  if [[ -t 2 ]]; then
    fields+=(width=$COLUMNS)
    [[ -n $NO_COLOR || $TERM == dumb ]] || fields+=(color=1)
  fi
  [[ -z $CMDAI_PLAIN && $TERM != dumb ]] || fields+=(plain=1)
  # Aliases that the text mentions: zsh has expanded those it saw; an eval meets others.
  words=(${(s: :)${text[1,20000]//[^a-zA-Z0-9_.:-]/ }})
  if (( ${#aliases} )); then
    names=(${(k)aliases})
    [[ $text != *[!+@]* ]] || words+=(${(s: :)${text[1,20000]//[^a-zA-Z0-9_.!+:@-]/ }})
    names=(${words:*names})
    for word in $names; do fields+=("alias.$word=$aliases[$word]"); done
  fi
  for word in $words[1,200]; do
    (( ! $+functions[$word] )) || { __cmdai_add_functions && break }
  done
  for round in 1 2 3; do
    answer=()
    if ! __cmdai_ask_daemon cmd=$text $fields transport=socket; then
      __cmdai_ask_client $text $fields transport=client
      return
    fi
    [[ -n ${answer[need]} && -z ${answer[text]} ]] || break
    __cmdai_add_values ${(s:,:)answer[need]}
    (( round < 2 )) || fields=(${fields/#vars=1/vars=0})
  done
  __cmdai_told=0 __cmdai_verdict=${answer[id]} __cmdai_ended=()
  case ${answer[action]} in
    allow) return 0 ;;
    warn) print -rnu2 -- "$answer[text]"; return 0 ;;
    ask)
      print -rnu2 -- "$answer[text]"
      "$__cmdai_client" confirm id=$answer[id]
      return ;;
    *) print -rnu2 -- "$answer[text]"; return 1 ;;
  esac
}

# The functions among the caller's words, and those that these mention; none beyond 4 KiB, nor one that is yet to be
# loaded.
__cmdai_add_functions() {
  local word body text round
  local -i count=0
  local -A seen
  for round in 1 2 3; do
    text=''
    for word in $words[1,200]; do
      (( $+functions[$word] && ! $+seen[$word] )) || continue
      seen[$word]=1 body=$functions[$word]
      [[ $word != __cmdai* && $body != 'builtin autoload -X'* ]] && (( $#body <= 4096 && ++count <= 16 )) || continue
      fields+=("function.$word=$body")
      text+=" $body"
    done
    [[ -n $text ]] || return 0
    words=(${(us: :)${text//[^a-zA-Z0-9_.:-]/ }})
  done
}

# TYPE KEY=VALUE...: a frame whose answer nobody waits for.
__cmdai_tell() {
  emulate -L zsh
  setopt no_multibyte
  local type=$1 place REPLY fd
  shift
  local body=${(pj:\0:)@}
  (( __cmdai_socket )) && __cmdai_find_socket && zsocket $place 2>/dev/null || return 0
  fd=$REPLY
  syswrite -o $fd -- "cmdai/1 $type $#body"$'\n'$body 2>/dev/null
  exec {fd}>&-
}

# STATUS of the line that ran, at the prompt after it.
__cmdai_note_end() {
  emulate -L zsh
  if (( ! __cmdai_opened )); then
    __cmdai_opened=1
    __cmdai_tell session event=open session=$CMDAI_SESSION shell=zsh version=$ZSH_VERSION pid=$$ level=line transport=socket
  fi
  [[ -n $__cmdai_verdict ]] && (( __cmdai_started > 0 )) || return 0
  local -i ms=$(( (EPOCHREALTIME - __cmdai_started) * 1000 ))
  __cmdai_ended=(last.id=$__cmdai_verdict last.status=$1 last.ms=$ms)
  __cmdai_verdict='' __cmdai_started=0
}

__cmdai_close() {
  __cmdai_tell session event=close session=$CMDAI_SESSION
}

# NAME...: adds what they hold to the caller's fields.
__cmdai_add_values() {
  local name
  for name; do
    [[ $name == [a-zA-Z_][a-zA-Z0-9_]# ]] || continue
    if (( ${(P)+name} )); then
      fields+=("var.$name=${${(P)name}[1,4096]}")
    else
      fields+=("unset=$name")
    fi
  done
}

# KEY=VALUE...: fills the caller's `answer`. Not 0: no answer to be had this way. One connection a request: zsh's
# descriptors are inherited by every child, which could speak as this shell.
__cmdai_ask_daemon() {
  local body=${(pj:\0:)@} place buffer chunk head rest field REPLY fd
  # More than a socket's buffer would wait for a daemon that does not read, without an end: the client has a deadline.
  (( __cmdai_socket && $#body <= 65536 )) || return 1
  local -F until=$(( EPOCHREALTIME + 2 ))
  # Found before, and ours still: nobody else can put another in the place of a directory that only we may enter.
  place=$__cmdai_trusted[2]
  [[ $CMDAI_SOCKET:$XDG_RUNTIME_DIR:$TMPDIR == $__cmdai_trusted[1] && ! -L $place:h && -O $place:h && -S $place && -O $place ]] ||
    __cmdai_find_socket || return 1
  {
    zsocket $place && fd=$REPLY || return 1
    {
      syswrite -o $fd -- "cmdai/1 check $#body"$'\n'$body || return 1
      while (( EPOCHREALTIME < until )) && sysread -i $fd -t 2 chunk; do
        buffer+=$chunk
        head=${buffer%%$'\n'*} rest=${buffer#*$'\n'}
        [[ $head != $buffer ]] || continue
        [[ $head == 'cmdai/1 verdict '<-> ]] || return 1 # an error: nothing else is to come
        (( $#rest >= ${head##* } )) || continue
        # The text may hold anything but NUL; a key has no `=`, and the first of its name counts.
        for field in "${(@ps:\0:)rest}"; do
          [[ -z $field || -n ${answer[${field%%=*}]} ]] || answer[${field%%=*}]=${field#*=}
        done
        [[ -n ${answer[action]} ]]
        return
      done
      return 1
    } always {
      exec {fd}>&-
    }
  } 2>/dev/null
}

# Sets the caller's `place`, when directory and socket are ours and nobody else may use them.
__cmdai_find_socket() {
  if [[ -n $CMDAI_SOCKET ]]; then
    place=$CMDAI_SOCKET
  elif [[ $XDG_RUNTIME_DIR == /* && -d $XDG_RUNTIME_DIR ]]; then
    place=$XDG_RUNTIME_DIR/cmdai/cmdaid.sock
  elif [[ $TMPDIR == /* && -d $TMPDIR ]]; then
    place=$TMPDIR/cmdai-$UID/cmdaid.sock
  else
    place=/tmp/cmdai-$UID/cmdaid.sock
  fi
  [[ $place == /* && ! -L $place:h && -O $place:h && -S $place && -O $place ]] || return 1
  local -a mode
  zstat -LA mode +mode -- $place:h $place && (( ! ((mode[1] | mode[2]) & 8#077) )) || return 1
  __cmdai_trusted=($CMDAI_SOCKET:$XDG_RUNTIME_DIR:$TMPDIR $place)
}

# The same through a process, which also starts the daemon. TEXT KEY=VALUE...
__cmdai_ask_client() {
  local text=$1 out rc round
  shift
  local -a fields=($@)
  for round in 1 2 3; do
    local -a words=($__cmdai_client check --cmdai $__cmdai_program --unavailable $__cmdai_unavailable told=$__cmdai_told $fields)
    if (( $#text > 60000 )); then
      out=$($words --stdin <<<$text)
    else
      out=$($words cmd=$text)
    fi
    rc=$?
    [[ $out != *note=1* ]] || __cmdai_told=1
    [[ $out != *note=0* ]] || __cmdai_told=0
    (( rc == 4 )) || break
    __cmdai_add_values ${(s:,:)${${out##*need=}%%$'\n'*}}
    (( round < 2 )) || fields=(${fields/#vars=1/vars=0})
  done
  (( rc != 0 && rc != 1 )) || return rc
  if (( rc > 128 && rc < 160 && rc != 134 && rc != 139 )); then
    print -ru2 -- 'cmdai: not run: the question was interrupted'
    return 1
  fi
  # Not even the client: on_unavailable of config.toml decides.
  local why="\`$__cmdai_client' ended with status $rc"
  if [[ $__cmdai_unavailable == block ]]; then
    print -ru2 -- "cmdai: blocked: $why, and \`on_unavailable' is \"block\""$'\n  hint: cmdai doctor'
    return 1
  fi
  (( __cmdai_told )) || print -ru2 -- "cmdai: NOT GUARDED: $why; commands run unchecked"$'\n  hint: cmdai doctor'
  __cmdai_told=1
  return 0
}

# First again, where another tool put itself before us.
__cmdai_precmd() {
  __cmdai_note_end $?
  [[ ${preexec_functions[1]-} == __cmdai_preexec ]] || preexec_functions=(__cmdai_preexec ${preexec_functions:#__cmdai_preexec})
}

() {
  emulate -L zsh
  [[ -o interactive ]] || return 0
  autoload -Uz is-at-least
  if ! is-at-least 5.3; then
    print -ru2 -- "cmdai: NOT GUARDED: zsh $ZSH_VERSION is too old, 5.3 is needed"$'\n  hint: cmdai doctor'
    return 0
  fi
  zmodload zsh/datetime zsh/net/socket zsh/system zsh/parameter 2>/dev/null && zmodload -F zsh/stat b:zstat 2>/dev/null && __cmdai_socket=1
  typeset -g __cmdai_zselect=0
  zmodload zsh/zselect 2>/dev/null && __cmdai_zselect=1
  # Never from the environment: a parent's session is not ours.
  typeset -gx CMDAI_SESSION="zsh-$$-$EPOCHSECONDS$RANDOM"
  typeset -ga preexec_functions precmd_functions
  preexec_functions=(__cmdai_preexec ${preexec_functions:#__cmdai_preexec})
  precmd_functions=(${precmd_functions:#__cmdai_precmd} __cmdai_precmd)
  typeset -ga zshexit_functions
  zshexit_functions=(${zshexit_functions:#__cmdai_close} __cmdai_close)
}

# --- from here on with the user's options

# The first of preexec_functions. $1 is the line as typed, $3 with aliases expanded.
'__cmdai_preexec'() {
  if [[ -o interactive_comments ]]; then __cmdai_comments=1; else __cmdai_comments=0; fi
  __cmdai_options=''
  if [[ -o ignore_braces ]]; then __cmdai_options+=,no-braces; fi
  if [[ -o ksh_glob ]]; then __cmdai_options+=,extglob; fi
  if [[ ! -o aliases ]]; then __cmdai_options+=,no-aliases; fi
  '__cmdai_guard' "$1" "$3"
}
