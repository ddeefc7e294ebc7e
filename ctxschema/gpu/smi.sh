# ---- nvidia-smi ----

ASKED='' ROWS=() FIELDS=()

# ask_smi: ROWS becomes a row for each GPU, CODE, SAID and LIMIT as for limited. Its exit code proves nothing without a
# row, and its errors go to standard output. An old driver refuses the newer fields.
ask_smi() {
  ASKED=yes
  query "${SMI_FIELDS[@]}" "${SMI_NEWEST_FIELDS[@]}"
  [[ $CODE == 2 ]] && query "${SMI_FIELDS[@]}" "${SMI_NEWER_FIELDS[@]}"
  [[ $CODE == 2 ]] && query "${SMI_FIELDS[@]}"
}

# query FIELD...: ask for some fields of every GPU.
query() {
  local line commas row='^[0-9]+ ?, ?GPU-[0-9a-f-]+ ?,'
  limited "$SMI_SECONDS" nvidia-smi "--query-gpu=$(joined , "$@")" --format=csv,noheader,nounits
  ROWS=() FIELDS=("$@")
  [[ $CODE == 0 ]] || return
  for line in "${PRINTED[@]}"; do
    commas=${line//[^,]/}
    if [[ $line =~ $row ]] && ((${#commas} + 1 >= ${#SMI_FIELDS[@]} && ${#commas} + 1 <= ${#FIELDS[@]})); then
      ROWS+=("$line")
    fi
  done
}

# rows: ROWS becomes a row for each GPU; none without a kernel driver, because nvidia-smi is not started then.
rows() {
  [[ -n $ASKED || $DRIVER != there ]] || ask_smi
}

# cell ROW FIELD: print one field of a row, or nothing if it was not asked for.
cell() {
  local number cells text
  IFS=, read -r -a cells <<<"$1"
  for number in "${!FIELDS[@]}"; do
    if [[ ${FIELDS[number]} == "$2" ]]; then
      text=${cells[number]-}
      trim text
      printf '%s' "$text"
    fi
  done
}

# ask_cuda: CUDA becomes the newest CUDA that the driver runs, or nothing; asked once.
ask_cuda() {
  local version='CUDA[A-Za-z ]*Version *: *([0-9]+\.[0-9]+)' line
  [[ -v CUDA ]] && return
  CUDA=
  limited "$SMI_SECONDS" nvidia-smi
  [[ $CODE == 0 ]] || return
  for line in "${PRINTED[@]}"; do
    if [[ $line =~ $version ]]; then
      CUDA=${BASH_REMATCH[1]}
      return
    fi
  done
}
