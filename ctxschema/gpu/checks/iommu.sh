check_iommu() {
  local units='' path='' parameter name value tables state
  list /sys/class/iommu
  if [[ $STATE == unreadable ]]; then
    path=/sys/class/iommu
  else
    units=$(joined ', ' "${NAMES[@]}")
  fi
  count_groups
  [[ $STATE == unreadable ]] && path=$GROUPS_FOLDER
  if [[ -n $units ]]; then
    answer on
    return
  elif ((TOTAL > MADE_UP)); then
    answer on-by-groups
    return
  elif [[ -n $path ]]; then
    answer unreadable
    return
  fi
  # There is none; what it was asked for only explains why not.
  list /sys/firmware/acpi/tables
  state=$STATE tables=" ${NAMES[*]} "
  if [[ $state == there && ! $tables =~ \ (DMAR|IVRS|IORT)\  ]]; then
    answer no-table
    return
  fi
  read_file /proc/cmdline
  for parameter in $TEXT; do
    name=${parameter%%=*} value=,${parameter#*=},
    if among "$name" intel_iommu amd_iommu iommu && [[ $value == *,off,* ]]; then
      answer switched-off
      return
    fi
  done
  if [[ $tables == *' DMAR '* ]]; then
    answer intel-unused
  elif [[ $tables == *' IVRS '* ]]; then
    answer amd-unused
  else
    answer off
  fi
}
