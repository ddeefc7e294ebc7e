# ---- IOMMU groups ----

GROUPS_FOLDER=/sys/kernel/iommu_groups

# count_groups: TOTAL and MADE_UP become how many groups there are, and how many of them VFIO made up; STATE as for look.
count_groups() {
  local name state
  TOTAL=0 MADE_UP=0
  list "$GROUPS_FOLDER"
  state=$STATE
  for name in "${NAMES[@]}"; do
    TOTAL=$((TOTAL + 1))
    read_file "$GROUPS_FOLDER/$name/name"
    if [[ $TEXT == vfio-noiommu ]]; then
      MADE_UP=$((MADE_UP + 1))
    fi
  done
  STATE=$state
}

# find_group ADDRESS: GROUP becomes the group of a function, or nothing. Where it cannot be told, STATE is unreadable and
# path says what cannot be read.
find_group() {
  local name names
  GROUP=
  path=$DEVICES/$1/iommu_group
  read_link "$path"
  if [[ $STATE != missing ]]; then
    GROUP=$TARGET
    return
  fi
  path=$GROUPS_FOLDER
  list "$path"
  [[ $STATE == unreadable ]] && return
  names=("${NAMES[@]}")
  for name in "${names[@]}"; do
    path=$GROUPS_FOLDER/$name/devices/$1
    look "$path"
    [[ $STATE == unreadable ]] && return
    if [[ $STATE == there ]]; then
      GROUP=$name
      return
    fi
  done
}
