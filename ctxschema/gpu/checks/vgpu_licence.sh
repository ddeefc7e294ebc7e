check_vgpu_licence() {
  local number addr licence found=''
  rows
  if ((${#ROWS[@]} == 0)); then
    answer no-rows
    return
  fi
  ask_details
  if [[ -z $DETAILS ]]; then
    answer untold
    return
  fi
  for number in "${!DETAIL_ADDRS[@]}"; do
    addr=${DETAIL_ADDRS[number]} licence=${LICENCES[number]}
    among "$licence" '' N/A && continue
    found=yes
    if [[ $licence == Licensed* ]]; then
      answer licensed
    elif [[ $licence == *Unrestricted* ]]; then
      answer grace
    else
      answer restricted
    fi
  done
  if [[ -z $found ]]; then
    answer none
  fi
}
