check_container_cuda() {
  local image wanted='' cuda='' line form forms
  forms=('^CUDA_VERSION=([0-9]+\.[0-9]+)' '^NVIDIA_REQUIRE_CUDA=cuda>=([0-9]+\.[0-9]+)')
  if [[ -z $ENGINE ]]; then
    answer no-engine
    return
  fi
  rows
  if ((${#ROWS[@]} > 0)); then
    ask_cuda
    cuda=$CUDA
  fi
  if [[ -z $cuda ]]; then
    answer untold
    return
  fi
  find_image
  image=$IMAGE
  if [[ -z $image ]]; then
    answer no-image
    return
  fi
  limited "$DOCKER_SECONDS" docker image inspect --format '{{range .Config.Env}}{{println .}}{{end}}' -- "$image"
  if [[ $CODE != 0 ]]; then
    answer not-there
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
    answer undeclared
  elif ((10#${wanted%.*} > 10#${cuda%.*})); then
    answer newer
  elif ((10#${wanted%.*} == 10#${cuda%.*} && 10#${wanted#*.} > 10#${cuda#*.})); then
    answer newer-minor
  else
    answer runs
  fi
}
