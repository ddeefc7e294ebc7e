"""Every command: what it prints, where, and how it ends."""

import json
import os
import shlex
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from ctxschema.boot.container import appliance_container
from ctxschema.catalog import APPLIANCES, get_appliance
from ctxschema.core import codes
from ctxschema.core.files import LARGEST_FILE
from tests.conftest import ROOT, Ended
from tests.pem import CERTIFICATE, PRIVATE_KEY

Ctx = Callable[..., Ended]
SAMPLE = str(ROOT / "examples/flower-supernode/context.sh")
FINDING_KEYS = {"code", "severity", "variable", "value", "message", "origin", "position", "repair", "rule"}


@pytest.fixture
def context(tmp_path: Path) -> Callable[..., str]:
    def write(**values: str) -> str:
        from ctxschema.context.context_sh import write_context_sh

        path = tmp_path / "context.sh"
        path.write_text(write_context_sh(values))
        return str(path)

    return write


# ---- list and show ---------------------------------------------------------------------------------


def test_list(ctx: Ctx) -> None:
    ended = ctx("list")
    assert (ended.code, ended.err) == (0, "")
    for name in APPLIANCES:
        appliance = get_appliance(name)
        (line,) = [line for line in ended.out.splitlines() if name in line]
        assert line.split()[1:3] == [str(len(appliance.variables)), str(len(appliance.rule_ids))]
    counts = {each["name"]: (each["variables"], each["rules"]) for each in ctx("list", "--format", "json").json}
    assert counts["flower-service"] == (41, 14)
    listed = {name: variables for name, (variables, _) in counts.items()}
    assert listed == {name: len(get_appliance(name).variables) for name in APPLIANCES}


@pytest.mark.parametrize("name", APPLIANCES)
def test_show_an_appliance(ctx: Ctx, name: str) -> None:
    ended = ctx("show", name)
    assert ended.code == 0
    for variable in get_appliance(name).variables:
        assert variable.name in ended.out
    shown = ctx("show", name, "--format", "json").json
    assert [each["name"] for each in shown["variables"]] == list(get_appliance(name).by_name)
    assert [each["id"] for each in shown["rules"]] == [rule.id for rule in get_appliance(name).rules]


def test_a_variable_is_known_by_its_short_name_and_a_group_in_any_case(ctx: Ctx) -> None:
    assert ctx("show", "flower-supernode", "gpu").out == ctx("show", "flower-supernode", "FL_GPU_ENABLED").out
    assert ctx("generate", "user-inputs", "flower-supernode", "--group", "GPU").code == 0


def test_show_a_variable(ctx: Ctx) -> None:
    ended = ctx("show", "flower-supernode", "fl_gpu_memory_fraction")
    for words in ("from 0.0 to 1.0", "when FL_GPU_ENABLED = YES and ML_FRAMEWORK = pytorch", "memory-fraction-zero"):
        assert words in ended.out
    shown = ctx("show", "flower-supernode", "FL_GPU_MEMORY_FRACTION", "--format", "json").json
    assert (shown["default"], shown["kind"], shown["effective"]["is"]) == (0.8, "number-float", "AllOf")
    assert shown["limits"][0]["high"] == 1.0


@pytest.mark.parametrize(
    ("arguments", "hint"),
    [
        (["show", "flower-supernod"], "did you mean flower-supernode?"),
        (["show", "flower-supernode", "FL_GPU_ENABELD"], "did you mean FL_GPU_ENABLED?"),
        (["show", "flower-superlink", "FL_GPU_ENABLED"], "it belongs to the supernode"),
        (["generate", "user-inputs", "flower-supernode", "--group", "gpus"], "it has base"),
        (["generate", "user-inputs", "flower-supernode", "--check"], "-o"),
        (["boot", "flower-supernode", "--context", SAMPLE, "--gpu", "yes"], "--dry-run"),
        (["boot", "flower-supernode", "--context", SAMPLE, "--format", "shell"], "--dry-run"),
        (["boot", "flower-service", "--context", SAMPLE, "--dry-run"], "flower-supernode"),
        (["boot", "flower-supernode", "--dry-run"], "--context"),
        (["validate", "flower-supernode", "--format", "yaml"], "yaml"),
        (["nonsense"], "nonsense"),
    ],
)
def test_misuse_ends_with_2_and_a_hint(ctx: Ctx, arguments: list[str], hint: str) -> None:
    ended = ctx(*arguments)
    assert (ended.code, ended.out) == (2, "")
    assert hint in ended.err


@pytest.mark.parametrize(
    "arguments", [[], ["list"], ["show"], ["generate"], ["generate", "user-inputs"], ["parse"], ["validate"], ["boot"]]
)
def test_help(ctx: Ctx, arguments: list[str]) -> None:
    for flag in ("-h", "--help"):
        ended = ctx(*arguments, flag)
        assert (ended.code, ended.err) == (0, "")
        assert "Usage:" in ended.out


COMPLETED = ("ctxschema sh", "ctxschema show fl", "ctxschema lint --se", "ctxschema boot --gpu ")


@pytest.mark.parametrize(
    ("words", "completed"),
    [(["--help"], ""), (["lint", "--help"], ""), (["boot", "--help"], ""), *(([], line) for line in COMPLETED)],
)
def test_help_and_completion_import_nothing_of_what_a_command_does(words: list[str], completed: str) -> None:
    """Somebody waits for each of these, a completion even between two keys."""
    code = (
        "import atexit, sys\n"
        "atexit.register(lambda: print(*sorted(sys.modules), file=sys.stderr))\n"
        f"sys.argv = {['ctxschema', *words]!r}\n"
        "from ctxschema.cli import main; main()\n"
    )
    ended = subprocess.run(
        [sys.executable, "-c", code],
        capture_output=True,
        text=True,
        check=False,
        env={
            **os.environ,
            **({"_CTXSCHEMA_COMPLETE": "bash_complete", "COMP_WORDS": completed} if completed else {}),
            "COMP_CWORD": str(completed.count(" ")),
        },
    )
    assert (ended.returncode, bool(ended.stdout)) == (0, True), ended.stderr
    imported = ended.stderr.split()
    assert "ctxschema.cli.commands" in imported
    assert not {"attr", "rich", "lark", "yaml", "cattrs", "jsonschema", "difflib"} & set(imported)
    rooms = {name.split(".")[1] for name in imported if name.startswith("ctxschema.")}
    assert rooms <= {"cli", "core", "catalog"}
    assert not [name for name in imported if name.startswith("ctxschema.catalog.")]


def test_version(ctx: Ctx) -> None:
    assert ctx("--version").out.startswith("ctxschema ")


# ---- generate --------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", APPLIANCES)
@pytest.mark.parametrize("names", ["variable", "short"])
def test_what_is_generated_is_portable_and_says_what_is_declared(ctx: Ctx, name: str, names: str) -> None:
    from ctxschema import parse_template

    ended = ctx("generate", "user-inputs", name, "--names", names)
    template = parse_template(ended.out)
    assert (template.ok, template.findings) == (True, ())
    variables = get_appliance(name).variables
    asked = [variable.short_name if names == "short" else variable.name for variable in variables]
    assert [key for key, _ in template.user_inputs] == asked
    assert dict(template.attributes)["INPUTS_ORDER"] == ",".join(asked)
    for variable, (_, definition) in zip(variables, template.user_inputs, strict=True):
        assert (definition.type, definition.description) == (variable.kind.name, variable.label)
        assert definition.default == variable.asked_text
        assert definition.canonical() == definition.emit()


def test_check_says_how_a_file_differs_and_what_repairs_it(ctx: Ctx, tmp_path: Path) -> None:
    path = tmp_path / "my inputs.tmpl"
    words = ["generate", "user-inputs", "flower-supernode", "--group", "gpu", "--names", "short", "-o", str(path)]
    missing = ctx(*words, "--check")
    assert missing.code == 1
    assert not path.exists()
    assert ctx(*words) == (0, "", "")
    assert ctx(*words, "--check") == (0, "", "")
    path.write_text(path.read_text().replace("|NO", "|YES"))
    before = path.stat().st_mtime_ns, path.stat().st_ino
    drifted = ctx(*words, "--check")
    assert drifted.code == 1
    assert '-    GPU = "O|boolean|Enable GPU passthrough (requires GPU-enabled VM template)| |YES",' in drifted.out
    assert (path.stat().st_mtime_ns, path.stat().st_ino) == before
    (repair,) = [line.removeprefix("repair: ") for line in drifted.out.splitlines() if line.startswith("repair: ")]
    assert ctx(*shlex.split(repair)[1:]).code == 0
    assert ctx(*words, "--check").code == 0


def test_a_file_that_cannot_be_written_is_an_error(ctx: Ctx, tmp_path: Path) -> None:
    ended = ctx("generate", "user-inputs", "flower-supernode", "-o", str(tmp_path / "no" / "file"))
    assert (ended.code, ended.out) == (1, "")
    assert codes.UNWRITABLE.id in ended.err


# ---- parse -----------------------------------------------------------------------------------------


def test_parse_a_definition(ctx: Ctx) -> None:
    ended = ctx("parse", "-", stdin="O|number|a = b| |0.8\n")
    assert ended.code == 1
    tree = ended.json
    assert (tree["kind"], tree["text"], tree["type"]) == ("user_input", "O|number|a = b| |0.8", "number")
    assert [part["text"] for part in tree["parts"]] == ["O", "number", "a = b", " ", "0.8"]
    assert tree["canonical"] == "O|number-float|a = b| |0.8"
    (finding,) = tree["findings"]
    assert set(finding) == FINDING_KEYS
    assert finding["position"]["column"] == 3
    assert finding["origin"] == "<stdin>:1:3"
    assert ctx("parse", stdin="O|boolean|d| |NO").code == 0


def test_parse_a_template(ctx: Ctx, tmp_path: Path) -> None:
    path = tmp_path / "vm.tmpl"
    path.write_text('CPU = 1\nUSER_INPUTS = [ A = "M|text|d" ]\n')
    ended = ctx("parse", str(path))
    assert ended.code == 0
    tree = ended.json
    assert (tree["kind"], tree["ok"], tree["kept"]) == (
        "template",
        True,
        [["CPU", "1"], ["USER_INPUTS", {"A": "M|text|d"}]],
    )
    assert tree["user_inputs"][0]["name"] == "A"
    assert tree["user_inputs"][0]["position"]["line"] == 2
    assert tree["findings"][0]["origin"] == f"{path}:2:22"


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("", "user_input"), ("\n", "user_input"), ("M", "user_input"), ("M|text", "user_input"),
        ("0|text|d||", "user_input"), ("||||||", "user_input"), (" M | text | a=b | | ", "user_input"),
        ("A=1", "template"), ("A = O|text|d", "template"), ("# only | a comment\n", "template"),
        ("<TEMPLATE/>", "template"), ("A-B = 1", "template"), ("A\n= 1\n", "template"),
    ],
)  # fmt: skip
def test_definitions_and_templates_are_told_apart(ctx: Ctx, text: str, kind: str) -> None:
    assert ctx("parse", "-", stdin=text).json["kind"] == kind


@pytest.mark.parametrize(
    "text",
    ["", "M", "M|text", "M|text|d|x", "M|text|a|b|c|d", "M|int|d||", "0|text|d||", " M |text|d||", "A = [", "A = \0"],
)
def test_malformed_input_has_findings_with_position_and_repair(ctx: Ctx, text: str) -> None:
    ended = ctx("parse", "-", stdin=text)
    assert (ended.code, ended.err) == (1, "")
    for finding in ended.json["findings"]:
        assert finding["position"]["line"] == 1
        assert finding["repair"]


def test_parse_prints_the_findings_alone_as_text(ctx: Ctx) -> None:
    ended = ctx("parse", "--format", "text", stdin="O|number|d| |0.8")
    assert (ended.code, ended.err) == (1, "")
    assert ended.out.splitlines() == [
        "<stdin>:1:3: error CTX014: default 0.8 is not an integer, and the type is `number`",
        "    O|number|d| |0.8",
        "      ^~~~~~ write `number-float`",
        "<stdin>: 1 error",
    ]


def test_parse_tells_who_gives_a_definition_for_a_file(ctx: Ctx) -> None:
    assert "pipe it in" in ctx("parse", "O|boolean|x| |YES").json["findings"][0]["repair"]


# ---- files that are no good ------------------------------------------------------------------------


@pytest.mark.parametrize(
    "command",
    [["parse"], ["validate", "flower-supernode", "--context"], ["boot", "flower-supernode", "--dry-run", "--context"]],
)
def test_files_that_cannot_be_used(ctx: Ctx, tmp_path: Path, command: list[str]) -> None:
    large = tmp_path / "large"
    with large.open("wb") as stream:
        stream.truncate(LARGEST_FILE + 1)
    for path in (large, Path("/dev/zero"), Path("/proc/self/mem")):
        ended = ctx(*command, str(path))
        assert ended.code == 1, path
        printed = ended.out if command == ["parse"] else ended.err
        assert "CTX05" in printed
        assert ended.out == "" or ended.json["kind"] is None


def test_input_from_a_pipe_is_bounded_too(ctx: Ctx) -> None:
    ended = ctx("parse", "-", stdin=b"x" * (LARGEST_FILE + 1))
    assert (ended.code, ended.json["findings"][0]["code"]) == (1, codes.TOO_LARGE.id)


@pytest.mark.parametrize(
    "data", [b"\x7fELF\x02\x01\x01\x00" * 99, os.urandom(9999), b"\0" * 99, b"A='\xff\xfe'\n", b"'" * 999]
)
def test_binary_input(ctx: Ctx, data: bytes) -> None:
    for command in (["parse", "-"], ["validate", "flower-supernode", "--context", "-"]):
        ended = ctx(*command, stdin=data)
        assert ended.code in {0, 1}
        assert "Traceback" not in ended.err


def test_a_file_that_cannot_be_read_is_a_finding_in_json_as_well(ctx: Ctx) -> None:
    for command in (
        ["validate", "flower-supernode", "--context"],
        ["boot", "flower-supernode", "--dry-run", "--context"],
    ):
        ended = ctx(*command, "/no/such/file", "--format", "json")
        assert ended.code == 2
        (finding,) = ended.json["findings"]
        assert finding["code"] == codes.UNREADABLE.id


# ---- validate --------------------------------------------------------------------------------------


def test_validate_shows_values_findings_and_a_summary(ctx: Ctx) -> None:
    ended = ctx("validate", "flower-supernode", "--context", SAMPLE)
    assert (ended.code, ended.err) == (0, "")
    assert "FL_GPU_ENABLED" in ended.out
    assert ended.out.splitlines()[-1] == "flower-supernode: no findings"


def test_validate_in_json(ctx: Ctx, context: Callable[..., str]) -> None:
    path = context(FL_GPU_ENABLED="yes", FL_GRPC_KEEPALIVE_TIME="ten", FL_TYPO="1")
    ended = ctx("validate", "flower-supernode", "--context", path, "--format", "json")
    assert (ended.code, ended.err) == (1, "")
    result = ended.json
    assert (result["appliance"], result["ok"]) == ("flower-supernode", False)
    assert (result["values"]["FL_GPU_ENABLED"], result["values"]["FL_GRPC_KEEPALIVE_TIME"]) == (True, None)
    assert result["origins"]["FL_GPU_ENABLED"] == f"{path}:2:1"
    assert result["origins"]["FL_ISOLATION"] == "default"
    assert all(set(finding) == FINDING_KEYS for finding in result["findings"])
    wrong, unknown = result["findings"]
    assert (wrong["severity"], wrong["variable"], wrong["value"], wrong["origin"]) == (
        "error",
        "FL_GRPC_KEEPALIVE_TIME",
        "ten",
        f"{path}:3:1",
    )
    assert (unknown["severity"], unknown["rule"], unknown["value"]) == ("warning", "unknown-variable", None)


def test_validate_reads_standard_input_and_the_environment(ctx: Ctx, monkeypatch: pytest.MonkeyPatch) -> None:
    ended = ctx(
        "validate", "flower-supernode", "--context", "-", "--format", "json", stdin='export FL_LOG_LEVEL="DEBUG"\n'
    )
    assert ended.json["values"]["FL_LOG_LEVEL"] == "DEBUG"
    monkeypatch.setenv("FL_LOG_LEVEL", "loud")
    ended = ctx("validate", "flower-supernode", "--format", "json")
    assert (ended.code, ended.json["findings"][0]["origin"]) == (1, "environment")


GPU_BAD = {"FL_GPU_ENABLED": "YES", "FL_CUDA_VISIBLE_DEVICES": "zero", "FL_GPU_MEMORY_FRACTION": "1.5"}


@pytest.mark.parametrize(
    ("values", "plain", "as_boot", "phrase"),
    [
        (GPU_BAD, 1, 0, "a boot would go on all the same"),
        ({**GPU_BAD, "FL_MAX_RETRIES": "-3"}, 1, 1, None),
        ({"FL_MAX_RETRIES": "3"}, 0, 0, None),
        ({"FL_TLS_ENABLED": "YES", "FL_SSL_CA_CERTFILE": "LS0tLS1CRUdJTiBDRVJUSUZJQ0FURS0tLS0t"}, 1, 1, None),
    ],
)
def test_validate_judges_as_a_boot_does(  # noqa: PLR0917 - a row of the table
    values: dict[str, str], plain: int, as_boot: int, phrase: str | None, ctx: Ctx, context: Callable[..., str]
) -> None:
    path = context(**values)
    words = ["validate", "flower-supernode", "--context", path]
    ended = ctx(*words)
    assert ended.code == plain
    assert ("a boot would" in ended.out) == (phrase is not None)
    assert phrase is None or phrase in ended.out
    assert ctx(*words, "--format", "json").json["boots"] == (as_boot == 0)
    judged = ctx(*words, "--boot", "--format", "json")
    assert (judged.code, judged.json["ok"]) == (as_boot, as_boot == 0)
    assert "a boot would" not in ctx(*words, "--boot").out
    # What a boot says of the same context.
    dry = ctx("boot", "flower-supernode", "--context", path, "--dry-run", "--gpu", "yes", "--format", "json")
    assert (dry.code, dry.json["ok"]) == (as_boot, as_boot == 0)
    told_by_boot = [each for each in dry.json["findings"] if each["code"] in {"CTX071", "CTX072"}]
    assert [each for each in judged.json["findings"] if each["code"] in {"CTX071", "CTX072"}] == told_by_boot


def test_the_help_says_what_judging_as_a_boot_adds(ctx: Ctx, context: Callable[..., str]) -> None:
    words = ["validate", "flower-supernode", "--context", context(FL_SUPERLINK_ADDRESS="192.0.2.1:9092")]
    plain, as_boot = (ctx(*words, *more).out for more in ([], ["--boot"]))
    assert (codes.NO_AUTHORITY.id in plain, codes.NO_AUTHORITY.id in as_boot) == (False, True)
    said = " ".join(ctx("validate", "--help").out.split())
    assert all(word in said for word in ("image tag", "mounts", "ports", "env file", "keys and certificates"))


def test_validate_as_a_boot_takes_an_appliance_that_no_agent_boots(ctx: Ctx, tmp_path: Path) -> None:
    (tmp_path / "own.py").write_text(
        "from ctxschema.model.appliance import Appliance\nfrom ctxschema.model.kinds import NUMBER\n"
        "from ctxschema.model.variable import Variable\n"
        'PORT = Variable("APP_PORT", NUMBER, label="Port", default=80)\n'
        'OWN = Appliance("own", "Own", "Own.", (PORT,), prefixes=("APP_",))\n'
    )
    for stdin, code in (("APP_PORT='90'\n", 0), ("APP_PORT='x'\n", 1)):
        ended = ctx("validate", "own", "--from", str(tmp_path / "own.py"), "--context", "-", "--boot", stdin=stdin)
        assert (ended.code, ended.err) == (code, "")


# ---- boot ------------------------------------------------------------------------------------------


def test_a_dry_run_says_what_a_boot_writes_into_the_env_file_instead(ctx: Ctx) -> None:
    ended = ctx("boot", "flower-supernode", "--context", SAMPLE, "--dry-run", "--gpu", "no")
    (said,) = [line for line in ended.out.splitlines() if line.startswith("env file ")]
    named = said.rstrip(".").rpartition(": ")[2].split(", ")
    declared = appliance_container(get_appliance("flower-supernode")).environment
    assert set(named) == {entry.name for entry in declared if entry.in_file and f"-e {entry.name}=" in ended.out}
    assert said.removeprefix("env file ").partition(":")[0] in (ROOT / "docs/reference/supernode.md").read_text()
    alone = ctx("boot", "flower-supernode", "--context", SAMPLE, "--dry-run", "--gpu", "no", "--format", "shell")
    assert "env file" not in alone.out


def test_boot_without_a_gpu(ctx: Ctx) -> None:
    ended = ctx("boot", "flower-supernode", "--context", SAMPLE, "--dry-run", "--gpu", "no")
    assert ended.code == 0
    assert "GPU requested but not available, falling back to CPU" in ended.err
    assert "docker run" in ended.out
    assert "--gpus" not in ended.out


def test_boot_with_a_gpu_in_json(ctx: Ctx) -> None:
    ended = ctx("boot", "flower-supernode", "--context", SAMPLE, "--dry-run", "--gpu", "yes", "--format", "json")
    assert (ended.code, ended.err) == (0, "")
    plan = ended.json
    assert plan["argv"][:2] == ["docker", "run"]
    assert plan["gpu"] == {
        "requested": True,
        "available": True,
        "flags": ["--gpus", "all", "-e", "CUDA_VISIBLE_DEVICES=0,1"],
        "warning": None,
        "reason": None,
    }
    assert plan["env"]["CUDA_VISIBLE_DEVICES"] == "0,1"
    assert plan["onegate"] == {
        "FL_NODE_READY": "YES",
        "FL_NODE_ID": "42",
        "FL_VERSION": "1.25.0",
        "FL_GPU_AVAILABLE": "YES",
    }
    assert plan["findings"] == []


def test_the_shell_reads_the_very_list(ctx: Ctx, context: Callable[..., str], tmp_path: Path) -> None:
    values = {"FL_SUPERLINK_ADDRESS": "10.0.0.1:9092", "FL_NODE_CONFIG": 'a="$(id) `id` \'x\' \\\\ !!"\nb=1\tc="*"'}
    arguments = ["boot", "flower-supernode", "--context", context(**values), "--dry-run", "--gpu", "yes", "--format"]
    shell, plan = ctx(*arguments, "shell"), ctx(*arguments, "json").json
    assert shell.code == 0
    fake = tmp_path / "docker"
    fake.write_text(f'#!{sys.executable}\nimport json, sys\nprint(json.dumps(["docker", *sys.argv[1:]]))\n')
    fake.chmod(0o755)
    environment = {**os.environ, "PATH": f"{tmp_path}:{os.environ['PATH']}"}
    for program in ("sh", "bash"):
        ended = subprocess.run([program, "-c", shell.out], env=environment, capture_output=True, text=True, check=True)
        assert json.loads(ended.stdout) == plan["argv"]


def test_boot_stops_at_an_error_and_prints_no_command(ctx: Ctx, context: Callable[..., str]) -> None:
    path = context(FL_SUPERLINK_ADDRESS="nowhere")
    for form in ("text", "shell"):
        ended = ctx("boot", "flower-supernode", "--context", path, "--dry-run", "--format", form)
        assert (ended.code, ended.out) == (1, "")
        assert "FL_SUPERLINK_ADDRESS" in ended.err
    ended = ctx("boot", "flower-supernode", "--context", path, "--dry-run", "--format", "json")
    assert (ended.code, ended.json["argv"]) == (1, [])


def test_boot_looks_for_a_gpu_when_it_is_not_told(ctx: Ctx, context: Callable[..., str]) -> None:
    ended = ctx(
        "boot", "flower-supernode", "--context", context(FL_SUPERLINK_ADDRESS="a:1"), "--dry-run", "--format", "json"
    )
    assert ended.json["gpu"]["requested"] is False


# ---- secrets, pipes, terminals ---------------------------------------------------------------------


SECRETS: list[dict[str, str]] = [
    {"FL_TLS_ENABLED": "YES", "FL_SSL_KEYFILE": PRIVATE_KEY, "FL_SSL_CERTFILE": CERTIFICATE},
    {"FL_SSL_KEYFILE": "SEKRIT"},
    {"FL_TLS_ENABLED": "YES", "FL_SSL_KEYFILE": "SEKRIT\0\x1b"},
    {"FL_SSL_KEYFLE": "SEKRIT"},
]


@pytest.mark.parametrize("values", SECRETS)
@pytest.mark.parametrize("appliance", APPLIANCES)
def test_a_secret_is_in_no_output(
    ctx: Ctx, context: Callable[..., str], values: dict[str, str], appliance: str
) -> None:
    path = context(**values)
    body = PRIVATE_KEY.splitlines()[1]
    commands = [["validate", appliance, "--context", path, *more] for more in ([], ["--format", "json"])]
    if appliance != "flower-service":
        commands += [
            ["boot", appliance, "--context", path, "--dry-run", "--format", form] for form in ("text", "json", "shell")
        ]
    for command in commands:
        ended = ctx(*command)
        for secret in (body, "SEKRIT"):
            assert secret not in ended.out + ended.err, command


@pytest.mark.parametrize(
    "text",
    [
        "FL_SSL_KEYFILE=SEKRIT\n",
        "FL_SSL_KEYFILE='SEKRIT\n",
        "FL_SSL_KEYFILE='SEKRIT' SEKRIT\n",
        "SEKRIT\n",
        'export FL_SSL_KEYFILE="SEKRIT\n',
    ],
)
def test_a_secret_in_a_broken_file_is_in_no_output(ctx: Ctx, text: str) -> None:
    for form in ("text", "json"):
        ended = ctx("validate", "flower-superlink", "--context", "-", "--format", form, stdin=text)
        assert ended.code == 1
        assert "SEKRIT" not in ended.out + ended.err


def run(*arguments: str, **details: Any) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "ctxschema", *arguments], capture_output=True, text=True, check=False, **details
    )


def test_the_program_itself() -> None:
    assert run("list").returncode == 0
    assert run("list", "--nonsense").returncode == 2
    assert run("validate", "flower-supernode", "--context", "/no/such/file").returncode == 2


@pytest.mark.parametrize(
    "command", ["list", "show flower-service --format json", "generate user-inputs flower-service"]
)
def test_an_output_that_cannot_be_written_is_a_message(command: str) -> None:
    for output in (">/dev/full", ">&-"):
        ended = subprocess.run(
            f"{sys.executable} -m ctxschema {command} {output}", shell=True, capture_output=True, text=True, check=False
        )
        assert ended.returncode == 1, output
        assert ended.stderr.startswith("Error: ")


@pytest.mark.parametrize("command", ["parse", "validate flower-supernode --context -"])
def test_an_input_that_is_closed_is_a_finding(command: str) -> None:
    ended = subprocess.run(
        f"{sys.executable} -m ctxschema {command} <&-", shell=True, capture_output=True, text=True, check=False
    )
    assert ended.returncode == 1
    assert codes.UNREADABLE.id in ended.stdout + ended.stderr


def test_output_goes_where_it_is_told(ctx: Ctx, tmp_path: Path) -> None:
    expected = ctx("generate", "user-inputs", "flower-supernode").out
    assert ctx("generate", "user-inputs", "flower-supernode", "-o", "-").out == expected
    command = f"{sys.executable} -m ctxschema generate user-inputs flower-supernode -o"
    piped = subprocess.run(f"{command} /dev/stdout | cat", shell=True, capture_output=True, text=True, check=True)
    assert piped.stdout == expected
    subprocess.run(f"umask 077; {command} {tmp_path}/new", shell=True, check=True)
    assert (tmp_path / "new").stat().st_mode & 0o777 == 0o600


def test_nothing_is_coloured_without_a_terminal() -> None:
    ended = run("validate", "flower-supernode", "--context", "/dev/null", env={**os.environ, "FORCE_COLOR": ""})
    assert "\x1b" not in ended.stdout + ended.stderr


def test_a_reader_that_leaves_early_is_no_error_to_report() -> None:
    ended = subprocess.run(
        f"{sys.executable} -m ctxschema show flower-service --format json | head -c 10",
        shell=True, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert "Traceback" not in ended.stderr


def test_output_for_a_terminal_that_knows_no_unicode() -> None:
    for command in (["list"], ["show", "flower-supernode"], ["validate", "flower-supernode", "--context", SAMPLE]):
        ended = run(*command, env={**os.environ, "LC_ALL": "C", "PYTHONIOENCODING": "ascii", "PYTHONUTF8": "0"})
        assert "Traceback" not in ended.stderr, command


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ("show flower-superl", "flower-superlink"),
        ("show flower-supernode FL_GPU_E", "FL_GPU_ENABLED"),
        ("generate user-inputs flower-supernode --group g", "gpu"),
    ],
)
def test_shell_completion(words: str, expected: str) -> None:
    typed = ["ctxschema", *words.split()]
    environment = {
        **os.environ,
        "COMP_WORDS": " ".join(typed),
        "COMP_CWORD": str(len(typed) - 1),
        "_CTXSCHEMA_COMPLETE": "bash_complete",
    }
    script = Path(sys.executable).with_name("ctxschema")
    ended = subprocess.run([script], env=environment, capture_output=True, text=True, check=False)
    assert f"plain,{expected}" in ended.stdout.split()
