#!/bin/sh
# Boot the agent on a real Docker engine, in namespaces of its own: /opt is memory, and the network ends at its lo.
#   unshare -mnpf --mount-proc --kill-child sh engine_boot.sh WORK PYTHON
# boots once for every folder WORK/boots/NAME..., with the words in its file `words` and the programs in its folder `bin`,
# and leaves there the report, standard error, the container's log and what Docker says of it. Without an engine it
# leaves WORK/skip.
set -u
work=$1 python=$2
mount -t tmpfs none /opt
# Ports are published on 127.0.0.1, which is there once lo is up (SIOCSIFFLAGS, IFF_UP).
"$python" -c 'import fcntl, socket, struct
fcntl.ioctl(socket.socket(), 0x8914, struct.pack("16sH14x", b"lo", 1))' || echo 'lo stays down' >&2
dockerd --data-root "$work/data" --exec-root "$work/exec" -H "unix://$work/docker.sock" --pidfile "$work/pid" \
    --iptables=false --ip6tables=false --storage-driver=vfs > "$work/dockerd.log" 2>&1 &
engine=$!
export DOCKER_HOST="unix://$work/docker.sock"
tries=0
until docker version > /dev/null 2>&1; do
    tries=$((tries + 1))
    [ "$tries" -lt 120 ] || { tail -n 3 "$work/dockerd.log" > "$work/skip"; kill "$engine"; wait "$engine"; exit; }
    sleep 0.25
done
tar -C "$work/image" -c . | docker import --change 'USER 49999:49999' --change 'WORKDIR /app' \
    --change 'ENTRYPOINT ["/program"]' - flwr/supernode:1.25.0 > /dev/null
docker tag flwr/supernode:1.25.0 flwr/supernode:1.25.0-py3.13-ubuntu24.04
docker tag flwr/supernode:1.25.0 flwr/superlink:1.25.0
tar -C "$work/image" -c . | docker import --change 'ENTRYPOINT ["/program"]' - ollama/ollama:latest > /dev/null
docker tag ollama/ollama:latest vllm/vllm-openai:v0.10.2
for boot in "$work"/boots/*; do
    name=$(basename "$boot")
    name=${name#*.}
    xargs -d '\n' env PATH="$boot/bin:$PATH" "$python" -m ctxschema.boot "$name" --report "$boot/report.json" \
        < "$boot/words" 2> "$boot/stderr"
    sleep 0.5
    docker logs "$name" > "$boot/log" 2>&1
    docker inspect "$name" > "$boot/inspect.json" 2>&1
    docker ps -aq --no-trunc --format '{{.Names}}' > "$boot/containers"
    docker rm -f "$name" > /dev/null 2>&1
done
kill "$engine"
wait "$engine"
