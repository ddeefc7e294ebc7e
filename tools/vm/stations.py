"""The stations: what a machine has to come through. Each is a function that raises where the machine is wrong."""

from __future__ import annotations

import base64
import os
import time
from collections.abc import Callable

from attrs import frozen

from tests.pem import CERTIFICATE, PRIVATE_KEY
from tools.vm.lab import Lab, boot, switch_on
from tools.vm.machine import Machine
from tools.vm.power import Case, cuts
from tools.vm.roles import OLLAMA, SUPERLINK, SUPERNODE, WORDPRESS
from tools.vm.seen import Ended, check, clean, console, ended, state
from tools.vm.service import discovery

MADE_KEY = "/opt/flower/certs/server.key"
STATIC = {"FL_SUPERLINK_ADDRESS": "10.9.9.9:9092", "FL_TLS_ENABLED": "NO"}
BLOG = {"ONEAPP_WP_SITE_HOST": "blog.example.org", "ONEAPP_WP_ADMIN_PASSWORD": "vm-secret-of-the-admin"}
DATABASE = {
    "ONEAPP_WP_DB_ENABLED": "YES",
    "ONEAPP_WP_DB_HOST": "db.example.org",
    "ONEAPP_WP_DB_PASSWORD": "vm-secret-of-the-database",
}
ENV_FILE = "/etc/ctxschema/wordpress.env"
HARDENED = {"dropped": ["ALL"], "security": ["no-new-privileges"], "restart": "unless-stopped", "gpus": []}
GIVEN = {
    "FL_SSL_CERTFILE": base64.b64encode(CERTIFICATE.encode()).decode(),
    "FL_SSL_KEYFILE": base64.b64encode(PRIVATE_KEY.encode()).decode(),
}
KEY_LINE = PRIVATE_KEY.splitlines()[1]


@frozen
class Station:
    """Something that a machine has to come through.

    Args:
        name: Its name.
        about: What it is, in one line.
        run: Goes through it; what it returns is noted beside the result.
    """

    name: str
    about: str
    run: Callable[[Lab], str]


def _fine(end: Ended) -> Ended:
    """Return how a boot ended that had to end well."""
    check(end.state == "active" and end.report["ok"], f"the agent ended as {end.state}; it said: {end.said}")
    return end


def superlink(lab: Lab) -> str:
    """A SuperLink as it is declared: TLS with a certificate of its own."""
    with lab.machine(SUPERLINK, "superlink") as machine:
        end = _fine(boot(machine, {}))
        command = [
            *("--ssl-ca-certfile", "/app/certs/ca.crt", "--ssl-certfile", "/app/certs/server.crt"),
            *("--ssl-keyfile", "/app/certs/server.key", "--isolation", "subprocess", "--database", "state/state.db"),
            *("--fleet-api-address", "0.0.0.0:9092", "--control-api-address", "0.0.0.0:9093"),
        ]
        expected = {
            **HARDENED,
            "image": SUPERLINK.image,
            "command": command,
            "env": {"FLWR_LOG_LEVEL": "INFO", "FL_NUM_ROUNDS": "3", "FL_STRATEGY": "FedAvg"},
            "ports": ["10.0.2.15:9092->9092/tcp", "127.0.0.1:9093->9093/tcp"],
            "binds": ["/opt/flower/certs:/app/certs:ro", "/opt/flower/state:/app/state:rw"],
        }
        end.running(SUPERLINK.name, expected)
        clean(machine, {MADE_KEY}, {})
        # As the user of the image, who has to read the key and to write into the folder of the state.
        machine.must(
            "docker exec flower-superlink sh -c 'cat /app/certs/server.key > /dev/null && echo x > /app/state/x'"
        )
        return _seconds(end)


def supernode(lab: Lab) -> str:
    """A SuperNode that is told its SuperLink."""
    with lab.machine(SUPERNODE, "supernode") as machine:
        end = _fine(boot(machine, {**STATIC, "FL_NODE_CONFIG": 'partition-id=0 site="it\'s north"'}))
        expected = {
            **HARDENED,
            "image": SUPERNODE.image,
            "command": [
                *("--insecure", "--superlink", "10.9.9.9:9092", "--isolation", "subprocess"),
                '--node-config=partition-id=0 site="it\'s north"',
            ],
            "env": {"ML_FRAMEWORK": "pytorch"},
            "ports": [],
            "binds": ["/opt/flower/data:/app/data:ro"],
        }
        end.running(SUPERNODE.name, expected)
        clean(machine, set(), {})
        scripts = machine.must("ls -l /opt/flower/scripts")
        check(scripts.count("-rwxr-xr-x") == 2, f"the scripts that check a GPU are not there: {scripts}")
        return _seconds(end)


def ollama(lab: Lab) -> str:
    """Ollama, with a port of its own."""
    with lab.machine(OLLAMA, "ollama") as machine:
        end = _fine(boot(machine, {"ONEAPP_OLLAMA_API_PORT": "8080", "ONEAPP_OLLAMA_MODEL_PARALLEL": "2"}))
        expected = {
            **HARDENED,
            "image": OLLAMA.image,
            "command": [],
            "env": {"OLLAMA_KEEP_ALIVE": "5m", "OLLAMA_NUM_PARALLEL": "2"},
            "ports": [":8080->11434/tcp"],
            "binds": ["ollama:/root/.ollama:rw"],
        }
        end.running(OLLAMA.name, expected)
        return _seconds(end)


def guide(lab: Lab) -> str:
    """The appliance of the guide, with a database and its password."""
    with lab.machine(WORDPRESS, "guide") as machine:
        end = _fine(boot(machine, {**BLOG, **DATABASE}))
        rights = ["CHOWN", "DAC_OVERRIDE", "NET_BIND_SERVICE", "SETGID", "SETUID"]
        expected = {
            **HARDENED,
            "image": WORDPRESS.image,
            "added": rights,
            "env": {
                "WORDPRESS_CONFIG_EXTRA": "define('WP_HOME', 'http://blog.example.org');",
                "WORDPRESS_DB_HOST": "db.example.org:3306",
                "WORDPRESS_DB_PASSWORD": DATABASE["ONEAPP_WP_DB_PASSWORD"],
            },
            "ports": [":80->80/tcp"],
            "binds": ["/opt/wordpress/html:/var/www/html:rw"],
        }
        end.running(WORDPRESS.name, expected)
        clean(machine, set(), {DATABASE["ONEAPP_WP_DB_PASSWORD"]: ENV_FILE, BLOG["ONEAPP_WP_ADMIN_PASSWORD"]: ""})
        return _seconds(end)


def gpu_absent(lab: Lab) -> str:
    """A GPU is asked for and there is none: a warning, and the CPU."""
    with lab.machine(SUPERNODE, "gpu-absent") as machine:
        end = _fine(boot(machine, {**STATIC, "FL_GPU_ENABLED": "YES"}))
        end.running(SUPERNODE.name, HARDENED)
        check("CTX080" in end.codes, f"no warning tells of the GPU: {end.codes}")
        check("GPU requested but not available" in console(machine), "the console does not tell of the GPU")
        return _seconds(end)


def broken(lab: Lab) -> str:
    """A broken context: every error is on the console, and nothing runs."""
    wrong = {
        "FL_NUM_ROUNDS": "many",
        "FL_LOG_LEVEL": "LOUD",
        "FL_FLEET_API_ADDRESS": "nowhere",
        "FL_STRATEGY": "FedBest",
        "FL_MIN_FIT_CLIENTS": "-1",
    }
    with lab.machine(SUPERLINK, "broken") as machine:
        end = boot(machine, wrong)
        check(end.state == "failed" and not end.report["ok"], f"the agent ended as {end.state}")
        check(end.container(SUPERLINK.name) is None, "a container runs")
        time.sleep(2)
        printed = console(machine)
        absent = [name for name in wrong if f"{name}: " not in printed]
        check(not absent, f"the console does not tell of {', '.join(absent)}")
        errors = [finding for finding in end.report["findings"] if finding["severity"] == "error"]
        hidden = [finding["message"] for finding in errors if finding["message"] not in printed]
        check(not hidden, f"the console does not have: {hidden}")
        return f"{len(errors)} errors"


def reboot(lab: Lab) -> str:
    """A reboot with the same context: a new container with the same flags, the same certificate."""
    with lab.machine(SUPERLINK, "reboot") as machine:
        end = _fine(boot(machine, {}))
        first, before = end.running(SUPERLINK.name, HARDENED), _certificate(machine)
        machine.shut_down("reboot")
        machine.start()
        end = _fine(ended(machine))
        second = end.running(SUPERLINK.name, HARDENED)
        check(
            first["Id"] != second["Id"], "the container of the last boot still runs, and docs/agent.md says otherwise"
        )
        check(first["Config"]["Cmd"] == second["Config"]["Cmd"], "the flags are others")
        check(_certificate(machine) == before, "the certificate is another")
        check(machine.must("docker ps -aq").split() == [second["Id"][:12]], "there are other containers")
        clean(machine, {MADE_KEY}, {})
        return _seconds(end)


def changed(lab: Lab) -> str:
    """The context changes while the machine is off: the flags follow, and nothing of the old one is left."""
    with lab.machine(WORDPRESS, "changed") as machine:
        password = {DATABASE["ONEAPP_WP_DB_PASSWORD"]: ENV_FILE}
        end = _fine(boot(machine, {**BLOG, **DATABASE}))
        end.running(WORDPRESS.name, {"env": {"WORDPRESS_DB_HOST": "db.example.org:3306"}})
        clean(machine, set(), password)
        machine.shut_down()
        end = _fine(boot(machine, {**BLOG, "ONEAPP_WP_SITE_HOST": "other.example.org"}))
        found = end.running(WORDPRESS.name, HARDENED)
        entries = " ".join(found["Config"]["Env"])
        check("other.example.org" in entries and "WORDPRESS_DB" not in entries, f"yesterday's flags: {entries}")
        clean(machine, set(), dict.fromkeys(password, ""))
        machine.shut_down()
        # Broken: what ran yesterday does not say what the context says, so it must not run.
        end = boot(machine, {**BLOG, **DATABASE, "ONEAPP_WP_DB_PORT": "many"})
        check(end.state == "failed", f"the agent ended as {end.state}")
        machine.must("systemctl start docker")
        found_again = end.container(WORDPRESS.name)
        check(found_again is None or not found_again["State"]["Running"], "the container of yesterday runs")
        return _seconds(end)


def keys(lab: Lab) -> str:
    """Certificates that are given, withdrawn, made, and switched off, while the machine is off."""
    with lab.machine(SUPERLINK, "keys") as machine:
        _fine(boot(machine, GIVEN)).running(SUPERLINK.name, HARDENED)
        clean(machine, {MADE_KEY}, {KEY_LINE: MADE_KEY})
        machine.shut_down()
        _fine(boot(machine, {})).running(SUPERLINK.name, HARDENED)
        clean(machine, {MADE_KEY}, {KEY_LINE: ""})
        machine.shut_down()
        end = _fine(boot(machine, {"FL_TLS_ENABLED": "NO"}))
        check("--insecure" in end.running(SUPERLINK.name, HARDENED)["Config"]["Cmd"], "it still has TLS")
        clean(machine, set(), {KEY_LINE: ""})
        return _seconds(end)


def docker_slow(lab: Lab) -> str:
    """Docker takes half a minute longer to start."""
    with lab.machine(SUPERNODE, "docker-slow") as machine:
        _drop_in(machine, "docker.service", "[Service]\nExecStartPre=/bin/sleep 30\n")
        end = _fine(boot(machine, STATIC))
        end.running(SUPERNODE.name, HARDENED)
        return _seconds(end)


def docker_masked(lab: Lab) -> str:
    """Docker is masked: the agent says so on the console, in time, and the next boot is well."""
    with lab.machine(SUPERNODE, "docker-masked") as machine:
        end = boot(machine, STATIC, words="systemd.mask=docker.service systemd.mask=docker.socket")
        check(end.state == "failed", f"the agent ended as {end.state}")
        check("Wait for Docker: failed" in console(machine), "the console does not tell of Docker")
        said = end.said
        _fine(boot(machine, STATIC)).running(SUPERNODE.name, HARDENED)
        return said


def disk_full(lab: Lab) -> str:
    """The disk is full when the machine boots: it says so and leaves no half of anything; with space it is well."""
    with lab.machine(WORDPRESS, "disk-full") as machine:
        old = {**BLOG, **DATABASE}
        _fine(boot(machine, old))
        check(_containers(machine), "no process is that of a container")
        machine.must("systemctl stop docker; cat /dev/zero > /filler 2> /dev/null; sync; test -s /filler", 300)
        machine.shut_down()
        new = {**old, "ONEAPP_WP_DB_PASSWORD": "vm-secret-of-another-database"}
        switch_on(machine, new)
        check(state(machine) == "failed", "the agent did not fail")
        printed = console(machine)
        check("No space left on device" in printed, "the console does not tell of the disk")
        halves = machine.ask(
            "find /opt /etc/ctxschema /var/lib/ctxschema /var/log -name '*.tmp' 2> /dev/null"
        ).output.split()
        check(not halves, f"half a file is left: {halves}")
        kept = machine.must(f"cat {ENV_FILE}")
        check(kept.endswith("\n"), "half of the env file is there")
        check(not _containers(machine), "the container of yesterday runs")
        machine.must("rm /filler; sync")
        machine.shut_down()
        end = _fine(boot(machine, new))
        end.running(WORDPRESS.name, {"env": {"WORDPRESS_DB_PASSWORD": new["ONEAPP_WP_DB_PASSWORD"]}})
        clean(machine, set(), {new["ONEAPP_WP_DB_PASSWORD"]: ENV_FILE, DATABASE["ONEAPP_WP_DB_PASSWORD"]: ""})
        return _seconds(end)


def _drop_in(machine: Machine, unit: str, text: str) -> None:
    """Change a unit of a machine that is off."""
    machine.start(words="systemd.mask=docker.service systemd.mask=docker.socket systemd.mask=ctxschema-agent.service")
    machine.put(f"/etc/systemd/system/{unit}.d/late.conf", text.encode(), 0o644)
    machine.shut_down()


def _containers(machine: Machine) -> list[str]:
    """Return the processes that look after a container each; they tell where Docker does not answer, too."""
    return machine.ask("grep -l '^containerd-shim' /proc/[0-9]*/comm 2> /dev/null").output.split()


def _certificate(machine: Machine) -> str:
    return machine.must("sha256sum /opt/flower/certs/*")


def _seconds(end: Ended) -> str:
    return f"the agent took {end.report['seconds']:.1f} s"


CUTS = int(os.environ.get("CUTS", "50"))
LINK_CASES = (
    Case({}, frozenset({MADE_KEY})),
    Case({"FL_TLS_ENABLED": "NO", "FL_LOG_LEVEL": "DEBUG"}),
    Case({**GIVEN, "FL_NUM_ROUNDS": "9"}, frozenset({MADE_KEY}), {KEY_LINE: MADE_KEY}),
)
BLOG_CASES = (
    Case({**BLOG, **DATABASE}, secrets={DATABASE["ONEAPP_WP_DB_PASSWORD"]: ENV_FILE}),
    Case({**BLOG, "ONEAPP_WP_SITE_HOST": "other.example.org"}),
    Case(
        {**BLOG, **DATABASE, "ONEAPP_WP_DB_PASSWORD": "vm-secret-of-another-database"},
        secrets={"vm-secret-of-another-database": ENV_FILE},
    ),
)

STATIONS = (
    Station("superlink", "a Flower SuperLink starts", superlink),
    Station("supernode", "a Flower SuperNode starts", supernode),
    Station("ollama", "Ollama starts", ollama),
    Station("guide", "the appliance of the guide starts", guide),
    Station("gpu-absent", "a GPU is asked for and absent", gpu_absent),
    Station("broken", "a broken context stops with every error on the console", broken),
    Station("reboot", "a reboot", reboot),
    Station("changed", "the context changes while the machine is off", changed),
    Station("keys", "certificates change while the machine is off", keys),
    Station("docker-slow", "Docker starts late", docker_slow),
    Station("docker-masked", "Docker is masked", docker_masked),
    Station("disk-full", "the disk is full", disk_full),
    Station("discovery", "a SuperNode discovers the SuperLink of its service", discovery),
    Station("power-superlink", "power cuts while a SuperLink boots", cuts(SUPERLINK, LINK_CASES, CUTS // 2)),
    Station("power-guide", "power cuts while the appliance of the guide boots", cuts(WORDPRESS, BLOG_CASES, CUTS // 2)),
)
"""All of them, in the order in which they are gone through."""
