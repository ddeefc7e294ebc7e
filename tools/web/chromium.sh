#!/bin/sh
# Prints the path of a Chromium, installing Debian's where there is none: a browser cannot come from a package index.
set -eu
for name in ${CHROMIUM:-} chromium chromium-browser google-chrome; do
    if command -v "$name"; then exit 0; fi
done
as_root=
[ "$(id -u)" = 0 ] || as_root='sudo -n'
{
    echo 'Installing Chromium for the browser tests (once) ...'
    $as_root env DEBIAN_FRONTEND=noninteractive sh -c \
        'apt-get update -qq && apt-get install -qq -y --no-install-recommends chromium fonts-liberation'
} >&2 || {
    echo 'The browser tests need Chromium: install it, or name one with CHROMIUM=/path/to/chromium.' >&2
    exit 1
}
command -v chromium
