check_persistence() {
  local row index awake='' asleep=''
  rows
  for row in "${ROWS[@]}"; do
    index=$(cell "$row" index)
    case $(cell "$row" persistence_mode) in
      Enabled) awake=yes ;;
      Disabled)
        asleep=yes
        answer off
        ;;
    esac
  done
  if ((${#ROWS[@]} == 0)); then
    answer no-rows
  elif [[ -n $asleep ]]; then
    return
  elif [[ -n $awake ]]; then
    answer on
  else
    answer untold
  fi
}
