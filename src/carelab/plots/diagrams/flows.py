"""Who pays whom, and who decides over whom: boxes, numbered arrows and their key."""

from typing import TYPE_CHECKING, Any

from carelab.base import CarelabError, book_language, word
from carelab.base.palette import colour
from carelab.evidence import Case, load_claims, load_indicators
from carelab.evidence.cases.files import Actor, Link
from carelab.plots.diagrams.layout import Box, place_boxes, rows_of
from carelab.plots.diagrams.routes import NUMBER_RADIUS_IN, Route, route_links
from carelab.plots.pictures import Picture
from carelab.plots.style import (
    MUTED,
    PALETTE,
    PAPER,
    SMALL_PT,
    TEXT_PT,
    WIDTH_IN,
    blank_axes,
    new_figure,
    use_style,
)
from carelab.plots.wrapping import text_width, wrap_evenly
from carelab.study import select_case

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.axes import Axes

_LINE_IN = 0.165
_BOX_EM = 7.6
_LOOKS: dict[str, tuple[str, Any]] = {
    "money": (PALETTE[2], "-"),
    "decides": (PALETTE[0], "-"),
    "agrees": (PALETTE[1], (0, (5, 2))),
    "supports": (PALETTE[2], (0, (1, 1.5))),
    "steers": (PALETTE[4], (0, (6, 2, 1, 2))),
}
_TINTS = {
    "payer": colour("insurer"),
    "patients": colour("patients"),
    "hospital": colour("hospital"),
}


def _name(holder: Any) -> str:
    return str(getattr(holder, f"name_{book_language()}"))


def _what(link: Link) -> str:
    return str(getattr(link, f"what_{book_language()}"))


def _lines_of(actor: Actor) -> list[str]:
    return wrap_evenly(_name(actor), _BOX_EM)


def _draw_box(axes: "Axes", actor: Actor, box: Box) -> None:
    from matplotlib.patches import FancyBboxPatch

    corner = (box.x - box.width / 2, box.y - box.height / 2)
    shape = "round,pad=0,rounding_size=0.08"
    tint = _TINTS.get(actor.role, MUTED)
    fill: Any = {"facecolor": tint, "edgecolor": "none", "alpha": 0.14}
    edge: Any = {"facecolor": "none", "edgecolor": MUTED, "linewidth": 0.7}
    for look in (fill, edge):
        axes.add_patch(FancyBboxPatch(corner, box.width, box.height, boxstyle=shape, **look))
    text = "\n".join(_lines_of(actor))
    axes.text(box.x, box.y, text, ha="center", va="center", size=TEXT_PT - 0.5, linespacing=1.15)


def _draw_arrow(axes: "Axes", route: Route, kind: str, colour_as: str) -> None:
    from matplotlib.patches import FancyArrowPatch
    from matplotlib.path import Path

    colour, dash = _LOOKS[colour_as]
    tips = [route.points[-8:]]
    if kind == "agrees":
        tips.append(route.points[7::-1])
    axes.plot(*route.points[3:-3].T, color=colour, linestyle=dash, linewidth=1.3)
    for points in tips:
        head = Path(points[[0, -1]])
        look: Any = {"arrowstyle": "-|>", "mutation_scale": 9, "color": colour, "linewidth": 1.0}
        axes.add_patch(FancyArrowPatch(path=head, shrinkA=0, shrinkB=0, **look))


def _draw_number(axes: "Axes", route: Route, number: int, colour: str) -> None:
    from matplotlib.patches import Circle

    spot = Circle(
        route.number, NUMBER_RADIUS_IN, facecolor=PAPER, edgecolor=colour, linewidth=0.9, zorder=4
    )
    axes.add_patch(spot)
    axes.text(
        *route.number, str(number), ha="center", va="center_baseline", size=SMALL_PT, zorder=5
    )


def _draw_legend(axes: "Axes", kinds: list[str]) -> None:
    names = [word(f"plot.kind.{kind}") for kind in kinds]
    widths = [0.62 + text_width(name) * SMALL_PT / 72 for name in names]
    x = (WIDTH_IN - sum(widths)) / 2 + 0.06
    for kind, name, width in zip(kinds, names, widths, strict=True):
        colour, dash = _LOOKS[kind]
        style = "<|-|>" if kind == "agrees" else "-|>"
        axes.plot([x + 0.02, x + 0.38], [0.1, 0.1], color=colour, linestyle=dash, linewidth=1.3)
        look = {"arrowstyle": style, "color": colour, "lw": 0, "mutation_scale": 9}
        axes.annotate("", (x + 0.42, 0.1), (x - 0.02, 0.1), arrowprops=look)
        axes.text(x + 0.47, 0.1, name, va="center_baseline", size=SMALL_PT)
        x += width


def _shown_actors(case: Case, links: tuple[Link, ...]) -> list[Actor]:
    linked = {end for link in links for end in (link.source, link.target)}
    return [actor for actor in case.actors if actor.id in linked or not links]


def _draw(case: Case, links: tuple[Link, ...], topic: str) -> Any:
    actors = _shown_actors(case, links)
    heights = {actor.id: 0.16 + _LINE_IN * len(_lines_of(actor)) for actor in actors}
    boxes, height = place_boxes(rows_of(actors), links, heights)
    kinds = list(dict.fromkeys(link.kind for link in links)) if topic == "governance" else []
    foot = 0.3 if kinds or not links else 0.0
    boxes = {key: Box(box.x, box.y + foot, box.width, box.height) for key, box in boxes.items()}
    figure = new_figure(WIDTH_IN, height + foot)
    axes = blank_axes(figure)
    for actor in actors:
        _draw_box(axes, actor, boxes[actor.id])
    for number, (link, route) in enumerate(
        zip(links, route_links(boxes, links, WIDTH_IN, height + foot), strict=True), start=1
    ):
        look = link.kind if topic == "governance" else "money"
        _draw_arrow(axes, route, link.kind if topic == "governance" else "", look)
        _draw_number(axes, route, number, _LOOKS[look][0])
    _draw_legend(axes, kinds)
    if not links:
        axes.text(WIDTH_IN / 2, 0.12, word(f"plot.{topic}.silent"), ha="center")
    return figure


def _classes(claims: tuple[str, ...], known: dict[str, str]) -> str:
    return "; ".join(dict.fromkeys(known.get(claim, "") for claim in claims))


def _key(case: Case, links: tuple[Link, ...], topic: str) -> "pd.DataFrame":
    import pandas as pd

    names = {actor.id: _name(actor) for actor in case.actors}
    tables = (load_claims(), load_indicators())
    known = {key: cls for table in tables for key, cls in table[["id", "class"]].to_numpy()}
    known |= {own.id: own.claim_class for own in case.evidence}
    rows = [
        {
            "number": number,
            "from": names[link.source],
            "to": names[link.target],
            "what": _what(link),
            "kind": word(f"plot.kind.{link.kind}"),
            "class": _classes(link.claims, known),
            "claims": "; ".join(link.claims),
        }
        for number, link in enumerate(links, start=1)
    ]
    columns = ["number", "from", "to", "what", "kind", "class", "claims"]
    frame = pd.DataFrame(rows, columns=columns)
    return frame if topic == "governance" else frame.drop(columns="kind")


def _alt(case: Case, links: tuple[Link, ...], topic: str) -> str:
    names = {actor.id: _name(actor) for actor in case.actors}
    if not links:
        actors = word("plot.comma").join(names.values())
        silent = word(f"plot.{topic}.silent")
        return word("plot.actors_only", name=_name(case), sentence=silent, actors=actors)
    parts = [
        word(
            f"plot.{topic}.link",
            number=number,
            source=names[link.source],
            target=names[link.target],
            verb=word(f"plot.verb.{link.kind}"),
            what=_what(link),
        )
        for number, link in enumerate(links, start=1)
    ]
    return word(
        f"plot.{topic}.alt",
        name=_name(case),
        count=len(links),
        links=word("plot.space").join(parts),
    )


def _plot(case: Case | str, topic: str) -> Picture:
    chosen = select_case(case)
    links: tuple[Link, ...] = getattr(chosen, topic)
    if not chosen.actors:
        raise CarelabError(f"case '{chosen.id}' lists no actor, so there is nothing to draw")
    with use_style():
        figure = _draw(chosen, links, topic)
    return Picture(
        figure,
        _alt(chosen, links, topic),
        word(f"plot.{topic}.title", name=_name(chosen)),
        _key(chosen, links, topic) if links else None,
    )


def plot_money_flow(case: Case | str) -> Picture:
    """Draw who pays whom, as far as the source says.

    Parameters
    ----------
    case : Case or str
        A case or its id.

    Returns
    -------
    Picture
        Numbered arrows; the table is their key. Where the source is silent the actors stand
        alone and the picture says so.

    Raises
    ------
    CarelabError
        When the case is unknown or lists no actor.

    Examples
    --------
    >>> len(plot_money_flow("anhui").table)
    5
    """
    return _plot(case, "money")


def plot_governance(case: Case | str) -> Picture:
    """Draw who decides over, agrees with, supports or steers whom.

    Parameters
    ----------
    case : Case or str
        A case or its id.

    Returns
    -------
    Picture
        Numbered arrows, one style per kind of link; the table is their key.

    Raises
    ------
    CarelabError
        When the case is unknown or lists no actor.

    Examples
    --------
    >>> plot_governance("nanning").table["number"].tolist()
    [1, 2, 3]
    """
    return _plot(case, "governance")
