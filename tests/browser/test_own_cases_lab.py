"""A reader's own case in the lab: chosen, explained, carried in links; and where it is absent."""

import json

import pytest
from lab_fixtures import lab_html, write_page
from playwright.sync_api import expect

from carelab.engine import Scenario, yearly_outcomes
from carelab.lab import CareLab
from carelab.lab.bundle import page_part, part_file
from carelab.lab.hospital_lab import context_values, preset_values
from carelab.theory import MODELS

TEXT = "carelab/2/china_county/xishui"
SETS = (
    "lab:\n  - {model: care_economy, lever: governance_share, value: 0.2, class: assumed,"
    ' claims: [E1], note: "Five of twenty-four centres <b>joined</b>."}\n'
)


@pytest.fixture(scope="module")
def own_pages(lab_folder, tmp_path_factory, root):
    """Pages of a build that finds a folder with a sound and a broken case."""
    folder = tmp_path_factory.mktemp("own")
    text = (root / "tests" / "cases" / "xishui.yml").read_text(encoding="utf-8")
    (folder / "xishui.yml").write_text(text.replace("lab:\n", SETS), encoding="utf-8")
    (folder / "broken.yml").write_text("id: [", encoding="utf-8")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("CARELAB_CASES", str(folder))
        write_page(lab_folder, "own.html", lab_html())
        small = CareLab(question="Who gains?")._repr_mimebundle_()[0]["text/html"]
        # A page with a small lab loads its part before the labs start.
        small += f'<script src="{part_file("hospital")}"></script>'
        write_page(lab_folder, "own-small.html", small)
        (lab_folder / part_file("hospital")).write_text(page_part("hospital"), encoding="utf-8")
        yield folder


def test_the_case_stands_among_the_presets_and_is_chosen_by_keyboard(lab, own_pages):
    lab.open("own.html")
    button = lab.page.get_by_role("button", name="Xishui", exact=True)
    button.press("Enter")
    expect(button).to_have_attribute("aria-pressed", "true")
    lab.expect_lever("governance_share", 0.2)
    lab.expect_scenario(Scenario.from_text(TEXT))


def test_the_popover_of_a_lever_tells_class_source_and_reason_of_the_case(lab, own_pages):
    lab.open("own.html")
    lab.page.get_by_role("button", name="Xishui", exact=True).press("Enter")
    lab.slider("governance_share").focus()
    lab.all(".carelab-body [data-lever=governance_share] .carelab-about summary").first.press(
        "Enter"
    )
    note = lab.all(".carelab-body [data-lever=governance_share]").first
    expect(note).to_contain_text("In the preset Xishui 20 %: assumed")
    expect(note).to_contain_text("Five of twenty-four centres <b>joined</b>.")
    expect(note).to_contain_text("(your own case Xishui)")
    expect(note).to_contain_text("Evidence: E1")
    assert note.locator("b").count() == 0


def test_a_file_that_cannot_be_used_is_told_in_the_lab(lab, own_pages):
    for page in ("own.html", "own-small.html"):
        lab.open(page)
        told = lab.all(".carelab-panel .carelab-problem[role=note]")
        expect(told).to_have_count(1)
        expect(told).to_contain_text("left out of this lab: file 'broken.yml' line 1")


def test_the_small_lab_offers_the_case_and_tells_where_its_setting_comes_from(lab, own_pages):
    lab.open("own-small.html")
    lab.page.get_by_role("button", name="Xishui", exact=True).press("Enter")
    lab.expect_lever("contract_share", 0.2)
    lab.slider("contract_share").focus()
    lab.all("[data-lever=contract_share] .carelab-about summary").first.press("Enter")
    expect(lab.all("[data-lever=contract_share]").first).to_contain_text(
        "In the preset Xishui 20 %"
    )


def test_a_link_to_the_case_opens_it_and_elsewhere_says_so_and_shows_the_opening(lab, own_pages):
    text = f"{TEXT}/contract_share=0.5"
    lab.open("own.html", f"#lab={text}")
    lab.expect_scenario(Scenario.from_text(text))
    lab.open("lab.html", f"#lab={text}")
    expect(lab.alert()).to_contain_text("names the preset “xishui”")
    expect(lab.alert()).to_contain_text("shows its opening scenario instead")
    lab.expect_scenario(Scenario("china_county", "anhui"))


def test_a_pin_of_the_case_waits_where_the_case_is_absent_and_comes_back(
    lab, own_pages, lab_folder
):
    page = lab_folder / "own.html"
    with_case = page.read_text(encoding="utf-8")
    lab.open("own.html")
    lab.page.get_by_role("button", name="Xishui", exact=True).press("Enter")
    lab.tab("compare")
    lab.press("pin")
    try:
        page.write_text((lab_folder / "lab.html").read_text(encoding="utf-8"), encoding="utf-8")
        lab.open("own.html", "?without")  # a browser may keep a page of the same address
        lab.tab("compare")
        expect(lab.all(".carelab-store")).to_contain_text(": 1.")
        lab.press("pin")
    finally:
        page.write_text(with_case, encoding="utf-8")
    lab.open("own.html", "?with")
    lab.tab("compare")
    expect(lab.all(".carelab-pins li")).to_have_count(2)


def test_an_exported_scenario_of_the_case_is_refused_with_a_sentence_where_it_is_absent(
    lab, own_pages
):
    lab.open("own.html")
    lab.page.get_by_role("button", name="Xishui", exact=True).press("Enter")
    lab.tab("compare")
    content = lab.saved(lab.all("[data-action=export]").first)[1]
    assert json.loads(content)["scenarios"][0]["text"] == TEXT
    lab.open("lab.html")
    lab.tab("compare")
    file = {"name": "mine.json", "mimeType": "application/json", "buffer": content}
    lab.all("input[type=file]").first.set_input_files(file)
    expect(lab.all(".carelab-shelf [role=alert]")).to_contain_text("or its case is not here")


def test_the_page_computes_the_case_as_python_does(lab, own_pages):
    lab.open("own.html")
    lab.page.get_by_role("button", name="Xishui", exact=True).press("Enter")
    lab.expect_scenario(Scenario.from_text(TEXT))
    here = yearly_outcomes(Scenario.from_text(TEXT), ("reach", "insured_spending"), 10)
    numbers = lab.numbers()
    for name in here:
        assert numbers[name] == pytest.approx(here[name].tolist(), rel=1e-9)


def test_the_small_lab_pins_a_setting_and_sets_it_beside_the_present(lab, own_pages):
    lab.open("own-small.html")
    lab.page.get_by_role("button", name="Anhui medical package").press("Enter")
    lab.expect_lever("contract_share", 0.9)
    lab.all("[data-action=pin-here]").press("Enter")
    lab.all(".carelab-toolbar [data-action=undo]").press("Enter")
    lab.expect_lever("contract_share", 0)
    model = MODELS["retention"]
    inputs = context_values("retention", "teaching_county")
    row = lab.all(".carelab-panel tr").filter(has_text="Preventing an episode").locator("td")
    for cell, preset in ((1, "fee_for_service"), (2, "anhui_package")):
        found = model.run(**preset_values("retention", preset), **inputs)["prevented_episode_gain"]
        expect(row.nth(cell)).to_have_text(
            f"{found:,.0f} CNY per case".replace("-", "\N{MINUS SIGN}")
        )
    lab.page.reload()
    expect(row).to_have_count(3)
