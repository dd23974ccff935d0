"""The tables that take too long to make at every reading, and are therefore stored."""

from typing import TYPE_CHECKING

from carelab.base import CarelabError
from carelab.evidence.tables import read_table
from carelab.study.trust.calibration import fitted_parameters_table, fitted_targets_table
from carelab.study.trust.fair_score import fair_scores_table
from carelab.study.trust.history import history_table
from carelab.study.trust.possible_places import possible_places_table
from carelab.study.trust.preset_checks import preset_checks_table
from carelab.study.trust.robustness import claims_robustness
from carelab.study.trust.sensitivity import parameter_sensitivity

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    import pandas as pd

MAKERS: "Mapping[str, Callable[[], pd.DataFrame]]" = {
    "possible_places": possible_places_table,
    "robustness": claims_robustness,
    "sensitivity": parameter_sensitivity,
    "fair_scores": fair_scores_table,
    "fitted_parameters": fitted_parameters_table,
    "fitted_targets": fitted_targets_table,
    "preset_checks": preset_checks_table,
    "history": history_table,
}


def _known(name: str) -> str:
    if name not in MAKERS:
        raise CarelabError(f"table '{name}' is not stored; stored are {', '.join(MAKERS)}")
    return name


def make_table(name: str) -> "pd.DataFrame":
    """Make a stored table anew; it takes a minute.

    >>> make_table("weather")
    Traceback (most recent call last):
    carelab.base.errors.CarelabError: table 'weather' is not stored; stored are \
possible_places, robustness, sensitivity, fair_scores, fitted_parameters, fitted_targets, \
preset_checks, history
    """
    return MAKERS[_known(name)]()


def stored_table(name: str) -> "pd.DataFrame":
    """Read a stored table.

    Parameters
    ----------
    name : str
        ``possible_places``, ``robustness``, ``sensitivity``, ``fair_scores``,
        ``fitted_parameters``, ``fitted_targets``, ``preset_checks`` or ``history``.

    Returns
    -------
    pandas.DataFrame
        As from `make_table`; numbers to five significant digits.

    Raises
    ------
    CarelabError
        When no such table is stored, or its file is bad.

    Examples
    --------
    >>> stored_table("robustness")["draws"].unique().tolist()
    [2000]
    """
    return read_table(f"{_known(name)}.csv")
