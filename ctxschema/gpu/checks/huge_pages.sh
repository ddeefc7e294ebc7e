check_huge_pages() {
  local path=/sys/kernel/mm/hugepages name names size total free found='' number='^[0-9]{1,12}$'
  list "$path"
  if [[ $STATE == unreadable ]]; then
    answer unreadable
    return
  fi
  names=("${NAMES[@]}")
  for name in "${names[@]}"; do
    [[ $name =~ ^hugepages-([0-9]{1,12})kB$ ]] || continue
    size=${BASH_REMATCH[1]}
    read_file "$path/$name/nr_hugepages"
    total=$TEXT
    read_file "$path/$name/free_hugepages"
    free=$TEXT
    if [[ ! $total =~ $number || ! $free =~ $number ]] || ((10#$total == 0)); then
      continue
    fi
    found=yes
    if ((10#$free > 0)); then
      answer free
    else
      answer used-up
    fi
  done
  if [[ -z $found ]]; then
    answer none
  fi
}
