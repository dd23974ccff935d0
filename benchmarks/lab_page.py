"""A page with one lab of the care economy, in a Chromium, and a hand that moves a lever on it."""

import gzip
import statistics
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from playwright.sync_api import Page, sync_playwright

from carelab.cli.browser import CHROMIUM_FLAGS, find_chromium
from carelab.engine import Scenario
from carelab.lab import CareLab, page_script, page_words, styles

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
  const slider = document.querySelector(".carelab-levers input[type=range]");
  const line = document.querySelector(".carelab-current.carelab-path");
  const taken = [];
  // As under a hand: what a card or undo moves may take its time, a lever may not.
  slider.focus({preventScroll: true});
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
# From a move to the counts of all draws; between two of them the hand rests. A move that leaves
# every count as it was cannot be told from one that is still worked out: it gives nothing.
FAN = """async (moves) => {
  const told = [...document.querySelectorAll(".carelab-summary p")].at(-1);
  const slider = document.querySelector(".carelab-levers input[type=range]");
  const taken = [];
  const wait = (ms) => new Promise((done) => setTimeout(done, ms));
  while (!told.textContent) await wait(20);
  for (let move = 0; move < moves; move += 1) {
    slider.value = 0.1 + 0.8 * (((move * 13) % 41) / 41);
    const before = told.textContent;
    const started = performance.now();
    const counted = new Promise((done) => {
      const observer = new MutationObserver(() => {
        if (told.textContent === before) return;
        observer.disconnect();
        done(performance.now());
      });
      observer.observe(told, {childList: true, characterData: true, subtree: true});
      setTimeout(() => { observer.disconnect(); done(null); }, 2000);
    });
    slider.dispatchEvent(new Event("input", {bubbles: true}));
    const at = await counted;
    if (at !== null) taken.push(at - started);
    slider.dispatchEvent(new Event("change", {bubbles: true}));
    await wait(300);
  }
  return taken;
}"""
# When the first lab of a page has mounted, after the navigation began.
NOTE_READY = """new MutationObserver((_, observer) => {
  if (!document.querySelector("[data-carelab][data-ready]")) return;
  observer.disconnect();
  window.labReady = performance.now();
}).observe(document, {subtree: true, childList: true, attributes: true});"""


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
    """Milliseconds from a lever's move to its repaint; a first round warms up."""
    asked = {"moves": MOVES, "frame": FRAME_MS}
    page.evaluate(MOVE, asked)
    return page.evaluate(MOVE, asked)


def fanned(page: Page, moves: int = MOVES) -> list[float]:
    """Milliseconds from a lever's move until all draws are counted."""
    page.evaluate(FAN, 5)
    taken: list[float] = page.evaluate(FAN, moves)
    if len(taken) < moves * 0.8:
        raise SystemExit(f"only {len(taken)} of {moves} fans could be told from the one before")
    return taken


def ready(page: Page, loads: int = 9) -> list[float]:
    """Milliseconds from the navigation until the lab answers."""
    page.add_init_script(NOTE_READY)
    times = []
    for _ in range(loads):
        page.reload()
        page.wait_for_function("window.labReady > 0")
        times.append(page.evaluate("window.labReady"))
    return times


def percentile(values: list[float], share: float) -> float:
    """The value below which a share of the values lies."""
    return statistics.quantiles(values, n=100, method="inclusive")[round(share * 100) - 1]
