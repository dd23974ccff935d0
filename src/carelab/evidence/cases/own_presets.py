"""Cases of the reader's own that set levers of a model, ready to stand beside the presets."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from carelab.base import CarelabError
from carelab.base.paths import own_case_files
from carelab.evidence.cases.files import built_in_folder, case_files, load_case_file, name_taken
from carelab.evidence.cases.model import Case, LeverSetting
from carelab.evidence.cases.presets import case_presets
from carelab.evidence.references import source_name
from carelab.evidence.registry import load_claims, load_indicators


@dataclass(frozen=True)
class OwnPreset:
    """How a reader's own case sets the levers of one model.

    Parameters
    ----------
    case : Case
        The case.
    settings : tuple of LeverSetting
        Its settings of the model, each with class, note and evidence.
    """

    case: Case
    settings: tuple[LeverSetting, ...]

    @property
    def values(self) -> Mapping[str, float]:
        """Lever to value."""
        return {each.lever: each.value for each in self.settings}

    def sources_of(self, setting: LeverSetting) -> str:
        """Return what a setting rests on, as a reader would name it; empty where it is assumed."""
        own = {each.id: each.source for each in self.case.evidence}
        named = [own.get(each) or _registered_source(each) for each in setting.claims]
        return "; ".join(dict.fromkeys(named))


@cache
def _registered_source(evidence: str) -> str:
    for rows in (load_claims(), load_indicators()):
        found = rows[rows["id"] == evidence]["source"].tolist()
        if found:
            return source_name(found[0])
    return evidence


def _preset(path: Path, model: str) -> OwnPreset | None:
    case = load_case_file(path)
    settings = tuple(each for each in case.levers if each.model == model)
    if settings:
        case_presets(case)  # refuses an unknown lever, a value out of range, a name that is taken
    return OwnPreset(case, settings) if settings else None


def own_presets(model: str) -> tuple[dict[str, OwnPreset], list[str]]:
    """Return every valid case of the reader's own that sets levers of a model.

    Parameters
    ----------
    model : str
        Name of a model, such as ``care_economy``.

    Returns
    -------
    tuple of dict of str to OwnPreset, and list of str
        By case id, in the order in which the files are found; and one sentence for each file
        that cannot be used.

    Examples
    --------
    >>> offered, problems = own_presets("care_economy")
    >>> "anhui" in offered
    False
    """
    offered: dict[str, OwnPreset] = {}
    problems: list[str] = []
    try:
        files = own_case_files()
    except CarelabError as problem:
        return {}, [str(problem)]
    taken = set(case_files(built_in_folder()))
    for path in files:
        try:
            if path.stem in taken:
                raise name_taken(path)
            taken.add(path.stem)
            found = _preset(path, model)
        except CarelabError as problem:
            problems.append(str(problem))
            continue
        if found:
            offered[path.stem] = found
    return offered, problems
