"""Small multiples: one panel a line, the other lines behind it, one scale for all."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from carelab.base import word
from carelab.base.numbers import format_number
from carelab.plots.style import BROAD_IN, FAINT, INK, MUTED, SMALL_PT, new_figure
from carelab.plots.wrapping import wrap_text

if TYPE_CHECKING:
    import pandas as pd

_GAP_IN = 0.2
_SCALE_IN = 0.5
_LINE_IN = 0.165
# A unit of at most so many letters stands behind each number, a longer one above them all.
_SHORT_UNIT = 4
# Part of the swing of all lines below which a line is called level.
_LEVEL = 0.01


def _columns(count: int, width_in: float) -> int:
    if width_in < BROAD_IN:
        return min(count, 2)
    return 2 if count in (2, 4) else min(count, 3)


def _head(name: str, line: "pd.Series", unit: str, width_in: float, digits: int) -> list[str]:
    ends = (format_number(float(line.iloc[at]), f",.{digits}f") for at in (0, -1))
    names = wrap_text(name, width_in * 72 / SMALL_PT) if name else []
    return [*names, f"{' → '.join(ends)} {unit}"]


def digits_for(table: "pd.DataFrame") -> int:
    """Return how many decimals tell the values of lines apart.

    >>> import pandas as pd
    >>> digits_for(pd.DataFrame({"a": [0.0, 0.5]})), digits_for(pd.DataFrame({"a": [0, 300]}))
    (2, 0)
    """
    swing = float(table.max().max() - table.min().min())
    return 0 if swing >= 50 else 1 if swing >= 2 else 2 if swing >= 0.1 else 3


def draw_panels(
    table: "pd.DataFrame",
    unit: str,
    width_in: float,
    digits: int,
    said: Mapping[str, str] | None = None,
) -> Any:
    """Draw each column of a table against its index in a panel of its own.

    What is said of a column stands below its name.
    """
    count, columns = len(table.columns), _columns(len(table.columns), width_in)
    rows, short = -(-count // columns), len(unit) <= _SHORT_UNIT
    panel = (width_in - _SCALE_IN - 0.12 - (columns - 1) * _GAP_IN) / columns
    tall = 1.9 if count == 1 else 1.5 if width_in == BROAD_IN else 1.15
    heads = [_head(str(name) if count > 1 else "", line, unit if short else "", panel, digits)
             + wrap_text((said or {}).get(str(name), ""), panel * 72 / SMALL_PT)
             for name, line in table.items()]  # fmt: skip
    head_in = 0.1 + _LINE_IN * max(map(len, heads))
    along = wrap_text(str(table.index.name), width_in * 72 / SMALL_PT)
    foot = 0.3 + _LINE_IN * len(along)
    units = [] if short else wrap_text(unit, width_in * 72 / SMALL_PT)
    top = _LINE_IN * len(units)
    height = top + rows * (head_in + tall) + (rows - 1) * 0.3 + foot
    figure = new_figure(width_in, height)
    figure.text(0.01, 1 - 0.03 / height, "\n".join(units), va="top", size=SMALL_PT, color=MUTED)
    figure.text(0.5, 0.03 / height, "\n".join(along), ha="center", va="bottom", size=SMALL_PT)
    limits = _limits(table)
    first, last = table.index[0], table.index[-1]
    # One year alone is a point, with room beside it.
    dot, ends = ("o", (first - 0.5, last + 0.5)) if first == last else ("-", (first, last))
    for index, (name, lines) in enumerate(zip(table.columns, heads, strict=True)):
        row, column = divmod(index, columns)
        left = _SCALE_IN + column * (panel + _GAP_IN)
        low = height - top - (row + 1) * (head_in + tall) - row * 0.3
        place = (left / width_in, low / height, panel / width_in, tall / height)
        axes = figure.add_axes(place)
        for other in table.columns.drop(name):
            axes.plot(table.index, table[other], dot, color=MUTED, linewidth=0.6, zorder=2)
        axes.plot(table.index, table[name], dot, color=INK, linewidth=2, zorder=3)
        axes.set_title("\n".join(filter(None, lines)), loc="left", fontsize=SMALL_PT)
        axes.set(ylim=limits, xlim=ends)
        for drawn in axes.lines:
            # Points on a straight stretch say nothing; each line stands in every panel.
            drawn.get_path().should_simplify = True
        _scale(axes, first=column == 0)
    return figure


def _limits(table: "pd.DataFrame") -> tuple[float, float]:
    low, high = float(table.min().min()), float(table.max().max())
    # A scale starts at zero unless that would hide what moves.
    if low > 0 and low < 0.6 * high:
        low = 0.0
    room = 0.06 * (high - low or abs(high) or 1.0)
    return low - (room if low else 0.0), high + room


def _scale(axes: Any, first: bool) -> None:
    from matplotlib.ticker import MaxNLocator

    low, high = axes.get_xlim()
    ticks = MaxNLocator(3, steps=[1, 2, 5, 10]).tick_values(low, high)
    shown = [float(each) for each in ticks if low <= each <= high]
    labels = axes.set_xticks(shown)
    # At the edges numbers stay within their panel, or they run into those of the next.
    for index, edge, side in ((0, low, "left"), (-1, high, "right")):
        if abs(shown[index] - edge) < 1e-6 * (high - low):
            labels[index].label1.set_horizontalalignment(side)
    axes.yaxis.set_major_locator(MaxNLocator(4))
    axes.tick_params(labelleft=first, left=False)
    axes.grid(axis="y", color=FAINT, linewidth=0.6)
    axes.set_axisbelow(True)
    axes.spines["left"].set_visible(False)
    low, high = axes.get_ylim()
    if low < 0 < high:
        axes.axhline(0, color=MUTED, linewidth=0.8, zorder=1)


def _shape(line: "pd.Series", swing: float) -> str:
    values = line.to_numpy(float)
    first, last = values[0], values[-1]
    least = _LEVEL * swing
    peak, trough = values.max() - max(first, last), min(first, last) - values.min()
    if peak > 5 * least or trough > 5 * least:
        return "peaks" if peak > trough else "dips"
    return "level" if abs(last - first) <= least else "rises" if last > first else "falls"


def in_text(name: str) -> str:
    """Write a label as it stands within a sentence, initials kept.

    >>> in_text("Unit cost"), in_text("UK pay")
    ('unit cost', 'UK pay')
    """
    return name if name[1:2].isupper() else name[:1].lower() + name[1:]


def tell_shapes(table: "pd.DataFrame", label: str, along: str) -> str:
    """Say in a sentence what lines do along the axis: the finding of a chart.

    >>> import pandas as pd
    >>> tell_shapes(pd.DataFrame({"a": [1, 2], "b": [1, 0]}), "Effort", "pay")
    'Effort rises with pay for a, and falls for b'
    """
    swing = float(table.max().max() - table.min().min()) or 1.0
    groups: dict[str, list[str]] = {}
    for name, line in table.items():
        groups.setdefault(_shape(line, swing), []).append(str(name))
    if len(groups) == 1:
        return word(f"panels.all.{next(iter(groups))}", label=label, along=along)
    parts = [
        word(f"panels.{'first' if not at else 'next'}.{shape}", label=label, along=along,
             names=word("panels.and").join(names))
        for at, (shape, names) in enumerate(groups.items())
    ]  # fmt: skip
    return word("panels.join").join(parts)


def tell_ends(table: "pd.DataFrame", label: str, unit: str, years: int, digits: int) -> str:
    """Say which line ends highest and which lowest.

    >>> import pandas as pd
    >>> tell_ends(pd.DataFrame({"a": [1, 2], "b": [1, 5]}), "Reach", "%", 2, 0)
    'Reach in year 2: most with b (5 %), least with a (2 %)'
    """
    shown = {
        str(name): format_number(float(end), f",.{digits}f") for name, end in table.iloc[-1].items()
    }
    ends = table.iloc[-1].set_axis(list(shown))
    most, least = str(ends.idxmax()), str(ends.idxmin())
    gaps: dict[str, Any] = {"label": label, "unit": unit, "years": years}
    if len(shown) == 1:
        first = format_number(float(table.to_numpy()[0, 0]), f",.{digits}f")
        return word("panels.one", first=first, last=shown[most], **gaps)
    if shown[most] == shown[least]:
        return word("panels.same", value=shown[most], **gaps)
    told: dict[str, Any] = {"most": most, "high": shown[most], "least": least, "low": shown[least]}
    return word("panels.ends", **told, **gaps)
