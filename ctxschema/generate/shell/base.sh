# ---- how values are read and judged; no process is started ----

# Blanks that UTF-8 writes in several bytes.
_CONTEXT_BLANKS=(
    $'\xc2\x85' $'\xc2\xa0' $'\xe1\x9a\x80' $'\xe2\x80\x80' $'\xe2\x80\x81' $'\xe2\x80\x82' $'\xe2\x80\x83'
    $'\xe2\x80\x84' $'\xe2\x80\x85' $'\xe2\x80\x86' $'\xe2\x80\x87' $'\xe2\x80\x88' $'\xe2\x80\x89'
    $'\xe2\x80\x8a' $'\xe2\x80\xa8' $'\xe2\x80\xa9' $'\xe2\x80\xaf' $'\xe2\x81\x9f' $'\xe3\x80\x80'
)

# Judges one variable. NAME, whether it has a default, the default, M where somebody has to give a value.
_context_variable() {
    local name=$1 text problem='' value
    text=${!name-}
    if [[ -z $text ]]; then
        if [[ $2 == yes ]]; then
            has[$name]=1 values[$name]=$3
        elif [[ $4 == M ]]; then
            problems[$name]='has no value; give it one'
        fi
    else
        value=$text
        if "_context_$name"; then
            has[$name]=1 values[$name]=$value given[$name]=1
        else
            problems[$name]=$problem
        fi
    fi
}

_context_say() { # SEVERITY NAME MESSAGE
    printf '%s: %s %s\n' "$1" "$2" "$3" >&2
    [[ $1 != error ]] || errors=$((errors + 1))
}

_context_has() { # NAME...
    local each
    for each in "$@"; do
        [[ -n ${has[$each]-} ]] || return 1
    done
}

_context_given() { # NAME...
    local each
    for each in "$@"; do
        [[ -z ${given[$each]-} ]] || return 0
    done
    return 1
}

_context_is() { [[ -n ${has[$1]-} && ${values[$1]} == "$2" ]]; } # NAME VALUE

_context_is_not() { [[ -n ${has[$1]-} && ${values[$1]} != "$2" ]]; } # NAME VALUE

_context_repeats() { # NAME: whether a list of numbers names one twice
    local rest=${values[$1]}, item
    local -A seen=()
    while [[ -n $rest ]]; do
        item=${rest%%,*} rest=${rest#*,}
        item=${item#"${item%%[!0]*}"}
        item=${item:-0}
        [[ -z ${seen[$item]-} ]] || return 0
        seen[$item]=1
    done
    return 1
}

# UTF-8, and without control characters unless they may be there.
_context_safe() { # with | without
    local left=$text
    if [[ $left == *[$'\x80'-$'\xff']* ]]; then
        left=${left//$'\xf0'[$'\x90'-$'\xbf'][$'\x80'-$'\xbf'][$'\x80'-$'\xbf']/}
        left=${left//[$'\xf1'-$'\xf3'][$'\x80'-$'\xbf'][$'\x80'-$'\xbf'][$'\x80'-$'\xbf']/}
        left=${left//$'\xf4'[$'\x80'-$'\x8f'][$'\x80'-$'\xbf'][$'\x80'-$'\xbf']/}
        left=${left//$'\xe0'[$'\xa0'-$'\xbf'][$'\x80'-$'\xbf']/}
        left=${left//[$'\xe1'-$'\xec'$'\xee'$'\xef'][$'\x80'-$'\xbf'][$'\x80'-$'\xbf']/}
        left=${left//$'\xed'[$'\x80'-$'\x9f'][$'\x80'-$'\xbf']/}
        left=${left//[$'\xc2'-$'\xdf'][$'\x80'-$'\xbf']/}
        problem='is not UTF-8; write it again as UTF-8'
        [[ $left != *[$'\x80'-$'\xff']* ]] || return 1
    fi
    problem='holds a control character; remove it'
    [[ $1 == with || $text != *[$'\x01'-$'\x08'$'\x0b'-$'\x1f'$'\x7f']* ]]
}

_context_boolean() {
    problem='is not YES or NO; write YES or NO'
    [[ $text =~ ^([yY][eE][sS]|[nN][oO])$ ]] && value=${text^^}
}

_context_whole() {
    problem='is not an integer; write an integer such as 5'
    [[ $text =~ ^(-?)([0-9]{1,18})$ ]] || return 1
    value=$((10#${BASH_REMATCH[2]}))
    [[ $value == 0 ]] || value=${BASH_REMATCH[1]}$value
}

_context_decimal() {
    problem='is not a number; write a number such as 0.5'
    [[ $text =~ ^-?[0-9]{1,18}(\.[0-9]{1,40})?([eE][+-]?[0-9]{1,3})?$ ]] || return 1
    problem='is too large'
    _context_below "${text#-}" @FINITE@
}

# A number as its sign, a power of ten and the digits behind "0.", without zeros at their ends.
_context_number() { # TEXT
    [[ $1 =~ ^(-?)([0-9]+)(\.([0-9]+))?([eE]([+-]?)([0-9]+))?$ ]] || return 1
    local whole=${BASH_REMATCH[2]} fraction=${BASH_REMATCH[4]-} exponent=$((10#${BASH_REMATCH[7]:-0})) zeros
    sign=${BASH_REMATCH[1]:-+} digits=$whole$fraction
    [[ ${BASH_REMATCH[6]-} != - ]] || exponent=-$exponent
    zeros=${digits%%[1-9]*}
    power=$((${#whole} + exponent - ${#zeros}))
    digits=${digits#"$zeros"}
    digits=${digits%"${digits##*[1-9]}"}
}

# Whether a number is below a bound: TEXT SIGN POWER DIGITS, and yes where it may be the bound itself.
_context_below() {
    local sign power digits order=below
    _context_number "$1" || return 1
    if [[ -z $digits || -z $4 ]]; then
        if [[ $digits == "$4" ]]; then
            order=same
        elif [[ -n $digits && $sign == + ]] || [[ -n $4 && $2 == - ]]; then
            order=above
        fi
    elif [[ $sign != "$2" ]]; then
        [[ $sign == - ]] || order=above
    elif [[ $power == "$3" && $digits == "$4" ]]; then
        order=same
    elif ((power > $3)) || [[ $power == "$3" && x$digits > x$4 ]]; then
        [[ $sign == - ]] || order=above
    else
        [[ $sign == + ]] || order=above
    fi
    [[ $order == below || ($order == same && $5 == yes) ]]
}

_context_least() { # WORDS SIGN POWER DIGITS INCLUDED
    local included=yes
    [[ $5 == no ]] || included=no
    problem="is not $1"
    ! _context_below "$text" "$2" "$3" "$4" "$included"
}

_context_most() { # WORDS SIGN POWER DIGITS INCLUDED
    problem="is not $1"
    _context_below "$text" "$2" "$3" "$4" "$5"
}

_context_none_of() { # WHY VALUE...
    local each
    problem="is taken: $1"
    for each in "${@:2}"; do
        [[ $value != "$each" ]] || return 1
    done
}

_context_outside() { # WHY, and both ends of what is taken: SIGN POWER DIGITS, and yes where the end itself is outside
    problem="is taken: $1"
    _context_below "$text" "${@:2:4}" || ! _context_below "$text" "${@:6}"
}

_context_one_of() { # WORDS OPTION...
    local each
    problem="is not $1"
    for each in "${@:2}"; do
        [[ $value != "$each" ]] || return 0
    done
    return 1
}

_context_each_of() { # WORDS OPTION...
    local rest=$text, value
    while [[ -n $rest ]]; do
        value=${rest%%,*} rest=${rest#*,}
        _context_one_of "$@" || return 1
    done
}

_context_longest() { # CHARACTERS
    local characters=${text//[$'\x80'-$'\xbf']/}
    problem="has more than $1 characters"
    ((${#characters} <= $1))
}

_context_matches() { # WORDS PATTERN
    local pattern="^($2)\$"
    problem="is not $1"
    [[ $text =~ $pattern ]]
}
