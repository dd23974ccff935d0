"""Find ids that one file names and no other defines."""

from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING

from carelab.evidence.cases.files import built_in_folder, codes_without_evidence, load_cases
from carelab.evidence.cases.model import Case
from carelab.evidence.literature import load_findings, load_searches
from carelab.evidence.registry import (
    load_claims,
    load_common_indicators,
    load_frames,
    load_glossary,
    load_indicators,
    load_levers,
    load_parameters,
    load_presets,
    load_roles,
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
    for case in _project_cases(folder).values():
        file, ids = f"cases/{case.id}.yml", case.claim_ids
        own = {each.id for each in case.evidence}
        problems += _missing(file, [case.id] * len(ids), ids, known | own)
        problems += _missing(file, [case.id], [case.source], keys)
        problems += unknown_dimensions(case, folder)
        problems += [f"{file}: {each}" for each in codes_without_evidence(case)]
    return problems


def _literature_links(folder: Path | None, known: set[str], keys: set[str]) -> list[str]:
    problems = []
    for _, row in load_searches(folder).iterrows():
        ids = row["found"].split("; ") if row["found"] else []
        problems += _missing("searches.csv", [row["looked_for"]] * len(ids), ids, keys)
    for _, row in load_findings(None, folder).iterrows():
        ids = row["evidence"].split("; ")
        problems += _missing("findings.csv", [row["finding"]] * len(ids), ids, known)
    return problems


def _project_cases(folder: Path | None) -> dict[str, Case]:
    return load_cases(folder / "cases" if folder else built_in_folder())


def unknown_dimensions(case: Case, folder: Path | None = None) -> list[str]:
    """List codes of a case on dimensions that no frame has.

    >>> from carelab.evidence import load_case
    >>> unknown_dimensions(load_case("anhui"))
    []
    """
    frames = load_frames(folder=folder)
    known = set(frames["frame"] + "." + frames["dimension"])
    return [
        f"'{case.id}' in cases/{case.id}.yml codes '{each}', which is a dimension of no frame"
        for each in case.frames
        if each not in known
    ]


def _tables(folder: Path | None) -> dict[str, tuple["pd.DataFrame", str]]:
    """Return every table that names sources, with the column that names its rows."""
    return {
        "claims.csv": (load_claims(folder=folder), "id"),
        "indicators.csv": (load_indicators(folder=folder), "id"),
        "common_indicators.csv": (load_common_indicators(folder=folder), "id"),
        "policy_timeline.csv": (load_timeline(folder=folder), "event"),
        "glossary.csv": (load_glossary(folder), "id"),
        "levers.csv": (load_levers(folder=folder), "name"),
        "parameters.csv": (load_parameters(folder=folder), "name"),
        "presets.csv": (load_presets(folder=folder), "preset"),
        "frames.csv": (load_frames(folder=folder), "dimension"),
        "roles.csv": (load_roles(folder=folder), "lever"),
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
    cases = {*_project_cases(folder), "general"}
    tables = _tables(folder)
    known = {each for name in ("claims.csv", "indicators.csv") for each in tables[name][0]["id"]}
    problems = _case_links(folder, known, keys)
    problems += _literature_links(folder, known, keys)
    holders = tables["roles.csv"][0]
    levers = set(tables["levers.csv"][0]["name"])
    problems += _missing("roles.csv", holders["role"], holders["lever"], levers)
    for file, (frame, owner) in tables.items():
        problems += _missing(file, frame[owner], frame["source"], keys)
        if "case" in frame:
            problems += _missing(file, frame[owner], frame["case"], cases)
        for column in ("claim", "evidence"):
            if column in frame:
                named = frame[frame[column] != ""]
                for value, row in zip(named[column], named[owner], strict=True):
                    ids = value.split("; ")
                    problems += _missing(file, [row] * len(ids), ids, known)
    return problems
