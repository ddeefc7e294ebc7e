"""What goes wrong silently with Docker and Flower (docs/facts/gpu.md, sections 1 and 7), whatever the context holds."""

import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ctxschema import Appliance, GpuFacts, decide_gpu, docker_arguments, get_appliance, load_context, validate
from ctxschema.boot.container import plan_container
from ctxschema.boot.known import Known
from ctxschema.catalog.flower.container import CERTIFICATE_FOLDER
from ctxschema.context.values import Values
from ctxschema.gpu.smi import Gpu
from ctxschema.testing import contexts
from tests.machine import ADDRESS, LINK, NODE, Machine
from tests.pem import CERTIFICATE

CONTEXTS = {name: contexts(get_appliance(name)) for name in (NODE, LINK)}
APPLIANCES = {name: get_appliance(name) for name in (NODE, LINK)}
GPUS = tuple(Gpu(str(index), f"GPU-{index}", "NVIDIA H200", "143771", "580") for index in range(2))
FACTS = (GpuFacts(), GpuFacts(driver_loaded=True, nvidia_smi=True, gpus=GPUS))


@st.composite
def commands(draw: st.DrawFn) -> tuple[Appliance, Values, list[str]]:
    """An appliance, values that pass, and the command that follows, with a GPU and without."""
    appliance = APPLIANCES[draw(st.sampled_from([NODE, LINK]))]
    result = validate(appliance, load_context(draw(CONTEXTS[appliance.name])))
    if not result.ok:
        result = validate(appliance, load_context({}))
    values = result.values
    decision = decide_gpu(values, draw(st.sampled_from(FACTS)))
    return appliance, values, docker_arguments(appliance, values, decision, superlink_address="10.0.0.1:9092")


def mounts_of(appliance: Appliance, values: Values) -> tuple[str, ...]:
    return plan_container(Known(appliance, values), decide_gpu(values, FACTS[0])).mounts


def split(argv: list[str]) -> tuple[list[str], str, list[str]]:
    """Return the options of docker run, the image, and Flower's arguments."""
    image = next(index for index, word in enumerate(argv) if word.startswith("flwr/"))
    return argv[2:image], argv[image], argv[image + 1 :]


def what_is_dockers_stands_before_the_image_and_what_is_flowers_behind(
    drawn: tuple[Appliance, Values, list[str]],
) -> None:
    options, image, flower = split(drawn[2])
    assert re.fullmatch(r"flwr/super(node|link):\d+\.\d+\.\d+(-py3\.13-ubuntu24\.04)?", image)
    assert not {"--gpus", "-e", "-v", "-p", "--env-file", "--restart", "--name", "--cap-drop"} & set(flower)
    assert not [word for word in options if word.startswith(("--insecure", "--superlink", "--ssl", "--isolation"))]


def every_variable_that_is_set_has_a_name_and_a_value_and_is_set_once(
    drawn: tuple[Appliance, Values, list[str]],
) -> None:
    options, _, _ = split(drawn[2])
    set_here = [options[index + 1] for index, word in enumerate(options) if word == "-e"]
    names = [word.partition("=")[0] for word in set_here]
    assert all(re.fullmatch(r"[A-Z][A-Z0-9_]*=.*", word, re.DOTALL) for word in set_here)
    assert len(set(names)) == len(names)
    # Flower starts flower-superexec by name, and the daemon has its own word on what NVIDIA injects.
    assert not {"PATH", "HOME", "NVIDIA_VISIBLE_DEVICES", "PYTORCH_CUDA_ALLOC_CONF", "PYTORCH_ALLOC_CONF"} & set(names)


def cuda_is_never_told_all_or_a_number_twice(drawn: tuple[Appliance, Values, list[str]]) -> None:
    chosen = [word.partition("=")[2] for word in drawn[2] if word.startswith("CUDA_VISIBLE_DEVICES=")]
    for value in chosen:
        numbers = value.split(",")
        assert len(set(numbers)) == len(numbers)
        assert set(numbers) <= {"0", "1"}
        assert "CUDA_DEVICE_ORDER=PCI_BUS_ID" in drawn[2]


def the_gpu_is_asked_for_as_all_or_not_at_all(drawn: tuple[Appliance, Values, list[str]]) -> None:
    options, image, _ = split(drawn[2])
    asked = [options[index + 1] for index, word in enumerate(options) if word == "--gpus"]
    assert asked in ([], ["all"])
    assert bool(asked) == image.endswith("-ubuntu24.04")
    assert "--runtime" not in options


def zero_is_never_said_where_flower_would_give_up_at_once(drawn: tuple[Appliance, Values, list[str]]) -> None:
    _, _, flower = split(drawn[2])
    for flag in ("--max-retries", "--max-wait-time"):
        if flag in flower:
            assert int(flower[flower.index(flag) + 1]) > 0


def tls_is_on_or_off_and_never_both(drawn: tuple[Appliance, Values, list[str]]) -> None:
    appliance, values, argv = drawn
    _, _, flower = split(argv)
    certificates = [word for word in flower if word.startswith(("--root-certificates", "--ssl-"))]
    assert ("--insecure" in flower) is not values["FL_TLS_ENABLED"]
    assert not (certificates and "--insecure" in flower)
    assert (
        any(mount.startswith(CERTIFICATE_FOLDER) for mount in mounts_of(appliance, values)) is values["FL_TLS_ENABLED"]
    )


def a_mount_has_three_parts_and_no_more(drawn: tuple[Appliance, Values, list[str]]) -> None:
    for mount in mounts_of(drawn[0], drawn[1]):
        folder, inside, mode = mount.split(":")
        assert folder.startswith("/opt/flower/")
        assert inside.startswith("/")
        assert mode in {"ro", "rw"}


def no_certificate_is_an_argument(drawn: tuple[Appliance, Values, list[str]]) -> None:
    assert not [word for word in drawn[2] if "BEGIN" in word or len(word) > 5000]


@given(drawn=commands())
def test_a_command_steps_into_none_of_them(drawn: tuple[Appliance, Values, list[str]]) -> None:
    what_is_dockers_stands_before_the_image_and_what_is_flowers_behind(drawn)
    every_variable_that_is_set_has_a_name_and_a_value_and_is_set_once(drawn)
    cuda_is_never_told_all_or_a_number_twice(drawn)
    the_gpu_is_asked_for_as_all_or_not_at_all(drawn)
    zero_is_never_said_where_flower_would_give_up_at_once(drawn)
    tls_is_on_or_off_and_never_both(drawn)
    a_mount_has_three_parts_and_no_more(drawn)
    no_certificate_is_an_argument(drawn)


@pytest.mark.parametrize("name", [NODE, LINK])
def test_every_folder_that_is_mounted_is_there_before_docker_could_make_it_as_root(tmp_path: Path, name: str) -> None:
    context = (
        {"FL_TLS_ENABLED": "YES", "FL_SSL_CA_CERTFILE": CERTIFICATE}
        if name == NODE
        else {"FL_CHECKPOINT_ENABLED": "YES"}
    )
    machine = Machine.make(tmp_path)
    machine.docker("looks-below", str(machine.root))
    machine.context(**ADDRESS, **context)
    assert machine.boot(name).ok


def test_the_restart_policy_is_one_that_the_engine_knows_and_nothing_removes_the_container() -> None:
    for name in (NODE, LINK):
        values = validate(APPLIANCES[name], load_context(ADDRESS if name == NODE else {})).values
        options, _, _ = split(docker_arguments(APPLIANCES[name], values, decide_gpu(values, FACTS[0])))
        assert options[options.index("--restart") + 1] == "unless-stopped"
        assert "--rm" not in options


@pytest.mark.parametrize(
    ("address", "published", "inside"),
    [
        ("0.0.0.0:9092", "9092:9092", "0.0.0.0:9092"),
        ("10.1.1.1:9092", "10.1.1.1:9092:9092", "0.0.0.0:9092"),
        ("127.0.0.1:9092", "127.0.0.1:9092:9092", "0.0.0.0:9092"),
        ("link.example.org:9092", "9092:9092", "0.0.0.0:9092"),
        ("[::]:9092", "9092:9092", "[::]:9092"),
        ("[::1]:9092", "[::1]:9092:9092", "[::]:9092"),
    ],
)
def test_an_address_of_the_machine_is_published_there_and_listened_on_inside(
    address: str, published: str, inside: str
) -> None:
    values = validate(APPLIANCES[LINK], load_context({"FL_FLEET_API_ADDRESS": address})).values
    options, _, flower = split(docker_arguments(APPLIANCES[LINK], values, decide_gpu(values, FACTS[0])))
    assert options[options.index("-p") + 1] == published
    assert flower[flower.index("--fleet-api-address") + 1] == inside
