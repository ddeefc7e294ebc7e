"""The site: every page loads by itself, leads somewhere, can be searched, and can be used by everybody."""

import json
import re
from collections.abc import Sequence
from html.parser import HTMLParser
from pathlib import Path
from typing import Any, Literal
from urllib.parse import unquote, urldefrag, urljoin

import pytest
from playwright.sync_api import Page, ViewportSize

from ctxschema import get_appliance
from tests.conftest import ROOT
from tests.site.conftest import Complaints

AXE = ROOT / "tools" / "web" / "node_modules" / "axe-core" / "axe.min.js"
SHARES = 4
KINDS = (
    "", "guides/", "guides/template/", "reference/", "reference/contextualization/", "reference/contextualization-gpu/",
    "reference/supernode/", "reference/matrix/", "reference/declaration/", "reference/declaration-container/",
    "reference/gpu-passthrough/", "reference/gpu-host-checks/", "reference/gpu-troubleshooting/",
    "reference/gpu-printed-by-docker/", "reference/gpu-host-script/", "reference/findings/",
    "reference/findings/CTX014/", "reference/cli/", "reference/python/", "reference/outputs/", "facts/gpu/", "json/",
)  # fmt: skip
"""A page of every kind."""
ALIKE = re.compile(r"reference/(findings/C|gpu-printed-by-)")
"""Pages that are made alike, two hundred of them; a browser opens every eighth, for all of them would take minutes."""
COLORS = ["color-contrast", "link-in-text-block"]
"""The rules of axe that a color scheme decides; the others need no second look."""
FEWER_WORDS = """for (const block of document.querySelectorAll(".highlight code")) {
    const seen = {};
    for (const each of block.querySelectorAll("span[class]"))
        if ((seen[each.className] = (seen[each.className] ?? 0) + 1) > 3) each.replaceWith(each.textContent);
}"""
"""A block of code has thousands of words in a few colors; axe looks at three of each."""
PHONE: ViewportSize = {"width": 390, "height": 844}
DESK: ViewportSize = {"width": 1280, "height": 900}


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


def opened(built: Path) -> list[str]:
    names = pages(built)
    alike = [name for name in names if ALIKE.match(name)]
    return [*(name for name in names if name not in alike), *alike[::8]]


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
def test_a_page_loads_without_a_word_asks_nobody_else_and_fits_a_phone(
    built: Path, site: str, reading: tuple[Page, Complaints], share: int
) -> None:
    page, complaints = reading
    page.set_viewport_size(PHONE)
    for name in opened(built)[share::SHARES]:
        page.goto(f"{site}/{name}/")
        assert complaints == [], name
        assert page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"], name


def test_no_page_links_to_itself(built: Path) -> None:
    found = []
    for name in pages(built):
        article = (built / name / "index.html").read_text(encoding="utf-8").partition("<article")[2]
        for link in Links(article.partition("</article")[0]).links:
            target, anchor = urldefrag(link)
            itself = urljoin(f"/{name}/", target or ".") in {f"/{name}/", f"/{name}/index.html"}
            if itself and not anchor:
                found.append(f"{name}: {link}")
    assert found == []


def test_every_page_but_those_of_single_findings_and_programs_is_in_the_navigation(built: Path) -> None:
    shown = Links((built / "reference" / "index.html").read_text(encoding="utf-8").partition("<article")[0]).links
    reached = {urljoin("/reference/", link.partition("#")[0]).strip("/") for link in shown}
    assert [name for name in pages(built) if name != "." and not ALIKE.match(name) and name not in reached] == []


def test_a_variable_has_the_address_that_it_had_when_all_was_one_page(site: str, page: Page) -> None:
    for variable in get_appliance("flower-service").variables:
        page.goto(f"{site}/reference/contextualization/#{variable.name.lower()}")
        target = page.locator(f"tr:has(:target) a:has-text('{variable.name}')").first.get_attribute("href")
        assert target == f"../contextualization-{variable.group}/#{variable.name.lower()}"


def found_by(page: Page, words: str) -> list[str]:
    """The addresses that a search finds, the best first."""
    page.keyboard.press("/")
    page.keyboard.type(words)
    page.wait_for_selector(".md-search-result__item")
    return [link.get_attribute("href") or "" for link in page.locator(".md-search-result__item a").all()]


@pytest.mark.parametrize(
    ("words", "variable"),
    [
        ("gpu memory", "contextualization-gpu/#fl_gpu_memory_fraction"),
        ("FL_GPU_MEMORY_FRACTION", "contextualization-gpu/#fl_gpu_memory_fraction"),
        ("number of rounds", "contextualization-training/#fl_num_rounds"),
    ],
)
def test_search_finds_the_variable_first(searchable: str, page: Page, words: str, variable: str) -> None:
    page.goto(searchable)
    _of_the_page, first, *_ = (re.sub(r"\?[^#]*", "", link) for link in found_by(page, words))
    assert first == f"{searchable}/reference/{variable}"


def test_search_leaves_out_the_scripts_and_has_each_drawing_once(built: Path) -> None:
    index = json.loads((built / "search" / "search_index.json").read_text(encoding="utf-8"))["docs"]
    found = {each["location"]: each["text"] for each in index}
    assert "reference/gpu-host-checks/" in found
    assert not any("-script/" in place for place in found)
    # Once in the drawing, once in the table below it.
    assert found["reference/gpu-passthrough/#gpu-or-cpu"].count("Does CUDA initialise and find a device?") == 2


@pytest.mark.parametrize(("width", "shown", "hidden"), [(1280, "wide", "narrow"), (390, "narrow", "wide")])
def test_a_diagram_has_a_form_for_its_place(site: str, page: Page, width: int, shown: str, hidden: str) -> None:
    page.set_viewport_size({"width": width, "height": 900})
    page.goto(f"{site}/reference/gpu-passthrough/")
    drawing = page.locator(f".diagram-{shown} svg", has_text="Is the NVIDIA kernel driver loaded?")
    assert drawing.is_visible()
    assert not page.locator(f".diagram-{hidden} svg").first.is_visible()
    text, box = drawing.locator("text", has_text="driver loaded?").bounding_box(), drawing.bounding_box()
    assert text is not None
    assert box is not None
    assert text["height"] >= 12
    assert box["x"] >= 0
    assert box["x"] + box["width"] <= width


def test_a_diagram_has_the_colors_of_the_scheme_that_was_chosen(site: str, page: Page) -> None:
    """Also where the machine's own scheme is the other one."""
    page.emulate_media(color_scheme="light")
    page.goto(f"{site}/reference/gpu-passthrough/")
    fill = "getComputedStyle(document.querySelector('.diagram-wide rect.plain')).fill"
    before = page.evaluate(fill)
    page.locator("label[title='Switch to dark mode']").click()
    assert page.evaluate(fill) != before


@pytest.mark.parametrize("width", [1280, 390])
def test_the_button_covers_no_code(site: str, page: Page, width: int) -> None:
    page.set_viewport_size({"width": width, "height": 900})
    page.goto(f"{site}/reference/contextualization-gpu/")
    page.wait_for_selector(".md-code__nav")
    covered = page.evaluate(
        """() => [...document.querySelectorAll(".md-code__nav")].filter((nav) => {
            const code = nav.closest("pre").querySelector("code").getBoundingClientRect()
            return nav.getBoundingClientRect().left < code.right - 1
        }).length"""
    )
    assert covered == 0


def test_the_dark_mode_can_be_chosen(site: str, page: Page) -> None:
    page.emulate_media(color_scheme="light")
    page.goto(site)
    before = page.evaluate("getComputedStyle(document.body).backgroundColor")
    page.locator("label[title='Switch to dark mode']").click()
    assert page.evaluate("getComputedStyle(document.body).backgroundColor") != before


def faults(page: Page, rules: Sequence[str] = ()) -> list[str]:
    page.evaluate(AXE.read_text(encoding="utf-8"))
    only = f"runOnly: {list(rules)}, " if rules else ""
    found: list[dict[str, Any]] = page.evaluate(
        f"axe.run(document, {{{only}resultTypes: ['violations']}}).then((found) => found.violations)"
    )
    return [
        f"{each['id']} ({each['impact']}): {each['nodes'][0]['target']} {each['nodes'][0]['html'][:200]}"
        for each in found
        if each["impact"] in {"serious", "critical"}
    ]


def kept_out(page: Page, address: str, scheme: Literal["light", "dark"], rules: Sequence[str] = ()) -> list[str]:
    """What keeps somebody out of a page in a color scheme."""
    page.set_viewport_size(DESK)
    page.emulate_media(color_scheme=scheme)
    page.goto(address)
    page.evaluate("for (const each of document.querySelectorAll('details')) each.open = true")
    page.evaluate(FEWER_WORDS)
    return faults(page, rules)


@pytest.mark.parametrize("name", KINDS)
def test_nothing_keeps_anybody_out(site: str, reading: tuple[Page, Complaints], name: str) -> None:
    assert kept_out(reading[0], f"{site}/{name}", "light") == []


def looks(built: Path, name: str) -> set[tuple[str, str]]:
    """The elements and classes of a page, each of which may have a color of its own."""
    article = (built / name / "index.html").read_text(encoding="utf-8").partition("<article")[2]
    return {
        *re.findall(r'<(\w+)[^>]*?class="([^"]*)"', article),
        *((tag, "") for tag in re.findall(r"<(\w+)", article)),
    }


def test_no_color_of_the_dark_mode_keeps_anybody_out(built: Path, site: str, reading: tuple[Page, Complaints]) -> None:
    """Of as few pages as have together all that can have a color."""
    by_page = {name: looks(built, name) for name in KINDS}
    left = set[tuple[str, str]]().union(*by_page.values())
    while left:
        name = max(KINDS, key=lambda each: len(by_page[each] & left))
        assert kept_out(reading[0], f"{site}/{name}", "dark", COLORS) == [], name
        left -= by_page[name]


def test_the_preview_is_no_wider_than_a_phone(site: str, page: Page) -> None:
    page.set_viewport_size(PHONE)
    page.goto(f"{site}/preview/?appliance=flower-supernode")
    assert page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]
