# What completes `bulle` in bash; made by: bulle completion bash
_bulle_rows=@ROWS@

_bulle() {
    local current=${COMP_WORDS[COMP_CWORD]} before=${COMP_WORDS[COMP_CWORD-1]} place=bulle free=yes at word help
    local -a words=() shown=()
    if (( COMP_CWORD > 1 )); then place="bulle ${COMP_WORDS[1]}"; fi
    if (( COMP_CWORD > 3 )) && [[ ${COMP_WORDS[COMP_CWORD-2]} =~ ^(-p|--parameter)$ ]]; then
        place="$place -p $before"  # the value of a parameter
    elif (( COMP_CWORD > 2 )) && [[ $'\n'$_bulle_rows == *$'\n'"$place ${before/#--parameter/-p}"$'\t'* ]]; then
        place="$place ${before/#--parameter/-p}"  # the value of an option
    fi
    while IFS=$'\t' read -r at word help; do
        if [[ $at != "$place" || $word == -* && $free == no && $current != -* ]]; then continue; fi
        if [[ $word != -* ]]; then free=no; fi  # options come once a dash is there, or where nothing else can stand
        if [[ $word != '<'* && $word == "$current"* ]]; then
            words+=("$word")
            shown+=("$(printf '%-14s %s' "$word" "${help:+($help)}")")
        fi
    done <<<"$_bulle_rows"
    COMPREPLY=("${words[@]}")
    if (( ${#words[@]} > 1 && COMP_TYPE != 37 && COMP_TYPE != 42 )); then  # several are listed, with their help
        COMPREPLY=("${shown[@]}")
    fi
}
complete -o default -F _bulle bulle  # where no word of ours can stand, files
