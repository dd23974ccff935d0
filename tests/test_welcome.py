"""The welcome page: what its lab rests on, and that its bars and counts are those of the data."""

import re
import subprocess
from collections import Counter

from carelab.base import load_words
from carelab.base.firmness import FIRMNESS
from carelab.evidence import load_claims, load_indicators, load_parameters
from carelab.evidence.registry import load_targets
from carelab.evidence.tables import read_table
from carelab.lab import welcome_lab
from carelab.lab.labels import ACCOUNTS
from carelab.sphinx_ext.welcome import behind_numbers_html, held_out, path_html
from carelab.study import scoreboard
from carelab.study.trust.fair_score import FORECASTS, fair_scoreboard, scored_rows


def test_what_the_welcome_page_says_first_holds_in_nine_of_ten_places_at_every_setting():
    for used, firm in zip(welcome_lab.results()[1:], welcome_lab.firmness()[1:], strict=True):
        first = welcome_lab.results()[0]
        assert used["reach"] > first["reach"]
        assert used["outside"] < first["outside"]
        assert {firm[name] for name in ("reach", "outside", "patients", "insurer")} == {"firm"}


def test_each_step_of_the_rule_reaches_more_people():
    reach = [each["reach"] for each in welcome_lab.results()]
    assert reach == sorted(reach)


def test_the_lowest_setting_has_no_direction():
    assert welcome_lab.firmness()[0] == {}
    assert all(
        set(each) == {*ACCOUNTS, "reach", "health"} and set(each.values()) <= set(FIRMNESS)
        for each in welcome_lab.firmness()[1:]
    )


def test_a_sign_that_half_of_the_places_deny_is_open():
    import numpy as np

    used, first = welcome_lab.results()[-1]["hospital"], welcome_lab.results()[0]["hospital"]
    change = np.full(welcome_lab.PAGE_DRAWS, used - first)
    change[::2] *= -1
    word = welcome_lab._firm(
        "hospital", {"hospital": used}, {"hospital": change}, {"hospital": np.zeros(1)}
    )
    assert word == "open"


def test_without_javascript_the_page_shows_people_and_every_actor():
    page = welcome_lab.welcome_html()
    opening = welcome_lab.settings().index(welcome_lab.OPENING.levers[welcome_lab.LEVER])
    reached = round(100 * welcome_lab.results()[opening]["reach"])
    before = round(100 * welcome_lab.results()[0]["reach"])
    fallback = page.partition("<script")[0]
    assert fallback.count("carelab-stayed") == before
    assert fallback.count("carelab-came") == reached - before
    assert fallback.count("<circle") == 100
    for actor in ACCOUNTS:
        assert load_words("en")[f"actor.{actor}"] in fallback


def test_the_bars_are_as_wide_as_the_classes_are_many():
    page = behind_numbers_html()
    statements, values = (
        Counter(re.findall(r'class="carelab-part-(\w+)" style="flex-grow:(\d+)"', bar))
        for bar in page.split("carelab-shares-title")[1:]
    )
    for shown, data in (
        (statements, [*load_claims()["class"], *load_indicators()["class"]]),
        (values, load_parameters()["class"]),
    ):
        assert dict(shown) == {(name, str(count)): 1 for name, count in Counter(data).items()}


def test_held_out_results_met_and_missed_are_all_that_the_model_was_tested_on():
    targets = load_targets()
    tested = targets[targets["used_for"] == "test"]
    found = held_out()
    assert found["met"] + found["missed"] == len(tested)
    model = scoreboard(tested).query("verdict == 'within'")
    assert found["met"] == len(model)


def test_of_size_nothing_happens_is_the_better_forecast_as_the_page_says():
    scores = fair_scoreboard(scored_rows(read_table("fair_scores.csv"))).set_index("forecast")
    assert scores.loc[FORECASTS["range"], "skill_nothing"] < 0
    assert round(scores.loc[FORECASTS["range"], "signs"]) == held_out()["signs"]


def test_the_path_tells_minutes_and_number_of_each_chapter():
    from types import SimpleNamespace

    env = SimpleNamespace(
        carelab_pages={"a": (25, 0), "b": (40, 1)},
        toc_secnumbers={"b": {"": (5, 1)}},
        titles={
            "a": SimpleNamespace(astext=lambda: "Pay: and be paid"),
            "b": SimpleNamespace(astext=lambda: "A & B"),
        },
    )
    page = path_html([("Who?", ["a", "b"])], env, lambda name: f"{name}.html")
    assert '<a href="a.html"><span>Pay<small>25 min</small>' in page
    assert '<b aria-hidden="true">5.1</b><span>A &amp; B<small>40 min, lab</small>' in page


def test_the_sentence_of_the_welcome_page_is_true_to_its_numbers(node, root):
    done = subprocess.run(
        [node, "--test", str(root / "tests/js/welcome.test.mjs")],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout
