#!/bin/sh
# Prints the path of a Chromium, installing Debian's where there is none: a browser cannot come from a package index.
# The one without a window is asked for first: the tests take two thirds of the time in it.
set -eu
for name in ${CHROMIUM:-} chromium-headless-shell chromium chromium-browser google-chrome; do
    if command -v "$name"; then exit 0; fi
done
as_root=
[ "$(id -u)" = 0 ] || as_root='sudo -n'
get() { $as_root env DEBIAN_FRONTEND=noninteractive apt-get -qq -y --no-install-recommends "$@"; }
{
    echo 'Installing Chromium for the browser tests (once) ...'
    get update && { get install chromium-headless-shell fonts-liberation || get install chromium fonts-liberation; }
} >&2 || {
    echo 'The browser tests need Chromium: install it, or name one with CHROMIUM=/path/to/chromium.' >&2
    exit 1
}
command -v chromium-headless-shell || command -v chromium
