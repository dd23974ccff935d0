"""The lab for every hand, eye and ear: keyboard, phone, screen reader, print, dark, large."""

import re

import pytest
from lab_fixtures import NEXT_FRAME
from playwright.sync_api import expect

from carelab.engine import Scenario

OPENING = Scenario("china_county", "anhui")
TABS = ("why", "levers", "compare", "data", "misses")
# Titles of a chapter stand above the lab; a lab alone has none that it could continue.
SIZES = {"laptop": 1280, "phone": 390}


def settled(lab) -> None:
    # What is far down the page is worked out when it comes into sight.
    lab.all(".carelab-charts").first.scroll_into_view_if_needed()
    expect(lab.all(".carelab-summary").first).to_contain_text("parameter draws")


def open_reasons(lab) -> None:
    """Open every tab and fold and wait for what is worked out beside the page."""
    settled(lab)
    lab.unfold_all()
    lab.tab("why")
    expect(lab.all(".carelab-map rect").first).to_be_visible()
    lab.tab("levers")
    expect(lab.all(".carelab-bar").first).to_be_visible()
    lab.tab("why")


@pytest.mark.parametrize("width", SIZES.values(), ids=SIZES)
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing_in_the_lab_its_folds_its_roles_and_the_classroom(
    width, scheme, new_lab, axe
):
    lab = new_lab("predict.html", width=width, scheme=scheme, reduced_motion="reduce")
    settled(lab)
    lab.page.get_by_label("rises a lot").first.press("Space")
    lab.page.get_by_role("button", name="Show what happens").press("Enter")
    lab.type("governance_share", "1")
    open_reasons(lab)
    lab.press("pin")
    lab.type("contract_share", "nonsense")
    for tab in TABS:
        lab.tab(tab)
        lab.page.evaluate(NEXT_FRAME)
        assert axe(lab.page) == [], tab
    assert lab.page.evaluate("document.documentElement.scrollWidth") <= width
    lab.menu()
    classroom = lab.page.get_by_role("button", name="Classroom view")
    classroom.press("Enter")
    assert axe(lab.page) == []
    lab.page.keyboard.press("Escape")
    # The dialog gives the focus back a moment after it closed.
    lab.expect_focus(classroom)
    lab.press("roles")
    assert axe(lab.page) == []
    for action in ("start", "ready"):
        lab.press(action)
        assert axe(lab.page) == []
    assert lab.page.evaluate("document.documentElement.scrollWidth") <= width


@pytest.mark.parametrize("width", [640, 320])
def test_enlarged_twice_or_four_times_nothing_runs_out_of_the_window(width, lab):
    lab.page.set_viewport_size({"width": width, "height": 450})
    open_reasons(lab)
    lab.press("pin")
    expect(lab.all(".carelab-pins li")).to_have_count(1)
    wide = lab.page.evaluate("document.documentElement.scrollWidth")
    assert wide <= width
    slider = lab.slider("contract_share")
    slider.press("End")
    lab.expect_scenario(OPENING.change(contract_share=1.0))


def test_a_finger_drags_a_lever_on_a_phone_and_the_numbers_stay_in_sight(new_lab):
    lab = new_lab(width=390, height=844, has_touch=True, is_mobile=True)
    lab.page.get_by_role("button", name="Next").press("Enter")
    slider = lab.slider("leakage_charged_share")
    slider.scroll_into_view_if_needed()
    box = slider.bounding_box()
    y = box["y"] + box["height"] / 2
    touch = lab.page.context.new_cdp_session(lab.page)

    def send(kind: str, *x: float) -> None:
        points = [{"x": each, "y": y} for each in x]
        touch.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": points})

    strip = lab.all(".carelab-tiles").first
    before = strip.inner_text()
    send("touchStart", box["x"] + box["width"] - 10)
    for part in (0.8, 0.6, 0.4):
        send("touchMove", box["x"] + box["width"] * part)
    lab.page.wait_for_function(
        "([node, text]) => node.innerText !== text", arg=[strip.element_handle(), before]
    )
    seen = strip.bounding_box()
    assert 0 <= seen["y"] <= 844 - seen["height"]
    send("touchEnd")
    assert lab.scenario().levers["leakage_charged_share"] < 0.6
    for control in lab.all(".carelab-body input[type=range]:visible").all():
        assert control.bounding_box()["height"] >= 24


def test_where_the_system_chooses_colours_marks_keep_their_shapes(new_lab):
    lab = new_lab(forced_colors="active")
    look = "(node, name) => getComputedStyle(node)[name]"
    threshold = lab.all(".carelab-marks .carelab-mark-threshold:visible").first
    ground = lab.page.evaluate("getComputedStyle(document.body).backgroundColor")
    assert threshold.evaluate(look, "backgroundColor") not in (ground, "rgba(0, 0, 0, 0)")
    assert threshold.evaluate(look, "forcedColorAdjust") == "none"
    pressed = lab.all("button[aria-pressed=true]").first
    assert pressed.evaluate(look, "outlineStyle") == "solid"


def test_paper_is_light_though_the_page_was_dark(new_lab):
    lab = new_lab("predict.html", scheme="dark")
    lab.page.evaluate("document.documentElement.style.colorScheme = 'dark'")
    choice = lab.all(".carelab-choice input").first
    look = "(node) => getComputedStyle(node).colorScheme"
    assert choice.evaluate(look) == "dark"
    lab.page.emulate_media(media="print")
    assert choice.evaluate(look) == "light"


def test_the_tour_is_taken_by_keyboard_and_left_with_escape(lab):
    lab.menu()
    button = lab.page.get_by_role("button", name="Four-step tour")
    button.press("Enter")
    card = lab.all(".carelab-tour")
    pointed = []
    for step in range(1, 5):
        expect(card).to_contain_text(f"Step {step} of 4")
        assert lab.all(".carelab-pointed").count() == 1
        pointed.append(lab.all(".carelab-pointed").get_attribute("class"))
        lab.expect_focus(card)
        assert card.bounding_box()["height"] < 300
        assert card.locator("[aria-live=polite]").count() == 1
        card.get_by_role("button", name="Done" if step == 4 else "Next").press("Enter")
    assert len(set(pointed)) == 4
    expect(card).to_be_hidden()
    lab.expect_focus(button)
    button.press("Enter")
    lab.page.keyboard.press("Escape")
    expect(card).to_be_hidden()
    lab.expect_focus(button)
    assert lab.all(".carelab-pointed").count() == 0


def test_the_classroom_is_large_holds_the_focus_and_ends_with_escape(lab):
    lab.menu()
    button = lab.page.get_by_role("button", name="Classroom view")
    size = "node => parseFloat(getComputedStyle(node).fontSize)"
    question = lab.all(".carelab-panel .carelab-question")
    small = question.evaluate(size)
    button.press("Enter")
    stage = lab.all("dialog[open]")
    expect(stage.locator(".carelab-panel")).to_be_visible()
    assert question.evaluate(size) > 1.4 * small
    lab.slider("contract_share").press("End")
    lab.expect_scenario(OPENING.change(contract_share=1.0))
    assert lab.page.evaluate("document.querySelector('dialog').scrollWidth") <= 1280
    lab.page.keyboard.press("Escape")
    expect(stage).to_have_count(0)
    lab.expect_focus(button)
    expect(lab.all("main > [data-carelab] > .carelab-panel")).to_be_visible()
    lab.expect_scenario(OPENING.change(contract_share=1.0))


def test_every_control_is_reached_by_tab_and_shows_that_it_has_the_focus(lab):
    settled(lab)
    lab.page.evaluate("document.body.tabIndex = -1; document.body.focus()")
    wanted = lab.page.evaluate(
        """() => {
            const all = document.querySelectorAll("input, select, button, summary, [tabindex='0']");
            // Of the tabs one is a stop; arrows go to the others.
            const seen = [...all].filter((each) => each.checkVisibility() && each.tabIndex >= 0);
            seen.forEach((each, at) => { each.dataset.at = at; });
            return seen.length;
        }"""
    )
    reached = set()
    # The note of a lever joins when the lever has the focus.
    for _ in range(wanted + 8):
        lab.page.keyboard.press("Tab")
        at, outline = lab.page.evaluate(
            """() => [document.activeElement.dataset.at,
                getComputedStyle(document.activeElement).outlineStyle]"""
        )
        if at is not None:
            assert outline != "none", at
            reached.add(at)
    assert wanted > 20
    assert len(reached) == wanted


def test_who_listens_hears_the_sentence_when_the_lever_rests(lab):
    status = lab.all("[role=status].carelab-said")
    settled(lab)
    lab.page.evaluate(
        """() => {
            const status = document.querySelector(".carelab-said");
            window.busy = [];
            new MutationObserver(() => window.busy.push(status.getAttribute("aria-busy")))
                .observe(status, {attributes: true, attributeFilter: ["aria-busy"]});
        }"""
    )
    slider = lab.slider("contract_share")
    slider.press("ArrowLeft")
    lab.page.wait_for_function("window.busy.at(-1) === 'false'")
    assert lab.page.evaluate("window.busy")[0] == "true"
    assert slider.get_attribute("aria-valuetext").endswith("%")
    for id_ in slider.get_attribute("aria-describedby").split():
        assert lab.all(f"#{id_}").count() == 1
    expect(status).to_contain_text("Reach of prevention: up from 14\u202f%")
    expect(lab.all(".carelab-summary")).to_contain_text("Year 5: Reach of prevention")
    assert lab.all(".carelab-controls > [aria-live=polite]").count() == 1


def test_who_wants_no_motion_gets_none(lab, new_lab):
    still = lab.all("[data-action=undo]").evaluate("node => getComputedStyle(node).transition")
    moving = new_lab().all("[data-action=undo]")
    assert re.search(r"0\.15s", moving.evaluate("node => getComputedStyle(node).transition"))
    assert "0.15s" not in still


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_in_print_the_results_stand_and_the_buttons_do_not(scheme, new_lab):
    lab = new_lab(scheme=scheme)
    settled(lab)
    lab.page.emulate_media(media="print", color_scheme=scheme)
    assert lab.all(".carelab-panel button:visible").count() == 0
    assert lab.all(".carelab-charts svg:visible").count() == 1
    assert lab.all(".carelab-place svg:visible").count() >= 1
    assert lab.all(".carelab-tile:visible").count() == 6
    assert lab.all(".carelab-headline").is_visible()
    assert lab.all(".carelab-panel .carelab-question").is_visible()
    dark_on_light = lab.page.evaluate(
        """() => {
            const light = (text) => text.match(/[\\d.]+/g).slice(0, 3).reduce((a, b) => a + +b, 0);
            const panel = getComputedStyle(document.querySelector(".carelab-panel"));
            const text = getComputedStyle(document.querySelector(".carelab-chart text"));
            return light(panel.backgroundColor) - light(text.fill);
        }"""
    )
    assert dark_on_light > 400


def test_without_javascript_the_question_a_sentence_and_the_results_stand(visit, lab_site):
    seen = visit(java_script_enabled=False)
    seen.page.goto(f"{lab_site}/lab.html")
    fallback = seen.page.locator(".carelab-fallback")
    expect(fallback).to_contain_text("Who gains when the county is paid by a budget?")
    expect(fallback.locator("noscript")).to_be_visible()
    rows = fallback.get_by_role("row").all_inner_texts()
    assert rows[1].split("\t")[0] == "Reach of prevention"
    assert len(rows) == 5


def test_lines_differ_by_more_than_colour(lab):
    for _ in range(3):
        lab.press("pin")
    expect(lab.all(".carelab-pins li")).to_have_count(3)
    dashes = lab.page.eval_on_selector_all(
        ".carelab-charts figure:first-child .carelab-path",
        "nodes => nodes.map((node) => getComputedStyle(node).strokeDasharray)",
    )
    assert len(dashes) == len(set(dashes)) == 5


def test_on_a_phone_a_lever_and_the_line_stand_together_and_the_results_fit(new_lab):
    lab = new_lab(width=390, height=844)
    line, lever = (lab.all(each).first for each in (".carelab-charts svg", ".carelab-levers"))
    lab.page.mouse.wheel(0, 250)
    lab.page.evaluate(NEXT_FRAME)
    assert line.bounding_box()["y"] + line.bounding_box()["height"] <= lever.bounding_box()["y"]
    assert lever.bounding_box()["y"] + lever.bounding_box()["height"] <= 844
    lab.page.get_by_role("button", name="Place", exact=True).press("Enter")
    expect(lab.all(".carelab-place")).to_be_visible()
    expect(line).to_be_hidden()
    lab.tab("data")
    lab.unfold("Results now")
    table = lab.all(".carelab-results")
    row = table.locator("tr", has_text="Insurer spending").locator("th, td")
    expect(row).to_have_count(4)
    label, now, before, change = row.all_inner_texts()
    assert label == "Insurer spending (CNY per resident and month)"
    for text in (now, before, change):
        float(text.replace("\N{MINUS SIGN}", "-"))
    assert table.evaluate("(each) => each.scrollWidth <= each.parentElement.clientWidth")


def test_in_chinese_the_lab_speaks_chinese_throughout(lab):
    lab.open("zh.html")
    settled_zh = lab.all(".carelab-summary")
    expect(settled_zh).to_contain_text("500 组参数抽样")
    lab.unfold_all()
    text = lab.all(".carelab-panel").inner_text()
    assert not re.search(r"\b(lab|unit|place|actor|group|class)\.[a-z_]+", text)
    assert not re.search(r"\{[a-z_]+\}", text)
    words = lab.all(".carelab-panel :is(button, summary, legend, th, h3, label):visible")
    latin = [each for each in words.all_inner_texts() if re.fullmatch(r"[A-Za-z ,]{4,}", each)]
    assert latin == []
