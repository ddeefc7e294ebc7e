check_nouveau() {
  local addr path held=()
  for addr in "${GPUS[@]}"; do
    path=$DEVICES/$addr/driver
    read_link "$path"
    if [[ $STATE == unreadable ]]; then
      answer unreadable
      return
    elif [[ $TARGET == nouveau ]]; then
      held+=("$addr")
    fi
  done
  for addr in "${held[@]}"; do
    answer holds
  done
  if ((${#GPUS[@]} == 0)); then
    answer no-gpu
  elif ((${#held[@]} == 0)); then
    answer clear
  fi
}
