check_fabric() {
  local number addr state status members=''
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
    addr=${DETAIL_ADDRS[number]} state=${FABRIC_STATES[number]} status=${FABRIC_STATUSES[number]}
    among "$state" '' N/A 'Not Supported' && continue
    members=yes
    ask_cuda_library
    if [[ $state == Completed && $status == Success ]]; then
      answer joined
    elif [[ $state == Completed ]]; then
      answer failed
    elif [[ $CUDA_CODE == 0 ]]; then
      answer unneeded
    else
      answer waiting
    fi
  done
  if [[ -z $members ]]; then
    answer none
  fi
}
