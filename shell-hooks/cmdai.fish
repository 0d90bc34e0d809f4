# cmdai's hook for fish 3.4 and later: `cmdai init fish | source` in ~/.config/fish/config.fish.
#
# How a line is stopped (docs/shells.md): nothing after Enter can stop a command in fish, so Enter is bound to a check
# and then fish's own `execute`, in every mode. A refused line becomes a comment: it is in the history, it can be edited,
# and what was typed ahead cannot turn it into a command.

set -g __cmdai_client @CMDAI_HOOK@
set -g __cmdai_program @CMDAI@
set -g __cmdai_unavailable @ON_UNAVAILABLE@
# By its name, not through a variable: fish 3.6 ends itself ("failed assertion: expand_err") when Ctrl-C arrives while it
# expands the first word of a command.
eval "function __cmdai_client_run; "(string escape -- $__cmdai_client)" \$argv; end"
eval "function __cmdai_client_start; "(string escape -- $__cmdai_client)" \$argv </dev/null >/dev/null 2>&1 & disown \$last_pid 2>/dev/null; end"
set -g __cmdai_told 0 # 1: the person knows that the daemon does not answer
set -g __cmdai_opened 0 # 1: the daemon was told of this session
set -g __cmdai_verdict # of the line that runs
set -g __cmdai_ended # how the line before ended, for the next check
set -g __cmdai_options # how this fish reads a line otherwise than fish 3
string match -qr '^(?:[4-9]|\d\d)' -- $version; and set -g __cmdai_options options=fish4

# A command substitution costs fish as much as ten builtins without one: what every line needs does with few.

# TEXT TYPED. 0: it may run. 1: refused, and said so.
function __cmdai_check
    set -l fields shell=fish source=enter actor=human vars=1 level=line transport=client session=$CMDAI_SESSION pid=$fish_pid cwd=$PWD home=$HOME probe=1 $__cmdai_options $__cmdai_ended
    test "$argv[1]" = "$argv[2]"; or test (string length -- "$argv[2]") -gt 10000; or set -a fields typed=$argv[2]
    __cmdai_add_functions $argv[1]
    set -l code 0
    set -l out
    for round in 1 2 3
        set -l words check --later --cmdai $__cmdai_program --unavailable $__cmdai_unavailable told=$__cmdai_told $fields
        # An argument of a program may have 128 KiB.
        if string match -qr '(?s)^.{20001}' -- "$argv[1]"
            set out (printf '%s\n' $argv[1] | __cmdai_client_run $words --stdin)
        else
            set out (__cmdai_client_run $words cmd=$argv[1])
        end
        set code $status
        # The usual answer: it may run, and nothing is to be said.
        if test "$code" = 0; and not set -q out[2]; and string match -qr '^id=(?<__cmdai_verdict>.+)$' -- $out
            set -g __cmdai_ended
            return 0
        end
        contains -- note=1 $out; and set -g __cmdai_told 1
        contains -- note=0 $out; and set -g __cmdai_told 0
        test $code -eq 4; or break
        # The verdict depends on what some variables hold: say it, and ask again.
        set -a fields (__cmdai_values (string replace -f -r '^need=' '' -- $out | string split ,))
        test $round -lt 2; or set fields (string replace -r '^vars=1$' vars=0 -- $fields)
    end
    set -g __cmdai_verdict (string replace -f -r '^id=' '' -- $out)[1]
    test -z "$__cmdai_verdict"; or set -g __cmdai_ended
    if set -l blank (contains -i -- '' $out)
        # Below the line it is about, which fish has not ended yet.
        printf '\n' >&2
        printf '%s\n' $out[(math $blank + 1)..-1] >&2
    end
    contains -- $code 0 1; and return $code
    if contains -- $code 129 130 131 137 143
        printf '\ncmdai: not run: the question was interrupted\n' >&2
        return 1
    end
    if test $code -eq 6
        __cmdai_client_run confirm id=$__cmdai_verdict
        return
    end
    # Not even the client: on_unavailable of config.toml decides.
    set -l why "`$__cmdai_client` ended with status $code"
    if test $__cmdai_unavailable = block
        printf 'cmdai: blocked: %s, and `on_unavailable` is "block"\n  hint: cmdai doctor\n' $why >&2
        return 1
    end
    test $__cmdai_told = 1; or printf 'cmdai: NOT GUARDED: %s; commands run unchecked\n  hint: cmdai doctor\n' $why >&2
    set -g __cmdai_told 1
    return 0
end

# Adds the functions that the text mentions, and those that these mention, to the caller's fields; none beyond 4 KiB, and
# none of fish's own.
function __cmdai_add_functions --no-scope-shadowing
    set -l text $argv[1]
    string match -qr '(?s)^.{20001}' -- "$text"; and set text (string sub -l 20000 -- $text | string collect)
    set -l seen
    for round in 1 2 3
        set -l more
        set -l words (string match -ar '[a-zA-Z0-9_.:-]+' -- "$text")[1..200]
        # The status is how many of them are none. All of them: as many as there are, which is more than the rest has.
        set -l rest $words[2..-1]
        functions -q -- $words
        set -l others $status
        test $others -eq 0; or set -q rest[$others]; or return 0
        for word in $words
            functions -q -- $word; or continue
            contains -- $word $seen; and continue
            set -a seen $word
            string match -q -r '^(?:/usr/share/fish/|embedded:)' -- (functions -D -- $word); and continue
            string match -q '__cmdai*' -- $word; and continue
            set -l body (functions --no-details -- $word)
            # Arguments with names: `function NAME --argument A B`; fish 4.0 writes the option once for each. What is quoted is none.
            set -l names (string replace -ar '\'(?:[^\'\\\\]|\\\\.)*\'|"(?:[^"\\\\]|\\\\.)*"|\\\\.' '' -- $body[1] | \
                string match -arg ' (?:-a|--argument(?:-names)?) ((?:[^-\s]\S*(?: (?=[^-]))?)+)' | string split ' ')
            set -l head
            for i in (seq (count $names))
                set -a head "set -l $names[$i] \$argv[$i]"
            end
            set body (string join \n -- $head $body[2..-2] | string collect)
            test (string length -- "$body") -le 4096; and test (count $seen) -le 200; or continue
            set -a fields "function.$word=$body"
            set -a more $body
        end
        test -n "$more"; or return 0
        set text $more
    end
end

# NAME...: what they hold, as fields. No name of ours stands before one of the person's but `argv`, which stays unknown.
function __cmdai_values
    for __cmdai_name in $argv
        string match -qr '^(?!argv$)[a-zA-Z_][a-zA-Z0-9_]*$' -- $__cmdai_name; or continue
        if set -q $__cmdai_name
            printf '%s\n' "var.$__cmdai_name="(string sub -l 4096 -- (string join ' ' -- $$__cmdai_name | string collect))
        else
            printf '%s\n' unset=$__cmdai_name
        end
    end
end

# TEXT: sets the caller's `expanded`, the command line with the abbreviation at the cursor expanded, as `execute` will do.
function __cmdai_expand --no-scope-shadowing
    set -l text $argv[1]
    set expanded $text
    set -l abbreviations (abbr --show 2>/dev/null)
    set -q abbreviations[1]; or return
    set -l word (commandline -t)
    test -n "$word"; or return
    set -l expansion (eval (string replace -r '^abbr ' '__cmdai_abbreviation \$word ' -- $abbreviations | string join ';') | string collect)
    test -n "$expansion"; or return
    set -l begin (math (string length -- (commandline -c | string collect)) - (string length -- (commandline -ct)))
    set -l end (math $begin + (string length -- $word) + 1)
    set expanded (string sub -l $begin -- $text | string collect -a)$expansion(string sub -s $end -- $text | string collect -a)
end

# WORD and a line of `abbr --show`: prints what it stands for when it is this one.
function __cmdai_abbreviation
    set -l word $argv[1]
    argparse -i a/add U/universal g/global position= r/regex= f/function= 'set-cursor=?' -- $argv[2..-1]; or return
    if set -q _flag_regex
        string match -qr "^(?:$_flag_regex)\$" -- $word; or return
    else
        test "$word" = "$argv[1]"; or return
    end
    if set -q _flag_function
        eval (string escape -- $_flag_function) \$word
    else
        printf '%s\n' $argv[2..-1]
    end
end

function __cmdai_note_end --on-event fish_postexec
    set -l code $status
    test -n "$__cmdai_verdict"; or return
    set -g __cmdai_ended last.id=$__cmdai_verdict last.status=$code last.ms=$CMD_DURATION
    set -g __cmdai_verdict
end

# Once, when the first prompt comes, and in the background: nobody waits for it.
function __cmdai_open
    set -g __cmdai_opened 1
    __cmdai_client_start send session event=open shell=fish version=$version session=$CMDAI_SESSION pid=$fish_pid level=line transport=client
end

# While a command runs, Enter belongs to what it reads (read).
function __cmdai_run --on-event fish_preexec
    set -g __cmdai_running 1
end

function __cmdai_enter
    if test "$__cmdai_running" = 1
        commandline -f execute
        return
    end
    set -l text (commandline)
    set -q text[2]; and set text (commandline | string collect)
    # Empty, or more lines are to come (2), or an error fish itself will show (1): nothing would run.
    if not string match -qr '\S' -- $text
        commandline -f execute
        return
    end
    commandline --is-valid
    set -l valid $status
    set -l expanded
    __cmdai_expand "$text"
    if test $valid -ne 0; and test "$expanded" = "$text"
        commandline -f execute
        return
    end
    if __cmdai_check $expanded $text
        commandline -f execute
        return
    end
    set -g __cmdai_verdict
    commandline -r -- (string replace -ra '^' '# ' -- (commandline) | string collect)
    commandline -f repaint execute
end

function __cmdai_bind
    for mode in default insert replace visual
        for key in \r \n
            bind -M $mode $key __cmdai_enter
        end
        if string match -qr '^(?:[4-9]|\d\d)' -- $version
            for key in enter ctrl-j
                bind -M $mode $key __cmdai_enter
            end
        end
    end
end

# Again, where key bindings were set anew.
function __cmdai_prompt --on-event fish_prompt
    set -g __cmdai_running 0
    test $__cmdai_opened = 1; or __cmdai_open
    # All of ours at once: asked for one key, fish 4.9 shows those of other modes as well.
    test (bind --user | string match -- '*__cmdai_enter*' | count) -ge 8; or __cmdai_bind
end

if status is-interactive
    if string match -qr '^(?:[0-2]\.|3\.[0-3]\.)' -- $version
        printf 'cmdai: NOT GUARDED: fish %s is too old, 3.4 is needed\n  hint: cmdai doctor\n' $version >&2
    else
        # Never from the environment: a parent's session is not ours.
        set -gx CMDAI_SESSION fish-$fish_pid-(random)
        __cmdai_bind
    end
end
