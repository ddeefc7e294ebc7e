check_secure_boot() {
  local path=$SECURE_BOOT_FILE
  read_file "$path"
  if [[ $STATE == unreadable ]]; then
    answer unreadable
  elif [[ $TEXT != *$'\1' ]]; then
    answer off
  elif [[ $DRIVER == unreadable ]]; then
    path=$DRIVER_PATH
    answer unreadable
  elif [[ $DRIVER == there ]]; then
    answer signed
  elif [[ -n $INSTALLED ]]; then
    answer refuses
  else
    answer ahead
  fi
}
