"""What a page needs to draw the parameters of a place and to find each draw's state of rest."""

import json
from collections.abc import Mapping
from functools import cache
from typing import Any

from carelab.base.firmness import FIRMNESS
from carelab.engine import BASELINE_PRESETS, place_parameters
from carelab.engine.names import CLOCK
from carelab.engine.recorded import rest_search
from carelab.engine.rest import BEGINS_AT, CONSTANTS, MONTHS_TO_REST, READ_AT_REST
from carelab.lab.economy_script import place_data
from carelab.study.many.draws import (
    LEAST_SPARE,
    MOST_DRIFT,
    POSSIBLE_PLACES,
    ROWS_A_SPARE,
    STEADY,
    STEADY_MONTHS,
    STILL,
    draw_model,
    drawn_names,
    possible_places,
)
from carelab.study.many.page_draws import PAGE_DRAWS, PAGE_SEED
from carelab.study.many.ranges import EQUAL_SHARE, NOISE
from carelab.tracing import Trace, trace_model, write_javascript
from carelab.tracing.javascript import run_inputs, write_javascript_run


def _draws() -> tuple[list[str], dict[str, str]]:
    """Write what turns numbers into parameters; places with equal ranges share a function."""
    written: dict[str, str] = {}
    named = {}
    for context in BASELINE_PRESETS:
        trace = trace_model(draw_model(context), drawn_names(context)["name"], "NAME")
        text = write_javascript(trace)
        named[context] = written.setdefault(text, f"{context}_draw")
    return [text.replace("NAME", name, 1) for text, name in written.items()], named


def _unread(context: str) -> dict[str, float]:
    """Return the parameters of a place that no run reads, but its first month may."""
    read = place_data(context)["fixed"]
    parameters = place_parameters(context).items()
    return {name: float(value) for name, value in parameters if name not in read}


def _data(trace: Trace, carried: Mapping[str, str]) -> dict[str, Any]:
    return {
        "count": PAGE_DRAWS,
        "spare": {"least": LEAST_SPARE, "of": ROWS_A_SPARE},
        "steady": {
            "stocks": list(STEADY),
            "months": STEADY_MONTHS,
            "most": MOST_DRIFT,
            "still": STILL,
        },
        "firmness": dict(FIRMNESS),
        "equal": {"share": EQUAL_SHARE, "noise": NOISE},
        "seed": PAGE_SEED,
        "months": MONTHS_TO_REST,
        "inputs": list(run_inputs(trace, carried, ())),
        "carried": list(carried),
        "constants": list(CONSTANTS),
        "still": list(CLOCK),
        "begins": BEGINS_AT,
        "read": READ_AT_REST,
        "drawn": {context: drawn_names(context)["name"].tolist() for context in BASELINE_PRESETS},
        "stored": list(POSSIBLE_PLACES),
        "unread": {context: _unread(context) for context in BASELINE_PRESETS},
    }


@cache
def places_script() -> str:
    """Write the places that can exist as a JavaScript value, for a file that a page loads late.

    >>> places_script().startswith('{"china_county":{"names":["healthy_death_rate",')
    True
    """
    stored = {}
    for context in POSSIBLE_PLACES:
        table = possible_places(context)
        assert table is not None
        stored[context] = {"names": list(table), "rows": table.to_numpy().tolist()}
    return json.dumps(stored, separators=(",", ":"))


@cache
def draws_script() -> str:
    """Write the draws and the state of rest as JavaScript: ``const carelabUncertainty = {…};``.

    >>> "function care_economy_rest_run(" in draws_script()
    True
    """
    first, trace, carried = rest_search()
    draws, named = _draws()
    packed = json.dumps(_data(trace, carried), ensure_ascii=False, separators=(",", ":"))
    chosen = ", ".join(f"{context}: {name}" for context, name in named.items())
    return "\n".join(
        [
            write_javascript_run(trace, carried, (), last_only=True),
            write_javascript(first),
            *draws,
            "const carelabUncertainty = {rest: care_economy_rest_run, first: care_economy_first,"
            f" draw: {{{chosen}}}, ...{packed}}};",
        ]
    )
