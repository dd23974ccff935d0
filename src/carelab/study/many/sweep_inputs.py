"""What is swept: columns of lever settings, checked and hashed before anything runs."""

import hashlib
from typing import TYPE_CHECKING, Any

import numpy as np

from carelab.base import CarelabError
from carelab.base.levers import lever_refusal, levers_of
from carelab.engine import LEVERS
from carelab.engine.simulate import check_years
from carelab.evidence import load_quantities

if TYPE_CHECKING:
    from collections.abc import Mapping

    import pandas as pd

Columns = dict[str, np.ndarray[Any, Any]]
_CHECKED_AT_ONCE = 65_536


def lever_columns(levers: "pd.DataFrame | Mapping[str, Any]") -> Columns:
    """Return one column per lever, in the engine's order and without copying what is given.

    Parameters
    ----------
    levers : pandas.DataFrame or mapping of str to array or float
        One value per scenario; a single number holds for all.

    Returns
    -------
    dict of str to array
        Columns of one length.

    Raises
    ------
    CarelabError
        When a lever is unknown, not numeric or of another length.

    Examples
    --------
    >>> {name: values.tolist() for name, values in lever_columns(
    ...     {"surplus_kept_share": [0, 1], "contract_share": 0.5}).items()}
    {'contract_share': [0.5, 0.5], 'surplus_kept_share': [0, 1]}
    """
    given: Columns = {str(name): np.asarray(values) for name, values in levers.items()}
    for name, values in given.items():
        if name not in LEVERS:
            raise CarelabError(lever_refusal(name, None))
        if values.ndim > 1 or values.dtype.kind not in "iuf":
            raise CarelabError(f"lever '{name}' is not a column of numbers")
    sizes = {values.size for values in given.values() if values.ndim == 1} or {min(1, len(given))}
    if len(sizes) > 1 or 0 in sizes:
        shown = ", ".join(map(str, sorted(sizes)))
        raise CarelabError(f"levers have {shown} values; allowed is one length, at least 1")
    return {name: np.broadcast_to(given[name], tuple(sizes)) for name in LEVERS if name in given}


def inputs_sha256(columns: Columns) -> str:
    """Hash the settings piece by piece, and refuse a value out of range.

    Parameters
    ----------
    columns : dict of str to array
        As from `lever_columns`.

    Returns
    -------
    str
        64 hexadecimal digits.

    Raises
    ------
    CarelabError
        Naming lever, value, scenario and what is allowed.

    Examples
    --------
    >>> inputs_sha256(lever_columns({"ratchet_share": [0.5, 2.0]}))
    Traceback (most recent call last):
    carelab.base.errors.CarelabError: lever 'ratchet_share' is 2 in scenario 1;
    allowed is 0 to 1
    """
    total = hashlib.sha256()
    for name, values in columns.items():
        lever = levers_of()[name]
        total.update(f"{name}\0".encode())
        for first in range(0, len(values), _CHECKED_AT_ONCE):
            piece = values[first : first + _CHECKED_AT_ONCE].astype("<f8")
            bad = ~lever.allows(piece)
            if bad.any():
                place = int(bad.argmax())
                where = f" in scenario {first + place}"
                raise CarelabError(lever_refusal(name, float(piece[place]), where=where))
            total.update(piece.tobytes())
    return total.hexdigest()


def check_arguments(years: int, outcomes: tuple[str, ...], block: int) -> None:
    """Refuse a length, an outcome or a block that cannot be.

    Parameters
    ----------
    years : int
        From 1 to 15.
    outcomes : tuple of str
        Names in ``quantities.csv``, each once.
    block : int
        From 1.

    Raises
    ------
    CarelabError
        Naming the argument, its value and what is allowed.

    Examples
    --------
    >>> check_arguments(10, ("reach",), 0)
    Traceback (most recent call last):
    carelab.base.errors.CarelabError: block is 0; allowed is a whole number from 1
    """
    check_years(years)
    if not isinstance(block, int) or block < 1:
        raise CarelabError(f"block is {block!r}; allowed is a whole number from 1")
    known = load_quantities("care_economy")["name"].tolist()
    for name in outcomes:
        if name not in known:
            raise CarelabError(f"outcome '{name}' is unknown; known are {', '.join(known)}")
    if not outcomes or len(set(outcomes)) < len(outcomes):
        raise CarelabError(f"outcomes are {list(outcomes)}; allowed is at least one, each once")
