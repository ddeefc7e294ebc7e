"""pci.conf, udev's rules, and what the front-end says of a host."""

from __future__ import annotations

import re
from typing import Any

import pytest

from ctxschema.gpu.checks import opennebula_host, vfio_udev
from ctxschema.gpu.pci_conf import InvalidError, setting
from tests.gpu.fake import Fake

# ---- pci.conf ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "words", "null"),
    [
        (":filter: '10de:*'", "10de:*", False),
        (':filter: "10de:*" # ours', "10de:*", False),
        (":filter: 10de:*", "10de:*", False),
        (":filter: 10de:* # a remark", "10de:*", False),
        (":filter: 10de:*#none", "10de:*#none", False),
        (":filter: ''", "", False),
        (":filter:", "null", True),
        (":filter: ~", "null", True),
        (":filter: null", "null", True),
        (":filter: # nothing", "null", True),
        (":filter: []", "", False),
        (":filter: [ '10de:*' ,\t\"1002:*\", ~ ] # two", "10de:*,1002:*", False),
        (":filter: ['', 'a']", ",a", False),
        (":filter:\n  - '10de:*'\n- 1002:*\t\r\n\n# remark\n\t-\t'x'\n", "10de:*,1002:*,x", False),
        (":filter: a\n:other: b\n- c\n", "a", False),
        (":filter: a\nodd\n- c\n", "a", False),
        ("- a\n:filter: b\n", "b", False),
        (":filter: a\n:filter: b\n", "b", False),
        (":other: a\n", "", False),
        (" :filter: a\n", "", False),
        (":filter:a\n", "", False),
        ("- a\n", "", False),
        (":filter: X", "X", False),
        (":filter: [X, a]", "X,a", False),
        (":filter: \u00a0a\u00a0", "\u00a0a\u00a0", False),  # for YAML only spaces and tabs are blanks
        (":filter: [\u00a0a, b\u00a0]", "\u00a0a,b\u00a0", False),
    ],
)
def test_what_pci_conf_says(text: str, words: str, *, null: bool) -> None:
    found = setting(text, "filter")
    assert (found.words, found.null) == (words, null)
    assert found.there is (re.search("^:filter:( |$)", text, re.MULTILINE) is not None)


@pytest.mark.parametrize("value", ["*", "12", "1:30", "a: b", "[a", "'a", "{a}", "@a", "a:"])
def test_what_ruby_does_not_take_for_a_text(value: str) -> None:
    with pytest.raises(InvalidError) as raised:
        setting(f":filter: {value}\n", "filter")
    assert (raised.value.value, str(raised.value)) == (value, f"{value} is no text")


# ---- udev and OpenNebula ----------------------------------------------------------------------------

ACCESS = 'SUBSYSTEM=="vfio", MODE="0666"'


@pytest.mark.parametrize(
    ("rule", "gives"),
    [
        (ACCESS, True),
        ('ACTION=="add",SUBSYSTEM == "vfio", MODE:="0666"', True),
        ('SUBSYSTEM=="vfio", MODE="0660"', False),
        ('SUBSYSTEM=="vfio", MODE="0660", GROUP="kvm"', True),
        ('SUBSYSTEM=="vfio", MODE="0600", GROUP="kvm"', False),
        ('SUBSYSTEM=="vfio", MODE="0600", OWNER="oneadmin"', True),
        ('SUBSYSTEM=="vfio", MODE="0060", OWNER="oneadmin"', False),
        ('SUBSYSTEM=="vfio", MODE="666"', True),
        ('SUBSYSTEM=="vfio", MODE="0777"', True),
        ('SUBSYSTEM=="vfio", MODE="0644"', False),
        ('SUBSYSTEM=="vfio", MODE="odd", GROUP="kvm"', False),
        ('SUBSYSTEM=="vfio", GROUP="kvm"', True),
        ('SUBSYSTEM=="vfio", OWNER="x"', True),
        ('SUBSYSTEM=="vfio"', False),
        ('SUBSYSTEM=="usb", MODE="0666"', False),
        (f"# {ACCESS}", False),
        (f" \t#{ACCESS}", False),
        ('SUBSYSTEM=="vfio", \\\n MODE="0666"', True),
        ('SUBSYSTEM=="vf\\\nio", MODE="0666"', True),
        ('SUBSYSTEM=="vfio", \\\n# a remark between\n MODE="0666"', True),
        ('SUBSYSTEM=="vfio"\nMODE="0666"', False),
    ],
)
def test_which_rule_gives_the_devices_away(fake: Fake, rule: str, *, gives: bool) -> None:
    fake.file("etc/udev/rules.d/9.rules", f"{rule}\n").file("etc/udev/rules.d/9.txt", ACCESS)
    found = list(vfio_udev.probe(fake.machine()))
    assert found == [("granted", {"path": "/etc/udev/rules.d/9.rules"}) if gives else ("missing", {})]


def test_an_earlier_folder_masks_rules_of_a_later_one(fake: Fake) -> None:
    fake.link("etc/udev/rules.d/9.rules", "/dev/null").file("lib/udev/rules.d/9.rules", ACCESS)
    assert list(vfio_udev.probe(fake.machine())) == [("missing", {})]
    fake.file("usr/lib/udev/rules.d/8.rules", ACCESS)
    assert list(vfio_udev.probe(fake.machine())) == [("granted", {"path": "/usr/lib/udev/rules.d/8.rules"})]


def test_rules_that_cannot_be_read_tell_nothing_unless_another_gives_them_away(fake: Fake) -> None:
    fake.link("etc/udev/rules.d/9.rules", "9.rules").file("run/udev/rules.d")
    assert list(vfio_udev.probe(fake.machine())) == [("unreadable", {"path": "/etc/udev/rules.d/9.rules"})]
    fake.file("lib/udev/rules.d/8.rules", ACCESS)
    assert list(vfio_udev.probe(fake.machine())) == [("granted", {"path": "/lib/udev/rules.d/8.rules"})]


HOST = "<HOST><TEMPLATE><PCI_FILTER><![CDATA[\r\n 10de:*\0\n]]></PCI_FILTER></TEMPLATE>{}</HOST>"


@pytest.mark.parametrize(
    ("text", "answer"),
    [
        (None, ("not-asked", {})),
        ("odd", ("no-host", {})),
        (
            HOST.format("<SHORT_ADDRESS><![CDATA[01:00.0]]></SHORT_ADDRESS>"),
            ("listed", {"addr": "0000:01:00.0"}),
        ),
        (HOST.format("<SHORT_ADDRESS>0000:01:00.0</SHORT_ADDRESS>"), ("listed", {"addr": "0000:01:00.0"})),
        (
            HOST.format(""),
            ("narrowed", {"addr": "0000:01:00.0", "attribute": "PCI_FILTER", "value": "10de:*"}),
        ),
        ("<HOST></HOST>", ("unlisted", {"addr": "0000:01:00.0"})),
        ("<HOST><PCI_FILTER> \n </PCI_FILTER></HOST>", ("unlisted", {"addr": "0000:01:00.0"})),
    ],
)
def test_what_the_front_end_says_of_a_gpu(fake: Fake, text: str | None, answer: tuple[str, Any]) -> None:
    fake.function("0000:01:00.0")
    assert list(opennebula_host.probe(fake.machine(onehost=text))) == [answer]
