"""Who is healthy, ill, managed, complicated; and how far prevention reaches."""

from typing import Any

from carelab.engine.names import PEOPLE
from carelab.tracing import exp, maximum, minimum

_SMALL = 1e-9
# However far prevention reaches, not all patients are taken into management at once.
_MOST_MANAGED = 0.5


def prevention(inputs: Any, flows: Any) -> None:
    """Work out the reach of prevention.

    Parameters
    ----------
    inputs : namespace
        Efforts, capability, loads and parameters of prevention.
    flows : namespace
        Receives residents, usable capability, powers of effort, and ``reach`` (0 to 1).
    """
    flows.residents = inputs.healthy + inputs.unmanaged + inputs.managed + inputs.complicated
    # A centre that is busier than its slack allows cannot use all it is able to do.
    room = (1 + inputs.primary_slack) * inputs.community_capacity * inputs.start_primary_load
    flows.usable_part = minimum(1.0, room / maximum(_SMALL, inputs.primary_load))
    flows.usable_capability = inputs.capability * flows.usable_part
    _powers(inputs, flows)
    together = inputs.complementarity * flows.joint_power
    flows.prevention_input = (
        flows.primary_power * inputs.prevention_effort
        + inputs.support_power * inputs.support_effort
        + together * inputs.prevention_effort * inputs.support_effort
    )
    flows.reach = 1 - exp(-flows.prevention_input)


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
    """Move people between states of health; some die, some are born, some move.

    Parameters
    ----------
    inputs : namespace
        Persons by state, monthly rates, yearly turnover, the mix of newcomers, the rate of
        births.
    flows : namespace
        Receives flows in persons a month, ``remaining_<state>`` (who of this month's residents
        lives in that state at its end, before births and moves), and ``next_<state>``.
    """
    _risks(inputs, flows)
    flows.onset = flows.onset_risk * inputs.healthy
    flows.newly_managed = flows.managing_rate * inputs.unmanaged
    flows.dropped_out = inputs.dropout_rate * inputs.managed
    flows.unmanaged_complications = flows.unmanaged_complication_risk * inputs.unmanaged
    flows.managed_complications = flows.managed_complication_risk * inputs.managed
    flows.recovered = inputs.recovery_rate * inputs.complicated
    for state in PEOPLE:
        deaths = getattr(inputs, f"{state}_death_rate") * getattr(inputs, state)
        setattr(flows, f"{state}_deaths", deaths)
    flows.deaths = (
        flows.healthy_deaths + flows.unmanaged_deaths + flows.managed_deaths
        + flows.complicated_deaths
    )  # fmt: skip
    flows.births = inputs.start_death_rate * flows.residents
    _next_people(inputs, flows)


def _risks(inputs: Any, flows: Any) -> None:
    """Work out the monthly risks that care changes."""
    flows.onset_risk = inputs.onset_rate * (1 - inputs.prevention_onset_effect * flows.reach)
    rate = inputs.base_management_rate + inputs.reach_management_rate * flows.reach
    flows.managing_rate = minimum(_MOST_MANAGED, rate * inputs.community_capacity)
    # Treatment withheld, waiting and a worse hospital than before let illness grow worse.
    flows.withheld_harm = exp(
        inputs.withheld_care_effect
        * (
            (flows.lack_of_treatment - inputs.start_lack)
            + flows.waiting
            + (inputs.start_hospital_quality - inputs.hospital_quality)
        )
    )
    flows.unmanaged_complication_risk = inputs.unmanaged_complication_rate * flows.withheld_harm
    flows.managed_complication_risk = (
        inputs.managed_complication_rate
        * (1 - inputs.drug_control_effect * flows.drug_benefit_share)
        * flows.withheld_harm
    )


def _next_people(inputs: Any, flows: Any) -> None:
    gained = {
        "healthy": -flows.onset,
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
    moving = inputs.turnover_rate_year / 12
    for state in PEOPLE:
        here = getattr(inputs, state)
        deaths = getattr(flows, f"{state}_deaths")
        setattr(flows, f"remaining_{state}", here + gained[state] - deaths)
        arrived = moving * (getattr(inputs, f"start_{state}") * flows.residents)
        setattr(flows, f"{state}_arrived", arrived)
        setattr(flows, f"{state}_left", moving * here)
        entering = getattr(flows, f"remaining_{state}") + getattr(flows, f"{state}_arrived")
        if state == "healthy":
            entering = entering + flows.births
        setattr(flows, f"next_{state}", entering - getattr(flows, f"{state}_left"))
