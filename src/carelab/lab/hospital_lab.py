"""What a lab of one hospital shows: levers, presets, lines, words; all from the data files."""

from dataclasses import dataclass
from typing import Any

from carelab.base import book_language, load_words
from carelab.base.levers import levers_of
from carelab.base.numbers import format_number, show_value, with_unit
from carelab.evidence import load_levers, load_parameters, load_presets
from carelab.lab.labels import (
    levers_in_words,
    presets_in_words,
    quantities_in_words,
    thresholds_of,
)
from carelab.lab.own_cases import find_own, own_in_lab
from carelab.theory import MODELS


@dataclass(frozen=True)
class HospitalChoice:
    """What a chapter chooses for its lab of one hospital.

    Parameters
    ----------
    model : str
        Name of a model of `carelab.theory`.
    question : str
        The one question above the levers.
    levers : tuple of str
        Levers shown, in order; at most six.
    over : str
        Lever along which the chart is drawn at first.
    lines : tuple of str
        Quantities drawn.
    results : tuple of str
        Quantities of the results table.
    presets : tuple of str
        Buttons; the first is the reference in the results table.
    opening : str
        Preset at which the lab opens.
    context : str
        Place whose parameters are used.
    """

    model: str
    question: str
    levers: tuple[str, ...]
    over: str
    lines: tuple[str, ...]
    results: tuple[str, ...]
    presets: tuple[str, ...]
    opening: str
    context: str

    def __post_init__(self) -> None:
        """Show all levers of the model, and draw along the first, where nothing else is said."""
        object.__setattr__(self, "levers", self.levers or tuple(levers_of(self.model)))
        object.__setattr__(self, "over", self.over or self.levers[0])


HOSPITAL_LAB = HospitalChoice(
    model="retention",
    question="",
    levers=(),
    over="",
    lines=("prevented_episode_gain", "retention_gain", "extra_treatment_gain"),
    results=(
        "felt_share",
        "prevented_episode_gain",
        "retention_gain",
        "contract_effect_on_retention",
        "extra_treatment_gain",
        "prevention_threshold",
        "treatment_threshold",
        "retention_threshold",
    ),
    presets=("fee_for_service", "budget_without_leakage_charge", "anhui_package"),
    opening="fee_for_service",
    context="teaching_county",
)

_SUMMARY: tuple[dict[str, str], ...] = (
    *(
        {
            "output": output,
            "above": f"retention.summary.{stem}_above",
            "below": f"retention.summary.{stem}_below",
            "zero": f"retention.summary.{stem}_zero",
        }
        for output, stem in (
            ("prevented_episode_gain", "prevent"),
            ("contract_effect_on_retention", "keep"),
            ("extra_treatment_gain", "treat"),
        )
    ),
    {"text": "retention.summary.felt"},
)


def preset_values(model: str, preset: str) -> dict[str, float]:
    """Return the lever settings of a preset.

    >>> preset_values("retention", "anhui_package")["leakage_charged_share"]
    1.0
    """
    rows = load_presets(model)
    chosen = rows[rows["preset"] == preset]
    if chosen.empty:
        own = find_own(model, preset, rows["preset"].unique())
        defaults = load_levers(model).set_index("name")["default"].to_dict()
        return {str(name): float(own.values.get(str(name), defaults[name])) for name in defaults}
    return {str(name): float(value) for name, value in zip(chosen.lever, chosen.value, strict=True)}


def context_values(model: str, context: str) -> dict[str, float]:
    """Return the parameters of a place that a model reads.

    >>> context_values("retention", "teaching_county")["case_price"]
    7674.0
    """
    rows = load_parameters(context).set_index("name")["value"]
    return {name: float(rows[name]) for name in MODELS[model].parameters}


def hospital_configuration(choice: HospitalChoice, language: str | None = None) -> dict[str, Any]:
    """Return all that the front end needs beside the words that every lab shares."""
    spoken = language or book_language()
    own = own_in_lab(choice.model, spoken)
    # The presets that the chapter chose, then the reader's own cases.
    named = {**presets_in_words(choice.model, spoken), **own["presets"]}
    presets = dict.fromkeys((*choice.presets, choice.opening, *own["presets"]))
    mine = f"{choice.model}."
    return {
        "kind": "hospital",
        "model": choice.model,
        "language": {"en": "en", "zh": "zh-CN"}[spoken],
        "question": choice.question,
        "context": choice.context,
        "opening": choice.opening,
        "reference": choice.presets[0],
        "over": choice.over,
        "lines": list(choice.lines),
        "results": list(choice.results),
        "summary": list(_SUMMARY),
        "levers": list(choice.levers),
        "parameters": context_values(choice.model, choice.context),
        "assumptions": _assumptions(choice, spoken),
        "presets": {name: preset_values(choice.model, name) for name in presets},
        "problems": own["problems"],
        "registry": {
            "levers": levers_in_words(choice.model, spoken),
            "presets": {name: named[name] for name in presets},
            "quantities": quantities_in_words(choice.model, spoken),
            "thresholds": {
                lever: [each[1] for each in those]
                for lever, those in thresholds_of(choice.model).items()
            },
            "words": {k: text for k, text in load_words(spoken).items() if k.startswith(mine)},
        },
    }


def _assumptions(choice: HospitalChoice, spoken: str) -> list[dict[str, str]]:
    rows = load_parameters(choice.context)
    rows = rows[rows["name"].isin(MODELS[choice.model].parameters)]
    return [
        {
            "label": row[f"label_{spoken}"],
            "value": show_value(row["value"], "share", 1, spoken)
            if row["unit"] == "share"
            else with_unit(format_number(row["value"]), row["unit"], spoken),
            "class": row["class"],
            "note": row["note"],
        }
        for _, row in rows.iterrows()
    ]
