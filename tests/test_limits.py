"""Both sides of every limit: the last value that is taken, and the first that is not.

The numbers are written here by hand, so that a limit moved in the code is noticed.
"""

import json

import numpy as np
import pandas as pd
import pytest

from carelab.base import CarelabError
from carelab.base.levers import levers_of
from carelab.base.numbers import size_of_change
from carelab.base.tables import read_cells
from carelab.base.yaml_files import load_yaml
from carelab.engine import MODEL_VERSION, Scenario, simulate, yearly_outcomes
from carelab.evidence import load_quantities, load_timeline
from carelab.evidence.cases.template import case_template
from carelab.plots import plot_events, plot_runs
from carelab.study import qca
from carelab.study.compare.qca.minimise import smallest_covers
from carelab.study.many.draws import hypercube
from carelab.study.many.exchange import scenario_xmile
from carelab.study.many.experiment import load_experiment
from carelab.study.many.page_draws import page_hypercube
from carelab.study.many.scenario_database import collect_scenarios
from carelab.study.many.scenario_files import read_entries, read_scenario_file
from carelab.study.many.submissions import budget_check, verdict
from carelab.study.trust.scoreboard import scoreboard, verdict_of

UK = Scenario("uk_place", "uk_before")
NAN = float("nan")
HEAD = {"format": "carelab-scenarios", "version": 1, "model_version": MODEL_VERSION}


def refusal(call) -> str:
    """The sentence with which a call is refused; empty where it is not."""
    try:
        call()
    except CarelabError as problem:
        assert "\n" not in str(problem)
        return str(problem)
    return ""


# ------------------------------------------------------------------------------------- arguments


@pytest.mark.parametrize(
    ("call", "inside", "outside", "told"),
    [
        (lambda n: yearly_outcomes(UK, ["reach"], n), (1, 15), (0, 16, 1.0, True), "from 1 to 15"),
        (lambda n: scenario_xmile(UK, n), (1, 15), (0, 16), "from 1 to 15"),
        (lambda n: hypercube(n, 1, 0), (1, 20_000), (0, 20_001, 2.0, True), "from 1 to 20,000"),
        (lambda n: page_hypercube(n, 1), (1, 5_000), (0, 5_001, 2.0, True), "from 1 to 5,000"),
        (
            case_template,
            ("ab", "a1", "a_b", "x" * 40),
            ("a", "x" * 41, "1a", "_a", "A1", "a-b", "a b"),
            "2 to 40 lower-case letters",
        ),
    ],
)
def test_the_ends_of_a_range_are_taken_and_what_lies_beyond_is_refused(call, inside, outside, told):
    for value in inside:
        call(value)
    for value in outside:
        assert told in refusal(lambda value=value: call(value)), value


def test_a_month_count_follows_from_the_years():
    frame = simulate(UK, years=15)
    assert sorted(frame["month"].unique()) == list(range(180))


@pytest.mark.parametrize("count", [1, 2, 8, 9, 10])
def test_one_to_eight_conditions_can_be_compared_and_no_more(count):
    data = pd.DataFrame(np.eye(count + 1, count), columns=[f"C{n}" for n in range(count)])
    data["Y"] = 1.0
    said = refusal(lambda: qca.solve(qca.truth_table(data, "Y", list(data.columns[:-1]))))
    assert ("1 to 8 conditions" in said) == (count > 8), said
    said = refusal(lambda: qca.minimise([(1,) * count]))
    assert (f"{count} conditions are too many; 8 at most" in said) == (count > 8), said


def test_a_search_for_solutions_that_would_never_end_is_given_up():
    # Each of n rows has a term of its own: the only cover has all of them, and all smaller sets,
    # 2 ** n - 1 with it, are tried before.
    def rows(count):
        return [tuple(int(n == place) for n in range(count)) for place in range(count)]

    terms = rows(17)  # 131,071 sets
    assert smallest_covers(list(terms), terms) == [tuple(terms)]
    terms = rows(18)  # 262,143 sets
    assert "use fewer conditions" in refusal(lambda: smallest_covers(list(terms), terms))


def test_every_lever_takes_its_ends_and_nothing_beyond():
    for model in ("care_economy", "retention"):
        for name, lever in levers_of(model).items():
            assert lever.allows(lever.low), name
            assert lever.allows(lever.high), name
            assert lever.allows(lever.default), name
            for beyond in (lever.low - 1e-9, lever.high + 1e-9, lever.low - 1, lever.high + 1):
                assert not lever.allows(beyond), name
            between = lever.low + lever.step / 2
            assert lever.allows(between) == (lever.step < 1), name


@pytest.mark.parametrize(("count", "fits"), [(0, False), (1, True), (6, True), (7, False)])
def test_a_picture_holds_one_to_six_runs(count, fits):
    runs = {str(n): UK for n in range(count)}
    assert (f"{count} scenarios" in refusal(lambda: plot_runs(runs, "reach", years=1))) != fits


@pytest.mark.parametrize(("count", "fits"), [(0, False), (1, True), (20, True), (21, False)])
def test_a_timeline_holds_one_to_twenty_events(count, fits):
    events = load_timeline().head(count)
    assert (f"{count} events" in refusal(lambda: plot_events(events))) != fits


# ----------------------------------------------------------------------------------------- files


@pytest.mark.parametrize(("size", "fits"), [(1_000_000, True), (1_000_001, False)])
def test_a_file_of_a_readers_has_a_million_bytes_at_most(tmp_path, size, fits):
    path = tmp_path / "a.yml"
    path.write_bytes(b"a: 1" + b" " * (size - 5) + b"\n")
    assert path.stat().st_size == size
    assert ("larger than 1,000,000 bytes" in refusal(lambda: load_yaml(path))) != fits
    path = tmp_path / "a.json"
    head = json.dumps(HEAD).encode()
    path.write_bytes(head + b" " * (size - len(head)))
    assert ("larger than 1,000,000 bytes" in refusal(lambda: read_scenario_file(path))) != fits


@pytest.mark.parametrize(("size", "fits"), [(20_000_000, True), (20_000_001, False)])
def test_a_table_has_twenty_million_bytes_at_most(tmp_path, size, fits):
    path = tmp_path / "a.csv"
    path.write_bytes(b"a\n" + b"x" * 100_000 + b"\n" * (size - 100_002))
    assert path.stat().st_size == size
    assert ("larger than 20,000,000 bytes" in refusal(lambda: read_cells(path))) != fits


def entry(**parts):
    return {"text": f"carelab/{MODEL_VERSION}/uk_place/uk_before", **parts}


@pytest.mark.parametrize(("count", "cut"), [(2000, False), (2001, True)])
def test_a_list_of_a_file_is_read_up_to_two_thousand_entries(count, cut):
    found = read_entries({"answers": [{"answer": "a"}] * count}, "a.json")
    assert len(found.answers) == 2000
    assert bool(found.problems) == cut
    assert all("has 2,001 entries; only 2,000 were read" in each for each in found.problems)


@pytest.mark.parametrize(("part", "most"), [("name", 200), ("author", 200), ("note", 4000)])
def test_a_text_of_an_entry_is_kept_up_to_its_length(part, most):
    found = read_entries({"scenarios": [entry(**{part: "x" * most})]}, "a.json")
    assert len(found.scenarios) == 1
    found = read_entries({"scenarios": [entry(**{part: "x" * (most + 1)})]}, "a.json")
    assert found.scenarios == ()
    assert f"{part} has {most + 1:,} characters; allowed are {most:,}" in found.problems[0]


@pytest.mark.parametrize("part", ["question", "answer", "made_at"])
def test_an_answer_is_kept_up_to_four_thousand_signs(part):
    assert len(read_entries({"answers": [{part: "x" * 4000}]}, "a").answers) == 1
    found = read_entries({"answers": [{part: "x" * 4001}]}, "a")
    assert "4,001 characters" in found.problems[0]
    assert found.answers == ()


def test_a_collected_year_is_from_one_to_fifteen(tmp_path):
    path = tmp_path / "a.json"
    path.write_text(json.dumps({**HEAD, "scenarios": [entry()]}), encoding="utf-8")
    assert collect_scenarios(path, years=15).scenarios["year"].tolist() == list(range(1, 16))
    assert collect_scenarios(path, years=1).scenarios["year"].tolist() == [1]
    for years in (0, 16):
        assert "from 1 to 15" in refusal(lambda y=years: collect_scenarios(path, years=y))


# ----------------------------------------------------------------------------------- experiments

PLAN = {
    "title": "A trial",
    "contexts": ["uk_place"],
    "presets": ["uk_before"],
    "years": 1,
    "outcomes": ["reach"],
    "levers": {"contract_share": {"low": 0, "high": 1}},
}


def planned(folder, **changed):
    path = folder / "plan.yml"
    path.write_text(json.dumps(PLAN | changed), encoding="utf-8")
    return load_experiment(path)


def steps(count):
    return {"levers": {"contract_share": {"low": 0, "high": 1, "steps": count}}}


def many(count):
    return {"outcomes": load_quantities("care_economy")["name"].tolist()[:count]}


def sized(draws, count):
    """Scenarios: draws times steps."""
    ramp = {"low": 0, "high": 1, "steps": count}
    return {
        "draws": draws,
        "levers": {"contract_share": {"low": 0, "high": 1}, "surplus_kept_share": ramp},
    }


@pytest.mark.parametrize(
    ("inside", "outside", "told"),
    [
        ({"years": 1}, {"years": 0}, "from 1 to 15"),
        ({"years": 15}, {"years": 16}, "from 1 to 15"),
        ({"draws": 1}, {"draws": 0}, "from 1 to 20,000"),
        ({"draws": 20_000}, {"draws": 20_001}, "from 1 to 20,000"),
        ({"seed": 0}, {"seed": -1}, "from 0 to"),
        ({"seed": 2**63 - 1}, {"seed": 2**63}, "from 0 to"),
        (steps(2), steps(1), "from 2 to 201"),
        (steps(201), steps(202), "from 2 to 201"),
        (many(12), many(13), "1 to 12 names"),
        (many(1), many(0), "1 to 12 names"),
        (sized(20_000, 100), sized(20_000, 101), "allowed are 2,000,000"),
        (
            {"levers": {"contract_share": [n / 200 for n in range(201)]}},
            {"levers": {"contract_share": [n / 201 for n in range(202)]}},
            "1 to 201 values",
        ),
    ],
)
def test_an_experiment_is_read_up_to_each_limit(tmp_path, inside, outside, told):
    assert planned(tmp_path, **inside).title == "A trial"
    assert told in refusal(lambda: planned(tmp_path, **outside))


# -------------------------------------------------------------------------- verdicts at the edge


@pytest.mark.parametrize(
    ("model", "low", "high", "said"),
    [
        (1.0, 1.0, 3.0, "within"),
        (3.0, 1.0, 3.0, "within"),
        (0.99, 1.0, 3.0, "outside"),
        (3.03, 1.0, 3.0, "outside"),
        (np.nextafter(3.0, 4.0), 1.0, 3.0, "within"),  # the last digit decides nothing
        (3.000001, 1.0, 3.0, "outside"),
        (np.nextafter(1.0, 0.0), 1.0, 3.0, "within"),
        (0.999999, 1.0, 3.0, "outside"),
        (-3.0, -3.0, -1.0, "within"),
        (-3.03, -3.0, -1.0, "outside"),
        (1e9, 0.1, NAN, "within"),
        (0.0999, 0.1, NAN, "outside"),
        (-1e9, NAN, -0.1, "within"),
        (-0.0999, NAN, -0.1, "outside"),
        (NAN, 1.0, 3.0, "not addressed"),
    ],
)
def test_a_result_at_the_end_of_its_tolerance_is_within_and_beyond_it_outside(
    model, low, high, said
):
    assert verdict_of(float(model), low, high) == said


def test_a_tolerance_moved_by_one_per_cent_over_a_result_turns_its_verdict():
    from carelab.evidence.registry import load_targets

    row = load_targets().query("id == 'aqc_year_1'").reset_index(drop=True)
    model = scoreboard(row)["model"][0]
    for low, high, said in [
        (model, NAN, "within"),
        (NAN, model, "within"),
        (model + 0.01 * abs(model), NAN, "outside"),
        (NAN, model - 0.01 * abs(model), "outside"),
    ]:
        tried = row.assign(tolerance_low=low, tolerance_high=high)
        assert scoreboard(tried)["verdict"].tolist() == [said]


@pytest.mark.parametrize(
    ("before", "after", "said"),
    [
        (100, 100.99, "same"),
        (100, 101, "up_bit"),
        (100, 109.99, "up_bit"),
        (100, 110, "up_much"),
        (100, 99.01, "same"),
        (100, 99, "down_bit"),
        (100, 90.01, "down_bit"),
        (100, 90, "down_much"),
        (-100, -99, "up_bit"),
        (0, 0, "same"),
        (0, 1e-6, "up_much"),
    ],
)
def test_a_hundredth_is_a_bit_and_a_tenth_is_much(before, after, said):
    assert size_of_change(before, after) == said


@pytest.mark.parametrize(
    ("direction", "size", "before", "after", "said"),
    [
        ("up", "bit", 100, 101, "right"),
        ("up", "bit", 100, 110, "direction"),
        ("up", "much", 100, 110, "right"),
        ("up", "much", 100, 109, "direction"),
        ("down", "bit", 100, 101, "wrong"),
        ("same", "none", 100, 100.9, "right"),
        ("same", "none", 100, 101, "wrong"),
        ("up", "bit", 100, 100.9, "wrong"),
        ("up", "bit", None, 101, "open"),
        ("up", "bit", 100, None, "open"),
        (None, "bit", 100, 101, "open"),
    ],
)
def test_a_prediction_is_judged_at_the_edges(direction, size, before, after, said):
    given = {"direction": direction, "size": size, "shown_before": before, "shown_after": after}
    assert verdict(given) == said


def test_a_budget_is_held_up_to_half_a_per_cent_more_and_new_money_is_named(monkeypatch):
    from carelab.study.many import submissions

    alone = Scenario("china_county", "china_dilemma")
    other = Scenario("china_county", "china_dilemma", {"contract_share": 0.5})
    for outlay, said in [(100.0, "held"), (100.5, "held"), (100.51, "over by 0.5 %"),
                         (90.0, "held"), (112.0, "over by 12.0 %")]:  # fmt: skip
        paid = {alone: 100.0, other: outlay}
        monkeypatch.setattr(submissions, "_found", lambda each, paid=paid: (paid[each], {}))
        assert budget_check(other)["budget"] == said
    lever = next(each for each in levers_of().values() if each.new_money_above is not None)
    at, above = lever.new_money_above, lever.new_money_above + max(lever.step, 0.01)
    monkeypatch.setattr(submissions, "_found", lambda _: (100.0, {}))
    assert (
        budget_check(Scenario("china_county", "china_dilemma", {lever.name: at}))["budget"]
        == "held"
    )
    assert (
        budget_check(Scenario("china_county", "china_dilemma", {lever.name: above}))["budget"]
        == f"new money by {lever.name}"
    )


@pytest.mark.parametrize(
    ("code", "fits"),
    [
        (0, False), (9, True), (10, True), (11, False), (13, True), (31, False), (32, True),
        (0xD7FF, True), (0xD800, False), (0xDFFF, False), (0xE000, True),
    ],
)  # fmt: skip
def test_signs_that_no_text_may_hold_are_refused_and_their_neighbours_taken(code, fits):
    found = read_entries({"answers": [{"answer": f"a{chr(code)}b"}]}, "a.json")
    assert (len(found.answers) == 1) == fits
    assert bool(found.problems) != fits


@pytest.mark.parametrize(
    ("value", "fits"),
    [
        (None, True), (0, True), (-1.5, True), (9.9e299, True), (1e300, False), (-1e300, False),
        (float("nan"), False), (True, False), ("5", False), ([1], False),
    ],
)  # fmt: skip
def test_what_was_revealed_is_a_finite_number_or_nothing(value, fits):
    entry = {"direction": "up", "revealed": {"before": value, "after": 1}}
    found = read_entries({"predictions": [entry]}, "a.json")
    if fits:
        (told,) = found.predictions
        assert told["shown_before"] == value and told["shown_after"] == 1
        assert not found.problems
    else:
        assert found.predictions == ()
        assert "what was revealed before is " in found.problems[0]


@pytest.mark.parametrize(("content", "said"), [
    ({"answers": "a"}, "'answers'"), ({"answers": ["a"]}, "entry 1 of 'answers'"),
    ({"answers": [{"answer": 5}]}, "entry 1 of 'answers'"),
    ({"predictions": [{}, {"direction": "sideways"}]}, "entry 2 of 'predictions'"),
])  # fmt: skip
def test_an_entry_of_another_kind_is_told_by_its_number(content, said):
    found = read_entries(content, "a.json")
    assert len(found.problems) == 1
    assert found.problems[0].startswith("file 'a.json': ")
    assert said in found.problems[0]
