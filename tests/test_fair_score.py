"""Held-out results are scored fairly: a study has one vote, and no effect is no straw man."""

import numpy as np
import pandas as pd
import pytest

from carelab.evidence.registry import load_targets
from carelab.evidence.tables import read_table
from carelab.study import stored_table
from carelab.study.many.draws import drawn_names, hypercube, parameters_from
from carelab.study.trust import fair_score
from carelab.study.trust.fair_score import (
    FORECASTS,
    _score,
    _votes,
    asked_of,
    coverage,
    crps,
    fair_scoreboard,
    score_by_study,
    scored_rows,
)

TARGETS = load_targets()
SCORES = stored_table("fair_scores")
HELD_OUT = scored_rows(SCORES)


def test_every_addressed_result_is_scored_and_every_held_out_one_is_marked():
    assert SCORES["id"].tolist() == TARGETS.loc[TARGETS["scenario"] != "", "id"].tolist()
    tested = TARGETS.loc[TARGETS["used_for"] == "test", "id"].tolist()
    assert read_table("target_marks.csv")["id"].tolist() == tested == HELD_OUT["id"].tolist()


def test_a_study_with_many_rows_has_one_vote():
    alone = HELD_OUT.drop_duplicates("study")
    crowd = alone.loc[alone.index.repeat(np.arange(len(alone)) % 3 + 1)]
    assert fair_scoreboard(crowd).equals(fair_scoreboard(alone))
    assert len(score_by_study(HELD_OUT)) == HELD_OUT["study"].nunique() < len(HELD_OUT)


def test_the_crps_of_many_runs_is_that_of_its_definition():
    rng = np.random.default_rng(1)
    runs, seen = rng.normal(size=40), 0.3
    apart = np.abs(runs[:, None] - runs[None, :]).mean() / 2
    assert crps(runs, seen) == pytest.approx(np.abs(runs - seen).mean() - apart)


def test_a_sure_and_right_forecast_scores_nought_and_no_effect_scores_one_for_what_happened():
    happened = SCORES[(SCORES["kind"] == "direction")]
    assert (happened["score_nothing"] == 1).all()
    sure = happened[happened["sign_draws"] == 1]
    assert len(sure) > 0
    assert (sure["score_draws"] == 0).all()
    still = SCORES[SCORES["target"] == SCORES["nothing"]]
    assert len(still) > 3
    assert (still["score_nothing"] == 0).all()


def test_what_a_row_asks_follows_from_what_was_published():
    rows = TARGETS.set_index("id")
    assert asked_of(rows.loc["aqc_year_1"])["sign"] == -1
    assert asked_of(rows.loc["zhejiang_unpaid_drugs"])["sign"] == 0
    assert asked_of(rows.loc["shenzhen_gatekeeper"])["sign"] == 1
    assert asked_of(rows.loc["guizhou_shift"]) | {"kind": "direction", "sign": -1} == asked_of(
        rows.loc["guizhou_shift"]
    )
    assert asked_of(rows.loc["guizhou_gate_skimping"])["kind"] == "no change"
    assert asked_of(rows.loc["gatekeeping_primary_spending"])["sign"] == 1


def test_contracts_of_other_countries_in_a_chinese_county_are_marked():
    contexts = HELD_OUT.merge(TARGETS[["id", "context", "source"]], on="id")
    foreign = contexts[contexts["source"].str.contains("aqc|aco|kinzigtal")]
    assert len(foreign) == 7
    assert set(foreign["context"]) == {"china_county"}
    assert set(foreign["carried_from"]) == {"United States", "Germany"}
    assert contexts.loc[contexts["carried_from"] != "", "id"].tolist() == foreign["id"].tolist()


def test_coverage_counts_the_sizes_in_the_band():
    told = coverage(SCORES).set_index("used_for")
    sizes = SCORES[SCORES["kind"] != "direction"]
    assert told["of"].sum() == len(sizes)
    inside = (sizes["low"] <= sizes["target"]) & (sizes["target"] <= sizes["high"])
    assert told["covered"].sum() == inside.sum()


def test_the_four_forecasts_stand_side_by_side():
    table = fair_scoreboard(HELD_OUT)
    assert table["forecast"].tolist() == list(FORECASTS.values())
    assert table["of_signs"].nunique() == table["of_sizes"].nunique() == 1
    assert table.loc[3, "skill_nothing"] == table.loc[2, "skill_draws"] == 0


NONE = float("nan")


def row(low=NONE, high=NONE, tolerance=(NONE, NONE), measure="difference", rule="half"):
    return {
        "published_low": low, "published_high": high, "tolerance_low": tolerance[0],
        "tolerance_high": tolerance[1], "measure": measure, "rule": rule,
    }  # fmt: skip


@pytest.mark.parametrize(
    ("published", "kind", "target", "sign", "scale", "nothing"),
    [
        # A size: its middle, on the scale of the effect or of half the tolerance if more.
        (row(2, 4, (0, 5)), "size", 3, 1, 3, 0),
        (row(2, 4, (-4, 8)), "size", 3, 1, 6, 0),
        (row(-4, -2, (-6, -1)), "size", -3, -1, 3, 0),
        (row(2, 4, (0, NONE)), "size", 3, 1, 3, 0),
        (row(2, 4, (NONE, 9)), "size", 3, 1, 3, 0),
        # An interval that holds nothing, or ends there, gives no sign.
        (row(-1, 4, (-9, 9)), "size", 1.5, 0, 9, 0),
        (row(0, 4, (0, 4)), "size", 2, 0, 2, 0),
        # Of a ratio, one is nothing.
        (row(1.2, 1.4, (1, 1.5), "ratio"), "size", 1.3, 1, 0.3, 1),
        (row(0.5, 0.7, (0.4, 0.8), "ratio"), "size", 0.6, -1, 0.4, 1),
        (row(0.9, 1.4, (0.9, 1.4), "ratio"), "size", 1.15, 0, 0.25, 1),
        # No size, but a tolerance with two ends.
        (row(tolerance=(-5, 7)), "no change", 1, 0, 6, 0),
        # One end: a direction, unless no effect at all would meet it.
        (row(tolerance=(0.1, NONE)), "direction", 0, 1, 1, 0),
        (row(tolerance=(NONE, -0.1)), "direction", 0, -1, 1, 0),
        (row(tolerance=(1.1, NONE), measure="ratio"), "direction", 1, 1, 1, 1),
        (row(tolerance=(NONE, 0.9), measure="ratio"), "direction", 1, -1, 1, 1),
        (row(tolerance=(-0.3, NONE)), "no change", 0, 0, 0.3, 0),
        (row(tolerance=(NONE, 0.3)), "no change", 0, 0, 0.3, 0),
        (row(tolerance=(NONE, 1.3), measure="ratio"), "no change", 1, 0, 0.3, 1),
        (row(tolerance=(0.0, NONE)), "direction", 0, 1, 1, 0),
    ],
)
def test_a_published_result_is_asked_for_its_size_its_direction_or_no_change(
    published, kind, target, sign, scale, nothing
):
    asked = asked_of(published)
    assert (asked["kind"], asked["sign"], asked["nothing"]) == (kind, sign, nothing)
    assert (asked["target"], asked["scale"]) == pytest.approx((target, scale))


def test_a_direction_is_scored_by_brier_and_a_size_by_its_distance_on_its_scale():
    rises = {"kind": "direction", "sign": 1, "nothing": 0.0}
    falls = rises | {"sign": -1, "nothing": 1.0}
    # By hand: (1 - part of the runs with the sign)^2 over a quarter; no effect counts half.
    assert _score(rises, np.array([1.0, 2.0, 3.0, -1.0])) == pytest.approx(0.25)
    assert _score(rises, np.array([1.0, 2.0, 0.0, 0.0])) == pytest.approx(0.25)
    assert _score(rises, np.array([0.0])) == 1.0
    assert _score(rises, np.array([-1.0])) == 4.0
    assert _score(falls, np.array([0.5, 0.9, 1.1, 1.2])) == 1.0
    assert _score({"kind": "size", "target": 5.0, "scale": 2.0}, np.array([2.0])) == 1.5
    assert _score({"kind": "no change", "target": 5.0, "scale": 4.0}, np.array([4.0, 6.0])) == 0.125


def test_the_crps_of_three_runs_by_hand():
    # Mean distance (1 + 0 + 4) / 3, less half the mean distance between two: (1 + 4 + 5) / 9.
    assert crps(np.array([6.0, 1.0, 2.0]), 2.0) == pytest.approx(5 / 3 - 10 / 9)


def test_each_forecast_votes_on_sign_size_and_score():
    published = row(2, 4, (2, 4), rule="interval")
    runs = np.array([-1.0, 1.0, 2.0, 3.0, 4.0])
    forecasts = {"model": np.array([2.0]), "range": runs, "draws": runs, "nothing": np.array([0.0])}
    votes = _votes(published, asked_of(published), forecasts)
    assert [votes[f"sign_{name}"] for name in FORECASTS] == [1.0, 1.0, 0.8, 0.0]
    assert [votes[f"size_{name}"] for name in FORECASTS] == [1.0, 1.0, 0.6, 0.0]
    # The target is 3, its scale 3: distances over 3, of draws each by itself and then the mean.
    assert votes["score_model"] == pytest.approx(1 / 3)
    assert votes["score_nothing"] == pytest.approx(1)
    assert votes["score_draws"] == pytest.approx((4 + 2 + 1 + 0 + 1) / 15)
    # Ten pairs lie 2 3 4 5, 1 2 3, 1 2 and 1 apart: 24 of 25 pairs, each way once, and half.
    assert votes["score_range"] == pytest.approx((8 / 5 - 24 / 25) / 3)


def test_a_range_gives_a_sign_by_more_than_half_of_its_runs_and_a_size_by_its_median():
    published = row(2, 4, (2, 4), rule="interval")
    for runs, sign, size in (
        ([-1.0, 3.0], 0.0, 0.0), ([-1.0, 3.0, 3.0], 1.0, 1.0), ([4.0, 4.0], 1.0, 1.0),
        ([2.0, 2.0, 9.0], 1.0, 1.0), ([1.9, 9.0, 1.8], 1.0, 0.0), ([4.1, 3.0, 9.0], 1.0, 0.0),
    ):  # fmt: skip
        given = {name: np.array(runs) for name in FORECASTS}
        votes = _votes(published, asked_of(published), given)
        assert (votes["sign_range"], votes["size_range"]) == (sign, size), runs


@pytest.mark.parametrize("rule", ["flat", "half", "rise", "none"])
def test_what_a_result_does_not_give_is_not_voted_on(rule):
    published = row(-1, 4, (-9, 9), rule=rule)
    votes = _votes(published, asked_of(published), {name: np.array([1.0]) for name in FORECASTS})
    assert all(np.isnan(votes[f"{part}_{name}"]) for part in ("sign", "size") for name in FORECASTS)


def test_votes_of_two_studies_are_summed_by_hand():
    rows = pd.DataFrame({"study": ["a", "a", "b"]})
    for name in FORECASTS:
        rows[f"sign_{name}"] = [1.0, 0.0, np.nan]
        rows[f"size_{name}"] = [np.nan, np.nan, 1.0]
    for name, scores in {"model": [1, 3, 1], "range": [0, 0, 1.5], "draws": [2, 2, 4],
                         "nothing": [1, 1, 5]}.items():  # fmt: skip
        rows[f"score_{name}"] = scores
    table = fair_scoreboard(rows).set_index("forecast")
    assert (table["signs"] == 0.5).all() and (table["of_signs"] == 1).all()
    assert (table["sizes"] == 1.0).all() and (table["of_sizes"] == 1).all()
    assert table["score"].tolist() == [1.5, 0.75, 3.0, 3.0]
    assert table["skill_nothing"].tolist() == [0.5, 0.75, 0.0, 0.0]
    assert table["skill_draws"].tolist() == [0.5, 0.75, 0.0, 0.0]


def test_each_result_is_set_beside_its_range_and_chance_is_drawn_anew(monkeypatch):
    asked = []
    ids = ["aqc_year_1", "shenzhen_gatekeeper", "guizhou_gate_skimping"]
    targets = pd.concat([TARGETS[TARGETS["id"].isin(ids)], TARGETS[TARGETS["scenario"] == ""]])

    def values(rows, places=None):
        assert rows["id"].tolist() == targets.loc[targets["scenario"] != "", "id"].tolist()
        kind = {value[0] for value in (places or {}).values()}
        runs = {"ranges": np.linspace(-50, 50, 101), "chance": np.array([-2.0, 2.0])}
        return np.tile(runs[kind.pop()] if kind else np.array([1.0]), (len(rows), 1))

    monkeypatch.setattr(fair_score, "load_targets", lambda: targets)
    monkeypatch.setattr(fair_score, "scoreboard_values", values)
    monkeypatch.setattr(
        fair_score, "drawn_place", lambda *given: (asked.append(given), ("ranges", given))[1]
    )
    monkeypatch.setattr(
        fair_score, "_by_chance", lambda *given: (asked.append(given), ("chance", given))[1]
    )
    table = fair_score.fair_scores_table(runs=7, seed=3)
    places = ("china_county", "hangzhou_district", "uk_place")
    # Chance has a seed of its own, or it would draw the numbers of the range again.
    assert asked == [(each, 7, seed) for seed in (3, 4) for each in places]
    for told, (_, target) in zip(
        table.to_dict("records"), targets[targets["scenario"] != ""].iterrows(), strict=True
    ):
        asks = asked_of(target)
        assert (told["low"], told["median"], told["high"]) == pytest.approx((-45, 0, 45))
        assert (told["id"], told["study"], told["unit"]) == (
            target["id"], target["source"], target["unit"]
        )  # fmt: skip
        assert told["used_for"] == target["used_for"]
        assert told["interval"] == ("yes" if target["rule"] == "interval" else "no")
        assert (told["kind"], told["nothing"]) == (asks["kind"], asks["nothing"])
        if asks["kind"] == "direction":
            assert told["covered"] == "" and np.isnan(told["target"] + 0 * told["discrepancy"])
        else:
            assert told["target"] == asks["target"]
            assert told["discrepancy"] == pytest.approx(asks["target"])
            assert told["covered"] == ("yes" if abs(asks["target"]) <= 45 else "no")
        assert told["sign_draws"] == 0.5 or asks["sign"] == 0


def test_places_of_chance_draw_every_parameter_by_itself(monkeypatch):
    monkeypatch.setattr(fair_score, "place_at_rest", lambda *given: given)
    context, drawn = fair_score._by_chance("china_county", 30, 5)
    names = drawn_names("china_county")
    free = parameters_from("china_county", hypercube(30, len(names), 5))
    assert context == "china_county"
    assert all(np.array_equal(drawn[name], free[name]) for name in names["name"])
