"""A page with a lab of the care economy, and the hand that uses it; see `lab`."""

import ast
import csv
import io
from pathlib import Path
from urllib.parse import unquote

import pytest
from playwright.sync_api import Locator, Page, TimeoutError, expect

from carelab.engine import Scenario
from carelab.lab import (
    CareLab,
    Prediction,
    page_part,
    page_script,
    page_words,
    part_file,
    styles,
)

QUESTION = "Who gains when the county is paid by a budget?"
OPENING = Scenario("china_county", "anhui")
WITHOUT_CHARGE = OPENING.change(leakage_charged_share=0.0)
PREDICTED = Prediction("The charge is taken away.", WITHOUT_CHARGE, ("reach", "insured_spending"))
# The clipboard of a page that may not have one, and the files that it saved.
CATCH_COPIES = """Object.defineProperty(navigator, "clipboard",
  {value: {writeText: async (text) => { window.copied = text; }}});"""
expect.set_options(timeout=120_000)
# A lab redraws once a frame: after two of them it has.
NEXT_FRAME = "new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))"


def lab_html(**choices: object) -> str:
    lab = CareLab(question=QUESTION, scenario=OPENING, **choices)
    return lab._repr_mimebundle_()[0]["text/html"]


def write_page(folder: Path, name: str, *labs: str, language: str = "en") -> None:
    (folder / f"words-{language}.js").write_text(page_words(language), encoding="utf-8")
    body = "\n".join(f"<h2>Lab {at}</h2>\n{html}" for at, html in enumerate(labs, 1))
    (folder / name).write_text(
        f'<!doctype html><html lang="{language}"><meta charset="utf-8"><title>Labs</title>'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        '<link rel="icon" href="data:,"><link rel="stylesheet" href="lab.css">'
        "<script>document.documentElement.dataset.theme ="
        ' matchMedia("(prefers-color-scheme: dark)").matches ? "dark" : "light";</script>'
        "<style>body{font-family:sans-serif;margin:1rem auto;max-width:46rem;padding:0 .6rem}"
        "@media screen{[data-theme=dark] body{background:#121212;color:#eee}}</style>"
        f"<body><main><h1>A chapter</h1>{body}</main>"
        f'<script src="words-{language}.js"></script><script src="lab.js"></script>',
        encoding="utf-8",
    )


@pytest.fixture(scope="session")
def lab_folder(tmp_path_factory) -> Path:
    folder = tmp_path_factory.mktemp("labs")
    (folder / "lab.css").write_text(styles(), encoding="utf-8")
    (folder / "lab.js").write_text(page_script(), encoding="utf-8")
    for part in ("roles", "places"):
        (folder / part_file(part)).write_text(page_part(part), encoding="utf-8")
    write_page(folder, "lab.html", lab_html(roles=True))
    write_page(folder, "predict.html", lab_html(roles=True, predict=PREDICTED))
    write_page(folder, "two.html", lab_html(), lab_html())
    write_page(folder, "zh.html", lab_html(roles=True, predict=PREDICTED), language="zh")
    return folder


@pytest.fixture(scope="session")
def lab_site(lab_folder, serve):
    with serve(lab_folder) as address:
        yield address


class Lab:
    """One page with labs, used as a reader uses it."""

    def __init__(self, seen, site: str) -> None:
        self.page: Page = seen.page
        self.seen = seen
        self.site = site

    def open(self, name: str = "lab.html", hash_: str = "") -> "Lab":
        # A change of what stands behind # alone would not load the page again.
        self.page.goto("about:blank")
        self.page.goto(f"{self.site}/{name}{hash_}")
        self.page.locator(".carelab-panel").first.wait_for()
        return self

    def all(self, selector: str) -> Locator:
        return self.page.locator(selector)

    def reach(self, name: str) -> None:
        """Open the drawer, where a rule is that does not stand in sight."""
        here = f".carelab-body [data-lever={name}]:visible"
        if self.all(here).count():
            return
        self.unfold("More rules", "更多规则")
        self.page.locator(".carelab-drawer:visible .carelab-fold").first.wait_for()
        self.page.evaluate(
            "document.querySelectorAll('.carelab-drawer .carelab-fold')"
            ".forEach((each) => { each.open = true; })"
        )
        self.all(here).first.wait_for()

    def tab(self, key: str) -> Locator:
        """Open a tab: why, levers, compare, data or misses."""
        head = self.all(f"[data-tab={key}]").first
        head.press("Enter")
        expect(head).to_have_attribute("aria-selected", "true")
        return self.all(f"[role=tabpanel][id$=-panel-{key}]").first

    def menu(self) -> None:
        """Open what the head of the lab keeps out of sight."""
        menu = self.all(".carelab-menu").first
        if menu.get_attribute("open") is None:
            menu.locator("summary").press("Enter")

    def slider(self, name: str) -> Locator:
        self.reach(name)
        return self.all(f".carelab-body input[type=range][name={name}]:visible").first

    def typed(self, name: str) -> Locator:
        self.reach(name)
        return self.all(f".carelab-body [data-lever={name}] .carelab-typed").first

    def type(self, name: str, text: str) -> None:
        self.typed(name).fill(text)
        self.typed(name).press("Enter")

    def unfold(self, *titles: str) -> None:
        for title in titles:
            fold = self.all("details:not([open]) > summary").filter(has_text=title).first
            if not fold.count():
                continue
            # A fold may come into sight with what it tells: press until it opens, as a hand would.
            summary = fold.element_handle()
            for _ in range(1000):
                if summary.evaluate("(each) => each.parentElement.open"):
                    break
                summary.press("Enter")
                self.page.evaluate(NEXT_FRAME)

    def unfold_all(self) -> None:
        """Open every fold, and those that opening them brings."""
        for _ in range(3):
            self.page.evaluate(
                "document.querySelectorAll('details').forEach((each) => { each.open = true; })"
            )
            self.page.evaluate("new Promise((done) => setTimeout(done, 0))")

    def press(self, action: str) -> None:
        if action in {"pin", "export"}:
            self.tab("compare")
        elif action == "python":
            self.tab("data")
        elif action in {"replay", "reset_all", "roles"}:
            self.menu()
        self.all(f"[data-action={action}]").first.press("Enter")

    def copied(self, action: str) -> str:
        self.page.evaluate("window.copied = ''")
        self.press(action)
        self.page.wait_for_function("window.copied !== ''")
        return self.page.evaluate("window.copied")

    def scenario(self) -> Scenario:
        """What the link of the page says that it shows."""
        return Scenario.from_text(unquote(self.copied("link").partition("=")[2]))

    def expect_scenario(self, scenario: Scenario) -> None:
        """Wait until the lab has drawn a scenario, and stands still."""
        expect(self.all("[role=status].carelab-said").first).to_have_attribute("aria-busy", "false")
        assert self.scenario() == scenario

    def expect_lever(self, name: str, value: float) -> None:
        self.page.wait_for_function(
            "([node, value]) => Number(node.value) === value",
            arg=[self.slider(name).element_handle(), value],
        )

    def saved(self, button: Locator) -> tuple[str, bytes]:
        # On a busy machine the key may arrive before the focus: press again, as a hand would.
        for patience in (4_000, 8_000, 20_000):
            try:
                with self.page.expect_download(timeout=patience) as download:
                    button.press("Enter")
            except TimeoutError:
                continue
            return download.value.suggested_filename, Path(download.value.path()).read_bytes()
        raise AssertionError("the button saved no file")

    def table(self, button: Locator) -> list[list[str]]:
        text = self.saved(button)[1].decode("utf-8-sig")
        return list(csv.reader(io.StringIO(text)))

    def numbers(self) -> dict[str, list[float]]:
        """Every outcome of the scenario, year by year, as the page hands it out."""
        self.tab("data")
        self.unfold("Results now")
        rows = self.table(self.page.get_by_role("button", name="All outcomes and years"))
        return {row[0]: [float(value) for value in row[3:13]] for row in rows[1:]}

    def expect_focus(self, node: Locator) -> None:
        self.page.wait_for_function(
            "(node) => document.activeElement === node", arg=node.element_handle()
        )

    def alert(self) -> Locator:
        return self.all(".carelab-panel > [role=alert]")


@pytest.fixture(scope="module")
def lab_visit(browser, lab_site, visit_of):
    context = browser.new_context(
        viewport={"width": 1280, "height": 900}, reduced_motion="reduce", accept_downloads=True
    )
    context.set_default_timeout(20_000)
    context.add_init_script(CATCH_COPIES)
    yield Lab(visit_of(context), lab_site)
    context.close()


@pytest.fixture
def lab(lab_visit):
    """The lab, opened anew in a page that all tests of a module share."""
    lab_visit.page.set_viewport_size({"width": 1280, "height": 900})
    lab_visit.seen.problems.clear()
    lab_visit.seen.asked.clear()
    lab_visit.open()
    yield lab_visit
    lab_visit.page.evaluate("localStorage.clear()")
    assert lab_visit.seen.problems == []
    assert lab_visit.seen.foreign(lab_visit.site) == []


@pytest.fixture
def new_lab(visit, lab_site):
    """A lab in a window of its own: ``new_lab(width=390, init="…")``."""

    def open_lab(name: str = "lab.html", init: str = "", site: str = lab_site, **options) -> Lab:
        seen = visit(**options)
        seen.page.add_init_script(CATCH_COPIES + init)
        return Lab(seen, site).open(name)

    return open_lab


@pytest.fixture(scope="session")
def run_cell():
    """Run a notebook cell and give the value of its last line."""

    def run(code: str):
        tree = ast.parse(code)
        last = ast.Expression(tree.body.pop().value)
        names: dict[str, object] = {}
        exec(compile(tree, "cell", "exec"), names)
        return eval(compile(last, "cell", "eval"), names)

    return run
