"""The levers of every model, from their one table, and the one sentence that refuses a setting."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from numbers import Real
from typing import Any, TypeGuard

from carelab.base.errors import CarelabError
from carelab.base.frozen import FrozenMap
from carelab.base.tables import table_rows

# The model whose levers are meant where none is named.
CARE_ECONOMY = "care_economy"
_TABLE = "levers.csv"


@dataclass(frozen=True)
class Lever:
    """What a row of ``levers.csv`` says of a lever that a machine needs.

    Parameters
    ----------
    name, unit : str
        Name in code, and in what it is measured.
    low, high, step, default : float
        Range, step of the slider, and setting where nothing else is said.
    phase : str
        What starts it: ``payment``, ``service``, ``fund``, ``timing``; empty in a small model.
    map_place, first_place : int
        Its place on the causal map, and among the levers that a lab shows where its chapter names
        none; 0 for none.
    thresholds : tuple of tuple of str
        Kind, quantity and quantity taken off: where their difference crosses zero, the lab marks
        the lever.
    new_money_above : float or None
        Setting above which it brings money from outside.
    """

    name: str
    unit: str
    low: float
    high: float
    step: float
    default: float
    phase: str
    map_place: int
    first_place: int
    thresholds: tuple[tuple[str, str, str], ...]
    new_money_above: float | None

    @property
    def is_counted(self) -> bool:
        """Whether it moves in whole steps only, as bodies, months and years do."""
        return self.step >= 1

    def allows(self, value: Any) -> Any:
        """Tell whether a number, or which of an array of numbers, may be set."""
        inside = (value >= self.low) & (value <= self.high)
        return inside & ((value - self.low) % self.step == 0) if self.is_counted else inside

    def on_step(self, value: Any) -> Any:
        """Return the nearest setting that a counted lever has; another keeps its value."""
        if not self.is_counted:
            return value
        return self.low + (value - self.low + self.step / 2) // self.step * self.step

    @property
    def allowed(self) -> str:
        """What may be set, in words."""
        steps = f" in steps of {self.step:g}" if self.is_counted else ""
        return f"{self.low:g} to {self.high:g}{steps}"


def _thresholds(cell: str) -> Iterator[tuple[str, str, str]]:
    """Read ``prevention: gain; retention: gain - margin``, or names of quantities alone."""
    for part in filter(None, (each.strip() for each in cell.split(";"))):
        kind, _, difference = part.rpartition(": ")
        quantity, _, taken_off = difference.partition(" - ")
        yield kind, quantity, taken_off


def _lever(row: Mapping[str, str]) -> Lever:
    return Lever(
        name=row["name"],
        unit=row["unit"],
        low=float(row["low"]),
        high=float(row["high"]),
        step=float(row["step"]),
        default=float(row["default"]),
        phase=row["phase"],
        map_place=int(row["map_place"] or 0),
        first_place=int(row["first_place"] or 0),
        thresholds=tuple(_thresholds(row["threshold"])),
        new_money_above=float(row["new_money_above"]) if row["new_money_above"] else None,
    )


@cache
def levers_of(model: str = CARE_ECONOMY) -> Mapping[str, Lever]:
    """Return the levers of a model by name, in the order of the table.

    >>> list(levers_of("retention"))[:2]
    ['contract_share', 'surplus_kept_share']
    >>> levers_of()["bodies_under_cap"].allowed
    '1 to 10 in steps of 1'
    """
    found = {}
    for row in table_rows(_TABLE):
        if row["model"] == model:
            try:
                found[row["name"]] = _lever(row)
            except ValueError as error:
                raise CarelabError(f"file '{_TABLE}', lever '{row['name']}': {error}") from None
    return FrozenMap(found)


def _is_number(value: object) -> TypeGuard[float]:
    return isinstance(value, Real) and not isinstance(value, bool)


def _shown(value: object) -> str:
    return f"{float(value):.10g}" if _is_number(value) else repr(value)[:60]


def lever_refusal(name: object, value: object, model: str = CARE_ECONOMY, where: str = "") -> str:
    """Say why a lever may not be set to a value.

    >>> lever_refusal("contract_share", True)
    "lever 'contract_share' is True; allowed is 0 to 1"
    >>> lever_refusal("bodies_under_cap", 2.5)
    "lever 'bodies_under_cap' is 2.5; allowed is 1 to 10 in steps of 1"
    >>> lever_refusal("contract_share", 0.5)
    ''
    """
    levers = levers_of(model)
    if not isinstance(name, str) or name not in levers:
        return f"lever '{str(name)[:60]}' is unknown; known are {', '.join(levers)}"
    if _is_number(value) and levers[name].allows(value):
        return ""
    return f"lever '{name}' is {_shown(value)}{where}; allowed is {levers[name].allowed}"


def check_levers(levers: Mapping[str, Any], model: str = CARE_ECONOMY) -> None:
    """Refuse an unknown lever, and a value that is no number, out of range or between steps.

    >>> check_levers({"contract_share": 1.4})
    Traceback (most recent call last):
    carelab.base.errors.CarelabError: lever 'contract_share' is 1.4; allowed is 0 to 1
    """
    for name, value in levers.items():
        if refusal := lever_refusal(name, value, model):
            raise CarelabError(refusal)
