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
SWITCH_CLASS=0680
FABRIC_MANAGER=nv-fabricmanager
FABRIC_FILES=(/usr/share/nvidia/nvswitch/fabricmanager.cfg /etc/fabricmanager.cfg)
LIBVIRT=(libvirtd virtqemud)
VFIO_DRIVERS=(vfio-pci nvgrace_gpu_vfio_pci)
HARMLESS_DRIVERS=(vfio-pci nvgrace_gpu_vfio_pci pci-stub)
MACHINE_USERS=(oneadmin libvirt-qemu qemu)
MACHINE_GROUPS=(oneadmin libvirt-qemu qemu kvm)
RULE_FOLDERS=(/etc/udev/rules.d /run/udev/rules.d /usr/local/lib/udev/rules.d /usr/lib/udev/rules.d /lib/udev/rules.d)
NODE_FILE=/var/tmp/one/etc/im/kvm-probes.d/pci.conf
ONE_ATTRIBUTES=(PCI_FILTER PCI_SHORT_ADDRESS PCI_DEVICE_NAME)
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
  # A named pipe would be waited for; a link to nowhere is how a file is switched off. bash drops each NUL, and says so.
  if [[ (-f $file || $file -ef /dev/null) && -r $file ]] && { TEXT=$(head -c 1048576 -- "$file"); } 2>/dev/null; then
    STATE=there
    TEXT=${TEXT//$'\r'/}
    trim TEXT
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

# trim NAME: take the blanks from the ends of a variable's text.
trim() {
  local untrimmed=${!1}
  untrimmed=${untrimmed#"${untrimmed%%[![:space:]]*}"}
  printf -v "$1" '%s' "${untrimmed%"${untrimmed##*[![:space:]]}"}"
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
  local status worst number message='' fix='' fixes=() results=''
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
      message+="${message:+; }${MESSAGES[number]}"
      if [[ -n ${FIXES[number]} ]] && ! among "${FIXES[number]}" "${fixes[@]}"; then
        fixes+=("${FIXES[number]}")
        fix+="${fix:+; }${FIXES[number]}"
      fi
    fi
    object answer "${ANSWERS[number]}" status "$status" message "${MESSAGES[number]}" fix "${FIXES[number]}"
    results+="${results:+, }$OBJECT"
  done
  object id "$ID" question "$2" status "$worst" message "$message" fix "$fix"
  REPORTS+=("${OBJECT%\}}, \"results\": [$results]}")
}

# object KEY VALUE...: OBJECT becomes a JSON object of texts; an empty one is null.
object() {
  local text='' value
  while (($#)); do
    value=${2//\\/\\\\}
    value=\"${value//\"/\\\"}\"
    [[ $value == '""' ]] && value=null
    text+="${text:+, }\"$1\": $value"
    shift 2
  done
  OBJECT="{$text}"
}

# misuse MESSAGE: end because of how the script was called.
misuse() {
  printf '%s: %s\nTry --help.\n' "${0##*/}" "$1" >&2
  exit 2
}

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


# ---- processes ----

# find_process NAME...: PROCESS becomes the number of a process that runs one of some programs, or nothing. The kernel
# keeps 15 characters of a program's name.
find_process() {
  local folder name names=()
  PROCESS=
  for name in "$@"; do
    names+=("${name:0:15}")
  done
  for folder in "$ROOT"/proc/*; do
    if [[ ${folder##*/} =~ ^[0-9]+$ && -f $folder/comm ]]; then
      name=
      read -r name 2>/dev/null <"$folder/comm"
      if among "$name" "${names[@]}"; then
        PROCESS=${folder##*/}
        return
      fi
    fi
  done
}

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

# Does the CPU's virtualisation work? /dev/kvm is there.
check_kvm() {
  local path=/dev/kvm flag module flags='^flags[[:blank:]]*:'
  look "$path"
  if [[ $STATE == there ]]; then
    pass ready "/dev/kvm is there"
    return
  elif [[ $STATE == unreadable ]]; then
    warn unreadable "$path cannot be read, so this cannot be told" \
      "run it again as root"
    return
  fi
  for flag in vmx svm; do
    module=kvm_intel
    [[ $flag == svm ]] && module=kvm_amd
    if holds /proc/cpuinfo "$flags.* $flag( |\$)"; then
      fail no-device "/dev/kvm is not there, although the CPU offers $flag" \
        "modprobe $module, and read dmesg | grep -i kvm if that fails: the firmware may have it locked"
      return
    fi
  done
  if holds /proc/cpuinfo "$flags"; then
    fail no-flag "/dev/kvm is not there, and the CPU offers no virtualisation: neither vmx nor svm is among its flags" \
      "switch the CPU's virtualisation (Intel VT-x, AMD SVM) on in the firmware's setup; where this host is a virtual machine itself, give it the CPU model host-passthrough"
  else
    skip untold "/dev/kvm is not there, and /proc/cpuinfo tells no flags"
  fi
}

# Does the kernel use an IOMMU? The kernel lists an IOMMU, or has put devices into groups; which parameters it was given does not count.
check_iommu() {
  local units='' path='' parameter
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
  find_reason
  parameter=$PARAMETER
  case $REASON in
    no-table)
      fail no-table "the kernel uses no IOMMU, and the firmware describes none" \
        "enable Intel VT-d or AMD IOMMU in BIOS"
      ;;
    switched-off)
      fail switched-off "the kernel uses no IOMMU: it was told $parameter" \
        "remove $parameter from GRUB_CMDLINE_LINUX in /etc/default/grub, run update-grub and restart the host"
      ;;
    intel-unused)
      fail intel-unused "the kernel uses no IOMMU, although the firmware describes one of Intel's" \
        "add intel_iommu=on iommu=pt to GRUB_CMDLINE_LINUX in /etc/default/grub, run update-grub and restart the host"
      ;;
    amd-unused)
      fail amd-unused "the kernel uses no IOMMU, although the firmware describes one of AMD's" \
        "read what the kernel says (dmesg | grep AMD-Vi) and start one built with CONFIG_AMD_IOMMU; no parameter is needed"
      ;;
    *)
      fail off "the kernel uses no IOMMU" \
        "enable Intel VT-d or AMD IOMMU in BIOS"
      ;;
  esac
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
      "remove enable_unsafe_noiommu_mode from the options of vfio in /etc/modprobe.d, and do what the check iommu says"
  elif lacks_firmware; then
    fail none "no IOMMU groups" \
      "enable Intel VT-d or AMD IOMMU in BIOS"
  else
    fail unused "no IOMMU groups, although there is an IOMMU" \
      "the firmware has it on, so the kernel is what lacks it: do what the check iommu says, and read dmesg | grep -i -e iommu -e dmar -e amd-vi"
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

# Do the virtual functions of each GPU fit what it is used for? A GPU that is handed over whole has none, and those of a GPU for vGPUs have a driver.
check_virtual_functions() {
  local addr found=''
  for addr in "${GPUS[@]}"; do
    judge_functions
  done
  if ((${#GPUS[@]} == 0)); then
    skip no-gpu "there is no NVIDIA GPU to look at"
  elif [[ -z $found ]]; then
    skip none "no GPU has virtual functions"
  fi
}

# judge_functions: judge the virtual functions of the GPU addr; found becomes yes if there is something to say.
judge_functions() {
  local path=$DEVICES/$addr name links=() count driver drivers='' all=()
  list "$path"
  if [[ $STATE == unreadable ]]; then
    found=yes
    warn unreadable "$path cannot be read, so this cannot be told" \
      "run it again as root"
    return
  fi
  for name in "${NAMES[@]}"; do
    [[ $name =~ ^virtfn[0-9]+$ ]] && links+=("$name")
  done
  count=${#links[@]}
  ((count > 0)) || return
  found=yes path=$DEVICES/$addr/driver
  read_link "$path"
  driver=$TARGET
  if [[ $STATE == unreadable ]]; then
    warn unreadable "$path cannot be read, so this cannot be told" \
      "run it again as root"
    return
  fi
  for name in "${links[@]}"; do
    path=$DEVICES/$addr/$name
    read_link "$path"
    if [[ $STATE != unreadable ]]; then
      path=$DEVICES/$TARGET/driver
      read_link "$path"
    fi
    if [[ $STATE == unreadable ]]; then
      warn unreadable "$path cannot be read, so this cannot be told" \
        "run it again as root"
      return
    elif [[ -n $TARGET ]] && ! among "$TARGET" "${all[@]}"; then
      all+=("$TARGET")
    fi
  done
  if among "$driver" "${VFIO_DRIVERS[@]}"; then
    fail in-the-way "GPU $addr is bound to $driver and has virtual functions ($count): OpenNebula lists those, not the card" \
      "echo 0 > /sys/bus/pci/devices/$addr/sriov_numvfs, and keep what makes them from doing so at the next start"
  elif ((${#all[@]} > 0)); then
    drivers=$(printf '%s\n' "${all[@]}" | sort)
    drivers=${drivers//$'\n'/, }
    pass driven "GPU $addr has virtual functions ($count), held by $drivers"
  else
    warn idle "GPU $addr has virtual functions ($count), and no driver holds one of them" \
      "start the vGPU manager (systemctl restart nvidia-vgpu-mgr), and read journalctl -u nvidia-vgpu-mgr"
  fi
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
  local group=$1 name member driver members='' offenders=() drivers=() number kind
  if [[ -z $group ]]; then
    count_groups
    if ((TOTAL == MADE_UP)) && lacks_firmware; then
      fail no-group "GPU $addr is in no IOMMU group" \
        "enable Intel VT-d or AMD IOMMU in BIOS"
    else
      fail left-out "GPU $addr is in no IOMMU group, although there is an IOMMU" \
        "the firmware has it on, so the kernel is what lacks it: do what the check iommu says, and read dmesg | grep -i -e iommu -e dmar -e amd-vi"
    fi
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
    if [[ ${member%.*} == "${addr%.*}" ]]; then
      fail held "$member is of the slot of GPU $addr and in its IOMMU group $group, and held by $driver" \
        "driverctl set-override $member vfio-pci"
      continue
    fi
    read_file "$DEVICES/$member/class"
    case $TEXT in
      0x01*) kind='a disk controller' ;;
      0x02*) kind='a network card' ;;
      0x03*) kind='a display controller' ;;
      0x0c03*) kind='a USB controller' ;;
      *) kind='a device' ;;
    esac
    fail stranger "$member, $kind of another slot, is in IOMMU group $group with GPU $addr, and the host uses it ($driver): handing the group over would take it from the host" \
      "put the GPU, or $member, into another slot, which has a group of its own; else have the kernel split the group (ACS in BIOS, or the ACS override patch with pcie_acs_override=downstream), at the price that devices which it parts may still reach each other's memory"
  done
  if [[ -z $members ]]; then
    pass alone "GPU $addr is alone in IOMMU group $group"
  elif ((${#offenders[@]} == 0)); then
    pass together "GPU $addr shares IOMMU group $group with $members, none of it in use"
  fi
}

# Has each GPU a place for the windows to its memory? Every window of the card has an address.
check_gpu_memory() {
  local addr
  if ((${#GPUS[@]} == 0)); then
    skip no-gpu "there is no NVIDIA GPU to look at"
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
    warn unreadable "$path cannot be read, so this cannot be told" \
      "run it again as root"
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
      fail unplaced "BAR $bar of GPU $addr ($size) has no address: the firmware had no room for it" \
        "enable Above 4G Decoding in BIOS, and SR-IOV or Resizable BAR only where they are used; else try the kernel's parameter pci=realloc"
    fi
    if [[ -z $biggest_bar ]] || ((bytes > biggest)); then
      biggest=$bytes biggest_start=$start biggest_bar=$bar
    fi
  done
  if [[ -z $biggest_bar ]]; then
    skip untold "GPU $addr does not show its windows"
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
    pass resizable "GPU $addr has a window of $size and could have one of $largest: Resizable BAR is off, which is slower and no obstacle"
  elif ((biggest_start >= 1 << 32)); then
    pass above "GPU $addr has a window of $size above 4 GiB"
  else
    pass below "GPU $addr has a window of $size below 4 GiB"
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

# Can CUDA use the GPUs behind the host's NVSwitches in a virtual machine? All GPUs and NVSwitches can be handed over together, or Fabric Manager runs here for shared NVSwitches.
check_nvswitch() {
  local addr path gpus switches bound=0 bound_switches=0 shared=''
  gpus=${#GPUS[@]} switches=${#SWITCHES[@]}
  if ((switches == 0)); then
    skip none "the host has no NVSwitch"
    return
  fi
  for addr in "${GPUS[@]}" "${SWITCHES[@]}"; do
    path=$DEVICES/$addr/driver
    read_link "$path"
    if [[ $STATE == unreadable ]]; then
      warn unreadable "$path cannot be read, so this cannot be told" \
        "run it again as root"
      return
    elif among "$TARGET" "${VFIO_DRIVERS[@]}"; then
      if among "$addr" "${GPUS[@]}"; then
        bound=$((bound + 1))
      else
        bound_switches=$((bound_switches + 1))
      fi
    fi
  done
  for path in "${FABRIC_FILES[@]}"; do
    holds "$path" '^[[:blank:]]*FABRIC_MODE[[:blank:]]*=[[:blank:]]*[12][[:blank:]]*$' && shared=yes
  done
  find_process "$FABRIC_MANAGER"
  if ((bound == 0)); then
    skip unbound "the host has NVSwitches ($switches), and no GPU is bound yet"
  elif ((bound == gpus && bound_switches == switches)); then
    pass together "all GPUs ($gpus) and all NVSwitches ($switches) are bound: hand them to one machine, or the NVSwitches to a service machine with Fabric Manager"
  elif [[ -n $shared && -n $PROCESS ]] && ((bound_switches == 0)); then
    pass shared "Fabric Manager runs here for shared NVSwitches ($switches): activate a partition with the GPUs of a machine before it starts"
  else
    warn apart "GPUs are bound ($bound of $gpus), NVSwitches $bound_switches of $switches: CUDA in the virtual machine needs an NVLink partition that Fabric Manager activates (shared NVSwitch), or all GPUs and NVSwitches passed together" \
      "either run Fabric Manager with FABRIC_MODE=1, here or in a service machine that has the NVSwitches, and have it activate a partition with the GPU in it, or bind every GPU and every NVSwitch and hand all of them to one machine"
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

# May virtual machines lock all of their memory? Libvirt runs as root, which raises the limit for each machine with a GPU, or has no limit.
check_memlock() {
  local user='' limit='' number
  find_process "${LIBVIRT[@]}"
  number=$PROCESS
  if [[ -z $number ]]; then
    skip none "libvirt does not run"
    return
  fi
  read_file "/proc/$number/status"
  if [[ $TEXT =~ (^|$'\n')Uid:[[:space:]]+[0-9]+[[:space:]]+([0-9]+)[[:space:]] ]]; then
    user=${BASH_REMATCH[2]}
  fi
  read_file "/proc/$number/limits"
  if [[ $TEXT =~ (^|$'\n')'Max locked memory '\ *[a-z0-9]+\ +([a-z0-9]+)\  ]]; then
    limit=${BASH_REMATCH[2]}
  fi
  if [[ $user == 0 ]]; then
    pass root "libvirt runs as root and raises the limit for each machine with a GPU"
  elif [[ $limit == unlimited ]]; then
    pass unlimited "libvirt may lock as much memory as there is"
  elif [[ -n $user && -n $limit ]]; then
    warn limited "libvirt runs as user $user and may lock $limit bytes, and VFIO locks all memory of a virtual machine" \
      "write LimitMEMLOCK=infinity below [Service] with systemctl edit libvirtd, and restart it"
  else
    skip untold "the limits of libvirt cannot be read"
  fi
}

# Are huge pages left for virtual machines that want them? Some of each size that is reserved are free; a virtual machine without HUGEPAGE_SIZE needs none.
check_huge_pages() {
  local path=/sys/kernel/mm/hugepages name names size total free found='' number='^[0-9]{1,12}$'
  list "$path"
  if [[ $STATE == unreadable ]]; then
    warn unreadable "$path cannot be read, so this cannot be told" \
      "run it again as root"
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
      pass free "of $total huge pages of $size kB $free are free"
    else
      warn used-up "all $total huge pages of $size kB are in use, so no other virtual machine with HUGEPAGE_SIZE starts" \
        "echo <number> > /sys/kernel/mm/hugepages/hugepages-${size}kB/nr_hugepages, or take HUGEPAGE_SIZE out of TOPOLOGY in the VM template"
    fi
  done
  if [[ -z $found ]]; then
    skip none "no huge pages are reserved, which only virtual machines with HUGEPAGE_SIZE need"
  fi
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
    pass admitted "$path lets them through (:filter: $filter), unless the host or its cluster narrows it"
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

# Does the front-end list the GPUs for this host? Each GPU is in the list from which OpenNebula's scheduler takes.
check_opennebula_host() {
  local addr name names path attribute value listed found
  if [[ -z $ONEHOST ]]; then
    skip not-asked "a host does not see PCI_FILTER of itself and its cluster, which narrow what pci.conf lets through: hand over what onehost show -x prints on the front-end with --onehost"
    return
  elif [[ $ONEHOST != *'<HOST>'* ]]; then
    warn no-host "what --onehost was given is no output of onehost show -x" \
      "on the front-end onehost show -x <host> > host.xml, and hand over that file"
    return
  elif ((${#GPUS[@]} == 0)); then
    skip no-gpu "there is no NVIDIA GPU to look at"
    return
  fi
  mapfile -t listed < <(one_values SHORT_ADDRESS)
  for addr in "${GPUS[@]}"; do
    names=("$addr" "${addr#0000:}") found=''
    list "$DEVICES/$addr"
    for name in "${NAMES[@]}"; do
      [[ $name == virtfn* ]] || continue
      path=$DEVICES/$addr/$name
      read_link "$path"
      if [[ $STATE == unreadable ]]; then
        names=("$addr" "${addr#0000:}")
        break
      fi
      names+=("${TARGET#0000:}")
    done
    for name in "${names[@]}"; do
      [[ -n $name ]] && among "$name" "${listed[@]}" && found=yes
    done
    if [[ -n $found ]]; then
      pass listed "the front-end lists GPU $addr"
      continue
    fi
    for attribute in "${ONE_ATTRIBUTES[@]}"; do
      value=$(one_values "$attribute" | grep -m 1 '[^[:space:]]' | tr -s '[:space:]' ' ')
      trim value
      [[ -n $value ]] && break
    done
    if [[ -n $value ]]; then
      fail narrowed "the front-end does not list GPU $addr: $attribute of the host or its cluster is $value" \
        "on the front-end let it through in $attribute (onehost update <host>, onecluster update <cluster>), then onehost forceupdate <host>"
    else
      fail unlisted "the front-end does not list GPU $addr" \
        "on the front-end see that pci.conf and PCI_FILTER of the cluster let it through, onehost sync -f, then onehost forceupdate <host>"
    fi
  done
}

# one_values NAME: print what each element of a name holds in ONEHOST, a line each.
one_values() {
  local rest=$ONEHOST
  while [[ $rest == *"<$1>"* ]]; do
    rest=${rest#*"<$1>"}
    rest=${rest#'<![CDATA['}
    printf '%s\n' "${rest%%[]<]*}"
  done
}

make_checks() {
  check kvm "Does the CPU's virtualisation work?" check_kvm
  check iommu "Does the kernel use an IOMMU?" check_iommu
  check iommu-groups "Has the kernel put devices into IOMMU groups?" check_iommu_groups
  check vfio-pci "Is the driver vfio-pci there?" check_vfio_pci
  check host-gpus "Has the host an NVIDIA GPU?" check_host_gpus
  check gpu-binding "Is every NVIDIA GPU bound to vfio-pci?" check_gpu_binding
  check virtual-functions "Do the virtual functions of each GPU fit what it is used for?" check_virtual_functions
  check gpu-groups "Can the IOMMU group of each GPU be handed over whole?" check_gpu_groups
  check gpu-memory "Has each GPU a place for the windows to its memory?" check_gpu_memory
  check nvswitch "Can CUDA use the GPUs behind the host's NVSwitches in a virtual machine?" check_nvswitch
  check vfio-devices "May the virtual machine open the VFIO device of each GPU?" check_vfio_devices
  check vfio-udev "Does a udev rule give the VFIO devices to virtual machines?" check_vfio_udev
  check memlock "May virtual machines lock all of their memory?" check_memlock
  check huge-pages "Are huge pages left for virtual machines that want them?" check_huge_pages
  check opennebula-pci "Does OpenNebula let the NVIDIA GPUs through?" check_opennebula_pci
  check opennebula-host "Does the front-end list the GPUs for this host?" check_opennebula_host
}

usage() {
  cat <<'END'
validate-host-gpu.sh: can this KVM host hand its NVIDIA GPUs to virtual machines?

  --json             print one JSON object
  --quiet            print only what failed or asks for a look
  --onehost FILE     what onehost show -x prints of this host on the front-end
  -h, --help         print this

Every failed check prints what repairs it. CTX_ROOT names a folder that stands for /.
Exit codes: 0 no check failed, 1 a check failed, 2 misuse.
END
}

ONEHOST=

while (($#)); do
  case $1 in
    --json) JSON=yes ;;
    --quiet) QUIET=yes ;;
    --onehost)
      (($# > 1)) || misuse "$1 wants a file"
      set -- "$1=$2" "${@:3}"
      continue
      ;;
    --onehost=?*)
      # What stands at its end is there for an empty file, which is not the same as none.
      ONEHOST=$(tr -d '\0\r' 2>/dev/null <"${1#*=}" && echo .) || misuse "${1#*=} cannot be read"
      ;;
    --onehost=) misuse "--onehost wants a file" ;;
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
