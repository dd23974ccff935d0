"""The role game on a page of its own: private turns, true pay-offs, a reveal, all by keyboard."""

import csv
import io
import re
from pathlib import Path
from urllib.parse import unquote

import pytest
from lab_fixtures import NEXT_FRAME

from carelab.engine import Scenario, yearly_outcomes
from carelab.evidence.registry import load_roles
from carelab.lab import CareLab, page_part, page_script, page_words, styles

ROLES = ("insurer", "hospital", "primary", "patients", "government")
YEARS = 10
BEFORE = Scenario("china_county", "china_dilemma")


@pytest.fixture
def roles_page(visit, tmp_path):
    def open_page(
        width: int = 1000,
        context: str = "china_county",
        preset: str = "anhui",
        analyst: str = "",
    ):
        script = page_script()
        if analyst:
            assert "analyst: startAnalyst(loadPlaces)" in script
            stand_in = f"analyst: {{share: () => ({analyst})}}"
            script = script.replace("analyst: startAnalyst(loadPlaces)", stand_in)
        lab = CareLab(question="Who decides?", scenario=Scenario(context, preset), roles=True)
        html = lab._repr_mimebundle_()[0]["text/html"]
        page = tmp_path / "roles.html"
        page.write_text(
            '<!doctype html><html lang="en"><meta charset="utf-8"><title>Roles</title>'
            '<meta name="viewport" content="width=device-width">'
            f"<style>{styles()}</style><body>{html}<script>{page_words()}</script>"
            f"<script>{page_part('roles')}</script><script>{page_part('places')}</script>"
            f"<script>{script}</script>",
            encoding="utf-8",
        )
        seen = visit()
        seen.page.set_viewport_size({"width": width, "height": 800})
        seen.page.goto(page.as_uri())
        seen.page.locator(".carelab-panel").wait_for()
        return seen

    return open_page


def focused(page) -> str:
    return page.evaluate("document.activeElement.textContent")


def press(page, action: str) -> None:
    """Press a button of the game as a keyboard does."""
    button = page.locator(f"[data-action={action}]")
    if action == "roles":
        page.locator(".carelab-menu").evaluate("(menu) => { menu.open = true; }")
    button.focus()
    page.keyboard.press("Enter")


def begin(page, rounds: int, present: bool = False) -> None:
    press(page, "roles")
    page.locator(f"input[type=radio][value='{rounds}']").check()
    if present:
        page.locator("input[type=radio][value=present]").check()
    press(page, "start")


def take_turn(page, moves: dict[str, str]) -> None:
    press(page, "ready")
    for lever, typed in moves.items():
        field = page.locator(f".carelab-roles [data-lever={lever}] .carelab-typed")
        field.fill(typed)
        field.press("Enter")
    press(page, "confirm")


def payoffs(scenario: Scenario) -> dict[str, float]:
    names = [f"payoff_{role}" for role in ROLES]
    means = yearly_outcomes(scenario, names, YEARS).mean()
    return {role: 12 * float(means[f"payoff_{role}"]) for role in ROLES}


def file_of(page, action) -> list[list[str]]:
    with page.expect_download() as download:
        action()
    text = Path(download.value.path()).read_text(encoding="utf-8-sig")
    return list(csv.reader(io.StringIO(text)))


def test_each_role_sees_its_own_levers_and_nothing_of_the_others(roles_page):
    seen = roles_page()
    page = seen.page
    begin(page, rounds=1)
    held = load_roles("china_county")
    for role in ROLES:
        assert "Pass the device to" in focused(page)
        assert page.locator(".carelab-panel input:visible").count() == 0
        press(page, "ready")
        names = [
            node.get_attribute("data-lever")
            for node in page.locator(".carelab-lever:visible").all()
        ]
        own = held[held["role"] == role]["lever"].tolist()
        assert names == own[:6]
        assert not page.locator(".carelab-view [role=status].carelab-summary").is_visible()
        about = page.locator(".carelab-roles .carelab-about").first
        about.locator("summary").click()
        note = held[held["lever"] == own[0]]["note"].iloc[0]
        about.get_by_text(note).wait_for()
        press(page, "confirm")
    assert focused(page) == "What came of it"
    assert page.locator(".carelab-levers:visible").count() == 1
    assert seen.problems == []


def test_the_pay_offs_shown_are_those_of_python_and_the_lab_stands_at_the_last_round(roles_page):
    seen = roles_page()
    page = seen.page
    begin(page, rounds=2)
    opening = {"contract_share": "80", "surplus_kept_share": "60"}
    moves = [opening, {"workload_credit_share": "50"}, {}, {}, {}]
    later = [{}, {}, {"gatekeeping_share": "60"}, {}, {"governance_share": "40"}]
    for each in (*moves, *later):
        take_turn(page, each)
    first = {"contract_share": 0.8, "surplus_kept_share": 0.6, "workload_credit_share": 0.5}
    last = {**first, "gatekeeping_share": 0.6, "governance_share": 0.4}
    base = payoffs(BEFORE)
    rows = file_of(page, lambda: press(page, "file"))
    shown = {(when, role): float(value) for what, when, role, _, value in rows if "gain" in what}
    for when, levers in (("start", {}), ("round_1", first), ("round_2", last)):
        found = payoffs(Scenario("china_county", "china_dilemma", levers))
        for role in ROLES:
            assert shown[when, role] == pytest.approx(found[role] - base[role], abs=1e-6), when
    assert abs(shown["round_2", "patients"]) > 1
    page.get_by_text("Table and files").first.click()
    gain = f"{shown['round_1', 'hospital']:+.1f}".replace("-", "\N{MINUS SIGN}")
    row = page.locator(".carelab-roles .carelab-picture tbody tr").nth(1)
    assert gain in row.inner_text()
    page.locator(".carelab-more-levers > summary").press("Enter")
    page.locator(".carelab-drawer input[type=search]").fill("act as one")
    governance = page.locator(".carelab-drawer input[name=governance_share]:visible")
    assert governance.input_value() == "0.4"
    assert seen.problems == []


def test_a_turn_shows_what_follows_if_the_others_stay_as_they_were(roles_page):
    page = roles_page().page
    begin(page, rounds=1)
    take_turn(page, {"contract_share": "100"})
    press(page, "ready")
    field = page.locator(".carelab-roles [data-lever=staffing_share] .carelab-typed")
    field.fill("100")
    field.press("Enter")
    base = payoffs(BEFORE)["hospital"]
    alone = Scenario("china_county", "china_dilemma", {"staffing_share": 1.0})
    gain = f"{payoffs(alone)['hospital'] - base:+.1f}".replace("-", "\N{MINUS SIGN}")
    status = page.locator(".carelab-roles-now")
    page.wait_for_function(
        "([node, gain]) => node.innerText.includes(gain)", arg=[status.element_handle(), gain]
    )
    assert status.inner_text().count(gain) == 2


def test_a_game_that_is_left_goes_on_behind_the_screen_that_hides_it(roles_page):
    page = roles_page().page
    before = page.locator("input[type=range][name=contract_share]").input_value()
    begin(page, rounds=1)
    take_turn(page, {"contract_share": "35"})
    press(page, "ready")
    page.get_by_role("button", name="Leave the game").click()
    assert focused(page) == "Play roles"
    slider = page.locator("input[type=range][name=contract_share]:visible")
    assert slider.input_value() == before
    press(page, "roles")
    assert focused(page) == "Pass the device to: Lead hospital"
    assert page.locator(".carelab-lever:visible").count() == 0


def test_the_game_can_start_from_the_levers_of_the_lab_and_names_roles_by_place(roles_page):
    page = roles_page(390, "uk_place", "uk_integrated").page
    begin(page, rounds=1, present=True)
    assert focused(page) == "Pass the device to: Purchaser"
    for _ in ROLES:
        take_turn(page, {})
    assert "Moved nothing" in page.locator(".carelab-roles").inner_text()
    rows = file_of(page, lambda: press(page, "file"))
    pooled = [row[4] for row in rows if row[3] == "pooled_share"]
    assert {float(value) for value in pooled} == {
        Scenario("uk_place", "uk_integrated").levers["pooled_share"]
    }
    wide = page.evaluate("document.documentElement.scrollWidth")
    assert wide <= 390
    assert re.search(r"To discuss: .+\?", page.locator(".carelab-ask:visible").last.inner_text())


def test_the_reveal_tells_best_responses_and_what_all_together_could_reach(roles_page):
    seen = roles_page()
    page = seen.page
    begin(page, rounds=1)
    for each in ({"contract_share": "60"}, {"staffing_share": "50"}, {}, {}, {}):
        take_turn(page, each)
    page.get_by_role("heading", name="Each role's best response").wait_for()
    regrets = page.locator(".carelab-roles-text-last tbody tr")
    assert regrets.count() == len(ROLES)
    played = Scenario(
        "china_county", "china_dilemma", {"contract_share": 0.6, "staffing_share": 0.5}
    )
    best = Scenario("china_county", "china_dilemma", {"contract_share": 0.6, "staffing_share": 0.0})
    hospital = regrets.nth(1).locator("td").all_inner_texts()
    left = float(hospital[2].replace("\N{MINUS SIGN}", "-"))
    assert left >= payoffs(best)["hospital"] - payoffs(played)["hospital"] - 0.06 > 1
    assert "Primary staffing: 0" in hospital[3]
    rows = file_of(page, lambda: press(page, "file"))
    together = {row[2]: float(row[4]) for row in rows if row[1] == "together"}
    page.evaluate(
        "Object.defineProperty(navigator, 'clipboard',"
        " {value: {writeText: async (text) => { window.copied = text; }}})"
    )
    press(page, "take_together")
    page.evaluate(NEXT_FRAME)
    press(page, "link")
    text = unquote(page.evaluate("window.copied").partition("#lab=")[2])
    found, base = payoffs(Scenario.from_text(text)), payoffs(BEFORE)
    for role in ROLES:
        assert together[role] == pytest.approx(found[role] - base[role], abs=1e-6)
    assert sum(together.values()) > sum(payoffs(played).values()) - sum(base.values())
    assert seen.problems == []


def test_without_an_analysis_the_reveal_says_what_is_missing(roles_page):
    seen = roles_page(analyst="null")
    begin(seen.page, rounds=1)
    for _ in ROLES:
        take_turn(seen.page, {})
    progress = seen.page.locator(".carelab-roles-progress")
    assert "are missing here" in progress.inner_text()
    assert seen.page.get_by_text("To discuss:").is_visible()
    assert seen.problems == []


def test_a_search_that_fails_leaves_what_was_played(roles_page):
    failing = """{respond: async () => { throw new Error("the search broke"); }, cancel() {},
      fan: async () => null, explain: async () => null, share() { return this; }}"""
    seen = roles_page(analyst=failing)
    begin(seen.page, rounds=1)
    for _ in ROLES:
        take_turn(seen.page, {})
    seen.page.get_by_text("the search broke").wait_for()
    assert seen.page.locator(".carelab-roles .carelab-picture").is_visible()
    assert seen.problems == []


def test_the_game_goes_on_in_the_classroom(roles_page):
    seen = roles_page()
    begin(seen.page, rounds=1)
    seen.page.locator(".carelab-menu").evaluate("(menu) => { menu.open = true; }")
    seen.page.get_by_role("button", name="Classroom", exact=False).click()
    take_turn(seen.page, {"contract_share": "35"})
    assert seen.page.locator("dialog[open] .carelab-handover").is_visible()
    assert seen.problems == []


def test_a_missing_file_of_the_game_is_named_and_a_later_press_tries_again(
    lab_folder, lab_site, visit
):
    seen = visit()
    page = seen.page
    page.route("**/carelab-roles.js*", lambda route: route.abort())
    page.goto(f"{lab_site}/lab.html")
    press(page, "roles")
    missing = page.get_by_text("The role game did not load: the file carelab-roles.js is missing")
    missing.wait_for()
    assert page.locator(".carelab-chart").first.is_visible()
    page.unroute("**/carelab-roles.js*")
    press(page, "roles")
    page.locator("[data-action=start]").wait_for()
    assert not missing.is_visible()
