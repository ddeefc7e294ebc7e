#!/bin/sh
# Renew what is pinned with hashes: requirements/*.txt from pyproject.toml and requirements/*.in, and Flower's wheels.
# What pins.sh itself needs is pinned as well; it lives in a virtual environment of its own.
set -eu
python=$1
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
"$python" -m venv "$work/venv"
"$work/venv/bin/python" -m pip install -qq --require-hashes --no-deps -r requirements/pins.txt
pin() { # OUTPUT INPUT...
    output=requirements/$1.txt
    shift
    echo "pinning $output ..."
    "$work/venv/bin/uv" pip compile --quiet --upgrade --python "$python" --generate-hashes --no-emit-index-url \
        --no-annotate --no-header "$@" --output-file "$output"
}
pin dev pyproject.toml requirements/build.in --extra docs --extra test
pin bench pyproject.toml --extra bench --constraints requirements/dev.txt
pin mutants pyproject.toml --extra mutants --constraints requirements/dev.txt
pin pins requirements/pins.in
# For pip where ctxschema itself, which has no hash yet, comes along: the same versions (tools/action/install.sh).
sed -n 's/^\([a-zA-Z0-9._-]*==[a-zA-Z0-9.]*\).*/\1/p' requirements/dev.txt requirements/bench.txt | sort -u > constraints.txt
"$python" tools/fetch_flower.py --pin
