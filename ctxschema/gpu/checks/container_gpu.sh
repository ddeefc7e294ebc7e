check_container_gpu() {
  local image said code seconds count=0 line name=ctxschema-gpu-check-$$ pull=never limit=$CONTAINER_SECONDS
  if [[ -z $ENGINE ]]; then
    answer no-engine
    return
  elif [[ -z $ROUTE ]]; then
    answer no-route
    return
  fi
  rows
  if ((${#ROWS[@]} == 0)); then
    answer no-rows
    return
  fi
  find_image
  image=$IMAGE
  if [[ -z $image ]]; then
    answer no-image
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
    answer timeout
    return
  fi
  for line in "${PRINTED[@]}"; do
    [[ $line =~ ^GPU\ [0-9]+: ]] && count=$((count + 1))
  done
  if [[ $code == 0 && $count != 0 ]]; then
    answer reaches
  elif [[ $code == 125 && ${said,,} =~ no\ such\ image|manifest\ unknown|manifest\ for|pull\ access\ denied ]]; then
    answer not-there
  elif [[ $code == 125 || ($code == 12[67] && $said =~ nvidia-container-cli|hook|CDI) ]]; then
    answer refused
  elif [[ $code == 12[67] || $said == *'no such file or directory'* ]]; then
    answer no-program
  else
    answer blind
  fi
}
