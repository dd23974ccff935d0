"""Whether a solution survives other thresholds, other readings of silence, one case less."""

from collections.abc import Iterator, Sequence
from itertools import product
from typing import TYPE_CHECKING

from carelab.study.compare.qca.conditions import SILENCE, load_calibration, memberships
from carelab.study.compare.qca.solutions import formulas, solve
from carelab.study.compare.qca.truth import truth_table

if TYPE_CHECKING:
    import pandas as pd

_CUTOFFS = (0.75, 0.8, 0.9)
_TRIED = ("partial", "mixed")


def _calibrations() -> Iterator[dict[str, float]]:
    """Yield the ends of the range of each status that is a matter of degree."""
    table = load_calibration().set_index("status")
    ends = [
        [float(table.loc[name, end]) for end in ("low", "membership", "high")]  # type: ignore[arg-type]
        for name in _TRIED
    ]
    for values in product(*ends):
        yield dict(zip(_TRIED, values, strict=True))


def _result(data: "pd.DataFrame", cutoff: float) -> dict[str, object]:
    *conditions, outcome = data.columns
    if data.empty:
        nothing = {"cases": 0, "remainders": 2 ** len(conditions), "contradictory": 0}
        return {**nothing, "complex": "", "parsimonious": ""}
    table = truth_table(data, outcome, conditions, consistency=cutoff)
    counts = table.diversity().iloc[0]
    written = formulas(solve(table))
    return {
        **{name: int(counts[name]) for name in ("cases", "remainders", "contradictory")},
        **{kind: " | ".join(written.get(kind, [])) for kind in ("complex", "parsimonious")},
    }


def robustness(
    codes: "pd.DataFrame", silence: Sequence[str] = SILENCE, cutoffs: Sequence[float] = _CUTOFFS
) -> "pd.DataFrame":
    """Solve again under every calibration in range, every cut-off and every reading of silence.

    >>> from carelab.study.compare.qca.conditions import condition_codes
    >>> tried = robustness(condition_codes(None, ["merged_governance"]), ["drop"], [0.8])
    >>> len(tried)
    9
    """
    import pandas as pd

    rows = [
        {"silence": reading, **changed, "cutoff": cutoff}
        | _result(memberships(codes, reading, changed), cutoff)
        for reading in silence
        for changed in _calibrations()
        for cutoff in cutoffs
    ]
    return pd.DataFrame(rows)


def without_each(
    data: "pd.DataFrame", outcome: str, conditions: Sequence[str], consistency: float = 0.8
) -> "pd.DataFrame":
    """Solve again with each case left out once.

    >>> from carelab.study.compare.qca.solutions import worked_example
    >>> found = without_each(worked_example(), "SURV", ["DEV", "LIT", "STB"])
    >>> found.loc[~found["same"], "left_out"].tolist()
    ['EE']
    """
    import pandas as pd

    def solved(part: "pd.DataFrame") -> str:
        table = truth_table(part, outcome, conditions, consistency)
        return " | ".join(formulas(solve(table)).get("parsimonious", []))

    whole = solved(data)
    rows = [(case, solved(data.drop(index=case))) for case in data.index]
    frame = pd.DataFrame(rows, columns=["left_out", "parsimonious"])
    return frame.assign(same=frame["parsimonious"] == whole)
