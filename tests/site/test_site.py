"""The site: every page loads by itself, leads somewhere, can be searched, and can be used by everybody."""

from html.parser import HTMLParser
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urldefrag, urljoin

import pytest
from playwright.sync_api import Page

from ctxschema import get_appliance
from tests.conftest import ROOT
from tests.site.conftest import Complaints

AXE = ROOT / "tools" / "web" / "node_modules" / "axe-core" / "axe.min.js"
SHARES = 4
PLEASANT = ("", "guides/", "reference/supernode/", "reference/gpu-passthrough/", "reference/findings/CTX014/")


class Links(HTMLParser):
    """The links and the anchors of a page."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.links: list[str] = []
        self.anchors: set[str] = set()
        self.feed(text)

    def handle_starttag(self, _tag: str, attrs: list[tuple[str, str | None]]) -> None:
        found = dict(attrs)
        self.anchors |= {found[name] or "" for name in ("id", "name") if name in found}
        self.links += [found[name] or "" for name in ("href", "src") if name in found]


def pages(built: Path) -> list[str]:
    return sorted(str(path.relative_to(built).parent) for path in built.rglob("index.html"))


def test_no_link_is_dead(built: Path) -> None:
    found = {path: Links(path.read_text(encoding="utf-8")) for path in built.rglob("*.html")}
    dead = []
    for path, links in found.items():
        for link in links.links:
            target, anchor = urldefrag(link)
            if target.startswith(("http:", "https:", "mailto:", "data:")):
                assert not target.startswith("http") or "opennebula" in target or "flower" in target, target
                continue
            place = urljoin(f"/{path.relative_to(built)}", target) if target else f"/{path.relative_to(built)}"
            file = built / unquote(place).lstrip("/")
            file = file / "index.html" if file.is_dir() else file
            if not file.is_file() or (anchor and file.suffix == ".html" and unquote(anchor) not in found[file].anchors):
                dead.append(f"{path.relative_to(built)}: {link}")
    assert dead == []


@pytest.mark.parametrize("share", range(SHARES))
def test_every_page_loads_without_a_word_and_asks_nobody_else(
    built: Path, site: str, page: Page, complaints: Complaints, share: int
) -> None:
    for name in pages(built)[share::SHARES]:
        page.goto(f"{site}/{name}/")
        assert complaints == [], name


def test_every_variable_has_an_anchor(built: Path) -> None:
    anchors = Links((built / "reference" / "contextualization" / "index.html").read_text(encoding="utf-8")).anchors
    assert {each.name.lower() for each in get_appliance("flower-service").variables} <= anchors


def test_search_finds_a_variable_and_the_text_of_a_diagram(site: str, page: Page) -> None:
    page.goto(site)
    page.keyboard.press("/")
    page.keyboard.type("FL_GPU_MEMORY_FRACTION")
    page.wait_for_selector(".md-search-result__item")
    assert "FL_GPU_MEMORY_FRACTION" in page.inner_text(".md-search-result__list")
    page.goto(f"{site}/reference/gpu-passthrough/")
    assert page.locator("svg text", has_text="Is the NVIDIA kernel driver loaded?").count() == 1


def test_the_dark_mode_can_be_chosen(site: str, page: Page) -> None:
    page.emulate_media(color_scheme="light")
    page.goto(site)
    before = page.evaluate("getComputedStyle(document.body).backgroundColor")
    page.locator("label[title='Switch to dark mode']").click()
    assert page.evaluate("getComputedStyle(document.body).backgroundColor") != before


def faults(page: Page) -> list[str]:
    page.evaluate(AXE.read_text(encoding="utf-8"))
    found: list[dict[str, Any]] = page.evaluate(
        "axe.run({exclude: ['details']}, {resultTypes: ['violations']}).then((found) => found.violations)"
    )
    return [
        f"{each['id']} ({each['impact']}): {each['nodes'][0]['target']} {each['nodes'][0]['html'][:200]}"
        for each in found
        if each["impact"] in {"serious", "critical"}
    ]


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("name", PLEASANT)
def test_nothing_keeps_anybody_out(site: str, page: Page, name: str, scheme: Any) -> None:
    page.emulate_media(color_scheme=scheme)
    page.goto(f"{site}/{name}")
    assert faults(page) == []


def test_nothing_keeps_anybody_out_of_the_longest_page(site: str, page: Page) -> None:
    page.goto(f"{site}/reference/contextualization/")
    assert faults(page) == []


@pytest.mark.parametrize("name", [*PLEASANT, "preview/?appliance=flower-supernode"])
def test_no_page_is_wider_than_a_phone(site: str, page: Page, name: str) -> None:
    page.set_viewport_size({"width": 390, "height": 844})
    page.goto(f"{site}/{name}")
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
