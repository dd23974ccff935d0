"""What tables of the study may hold: frames, calibration, worked example, findings, searches."""

from typing import TYPE_CHECKING

import pandera.pandas as pa

from carelab.evidence.cases.model import DIRECTIONS, MECHANISMS, STATUSES
from carelab.evidence.vocabulary import ANSWERS, DESIGNS, SEARCH_RESULTS

if TYPE_CHECKING:
    import pandas as pd


def _match(pattern: str, allowed: str) -> pa.Column:
    return pa.Column(str, pa.Check.str_matches(pattern, error=allowed))


def _listed(values: tuple[str, ...]) -> pa.Check:
    known = set(values)
    return pa.Check(
        lambda cells: cells.map(lambda text: not text or set(text.split("; ")) <= known),
        error=f"allowed are {', '.join(values)}, separated by semicolons",
    )


def _membership() -> pa.Column:
    check = pa.Check.in_range(0, 1, error="a membership from 0 to 1")
    return pa.Column(float, check, coerce=True)


def frames() -> dict[str, pa.Column]:
    """Return the columns of ``frames.csv``."""
    named = _match(r"^[a-z][a-z0-9_]*$", "lower-case letters, digits and underscores")
    return {
        "frame": named,
        "dimension": named,
        "label_en": _match(r"\S", "it may not be empty"),
        "label_zh": _match(r"\S", "it may not be empty"),
        "mechanisms": pa.Column(str, _listed(MECHANISMS)),
        "source": _match(r"^[a-z0-9][a-z0-9-]*$", "a key of sources.csv"),
    }


def calibration() -> dict[str, pa.Column]:
    """Return the columns of ``calibration.csv``."""
    codes = (*STATUSES, *DIRECTIONS)
    return {
        "status": pa.Column(str, _listed(codes), unique=True, report_duplicates="all"),
        "role": pa.Column(str, _listed(("condition", "outcome"))),
        **{name: _membership() for name in ("membership", "low", "high")},
    }


def worked_example() -> dict[str, pa.Column]:
    """Return the columns of ``worked_example.csv``."""
    sets = ("DEV", "URB", "LIT", "IND", "STB", "SURV")
    return {"case": _match(r"\S", "it may not be empty"), **{name: _membership() for name in sets}}


def _one_of(values: tuple[str, ...]) -> pa.Column:
    return pa.Column(str, pa.Check.isin(values, error=f"allowed are {', '.join(values)}"))


def findings() -> dict[str, pa.Column]:
    """Return the columns of ``findings.csv``."""
    needed = _match(r"\S", "it may not be empty")
    return {
        "question": _match(r"^[a-z_]+$", "lower-case letters and underscores"),
        "asks": _match(r".*\?$", "a question, with its mark"),
        "answer": _one_of(ANSWERS),
        "finding": needed,
        "design": _one_of(DESIGNS),
        "evidence": _match(
            r"^(CN|UK)\d{3}[a-z]?(; (CN|UK)\d{3}[a-z]?)*$", "indicator ids, separated by semicolons"
        ),
        "reading": needed,
    }


def two_answers() -> pa.Check:
    """Return the check that a question has one wording, one reading and two answers at least."""

    def sound(table: "pd.DataFrame") -> "pd.Series[bool]":
        counts = table.groupby("question")[["asks", "reading", "answer"]].transform("nunique")
        return (counts["asks"] == 1) & (counts["reading"] == 1) & (counts["answer"] > 1)

    return pa.Check(
        sound,
        error="a question has the same wording and reading in each row, and two answers at least",
        name="question",
    )


def searches() -> dict[str, pa.Column]:
    """Return the columns of ``searches.csv``."""
    needed = _match(r"\S", "it may not be empty")
    return {
        "date": _match(r"^\d{4}-\d{2}-\d{2}$", "a day such as 2026-11-30"),
        "corpus": needed,
        "looked_for": needed,
        "query": needed,
        "result": _one_of(SEARCH_RESULTS),
    }
