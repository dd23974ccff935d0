"""What students exported from the lab, read for marking: scenarios, predictions, the budget."""

import csv
import io
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

from carelab.base import CarelabError
from carelab.base.found_files import find_files, tried
from carelab.base.levers import levers_of
from carelab.base.numbers import above, size_of_change
from carelab.base.whole_files import write_whole
from carelab.engine import BASELINE_PRESETS, Scenario, yearly_outcomes
from carelab.engine.years import MONTHS
from carelab.study.many.scenario_files import (
    UNREADABLE,
    SavedScenario,
    ScenarioFile,
    read_scenario_file,
    same_entry,
)

YEARS = 10
_OUTLAY = "outlay"
# A budget is held up to this much more; a hair of rounding does not break it.
_TOLERANCE = 1.005 * (1 + 1e-9)
# Signs with which a spreadsheet begins a formula, in both widths.
_FORMULA = "=+-@\t\r＝＋－＠"
# Pay-offs in one year, a resident and year, as the bars of the lab tell them when it opens.
GAINS_YEAR = 5
_GAINS = {f"gain_{who}": f"payoff_{who}"
          for who in ("patients", "hospital", "primary", "insurer", "government")}  # fmt: skip
COLUMNS = (
    *("file", "kind", "author", "name", "note", "place", "preset", "changed", "text"),
    *("outlay", "outlay_without_reform", "budget", *_GAINS),
    *("question", "outcome", "predicted", "shown_before", "shown_after", "happened", "verdict"),
    *("answer", "made_at"),
)


@dataclass(frozen=True)
class Submissions:
    """The rows of all files, and a sentence for everything left out."""

    rows: list[dict[str, Any]] = field(default_factory=list)
    problems: list[str] = field(default_factory=list)

    def save(self, path: Path) -> Path:
        """Write the rows as CSV, which no spreadsheet takes for formulas."""
        text = io.StringIO(newline="")
        table = csv.DictWriter(text, COLUMNS, restval="")
        table.writeheader()
        table.writerows({key: _inert(value) for key, value in row.items()} for row in self.rows)
        return write_whole(path, text.getvalue().encode("utf-8-sig"))


def _inert(value: Any) -> Any:
    return f"'{value}" if isinstance(value, str) and value[:1] in _FORMULA and value else value


def verdict(prediction: Mapping[str, Any]) -> str:
    """Judge a prediction against what the lab revealed after it.

    >>> verdict({"direction": "up", "size": "bit", "shown_before": 0.1, "shown_after": 0.2})
    'direction'
    """
    before, after = prediction.get("shown_before"), prediction.get("shown_after")
    if before is None or after is None or not prediction.get("direction"):
        return "open"
    happened = size_of_change(before, after)
    if _predicted(prediction) == happened:
        return "right"
    return "direction" if prediction["direction"] == happened.split("_")[0] else "wrong"


def _predicted(prediction: Mapping[str, Any]) -> str:
    direction, size = prediction.get("direction") or "", prediction.get("size") or ""
    return direction if direction in ("", "same") else f"{direction}_{size}"


def _without_name(scenario: Scenario) -> Scenario:
    return Scenario(scenario.context, scenario.preset, scenario.changes)


def _alone(scenario: Scenario) -> Scenario:
    return Scenario(scenario.context, BASELINE_PRESETS[scenario.context])


@cache
def _found(scenario: Scenario) -> tuple[float, dict[str, float]]:
    """Return the mean outlay of a scenario without a name, and the pay-offs of one year."""
    years = yearly_outcomes(scenario, (_OUTLAY, *_GAINS.values()), YEARS)
    paid = {name: MONTHS * float(years[flow][GAINS_YEAR]) for name, flow in _GAINS.items()}
    return float(years[_OUTLAY].mean()), paid


def _gains(scenario: Scenario) -> dict[str, float]:
    before, after = (_found(each)[1] for each in (_alone(scenario), _without_name(scenario)))
    return {name: round(after[name] - before[name], 1) for name in _GAINS}


def budget_check(scenario: Scenario) -> dict[str, Any]:
    """Compare what insurer and public health pay out with the place left alone.

    >>> budget_check(Scenario("china_county", "china_dilemma"))["budget"]
    'held'
    """
    alone, outlay = (_found(each)[0] for each in (_alone(scenario), _without_name(scenario)))
    broken = [
        name
        for name, lever in levers_of().items()
        if lever.new_money_above is not None and above(scenario.levers[name], lever.new_money_above)
    ]
    told = [f"new money by {' and '.join(broken)}"] if broken else []
    if above(outlay, alone * _TOLERANCE):
        told.append(f"over by {100 * (outlay / alone - 1):.1f} %")
    return {
        "outlay": round(outlay, 3),
        "outlay_without_reform": round(alone, 3),
        "budget": "; ".join(told) or "held",
    }


def _scenario_row(kept: SavedScenario) -> dict[str, Any]:
    scenario = kept.scenario
    changed = "; ".join(f"{name}={value:g}" for name, value in scenario.changes.items())
    return {
        "kind": "scenario",
        "author": kept.author,
        "name": scenario.name,
        "note": kept.note,
        "place": scenario.context,
        "preset": scenario.preset,
        "changed": changed,
        "text": scenario.to_text(),
        **budget_check(scenario),
        **_gains(scenario),
    }


def _prediction_row(prediction: Mapping[str, Any]) -> dict[str, Any]:
    judged = verdict(prediction)
    shown = (prediction["shown_before"], prediction["shown_after"]) if judged != "open" else ()
    told = ("question", "outcome", "shown_before", "shown_after", "made_at")
    return {
        "kind": "prediction",
        **{name: prediction[name] for name in told if prediction.get(name) is not None},
        "predicted": _predicted(prediction),
        "happened": size_of_change(*shown) if shown else "",
        "verdict": judged,
    }


def rows_of(content: ScenarioFile, name: str) -> list[dict[str, Any]]:
    """Return one row for each scenario, prediction and answer of a file.

    >>> from carelab.engine import Scenario
    >>> from carelab.study.many.scenario_files import SavedScenario
    >>> kept = SavedScenario(Scenario("uk_place", "uk_before"), "Li")
    >>> [(row["file"], row["author"]) for row in rows_of(ScenarioFile((kept,)), "a.json")]
    [('a.json', 'Li')]
    """
    author = content.author
    rows = [_scenario_row(each) for each in content.scenarios]
    rows += [{"author": author, **_prediction_row(each)} for each in content.predictions]
    rows += [{"author": author, "kind": "answer", **each} for each in content.answers]
    return [{"file": name, **row} for row in rows]


def read_submissions(places: Iterable[Path], output: Path | None = None) -> Submissions:
    """Read exported files, keeping all that can be used; what will be written is no input.

    >>> read_submissions([Path("nowhere.json")]).problems
    ["file 'nowhere.json' does not exist"]
    """
    files = find_files(places, (".json",), but=[output] if output else [])
    if not files.read and not files.left_out:
        raise CarelabError("no exported file found: name a folder that holds files ending in .json")
    found = Submissions(problems=files.told)
    seen: set[tuple[Any, ...]] = set()
    for name, path in files.read.items():
        try:
            content = read_scenario_file(path, name)
            rows = {same_entry(row): row for row in rows_of(content, name)}
        except UNREADABLE as problem:
            found.problems.append(tried(problem, name))
            continue
        found.problems.extend(content.problems)
        found.rows.extend(row for key, row in rows.items() if key not in seen)
        if again := len(seen & rows.keys()):
            found.problems.append(
                f"file '{name}': of its entries {again} stand in another file by the same author"
            )
        seen |= rows.keys()
    return found
