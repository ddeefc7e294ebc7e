"""The site, built once for all workers and served to each, and a browser."""

import contextlib
import fcntl
import functools
import json
import subprocess
import sys
from collections.abc import Iterator
from http import HTTPStatus
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, Playwright, sync_playwright

from tests.conftest import ROOT
from tests.serving import serving

FLAGS = (
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync", "--disable-dev-shm-usage",
)  # fmt: skip

HERE = ("http://127.0.0.1:", "data:", "blob:")


@pytest.fixture(scope="session")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of the site, which the first test process builds."""
    shared = tmp_path_factory.getbasetemp()
    shared = shared.parent if shared.name.startswith("popen-") else shared
    site = shared / "site"
    with (shared / "site.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not site.exists():
            command = [sys.executable, "-m", "mkdocs", "build", "--quiet", "--strict", "--site-dir", str(site)]
            ended = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
            assert ended.returncode == 0, ended.stdout + ended.stderr
    return site


class _Silent(SimpleHTTPRequestHandler):
    def log_message(self, *_arguments: object) -> None:
        pass


class _WithoutIndex(_Silent):
    """Every page indexes the whole site for its search, which takes longer than all else that it does."""

    def do_GET(self) -> None:
        if not self.path.startswith("/search/search_index.json"):
            super().do_GET()
            return
        index = json.loads(Path(self.directory, "search/search_index.json").read_bytes())
        body = json.dumps(index | {"docs": []}).encode()
        self.send_response(HTTPStatus.OK)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)


class _Server(ThreadingHTTPServer):
    daemon_threads = True

    def handle_error(self, *_arguments: object) -> None:
        pass  # a browser that goes on to the next page


@pytest.fixture(scope="session")
def site(built: Path) -> Iterator[str]:
    """The address of the site, where a search finds nothing."""
    server = _Server(("127.0.0.1", 0), functools.partial(_WithoutIndex, directory=str(built)))
    with serving(server):
        yield f"http://127.0.0.1:{server.server_address[1]}"


@pytest.fixture(scope="session")
def searchable(built: Path) -> Iterator[str]:
    """The address of the site as it is."""
    server = _Server(("127.0.0.1", 0), functools.partial(_Silent, directory=str(built)))
    with serving(server):
        yield f"http://127.0.0.1:{server.server_address[1]}"


@pytest.fixture(scope="session")
def playwright() -> Iterator[Playwright]:
    with sync_playwright() as made:
        yield made


@pytest.fixture(scope="session")
def browser(playwright: Playwright) -> Iterator[Browser]:
    found = subprocess.run([ROOT / "tools" / "web" / "chromium.sh"], capture_output=True, text=True, check=False)
    if found.returncode != 0:
        pytest.skip("no browser is here, and none can be installed")
    made = playwright.chromium.launch(executable_path=found.stdout.strip(), args=list(FLAGS))
    yield made
    made.close()


class Complaints(list[str]):
    """What a page said on its console, and what it asked of others than this machine."""


@pytest.fixture
def complaints() -> Complaints:
    return Complaints()


@pytest.fixture(scope="session")
def reading(browser: Browser) -> Iterator[tuple[Page, Complaints]]:
    """A page of somebody who goes on from one to the next, and all that went wrong; it need not load all anew."""
    with new_context(browser) as context:
        made, complaints = context.new_page(), Complaints()
        listen(made, complaints)
        yield made, complaints


@pytest.fixture
def page(browser: Browser, complaints: Complaints) -> Iterator[Page]:
    """A page that remembers what went wrong in it."""
    with new_context(browser) as context:
        made = context.new_page()
        listen(made, complaints)
        yield made


@contextlib.contextmanager
def new_context(browser: Browser) -> Iterator[BrowserContext]:
    made = browser.new_context(
        viewport={"width": 1280, "height": 900},
        reduced_motion="reduce",
        permissions=["clipboard-read", "clipboard-write"],
    )
    yield made
    made.close()


def listen(page: Page, complaints: Complaints) -> None:
    page.on("console", lambda said: complaints.append(said.text) if said.type in {"error", "warning"} else None)
    page.on("pageerror", lambda error: complaints.append(str(error)))
    # What a page leaves behind when somebody goes on to the next is aborted, not failed.
    page.on(
        "requestfailed",
        lambda asked: None if asked.failure == "net::ERR_ABORTED" else complaints.append(f"failed: {asked.url}"),
    )
    page.on(
        "request",
        lambda asked: (
            None if asked.url.startswith(("http://127.0.0.1:", "data:", "blob:")) else complaints.append(asked.url)
        ),
    )
