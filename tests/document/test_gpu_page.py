"""The page on GPU passthrough: its steps satisfy our own checks, and its addresses are those that reports name."""

import re
import subprocess
from collections.abc import Iterator

import pytest

from ctxschema.core.errors import DeclarationError
from ctxschema.document.gpu import filled
from ctxschema.gpu.checks import vfio_udev
from ctxschema.gpu.registry import ALL_CHECKS
from ctxschema.gpu.troubles import TROUBLES
from ctxschema.report.troubles import rows_of
from tests.conftest import ROOT

PAGES = ROOT / "docs" / "reference"
PAGE = (PAGES / "gpu-passthrough.md").read_text(encoding="utf-8")


def blocks(language: str) -> Iterator[str]:
    for found in re.finditer(rf"^( *)```{language}\n(.*?)^ *```$", PAGE, re.MULTILINE | re.DOTALL):
        yield re.sub(rf"^{found[1]}", "", found[2], flags=re.MULTILINE)


def anchors(text: str) -> set[str]:
    headings = re.findall(r"^#+ (.+)$", text, re.MULTILINE)
    return {re.sub(r"[^\w -]", "", each.lower()).replace(" ", "-") for each in headings} | set(
        re.findall(r'<a id="([^"]+)">', text)
    )


def test_what_reports_link_to_is_there() -> None:
    links = {check.link for check in ALL_CHECKS} | {row.link for trouble in TROUBLES for row in rows_of(trouble)}
    assert len(links) > len(ALL_CHECKS)
    for link in links:
        path, _, anchor = link.partition("#")
        assert anchor in anchors((ROOT / path).read_text(encoding="utf-8")), link


def test_the_scripts_are_not_on_the_page_and_have_pages_of_their_own() -> None:
    assert "#!/" not in PAGE
    assert len(PAGE) < 40_000
    for name in ("gpu-host-script.md", "gpu-vm-script.md"):
        assert f"({name})" in PAGE
        assert "```bash\n#!/" in (PAGES / name).read_text(encoding="utf-8")


def test_the_udev_rule_is_one_that_the_check_takes() -> None:
    rules = [line for text in blocks("text") for line in text.splitlines() if "SUBSYSTEM" in line]
    assert len(rules) == 1
    assert vfio_udev._gives_away(rules[0])


def test_the_attributes_of_the_template_are_a_template_that_asks_for_nvidia() -> None:
    shown = next(text for text in blocks("text") if "PCI" in text)
    for words in ('FIRMWARE = "UEFI"', 'MACHINE = "q35"', 'PIN_POLICY = "CORE"', 'VENDOR = "10de"'):
        assert words in shown


@pytest.mark.parametrize("language", ["bash", "python"])
def test_the_code_of_the_page_is_code(language: str) -> None:
    found = list(blocks(language))
    assert found
    for text in found:
        if language == "python":
            compile(text, "page", "exec")
        else:
            ended = subprocess.run(["bash", "-n"], input=text, text=True, capture_output=True, check=False)
            assert ended.returncode == 0, (text, ended.stderr)


def test_every_slot_has_to_be_known() -> None:
    assert filled("a {{one}}\n  {{two}}\n", {"one": "1", "two": "2\n3"}) == "a 1\n  2\n  3\n"
    with pytest.raises(DeclarationError, match="three"):
        filled("{{three}}", {})
    assert "{{" not in PAGE
