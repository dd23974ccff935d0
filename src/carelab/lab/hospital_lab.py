"""What a lab of one hospital shows: levers, presets, lines, words; all from the data files."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from carelab.base import book_language, load_words
from carelab.base.levers import levers_of
from carelab.base.numbers import format_number, show_value, with_unit
from carelab.evidence import (
    load_levers,
    load_parameters,
    load_presets,
    load_quantities,
)
from carelab.evidence.cases.presets import count_known
from carelab.lab.labels import origin_of, source_titles
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
    {"text": "retention.summary.felt"},
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
    """Return all that the front end needs, as plain JSON values."""
    spoken = language or book_language()
    own = own_in_lab(choice.model, spoken)
    return {
        "kind": "hospital",
        "model": choice.model,
        "language": {"en": "en", "zh": "zh-CN"}[spoken],
        "question": choice.question,
        "opening": choice.opening,
        "over": choice.over,
        "lines": list(choice.lines),
        "results": list(choice.results),
        "summary": list(_SUMMARY),
        "levers": _levers(choice, spoken),
        "parameters": context_values(choice.model, choice.context),
        "assumptions": _assumptions(choice, spoken),
        "presets": _presets(choice, spoken, own["presets"]),
        "problems": own["problems"],
        "reference": preset_values(choice.model, choice.presets[0]),
        "quantities": _quantities(choice, spoken),
        "words": _words(choice, spoken),
    }


def _quantities(choice: HospitalChoice, spoken: str) -> list[dict[str, Any]]:
    return [
        {
            "name": row["name"],
            "label": row[f"label_{spoken}"],
            "unit": row["unit"],
            "digits": int(row["digits"]),
        }
        for _, row in load_quantities(choice.model).iterrows()
    ]


def _words(choice: HospitalChoice, spoken: str) -> dict[str, str]:
    """Return only the words of the lab: the configuration stands on every page with a lab."""
    needed = ("lab.", "unit.", "class.", f"{choice.model}.")
    return {key: text for key, text in load_words(spoken).items() if key.startswith(needed)}


def _levers(choice: HospitalChoice, spoken: str) -> list[dict[str, Any]]:
    opening = preset_values(choice.model, choice.opening)
    titles = source_titles()
    rows = load_levers(choice.model).set_index("name")
    return [
        {
            **_lever(rows.loc[name], name, opening[name], spoken, titles),
            "thresholds": [each[1] for each in levers_of(choice.model)[name].thresholds],
        }
        for name in choice.levers
    ]


def _lever(
    row: Any, name: str, opening: float, spoken: str, titles: dict[str, str]
) -> dict[str, Any]:
    return {
        "name": name,
        "label": row[f"label_{spoken}"],
        "unit": row["unit"],
        **{key: float(row[key]) for key in ("low", "high", "step", "default")},
        "opening": opening,
        "meaning": row[f"meaning_{spoken}"],
        "low_means": row[f"low_means_{spoken}"],
        "high_means": row[f"high_means_{spoken}"],
        "class": row["class"],
        "source_title": titles[str(row["source"])],
        "evidence": row["evidence"],
        "note": row["note"],
    }


def _presets(choice: HospitalChoice, spoken: str, own: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Return the presets that the chapter chose, then the reader's own cases."""
    rows, titles = load_presets(choice.model), source_titles()
    found = []
    for name in dict.fromkeys((*choice.presets, *own)):
        told = own.get(name)
        if told is None:
            stored = rows[rows["preset"] == name]
            why = {row["lever"]: origin_of(row, titles) for _, row in stored.iterrows()}
            known = count_known(stored["class"])
            told = {"label": stored[f"label_{spoken}"].iloc[0], "why": why, "known": known}
        found.append({**told, "id": name, "values": preset_values(choice.model, name)})
    return found


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
