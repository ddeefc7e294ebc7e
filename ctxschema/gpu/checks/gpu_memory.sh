check_gpu_memory() {
  local addr
  if ((${#GPUS[@]} == 0)); then
    answer no-gpu
  fi
  for addr in "${GPUS[@]}"; do
    judge_windows
  done
}

# judge_windows: judge the windows to the memory of the GPU addr, as its BARs have them.
judge_windows() {
  local path=$DEVICES/$addr/resource line lines bar=-1 start end flags bytes size largest=0 sizes unplaced=''
  local hex='0x([0-9a-f]{1,16})' biggest=0 biggest_start=0 biggest_bar=''
  read_file "$path"
  if [[ $STATE == unreadable ]]; then
    answer unreadable
    return
  fi
  mapfile -t -n 6 lines <<<"$TEXT"
  for line in "${lines[@]}"; do
    bar=$((bar + 1))
    [[ $line =~ ^$hex\ $hex\ $hex$ ]] || continue
    start=$((16#${BASH_REMATCH[1]})) end=$((16#${BASH_REMATCH[2]})) flags=$((16#${BASH_REMATCH[3]}))
    ((flags & 16#200 && end >= start)) || continue
    bytes=$((end - start + 1))
    if ((start == 0 || flags & 16#20000000)); then
      unplaced=yes size=$(in_words "$bytes")
      answer unplaced
    fi
    if [[ -z $biggest_bar ]] || ((bytes > biggest)); then
      biggest=$bytes biggest_start=$start biggest_bar=$bar
    fi
  done
  if [[ -z $biggest_bar ]]; then
    answer untold
    return
  elif [[ -n $unplaced ]]; then
    return
  fi
  size=$(in_words "$biggest")
  read_file "$DEVICES/$addr/resource${biggest_bar}_resize"
  sizes=${TEXT##+(0)}
  if [[ $sizes =~ ^[0-9a-f]{1,15}$ ]]; then
    sizes=$((16#$sizes)) largest=$((1 << 19))
    while ((sizes > 0)); do
      sizes=$((sizes >> 1)) largest=$((largest << 1))
    done
  fi
  if ((largest > biggest)); then
    largest=$(in_words "$largest")
    answer resizable
  elif ((biggest_start >= 1 << 32)); then
    answer above
  else
    answer below
  fi
}

# in_words BYTES: print a size in the largest unit of which it has one.
in_words() {
  if (($1 >> 30)); then
    printf '%d GiB' "$(($1 >> 30))"
  elif (($1 >> 20)); then
    printf '%d MiB' "$(($1 >> 20))"
  else
    printf '%d KiB' "$(($1 >> 10))"
  fi
}
