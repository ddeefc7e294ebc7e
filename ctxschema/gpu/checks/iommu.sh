check_iommu() {
  local units='' path='' parameter
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
  find_reason
  parameter=$PARAMETER
  case $REASON in
    no-table)
      answer no-table
      ;;
    switched-off)
      answer switched-off
      ;;
    intel-unused)
      answer intel-unused
      ;;
    amd-unused)
      answer amd-unused
      ;;
    *)
      answer off
      ;;
  esac
}
