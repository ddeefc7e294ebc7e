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
