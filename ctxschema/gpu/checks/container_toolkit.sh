check_container_toolkit() {
  local version=$ENGINE path specification
  if [[ -z $ENGINE ]]; then
    answer no-engine
    return
  fi
  find_route
  path=${HOOK:-$CDI} specification=$SPECIFICATION
  if [[ $ROUTE == hook ]]; then
    answer hook
  elif [[ $ROUTE == cdi ]]; then
    answer cdi
  elif [[ -n $CDI && -z $SPECIFICATION ]] && has_release "${CDI_FIRST[@]}"; then
    answer no-specification
  elif [[ -z $SPECIFICATION ]]; then
    answer not-installed
  elif ! has_release "${CDI_FIRST[@]}"; then
    answer too-old
  elif [[ -n $CDI_ON ]]; then
    answer no-hook
  else
    answer switched-off
  fi
}
