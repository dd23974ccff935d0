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
        Receives waiting, visits and cases per resident and month, and the share of visits for
        which the drug benefit pays.
    """
    flows.waiting = maximum(
        0.0,
        inputs.hospital_load
        / (inputs.waiting_room * inputs.start_hospital_load * inputs.hospital_capacity)
        - 1,
    )
    # Better access releases demand that was held back.
    flows.demand_release = 1 + inputs.access_elasticity * (inputs.access - 1)
    # The benefit pays for drugs of managed patients, who then come more often.
    managed = inputs.managed_visits_year * inputs.managed / (12 * flows.residents)
    extra = inputs.drug_visit_effect * flows.drug_benefit_share
    sought = _per_resident("visits", inputs, flows) + extra * managed
    flows.visits = flows.demand_release * sought
    flows.drug_covered_share = flows.drug_benefit_share * (1 + extra) * managed / sought
    flows.mild_cases = flows.demand_release * _per_resident("mild_cases", inputs, flows)
    stays = _per_resident("serious_cases", inputs, flows)
    complicated = inputs.complicated_serious_cases_year * inputs.complicated
    community = 1 - exp(
        -inputs.community_serious_effect * maximum(0.0, inputs.community_capacity - 1)
    )
    flows.serious_cases = (
        stays - community * complicated / (12 * flows.residents)
    ) * flows.readmission_ratio


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
        - inputs.access_price_weight * flows.mild_primary_own_change
        - inputs.access_wait_weight * flows.waiting
    )
    flows.next_access = maximum(
        0.0, inputs.access + (flows.access_target - inputs.access) / inputs.access_months
    )
