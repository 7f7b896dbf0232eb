#compdef bulle
# What completes `bulle` in zsh; made by: bulle completion zsh
_bulle_rows=@ROWS@

_bulle() {
    local place=bulle before=${words[CURRENT-1]} free=yes at word help files
    local -a found
    if (( CURRENT > 2 )); then place="bulle ${words[2]}"; fi
    if (( CURRENT > 4 )) && [[ ${words[CURRENT-2]} == (-p|--parameter) ]]; then
        place="$place -p $before"  # the value of a parameter
    elif (( CURRENT > 3 )) && [[ $'\n'$_bulle_rows == *$'\n'"$place ${before/#--parameter/-p}"$'\t'* ]]; then
        place="$place ${before/#--parameter/-p}"  # the value of an option
    fi
    while IFS=$'\t' read -r at word help; do
        if [[ $at != $place || $word == -* && $free == no && $PREFIX != -* ]]; then continue; fi
        if [[ $word != -* ]]; then free=no; fi  # options come once a dash is there, or where nothing else can stand
        if [[ $word == '<file>' ]]; then files=yes; fi
        if [[ $word != '<'* ]]; then found+=("${word//:/\\:}:$help"); fi
    done <<<"$_bulle_rows"
    if (( $#found )); then _describe bulle found; fi
    if [[ -n $files ]]; then _files; fi
}
if [[ $funcstack[1] == _bulle ]]; then _bulle "$@"; else compdef _bulle bulle; fi
