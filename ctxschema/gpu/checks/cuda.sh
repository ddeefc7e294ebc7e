check_cuda() {
  local version cuda
  rows
  if ((${#ROWS[@]} == 0)); then
    answer no-rows
    return
  fi
  ask_cuda
  version=$(cell "${ROWS[0]}" driver_version) cuda=$CUDA
  if [[ -n $cuda ]]; then
    answer known
  else
    answer unknown
  fi
}
