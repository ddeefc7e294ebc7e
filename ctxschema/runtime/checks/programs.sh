# ---- running programs ----

# limited SECONDS PROGRAM ARGUMENT...: run a program, and give it up after a time. CODE becomes its exit code, or missing,
# or timeout; PRINTED the lines that it printed, in printable ASCII; SAID all of it in one line, cut where it is long;
# LIMIT how long it was given.
limited() {
  local began=$SECONDS
  LIMIT=$1 CODE=missing PRINTED=()
  shift
  if ((MOST > 0 && MOST < LIMIT)); then
    LIMIT=$MOST
  fi
  : >"$OUTPUT"
  if type -P -- "$1" >/dev/null; then
    # Not through a pipe: a program that cannot be killed would keep it open.
    { timeout -k 1 "$LIMIT" "$@" </dev/null >"$OUTPUT" 2>&1; CODE=$?; } 2>/dev/null
    if [[ $CODE == 124 || $CODE == 137 ]] && ((SECONDS - began >= LIMIT)); then
      CODE=timeout
    fi
  fi
  mapfile -t PRINTED < <(head -c 1048576 "$OUTPUT" | tr -c '!-~\n' ' ' | tr -s ' ' | sed 's/^ //; s/ $//')
  SAID=$(trimmed "$(head -c 1048576 "$OUTPUT" | tr -c '!-~' ' ' | tr -s ' ')")
  SAID=$(trimmed "${SAID:0:LONGEST_SAID}")
  SAID=${SAID:-it printed nothing}
}
