"""Every limit and every rule of the catalog, with a value that passes and one that does not."""

import base64
import itertools
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ctxschema import Finding, Severity, get_appliance, load_context, validate
from ctxschema.catalog.flower import VARIABLES
from ctxschema.core import codes
from ctxschema.core.secret import shown
from ctxschema.model.node_config import NODE_CONFIG
from ctxschema.model.pem import Pem
from ctxschema.model.variable import Variable
from ctxschema.testing import contexts
from tests.pem import CERTIFICATE, PRIVATE_KEY

SERVICE = get_appliance("flower-service")

# What makes each variable effective, so that a wrong value is an error.
EFFECTIVE = {
    "FL_STRATEGY = FedProx": {"FL_STRATEGY": "FedProx"},
    "FL_STRATEGY = FedAdam": {"FL_STRATEGY": "FedAdam"},
    "FL_STRATEGY is Krum or Bulyan": {"FL_STRATEGY": "Krum"},
    "FL_STRATEGY = FedTrimmedAvg": {"FL_STRATEGY": "FedTrimmedAvg"},
    "FL_CHECKPOINT_ENABLED = YES": {"FL_CHECKPOINT_ENABLED": "YES"},
    "FL_METRICS_ENABLED = YES": {"FL_METRICS_ENABLED": "YES"},
    "FL_EDGE_BACKOFF = exponential": {},
    "FL_GPU_ENABLED = YES": {"FL_GPU_ENABLED": "YES"},
    "FL_GPU_ENABLED = YES and ML_FRAMEWORK = pytorch": {"FL_GPU_ENABLED": "YES"},
    "FL_TLS_ENABLED = YES": {"FL_TLS_ENABLED": "YES"},
    "FL_TLS_ENABLED = YES and not (FL_SSL_CERTFILE is set)": {"FL_TLS_ENABLED": "YES"},
}

# What takes the effect from each variable that has one as it is.
INEFFECTIVE = {
    "FL_TLS_ENABLED = YES": {"FL_TLS_ENABLED": "NO"},
    "FL_TLS_ENABLED = YES and not (FL_SSL_CERTFILE is set)": {"FL_TLS_ENABLED": "NO"},
}

# Written out, not taken from the declaration: a limit that is lost there is missed here.
GOOD_TEXTS = {
    "FLOWER_VERSION": ["1.25.0", "1.40.0", "10.0.12"],
    "FL_ISOLATION": ["subprocess", "process"],
    "FL_LOG_LEVEL": ["DEBUG", "INFO", "WARNING", "ERROR"],
    "FL_LOG_FORMAT": ["text", "json"],
    "FL_NUM_ROUNDS": ["1", "500"],
    "FL_STRATEGY": ["FedAvg", "FedProx", "FedAdam", "Krum", "Bulyan", "FedTrimmedAvg"],
    "FL_MIN_FIT_CLIENTS": ["1"],
    "FL_MIN_EVALUATE_CLIENTS": ["1"],
    "FL_MIN_AVAILABLE_CLIENTS": ["1"],
    "FL_PROXIMAL_MU": ["0.0", "0", "0.5", "10"],
    "FL_SERVER_LR": ["0.001", "1e-7"],
    "FL_CLIENT_LR": ["0.001", "2"],
    "FL_NUM_MALICIOUS": ["0", "3"],
    "FL_TRIM_BETA": ["0.1", "0.499"],
    "FL_CHECKPOINT_ENABLED": ["YES", "no"],
    "FL_CHECKPOINT_INTERVAL": ["1"],
    "FL_CHECKPOINT_PATH": ["/app", "/app/checkpoints/", "/data/.x"],
    "FL_FLEET_API_ADDRESS": ["0.0.0.0:9092", "[::]:1", "superlink:65535"],
    "FL_CONTROL_API_ADDRESS": ["127.0.0.1:9093"],
    "FL_DATABASE": ["state.db", "a/b/c.db", ".hidden/x"],
    "FL_METRICS_ENABLED": ["YES"],
    "FL_METRICS_PORT": ["1024", "65535", "9090", "9094"],
    "FL_GRPC_KEEPALIVE_TIME": ["30"],
    "FL_GRPC_KEEPALIVE_TIMEOUT": ["1"],
    "FL_TLS_ENABLED": ["YES", "No"],
    "FL_CERT_EXTRA_SAN": ["IP:10.0.0.1", "DNS:*.example.org,IP:::1", "IP:fe80::1:2"],
    "FL_SUPERLINK_ADDRESS": [
        "superlink:9092", "10.0.0.1:1", "[fe80::1]:65535", "[::ffff:1.2.3.4]:9", "a.b-c.d_e:80", "1.2.3.4.example:5",
    ],
    "FL_NODE_CONFIG": ["a=1", 'site="x" n=2.5'],
    "FL_MAX_RETRIES": ["0", "007"],
    "FL_MAX_WAIT_TIME": ["0", "3600"],
    "ML_FRAMEWORK": ["pytorch", "tensorflow", "sklearn"],
    "FL_USE_CASE": ["none", "image-classification", "anomaly-detection", "llm-fine-tuning"],
    "FL_EDGE_BACKOFF": ["exponential", "fixed"],
    "FL_EDGE_MAX_BACKOFF": ["1"],
    "FL_GPU_ENABLED": ["yes", "No", "YES"],
    "FL_CUDA_VISIBLE_DEVICES": ["all", "ALL", "0", "0,1", "3,10", "0, 1", "0 ,1"],
    "FL_GPU_MEMORY_FRACTION": ["0.0", "0", "1", "1.0", "0.5", "1e-7"],
    "FL_DCGM_ENABLED": ["YES"],
}  # fmt: skip
BAD_TEXTS = {
    "FLOWER_VERSION": ["1.25", "v1.25.0", "1.25.0-rc1", "latest", "1.25.0.1", "1.25.0 --privileged"],
    "FL_ISOLATION": ["Process", "none"],
    "FL_LOG_LEVEL": ["info", "TRACE", "10"],
    "FL_LOG_FORMAT": ["xml"],
    "FL_NUM_ROUNDS": ["0", "-1", "3.0", "three", "1e3", "+3", " 3", "9" * 30, "\uff19"],
    "FL_STRATEGY": ["fedavg", "FedAvg ", "Average"],
    "FL_MIN_FIT_CLIENTS": ["0"],
    "FL_MIN_EVALUATE_CLIENTS": ["0"],
    "FL_MIN_AVAILABLE_CLIENTS": ["0"],
    "FL_PROXIMAL_MU": ["-0.1", "-1"],
    "FL_SERVER_LR": ["0", "0.0", "-1"],
    "FL_CLIENT_LR": ["0"],
    "FL_NUM_MALICIOUS": ["-1", "0.5"],
    "FL_TRIM_BETA": ["0.0", "0.5", "0"],
    "FL_CHECKPOINT_ENABLED": ["true"],
    "FL_CHECKPOINT_INTERVAL": ["0", "-5"],
    "FL_CHECKPOINT_PATH": ["rel", "/", "/a:b", "/a/../b", "/a b"],
    "FL_FLEET_API_ADDRESS": ["9092", "0.0.0.0"],
    "FL_CONTROL_API_ADDRESS": ["0.0.0.0:0"],
    "FL_DATABASE": ["/abs", "../x", "a/../b", "a b", "-x", "a:b"],
    "FL_METRICS_ENABLED": ["1"],
    "FL_METRICS_PORT": ["1023", "65536", "9091", "9092", "9093"],
    "FL_GRPC_KEEPALIVE_TIME": ["0"],
    "FL_GRPC_KEEPALIVE_TIMEOUT": ["0"],
    "FL_TLS_ENABLED": ["on"],
    "FL_SSL_CA_CERTFILE": ["ca.crt", "bm90IFBFTQ==", PRIVATE_KEY, CERTIFICATE + PRIVATE_KEY, CERTIFICATE[:200]],
    "FL_SSL_CERTFILE": ["bm90IFBFTQ==", CERTIFICATE + PRIVATE_KEY],
    "FL_SSL_KEYFILE": ["bm90IFBFTQ==", CERTIFICATE, PRIVATE_KEY.replace("PRIVATE KEY", "ENCRYPTED PRIVATE KEY")],
    "FL_CERT_EXTRA_SAN": ["10.0.0.1", "IP:300.1.1.1", "DNS:", "DNS:a, DNS:b", "EMAIL:x", "IP:1:2:3"],
    "FL_SUPERLINK_ADDRESS": [
        "superlink", ":9092", "a:0", "a:65536", "a:09", "http://a:1", "256.0.0.1:9", "1.2.3:9", "-a:9", "a b:9",
        "a:9\n", "[1:2:3]:9", "[:::::::]:1", "x" * 300 + ":1",
    ],
    "FL_NODE_CONFIG": ["a=b"],
    "FL_MAX_RETRIES": ["-1"],
    "FL_MAX_WAIT_TIME": ["-1", "1.5"],
    "ML_FRAMEWORK": ["torch"],
    "FL_USE_CASE": ["llm"],
    "FL_EDGE_BACKOFF": ["linear"],
    "FL_EDGE_MAX_BACKOFF": ["0"],
    "FL_GPU_ENABLED": ["true", "1", "YES ", "ja", "0"],
    "FL_CUDA_VISIBLE_DEVICES": [
        "none", "void", "-1", "0,", ",0", "0,,1", "0 1", "0;1", "0,\t1", "0x1", "1.5", "0,all", "GPU-ab", "\u0663",
    ],
    "FL_GPU_MEMORY_FRACTION": ["1.1", "-0.1", "nan", "inf", "0,8", "1e999", "80%", ".5", "1."],
    "FL_DCGM_ENABLED": ["maybe"],
}  # fmt: skip


def findings(values: dict[str, str]) -> list[Finding]:
    return list(validate(SERVICE, load_context(values)).findings)


def errors_of(name: str, values: dict[str, str]) -> list[Finding]:
    return [f for f in findings(values) if f.variable == name and f.code in {codes.KIND.id, codes.LIMIT.id}]


def set_up(variable: Variable[Any]) -> dict[str, str]:
    return dict(EFFECTIVE[variable.effective.words]) if variable.effective else {}


def good_texts(variable: Variable[Any]) -> list[str]:
    if any(isinstance(limit, Pem) for limit in variable.limits):
        pem = PRIVATE_KEY if variable.secret else CERTIFICATE
        once = base64.b64encode(pem.encode()).decode()
        return [once, pem, base64.b64encode(once.encode()).decode(), base64.encodebytes(pem.encode()).decode()]
    found = [limit.example for limit in variable.all_limits if limit.example is not None] or [variable.kind.example]
    return [*found, *GOOD_TEXTS[variable.name]]


def bad_texts(variable: Variable[Any]) -> list[str]:
    found = [
        variable.kind.counterexample,
        *(limit.counterexample for limit in variable.all_limits),
        *BAD_TEXTS[variable.name],
    ]
    return [text for text in found if text]


GOOD_TEXTS |= {name: [] for name in ("FL_SSL_CA_CERTFILE", "FL_SSL_CERTFILE", "FL_SSL_KEYFILE")}
GOOD = [(variable, text) for variable in VARIABLES for text in good_texts(variable)]
BAD = [(variable, text) for variable in VARIABLES for text in bad_texts(variable)]


@pytest.mark.parametrize(("variable", "text"), GOOD)
def test_a_value_within_the_limits_passes(variable: Variable[Any], text: str) -> None:
    assert errors_of(variable.name, {**set_up(variable), variable.name: text}) == []


@pytest.mark.parametrize(("variable", "text"), BAD)
def test_a_value_outside_the_limits_is_an_error_with_a_repair(variable: Variable[Any], text: str) -> None:
    result = validate(SERVICE, load_context({**set_up(variable), variable.name: text}))
    (finding,) = [f for f in result.findings if f.variable == variable.name and f.severity is Severity.ERROR]
    assert variable.name in finding.message
    assert finding.repair
    assert variable not in result.values
    if variable.kind.name == "text64":
        assert text[:30] not in str(finding)
    else:
        assert finding.value == shown(text)


@pytest.mark.parametrize(
    ("framework", "use_case"),
    list(itertools.product(GOOD_TEXTS["ML_FRAMEWORK"], GOOD_TEXTS["FL_USE_CASE"])),
)
def test_which_app_goes_with_which_framework(framework: str, use_case: str) -> None:
    together = {("image-classification", "pytorch"), ("image-classification", "tensorflow")}
    together |= {("anomaly-detection", "sklearn"), ("llm-fine-tuning", "pytorch")}
    found = findings({"ML_FRAMEWORK": framework, "FL_USE_CASE": use_case})
    broken = any(finding.rule == "use-case-framework" for finding in found)
    assert broken == (use_case != "none" and (use_case, framework) not in together)


@pytest.mark.parametrize("variable", [each for each in VARIABLES if each.effective and EFFECTIVE[each.effective.words]])
def test_without_effect_a_wrong_value_is_a_warning_and_a_right_one_a_remark(variable: Variable[Any]) -> None:
    off = INEFFECTIVE.get(variable.effective.words, {}) if variable.effective else {}
    for text in bad_texts(variable):
        found = errors_of(variable.name, {variable.name: text, **off})
        assert [f.severity for f in found] == [Severity.WARNING]
    for text in good_texts(variable):
        found = [f for f in findings({variable.name: text, **off}) if f.code == codes.INEFFECTIVE.id]
        differs = variable.kind.parse(text) != variable.default
        assert [f.severity for f in found] == [Severity.INFO] * differs
        assert [f.rule for f in found] == ["ineffective"] * differs


RULES = {
    "krum-clients": (
        {"FL_STRATEGY": "Krum", "FL_NUM_MALICIOUS": "1", "FL_MIN_AVAILABLE_CLIENTS": "4"},
        {"FL_STRATEGY": "Krum", "FL_NUM_MALICIOUS": "1", "FL_MIN_AVAILABLE_CLIENTS": "5"},
    ),
    "bulyan-clients": (
        {"FL_STRATEGY": "Bulyan", "FL_NUM_MALICIOUS": "2", "FL_MIN_AVAILABLE_CLIENTS": "10"},
        {"FL_STRATEGY": "Bulyan", "FL_NUM_MALICIOUS": "2", "FL_MIN_AVAILABLE_CLIENTS": "11"},
    ),
    "fit-exceeds-available": ({"FL_MIN_FIT_CLIENTS": "3"}, {"FL_MIN_FIT_CLIENTS": "2"}),
    "fedprox-zero-mu": (
        {"FL_STRATEGY": "FedProx", "FL_PROXIMAL_MU": "0"},
        {"FL_STRATEGY": "FedProx", "FL_PROXIMAL_MU": "0.1"},
    ),
    "keepalive-order": ({"FL_GRPC_KEEPALIVE_TIMEOUT": "60"}, {"FL_GRPC_KEEPALIVE_TIMEOUT": "59"}),
    "keepalive-aggressive": (
        {"FL_GRPC_KEEPALIVE_TIME": "9", "FL_GRPC_KEEPALIVE_TIMEOUT": "5"},
        {"FL_GRPC_KEEPALIVE_TIME": "10", "FL_GRPC_KEEPALIVE_TIMEOUT": "5"},
    ),
    "use-case-framework": (
        {"FL_USE_CASE": "llm-fine-tuning", "ML_FRAMEWORK": "tensorflow"},
        {"FL_USE_CASE": "image-classification", "ML_FRAMEWORK": "tensorflow"},
    ),
    "dcgm-needs-gpu": (
        {"FL_DCGM_ENABLED": "YES"},
        {"FL_DCGM_ENABLED": "YES", "FL_GPU_ENABLED": "YES"},
    ),
    "cert-and-key": (
        {"FL_TLS_ENABLED": "YES", "FL_SSL_KEYFILE": base64.b64encode(PRIVATE_KEY.encode()).decode()},
        {"FL_TLS_ENABLED": "YES", "FL_SSL_KEYFILE": PRIVATE_KEY, "FL_SSL_CERTFILE": CERTIFICATE},
    ),
    "own-cert-ignores-san": (
        {"FL_SSL_CERTFILE": CERTIFICATE, "FL_SSL_KEYFILE": PRIVATE_KEY, "FL_CERT_EXTRA_SAN": "DNS:a"},
        {"FL_CERT_EXTRA_SAN": "DNS:a"},
    ),
    "cuda-duplicate-ids": (
        {"FL_GPU_ENABLED": "YES", "FL_CUDA_VISIBLE_DEVICES": "0,1,00"},
        {"FL_GPU_ENABLED": "YES", "FL_CUDA_VISIBLE_DEVICES": "0,1,10"},
    ),
    "memory-fraction-zero": (
        {"FL_GPU_ENABLED": "YES", "FL_GPU_MEMORY_FRACTION": "0"},
        {"FL_GPU_ENABLED": "YES", "FL_GPU_MEMORY_FRACTION": "0.01"},
    ),
}


def test_every_rule_is_in_the_table() -> None:
    assert set(RULES) == {rule.id for rule in SERVICE.rules}


@pytest.mark.parametrize("rule", SERVICE.rules, ids=lambda rule: rule.id)
def test_a_rule_is_found_broken_and_found_kept(rule: Any) -> None:
    broken, kept = RULES[rule.id]
    (finding,) = [f for f in findings(broken) if f.rule == rule.id]
    assert finding.severity is rule.severity
    assert finding.variable == rule.about.name
    assert finding.repair
    assert all(variable.name in finding.message for variable in rule.variables)
    assert [f for f in findings(kept) if f.rule == rule.id] == []


def test_a_rule_about_what_has_no_effect_stops_nothing() -> None:
    (finding,) = [
        f for f in findings({"FL_SSL_CERTFILE": CERTIFICATE, "FL_TLS_ENABLED": "NO"}) if f.rule == "cert-and-key"
    ]
    assert finding.severity is Severity.WARNING


@pytest.mark.parametrize(
    "context",
    [
        {"FL_TLS_ENABLED": "NO", "FL_SSL_CERTFILE": "garbage", "FL_CERT_EXTRA_SAN": "garbage"},
        {"FL_GPU_ENABLED": "NO", "FL_GPU_MEMORY_FRACTION": "5", "ML_FRAMEWORK": "pytorch"},
    ],
)
def test_what_certainly_has_no_effect_stops_nothing_whatever_else_failed(context: dict[str, str]) -> None:
    assert {f.severity for f in findings(context)} == {Severity.WARNING}


def test_what_may_have_an_effect_is_an_error() -> None:
    found = findings({"FL_TLS_ENABLED": "maybe", "FL_CERT_EXTRA_SAN": "garbage"})
    assert [f.severity for f in found] == [Severity.ERROR, Severity.ERROR]
    assert findings({"FL_TLS_ENABLED": "maybe", "FL_CERT_EXTRA_SAN": "DNS:a"})[1:] == []


def test_a_value_that_failed_brings_no_follow_on_findings() -> None:
    found = findings({"FL_MIN_AVAILABLE_CLIENTS": "none", "FL_STRATEGY": "Krum", "FL_NUM_MALICIOUS": "5"})
    assert [(f.variable, f.code) for f in found] == [("FL_MIN_AVAILABLE_CLIENTS", codes.KIND.id)]


@pytest.mark.parametrize(
    ("name", "nearest"),
    [
        ("FL_GPU_ENABELD", "FL_GPU_ENABLED"),
        ("fl_strategy", "FL_STRATEGY"),
        ("FLOWER_VERSON", "FLOWER_VERSION"),
        ("ML_FRAMWORK", "ML_FRAMEWORK"),
    ],
)
def test_an_unknown_name_is_a_warning_with_the_nearest_one(name: str, nearest: str) -> None:
    (finding,) = findings({name: "the-value"})
    assert (finding.severity, finding.rule, finding.variable) == (Severity.WARNING, "unknown-variable", name)
    assert finding.repair == f"write {nearest}"
    assert "the-value" not in str(finding)


@pytest.mark.parametrize("name", ["FL_", "ML_", "FL_XYZ", "FL_TYPO"])
def test_for_an_unknown_name_that_is_like_none_no_other_is_offered(name: str) -> None:
    (finding,) = findings({name: "x"})
    assert finding.message.endswith(f"declares no {name}, nor a similar name")


def test_names_of_opennebula_are_none_of_our_business() -> None:
    assert findings({"ETH0_IP": "x", "NETWORK": "maybe", "TOKEN": "?", "PASSWORD": "p", "MLX": "1", "FLAG": "1"}) == []


def test_a_name_of_the_other_role_is_told_apart() -> None:
    result = validate(get_appliance("flower-supernode"), load_context({"FL_NUM_ROUNDS": "3"}))
    (finding,) = result.findings
    assert finding.severity is Severity.WARNING
    assert "superlink" in finding.message


def test_empty_means_unset() -> None:
    result = validate(SERVICE, load_context(dict.fromkeys(SERVICE.by_name, "")))
    assert result.findings == ()
    assert {name: result.values[name] for name in result.values} == {v.name: v.default for v in VARIABLES}


@given(contexts(SERVICE))
def test_values_within_the_limits_break_rules_at_most(values: dict[str, str]) -> None:
    found = findings(values)
    assert {f.code for f in found} <= {codes.RULE.id, codes.INEFFECTIVE.id}


FLOWER_TAKES = [
    "a=1",
    'a="x y"',
    "a='x'",
    "a=1 b=2.5 c=true",
    "a=0x10",
    "a.b=1",
    "a={x=1}",
    "a=nan",
    "a=1\tb=2",
    "a=1\nb=2",
    "a=-1",
    'a=""',
    'a={x={y="z"}}',
    'a="="',
]
FLOWER_REFUSES = [
    "a=text",
    "a=True",
    "a=yes",
    "a=10.0.0.1",
    "a=/path",
    "a=x=y",
    "a=1 a=2",
    "ñ=1",
    "a=1,b=2",
    "a=[1,2]",
    "a=2024-01-01",
    "a=12:00:00",
    'a="x\\"y"',
    "conf.toml",
    "a=1 x.toml",
    "a.b=1 a=2",
]
FLOWER_DROPS = [
    "#a=1",
    "a=1 #=2",
    "a={}",
    'a.b=1 "a.b"=2',
    "[x]#=1 a=2",
    "a=9223372036854775808",
    "a",
    "a = 1",
    "a=1 b",
    "=1",
    "a= 1",
]


@pytest.mark.parametrize("text", FLOWER_TAKES)
def test_node_config_that_flower_takes(text: str) -> None:
    assert NODE_CONFIG.problem(text) is None


@pytest.mark.parametrize("text", FLOWER_REFUSES + FLOWER_DROPS)
def test_node_config_that_flower_refuses_or_drops(text: str) -> None:
    assert NODE_CONFIG.problem(text)


@given(st.text("ab=\"' .[]{}1tru\n", max_size=30))
def test_node_config_never_raises(text: str) -> None:
    NODE_CONFIG.problem(text)
