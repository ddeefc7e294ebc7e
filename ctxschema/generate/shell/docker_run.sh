# ---- how the container is started ----

_say() { printf '%s\n' "$*" >&2; }

# What a text takes from a value.
_text_port() { printf '%s' "${1##*:}"; }
_text_host() { [[ $1 != *:* ]] || printf '%s' "${1%:*}"; }
_text_listening_host() { if [[ $1 == '['*:* ]]; then printf '[::]'; else printf '0.0.0.0'; fi; }
_text_listening_ip() { if [[ $1 == '['*:* ]]; then printf '::'; else printf '0.0.0.0'; fi; }
_text_publishing_host() {
    local host
    host=$(_text_host "$1")
    [[ $host == 0.0.0.0 || $host == '[::]' ]] && return
    [[ $host == '['* || $host =~ ^[0-9.]+$ ]] && printf '%s' "$host"
}
_text_reachable() {
    local host
    host=$(_text_host "$1")
    [[ $host != 0.0.0.0 && $host != '[::]' ]] || host=${ETH0_IP-}
    [[ -n $host ]] && printf '%s:%s' "$host" "${1##*:}"
}
# An address that stands for itself alone, or that of the machine for itself. TEXT
_one_address() {
    local byte='(25[0-5]|2[0-4][0-9]|1[0-9][0-9]|[1-9]?[0-9])'
    if [[ $1 =~ ^$byte(\.$byte){3}$ && $1 != 0.0.0.0 ]]; then printf '%s' "$1"; else printf '%s' @LOOPBACK@; fi
}
# What is published on every address is on each of them already. HOST OUTSIDE:INSIDE
_publish() {
    local each
    local -a others=()
    for each in "${ports[@]}"; do
        [[ $each != "$2" && $each != "${1:+$1:}$2" ]] || return 0
        [[ -z $1 && $each == *:"$2" ]] || others+=("$each")
    done
    ports=("${others[@]}" "${1:+$1:}$2")
}
_text_folder() {
    [[ $1 == */* ]] || return
    local folder=${1%/*}
    folder=${folder%"${folder##*[!/]}"}
    [[ -n $folder || $1 != /* ]] || folder=${1%"${1##*/}"}
    printf '%s' "$folder"
}
_text_pem() {
    local text=$1 attempt
    for attempt in 1 2; do
        [[ $text == *'-----BEGIN '* ]] || text=$(base64 -d <<<"${text//[[:space:]]/}" 2>/dev/null) || return 1
    done
    text=${text#"${text%%[![:space:]]*}"}
    [[ $text == *'-----BEGIN '* ]] && printf '%s' "${text%"${text##*[![:space:]]}"}"
}

# A folder that is there keeps what it has. PATH OWNER MODE
_folder() {
    [[ -d $1 ]] || install -d -m "$3" "$1" || exit 1
    chown "$2:$2" "$1" || exit 1
}

# Standard input becomes a file, in one step. PATH OWNER MODE
_write() {
    local new=$1.$$.tmp
    (umask 077 && cat >"$new") && chown "$2:$2" "$new" && chmod "$3" "$new" && mv -f "$new" "$1" && return
    rm -f "$new"
    _say "error: $1 cannot be written"
    exit 1
}

# The certificates that the context gives become files; one without an authority is its own, and what was given before
# is gone. FOLDER OWNER AUTHORITY [CERTIFICATE KEY]
_given_certificates() {
    local authority certificate
    authority=$(_text_pem "$3") certificate=$(_text_pem "${4-}")
    _certificate "$1/ca.crt" "$2" "${authority:-$certificate}"
    (($# > 3)) || return 0
    _certificate "$1/server.crt" "$2" "$certificate"
    _certificate "$1/server.key" "$2" "$(_text_pem "$5")"
}
_certificate() { # PATH OWNER TEXT
    if [[ -n $3 ]]; then
        printf '%s\n' "$3" | _write "$1" "$2" @SECRET_MODE@ || exit 1
    else
        rm -f "$1"
    fi
}

# A certificate that the machine makes and keeps, since others have it as their authority; one that a context gave
# before is not kept. FOLDER OWNER NAME ALTERNATIVE,...
_made_certificate() {
    local byte='(25[0-5]|2[0-4][0-9]|1[0-9][0-9]|[1-9]?[0-9])' each made known=''
    local -a alternatives=()
    made=$(openssl x509 -noout -subject -issuer -nameopt sname,sep_comma_plus,utf8 -in "$1/server.crt" 2>/dev/null)
    [[ $made != "subject=CN=$3"$'\n'"issuer=CN=$3" || ! -s $1/ca.crt || ! -s $1/server.key ]] || return 0
    IFS=, read -ra alternatives <<<"$4"
    for each in "${alternatives[@]}"; do # openssl would refuse all for one that is no name
        [[ $each == DNS:?* || $each == IP:*:* || $each =~ ^IP:$byte(\.$byte){3}$ ]] || continue
        [[ ,$known, == *",$each,"* ]] || known+=${known:+,}$each
    done
    local -a extension=()
    [[ -z $known ]] || extension=(-addext "subjectAltName=$known")
    made=$(openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 3650 -subj "/CN=$3" \
        "${extension[@]}" -keyout - 2>/dev/null)
    if [[ ! $made =~ -----BEGIN\ [A-Z\ ]*PRIVATE\ KEY-----.*-----END\ [A-Z\ ]*PRIVATE\ KEY----- ]]; then
        _say "error: openssl makes no certificate for $3"
        exit 1
    fi
    _certificate "$1/server.key" "$2" "${BASH_REMATCH[0]}"
    made=-----BEGIN\ CERTIFICATE${made#*-----BEGIN\ CERTIFICATE}
    made=${made%%-----END\ CERTIFICATE-----*}-----END\ CERTIFICATE-----
    _certificate "$1/server.crt" "$2" "$made"
    _certificate "$1/ca.crt" "$2" "$made"
}

# Whether Docker has something to hand over a GPU with: the runtime hook, or CDI in an engine that reads it first.
_gpu_route() {
    local folder version specification=''
    for folder in @DAEMON_PATH@; do
        [[ -f $folder/@RUNTIME_HOOK@ && -x $folder/@RUNTIME_HOOK@ ]] && return 0
    done
    version=$(timeout -k 1 @VERSION_SECONDS@ docker version --format '{{.Server.Version}}' 2>/dev/null)
    [[ $version =~ ^([0-9]+)\.([0-9]+) ]] || return 1
    ((BASH_REMATCH[1] * 1000 + BASH_REMATCH[2] >= @CDI_FIRST@)) || return 1
    for folder in @CDI_FOLDERS@; do
        grep -qsF nvidia.com/gpu "$folder"/*.yaml "$folder"/*.json && specification=yes
    done
    [[ -n $specification ]] && command -v @CDI_HOOK@ >/dev/null
}

# gpu becomes YES and DOCKER_GPU_FLAGS what asks for the GPUs, or gpu NO and the flags nothing; reason says why. DEVICES
_decide_gpu() {
    local devices=${1-all} listed found
    gpu=NO gpu_count='' reason='' DOCKER_GPU_FLAGS=()
    if [[ ! -e /proc/driver/nvidia/version && ! -e /sys/module/nvidia ]]; then
        reason='the NVIDIA kernel driver is not loaded'
    elif ! listed=$(timeout -k 1 @SMI_SECONDS@ nvidia-smi -L 2>/dev/null) || [[ $listed != *'GPU '[0-9]* ]]; then
        reason='nvidia-smi names no GPU'
    elif ! _gpu_route; then
        reason='Docker has nothing to hand over a GPU with'
    else
        gpu=YES DOCKER_GPU_FLAGS=(--gpus all)
        found=${listed//[!$'\n']/}
        gpu_count=$((${#found} + 1))
        if [[ -n $devices && ${devices,,} != all ]]; then
            DOCKER_GPU_FLAGS+=(-e "CUDA_VISIBLE_DEVICES=$devices")
            found=${devices//[!,]/}
            gpu_count=$((${#found} + 1))
            order=(-e CUDA_DEVICE_ORDER=PCI_BUS_ID)
        fi
    fi
}
