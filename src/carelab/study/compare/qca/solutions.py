"""Necessity, and the complex, parsimonious and intermediate solutions of a truth table."""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from carelab.base import CarelabError
from carelab.base.numbers import above
from carelab.study.compare.qca.minimise import covers, minimise
from carelab.study.compare.qca.sets import (
    Fit,
    Term,
    necessity_fit,
    sufficiency,
    term_membership,
    term_name,
)
from carelab.study.compare.qca.truth import POSITIVE, REMAINDER, TruthTable, check_sets

if TYPE_CHECKING:
    import numpy as np
    import pandas as pd

KINDS = ("complex", "parsimonious", "intermediate")
_COLUMNS = [
    *("kind", "model", "term", "consistency", "pri", "coverage", "unique_coverage", "cases"),
    *("solution_consistency", "solution_coverage"),
]


def necessity(data: "pd.DataFrame", outcome: str, conditions: Sequence[str]) -> "pd.DataFrame":
    """Ask of each condition, and of its absence, whether the outcome needs it.

    >>> found = necessity(worked_example(), "SURV", ["LIT"])
    >>> found.round(2).to_numpy().tolist()[0]
    ['LIT', 0.99, 0.64, 0.51]
    """
    import pandas as pd

    check_sets(data, outcome, conditions)
    y = data[outcome].to_numpy(float)
    rows = []
    for bit in (1, 0):
        for name in conditions:
            fit = necessity_fit(term_membership(data, (bit,), (name,)), y)
            label = term_name((bit,), (name,))
            rows.append((label, fit.consistency, fit.coverage, fit.extra))
    return pd.DataFrame(rows, columns=["condition", "consistency", "coverage", "relevance"])


def worked_example() -> "pd.DataFrame":
    """Load the worked example of the R package QCA: eighteen democracies between the wars.

    >>> worked_example().shape
    (18, 6)
    """
    from carelab.evidence.tables import read_table

    return read_table("worked_example.csv").set_index("case")


def _easy(table: TruthTable, model: tuple[Term, ...], wanted: Mapping[str, bool]) -> set[Term]:
    """Return the simplifying assumptions that an expectation supports.

    A remainder is an easy counterfactual when it differs from some working combination only by
    conditions that stand in it as theory expects them to help.
    """
    expected = {table.conditions.index(name): int(value) for name, value in wanted.items()}
    used = [row for row in table.bits(REMAINDER) if any(covers(term, row) for term in model)]

    def supported(row: tuple[int, ...], positive: tuple[int, ...]) -> bool:
        places = [place for place, bit in enumerate(row) if bit != positive[place]]
        return all(expected.get(place) == row[place] for place in places)

    return {row for row in used if any(supported(row, each) for each in table.bits(POSITIVE))}


def _models(
    table: TruthTable, wanted: Mapping[str, bool] | None
) -> dict[str, list[tuple[Term, ...]]]:
    positive = table.bits(POSITIVE)
    found = {
        "complex": minimise(positive),
        "parsimonious": minimise(positive, table.bits(REMAINDER)),
    }
    if wanted is not None:
        models = [
            each
            for model in found["parsimonious"]
            for each in minimise(positive, _easy(table, model, wanted))  # type: ignore[arg-type]
        ]
        found["intermediate"] = list(dict.fromkeys(models))
    return found


def _union(parts: Sequence["np.ndarray"], size: int) -> "np.ndarray":
    import numpy as np

    return np.maximum.reduce(parts) if parts else np.zeros(size)


def _rows(table: TruthTable, kind: str, number: int, model: tuple[Term, ...]) -> list[object]:
    y = table.data[table.outcome].to_numpy(float)
    sets = [term_membership(table.data, term, table.conditions) for term in model]
    whole: Fit = sufficiency(_union(sets, len(y)), y)
    rows: list[object] = []
    for place, (term, x) in enumerate(zip(model, sets, strict=True)):
        fit = sufficiency(x, y)
        others = sufficiency(_union(sets[:place] + sets[place + 1 :], len(y)), y).coverage
        unique = whole.coverage - (others if len(sets) > 1 else 0.0)
        names = "; ".join(map(str, table.data.index[above(x, 0.5)]))
        label = term_name(term, table.conditions)
        head = (kind, number, label, fit.consistency, fit.extra, fit.coverage, unique, names)
        rows.append((*head, whole.consistency, whole.coverage))
    return rows


def solve(table: TruthTable, expectations: Mapping[str, bool] | None = None) -> "pd.DataFrame":
    """Minimise a truth table to its complex, parsimonious and intermediate solutions.

    References
    ----------
    .. [1] Ragin and Sonnett 2005 for the intermediate solution, as described in source
       ``ragin-sonnett``.

    >>> from carelab.study.compare.qca.truth import truth_table
    >>> table = truth_table(worked_example(), "SURV", ["DEV", "URB", "LIT", "IND", "STB"])
    >>> formulas(solve(table))["parsimonious"]
    ['DEV*~IND + URB*STB']
    """
    import pandas as pd

    unknown = [name for name in expectations or () if name not in table.conditions]
    if unknown:
        known = ", ".join(table.conditions)
        raise CarelabError(f"expectation '{unknown[0]}' is no condition; conditions are {known}")
    rows = [
        row
        for kind, models in _models(table, expectations).items()
        for number, model in enumerate(models, start=1)
        for row in _rows(table, kind, number, model)
    ]
    return pd.DataFrame(rows, columns=_COLUMNS)


def formulas(solutions: "pd.DataFrame") -> dict[str, list[str]]:
    """Write each model of a solution as one formula.

    >>> import pandas as pd
    >>> formulas(pd.DataFrame({"kind": ["complex"], "model": [1], "term": ["A*~B"]}))
    {'complex': ['A*~B']}
    """
    found: dict[str, list[str]] = {}
    for (kind, _), terms in solutions.groupby(["kind", "model"], sort=False)["term"]:
        found.setdefault(str(kind), []).append(" + ".join(sorted(terms)))
    return found
