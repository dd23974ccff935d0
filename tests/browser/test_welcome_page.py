"""The welcome page as its reader meets it: one slider, a hundred people, actors, a sentence."""

import pytest
from playwright.sync_api import expect

from carelab.lab import welcome_lab
from carelab.lab.labels import ACCOUNTS

PAGE = "book/welcome.html"
SLIDER = ".carelab-welcome-panel input[type=range]"
PEOPLE = ".carelab-welcome-panel .carelab-welcome-people"
REACHED = f"{PEOPLE} :is(.carelab-stayed, .carelab-came)"
ROWS = """[...document.querySelectorAll(".carelab-welcome-panel tbody tr")]
  .map((row) => [...row.cells].map((cell) => cell.textContent))"""
OPENING = welcome_lab.OPENING.levers[welcome_lab.LEVER]


def number(text: str) -> float:
    return float(text.replace("\u2212", "-").replace(",", ""))


@pytest.fixture
def welcome(visit, address):
    seen = visit(reduced_motion="reduce")
    seen.page.goto(f"{address}/{PAGE}")
    seen.page.locator(SLIDER).wait_for()
    yield seen.page
    assert seen.problems == []
    assert seen.foreign(address) == []


def test_at_every_setting_people_tiles_and_sentence_are_those_of_python(welcome):
    slider, first = welcome.locator(SLIDER), welcome_lab.results()[0]
    slider.press("Home")
    for value, used, firm in zip(
        welcome_lab.settings(), welcome_lab.results(), welcome_lab.firmness(), strict=True
    ):
        expect(slider).to_have_js_property("value", f"{value:g}")
        reached, before = (round(100 * each["reach"]) for each in (used, first))
        expect(welcome.locator(REACHED)).to_have_count(reached)
        expect(welcome.locator(".carelab-welcome-count")).to_have_text(str(reached))
        shown = [number(row[1]) for row in welcome.evaluate(ROWS)]
        exact = [used[name] - first[name] for name in (*ACCOUNTS, "health")]
        assert shown == pytest.approx(exact, abs=0.051)
        told = welcome.locator(".carelab-welcome-told").inner_text()
        if value:
            assert f"reaches {reached} of 100 people, not {before}" in told
            assert ("Outside providers lose" in told) == (used["outside"] < first["outside"])
            open_ = firm["hospital"] in {"open", "against"}
            assert ("Whether the lead hospital gains or loses is open" in told) == open_
        else:
            assert told.startswith("Nothing is fixed")
        slider.press("ArrowRight")


def test_a_mouse_moves_the_slider_and_the_people(welcome):
    slider = welcome.locator(SLIDER)
    box = slider.bounding_box()
    slider.click(position={"x": box["width"] / 2, "y": box["height"] / 2})
    expect(slider).to_have_js_property("value", "0.5")
    middle = welcome_lab.results()[welcome_lab.settings().index(0.5)]
    expect(welcome.locator(REACHED)).to_have_count(round(100 * middle["reach"]))


def test_what_is_open_is_hollow_and_only_that(welcome):
    welcome.locator(SLIDER).press("End")
    for actor in ACCOUNTS:
        tile = welcome.locator(f".carelab-tile[data-actor={actor}]")
        hollow = welcome_lab.firmness()[-1][actor] in {"open", "against"}
        assert ("carelab-hollow" in tile.get_attribute("class").split()) == hollow


def test_the_slider_walks_once_to_its_place_and_a_reader_may_go_first(visit, address):
    seen = visit(reduced_motion="no-preference")
    seen.page.clock.install()
    seen.page.goto(f"{address}/{PAGE}")
    slider, told = seen.page.locator(SLIDER), seen.page.locator(".carelab-welcome-told")
    # A voice hears where it ends, not every step.
    expect(told).to_have_attribute("aria-live", "off")
    seen.page.clock.run_for(10_000)
    expect(slider).to_have_js_property("value", f"{OPENING:g}")
    expect(told).to_have_attribute("aria-live", "polite")
    seen.page.reload()
    slider.press("ArrowRight")
    # However far it had come by itself, it stays where the reader left it.
    moved = slider.input_value()
    seen.page.clock.run_for(10_000)
    assert slider.input_value() == moved != f"{OPENING:g}"
    assert seen.problems == []


def test_on_a_phone_question_slider_people_and_button_share_the_first_screen(visit, address):
    seen = visit(width=390, height=844, reduced_motion="reduce", has_touch=True)
    seen.page.goto(f"{address}/{PAGE}")
    for selector in ("article h1", SLIDER, PEOPLE, ".carelab-actions a >> nth=0"):
        box = seen.page.locator(selector).first.bounding_box()
        assert box["y"] >= 0
        assert box["y"] + box["height"] <= 844, selector
    people = seen.page.locator(PEOPLE).bounding_box()
    bar = seen.page.locator(".carelab-actions").bounding_box()
    assert people["y"] + people["height"] <= bar["y"]
    assert seen.page.evaluate("document.documentElement.scrollWidth") <= 390


@pytest.mark.parametrize("width", [390, 1280])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing_on_the_welcome_page_and_its_lab(width, scheme, visit, address, axe):
    seen = visit(width=width, scheme=scheme, reduced_motion="reduce")
    seen.page.goto(f"{address}/{PAGE}")
    seen.page.locator(f"{SLIDER}").wait_for()
    seen.page.locator(".carelab-welcome-panel summary").press("Enter")
    assert axe(seen.page) == []


def test_the_welcome_lab_works_from_a_file(visit, built_book):
    seen = visit(reduced_motion="reduce")
    seen.page.goto((built_book / PAGE).as_uri())
    seen.page.locator(SLIDER).press("End")
    last = round(100 * welcome_lab.results()[-1]["reach"])
    expect(seen.page.locator(".carelab-welcome-count")).to_have_text(str(last))
    assert seen.problems == []
    assert seen.foreign("file://") == []


def test_without_javascript_a_picture_and_a_table_stand_there(visit, address):
    seen = visit(java_script_enabled=False)
    seen.page.goto(f"{address}/{PAGE}")
    expect(seen.page.locator(".carelab-fallback circle")).to_have_count(100)
    expect(seen.page.locator(".carelab-fallback tbody tr")).to_have_count(len(ACCOUNTS))
    expect(seen.page.locator(".carelab-course li")).to_have_count(13)
