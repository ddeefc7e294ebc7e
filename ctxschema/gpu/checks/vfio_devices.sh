check_vfio_devices() {
  local addr path mode owner group
  for addr in "${GPUS[@]}"; do
    path=$DEVICES/$addr/driver
    read_link "$path"
    if [[ $STATE == unreadable ]]; then
      answer unreadable
      continue
    fi
    among "$TARGET" "${VFIO_DRIVERS[@]}" || continue
    find_group "$addr"
    if [[ $STATE == unreadable ]]; then
      answer unreadable
      continue
    fi
    [[ -n $GROUP ]] || continue
    path=/dev/vfio/$GROUP
    look "$path"
    if [[ $STATE == missing ]]; then
      answer no-node
    elif [[ $STATE == there ]] && read -r mode owner group < <(stat -L -c '%a %u %g' -- "$ROOT$path" 2>/dev/null); then
      if may_open "$((8#$mode))" "$owner" "$group"; then
        answer usable
      else
        answer closed
      fi
    else
      answer unreadable
    fi
  done
  if ((${#STATUSES[@]} == 0)); then
    answer none-bound
  fi
}

# may_open MODE OWNER GROUP: say whether a virtual machine may open a file.
may_open() {
  (($1 & 8#2 && $1 & 8#4)) ||
    { (($1 & 8#200 && $1 & 8#400)) && named /etc/passwd "$2" "${MACHINE_USERS[@]}"; } ||
    { (($1 & 8#020 && $1 & 8#040)) && named /etc/group "$3" "${MACHINE_GROUPS[@]}"; }
}

# named PATH NUMBER NAME...: say whether a number is that of one of some users or groups.
named() {
  local path=$1 wanted=$2 name number
  shift 2
  read_file "$path"
  while IFS=: read -r name _ number _; do
    [[ $number == "$wanted" ]] && among "$name" "$@" && return 0
  done <<<"$TEXT"
  return 1
}
