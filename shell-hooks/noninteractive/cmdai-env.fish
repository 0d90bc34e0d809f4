# cmdai for fish when it is not interactive: `cmdai init --non-interactive fish` prints this for a file in fish's conf.d.
# fish reads it before it runs the text of `-c` or a script, but tells neither; where there is a /proc, the client reads
# the arguments of this process. A plain `exit` here does not stop `-c`, becoming another program does.
# Commands from standard input cannot be known here.

if not status is-interactive
    # Asked already: by cmdai-sh, for this very process; or by the guarded shell whose line started it. An `exec` there
    # leaves its number to another program.
    set -l asked (test "$CMDAI_JUDGED" = $fish_pid; and echo yes)
    set -e CMDAI_JUDGED
    if set -q CMDAI_SESSION; and read -l facts </proc/$fish_pid/stat
        # proc(5): the parent's number is the second field behind the name.
        set -l parent (string split ' ' -- (string replace -r '.*\) ' '' -- $facts))[2]
        string match -q "*-$parent-*" -- $CMDAI_SESSION
        and read -l name </proc/$parent/comm
        and contains -- $name bash zsh fish
        and set asked yes
    end 2>/dev/null
    if test -z "$asked"
        @CMDAI_HOOK@ start --cmdai @CMDAI@ --unavailable @ON_UNAVAILABLE@ fish process $fish_pid
        switch $status
            case 0
            case 1 129 130 131 137 143
                exec /bin/sh -c 'exit 126'
            case '*'
                # Nobody could be asked, not even the client: on_unavailable of config.toml decides.
                if test @ON_UNAVAILABLE@ = block
                    echo 'cmdai: blocked: '@CMDAI_HOOK@' could not be asked, and `on_unavailable` is "block"
  hint: cmdai doctor' >&2
                    exec /bin/sh -c 'exit 126'
                end
                echo 'cmdai: NOT GUARDED: '@CMDAI_HOOK@' could not be asked; this runs unchecked
  hint: cmdai doctor' >&2
        end
    end
end
