"""The engine's own rows of the data files, as plain text; the registry checks the files."""

from collections.abc import Mapping
from functools import cache

from carelab.base.levers import CARE_ECONOMY
from carelab.base.tables import table_rows

ENGINE = CARE_ECONOMY


@cache
def rows_of(file: str) -> tuple[Mapping[str, str], ...]:
    """Return the rows of a table.

    >>> rows_of("levers.csv")[0]["name"]
    'contract_share'
    """
    return tuple(row for row in table_rows(file) if row.get("model", ENGINE) == ENGINE)
