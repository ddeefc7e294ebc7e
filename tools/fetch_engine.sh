#!/bin/sh
# Fetch a Docker engine and its client into a folder, for the test in which a container really starts. Nothing is
# installed: Debian's packages are unpacked there. Where that cannot be done the test skips.
set -eu
folder=$1
packages='docker.io containerd runc'
command -v apt-get > /dev/null && command -v dpkg > /dev/null || exit 0
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
# shellcheck disable=SC2086
if ! apt-get download -qq $packages > log 2>&1; then
    apt-get update -qq > log 2>&1 && apt-get download -qq $packages >> log 2>&1 || {
        echo 'no Docker engine can be had from the package index; the test with a real engine will skip'
        exit 0
    }
fi
for package in *.deb; do
    dpkg -x "$package" unpacked
done
cd - > /dev/null
mkdir -p "$folder"
for program in docker dockerd docker-proxy containerd containerd-shim-runc-v2 runc; do
    find "$work/unpacked/usr" -name "$program" -type f -perm -u+x -exec cp {} "$folder" \;
done
