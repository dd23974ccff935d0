"""The care economy for the front end: the generated functions, the places, every name in words."""

import json
from functools import cache
from typing import Any

from carelab.engine import BASELINE_PRESETS, LEVERS, MODEL_VERSION, STOCKS, load_place, trace_step
from carelab.engine.names import CLOCK
from carelab.engine.scenario import built_in_presets
from carelab.engine.simulate import LONGEST_YEARS, clock
from carelab.engine.years import MONTHS
from carelab.tracing.javascript import run_inputs, write_javascript_equations, write_javascript_run

_CARRIED = {name: f"next_{name}" for name in STOCKS}


def _ticks(lag: float) -> dict[str, list[int]]:
    """Name the months in which each bell of the calendar rings; the month itself is counted."""
    months = [clock(month, lag) for month in range(MONTHS * LONGEST_YEARS)]
    bells = [name for name in CLOCK if name != "month"]
    return {bell: [at for at, each in enumerate(months) if each[bell]] for bell in bells}


def place_data(context: str) -> dict[str, Any]:
    """Return a place for the front end.

    >>> place_data("uk_place")["baseline"]
    'uk_before'
    """
    place = load_place(context)
    read = set(run_inputs(trace_step(), _CARRIED, CLOCK))
    fixed = {name: float(value) for name, value in place.fixed_inputs.items() if name in read}
    return {
        "fixed": fixed,
        "stocks": [float(place.stocks[name]) for name in STOCKS],
        "ticks": _ticks(place.parameters["settlement_lag_months"]),
        "baseline": BASELINE_PRESETS[context],
    }


# A page carries each name once: values stand in the order of the names, and meet them again here.
_UNPACK = """const carelabEconomy = (({places, presets, ...rest}) => {
  const named = (names, values) => Object.fromEntries(
    names.map((name, at) => [name, values[at]]).filter(([, value]) => value !== null));
  const each = (all, change) => Object.fromEntries(
    Object.entries(all).map(([name, value]) => [name, change(value)]));
  return {
    run: care_economy_run, equations: care_economy_equations, ...rest,
    places: each(places, (place) => ({...place, fixed: named(rest.inputs, place.fixed)})),
    presets: each(presets, (values) => named(rest.levers, values)),
  };
})"""


@cache
def economy_script() -> str:
    """Write the care economy as JavaScript: ``const carelabEconomy = {…};``.

    >>> "function care_economy_run(" in economy_script()
    True
    """
    trace = trace_step()
    inputs = list(run_inputs(trace, _CARRIED, CLOCK))
    places = {context: place_data(context) for context in BASELINE_PRESETS}
    for place in places.values():
        place["fixed"] = [place["fixed"].get(name) for name in inputs]
    data = {
        "version": MODEL_VERSION,
        "clock": list(CLOCK),
        "inputs": inputs,
        "stocks": list(STOCKS),
        "flows": list(trace.flow_names),
        "levers": list(LEVERS),
        "years": LONGEST_YEARS,
        "places": places,
        "presets": {name: list(levers.values()) for name, levers in built_in_presets().items()},
    }
    packed = json.dumps(data, ensure_ascii=False, separators=(",", ":"))
    return "\n".join(
        [
            write_javascript_run(trace, _CARRIED, CLOCK),
            write_javascript_equations(trace),
            f"{_UNPACK}({packed});",
        ]
    )
