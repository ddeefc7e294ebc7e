check_gpu_groups() {
  local addr path
  if ((${#GPUS[@]} == 0)); then
    answer no-gpu
  fi
  for addr in "${GPUS[@]}"; do
    find_group "$addr"
    if [[ $STATE == unreadable ]]; then
      answer unreadable
    else
      judge_group "$GROUP"
    fi
  done
}

# judge_group GROUP: VFIO wants nothing in a group but bridges to be held by another driver.
judge_group() {
  local group=$1 name member driver members='' offenders=() drivers=() number kind
  if [[ -z $group ]]; then
    count_groups
    if ((TOTAL == MADE_UP)) && lacks_firmware; then
      answer no-group
    else
      answer left-out
    fi
    return
  fi
  path=$GROUPS_FOLDER/$group/devices
  list "$path"
  if [[ $STATE == unreadable ]]; then
    answer unreadable
    return
  fi
  for name in "${NAMES[@]}"; do
    among "$name" "${GPUS[@]}" && continue
    read_file "$DEVICES/$name/class"
    [[ $TEXT == 0x06* ]] && continue
    members+=${members:+, }$name
    path=$DEVICES/$name/driver
    read_link "$path"
    if [[ $STATE == unreadable ]]; then
      answer unreadable
      return
    fi
    if [[ -n $TARGET ]] && ! among "$TARGET" "${HARMLESS_DRIVERS[@]}"; then
      offenders+=("$name")
      drivers+=("$TARGET")
    fi
  done
  for number in "${!offenders[@]}"; do
    member=${offenders[number]} driver=${drivers[number]}
    if [[ ${member%.*} == "${addr%.*}" ]]; then
      answer held
      continue
    fi
    read_file "$DEVICES/$member/class"
    case $TEXT in
      0x01*) kind='a disk controller' ;;
      0x02*) kind='a network card' ;;
      0x03*) kind='a display controller' ;;
      0x0c03*) kind='a USB controller' ;;
      *) kind='a device' ;;
    esac
    answer stranger
  done
  if [[ -z $members ]]; then
    answer alone
  elif ((${#offenders[@]} == 0)); then
    answer together
  fi
}
