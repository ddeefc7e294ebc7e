[ -n "${BASH_VERSION-}" ] || { echo "start this with bash, not sh" >&2; exit 2; }
((BASH_VERSINFO[0] * 100 + BASH_VERSINFO[1] >= 404)) || { echo "this needs bash 4.4 or newer" >&2; exit 2; }

# No set -e: a grep that finds nothing is an answer, and every check is made whatever the one before it found.
set -uo pipefail
shopt -s nullglob dotglob extglob
export LC_ALL=C

ROOT=${CTX_ROOT-}
ROOT=${ROOT%/}
JSON='' QUIET='' ID=''
REPORTS=()
declare -A COUNTS=([pass]=0 [fail]=0 [warn]=0 [skip]=0)
