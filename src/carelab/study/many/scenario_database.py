"""Scenarios of a whole class in one table: collected, computed anew, kept, queried.

Results never come from a file. They are computed from the text of each scenario by the engine,
so that all rows of a database are of one model.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from carelab.base import CarelabError
from carelab.base.errors import shown_name
from carelab.base.found_files import Found, find_files, tried
from carelab.base.frozen import ComparedByContent
from carelab.engine import LEVERS, MODEL_VERSION, load_place, run_years
from carelab.evidence import load_quantities
from carelab.study.many.scenario_files import (
    ANSWER_FIELDS,
    PREDICTION_FIELDS,
    UNREADABLE,
    SavedScenario,
    ScenarioFile,
    read_scenario_file,
    same_entry,
)
from carelab.study.many.scenario_store import TABLES, read_database, write_database
from carelab.study.many.sweep import check_arguments

if TYPE_CHECKING:
    import pandas as pd

YEARS = 10
_KEYS = ("scenario", "author", "name", "note", "file", "model_version", "context", "preset", "text")
_DATABASES = (".parquet", ".duckdb")


@dataclass(frozen=True, eq=False)
class Collection(ComparedByContent):
    """What was collected.

    Parameters
    ----------
    scenarios : pandas.DataFrame
        One row per scenario and year: ``scenario`` (from 1), ``author``, ``name``, ``note``,
        ``file``, ``model_version``, ``context``, ``preset``, ``text``, ``year`` (from 1), every
        lever by name, and every quantity of the care economy of the year, as the lab shows it.
    predictions, answers : pandas.DataFrame
        One row each, with ``file`` and ``author`` (the first that the file names).
    problems : tuple of str
        One sentence for each file or entry left out.
    """

    scenarios: "pd.DataFrame"
    predictions: "pd.DataFrame"
    answers: "pd.DataFrame"
    problems: tuple[str, ...]

    def save(self, path: str | Path) -> Path:
        """Write one Parquet file (scenarios) or one DuckDB file (all three tables).

        Raises
        ------
        CarelabError
            When nothing was collected, or the name ends in neither ``.parquet`` nor ``.duckdb``.
        """
        if self.scenarios.empty:
            raise CarelabError("no scenario was collected, so no database was written")
        frames = dict(zip(TABLES, (self.scenarios, self.predictions, self.answers), strict=True))
        return write_database(Path(path), frames)


def _files(places: Iterable[str | Path], output: str | Path | None) -> Found:
    given = [Path(place) for place in places]
    if given and not any(place.exists() for place in given):
        raise CarelabError(f"'{shown_name(given[0].name)}' is neither a file nor a folder")
    return find_files(given, (".json", *_DATABASES), but=[output] if output else [])


def _read(path: Path, name: str) -> ScenarioFile:
    if path.suffix.lower() not in _DATABASES:
        return read_scenario_file(path, name)
    return read_database(path)


def _runs(context: str, texts: Mapping[str, SavedScenario], years: int) -> "pd.DataFrame":
    import numpy as np
    import pandas as pd

    settings = [kept.scenario.levers for kept in texts.values()]
    levers = {name: np.array([each[name] for each in settings], dtype=float) for name in LEVERS}
    names = load_quantities("care_economy")["name"].tolist()
    # All scenarios of a place run side by side; shape (scenarios, years) for each quantity.
    found = list(run_years(load_place(context), levers, years, names))
    spread = np.broadcast_to
    results = {
        name: np.stack([spread(year[name], len(settings)) for year in found], axis=1)
        for name in names
    }
    keys = {"text": np.repeat(np.array(list(texts), dtype=object), years)}
    columns = {
        "year": np.tile(np.arange(1, years + 1), len(settings)),
        **{name: np.repeat(values, years) for name, values in levers.items()},
        **{name: values.ravel() for name, values in results.items()},
    }
    return pd.DataFrame({**keys, **columns})


def _table(kept: list[tuple[SavedScenario, str]], years: int) -> "pd.DataFrame":
    """Compute each different scenario once, and give every author a row of it a year."""
    import pandas as pd

    places: dict[str, dict[str, SavedScenario]] = {}
    rows = []
    for number, (saved, file) in enumerate(kept, start=1):
        scenario, text = saved.scenario, saved.scenario.to_text()
        places.setdefault(scenario.context, {}).setdefault(text, saved)
        told = (saved.author, scenario.name, saved.note, file, MODEL_VERSION)
        rows.append((number, *told, scenario.context, scenario.preset, text))
    index = pd.DataFrame(rows, columns=list(_KEYS))
    if not rows:
        return index
    runs = [_runs(context, texts, years) for context, texts in places.items()]
    table = index.merge(pd.concat(runs, ignore_index=True), on="text", how="left")
    return table.sort_values(["scenario", "year"], kind="stable", ignore_index=True)


def collect_scenarios(
    *places: str | Path, years: int = YEARS, output: str | Path | None = None
) -> Collection:
    """Collect the scenarios of files, folders and earlier databases into one table.

    Parameters
    ----------
    *places : str or Path
        JSON files of labs and notebooks, databases, or folders with any of these, also in
        folders within them.
    years : int
        How long each scenario is run, from 1 to 15.
    output : str or Path, optional
        The database that will be written: met in a folder, it is no input.

    Returns
    -------
    Collection
        Tables, and a sentence for everything left out. The same text by the same author under
        the same name and note counts once; so does the same prediction or answer.

    Raises
    ------
    CarelabError
        When no place exists or the years are out of range.

    Examples
    --------
    >>> from tempfile import TemporaryDirectory
    >>> from carelab.engine import Scenario
    >>> from carelab.study.many.scenario_files import write_scenario_file
    >>> with TemporaryDirectory() as folder:
    ...     kept = [SavedScenario(Scenario("china_county", "anhui"), "Group 1")]
    ...     file = write_scenario_file(f"{folder}/group-1.json", kept)
    ...     table = collect_scenarios(folder, years=2).scenarios
    >>> table[["author", "preset", "year"]].values.tolist()
    [['Group 1', 'anhui', 1], ['Group 1', 'anhui', 2]]
    """
    import pandas as pd

    check_arguments(years, ("reach",), 1)
    kept: dict[tuple[str, ...], tuple[SavedScenario, str]] = {}
    predictions: dict[tuple[Any, ...], dict[str, Any]] = {}
    answers: dict[tuple[Any, ...], dict[str, Any]] = {}
    found = _files(places, output)
    problems = found.told
    for name, path in found.read.items():
        try:
            file = _read(path, name)
        except UNREADABLE as problem:
            problems.append(tried(problem, name))
            continue
        for saved in file.scenarios:
            kept.setdefault(tuple(saved.to_entry().values()), (saved, name))
        # A database holds many authors: each of its entries says whose it is.
        author = "" if path.suffix.lower() in _DATABASES else file.author
        told = {"file": name, "author": author}
        for once, entries in ((predictions, file.predictions), (answers, file.answers)):
            for each in entries:
                row = {**told, **each}
                once.setdefault(same_entry(row), row)
        problems += file.problems
    return Collection(
        _table(list(kept.values()), years),
        pd.DataFrame(predictions.values(), columns=["file", "author", *PREDICTION_FIELDS]),
        pd.DataFrame(answers.values(), columns=["file", "author", *ANSWER_FIELDS]),
        tuple(problems),
    )
