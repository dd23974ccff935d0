"""Retention, leakage and the felt share: what a contract makes it worth to keep or prevent a case.

Our own small model of the incentive that Cui and Wang (2021, section 3.4.2) describe: a budget
fixed per head, its surplus kept, care outside the county charged to it. The lead hospital earns
a margin on each case it treats, and feels a share of every yuan that the insurer does not spend.

Assumptions: one price per case; the hospital feels surplus and deficit alike; quality, waiting
and the next budget do not answer. The course's engine relaxes these.
"""

from typing import Any

from carelab.theory.mixed_payment import overtreating_pull_share, treatment_threshold_felt_share
from carelab.tracing import maximum

# Below this a lever counts as off, and a threshold on it as out of reach; it also keeps the
# divisions of every runtime finite.
_OFF = 1e-9


def felt_share(contract_share: Any, surplus_kept_share: Any, hospital_part_share: Any) -> Any:
    """Return the share of each saved yuan that ends with the lead hospital.

    Parameters
    ----------
    contract_share : float or array
        Share of insurer money under the prospective contract, in [0, 1].
    surplus_kept_share : float or array
        Share of the surplus that stays with the providers, in [0, 1].
    hospital_part_share : float or array
        Share of the kept surplus that goes to the lead hospital, in [0, 1].

    Returns
    -------
    float or array
        A share in [0, 1].

    Examples
    --------
    >>> round(felt_share(0.9, 1.0, 0.6), 12)
    0.54
    """
    return contract_share * surplus_kept_share * hospital_part_share


def case_margin(case_price: Any, variable_cost_share: Any) -> Any:
    """Return what one more case earns the hospital under fee-for-service.

    Parameters
    ----------
    case_price : float or array
        Money per case.
    variable_cost_share : float or array
        Share of the price that one more case costs to treat, in [0, 1].

    Returns
    -------
    float or array
        Money per case.

    Examples
    --------
    >>> case_margin(1000.0, 0.6)
    400.0
    """
    return (1 - variable_cost_share) * case_price


def retention_gain(
    margin: Any,
    felt: Any,
    leakage_charged_share: Any,
    outside_liability: Any,
    county_liability: Any,
) -> Any:
    """Return what it is worth to the hospital to treat a case that would else leave the county.

    Parameters
    ----------
    margin : float or array
        Money per case, from `case_margin`.
    felt : float or array
        From `felt_share`.
    leakage_charged_share : float or array
        Share of outside spending that is charged to the local budget, in [0, 1].
    outside_liability, county_liability : float or array
        What the insurer pays for a case outside and inside the county, money per case.

    Returns
    -------
    float or array
        Money per case.

    Examples
    --------
    >>> retention_gain(400.0, 0.5, 1.0, 1400.0, 700.0)
    750.0
    """
    return margin + felt * (leakage_charged_share * outside_liability - county_liability)


def retention_threshold_leakage_charge(outside_liability: Any, county_liability: Any) -> Any:
    """Return the leakage charge from which the contract favours keeping patients.

    Parameters
    ----------
    outside_liability, county_liability : float or array
        What the insurer pays for a case outside and inside the county, money per case.

    Returns
    -------
    float or array
        A share: above it keeping a case is worth more than under fee-for-service, below it
        less, whatever the felt share.

    Examples
    --------
    >>> retention_threshold_leakage_charge(1400.0, 700.0)
    0.5
    """
    return county_liability / outside_liability


def prevented_episode_gain(
    margin: Any, felt: Any, share_in_county: Any, saved_liability: Any
) -> Any:
    """Return what it is worth to the hospital that one episode of illness does not happen.

    Parameters
    ----------
    margin : float or array
        Money per case, from `case_margin`.
    felt : float or array
        From `felt_share`.
    share_in_county : float or array
        Share of episodes that the hospital would have treated, in [0, 1].
    saved_liability : float or array
        What the local budget saves per prevented episode, money.

    Returns
    -------
    float or array
        Money per episode; negative when the lost margin outweighs the felt saving.

    Examples
    --------
    >>> round(prevented_episode_gain(400.0, 0.0, 0.8, 900.0), 9)
    -320.0
    """
    return felt * saved_liability - share_in_county * margin


def prevention_threshold_felt_share(margin: Any, share_in_county: Any, saved_liability: Any) -> Any:
    """Return the felt share from which the hospital no longer loses by prevention.

    Parameters
    ----------
    margin, share_in_county, saved_liability : float or array
        As in `prevented_episode_gain`; the saving is above zero.

    Returns
    -------
    float or array
        A share; above 1 it is out of reach.

    Examples
    --------
    >>> round(prevention_threshold_felt_share(400.0, 0.8, 900.0), 4)
    0.3556
    """
    return share_in_county * margin / saved_liability


def retention_model(inputs: Any, flows: Any) -> None:
    """Work out the three pay-offs of the lead hospital and the thresholds between them.

    Parameters
    ----------
    inputs : namespace
        Levers and parameters named in `carelab.theory.models`.
    flows : namespace
        Receives, in order, shares, money per case, the three gains and the thresholds.

    References
    ----------
    Cui and Wang (2021), source ``seed-004-anhui``, section 3.4.2, for the rules; the equations
    are ours.
    """
    flows.felt_share = felt_share(
        inputs.contract_share, inputs.surplus_kept_share, inputs.hospital_part_share
    )
    flows.case_margin = case_margin(inputs.case_price, inputs.variable_cost_share)
    flows.county_liability = inputs.county_fund_share * inputs.case_price
    flows.outside_liability = inputs.outside_fund_cost_ratio * flows.county_liability
    flows.saved_liability = (
        inputs.share_in_county * flows.county_liability
        + inputs.leakage_charged_share * (1 - inputs.share_in_county) * flows.outside_liability
    )
    _gains(inputs, flows)
    _thresholds(inputs, flows)


def _gains(inputs: Any, flows: Any) -> None:
    flows.prevented_episode_gain = prevented_episode_gain(
        flows.case_margin, flows.felt_share, inputs.share_in_county, flows.saved_liability
    )
    flows.retention_gain = retention_gain(
        flows.case_margin,
        flows.felt_share,
        inputs.leakage_charged_share,
        flows.outside_liability,
        flows.county_liability,
    )
    flows.contract_effect_on_retention = flows.retention_gain - flows.case_margin
    flows.extra_treatment_gain = inputs.case_price * overtreating_pull_share(
        flows.felt_share,
        inputs.variable_cost_share,
        inputs.county_fund_share,
        inputs.altruism,
    )


def _thresholds(inputs: Any, flows: Any) -> None:
    flows.prevention_threshold = prevention_threshold_felt_share(
        flows.case_margin, inputs.share_in_county, flows.saved_liability
    )
    flows.treatment_threshold = treatment_threshold_felt_share(
        inputs.variable_cost_share, inputs.county_fund_share, inputs.altruism
    )
    flows.retention_threshold = retention_threshold_leakage_charge(
        flows.outside_liability, flows.county_liability
    )
    # The same thresholds of the felt share, read on each lever while the other two stay put.
    others = {
        "contract_share": inputs.surplus_kept_share * inputs.hospital_part_share,
        "surplus_kept_share": inputs.contract_share * inputs.hospital_part_share,
        "hospital_part_share": inputs.contract_share * inputs.surplus_kept_share,
    }
    for lever, rest in others.items():
        for kind in ("prevention", "treatment"):
            threshold = getattr(flows, f"{kind}_threshold")
            setattr(flows, f"{kind}_threshold_on_{lever}", threshold / maximum(rest, _OFF))
