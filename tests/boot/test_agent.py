"""The boot agent as a program and as a whole: files, reports, logs, booting again."""

import base64
import contextlib
import json
import os
import socket
import stat
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ctxschema import Severity, get_appliance, load_context, validate
from ctxschema.agent import main
from ctxschema.boot.container import settings_text
from ctxschema.boot.known import Known
from ctxschema.catalog.flower.container import OWNER
from ctxschema.core import codes
from ctxschema.core.errors import NoValueError
from ctxschema.machine.log import Log
from ctxschema.machine.system import System
from ctxschema.testing import contexts
from tests.machine import ADDRESS, CPU_IMAGE, LINK, NODE, ROW, Machine
from tests.pem import CERTIFICATE, PRIVATE_KEY


def encoded(text: str) -> str:
    return base64.b64encode(text.encode()).decode()


PEM, KEY = encoded(CERTIFICATE), encoded(PRIVATE_KEY)
TLS = {"FL_TLS_ENABLED": "YES", "FL_SSL_CERTFILE": PEM, "FL_SSL_KEYFILE": KEY}
root_only = pytest.mark.skipif(os.geteuid() != 0, reason="only root gives files away")


def run(machine: Machine, *arguments: str, python: tuple[str, ...] = (), path: str | None = None) -> Any:
    """Run the agent as a process of its own, on a machine."""
    return subprocess.run(
        [sys.executable, *python, "-m", "ctxschema.boot", *arguments, "--root", str(machine.root)],
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
        env={"PATH": path or machine.path},
    )


# ---- the program ------------------------------------------------------------------------------------


def test_a_boot_logs_a_line_a_step_and_writes_a_report(tmp_path: Path) -> None:
    machine = Machine.make(tmp_path, gpu=True).context(**ADDRESS, FL_GPU_ENABLED="YES")
    ended = run(machine, NODE, "--report", str(tmp_path / "report.json"))
    assert (ended.returncode, ended.stdout) == (0, "")
    lines = [line for line in ended.stderr.splitlines() if "step " in line]
    assert [line.split("step ")[1].split("/")[0] for line in lines] == [
        "2",
        "3",
        "4",
        "5",
        "7",
        "8",
        "9",
        "10",
        "11",
        "12",
        "13",
    ]
    report = json.loads((tmp_path / "report.json").read_text())
    assert report["ok"] is True
    assert [step["number"] for step in report["steps"]] == list(range(1, 15))
    assert report["gpu"]["available"] is True
    assert report["gpu"]["gpus"][0]["name"] == "NVIDIA H200"
    assert report["argv"] == machine.argv()
    assert {"began", "seconds", "env", "onegate", "findings"} <= report.keys()
    assert all(step["seconds"] >= 0 for step in report["steps"])


def test_a_boot_that_stops_ends_with_1_and_a_report(tmp_path: Path) -> None:
    machine = Machine.make(tmp_path).context(FL_ISOLATION="jail", FL_MAX_RETRIES="many")
    ended = run(machine, NODE, "--report", str(tmp_path / "report.json"), "--format", "json")
    assert ended.returncode == 1
    assert "FL_ISOLATION" in ended.stderr
    assert "FL_MAX_RETRIES" in ended.stderr
    report = json.loads(ended.stdout)
    assert report == json.loads((tmp_path / "report.json").read_text())
    assert [step["status"] for step in report["steps"]][1:5] == ["done", "failed", "not reached", "not reached"]
    # What an earlier boot started is not what this context says.
    assert machine.commands == ["rm -f flower-supernode", "rm -f flower-dcgm-exporter"]


@pytest.mark.parametrize(
    "arguments",
    [
        [],
        ["flower-service"],
        ["flower-supernod"],
        [NODE, "--bogus"],
        [NODE, "--root", "/nowhere"],
        ["env"],
        ["env", "x"],
    ],
)
def test_misuse_ends_with_2(arguments: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    try:
        code: Any = main(arguments)
    except SystemExit as ended:
        code = ended.code
    assert code == 2
    assert capsys.readouterr().out == ""


def test_a_dry_run_prints_the_command_and_touches_nothing(tmp_path: Path) -> None:
    machine = Machine.make(tmp_path, gpu=True).context(**ADDRESS, FL_GPU_ENABLED="YES")
    before = sorted(path.relative_to(tmp_path) for path in machine.root.rglob("*"))
    ended = run(machine, NODE, "--dry-run")
    assert ended.returncode == 0
    assert ended.stdout.startswith("docker run -d --name flower-supernode")
    assert "--gpus all" in ended.stdout
    assert sorted(path.relative_to(tmp_path) for path in machine.root.rglob("*")) == before
    assert {command.split()[0] for command in machine.commands} == {"version"}
    planned = json.loads(run(machine, NODE, "--dry-run", "--format", "json").stdout)
    assert {"argv", "env", "gpu", "onegate", "findings", "ok"} == planned.keys()
    assert planned["gpu"]["available"] is True


@pytest.mark.parametrize(("answer", "there"), [("yes", True), ("no", False), ("detect", False)])
def test_a_dry_run_can_assume_a_gpu_or_none(tmp_path: Path, answer: str, *, there: bool) -> None:
    machine = Machine.make(tmp_path).context(**ADDRESS, FL_GPU_ENABLED="YES")
    ended = run(machine, NODE, "--dry-run", "--gpu", answer)
    assert ended.returncode == 0
    assert ("--gpus all" in ended.stdout) is there


def test_a_step_that_takes_long_says_so_while_it_does(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    machine = Machine.make(tmp_path).context(**ADDRESS)
    (tmp_path / "bin/docker").rename(tmp_path / "bin/docker.quick")
    machine.program("docker", '#!/bin/sh\n[ "$1" != image ] || sleep 0.3\nexec "$0.quick" "$@"\n')
    monkeypatch.setenv("PATH", machine.path)
    monkeypatch.setattr("ctxschema.core.timed.FIRST_WORD_SECONDS", 0.05)
    assert main([NODE, "--root", str(machine.root)]) == 0
    said = [line for line in capsys.readouterr().err.splitlines() if "Version override" in line]
    assert [line.split(": ")[2].split(" of ")[0] for line in said][:2] == ["at work for 0.05 s", "at work for 0.1 s"]
    assert ": done: " in said[-1]


def test_the_agent_and_the_command_line_plan_the_same(
    tmp_path: Path, ctx: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    machine = Machine.make(tmp_path, gpu=True).context(**ADDRESS, FL_GPU_ENABLED="YES")
    context = str(machine.root / "run/one-context/context.sh.network")
    ours = run(machine, NODE, "--dry-run", "--format", "json", path=f"{tmp_path}/bin")
    monkeypatch.setenv("PATH", f"{tmp_path}/bin")
    theirs = ctx("boot", NODE, "--context", context, "--dry-run", "--format", "json", "--root", str(machine.root))
    assert json.loads(ours.stdout) == theirs.json


def test_the_command_line_boots(tmp_path: Path, ctx: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    machine = Machine.make(tmp_path).context(**ADDRESS)
    monkeypatch.setenv("PATH", machine.path)
    context = str(machine.root / "run/one-context/context.sh.network")
    ended = ctx("boot", NODE, "--context", context, "--root", str(machine.root), "--report", str(tmp_path / "r.json"))
    assert ended.code == 0
    assert machine.containers == [NODE]
    assert json.loads((tmp_path / "r.json").read_text())["ok"] is True


def test_a_report_that_cannot_be_written_does_not_stop_a_boot(tmp_path: Path) -> None:
    machine = Machine.make(tmp_path).context(**ADDRESS)
    ended = run(machine, NODE, "--report", str(tmp_path / "nowhere/report.json"))
    assert ended.returncode == 0
    assert "cannot be written" in ended.stderr
    assert machine.containers == [NODE]


def test_lines_go_to_the_machines_syslog_and_a_log_that_is_full_holds_nobody_up(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    machine = Machine.make(Path(os.path.realpath(tmp_path))).context(**ADDRESS)
    (machine.root / "dev").mkdir()
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as log:
        monkeypatch.chdir(machine.root)  # the path of a socket is short
        log.bind("dev/log")
        ended = run(machine, NODE)
        received = [log.recv(2000).decode()]
        log.setblocking(False)
        with contextlib.suppress(BlockingIOError):
            while True:
                received.append(log.recv(2000).decode())
    assert ended.returncode == 0
    assert any("step 2/14" in line and line.startswith("<30>ctxschema-agent[") for line in received)


def test_a_secret_that_a_step_reads_while_a_line_is_written_stops_no_line(capsys: pytest.CaptureFixture[str]) -> None:
    log = Log(System(), syslog=False)

    class ReadMeanwhile(str):
        __slots__ = ()

        def split(self, *_: object) -> list[str]:
            log.secrets.add("another-secret")
            return [str(self)]

    log.secrets.add(ReadMeanwhile("the-secret"))
    log.line("at work with the-secret")
    assert capsys.readouterr().err.endswith("at work with ********\n")


def test_what_no_terminal_should_see_is_escaped_in_the_log(tmp_path: Path) -> None:
    machine = Machine.make(tmp_path).context(**ADDRESS).docker("refuses", "\x1b[2Jfalse: step 13/14 done")
    ended = run(machine, NODE)
    assert ended.returncode == 1
    assert "\x1b" not in ended.stderr
    assert "did not start" in ended.stderr


# ---- where the context comes from -------------------------------------------------------------------


def test_the_context_is_that_of_the_latest_stage_then_one_env_then_the_environment(tmp_path: Path) -> None:
    machine = Machine.make(tmp_path)
    one_env = 'export FL_SUPERLINK_ADDRESS="from.one-env:1"\nexport EVIL="$(touch ' + f'{tmp_path}/evil)"\n'
    machine.file("run/one-context/one_env", one_env)
    assert "from.one-env:1" in run(machine, NODE, "--dry-run").stdout
    machine.file("run/one-context/context.sh.local", "FL_SUPERLINK_ADDRESS='local:1'\n")
    assert "local:1" in run(machine, NODE, "--dry-run").stdout
    machine.file("run/one-context/context.sh.network", "FL_SUPERLINK_ADDRESS='network:1'\n")
    assert "network:1" in run(machine, NODE, "--dry-run").stdout
    machine.file("named", "FL_SUPERLINK_ADDRESS='named:1'\n")
    assert "named:1" in run(machine, NODE, "--dry-run", "--context", str(machine.root / "named")).stdout
    assert not (tmp_path / "evil").exists()


# ---- files ------------------------------------------------------------------------------------------


@root_only
def test_folders_and_files_belong_to_the_containers_user_with_the_right_modes(tmp_path: Path) -> None:
    machine = Machine.make(tmp_path).context(**TLS, FL_CHECKPOINT_ENABLED="YES")
    assert machine.boot(LINK).ok
    flower = machine.root / "opt/flower"
    for folder in ("state", "checkpoints", "certs"):
        status = (flower / folder).stat()
        assert (status.st_uid, status.st_gid, stat.S_IMODE(status.st_mode)) == (OWNER, OWNER, 0o750)
    for name in ("ca.crt", "server.crt", "server.key"):
        status = (flower / "certs" / name).stat()
        assert (status.st_uid, status.st_gid, stat.S_IMODE(status.st_mode)) == (OWNER, OWNER, 0o600)
    assert (flower / "certs/server.key").read_text() == PRIVATE_KEY
    assert (flower / "certs/ca.crt").read_text() == CERTIFICATE
    status = (flower / "config/flower-superlink.env").stat()
    assert (status.st_uid, stat.S_IMODE(status.st_mode)) == (0, 0o600)


@root_only
def test_a_folder_that_somebody_closed_stays_closed(tmp_path: Path) -> None:
    machine = Machine.make(tmp_path).context(**ADDRESS)
    data = machine.root / "opt/flower/data"
    data.mkdir(parents=True)
    data.chmod(0o700)
    assert machine.boot().ok
    assert (stat.S_IMODE(data.stat().st_mode), data.stat().st_uid) == (0o700, OWNER)


def test_nothing_half_written_is_left_behind(tmp_path: Path) -> None:
    machine = Machine.make(tmp_path).context(**TLS)
    assert machine.boot(LINK).ok
    assert not list(machine.root.rglob("*.tmp"))


def test_a_full_disk_stops_the_boot_and_leaves_the_old_file(tmp_path: Path) -> None:
    machine = Machine.make(tmp_path).context(**ADDRESS)
    assert machine.boot().ok
    env_file = machine.root / "opt/flower/config/flower-supernode.env"
    before = env_file.read_text()
    limited = f"ulimit -f 0; trap '' XFSZ; exec {sys.executable} -m ctxschema.boot {NODE} --root {machine.root}"
    ended = subprocess.run(
        ["bash", "-c", limited], capture_output=True, text=True, env={"PATH": machine.path}, check=False, timeout=60
    )
    assert ended.returncode == 1
    assert "cannot be written: File too large" in ended.stderr
    assert env_file.read_text() == before
    assert not list(machine.root.rglob("*.tmp"))


def test_secrets_are_in_no_log_no_report_no_argument_and_no_env_file(tmp_path: Path) -> None:
    machine = Machine.make(tmp_path).context(**TLS, ONEGATE_ENDPOINT="http://127.0.0.1:9", ONEGATE_TOKEN="t0ken-s3cret")
    ended = run(machine, LINK, "--format", "json", "--report", str(tmp_path / "report.json"))
    assert ended.returncode == 0
    config = (machine.root / "opt/flower/config/flower-superlink.env").read_text()
    texts = [ended.stdout, ended.stderr, (tmp_path / "report.json").read_text(), config, *machine.commands]
    for secret in (KEY[40:80], PRIVATE_KEY.splitlines()[1], "t0ken-s3cret"):
        assert not [text for text in texts if secret in text]


@given(context=contexts(get_appliance(LINK)))
def test_no_value_adds_a_line_to_the_env_file(context: dict[str, str]) -> None:
    values = validate(get_appliance(LINK), load_context(context)).values
    lines = settings_text(Known(get_appliance(LINK), values)).splitlines()
    assert all(line.partition("=")[0] in get_appliance(LINK).by_name for line in lines)


@given(value=st.text(st.characters(codec="utf-8"), max_size=30))
@pytest.mark.parametrize("name", ["FL_USE_CASE", "FL_LOG_FORMAT", "ML_FRAMEWORK", "FL_GRPC_KEEPALIVE_TIME"])
def test_a_value_of_any_characters_is_refused_or_one_line(name: str, value: str) -> None:
    values = validate(get_appliance(NODE), load_context({name: value})).values
    if name not in values:
        with pytest.raises(NoValueError, match=name):
            settings_text(Known(get_appliance(NODE), values))
        return
    text = settings_text(Known(get_appliance(NODE), values))
    assert text.count("\n") == len(text.splitlines())
    assert f"{name}=" in text


def test_a_node_config_with_a_line_end_reaches_flower_whole_and_no_env_file(tmp_path: Path) -> None:
    value = 'a=1\nb=2\tc="$(id) `x` \\\\ \' 3"'
    machine = Machine.make(tmp_path).context(**ADDRESS, FL_NODE_CONFIG=value)
    assert machine.boot().ok
    assert f"--node-config={value}" in machine.argv()
    assert "b=2" not in (machine.root / "opt/flower/config/flower-supernode.env").read_text()


@pytest.mark.parametrize("size", [1_000_000, 15_000_000])
def test_a_large_value_is_refused_with_a_finding(tmp_path: Path, size: int) -> None:
    machine = Machine.make(tmp_path).context(**ADDRESS, FL_NODE_CONFIG="a=" + "1" * size)
    report = machine.boot()
    assert not report.ok
    assert [finding.variable for finding in report.findings] == ["FL_NODE_CONFIG"]
    assert len(str(report.as_dict())) < 20_000


def test_ten_thousand_variables_are_no_matter(tmp_path: Path) -> None:
    machine = Machine.make(tmp_path).context(**ADDRESS, **{f"OTHER_{number}": "x" for number in range(10_000)})
    assert machine.boot().ok


# ---- certificates -----------------------------------------------------------------------------------


OTHER_KEY = """\
-----BEGIN PRIVATE KEY-----
MIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQgAAAAAAAAAAAAAAAA
AAAAAAAAAAAAAAAAAAAAAAAAAAGhRANCAARrF9Hy4SxCR/i85uVjpEDydwN9gS3r
M6D0oTlF2JjClk/jQuL+Gn+bjufrSnwPnhYrzjNXazFezsu2QGg3v1H1
-----END PRIVATE KEY-----
"""


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"FL_SSL_KEYFILE": base64.b64encode(OTHER_KEY.encode()).decode()}, "does not belong to the certificate"),
        (
            {"FL_SSL_CERTFILE": base64.b64encode(CERTIFICATE.replace("MIIB", "MIIC").encode()).decode()},
            "cannot be loaded",
        ),
        (
            {"FL_SSL_KEYFILE": base64.b64encode(PRIVATE_KEY.replace("MIGH", "MIGG").encode()).decode()},
            "cannot be loaded",
        ),
        ({"FL_SSL_CERTFILE": "bm90IFBFTQ=="}, "does not decode to PEM"),
    ],
)
@pytest.mark.parametrize("dry", [True, False])
def test_certificates_that_are_none_stop_the_boot_without_being_shown(
    tmp_path: Path, change: dict[str, str], message: str, *, dry: bool
) -> None:
    machine = Machine.make(tmp_path).context(**{**TLS, **change})
    ended = run(machine, LINK, "--format", "json", *(["--dry-run"] if dry else []))
    assert ended.returncode == 1
    assert message in ended.stderr
    assert "FL_SSL_" in ended.stderr
    for value in ({**TLS, **change})["FL_SSL_CERTFILE"], ({**TLS, **change})["FL_SSL_KEYFILE"]:
        assert value[10:] not in ended.stderr + ended.stdout
    assert not list(machine.root.rglob("*.key"))


def test_a_supernode_gets_its_authority_and_no_key(tmp_path: Path) -> None:
    machine = Machine.make(tmp_path).context(**ADDRESS, FL_TLS_ENABLED="YES", FL_SSL_CA_CERTFILE=PEM)
    assert machine.boot().ok
    assert [path.name for path in (machine.root / "opt/flower/certs").iterdir()] == ["ca.crt"]
    assert "--insecure" not in machine.argv()


@pytest.mark.skipif(not os.path.exists("/usr/bin/openssl"), reason="no openssl on this machine")
def test_a_superlink_without_a_certificate_has_one_generated_once(tmp_path: Path) -> None:
    import ssl

    machine = Machine.make(tmp_path).context(
        FL_TLS_ENABLED="YES", ETH0_IP="10.0.0.5", FL_CERT_EXTRA_SAN="DNS:link.example.org,IP:10.9.9.9"
    )
    assert machine.boot(LINK).ok
    certs = machine.root / "opt/flower/certs"
    texts = {path.name: path.read_text() for path in certs.iterdir()}
    assert sorted(texts) == ["ca.crt", "server.crt", "server.key"]
    ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER).load_cert_chain(certs / "server.crt", certs / "server.key")
    shown = subprocess.run(
        ["openssl", "x509", "-in", certs / "server.crt", "-noout", "-ext", "subjectAltName"],
        capture_output=True,
        text=True,
        check=True,
    ).stdout
    for name in ("DNS:localhost", "IP Address:10.0.0.5", "DNS:link.example.org", "IP Address:10.9.9.9"):
        assert name in shown
    assert machine.boot(LINK).ok
    assert {path.name: path.read_text() for path in certs.iterdir()} == texts


# ---- booting again ----------------------------------------------------------------------------------


def test_a_container_of_a_boot_with_a_gpu_is_made_anew_when_the_gpu_is_gone(tmp_path: Path) -> None:
    machine = Machine.make(tmp_path, gpu=True).context(**ADDRESS, FL_GPU_ENABLED="YES")
    assert machine.boot().ok
    assert "--gpus" in machine.argv()
    machine.remove("proc/driver/nvidia/version")
    assert machine.boot().ok
    assert "--gpus" not in machine.argv()
    assert CPU_IMAGE in machine.argv()
    assert machine.containers == [NODE]
    machine.file("proc/driver/nvidia/version", "NVRM\n")
    assert machine.boot().ok
    assert "--gpus" in machine.argv()


def test_after_a_failed_start_with_a_gpu_the_leftover_is_removed_before_the_second_start(tmp_path: Path) -> None:
    machine = (
        Machine.make(tmp_path, gpu=True).context(**ADDRESS, FL_GPU_ENABLED="YES").docker("no-driver", "no GPU here")
    )
    report = machine.boot()
    assert report.ok
    words = [command.split()[0] for command in machine.commands]
    first = words.index("run")
    assert words[first : first + 6] == ["run", "inspect", "rm", "image", "rm", "run"]
    assert words.count("run") == 2
    assert report.as_dict()["gpu"]["reason"] == "the container does not run with a GPU: no GPU here"


def test_the_exporter_of_gpu_metrics_runs_only_beside_a_gpu_that_is_used(tmp_path: Path) -> None:
    machine = Machine.make(tmp_path, gpu=True).context(**ADDRESS, FL_GPU_ENABLED="YES", FL_DCGM_ENABLED="YES")
    assert machine.boot().ok
    assert machine.containers == ["flower-dcgm-exporter", NODE]
    exporter = machine.argv("flower-dcgm-exporter")
    assert exporter[exporter.index("-p") + 1] == "127.0.0.1:9400:9400"
    assert exporter[exporter.index("--gpus") + 1] == "all"
    machine.docker("gpu-crashes", "")
    assert machine.boot().ok
    assert machine.containers == [NODE]


def test_an_exporter_that_does_not_start_is_a_warning(tmp_path: Path) -> None:
    machine = Machine.make(tmp_path, gpu=True).context(**ADDRESS, FL_GPU_ENABLED="YES", FL_DCGM_ENABLED="YES")
    machine.docker("refuses.flower-dcgm-exporter", "no")
    report = machine.boot()
    assert report.ok
    (finding,) = [finding for finding in report.findings if finding.code == codes.SIDECAR.id]
    assert finding.severity is Severity.WARNING
    assert machine.containers == [NODE]


def test_a_device_that_is_not_there_is_left_out_with_a_warning_that_says_what_is(tmp_path: Path) -> None:
    machine = Machine.make(tmp_path, gpu=True).context(**ADDRESS, FL_GPU_ENABLED="YES", FL_CUDA_VISIBLE_DEVICES="0,7")
    report = machine.boot()
    (finding,) = [each for each in report.findings if each.code == codes.DEVICE_NOT_THERE.id]
    assert "no GPU has the number 7; the machine has 0 (NVIDIA H200)" in finding.message
    assert finding.severity is Severity.WARNING
    assert run(machine, NODE, "--dry-run").returncode == 0
    assert "CUDA_VISIBLE_DEVICES=0" in machine.argv()
    assert "--gpus" in machine.argv()


def test_several_gpus_are_all_reported(tmp_path: Path) -> None:
    machine = Machine.make(tmp_path, gpu=True).context(**ADDRESS, FL_GPU_ENABLED="YES", FL_CUDA_VISIBLE_DEVICES="1,0")
    machine.smi(f"echo '{ROW}'; echo '{ROW.replace('0, GPU', '1, GPU', 1)}'")
    report = machine.boot()
    assert [gpu["index"] for gpu in report.as_dict()["gpu"]["gpus"]] == ["0", "1"]
    assert "CUDA_VISIBLE_DEVICES=1,0" in machine.argv()


def test_hardening_is_the_default_and_can_be_switched_off(tmp_path: Path) -> None:
    machine = Machine.make(tmp_path).context(**ADDRESS)
    assert machine.boot().ok
    assert {"--cap-drop", "--security-opt"} <= set(machine.argv())
    assert machine.boot(hardened=False).ok
    assert not {"--cap-drop", "--security-opt"} & set(machine.argv())
    assert "--cap-drop" not in run(machine, NODE, "--dry-run", "--no-hardening").stdout


def test_a_gpu_that_was_not_found_is_looked_into(tmp_path: Path) -> None:
    machine = Machine.make(tmp_path, gpu=True).context(**ADDRESS, FL_GPU_ENABLED="YES")
    machine.remove("proc/driver/nvidia/version")
    (machine.root / "etc/docker").mkdir(parents=True, exist_ok=True)
    os.mkfifo(machine.root / "etc/docker/daemon.json")  # nobody waits for what never comes
    ended = run(machine, NODE, "--report", str(tmp_path / "report.json"))
    report = json.loads((tmp_path / "report.json").read_text())
    checked = [finding for finding in report["findings"] if finding["code"] == codes.GPU_CHECK.id]
    assert (ended.returncode, report["ok"], report["gpu"]["available"]) == (0, True, False)
    assert checked
    for finding in checked:
        assert (finding["severity"], bool(finding["repair"])) == ("warning", True)
        assert finding["message"] in ended.stderr
