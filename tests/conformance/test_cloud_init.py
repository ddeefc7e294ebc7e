"""cloud-init has a data source for OpenNebula: it reads the context that we write as we do."""

import json
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ctxschema import load_context
from ctxschema.catalog import APPLIANCES, get_appliance
from ctxschema.context.context_sh import write_context_sh
from ctxschema.context.load import read_context
from ctxschema.core.source import SourceText
from ctxschema.generate.registry import OUTPUTS
from tests.conftest import FROM_DEBIAN, ROOT

FOLDERS = [FROM_DEBIAN.parent / "cloud-init/usr/lib/python3/dist-packages", Path("/usr/lib/python3/dist-packages")]
SOURCE = next((each for each in FOLDERS if (each / "cloudinit/sources/DataSourceOpenNebula.py").exists()), None)
(SAMPLE,) = (output for output in OUTPUTS if output.name == "env-sample")
# A shell knows no NUL, and the reader leaves out what bash sets by itself.
texts = st.text(st.characters(codec="utf-8", exclude_characters="\0"), max_size=40)

pytestmark = pytest.mark.skipif(
    SOURCE is None or not shutil.which("bash"), reason="cloud-init is not there; make test fetches it from Debian"
)


def by_cloud_init(text: str) -> dict[str, str]:
    command = [sys.executable, "-IS", str(ROOT / "tests/cloud_init_reader.py"), str(SOURCE)]
    ended = subprocess.run(command, input=text.encode(), capture_output=True, check=False, timeout=60)
    assert ended.returncode == 0, ended.stderr.decode()[-2000:]
    found: dict[str, str] = json.loads(ended.stdout)
    return found


@pytest.mark.parametrize("name", APPLIANCES)
def test_the_sample_of_an_appliance(name: str) -> None:
    text = SAMPLE.text(get_appliance(name))
    ours = {key: value.text for key, value in read_context(SourceText(text, "context.sh")).values.items()}
    assert ours
    assert by_cloud_init(text) == ours


@settings(max_examples=5)
@given(st.dictionaries(st.from_regex(r"\AFL_[A-Z_]{1,8}\Z"), texts, min_size=1, max_size=30))
def test_any_value(values: dict[str, str]) -> None:
    text = write_context_sh(values)
    assert by_cloud_init(text) == values
    assert {name: load_context(values).values[name].text for name in values} == values
