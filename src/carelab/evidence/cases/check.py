"""Say in plain sentences what is missing or inconsistent in a case file."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from carelab.base import CarelabError, load_yaml
from carelab.base.own_files import PLACEHOLDER, own_case_files, unfilled
from carelab.evidence.cases.files import (
    NO_EVIDENCE,
    built_in_folder,
    case_files,
    codes_without_evidence,
    unknown_evidence,
)
from carelab.evidence.cases.model import DESIGNS, FIELDS, MECHANISMS, SILENT, STATUSES, Case
from carelab.evidence.cases.presets import case_presets
from carelab.evidence.cases.reader import CaseReader
from carelab.evidence.links import unknown_dimensions
from carelab.evidence.registry import load_sources

_LISTS = ("actors", "money", "governance", "evidence", "events", "lab", "not_stated")
_ABOUT_MONEY = ("pooled_money", "prospective_budget", "surplus_kept", "leakage_charge")
_LONGEST_SHORT = 20


def _sentence(problem: CarelabError) -> str:
    return str(problem).partition(": ")[2] or str(problem)


def _tried(step: Callable[[], Any]) -> Iterator[str]:
    try:
        step()
    except CarelabError as problem:
        yield _sentence(problem)


def _malformed(reader: CaseReader) -> Iterator[str]:
    yield from _tried(reader.heads)
    yield from _tried(lambda: reader.group("fields", FIELDS, "text"))
    yield from _tried(lambda: reader.group("mechanisms", MECHANISMS, "status", STATUSES))
    yield from _tried(reader.evaluation)
    yield from _tried(reader.frames)
    for name in _LISTS:
        yield from _tried(lambda name=name: reader.listed(name))  # type: ignore[misc]


def _missing(case: Case) -> Iterator[str]:
    for each in unknown_evidence(case):
        yield f"'{each}' is cited but {NO_EVIDENCE}"
    keys = {*load_sources()["key"], *(f"{each.id}" for each in case.evidence)}
    if case.source not in keys:
        yield (
            f"'source' is '{case.source}', which is neither a key of the registry nor an id under"
            " 'evidence'"
        )
    used = set(case.claim_ids) | {case.source}
    for own in case.evidence:
        if own.id not in used:
            yield f"evidence '{own.id}' is listed but nothing cites it"


def _thin(case: Case) -> Iterator[str]:
    if not case.actors:
        yield "no actor is listed; the diagrams of money and governance stay empty"
    if all(coded.is_silent for coded in case.fields.values()):
        yield "every field is silent; code at least one, with its evidence"
    if len(case.short_en) > _LONGEST_SHORT:
        yield f"'short_en' has {len(case.short_en)} signs; {_LONGEST_SHORT} at most fit on a chart"
    if not case.not_stated:
        yield "'not_stated' is empty; write down what you looked for and did not find"


def _inconsistent(case: Case) -> Iterator[str]:
    fields, silent = case.fields, case.fields["financing"].is_silent
    silent = silent and fields["payment_incentive"].is_silent
    coded = [name for name in _ABOUT_MONEY if not case.mechanisms[name].is_silent]
    if silent and (coded or case.money):
        what = f"'{coded[0]}' is coded" if coded else "money links are drawn"
        yield f"{what}, but the fields 'financing' and 'payment_incentive' are both silent"
    if case.governance and fields["governance"].is_silent and fields["process"].is_silent:
        yield "governance links are drawn, but the fields 'governance' and 'process' are silent"
    axes = [axis for axis, found in case.evaluation.items() if not found.is_silent]
    if axes and fields["stated_outcomes"].is_silent:
        yield f"'{axes[0]}' has a direction, but the field 'stated_outcomes' is silent"
    bare = [axis for axis in axes if not case.evaluation[axis].design]
    if bare:
        yield f"'{bare[0]}' has a direction and no 'design'; allowed is {', '.join(DESIGNS)}"


def _levers(case: Case) -> Iterator[str]:
    yield from _tried(lambda: case_presets(case))


def _name_clash(path: Path) -> Iterator[str]:
    others = [*case_files(built_in_folder()).values(), *own_case_files()]
    if any(each.stem == path.stem and each.resolve() != path.resolve() for each in others):
        yield f"another case is called '{path.stem}'; give the file and its id another name"


def check_case(path: Path | str) -> list[str]:
    """Check a case file of a reader.

    >>> check_case(case_files()["anhui"])
    []
    """
    path = Path(path)
    try:
        raw = load_yaml(path)
        reader = CaseReader(path.name, raw)
    except CarelabError as problem:
        return [str(problem)]
    found = list(_malformed(reader))
    if left := unfilled(raw):
        found.append(
            f"the file is a draft and left out: '{PLACEHOLDER}' still stands in"
            f" {', '.join(left)}; replace it"
        )
    if found:
        return found
    case = reader.read()
    if case.id != path.stem:
        found = [f"'id' is '{case.id}'; allowed is '{path.stem}', the name of the file"]
    steps = (_missing, _thin, _inconsistent, _levers)
    found += [sentence for step in steps for sentence in step(case)]
    found += codes_without_evidence(case)
    return [*found, *_name_clash(path), *unknown_dimensions(case)]


def count_silent(case: Case) -> str:
    """Say how much of a case is silent.

    >>> from carelab.evidence import load_case
    >>> count_silent(load_case("anhui"))
    '0 of 13 fields and 1 of 14 mechanisms are silent, which is no fault'
    """
    parts = [
        f"{sum(coded.text == SILENT for coded in group.values())} of {len(group)} {name}"
        for name, group in (("fields", case.fields), ("mechanisms", case.mechanisms))
    ]
    return f"{' and '.join(parts)} are silent, which is no fault"
