check_host_gpus() {
  local number addr id path
  find_gpus
  for number in "${!GPUS[@]}"; do
    addr=${GPUS[number]} id=${GPU_IDS[number]}
    answer found
  done
  for path in "${UNREADABLE[@]}"; do
    answer unreadable
  done
  if ((${#GPUS[@]} + ${#UNREADABLE[@]} == 0)); then
    answer none
  fi
}
