"""What one lab of the care economy shows: its scenario, few levers, charts and a question."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from carelab.base import CarelabError, book_language
from carelab.base.levers import check_levers, levers_of
from carelab.base.numbers import show_value
from carelab.engine import BASELINE_PRESETS, LEVERS, Scenario, yearly_outcomes
from carelab.engine.scenario import built_in_presets, preset_levers
from carelab.engine.simulate import LONGEST_YEARS
from carelab.engine.tables import ENGINE, rows_of
from carelab.lab.labels import labels_data
from carelab.lab.own_cases import MOST_IN_SIGHT, find_own, own_in_lab

MOST_LEVERS = 6
MOST_CHARTS = 4


def levers_first() -> tuple[str, ...]:
    """Return the levers that a lab shows where its chapter names none."""
    placed = sorted((each.first_place, name) for name, each in levers_of().items())
    return tuple(name for place, name in placed if place)


def opening_levers(preset: str) -> tuple[str, ...]:
    """Return the three rules of a preset's story, then those that any lab shows first.

    >>> opening_levers("anhui")[:3]
    ('contract_share', 'leakage_charged_share', 'hospital_part_share')
    """
    stories = {row["preset"]: row for row in rows_of("lab_stories.csv")}
    story = stories.get(preset)
    rules = [story[f"rule_{place}"] for place in (1, 2, 3)] if story else []
    return tuple(dict.fromkeys((*rules, *levers_first())))[:MOST_LEVERS]


@dataclass(frozen=True)
class Prediction:
    """A question that a reader answers before the lab shows what happens.

    Parameters
    ----------
    question : str
        What will be done.
    to : Scenario
        The scenario that is then shown.
    outcomes : tuple of str
        Quantities whose change from the opening scenario is predicted.
    year : int
        Year that is compared.
    """

    question: str
    to: Scenario
    outcomes: tuple[str, ...]
    year: int = 5


@dataclass(frozen=True)
class EconomyChoice:
    """What a chapter chooses for its lab of the care economy.

    Parameters
    ----------
    question : str
        The one question above the levers.
    scenario : Scenario
        Place, preset and changes with which the lab opens.
    levers : tuple of str
        Levers of the lab, in order, three in sight and the others first in the drawer; at most
        six. Where none is named: the rules of the preset's story.
    charts : tuple of str
        Outcomes drawn over the years; at most four.
    presets : tuple of str
        Presets in sight; the others fold away.
    outcomes : tuple of str
        More outcomes, in the table, for attribution and in the copied cell.
    baseline : str
        Preset with which all is compared; that of the place by default.
    years, year : int
        How many years are run, and which is shown first.
    predict : Prediction, optional
        Asked before the lab is used.
    roles : bool
        Whether five players may share the levers between them.
    """

    question: str
    scenario: Scenario
    levers: tuple[str, ...] = ()
    charts: tuple[str, ...] = (
        "reach",
        "kept_in_place_share",
        "insured_spending",
        "next_hospital_balance",
    )
    presets: tuple[str, ...] = ("china_dilemma", "anhui", "hangzhou")
    outcomes: tuple[str, ...] = ()
    baseline: str = ""
    years: int = 10
    year: int = 5
    predict: Prediction | None = None
    roles: bool = True

    def __post_init__(self) -> None:
        """Check every name and number; where no lever is named, the rules of the story stand."""
        if self.levers == ():
            object.__setattr__(self, "levers", opening_levers(self.scenario.preset))
        quantities = {row["name"]: row for row in rows_of("quantities.csv")}
        _known("lever", self.levers, LEVERS)
        _known("outcome", (*self.charts, *self.outcomes), quantities)
        shown = [*self.presets, self.baseline or self.scenario.preset, self.scenario.preset]
        shown += [self.predict.to.preset] if self.predict else []
        for name in shown:
            if name not in built_in_presets():
                find_own(ENGINE, name, built_in_presets())
        _counted("levers", self.levers, MOST_LEVERS)
        _counted("charts", self.charts, MOST_CHARTS)
        for name, number, most in (
            ("years", self.years, LONGEST_YEARS),
            ("year", self.year, self.years),
        ):
            if not isinstance(number, int) or not 1 <= number <= most:
                raise CarelabError(f"{name} is {number!r}; allowed is 1 to {most}")
        if self.predict:
            _known("outcome", self.predict.outcomes, quantities)


def _known(kind: str, names: tuple[str, ...], allowed: Any) -> None:
    for name in names:
        if name not in allowed:
            raise CarelabError(f"{kind} '{name}' is unknown; known are {', '.join(allowed)}")


def _counted(kind: str, names: tuple[str, ...], most: int) -> None:
    if not isinstance(names, tuple) or not 1 <= len(set(names)) == len(names) <= most:
        raise CarelabError(f"{kind} is {names!r}; allowed are 1 to {most} different names")


def economy_configuration(choice: EconomyChoice) -> dict[str, Any]:
    """Return what the front end needs beside the names that every lab shares.

    >>> choice = EconomyChoice("Who gains?", Scenario("china_county", "anhui"))
    >>> economy_configuration(choice)["scenario"]
    'carelab/2/china_county/anhui'
    """
    predict = choice.predict
    own = _own_cases()
    more = [name for name in own["presets"] if name not in choice.presets]
    return {
        "kind": "economy",
        "question": choice.question,
        "scenario": choice.scenario.to_text(),
        "levers": list(choice.levers),
        "charts": list(choice.charts),
        "presets": [*choice.presets, *more[:MOST_IN_SIGHT]],
        "own": own,
        "outcomes": list(choice.outcomes),
        "baseline": choice.baseline or None,
        "years": choice.years,
        "year": choice.year,
        "roles": choice.roles,
        "predict": predict
        and {
            "question": predict.question,
            "to": predict.to.to_text(),
            "outcomes": list(predict.outcomes),
            "year": predict.year,
        },
    }


def _own_cases() -> dict[str, Any]:
    """Return the reader's own cases, with every lever of the engine."""
    own = own_in_lab(ENGINE, book_language())
    for name, preset in own["presets"].items():
        preset["values"] = dict(preset_levers(name))
    return own


def check_moved(levers: Mapping[str, Any]) -> dict[str, float]:
    """Return levers as numbers, or refuse one that is unknown or out of range."""
    check_levers(levers)
    return {name: float(value) for name, value in levers.items()}


def scenario_from(context: str, preset: str, levers: Mapping[str, float]) -> Scenario:
    """Return the scenario that stands for a full setting of the levers."""
    base = preset_levers(preset)
    return Scenario(context, preset, {name: levers.get(name, base[name]) for name in LEVERS})


def results_at(scenario: Scenario, choice: EconomyChoice) -> dict[str, float]:
    """Return the chosen outcomes in the year shown."""
    names = tuple(dict.fromkeys((*choice.charts, *choice.outcomes)))
    values = yearly_outcomes(scenario, names, choice.years).to_dict("index")[choice.year]
    return {str(name): float(value) for name, value in values.items()}


def fallback_rows(choice: EconomyChoice) -> dict[str, Any]:
    """Return heads and rows of the table that stands on the page before the lab starts."""
    spoken = book_language()
    words = labels_data(spoken)["words"]
    context = choice.scenario.context
    money = words[f"place.{context}.money"]
    baseline = Scenario(context, choice.baseline or BASELINE_PRESETS[context])
    now, before = (results_at(each, choice) for each in (choice.scenario, baseline))
    rows = {row["name"]: row for row in rows_of("quantities.csv")}
    shown = []
    for name, value in now.items():
        unit, digits = rows[name]["unit"], int(rows[name]["digits"])
        cells = [show_value(each, unit, digits, spoken, money) for each in (value, before[name])]
        shown.append([rows[name][f"label_{spoken}"], *cells])
    heads = [words[key] for key in ("lab.result", "lab.value", "lab.baseline_short")]
    return {"heads": heads, "rows": shown}
