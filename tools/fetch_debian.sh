#!/bin/sh
# Unpack programs of Debian into a folder, for the tests in which they read what we write; bin/ has their commands.
# Nothing is installed. What cannot be had is named, and its tests skip.
set -eu
mkdir -p "$1/bin"
folder=$(cd "$1" && pwd)
command -v apt-get > /dev/null && command -v dpkg-deb > /dev/null || exit 0
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

download() {
    (cd "$work/$1" && shift && apt-get download -qq -o Acquire::AllowInsecureRepositories=false "$@" > ../log 2>&1)
}

# unpack NAME PACKAGE...: into the folder NAME, unless it is there.
unpack() {
    name=$1
    shift
    [ ! -d "$folder/$name" ] || return 0
    mkdir "$work/$name"
    download "$name" "$@" || { apt-get update -qq > "$work/log" 2>&1 && download "$name" "$@"; } || {
        echo "$name cannot be had from the package index; its tests will skip"
        return 0
    }
    # apt checks what it fetches against lists that Debian has signed; what is unpacked is checked against them once more.
    for package in "$work/$name"/*.deb; do
        version=$(dpkg-deb -f "$package" Version) title=$(dpkg-deb -f "$package" Package)
        wanted=$(apt-cache show "$title=$version" | sed -n 's/^SHA256: //p' | head -n 1)
        printf '%s  %s\n' "$wanted" "$package" | sha256sum --check --status --strict || {
            echo "$title is not what the package index lists; the tests with $name will skip"
            return 0
        }
        dpkg-deb -x "$package" "$work/$name/unpacked"
    done
    mv "$work/$name/unpacked" "$folder/$name"
}

# command_of NAME PROGRAM: bin/PROGRAM, which runs the line of standard input with the libraries of NAME.
command_of() {
    [ -d "$folder/$1" ] || return 0
    libraries=$(find "$folder/$1/usr/lib" -maxdepth 1 -name '*-linux-gnu*' | tr '\n' ':')
    {
        printf '#!/bin/sh\nexport LD_LIBRARY_PATH=%s\n' "${libraries%:}"
        cat
    } > "$folder/bin/$2"
    chmod +x "$folder/bin/$2"
}

unpack cloud-init cloud-init
unpack engine docker.io containerd runc
for program in docker dockerd docker-proxy containerd containerd-shim-runc-v2 runc; do
    find "$folder/engine/usr" -name "$program" -type f -perm -u+x -exec ln -sf {} "$folder/bin" \; 2> /dev/null || :
done
unpack ruby ruby3.1 libruby3.1 rubygems-integration libyaml-0-2 libgmp10
echo "export RUBYLIB=$folder/ruby/usr/lib/ruby/3.1.0:$(echo "$folder"/ruby/usr/lib/*-linux-gnu*/ruby/3.1.0)
exec '$folder/ruby/usr/bin/ruby3.1' --disable-gems \"\$@\"" | command_of ruby ruby
unpack compose docker-compose libyaml-0-2 python3-docker python3-dockerpty python3-docopt python3-dotenv \
    python3-texttable python3-websocket python3-requests python3-urllib3 python3-jsonschema python3-pyrsistent \
    python3-attr python3-yaml python3-distro python3-certifi python3-chardet python3-charset-normalizer python3-idna \
    python3-six python3-cached-property
echo "PYTHONPATH='$folder/compose/usr/lib/python3/dist-packages' exec python3 -sc \\
    'from compose.cli.main import main; main()' \"\$@\"" | command_of compose docker-compose
