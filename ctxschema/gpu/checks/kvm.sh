check_kvm() {
  local path=/dev/kvm flag module flags='^flags[[:blank:]]*:'
  look "$path"
  if [[ $STATE == there ]]; then
    answer ready
    return
  elif [[ $STATE == unreadable ]]; then
    answer unreadable
    return
  fi
  for flag in vmx svm; do
    module=kvm_intel
    [[ $flag == svm ]] && module=kvm_amd
    if holds /proc/cpuinfo "$flags.* $flag( |\$)"; then
      answer no-device
      return
    fi
  done
  if holds /proc/cpuinfo "$flags"; then
    answer no-flag
  else
    answer untold
  fi
}
