"""What the tables of the comparative study may hold: frames, calibration, the worked example."""

import pandera.pandas as pa

from carelab.evidence.cases.model import DIRECTIONS, MECHANISMS, STATUSES


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
    """Return the columns of ``frames.csv``.

    Returns
    -------
    dict of str to pandera.Column
        By name.
    """
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
    """Return the columns of ``calibration.csv``.

    Returns
    -------
    dict of str to pandera.Column
        By name.
    """
    codes = (*STATUSES, *DIRECTIONS)
    return {
        "status": pa.Column(str, _listed(codes), unique=True, report_duplicates="all"),
        "role": pa.Column(str, _listed(("condition", "outcome"))),
        **{name: _membership() for name in ("membership", "low", "high")},
    }


def worked_example() -> dict[str, pa.Column]:
    """Return the columns of ``worked_example.csv``.

    Returns
    -------
    dict of str to pandera.Column
        By name.
    """
    sets = ("DEV", "URB", "LIT", "IND", "STB", "SURV")
    return {"case": _match(r"\S", "it may not be empty"), **{name: _membership() for name in sets}}
