"""Do all the ids that one file names exist in another?"""

from collections.abc import Iterable
from pathlib import Path

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

# Our own judgement is a source too, and says so.
OWN_SOURCE = "carelab"


def _missing(file: str, owners: Iterable[str], ids: Iterable[str], known: set[str]) -> list[str]:
    return [
        f"'{owner}' in {file} names '{each}', which does not exist"
        for owner, each in zip(owners, ids, strict=True)
        if each not in known
    ]


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
    claims = load_claims(folder=folder)
    indicators = load_indicators(folder=folder)
    known = set(claims["id"]) | set(indicators["id"])
    cases = load_cases(folder / "cases" if folder else None)
    timeline = load_timeline(folder=folder)
    problems = _missing("claims.csv", claims["id"], claims["case"], {*cases, "general"})
    problems += _missing("policy_timeline.csv", timeline["event"], timeline["claim"], known)
    problems += _missing(
        "policy_timeline.csv", timeline["event"], timeline["case"], {*cases, "general"}
    )
    for case in cases.values():
        count = len(case.claim_ids)
        problems += _missing(f"cases/{case.id}.yml", [case.id] * count, case.claim_ids, known)
        problems += _missing(f"cases/{case.id}.yml", [case.id], [case.source], keys)
    tables = {
        "claims.csv": (claims, "id"),
        "indicators.csv": (indicators, "id"),
        "policy_timeline.csv": (timeline, "event"),
        "glossary.csv": (load_glossary(folder), "id"),
        "levers.csv": (load_levers(folder=folder), "name"),
        "parameters.csv": (load_parameters(folder=folder), "name"),
        "presets.csv": (load_presets(folder=folder), "preset"),
    }
    for file, (frame, owner) in tables.items():
        problems += _missing(file, frame[owner], frame["source"], keys)
    return problems
