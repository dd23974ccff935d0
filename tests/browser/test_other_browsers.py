"""Every chapter in Firefox and in WebKit: a lever by key and by mouse, a note, a link."""

import os
from collections.abc import Iterator

import pytest
from other_browsers import OtherBrowser, open_firefox, open_webkit

from carelab.base import load_yaml, project_root
from carelab.cli.browser import find_firefox, find_webkit
from carelab.cli.execution import pages_of_toc

pytestmark = pytest.mark.slow

CHAPTERS = [
    name
    for name in pages_of_toc(load_yaml(project_root() / "_toc.yml"))
    if name.startswith("notebooks/")
]
PANEL = "[data-carelab] .carelab-panel"
LEVER = f"{PANEL} .carelab-levers input[type=range]"
# A note begins with the id of its claim or figure.
OPENED = "document.querySelector('[popover]:popover-open')?.innerText"


@pytest.fixture(scope="module", params=["firefox", "webkit"])
def other(request, tmp_path_factory) -> Iterator[OtherBrowser]:
    folder = tmp_path_factory.mktemp(request.param)
    if request.param == "firefox":
        found = find_firefox()
        opened = found and open_firefox(found, folder)
    else:
        found = find_webkit()
        opened = found and open_webkit(*found, folder)
    if not opened:
        told = f"NO {request.param.upper()}: its tests did not run"
        if os.environ.get("CI"):
            pytest.fail(told)
        pytest.skip(told)
    with opened as browser:
        yield browser


@pytest.mark.parametrize("chapter", CHAPTERS)
def test_a_chapter_works_in_another_browser(chapter, other, address):
    other.problems.clear()
    other.goto(f"{address}/{chapter}.html")
    assert other.evaluate("document.querySelector('article h1').innerText")
    if other.evaluate("document.querySelectorAll('[data-carelab]').length"):
        moves_a_lever(other)
    if other.evaluate("document.querySelectorAll('article button[popovertarget]').length"):
        opens_a_note(other)
    follows_a_link(other)
    assert other.problems == []


def moves_a_lever(other: OtherBrowser) -> None:
    panel = f"document.querySelector('{PANEL}')"
    other.wait(f"{panel} !== null")
    value = f"document.querySelector('{LEVER}').value"
    low, high = other.evaluate(
        f"[document.querySelector('{LEVER}').min, document.querySelector('{LEVER}').max]"
    )
    settled = f"{panel}.querySelector('.carelab-summary').getAttribute('aria-busy') !== 'true'"
    other.press(LEVER, "Home")
    other.wait(f"{value} === '{low}' && {settled}")
    at_low = other.wait(f"{panel}.querySelector('.carelab-summary').textContent")
    other.click(LEVER, 0.95)
    other.wait(f"Number({value}) > ({low} + {high}) / 2")
    other.press(LEVER, "End")
    summary = f"{panel}.querySelector('.carelab-summary').textContent"
    said = other.wait(f"{value} === '{high}' && {settled} && {summary}")
    assert len(said) > 40
    assert len(at_low) > 40


def opens_a_note(other: OtherBrowser) -> None:
    mark = "article button[popovertarget]"
    evidence = other.evaluate(f"document.querySelector('{mark}').dataset.evidence")
    other.click(mark)
    note = other.wait(OPENED)
    assert (evidence or "") in note
    other.click(mark)
    other.wait(f"!{OPENED}")


def follows_a_link(other: OtherBrowser) -> None:
    link = ".prev-next-area a.left-prev, .prev-next-area a.right-next"
    goal = other.evaluate(f"document.querySelector('{link}').href")
    other.click(link)
    other.wait(f"location.href === '{goal}' && document.readyState === 'complete'")
    assert other.evaluate("document.querySelector('article h1').innerText")


def test_a_link_that_carries_a_scenario_arrives_in_another_browser(other, address):
    scenario = "carelab/1/china_county/anhui/contract_share=0.25"
    other.goto(f"{address}/notebooks/05-anhui-lab.html#lab={scenario}")
    lever = "document.querySelector('[data-carelab=economy] input[name=contract_share]')"
    other.wait(f"{lever}?.value === '0.25'")
    busy = "document.querySelector('[data-carelab=economy] .carelab-summary').ariaBusy"
    other.wait(f"{busy} === 'false' && document.readyState === 'complete'")
    panel = "document.querySelector('[data-carelab=economy] .carelab-panel')"
    # Below the bar that stays at the top of the window.
    other.wait(f"Math.abs({panel}.getBoundingClientRect().top - 125) <= 125")


def test_the_search_finds_a_chinese_word_in_another_browser(other, address):
    other.goto(f"{address}/search.html?q=医保")
    assert other.wait("document.querySelector('#search-results mark')?.innerText") == "医保"
