#!/bin/sh
# Boot the agent on a real Docker engine, in namespaces of its own: /opt is memory, and the network ends at its lo.
#   unshare -m -n sh engine_boot.sh WORK PYTHON NAME
# runs the agent for the appliance NAME with what WORK/context.sh and the other words say, and leaves in WORK its report,
# its standard error, the container's log and what Docker says of it.
set -u
work=$1 python=$2 name=$3
shift 3
mount -t tmpfs none /opt
dockerd --data-root "$work/data" --exec-root "$work/exec" -H "unix://$work/docker.sock" --pidfile "$work/pid" \
    --iptables=false --ip6tables=false --storage-driver=vfs > "$work/dockerd.log" 2>&1 &
engine=$!
export DOCKER_HOST="unix://$work/docker.sock"
tries=0
until docker version > /dev/null 2>&1; do
    tries=$((tries + 1))
    [ "$tries" -lt 80 ] || { echo 'no engine' > "$work/skip"; break; }
    sleep 0.25
done
if [ ! -e "$work/skip" ]; then
    for image in flwr/supernode:1.25.0 flwr/supernode:1.25.0-py3.13-ubuntu24.04 flwr/superlink:1.25.0; do
        tar -C "$work/image" -c . | docker import --change 'USER 49999:49999' --change 'WORKDIR /app' \
            --change 'ENTRYPOINT ["/program"]' - "$image" > /dev/null
    done
    "$python" -m ctxschema.runtime "$name" "$@" --report "$work/report.json" 2> "$work/stderr"
    echo $? > "$work/code"
    sleep 0.5
    docker logs "$name" > "$work/log" 2>&1
    docker inspect "$name" > "$work/inspect.json" 2>&1
    docker ps -aq --no-trunc --format '{{.Names}}' > "$work/containers"
    docker rm -f "$name" > /dev/null 2>&1
fi
kill "$engine"
wait "$engine"
