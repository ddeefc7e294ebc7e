# ---- reading the machine ----

# look PATH: STATE becomes there, missing, or unreadable where neither can be told.
look() {
  local folder=$ROOT$1
  STATE=there
  [[ -e $folder || -L $folder ]] && return
  while [[ -n $folder && ! -e $folder && ! -L $folder ]]; do
    folder=${folder%/*}
  done
  STATE=missing
  if [[ -d $folder && ! -x $folder ]]; then
    STATE=unreadable
  fi
}

# read_file PATH: TEXT becomes what a file holds, without blanks at the ends; STATE as for look.
read_file() {
  local file=$ROOT$1
  TEXT=
  # A named pipe would be waited for; a link to nowhere is how a file is switched off. bash drops each NUL, and says so.
  if [[ (-f $file || $file -ef /dev/null) && -r $file ]] && { TEXT=$(head -c 1048576 -- "$file"); } 2>/dev/null; then
    STATE=there
    TEXT=${TEXT//$'\r'/}
    trim TEXT
    return
  fi
  TEXT=
  look "$1"
  if [[ $STATE == there ]]; then
    STATE=unreadable
  fi
}

# holds PATH PATTERN: 0 if a line of a file matches, 1 if none does, 2 if that cannot be told.
holds() {
  [[ -f $ROOT$1 && -r $ROOT$1 ]] || return 2
  grep -qE -e "$2" -- "$ROOT$1" 2>/dev/null
}

# list PATH: NAMES becomes the sorted names in a folder; STATE as for look.
list() {
  local folder=$ROOT$1
  NAMES=()
  if [[ -d $folder && -r $folder ]]; then
    STATE=there
    NAMES=("$folder"/*)
    NAMES=("${NAMES[@]##*/}")
    return
  fi
  look "$1"
  if [[ $STATE == there ]]; then
    STATE=unreadable
  fi
}

# read_link PATH: TARGET becomes the last name of what a link points to; STATE as for look.
read_link() {
  TARGET=
  look "$1"
  if [[ -L $ROOT$1 ]]; then
    TARGET=$(readlink -- "$ROOT$1")
    TARGET=${TARGET##*/}
  elif [[ $STATE == there ]]; then
    STATE=unreadable
  fi
}

# trim NAME: take the blanks from the ends of a variable's text.
trim() {
  local untrimmed=${!1}
  untrimmed=${untrimmed#"${untrimmed%%[![:space:]]*}"}
  printf -v "$1" '%s' "${untrimmed%"${untrimmed##*[![:space:]]}"}"
}

# among WORD ITEM...: say whether a word is one of some items.
among() {
  local word=$1 item
  shift
  for item in "$@"; do
    [[ $item == "$word" ]] && return 0
  done
  return 1
}

# joined SEPARATOR ITEM...: print items with a separator between them.
joined() {
  local separator=$1 text=${2-} item
  shift
  for item in "${@:2}"; do
    text+=$separator$item
  done
  printf '%s' "$text"
}

# ---- telling what was found ----

pass() { tell pass "$@"; }
fail() { tell fail "$@"; }
warn() { tell warn "$@"; }
skip() { tell skip "$@"; }

# tell STATUS ANSWER MESSAGE [FIX]: note one answer of the check that is being made.
tell() {
  local message=${3//+([^ -~])/?} fix=${4-}
  fix=${fix//+([^ -~])/?}
  STATUSES+=("$1")
  ANSWERS+=("$2")
  MESSAGES+=("$message")
  FIXES+=("$fix")
  [[ -n $JSON ]] && return
  if [[ -z $QUIET || $1 == fail || $1 == warn ]]; then
    printf '%s  %s: %s\n' "${1^^}" "$ID" "$message"
    if [[ -n $fix ]]; then
      printf '      FIX: %s\n' "$fix"
    fi
  fi
}

# check ID QUESTION FUNCTION: make one check; the worst of its answers counts.
check() {
  local status worst number message='' fix='' fixes=() results=''
  ID=$1 STATUSES=() ANSWERS=() MESSAGES=() FIXES=()
  "$3"
  for worst in fail warn pass skip; do
    among "$worst" "${STATUSES[@]}" && break
  done
  COUNTS[$worst]=$((COUNTS[$worst] + 1))
  [[ -n $JSON ]] || return
  for number in "${!STATUSES[@]}"; do
    status=${STATUSES[number]}
    if [[ $status == "$worst" ]]; then
      message+="${message:+; }${MESSAGES[number]}"
      if [[ -n ${FIXES[number]} ]] && ! among "${FIXES[number]}" "${fixes[@]}"; then
        fixes+=("${FIXES[number]}")
        fix+="${fix:+; }${FIXES[number]}"
      fi
    fi
    object answer "${ANSWERS[number]}" status "$status" message "${MESSAGES[number]}" fix "${FIXES[number]}"
    results+="${results:+, }$OBJECT"
  done
  object id "$ID" question "$2" status "$worst" message "$message" fix "$fix"
  REPORTS+=("${OBJECT%\}}, \"results\": [$results]}")
}

# object KEY VALUE...: OBJECT becomes a JSON object of texts; an empty one is null.
object() {
  local text='' value
  while (($#)); do
    value=${2//\\/\\\\}
    value=\"${value//\"/\\\"}\"
    [[ $value == '""' ]] && value=null
    text+="${text:+, }\"$1\": $value"
    shift 2
  done
  OBJECT="{$text}"
}

# misuse MESSAGE: end because of how the script was called.
misuse() {
  printf '%s: %s\nTry --help.\n' "${0##*/}" "$1" >&2
  exit 2
}
