"""A page with one lab of the care economy, in a Chromium, and a hand that moves a lever on it."""

import gzip
import statistics
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from playwright.sync_api import Page, sync_playwright

from carelab.cli.browser import CHROMIUM_FLAGS, find_chromium
from carelab.engine import Scenario
from carelab.widgets import CareLab, page_script, page_words, styles

MOVES = 50
# A frame on a screen of 60 a second.
FRAME_MS = 1000 / 60
# Moves begin at different places of a frame, as a hand's do.
MOVE = """async ({moves, frame}) => {
  const painted = () => new Promise((done) => requestAnimationFrame(() => {
    const channel = new MessageChannel();
    channel.port1.onmessage = () => done(performance.now());
    channel.port2.postMessage(0);
  }));
  const wait = (ms) => new Promise((done) => setTimeout(done, ms));
  const slider = document.querySelector("input[type=range][name=contract_share]");
  const line = document.querySelector(".carelab-current.carelab-path");
  const taken = [];
  for (let move = 0; move < moves; move += 1) {
    await painted();
    await wait((move * 7) % frame);
    const before = line.getAttribute("d");
    slider.value = 0.1 + 0.8 * (((move * 13) % 41) / 41);
    const started = performance.now();
    slider.dispatchEvent(new Event("input", {bubbles: true}));
    let at = await painted();
    while (line.getAttribute("d") === before) at = await painted();
    taken.push(at - started);
  }
  slider.dispatchEvent(new Event("change", {bubbles: true}));
  return taken;
}"""
FAN = """async (times) => {
  const note = [...document.querySelectorAll("[role=status] p")].at(-1);
  const slider = document.querySelector("input[type=range][name=contract_share]");
  const taken = [];
  for (let move = 0; move < times; move += 1) {
    slider.value = 0.1 + 0.8 * (((move * 13) % 41) / 41);
    const started = performance.now();
    slider.dispatchEvent(new Event("input", {bubbles: true}));
    await new Promise((done) => {
      const look = () => (note.textContent === "" ? seen() : requestAnimationFrame(look));
      const seen = () => (note.textContent ? done() : requestAnimationFrame(seen));
      look();
    });
    taken.push(performance.now() - started);
    slider.dispatchEvent(new Event("change", {bubbles: true}));
    await new Promise((done) => setTimeout(done, 250));
  }
  return taken;
}"""


def write_page(folder: Path) -> Path:
    """Write a page that holds what a page of the book needs for a lab, and no theme."""
    lab = CareLab(question="Who gains?", scenario=Scenario("china_county", "anhui"))
    html = lab._repr_mimebundle_()[0]["text/html"]
    page = folder / "lab.html"
    page.write_text(
        '<!doctype html><html lang="en"><meta charset="utf-8"><title>Lab</title>'
        f"<style>body{{max-width:60rem;margin:auto}}{styles()}</style><body>{html}"
        f"<script>{page_words()}</script><script>{page_script()}</script>",
        encoding="utf-8",
    )
    return page


def packed_kilobytes(*texts: bytes) -> float:
    """Size as a server sends it, each file compressed by itself."""
    return sum(len(gzip.compress(text, 9)) for text in texts) / 1024


@contextmanager
def opened(address: str, slower: int = 1) -> Iterator[Page]:
    """Open a page in a Chromium whose processor is slowed by a factor; close it after."""
    path = find_chromium()
    if path is None:
        raise SystemExit("no Chromium on this machine: the lab is not measured")
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=str(path), args=[*CHROMIUM_FLAGS])
        page = chromium.new_page(viewport={"width": 1280, "height": 900})
        session = page.context.new_cdp_session(page)
        session.send("Emulation.setCPUThrottlingRate", {"rate": slower})
        page.goto(address)
        page.locator(".carelab-panel").wait_for()
        yield page
        chromium.close()


def pin_two(page: Page) -> None:
    """Pin two scenarios, so that three of them and the baseline are drawn."""
    page.locator(".carelab-scenarios > summary").click()
    for preset in ("hangzhou", "anhui"):
        page.locator(f"[data-preset={preset}]").first.click()
        page.locator(f"[data-preset={preset}][aria-pressed=true]").first.wait_for()
        page.locator("[data-action=pin]").click()
    page.locator(".carelab-scenarios > summary").click()
    page.wait_for_function("document.querySelectorAll('.carelab-path.carelab-pin').length === 8")
    fan = "document.querySelector('.carelab-band').getAttribute('d') !== ''"
    page.wait_for_function(fan, timeout=60_000)


def moved(page: Page) -> list[float]:
    """Milliseconds from a lever's move to its repaint."""
    return page.evaluate(MOVE, {"moves": MOVES, "frame": FRAME_MS})


def percentile(values: list[float], share: float) -> float:
    """The value below which a share of the values lies."""
    return statistics.quantiles(values, n=100, method="inclusive")[round(share * 100) - 1]
