"""A scenario: a place, a preset and what a student changed; never altered, only replaced."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

from carelab.base import CarelabError
from carelab.base.frozen import FrozenMap
from carelab.base.levers import check_levers, levers_of
from carelab.base.own_files import LAB_KEYS, check_keys, check_once, load_own, own_case_files
from carelab.engine.names import LEVERS
from carelab.engine.tables import ENGINE, rows_of


def _settings(path: Path, raw: Any) -> Iterator[tuple[str, float]]:
    entries = raw.get("lab", []) if isinstance(raw, dict) else None
    if not isinstance(entries, list) or not all(isinstance(each, dict) for each in entries):
        raise CarelabError(f"case file '{path.name}': 'lab' is no list of settings")
    for entry in entries:
        if entry.get("model") == ENGINE:
            name, value = entry.get("lever"), entry.get("value")
            if not isinstance(name, str):
                raise CarelabError(f"case file '{path.name}': a lab setting names no lever")
            check_keys(entry, LAB_KEYS, f"case file '{path.name}': lab lever '{name}'")
            yield name, value


@cache
def _read(path: Path, changed_ns: int, size_bytes: int) -> Mapping[str, float]:
    """Read a file once for each time that it was changed."""
    settings = list(_settings(path, load_own(path)))
    check_once([name for name, _ in settings], f"case file '{path.name}': lab")
    return FrozenMap(settings)


def own_settings(case: str) -> Mapping[str, float]:
    """Return the levers of the care economy that a reader's own case sets.

    >>> dict(own_settings("nowhere"))
    {}
    """
    files = own_case_files(case)
    if len({path.parent for path in files}) > 1:
        raise CarelabError(
            f"case file '{files[0].name}' lies in {len(files)} folders of own cases; keep one"
        )
    for path in files:
        stat = path.stat()
        return _read(path, stat.st_mtime_ns, stat.st_size)
    return FrozenMap({})


def own_setters() -> list[str]:
    """Return the ids of own cases that set a lever of the care economy; unreadable ones not.

    >>> isinstance(own_setters(), list)
    True
    """
    found = []
    for path in own_case_files():
        try:
            if own_settings(path.stem):
                found.append(path.stem)
        except CarelabError:
            continue
    return found


# Part of every share text: another model must not silently read these settings as its own.
MODEL_VERSION = "2"
# Every place, and which preset describes it before the reform.
BASELINE_PRESETS = {
    "china_county": "china_dilemma",
    "hangzhou_district": "china_dilemma",
    "uk_place": "uk_before",
}
# What may stand around a text that was copied; the page takes off the same.
SPACE = " \t\r\n\u00a0\u3000"
# A number as a scenario text holds it; the page reads the same.
_NUMBER = re.compile(r"[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?", re.ASCII)


@cache
def lever_ranges() -> Mapping[str, tuple[float, float, float]]:
    """Return low, high and default of every lever of the engine.

    Returns
    -------
    mapping of str to (float, float, float)
        From ``levers.csv``.

    Examples
    --------
    >>> lever_ranges()["contract_share"]
    (0.0, 1.0, 0.0)
    """
    return FrozenMap(
        {name: (lever.low, lever.high, lever.default) for name, lever in levers_of().items()}
    )


def _filled(named: Mapping[str, float]) -> Mapping[str, float]:
    defaults = {name: default for name, (_, _, default) in lever_ranges().items()}
    return FrozenMap({name: float((defaults | dict(named))[name]) for name in LEVERS})


@cache
def built_in_presets() -> Mapping[str, Mapping[str, float]]:
    """Return every preset of ``presets.csv`` with all its levers.

    >>> built_in_presets()["anhui"]["leakage_charged_share"]
    1.0
    """
    named: dict[str, dict[str, float]] = {}
    for row in rows_of("presets.csv"):
        named.setdefault(row["preset"], {})[row["lever"]] = float(row["value"])
    return FrozenMap({preset: _filled(levers) for preset, levers in named.items()})


def preset_levers(preset: str) -> Mapping[str, float]:
    """Return every lever as a preset sets it; what it does not name keeps its default.

    Parameters
    ----------
    preset : str
        Name in ``presets.csv``, or id of a reader's own case that sets levers.

    Returns
    -------
    mapping of str to float
        All levers.

    Raises
    ------
    CarelabError
        When the preset is unknown, or the file of the own case sets a lever that is unknown or
        out of range.

    Examples
    --------
    >>> preset_levers("anhui")["leakage_charged_share"]
    1.0
    """
    stored = built_in_presets()
    if preset in stored:
        return stored[preset]
    own = own_settings(preset)
    if not own:
        known = ", ".join(dict.fromkeys((*stored, *own_setters())))
        raise CarelabError(
            f"preset '{str(preset)[:60]}' is unknown; known are {known}; a case of your own counts"
            " too, once its file lies in your folder of cases and sets levers of the care economy"
        )
    try:
        check_levers(own)
    except CarelabError as problem:
        raise CarelabError(f"case file '{preset}.yml': {problem}") from None
    return _filled(own)


def check_place(context: str) -> None:
    """Refuse a place that the model does not have."""
    if context not in BASELINE_PRESETS:
        shown = str(context)[:40]
        raise CarelabError(f"place '{shown}' is unknown; known are {', '.join(BASELINE_PRESETS)}")


@dataclass(frozen=True)
class Scenario:
    """What is run.

    Parameters
    ----------
    context : str
        The place, such as ``china_county``.
    preset : str
        Lever settings of a case, such as ``anhui`` or one of the reader's own.
    changes : mapping of str to float
        Levers that differ from the preset.
    name : str
        What a reader calls it.

    Examples
    --------
    >>> base = Scenario("china_county", "anhui")
    >>> base.change(leakage_charged_share=0.0).to_text()
    'carelab/2/china_county/anhui/leakage_charged_share=0'
    """

    context: str
    preset: str
    changes: Mapping[str, float] = field(default_factory=dict)
    name: str = ""

    def __post_init__(self) -> None:
        """Check names and values; drop changes that change nothing."""
        check_place(self.context)
        base = preset_levers(self.preset)
        check_levers(self.changes)
        real = {name: float(self.changes[name]) for name in LEVERS if name in self.changes}
        real = {name: value for name, value in real.items() if value != base[name]}
        object.__setattr__(self, "changes", FrozenMap(real))

    def __hash__(self) -> int:
        """Hash by everything that decides the result."""
        return hash((self.context, self.preset, tuple(self.changes.items())))

    @property
    def levers(self) -> dict[str, float]:
        """Every lever as this scenario sets it."""
        return {**preset_levers(self.preset), **self.changes}

    def change(self, **levers: float) -> "Scenario":
        """Return a new scenario with some levers set; this one stays as it is."""
        return Scenario(self.context, self.preset, {**self.changes, **levers}, self.name)

    def to_text(self) -> str:
        """Return a short text that `from_text` reads back, with the version of the model."""
        parts = [f"{name}={value:.10g}" for name, value in self.changes.items()]
        head = f"carelab/{MODEL_VERSION}/{self.context}/{self.preset}"
        return f"{head}/{';'.join(parts)}" if parts else head

    @classmethod
    def from_text(cls, text: str) -> "Scenario":
        """Read a scenario from its short text.

        Raises
        ------
        CarelabError
            When the text is no scenario, or of another version of the model.
        """
        parts = text.strip(SPACE).split("/")
        if len(parts) not in (4, 5) or parts[0] != "carelab":
            raise CarelabError(f"'{text[:60]}' is no scenario; it begins carelab/{MODEL_VERSION}/…")
        if parts[1] != MODEL_VERSION:
            raise CarelabError(
                f"the scenario was made with model version {parts[1][:10]};"
                f" this is version {MODEL_VERSION}"
            )
        changes: dict[str, Any] = {}
        for pair in filter(None, (parts[4] if len(parts) == 5 else "").split(";")):
            name, _, value = pair.partition("=")
            changes[name] = float(value) if _NUMBER.fullmatch(value) else value
            check_levers({name: changes[name]})  # also of a lever that is named once more below
        return cls(parts[2], parts[3], changes)
