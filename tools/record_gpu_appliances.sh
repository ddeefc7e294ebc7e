#!/bin/sh
# On a machine with an NVIDIA GPU and its driver: the dry run of every appliance that can use a GPU, once as the machine
# is and once with the driver hidden. Docker is stood in for, where it is asked whether it could hand a GPU over. Run in
# the root of the repository, with dist/ctxschema-agent.pyz (make agent) there.
#
#   sh tools/record_gpu_appliances.sh OUTFILE
#
# Ends with 0 if each decided YES where the driver is seen, and NO where it is hidden.
set -eu
out=$1
agent=$PWD/dist/ctxschema-agent.pyz
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
mkdir "$work/bin"
printf '#!/bin/sh\necho 28.5.2\n' > "$work/bin/docker"
chmod +x "$work/bin/docker"
for root in seen hidden; do
    mkdir -p "$work/$root/usr/bin"
    printf '#!/bin/sh\n' > "$work/$root/usr/bin/nvidia-container-runtime-hook"
    chmod +x "$work/$root/usr/bin/nvidia-container-runtime-hook"
done
ln -s /proc "$work/seen/proc"
ln -s /sys "$work/seen/sys"
cat > "$work/context.sh" <<'EOT'
ETH0_IP='192.168.100.10'
FL_GPU_ENABLED='YES'
FL_SUPERLINK_ADDRESS='192.168.100.10:9092'
ONEAPP_OLLAMA_GPU_ENABLED='YES'
EOT
export PATH="$work/bin:$PATH"
python3 - "$work" "$out" "$agent" << 'EOT'
import json, platform, subprocess, sys, time

work, out, agent = sys.argv[1:]
found = {}
for name in ("flower-supernode", "ollama", "vllm"):
    for root in ("seen", "hidden"):
        words = [name, "--dry-run", "--context", f"{work}/context.sh", "--root", f"{work}/{root}", "--format", "json"]
        ended = subprocess.run([sys.executable, "-IS", agent, *words], capture_output=True, text=True, check=False)
        told = json.loads(ended.stdout)
        found[f"{name}, driver {root}"] = {
            "decision": "YES" if told["gpu"]["available"] else "NO",
            "exit_code": ended.returncode,
            **{key: told["gpu"][key] for key in ("flags", "warning", "reason")},
            "onegate": told["onegate"],
            "argv": told["argv"],
        }
query = ["nvidia-smi", "--query-gpu=index,name,driver_version", "--format=csv,noheader"]
record = {
    "when": time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime()),
    "kernel": platform.release(),
    "python": platform.python_version(),
    "gpus": subprocess.run(query, capture_output=True, text=True, check=False).stdout.splitlines(),
    "dry_runs": found,
}
open(out, "w").write(json.dumps(record, indent=1) + "\n")
wrong = [name for name, told in found.items() if (told["decision"] == "YES") != name.endswith("seen")]
print({name: told["decision"] for name, told in found.items()})
sys.exit(1 if wrong else 0)
EOT
