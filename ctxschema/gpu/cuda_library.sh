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
