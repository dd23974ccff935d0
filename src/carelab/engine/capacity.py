"""Beds and community teams: they follow volume and money, slowly."""

from typing import Any

from carelab.tracing import maximum


def capacity(inputs: Any, flows: Any) -> None:
    """Let community and hospital capacity follow money and volume.

    Parameters
    ----------
    inputs : namespace
        Capacities (1 = before the reform) and months of adjustment.
    flows : namespace
        Receives the loads of this month and the next capacities.
    """
    money = flows.top_slice + flows.fund_to_community
    flows.community_target = (
        1 + inputs.staffing_capacity * flows.staffing_share + money / inputs.primary_fixed_cost
    )
    flows.next_community_capacity = (
        inputs.community_capacity
        + (flows.community_target - inputs.community_capacity) / inputs.community_months
    )
    flows.next_primary_load = flows.mild_primary
    flows.next_hospital_load = flows.hospital_volume
    floor = maximum(
        inputs.hospital_capacity_floor, flows.next_hospital_load / inputs.start_hospital_load
    )
    flows.next_hospital_capacity = (
        inputs.hospital_capacity + (floor - inputs.hospital_capacity) / inputs.hospital_months
    )
