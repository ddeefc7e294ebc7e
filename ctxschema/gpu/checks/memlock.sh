check_memlock() {
  local user='' limit='' number
  find_process "${LIBVIRT[@]}"
  number=$PROCESS
  if [[ -z $number ]]; then
    answer none
    return
  fi
  read_file "/proc/$number/status"
  if [[ $TEXT =~ (^|$'\n')Uid:[[:space:]]+[0-9]+[[:space:]]+([0-9]+)[[:space:]] ]]; then
    user=${BASH_REMATCH[2]}
  fi
  read_file "/proc/$number/limits"
  if [[ $TEXT =~ (^|$'\n')'Max locked memory '\ *[a-z0-9]+\ +([a-z0-9]+)\  ]]; then
    limit=${BASH_REMATCH[2]}
  fi
  if [[ $user == 0 ]]; then
    answer root
  elif [[ $limit == unlimited ]]; then
    answer unlimited
  elif [[ -n $user && -n $limit ]]; then
    answer limited
  else
    answer untold
  fi
}
