# ---- releases ----

# Whether a release compares with another, number by number; nothing holds of what is no release. NAME SIGN RELEASE
_context_release() {
    local left=${values[$1]-} right=$3 first second order='='
    [[ -n ${has[$1]-} && $left =~ ^[0-9]{1,9}(\.[0-9]{1,9})*$ ]] || return 1
    while [[ $order == '=' && -n $left$right ]]; do
        first=$((10#${left%%.*} + 0)) second=$((10#${right%%.*} + 0))
        [[ $left == *.* ]] && left=${left#*.} || left=''
        [[ $right == *.* ]] && right=${right#*.} || right=''
        ((first < second)) && order='<'
        ((first > second)) && order='>'
    done
    case $2 in
        '!=') [[ $order != '=' ]] ;;
        *) [[ $2 == *"$order"* ]] ;;
    esac
}
