"""What the docker-run script does on a machine: bash runs it, and in place of Docker what prints its words."""

import base64
import os
import subprocess
from pathlib import Path

import pytest

from ctxschema.boot.container import plan_container
from ctxschema.boot.known import Known, context_facts
from ctxschema.context.load import load_context
from ctxschema.context.validate import validate
from ctxschema.core.source import SourceText
from ctxschema.declaration.load import read_declaration
from ctxschema.generate.registry import OUTPUTS
from ctxschema.gpu.decision import NOT_REQUESTED
from ctxschema.model.appliance import Appliance

(OUTPUT,) = [output for output in OUTPUTS if output.name == "docker-run"]
PEM = "-----BEGIN CERTIFICATE-----\nMAMA\n-----END CERTIFICATE-----"
CA = base64.b64encode(PEM.encode()).decode()
HEAD = """\
name: own
title: Own
summary: S
variables:
  A_AT: {label: At, default: '0.0.0.0:90'}
  A_OTHER: {label: Other}
  A_PATH: {label: Path, default: /x}
  A_CA: {kind: text64, label: CA, default: ''}
  A_CERT: {kind: text64, label: Certificate, default: ''}
  A_KEY: {kind: secret-text64, label: Key, default: ''}
  A_NAMES: {label: Names, default: ''}
  A_HOST: {label: Host, made: hostname}
  A_OWN: {label: Own address, made: address}
container:
  image: {repository: example/own}
"""
"""What a container is declared with goes behind it, indented by two."""


def appliance(container: str, head: str = HEAD) -> Appliance:
    text = head + "".join(f"  {line}\n" for line in container.splitlines())
    declared, findings = read_declaration(SourceText(text, "own.yaml"))
    assert declared is not None, findings
    return declared


def started(declared: Appliance, folder: Path, *options: str, docker: str = ":", **given: str) -> tuple[int, list[str]]:
    """Run the script; return its status, and the lines that it and Docker's stand-in write."""
    (folder / "run.sh").write_text(OUTPUT.text(declared), encoding="utf-8")
    programs = folder / "programs"
    programs.mkdir(exist_ok=True)
    for name, does in (("docker", f'echo "docker $*"\n{docker}'), ("chown", f'echo "$*" >>"{folder}/owners"')):
        (programs / name).write_text(f"#!/bin/sh\n{does}\n", encoding="utf-8")
        (programs / name).chmod(0o755)
    environment = {"PATH": f"{programs}:{os.environ['PATH']}", **given}
    ended = subprocess.run(
        ["bash", folder / "run.sh", *options],
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
        env=environment,
    )
    return ended.returncode, ended.stdout.splitlines()


AGREED = {
    "what another machine connects to": ("arguments: ['--x={A_AT:reachable}']", {"ETH0_IP": "10.0.0.5"}),
    "no address that one could connect to": ("arguments: ['--x={A_AT:reachable}']", {}),
    "an address that is given": ("arguments: ['--x={A_AT:reachable}']", {"A_AT": "10.0.0.9:80"}),
    "no host": ("arguments: ['--x={A_AT:reachable}', '--y={A_AT:listening-ip}{A_AT:port}']", {"A_AT": "80"}),
    "IPv6": ("arguments: ['{A_AT:listening-host}', '{A_AT:listening-ip}', '{A_AT:reachable}']", {"A_AT": "[fe::1]:80"}),
    "IPv6 of every address": ("arguments: ['--x={A_AT:reachable}']", {"A_AT": "[::]:80", "ETH0_IP": "10.0.0.5"}),
    "the root as a folder": ("arguments: ['--x={A_PATH:folder}']", {}),
    "a folder behind two slashes": ("arguments: ['--x={A_PATH:folder}']", {"A_PATH": "a//b"}),
    "no folder": ("arguments: ['--x={A_PATH:folder}', --y]", {"A_PATH": "a"}),
    "PEM": ("arguments: ['--x={A_CA:pem}', '{A_CERT:pem}']", {"A_CA": CA, "A_CERT": f" {PEM}\n"}),
    "no PEM": ("arguments: ['--x={A_CA:pem}']", {"A_CA": base64.b64encode(b"x").decode()}),
    "no value": ("arguments: ['--x={A_OTHER}', {flag: --y, value: '{A_OTHER}'}, '{gpu}{vm_id}']", {}),
    "a port on a name": ("ports: [{inside: '90', address: '{A_AT:publishing-host}'}]", {"A_AT": "80"}),
    "an address that nobody gives": ("ports: [{inside: '90', address: '{A_OTHER}', unless_given: '{address}'}]", {}),
    "nothing to fall back to": ("ports: [{inside: '90', address: '{A_AT}', unless_given: '{A_OTHER}'}]", {}),
    "half an address": (
        "ports: [{inside: '90', address: '{A_AT:publishing-host}{A_OTHER}', unless_given: 127.0.0.1}, {inside: '91'}]",
        {"A_AT": "10.0.0.1:1"},
    ),
    "an address of two": (
        "ports: [{inside: '90', address: '{A_PATH}.{A_OTHER}'}]",
        {"A_PATH": "10.0", "A_OTHER": "0.1"},
    ),
    "an address of two that are given": (
        "ports: [{inside: '90', address: '{A_PATH}.{A_OTHER}', unless_given: '{address}'}]",
        {"A_PATH": "10.0", "A_OTHER": "0.1"},
    ),
    "two to fall back to": (
        "ports: [{inside: '90', unless_given: '{A_PATH}.{A_OTHER}'}]",
        {"A_PATH": "10.0", "A_OTHER": "0.1"},
    ),
    "an address of the machine": (
        "ports: [{inside: '90', address: '{address}', unless_given: '{address}'}]",
        {"ETH0_IP": "10.0.0.5"},
    ),
    "no address of the machine": ("ports: [{inside: '90', address: '{address}', unless_given: '{address}'}]", {}),
    "braces that name nothing": (
        "files: [{path: '/{A_AT}', text: x, inside: /b}]\nports: [{inside: '90', exposed_when: {A_AT: '{}'}}]",
        {"A_AT": "{}"},
    ),
    "nothing": ("arguments: [{flag: --y, when: {not: {set: A_OTHER}}}, '']", {}),
}


@pytest.mark.parametrize(("container", "given"), AGREED.values(), ids=AGREED)
def test_the_container_is_that_of_the_agent(container: str, given: dict[str, str], tmp_path: Path) -> None:
    declared = appliance(container)
    code, lines = started(declared, tmp_path, "--print", **given)
    raw = load_context(given)
    known = Known(declared, validate(declared, raw).values, {"gpu": "NO", **context_facts(raw)})
    words = ["bash", "-c", f"printf '%s\\0' {lines[-1]}"]
    printed = subprocess.run(words, capture_output=True, text=True, check=True).stdout.split("\0")[:-1]
    assert (code, printed) == (0, plan_container(known, NOT_REQUESTED).arguments())


def test_an_appliance_without_variables_may_have_conditions(tmp_path: Path) -> None:
    head = HEAD.partition("variables:")[0] + "gpu: {}\nvariables: {}\ncontainer:\n  image: {repository: example/own}\n"
    declared = appliance("arguments: [{flag: --y, when: {not: {gpu: used}}}]", head)
    assert "--y" in started(declared, tmp_path, "--cpu", "--print")[1][-1]


def test_a_machine_knows_its_name_and_address_and_makes_no_password(tmp_path: Path) -> None:
    declared = appliance("arguments: ['--host={A_HOST}', '--own={A_OWN}', --end]")
    name = Path("/proc/sys/kernel/hostname").read_text(encoding="utf-8").strip()
    for given, words in (
        ({"ETH0_IP": "10.0.0.5"}, f"--host={name} --own=10.0.0.5 --end"),
        ({}, f"--host={name} --end"),
        ({"A_HOST": "h", "A_OWN": "o"}, "--host=h --own=o --end"),
    ):
        assert started(declared, tmp_path, "--print", **given)[1][-1].rstrip().endswith(f"latest {words}")
    password = appliance("arguments: [--end]", HEAD.replace("made: address", "made: uuid"))
    said = "error: A_OWN is empty, and this script makes nothing that is random; set it"
    assert started(password, tmp_path, "--print") == (1, [said])
    assert started(password, tmp_path, "--print", A_OWN="o")[0] == 0


def written(folder: Path) -> dict[str, str]:
    """The files below a folder by their names in it, each with its mode and what stands in it."""
    files = sorted(path for path in folder.rglob("*") if path.is_file())
    return {
        path.relative_to(folder).as_posix(): f"{path.stat().st_mode & 0o777:o} {path.read_text(encoding='utf-8')}"
        for path in files
    }


def test_files_and_their_folders_are_made_before_the_container(tmp_path: Path) -> None:
    root = tmp_path / "root"
    declared = appliance(
        f"owner: 70\nenv_file: {root}/own env/env\n"
        "environment: [{name: A, text: 'x y', in_file: true}, {name: B, text: '{A_OTHER}', in_file: true}]\n"
        f"files:\n  - {{path: '{root}/made/inside', text: 'it''s $x', inside: /inside}}\n"
        f"  - {{path: '{root}/mounted/file', text: '{{A_CA:pem}}', mode: '0644'}}\n"
        f"  - {{path: '{root}/other/file', text: 'a%s'}}\n"
        f"mounts:\n  - {{source: '{root}/other/file', target: /other}}\n  - {{source: volume, target: /volume}}\n"
        f"  - {{source: '{root}/mounted', target: /mounted, mode: '0711', owner: 8}}\n"
        f"  - {{source: '{root}/{{A_OTHER}}', target: /nothing}}"
    )
    code, lines = started(declared, tmp_path, A_CA=CA)
    assert (code, len(lines)) == (0, 1)
    assert f"-v {root}/other/file:/other:ro -v volume:/volume:ro -v {root}/mounted:/mounted:ro" in lines[-1]
    assert f"-v {root}/made/inside:/inside:ro --env-file {root}/own env/env" in lines[-1]
    assert written(root) == {
        "made/inside": "600 it's $x",
        "mounted/file": f"644 {PEM}\n",
        "other/file": "600 a%s",
        "own env/env": "600 A=x y\n",
    }
    owners = [line.split(" ")[0] for line in (tmp_path / "owners").read_text(encoding="utf-8").splitlines()]
    assert owners == [*["0:0"] * 3, "8:8", "0:0", *["70:70"] * 3]
    assert {path.name: f"{path.stat().st_mode & 0o777:o}" for path in root.iterdir()} == {
        "made": "750",
        "mounted": "711",
        "other": "750",
        "own env": "750",
    }


def test_what_a_context_no_longer_asks_for_is_gone(tmp_path: Path) -> None:
    root = tmp_path / "root"
    root.mkdir()
    when = "when: {set: A_OTHER}"
    declared = appliance(
        f"env_file: {root}/env\n"
        f"environment: [{{name: A, text: x, {when}, in_file: true}}]\n"
        f"files: [{{path: '{root}/file', text: x, {when}}}, {{path: '{root}/text', text: '{{A_OTHER}}'}}]\n"
        f"certificates: {{folder: '{root}', authority: A_CA, {when}}}\n"
        f"beside: [{{image: {{repository: example/beside}}, name: beside, {when}}}]"
    )
    docker = f"echo $* >>{tmp_path}/ran"
    names = ["ca.crt", "env", "file", "text"]
    for given, left, last in (({"A_OTHER": "a"}, names, "run -d --name beside"), ({}, [], "rm -f beside")):
        assert started(declared, tmp_path, docker=docker, A_CA=CA, **given)[0] == 0
        assert sorted(path.name for path in root.iterdir()) == left
        assert (tmp_path / "ran").read_text(encoding="utf-8").splitlines()[-1].startswith(last)
    ran = (tmp_path / "ran").stat().st_size
    assert started(declared, tmp_path, "--print", docker=docker)[0] == 0
    assert (tmp_path / "ran").stat().st_size == ran, "a command that is only printed removes nothing"


def certified(folder: Path, more: str = "") -> Appliance:
    return appliance(
        f"owner: 70\nmounts: [{{source: '{folder}', target: /certs}}]\n"
        f"certificates: {{folder: '{folder}', authority: A_CA, certificate: A_CERT, key: A_KEY{more}}}"
    )


def test_certificates_are_those_of_the_context_and_no_others(tmp_path: Path) -> None:
    folder = tmp_path / "certs"
    declared = certified(folder)
    given = {"A_CERT": CA, "A_KEY": base64.b64encode(PEM.encode()).decode()}
    assert started(declared, tmp_path, **given)[0] == 0
    alone = dict.fromkeys(("ca.crt", "server.crt", "server.key"), f"600 {PEM}\n")
    assert written(folder) == alone, "a certificate without an authority is its own"
    assert started(declared, tmp_path, A_CA=PEM.replace("MAMA", "MAMB"))[0] == 0
    assert written(folder)["ca.crt"] == f"600 {PEM}\n".replace("MAMA", "MAMB")
    assert started(declared, tmp_path, A_CA="eA==")[0] == 0
    assert "ca.crt" not in written(folder)


OPENSSL = """\
case $1 in
    x509) printf 'subject=CN=%s\\nissuer=CN=%s\\n' "$(cat {0}/made-for)" "$(cat {0}/made-for)" ;;
    *) printf '%s\\n' "$@" >>{0}/asked; echo own >{0}/made-for; cat {0}/answer ;;
esac
"""
KEY = "-----BEGIN PRIVATE KEY-----\nMAMK\n-----END PRIVATE KEY-----"


def test_a_certificate_is_made_once_for_the_names_that_are_ones(tmp_path: Path) -> None:
    folder, asked = tmp_path / "certs", tmp_path / "asked"
    declared = certified(folder, ", made_for: own, names: ['DNS:a,IP:{address}', '{A_NAMES}', 'DNS:{A_OTHER}']")
    program = tmp_path / "programs/openssl"
    program.parent.mkdir()
    program.write_text(f"#!/bin/sh\n{OPENSSL.format(tmp_path)}", encoding="utf-8")
    program.chmod(0o755)
    (tmp_path / "answer").write_text("nothing", encoding="utf-8")
    code, lines = started(declared, tmp_path)
    assert (code, lines) == (1, ["error: openssl makes no certificate for own"])
    assert "-addext" not in asked.read_text(encoding="utf-8"), "an extension without names is refused"
    (tmp_path / "answer").write_text(f"x\n{KEY}\n{PEM}\n", encoding="utf-8")
    for given in ({"ETH0_IP": "10.0.0.5", "A_NAMES": "DNS:a,x,IP:::1,IP:1.2.3,DNS:"}, {}):
        assert started(declared, tmp_path, **given)[0] == 0
        made = {"ca.crt": f"600 {PEM}\n", "server.crt": f"600 {PEM}\n", "server.key": f"600 {KEY}\n"}
        assert written(folder) == made
    assert asked.read_text(encoding="utf-8").count("-keyout") == 2
    assert "\nsubjectAltName=DNS:a,IP:10.0.0.5,IP:::1\n" in asked.read_text(encoding="utf-8")
    (tmp_path / "made-for").write_text("somebody", encoding="utf-8")
    assert started(declared, tmp_path)[0] == 0
    assert asked.read_text(encoding="utf-8").count("-keyout") == 3, "what a context gave before is not kept"
