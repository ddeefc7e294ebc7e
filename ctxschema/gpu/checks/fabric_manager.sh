check_fabric_manager() {
  local count version='' driver=$VERSION said line told='version is *: *([0-9]+(\.[0-9]+)+)'
  count=${#SWITCHES[@]}
  if ((count == 0)); then
    answer no-switch
    return
  elif [[ $DRIVER != there ]]; then
    answer no-driver
    return
  fi
  limited "$DOCKER_SECONDS" "$FABRIC_MANAGER" --version
  said=$SAID
  for line in "${PRINTED[@]}"; do
    if [[ -z $version && $line =~ $told ]]; then
      version=${BASH_REMATCH[1]}
    fi
  done
  find_process "$FABRIC_MANAGER"
  if [[ $CODE == missing ]]; then
    answer not-installed
  elif [[ -z $version ]]; then
    answer untold
  elif [[ $version != "$driver" ]]; then
    answer mismatch
  elif [[ -n $PROCESS ]]; then
    answer runs
  else
    answer not-running
  fi
}
