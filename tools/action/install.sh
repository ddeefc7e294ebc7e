#!/usr/bin/env bash
# Installs ctxschema into a virtual environment of the job: the release CTXSCHEMA_VERSION, or the wheel of
# CTXSCHEMA_SOURCE. Everything beside it comes in the versions of constraints.txt.
set -euo pipefail

python=$CTXSCHEMA_PYTHON
place=$RUNNER_TEMP/ctxschema
if ! "$python" -c 'import sys; sys.exit(sys.version_info < (3, 10))'; then
    echo "::error::ctxschema needs Python 3.10 or newer; set one up in a step before this one"
    exit 1
fi
"$python" -m venv --clear "$place"
export PIP_CONSTRAINT=$CTXSCHEMA_SOURCE/constraints.txt PIP_DISABLE_PIP_VERSION_CHECK=1
if [ -n "$CTXSCHEMA_VERSION" ]; then
    wanted=("ctxschema==$CTXSCHEMA_VERSION")
else
    "$place/bin/python" -m pip wheel --quiet --no-deps --wheel-dir "$place/wheel" "$CTXSCHEMA_SOURCE"
    wanted=("$place"/wheel/ctxschema-*.whl)
fi
"$place/bin/python" -m pip install --quiet "${wanted[@]}"
"$place/bin/ctxschema" --version
