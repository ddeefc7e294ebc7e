"""Take the picture of the README: the form of a template and its findings, as the form preview shows them.

Run as ``python tools/site/picture.py``, or ``make picture``. It needs a browser, which ``tools/web/chromium.sh`` finds.
"""

from __future__ import annotations

import subprocess
import sys
import threading
from pathlib import Path

from playwright.sync_api import Browser, sync_playwright

from ctxschema.preview.server import PreviewServer

ROOT = Path(__file__).parents[2]
TEMPLATE = ROOT / "examples" / "shop.tmpl"
FOLDER = ROOT / "docs" / "assets"
SCHEMES = ("light", "dark")
WIDTH, HEIGHT = 1080, 900
FLAGS = ("--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--hide-scrollbars")
SHOWN = """
    body { margin: 0; padding: 1rem; max-width: none; }
    #picture { display: grid; grid-template-columns: minmax(0, 2fr) minmax(0, 5fr); gap: 1rem; align-items: start; }
    #picture > * { margin: 0; }
    #picture :is(summary, .head button, .hint, #summary) { display: none; }
"""
"""What makes a picture of two parts of the page: the form on the left, the findings on the right."""

ARRANGE = """
    const parts = ["form", "lint"].map(name => document.getElementById(name));
    const picture = document.createElement("div");
    picture.id = "picture";
    picture.append(...parts);
    picture.querySelectorAll("details").forEach(each => each.open = true);
    document.body.replaceChildren(picture);
"""


def take(browser: Browser, address: str, scheme: str) -> bytes:
    """Return a PNG of the form and the findings of the template.

    Args:
        browser: The browser.
        address: Where the preview is served.
        scheme: ``light`` or ``dark``.
    """
    context = browser.new_context(
        viewport={"width": WIDTH, "height": HEIGHT},
        device_scale_factor=1.5,
        color_scheme="dark" if scheme == "dark" else "light",
        reduced_motion="reduce",
        bypass_csp=True,  # for the style sheet above
    )
    page = context.new_page()
    page.goto(address)
    page.wait_for_selector("#show:enabled", state="attached")
    page.evaluate("document.querySelectorAll('details').forEach(each => each.open = true)")
    page.fill("#text", TEMPLATE.read_text(encoding="utf-8"))
    page.click("#show")
    page.wait_for_selector("#status:has-text('Your text')")  # not the form of the appliance that stood there before
    page.evaluate(ARRANGE)
    page.add_style_tag(content=SHOWN)
    taken = page.locator("#picture").screenshot(animations="disabled")
    context.close()
    return taken


def main(folder: Path) -> None:
    """Write one picture for each scheme."""
    found = subprocess.run([ROOT / "tools/web/chromium.sh"], stdout=subprocess.PIPE, text=True, check=True)
    server = PreviewServer(None)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        with sync_playwright() as playwright:
            browser = playwright.chromium.launch(executable_path=found.stdout.strip(), args=list(FLAGS))
            for scheme in SCHEMES:
                (folder / f"preview-{scheme}.png").write_bytes(take(browser, server.url, scheme))
            browser.close()
    finally:
        server.shutdown()
        server.server_close()


if __name__ == "__main__":
    main(Path(sys.argv[1]) if len(sys.argv) > 1 else FOLDER)
