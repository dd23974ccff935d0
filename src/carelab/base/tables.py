"""Read a CSV table as it stands: header and cells as text, or one clear sentence.

What a table means is checked above: the registry has its schemas, the engine its numbers.
"""

import csv
import io
from collections.abc import Mapping
from functools import cache
from pathlib import Path

from carelab.base.errors import CarelabError
from carelab.base.frozen import FrozenMap
from carelab.base.paths import data_file
from carelab.base.yaml_files import read_text

_LARGEST_BYTES = 20_000_000


def read_cells(path: Path) -> tuple[list[str], list[list[str]]]:
    """Read the header and the rows of a table.

    >>> read_cells(data_file("levers.csv"))[0][:2]
    ['model', 'name']
    """
    text = read_text(path, largest_bytes=_LARGEST_BYTES)
    try:
        rows = [row for row in csv.reader(io.StringIO(text), strict=True) if row]
    except csv.Error as error:
        raise CarelabError(f"file '{path.name}' is not a valid CSV table: {error}") from None
    if not rows:
        raise CarelabError(f"file '{path.name}' is empty; it needs a header line")
    header = rows[0]
    for number, row in enumerate(rows[1:], start=2):
        if len(row) != len(header):
            raise CarelabError(
                f"file '{path.name}' row {number} has {len(row)} cells;"
                f" the header has {len(header)}"
            )
    return header, rows[1:]


@cache
def table_rows(name: str) -> tuple[Mapping[str, str], ...]:
    """Return the rows of a table of the project's data, read once.

    >>> table_rows("levers.csv")[0]["name"]
    'contract_share'
    """
    header, rows = read_cells(data_file(name))
    return tuple(FrozenMap(dict(zip(header, row, strict=True))) for row in rows)
