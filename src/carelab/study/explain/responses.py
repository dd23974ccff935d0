"""One quantity of a month against one thing that the month reads, all else as it is."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from carelab.base import CarelabError
from carelab.engine import Scenario, lever_ranges, load_place, month_of
from carelab.engine.recorded import input_names
from carelab.engine.simulate import clock
from carelab.engine.tables import rows_of

if TYPE_CHECKING:
    import numpy as np

# Late enough for every reform of the presets to be complete, and no month of a settlement.
_MONTH = 60


def input_range(name: str) -> tuple[float, float]:
    """Return the range of a lever or parameter of the care economy.

    >>> input_range("contract_share")
    (0.0, 1.0)
    """
    if name in lever_ranges():
        return lever_ranges()[name][:2]
    for row in rows_of("parameters.csv"):
        if row["name"] == name:
            return float(row["low"]), float(row["high"])
    raise CarelabError(f"'{name}' has no range of its own; give one, such as between=(0, 1)")


def month_response(
    scenario: Scenario,
    outcome: str,
    along: str,
    values: Any,
    held: Mapping[str, float] | None = None,
) -> "np.ndarray[Any, Any]":
    """Return a quantity of one month against an input of it, from the place at rest.

    The reform is in full force and nothing has answered yet: what shows is the direct effect
    within the month, not what follows over the years.

    >>> base = Scenario("china_county", "anhui")
    >>> alone, merged = month_response(base, "draw_rise", "governance_share", [0.0, 1.0])
    >>> bool(alone > merged)
    True
    """
    import numpy as np

    place = load_place(scenario.context)
    lag = place.parameters["settlement_lag_months"]
    inputs = {**place.fixed_inputs, **scenario.levers, **place.stocks, **clock(_MONTH, lag)}
    points = np.asarray(values, float)
    changed: dict[str, Any] = {**(held or {}), along: points}
    unknown = [name for name in changed if name not in input_names()]
    if unknown:
        raise CarelabError(f"the month reads no input named '{unknown[0]}'")
    flows = month_of({**inputs, **changed})
    if outcome not in flows:
        raise CarelabError(f"the month works out no quantity named '{outcome}'")
    return np.broadcast_to(np.asarray(flows[outcome], float), points.shape)
