"""From a message, a log or a symptom to the entries that help, and to none where all is well."""

import re
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ctxschema.document.markdown import anchor
from ctxschema.document.troubles import TROUBLES_PAGE, troubles_index, troubles_pages
from ctxschema.gpu.facts import _no_driver
from ctxschema.gpu.registry import ALL_CHECKS
from ctxschema.gpu.troubles import PLANNED, PROGRAMS, TROUBLES
from ctxschema.gpu.troubles.harmless import _harmless
from ctxschema.gpu.troubles.programs import KERNEL
from ctxschema.gpu.troubles.unsaid import _unsaid
from ctxschema.gpu.troubles.words import no_gpu, not_seen
from ctxschema.gpu.troubles.xids import _Fault, _xid
from ctxschema.model.check import Status, placeholders, plain
from ctxschema.model.trouble import HOLES, Cause, Message, Trouble
from ctxschema.report.troubles import (
    Row,
    find_troubles,
    general,
    heading,
    near,
    programs_in,
    rows_of,
    section,
    troubles,
)
from tests.conftest import ROOT, Ended, recorded

CASES = ROOT / "tests/cases/gpu"
HEALTHY = {path.name: path.read_text(encoding="utf-8") for path in sorted((CASES / "healthy").iterdir())}
BY_ID = {trouble.id: trouble for trouble in TROUBLES}


def ids(text: str) -> list[str]:
    """The entries that a text has, each once."""
    return list(dict.fromkeys(row.trouble.id for row in find_troubles(text)))


# ---- the plan's rows ----

REQUIRED = [
    ("No IOMMU groups found", "IOMMU disabled in BIOS", "enable Intel VT-d or AMD IOMMU in BIOS"),
    (
        "nvidia module not loaded",
        "driver not installed",
        "install the driver (`apt install nvidia-driver-545` or newer)",
    ),
    (
        "could not select device driver",
        "Container Toolkit not configured",
        "`nvidia-ctk runtime configure --runtime=docker`",
    ),
    ("GPU shows on the host but not in the VM", "vfio-pci not bound", "`driverctl set-override <addr> vfio-pci`"),
]


@pytest.mark.parametrize(("symptom", "cause", "fix"), REQUIRED)
def test_the_required_rows_keep_the_plans_words(symptom: str, cause: str, fix: str) -> None:
    row = find_troubles(symptom)[0]
    assert (row.trouble.symptom, row.cause.cause, row.fix) == (symptom, cause, fix)
    blocks = list(troubles_index())
    assert f"| {symptom} | {cause} | {fix} |" in blocks[1]


def test_the_required_rows_are_the_planned_entries() -> None:
    assert [BY_ID[name].symptom for name in PLANNED] == [symptom for symptom, _, _ in REQUIRED]


# ---- the declarations ----


def test_the_entry_of_an_xid_tells_who_is_mostly_at_fault() -> None:
    (row,) = rows_of(_xid(13, _Fault.PROGRAM, "an exception: out of bounds: here"))
    assert row.as_dict() == {
        "check": None,
        "layer": "vm",
        "symptom": "Xid 13: an exception",
        "cause": "an exception: out of bounds: here; mostly at fault: the program",
        "fix": "start the program again; if it comes again with the same program, mend that: "
        "compute-sanitizer <program> names the place",
        "link": "docs/reference/gpu-passthrough.md#printed-by-xids-of-the-nvidia-kernel-driver",
        "id": "xid-13",
        "program": "Xids of the NVIDIA kernel driver",
        "where": "the kernel log, where the driver is loaded",
        "messages": [
            "NVRM: Xid (PCI:<addr>): 13, <all>",
            "NVRM: Xid (PCI:<addr>): 13",
            "NVRM: Xid (<addr>): 13, <all>",
            "NVRM: Xid (PCI:<addr> GPU-I:<number>): 13",
            "Xid 13",
            "Xid: 13",
            "Xid error 13",
            "Xid error: 13",
        ],
        "line": None,
        "rank": 1,
        "tell": "it comes with one program only, whose process number stands in the message, and goes with another "
        "card, too",
        "more": "the rest is in dmesg | grep -i -e nvrm -e xid",
        "source": "NVIDIA, Xid Errors and Xid Catalog",
        "harmless": False,
    }


def test_an_xid_with_causes_of_its_own_keeps_them() -> None:
    trouble = _xid(79, _Fault.CARD, "the GPU has fallen off the bus: it cannot be reached")
    assert trouble.symptom == "Xid 79: the GPU has fallen off the bus"
    assert [cause.cause.partition(",")[0] for cause in trouble.causes] == [
        "the card lost its connection",
        "the host put the card to sleep",
    ]


def test_how_people_say_that_they_miss_a_gpu() -> None:
    assert no_gpu(("here", "in the box")) == (
        "no GPU here",
        "no GPU in the box",
        "no NVIDIA GPU here",
        "no NVIDIA GPU in the box",
    )
    phrases = not_seen(("here", "in the box"))
    assert len(set(phrases)) == len(phrases) == 24
    assert {"GPU not visible here", "GPU is not visible here", "GPU not found in the box"} < set(phrases)


def test_what_is_harmless_says_so_and_asks_for_nothing() -> None:
    rows = [row for row in troubles() if row.trouble.harmless]
    assert len(rows) >= 9
    assert all(row.cause.cause.startswith("harmless: ") for row in rows)
    assert {row.fix for row in rows} == {"nothing is to be done"}


def test_an_entry_of_what_is_harmless_and_of_what_no_program_says() -> None:
    known = _harmless("taint", KERNEL, "tainted", ("taints",), "it runs", "the kernel", "nothing else")
    cause = Cause("harmless: it runs", "nothing is to be done", more="nothing else")
    assert known == Trouble("taint", KERNEL, "tainted", ("taints",), (cause,), "the kernel", harmless=True)
    (cause,) = _harmless("taint", KERNEL, "tainted", ("taints",), "it runs", "the kernel").causes
    assert not cause.more
    known = _unsaid("slow", KERNEL, "it is slow", "no licence", "vgpu-licence/restricted", "NVIDIA")
    cause = Cause("no licence", check="vgpu-licence/restricted")
    assert known == Trouble("slow", KERNEL, "it is slow", (), (cause,), "NVIDIA")


def test_ids_are_unique() -> None:
    assert len(BY_ID) == len(TROUBLES)


@pytest.mark.parametrize("trouble", TROUBLES, ids=lambda trouble: trouble.id)
def test_an_entry_says_all_that_a_reader_wants(trouble: Trouble) -> None:
    assert trouble.program in PROGRAMS
    assert trouble.symptom
    assert trouble.source
    assert trouble.causes
    assert len({message.text for message in trouble.says}) == len(trouble.says)
    known = {name for message in trouble.says for name in placeholders(message.text)}
    for row in rows_of(trouble):
        cause = row.cause
        assert cause.cause
        assert row.fix
        # Several causes are of use only where each says how to tell it from the others.
        assert cause.tell or len(trouble.causes) == 1, cause.cause
        for text in (cause.fix, cause.tell, cause.more):
            assert set(placeholders(text)) <= known, text
        for text in (cause.cause, cause.fix, cause.tell, cause.more, trouble.symptom):
            assert text.isascii()
            assert text.count("`") % 2 == 0, text


def _names(cause: Cause) -> tuple[str, str]:
    check, _, answer = cause.check.partition("/")
    return check, answer


def test_every_check_is_named_by_an_entry_and_every_name_is_a_check() -> None:
    checks = {check.id: {answer.name for answer in check.answers} for check in ALL_CHECKS}
    named = {_names(cause) for trouble in TROUBLES for cause in trouble.causes if cause.check}
    for check, answer in named:
        assert check in checks
        assert not answer or answer in checks[check]
    assert {check for check, _ in named} == set(checks)


@pytest.mark.parametrize("trouble", TROUBLES, ids=lambda trouble: trouble.id)
def test_the_messages_are_anchored(trouble: Trouble) -> None:
    for message in trouble.says:
        assert message.weight >= len("Xid 8"), "a shorter piece proves nothing"
        assert not message.text.startswith("{rest}")
        assert message.text == " ".join(message.text.split())


@pytest.mark.parametrize("name", HOLES)
def test_a_sample_fits_its_hole(name: str) -> None:
    assert re.fullmatch(HOLES[name].pattern, HOLES[name].sample, re.IGNORECASE)


def _bindings(text: str) -> list[str]:
    return re.findall(r"set-override\s+(\S+)\s+vfio-pci", text)


def test_no_fix_hands_over_what_is_in_another_slot() -> None:
    """A command to paste names the GPU, a function of its own slot, or a name to fill in; nothing else of a group."""
    for row in troubles():
        for text in (row.fix, row.more):
            for target in _bindings(text):
                assert target in {"<addr>", "<the"}, row.trouble.id
    rows = [row for row in rows_of(BY_ID["vfio-not-viable"]) if "another slot" in row.cause.cause]
    assert "the host would lose it" in rows[0].fix
    assert not _bindings(rows[0].fix)
    assert "ACS" in rows[0].fix.upper()


# ---- precision: what is well ----


@pytest.mark.parametrize("name", HEALTHY)
def test_a_healthy_log_gives_nothing(name: str) -> None:
    assert find_troubles(HEALTHY[name]) == []


@pytest.mark.parametrize("name", HEALTHY)
def test_no_line_of_a_healthy_log_is_taken_for_trouble(name: str) -> None:
    for line in HEALTHY[name].splitlines():
        assert all(row.trouble.harmless for row in find_troubles(line)), line


@given(st.lists(st.sampled_from(sorted(HEALTHY)), min_size=1, max_size=4), st.data())
def test_pieces_of_healthy_logs_give_nothing(names: list[str], data: st.DataObject) -> None:
    lines = [line for name in names for line in HEALTHY[name].splitlines()]
    start = data.draw(st.integers(0, len(lines) - 1))
    piece = "\n".join(lines[start : start + data.draw(st.integers(1, 80))])
    assert all(row.trouble.harmless for row in find_troubles(piece))


@pytest.mark.parametrize(
    "text",
    [
        "asdf qwer",
        "the printer is out of paper",
        "zzz " * 100_000,
        "0" * 1_000_000,
        "\x00\n" * 10,
        "",
        " \n\t\n",
        "GPU",
    ],
)
def test_nothing_is_made_up(text: str) -> None:
    assert find_troubles(text) == []


# ---- recall: what is wrong ----

MESSAGES = [(trouble.id, message) for trouble in TROUBLES for message in trouble.says]
PREFIXES = (
    "",
    "[   12.345678] ",
    "Nov 24 10:00:00 node kernel: ",
    "docker: Error response from daemon: ",
    "RuntimeError: ",
)


@pytest.mark.parametrize("trouble", TROUBLES, ids=lambda trouble: trouble.id)
def test_the_examples_are_found(trouble: Trouble) -> None:
    for message in trouble.says:
        assert ids(message.example) == [trouble.id], message.example


@given(
    st.sampled_from([each for each in MESSAGES if not BY_ID[each[0]].harmless and not BY_ID[each[0]].general]),
    st.sampled_from(sorted(HEALTHY)),
    st.sampled_from(PREFIXES),
    st.data(),
)
def test_an_example_in_a_healthy_log_is_found_and_nothing_else(
    each: tuple[str, Message], log: str, prefix: str, data: st.DataObject
) -> None:
    name, message = each
    lines = HEALTHY[log].splitlines()
    place = data.draw(st.integers(0, len(lines)))
    text = "\n".join([*lines[:place], prefix + message.example, *lines[place:]])
    assert ids(text) == [name]


REAL = [
    line.split("\t")
    for line in (CASES / "troubles.tsv").read_text(encoding="utf-8").splitlines()
    if line and not line.startswith("#")
]


@pytest.mark.parametrize(("name", "text"), REAL, ids=lambda each: str(each)[:60])
def test_what_programs_really_said_leads_to_its_entry(name: str, text: str) -> None:
    assert ids(text.replace("\\n", "\n"))[:1] == [name]


FIELD: dict[str, tuple[str, ...]] = {
    "field-24": ("rootless", "no-cgroups = true", "/etc/nvidia-container-runtime/config.toml", "1.18.1", "CDI"),
    "field-27": ('ldconfig = "@/sbin/ldconfig"', "config.toml"),
    "field-28": ("remove libnvidia-* and libcuda", "image", "build"),
    "field-30": ("--gpus '\"device=0,1\"'",),
    "field-31": ("snap", "Docker Desktop", "nvidia-smi works", "docker-ce", "docker.io"),
    "field-32": ("SELinux", "device nodes", "setsebool -P container_use_devices 1"),
    "field-33": ("CUDA toolkit", "in the image", "not part of the driver"),
    "field-34": ("NVSwitch", "nvidia-fabricmanager", "driver's very version"),
    "field-38": ("--gpus", "CPU build", "CUDA_VISIBLE_DEVICES hides"),
    "field-40": ("build", "sm_XX", "newer image"),
    "field-41": ("harmless", "Key was rejected", "Required key not available", "Secure Boot"),
    "field-43": ("the driver is installed, for nvidia-smi is there", "kernel", "Secure Boot", "not loaded"),
    "field-45": ("restart",),
    "field-46": ("nvidia-ctk cdi generate",),
    "field-47": ("newer driver", "older CUDA"),
    "field-48": ("bind the functions of the GPU's own slot",),
    "field-49": ("not bound to vfio-pci", "no permission"),
    "field-50": ("another virtual machine", "bound to vfio-pci all right"),
    "field-52": ("limit of locked memory is too low",),
    "field-55": ("PROFILE or UUID", "card without vGPU"),
    "field-56": ("oneuser update", "TOKEN_PASSWORD"),
    "said-0": (
        "memory is taken",
        "nvidia-smi",
        "smaller batch",
        "FL_GPU_MEMORY_FRACTION is a cap for this process only",
    ),
    "said-1": ("--gpus", "CPU build", "CUDA_VISIBLE_DEVICES", "driver is too old"),
}
"""What must be said, from the `right` of each case."""


def test_what_people_ran_into_is_told_right() -> None:
    cases = recorded("field-cases.json")["cases"]
    asked = {case["id"]: case["input"] for case in cases if case["command"] == "troubleshoot"}
    assert asked.keys() == FIELD.keys()
    for name, text in asked.items():
        texts = " ".join(_told(row) for row in find_troubles(text))
        for words in FIELD[name]:
            assert words in texts, (name, words, texts)


def _told(row: Row) -> str:
    return plain(f"{row.cause.cause} {row.fix} {row.tell} {row.more}")


# ---- how a text is read ----


def test_what_a_check_reports_leads_to_its_entry() -> None:
    for check in ALL_CHECKS:
        for answer in check.answers:
            if answer.status in {Status.FAIL, Status.WARN}:
                message = Message(plain(answer.message)).example
                row = find_troubles(f"{answer.status.value.upper()}  {check.id}: {message}")[0]
                assert (row.check, row.cause.check) == (check.id, f"{check.id}/{answer.name}"), message


def test_a_long_log_with_two_troubles(ctx: object) -> None:
    log = "\n".join(["Nov 24 boot: fine"] * 5000)
    text = f"{log}\nNVRM: API mismatch: the client\n{log}\nvfio: group 3 is not viable\n"
    ended = ctx("gpu", "troubleshoot", "-", "--format", "json", stdin=text)  # type: ignore[operator]
    assert isinstance(ended, Ended)
    assert list(dict.fromkeys(row["id"] for row in ended.json["rows"])) == ["nvrm-api-mismatch", "vfio-not-viable"]
    assert ended.code == 0


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("cuda-no-device", "no gpu in container"),
        ("cuda-no-device", "the container has no GPU"),
        ("cuda-no-device", "GPU not found inside the container"),
        ("one-no-vm-gpu", "the VM has no GPU"),
        ("one-no-vm-gpu", "No NVIDIA GPU in the virtual machine"),
        ("gpu-not-in-vm", "GPU not visible in VM"),
        ("gpu-not-in-vm", "my GPU is not detected in the VM"),
        ("libvirt-other", "VM in BOOT_FAILURE"),
        ("one-no-host", "VM stuck in PENDING"),
        ("one-no-host", "the VM stays in pending"),
    ],
)
def test_plain_words_of_a_question_find_the_entry_and_those_of_a_log_do_not(name: str, words: str) -> None:
    assert ids(words) == [name]
    log = "".join(f"line {number}\n" for number in range(40))
    assert ids(f"{log}{words}\n") == []


@pytest.mark.parametrize("trouble", [trouble for trouble in TROUBLES if trouble.asked], ids=lambda trouble: trouble.id)
def test_all_other_words_lead_to_their_entry(trouble: Trouble) -> None:
    for message in trouble.asked:
        assert ids(message.example) == [trouble.id], message.example


def test_a_virtual_machine_without_a_card_is_not_told_to_install_the_driver() -> None:
    """The agent's own message names both; the driver is not missing where there is no card to drive."""
    bare = SimpleNamespace(gpus=(), unreadable=False)
    reason = _no_driver(SimpleNamespace(cached=lambda _: bare))  # type: ignore[arg-type]
    assert ids(f"CTX080: GPU requested but not available ({reason})") == ["one-no-vm-gpu"]
    assert ids("the NVIDIA kernel driver is not loaded") == ["module-not-loaded"]


def test_a_healthy_log_ends_as_the_guide_says(ctx: Callable[..., Ended]) -> None:
    ended = ctx("gpu", "troubleshoot", "-", stdin=next(iter(HEALTHY.values())))
    said = ended.err.splitlines()[0]
    assert (ended.code, ended.out) == (1, "")
    guide = " ".join((ROOT / "docs/guides/gpu.md").read_text(encoding="utf-8").split())
    assert f"says `{said}` on standard error, and ends with {ended.code}." in guide


def test_a_wrapped_line_a_line_of_json_and_colours() -> None:
    wrapped = "NVIDIA-SMI has failed because it couldn't communicate with the\n  NVIDIA driver. Make sure"
    assert ids(wrapped) == ["smi-no-driver"]
    assert ids(
        '{"log":"\\u001b[31mNVRM:  Xid (PCI:0000:3b:00): 79, GPU\\n","stream":"stderr"}'.replace("\\u001b", "\x1b")
    ) == ["xid-79"]
    assert ids("couldn\u2019t communicate with the NVIDIA driver") == ["smi-no-driver"]


def test_the_more_exact_entry_is_told_and_wrappers_only_alone() -> None:
    inner = "nvidia-container-cli: initialization error: nvml error: driver not loaded: unknown"
    wrapped = (
        "docker: Error response from daemon: failed to create task for container: failed to create shim task: "
        "OCI runtime create failed: runc create failed: unable to start container process: error during container "
        "init: error running prestart hook #0: exit status 1, stdout: , stderr: Auto-detected mode as 'legacy'\n"
        f"{inner}"
    )
    assert ids(wrapped) == ["cli-driver-not-loaded"]
    assert ids(wrapped.replace(inner, "")) == ["container-hook"]


def test_harmless_lines_are_told_to_who_asks_about_them_alone() -> None:
    taint = "nvidia: module verification failed: signature and/or required key missing - tainting kernel"
    assert ids(taint) == ["harmless-taint"]
    assert ids(f"[    3.1] nvidia: loading out-of-tree module taints kernel.\n[    3.2] {taint}") == ["harmless-taint"]
    assert ids(f"{taint}\nsomething else") == []
    assert ids(f"{taint}\nmodprobe: ERROR: could not insert 'nvidia': Key was rejected by service") == [
        "module-key-rejected"
    ]


def test_what_a_message_names_is_filled_in_where_nothing_else_can_stand_there() -> None:
    row = find_troubles("vfio 0000:3b:00.0: failed to open /dev/vfio/31: No such file or directory")[0]
    assert "driverctl set-override 0000:3b:00.0 vfio-pci" in plain(row.fix)
    evil = find_troubles("mount error: file creation failed: /x;rm$(reboot): file exists")
    assert all("reboot" not in row.fix for row in evil)


def test_an_unknown_message_names_what_its_program_prints() -> None:
    text = "nvidia-container-cli.real: fnord"
    assert find_troubles("NVRM: fnord of the adapter") == []
    programs = programs_in("NVRM: fnord of the adapter")
    assert [program.name for program in programs] == ["the NVIDIA kernel driver"]
    entries = near(programs)
    assert BY_ID["nvrm-rm-init"] in entries
    assert not any(trouble.harmless for trouble in entries)
    assert programs_in("the printer is out of paper") == []
    assert programs_in("\n".join([text] * 50)) == []


# ---- the document ----


def test_the_tables_in_the_documents() -> None:
    pages = troubles_pages("")
    whole = "\n".join(pages.values())
    for name, page in pages.items():
        for line in page.splitlines():
            if name != TROUBLES_PAGE and line.startswith("|"):
                assert len(re.findall(r"(?<!\\)\|", line)) in {5, 6}, line
                assert "<" not in re.sub("``.*?``|`[^`]*`|</?code>|<br>", "", line), line
    for program in PROGRAMS:
        assert section(program) == anchor(heading(program))
        used = any(trouble.program == program for trouble in TROUBLES)
        assert (f"# {heading(program)}\n" in f"{whole}\n") == used
    for trouble in TROUBLES:
        for message in trouble.says[:1]:
            assert general(message).split("<")[0][:30].strip()[:12] in whole


def test_the_cases_are_where_they_are_said_to_be() -> None:
    assert len(HEALTHY) >= 20
    assert isinstance(CASES, Path)
