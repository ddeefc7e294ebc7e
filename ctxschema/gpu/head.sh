[ -n "${BASH_VERSION-}" ] || { echo "start this with bash, not sh" >&2; exit 2; }
((BASH_VERSINFO[0] * 100 + BASH_VERSINFO[1] >= 404)) || { echo "this needs bash 4.4 or newer" >&2; exit 2; }

# Whoever starts this may have set anything: bash -f, SHELLOPTS, BASHOPTS, what BASH_ENV names. What the checks rely on
# is set here. No set -e: a grep that finds nothing is an answer, and every check is made whatever the one before found.
set +aefkmCET -Bu +o posix -o pipefail
shopt -u failglob nocaseglob nocasematch xpg_echo
shopt -u localvar_inherit 2>/dev/null # bash 5 has it
shopt -s nullglob dotglob extglob
IFS=$' \t\n'
unset -v BASH_ENV CDPATH GLOBIGNORE GREP_COLORS GREP_OPTIONS POSIXLY_CORRECT TIMEFORMAT
unalias -a
trap - DEBUG ERR RETURN
mapfile -t NAMES < <(compgen -A function)
unset -f "${NAMES[@]}"
export LC_ALL=C

ROOT=${CTX_ROOT-}
ROOT=${ROOT%/}
JSON='' QUIET='' ID=''
REPORTS=()
declare -A COUNTS=([pass]=0 [fail]=0 [warn]=0 [skip]=0)
