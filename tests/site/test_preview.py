"""The form preview, used as people use it: in a browser, by mouse and by keyboard alone, with whatever they paste."""

import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, Route, expect

from ctxschema import get_appliance
from ctxschema.preview.engine import Engine
from ctxschema.preview.server import PreviewServer
from tests.conftest import probes
from tests.serving import serving
from tests.site.conftest import Complaints, listen, new_context
from tests.site.test_site import faults

KINDS = """USER_INPUTS = [
    A_TEXT = "O|text|A text| |some",
    A_NUMBER = "M|number|A number| |5",
    A_FLOAT = "O|number-float|A float| |0.5",
    A_RANGE = "O|range|A range|1..9|3",
    A_SWITCH = "O|boolean|A switch| |YES",
    A_LIST = "O|list|A list|white,black,black|white",
    SOME = "O|list-multiple|Some|a,b,c|a,b",
    A_SECRET = "O|password|A secret| |",
    FIXED = "O|fixed|Fixed| |7" ]
"""
SCRIPT = """USER_INPUTS = [ A = "O|text|<img src=x onerror=window.hurt=1><script>window.hurt=2</script>| |<b>x</b>" ]
USER_INPUTS_METADATA = [ TYPE = "APP", NAME = "<svg onload=window.hurt=3>" ]
"""
DEPENDENT = """USER_INPUTS = [
    ONEAPP_SHOP_DB_ENABLED = "O|boolean|Use a database| |NO",
    ONEAPP_SHOP_DB_SIZE = "O|number|Size| |3",
    ONEAPP_SHOP_WEB_SHOP_PORT = "O|number|Port| |80",
    ONEAPP_CAFE_WEB_PORT = "O|number|Port of the cafe| |81" ]
INPUTS_ORDER = "ONEAPP_SHOP_DB_ENABLED,ONEAPP_SHOP_DB_SIZE,ONEAPP_SHOP_WEB_SHOP_PORT,ONEAPP_CAFE_WEB_PORT"
USER_INPUTS_METADATA = [ TYPE = "APP", NAME = "SHOP", TITLE = "The shop" ]
"""


@pytest.fixture(scope="module")
def loaded(browser: Browser, site: str) -> Iterator[tuple[Page, Complaints]]:
    """The page with Python loaded into it, which takes some seconds, so that it is done once."""
    complaints = Complaints()
    with new_context(browser) as context:
        made = context.new_page()
        listen(made, complaints)
        made.goto(f"{site}/preview/")
        wait_for_python(made)
        yield made, complaints


@pytest.fixture(params=["in the browser", "on the machine"])
def preview(request: pytest.FixtureRequest, complaints: Complaints) -> Iterator[Page]:
    """The page, answered by Python in the browser and by ``ctxschema preview``."""
    if request.param == "in the browser":
        made, said = request.getfixturevalue("loaded")
        said.clear()
        yield made
        complaints += said
        assert said == []
        return
    page = request.getfixturevalue("page")
    server = PreviewServer(None)
    with serving(server):
        page.goto(server.url)
        page.wait_for_selector("#outputs pre")
        yield page


def wait_for_python(page: Page) -> None:
    page.wait_for_selector("#status:is([data-python=ready], [data-python=failed])", timeout=120_000)
    status = page.locator("#status")
    assert status.get_attribute("data-python") == "ready", status.inner_text()


def show(page: Page, text: str) -> None:
    page.locator("#own").evaluate("details => { details.open = true; }")
    page.fill("#text", text)
    page.click("#show")
    wait_until_read(page)
    page.wait_for_selector("#lint:not([hidden])")


def choose(page: Page, appliance: str, names: str = "variable") -> None:
    page.select_option("#appliance", appliance)
    page.wait_for_selector(f"#status:has-text('{get_appliance(appliance).title}')")
    wait_until_read(page)
    page.select_option("#names", names)
    wait_until_read(page)
    page.wait_for_selector("#outputs pre")


def wait_until_read(page: Page) -> None:
    page.wait_for_selector("#form:not([inert])", state="attached")


def field(page: Page, name: str) -> Any:
    return page.locator(f"[data-name={name}]")


def box(page: Page, name: str) -> Any:
    return field(page, name).locator("[id^=field-]:is(input, select, textarea)")


def wait_for_problem(page: Page, name: str) -> str:
    page.wait_for_selector(f"[data-name={name}] .problem:not([hidden])")
    return str(field(page, name).locator(".problem").inner_text())


def test_every_kind_has_its_widget(preview: Page, complaints: Complaints) -> None:
    show(preview, KINDS)
    names = ("A_TEXT", "A_NUMBER", "A_FLOAT", "A_RANGE", "A_SWITCH", "A_LIST", "SOME", "A_SECRET", "FIXED")
    shown = {name: box(preview, name).evaluate("box => [box.tagName, box.type]") for name in names}
    assert shown["A_TEXT"] == ["TEXTAREA", "textarea"]
    assert shown["A_SECRET"] == ["INPUT", "password"]
    assert shown["A_LIST"] == ["SELECT", "select-one"]
    assert shown["SOME"] == ["SELECT", "select-multiple"]
    assert field(preview, "A_RANGE").locator("input[type=range]").count() == 1
    assert box(preview, "A_SWITCH").get_attribute("role") == "switch"
    assert box(preview, "A_LIST").locator("option").all_inner_texts() == ["black", "white"]
    assert box(preview, "FIXED").get_attribute("readonly") is not None
    assert faults(preview) == []
    assert complaints == []


def test_a_bad_value_is_refused_in_our_words_and_mended(preview: Page) -> None:
    choose(preview, "flower-supernode")
    box(preview, "FL_GPU_ENABLED").check()
    box(preview, "FL_GPU_MEMORY_FRACTION").fill("1.5")
    assert "'1.5' is not within 0.0 to 1.0" in wait_for_problem(preview, "FL_GPU_MEMORY_FRACTION")
    assert box(preview, "FL_GPU_MEMORY_FRACTION").get_attribute("aria-invalid") == "true"
    preview.wait_for_selector("#blocked:not([hidden])")
    assert preview.locator("#outputs pre").count() == 0
    box(preview, "FL_GPU_MEMORY_FRACTION").fill("0.5")
    preview.wait_for_selector("#outputs pre")
    assert box(preview, "FL_GPU_MEMORY_FRACTION").get_attribute("aria-invalid") is None


def test_what_is_copied_passes_validate(preview: Page, tmp_path: Path) -> None:
    choose(preview, "flower-supernode")
    box(preview, "FL_SUPERLINK_ADDRESS").fill("192.168.100.10:9092")
    box(preview, "FL_GPU_ENABLED").check()
    expect(preview.locator("[data-output=context]")).to_contain_text("192.168.100.10")
    preview.click("[aria-label='Copy context.sh']")
    file = tmp_path / "context.sh"
    file.write_text(preview.evaluate("navigator.clipboard.readText()"))
    command = [sys.executable, "-m", "ctxschema", "validate", "flower-supernode", "--context", str(file)]
    ended = subprocess.run(command, capture_output=True, text=True, check=False)
    assert ended.returncode == 0, ended.stdout
    preview.check("#gpu")
    expect(preview.locator("[data-output^=docker]")).to_contain_text("--gpus all")


def test_enabled_shows_and_hides_and_tabs_follow_the_convention(preview: Page) -> None:
    show(preview, DEPENDENT)
    assert preview.locator("[role=tab]").all_text_contents() == ["The shop", "CAFE"]
    assert not field(preview, "ONEAPP_SHOP_DB_SIZE").is_visible()
    box(preview, "ONEAPP_SHOP_DB_ENABLED").check()
    assert field(preview, "ONEAPP_SHOP_DB_SIZE").is_visible()
    assert not field(preview, "ONEAPP_CAFE_WEB_PORT").is_visible()
    preview.click("[role=tab]:has-text('CAFE')")
    assert field(preview, "ONEAPP_CAFE_WEB_PORT").is_visible()
    assert faults(preview) == []


def test_the_keyboard_is_enough(preview: Page) -> None:
    preview.focus("#own > summary")
    if not preview.locator("#text").is_visible():
        preview.keyboard.press("Enter")
    preview.keyboard.press("Tab")
    preview.keyboard.press("Control+a")
    preview.keyboard.insert_text(DEPENDENT)
    preview.keyboard.press("Tab")
    preview.keyboard.press("Enter")
    wait_until_read(preview)
    preview.wait_for_selector("[role=tab]")
    for _ in range(12):
        preview.keyboard.press("Tab")
        if preview.evaluate("document.activeElement.getAttribute('role')") == "tab":
            break
    preview.keyboard.press("ArrowRight")
    assert preview.evaluate("document.activeElement.textContent") == "CAFE"
    preview.keyboard.press("ArrowLeft")
    preview.keyboard.press("Tab")
    preview.keyboard.press("Space")
    preview.keyboard.press("Tab")
    preview.keyboard.press("Control+a")
    preview.keyboard.type("x")
    assert "is not an integer" in wait_for_problem(preview, "ONEAPP_SHOP_DB_SIZE")
    preview.keyboard.press("Control+a")
    preview.keyboard.type("9")
    preview.wait_for_selector("#outputs button")
    preview.focus("#outputs button")
    preview.keyboard.press("Enter")
    assert "ONEAPP_SHOP_DB_SIZE=9" in preview.evaluate("navigator.clipboard.readText()")


def test_each_consumer_is_told_beside_the_field(preview: Page) -> None:
    show(preview, KINDS)
    box(preview, "A_NUMBER").fill("05")
    preview.wait_for_selector("#explained td:has-text('sends \"05\"')")
    assert "Sunstone 7, service editor" in preview.inner_text("#explained")


def test_a_label_is_text_and_never_runs(preview: Page, complaints: Complaints) -> None:
    show(preview, SCRIPT)
    preview.wait_for_selector("[data-name=A]")
    assert "<img src=x onerror=window.hurt=1>" in field(preview, "A").inner_text()
    preview.focus("[data-name=A] textarea")
    preview.wait_for_selector("#explained td")
    assert preview.evaluate("window.hurt") is None
    assert preview.locator("main img, main svg, main script").count() == 0
    assert complaints == []


def test_binary_is_the_finding_of_the_command_line(preview: Page, tmp_path: Path) -> None:
    file = tmp_path / "x.tmpl"
    file.write_bytes(b"\xff\xfe\0\0binary")
    preview.set_input_files("#file", str(file))
    expect(preview.locator("#lint")).to_contain_text("CTX052")
    expect(preview.locator("#lint")).to_contain_text("is not UTF-8 text")


def test_a_dropped_marketplace_entry(preview: Page) -> None:
    text = "opennebula_template:\n  user_inputs:\n    PORT: 'O|number|Port| |80'\n"
    transfer = preview.evaluate_handle(
        "text => { const made = new DataTransfer(); made.items.add(new File([text], 'a.yaml')); return made; }", text
    )
    preview.dispatch_event("main", "drop", {"dataTransfer": transfer})
    preview.wait_for_selector("[data-name=PORT]")


def test_a_paste_of_ten_megabytes_does_not_hang_the_page(loaded: tuple[Page, Complaints]) -> None:
    page, _ = loaded
    page.evaluate(
        """() => {
            const line = 'A = "' + 'x'.repeat(90) + '"\\n';
            const made = new DataTransfer();
            made.setData("text", line.repeat(Math.ceil(10e6 / line.length)));
            const event = new ClipboardEvent("paste", { clipboardData: made, bubbles: true, cancelable: true });
            document.getElementById("text").dispatchEvent(event);
        }"""
    )
    # The page answers while Python reads; a person need not wait for it.
    slowest = page.evaluate(
        """async () => {
            let slowest = 0;
            for (let turn = 0; turn < 20; turn += 1) {
                const before = performance.now();
                await new Promise((done) => setTimeout(done, 10));
                slowest = Math.max(slowest, performance.now() - before);
            }
            return slowest;
        }"""
    )
    assert slowest < 3000
    page.click("#stop")
    wait_for_python(page)
    show(page, KINDS)
    page.wait_for_selector("[data-name=A_TEXT]")


def test_a_file_that_is_too_large_is_a_finding_at_once(preview: Page, tmp_path: Path) -> None:
    file = tmp_path / "x.tmpl"
    with file.open("wb") as stream:
        stream.truncate(40 * 1024 * 1024)
    preview.set_input_files("#file", str(file))
    expect(preview.locator("#lint")).to_contain_text("CTX051", timeout=30_000)


TWO_WRONG = """USER_INPUTS = [
    A = "M|text|First, with words| |",
    B = "O|text|Second| |",
    C = "M|number|Third (a number)| |" ]
"""


def shown_problems(page: Page) -> list[str]:
    return [str(each) for each in page.locator(".problem:not([hidden])").all_inner_texts()]


def test_a_form_is_quiet_until_it_was_touched_and_then_has_one_message_a_field(preview: Page) -> None:
    show(preview, TWO_WRONG)
    expect(preview.locator("#verdict")).to_have_text("Some fields still need a value.")
    assert shown_problems(preview) == []
    assert preview.locator("[aria-invalid], .error").count() == 0
    box(preview, "A").focus()
    box(preview, "B").focus()
    assert shown_problems(preview) == []
    box(preview, "C").fill("x")
    wait_for_problem(preview, "C")
    assert len(shown_problems(preview)) == 1
    expect(preview.locator("#verdict")).to_have_text("1 field has an error: Third (1 field not answered yet)")
    preview.click("#check")
    expect(preview.locator("#verdict")).to_have_text("2 fields have errors: First, Third")
    assert len(shown_problems(preview)) == 2
    assert preview.evaluate("document.activeElement.closest('.field').dataset.name") == "A"
    assert faults(preview) == []
    folded = field(preview, "C").locator("details")
    assert "this must be a `number` type" not in "".join(shown_problems(preview))
    folded.locator("summary").click()
    assert "this must be a `number` type" in folded.inner_text()
    preview.click("#verdict a:has-text('Third')")
    assert preview.evaluate("document.activeElement.closest('.field').dataset.name") == "C"
    box(preview, "A").fill("x")
    box(preview, "C").fill("1")
    expect(preview.locator("#verdict")).to_contain_text("Checked: every answer is right.")
    assert shown_problems(preview) == []


def test_an_example_fills_the_form_and_start_again_empties_it(preview: Page) -> None:
    show(preview, TWO_WRONG)
    preview.click("#example")
    expect(preview.locator("#verdict")).to_contain_text("Every answer is right.")
    assert box(preview, "A").input_value() != ""
    preview.wait_for_selector("[data-output=context]")
    preview.click("#again")
    expect(preview.locator("#verdict")).to_have_text("Some fields still need a value.")
    assert box(preview, "A").input_value() == ""


DECLARED = """name: shop
title: The shop
variables:
  SHOP_PORT: {kind: number, label: Port, default: 8080, limits: {from: 1, to: 65535}, group: web}
  SHOP_OWNER: {label: <b>Owner</b>, mandatory: true, group: staff}
"""


def test_a_declaration_of_ones_own_works_as_those_of_the_catalog(preview: Page, complaints: Complaints) -> None:
    choose(preview, "ollama", names="oneapp")
    show(preview, DECLARED)
    expect(preview.locator("#status")).to_contain_text("The shop: 2 inputs.")
    port = preview.locator("[data-name=ONEAPP_SHOP_WEB_SHOP_PORT]")
    assert "sets SHOP_PORT" in port.inner_text()
    assert "<b>Owner</b>" in preview.inner_text("#panels")
    preview.locator("[data-name$=PORT] input").fill("70000")
    assert "within 1 to 65535" in wait_for_problem(preview, "ONEAPP_SHOP_WEB_SHOP_PORT")
    preview.click("#again")
    preview.click("#example")
    expect(preview.locator("[data-output=generated]")).to_contain_text("ONEAPP_SHOP_WEB_SHOP_PORT")
    preview.select_option("#names", "variable")
    preview.wait_for_selector("[data-name=SHOP_PORT]")
    assert complaints == []


def test_a_fault_of_a_declaration_is_shown_with_its_line_and_column(preview: Page, tmp_path: Path) -> None:
    file = tmp_path / "shop.yaml"
    file.write_text(DECLARED.replace("kind: number", "kind: numbr"))
    preview.set_input_files("#file", str(file))
    expect(preview.locator("#lint")).to_contain_text("shop.yaml:4:21")
    expect(preview.locator("#lint")).to_contain_text("variables.SHOP_PORT.kind is 'numbr'")
    assert preview.locator("#form").is_hidden()
    assert faults(preview) == []


def test_the_declaration_of_an_appliance_is_a_beginning(preview: Page) -> None:
    choose(preview, "ollama")
    preview.locator("#own").evaluate("details => { details.open = true; }")
    preview.click("#begin")
    expect(preview.locator("#status")).to_contain_text("This is its declaration.")
    text = preview.input_value("#text")
    show(preview, text.replace("title: Ollama", "title: My own"))
    expect(preview.locator("#status")).to_contain_text("My own: 9 inputs.")


BOMB = "name: &a [x, x, x, x, x, x, x, x, x]\n" + "".join(
    f"{name}: &{name} [{', '.join([f'*{before}'] * 9)}]\n" for before, name in zip("abcdefgh", "bcdefghi", strict=True)
)
HOSTILE = [
    (f"variables:\n{BOMB}", "stand for more than 1,000,000 characters"),
    ("variables:\n" + "  A: {label: x}\n" * 100_000, "a declaration of more than 1,000,000 characters"),
    ("variables: " + "[" * 50_000, "nested more than 64 levels deep"),
    ("variables: {<script>: <img src=x onerror=window.hurt=1>}", "<img src=x onerror=window.hurt=1>"),
]


@pytest.mark.parametrize(("text", "told"), HOSTILE, ids=["aliases", "megabytes", "depth", "markup"])
def test_a_declaration_that_means_harm_is_a_finding(
    preview: Page, complaints: Complaints, text: str, told: str
) -> None:
    transfer = preview.evaluate_handle(
        "text => { const made = new DataTransfer(); made.setData('text', text); return made; }", text
    )
    preview.dispatch_event("main", "drop", {"dataTransfer": transfer})
    expect(preview.locator("#lint")).to_contain_text(told, timeout=30_000)
    assert preview.evaluate("window.hurt") is None
    assert preview.locator("main img, main script").count() == 0
    assert preview.locator("#form").is_hidden()
    assert complaints == []


def test_on_a_phone_the_findings_are_in_sight_while_the_form_is_filled_in(page: Page) -> None:
    page.set_viewport_size({"width": 390, "height": 844})
    with serving(server := PreviewServer(None)):
        page.goto(server.url)
        page.wait_for_selector("#outputs pre")
        choose(page, "flower-supernode", names="oneapp")
        number = page.locator("[data-name$=MAX_RETRIES] input")
        number.fill("x")
        wait_for_problem(page, "ONEAPP_FLOWER_NETWORK_MAX_RETRIES")
        expect(page.locator("#verdict")).to_contain_text("1 field has an error: Maximum number of connection attempts")
        for place in ("#form-title", "[data-name$=MAX_RETRIES]", "[data-name$=USE_CASE]"):
            page.locator(place).scroll_into_view_if_needed()
            line = page.locator("#verdict").bounding_box()
            assert line is not None
            assert 0 < line["y"] < 844 - line["height"]
        assert page.evaluate("document.documentElement.scrollWidth") <= 390


def test_the_form_is_there_before_python_is(site: str, page: Page, complaints: Complaints) -> None:
    held: list[Route] = []
    free = False

    def hold(route: Route) -> None:
        if free:
            route.continue_()
        else:
            held.append(route)

    page.route("**/*.wasm", hold)
    page.goto(f"{site}/preview/?appliance=flower-supernode")
    page.wait_for_selector("#outputs pre")
    assert page.get_attribute("#status", "data-python") == "loading"
    page.click("#example")
    expect(page.locator(".filled")).to_have_count(2)
    free = True  # what is asked for only now must not be held for ever
    for route in held:
        route.continue_()
    wait_for_python(page)
    expect(page.locator("[data-output=context]")).to_contain_text("192.168.100.10:9092")
    assert complaints == []


def test_what_the_page_is_told_before_python_is_there_is_what_python_says(loaded: tuple[Page, Complaints]) -> None:
    page, _ = loaded
    told, said = page.evaluate(
        """async () => {
            const { engine } = await import("./engine.js");
            const made = await new Promise(async (done) => {
                const started = await engine((how) => how === "ready" && setTimeout(() => done(started)));
            });
            const early = made.early.opened;
            const said = {};
            for (const [key, { parts }] of Object.entries(early)) {
                const [appliance, names] = key.split(" ");
                const open = await made.ask({ op: "open", appliance, names });
                const answers = [];
                for (const part of parts.keys())
                    answers.push({
                        fill: await made.ask({ op: "fill", id: open.id, part, answers: {} }),
                        example: await made.ask({ op: "example", id: open.id, part, answers: {} }),
                    });
                said[key] = { open: { ...open, id: early[key].open.id }, parts: answers };
            }
            return [early, said];
        }"""
    )
    assert told == said


def test_an_answer_that_takes_too_long_is_given_up(page: Page, site: str) -> None:
    page.clock.install()
    page.goto(f"{site}/preview/")
    page.clock.run_for(1000)
    wait_for_python(page)
    # A worker that never answers, as one that a text keeps busy.
    page.evaluate("Worker.prototype.postMessage = () => undefined")
    page.select_option("#names", "variable")
    expect(page.locator("#status")).to_contain_text("Reading …")
    page.clock.run_for(31_000)
    expect(page.locator("#status")).to_contain_text("Stopped: it took more than 30 seconds.")
    assert page.locator("#form").is_hidden()


PROBED = [("<pasted>", each["input"]) for each in probes("user-input-probes.json")]
PROBED += [("a.tmpl", each["input"]) for each in probes("template-probes.json")]


@pytest.mark.skipif(not PROBED, reason="the facts are not beside the checkout")
def test_the_browser_reads_every_probe_as_python_does(loaded: tuple[Page, Complaints]) -> None:
    page, _ = loaded
    engine = Engine()
    here = [engine.answer({"op": "open", "name": name}, text.encode()) for name, text in PROBED]
    there = page.evaluate(
        """async (probes) => {
            const { engine } = await import("./engine.js");
            const made = await engine(() => {});
            const answers = [];
            for (const [name, text] of probes)
                answers.push(await made.ask({ op: "open", name }, new TextEncoder().encode(text)));
            return JSON.stringify(answers);
        }""",
        [list(each) for each in PROBED],
    )
    for (_, text), expected, found in zip(PROBED, here, json.loads(there), strict=True):
        assert {**found, "id": 0} == {**json.loads(json.dumps(expected)), "id": 0}, text


def test_ctxschema_preview_opens_its_file(page: Page, complaints: Complaints) -> None:
    server = PreviewServer(("mine.tmpl", KINDS.encode()))
    with serving(server):
        page.goto(server.url)
        page.wait_for_selector("[data-name=A_TEXT]")
        assert "mine.tmpl" in page.inner_text("#status")
    assert complaints == []
