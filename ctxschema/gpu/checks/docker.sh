check_docker() {
  local version said seconds release='^[0-9]+\.[0-9]+'
  limited "$DOCKER_SECONDS" docker version --format '{{.Server.Version}}'
  version=${PRINTED[0]-} said=$SAID seconds=$LIMIT ENGINE=
  if [[ $CODE == 0 && $version =~ $release ]]; then
    ENGINE=$version
    answer answers
  elif [[ $CODE == missing ]]; then
    answer not-found
  elif [[ $CODE == timeout ]]; then
    answer timeout
  elif [[ $said == *'permission denied'* ]]; then
    answer denied
  else
    answer silent
  fi
}
