"""Beds and community teams follow volume and money, slowly; a hospital deep in debt closes beds."""

from typing import Any

from carelab.tracing import maximum, minimum


def capacity(inputs: Any, flows: Any) -> None:
    """Let community and hospital capacity follow money and volume.

    Parameters
    ----------
    inputs : namespace
        Capacities (1 = before the reform), the balance of the hospital, months of adjustment.
    flows : namespace
        Receives the loads of this month, at former prices, how far the hospital is solvent, and
        the next capacities.
    """
    money = flows.top_slice + flows.fund_to_community
    flows.community_target = (
        1
        + inputs.staffing_capacity * flows.staffing_share
        + money / (inputs.primary_fixed_cost * flows.cost_trend)
    )
    flows.next_community_capacity = (
        inputs.community_capacity
        + (flows.community_target - inputs.community_capacity) / inputs.community_months
    )
    flows.next_primary_load = (
        inputs.mild_primary_price * flows.mild_primary
        + inputs.visit_primary_price * flows.visits_primary
    )
    flows.next_hospital_load = (
        flows.hospital_volume + inputs.visit_hospital_price * flows.visits_hospital
    )
    _beds(inputs, flows)


def _beds(inputs: Any, flows: Any) -> None:
    """Wanted are beds for the load; how many stay open depends on what the hospital owes."""
    load = flows.next_hospital_load / inputs.start_hospital_load
    credit = inputs.credit_months * inputs.start_hospital_income * flows.cost_trend
    flows.solvency = maximum(0.0, minimum(1.0, 2 + inputs.hospital_balance / credit))
    wanted = minimum(1.0, load) + inputs.bed_growth * maximum(0.0, load - 1)
    flows.beds_target = maximum(inputs.hospital_capacity_floor, flows.solvency * wanted)
    flows.next_hospital_capacity = (
        inputs.hospital_capacity
        + (flows.beds_target - inputs.hospital_capacity) / inputs.hospital_months
    )
