check_iommu_groups() {
  local count path=$GROUPS_FOLDER
  count_groups
  count=$((TOTAL - MADE_UP))
  if [[ $STATE == unreadable ]]; then
    answer unreadable
  elif ((count > 0)); then
    answer groups
  elif ((MADE_UP > 0)); then
    answer unsafe
  elif lacks_firmware; then
    answer none
  else
    answer unused
  fi
}
