"""Figures of a policy experiment: outcomes over the years, and along a lever."""

from functools import cache
from typing import TYPE_CHECKING, Any

from carelab.base import CarelabError, book_language, word
from carelab.evidence import load_levers, load_presets, load_quantities
from carelab.evidence.cases.presets import own_presets
from carelab.plots.pictures import Picture
from carelab.plots.style import DASHES, PALETTE, WIDTH_IN, new_figure, use_style

if TYPE_CHECKING:
    import pandas as pd

_MODEL = "care_economy"
_MOST_LINES = len(PALETTE)


def label_of(name: str) -> str:
    """Return what a lever, a quantity or a preset of the care economy is called.

    Parameters
    ----------
    name : str
        Its name in the data, or the id of a reader's own case.

    Returns
    -------
    str
        Its label in the language of the book; the name itself when the data have none.

    Examples
    --------
    >>> label_of("reach"), label_of("anhui")
    ('Reach of prevention', 'Anhui tight community')
    """
    spoken = book_language()
    labels = _labels(spoken)
    if name not in labels:
        own, _ = own_presets(_MODEL)
        return str(getattr(own[name].case, f"short_{spoken}")) if name in own else name
    return labels[name]


@cache
def _labels(language: str) -> dict[str, str]:
    frames = (load_presets(_MODEL), "preset"), (load_levers(_MODEL), "name")
    labels: dict[str, str] = {}
    for frame, key in (*frames, (load_quantities(_MODEL), "name")):
        labels |= dict(zip(frame[key], frame[f"label_{language}"], strict=True))
    return labels


def scale_of(name: str) -> tuple[float, str, int]:
    """Return by what a lever or quantity is multiplied to be shown, its unit, and its digits.

    Parameters
    ----------
    name : str
        A lever or quantity of the care economy.

    Returns
    -------
    tuple of float, str and int
        Shares are shown in per cent.

    Raises
    ------
    CarelabError
        When there is no such lever or quantity.

    Examples
    --------
    >>> scale_of("reach")
    (100.0, '%', 1)
    """
    if name not in _scales():
        raise CarelabError(f"'{name}' is neither a lever nor a quantity of the care economy")
    return _scales()[name]


@cache
def _scales() -> dict[str, tuple[float, str, int]]:
    frames = load_levers(_MODEL).assign(digits=2), load_quantities(_MODEL)
    return {
        name: (100.0, "%", 1) if unit == "share" else (1.0, unit, int(digits))
        for frame in frames
        for name, unit, digits in zip(frame["name"], frame["unit"], frame["digits"], strict=True)
    }


def _draw(groups: "dict[str, pd.DataFrame]", along: str, middle: str, labels: Any) -> Any:
    figure = new_figure(WIDTH_IN, 2.9)
    figure.set_layout_engine("constrained")
    axes = figure.add_subplot()
    for index, (name, rows) in enumerate(groups.items()):
        colour = PALETTE[index]
        axes.fill_between(rows[along], rows["low"], rows["high"], color=colour, alpha=0.15, lw=0)
        axes.plot(rows[along], rows[middle], color=colour, ls=DASHES[index], label=name, marker=".")
    axes.set_xlabel(labels[0])
    axes.set_ylabel(labels[1])
    axes.legend(frameon=False, fontsize=8.5)
    return figure


def _groups(here: "pd.DataFrame", outcome: str, middle: str) -> "dict[str, pd.DataFrame]":
    """Return the rows of each preset by its label, the outcome as it is shown."""
    lines, columns = here["preset"].nunique(), ["low", middle, "high"]
    if not 1 <= lines <= _MOST_LINES:
        raise CarelabError(f"{lines} lines were given; allowed are 1 to {_MOST_LINES}")
    shown = here.copy()
    shown[columns] = shown[columns] * scale_of(outcome)[0]
    return {label_of(str(preset)): rows for preset, rows in shown.groupby("preset", sort=False)}


def _twin(groups: "dict[str, pd.DataFrame]", first: dict[str, str], digits: int) -> "pd.DataFrame":
    """Return the numbers of a figure as one table, a row a point."""
    import pandas as pd

    names = {**first, **{name: word(f"experiment.{name}") for name in ("mean", "middle")}}
    names |= {name: word(f"experiment.{name}") for name in ("low", "high")}
    parts = [rows.assign(preset=name) for name, rows in groups.items()]
    table = pd.concat(parts)
    table = table[["preset", *(name for name in names if name in table)]]
    return table.round(digits).rename(columns={**names, "preset": word("plot.column.preset")})


def plot_outcome_ranges(table: "pd.DataFrame", context: str, outcome: str) -> Picture:
    """Draw an outcome of an experiment over the years, one line and band a preset.

    Parameters
    ----------
    table : pandas.DataFrame
        As from `outcome_ranges`.
    context, outcome : str
        Which place and outcome; at most six presets.

    Returns
    -------
    Picture
        Median and range of nine in ten scenarios, with a table twin.

    Raises
    ------
    CarelabError
        When there are too many presets, or nothing to draw.

    Examples
    --------
    >>> import pandas as pd
    >>> row = ["china_county", "anhui", "reach", 1, 0.2, 0.3, 0.4]
    >>> names = ["context", "preset", "outcome", "year", "low", "middle", "high"]
    >>> print(plot_outcome_ranges(pd.DataFrame([row], columns=names), "china_county", "reach"))
    Reach of prevention at the end of each year in a county in China, median and range of nine in
    ten scenarios, in %. In the last year: Anhui tight community 30.0 (20.0 to 40.0).
    """
    here = table[(table["context"] == context) & (table["outcome"] == outcome)]
    groups = _groups(here, outcome, "middle")
    _, unit, digits = scale_of(outcome)
    label, place, axis = label_of(outcome), word(f"place.{context}"), word("plot.year")
    with use_style():
        figure = _draw(groups, "year", "middle", (axis, unit))
        figure.axes[0].xaxis.get_major_locator().set_params(integer=True)
    told = "; ".join(
        word(
            "experiment.year_told",
            name=name,
            **{each: f"{rows[each].iloc[-1]:.{digits}f}" for each in ("low", "middle", "high")},
        )
        for name, rows in groups.items()
    )
    alt = word("experiment.year_alt", label=label, place=place, unit=unit, told=told)
    caption = word("experiment.year_caption", label=label, place=place)
    return Picture(figure, alt, caption, _twin(groups, {"year": axis}, digits))


def plot_lever_profile(table: "pd.DataFrame", context: str, outcome: str, lever: str) -> Picture:
    """Draw an outcome of an experiment in the last year along a lever, one line a preset.

    Parameters
    ----------
    table : pandas.DataFrame
        As from `lever_profile` for this outcome and lever.
    context, outcome, lever : str
        Which place, outcome and lever; at most six presets.

    Returns
    -------
    Picture
        Mean and range of nine in ten scenarios, with a table twin.

    Raises
    ------
    CarelabError
        When there are too many presets, or nothing to draw.

    Examples
    --------
    >>> import pandas as pd
    >>> rows = [["uk_place", "uk_before", x, x / 2, 0.1, 0.9] for x in (0.0, 1.0)]
    >>> names = ["context", "preset", "setting", "mean", "low", "high"]
    >>> table = pd.DataFrame(rows, columns=names)
    >>> plot_lever_profile(table, "uk_place", "reach", "reward_share").table.shape
    (2, 5)
    """
    here = table[table["context"] == context]
    groups = _groups(here, outcome, "mean")
    _, unit, digits = scale_of(outcome)
    lever_factor, lever_unit, lever_digits = scale_of(lever)
    groups = {name: g.assign(setting=g["setting"] * lever_factor) for name, g in groups.items()}
    label, lever_label, place = label_of(outcome), label_of(lever), word(f"place.{context}")
    axis = f"{lever_label} ({lever_unit})"
    with use_style():
        figure = _draw(groups, "setting", "mean", (axis, unit))
    parts = []
    for name, g in groups.items():
        ends = [f"{value:.{digits}f}" for value in (g["mean"].iloc[0], g["mean"].iloc[-1])]
        low, high = (f"{value:.{lever_digits}f}" for value in g["setting"].iloc[[0, -1]])
        parts.append(
            word(
                "experiment.lever_told", name=name, first=ends[0], last=ends[1], low=low, high=high
            )
        )
    told = "; ".join(parts)
    names = {"label": label, "lever": lever_label, "place": place}
    alt = word("experiment.lever_alt", unit=unit, told=told, **names)
    twin = _twin(groups, {"setting": axis}, max(digits, lever_digits))
    return Picture(figure, alt, word("experiment.lever_caption", **names), twin)
