"""How a case sets the levers of a lab: name and presets, ready for the lab."""

from collections.abc import Iterable, Mapping
from functools import cache
from typing import Any

from carelab.base import CarelabError
from carelab.evidence.cases.files import load_case
from carelab.evidence.cases.model import Case
from carelab.evidence.registry import load_levers, load_presets

_KNOWN = ("stated", "observed")


def case_presets(case: Case | str) -> dict[str, Any]:
    """Return what a lab needs to offer a case among its presets.

    Parameters
    ----------
    case : Case or str
        Any case or its id; its own file may set levers under ``lab``, and a preset of
        ``presets.csv`` with its name counts too.

    Returns
    -------
    dict
        ``name``, ``label_en``, ``label_zh``, and ``presets``: model to lever to value, each
        within the range of ``levers.csv``. Levers that are not named keep their default.

    Raises
    ------
    CarelabError
        When the case or a lever is unknown, a value out of range, a lever set twice, or when a
        case of the reader's own sets levers under the name of a preset of the course.

    Examples
    --------
    >>> sorted(case_presets("hangzhou")["presets"])
    ['care_economy']
    """
    case = case if isinstance(case, Case) else load_case(case)
    presets: dict[str, dict[str, float]] = {}
    for model, lever, value in _stored().get(case.id, []):
        presets.setdefault(model, {})[lever] = value
    if presets and case.levers:
        raise CarelabError(
            f"case '{case.id}': a preset of the course has this name; give a case that sets levers"
            " another one"
        )
    for setting in case.levers:
        _check(case, setting.model, setting.lever, setting.value)
        if setting.lever in presets.get(setting.model, {}):
            raise CarelabError(
                f"case '{case.id}': lab lever '{setting.lever}' of the model '{setting.model}' is"
                " set twice; keep one"
            )
        presets.setdefault(setting.model, {})[setting.lever] = setting.value
    return {
        "name": case.id,
        "label_en": case.short_en,
        "label_zh": case.short_zh,
        "presets": presets,
    }


def count_known(classes: Iterable[str]) -> dict[str, int]:
    """Count how many settings of a preset a source gives.

    Parameters
    ----------
    classes : iterable of str
        Class of each lever that the preset sets.

    Returns
    -------
    dict of str to int
        ``known`` (stated or observed) and ``count`` (all that are set).

    Examples
    --------
    >>> count_known(["stated", "assumed"])
    {'known': 1, 'count': 2}
    """
    listed = list(classes)
    return {"known": sum(each in _KNOWN for each in listed), "count": len(listed)}


def known_share(case: Case | str, model: str = "care_economy") -> float:
    """Say in one number how much of a preset is known.

    Parameters
    ----------
    case : Case or str
        A case of the reader's own, or the name of a preset of ``presets.csv``.
    model : str
        The model whose levers it sets.

    Returns
    -------
    float
        Share of the levers that it sets whose value a source states or observes, 0 to 1; what it
        leaves at the default is not counted.

    Raises
    ------
    CarelabError
        When it sets no lever of the model.

    Examples
    --------
    >>> round(known_share("anhui_package", "retention"), 2)
    0.25
    """
    if isinstance(case, Case):
        name = case.id
        classes = [each.claim_class for each in case.levers if each.model == model]
    else:
        name, rows = case, load_presets(model)
        classes = rows[rows["preset"] == case]["class"].tolist()
    if not classes:
        raise CarelabError(f"'{name}' sets no lever of the model '{model}'")
    found = count_known(classes)
    return found["known"] / found["count"]


@cache
def _ranges() -> Mapping[tuple[str, str], tuple[float, float]]:
    rows = load_levers()[["model", "name", "low", "high"]].to_numpy().tolist()
    return {(model, name): (float(low), float(high)) for model, name, low, high in rows}


@cache
def _stored() -> Mapping[str, list[tuple[str, str, float]]]:
    """Return model, lever and value of each setting, by preset."""
    found: dict[str, list[tuple[str, str, float]]] = {}
    rows = load_presets()[["preset", "model", "lever", "value"]].to_numpy().tolist()
    for preset, model, lever, value in rows:
        found.setdefault(preset, []).append((model, lever, float(value)))
    return found


def _check(case: Case, model: str, lever: str, value: float) -> None:
    where = f"case '{case.id}': lab lever '{lever}' of the model '{model}'"
    if (model, lever) not in _ranges():
        raise CarelabError(f"{where} is unknown; levers stand in levers.csv")
    low, high = _ranges()[model, lever]
    if not low <= value <= high:
        raise CarelabError(f"{where} is {value:g}; allowed is {low:g} to {high:g}")
