check_nvswitch() {
  local addr path gpus switches bound=0 bound_switches=0 shared=''
  gpus=${#GPUS[@]} switches=${#SWITCHES[@]}
  if ((switches == 0)); then
    answer none
    return
  fi
  for addr in "${GPUS[@]}" "${SWITCHES[@]}"; do
    path=$DEVICES/$addr/driver
    read_link "$path"
    if [[ $STATE == unreadable ]]; then
      answer unreadable
      return
    elif among "$TARGET" "${VFIO_DRIVERS[@]}"; then
      if among "$addr" "${GPUS[@]}"; then
        bound=$((bound + 1))
      else
        bound_switches=$((bound_switches + 1))
      fi
    fi
  done
  for path in "${FABRIC_FILES[@]}"; do
    holds "$path" '^[[:blank:]]*FABRIC_MODE[[:blank:]]*=[[:blank:]]*[12][[:blank:]]*$' && shared=yes
  done
  find_process "$FABRIC_MANAGER"
  if ((bound == 0)); then
    answer unbound
  elif ((bound == gpus && bound_switches == switches)); then
    answer together
  elif [[ -n $shared && -n $PROCESS ]] && ((bound_switches == 0)); then
    answer shared
  else
    answer apart
  fi
}
