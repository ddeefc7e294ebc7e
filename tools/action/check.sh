#!/usr/bin/env bash
# Runs ctxschema lint with the inputs of the action, and has what it prints shown beside the lines.
set -euo pipefail

read -r -a paths <<<"${CTXSCHEMA_PATHS//$'\n'/ }"
read -r -a more <<<"${CTXSCHEMA_ARGS//$'\n'/ }"
options=(--format "$CTXSCHEMA_FORMAT")
if [ -n "$CTXSCHEMA_BASELINE" ]; then options+=(--baseline "$CTXSCHEMA_BASELINE"); fi
if [ -n "$CTXSCHEMA_OUTPUT" ]; then options+=(--output-file "$CTXSCHEMA_OUTPUT"); fi

echo "::add-matcher::$CTXSCHEMA_SOURCE/tools/action/problem-matcher.json"
code=0
"$RUNNER_TEMP/ctxschema/bin/ctxschema" lint "${options[@]}" "${more[@]}" -- "${paths[@]}" || code=$?
for owner in ctxschema ctxschema-remark; do echo "::remove-matcher owner=$owner::"; done
exit "$code"
