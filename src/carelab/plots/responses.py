"""One thing against another: a quantity of a month, or the result of a small model."""

from collections.abc import Callable, Mapping
from functools import cache
from typing import TYPE_CHECKING, Any

from carelab.base import CarelabError, book_language, load_words, word
from carelab.base.numbers import format_number
from carelab.engine import Scenario
from carelab.evidence import load_levers, load_parameters, load_quantities
from carelab.plots.panels import digits_for, draw_panels, in_text, tell_shapes
from carelab.plots.pictures import Picture, both_widths
from carelab.study.explain.responses import input_range, month_response, month_units

if TYPE_CHECKING:
    import pandas as pd

_POINTS = 121
# The table twin shows this many of the points, the ends among them.
_ROWS = 9
_MOST_LINES = 6
Settings = Mapping[str, Mapping[str, float]]


@cache
def _labels(language: str) -> dict[str, str]:
    label = f"label_{language}"
    frames = (load_parameters(), load_quantities("care_economy"), load_levers("care_economy"))
    named = {row["name"]: row[label] for frame in frames for _, row in frame.iterrows()}
    words = {key.removeprefix("map.node."): text for key, text in load_words(language).items()
             if key.startswith("map.node.")}  # fmt: skip
    return {**words, **named}


def label_of(name: str) -> str:
    """Return what a quantity, lever, parameter or argument is called.

    >>> label_of("reach"), label_of("unit_cost")
    ('Reach of prevention', 'Unit cost')
    """
    plain = name.replace("_", " ")
    return _labels(book_language()).get(name, plain[0].upper() + plain[1:])


def _points(low: float, high: float) -> Any:
    import numpy as np

    return np.linspace(low, high, _POINTS)


def _picture(table: "pd.DataFrame", label: str, unit: str, title: str | None) -> Picture:
    if not 1 <= len(table.columns) <= _MOST_LINES:
        raise CarelabError(f"{len(table.columns)} lines were given; allowed are 1 to {_MOST_LINES}")
    digits = digits_for(table)
    figure, narrow = both_widths(lambda width: draw_panels(table, unit, width, digits))
    along = str(table.index.name)
    told = "; ".join(
        word("response.told", name=name, first=format_number(float(f"{line.iloc[0]:.3g}")),
             last=format_number(float(f"{line.iloc[-1]:.3g}")))
        for name, line in table.items()
    )  # fmt: skip
    alt = word("response.alt", label=label, unit=unit, along=along, told=told)
    caption = title or tell_shapes(table, label, in_text(along.split(" (")[0]))
    note = word("panels.note.response", label=label, unit=unit, along=along)
    rows = table.iloc[:: (_POINTS - 1) // (_ROWS - 1)]
    shown = rows.map(lambda value: float(f"{value:.4g}"))
    shown.index = [float(f"{value:.4g}") for value in shown.index]
    shown.index.name = along
    source = word("plot.source.model")
    return Picture(figure, alt, caption, shown.reset_index(), narrow, note, source)


def plot_response(
    outcome: str,
    along: str,
    settings: Settings | None = None,
    *,
    scenario: Scenario | None = None,
    between: tuple[float, float] | None = None,
    title: str | None = None,
) -> Picture:
    """Draw a quantity of one month of the care economy against something that the month reads.

    Parameters
    ----------
    outcome : str
        A quantity of the month.
    along : str
        A lever, parameter, stock or constant.
    settings : mapping of str to mapping of str to float, optional
        One line each: name to other inputs that differ from the scenario's place at rest.
    scenario : Scenario, optional
        Place and levers; the county with the Anhui preset by default.
    between : (float, float), optional
        Ends of the horizontal axis; the range in the data by default.
    title : str, optional
        Caption; by default which way the lines go.

    Returns
    -------
    Picture
        A panel a line, with a table twin.

    Raises
    ------
    CarelabError
        When a name is unknown, or there are too many lines.

    Examples
    --------
    >>> plot_response("siphon", "governance_share").table.shape
    (9, 2)
    """
    import pandas as pd

    base = scenario or Scenario("china_county", "anhui")
    values = _points(*(between or input_range(along, base.context)))
    lines = {
        name: month_response(base, outcome, along, values, held)
        for name, held in (settings or {word("response.one"): {}}).items()
    }
    units = month_units()
    name = f"{label_of(along)} ({units[along]})"
    table = pd.DataFrame(lines, index=pd.Index(values, name=name))
    return _picture(table, label_of(outcome), units[outcome], title)


def plot_function(
    function: Callable[..., Any],
    along: str,
    between: tuple[float, float],
    settings: Settings,
    *,
    unit: str,
    part: int = 0,
    title: str | None = None,
) -> Picture:
    """Draw the result of a small model against one of its arguments.

    Parameters
    ----------
    function : callable
        Of `carelab.theory`.
    along : str
        Name of the argument.
    between : (float, float)
        Ends of the horizontal axis.
    settings : mapping of str to mapping of str to float
        One line each: name to the other arguments.
    unit : str
        Unit of the result.
    part : int
        Which part is meant where the function returns several, from 0.
    title : str, optional
        Caption; by default which way the lines go.

    Returns
    -------
    Picture
        A panel a line, with a table twin.

    Raises
    ------
    CarelabError
        When there are too many lines.

    Examples
    --------
    >>> from carelab.theory import teams
    >>> lines = {"loose": {"unit_cost": 1, "partner_weight": 0}}
    >>> picture = plot_function(teams.team_effort, "members", (1, 9), lines, unit="units of effort")
    >>> picture.table["loose"].iloc[0]
    np.float64(1.0)
    """
    import numpy as np
    import pandas as pd

    values = _points(*between)
    lines = {}
    for name, others in settings.items():
        result = function(**{**others, along: values})
        chosen = result[part] if isinstance(result, tuple) else result
        lines[name] = np.broadcast_to(np.asarray(chosen, float), values.shape)
    table = pd.DataFrame(lines, index=pd.Index(values, name=label_of(along)))
    return _picture(table, label_of(function.__name__), unit, title)
