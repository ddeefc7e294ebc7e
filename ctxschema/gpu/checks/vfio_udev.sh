check_vfio_udev() {
  local folder name path unreadable='' seen=() names
  for folder in "${RULE_FOLDERS[@]}"; do
    list "$folder"
    if [[ $STATE == unreadable ]]; then
      unreadable=${unreadable:-$folder}
      continue
    fi
    names=("${NAMES[@]}")
    for name in "${names[@]}"; do
      if [[ $name != *.rules ]] || among "$name" "${seen[@]}"; then
        continue
      fi
      seen+=("$name")
      path=$folder/$name
      read_file "$path"
      if [[ $STATE == unreadable ]]; then
        unreadable=${unreadable:-$path}
      elif rules_give_away; then
        answer granted
        return
      fi
    done
  done
  path=$unreadable
  if [[ -n $path ]]; then
    answer unreadable
  else
    answer missing
  fi
}

# rules_give_away: say whether a rule in TEXT lets others than root open the VFIO devices.
rules_give_away() {
  local line rule=''
  while IFS= read -r line; do
    [[ $line =~ ^[[:blank:]]*'#' ]] && continue
    rule+=$line
    if [[ $rule == *\\ ]]; then
      rule=${rule%\\}
      continue
    fi
    rule_gives_away "$rule" && return 0
    rule=
  done <<<"$TEXT"
  rule_gives_away "$rule"
}

# rule_gives_away RULE: say so of one rule; GROUP alone makes the mode 0660.
rule_gives_away() {
  local start='(^|[[:blank:],])' assigned='[[:blank:]]*:?=[[:blank:]]*"([^"]+)"' mode owner='' group=''
  [[ $1 =~ ${start}SUBSYSTEM[[:blank:]]*==[[:blank:]]*\"vfio\" ]] || return 1
  [[ $1 =~ ${start}OWNER$assigned ]] && owner=yes
  [[ $1 =~ ${start}GROUP$assigned ]] && group=yes
  if [[ ! $1 =~ ${start}MODE$assigned ]]; then
    [[ -n $owner$group ]]
    return
  fi
  mode=${BASH_REMATCH[2]}
  [[ $mode =~ ^0?[0-7]?[0-7][0-7][0-7]$ ]] || return 1
  [[ $mode == *[67] || (-n $owner && $mode == *[67]??) || (-n $group && $mode == *[67]?) ]]
}
