"""Read a CSV table: plain text in, typed frame out, one clear sentence when it is bad."""

from pathlib import Path
from typing import TYPE_CHECKING

from carelab.base import CarelabError, data_file, load_manifest, project_root
from carelab.base.checksums import with_version
from carelab.base.tables import read_cells

if TYPE_CHECKING:
    import pandas as pd

# A spreadsheet runs a cell that starts with one of these.
_FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")


def _is_number(text: str) -> bool:
    try:
        float(text)
    except ValueError:
        return False
    return True


def _refuse(file: str, row: int, column: str, value: str, allowed: str) -> CarelabError:
    shown = value if len(value) <= 60 else value[:57] + "..."
    return CarelabError(
        f"file '{file}' row {row} column '{column}': the value {shown!r} is not allowed; {allowed}"
    )


def _check_cells(file: str, header: list[str], rows: list[list[str]]) -> None:
    for number, row in enumerate(rows, start=2):
        for column, cell in zip(header, row, strict=True):
            if "\0" in cell:
                raise _refuse(file, number, column, cell, "a cell may not hold a null byte")
            if cell.startswith(_FORMULA_STARTS) and not _is_number(cell):
                raise _refuse(
                    file, number, column, cell, "text may not start with = + - @ tab or return"
                )


def read_table(name: str, folder: Path | None = None) -> "pd.DataFrame":
    """Read a table of the data folder, checked against its manifest and schema.

    >>> read_table("claims.csv").columns[0]
    'id'
    """
    import pandas as pd

    from carelab.evidence.schemas import validate

    path = data_file(name, folder)
    manifest = load_manifest(name, folder)
    header, rows = read_cells(path)
    if tuple(header) != manifest.column_names:
        raise CarelabError(
            f"file '{path.name}' row 1: the columns are {', '.join(header)}; its manifest names"
            f" {', '.join(manifest.column_names)}"
        )
    _check_cells(path.name, header, rows)
    frame = pd.DataFrame(rows, columns=header, dtype="str")
    for column in manifest.columns:
        if column["dtype"] == "number":
            frame[column["name"]] = _numbers(path.name, frame[column["name"]])
    validate(path.name, frame)
    return with_version(frame) if folder is None else frame


def _numbers(file: str, cells: "pd.Series") -> "pd.Series":
    import pandas as pd

    values = pd.to_numeric(cells.where(cells != "", "nan"), errors="coerce")
    wrong = values.isna() & ~cells.str.lower().isin(["", "nan"])
    infinite = values.isin([float("inf"), float("-inf")])
    for row in frame_rows(wrong | infinite):
        raise _refuse(
            file, row + 2, str(cells.name), cells.iloc[row], "a finite number or an empty cell"
        )
    return values


def frame_rows(mask: "pd.Series") -> list[int]:
    """Return the positions at which a mask is true.

    >>> import pandas as pd
    >>> frame_rows(pd.Series([False, True]))
    [1]
    """
    return [position for position, hit in enumerate(mask.tolist()) if hit]


def is_built_in_case(name: str) -> bool:
    """Tell whether the project has a case of this name.

    >>> is_built_in_case("kinzigtal")
    True
    """
    return name in {path.stem for path in (project_root() / "data" / "cases").glob("*.yml")}


def only_rows(frame: "pd.DataFrame", column: str, value: str | None) -> "pd.DataFrame":
    """Keep the rows of a table that have a value; all of them where none is asked for.

    >>> len(only_rows(read_table("frames.csv"), "frame", "who"))
    5
    """
    if value is None:
        return frame
    if not isinstance(value, str):
        raise CarelabError(f"{column} is {str(value)[:60]!r}; allowed is one text, or nothing")
    kept = frame[frame[column] == value]
    if kept.empty:
        known = ", ".join(sorted(frame[column].unique())[:40])
        raise CarelabError(f"{column} '{value}' is unknown; known are {known}")
    return kept.reset_index(drop=True)
