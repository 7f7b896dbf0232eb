# What completes `bulle` in fish; made by: bulle completion fish
set -g __bulle_rows (string split \n -- @ROWS@)

function __bulle
    set -l words (commandline -opc)
    set -l before (string replace -r '^--parameter$' -- -p $words[-1])
    set -l place bulle
    if set -q words[2]
        set place "bulle $words[2]"
    end
    if set -q words[4]; and contains -- $words[-2] -p --parameter
        set place "$place -p $before"
    else if set -q words[3]; and string match -q -- "$place $before"\t'*' $__bulle_rows
        set place "$place $before"
    end
    for row in (string match -- $place\t'*' $__bulle_rows)
        set -l parts (string split \t -- $row)
        if test "$parts[2]" = '<file>'
            __fish_complete_path (commandline -ct)
        else if test "$parts[2]" != '<text>'
            printf '%s\t%s\n' $parts[2] "$parts[3]"
        end
    end
end
complete -c bulle -f -a '(__bulle)'
