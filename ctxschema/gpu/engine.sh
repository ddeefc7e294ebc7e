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
