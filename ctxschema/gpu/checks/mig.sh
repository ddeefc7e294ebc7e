check_mig() {
  local row index='' cut=() heading='^GPU ([0-9]+):' line count
  rows
  for row in "${ROWS[@]}"; do
    [[ $(cell "$row" mig.mode.current) == Enabled ]] && cut+=("$row")
  done
  if ((${#ROWS[@]} == 0)); then
    answer no-rows
    return
  elif ((${#cut[@]} == 0)); then
    answer off
    return
  fi
  limited "$SMI_SECONDS" nvidia-smi -L
  if [[ $CODE != 0 ]]; then
    answer untold
    return
  fi
  local -A instances=()
  for line in "${PRINTED[@]}"; do
    if [[ $line =~ $heading ]]; then
      index=${BASH_REMATCH[1]}
    elif [[ $line == 'MIG '* ]]; then
      instances[.$index]=$((${instances[.$index]-0} + 1))
    fi
  done
  for row in "${cut[@]}"; do
    index=$(cell "$row" index)
    count=${instances[.$index]-0}
    if ((count > 0)); then
      answer cut
    else
      answer uncut
    fi
  done
}
