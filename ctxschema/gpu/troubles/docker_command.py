"""What Docker and docker compose say of a command line or file."""

from __future__ import annotations

from ctxschema.gpu.troubles.programs import DOCKER
from ctxschema.model.trouble import Cause, Trouble

_MOBY = "moby, daemon/"

DOCKER_COMMAND_TROUBLES = (
    Trouble(
        "docker-count-and-ids",
        DOCKER,
        "cannot set both Count and DeviceIDs on device request",
        ("cannot set both Count and DeviceIDs on device request",),
        (
            Cause(
                "the list of devices stands without quotes of its own: Docker reads `device=0` and a count of 1",
                "`--gpus '\"device=0,1\"'`: double quotes inside single ones",
                'the command has `--gpus device=0,1` or `--gpus "device=0,1"`',
                "in docker compose: `device_ids: ['0', '1']` without `count`",
            ),
        ),
        _MOBY + "devices_nvidia_linux.go; docker/cli, opts/gpus.go; measured with Docker 20.10, 28.5 and 29.7",
    ),
    Trouble(
        "docker-gpus-syntax",
        DOCKER,
        "invalid argument for --gpus",
        (
            'invalid argument "{quoted}" for "--gpus" flag: {rest}',
            'invalid argument {rest} for "--gpus" flag: {rest}',
            "unexpected key '{name}' in '{rest}'",
            "gpu request key '{name}' can be specified only once",
            'invalid count ({rest}): value must be either "all" or an integer',
            "count must be an integer",
        ),
        (
            Cause(
                "the value is none that `--gpus` knows",
                "write `--gpus all`, `--gpus 1` (so many), `--gpus device=0` (this one) or `--gpus '\"device=0,1\"'` "
                "(these)",
                "the words behind the last colon name what is wrong; `none`, `ALL` and an empty value are no words "
                "of it",
                "without a GPU, leave `--gpus` out",
            ),
        ),
        "docker/cli, opts/gpus.go; measured with Docker 20.10, 28.5 and 29.7",
    ),
    Trouble(
        "docker-no-gpus-flag",
        DOCKER,
        "unknown flag: --gpus",
        ("unknown flag: --gpus",),
        (
            Cause(
                "the client is older than 19.03, or the flag stands where docker takes none",
                "install a current Docker; `--gpus` belongs to `docker run` and `docker create`, before the image",
                "`docker --version`",
                "docker compose has no such flag: `deploy.resources.reservations.devices` does it",
            ),
        ),
        "docker/cli",
    ),
    Trouble(
        "docker-compose",
        DOCKER,
        "docker compose does not know the devices",
        (
            "deploy.resources.reservations value 'devices' does not match any of the regexes",
            "deploy.resources.reservations value Additional properties are not allowed ('devices' was unexpected)",
            "deploy.resources.reservations.devices{rest} capabilities is required",
            "Additional property gpus is not allowed",
            "Additional property runtime is not allowed",
            "Unsupported config option for services.{name}: 'runtime'",
            "Unsupported config option for services.{name}: 'gpus'",
            '"count" and "device_ids" attributes are exclusive',
            "device request must specify either count or device_ids{rest}",
            "additional properties 'gpus' not allowed",
            "Additional property devices is not allowed",
        ),
        (
            Cause(
                "the compose file is written for another docker compose",
                "`deploy: {{resources: {{reservations: {{devices: [{{driver: nvidia, count: all, capabilities: "
                "[gpu]}}]}}}}}}` "
                "with docker compose v2",
                "`docker compose version` is 1.x or old; `gpus: all` needs 2.30",
            ),
        ),
        "compose-spec, deploy.md; docker/compose",
    ),
    Trouble(
        "docker-custom-device",
        DOCKER,
        "error gathering device information while adding custom device",
        ('error gathering device information while adding custom device "{path}": {rest}',),
        (
            Cause(
                "the device that `--device` names is not there",
                "`nvidia-modprobe -c 0 -u`, or leave `--device /dev/nvidia...` out and use `--gpus all`",
                "`ls -l /dev/nvidia*`",
                check="device-nodes/missing",
            ),
        ),
        _MOBY + "oci/devices_linux.go",
    ),
    Trouble(
        "docker-name-taken",
        DOCKER,
        "the container name is already in use",
        ('Conflict. The container name "{path}" is already in use by container {rest}',),
        (
            Cause(
                "a start that failed, such as one with `--gpus`, left its container behind",
                "`docker rm -f <name>`, then start it again",
                "`docker ps -a` shows it as Created",
            ),
        ),
        "measured with Docker 20.10, 28.5 and 29.7",
    ),
)
