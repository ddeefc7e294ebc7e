# ---- certificates and keys: plain, in base64, or in base64 twice ----

declare -A _CONTEXT_BASE64=()
_context_base64_table() {
    local letters=ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/ at
    for ((at = 0; at < 64; at++)); do
        _CONTEXT_BASE64[${letters:at:1}]=$at
    done
}
_context_base64_table
unset -f _context_base64_table

_context_trim() { # sets pem to itself without blanks at its ends
    pem=${pem#"${pem%%[!$' \t\n\v\f\r\x1c\x1d\x1e\x1f']*}"}
    pem=${pem%"${pem##*[!$' \t\n\v\f\r\x1c\x1d\x1e\x1f']}"}
}

_context_is_base64() { # TEXT: strictly, as ctxschema.model.pem takes it: padded to four characters, by two at most
    local letters=${1%"${1##*[!=]}"}
    [[ -z ${letters//[A-Za-z0-9+\/]/} ]] || return 1
    ((${#1} % 4 == 0 && ${#1} - ${#letters} < 3))
}

_context_decode() { # TEXT: sets pem to what it encodes; fails where that is not ASCII
    local chunk quad at here a b c made
    _context_is_base64 "$1" || return 1
    set -- "${1%"${1##*[!=]}"}"
    pem=''
    for ((at = 0; at < ${#1}; at += 1024)); do # in pieces, since cutting a long text takes its time
        chunk=${1:at:1024} made=''
        for ((here = 0; here < ${#chunk}; here += 4)); do
            quad=${chunk:here:4}
            a=$((_CONTEXT_BASE64[${quad:0:1}] << 2 | _CONTEXT_BASE64[${quad:1:1}] >> 4)) b=1 c=1
            ((${#quad} < 3)) || b=$(((_CONTEXT_BASE64[${quad:1:1}] & 15) << 4 | _CONTEXT_BASE64[${quad:2:1}] >> 2))
            ((${#quad} < 4)) || c=$(((_CONTEXT_BASE64[${quad:2:1}] & 3) << 6 | _CONTEXT_BASE64[${quad:3:1}]))
            ((a < 128 && b < 128 && c < 128)) || return 1
            # A variable cannot hold a NUL; 1 is as good as that, for neither is in a PEM text.
            printf -v quad '\\x%02x\\x%02x\\x%02x' $((a ? a : 1)) $((b ? b : 1)) $((c ? c : 1))
            made+=$quad
        done
        printf -v made '%b' "$made"
        pem+=$made
    done
    pem=${pem:0:${#1} * 3 / 4}
}

# Whether the text holds a block of one of the labels. WORDS, then the labels.
_context_pem() {
    local pem=$text rest label body marker='-----BEGIN ' complete='' keys='' each
    problem="has more than @LONGEST@ characters"
    _context_longest @LONGEST@ || return 1
    for body in "${_CONTEXT_BLANKS[@]}"; do
        pem=${pem//"$body"/ }
    done
    _context_trim
    problem="is not $1: it does not decode to PEM"
    if [[ $pem != *"$marker"* ]]; then
        _context_decode "${pem//[$' \t\n\v\f\r\x1c\x1d\x1e\x1f']/}" || return 1
        _context_trim
    fi
    if [[ $pem != *"$marker"* ]]; then
        _context_decode "${pem//[$' \t\n\v\f\r\x1c\x1d\x1e\x1f']/}" || return 1
        _context_trim
    fi
    [[ $pem == *"$marker"* ]] || return 1
    rest=$pem
    while [[ $rest == *"$marker"* ]]; do
        rest=${rest#*"$marker"}
        label=${rest%%-*} body=${rest:${#label}}
        [[ -n $label && -z ${label//[A-Z0-9 ]/} && $body == -----* ]] || continue
        body=${body#-----}
        body=${body%%-*}
        [[ ${rest:$((${#label} + 5 + ${#body}))} == "-----END $label-----"* ]] || continue
        rest=${rest:$((${#label} + 5 + ${#body} + 9 + ${#label} + 5))}
        body=${body//[$' \t\n\v\f\r\x1c\x1d\x1e\x1f']/}
        # What DER begins with is an M and a letter up to P.
        if _context_is_base64 "$body" && [[ $body == M[A-P]* ]]; then
            for each in "${@:2}"; do
                [[ $label != "$each" ]] || complete=yes
            done
        fi
    done
    problem="is not $1: no complete block of that kind is in it"
    [[ -n $complete ]] || return 1
    for label in "${@:2}"; do
        [[ $label != *'PRIVATE KEY'* ]] || keys=yes
    done
    problem='holds a private key beside the certificate, where it would be shown'
    [[ $pem != *'PRIVATE KEY-----'* || -n $keys ]]
}
