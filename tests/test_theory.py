"""Closed forms against brute force, and the published properties of the models."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from carelab.evidence import load_parameters
from carelab.theory import MODELS, first_best_quantity, mixed_payment_quantity
from carelab.theory.mixed_payment import (
    overtreating_pull_share,
    treatment_threshold_felt_share,
)
from carelab.theory.retention import case_margin, felt_share, retention_gain

share = st.floats(0.0, 1.0)
positive = st.floats(0.1, 20.0)
PLACE = {row["name"]: row["value"] for _, row in load_parameters("teaching_county").iterrows()}
LEVERS = MODELS["retention"].levers


@given(share, positive, positive, st.floats(0.1, 5.0), st.floats(0.05, 1.0))
def test_the_doctor_of_the_closed_form_could_not_do_better(refunded, slope, curve, cost, altruism):
    def utility(quantity):
        profit = (refunded - 1) * cost * quantity
        return profit + altruism * (slope * quantity - curve * quantity**2 / 2)

    best = mixed_payment_quantity(refunded, slope, curve, cost, altruism)
    grid = np.linspace(0, max(2 * best, 1.0), 2001)
    assert utility(best) >= utility(grid).max() - 1e-9 * max(1.0, abs(utility(best)))


@given(positive, positive, st.floats(0.1, 5.0), st.floats(0.05, 1.0))
def test_refunding_one_minus_altruism_is_efficient_and_full_refund_overprovides(
    slope, curve, cost, altruism
):
    first_best = first_best_quantity(slope, curve, cost)
    assert mixed_payment_quantity(1 - altruism, slope, curve, cost, altruism) == pytest.approx(
        first_best, rel=1e-9, abs=1e-9
    )
    if slope > cost:
        excess = mixed_payment_quantity(1.0, slope, curve, cost, altruism) - first_best
        assert excess == pytest.approx(cost / curve)


def test_a_doctor_who_loses_by_every_service_does_none_rather_than_less_than_none():
    assert mixed_payment_quantity(0.0, 1.0, 1.0, 10.0, 0.1) == 0.0


@given(st.floats(0.1, 0.9), st.floats(0.3, 1.0), st.floats(0.0, 0.6))
def test_at_the_treatment_threshold_the_pull_is_nil(variable, fund, altruism):
    threshold = treatment_threshold_felt_share(variable, fund, altruism)
    pull = overtreating_pull_share(threshold, variable, fund, altruism)
    assert pull == pytest.approx(0, abs=1e-12)


@given(share, share, share, share)
def test_a_prevented_episode_is_worth_nothing_just_at_the_prevention_threshold(
    contract, surplus, part, leakage
):
    flows = MODELS["retention"].run(
        **dict(zip(LEVERS, (contract, surplus, part, leakage), strict=True)), **PLACE
    )
    gap = flows["felt_share"] - flows["prevention_threshold"]
    gain = flows["prevented_episode_gain"]
    assert gain == pytest.approx(gap * flows["saved_liability"], rel=1e-9, abs=1e-6)


@given(st.floats(0.01, 1.0), share)
def test_the_contract_favours_keeping_patients_only_above_the_charge_threshold_whatever_is_felt(
    felt, charge
):
    margin, county, outside = 3000.0, 5500.0, 12000.0
    effect = retention_gain(margin, felt, charge, outside, county) - margin
    assert np.sign(effect) == np.sign(charge * outside - county)


def test_no_contract_means_fee_for_service_whatever_the_other_levers_say():
    gains = {
        MODELS["retention"].run(
            contract_share=0.0,
            surplus_kept_share=surplus,
            hospital_part_share=part,
            leakage_charged_share=charge,
            **PLACE,
        )["retention_gain"]
        for surplus in (0.0, 1.0)
        for part in (0.0, 0.6)
        for charge in (0.0, 1.0)
    }
    assert gains == {case_margin(PLACE["case_price"], PLACE["variable_cost_share"])}


def test_a_change_of_currency_scales_money_and_leaves_shares_alone():
    levers = dict.fromkeys(LEVERS, 0.7)
    before = MODELS["retention"].run(**levers, **PLACE)
    after = MODELS["retention"].run(**levers, **{**PLACE, "case_price": PLACE["case_price"] / 7})
    for name, value in before.items():
        money = name.endswith(("_gain", "_margin", "_liability", "_retention"))
        assert after[name] == pytest.approx(value / 7 if money else value)


def test_thresholds_read_on_a_lever_are_where_the_gain_crosses_nil():
    levers = dict(zip(LEVERS, (0.9, 1.0, 0.6, 1.0), strict=True))
    flows = MODELS["retention"].run(**levers, **PLACE)
    for lever in LEVERS[:3]:
        at = flows[f"prevention_threshold_on_{lever}"]
        moved = MODELS["retention"].run(**{**levers, lever: at}, **PLACE)
        assert moved["prevented_episode_gain"] == pytest.approx(0, abs=1e-6)
        at = flows[f"treatment_threshold_on_{lever}"]
        moved = MODELS["retention"].run(**{**levers, lever: at}, **PLACE)
        assert moved["extra_treatment_gain"] == pytest.approx(0, abs=1e-6)


def test_corners_of_every_lever_and_range_of_every_parameter_give_finite_numbers():
    rows = load_parameters("teaching_county")
    corners = np.array(np.meshgrid(*[[0.0, 1.0]] * 4)).reshape(4, -1)
    for _, row in rows.iterrows():
        for value in (row["low"], row["high"]):
            flows = MODELS["retention"].run(
                **dict(zip(LEVERS, corners, strict=True)), **{**PLACE, row["name"]: value}
            )
            assert all(np.isfinite(flow).all() for flow in flows.values())


def test_the_felt_share_is_a_share():
    assert felt_share(1.0, 1.0, 1.0) == 1.0
    assert felt_share(0.0, 1.0, 1.0) == 0.0


def test_every_model_is_described_in_the_data_and_every_description_belongs_to_a_model():
    from carelab.evidence import load_levers, load_quantities

    for name, model in MODELS.items():
        assert set(load_levers(name)["name"]) == set(model.levers)
        assert set(load_quantities(name)["name"]) == set(model.trace().flow_names)
    models = {*MODELS, "care_economy"}  # the engine has a test of its own
    assert set(load_levers()["model"]) == set(load_quantities()["model"]) == models
    known = {parameter for model in MODELS.values() for parameter in model.parameters}
    assert set(load_parameters("teaching_county")["name"]) == known
