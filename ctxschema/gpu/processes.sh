# ---- processes ----

# find_process NAME...: PROCESS becomes the number of a process that runs one of some programs, or nothing. The kernel
# keeps 15 characters of a program's name.
find_process() {
  local folder name names=()
  PROCESS=
  for name in "$@"; do
    names+=("${name:0:15}")
  done
  for folder in "$ROOT"/proc/*; do
    if [[ ${folder##*/} =~ ^[0-9]+$ && -f $folder/comm ]]; then
      name=
      read -r name 2>/dev/null <"$folder/comm"
      if among "$name" "${names[@]}"; then
        PROCESS=${folder##*/}
        return
      fi
    fi
  done
}
