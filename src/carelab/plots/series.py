"""Lines with their names beside them instead of a legend."""

from collections.abc import Sequence
from itertools import pairwise
from typing import TYPE_CHECKING, Any

from carelab.base import CarelabError, word
from carelab.plots.style import (
    BROAD_IN,
    DASHES,
    FAINT,
    MARKERS,
    MUTED,
    PALETTE,
    SMALL_PT,
    new_figure,
)
from carelab.plots.wrapping import wrap_text

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.axes import Axes

LABEL_IN = 1.45
_LINE_IN = 0.15


def spread(
    wanted: Sequence[float],
    heights: Sequence[float],
    low: float = float("-inf"),
    high: float = float("inf"),
) -> list[float]:
    """Move labels apart so that none covers another.

    >>> spread([1.0, 1.0], [1.0, 1.0])
    [0.5, 1.5]
    """
    order = sorted(range(len(wanted)), key=lambda index: wanted[index])
    centres = list(map(float, wanted))
    for _ in range(200):
        centres[order[0]] = max(centres[order[0]], low + heights[order[0]] / 2)
        centres[order[-1]] = min(centres[order[-1]], high - heights[order[-1]] / 2)
        for below, above in pairwise(order):
            overlap = (heights[below] + heights[above]) / 2 - (centres[above] - centres[below])
            if overlap > 1e-9:
                centres[below] -= overlap / 2
                centres[above] += overlap / 2
    return centres


def name_lines(axes: "Axes", names: Sequence[str], ends: Sequence[tuple[float, float]]) -> None:
    """Write the names of lines to the right of the axes, in the colours of the lines."""
    low, high = axes.get_ylim()
    (left, right), place = axes.get_xlim(), axes.get_position()
    size = axes.figure.get_size_inches()  # type: ignore[union-attr]
    per_in = (high - low) / (float(size[1]) * place.height)
    room = float(size[0]) * (1 - place.x1) - 0.28
    wrapped = [wrap_text(name, room * 72 / SMALL_PT) for name in names]
    heights = [(len(lines) * _LINE_IN + 0.07) * per_in for lines in wrapped]
    centres = spread([y for _, y in ends], heights, low - 0.4 * per_in, high + 0.2 * per_in)
    edge = right + 0.22 * (right - left) / (float(size[0]) * place.width)
    for index, (lines, centre) in enumerate(zip(wrapped, centres, strict=True)):
        axes.annotate(
            "\n".join(lines),
            ends[index],
            (edge, centre),
            va="center",
            fontsize=SMALL_PT,
            annotation_clip=False,
            arrowprops={"arrowstyle": "-", "color": MUTED, "lw": 0.5, "shrinkA": 0},
        )


def draw_series(rows: "pd.DataFrame", unit: str, width_in: float) -> Any:
    """Draw one line per label over the years."""
    groups = {str(name): each.sort_values("x") for name, each in rows.groupby("label", sort=False)}
    if len(groups) > len(PALETTE):
        raise CarelabError(f"{len(groups)} lines are too many; draw at most {len(PALETTE)}")
    figure = new_figure(width_in, max(3.1, 1.2 + 0.5 * len(groups)))
    right = LABEL_IN if width_in >= BROAD_IN else 0.4 * width_in
    left = 0.6
    axes = figure.add_axes((left / width_in, 0.15, 1 - (left + right) / width_in, 0.75))
    for index, group in enumerate(groups.values()):
        look: Any = {"color": PALETTE[index], "linestyle": DASHES[index], "marker": MARKERS[index]}
        axes.plot(group["x"], group["value"], markersize=4.5, **look)
    _finish(axes, rows, unit)
    ends = [(float(each["x"].iloc[-1]), float(each["value"].iloc[-1])) for each in groups.values()]
    name_lines(axes, list(groups), ends)
    return figure


def _finish(axes: "Axes", rows: "pd.DataFrame", unit: str) -> None:
    from matplotlib.ticker import MaxNLocator

    axes.set_ylim(bottom=min(0.0, float(rows["value"].min())))
    axes.xaxis.set_major_locator(
        MaxNLocator(6 if axes.figure.bbox.width / axes.figure.dpi >= BROAD_IN else 2, integer=True)
    )
    axes.set_xlabel(word("plot.column.year"))
    axes.set_title(unit, loc="left", fontsize=SMALL_PT)
    axes.grid(axis="y", color=FAINT, linewidth=0.5)
    axes.set_axisbelow(True)
