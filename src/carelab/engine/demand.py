"""How much care people seek: visits, mild admissions and serious admissions."""

from typing import Any

from carelab.engine.names import PEOPLE
from carelab.tracing import exp, maximum


def demand(inputs: Any, flows: Any) -> None:
    """Work out the care sought this month.

    Parameters
    ----------
    inputs : namespace
        Persons by state and yearly rates of each kind of care per person.
    flows : namespace
        Receives waiting, and visits and cases per resident and month.
    """
    flows.waiting = maximum(
        0.0,
        inputs.hospital_load
        / (inputs.waiting_room * inputs.start_hospital_load * inputs.hospital_capacity)
        - 1,
    )
    # Better access releases demand that was held back.
    flows.demand_release = 1 + inputs.access_elasticity * (inputs.access - 1)
    flows.visits = (
        flows.demand_release
        * (1 + inputs.drug_visit_effect * flows.drug_benefit_share)
        * _per_resident("visits", inputs, flows)
    )
    flows.mild_cases = flows.demand_release * _per_resident("mild_cases", inputs, flows)
    stays = _per_resident("serious_cases", inputs, flows)
    complicated = inputs.complicated_serious_cases_year * inputs.complicated
    community = 1 - exp(
        -inputs.community_serious_effect * maximum(0.0, inputs.community_capacity - 1)
    )
    flows.serious_cases = (stays - community * complicated / (12 * flows.residents)) * (
        1 + inputs.readmission_effect * inputs.skimping_effort
    )


def _per_resident(kind: str, inputs: Any, flows: Any) -> Any:
    rates = [getattr(inputs, f"{state}_{kind}_year") * getattr(inputs, state) for state in PEOPLE]
    return (rates[0] + rates[1] + rates[2] + rates[3]) / (12 * flows.residents)


def access(inputs: Any, flows: Any) -> None:
    """Let access follow what primary care can do, what it costs and how long people wait.

    Parameters
    ----------
    inputs : namespace
        Access now (1 = before the reform) and how fast people notice.
    flows : namespace
        Receives ``next_access``.
    """
    flows.access_target = (
        1
        + inputs.access_capability_weight * (flows.usable_capability - inputs.start_capability)
        - inputs.access_price_weight * flows.primary_copay_shift
        - inputs.access_wait_weight * flows.waiting
    )
    flows.next_access = maximum(
        0.0, inputs.access + (flows.access_target - inputs.access) / inputs.access_months
    )
