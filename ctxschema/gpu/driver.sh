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
