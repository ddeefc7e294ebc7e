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
if ! apt-get download -qq -o Acquire::AllowInsecureRepositories=false $packages > log 2>&1; then
    apt-get update -qq > log 2>&1 && apt-get download -qq -o Acquire::AllowInsecureRepositories=false $packages >> log 2>&1 || {
        echo 'no Docker engine can be had from the package index; the test with a real engine will skip'
        exit 0
    }
fi
# apt checks what it fetches against lists that Debian has signed; what is unpacked is checked against them once more.
for package in *.deb; do
    name=$(dpkg-deb -f "$package" Package) version=$(dpkg-deb -f "$package" Version)
    wanted=$(apt-cache show "$name=$version" | sed -n 's/^SHA256: //p' | head -n 1)
    printf '%s  %s\n' "$wanted" "$package" | sha256sum --check --status --strict || {
        echo "$package is not what the package index lists; the test with a real engine will skip"
        exit 0
    }
    dpkg -x "$package" unpacked
done
cd - > /dev/null
mkdir -p "$folder"
for program in docker dockerd docker-proxy containerd containerd-shim-runc-v2 runc; do
    find "$work/unpacked/usr" -name "$program" -type f -perm -u+x -exec cp {} "$folder" \;
done
