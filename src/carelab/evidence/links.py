"""Find ids that one file names and no other defines."""

from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING

from carelab.evidence.cases import load_cases
from carelab.evidence.registry import (
    load_claims,
    load_glossary,
    load_indicators,
    load_levers,
    load_parameters,
    load_presets,
    load_sources,
    load_timeline,
)

if TYPE_CHECKING:
    import pandas as pd

# Our own judgement is a source too, and says so.
OWN_SOURCE = "carelab"


def _missing(file: str, owners: Iterable[str], ids: Iterable[str], known: set[str]) -> list[str]:
    return [
        f"'{owner}' in {file} names '{each}', which does not exist"
        for owner, each in zip(owners, ids, strict=True)
        if each not in known
    ]


def _case_links(folder: Path | None, known: set[str], keys: set[str]) -> list[str]:
    problems = []
    for case in load_cases(folder / "cases" if folder else None).values():
        file, ids = f"cases/{case.id}.yml", case.claim_ids
        problems += _missing(file, [case.id] * len(ids), ids, known)
        problems += _missing(file, [case.id], [case.source], keys)
    return problems


def _tables(folder: Path | None) -> dict[str, tuple["pd.DataFrame", str]]:
    """Return every table that names sources, with the column that names its rows."""
    return {
        "claims.csv": (load_claims(folder=folder), "id"),
        "indicators.csv": (load_indicators(folder=folder), "id"),
        "policy_timeline.csv": (load_timeline(folder=folder), "event"),
        "glossary.csv": (load_glossary(folder), "id"),
        "levers.csv": (load_levers(folder=folder), "name"),
        "parameters.csv": (load_parameters(folder=folder), "name"),
        "presets.csv": (load_presets(folder=folder), "preset"),
    }


def broken_links(folder: Path | None = None) -> list[str]:
    """List every id that is named somewhere and defined nowhere.

    Parameters
    ----------
    folder : Path, optional
        Another data folder.

    Returns
    -------
    list of str
        One sentence each; empty when all is well.

    Examples
    --------
    >>> broken_links()
    []
    """
    keys = set(load_sources(folder)["key"]) | {OWN_SOURCE}
    cases = {*load_cases(folder / "cases" if folder else None), "general"}
    tables = _tables(folder)
    known = {each for name in ("claims.csv", "indicators.csv") for each in tables[name][0]["id"]}
    problems = _case_links(folder, known, keys)
    for file, (frame, owner) in tables.items():
        problems += _missing(file, frame[owner], frame["source"], keys)
        if "case" in frame:
            problems += _missing(file, frame[owner], frame["case"], cases)
        for column in ("claim", "evidence"):
            if column in frame:
                named = frame[frame[column] != ""]
                problems += _missing(file, named[owner], named[column], known)
    return problems
