"""Find ids that one file names and no other defines."""

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from carelab.evidence.cases.files import built_in_folder, codes_without_evidence, load_cases
from carelab.evidence.cases.model import Case
from carelab.evidence.registry import load_frames
from carelab.evidence.tables import read_table

if TYPE_CHECKING:
    import pandas as pd

# Our own judgement is a source too, and says so.
OWN_SOURCE = "carelab"


def _missing(file: str, owner: str, ids: Iterable[str], known: set[str]) -> list[str]:
    return [
        f"'{owner}' in {file} names '{each}', which does not exist"
        for each in ids
        if each not in known
    ]


def _case_links(
    folder: Path | None, cases: Mapping[str, Case], known: Mapping[str, set[str]]
) -> list[str]:
    problems = []
    for case in cases.values():
        file = f"cases/{case.id}.yml"
        own = {each.id for each in case.evidence}
        problems += _missing(file, case.id, case.claim_ids, known["evidence"] | own)
        problems += _missing(file, case.id, [case.source], known["sources"])
        problems += unknown_dimensions(case, folder)
        problems += [f"{file}: {each}" for each in codes_without_evidence(case)]
    return problems


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


# For each table: the column that names a row, and of what each other column holds ids.
_LINKS: dict[str, tuple[str, dict[str, str]]] = {
    "claims.csv": ("id", {"source": "sources", "case": "cases"}),
    "indicators.csv": ("id", {"source": "sources"}),
    "common_indicators.csv": ("id", {"source": "sources"}),
    "policy_timeline.csv": (
        "event",
        {"source": "sources", "case": "cases", "claim": "evidence"},
    ),
    "glossary.csv": ("id", {"source": "sources"}),
    "levers.csv": ("name", {"source": "sources", "evidence": "evidence"}),
    "parameters.csv": ("name", {"source": "sources", "evidence": "evidence"}),
    "presets.csv": (
        "preset",
        {"source": "sources", "evidence": "evidence", "lever": "levers", "model": "models"},
    ),
    "quantities.csv": ("name", {"model": "models"}),
    "lab_questions.csv": ("lever", {"lever": "levers"}),
    "lab_stories.csv": (
        "preset",
        {"rule_1": "levers", "rule_2": "levers", "rule_3": "levers"},
    ),
    "frames.csv": ("dimension", {"source": "sources", "evidence": "evidence"}),
    "roles.csv": (
        "role",
        {
            "source": "sources",
            "evidence": "evidence",
            "lever": "levers",
            "context": "contexts",
        },
    ),
    "targets.csv": (
        "id",
        {"source": "sources", "evidence": "evidence", "context": "contexts"},
    ),
    "calibration.csv": ("status", {"source": "sources"}),
    "limits.csv": ("id", {"targets": "targets"}),
    "recoding.csv": ("field", {"case": "coded"}),
    "searches.csv": ("looked_for", {"found": "sources"}),
    "findings.csv": ("finding", {"evidence": "evidence"}),
}


def _known(tables: dict[str, "pd.DataFrame"], cases: Iterable[str]) -> dict[str, set[str]]:
    """Return what is defined, by kind."""
    evidence = {*tables["claims.csv"]["id"], *tables["indicators.csv"]["id"]}
    return {
        "sources": {*tables["sources.csv"]["key"], OWN_SOURCE},
        "cases": {*cases, "general"},
        "evidence": evidence,
        "levers": {*tables["levers.csv"]["name"]},
        "models": {*tables["levers.csv"]["model"]},
        "contexts": {*tables["parameters.csv"]["context"]},
        "targets": {*tables["targets.csv"]["id"]},
        "coded": {*cases, *tables["claims.csv"]["id"]},
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
    tables = {file: read_table(file, folder) for file in ("sources.csv", *_LINKS)}
    cases = load_cases(folder / "cases" if folder else built_in_folder())
    known = _known(tables, cases)
    problems = _case_links(folder, cases, known)
    for file, (owner, columns) in _LINKS.items():
        for column, kind in columns.items():
            for name, cell in zip(tables[file][owner], tables[file][column], strict=True):
                ids = cell.split("; ") if cell else []
                problems += _missing(file, name, ids, known[kind])
    return problems
