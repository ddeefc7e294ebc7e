check_cuda_init() {
  local count expected result code said seconds row cut=''
  rows
  expected=${#ROWS[@]}
  if ((expected == 0)); then
    answer no-rows
    return
  fi
  for row in "${ROWS[@]}"; do
    [[ $(cell "$row" mig.mode.current) == Enabled ]] && cut=yes
  done
  ask_cuda_library
  count=$CUDA_COUNT result=$CUDA_CODE code=$CODE seconds=$LIMIT
  if [[ $code == none ]]; then
    answer elsewhere
  elif [[ -z $result ]]; then
    said=$SAID
    if [[ $code == missing || $said == 'no ctypes' ]]; then
      answer no-python
    elif [[ $code == timeout ]]; then
      answer timeout
    elif [[ $said == 'no library: '* ]]; then
      said=${said#'no library: '}
      answer no-library
    else
      answer crashed
    fi
  else
    case $result in
      0)
        if ((count == 0)); then
          answer no-devices
        elif ((CUDA_CLOSED < count)); then
          answer initialises
        else
          answer prohibited
        fi
        ;;
      100)
        answer no-devices
        ;;
      304 | 999)
        answer unknown
        ;;
      802)
        answer not-ready
        ;;
      803)
        answer mismatch
        ;;
      804)
        answer compat
        ;;
      *)
        answer failed
        ;;
    esac
  fi
  # A GPU that is cut up counts as its instances, of which a process sees one.
  if [[ $result == 0 && -z $cut ]] && ((count > 0 && count < expected)); then
    answer fewer
  fi
}
