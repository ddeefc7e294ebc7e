check_virtual_functions() {
  local addr found=''
  for addr in "${GPUS[@]}"; do
    judge_functions
  done
  if ((${#GPUS[@]} == 0)); then
    answer no-gpu
  elif [[ -z $found ]]; then
    answer none
  fi
}

# judge_functions: judge the virtual functions of the GPU addr; found becomes yes if there is something to say.
judge_functions() {
  local path=$DEVICES/$addr name links=() count driver drivers='' all=()
  list "$path"
  if [[ $STATE == unreadable ]]; then
    found=yes
    answer unreadable
    return
  fi
  for name in "${NAMES[@]}"; do
    [[ $name =~ ^virtfn[0-9]+$ ]] && links+=("$name")
  done
  count=${#links[@]}
  ((count > 0)) || return
  found=yes path=$DEVICES/$addr/driver
  read_link "$path"
  driver=$TARGET
  if [[ $STATE == unreadable ]]; then
    answer unreadable
    return
  fi
  for name in "${links[@]}"; do
    path=$DEVICES/$addr/$name
    read_link "$path"
    if [[ $STATE != unreadable ]]; then
      path=$DEVICES/$TARGET/driver
      read_link "$path"
    fi
    if [[ $STATE == unreadable ]]; then
      answer unreadable
      return
    elif [[ -n $TARGET ]] && ! among "$TARGET" "${all[@]}"; then
      all+=("$TARGET")
    fi
  done
  if among "$driver" "${VFIO_DRIVERS[@]}"; then
    answer in-the-way
  elif ((${#all[@]} > 0)); then
    drivers=$(printf '%s\n' "${all[@]}" | sort)
    drivers=${drivers//$'\n'/, }
    answer driven
  else
    answer idle
  fi
}
