# ---- running programs ----

declare -A HUNG=()

# limited SECONDS PROGRAM ARGUMENT...: run a program, and give it up after a time. CODE becomes its exit code, or missing,
# or timeout; PRINTED the lines of its standard output, in printable ASCII; SAID all that it printed, errors included, in
# one line, cut where it is long; LIMIT how long it was given. A program that did not answer within as long before is not
# asked again; that one container hangs says nothing of the engine.
limited() {
  local began=$SECONDS key=$2
  [[ $key == docker ]] && key+=" $3"
  LIMIT=$1 CODE=missing PRINTED=()
  shift
  if ((MOST > 0 && MOST < LIMIT)); then
    LIMIT=$MOST
  fi
  : >"$SCRATCH/output" 2>"$SCRATCH/errors"
  if ((LIMIT <= ${HUNG[$key]-0})); then
    CODE=timeout
  elif type -P -- "$1" >/dev/null; then
    # Not through a pipe: a program that cannot be killed would keep it open.
    { timeout -k 1 "$LIMIT" "$@" </dev/null >"$SCRATCH/output" 2>"$SCRATCH/errors"; CODE=$?; } 2>/dev/null
    if [[ $CODE == 124 || $CODE == 137 ]] && ((SECONDS - began >= LIMIT)); then
      CODE=timeout HUNG[$key]=$LIMIT
    fi
  fi
  mapfile -t PRINTED < <(head -c 1048576 "$SCRATCH/output" | tr -c '!-~\n' ' ' | tr -s ' ' | sed 's/^ //; s/ $//')
  SAID=$(head -q -c 1048576 "$SCRATCH/output" "$SCRATCH/errors" | tr -c '!-~' ' ' | tr -s ' ')
  trim SAID
  SAID=${SAID:0:LONGEST_SAID}
  trim SAID
  SAID=${SAID:-it printed nothing}
}
