"""How many draws of the assumed parameters a directional claim survives in this model."""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from carelab.base import CarelabError, firmness_of
from carelab.base.numbers import above
from carelab.engine import Place, run_years
from carelab.engine.years import value_of_span
from carelab.study.many.draws import drawn_place, strengths, weakened
from carelab.study.trust.directional import (
    ANHUI_CLAIMS,
    DILEMMA_CLAIMS,
    HANGZHOU_CLAIMS,
    UK_CLAIMS,
    DirectionalClaim,
    Run,
)

if TYPE_CHECKING:
    import numpy as np
    import pandas as pd

    Array = np.ndarray[Any, np.dtype[np.float64]]

CLAIMS = (*DILEMMA_CLAIMS, *ANHUI_CLAIMS, *HANGZHOU_CLAIMS, *UK_CLAIMS)
DRAWS = 2000
SEED = 20261123
# An effect smaller than this share of the largest quantity compared counts as nil.
SMALLNESS = 0.001
LARGE = 0.01
LEVER_SETTINGS = ("preset", "random_strength")
COLUMNS = (
    "claim",
    "text",
    "evidence",
    "context",
    "levers",
    "draws",
    "holds",
    "nil",
    "reverses",
    "holds_by_over_1_percent",
    "by_construction",
    "firmness",
)
_Wanted = set[tuple[str, tuple[int, int]]]
_Values = dict[tuple[Run, str, tuple[int, int]], Any]


def claims_robustness(
    draws: int = DRAWS, seed: int = SEED, claims: Iterable[DirectionalClaim] = CLAIMS
) -> "pd.DataFrame":
    """Count in how many parameter draws of this model each directional claim holds.

    Counts of draws are no probabilities: the ranges are assumptions, the draws test parameters
    and not the structure of the model, and signs that follow from the equations alone are
    marked ``by_construction``.

    Parameters
    ----------
    draws : int
        Latin-hypercube draws of the assumed parameters of each place, from 1 to 20,000.
    seed : int
        Same seed, same counts.
    claims : iterable of DirectionalClaim
        All those modelled, by default.

    Returns
    -------
    pandas.DataFrame
        One row per claim and setting of the levers (``preset``, or ``random_strength``: each
        lever goes between a fifth of the way and the whole way): claim, text, evidence (ids of
        claims, or ``ours``), context, levers, and counts of draws: draws, holds, nil (effect
        within 0.1 % of the largest quantity compared), reverses, holds_by_over_1_percent; and
        by_construction (``yes`` or ``no``); and firmness, the word for it (`firmness_of`).

    Raises
    ------
    CarelabError
        When the number of draws is out of range or no claim is given.

    Examples
    --------
    >>> from carelab.study.trust.robustness import CLAIMS
    >>> table = claims_robustness(draws=5, seed=1, claims=CLAIMS[:1])
    >>> table[["claim", "levers", "holds"]].values.tolist()
    [['D1', 'preset', 5], ['D1', 'random_strength', 5]]
    """
    import pandas as pd

    chosen = tuple(claims)
    if not chosen:
        raise CarelabError("no claim is given; name at least one directional claim")
    rows = {}
    for context in dict.fromkeys(claim.context for claim in chosen):
        here = [claim for claim in chosen if claim.context == context]
        place = drawn_place(context, draws, seed)
        for setting in LEVER_SETTINGS:
            strength = {} if setting == "preset" else strengths(draws, seed + 1)
            values = _run_all(place, here, strength)
            for claim in here:
                rows[claim.id, setting] = _row(claim, setting, draws, values)
    ordered = [rows[claim.id, setting] for claim in chosen for setting in LEVER_SETTINGS]
    return pd.DataFrame(ordered, columns=list(COLUMNS))


def _run_all(
    place: Place, claims: Iterable[DirectionalClaim], strength: Mapping[str, "Array"]
) -> _Values:
    """Run each different setting once, and keep only what some claim compares."""
    wanted: dict[Run, _Wanted] = {}
    for claim in claims:
        for term in claim.terms:
            wanted.setdefault(term.run, set()).add((term.outcome, term.years))
    values: _Values = {}
    for run, means in wanted.items():
        levers = weakened(place.name, run.levers, strength)
        for (outcome, years), value in _means(_margin(place, run), levers, means).items():
            values[run, outcome, years] = value
    return values


def _margin(place: Place, run: Run) -> Place:
    """Make a hospital case dearer or cheaper to the hospital, in a place otherwise as it was."""
    name = "hospital_variable_cost_share"
    cost = place.parameters[name] - run.margin_added
    return (
        replace(place, parameters={**place.parameters, name: cost}) if run.margin_added else place
    )


def _means(place: Place, levers: Mapping[str, Any], wanted: _Wanted) -> dict[Any, Any]:
    """Read each outcome wanted over its span of years."""
    longest = max(last for _, (_, last) in wanted)
    years = list(run_years(place, levers, longest, dict(wanted)))
    return {(name, span): value_of_span(years, name, *span) for name, span in wanted}


def _row(claim: DirectionalClaim, setting: str, draws: int, values: _Values) -> tuple[Any, ...]:
    import numpy as np

    parts = [term.weight * values[term.run, term.outcome, term.years] for term in claim.terms]
    parts = [np.broadcast_to(part, (draws,)) for part in parts]
    effect = sum(parts) - claim.threshold
    size = np.maximum(np.max(np.abs(parts), axis=0), abs(claim.threshold))
    nil = np.abs(effect) <= SMALLNESS * size
    holds = ~nil & (effect > 0)
    held = int(holds.sum())
    return (
        claim.id,
        claim.text,
        "; ".join(claim.evidence) or "ours",
        claim.context,
        setting,
        draws,
        held,
        int(nil.sum()),
        int((~nil & ~holds).sum()),
        int(above(effect, LARGE * size).sum()),
        "yes" if claim.by_construction else "no",
        firmness_of(held, draws, claim.by_construction),
    )
