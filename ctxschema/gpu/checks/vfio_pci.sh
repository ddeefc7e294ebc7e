check_vfio_pci() {
  local driver path release module='(^|/)vfio[-_]pci\.ko'
  for driver in "${VFIO_DRIVERS[@]}"; do
    path=/sys/bus/pci/drivers/$driver
    look "$path"
    if [[ $STATE == there ]]; then
      answer registered
      return
    elif [[ $STATE == unreadable ]]; then
      answer unreadable
      return
    fi
  done
  read_file /proc/sys/kernel/osrelease
  release=${TEXT:-unknown}
  path=/sys/module/vfio_pci
  look "$path"
  if [[ $STATE == there ]]; then
    answer loaded
    return
  elif [[ $STATE == unreadable ]]; then
    answer unreadable
    return
  fi
  if holds "/lib/modules/$release/modules.builtin" "$module"; then
    answer built-in
    return
  fi
  holds "/lib/modules/$release/modules.dep" "$module"
  if (($? == 1)); then
    answer not-there
  else
    answer not-loaded
  fi
}
