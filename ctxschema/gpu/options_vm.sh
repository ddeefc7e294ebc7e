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
