check_kernel_driver() {
  local path version release other
  find_driver
  path=$DRIVER_PATH version=$VERSION release=$RELEASE other=$OTHER
  if [[ $DRIVER == there ]]; then
    answer loaded
  elif [[ $DRIVER == unreadable ]]; then
    answer unreadable
  elif [[ -n $INSTALLED ]]; then
    answer not-started
  elif [[ -n $other ]]; then
    answer other-kernel
  else
    answer not-installed
  fi
}
