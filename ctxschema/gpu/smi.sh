# ---- nvidia-smi ----

ASKED='' ROWS=()

# ask_smi: ROWS becomes a row for each GPU, CODE, SAID and LIMIT as for limited. Its exit code proves nothing without a
# row, and its errors go to standard output.
ask_smi() {
  ASKED=yes
  query "${SMI_FIELDS[@]}" "${SMI_NEWER_FIELDS[@]}"
  if [[ $CODE == 2 ]]; then # an old driver refuses the newer fields
    query "${SMI_FIELDS[@]}"
  fi
}

# query FIELD...: ask for some fields of every GPU.
query() {
  local line commas row='^[0-9]+ ?, ?GPU-[0-9a-f-]+ ?,'
  limited "$SMI_SECONDS" nvidia-smi "--query-gpu=$(joined , "$@")" --format=csv,noheader,nounits
  ROWS=()
  [[ $CODE == 0 ]] || return
  for line in "${PRINTED[@]}"; do
    commas=${line//[^,]/}
    if [[ $line =~ $row ]] && among $((${#commas} + 1)) "${#SMI_FIELDS[@]}" \
      $((${#SMI_FIELDS[@]} + ${#SMI_NEWER_FIELDS[@]})); then
      ROWS+=("$line")
    fi
  done
}

# rows: ROWS becomes a row for each GPU; none without a kernel driver, because nvidia-smi is not started then.
rows() {
  [[ -n $ASKED || $DRIVER != there ]] || ask_smi
}

# cell ROW NUMBER: print one field of a row, counted from 1.
cell() {
  trimmed "$(cut -d , -f "$2" <<<"$1")"
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
