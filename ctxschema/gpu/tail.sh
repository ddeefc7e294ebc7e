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
