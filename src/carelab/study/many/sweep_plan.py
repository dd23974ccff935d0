"""What makes a sweep this sweep and no other, and the folder that is its own."""

import hashlib
import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from functools import cache
from pathlib import Path

from carelab.base import CarelabError, code_identity
from carelab.base.locks import alone_in
from carelab.base.whole_files import write_whole
from carelab.engine import BASELINE_PRESETS, place_parameters, preset_levers

_MANIFEST = "sweep.json"
# Every lever of a preset that only this machine knows; empty for one of presets.csv.
Settings = tuple[tuple[str, float], ...]


@dataclass(frozen=True)
class SweepPlan:
    """What makes a sweep this sweep and no other; the size of its blocks does not.

    Parameters
    ----------
    context, preset : str
        The place, and what sets the levers that do not vary.
    years, scenarios : int
        How long and how many.
    levers, outcomes : tuple of str
        Levers that vary; quantities kept.
    model_version, model_sha256, inputs_sha256 : str
        Equations and parameters, and the settings of all scenarios.
    """

    context: str
    preset: str
    years: int
    scenarios: int
    levers: tuple[str, ...]
    outcomes: tuple[str, ...]
    model_version: str
    model_sha256: str
    inputs_sha256: str

    def to_json(self) -> str:
        """Return the text of the manifest."""
        return json.dumps(asdict(self), indent=2) + "\n"


@cache
def model_sha256(context: str, preset: str, own: Settings = ()) -> str:
    """Hash the code of the model, the parameters of a place and the levers of a preset.

    Parameters
    ----------
    context, preset : str
        The place and the preset.
    own : tuple of (str, float)
        Every lever, where the preset is a reader's own case.

    Returns
    -------
    str
        64 hexadecimal digits, the same on every machine.

    Examples
    --------
    >>> model_sha256("uk_place", "uk_before") == model_sha256("uk_place", "uk_integrated")
    False
    """
    presets = [dict(own or preset_levers(preset)), dict(preset_levers(BASELINE_PRESETS[context]))]
    parts = [code_identity("run_block"), place_parameters(context), presets]
    return hashlib.sha256(json.dumps(parts, sort_keys=True).encode()).hexdigest()


def read_plan(folder: Path) -> SweepPlan:
    """Read the manifest of a sweep.

    Parameters
    ----------
    folder : Path
        Folder of the sweep.

    Returns
    -------
    SweepPlan
        What was swept.

    Raises
    ------
    CarelabError
        When the folder has no manifest or a damaged one.
    """
    try:
        fields = json.loads((folder / _MANIFEST).read_text(encoding="utf-8"))
        pairs = {name: tuple(fields[name]) for name in ("levers", "outcomes")}
        return SweepPlan(**{**fields, **pairs})
    except FileNotFoundError:
        raise CarelabError(f"folder '{folder.name}' holds no sweep") from None
    except (ValueError, TypeError, KeyError):
        raise CarelabError(f"'{_MANIFEST}' in folder '{folder.name}' is damaged") from None


def _refuse_other_files(folder: Path) -> None:
    if not (folder / _MANIFEST).is_file() and any(
        not path.name.startswith(".") for path in folder.iterdir()
    ):
        raise CarelabError(f"folder '{folder.name}' holds other files; give an empty one")


@contextmanager
def claimed_folder(plan: SweepPlan, folder: Path) -> Iterator[None]:
    """Make a folder this sweep's own, or see that it already is, and keep every other run out.

    Parameters
    ----------
    plan : SweepPlan
        The sweep.
    folder : Path
        Made if it does not exist; what an interrupted run left half written is removed.

    Yields
    ------
    None
        While this run is the only one that writes there.

    Raises
    ------
    CarelabError
        When the folder holds another sweep or other files, or another run is at work in it.
    """
    folder.mkdir(parents=True, exist_ok=True)
    _refuse_other_files(folder)
    with alone_in(folder):
        _refuse_other_files(folder)
        if not (folder / _MANIFEST).is_file():
            write_whole(folder / _MANIFEST, plan.to_json())
        there = read_plan(folder)
        differing = [name for name in vars(plan) if getattr(there, name) != getattr(plan, name)]
        if differing:
            raise CarelabError(
                f"folder '{folder.name}' holds another sweep ({', '.join(differing)} differ);"
                " give this one a folder of its own"
            )
        for left in folder.glob(".*.part"):
            left.unlink(missing_ok=True)
        yield
