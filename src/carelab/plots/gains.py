"""Static twin of the retention lab: what the lead hospital gains or loses as a lever moves."""

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

from carelab.base import book_language, word
from carelab.base.levers import check_levers, levers_of
from carelab.base.numbers import format_number, show_value
from carelab.evidence import load_levers, load_parameters, load_presets, load_quantities
from carelab.plots.panels import draw_panels, in_text, tell_shapes
from carelab.plots.pictures import Picture, both_widths
from carelab.plots.style import INK, MUTED
from carelab.theory import MODELS

if TYPE_CHECKING:
    import pandas as pd

_MODEL = "retention"
_PRESET = "anhui_package"
_LINES = ("prevented_episode_gain", "retention_gain", "extra_treatment_gain")
_GAIN_OF = {
    "prevention_threshold": "prevented_episode_gain",
    "retention_threshold": "retention_gain",
    "treatment_threshold": "extra_treatment_gain",
}
_POINTS = 101
_TABLE_ROWS = 11


def _settings(levers: Mapping[str, float] | None) -> dict[str, float]:
    presets = load_presets(_MODEL)
    preset = presets[presets["preset"] == _PRESET]
    values = dict(zip(preset["lever"], preset["value"].astype(float), strict=True))
    check_levers(levers or {}, _MODEL)
    return values | {name: float(value) for name, value in (levers or {}).items()}


def _lever(name: str) -> Any:
    return load_levers(_MODEL).set_index("name").loc[name]


def _range(name: str) -> tuple[float, float]:
    lever = levers_of(_MODEL)[name]
    return lever.low, lever.high


def _run(levers: Mapping[str, float] | None, over: str, context: str, points: int) -> Any:
    """Return the positions of one lever, every flow along it, and its present setting."""
    import numpy as np

    values: dict[str, Any] = dict(_settings(levers))
    check_levers({over: values.get(over)}, _MODEL)
    here = values[over]
    place = load_parameters(context)
    values |= dict(zip(place["name"], place["value"], strict=True))
    values[over] = np.linspace(*_range(over), points)
    flows = MODELS[_MODEL].run(**values)
    along = values[over]
    return along, {key: np.broadcast_to(flow, along.shape) for key, flow in flows.items()}, here


def _labels() -> dict[str, str]:
    quantities = load_quantities(_MODEL)
    return dict(zip(quantities["name"], quantities[f"label_{book_language()}"], strict=True))


def _lever_label(over: str) -> str:
    return str(_lever(over)[f"label_{book_language()}"])


def _threshold_names(over: str) -> tuple[str, ...]:
    if over == "leakage_charged_share":
        return ("retention_threshold",)
    return tuple(f"{kind}_threshold_on_{over}" for kind in ("prevention", "treatment"))


def _thresholds(flows: Mapping[str, Any], along: Any, over: str) -> dict[str, float]:
    """Return thresholds that lie within the lever's range, by name."""
    found = {name: float(flows[name][-1]) for name in _threshold_names(over)}
    return {name: at for name, at in found.items() if along[0] <= at <= along[-1]}


def _draw(
    along: Any, flows: Mapping[str, Any], over: str, here: float, labels: Mapping[str, str]
) -> Callable[[float], Any]:
    """Return how the gains are drawn at a width: a panel each, with what it is worth watching."""
    import pandas as pd

    reached = {
        _GAIN_OF[name.split("_on_")[0]]: (name, at)
        for name, at in _thresholds(flows, along, over).items()
    }
    now = word("plot.gains.here", value=show_value(here, "share"))
    axis = f"{_lever_label(over)} ({word('unit.share')})"
    lines = pd.DataFrame({labels[name]: flows[name] for name in _LINES}, index=along * 100)
    lines.index.name = word("lab.between").join((axis, now))
    said = {
        labels[gain]: word("lab.threshold", label=labels[name], value=show_value(at, "share"))
        for gain, (name, at) in reached.items()
    }

    def draw(width_in: float) -> Any:
        figure = draw_panels(lines, word("unit.CNY per case"), width_in, 0, said)
        for gain, axes in zip(_LINES, figure.axes, strict=True):
            axes.axvline(here * 100, color=MUTED, linewidth=0.8, linestyle=(0, (2, 2)), zorder=1)
            axes.yaxis.set_major_formatter(lambda value, _: format_number(value, ",.0f"))
            if gain in reached:
                at = reached[gain][1] * 100
                axes.plot(at, 0, marker="|", markersize=12, markeredgewidth=1.6, color=INK)
        return figure

    return draw


def _table(along: Any, flows: Mapping[str, Any], over: str) -> "pd.DataFrame":
    import pandas as pd

    labels = _labels()
    unit = word("unit.CNY per case")
    columns = {f"{_lever_label(over)} ({word('unit.share')})": (along * 100).round(6)}
    columns |= {f"{labels[name]} ({unit})": flows[name].round(0) + 0.0 for name in _LINES}
    return pd.DataFrame(columns)


def _alt(along: Any, flows: Mapping[str, Any], over: str, here: float) -> str:
    labels = _labels()
    lines = [
        word(
            "plot.gains.line",
            label=labels[name],
            first=format_number(float(flows[name][0]), ",.0f"),
            last=format_number(float(flows[name][-1]), ",.0f"),
        )
        for name in _LINES
    ]
    reached = [
        word("plot.gains.threshold", label=labels[name], value=show_value(at, "share"))
        for name, at in _thresholds(flows, along, over).items()
    ]
    return word(
        "plot.gains.alt",
        lever=_lever_label(over),
        low=show_value(float(along[0]), "share"),
        high=show_value(float(along[-1]), "share"),
        unit=word("unit.CNY per case"),
        lines=word("plot.space").join(lines),
        thresholds=word("plot.space").join(reached),
        now=word("plot.gains.now", value=show_value(here, "share")),
    )


def _finding(along: Any, flows: Mapping[str, Any], over: str) -> str:
    """Say which gains of the hospital grow and which shrink along the lever."""
    import pandas as pd

    labels = _labels()
    lines = pd.DataFrame({in_text(labels[name]): flows[name] for name in _LINES}, index=along)
    return tell_shapes(lines, word("plot.gains.what"), in_text(_lever_label(over)))


def plot_gains(
    levers: Mapping[str, float] | None = None,
    over: str = "contract_share",
    context: str = "teaching_county",
) -> Picture:
    """Draw what the lead hospital gains or loses per case as one lever moves.

    Parameters
    ----------
    levers : mapping of str to float, optional
        Settings that differ from the preset ``anhui_package``, as shares.
    over : str
        The lever on the x axis.
    context : str
        The place, as in ``parameters.csv``.

    Returns
    -------
    Picture
        A panel for each of three gains, the thresholds that lie in range, the present setting; the
        table has 11 rows.

    Raises
    ------
    CarelabError
        When a lever or the context is unknown or a setting is out of range.

    Examples
    --------
    >>> plot_gains().table.shape
    (11, 4)
    """
    along, flows, here = _run(levers, over, context, _POINTS)
    figure, narrow = both_widths(_draw(along, flows, over, here, _labels()))
    along, flows, here = _run(levers, over, context, _TABLE_ROWS)
    caption = _finding(along, flows, over)
    twin, source = _table(along, flows, over), word("plot.source.model")
    note = word("plot.gains.note", unit=word("unit.CNY per case"), lever=_lever_label(over))
    return Picture(figure, _alt(along, flows, over, here), caption, twin, narrow, note, source)
