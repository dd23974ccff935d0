"""The fit of the Chinese county: it follows its targets, sees no other, and says what it knows."""

import numpy as np
import pandas as pd
import pytest

from carelab.base import CarelabError
from carelab.engine import place_parameters
from carelab.evidence import load_parameters
from carelab.evidence.registry import load_targets
from carelab.study import stored_table
from carelab.study.trust import calibration
from carelab.study.trust.calibration import (
    CONTEXT,
    FAR_STANDARD_ERRORS,
    FREE,
    KNOWS_NOTHING,
    Fit,
    calibrate,
    fit_targets,
    parameters_at,
    ranges_of,
)

GATE = ("gate_weight",)
FAST = {"months": 300, "evaluations": 8}


def gate_target(shift: float = 0.0):
    rows = fit_targets().query("id == 'gatekeeping_hospital_visits'").copy()
    rows[["tolerance_low", "tolerance_high"]] += shift
    return rows


def pretended(monkeypatch, figures) -> None:
    """Let the figures be a function of the parameters, without an engine."""
    monkeypatch.setattr(
        calibration, "place_at_rest", lambda context, parameters, months=0: parameters
    )
    monkeypatch.setattr(
        calibration, "scoreboard_values", lambda rows, places: figures(places[CONTEXT])
    )


def straight(parameters) -> np.ndarray:
    """Two figures that are straight lines of the gate and of the share paid."""
    gate, paid = (np.atleast_1d(parameters[name]) for name in ("gate_weight", "visit_paid_share"))
    return np.stack([10 * gate + 0 * paid, 4 * paid + 0 * gate])


def rows_of_two(low, high) -> pd.DataFrame:
    return pd.DataFrame({"id": ["a", "b"], "used_for": "fit", "tolerance_low": low,
                         "tolerance_high": high})  # fmt: skip


@pytest.mark.parametrize("position", [0.2, 0.8])
def test_residuals_are_told_in_half_widths_and_their_slopes_over_the_whole_range(
    monkeypatch, position
):
    pretended(monkeypatch, straight)
    names = ("gate_weight", "visit_paid_share")
    ends = ranges_of(names)
    rows = rows_of_two([0.0, 1.0], [4.0, 2.0])
    at = np.array([position, position])
    off, slopes = calibration._residuals(rows, names, at, 7)
    gate, paid = (ends[name][0] + position * (ends[name][1] - ends[name][0]) for name in names)
    assert off == pytest.approx([(10 * gate - 2) / 2, (4 * paid - 1.5) / 0.5])
    widths = [ends[name][1] - ends[name][0] for name in names]
    assert slopes == pytest.approx(np.diag([10 * widths[0] / 2, 4 * widths[1] / 0.5]), rel=1e-6)


def test_the_neighbours_of_a_fit_stay_within_the_range(monkeypatch):
    asked = []
    monkeypatch.setattr(
        calibration, "parameters_at", lambda names, block: asked.append(block) or {"block": block}
    )
    monkeypatch.setattr(calibration, "place_at_rest", lambda context, parameters, months: months)
    monkeypatch.setattr(calibration, "scoreboard_values", lambda rows, places: np.ones((2, 3)))
    rows = rows_of_two([0.0, 1.0], [4.0, 2.0])
    calibration._residuals(rows, ("gate_weight", "visit_paid_share"), np.array([0.0, 1.0]), 7)
    (block,) = asked
    assert block == pytest.approx(np.array([[0, 1], [1e-4, 1], [0, 1 - 1e-4]]))


def test_a_fit_of_two_straight_lines_is_where_they_meet_their_middles(monkeypatch):
    pretended(monkeypatch, straight)
    names = ("gate_weight", "visit_paid_share")
    ends = [ranges_of(names)[name] for name in names]
    middles = [
        low + part * (high - low) for (low, high), part in zip(ends, (0.3, 0.6), strict=True)
    ]
    figures = np.array([10 * middles[0], 4 * middles[1]])
    fit = calibrate(rows_of_two(figures - 1, figures + 1), names)
    assert fit.names == names
    assert fit.position == pytest.approx([0.3, 0.6], abs=1e-4)
    assert fit.residuals == pytest.approx([0, 0], abs=1e-3)


@pytest.mark.parametrize(
    ("position", "stuck"),
    [(0.0, True), (0.0009, True), (0.0011, False), (0.5, False), (0.9989, False), (0.9991, True)],
)
def test_a_number_within_a_thousandth_of_an_end_is_stuck_and_not_identified(position, stuck):
    fit = Fit(("a",), np.array([position]), np.zeros(1), np.array([[4.0]]))
    assert fit.at_bound.tolist() == [stuck]
    assert fit.identified.tolist() == [not stuck]


@pytest.mark.parametrize(("slope", "held"), [(3.5, True), (3.4, False)])
def test_a_number_is_identified_by_less_than_the_deviation_of_a_flat_draw(slope, held):
    # One over the root of twelve is 0.2887: one over 3.464.
    fit = Fit(("a",), np.array([0.5]), np.zeros(1), np.array([[slope]]))
    assert fit.identified.tolist() == [held]


def test_the_table_of_a_fit_by_hand(monkeypatch):
    names = ("gate_weight", "visits")
    whole = Fit(names, np.array([0.25, 1.0]), np.zeros(2), np.array([[8.0, 0.0], [6.0, 5.0]]))
    second = Fit(("gate_weight",), np.array([0.5]), np.zeros(1), np.array([[4.0]]))
    monkeypatch.setattr(calibration, "_fits", lambda: (whole, second))
    table = calibration.fitted_parameters_table().set_index("parameter")
    low, high = ranges_of(("gate_weight",))["gate_weight"]
    in_use = place_parameters(CONTEXT)["gate_weight"]
    gate = table.loc["gate_weight"]
    assert gate[["free", "low", "high", "in_use", "at_bound", "identified"]].tolist() == [
        "gate_weight", low, high, in_use, "no", "yes",
    ]  # fmt: skip
    assert gate["fitted_together"] == pytest.approx(low + 0.25 * (high - low))
    # Alone: one over the length of (8, 6). Together: the inverse of (100, 30; 30, 25) is
    # (25, -30; -30, 100) over 1600.
    assert gate["standard_error_alone"] == pytest.approx(0.1)
    assert gate["standard_error"] == pytest.approx((25 / 1600) ** 0.5)
    visits = table.loc["healthy_visits_year"]
    assert visits["standard_error_alone"] == pytest.approx(0.2)
    assert visits["standard_error"] == pytest.approx((100 / 1600) ** 0.5)
    assert visits[["free", "at_bound", "identified"]].tolist() == ["visits", "yes", "no"]
    # The weakest direction of both is that of the smaller eigenvalue of (100, 30; 30, 25).
    small = (125 - (75**2 + 60**2) ** 0.5) / 2
    way = np.array([30, small - 100]) / np.hypot(30, small - 100)
    assert gate["weakest"] == pytest.approx(abs(way[0]))
    assert visits["weakest"] == pytest.approx(abs(way[1]))
    # The second fit: an error of a quarter of the range.
    assert gate["fitted"] == pytest.approx((low + high) / 2)
    assert gate["fitted_standard_error"] == pytest.approx((high - low) / 4)
    assert gate["distance"] == pytest.approx((in_use - (low + high) / 2) / ((high - low) / 4))
    assert visits[["fitted", "fitted_standard_error", "distance"]].isna().all()
    assert len(table) == 5


def test_what_was_identified_is_fitted_once_more_alone(monkeypatch):
    asked = []

    def made(**given):
        asked.append(given)
        names = given.get("names", ("a", "b", "c"))
        slopes = np.diag([9.0, 1.0, 9.0][: len(names)])
        return Fit(names, np.full(len(names), 0.5), np.zeros(len(names)), slopes)

    monkeypatch.setattr(calibration, "calibrate", made)
    everything, second = calibration._fits.__wrapped__()
    assert asked == [{}, {"names": ("a", "c")}]
    assert (everything.names, second.names) == (("a", "b", "c"), ("a", "c"))


def test_every_target_is_scored_in_use_and_in_both_fits(monkeypatch):
    whole = Fit(("gate_weight",), np.array([1.0]), np.zeros(1), np.ones((1, 1)))
    second = Fit(("gate_weight",), np.array([0.0]), np.zeros(1), np.ones((1, 1)))
    monkeypatch.setattr(calibration, "_fits", lambda: (whole, second))
    monkeypatch.setattr(calibration, "place_at_rest", lambda context, parameters: parameters)

    def values(rows, places):
        given = places[CONTEXT]["gate_weight"] if places else -5.0
        assert isinstance(given, float)
        return np.full((len(rows), 1), given)

    monkeypatch.setattr(calibration, "scoreboard_values", values)
    table = calibration.fitted_targets_table()
    low, high = ranges_of(("gate_weight",))["gate_weight"]
    told = table[["in_use", "fitted", "fitted_together"]].drop_duplicates().to_numpy()
    assert told.tolist() == [[-5.0, low, high]]
    rows = load_targets().set_index("id").loc[table["id"]]
    for column, value in (("in_use", -5.0), ("fitted", low), ("fitted_together", high)):
        outside = (value < rows["tolerance_low"]) | (value > rows["tolerance_high"])
        assert (table[f"{column}_verdict"].eq("outside").to_numpy() == outside.to_numpy()).all()


@pytest.fixture(scope="module")
def gate_fit() -> Fit:
    return calibrate(gate_target(), GATE, **FAST)


@pytest.fixture(scope="module")
def stored():
    return stored_table("fitted_parameters")


def test_a_perturbed_target_moves_the_fit(gate_fit):
    weaker = calibrate(gate_target(shift=8.0), GATE, **FAST)
    assert abs(gate_fit.residuals[0]) < 1e-3
    assert abs(weaker.residuals[0]) < 1e-3
    assert weaker.position[0] < gate_fit.position[0] - 0.05


def test_a_fit_out_of_reach_stops_at_the_bound_and_says_so():
    beyond = calibrate(gate_target(shift=40.0), GATE, **FAST)
    assert beyond.at_bound.tolist() == [True]
    assert beyond.identified.tolist() == [False]
    assert beyond.residuals[0] < -1


def test_the_jacobian_is_the_slope_of_the_residuals(gate_fit):
    moved = gate_fit.position + 1e-3
    rows = gate_target()
    from carelab.study.trust.calibration import _residuals

    ahead, _ = _residuals(rows, GATE, moved, FAST["months"])
    slope = (ahead - gate_fit.residuals) / 1e-3
    assert gate_fit.jacobian[:, 0] == pytest.approx(slope, rel=0.02)


def test_no_held_out_result_can_enter_a_fit():
    for used_for in ("test", "none"):
        held_out = load_targets(used_for).head(1)
        with pytest.raises(CarelabError, match="is held out; a fit may only use 'fit' rows"):
            calibrate(held_out, GATE, **FAST)
    assert set(fit_targets()["context"]) == {CONTEXT}
    assert fit_targets()[["tolerance_low", "tolerance_high"]].notna().all().all()


def test_an_unknown_free_number_gets_one_sentence():
    with pytest.raises(CarelabError, match="'luck' is not free; free are visits"):
        ranges_of(("luck",))


def test_errors_follow_from_the_jacobian_and_what_has_no_effect_is_unknown():
    jacobian = np.array([[4.0, 0.0, 0.0], [0.0, 2.0, 0.0]])
    fit = Fit(("a", "b", "c"), np.array([0.5, 0.5, 0.5]), np.zeros(2), jacobian)
    assert fit.standard_errors[:2].tolist() == pytest.approx([0.25, 0.5])
    assert np.isinf(fit.standard_errors[2])
    assert fit.identified.tolist() == [True, False, False]
    assert fit.singular_values.tolist() == [4.0, 2.0]
    twins = Fit(("a", "b"), np.array([0.5, 0.5]), np.zeros(1), np.array([[3.0, 3.0]]))
    assert np.isinf(twins.standard_errors).all()


def test_free_parameters_are_assumed_and_stay_in_their_range():
    rows = load_parameters()
    here = rows[rows["context"].isin(["any_place", CONTEXT])].set_index("name")
    members = [member for group in FREE.values() for member in group]
    assert set(here.loc[members, "class"]) == {"assumed"}
    assert len(FREE) < len(fit_targets())
    corners = parameters_at(tuple(FREE), np.array([[0.0] * len(FREE), [1.0] * len(FREE)]))
    for name in members:
        assert corners[name].tolist() == pytest.approx([here["low"][name], here["high"][name]])


def test_the_stored_fit_says_of_every_free_parameter_whether_it_is_identified(stored):
    assert stored["parameter"].tolist() == [each for group in FREE.values() for each in group]
    told = (stored["standard_error"] < KNOWS_NOTHING) & (stored["at_bound"] == "no")
    assert (told == (stored["identified"] == "yes")).all()
    assert set(stored["identified"]) == {"yes", "no"}
    assert (stored["fitted"].notna() == (stored["identified"] == "yes")).all()
    assert (stored["standard_error"] >= stored["standard_error_alone"] * (1 - 1e-4)).all()


def test_no_value_in_use_lies_far_from_what_the_targets_identify(stored):
    held = stored[stored["identified"] == "yes"]
    assert (held["distance"].abs() < FAR_STANDARD_ERRORS).all()
    for row in stored.itertuples():
        assert place_parameters(CONTEXT)[row.parameter] == pytest.approx(row.in_use, rel=1e-4)
    gate = held.set_index("parameter").loc["gate_weight"]
    # Fitted with the engine before; the fit of today is a tenth of a standard error away.
    assert abs(gate["distance"]) < 0.25


def test_the_stored_scores_of_the_fit_name_every_target_of_the_county():
    scores = stored_table("fitted_targets").set_index("id")
    targets = load_targets().set_index("id")
    here = targets[(targets["context"] == CONTEXT) & (targets["scenario"] != "")]
    assert scores.index.tolist() == here.index.tolist()
    assert scores["used_for"].tolist() == here["used_for"].tolist()
    assert scores["in_use_verdict"].tolist() == here["verdict"].tolist()
