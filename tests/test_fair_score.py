"""Held-out results are scored fairly: a study has one vote, and no effect is no straw man."""

import numpy as np
import pytest

from carelab.evidence.registry import load_targets
from carelab.evidence.tables import read_table
from carelab.study import stored_table
from carelab.study.trust.fair_score import (
    FORECASTS,
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
