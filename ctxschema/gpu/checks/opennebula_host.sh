check_opennebula_host() {
  local addr name names path attribute value listed found
  if [[ -z $ONEHOST ]]; then
    answer not-asked
    return
  elif [[ $ONEHOST != *'<HOST>'* ]]; then
    answer no-host
    return
  elif ((${#GPUS[@]} == 0)); then
    answer no-gpu
    return
  fi
  mapfile -t listed < <(one_values SHORT_ADDRESS)
  for addr in "${GPUS[@]}"; do
    names=("$addr" "${addr#0000:}") found=''
    list "$DEVICES/$addr"
    for name in "${NAMES[@]}"; do
      [[ $name == virtfn* ]] || continue
      path=$DEVICES/$addr/$name
      read_link "$path"
      if [[ $STATE == unreadable ]]; then
        names=("$addr" "${addr#0000:}")
        break
      fi
      names+=("${TARGET#0000:}")
    done
    for name in "${names[@]}"; do
      [[ -n $name ]] && among "$name" "${listed[@]}" && found=yes
    done
    if [[ -n $found ]]; then
      answer listed
      continue
    fi
    for attribute in "${ONE_ATTRIBUTES[@]}"; do
      value=$(one_values "$attribute" | grep -m 1 '[^[:space:]]' | tr -s '[:space:]' ' ')
      trim value
      [[ -n $value ]] && break
    done
    if [[ -n $value ]]; then
      answer narrowed
    else
      answer unlisted
    fi
  done
}

# one_values NAME: print what each element of a name holds in ONEHOST, a line each.
one_values() {
  local rest=$ONEHOST
  while [[ $rest == *"<$1>"* ]]; do
    rest=${rest#*"<$1>"}
    rest=${rest#'<![CDATA['}
    printf '%s\n' "${rest%%[]<]*}"
  done
}
