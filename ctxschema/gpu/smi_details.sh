# ---- the long report of nvidia-smi ----

# ask_details: DETAILS becomes yes if nvidia-smi gives its long report, else nothing. For each GPU of it DETAIL_ADDRS
# becomes its address, FABRIC_STATES and FABRIC_STATUSES how far it has joined its NVLink fabric, LICENCES the state of
# its vGPU licence. Asked once.
ask_details() {
  local line section='' heading='^GPU ([0-9A-Fa-f]+:[0-9A-Fa-f:.]+)$' last=-1
  [[ -v DETAILS ]] && return
  DETAILS='' DETAIL_ADDRS=() FABRIC_STATES=() FABRIC_STATUSES=() LICENCES=()
  limited "$SMI_SECONDS" nvidia-smi -q
  [[ $CODE == 0 ]] || return
  DETAILS=yes
  for line in "${PRINTED[@]}"; do
    if [[ $line =~ $heading ]]; then
      last=$((last + 1))
      DETAIL_ADDRS+=("${BASH_REMATCH[1]}") FABRIC_STATES+=('') FABRIC_STATUSES+=('') LICENCES+=('')
    fi
    if [[ $line != *' : '* ]]; then
      section=$line
    elif ((last < 0)); then
      continue
    elif [[ $line == 'License Status : '* ]]; then
      LICENCES[last]=${line#'License Status : '}
    elif [[ $section == Fabric && $line == 'State : '* ]]; then
      FABRIC_STATES[last]=${line#'State : '}
    elif [[ $section == Fabric && $line == 'Status : '* ]]; then
      FABRIC_STATUSES[last]=${line#'Status : '}
    fi
  done
}
