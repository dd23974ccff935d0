"""The fit of the Chinese county: it follows its targets, sees no other, and says what it knows."""

import numpy as np
import pytest

from carelab.base import CarelabError
from carelab.engine import place_parameters
from carelab.evidence import load_parameters
from carelab.evidence.registry import load_targets
from carelab.study import stored_table
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
