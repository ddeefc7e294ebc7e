check_gpu_binding() {
  local addr driver override path
  if ((${#GPUS[@]} == 0)); then
    answer no-gpu
  fi
  for addr in "${GPUS[@]}"; do
    path=$DEVICES/$addr/driver
    read_link "$path"
    driver=$TARGET
    if [[ -n $driver ]] && ! among "$driver" "${VFIO_DRIVERS[@]}"; then
      path=$DEVICES/$addr/virtfn0
      look "$path"
      if [[ $STATE == there ]]; then
        answer virtual-functions
        continue
      fi
    fi
    if [[ $STATE == unreadable ]]; then
      answer unreadable
      continue
    fi
    read_file "$DEVICES/$addr/driver_override"
    override=$TEXT
    if among "$driver" "${VFIO_DRIVERS[@]}"; then
      answer bound
    elif [[ -z $driver ]]; then
      answer no-driver
    elif among "$override" "${VFIO_DRIVERS[@]}"; then
      answer pending
    else
      answer other-driver
    fi
  done
}
