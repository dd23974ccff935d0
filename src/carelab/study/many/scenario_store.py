"""A database of scenarios on disk: one Parquet file, or one DuckDB file with three tables."""

import errno
import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

from carelab.base import CarelabError
from carelab.base.whole_files import write_whole, written_beside
from carelab.engine import MODEL_VERSION
from carelab.study.many.scenario_files import (
    FORMAT,
    ScenarioFile,
    read_entries,
)

if TYPE_CHECKING:
    from collections.abc import Mapping

    import pandas as pd

TABLES = ("scenarios", "predictions", "answers")
_ENTRY = ["name", "note", "author", "text"]
_KEY = b"carelab_scenarios"
# Scenarios of a whole school, not of one pupil.
MOST_KEPT = 200_000


def _duckdb() -> Any:
    try:
        import duckdb
    except ImportError:
        raise CarelabError("this needs DuckDB; install the package duckdb") from None
    return duckdb


def check_target(path: Path) -> None:
    """Refuse a place where no database can be written, before anything is computed.

    Parameters
    ----------
    path : Path
        Where it shall be.

    Raises
    ------
    CarelabError
        When the name ends in neither ``.parquet`` nor ``.duckdb``, its folder does not exist, or
        DuckDB is needed and not installed.

    Examples
    --------
    >>> check_target(Path("class.csv"))
    Traceback (most recent call last):
    carelab.base.errors.CarelabError: 'class.csv' is no database; allowed are .parquet and
    .duckdb
    """
    if path.suffix.lower() not in (".parquet", ".duckdb"):
        raise CarelabError(f"'{path.name}' is no database; allowed are .parquet and .duckdb")
    if not path.parent.is_dir():
        raise CarelabError(f"folder '{path.parent.name}' does not exist")
    if path.is_dir():
        raise CarelabError(f"'{path.name}' is a folder; name a file")
    if path.suffix.lower() == ".duckdb":
        _duckdb()


def write_database(path: Path, frames: "Mapping[str, pd.DataFrame]") -> Path:
    """Write a database whole or not at all.

    Parameters
    ----------
    path : Path
        Its name ends in ``.parquet`` (only the scenarios are kept) or ``.duckdb`` (all tables).
    frames : mapping of str to pandas.DataFrame
        By name in `TABLES`.

    Returns
    -------
    Path
        The file.

    Raises
    ------
    CarelabError
        When the name ends otherwise, or DuckDB is needed and not installed.

    Examples
    --------
    >>> from tempfile import TemporaryDirectory
    >>> import pandas as pd
    >>> text = "carelab/2/uk_place/uk_before"
    >>> row = {"scenario": 1, "name": "As it was", "note": "", "author": "Li", "text": text}
    >>> with TemporaryDirectory() as folder:
    ...     file = write_database(Path(folder) / "a.parquet", {"scenarios": pd.DataFrame([row])})
    ...     read_database(file).scenarios[0].author
    'Li'
    """
    check_target(path)
    writers = {".parquet": _write_parquet, ".duckdb": _write_duckdb}
    writers[path.suffix.lower()](path, frames)
    return path


def _write_parquet(path: Path, frames: "Mapping[str, pd.DataFrame]") -> None:
    import pyarrow as pa
    import pyarrow.parquet as pq

    table = pa.Table.from_pandas(frames["scenarios"], preserve_index=False)
    about = json.dumps({"format": FORMAT, "model_version": MODEL_VERSION}).encode()
    table = table.replace_schema_metadata({**(table.schema.metadata or {}), _KEY: about})
    write_whole(path, lambda file: pq.write_table(table, file, compression="zstd"))


def _sum_of(connection: Any, name: str) -> tuple[int, int]:
    """Count the rows of a table and add up their content, which reads every one of them."""
    asked = f"SELECT count(*), bit_xor(hash(each)) FROM {name} each"
    ((rows, content),) = connection.sql(asked).fetchall()
    return rows, content


def _write_duckdb(path: Path, frames: "Mapping[str, pd.DataFrame]") -> None:
    duckdb = _duckdb()
    try:
        with written_beside(path) as part:
            with duckdb.connect(str(part)) as connection:
                for name in TABLES:
                    connection.register("given", frames[name].convert_dtypes())
                    connection.execute(f"CREATE TABLE {name} AS SELECT * FROM given")
                    connection.unregister("given")
                written = {name: _sum_of(connection, name) for name in TABLES}
                connection.execute("CHECKPOINT")
            # Closing does not tell whether all of it reached the disk.
            if part.with_name(f"{part.name}.wal").exists():
                raise OSError(errno.ENOSPC, "it was closed before all of it was on the disk")
            with duckdb.connect(str(part), read_only=True) as connection:
                if written != {name: _sum_of(connection, name) for name in TABLES}:
                    raise OSError(errno.EIO, "what was read back is not what was written")
    except duckdb.Error as problem:
        reason = str(problem).splitlines()[0]
        kept = "; the earlier file is as it was" if path.is_file() else ""
        raise CarelabError(f"'{path.name}' cannot be written: {reason}{kept}") from None
    # What an earlier database left unfinished is of that one, and would be read into this.
    path.with_name(f"{path.name}.wal").unlink(missing_ok=True)


def _connect(path: Path) -> Any:
    """Open a database for reading, its tables under their names."""
    duckdb = _duckdb()
    if path.suffix.lower() == ".duckdb":
        return duckdb.connect(str(path), read_only=True)
    connection = duckdb.connect()
    connection.read_parquet(str(path)).create_view("scenarios")
    return connection


def _model_versions(path: Path) -> set[str]:
    """Return the versions of the model that a database is of."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    foreign = CarelabError(f"file '{path.name}' is no database of scenarios")
    if path.suffix.lower() == ".parquet":
        try:
            about = json.loads((pq.read_metadata(path).metadata or {})[_KEY])
        except (OSError, pa.ArrowException, KeyError, ValueError):
            raise foreign from None
        return {str(about.get("model_version"))}
    try:
        with _connect(path) as connection:
            found = connection.sql("SELECT DISTINCT model_version FROM scenarios").fetchall()
    except _duckdb().Error:
        raise foreign from None
    return {str(version) for (version,) in found}


def _check(path: Path) -> None:
    if not path.is_file():
        raise CarelabError(f"file '{path.name}' does not exist")
    other = _model_versions(path) - {MODEL_VERSION}
    if other:
        raise CarelabError(
            f"file '{path.name}' was made with model version {min(other)};"
            f" this is version {MODEL_VERSION}"
        )


def load_scenarios(path: str | Path, query: str | None = None) -> "pd.DataFrame":
    """Read a database of scenarios, or ask it in SQL.

    Parameters
    ----------
    path : str or Path
        A file made by ``Collection.save`` or ``run.py collect``.
    query : str, optional
        SQL over the table ``scenarios`` (in a DuckDB file also ``predictions`` and ``answers``),
        answered by DuckDB.

    Returns
    -------
    pandas.DataFrame
        One row per scenario and year, or the answer.

    Raises
    ------
    CarelabError
        When the file is no such database or of another model, the query is wrong, or DuckDB is
        needed and not installed.

    Examples
    --------
    >>> load_scenarios("nowhere.parquet")
    Traceback (most recent call last):
    carelab.base.errors.CarelabError: file 'nowhere.parquet' does not exist
    """
    import pandas as pd

    file = Path(path)
    _check(file)
    if query is None and file.suffix.lower() == ".parquet":
        return pd.read_parquet(file)
    error = _duckdb().Error
    try:
        with _connect(file) as connection:
            frame: pd.DataFrame = connection.sql(query or "SELECT * FROM scenarios").df()
    except error as problem:
        first = str(problem).splitlines()[0]
        raise CarelabError(f"file '{file.name}' cannot answer: {first}") from None
    return frame


def read_database(path: Path) -> ScenarioFile:
    """Read what people entered into a database back; its results are left behind.

    Parameters
    ----------
    path : Path
        A file made by `write_database`.

    Returns
    -------
    ScenarioFile
        Scenarios, and in a DuckDB file predictions and answers.

    Raises
    ------
    CarelabError
        When the file is no such database or of another model.

    Examples
    --------
    >>> read_database(Path("nowhere.duckdb"))
    Traceback (most recent call last):
    carelab.base.errors.CarelabError: file 'nowhere.duckdb' does not exist
    """
    names = ", ".join(_ENTRY)
    ordered = f"SELECT {names} FROM scenarios GROUP BY scenario, {names} ORDER BY scenario"
    if path.suffix.lower() == ".parquet":
        table = load_scenarios(path).drop_duplicates("scenario")[_ENTRY]
        return read_entries({"scenarios": table.to_dict("records")}, path.name, MOST_KEPT)
    content = {"scenarios": load_scenarios(path, ordered)}
    for name in ("predictions", "answers"):
        content[name] = load_scenarios(path, f"SELECT * FROM {name}")
    records = {
        name: frame.astype(object).where(frame.notna(), None).to_dict("records")
        for name, frame in content.items()
    }
    for each in records["predictions"]:
        each["revealed"] = {name: each.pop(f"shown_{name}", None) for name in ("before", "after")}
    return read_entries(records, path.name, MOST_KEPT, more=("author", "file"))
