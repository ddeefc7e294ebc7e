#!/bin/sh
# On a machine with an NVIDIA GPU, its driver and no Docker: boot the agent with a stand-in docker, once as the machine
# is (it decides YES from the real driver) and once with the driver hidden (it decides NO), and time it beside
# nvidia-smi. Run in the root of the repository, with dist/ctxschema-agent.pyz (make agent) there; builds nothing.
#
#   sh tools/record_gpu_run.sh OUTDIR
#
# Writes OUTDIR/gpu-yes.json and gpu-no.json (the agent's reports) and gpu-times.json. Ends with 0 if both decided so.
# MACHINE=/some/folder takes /proc and /sys from there, to try the script without a GPU.
set -eu
out=$1
machine=${MACHINE:-/}
here=$PWD
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
mkdir -p "$out"

# attrs comes out of the bundle, into a folder: Python keeps no compiled code of what is in a zip.
python3 -m zipfile -e "$here/dist/ctxschema-agent.pyz" "$work/bundle"
mkdir "$work/site" && mv "$work/bundle/attr" "$work/bundle/attrs" "$work/site"

mkdir "$work/bin" "$work/containers"
cat > "$work/bin/docker" <<EOF
#!/bin/sh
# Not Docker: it only remembers what it was asked to start.
for last; do :; done
case "\$1" in
version) echo 28.5.2 ;;
image) echo sha256:0 ;;
run) shift; printf '%s\n' "\$@" > "$work/containers/started"; echo 0123456789ab ;;
inspect) echo 'true|0|0|' ;;
esac
EOF
chmod +x "$work/bin/docker"

for root in seen hidden; do
    mkdir -p "$work/$root/run/one-context" "$work/$root/usr/bin"
    printf '#!/bin/sh\n' > "$work/$root/usr/bin/nvidia-container-runtime-hook"
    chmod +x "$work/$root/usr/bin/nvidia-container-runtime-hook"
    cat > "$work/$root/run/one-context/context.sh.network" <<'EOF'
FL_GPU_ENABLED='YES'
FL_SUPERLINK_ADDRESS='192.168.100.10:9092'
VMID='42'
EOF
done
ln -s "$machine/proc" "$work/seen/proc"
ln -s "$machine/sys" "$work/seen/sys"
# CUDA is asked where its library stands below the root.
library=$(python3 -c "import ctypes; ctypes.CDLL('libcuda.so.1'); print(open('/proc/self/maps').read())" 2>/dev/null |
    grep -o '/[^ ]*libcuda\.so[^ ]*' | head -n 1) || library=
if [ -n "$library" ]; then
    mkdir -p "$work/seen/usr/lib/x86_64-linux-gnu"
    ln -s "$library" "$work/seen/usr/lib/x86_64-linux-gnu/libcuda.so.1"
fi

export PATH="$work/bin:$PATH" PYTHONPATH="$here:$work/site"
for root in seen hidden; do
    rm -f "$work/containers/started"
    python3 -m ctxschema.boot flower-supernode --root "$work/$root" --report "$work/$root.json"
    cp "$work/containers/started" "$work/$root.argv"
done

python3 - "$work" "$out" "$here" <<'EOF'
import json, platform, statistics, subprocess, sys, time

work, out, here = sys.argv[1:]
QUERY = "index,uuid,name,memory.total,driver_version,compute_cap,mig.mode.current"
AGENT = ["flower-supernode", "--dry-run", "--root", f"{work}/seen"]
COMMANDS = {
    "nvidia-smi": ["nvidia-smi"],
    "nvidia-smi, the query alone": ["nvidia-smi", f"--query-gpu={QUERY}", "--format=csv,noheader,nounits"],
    "agent, start to decision": [sys.executable, "-m", "ctxschema.boot", *AGENT],
    "agent as one file, start to decision": [sys.executable, "-IS", f"{here}/dist/ctxschema-agent.pyz", *AGENT],
    "python -c 'import attrs'": [sys.executable, "-c", "import attrs"],
    "python -c pass": [sys.executable, "-c", "pass"],
}
taken = {name: [] for name in COMMANDS}
codes = {}
for _ in range(21):
    for name, command in COMMANDS.items():
        began = time.perf_counter()
        ended = subprocess.run(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, check=False)
        codes[name] = ended.returncode
        taken[name].append((time.perf_counter() - began) * 1000)
base = statistics.median(taken["nvidia-smi"])
times = {
    name: {
        "median_ms": round(statistics.median(values), 1),
        "least_ms": round(min(values), 1),
        "most_ms": round(max(values), 1),
        "times_nvidia_smi": round(statistics.median(values) / base, 2),
        "exit_code": codes[name],
    }
    for name, values in taken.items()
}
reports = {root: json.load(open(f"{work}/{root}.json")) for root in ("seen", "hidden")}
for root, name in (("seen", "yes"), ("hidden", "no")):
    reports[root]["started_with"] = open(f"{work}/{root}.argv").read().splitlines()
    text = json.dumps(reports[root], indent=1).replace(work, "/tmp/machine")
    open(f"{out}/gpu-{name}.json", "w").write(text + "\n")
record = {
    "when": time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime()),
    "kernel": platform.release(),
    "python": platform.python_version(),
    "gpus": reports["seen"]["gpu"]["gpus"],
    "runs_each": 21,
    "whole_process": times,
    "gpu_step_seconds": next(step["seconds"] for step in reports["seen"]["steps"] if step["id"] == "gpu"),
}
open(f"{out}/gpu-times.json", "w").write(json.dumps(record, indent=1) + "\n")
print(json.dumps(record, indent=1))
decided = {root: report["gpu"]["available"] for root, report in reports.items()}
flags = {root: "--gpus" in report["started_with"] for root, report in reports.items()}
print(f"decided: {decided}; started with --gpus: {flags}; reason when hidden: {reports['hidden']['gpu']['reason']}")
right = decided == flags == {"seen": True, "hidden": False} and all(report["ok"] for report in reports.values())
sys.exit(0 if right and not any(codes.values()) else 1)
EOF
