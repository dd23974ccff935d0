"""The lab of the care economy in a real browser: what it shows is what Python computes."""

import re
import xml.etree.ElementTree as ET
from urllib.parse import quote

import pandas as pd
import pytest
from playwright.sync_api import expect

from carelab.engine import BASELINE_PRESETS, Scenario, load_place, run_months, yearly_outcomes
from carelab.engine.scenario import lever_ranges
from carelab.evidence import load_parameters, load_presets, load_quantities
from carelab.lab.labels import ACCOUNTS

SVG = "{http://www.w3.org/2000/svg}"
OPENING = Scenario("china_county", "anhui")
QUANTITIES = load_quantities("care_economy")["name"].tolist()
NONSENSE = ("lots", "", "1e3", "--5", "NaN", "101", "-1", "0x10", "<b>7</b>", "5;6", "9" * 400)


def expect_numbers(lab, scenario: Scenario) -> None:
    shown = lab.numbers()
    expected = yearly_outcomes(scenario, QUANTITIES, 10)
    assert list(shown) == QUANTITIES
    for name in QUANTITIES:
        assert shown[name] == pytest.approx(expected[name].tolist(), rel=1e-9, abs=1e-9), name


@pytest.mark.parametrize("opened_from", ["http", "file"])
def test_a_first_touch_by_keyboard_shows_what_python_computes(opened_from, new_lab, lab_folder):
    lab = new_lab() if opened_from == "http" else new_lab(site=lab_folder.as_uri())
    assert lab.all(".carelab-levers > .carelab-lever:visible").count() == 3
    slider = lab.slider("contract_share")
    before = lab.all(".carelab-path.carelab-current").first.get_attribute("d")
    slider.press("ArrowLeft")
    expect(lab.all(".carelab-path.carelab-current").first).not_to_have_attribute("d", before)
    scenario = OPENING.change(contract_share=float(slider.input_value()))
    lab.expect_scenario(scenario)
    assert scenario != OPENING
    expect_numbers(lab, scenario)
    assert lab.seen.problems == []
    assert lab.seen.foreign(lab.site) == []


def test_every_preset_is_one_click_and_gives_pythons_numbers(lab):
    lab.menu()
    for preset in dict.fromkeys(load_presets("care_economy")["preset"]):
        button = lab.all(f"[data-preset={preset}]").first
        button.press("Enter")
        expect(button).to_have_attribute("aria-pressed", "true")
        lab.expect_scenario(Scenario("china_county", preset))
        expect_numbers(lab, Scenario("china_county", preset))


def test_incentives_are_transplanted_to_another_place_in_one_click(lab):
    for place in sorted(BASELINE_PRESETS, reverse=True):
        lab.menu()
        lab.all("[data-action=place]").select_option(place)
        unit = "million GBP a year" if place == "uk_place" else "million CNY a year"
        expect(lab.all(".carelab-summary").first).to_contain_text(unit)
        lab.expect_scenario(Scenario(place, "anhui"))
        expect_numbers(lab, Scenario(place, "anhui"))


def test_at_the_corners_of_every_lever_the_page_computes_what_python_computes(lab):
    for at, (name, (low, high, _)) in enumerate(lever_ranges().items()):
        for value in (low, high):
            scenario = OPENING.change(**{name: value})
            lab.page.evaluate("hash => { location.hash = hash; }", f"lab={scenario.to_text()}")
            lab.page.wait_for_function(
                "new Promise((done) => requestAnimationFrame(() => requestAnimationFrame("
                "() => done(true))))"
            )
            assert lab.page.evaluate("document.querySelectorAll('path[d*=NaN]').length") == 0
            if at % 6 == 0 and value == high:
                lab.expect_scenario(scenario)
                expect_numbers(lab, scenario)
    expect(lab.alert()).to_have_text("")


def test_pasted_nonsense_gets_a_sentence_and_moves_nothing(lab):
    for text in NONSENSE:
        lab.type("contract_share", text)
        alert = lab.all("[data-lever=contract_share] [role=alert]")
        expect(alert).to_contain_text("is not a number from 0 to 100")
        assert lab.typed("contract_share").input_value() == "90"
    assert lab.scenario() == OPENING
    lab.type("contract_share", " 12,5 % ")
    expect(lab.all("[data-lever=contract_share] [role=alert]")).to_have_text("")
    lab.expect_scenario(OPENING.change(contract_share=0.125))


def test_every_other_lever_folds_away_says_its_ends_and_where_its_value_comes_from(lab):
    lab.reach("ramp_months")
    names = lab.page.eval_on_selector_all(
        ".carelab-lever", "nodes => nodes.map((node) => node.dataset.lever)"
    )
    assert sorted(names) == sorted(lever_ranges())
    assert {"payment_start_month", "service_start_month", "ramp_months"} <= set(names)
    for lever in lab.all(".carelab-lever").all():
        ends = lever.locator(".carelab-ends span").all_inner_texts()
        assert all(ends), ends
    lever = lab.all("[data-lever=leakage_charged_share]")
    # The note comes with the touch.
    expect(lever.locator("summary")).to_be_hidden()
    lab.slider("leakage_charged_share").focus()
    lever.locator("summary").press("Enter")
    expect(lever.locator(".carelab-about")).to_contain_text("Default 0")
    expect(lever.locator(".carelab-about")).to_contain_text("In the preset Anhui")
    expect(lever.locator(".carelab-about")).to_contain_text("Source: ")
    for mark in ("start", "threshold"):
        assert lever.locator(f".carelab-mark-{mark}").first.is_visible()


def test_a_threshold_is_where_the_sign_turns_in_python(lab):
    text = lab.all("[data-lever=contract_share] .carelab-thresholds")
    expect(text).to_contain_text("Prevention pays for the hospital from")
    expect(text).to_be_hidden()
    lab.slider("contract_share").focus()
    expect(text).to_be_visible()
    share = float(re.search(r"from (\d+)", text.inner_text())[1]) / 100

    def gain(value: float) -> float:
        scenario = OPENING.change(contract_share=value)
        return yearly_outcomes(scenario, ["hospital_gain_serious"], 5).loc[5].item()

    assert gain(share - 0.01) < 0 < gain(share + 0.01)


def test_undo_redo_and_replay_go_through_what_was_set(lab):
    steps = [{"contract_share": 0.3}, {"contract_share": 0.3, "governance_share": 0.1}]
    lab.type("contract_share", "30")
    lab.type("governance_share", "10")
    lab.press("undo")
    lab.expect_lever("governance_share", 0.8)
    lab.expect_scenario(OPENING.change(**steps[0]))
    lab.press("undo")
    lab.expect_lever("contract_share", 0.9)
    assert lab.all("[data-action=undo]").get_attribute("aria-disabled") == "true"
    for _ in steps:
        lab.press("redo")
    lab.expect_scenario(OPENING.change(**steps[1]))
    lab.page.evaluate(
        """(slider) => {
            window.seen = [];
            new MutationObserver(() => window.seen.push(slider.value))
                .observe(slider, {attributes: true});
        }""",
        lab.slider("governance_share").element_handle(),
    )
    lab.press("replay")
    spoken = lab.all(".carelab-controls > .carelab-spoken")
    expect(spoken).to_have_text("Replaying the last change.")
    lab.page.wait_for_function("window.seen.length >= 2 && window.seen.at(-1) === '0.1'")
    assert "0.8" in lab.page.evaluate("window.seen")
    lab.expect_scenario(OPENING.change(**steps[1]))


def test_one_lever_or_all_are_put_back_and_the_keyboard_keeps_its_place(lab):
    lab.type("contract_share", "30")
    lab.type("governance_share", "10")
    lab.slider("contract_share").focus()
    lab.page.get_by_role("button", name="Reset Contract share").press("Enter")
    lab.expect_lever("contract_share", 0.9)
    lab.expect_focus(lab.slider("contract_share"))
    lab.expect_scenario(OPENING.change(governance_share=0.1))
    lab.press("reset_all")
    lab.expect_scenario(OPENING)


def test_a_drag_draws_at_once_brings_the_fan_along_and_is_one_step_of_undo(lab):
    band = lab.all(".carelab-band-0").first
    expect(band).not_to_have_attribute("d", "")
    expect(lab.all(".carelab-summary")).to_contain_text("in 500 parameter draws of this model")
    seen = band.get_attribute("d")
    lab.slider("leakage_charged_share").scroll_into_view_if_needed()
    box = lab.slider("leakage_charged_share").bounding_box()
    middle = box["y"] + box["height"] / 2
    lab.page.mouse.move(box["x"] + box["width"] - 10, middle)
    lab.page.mouse.down()
    for part in (0.8, 0.6, 0.5, 0.4):
        lab.page.mouse.move(box["x"] + box["width"] * part, middle)
    expect(band).not_to_have_attribute("d", seen)
    expect(lab.all(".carelab-summary")).to_contain_text("in 500 parameter draws of this model")
    lab.page.mouse.up()
    assert lab.scenario().levers["leakage_charged_share"] < 0.6
    lab.press("undo")
    lab.expect_scenario(OPENING)


def test_the_fan_counts_draws_of_one_model_and_can_be_put_out(lab):
    told = lab.all(".carelab-summary")
    expect(told).to_contain_text("in 500 parameter draws of this model")
    counts = re.findall(r"(?:higher|lower|unchanged) \(\w+: (\d+)\)", told.text_content())
    assert len(counts) == 4
    assert all(500 / 3 < int(count) <= 500 for count in counts)
    figure = lab.tab("data").locator(".carelab-more").first
    figure.locator("summary").press("Enter")
    head, *rows = lab.table(figure.locator("[data-download=csv]"))
    assert head[-2:] == ["5 % of draws below", "5 % of draws above"]
    assert all(float(row[-2]) <= float(row[-1]) for row in rows)
    lab.page.get_by_label("Range").press("Space")
    expect(lab.all(".carelab-band-0").first).to_have_attribute("d", "")
    expect(lab.all(".carelab-middle").first).to_have_attribute("d", "")


def test_what_each_lever_did_adds_up_to_the_change(lab):
    figure = lab.tab("levers").locator("figure")
    expect(figure.locator("rect").first).to_be_visible()
    figure.locator("summary").press("Enter")
    rows = lab.table(figure.locator("[data-download=csv]"))[1:]
    base = Scenario("china_county", BASELINE_PRESETS["china_county"])
    now, before = (yearly_outcomes(each, ["reach"], 5)["reach"].loc[5] for each in (OPENING, base))
    assert len(rows) > 5
    assert sum(float(row[1]) for row in rows) == pytest.approx(now - before, abs=1e-9)


def test_why_a_line_moved_is_told_from_the_line_back_to_a_lever_and_drawn(lab):
    lab.tab("why")
    lab.unfold("Show all causes")
    steps = lab.all(".carelab-path-list li")
    expect(steps.first).to_contain_text("Reach of prevention was raised most by")
    figure = lab.all(".carelab-map figure")
    boxes = figure.locator("rect").count()
    assert boxes > 5
    figure.locator("summary").press("Enter")
    assert {row[1] for row in lab.table(figure.locator("[data-download=csv]"))[1:]} <= {
        "raises",
        "lowers",
    }
    lab.all("[role=tabpanel]:visible select").select_option("insured_spending")
    expect(steps.first).to_contain_text("Insurer spending was lowered most by")


def test_money_and_pay_offs_follow_the_year_that_is_chosen(lab):
    lab.tab("data")
    lab.unfold("Who pays whom")
    figure = lab.all("figure:has(.carelab-node)")
    title = figure.locator(".carelab-figure-title")
    expect(title).to_contain_text("in year 5")
    before = figure.locator("path").first.get_attribute("d")
    lab.page.get_by_label("Year shown").press("Home")
    expect(title).to_contain_text("in year 1")
    expect(figure.locator("path").first).not_to_have_attribute("d", before)
    lab.unfold("Who gains, who loses")
    rows = lab.table(lab.all(".carelab-tile-table [data-download=csv]"))[1:]
    assert [row[0] for row in rows][-1] == "Healthy years of life a year"
    for row, change in zip(rows, money_changes(OPENING, 1).values(), strict=False):
        assert float(row[1]) == pytest.approx(change, rel=1e-9, abs=1e-9), row[0]


def money_changes(scenario: Scenario, year: int) -> dict[str, float]:
    """Millions a year, by actor, that differ from no reform."""
    base = Scenario(scenario.context, BASELINE_PRESETS[scenario.context])
    names = sorted({term.removeprefix("-") for terms in ACCOUNTS.values() for term in terms})
    now, before = (mean_flows(each, names, year) for each in (scenario, base))
    people = load_parameters(scenario.context).set_index("name")["value"]["population"]
    signed = {
        actor: sum(
            (-1 if term[0] == "-" else 1) * (now - before)[term.removeprefix("-")] for term in terms
        )
        for actor, terms in ACCOUNTS.items()
    }
    return {actor: change * 12 * people / 1e6 for actor, change in signed.items()}


def mean_flows(scenario: Scenario, names: list[str], year: int) -> pd.Series:
    months = list(run_months(load_place(scenario.context), scenario.levers, 12 * year))[-12:]
    return pd.DataFrame([{name: flows[name] for name in names} for flows in months]).mean()


def test_the_tiles_add_up_to_the_change_of_what_care_costs_in_the_place(lab):
    rows = lab.all(".carelab-tile").all()
    numbers = [number_of(row.locator(".carelab-tile-amount").inner_text()) for row in rows]
    assert len(numbers) == 6
    told = lab.all(".carelab-tiles-sum").inner_text()
    together, costs = (number_of(each) for each in re.findall(r"[+\u2212]?\d[\d,.]*\d|\d", told))
    assert sum(numbers) == pytest.approx(together, abs=1e-9)
    assert costs == -together
    assert "healthy years" in rows[0].inner_text()
    assert not any("healthy years" in row.inner_text() for row in rows[1:])


def number_of(text: str) -> float:
    return float(text.replace("\N{MINUS SIGN}", "-").replace(",", "").replace("+", ""))


def test_every_picture_has_a_sentence_a_table_and_three_kinds_of_file(lab):
    for tab, wanted in (("levers", ".carelab-bar-up"), ("why", ".carelab-map rect")):
        panel = lab.tab(tab)
        lab.unfold("Show all causes")
        expect(panel.locator(wanted).first).to_be_visible()
        figure = panel.locator("figure")
        expect_told(figure, figure.locator(".carelab-more"), lab)
    panel = lab.tab("data")
    lab.unfold("Who pays whom")
    flow = panel.locator("figure")
    expect(flow.locator(".carelab-node").first).to_be_visible()
    expect_told(flow, flow.locator(".carelab-more"), lab)
    drawn = lab.all(".carelab-charts figure, figure.carelab-place").all()
    apart = panel.locator(".carelab-tables > .carelab-more").all()
    assert len(drawn) == len(apart) == 5
    # Those of the charts come first, that of the place last.
    titles = {figure.locator("h3").text_content(): figure for figure in drawn}
    for more in apart:
        expect_told(titles[more.locator("summary").inner_text()], more, lab)


def expect_told(figure, more, lab) -> None:
    more.locator("summary").press("Enter")
    assert len(figure.locator("desc").text_content()) > 40
    expect(more.locator("tbody tr").first).to_be_visible()
    rows = lab.table(more.locator("[data-download=csv]"))
    assert len(rows) == 1 + more.locator("tbody tr").count()
    name, drawing = lab.saved(more.locator("[data-download=svg]"))
    tree = ET.fromstring(drawing)
    assert name.endswith(".svg")
    told = [node.text for node in tree.iter(f"{SVG}text")]
    assert any((text or "").startswith(figure.locator("h3").text_content()) for text in told)
    assert len(list(tree.iter())) > 5
    assert "NaN" not in drawing.decode()
    name, pixels = lab.saved(more.locator("[data-download=png]"))
    assert pixels.startswith(b"\x89PNG\r\n\x1a\n")
    wide, high = (int.from_bytes(pixels[at : at + 4]) for at in (16, 20))
    box = [float(part) for part in tree.get("viewBox").split()]
    assert [wide, high] == [2 * int(tree.get("width")), 2 * int(tree.get("height"))]
    assert wide >= 1280
    assert wide / high == pytest.approx(box[2] / box[3], rel=0.01)


def test_the_copied_cell_gives_the_numbers_of_the_page(lab, run_cell):
    lab.all("[data-preset=hangzhou]").first.press("Enter")
    lab.expect_lever(
        "contract_share", Scenario("china_county", "hangzhou").levers["contract_share"]
    )
    lab.type("contract_share", "12.5")
    lab.type("information_share", "61")
    frame = run_cell(lab.copied("python"))
    shown = lab.numbers()
    assert list(frame.columns)[:2] == ["reach", "kept_in_place_share"]
    for name in frame.columns:
        assert shown[name] == pytest.approx(frame[name].tolist(), rel=1e-9)


def test_a_link_leads_another_reader_to_the_same_scenario(lab, new_lab):
    lab.type("contract_share", "33")
    link = lab.copied("link")
    assert len(link) < 150
    other = new_lab(width=390)
    other.page.goto(link)
    expect(other.alert()).to_have_text("")
    other.expect_scenario(OPENING.change(contract_share=0.33))


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("carelab/0/china_county/anhui", "made with model version 0"),
        ("nonsense", "holds no scenario"),
        ("%E0%A4%A", "holds no scenario"),
        ("carelab/2/mars/anhui", "names the place “mars”"),
        ("carelab/2/china_county/__proto__", "names the preset “__proto__”"),
        ("carelab/2/china_county/anhui/toString=1", "names the lever “toString”"),
        ("carelab/2/china_county/anhui/contract_share=2", "allowed is 0 to 1"),
        (quote("carelab/2/<img src=x onerror=alert(1)>/anhui"), "“<img src=x"),
        ("x" * 100_000, "holds no scenario"),
    ],
)
def test_an_old_broken_or_hostile_link_gets_a_sentence_and_the_opening(text, told, lab):
    lab.open(hash_=f"#lab={text}")
    expect(lab.alert()).to_contain_text(told)
    expect(lab.alert()).to_contain_text("shows its opening scenario instead")
    assert len(lab.alert().inner_text()) < 250
    assert lab.all("img").count() == 0
    assert lab.scenario() == OPENING


def test_back_and_forward_go_through_the_scenarios_of_links(lab):
    for share in ("0.2", "0.6"):
        lab.page.evaluate(
            "text => { location.hash = text; }",
            f"lab=carelab/2/china_county/anhui/contract_share={share}",
        )
        lab.expect_lever("contract_share", float(share))
    lab.page.go_back()
    lab.expect_lever("contract_share", 0.2)
    lab.page.go_back()
    lab.expect_lever("contract_share", 0.9)
    lab.page.go_forward()
    lab.expect_lever("contract_share", 0.2)
    lab.page.evaluate("location.hash = 'a-heading'")
    lab.page.evaluate("location.hash = 'lab=carelab/0/china_county/anhui'")
    expect(lab.alert()).to_contain_text("opening scenario instead")
    lab.expect_lever("contract_share", 0.9)
