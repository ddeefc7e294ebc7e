#!/bin/sh
# The main job on real input: what a template's author pastes, and what a machine makes of what it receives.
set -eu
context=$1

step() {
    printf '\n== %s\n   $ %s\n\n' "$1" "$2"
    sh -c "$2"
}

step 'A template author gets the GPU inputs of the SuperNode' \
    'ctxschema generate user-inputs flower-supernode --group gpu --names short'
step 'A machine receives a context.sh: it is validated, defaults applied' \
    "ctxschema validate flower-supernode --context $context"
step 'The machine has no GPU: it falls back to its CPU, with a warning' \
    "ctxschema boot flower-supernode --context $context --dry-run --gpu no"
