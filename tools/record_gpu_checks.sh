#!/usr/bin/env bash
# Records, on a machine with an NVIDIA GPU, what the command, the script and nvidia-smi say of it, and whether they agree.
#
#   tools/record_gpu_checks.sh [FOLDER]
#
# Writes to FOLDER (default: $OUT, else .). Needs Python 3.10 and attrs; where attrs is missing, put it into the folder
# build/carry beforehand: pip install --target build/carry attrs. Ends with 1 if they do not agree.
set -uo pipefail
cd "$(dirname "$0")/.." || exit 2
folder=${1:-${OUT:-.}}
export PYTHONPATH=$PWD:$PWD/build/carry${PYTHONPATH:+:$PYTHONPATH}
python=${PYTHON:-python3}
"$python" -c 'import attrs' || exit 2

{
  date -u +%FT%TZ
  uname -srm
  "$python" --version
  bash --version | head -n 1
  type -P nvidia-smi docker || true
  timeout 20 nvidia-smi
  timeout 20 nvidia-smi --query-gpu=index,name,memory.total,driver_version,mig.mode.current,persistence_mode --format=csv
  timeout 20 nvidia-smi -L
  timeout 20 nvidia-smi -q | grep -E 'Driver Version|CUDA Version|Attached GPUs|Product Name|Persistence Mode|MIG Mode' -A 1
  cat /proc/driver/nvidia/version
  ls -d /proc/driver/nvidia/gpus/* /dev/nvidia* /sys/module/nvidia/version
} >"$folder/nvidia-smi.txt" 2>&1

for layer in host vm; do
  script=schemas/gpu/validate-gpu.sh
  [[ $layer == host ]] && script=schemas/gpu/validate-host-gpu.sh
  began=$(date +%s%N)
  "$python" -m ctxschema.gpu "$layer" --root "${CTX_ROOT:-/}" --format json >"$folder/$layer-command.json"
  echo "$layer command: exit $?, $((($(date +%s%N) - began) / 1000000)) ms"
  began=$(date +%s%N)
  bash "$script" --json >"$folder/$layer-script.json"
  echo "$layer script: exit $?, $((($(date +%s%N) - began) / 1000000)) ms"
  bash "$script" >"$folder/$layer-script.txt"
done | tee "$folder/times.txt"

"$python" - "$folder" <<'END' | tee "$folder/agreement.txt"
import json, re, subprocess, sys

folder = sys.argv[1]
agree = True


def told(what, fine):
    global agree
    agree = agree and fine
    print(("agree" if fine else "DISAGREE") + ": " + what)


for layer in ("host", "vm"):
    reports = [json.load(open(f"{folder}/{layer}-{by}.json")) for by in ("command", "script")]
    told(f"command and script of {layer}, {len(reports[0]['checks'])} checks", reports[0] == reports[1])

checks = {check["id"]: check for check in reports[0]["checks"]}
query = ["nvidia-smi", "--query-gpu=index,name,memory.total,driver_version", "--format=csv,noheader,nounits"]
try:
    answer = subprocess.run(query, capture_output=True, text=True, timeout=20)
    rows = [line.split(", ") for line in answer.stdout.splitlines()] if answer.returncode == 0 else []
    table = subprocess.run(["nvidia-smi"], capture_output=True, text=True, timeout=20).stdout
except OSError:
    rows, table = [], ""
named = [each["message"] for each in checks["nvidia-smi"]["results"] if each["answer"] == "named"]
told(f"nvidia-smi names {len(rows)} GPUs", [f"GPU {row[0]} is {row[1]} with {row[2]} MiB" for row in rows] == named)
told("GPUs and kernel driver", (checks["kernel-driver"]["status"] == "pass") == bool(rows))
if rows:
    told(f"driver {rows[0][3]}", rows[0][3] in checks["kernel-driver"]["message"])
    cuda = re.search(r"CUDA[A-Za-z ]*Version *: *([0-9.]+)", table)
    told(f"CUDA {cuda[1] if cuda else 'is not told'}", not cuda or f"CUDA up to {cuda[1]}" in checks["cuda"]["message"])
else:
    told("no GPU, and the verdict is fail", reports[0]["verdict"] == "fail")
sys.exit(not agree)
END
