"""The lab of the welcome page: one rule of one place, and how firm what follows from it is.

How firm each direction is, at every setting of the rule, is counted here over the same 500 places
that a lab draws, so that the page need not run them.
"""

import html
from collections.abc import Mapping
from functools import cache
from typing import TYPE_CHECKING, Any

from carelab.base import book_language, firmness_of, word
from carelab.base.levers import levers_of
from carelab.base.numbers import format_number, show_value
from carelab.engine import Place, Scenario, load_place, place_parameters, run_years
from carelab.lab.fallback import static_html, text_table
from carelab.lab.labels import ACCOUNTS
from carelab.study.many.page_draws import PAGE_DRAWS, page_place

if TYPE_CHECKING:
    import numpy as np

    Array = np.ndarray[Any, np.dtype[np.float64]]

OPENING = Scenario("china_county", "anhui")
LEVER = "contract_share"
YEAR = 10
STEP = 0.1
MONTHS = 12
_HEALTH = "life_years"
_READ = tuple(
    dict.fromkeys(
        ["reach", _HEALTH, *(term.lstrip("-") for terms in ACCOUNTS.values() for term in terms)]
    )
)
# Smaller than this, a difference is that of the last digits.
_NOISE = 1e-9


def settings() -> list[float]:
    """Return every setting of the rule, the lowest first.

    >>> len(settings()), settings()[-1]
    (11, 1.0)
    """
    lever = levers_of()[LEVER]
    steps = round((lever.high - lever.low) / STEP)
    return [round(lever.low + STEP * at, 9) for at in range(steps + 1)]


def results_in(place: Place, value: float, year: int = YEAR) -> dict[str, Any]:
    """Return reach, healthy years and millions a year of each actor at a setting of the rule.

    >>> round(results_in(load_place("china_county"), 0.0)["reach"], 3) > 0.1
    True
    """
    residents = float(place_parameters(OPENING.context)["population"])
    levers = {**OPENING.levers, LEVER: value}
    flows = list(run_years(place, levers, year, _READ))[year - 1]

    def account(terms: tuple[str, ...]) -> Any:
        signed = ((-1 if term.startswith("-") else 1) * flows[term.lstrip("-")] for term in terms)
        return sum(signed) * MONTHS * residents / 1e6

    return {
        **{actor: account(terms) for actor, terms in ACCOUNTS.items()},
        "reach": flows["reach"],
        "health": flows[_HEALTH] * residents,
    }


@cache
def results() -> tuple[dict[str, float], ...]:
    """Return what every setting comes to at the values in use."""
    place = load_place(OPENING.context)
    return tuple(
        {name: float(each) for name, each in results_in(place, value).items()}
        for value in settings()
    )


@cache
def firmness() -> tuple[dict[str, str], ...]:
    """Say how firm each direction against the lowest setting is, setting by setting.

    >>> firmness()[-1]["reach"]
    'firm'
    """
    drawn = page_place(OPENING.context)
    runs = [results_in(drawn, value) for value in settings()]
    # The lowest setting is compared with itself: there is no direction.
    told: list[dict[str, str]] = [{}]
    for used, found in zip(results()[1:], runs[1:], strict=True):
        told.append({name: _firm(name, used, found, runs[0]) for name in found})
    return tuple(told)


def _firm(
    name: str, used: Mapping[str, float], found: Mapping[str, Any], first: Mapping[str, Any]
) -> str:
    import numpy as np

    change = np.broadcast_to(found[name] - first[name], PAGE_DRAWS)
    sign = np.sign(used[name] - results()[0][name])
    return firmness_of(int((change * sign > _NOISE).sum()), PAGE_DRAWS)


def welcome_configuration() -> dict[str, Any]:
    """Return what the front end needs beside the names that every lab shares.

    >>> welcome_configuration()["lever"]
    'contract_share'
    """
    spoken = book_language()
    return {
        "kind": "welcome",
        "language": spoken,
        "question": word("lab.welcome.question", spoken),
        "context": OPENING.context,
        "preset": OPENING.preset,
        "lever": LEVER,
        "step": STEP,
        "opening": OPENING.levers[LEVER],
        "year": YEAR,
        "years": YEAR,
        "worth": float(place_parameters(OPENING.context)["life_year_value"]),
        "firmness": list(firmness()),
        "note": word("lab.welcome.note", spoken, year=YEAR),
        "space": word("plot.space", spoken),
    }


def people_svg(now: int, before: int) -> str:
    """Draw a hundred people as dots: filled whom prevention reaches, ringed whom it newly does.

    >>> people_svg(3, 1).count("<circle")
    100
    """
    kinds = ["stayed" if at < before else "came" if at < now else "missed" for at in range(100)]
    dots = "".join(
        f'<circle class="carelab-resident carelab-{kind}" cx="{at % 20 * 16 + 8}"'
        f' cy="{at // 20 * 16 + 8}" r="5.5"/>'
        for at, kind in enumerate(kinds)
    )
    told = html.escape(word("lab.welcome.people", now=now, before=before), quote=True)
    return (
        f'<svg class="carelab-people carelab-welcome-people" role="img" aria-label="{told}"'
        f' viewBox="0 0 320 80">{dots}</svg><p>{told}</p>'
    )


def welcome_html() -> str:
    """Write the lab's place on the page: what it opens with as a picture and a table.

    >>> 'data-carelab="welcome"' in welcome_html()
    True
    """
    config = welcome_configuration()
    at = settings().index(round(config["opening"], 9))
    opened, first, firm = results()[at], results()[0], config["firmness"][at]
    money = word("lab.million_year", money=word(f"place.{OPENING.context}.money"))
    rows = [
        [
            word(f"actor.{actor}"),
            format_number(opened[actor] - first[actor], "+,.1f"),
            word(f"firmness.{firm[actor]}"),
        ]
        for actor in ACCOUNTS
    ]
    heads = [word("lab.actor"), money, word("lab.certainty")]
    shown = show_value(config["opening"], "share", 0, config["language"])
    caption = word("lab.welcome.year_table", year=YEAR, value=shown)
    people = people_svg(*(round(100 * each["reach"]) for each in (opened, first)))
    return static_html(config, text_table(heads, rows, caption), people)
