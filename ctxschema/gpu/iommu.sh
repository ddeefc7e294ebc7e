# ---- why there is no IOMMU ----

# find_table: TABLE becomes the ACPI table by which the firmware describes an IOMMU, or nothing; STATE as for look.
find_table() {
  local table
  TABLE=
  list /sys/firmware/acpi/tables
  for table in DMAR IVRS IORT; do
    if [[ -z $TABLE ]] && among "$table" "${NAMES[@]}"; then
      TABLE=$table
    fi
  done
}

# find_reason: REASON becomes the name of the answer of the check iommu, PARAMETER what switches it off, if it is that.
find_reason() {
  local name value word state
  find_table
  state=$STATE REASON=off PARAMETER=
  if [[ $state == there && -z $TABLE ]]; then
    REASON=no-table
    return
  fi
  read_file /proc/cmdline
  for word in $TEXT; do
    name=${word%%=*} value=,${word#*=},
    if among "$name" intel_iommu amd_iommu iommu && [[ $value == *,off,* ]]; then
      REASON=switched-off PARAMETER=$word
      return
    fi
  done
  case $TABLE in
    DMAR) REASON=intel-unused ;;
    IVRS) REASON=amd-unused ;;
  esac
}

# lacks_firmware: say whether the firmware is what has to be changed; else the kernel is.
lacks_firmware() {
  find_reason
  among "$REASON" no-table off
}
