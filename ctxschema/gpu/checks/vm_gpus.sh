check_vm_gpus() {
  local number addr id path
  find_gpus
  for number in "${!GPUS[@]}"; do
    addr=${GPUS[number]} id=${GPU_IDS[number]}
    answer found
  done
  for path in "${UNREADABLE[@]}"; do
    answer unreadable
  done
  if ((${#GPUS[@]} + ${#UNREADABLE[@]} > 0)); then
    return
  fi
  look "$DEVICES"
  if [[ $STATE == missing ]]; then
    answer no-bus
  else
    answer none
  fi
}
