"""What the care economy cannot do, checked against what it does now."""

from typing import TYPE_CHECKING, Any

from carelab.base import CarelabError, word
from carelab.base.firmness import IDENTITY
from carelab.base.numbers import format_number
from carelab.engine import (
    BASELINE_PRESETS,
    load_place,
    preset_levers,
    run_months,
    trace_step,
)
from carelab.engine.names import ANCHORED
from carelab.evidence.tables import read_table
from carelab.study.trust.scoreboard import scoreboard
from carelab.study.trust.stored_tables import stored_table

if TYPE_CHECKING:
    import pandas as pd

# A claim counts as held when it is as firm as this.
_HELD = ("firm", IDENTITY)
_NOT = "not "


def held_at_rest() -> "pd.DataFrame":
    """Return the constants that hold each effort where it was before any reform.

    Returns
    -------
    pandas.DataFrame
        One row per place and effort: ``place``, ``effort``, ``before`` (effort before the
        reform), ``slope`` (what a unit more brings by the model's own motives, before the
        effort's own cost, in money per resident and month), ``constant`` (in the same unit), and
        ``part`` (size of the constant over the slope). An effort that nobody made has a cost of
        starting, equal to its slope or zero.

    Examples
    --------
    >>> held_at_rest().columns.tolist()
    ['place', 'effort', 'before', 'slope', 'constant', 'part']
    """
    import pandas as pd

    rows = []
    for context, preset in BASELINE_PRESETS.items():
        place = load_place(context)
        first = next(iter(run_months(place, preset_levers(preset), 1)))
        for effort in ANCHORED:
            short = effort.removesuffix("_effort")
            before = place.stocks[effort]
            cost = place.parameters[f"{short}_effort_cost"] * first["price_level"]
            slope = first[f"{short}_slope"] + cost * before
            constant = place.baseline[f"{short}_norm"]
            part = abs(constant / slope) if slope else 0.0
            rows.append((context, effort, before, slope, constant, part))
    columns = ["place", "effort", "before", "slope", "constant", "part"]
    return pd.DataFrame(rows, columns=columns)


def model_limits(
    board: "pd.DataFrame | None" = None, signs: "pd.DataFrame | None" = None
) -> "pd.DataFrame":
    """Return every limit of the care economy with what shows it today, and whether it still holds.

    >>> model_limits().columns.tolist()
    ['limit', 'verdict', 'shown_by']
    """
    import pandas as pd

    targets = (scoreboard() if board is None else board).set_index("id")
    claims = stored_table("robustness") if signs is None else signs
    claims = claims[claims["levers"] == "preset"].set_index("claim")
    rows = []
    for row in read_table("limits.csv").to_dict("records"):
        tried = [_target(targets, name, row["id"]) for name in _names(row["targets"])]
        tried += [_claim(claims, name, row["id"]) for name in _names(row["claims"])]
        mended = _mended(row)
        shown = " ".join([text for _, text in tried] + mended)
        verdict = _verdict([overcome for overcome, _ in tried], bool(mended))
        rows.append((row["limit"], word(f"limit.{verdict}"), shown))
    return pd.DataFrame(rows, columns=["limit", "verdict", "shown_by"])


def _names(text: str) -> list[str]:
    return [each.strip() for each in text.split(";") if each.strip()]


def _verdict(overcome: list[bool], mended: bool) -> str:
    if mended:
        return "mended"
    if not overcome:
        return "not_represented"
    if all(overcome):
        return "no_longer"
    return "partly" if any(overcome) else "still"


def _row(frame: "pd.DataFrame", name: str, limit: str) -> Any:
    if name not in frame.index:
        raise CarelabError(f"limit '{limit}' names '{name}', which does not exist")
    return frame.loc[name]


def _target(targets: "pd.DataFrame", name: str, limit: str) -> tuple[bool, str]:
    """Say whether a published result is met, and where the model lands."""
    row = _row(targets, name, limit)
    verdict = word(f"limit.verdict.{row['verdict'].replace(' ', '_')}")
    value = f"{format_number(row['model'], '.3g')} {row['unit']}"
    return row["verdict"] == "within", word(
        "limit.target", name=row["name"], value=value, verdict=verdict
    )


def _claim(claims: "pd.DataFrame", name: str, limit: str) -> tuple[bool, str]:
    """Say whether a claim speaks against the limit, and how firm it is."""
    row = _row(claims, name.removeprefix(_NOT), limit)
    firmness = row["firmness"]
    counts: dict[str, Any] = {key: int(row[key]) for key in ("holds", "draws")}
    told = word("limit.claim", text=row["text"], firmness=word(f"firmness.{firmness}"), **counts)
    return (firmness in _HELD) != name.startswith(_NOT), told


def _mended(row: dict[Any, Any]) -> list[str]:
    """Name the quantities by which the month represents what was missing."""
    known = {*trace_step().flow_names, *trace_step().inputs}
    names = _names(row["represented_by"])
    missing = [name for name in names if name not in known]
    if missing:
        raise CarelabError(f"limit '{row['id']}' names '{missing[0]}', which no month has")
    plain = ", ".join(name.replace("_", " ") for name in names)
    return [word("limit.names", names=plain)] if names else []
