#!/usr/bin/env bash
# validate-host-gpu.sh: can this KVM host hand its NVIDIA GPUs to virtual machines?
#
# Run it as root on the KVM host, before virtual machines with GPUs are deployed. It changes nothing.
# It needs bash 4.4, coreutils, grep, sed and awk; --help tells its options.
#
# Made by `ctxschema generate gpu-script host` from the declaration of the checks; change that.

[ -n "${BASH_VERSION-}" ] || { echo "start this with bash, not sh" >&2; exit 2; }
((BASH_VERSINFO[0] * 100 + BASH_VERSINFO[1] >= 404)) || { echo "this needs bash 4.4 or newer" >&2; exit 2; }

# Whoever starts this may have set anything: bash -f, SHELLOPTS, BASHOPTS, what BASH_ENV names. What the checks rely on
# is set here. No set -e: a grep that finds nothing is an answer, and every check is made whatever the one before found.
set +aefkmCET -Bu +o posix -o pipefail
shopt -u failglob nocaseglob nocasematch xpg_echo
shopt -u localvar_inherit 2>/dev/null # bash 5 has it
shopt -s nullglob dotglob extglob
IFS=$' \t\n'
unset -v BASH_ENV CDPATH GLOBIGNORE GREP_COLORS GREP_OPTIONS POSIXLY_CORRECT TIMEFORMAT
unalias -a
trap - DEBUG ERR RETURN
mapfile -t NAMES < <(compgen -A function)
unset -f "${NAMES[@]}"
export LC_ALL=C

ROOT=${CTX_ROOT-}
ROOT=${ROOT%/}
JSON='' QUIET='' ID=''
REPORTS=()
declare -A COUNTS=([pass]=0 [fail]=0 [warn]=0 [skip]=0)

LAYER=host
VENDOR=10de
DISPLAY_CLASSES=(0300 0302)
VFIO_DRIVERS=(vfio-pci nvgrace_gpu_vfio_pci)
HARMLESS_DRIVERS=(vfio-pci nvgrace_gpu_vfio_pci pci-stub)
MACHINE_USERS=(oneadmin libvirt-qemu qemu)
MACHINE_GROUPS=(oneadmin libvirt-qemu qemu kvm)
RULE_FOLDERS=(/etc/udev/rules.d /run/udev/rules.d /usr/local/lib/udev/rules.d /usr/lib/udev/rules.d /lib/udev/rules.d)
NODE_FILE=/var/tmp/one/etc/im/kvm-probes.d/pci.conf
FRONT_END_FILE=/var/lib/one/remotes/etc/im/kvm-probes.d/pci.conf

# ---- reading the machine ----

# look PATH: STATE becomes there, missing, or unreadable where neither can be told.
look() {
  local folder=$ROOT$1
  STATE=there
  [[ -e $folder || -L $folder ]] && return
  while [[ -n $folder && ! -e $folder && ! -L $folder ]]; do
    folder=${folder%/*}
  done
  STATE=missing
  if [[ -d $folder && ! -x $folder ]]; then
    STATE=unreadable
  fi
}

# read_file PATH: TEXT becomes what a file holds, without blanks at the ends; STATE as for look.
read_file() {
  local file=$ROOT$1
  TEXT=
  # A named pipe would be waited for; a link to nowhere is how a file is switched off.
  if [[ (-f $file || $file -ef /dev/null) && -r $file ]] && TEXT=$(head -c 1048576 -- "$file" 2>/dev/null | tr -d '\0\r'); then
    STATE=there
    TEXT=$(trimmed "$TEXT")
    return
  fi
  TEXT=
  look "$1"
  if [[ $STATE == there ]]; then
    STATE=unreadable
  fi
}

# holds PATH PATTERN: 0 if a line of a file matches, 1 if none does, 2 if that cannot be told.
holds() {
  [[ -f $ROOT$1 && -r $ROOT$1 ]] || return 2
  grep -qE -e "$2" -- "$ROOT$1" 2>/dev/null
}

# list PATH: NAMES becomes the sorted names in a folder; STATE as for look.
list() {
  local folder=$ROOT$1
  NAMES=()
  if [[ -d $folder && -r $folder ]]; then
    STATE=there
    NAMES=("$folder"/*)
    NAMES=("${NAMES[@]##*/}")
    return
  fi
  look "$1"
  if [[ $STATE == there ]]; then
    STATE=unreadable
  fi
}

# read_link PATH: TARGET becomes the last name of what a link points to; STATE as for look.
read_link() {
  TARGET=
  look "$1"
  if [[ -L $ROOT$1 ]]; then
    TARGET=$(readlink -- "$ROOT$1")
    TARGET=${TARGET##*/}
  elif [[ $STATE == there ]]; then
    STATE=unreadable
  fi
}

# trimmed TEXT: print it without blanks at the ends.
trimmed() {
  local text=$1
  text=${text#"${text%%[![:space:]]*}"}
  printf '%s' "${text%"${text##*[![:space:]]}"}"
}

# among WORD ITEM...: say whether a word is one of some items.
among() {
  local word=$1 item
  shift
  for item in "$@"; do
    [[ $item == "$word" ]] && return 0
  done
  return 1
}

# joined SEPARATOR ITEM...: print items with a separator between them.
joined() {
  local separator=$1 text=${2-} item
  shift
  for item in "${@:2}"; do
    text+=$separator$item
  done
  printf '%s' "$text"
}

# ---- telling what was found ----

pass() { tell pass "$@"; }
fail() { tell fail "$@"; }
warn() { tell warn "$@"; }
skip() { tell skip "$@"; }

# tell STATUS ANSWER MESSAGE [FIX]: note one answer of the check that is being made.
tell() {
  local message=${3//+([^ -~])/?} fix=${4-}
  fix=${fix//+([^ -~])/?}
  STATUSES+=("$1")
  ANSWERS+=("$2")
  MESSAGES+=("$message")
  FIXES+=("$fix")
  [[ -n $JSON ]] && return
  if [[ -z $QUIET || $1 == fail || $1 == warn ]]; then
    printf '%s  %s: %s\n' "${1^^}" "$ID" "$message"
    if [[ -n $fix ]]; then
      printf '      FIX: %s\n' "$fix"
    fi
  fi
}

# check ID QUESTION FUNCTION: make one check; the worst of its answers counts.
check() {
  local status worst number messages=() fixes=() results=()
  ID=$1 STATUSES=() ANSWERS=() MESSAGES=() FIXES=()
  "$3"
  for worst in fail warn pass skip; do
    among "$worst" "${STATUSES[@]}" && break
  done
  COUNTS[$worst]=$((COUNTS[$worst] + 1))
  [[ -n $JSON ]] || return
  for number in "${!STATUSES[@]}"; do
    status=${STATUSES[number]}
    if [[ $status == "$worst" ]]; then
      messages+=("${MESSAGES[number]}")
      if [[ -n ${FIXES[number]} ]] && ! among "${FIXES[number]}" "${fixes[@]}"; then
        fixes+=("${FIXES[number]}")
      fi
    fi
    results+=("$(object answer "${ANSWERS[number]}" status "$status" message "${MESSAGES[number]}" fix "${FIXES[number]}")")
  done
  printf -v status '%s, "results": [%s]}' \
    "$(object id "$ID" question "$2" status "$worst" message "$(joined '; ' "${messages[@]}")" fix "$(joined '; ' "${fixes[@]}")" | sed 's/}$//')" \
    "$(joined ', ' "${results[@]}")"
  REPORTS+=("$status")
}

# object KEY VALUE...: print a JSON object of texts; an empty one is null.
object() {
  local text='' value
  while (($#)); do
    value=${2//\\/\\\\}
    value=\"${value//\"/\\\"}\"
    [[ $value == '""' ]] && value=null
    text+="${text:+, }\"$1\": $value"
    shift 2
  done
  printf '{%s}' "$text"
}

# misuse MESSAGE: end because of how the script was called.
misuse() {
  printf '%s: %s\nTry --help.\n' "${0##*/}" "$1" >&2
  exit 2
}

# ---- the GPUs on the PCI bus ----

DEVICES=/sys/bus/pci/devices
GPUS=() GPU_IDS=() GPU_CLASSES=() UNREADABLE=()

# find_gpus: the NVIDIA display and 3D controllers; virtual functions are no GPUs of their own.
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
    if [[ $STATE != unreadable ]]; then
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

# ---- the checks ----

# Does the kernel use an IOMMU? The kernel lists an IOMMU, or has put devices into groups; which parameters it was given does not count.
check_iommu() {
  local units='' path='' parameter name value tables state
  list /sys/class/iommu
  if [[ $STATE == unreadable ]]; then
    path=/sys/class/iommu
  else
    units=$(joined ', ' "${NAMES[@]}")
  fi
  count_groups
  [[ $STATE == unreadable ]] && path=$GROUPS_FOLDER
  if [[ -n $units ]]; then
    pass on "the kernel uses $units"
    return
  elif ((TOTAL > MADE_UP)); then
    pass on-by-groups "the kernel has put devices into IOMMU groups"
    return
  elif [[ -n $path ]]; then
    warn unreadable "$path cannot be read, so this cannot be told" \
      "run it again as root"
    return
  fi
  # There is none; what it was asked for only explains why not.
  list /sys/firmware/acpi/tables
  state=$STATE tables=" ${NAMES[*]} "
  if [[ $state == there && ! $tables =~ \ (DMAR|IVRS|IORT)\  ]]; then
    fail no-table "the kernel uses no IOMMU, and the firmware describes none" \
      "enable Intel VT-d or AMD IOMMU in BIOS"
    return
  fi
  read_file /proc/cmdline
  for parameter in $TEXT; do
    name=${parameter%%=*} value=,${parameter#*=},
    if among "$name" intel_iommu amd_iommu iommu && [[ $value == *,off,* ]]; then
      fail switched-off "the kernel uses no IOMMU: it was told $parameter" \
        "remove $parameter from GRUB_CMDLINE_LINUX in /etc/default/grub, run update-grub and restart the host"
      return
    fi
  done
  if [[ $tables == *' DMAR '* ]]; then
    fail intel-unused "the kernel uses no IOMMU, although the firmware describes one of Intel's" \
      "add intel_iommu=on iommu=pt to GRUB_CMDLINE_LINUX in /etc/default/grub, run update-grub and restart the host"
  elif [[ $tables == *' IVRS '* ]]; then
    fail amd-unused "the kernel uses no IOMMU, although the firmware describes one of AMD's" \
      "read what the kernel says (dmesg | grep AMD-Vi) and start one built with CONFIG_AMD_IOMMU; no parameter is needed"
  else
    fail off "the kernel uses no IOMMU" \
      "enable Intel VT-d or AMD IOMMU in BIOS"
  fi
}

# Has the kernel put devices into IOMMU groups? There is at least one; that the folder exists means nothing.
check_iommu_groups() {
  local count path=$GROUPS_FOLDER
  count_groups
  count=$((TOTAL - MADE_UP))
  if [[ $STATE == unreadable ]]; then
    warn unreadable "$path cannot be read, so this cannot be told" \
      "run it again as root"
  elif ((count > 0)); then
    pass groups "IOMMU groups: $count"
  elif ((MADE_UP > 0)); then
    fail unsafe "the only IOMMU groups are those that VFIO makes up where there is no IOMMU" \
      "enable Intel VT-d or AMD IOMMU in BIOS, and remove enable_unsafe_noiommu_mode from the options of vfio"
  else
    fail none "no IOMMU groups" \
      "enable Intel VT-d or AMD IOMMU in BIOS"
  fi
}

# Is the driver vfio-pci there? It is registered with the PCI bus, loaded, or built into the kernel.
check_vfio_pci() {
  local driver path release module='(^|/)vfio[-_]pci\.ko'
  for driver in "${VFIO_DRIVERS[@]}"; do
    path=/sys/bus/pci/drivers/$driver
    look "$path"
    if [[ $STATE == there ]]; then
      pass registered "$driver is registered with the PCI bus"
      return
    elif [[ $STATE == unreadable ]]; then
      warn unreadable "$path cannot be read, so this cannot be told" \
        "run it again as root"
      return
    fi
  done
  read_file /proc/sys/kernel/osrelease
  release=${TEXT:-unknown}
  path=/sys/module/vfio_pci
  look "$path"
  if [[ $STATE == there ]]; then
    pass loaded "vfio-pci is loaded"
    return
  elif [[ $STATE == unreadable ]]; then
    warn unreadable "$path cannot be read, so this cannot be told" \
      "run it again as root"
    return
  fi
  if holds "/lib/modules/$release/modules.builtin" "$module"; then
    pass built-in "vfio-pci is built into kernel $release"
    return
  fi
  holds "/lib/modules/$release/modules.dep" "$module"
  if (($? == 1)); then
    fail not-there "vfio-pci is neither loaded nor built in, and kernel $release has no such module" \
      "apt install linux-modules-extra-$release, or start a kernel built with CONFIG_VFIO_PCI"
  else
    fail not-loaded "vfio-pci is neither loaded nor built in" \
      "modprobe vfio-pci, and echo vfio-pci > /etc/modules-load.d/vfio-pci.conf for the next start"
  fi
}

# Has the host an NVIDIA GPU? There is at least one display or 3D controller of vendor 10de.
check_host_gpus() {
  local number addr id path
  find_gpus
  for number in "${!GPUS[@]}"; do
    addr=${GPUS[number]} id=${GPU_IDS[number]}
    pass found "GPU $addr is $id"
  done
  for path in "${UNREADABLE[@]}"; do
    warn unreadable "$path cannot be read, so this cannot be told" \
      "run it again as root"
  done
  if ((${#GPUS[@]} + ${#UNREADABLE[@]} == 0)); then
    fail none "no NVIDIA GPU on the PCI bus" \
      "seat the card and its power cables, enable Above 4G Decoding in BIOS, and try lspci -d 10de:"
  fi
}

# Is every NVIDIA GPU bound to vfio-pci? The kernel says that vfio-pci, or NVIDIA's own variant of it, drives the GPU.
check_gpu_binding() {
  local addr driver override path
  if ((${#GPUS[@]} == 0)); then
    skip no-gpu "there is no NVIDIA GPU to look at"
  fi
  for addr in "${GPUS[@]}"; do
    path=$DEVICES/$addr/driver
    read_link "$path"
    driver=$TARGET
    if [[ -n $driver ]] && ! among "$driver" "${VFIO_DRIVERS[@]}"; then
      path=$DEVICES/$addr/virtfn0
      look "$path"
      if [[ $STATE == there ]]; then
        warn virtual-functions "GPU $addr is bound to $driver and has virtual functions; a host of vGPUs needs no vfio-pci there" \
          "nothing for vGPUs; to hand over the whole card, echo 0 > /sys/bus/pci/devices/$addr/sriov_numvfs and driverctl set-override $addr vfio-pci"
        continue
      fi
    fi
    if [[ $STATE == unreadable ]]; then
      warn unreadable "$path cannot be read, so this cannot be told" \
        "run it again as root"
      continue
    fi
    read_file "$DEVICES/$addr/driver_override"
    override=$TEXT
    if among "$driver" "${VFIO_DRIVERS[@]}"; then
      pass bound "GPU $addr is bound to $driver"
    elif [[ -z $driver ]]; then
      fail no-driver "GPU $addr is bound to no driver, and must be to vfio-pci" \
        "driverctl set-override $addr vfio-pci"
    elif among "$override" "${VFIO_DRIVERS[@]}"; then
      fail pending "GPU $addr is meant for $override, and still bound to $driver" \
        "stop what uses it and run driverctl set-override $addr vfio-pci again, or restart the host"
    else
      fail other-driver "GPU $addr is bound to $driver, not to vfio-pci" \
        "driverctl set-override $addr vfio-pci"
    fi
  done
}

# Can the IOMMU group of each GPU be handed over whole? Nothing in the group but bridges is held by a driver other than vfio-pci.
check_gpu_groups() {
  local addr path
  if ((${#GPUS[@]} == 0)); then
    skip no-gpu "there is no NVIDIA GPU to look at"
  fi
  for addr in "${GPUS[@]}"; do
    find_group "$addr"
    if [[ $STATE == unreadable ]]; then
      warn unreadable "$path cannot be read, so this cannot be told" \
        "run it again as root"
    else
      judge_group "$GROUP"
    fi
  done
}

# judge_group GROUP: VFIO wants nothing in a group but bridges to be held by another driver.
judge_group() {
  local group=$1 name member driver members='' offenders=() drivers=() number
  if [[ -z $group ]]; then
    fail no-group "GPU $addr is in no IOMMU group" \
      "enable Intel VT-d or AMD IOMMU in BIOS"
    return
  fi
  path=$GROUPS_FOLDER/$group/devices
  list "$path"
  if [[ $STATE == unreadable ]]; then
    warn unreadable "$path cannot be read, so this cannot be told" \
      "run it again as root"
    return
  fi
  for name in "${NAMES[@]}"; do
    among "$name" "${GPUS[@]}" && continue
    read_file "$DEVICES/$name/class"
    [[ $TEXT == 0x06* ]] && continue
    members+=${members:+, }$name
    path=$DEVICES/$name/driver
    read_link "$path"
    if [[ $STATE == unreadable ]]; then
      warn unreadable "$path cannot be read, so this cannot be told" \
        "run it again as root"
      return
    fi
    if [[ -n $TARGET ]] && ! among "$TARGET" "${HARMLESS_DRIVERS[@]}"; then
      offenders+=("$name")
      drivers+=("$TARGET")
    fi
  done
  for number in "${!offenders[@]}"; do
    member=${offenders[number]} driver=${drivers[number]}
    fail held "$member is in IOMMU group $group with GPU $addr, and held by $driver" \
      "driverctl set-override $member vfio-pci"
  done
  if [[ -z $members ]]; then
    pass alone "GPU $addr is alone in IOMMU group $group"
  elif ((${#offenders[@]} == 0)); then
    pass together "GPU $addr shares IOMMU group $group with $members, none of it in use"
  fi
}

# May the virtual machine open the VFIO device of each GPU? Anybody, or a user or group that virtual machines run as, may read and write it.
check_vfio_devices() {
  local addr path mode owner group
  for addr in "${GPUS[@]}"; do
    path=$DEVICES/$addr/driver
    read_link "$path"
    if [[ $STATE == unreadable ]]; then
      warn unreadable "$path cannot be read, so this cannot be told" \
        "run it again as root"
      continue
    fi
    among "$TARGET" "${VFIO_DRIVERS[@]}" || continue
    find_group "$addr"
    if [[ $STATE == unreadable ]]; then
      warn unreadable "$path cannot be read, so this cannot be told" \
        "run it again as root"
      continue
    fi
    [[ -n $GROUP ]] || continue
    path=/dev/vfio/$GROUP
    look "$path"
    if [[ $STATE == missing ]]; then
      warn no-node "$path is not there, although GPU $addr is bound" \
        "modprobe vfio_iommu_type1, then udevadm trigger --subsystem-match=vfio"
    elif [[ $STATE == there ]] && read -r mode owner group < <(stat -L -c '%a %u %g' -- "$ROOT$path" 2>/dev/null); then
      if may_open "$((8#$mode))" "$owner" "$group"; then
        pass usable "$path has mode $mode and may be opened"
      else
        fail closed "$path has mode $mode and may not be opened by a virtual machine" \
          "write SUBSYSTEM==\"vfio\", GROUP=\"kvm\", MODE=\"0666\" into /etc/udev/rules.d/99-vfio.rules, then udevadm control --reload-rules and udevadm trigger --subsystem-match=vfio"
      fi
    else
      warn unreadable "$path cannot be read, so this cannot be told" \
        "run it again as root"
    fi
  done
  if ((${#STATUSES[@]} == 0)); then
    skip none-bound "no GPU is bound to vfio-pci yet"
  fi
}

# may_open MODE OWNER GROUP: say whether a virtual machine may open a file.
may_open() {
  (($1 & 8#2 && $1 & 8#4)) ||
    { (($1 & 8#200 && $1 & 8#400)) && named /etc/passwd "$2" "${MACHINE_USERS[@]}"; } ||
    { (($1 & 8#020 && $1 & 8#040)) && named /etc/group "$3" "${MACHINE_GROUPS[@]}"; }
}

# named PATH NUMBER NAME...: say whether a number is that of one of some users or groups.
named() {
  local path=$1 wanted=$2 name number
  shift 2
  read_file "$path"
  while IFS=: read -r name _ number _; do
    [[ $number == "$wanted" ]] && among "$name" "$@" && return 0
  done <<<"$TEXT"
  return 1
}

# Does a udev rule give the VFIO devices to virtual machines? A rule matches SUBSYSTEM=="vfio" and assigns a MODE, GROUP or OWNER that lets others than root in.
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
        pass granted "$path gives them away"
        return
      fi
    done
  done
  path=$unreadable
  if [[ -n $path ]]; then
    warn unreadable "$path cannot be read, so this cannot be told" \
      "run it again as root"
  else
    fail missing "no udev rule gives the VFIO devices to virtual machines" \
      "write SUBSYSTEM==\"vfio\", GROUP=\"kvm\", MODE=\"0666\" into /etc/udev/rules.d/99-vfio.rules, then udevadm control --reload-rules and udevadm trigger --subsystem-match=vfio"
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

# Does OpenNebula let the NVIDIA GPUs through? Each GPU, or vendor 10de where there is none, passes all three as OpenNebula's probe reads them.
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
        warn not-synced "/var/tmp/one/etc/im/kvm-probes.d/pci.conf differs from the front-end's file" \
          "on the front-end run onehost sync -f"
      fi
      ;;
    unreadable)
      warn unreadable "$path cannot be read, so this cannot be told" \
        "run it again as root"
      ;;
    missing)
      path=$FRONT_END_FILE
      read_file "$path"
      case $STATE in
        there) judge_conf "$TEXT" ;;
        unreadable)
          warn unreadable "$path cannot be read, so this cannot be told" \
            "run it again as root"
          ;;
        missing)
          warn not-here "this host is not the front-end and has no copy of pci.conf, so the filter cannot be judged here" \
            "on the front-end write :filter: '10de:*' into /var/lib/one/remotes/etc/im/kvm-probes.d/pci.conf and run onehost sync -f"
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
    fail invalid "$path: $value is read as no text without quotes, and OpenNebula lists no card" \
      "on the front-end write :filter: '10de:*' into /var/lib/one/remotes/etc/im/kvm-probes.d/pci.conf and run onehost sync -f, with the quotes"
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
    fail invalid "$path: $value is read as no text without quotes, and OpenNebula lists no card" \
      "on the front-end write :filter: '10de:*' into /var/lib/one/remotes/etc/im/kvm-probes.d/pci.conf and run onehost sync -f, with the quotes"
    return
  elif [[ $state == missing ]]; then
    fail no-filter "$path has no :filter:, and without one OpenNebula lists no card" \
      "on the front-end write :filter: '10de:*' into /var/lib/one/remotes/etc/im/kvm-probes.d/pci.conf and run onehost sync -f; the key begins with a colon"
    return
  fi
  if ((${#GPUS[@]} == 0)) && ! admits "$VENDOR" '' '' "${entries[@]}"; then
    what="vendor $VENDOR" refused=yes
    fail refused "$path does not let $what through (:filter: $filter)" \
      "on the front-end write :filter: '10de:*' into /var/lib/one/remotes/etc/im/kvm-probes.d/pci.conf and run onehost sync -f"
  fi
  for number in "${!GPUS[@]}"; do
    addr=${GPUS[number]}
    what="GPU $addr (${GPU_IDS[number]})" short=${addr#0000:}
    if ! admits "$VENDOR" "${GPU_IDS[number]#*:}" "${GPU_CLASSES[number]}" "${entries[@]}"; then
      refused=yes
      fail refused "$path does not let $what through (:filter: $filter)" \
        "on the front-end write :filter: '10de:*' into /var/lib/one/remotes/etc/im/kvm-probes.d/pci.conf and run onehost sync -f"
    elif ((${#listed[@]} > 0)) && ! among "$addr" "${listed[@]}" && ! among "$short" "${listed[@]}"; then
      refused=yes
      fail not-listed "$path does not let $what through: :short_address: names others only" \
        "on the front-end add '$short' to :short_address: in /var/lib/one/remotes/etc/im/kvm-probes.d/pci.conf, or empty it, and run onehost sync -f"
    fi
  done
  if [[ -n $refused ]]; then
    return
  elif ((${#ITEMS[@]} > 0)); then
    warn by-name "$path lets through only what matches :device_name: $patterns" \
      "make sure that the GPU's name matches, or empty :device_name: in /var/lib/one/remotes/etc/im/kvm-probes.d/pci.conf and run onehost sync -f"
  else
    pass admitted "$path lets them through (:filter: $filter)"
  fi
}

# admits VENDOR DEVICE CLASS ENTRY...: say whether an entry of the filter lets a card through, as lspci -d reads it.
admits() {
  local vendor=$1 device=$2 class=$3 entry part='(\*|[0-9a-fA-F]{0,4})'
  shift 3
  for entry in "$@"; do
    [[ $(trimmed "$entry") =~ ^$part:$part(:$part)?$ ]] || continue
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
      if ! scalar "$(trimmed "$part")"; then
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
  value=$(trimmed "${1%%[[:blank:]]#*}")
  [[ $value == '#'* ]] && value=
  case $value in
    '' | '~' | null) return 0 ;;
    [*\&!\|\>%@\`{}\"\',?[]* | ]* | *: | *': '*) return 1 ;;
  esac
  [[ ! $value =~ $number ]] || return 1
  SCALAR="=$value"
}

make_checks() {
  check iommu "Does the kernel use an IOMMU?" check_iommu
  check iommu-groups "Has the kernel put devices into IOMMU groups?" check_iommu_groups
  check vfio-pci "Is the driver vfio-pci there?" check_vfio_pci
  check host-gpus "Has the host an NVIDIA GPU?" check_host_gpus
  check gpu-binding "Is every NVIDIA GPU bound to vfio-pci?" check_gpu_binding
  check gpu-groups "Can the IOMMU group of each GPU be handed over whole?" check_gpu_groups
  check vfio-devices "May the virtual machine open the VFIO device of each GPU?" check_vfio_devices
  check vfio-udev "Does a udev rule give the VFIO devices to virtual machines?" check_vfio_udev
  check opennebula-pci "Does OpenNebula let the NVIDIA GPUs through?" check_opennebula_pci
}

usage() {
  cat <<'END'
validate-host-gpu.sh: can this KVM host hand its NVIDIA GPUs to virtual machines?

  --json             print one JSON object
  --quiet            print only what failed or asks for a look
  -h, --help         print this

Every failed check prints what repairs it. CTX_ROOT names a folder that stands for /.
Exit codes: 0 no check failed, 1 a check failed, 2 misuse.
END
}

while (($#)); do
  case $1 in
    --json) JSON=yes ;;
    --quiet) QUIET=yes ;;
    -h | --help)
      usage
      exit 0
      ;;
    *) misuse "$1 is no option of this script" ;;
  esac
  shift
done

# report: tell how it came out, and end with 1 if a check failed.
report() {
  local verdict=pass
  if ((COUNTS[fail] > 0)); then
    verdict=fail
  fi
  if [[ -n $JSON ]]; then
    printf '{"layer": "%s", "verdict": "%s",\n "counts": {"fail": %d, "warn": %d, "pass": %d, "skip": %d},\n "checks": [\n  %s]}\n' \
      "$LAYER" "$verdict" "${COUNTS[fail]}" "${COUNTS[warn]}" "${COUNTS[pass]}" "${COUNTS[skip]}" \
      "$(joined $',\n  ' "${REPORTS[@]}")"
  elif [[ -z $QUIET || $verdict == fail ]]; then
    printf '%s: %d passed, %d failed, %d warned, %d skipped\n' \
      "${verdict^^}" "${COUNTS[pass]}" "${COUNTS[fail]}" "${COUNTS[warn]}" "${COUNTS[skip]}"
  fi
  [[ $verdict == pass ]]
}

[[ -z $ROOT || -d $ROOT ]] || misuse "CTX_ROOT is $CTX_ROOT, which is no folder"
make_checks
report
