# ---- the GPUs and NVSwitches on the PCI bus ----

DEVICES=/sys/bus/pci/devices
GPUS=() GPU_IDS=() GPU_CLASSES=() SWITCHES=() UNREADABLE=()

# find_gpus: GPUS becomes the NVIDIA display and 3D controllers, SWITCHES the NVSwitches; virtual functions are no GPUs of
# their own.
find_gpus() {
  local addr kind file address='^[0-9a-f]{4,8}:[0-9a-f]{2}:[0-9a-f]{2}\.[0-7]$'
  list "$DEVICES"
  [[ $STATE == unreadable ]] && UNREADABLE+=("$DEVICES")
  for addr in "${NAMES[@]}"; do
    [[ $addr =~ $address ]] || continue
    file=$DEVICES/$addr/vendor
    number "$file"
    if [[ $STATE != unreadable ]]; then
      [[ $NUMBER == "$VENDOR" ]] || continue
      file=$DEVICES/$addr/class
      number "$file"
    fi
    kind=${NUMBER:0:4}
    if [[ $STATE != unreadable && $kind == "$SWITCH_CLASS" ]]; then
      SWITCHES+=("$addr")
      continue
    elif [[ $STATE != unreadable ]]; then
      among "$kind" "${DISPLAY_CLASSES[@]}" || continue
      file=$DEVICES/$addr/physfn
      look "$file"
      [[ $STATE == there ]] && continue
    fi
    if [[ $STATE != unreadable ]]; then
      file=$DEVICES/$addr/device
      number "$file"
    fi
    if [[ $STATE == unreadable ]]; then
      UNREADABLE+=("$file")
    else
      GPUS+=("$addr")
      GPU_IDS+=("$VENDOR:$NUMBER")
      GPU_CLASSES+=("$kind")
    fi
  done
}

# number PATH: NUMBER becomes the hexadecimal number in a file, without 0x; STATE as for look.
number() {
  read_file "$1"
  NUMBER=${TEXT,,}
  NUMBER=${NUMBER#0x}
}

