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
typeset -g __cmdai_source=''   # `command`: not the line itself, but what it runs (strict mode)
typeset -g __cmdai_level=line  # `command`: strict mode
typeset -g __cmdai_comments=1  # 0: `#` begins no comment
typeset -g __cmdai_options=''  # those that change how a line is read, each behind a comma
typeset -g __cmdai_opened=0    # 1: the daemon was told of this session
typeset -g __cmdai_verdict=''  # of the line that runs
typeset -gF __cmdai_started=0  # when it was let through
typeset -ga __cmdai_ended      # how the line before ended, for the next check
typeset -gA __cmdai_answer     # what the daemon said, where it was more than yes
typeset -ga __cmdai_trusted    # what the environment said of the socket's place, and the place that was looked at
unset __cmdai_refused

# TYPED TEXT: the line as typed, and with aliases expanded. Raises the hard error where it must not run, and where
# asking itself went wrong.
#
# A call of a function costs zsh an mmap(2), an munmap(2) and the pages between; each statement, some changes of the
# signal mask. So what every line needs stands here, in few statements. The names are nobody else's: `need` asks for
# variables of the person's, and a local one would stand before theirs.
__cmdai_guard() {
  emulate -L zsh
  setopt no_multibyte extended_glob no_err_exit no_err_return no_xtrace no_verbose no_sh_word_split
  local __cmdai_ok=0 __cmdai_text=$2 __cmdai_round __cmdai_word __cmdai_place __cmdai_frame __cmdai_reply __cmdai_fd REPLY
  local -aU __cmdai_words
  local -a __cmdai_fields=(cmd=$2 shell=zsh comments=$__cmdai_comments source=${__cmdai_source:-enter} actor=human vars=1
    level=$__cmdai_level session=$CMDAI_SESSION pid=$$ cwd=$PWD home=$HOME probe=1
    ${__cmdai_options:+options=${__cmdai_options#,}} $__cmdai_ended)
  {
    [[ $1 == $2 ]] || __cmdai_fields+=(typed=$1)
    [[ ! -t 0 ]] || __cmdai_fields+=(tty=1)
    if [[ -t 2 ]]; then
      __cmdai_fields+=(width=$COLUMNS)
      [[ -n $NO_COLOR || $TERM == dumb ]] || __cmdai_fields+=(color=1)
    fi
    [[ -z $CMDAI_PLAIN && $TERM != dumb ]] || __cmdai_fields+=(plain=1)
    __cmdai_words=(${(s: :)${__cmdai_text[1,20000]//[^a-zA-Z0-9_.:-]/ }})
    (( ! ${#aliases} )) || __cmdai_add_aliases
    for __cmdai_word in $__cmdai_words[1,200]; do
      (( ! $+functions[$__cmdai_word] )) || { __cmdai_add_functions && break }
    done
    for __cmdai_round in 1 2 3; do
      __cmdai_frame=${(pj:\0:)__cmdai_fields}$'\0transport=socket' __cmdai_reply='' __cmdai_place=$__cmdai_trusted[2]
      # More than a socket's buffer would wait for a daemon that does not read, without an end: the client has a
      # deadline. The place, found before, is ours still: nobody else can put another in the place of a directory that
      # only we may enter. One connection a request: zsh's descriptors are inherited by every child, which could speak
      # as this shell.
      if (( __cmdai_socket && $#__cmdai_frame <= 65536 )) && {
        [[ $CMDAI_SOCKET:$XDG_RUNTIME_DIR:$TMPDIR == $__cmdai_trusted[1] && ! -L $__cmdai_place:h &&
          -O $__cmdai_place:h && -S $__cmdai_place && -O $__cmdai_place ]] || __cmdai_find_socket
      } && zsocket $__cmdai_place 2>/dev/null; then
        __cmdai_fd=$REPLY
        {
          syswrite -o $__cmdai_fd -- "cmdai/1 check $#__cmdai_frame"$'\n'$__cmdai_frame &&
            sysread -i $__cmdai_fd -t 2 __cmdai_reply
          # A plain allow, which is what most lines get: nothing but its id is to be read in it.
          if [[ $__cmdai_reply == 'cmdai/1 verdict '[0-9][0-9]$'\nid='[0-9a-z-]##$'\0action=allow\0' ]] &&
            (( $#__cmdai_reply == 19 + $__cmdai_reply[17,18] )); then
            __cmdai_told=0 __cmdai_verdict=$__cmdai_reply[23,-15] __cmdai_ended=() __cmdai_ok=1
          else
            __cmdai_read_rest
          fi
        } always {
          exec {__cmdai_fd}>&-
        }
      fi
      (( ! __cmdai_ok )) || break
      if [[ -z $__cmdai_reply ]]; then
        __cmdai_ask_client $__cmdai_text ${__cmdai_fields[2,-1]} transport=client && __cmdai_ok=1
        break
      fi
      __cmdai_read_answer
      if [[ -z ${__cmdai_answer[need]} || -n ${__cmdai_answer[text]} || $__cmdai_round == 3 ]]; then
        __cmdai_act && __cmdai_ok=1
        break
      fi
      __cmdai_add_values ${(s:,:)__cmdai_answer[need]}
      (( __cmdai_round < 2 )) || __cmdai_fields=(${__cmdai_fields/#vars=1/vars=0})
    done
  } always {
    TRY_BLOCK_ERROR=0
  }
  (( __cmdai_ok )) && __cmdai_started=${EPOCHREALTIME:-0} && return 0
  # Back for editing, unless something was typed ahead: that would be added to it.
  [[ -z $__cmdai_source ]] && (( __cmdai_zselect )) && ! zselect -t 0 -r 0 2>/dev/null && print -rz -- "$1"
  { : ${__cmdai_refused?} } 2>/dev/null
}

# Does what the answer says. 0: it may run.
__cmdai_act() {
  __cmdai_told=0 __cmdai_verdict=${__cmdai_answer[id]} __cmdai_ended=()
  [[ ${__cmdai_answer[action]} != allow ]] || return 0
  print -rnu2 -- "$__cmdai_answer[text]"
  [[ ${__cmdai_answer[action]} != warn ]] || return 0
  [[ ${__cmdai_answer[action]} == ask ]] && "$__cmdai_client" confirm id=$__cmdai_answer[id]
}

# Aliases among the caller's words: zsh has expanded those it saw; an eval meets others.
__cmdai_add_aliases() {
  local word
  local -aU words=($__cmdai_words)
  local -a names=(${(k)aliases})
  [[ $__cmdai_text != *[!+@]* ]] || words+=(${(s: :)${__cmdai_text[1,20000]//[^a-zA-Z0-9_.!+:@-]/ }})
  for word in ${words:*names}; do __cmdai_fields+=("alias.$word=$aliases[$word]"); done
}

# The functions among the caller's words, and those that these mention; none beyond 4 KiB, nor one that is yet to be
# loaded.
__cmdai_add_functions() {
  local word body text round
  local -i count=0
  local -A seen
  for round in 1 2 3; do
    text=''
    for word in $__cmdai_words[1,200]; do
      (( $+functions[$word] && ! $+seen[$word] )) || continue
      seen[$word]=1 body=$functions[$word]
      [[ $word != __cmdai* && $body != 'builtin autoload -X'* ]] && (( $#body <= 4096 && ++count <= 16 )) || continue
      __cmdai_fields+=("function.$word=$body")
      text+=" $body"
    done
    [[ -n $text ]] || return 0
    __cmdai_words=(${(us: :)${text//[^a-zA-Z0-9_.:-]/ }})
  done
}

# TYPE KEY=VALUE...: a frame whose answer nobody waits for.
__cmdai_tell() {
  emulate -L zsh
  setopt no_multibyte
  local type=$1 __cmdai_place REPLY fd
  shift
  local body=${(pj:\0:)@}
  (( __cmdai_socket )) && __cmdai_find_socket && zsocket $__cmdai_place 2>/dev/null || return 0
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

# NAME...: adds what they hold to the caller's fields. REPLY is where zsocket says its answer: what the person's one holds
# nobody can see here, so it stays unknown.
__cmdai_add_values() {
  local __cmdai_name
  for __cmdai_name; do
    [[ $__cmdai_name == [a-zA-Z_][a-zA-Z0-9_]# && $__cmdai_name != REPLY ]] || continue
    if (( ${(P)+__cmdai_name} )); then
      __cmdai_fields+=("var.$__cmdai_name=${${(P)__cmdai_name}[1,4096]}")
    else
      __cmdai_fields+=("unset=$__cmdai_name")
    fi
  done
}

# Brings the caller's reply to its end; empty: there is none to be had this way.
__cmdai_read_rest() {
  local head rest chunk
  local -F until=$(( EPOCHREALTIME + 2 ))
  while [[ -n $__cmdai_reply ]]; do
    head=${__cmdai_reply%%$'\n'*} rest=${__cmdai_reply#*$'\n'}
    if [[ $head != $__cmdai_reply ]]; then
      [[ $head == 'cmdai/1 verdict '<-> ]] || break # an error: nothing else is to come
      if (( $#rest >= ${head##* } )); then
        [[ $'\0'$rest == *$'\0action='[a-z]* ]] || break
        return 0
      fi
    fi
    (( EPOCHREALTIME < until )) && sysread -i $__cmdai_fd -t 2 chunk || break
    __cmdai_reply+=$chunk
  done
  __cmdai_reply=''
}

# The fields of the caller's reply. The text may hold anything but NUL; a key has no `=`, and the first of its name counts.
__cmdai_read_answer() {
  local field
  __cmdai_answer=()
  for field in "${(@ps:\0:)${__cmdai_reply#*$'\n'}}"; do
    [[ -z $field || -n ${__cmdai_answer[${field%%=*}]} ]] || __cmdai_answer[${field%%=*}]=${field#*=}
  done
}

# Sets the caller's `__cmdai_place`, when directory and socket are ours and nobody else may use them.
__cmdai_find_socket() {
  if [[ -n $CMDAI_SOCKET ]]; then
    __cmdai_place=$CMDAI_SOCKET
  elif [[ $XDG_RUNTIME_DIR == /* && -d $XDG_RUNTIME_DIR ]]; then
    __cmdai_place=$XDG_RUNTIME_DIR/cmdai/cmdaid.sock
  elif [[ $TMPDIR == /* && -d $TMPDIR ]]; then
    __cmdai_place=$TMPDIR/cmdai-$UID/cmdaid.sock
  else
    __cmdai_place=/tmp/cmdai-$UID/cmdaid.sock
  fi
  [[ $__cmdai_place == /* && ! -L $__cmdai_place:h && -O $__cmdai_place:h && -S $__cmdai_place && -O $__cmdai_place ]] || return 1
  local -a mode
  zstat -LA mode +mode -- $__cmdai_place:h $__cmdai_place && (( ! ((mode[1] | mode[2]) & 8#077) )) || return 1
  __cmdai_trusted=($CMDAI_SOCKET:$XDG_RUNTIME_DIR:$TMPDIR $__cmdai_place)
}

# The same through a process, which also starts the daemon. TEXT KEY=VALUE...
__cmdai_ask_client() {
  local __cmdai_text=$1 __cmdai_out __cmdai_rc __cmdai_round
  shift
  local -a __cmdai_fields=($@) __cmdai_words
  for __cmdai_round in 1 2 3; do
    __cmdai_words=($__cmdai_client check --cmdai $__cmdai_program --unavailable $__cmdai_unavailable told=$__cmdai_told $__cmdai_fields)
    if (( $#__cmdai_text > 60000 )); then
      __cmdai_out=$($__cmdai_words --stdin <<<$__cmdai_text)
    else
      __cmdai_out=$($__cmdai_words cmd=$__cmdai_text)
    fi
    __cmdai_rc=$?
    [[ $__cmdai_out != *note=1* ]] || __cmdai_told=1
    [[ $__cmdai_out != *note=0* ]] || __cmdai_told=0
    (( __cmdai_rc == 4 )) || break
    __cmdai_add_values ${(s:,:)${${__cmdai_out##*need=}%%$'\n'*}}
    (( __cmdai_round < 2 )) || __cmdai_fields=(${__cmdai_fields/#vars=1/vars=0})
  done
  (( __cmdai_rc != 0 && __cmdai_rc != 1 )) || return __cmdai_rc
  if (( __cmdai_rc > 128 && __cmdai_rc < 160 && __cmdai_rc != 134 && __cmdai_rc != 139 )); then
    print -ru2 -- 'cmdai: not run: the question was interrupted'
    return 1
  fi
  # Not even the client: on_unavailable of config.toml decides.
  local why="\`$__cmdai_client' ended with status $__cmdai_rc"
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
