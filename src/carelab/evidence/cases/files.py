"""Cases: real systems and policies, coded on one schema, silence included."""

import warnings
from functools import cache
from pathlib import Path

from carelab.base import CarelabError, project_root
from carelab.base.found_files import Found, find_files, tried
from carelab.base.own_files import YAML_KINDS, find_own_cases, load_own
from carelab.evidence.cases.model import (
    AXES,
    CASE_KINDS,
    DESIGNS,
    DIRECTIONS,
    FIELDS,
    LINK_KINDS,
    MECHANISMS,
    ROLES,
    SILENT,
    STATUSES,
    Actor,
    Case,
    Coded,
    Link,
)
from carelab.evidence.cases.reader import CaseReader
from carelab.evidence.registry import load_claims, load_indicators
from carelab.evidence.vocabulary import WISHES

__all__ = [
    "AXES",
    "CASE_KINDS",
    "DESIGNS",
    "DIRECTIONS",
    "FIELDS",
    "LINK_KINDS",
    "MECHANISMS",
    "NO_EVIDENCE",
    "ROLES",
    "SILENT",
    "STATUSES",
    "Actor",
    "Case",
    "Coded",
    "Link",
    "built_in_folder",
    "case_files",
    "codes_without_evidence",
    "load_case",
    "load_case_file",
    "load_cases",
    "read_cases",
    "sort_cases",
    "unknown_evidence",
]


NO_EVIDENCE = (
    "is no claim, no indicator and not under 'evidence' of the file; write E1, E2 ... for sources"
    " of your own and list them there"
)


def built_in_folder() -> Path:
    """Return the folder of the cases that come with the project.

    >>> built_in_folder().name
    'cases'
    """
    return project_root() / "data" / "cases"


def name_taken(path: Path) -> CarelabError:
    """Return the error that says that a case file has the name of another."""
    return CarelabError(
        f"case file '{path.name}' of the folder '{path.parent.name}' has the name of"
        " another case; give it a name of its own"
    )


def sort_cases(folder: Path | None = None) -> Found:
    """Find the files of all cases by id: those of the project, then the reader's own.

    A file of the reader's with the name of another case is left out; nothing is read yet.
    """
    ours = find_files([folder or built_in_folder()], YAML_KINDS, deep=False)
    own = find_own_cases() if folder is None else Found()
    found = Found(left_out=[*ours.left_out, *own.left_out], hidden=[*ours.hidden, *own.hidden])
    for path in (*ours.read.values(), *own.read.values()):
        if path.stem in found.read:
            found.left_out.append(str(name_taken(path)))
        else:
            found.read[path.stem] = path
    return found


def case_files(folder: Path | None = None) -> dict[str, Path]:
    """Return the files of all cases by id: those of the project, then the reader's own.

    >>> case_files()["anhui"].name
    'anhui.yml'
    """
    return sort_cases(folder).read


@cache
def _registry_ids() -> frozenset[str]:
    return frozenset([*load_claims()["id"], *load_indicators()["id"]])


def unknown_evidence(case: Case) -> list[str]:
    """List ids that a case cites and that neither the registry nor the case defines.

    >>> unknown_evidence(load_case("anhui"))
    []
    """
    known = _registry_ids() | {each.id for each in case.evidence}
    return [each for each in case.claim_ids if each not in known]


@cache
def _wishes(of_a_policy: bool) -> frozenset[str]:
    """Return the claims that show nothing; of a policy, what it lays down is what it is."""
    claims = load_claims()
    shown = claims["kind"].isin(WISHES)
    if of_a_policy:
        shown &= (claims["kind"] != "prescription") | (claims["speaker"] != "policy")
    return frozenset(claims["id"][shown])


def codes_without_evidence(case: Case) -> list[str]:
    """List codes that rest on nothing but what ought to be or may come.

    A mechanism that a source only recommends, prescribes, aims at or expects is ``recommended``;
    an outcome that it only expects is silent.

    >>> codes_without_evidence(load_case("casebook_recommendations"))
    []
    """
    allowed = {"recommended", SILENT}
    wishes = _wishes(case.kind == "policy")
    coded = {**case.mechanisms, **case.evaluation, **case.frames}
    return [
        f"'{name}' is coded '{code.text}' on {', '.join(code.claims)}, of which each says only what"
        " ought to be or may come; code it recommended, leave it silent, or cite what reports it"
        for name, code in coded.items()
        if code.text not in allowed and wishes.issuperset(code.claims)
    ]


def _stamp(path: Path) -> tuple[int, int]:
    stat = path.stat() if path.is_file() else None
    return (stat.st_mtime_ns, stat.st_size) if stat else (0, 0)


@cache
def _read(path: Path, changed_ns: int, size_bytes: int) -> Case:
    """Read a file once for each time that it was changed."""
    return CaseReader(path.name, load_own(path)).read()


def load_case_file(path: Path) -> Case:
    """Load the case of one file, wherever it lies.

    >>> load_case_file(case_files()["anhui"]).short_en
    'Anhui'
    """
    case = _read(path, *_stamp(path))
    if case.id != path.stem:
        raise CarelabError(
            f"case file '{path.name}': 'id' is '{case.id}'; allowed is '{path.stem}'"
        )
    # The project's own files are checked once, by its tests.
    lost = [] if path.parent == built_in_folder() else unknown_evidence(case)
    if lost:
        raise CarelabError(f"case file '{path.name}': '{lost[0]}' is cited but {NO_EVIDENCE}")
    return case


def load_case(name: str, folder: Path | None = None) -> Case:
    """Load one coded case.

    Parameters
    ----------
    name : str
        Its id, such as ``anhui``.
    folder : Path, optional
        Look in this folder only; otherwise in the project's cases and the reader's own.

    Returns
    -------
    Case
        The case.

    Raises
    ------
    CarelabError
        When the case is unknown or its file is malformed.

    Examples
    --------
    >>> load_case("hangzhou").fields["payment_incentive"].is_silent
    False
    """
    files = case_files(folder)
    if not isinstance(name, str) or name not in files:
        raise CarelabError(
            f"case '{str(name)[:60]}' is unknown; known are {', '.join(sorted(files))}"
        )
    return load_case_file(files[name])


def load_cases(folder: Path | None = None) -> dict[str, Case]:
    """Load every coded case: those of the project and the reader's own.

    Parameters
    ----------
    folder : Path, optional
        Load the cases of this folder only.

    Returns
    -------
    dict of str to Case
        By id, in alphabetical order; own cases after those of the project. A file of the
        reader's own that cannot be used is left out with a warning that says why.

    Raises
    ------
    CarelabError
        When a file of the project, or of the folder named, is malformed.

    Examples
    --------
    >>> "anhui" in load_cases()
    True
    """
    cases, left_out = read_cases(folder)
    for sentence in left_out:
        warnings.warn(f"left out: {sentence}", stacklevel=2)
    return cases


def read_cases(folder: Path | None = None) -> tuple[dict[str, Case], list[str]]:
    """Load every case, and say in a sentence each which files are left out, and why.

    >>> cases, left_out = read_cases()
    >>> "anhui" in cases, left_out
    (True, [])
    """
    found = sort_cases(folder)
    cases, left_out = {}, list(found.left_out)
    ours = folder or built_in_folder()
    for name, path in found.read.items():
        try:
            cases[name] = load_case_file(path)
        except (CarelabError, OSError) as problem:
            if path.parent == ours:
                raise
            left_out.append(tried(problem, path.name))
    return cases, left_out
