#!/usr/bin/env bash
# validate-gpu.sh: do this virtual machine and its containers reach their NVIDIA GPUs?
#
# Run it as root in the virtual machine. It starts one container, which is removed, and changes nothing.
# It needs bash 4.4, coreutils, grep, sed and awk; --help tells its options.
#
# Made by `ctxschema generate gpu-script vm` from the declaration of the checks; change that.

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

LAYER=vm
VENDOR=10de
DISPLAY_CLASSES=(0300 0302)
SMI_FIELDS=(index uuid name memory.total driver_version)
SMI_NEWER_FIELDS=(mig.mode.current persistence_mode)
SMI_NEWEST_FIELDS=(compute_cap mig.mode.current persistence_mode)
SMI_SECONDS=10
CUDA_LIBRARY=libcuda.so.1
CUDA_FOLDERS=(/usr/lib/x86_64-linux-gnu /usr/lib/aarch64-linux-gnu /usr/lib64 /usr/lib /usr/local/nvidia/lib64)
CUDA_SECONDS=10
CUDA_PROGRAM='import os, sys
try:
    import ctypes
except ImportError:
    sys.exit("no ctypes")
os.environ.pop("CUDA_VISIBLE_DEVICES", None)
try:
    cuda = ctypes.CDLL(sys.argv[1])
except OSError as error:
    sys.exit("no library: %s" % error)
count, device, mode = ctypes.c_int(), ctypes.c_int(), ctypes.c_int()
code = cuda.cuInit(0) or cuda.cuDeviceGetCount(ctypes.byref(count))
closed = 0
for index in range(0 if code else count.value):
    cuda.cuDeviceGet(ctypes.byref(device), index)
    cuda.cuDeviceGetAttribute(ctypes.byref(mode), 20, device)
    closed += mode.value == 2
print("cuda", code, count.value, closed)
'
SWITCH_CLASS=0680
FABRIC_MANAGER=nv-fabricmanager
DOCKER_SECONDS=5
CONTAINER_SECONDS=60
PULL_SECONDS=600
LONGEST_SAID=200
SECURE_BOOT_FILE=/sys/firmware/efi/efivars/SecureBoot-8be4df61-93ca-11d2-aa0d-00e098032b8c
GOOD_IMAGES=('flwr/supernode:*-ubuntu*' 'nvidia/cuda:*')
PULLED_IMAGE=nvidia/cuda:12.4.1-base-ubuntu22.04
DAEMON_PATH=(/usr/local/sbin /usr/local/bin /usr/sbin /usr/bin /sbin /bin)
RUNTIME_HOOK=nvidia-container-runtime-hook
CDI_HOOK=nvidia-cdi-hook
CDI_FOLDERS=(/etc/cdi /var/run/cdi /run/cdi)
CDI_FIRST=(29 2)
CDI_BY_DEFAULT=(28 2)

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

# ---- running programs ----

declare -A HUNG=()

# limited SECONDS PROGRAM ARGUMENT...: run a program, and give it up after a time. CODE becomes its exit code, or missing,
# or timeout; PRINTED the lines of its standard output, in printable ASCII; SAID all that it printed, errors included, in
# one line, cut where it is long; LIMIT how long it was given. A program that did not answer within as long before is not
# asked again; that one container hangs says nothing of the engine.
limited() {
  local began=$SECONDS key=$2
  [[ $key == docker ]] && key+=" $3"
  LIMIT=$1 CODE=missing PRINTED=()
  shift
  if ((MOST > 0 && MOST < LIMIT)); then
    LIMIT=$MOST
  fi
  : >"$SCRATCH/output" 2>"$SCRATCH/errors"
  if ((LIMIT <= ${HUNG[$key]-0})); then
    CODE=timeout
  elif type -P -- "$1" >/dev/null; then
    # Not through a pipe: a program that cannot be killed would keep it open.
    { timeout -k 1 "$LIMIT" "$@" </dev/null >"$SCRATCH/output" 2>"$SCRATCH/errors"; CODE=$?; } 2>/dev/null
    if [[ $CODE == 124 || $CODE == 137 ]] && ((SECONDS - began >= LIMIT)); then
      CODE=timeout HUNG[$key]=$LIMIT
    fi
  fi
  mapfile -t PRINTED < <(head -c 1048576 "$SCRATCH/output" | tr -c '!-~\n' ' ' | tr -s ' ' | sed 's/^ //; s/ $//')
  SAID=$(head -q -c 1048576 "$SCRATCH/output" "$SCRATCH/errors" | tr -c '!-~' ' ' | tr -s ' ')
  trim SAID
  SAID=${SAID:0:LONGEST_SAID}
  trim SAID
  SAID=${SAID:-it printed nothing}
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

# ---- the kernel driver ----

# find_driver: DRIVER becomes there or missing by what the kernel says (unreadable if DRIVER_PATH cannot be read), VERSION its
# version, RELEASE the kernel that runs, INSTALLED yes if the driver is there as a module for it, and OTHER the newest
# other kernel for which it is.
find_driver() {
  local path name version='Module +(for [a-z0-9_]+ +)?([0-9]+(\.[0-9]+)+)' names
  VERSION=unknown INSTALLED='' OTHER=''
  path=/proc/driver/nvidia/version
  look "$path"
  if [[ $STATE == missing ]]; then
    path=/sys/module/nvidia
    look "$path"
  fi
  DRIVER=$STATE DRIVER_PATH=$path
  read_file /proc/driver/nvidia/version
  [[ $TEXT =~ $version ]] && VERSION=${BASH_REMATCH[2]}
  read_file /sys/module/nvidia/version
  VERSION=${TEXT:-$VERSION}
  read_file /proc/sys/kernel/osrelease
  RELEASE=${TEXT:-unknown}
  list /lib/modules
  names=("${NAMES[@]}")
  for name in "${names[@]}"; do
    if [[ $name != "$RELEASE" ]] && is_installed "$name"; then
      OTHER=$name
    fi
  done
  is_installed "$RELEASE" && INSTALLED=yes
}

# is_installed RELEASE: say whether the driver is there as a module for a kernel.
is_installed() {
  holds "/lib/modules/$1/modules.dep" '(^|/)nvidia(-current|-current-open|-open)?\.ko'
}

# ---- nvidia-smi ----

ASKED='' ROWS=() FIELDS=()

# ask_smi: ROWS becomes a row for each GPU, CODE, SAID and LIMIT as for limited. Its exit code proves nothing without a
# row, and its errors go to standard output. An old driver refuses the newer fields.
ask_smi() {
  ASKED=yes
  query "${SMI_FIELDS[@]}" "${SMI_NEWEST_FIELDS[@]}"
  [[ $CODE == 2 ]] && query "${SMI_FIELDS[@]}" "${SMI_NEWER_FIELDS[@]}"
  [[ $CODE == 2 ]] && query "${SMI_FIELDS[@]}"
}

# query FIELD...: ask for some fields of every GPU.
query() {
  local line commas row='^[0-9]+ ?, ?GPU-[0-9a-f-]+ ?,'
  limited "$SMI_SECONDS" nvidia-smi "--query-gpu=$(joined , "$@")" --format=csv,noheader,nounits
  ROWS=() FIELDS=("$@")
  [[ $CODE == 0 ]] || return
  for line in "${PRINTED[@]}"; do
    commas=${line//[^,]/}
    if [[ $line =~ $row ]] && ((${#commas} + 1 >= ${#SMI_FIELDS[@]} && ${#commas} + 1 <= ${#FIELDS[@]})); then
      ROWS+=("$line")
    fi
  done
}

# rows: ROWS becomes a row for each GPU; none without a kernel driver, because nvidia-smi is not started then.
rows() {
  [[ -n $ASKED || $DRIVER != there ]] || ask_smi
}

# cell ROW FIELD: print one field of a row, or nothing if it was not asked for.
cell() {
  local number cells text
  IFS=, read -r -a cells <<<"$1"
  for number in "${!FIELDS[@]}"; do
    if [[ ${FIELDS[number]} == "$2" ]]; then
      text=${cells[number]-}
      trim text
      printf '%s' "$text"
    fi
  done
}

# ask_cuda: CUDA becomes the newest CUDA that the driver runs, or nothing; asked once.
ask_cuda() {
  local version='CUDA[A-Za-z ]*Version *: *([0-9]+\.[0-9]+)' line
  [[ -v CUDA ]] && return
  CUDA=
  limited "$SMI_SECONDS" nvidia-smi
  [[ $CODE == 0 ]] || return
  for line in "${PRINTED[@]}"; do
    if [[ $line =~ $version ]]; then
      CUDA=${BASH_REMATCH[1]}
      return
    fi
  done
}

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

# ---- CUDA itself ----

# ask_cuda_library: initialise CUDA in a process of its own, whatever CUDA_VISIBLE_DEVICES says. CUDA_CODE becomes what
# cuInit answers, or nothing, CUDA_COUNT how many devices there are, CUDA_CLOSED how many of them let no program in; CODE,
# SAID and LIMIT as for limited, with CODE none if below this root there is no library to ask. Asked once.
ask_cuda_library() {
  local library=$CUDA_LIBRARY folder folders line answer='^cuda ([0-9]+) ([0-9]+) ([0-9]+)$'
  [[ -v CUDA_CODE ]] && return
  CUDA_CODE='' CUDA_COUNT=0 CUDA_CLOSED=0 CODE=none
  if [[ -n $ROOT ]]; then
    library=
    IFS=: read -r -a folders <<<"${LD_LIBRARY_PATH-}"
    for folder in "${folders[@]}" "${CUDA_FOLDERS[@]/#/$ROOT}"; do
      if [[ -z $library && $folder == /* && -f $folder/$CUDA_LIBRARY ]]; then
        library=$folder/$CUDA_LIBRARY
      fi
    done
  fi
  if [[ -n $library ]]; then
    limited "$CUDA_SECONDS" python3 -ISc "$CUDA_PROGRAM" "$library"
    [[ $CODE == 0 ]] && for line in "${PRINTED[@]}"; do
      if [[ -z $CUDA_CODE && $line =~ $answer ]]; then
        CUDA_CODE=${BASH_REMATCH[1]} CUDA_COUNT=${BASH_REMATCH[2]} CUDA_CLOSED=${BASH_REMATCH[3]}
      fi
    done
  fi
}

# ---- Docker ----

# has_release MAJOR MINOR: say whether Docker's version is at least that.
has_release() {
  [[ $ENGINE =~ ^([0-9]+)\.([0-9]+) ]] &&
    ((BASH_REMATCH[1] > $1 || (BASH_REMATCH[1] == $1 && BASH_REMATCH[2] >= $2)))
}

# find_route: HOOK, CDI and SPECIFICATION become the paths of the runtime hook, the CDI hook and a specification for
# NVIDIA's GPUs, where they are there; CDI_ON is yes if the engine reads specifications; ROUTE is hook, cdi or nothing.
find_route() {
  local folder name
  HOOK='' CDI='' SPECIFICATION='' CDI_ON='' ROUTE=''
  for folder in "${DAEMON_PATH[@]}"; do
    [[ -z $HOOK && -f $ROOT$folder/$RUNTIME_HOOK && -x $ROOT$folder/$RUNTIME_HOOK ]] && HOOK=$folder/$RUNTIME_HOOK
    [[ -z $CDI && -f $ROOT$folder/$CDI_HOOK && -x $ROOT$folder/$CDI_HOOK ]] && CDI=$folder/$CDI_HOOK
  done
  for folder in "${CDI_FOLDERS[@]}"; do
    list "$folder"
    for name in "${NAMES[@]}"; do
      if [[ -z $SPECIFICATION && ($name == *.yaml || $name == *.json) && -f $ROOT$folder/$name ]] &&
        grep -qF nvidia.com/gpu -- "$ROOT$folder/$name" 2>/dev/null; then
        SPECIFICATION=$folder/$name
      fi
    done
  done
  if has_release "${CDI_BY_DEFAULT[@]}" && ! cdi_switched_off; then
    CDI_ON=yes
  fi
  if [[ -n $HOOK ]]; then
    ROUTE=hook
  elif [[ -n $CDI_ON && -n $CDI && -n $SPECIFICATION ]] && has_release "${CDI_FIRST[@]}"; then
    ROUTE=cdi
  fi
}

# cdi_switched_off: say whether features.cdi is false in daemon.json.
cdi_switched_off() {
  read_file /etc/docker/daemon.json
  awk '
    { text = text $0 "\n" }
    END {
      for (at = 1; at <= length(text); at++) {
        letter = substr(text, at, 1)
        if (letter == "\"") {
          for (word = ""; (letter = substr(text, ++at, 1)) != "\"" && letter != "";) {
            word = word letter
            if (letter == "\\") at++
          }
        } else if (letter == ":") {
          key[depth] = word
        } else if (letter == "{" || letter == "[") {
          key[++depth] = ""
        } else if (letter == "}" || letter == "]") {
          depth--
        } else if (substr(text, at, 5) == "false" && depth == 2 && key[1] == "features" && key[2] == "cdi") {
          off = 1
        }
      }
      exit !off
    }' <<<"$TEXT"
}

# find_image: IMAGE becomes the image to start: the one that was named, the best that is there, or one to download if that
# may be; nothing if there is none.
find_image() {
  local pattern line
  [[ -n $IMAGE || -n $IMAGE_SOUGHT ]] && return
  IMAGE_SOUGHT=yes
  limited "$DOCKER_SECONDS" docker image ls --format '{{.Repository}}:{{.Tag}}'
  if [[ $CODE == 0 ]]; then
    for pattern in "${GOOD_IMAGES[@]}"; do
      for line in "${PRINTED[@]}"; do
        # shellcheck disable=SC2053 # it is a pattern
        if [[ $line == $pattern && $line != *'<none>'* ]]; then
          IMAGE=$line
          return
        fi
      done
    done
  fi
  if [[ -n $PULL ]]; then
    IMAGE=$PULLED_IMAGE
  fi
}

# ---- the checks ----

# Has the virtual machine an NVIDIA GPU? There is at least one display or 3D controller of vendor 10de.
check_vm_gpus() {
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
  if ((${#GPUS[@]} + ${#UNREADABLE[@]} > 0)); then
    return
  fi
  look "$DEVICES"
  if [[ $STATE == missing ]]; then
    skip no-bus "there is no PCI bus to look at"
  else
    fail none "no NVIDIA GPU on the virtual machine's PCI bus" \
      "add PCI = [ VENDOR = \"10de\", CLASS = \"0302\" ] to the VM template (0300 for a card with a display, or DEVICE for one model; the vendor alone may take an audio function), and run validate-host-gpu.sh on the KVM host"
  fi
}

# Is the NVIDIA kernel driver loaded? The kernel has the driver itself, whatever lsmod lists.
check_kernel_driver() {
  local path version release other
  find_driver
  path=$DRIVER_PATH version=$VERSION release=$RELEASE other=$OTHER
  if [[ $DRIVER == there ]]; then
    pass loaded "the NVIDIA kernel driver is loaded, version $version"
  elif [[ $DRIVER == unreadable ]]; then
    warn unreadable "$path cannot be read, so this cannot be told" \
      "run it again as root"
  elif [[ -n $INSTALLED ]]; then
    fail not-started "the NVIDIA kernel driver is installed for kernel $release and not loaded" \
      "modprobe nvidia, and read dmesg | grep -i nvrm if that fails"
  elif [[ -n $other ]]; then
    fail other-kernel "the NVIDIA kernel driver is installed for kernel $other and not for $release, which runs" \
      "apt install linux-headers-$release and dkms autoinstall -k $release, or restart the virtual machine into $other"
  else
    fail not-installed "the NVIDIA kernel driver is not loaded, and kernel $release has no such module" \
      "install the driver (apt install nvidia-driver-545 or newer)"
  fi
}

# Does nouveau leave the GPUs alone? No GPU is held by nouveau.
check_nouveau() {
  local addr path held=()
  for addr in "${GPUS[@]}"; do
    path=$DEVICES/$addr/driver
    read_link "$path"
    if [[ $STATE == unreadable ]]; then
      warn unreadable "$path cannot be read, so this cannot be told" \
        "run it again as root"
      return
    elif [[ $TARGET == nouveau ]]; then
      held+=("$addr")
    fi
  done
  for addr in "${held[@]}"; do
    fail holds "nouveau holds GPU $addr" \
      "write blacklist nouveau and options nouveau modeset=0 into /etc/modprobe.d/blacklist-nouveau.conf, run update-initramfs -u and restart the virtual machine"
  done
  if ((${#GPUS[@]} == 0)); then
    skip no-gpu "there is no NVIDIA GPU to look at"
  elif ((${#held[@]} == 0)); then
    pass clear "nouveau holds no GPU"
  fi
}

# Does Secure Boot let the driver in? It is off, or the driver is loaded all the same.
check_secure_boot() {
  local path=$SECURE_BOOT_FILE
  read_file "$path"
  if [[ $STATE == unreadable ]]; then
    warn unreadable "$path cannot be read, so this cannot be told" \
      "run it again as root"
  elif [[ $TEXT != *$'\1' ]]; then
    pass off "Secure Boot is off"
  elif [[ $DRIVER == unreadable ]]; then
    path=$DRIVER_PATH
    warn unreadable "$path cannot be read, so this cannot be told" \
      "run it again as root"
  elif [[ $DRIVER == there ]]; then
    pass signed "Secure Boot is on, and the driver is loaded"
  elif [[ -n $INSTALLED ]]; then
    fail refuses "Secure Boot is on, and the installed driver is not loaded" \
      "sign the driver (mokutil --import, update-secureboot-policy --enroll-key), or start the VM from a firmware without Secure Boot"
  else
    warn ahead "Secure Boot is on, and no driver is installed yet: it has to be signed" \
      "install a signed driver, such as apt install linux-modules-nvidia-545-generic"
  fi
}

# Are the driver's device nodes there? All of them are there.
check_device_nodes() {
  local name path gpu='^nvidia[0-9]+$' all=() missing=() nodes
  if [[ $DRIVER != there ]]; then
    skip no-driver "the NVIDIA kernel driver is not loaded"
    return
  fi
  path=/dev
  list "$path"
  if [[ $STATE == unreadable ]]; then
    warn unreadable "$path cannot be read, so this cannot be told" \
      "run it again as root"
    return
  fi
  for name in "${NAMES[@]}"; do
    [[ $name =~ $gpu ]] && all+=("/dev/$name")
  done
  all=(/dev/nvidiactl /dev/nvidia-uvm "${all[@]-/dev/nvidia0}")
  for path in "${all[@]}"; do
    look "$path"
    case $STATE in
      missing) missing+=("$path") ;;
      unreadable)
        warn unreadable "$path cannot be read, so this cannot be told" \
          "run it again as root"
        return
        ;;
    esac
  done
  for path in "${missing[@]}"; do
    warn missing "the device node $path is not there" \
      "nvidia-modprobe -c 0 -u, or enable nvidia-persistenced, which makes them at every start"
  done
  if ((${#missing[@]} == 0)); then
    nodes=$(joined ', ' "${all[@]}")
    pass there "the device nodes are there: $nodes"
  fi
}

# Does nvidia-smi answer and name each GPU? It ends with 0 and gives at least one row.
check_nvidia_smi() {
  local row index name memory number='^[0-9]+$' count expected=${#GPUS[@]} code said seconds
  # Started without a driver, nvidia-smi would leave a device node behind.
  if [[ $DRIVER != there ]]; then
    skip no-driver "the NVIDIA kernel driver is not loaded"
    return
  fi
  ask_smi
  count=${#ROWS[@]}
  for row in "${ROWS[@]}"; do
    index=$(cell "$row" index) name=$(cell "$row" name) memory=$(cell "$row" memory.total)
    if [[ $memory =~ $number ]]; then
      memory+=' MiB'
    else
      memory='an unknown amount of memory'
    fi
    pass named "GPU $index is $name with $memory"
  done
  if ((count > 0)); then
    if ((count < expected)); then
      warn fewer "nvidia-smi names $count of $expected GPUs on the PCI bus" \
        "look for the others in dmesg | grep -i -e nvrm -e xid"
    fi
    return
  fi
  code=$CODE said=$SAID seconds=$LIMIT
  case $code in
    missing)
      fail not-found "nvidia-smi is not there" \
        "install the driver's utilities (apt install nvidia-utils-545, of the driver's own version)"
      return
      ;;
    timeout)
      fail timeout "nvidia-smi did not answer within $seconds seconds" \
        "restart the virtual machine; if it hangs again, read dmesg | grep -i -e nvrm -e xid"
      return
      ;;
  esac
  if [[ $said == *'version mismatch'* ]]; then
    fail mismatch "the driver in the kernel and its library are of two versions: $said" \
      "restart the virtual machine, which loads the driver that was installed last"
    return
  fi
  case $code in
    0 | 6)
      fail no-devices "nvidia-smi names no GPU: $said" \
        "read dmesg | grep -i nvrm, check that the driver is new enough for the card, and restart the virtual machine"
      ;;
    9)
      fail refused "nvidia-smi cannot reach the driver: $said" \
        "read dmesg | grep -i nvrm, then modprobe -r nvidia and modprobe nvidia"
      ;;
    12)
      fail no-library "nvidia-smi finds no NVML library: $said" \
        "install the driver's libraries again (apt install --reinstall nvidia-driver-545)"
      ;;
    *)
      fail failed "nvidia-smi ended with $code: $said" \
        "read dmesg | grep -i -e nvrm -e xid and restart the virtual machine"
      ;;
  esac
}

# Does CUDA initialise and find a device? CuInit answers 0 and there is a device that lets programs in.
check_cuda_init() {
  local count expected result code said seconds row cut=''
  rows
  expected=${#ROWS[@]}
  if ((expected == 0)); then
    skip no-rows "nvidia-smi names no GPU"
    return
  fi
  for row in "${ROWS[@]}"; do
    [[ $(cell "$row" mig.mode.current) == Enabled ]] && cut=yes
  done
  ask_cuda_library
  count=$CUDA_COUNT result=$CUDA_CODE code=$CODE seconds=$LIMIT
  if [[ $code == none ]]; then
    skip elsewhere "CUDA's library does not stand below this root, so it cannot be asked"
  elif [[ -z $result ]]; then
    said=$SAID
    if [[ $code == missing || $said == 'no ctypes' ]]; then
      skip no-python "python3 with ctypes is not there to ask CUDA"
    elif [[ $code == timeout ]]; then
      fail timeout "CUDA did not initialise within $seconds seconds" \
        "restart the virtual machine; if it hangs again, read dmesg | grep -i -e nvrm -e xid"
    elif [[ $said == 'no library: '* ]]; then
      said=${said#'no library: '}
      fail no-library "CUDA's library cannot be loaded: $said" \
        "install the driver's libraries (apt install libnvidia-compute-545, of the driver's own version)"
    else
      fail crashed "the program that asked CUDA ended with $code: $said" \
        "install the driver's libraries again (apt install --reinstall libnvidia-compute-545)"
    fi
  else
    case $result in
      0)
        if ((count == 0)); then
          fail no-devices "CUDA finds no device, and nvidia-smi names a GPU" \
            "make an instance on a GPU that has MIG on (nvidia-smi mig -cgi <profile> -C), see that the device nodes are there (nvidia-modprobe -c 0 -u), and read dmesg | grep -i nvrm"
        elif ((CUDA_CLOSED < count)); then
          pass initialises "CUDA initialises, and has devices: $count"
        else
          fail prohibited "CUDA initialises, and every device has compute mode Prohibited, which lets no program in" \
            "nvidia-smi -c DEFAULT"
        fi
        ;;
      100)
        fail no-devices "CUDA finds no device, and nvidia-smi names a GPU" \
          "make an instance on a GPU that has MIG on (nvidia-smi mig -cgi <profile> -C), see that the device nodes are there (nvidia-modprobe -c 0 -u), and read dmesg | grep -i nvrm"
        ;;
      304 | 999)
        fail unknown "cuInit answers $result, which is mostly a device node that is missing or closed" \
          "nvidia-modprobe -c 0 -u, and look at the mode of /dev/nvidia-uvm; if it stays so, read dmesg | grep -i nvrm"
        ;;
      802)
        fail not-ready "cuInit answers 802: the system is not yet initialised, and nvidia-smi works all the same" \
          "the GPU waits for its NVLink fabric: systemctl start nvidia-fabricmanager where the NVSwitches are in this machine, else have the host's Fabric Manager activate a partition with this GPU in it"
        ;;
      803)
        fail mismatch "cuInit answers 803: the driver in the kernel and libcuda are of two versions" \
          "restart the virtual machine; if it stays so, remove the libcuda of the other version (ldconfig -p | grep libcuda)"
        ;;
      804)
        fail compat "cuInit answers 804: the libcuda that is found is one of CUDA's compatibility package, and this GPU cannot use it" \
          "take its folder (/usr/local/cuda/compat) out of LD_LIBRARY_PATH and /etc/ld.so.conf.d, and run ldconfig"
        ;;
      *)
        fail failed "cuInit answers $result" \
          "read dmesg | grep -i -e nvrm -e xid and restart the virtual machine"
        ;;
    esac
  fi
  # A GPU that is cut up counts as its instances, of which a process sees one.
  if [[ $result == 0 && -z $cut ]] && ((count > 0 && count < expected)); then
    warn fewer "CUDA has $count devices, and nvidia-smi names $expected GPUs" \
      "look for the others in dmesg | grep -i -e nvrm -e xid, and at their compute mode (nvidia-smi -q -d COMPUTE)"
  fi
}

# Has each GPU joined its NVLink fabric? Its state is Completed and its status Success, or it is part of no fabric.
check_fabric() {
  local number addr state status members=''
  rows
  if ((${#ROWS[@]} == 0)); then
    skip no-rows "nvidia-smi names no GPU"
    return
  fi
  ask_details
  if [[ -z $DETAILS ]]; then
    skip untold "nvidia-smi -q does not tell the fabric"
    return
  fi
  for number in "${!DETAIL_ADDRS[@]}"; do
    addr=${DETAIL_ADDRS[number]} state=${FABRIC_STATES[number]} status=${FABRIC_STATUSES[number]}
    among "$state" '' N/A 'Not Supported' && continue
    members=yes
    ask_cuda_library
    if [[ $state == Completed && $status == Success ]]; then
      pass joined "GPU $addr has joined its NVLink fabric"
    elif [[ $state == Completed ]]; then
      fail failed "GPU $addr could not join its NVLink fabric: $status" \
        "read /var/log/fabricmanager.log and dmesg | grep -i -e nvrm -e sxid, then systemctl restart nvidia-fabricmanager where the NVSwitches are in this machine, else have the host's Fabric Manager activate a partition with this GPU in it"
    elif [[ $CUDA_CODE == 0 ]]; then
      warn unneeded "GPU $addr has not joined its NVLink fabric ($state), and CUDA initialises without it" \
        "nothing for a single GPU; for several that talk over NVLink, systemctl restart nvidia-fabricmanager where the NVSwitches are in this machine, else have the host's Fabric Manager activate a partition with this GPU in it"
    else
      fail waiting "GPU $addr has not joined its NVLink fabric ($state), and CUDA does not initialise before it has" \
        "systemctl restart nvidia-fabricmanager where the NVSwitches are in this machine, else have the host's Fabric Manager activate a partition with this GPU in it"
    fi
  done
  if [[ -z $members ]]; then
    skip none "no GPU is part of an NVLink fabric"
  fi
}

# Does Fabric Manager run for the NVSwitches, in the driver's version? It runs and its version is the driver's, or the machine has no NVSwitch.
check_fabric_manager() {
  local count version='' driver=$VERSION said line told='version is *: *([0-9]+(\.[0-9]+)+)'
  count=${#SWITCHES[@]}
  if ((count == 0)); then
    skip no-switch "the machine has no NVSwitch"
    return
  elif [[ $DRIVER != there ]]; then
    skip no-driver "the NVIDIA kernel driver is not loaded"
    return
  fi
  limited "$DOCKER_SECONDS" "$FABRIC_MANAGER" --version
  said=$SAID
  for line in "${PRINTED[@]}"; do
    if [[ -z $version && $line =~ $told ]]; then
      version=${BASH_REMATCH[1]}
    fi
  done
  find_process "$FABRIC_MANAGER"
  if [[ $CODE == missing ]]; then
    fail not-installed "the machine has NVSwitches ($count) and no Fabric Manager, so CUDA does not initialise" \
      "apt install nvidia-fabricmanager-<branch>=<driver>*, of the driver's own version, then systemctl restart nvidia-fabricmanager"
  elif [[ -z $version ]]; then
    warn untold "nv-fabricmanager --version does not tell its version: $said" \
      "nv-fabricmanager --version, which has to be the driver's"
  elif [[ $version != "$driver" ]]; then
    fail mismatch "Fabric Manager has version $version and the driver $driver, with which it does not start" \
      "apt install nvidia-fabricmanager-<branch>=$driver*, of the driver's own version, then systemctl restart nvidia-fabricmanager"
  elif [[ -n $PROCESS ]]; then
    pass runs "Fabric Manager $version runs for the NVSwitches"
  else
    fail not-running "the machine has NVSwitches ($count), and Fabric Manager $version does not run" \
      "systemctl enable --now nvidia-fabricmanager, and read journalctl -u nvidia-fabricmanager if that fails"
  fi
}

# Can the GPUs be used as they are cut? MIG is off, or there is an instance on each GPU that has it on.
check_mig() {
  local row index='' cut=() heading='^GPU ([0-9]+):' line count
  rows
  for row in "${ROWS[@]}"; do
    [[ $(cell "$row" mig.mode.current) == Enabled ]] && cut+=("$row")
  done
  if ((${#ROWS[@]} == 0)); then
    skip no-rows "nvidia-smi names no GPU"
    return
  elif ((${#cut[@]} == 0)); then
    pass off "MIG is off"
    return
  fi
  limited "$SMI_SECONDS" nvidia-smi -L
  if [[ $CODE != 0 ]]; then
    warn untold "nvidia-smi -L did not tell the MIG instances" \
      "nvidia-smi -L"
    return
  fi
  local -A instances=()
  for line in "${PRINTED[@]}"; do
    if [[ $line =~ $heading ]]; then
      index=${BASH_REMATCH[1]}
    elif [[ $line == 'MIG '* ]]; then
      instances[.$index]=$((${instances[.$index]-0} + 1))
    fi
  done
  for row in "${cut[@]}"; do
    index=$(cell "$row" index)
    count=${instances[.$index]-0}
    if ((count > 0)); then
      pass cut "GPU $index has $count MIG instances"
    else
      fail uncut "GPU $index has MIG on and no instance, so no program can use it" \
        "nvidia-smi mig -i $index -lgip and nvidia-smi mig -i $index -cgi <profile> -C, or nvidia-smi -i $index -mig 0"
    fi
  done
}

# Has each vGPU its licence? It is Licensed, or the GPU is no vGPU.
check_vgpu_licence() {
  local number addr licence found=''
  rows
  if ((${#ROWS[@]} == 0)); then
    skip no-rows "nvidia-smi names no GPU"
    return
  fi
  ask_details
  if [[ -z $DETAILS ]]; then
    skip untold "nvidia-smi -q does not tell the licence"
    return
  fi
  for number in "${!DETAIL_ADDRS[@]}"; do
    addr=${DETAIL_ADDRS[number]} licence=${LICENCES[number]}
    among "$licence" '' N/A && continue
    found=yes
    if [[ $licence == Licensed* ]]; then
      pass licensed "vGPU $addr is licensed"
    elif [[ $licence == *Unrestricted* ]]; then
      warn grace "vGPU $addr has no licence, and is slowed down when its time of grace is over: $licence" \
        "put the client configuration token of your licence server into /etc/nvidia/ClientConfigToken, systemctl restart nvidia-gridd, and read journalctl -u nvidia-gridd"
    else
      fail restricted "vGPU $addr has no licence and is slowed down: $licence" \
        "put the client configuration token of your licence server into /etc/nvidia/ClientConfigToken, systemctl restart nvidia-gridd, and read journalctl -u nvidia-gridd"
    fi
  done
  if [[ -z $found ]]; then
    skip none "no GPU is a vGPU"
  fi
}

# Does the driver stay awake while nobody uses a GPU? It is on.
check_persistence() {
  local row index awake='' asleep=''
  rows
  for row in "${ROWS[@]}"; do
    index=$(cell "$row" index)
    case $(cell "$row" persistence_mode) in
      Enabled) awake=yes ;;
      Disabled)
        asleep=yes
        warn off "GPU $index has persistence mode off, so the first use after a pause takes seconds" \
          "systemctl enable --now nvidia-persistenced"
        ;;
    esac
  done
  if ((${#ROWS[@]} == 0)); then
    skip no-rows "nvidia-smi names no GPU"
  elif [[ -n $asleep ]]; then
    return
  elif [[ -n $awake ]]; then
    pass on "persistence mode is on"
  else
    skip untold "nvidia-smi does not tell the persistence mode"
  fi
}

# Which CUDA does the driver run? Both versions can be told.
check_cuda() {
  local version cuda
  rows
  if ((${#ROWS[@]} == 0)); then
    skip no-rows "nvidia-smi names no GPU"
    return
  fi
  ask_cuda
  version=$(cell "${ROWS[0]}" driver_version) cuda=$CUDA
  if [[ -n $cuda ]]; then
    pass known "driver $version runs CUDA up to $cuda"
  else
    warn unknown "driver $version: nvidia-smi does not tell the CUDA version" \
      "install a driver of 545 or newer"
  fi
}

# Does Docker answer? The engine tells its version.
check_docker() {
  local version said seconds release='^[0-9]+\.[0-9]+'
  limited "$DOCKER_SECONDS" docker version --format '{{.Server.Version}}'
  version=${PRINTED[0]-} said=$SAID seconds=$LIMIT ENGINE=
  if [[ $CODE == 0 && $version =~ $release ]]; then
    ENGINE=$version
    pass answers "Docker $version answers"
  elif [[ $CODE == missing ]]; then
    fail not-found "docker is not there" \
      "install Docker (apt install docker.io)"
  elif [[ $CODE == timeout ]]; then
    fail timeout "Docker did not answer within $seconds seconds" \
      "systemctl restart docker"
  elif [[ $said == *'permission denied'* ]]; then
    fail denied "Docker lets this user not in: $said" \
      "run it again as root"
  else
    fail silent "Docker does not answer: $said" \
      "systemctl start docker, and read journalctl -u docker if that fails"
  fi
}

# Can Docker hand over a GPU? There is the runtime hook, or from Docker 29.2 on the CDI hook with a specification.
check_container_toolkit() {
  local version=$ENGINE path specification
  if [[ -z $ENGINE ]]; then
    skip no-engine "Docker does not answer"
    return
  fi
  find_route
  path=${HOOK:-$CDI} specification=$SPECIFICATION
  if [[ $ROUTE == hook ]]; then
    pass hook "$path is there"
  elif [[ $ROUTE == cdi ]]; then
    pass cdi "$path and $specification are there, and Docker $version uses CDI"
  elif [[ -n $CDI && -z $SPECIFICATION ]] && has_release "${CDI_FIRST[@]}"; then
    fail no-specification "$path is there, and neither a CDI specification nor the runtime hook" \
      "nvidia-ctk cdi generate --output=/etc/cdi/nvidia.yaml, or systemctl start nvidia-cdi-refresh"
  elif [[ -z $SPECIFICATION ]]; then
    fail not-installed "Docker $version has nothing to hand over a GPU with" \
      "apt install nvidia-container-toolkit, nvidia-ctk runtime configure --runtime=docker, then systemctl restart docker"
  elif ! has_release "${CDI_FIRST[@]}"; then
    fail too-old "$specification is there, and Docker $version does not read it for --gpus; there is no runtime hook" \
      "apt install nvidia-container-toolkit and systemctl restart docker, or install Docker 29.2 or newer"
  elif [[ -n $CDI_ON ]]; then
    fail no-hook "$specification is there, and neither the CDI hook nor the runtime hook" \
      "apt install nvidia-container-toolkit-base, then systemctl restart docker"
  else
    fail switched-off "CDI is switched off in /etc/docker/daemon.json, and there is no runtime hook" \
      "remove features.cdi from /etc/docker/daemon.json, then systemctl restart docker"
  fi
}

# Does a container reach the GPU? It ends with 0 and names at least one GPU.
check_container_gpu() {
  local image said code seconds count=0 line name=ctxschema-gpu-check-$$ pull=never limit=$CONTAINER_SECONDS
  if [[ -z $ENGINE ]]; then
    skip no-engine "Docker does not answer"
    return
  elif [[ -z $ROUTE ]]; then
    skip no-route "Docker cannot hand over a GPU"
    return
  fi
  rows
  if ((${#ROWS[@]} == 0)); then
    skip no-rows "nvidia-smi names no GPU on the virtual machine itself"
    return
  fi
  find_image
  image=$IMAGE
  if [[ -z $image ]]; then
    warn no-image "no image is there that nvidia-smi could run in, so this was not tried" \
      "name an image that is there with --image, or allow one to be downloaded with --pull"
    return
  fi
  if [[ -n $PULL ]]; then
    pull=missing limit=$PULL_SECONDS
  fi
  # Behind -- an image that begins with a dash is no option.
  limited "$limit" docker run --rm --name "$name" --pull "$pull" --network none --gpus all \
    --entrypoint nvidia-smi -- "$image" -L
  said=$SAID code=$CODE seconds=$LIMIT
  if [[ $code == timeout ]]; then
    limited "$DOCKER_SECONDS" docker rm -f "$name"
    fail timeout "a container of $image did not answer within $seconds seconds" \
      "nvidia-smi on the virtual machine itself; if that hangs, too, restart the machine"
    return
  fi
  for line in "${PRINTED[@]}"; do
    [[ $line =~ ^GPU\ [0-9]+: ]] && count=$((count + 1))
  done
  if [[ $code == 0 && $count != 0 ]]; then
    pass reaches "GPUs that nvidia-smi names in a container of $image: $count"
  elif [[ $code == 125 && ${said,,} =~ no\ such\ image|manifest\ unknown|manifest\ for|pull\ access\ denied ]]; then
    fail not-there "the image $image is not there" \
      "docker pull $image, or add --pull"
  elif [[ $code == 125 || ($code == 12[67] && $said =~ nvidia-container-cli|hook|CDI) ]]; then
    fail refused "Docker could not start a container of $image with a GPU: $said" \
      "nvidia-ctk runtime configure --runtime=docker, then systemctl restart docker"
  elif [[ $code == 12[67] || $said == *'no such file or directory'* ]]; then
    fail no-program "nvidia-smi does not start in a container of $image: $said" \
      "use an image with glibc, such as flwr/supernode:<version>-py3.13-ubuntu24.04; the plain tags are Alpine"
  else
    fail blind "nvidia-smi in a container of $image ended with $code and named no GPU: $said" \
      "nvidia-ctk cdi generate --output=/etc/cdi/nvidia.yaml if CDI is used, else nvidia-ctk runtime configure --runtime=docker, then systemctl restart docker"
  fi
}

# Is the container's CUDA one that the driver runs? The image's CUDA is not newer than the driver's, or the image declares none.
check_container_cuda() {
  local image wanted='' cuda='' line form forms
  forms=('^CUDA_VERSION=([0-9]+\.[0-9]+)' '^NVIDIA_REQUIRE_CUDA=cuda>=([0-9]+\.[0-9]+)')
  if [[ -z $ENGINE ]]; then
    skip no-engine "Docker does not answer"
    return
  fi
  rows
  if ((${#ROWS[@]} > 0)); then
    ask_cuda
    cuda=$CUDA
  fi
  if [[ -z $cuda ]]; then
    skip untold "nvidia-smi does not tell the driver's CUDA"
    return
  fi
  find_image
  image=$IMAGE
  if [[ -z $image ]]; then
    warn no-image "no image is there that nvidia-smi could run in, so this was not tried" \
      "name an image that is there with --image, or allow one to be downloaded with --pull"
    return
  fi
  limited "$DOCKER_SECONDS" docker image inspect --format '{{range .Config.Env}}{{println .}}{{end}}' -- "$image"
  if [[ $CODE != 0 ]]; then
    skip not-there "the image $image is not there"
    return
  fi
  for form in "${forms[@]}"; do
    for line in "${PRINTED[@]}"; do
      if [[ -z $wanted && $line =~ $form ]]; then
        wanted=${BASH_REMATCH[1]}
      fi
    done
  done
  if [[ -z $wanted ]]; then
    pass undeclared "$image declares no CUDA of its own"
  elif ((10#${wanted%.*} > 10#${cuda%.*})); then
    fail newer "$image has CUDA $wanted, and the driver runs CUDA up to $cuda only" \
      "install a newer driver, or use an image with CUDA $cuda"
  elif ((10#${wanted%.*} == 10#${cuda%.*} && 10#${wanted#*.} > 10#${cuda#*.})); then
    warn newer-minor "$image has CUDA $wanted, and the driver runs CUDA up to $cuda; most programs work, not all" \
      "install a newer driver, or use an image with CUDA $cuda"
  else
    pass runs "$image has CUDA $wanted, and the driver runs CUDA up to $cuda"
  fi
}

make_checks() {
  check vm-gpus "Has the virtual machine an NVIDIA GPU?" check_vm_gpus
  check kernel-driver "Is the NVIDIA kernel driver loaded?" check_kernel_driver
  check nouveau "Does nouveau leave the GPUs alone?" check_nouveau
  check secure-boot "Does Secure Boot let the driver in?" check_secure_boot
  check device-nodes "Are the driver's device nodes there?" check_device_nodes
  check nvidia-smi "Does nvidia-smi answer and name each GPU?" check_nvidia_smi
  check cuda-init "Does CUDA initialise and find a device?" check_cuda_init
  check fabric "Has each GPU joined its NVLink fabric?" check_fabric
  check fabric-manager "Does Fabric Manager run for the NVSwitches, in the driver's version?" check_fabric_manager
  check mig "Can the GPUs be used as they are cut?" check_mig
  check vgpu-licence "Has each vGPU its licence?" check_vgpu_licence
  check persistence "Does the driver stay awake while nobody uses a GPU?" check_persistence
  check cuda "Which CUDA does the driver run?" check_cuda
  check docker "Does Docker answer?" check_docker
  check container-toolkit "Can Docker hand over a GPU?" check_container_toolkit
  [[ -n $NO_CONTAINER ]] || check container-gpu "Does a container reach the GPU?" check_container_gpu
  [[ -n $NO_CONTAINER ]] || check container-cuda "Is the container's CUDA one that the driver runs?" check_container_cuda
}

usage() {
  cat <<'END'
validate-gpu.sh: do this virtual machine and its containers reach their NVIDIA GPUs?

  --json             print one JSON object
  --quiet            print only what failed or asks for a look
  --image IMAGE      start the container from this image; without it, from one that is there
  --pull             download the image if it is not there
  --no-container     start no container, and look at no image
  --timeout SECONDS  the longest that any program may take
  -h, --help         print this

Every failed check prints what repairs it. CTX_ROOT names a folder that stands for /.
Exit codes: 0 no check failed, 1 a check failed, 2 misuse.
END
}

IMAGE='' IMAGE_SOUGHT='' PULL='' MOST=0 NO_CONTAINER=''

while (($#)); do
  case $1 in
    --json) JSON=yes ;;
    --quiet) QUIET=yes ;;
    --pull) PULL=yes ;;
    --no-container) NO_CONTAINER=yes ;;
    --image | --timeout)
      (($# > 1)) || misuse "$1 wants a value"
      set -- "$1=$2" "${@:3}"
      continue
      ;;
    --image=?*) IMAGE=${1#*=} ;;
    --timeout=*)
      MOST=${1#*=}
      [[ $MOST =~ ^[1-9][0-9]{0,3}$ ]] || misuse "--timeout wants a number of seconds from 1 to 9999, not $MOST"
      ;;
    --image=) misuse "--image wants the name of an image" ;;
    -h | --help)
      usage
      exit 0
      ;;
    *) misuse "$1 is no option of this script" ;;
  esac
  shift
done

SCRATCH=$(mktemp -d) || misuse "no temporary folder can be made"
trap 'rm -rf -- "$SCRATCH"' EXIT

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
