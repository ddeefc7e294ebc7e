check_device_nodes() {
  local name path gpu='^nvidia[0-9]+$' all=() missing=() nodes
  if [[ $DRIVER != there ]]; then
    answer no-driver
    return
  fi
  path=/dev
  list "$path"
  if [[ $STATE == unreadable ]]; then
    answer unreadable
    return
  fi
  for name in "${NAMES[@]}"; do
    [[ $name =~ $gpu ]] && all+=("/dev/$name")
  done
  all=(/dev/nvidiactl /dev/nvidia-uvm "${all[@]-/dev/nvidia0}")
  for path in "${all[@]}"; do
    look "$path"
    case $STATE in
      missing) missing+=("$path") ;;
      unreadable)
        answer unreadable
        return
        ;;
    esac
  done
  for path in "${missing[@]}"; do
    answer missing
  done
  if ((${#missing[@]} == 0)); then
    nodes=$(joined ', ' "${all[@]}")
    answer there
  fi
}
