#!/bin/sh
# Unpack Debian's cloud-init into a folder: its data source for OpenNebula reads our contexts in the tests. Nothing is
# installed. Where that cannot be done the tests skip.
set -eu
[ -d "$1" ] && exit 0
command -v apt-get > /dev/null && command -v dpkg-deb > /dev/null || exit 0
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
if ! (cd "$work" && apt-get download -qq -o Acquire::AllowInsecureRepositories=false cloud-init > log 2>&1); then
    echo 'cloud-init cannot be had from the package index; the tests with it will skip'
    exit 0
fi
for package in "$work"/*.deb; do
    version=$(dpkg-deb -f "$package" Version)
    wanted=$(apt-cache show "cloud-init=$version" | sed -n 's/^SHA256: //p' | head -n 1)
    printf '%s  %s\n' "$wanted" "$package" | sha256sum --check --status --strict || {
        echo "cloud-init is not what the package index lists; the tests with it will skip"
        exit 0
    }
    dpkg-deb -x "$package" "$1"
done
