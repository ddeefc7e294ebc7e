check_opennebula_pci() {
  local path=$NODE_FILE node differs=''
  read_file "$path"
  node=$TEXT
  case $STATE in
    there)
      read_file "$FRONT_END_FILE"
      [[ $STATE == there && $TEXT != "$node" ]] && differs=yes
      judge_conf "$node"
      if [[ -n $differs ]]; then
        answer not-synced
      fi
      ;;
    unreadable)
      answer unreadable
      ;;
    missing)
      path=$FRONT_END_FILE
      read_file "$path"
      case $STATE in
        there) judge_conf "$TEXT" ;;
        unreadable)
          answer unreadable
          ;;
        missing)
          answer not-here
          ;;
      esac
      ;;
  esac
}

# judge_conf TEXT: judge a pci.conf as OpenNebula's probe, pci.rb, reads it.
judge_conf() {
  local value number what short addr filter state entries=() listed=() patterns='' refused=''
  setting "$1" filter
  state=$STATE filter=$(joined , "${ITEMS[@]}")
  if [[ $STATE == invalid ]]; then
    answer invalid
    return
  elif [[ $STATE == null ]]; then
    filter=null entries=('*:*')
  else
    IFS=, read -r -a entries <<<"$filter"
  fi
  setting "$1" short_address
  listed=("${ITEMS[@]}")
  if [[ $STATE != invalid ]]; then
    setting "$1" device_name
    patterns=$(joined , "${ITEMS[@]}")
  fi
  if [[ $STATE == invalid ]]; then
    answer invalid
    return
  elif [[ $state == missing ]]; then
    answer no-filter
    return
  fi
  if ((${#GPUS[@]} == 0)) && ! admits "$VENDOR" '' '' "${entries[@]}"; then
    what="vendor $VENDOR" refused=yes
    answer refused
  fi
  for number in "${!GPUS[@]}"; do
    addr=${GPUS[number]}
    what="GPU $addr (${GPU_IDS[number]})" short=${addr#0000:}
    if ! admits "$VENDOR" "${GPU_IDS[number]#*:}" "${GPU_CLASSES[number]}" "${entries[@]}"; then
      refused=yes
      answer refused
    elif ((${#listed[@]} > 0)) && ! among "$addr" "${listed[@]}" && ! among "$short" "${listed[@]}"; then
      refused=yes
      answer not-listed
    fi
  done
  if [[ -n $refused ]]; then
    return
  elif ((${#ITEMS[@]} > 0)); then
    answer by-name
  else
    answer admitted
  fi
}

# admits VENDOR DEVICE CLASS ENTRY...: say whether an entry of the filter lets a card through, as lspci -d reads it.
admits() {
  local vendor=$1 device=$2 class=$3 entry part='(\*|[0-9a-fA-F]{0,4})'
  shift 3
  for entry in "$@"; do
    trim entry
    [[ $entry =~ ^$part:$part(:$part)?$ ]] || continue
    fits "${BASH_REMATCH[1]}" "$vendor" && fits "${BASH_REMATCH[2]}" "$device" && fits "${BASH_REMATCH[4]}" "$class" &&
      return 0
  done
  return 1
}

# fits WANTED NUMBER: say whether a part of an entry fits a hexadecimal number; nothing and * fit all.
fits() {
  [[ -z $1 || $1 == '*' || (-n $2 && $((16#$1)) -eq $((16#$2))) ]]
}

# setting TEXT NAME: a key of pci.conf in the part of YAML that it is written in. STATE becomes missing, null, there, or
# invalid, where value is what OpenNebula's probe stumbles over; ITEMS its texts.
setting() {
  local line inside='' items=() key="^:$2:([[:blank:]]+(.*))?$" flow='^\[(.*)][[:blank:]]*(#.*)?$'
  local rest part parts
  STATE=missing ITEMS=()
  while IFS= read -r line; do
    line=${line%"${line##*[![:blank:]]}"}
    if [[ $line =~ $key ]]; then
      rest=${BASH_REMATCH[2]} inside=yes STATE=null items=() parts=()
      if [[ $rest =~ $flow ]]; then
        STATE=there
        IFS=, read -r -a parts <<<"${BASH_REMATCH[1]}"
      else
        parts=("$rest")
      fi
    elif [[ -n $inside && $line =~ ^[[:blank:]]*-[[:blank:]]+(.*)$ ]]; then
      parts=("${BASH_REMATCH[1]}") STATE=there
    elif [[ $line =~ ^[[:blank:]]*('#'.*)?$ ]]; then
      continue
    else
      inside=
      continue
    fi
    for part in "${parts[@]}"; do
      trim part
      if ! scalar "$part"; then
        STATE=invalid
        return
      elif [[ -n $SCALAR ]]; then
        STATE=there
        items+=("${SCALAR:1}")
      fi
    done
  done <<<"$1"
  ITEMS=("${items[@]}")
}

# scalar TEXT: SCALAR becomes = and the text that YAML reads, or nothing for null; 1 with it in value if it is no text.
scalar() {
  local single="^'([^']*)'[[:blank:]]*(#.*)?$" double='^"([^"]*)"[[:blank:]]*(#.*)?$' number='^[0-9]+(:[0-9]+)*$'
  SCALAR=
  if [[ $1 =~ $single || $1 =~ $double ]]; then
    SCALAR="=${BASH_REMATCH[1]}"
    return
  fi
  value=${1%%[[:blank:]]#*}
  trim value
  [[ $value == '#'* ]] && value=
  case $value in
    '' | '~' | null) return 0 ;;
    [*\&!\|\>%@\`{}\"\',?[]* | ]* | *: | *': '*) return 1 ;;
  esac
  [[ ! $value =~ $number ]] || return 1
  SCALAR="=$value"
}
