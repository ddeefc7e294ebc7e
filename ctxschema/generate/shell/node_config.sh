# ---- pairs KEY=VALUE with TOML values, as Flower reads them (docs/facts/gpu.md, section 7) ----

# Reads one statement of TOML from line, which loses it. PATH and NAME. are of the table that it stands in.
_context_statement() {
    local path=$1 name=$2 segment
    local -a segments=()
    while :; do
        _context_blanks
        if [[ $line =~ ^[A-Za-z0-9_-]+ ]]; then
            segment=${BASH_REMATCH[0]}
            line=${line:${#segment}}
        elif [[ $line == [\"\']* ]]; then
            _context_string key || return 1
            segment=$decoded
        else
            return 1
        fi
        segments+=("$segment")
        _context_blanks
        [[ $line == .* ]] || break
        line=${line:1}
    done
    [[ $line == =* ]] || return 1
    line=${line:1}
    _context_blanks
    local last=$((${#segments[@]} - 1)) at
    for ((at = 0; at <= last; at++)); do
        segment=${segments[at]}
        path+="${#segment}:$segment" name+=$segment
        if ((at < last)); then
            name+=.
            case ${tables[$path]-} in
                '') tables[$path]=dotted ;;
                dotted | open) ;;
                *) return 1 ;;
            esac
        elif [[ -n ${tables[$path]-} ]]; then
            return 1
        fi
    done
    if [[ $line == \{* ]]; then
        tables[$path]=open
        line=${line:1}
        _context_blanks
        if [[ $line == \}* ]]; then
            line=${line:1}
        else
            while :; do
                _context_statement "$path" "$name." || return 1
                _context_blanks
                if [[ $line == ,* ]]; then
                    line=${line:1}
                elif [[ $line == \}* ]]; then
                    line=${line:1}
                    break
                else
                    return 1
                fi
            done
        fi
        tables[$path]=closed
    else
        tables[$path]=value
        _context_scalar || return 1
        found[:$name]=1
    fi
}

_context_blanks() { line=${line#"${line%%[!$' \t']*}"}; }

# Reads a string from line, and sets decoded to what it stands for. key: one with three quotes is none.
_context_string() {
    local quote=${line:0:1} end part
    end=$quote decoded=''
    if [[ $1 != key && $line == "$quote$quote$quote"* ]]; then
        end=$quote$quote$quote
    fi
    line=${line:${#end}}
    while :; do
        part=${line%%[$'\n'\\"$quote"]*}
        decoded+=$part
        line=${line:${#part}}
        if [[ $line == "$end"* ]]; then
            line=${line:${#end}}
            if ((${#end} == 3)); then # up to two more quotes belong to the text
                [[ $line != "$quote"* ]] || line=${line:1}
                [[ $line != "$quote"* ]] || line=${line:1}
            fi
            return 0
        elif [[ $line == "$quote"* || ($line == \\* && $quote == "'") ]]; then
            decoded+=${line:0:1}
            line=${line:1}
        elif [[ $line == \\* ]]; then
            _context_escape || return 1
        else
            return 1
        fi
    done
}

_context_escape() {
    local digits code length=4
    case ${line:1:1} in
        b) decoded+=$'\b' ;;
        t) decoded+=$'\t' ;;
        n) decoded+=$'\n' ;;
        f) decoded+=$'\f' ;;
        r) decoded+=$'\r' ;;
        '"' | \\) decoded+=${line:1:1} ;;
        u | U)
            [[ ${line:1:1} == u ]] || length=8
            digits=${line:2:length}
            [[ ${#digits} == "$length" && -z ${digits//[0-9A-Fa-f]/} ]] || return 1
            code=$((16#$digits))
            ((code <= 0x10ffff && (code < 0xd800 || code > 0xdfff))) || return 1
            _context_character "$code"
            line=${line:length}
            ;;
        *) return 1 ;;
    esac
    line=${line:2}
}

_context_character() { # CODE: adds a character to decoded, in UTF-8; \xff stands for NUL, and is in no UTF-8
    local code=$1 bytes=''
    if ((code == 0)); then
        bytes='\xff'
    elif ((code < 0x80)); then
        printf -v bytes '\\x%02x' "$code"
    elif ((code < 0x800)); then
        printf -v bytes '\\x%02x\\x%02x' $((0xc0 | code >> 6)) $((0x80 | code & 0x3f))
    elif ((code < 0x10000)); then
        printf -v bytes '\\x%02x\\x%02x\\x%02x' $((0xe0 | code >> 12)) $((0x80 | code >> 6 & 0x3f)) $((0x80 | code & 0x3f))
    else
        printf -v bytes '\\x%02x\\x%02x\\x%02x\\x%02x' $((0xf0 | code >> 18)) $((0x80 | code >> 12 & 0x3f)) \
            $((0x80 | code >> 6 & 0x3f)) $((0x80 | code & 0x3f))
    fi
    printf -v bytes '%b' "$bytes"
    decoded+=$bytes
}

# Reads a text, a number, true or false from line; a date or a list is nothing that Flower sends.
_context_scalar() {
    local decoded number digits
    if [[ $line == [\"\']* ]]; then
        _context_string value
    elif [[ $line =~ ^(true|false|[+-]?(inf|nan)) ]]; then
        line=${line:${#BASH_REMATCH[0]}}
    elif [[ $line =~ ^0(x[0-9A-Fa-f](_?[0-9A-Fa-f])*|b[01](_?[01])*|o[0-7](_?[0-7])*) ]]; then
        number=${BASH_REMATCH[0]}
        line=${line:${#number}}
        digits=${number:2}
        digits=${digits//_/}
        digits=${digits#"${digits%%[!0]*}"}
        case $number in # 63 bits
            0x*) ((${#digits} < 16)) || [[ ${#digits} == 16 && $digits == [1-7]* ]] ;;
            0b*) ((${#digits} < 64)) ;;
            *) ((${#digits} < 22)) ;;
        esac
    elif [[ $line =~ ^([+-]?)(0|[1-9](_?[0-9])*)((\.[0-9](_?[0-9])*)?([eE][+-]?[0-9](_?[0-9])*)?) ]]; then
        line=${line:${#BASH_REMATCH[0]}}
        [[ -z ${BASH_REMATCH[4]} ]] || return 0
        digits=${BASH_REMATCH[2]//_/} number=9223372036854775807
        [[ ${BASH_REMATCH[1]} != - ]] || number=9223372036854775808
        ((${#digits} < 19)) || [[ ${#digits} == 19 && ! x$digits > x$number ]]
    else
        return 1
    fi
}

_context_node_config() { # WORDS
    local rest=$text run key given_text line pair each decoded=''
    local -A tables=() names=() found=()
    _context_longest 4096 || return 1
    problem='ends in .toml, which Flower takes for a file to open'
    [[ $text != *.toml ]] || return 1
    # Other blanks than these are written in several bytes; a control character, of which there is none, stands for them.
    for each in "${_CONTEXT_BLANKS[@]}"; do
        rest=${rest//"$each"/$'\x1c'}
    done
    while :; do
        rest=${rest#"${rest%%[!$' \t\n\x1c']*}"}
        [[ -n $rest ]] || return 0
        run=${rest%%[$' \t\n\x1c']*}
        key=${run:0:1}
        [[ ${run:1} == *=* ]] || break
        run=${run:1}
        key+=${run%%=*}
        given_text=${rest:${#key}+1}
        case $given_text in
            '"'*'"'*)
                pair=${given_text:1}
                given_text=\"${pair%%\"*}\"
                ;;
            "'"*"'"*)
                pair=${given_text:1}
                given_text="'${pair%%\'*}'"
                ;;
            *) given_text=${given_text%%[$' \t\n\x1c']*} ;;
        esac
        [[ -n $given_text ]] || break
        rest=${rest:${#key}+1+${#given_text}}
        problem='holds a pair that is not TOML, or no text, number, true or false; a string needs double quotes, and blanks stand between pairs'
        line="$key = $given_text" found=()
        while [[ -n $line ]]; do
            _context_statement '' '' || return 1
            _context_blanks
            [[ $line != '#'* ]] || line=${line#"${line%%$'\n'*}"}
            [[ -z $line || $line == $'\n'* ]] || return 1
            line=${line#"${line%%[!$' \t\n']*}"}
        done
        problem='holds a pair that gives no value and that Flower drops'
        ((${#found[@]})) || return 1
        problem='names a key twice'
        for each in "${!found[@]}"; do
            [[ -z ${names[$each]-} ]] || return 1
            names[$each]=1
        done
    done
    problem='holds what is no key=value pair and what Flower drops'
    return 1
}
