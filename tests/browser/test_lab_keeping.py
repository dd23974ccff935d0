"""What a reader keeps in the lab: pinned scenarios, files, predictions; and two labs on a page."""

import json
import os

import pytest
from conftest import PATIENCE_MS
from lab_fixtures import NEXT_FRAME, Lab
from playwright.sync_api import expect

from carelab.cli.browser import CHROMIUM_FLAGS, ENVIRONMENT_NAME, find_chromium
from carelab.engine import BASELINE_PRESETS, MODEL_VERSION, Scenario, yearly_outcomes

OPENING = Scenario("china_county", "anhui")
BLOCKED = """Object.defineProperty(window, "localStorage",
  {get() { throw new DOMException("denied", "SecurityError"); }});"""
FULL = """Storage.prototype.setItem = () => {
  throw new DOMException("full", "QuotaExceededError"); };"""
HOSTILE = "<b onmouseover=alert(1)>\u202emy “scenario”"


def pin(lab, name: str = "") -> None:
    lab.tab("compare")
    lab.page.get_by_label("Name of the scenario").fill(name)
    lab.press("pin")


def names(lab) -> list[str]:
    return [each.input_value() for each in lab.all(".carelab-pins .carelab-text").all()]


def pin_lines(lab):
    return lab.all(".carelab-charts figure >> nth=0 >> .carelab-path.carelab-pin")


def import_file(lab, content: str, name: str = "homework.json") -> None:
    lab.tab("compare")
    file = {"name": name, "mimeType": "application/json", "buffer": content.encode()}
    lab.all("input[type=file]").first.set_input_files(file)


def file_of(*texts: object) -> str:
    scenarios = [{"name": f"Number {at}", "text": text} for at, text in enumerate(texts, 1)]
    head = {"format": "carelab-scenarios", "version": 1, "model_version": MODEL_VERSION}
    return json.dumps(head | {"scenarios": scenarios})


def problem(lab):
    return lab.all(".carelab-shelf [role=alert]")


def store(lab):
    return lab.all(".carelab-store")


def test_a_pinned_scenario_is_drawn_named_loaded_copied_deleted_and_kept(lab):
    pin(lab, HOSTILE)
    assert names(lab) == [HOSTILE]
    expect(lab.all(".carelab-scenario-keys")).to_contain_text(HOSTILE)
    assert lab.all(".carelab-scenario-keys b").count() == 0
    expect(pin_lines(lab)).to_have_count(1)
    lab.type("contract_share", "20")
    row = lab.all(".carelab-pins li")
    row.locator(".carelab-text").fill("As in Anhui")
    row.locator(".carelab-text").press("Enter")
    expect(lab.all(".carelab-scenario-keys")).to_contain_text("As in Anhui")
    row.get_by_role("button", name="Duplicate").press("Enter")
    assert names(lab) == ["As in Anhui", "As in Anhui, copy"]
    lab.expect_focus(row.first.get_by_role("button", name="Duplicate"))
    row.nth(1).get_by_role("checkbox").press("Space")
    expect(pin_lines(lab)).to_have_count(1)
    lab.expect_focus(row.nth(1).get_by_role("checkbox"))
    row.nth(1).get_by_role("button", name="Delete").press("Enter")
    expect(row).to_have_count(1)
    lab.expect_focus(row.get_by_role("button", name="Delete"))
    row.get_by_role("button", name="Load").press("Enter")
    lab.expect_scenario(OPENING)
    lab.open()
    assert names(lab) == ["As in Anhui"]
    lab.tab("compare")
    row.get_by_role("button", name="Delete").press("Enter")
    lab.expect_focus(lab.page.get_by_label("Name of the scenario"))
    lab.open()
    assert names(lab) == []


def test_a_deleted_scenario_comes_back_and_the_shelf_says_what_it_did(lab):
    for name in ("One", "Two", "Three"):
        pin(lab, name)
    said = lab.all(".carelab-shelf .carelab-spoken")
    expect(said).to_have_text("Pinned: Three.")
    back = lab.all(".carelab-shelf").get_by_role("button", name="Undo")
    expect(back).to_be_hidden()
    lab.page.get_by_role("button", name="Delete Two").press("Enter")
    expect(said).to_have_text("Deleted: Two.")
    assert names(lab) == ["One", "Three"]
    back.press("Enter")
    assert names(lab) == ["One", "Two", "Three"]
    expect(back).to_be_hidden()
    lab.expect_focus(lab.page.get_by_label("Name of the scenario"))
    lab.open()
    assert names(lab) == ["One", "Two", "Three"]


def test_what_another_version_of_the_model_pinned_is_kept_and_told(lab):
    pin(lab, "Mine")
    lab.page.evaluate(
        """() => {
            const [key] = Object.keys(localStorage);
            const pins = JSON.parse(localStorage[key]);
            pins.push({id: 9, name: "Old", text: "carelab/0/china_county/anhui", shown: true});
            localStorage[key] = JSON.stringify(pins);
        }"""
    )
    for _ in range(2):
        lab.open()
        lab.tab("compare")
        told = "Pinned with another version of the model, kept and not shown"
        expect(store(lab)).to_contain_text(told)
        expect(store(lab)).to_contain_text(": 1.")
        pin(lab, "More")
    assert names(lab) == ["Mine", "More", "More"]


def test_the_table_of_a_chart_holds_what_python_computes_for_a_pinned_scenario(lab):
    lab.type("contract_share", "20")
    lab.expect_scenario(OPENING.change(contract_share=0.2))
    pin(lab, "Twenty")
    lab.press("reset_all")
    lab.expect_scenario(OPENING)
    figure = lab.tab("data").locator(".carelab-more").first
    figure.locator("summary").press("Enter")
    head, *rows = lab.table(figure.locator("[data-download=csv]"))
    base = Scenario("china_county", BASELINE_PRESETS["china_county"])
    wanted = {"No reform": base, "Twenty": OPENING.change(contract_share=0.2)}
    for name, scenario in {**wanted, "Your scenario": OPENING}.items():
        shown = [float(row[head.index(name)]) for row in rows]
        assert shown == pytest.approx(yearly_outcomes(scenario, ["reach"])["reach"].tolist())


def test_a_hundred_scenarios_are_pinned_and_the_lab_stays_quick(lab):
    texts = [f"carelab/2/china_county/anhui/contract_share={at / 100}" for at in range(1, 101)]
    import_file(lab, file_of(*texts))
    expect(lab.all(".carelab-pins li")).to_have_count(100)
    expect(lab.all(".carelab-shelf .carelab-spoken")).to_contain_text("imported: 100")
    expect(pin_lines(lab)).to_have_count(12)
    told = "100 pinned scenarios are to be drawn; the charts show the newest 12"
    expect(lab.all(".carelab-scenario-keys")).to_contain_text(told)
    lab.slider("contract_share").press("Home")
    lab.expect_scenario(OPENING.change(contract_share=0.0))
    assert lab.page.evaluate("document.documentElement.scrollWidth") <= 1280
    lab.open()
    expect(lab.all(".carelab-pins li")).to_have_count(100)


@pytest.mark.parametrize("init", [BLOCKED, FULL], ids=["blocked", "full"])
def test_a_browser_that_keeps_nothing_costs_a_sentence_and_nothing_else(init, new_lab):
    lab = new_lab("predict.html", init=init)
    pin(lab, "In memory")
    expect(store(lab)).to_contain_text("stay until you close the page. Export them as a file.")
    assert names(lab) == ["In memory"]
    saved = json.loads(lab.saved(lab.all("[data-action=export]"))[1])
    assert saved["scenarios"][0]["text"] == OPENING.to_text()
    for group in lab.all(".carelab-predict-card fieldset").all():
        group.get_by_label("hardly changes").check()
    lab.page.get_by_role("button", name="Show what happens").press("Enter")
    expect(lab.all(".carelab-answer")).to_contain_text("does not allow this page to keep anything")
    assert lab.seen.problems == []


def test_what_one_lab_exports_another_reader_imports(lab, new_lab):
    lab.type("contract_share", "20")
    pin(lab, "Twenty")
    lab.page.get_by_label("Your name, for the file").fill("Li 李")
    name, content = lab.saved(lab.all("[data-action=export]"))
    assert name == "carelab-Li-李.json"
    other = new_lab()
    import_file(other, content.decode())
    expect(other.all(".carelab-pins li")).to_have_count(1)
    assert names(other) == ["Twenty"]
    other.all(".carelab-pins li").get_by_role("button", name="Load").press("Enter")
    other.expect_scenario(OPENING.change(contract_share=0.2))


def test_a_broken_or_foreign_file_gets_a_sentence_and_changes_nothing(lab):
    import_file(lab, "<html>", "notes.txt")
    told = "File 'notes.txt' is not valid JSON. Nothing was changed."
    expect(problem(lab)).to_have_text(told)
    import_file(lab, file_of())
    expect(problem(lab)).to_have_text("")
    assert names(lab) == []
    import_file(lab, file_of("carelab/0/china_county/anhui", OPENING.to_text(), None))
    expect(problem(lab)).to_contain_text("1 scenarios were read; 2 were left out.")
    expect(problem(lab)).to_contain_text("Entry 3 of 'scenarios' was left out: this version")
    assert len(names(lab)) == 1


def predict(lab, choice: str) -> None:
    for group in lab.all(".carelab-predict-card fieldset").all():
        group.get_by_label(choice).check()
    lab.page.get_by_role("button", name="Show what happens").press("Enter")
    expect(lab.all(".carelab-answer")).to_contain_text("Right")


def exported(lab) -> dict:
    lab.tab("compare")
    return json.loads(lab.saved(lab.all("[data-action=export]"))[1])


def test_two_tabs_of_a_chapter_keep_what_either_pins_and_predicts(browser, lab_site, visit_of):
    context = browser.new_context(accept_downloads=True)
    context.set_default_timeout(PATIENCE_MS)
    one, other = (Lab(visit_of(context), lab_site).open("predict.html") for _ in range(2))
    pin(one, "One")
    expect(other.all(".carelab-pins li")).to_have_count(1)
    pin(other, "Other")
    expect(one.all(".carelab-pins li")).to_have_count(2)
    assert names(one) == names(other) == ["One", "Other"]
    predict(one, "rises a lot")
    predict(other, "falls a lot")
    pin(one, "Third")
    one.page.get_by_role("button", name="Delete Other").press("Enter")
    expect(other.all(".carelab-pins li")).to_have_count(2)
    for lab in (one, other, Lab(visit_of(context), lab_site).open("predict.html")):
        assert names(lab) == ["One", "Third"]
        given = exported(lab)["predictions"]
        assert [each["direction"] for each in given] == ["up", "up", "down", "down"]
    assert one.seen.problems == other.seen.problems == []
    context.close()


def test_what_was_pinned_and_predicted_is_there_when_the_browser_is_opened_again(
    tmp_path, lab_site, visit_of, browser
):
    kind = browser.browser_type
    path = os.environ.get(ENVIRONMENT_NAME) or str(find_chromium())

    def again():
        context = kind.launch_persistent_context(
            str(tmp_path), executable_path=path, args=[*CHROMIUM_FLAGS]
        )
        context.set_default_timeout(PATIENCE_MS)
        return context, Lab(visit_of(context), lab_site).open("predict.html")

    context, lab = again()
    pin(lab, "Kept")
    predict(lab, "rises a lot")
    context.close()
    context, lab = again()
    assert names(lab) == ["Kept"]
    expect(lab.all(".carelab-answer")).to_contain_text("Last time you said")
    assert len(exported(lab)["predictions"]) == 2
    context.close()


def test_a_prediction_about_another_version_of_the_model_is_kept_and_not_handed_in(lab):
    lab.open("predict.html")
    predict(lab, "rises a lot")
    lab.page.evaluate(
        """(version) => {
            const key = Object.keys(localStorage).find((each) => each.endsWith("predictions"));
            const said = (each) => `"model_version":"${each}"`;
            localStorage[key] = localStorage[key].replaceAll(said(version), said(0));
        }""",
        MODEL_VERSION,
    )
    lab.open("predict.html")
    expect(lab.all(".carelab-answer")).to_have_text("")
    predict(lab, "falls a lot")
    assert [each["direction"] for each in exported(lab)["predictions"]] == ["down", "down"]
    kept = lab.page.evaluate("Object.values(localStorage).join()")
    assert kept.count('"model_version":"0"') == 2


def test_a_prediction_is_judged_by_the_model_shown_and_exported(lab):
    lab.open("predict.html")
    card = lab.all(".carelab-predict-card")
    show = lab.page.get_by_role("button", name="Show what happens")
    show.press("Enter")
    expect(card.get_by_role("alert")).to_have_text("Choose an answer for: Reach of prevention.")
    lab.expect_focus(card.get_by_label("falls a lot").first)
    for group in card.locator("fieldset").all():
        group.get_by_label("rises a lot").check()
    show.press("Enter")
    lab.expect_focus(lab.all(".carelab-answer"))
    changed = OPENING.change(leakage_charged_share=0.0)
    lab.expect_scenario(changed)
    outcomes = ["reach", "insured_spending"]
    before, after = (yearly_outcomes(each, outcomes).loc[5] for each in (OPENING, changed))
    for line, name in zip(lab.all(".carelab-answer p").all(), outcomes, strict=True):
        change = after[name] / before[name] - 1
        text = line.inner_text()
        assert ("Right." in text) == (change >= 0.1)
        size = "hardly changes" if abs(change) < 0.01 else ("rises" if change > 0 else "falls")
        assert f"; it {size}" in text
    lab.open("predict.html")
    told = "Last time you said: Reach of prevention rises a lot; Insurer spending rises a lot."
    expect(lab.all(".carelab-answer")).to_have_text(told)
    lab.tab("compare")
    given = json.loads(lab.saved(lab.all("[data-action=export]"))[1])["predictions"]
    assert [each["outcome"] for each in given] == outcomes
    assert given[0]["revealed"] == pytest.approx({"before": before.reach, "after": after.reach})
    assert (given[0]["direction"], given[0]["size"]) == ("up", "much")
    lab.page.get_by_role("button", name="Skip").press("Enter")
    assert not card.is_visible()
    lab.expect_focus(lab.all(".carelab-levers input[type=range]").first)
    lab.expect_scenario(OPENING)


def test_two_labs_on_a_page_share_nothing(lab):
    lab.open("two.html", "#lab2=carelab/2/china_county/hangzhou")
    first, second = (lab.all("[data-carelab]").nth(at) for at in (0, 1))
    share = "input[type=range][name=contract_share]"
    hangzhou = str(Scenario("china_county", "hangzhou").levers["contract_share"])
    expect(second.locator(share)).to_have_value(hangzhou.removesuffix(".0"))
    expect(first.locator(share)).to_have_value("0.9")
    first.locator(share).press("Home")
    expect(first.locator(share)).to_have_value("0")
    expect(second.locator(share)).to_have_value(hangzhou.removesuffix(".0"))
    for each in (first, second):
        each.locator(".carelab-charts").scroll_into_view_if_needed()
        expect(each.locator(".carelab-summary")).to_contain_text("in 500 parameter draws")
    second.locator("[data-tab=compare]").press("Enter")
    second.locator("[data-action=pin]").press("Enter")
    expect(second.locator(".carelab-pins li")).to_have_count(1)
    expect(first.locator(".carelab-pins li")).to_have_count(0)
    ids = lab.page.eval_on_selector_all("[id]", "nodes => nodes.map((node) => node.id)")
    assert len(ids) == len(set(ids))


PARTS = """() => [...document.querySelectorAll(
    "[role=group], [role=region], section, nav, aside, dialog, form[aria-label]")]
  .map((node) => {
    const label = node.getAttribute("aria-labelledby")?.split(" ")
      .map((id) => document.getElementById(id).textContent).join(" ");
    const role = node.getAttribute("role") ?? node.localName;
    return `${role}: ${label ?? node.getAttribute("aria-label")}`;
  })"""


def test_two_labs_on_a_page_name_their_parts_apart(new_lab):
    lab = new_lab("two.html")
    lab.unfold_all()
    lab.page.evaluate(NEXT_FRAME)
    names = lab.page.evaluate(PARTS)
    assert len(names) > 20
    assert sorted(name for name in set(names) if names.count(name) > 1) == []
    assert any(name.endswith(", lab 2") for name in names)
