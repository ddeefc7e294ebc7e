# ruff: noqa: E501 - tables of texts
"""Random contexts in which a good share of the values is wrong, each in a way that some reader might let through."""

import base64
import random
from typing import Any

from ctxschema.model.appliance import Appliance
from ctxschema.model.kinds import NUMBER_FLOAT
from ctxschema.model.limits import Between
from ctxschema.model.pem import Pem
from ctxschema.model.variable import Variable
from tests.catalog.test_values import BAD_TEXTS, GOOD_TEXTS
from tests.pem import CERTIFICATE, PRIVATE_KEY

ENCODED = base64.b64encode(CERTIFICATE.encode()).decode()
PEMS = [
    CERTIFICATE, PRIVATE_KEY, ENCODED, base64.b64encode(ENCODED.encode()).decode(),
    base64.b64encode(base64.b64encode(ENCODED.encode())).decode(), base64.encodebytes(CERTIFICATE.encode()).decode(),
    base64.b64encode(PRIVATE_KEY.encode()).decode(), CERTIFICATE + PRIVATE_KEY, CERTIFICATE + CERTIFICATE,
    CERTIFICATE.replace("\n", "\r\n"), CERTIFICATE[:-30], ENCODED[:-1], ENCODED + "=", ENCODED[:-4] + "....", "bm90IFBFTQ==",
    "Zm9vé", "notes é\n" + CERTIFICATE, base64.b64encode(("é" + CERTIFICATE).encode()).decode(), "====", "TUlJ",
    CERTIFICATE.replace("CERTIFICATE", "TRUSTED CERTIFICATE"), CERTIFICATE.replace("BEGIN CERT", "BEGIN X509 CERT"),
    "-----BEGIN CERTIFICATE-----\nTUlJ\n-----END CERTIFICATE-----", "-----BEGIN CERTIFICATE-----\nMIIJ\n-----END CERTIFICATE-----",
    "-----BEGIN CERTIFICATE-----\n-----END CERTIFICATE-----", "------BEGIN CERTIFICATE-----MIIJ-----END CERTIFICATE-----",
    "-----BEGIN -----BEGIN CERTIFICATE-----MIIJ-----END CERTIFICATE-----", " \t" + ENCODED + "\u2003\n", "a\x00b", "\xa0" + ENCODED,
    base64.b64encode((CERTIFICATE + PRIVATE_KEY).encode()).decode(), base64.b64encode(b"\0" + CERTIFICATE.encode()).decode(),
]  # fmt: skip
ODD = [
    " ", "\t", "\n", "\x01", "\x7f", "\x1f", "é", "\u0663", "0\n", "YES\n", "yes ", "${X}", "$(id)", "`id`", "a'b", 'a"b', "\\", "*",
    "[", "-", "--", "-n", "+1", "1e3", "1E-3", "0x10", "08", "-0", "007", "1" * 18, "1" * 19, "-" + "9" * 18, ".5", "5.", "all,0",
    "true", "1_000", "nan", "inf", "x" * 5000, "a,b", "FedAvg,Krum", "\udcff",
]  # fmt: skip
NODE_CONFIGS = [
    "a=1", 'a="x y"', "a='x'", "a=1 b=2.5 c=true", "a=0x10", "a.b=1", "a={x=1}", "a=nan", "a=1\tb=2", "a=-1", 'a=""', 'a={x={y="z"}}',
    'a="="', "a=text", "a=True", "a=yes", "a=10.0.0.1", "a=/path", "a=x=y", "a=1 a=2", "ñ=1", "a=1,b=2", "a=[1,2]", "a=2024-01-01",
    'a="x\\"y"', "conf.toml", "a=1 x.toml", "a.b=1 a=2", "#a=1", "a=1 #=2", "a={}", 'a.b=1 "a.b"=2', "[x]#=1 a=2",
    "a=9223372036854775808", "a=9223372036854775807", "a=-9223372036854775808", "a=-9223372036854775809", "a", "a = 1", "=1", "a= 1",
    "a=1#b", "a=1_000", "a=1__0", "a=_1", "a=1_", "a=01", "a=+1", "a=-0", "a=0o17", "a=0o18", "a=0b101", "a=0b12", "a=0xFf", "a=0x_1",
    "a=1.", "a=.5", "a=1.5e3", "a=1e3", "a=1e+3", "a=1.e3", "a=+inf", "a=-nan", "a=infx", "a={x=1,y=2}", "a={x=1,}", "a={,x=1}",
    "a={x=1,x=2}", "a={x.y=1,x.z=2}", "a={x.y=1,x=2}", "a={x=1,x.y=2}", 'a={x="""y"""}', "a={x='''y'''}", "a={x=[1]}", "a={x=}",
    'a="\\u00e9"', 'a="\\uD800"', 'a="\\q"', 'a="\\t"', 'a="\\U0001F600"', "a='\\q'", 'a="é"', '"a"=1', '"a"=1 a=2', '"\\u0061"=1 a=2',
    "'a'=1", "a.'b'=1", 'a."b".c=1', "a..b=1", ".a=1", "a.=1", "a.b=1 a.c=2", "a={x=1} a.y=2", "a.y=2 a={x=1}", "a={b=1} a.b.c=2",
    '"a.b"=1 a.c=2', '"a.b"=1 a={b=2}', "a-b=1", "1=1", "a={x=1}#c", "a={x=1", 'a={"x"=1}', "a={x=1}}", 'a="x"y', 'a="x" "y"', "a='", 'a="',
    'a="""x"""', "a=12:00:00", "a={x=2024-01-01}", "a=\xa01", "a=1\u2003b=2", "a={x={}}", "a.b.c={d=1} a.b.e=2", 'a={x="a#b"}', "a=#",
]  # fmt: skip


def decimal(chooser: random.Random, around: float) -> str:
    """A text of a number near another one, with an exponent at times."""
    number = chooser.choice(
        [around, around, around * 2, 0.0, around + 10.0 ** -chooser.randint(0, 30), chooser.uniform(-2, 2)]
    )
    text = chooser.choice([repr(number), f"{number:.{chooser.randint(0, 40)}f}", f"{number:e}", f"0{abs(number)}"])
    if "e" not in text and chooser.random() < 0.3:
        text += f"e{chooser.choice([-999, -400, -324, -20, -2, -1, 0, 1, 5, 308, 309, 999])}"
    return text[:60]


def mutated(chooser: random.Random, text: str) -> str:
    """A text with a character or two more or less."""
    characters = list(text)
    for _ in range(chooser.choice([0, 0, 0, 1, 2])):
        at = chooser.randrange(len(characters) + 1)
        characters[at : at + chooser.randint(0, 1)] = chooser.choice(["", *"ab1={},.\"' #\\_-+e[]\n"])
    return "".join(characters)


def text(chooser: random.Random, variable: Variable[Any]) -> str:
    """A text that somebody might give for a variable."""
    choices = [*ODD[: chooser.choice([0, 0, len(ODD)])], "", variable.default_text]
    if any(isinstance(limit, Pem) for limit in variable.limits):
        return mutated(chooser, chooser.choice([*PEMS, *PEMS, *choices]))
    choices += [
        *GOOD_TEXTS.get(variable.name, []),
        *BAD_TEXTS.get(variable.name, []),
        variable.kind.example,
        variable.kind.counterexample or "x",
    ]
    choices += [good for limit in variable.all_limits for good in (limit.example, limit.counterexample) if good]
    if variable.name == "FL_NODE_CONFIG":
        return mutated(chooser, chooser.choice([*NODE_CONFIGS, *choices, " ".join(chooser.sample(NODE_CONFIGS, 2))]))
    for limit in variable.limits:
        if isinstance(limit, Between):
            ends = [end for end in (limit.low, limit.high) if end is not None]
            if variable.kind is NUMBER_FLOAT:
                choices += [decimal(chooser, chooser.choice(ends)) for _ in range(len(choices))]
            else:
                choices += [str(int(end) + shift) for end in ends for shift in (-1, 0, 1)]
    if variable.kind.name == "number":
        choices += [str(chooser.randint(0, 30)) for _ in range(8)]
    return chooser.choice(choices)


def context(chooser: random.Random, appliance: Appliance) -> dict[str, str]:
    """A context: mostly a few values, and often one or two that are wrong."""
    share = chooser.choice([0.03, 0.1, 0.3, 0.6])
    chosen = [variable for variable in appliance.variables if chooser.random() < share]
    values = {variable.name: text(chooser, variable) for variable in chosen}
    for variable in appliance.variables:  # so that what has an effect only under a condition has one
        if variable.effective is not None and variable.name in values and chooser.random() < 0.7:
            for condition in (variable.effective, *getattr(variable.effective, "conditions", ())):
                choice = getattr(condition, "value", None) or next(iter(getattr(condition, "choices", ())), None)
                if choice is not None and condition.variables[0].kind.name in {"boolean", "list"}:
                    values.setdefault(condition.variables[0].name, condition.variables[0].kind.format(choice))
    return values


JSON_PIECES = ["", "x", "y.z", "yxz", "x,1", ",", "ab", "abc", "YES", "no", "0", "-1", "-0", "5", "7", "007", "7.0", "100", "250", "251", "-5",
               "-6", "-1.25", "-1.2500000000000001", "9.75", "9.76", "3.50", "0.5", "1.5", "1.51", None, True, 3, 200, -1, 1.75, "\x01", "a\n"]  # fmt: skip
SHELL_PIECES = ["", "x", "y z", "1*", "yxz", "x,1*", "x,", ",", "ab", "abc", "YES", "no", "0", "-1", "-0", "5", "7", "007", "7.0", "70e-1", "100", "250",
                "251", "-5", "-6", "-1.25", "-1.2500000000000001", "9.75", "9.76", "9.75e0", "97.5e-1", "975e-2", "3.50", "0.5", "5e-1",
                "1.5", "1.51", "1e-999", "-1e-999", "1e999", "7.0", "0.1", "0.10000000000000000001", "\x01", "a\n", "0,0", "00,1,0", "one", "two", "1"]  # fmt: skip
