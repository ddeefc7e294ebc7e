#!/bin/bash
# The checks that such an appliance makes today, in shell: source the context, apply defaults, test each value
# with grep and awk, look for a GPU, print the command. A peer for the benchmark, not part of the product.
set -u
context=$1
set -a
. "$context"
set +a

FLOWER_VERSION="${FLOWER_VERSION:-1.25.0}"
FL_ISOLATION="${FL_ISOLATION:-subprocess}"
FL_LOG_LEVEL="${FL_LOG_LEVEL:-INFO}"
FL_LOG_FORMAT="${FL_LOG_FORMAT:-text}"
FL_GRPC_KEEPALIVE_TIME="${FL_GRPC_KEEPALIVE_TIME:-60}"
FL_GRPC_KEEPALIVE_TIMEOUT="${FL_GRPC_KEEPALIVE_TIMEOUT:-20}"
FL_TLS_ENABLED="${FL_TLS_ENABLED:-YES}"
FL_SSL_CA_CERTFILE="${FL_SSL_CA_CERTFILE:-}"
FL_SUPERLINK_ADDRESS="${FL_SUPERLINK_ADDRESS:-}"
FL_NODE_CONFIG="${FL_NODE_CONFIG:-}"
FL_MAX_RETRIES="${FL_MAX_RETRIES:-0}"
FL_MAX_WAIT_TIME="${FL_MAX_WAIT_TIME:-0}"
ML_FRAMEWORK="${ML_FRAMEWORK:-pytorch}"
FL_USE_CASE="${FL_USE_CASE:-none}"
FL_EDGE_BACKOFF="${FL_EDGE_BACKOFF:-exponential}"
FL_EDGE_MAX_BACKOFF="${FL_EDGE_MAX_BACKOFF:-300}"
FL_GPU_ENABLED="${FL_GPU_ENABLED:-NO}"
FL_CUDA_VISIBLE_DEVICES="${FL_CUDA_VISIBLE_DEVICES:-all}"
FL_GPU_MEMORY_FRACTION="${FL_GPU_MEMORY_FRACTION:-0.8}"
FL_DCGM_ENABLED="${FL_DCGM_ENABLED:-NO}"

errors=0
fail() {
    echo "ERROR: $1" >&2
    errors=$((errors + 1))
}
check_pattern() {
    printf '%s' "$2" | grep -qE "$3" || fail "$1: $2 is not $4"
}
check_yes_no() {
    case "$(printf '%s' "$2" | tr '[:lower:]' '[:upper:]')" in
        YES | NO) ;;
        *) fail "$1: $2 is not YES or NO" ;;
    esac
}

check_pattern FLOWER_VERSION "$FLOWER_VERSION" '^[0-9]+\.[0-9]+\.[0-9]+$' 'X.Y.Z'
check_pattern FL_ISOLATION "$FL_ISOLATION" '^(subprocess|process)$' 'subprocess or process'
check_pattern FL_LOG_LEVEL "$FL_LOG_LEVEL" '^(DEBUG|INFO|WARNING|ERROR)$' 'a level'
check_pattern FL_LOG_FORMAT "$FL_LOG_FORMAT" '^(text|json)$' 'text or json'
check_pattern FL_GRPC_KEEPALIVE_TIME "$FL_GRPC_KEEPALIVE_TIME" '^[1-9][0-9]*$' 'positive'
check_pattern FL_GRPC_KEEPALIVE_TIMEOUT "$FL_GRPC_KEEPALIVE_TIMEOUT" '^[1-9][0-9]*$' 'positive'
check_yes_no FL_TLS_ENABLED "$FL_TLS_ENABLED"
[ -z "$FL_SUPERLINK_ADDRESS" ] || check_pattern FL_SUPERLINK_ADDRESS "$FL_SUPERLINK_ADDRESS" '^[^:]+:[0-9]+$' 'host:port'
check_pattern FL_MAX_RETRIES "$FL_MAX_RETRIES" '^[0-9]+$' 'an integer'
check_pattern FL_MAX_WAIT_TIME "$FL_MAX_WAIT_TIME" '^[0-9]+$' 'an integer'
check_pattern ML_FRAMEWORK "$ML_FRAMEWORK" '^(pytorch|tensorflow|sklearn)$' 'a framework'
check_pattern FL_USE_CASE "$FL_USE_CASE" '^(none|image-classification|anomaly-detection|llm-fine-tuning)$' 'a use case'
check_pattern FL_EDGE_BACKOFF "$FL_EDGE_BACKOFF" '^(exponential|fixed)$' 'a backoff'
check_pattern FL_EDGE_MAX_BACKOFF "$FL_EDGE_MAX_BACKOFF" '^[1-9][0-9]*$' 'positive'
check_yes_no FL_GPU_ENABLED "$FL_GPU_ENABLED"
check_pattern FL_CUDA_VISIBLE_DEVICES "$FL_CUDA_VISIBLE_DEVICES" '^(all|[0-9]+(,[0-9]+)*)$' 'device ids'
awk -v x="$FL_GPU_MEMORY_FRACTION" 'BEGIN { exit !(x ~ /^[0-9.]+$/ && x >= 0 && x <= 1) }' ||
    fail "FL_GPU_MEMORY_FRACTION: $FL_GPU_MEMORY_FRACTION is not from 0.0 to 1.0"
check_yes_no FL_DCGM_ENABLED "$FL_DCGM_ENABLED"
[ "$FL_GRPC_KEEPALIVE_TIMEOUT" -lt "$FL_GRPC_KEEPALIVE_TIME" ] || fail 'keepalive order'
case "$FL_USE_CASE:$ML_FRAMEWORK" in
    none:* | image-classification:pytorch | image-classification:tensorflow) ;;
    anomaly-detection:sklearn | llm-fine-tuning:pytorch) ;;
    *) fail "use case $FL_USE_CASE does not go with $ML_FRAMEWORK" ;;
esac
[ "$errors" -eq 0 ] || exit 1

DOCKER_GPU_FLAGS=""
if [ "$FL_GPU_ENABLED" = YES ]; then
    if lsmod 2>/dev/null | grep -q nvidia && nvidia-smi >/dev/null 2>&1; then
        DOCKER_GPU_FLAGS="--gpus all"
        [ "$FL_CUDA_VISIBLE_DEVICES" = all ] ||
            DOCKER_GPU_FLAGS="$DOCKER_GPU_FLAGS -e CUDA_VISIBLE_DEVICES=$FL_CUDA_VISIBLE_DEVICES"
    else
        echo "WARNING: GPU requested but not available, falling back to CPU" >&2
    fi
fi
echo docker run -d --name flower-supernode --restart unless-stopped -v /opt/flower/data:/app/data:ro \
    -e "FLWR_LOG_LEVEL=$FL_LOG_LEVEL" $DOCKER_GPU_FLAGS "flwr/supernode:$FLOWER_VERSION" --insecure \
    --superlink "$FL_SUPERLINK_ADDRESS" --isolation "$FL_ISOLATION" --node-config "$FL_NODE_CONFIG"
