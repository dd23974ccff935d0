"""Who is healthy, ill, managed, complicated; and how far prevention reaches."""

from typing import Any

from carelab.engine.names import PEOPLE
from carelab.tracing import exp, maximum, minimum

_SMALL = 1e-9


def prevention(inputs: Any, flows: Any) -> None:
    """Work out the reach of prevention and what one more unit of effort adds.

    Parameters
    ----------
    inputs : namespace
        Efforts, capability, loads and parameters of prevention.
    flows : namespace
        Receives usable capability, powers of effort, ``reach`` (0 to 1), its margins, and the
        risk of complications under management.
    """
    flows.residents = inputs.healthy + inputs.unmanaged + inputs.managed + inputs.complicated
    # A centre that is busier than its slack allows cannot use all it is able to do.
    room = (1 + inputs.primary_slack) * inputs.community_capacity * inputs.start_primary_load
    flows.usable_part = minimum(1.0, room / maximum(inputs.primary_load, _SMALL))
    flows.usable_capability = inputs.capability * flows.usable_part
    _powers(inputs, flows)
    together = inputs.complementarity * flows.joint_power
    flows.prevention_input = (
        flows.primary_power * inputs.prevention_effort
        + inputs.support_power * inputs.support_effort
        + together * inputs.prevention_effort * inputs.support_effort
    )
    flows.reach = 1 - exp(-flows.prevention_input)
    flows.primary_reach_margin = (1 - flows.reach) * (
        flows.primary_power + together * inputs.support_effort
    )
    flows.hospital_reach_margin = (1 - flows.reach) * (
        inputs.support_power + together * inputs.prevention_effort
    )
    flows.managed_complication_risk = inputs.managed_complication_rate * (
        1 - inputs.drug_control_effect * flows.drug_benefit_share
    )


def _powers(inputs: Any, flows: Any) -> None:
    flows.joint_power = (
        inputs.joint_power_base
        + inputs.joint_power_information * flows.information_share
        + inputs.joint_power_pathway * flows.service_pathway_share
    )
    flows.primary_power = (
        inputs.prevention_floor_share
        + (1 - inputs.prevention_floor_share) * flows.usable_capability
    ) * flows.public_health_multiplier**inputs.public_health_elasticity


def health(inputs: Any, flows: Any) -> None:
    """Move people between states; births replace deaths and newcomers replace leavers.

    Parameters
    ----------
    inputs : namespace
        Persons by state, monthly rates, yearly turnover, the mix of newcomers.
    flows : namespace
        Receives flows in persons a month and ``next_<state>``.
    """
    flows.onset = (
        inputs.onset_rate * (1 - inputs.prevention_onset_effect * flows.reach) * inputs.healthy
    )
    rate = inputs.base_management_rate + inputs.reach_management_rate * flows.reach
    flows.newly_managed = minimum(0.5, rate * inputs.community_capacity) * inputs.unmanaged
    flows.dropped_out = inputs.dropout_rate * inputs.managed
    flows.unmanaged_complications = inputs.unmanaged_complication_rate * inputs.unmanaged
    flows.managed_complications = flows.managed_complication_risk * inputs.managed
    flows.recovered = inputs.recovery_rate * inputs.complicated
    for state in PEOPLE:
        deaths = getattr(inputs, f"{state}_death_rate") * getattr(inputs, state)
        setattr(flows, f"{state}_deaths", deaths)
    flows.deaths = (
        flows.healthy_deaths + flows.unmanaged_deaths + flows.managed_deaths
        + flows.complicated_deaths
    )  # fmt: skip
    _next_people(inputs, flows)


def _next_people(inputs: Any, flows: Any) -> None:
    gained = {
        "healthy": flows.deaths - flows.onset,
        "unmanaged": flows.onset
        - flows.newly_managed
        + flows.dropped_out
        - flows.unmanaged_complications,
        "managed": flows.newly_managed
        - flows.dropped_out
        - flows.managed_complications
        + flows.recovered,
        "complicated": flows.unmanaged_complications
        + flows.managed_complications
        - flows.recovered,
    }
    swapped = inputs.turnover_rate_year / 12
    for state in PEOPLE:
        here = getattr(inputs, state)
        newcomers = getattr(inputs, f"start_{state}") * flows.residents - here
        deaths = getattr(flows, f"{state}_deaths")
        setattr(flows, f"next_{state}", here + gained[state] - deaths + swapped * newcomers)
