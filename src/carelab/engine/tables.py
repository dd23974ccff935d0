"""Read the engine's own rows of the data files, as plain text; the registry checks the files."""

import csv
from functools import cache

from carelab.base import data_file

ENGINE = "care_economy"


@cache
def rows_of(file: str) -> tuple[dict[str, str], ...]:
    """Return the rows of a table.

    Parameters
    ----------
    file : str
        Name of a file of the data folder.

    Returns
    -------
    tuple of dict of str to str
        One per row; where the file has a column ``model``, only rows of the care economy.

    Examples
    --------
    >>> rows_of("levers.csv")[0]["name"]
    'contract_share'
    """
    with data_file(file).open(encoding="utf-8", newline="") as lines:
        rows = list(csv.DictReader(lines))
    return tuple(row for row in rows if row.get("model", ENGINE) == ENGINE)
