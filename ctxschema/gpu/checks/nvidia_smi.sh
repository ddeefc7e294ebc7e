check_nvidia_smi() {
  local row index name memory number='^[0-9]+$' count expected=${#GPUS[@]} code said seconds
  # Started without a driver, nvidia-smi would leave a device node behind.
  if [[ $DRIVER != there ]]; then
    answer no-driver
    return
  fi
  ask_smi
  count=${#ROWS[@]}
  for row in "${ROWS[@]}"; do
    index=$(cell "$row" index) name=$(cell "$row" name) memory=$(cell "$row" memory.total)
    if [[ $memory =~ $number ]]; then
      memory+=' MiB'
    else
      memory='an unknown amount of memory'
    fi
    answer named
  done
  if ((count > 0)); then
    if ((count < expected)); then
      answer fewer
    fi
    return
  fi
  code=$CODE said=$SAID seconds=$LIMIT
  case $code in
    missing)
      answer not-found
      return
      ;;
    timeout)
      answer timeout
      return
      ;;
  esac
  if [[ $said == *'version mismatch'* ]]; then
    answer mismatch
    return
  fi
  case $code in
    0 | 6)
      answer no-devices
      ;;
    9)
      answer refused
      ;;
    12)
      answer no-library
      ;;
    *)
      answer failed
      ;;
  esac
}
