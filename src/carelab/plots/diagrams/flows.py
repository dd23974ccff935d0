"""Who pays whom, and who decides over whom: ribbons with their labels on them."""

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from carelab.base import CarelabError, book_language, word
from carelab.base.palette import colour
from carelab.evidence import Case, load_claims, load_indicators
from carelab.evidence.cases.files import Actor, Link
from carelab.plots.grids import short_name
from carelab.plots.panels import in_text
from carelab.plots.pictures import Picture, both_widths
from carelab.plots.series import spread
from carelab.plots.style import BROAD_IN, INK, MUTED, SMALL_PT, blank_axes, new_figure
from carelab.plots.wrapping import text_width, wrap_text
from carelab.study import select_case

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.axes import Axes

_LINE_IN = 0.165
_PAD_IN = 0.07
_GAP_IN = 0.16
_BAR_IN = 0.07
# How thick a ribbon arrives: its width says nothing where no amount is stated.
_END_IN = 0.15
_TIP_IN = 0.09
_FOOT_IN = 0.3
# Edge and strength of the tint of each kind of link; money without an amount is drawn open.
_LOOKS: dict[str, tuple[Any, float]] = {
    "money": ((0, (4, 2)), 0.05),
    "decides": ("-", 0.16),
    "agrees": ((0, (6, 2, 1, 2)), 0.05),
    "supports": ((0, (1, 1.5)), 0.05),
    "steers": ((0, (4, 2)), 0.05),
}
# Whose colour an actor of a case has.
_ACTOR_OF_ROLE = {
    "payer": "insurer",
    "patients": "patients",
    "hospital": "hospital",
    "primary": "primary",
    "professional": "primary",
    "government": "government",
    "committee": "government",
    "department": "government",
}


def _name(holder: Any) -> str:
    return str(getattr(holder, f"name_{book_language()}"))


def _what(link: Link) -> str:
    return str(getattr(link, f"what_{book_language()}"))


def _colour(actor: Actor) -> str:
    return colour(_ACTOR_OF_ROLE.get(actor.role, "outside"))


def _wrap(text: str, width_in: float) -> list[str]:
    return wrap_text(text, width_in * 72 / SMALL_PT)


@dataclass(frozen=True)
class _Columns:
    """Where things stand across the page, in inches: names, ribbons with their labels, names."""

    width: float
    beside: bool

    @property
    def start(self) -> float:
        return 1.4 if self.beside else 0.04

    @property
    def turn(self) -> float:
        """Where a ribbon leaves its label and turns to its end."""
        return 3.45 if self.beside else 1.62

    @property
    def end(self) -> float:
        return 4.35 if self.beside else 2.1

    @property
    def label_in(self) -> float:
        return self.turn - self.start - _BAR_IN - 0.12

    @property
    def name_in(self) -> float:
        return self.width - self.end - _BAR_IN - 0.18


def _groups(links: tuple[Link, ...]) -> dict[str, list[Link]]:
    """Return the links of each giver: who gives first and gets nothing, first."""
    found: dict[str, list[Link]] = {}
    targets = {link.target for link in links}
    for link in sorted(links, key=lambda each: each.source in targets):
        found.setdefault(link.source, []).append(link)
    return found


def _heights(links: list[Link], at: _Columns) -> list[float]:
    return [len(_wrap(_what(link), at.label_in)) * _LINE_IN + 2 * _PAD_IN for link in links]


def _place_left(
    case: Case, links: tuple[Link, ...], at: _Columns
) -> tuple[dict[str, tuple[float, float, float]], dict[int, tuple[float, float]], float]:
    """Place givers (where the name stands, top, bottom) and ribbons (top, bottom), downwards."""
    names = {actor.id: _name(actor) for actor in case.actors}
    givers, ribbons, y = {}, {}, 0.05
    for giver, own in _groups(links).items():
        lines = len(_wrap(names[giver], at.start - 0.15 if at.beside else at.width - 0.1))
        tall = _heights(own, at)
        if not at.beside:
            y += lines * _LINE_IN + 0.04
        top = y
        for link, height in zip(own, tall, strict=True):
            ribbons[links.index(link)] = (y, y + height)
            y += height + 0.03
        name = (top + y - 0.03) / 2 if at.beside else top - 0.04
        givers[giver] = (name, top, y - 0.03)
        y = max(y, top + lines * _LINE_IN if at.beside else y) + _GAP_IN
    return givers, ribbons, y


def _place_right(
    case: Case,
    links: tuple[Link, ...],
    ribbons: dict[int, tuple[float, float]],
    at: _Columns,
    bottom: float,
) -> dict[str, tuple[float, list[int]]]:
    """Place receivers near what they receive: centre, and the links in the order they arrive."""
    names = {actor.id: _name(actor) for actor in case.actors}
    middle = {index: sum(ends) / 2 for index, ends in ribbons.items()}
    found: dict[str, list[int]] = {}
    for index in sorted(middle, key=lambda each: middle[each]):
        found.setdefault(links[index].target, []).append(index)
    wanted = [sum(middle[each] for each in got) / len(got) for got in found.values()]
    tall = [max(len(_wrap(names[each], at.name_in)) * _LINE_IN, len(got) * (_END_IN + 0.04)) + 0.12
            for each, got in found.items()]  # fmt: skip
    centres = spread(wanted, tall, 0.0, max(bottom, sum(tall)))
    return {each: (centre, got) for (each, got), centre in zip(found.items(), centres, strict=True)}


def _ribbon(
    axes: "Axes", span: tuple[float, float], end: float, at: _Columns, tone: str, kind: str
) -> None:
    """Draw one ribbon: straight under its label, then turning to where it arrives, in a tip."""
    from matplotlib.patches import PathPatch
    from matplotlib.path import Path

    left, turn, right = at.start + _BAR_IN, at.turn, at.end - _TIP_IN
    bend = (turn + right) / 2
    high, low = span
    up, down = end + _END_IN / 2, end - _END_IN / 2
    points = [(left, high), (turn, high), (bend, high), (bend, up), (right, up),
              (at.end, end), (right, down), (bend, down), (bend, low), (turn, low),
              (left, low)]  # fmt: skip
    move, line, curve = Path.MOVETO, Path.LINETO, Path.CURVE4
    codes = [move, line, curve, curve, curve, line, line, curve, curve, curve, line]
    if kind == "agrees":
        points.append((left - _TIP_IN, (high + low) / 2))
        codes.append(line)
    shape = Path([*points, points[0]], [*codes, Path.CLOSEPOLY])
    dash, tint = _LOOKS[kind]
    axes.add_patch(PathPatch(shape, facecolor=tone, edgecolor="none", alpha=tint, zorder=1))
    edge: Any = {"facecolor": "none", "edgecolor": tone, "linestyle": dash, "linewidth": 1.1}
    axes.add_patch(PathPatch(shape, zorder=2, **edge))


def _bar(axes: "Axes", x: float, low: float, high: float, tone: str) -> None:
    from matplotlib.patches import Rectangle

    axes.add_patch(Rectangle((x, low), _BAR_IN, high - low, facecolor=tone, linewidth=0, zorder=3))


def _draw_legend(axes: "Axes", kinds: list[str], topic: str) -> None:
    from matplotlib.patches import Rectangle

    x, y = 0.04, 0.05
    for kind in kinds:
        name = word("plot.money.open" if topic == "money" else f"plot.kind.{kind}")
        wide = 0.55 + text_width(name) * SMALL_PT / 72
        if x + wide > axes.figure.get_figwidth() and x > 0.04:  # type: ignore[union-attr]
            x, y = 0.04, y - 0.22
        dash, tint = _LOOKS[kind]
        look: Any = {"edgecolor": INK, "facecolor": (0, 0, 0, tint), "linestyle": dash}
        axes.add_patch(Rectangle((x, y), 0.32, 0.12, linewidth=1.1, **look))
        axes.text(x + 0.4, y + 0.06, name, va="center_baseline", size=SMALL_PT)
        x += wide


def _draw_actors(case: Case, topic: str, width_in: float) -> Any:
    """Draw who is there, where the source does not say what links them."""
    lines = [_wrap(_name(actor), width_in - 0.4) for actor in case.actors]
    silent = _wrap(word(f"plot.{topic}.silent"), width_in - 0.1)
    height = sum(len(each) * _LINE_IN + 0.1 for each in lines) + len(silent) * _LINE_IN + 0.2
    axes = blank_axes(new_figure(width_in, height))
    y = height - 0.05
    for actor, text in zip(case.actors, lines, strict=True):
        _bar(axes, 0.05, y - len(text) * _LINE_IN, y, _colour(actor))
        axes.text(0.25, y, "\n".join(text), va="top", size=SMALL_PT)
        y -= len(text) * _LINE_IN + 0.1
    axes.text(0.05, 0.05, "\n".join(silent), va="bottom", size=SMALL_PT, color=MUTED)
    return axes.figure


def _draw(case: Case, links: tuple[Link, ...], topic: str, width_in: float) -> Any:
    if not links:
        return _draw_actors(case, topic, width_in)
    at = _Columns(width_in, width_in >= BROAD_IN)
    actors = {actor.id: actor for actor in case.actors}
    givers, ribbons, bottom = _place_left(case, links, at)
    receivers = _place_right(case, links, ribbons, at, bottom)
    depth = max(bottom, *(centre + 0.3 for centre, _ in receivers.values()))
    kinds = list(dict.fromkeys(link.kind for link in links)) if topic == "governance" else ["money"]
    foot = _FOOT_IN + 0.22 * (len(kinds) > 2 and not at.beside)
    axes = blank_axes(new_figure(width_in, depth + foot))
    axes.set_ylim(-(foot - _FOOT_IN), depth + _FOOT_IN)
    top = depth + _FOOT_IN
    look: Any = {"size": SMALL_PT, "linespacing": 1.1, "zorder": 5}
    for giver, (name, high, low) in givers.items():
        _bar(axes, at.start, top - low, top - high, _colour(actors[giver]))
        if at.beside:
            text = "\n".join(_wrap(_name(actors[giver]), at.start - 0.15))
            axes.text(at.start - 0.08, top - name, text, ha="right", va="center", **look)
        else:
            text = "\n".join(_wrap(_name(actors[giver]), at.width - 0.1))
            axes.text(at.start, top - name, text, va="bottom", **look)
    for receiver, (centre, got) in receivers.items():
        half = len(got) * (_END_IN + 0.04) / 2
        _bar(axes, at.end, top - centre - half, top - centre + half, _colour(actors[receiver]))
        text = "\n".join(_wrap(_name(actors[receiver]), at.name_in))
        axes.text(at.end + _BAR_IN + 0.07, top - centre, text, va="center", **look)
        for place, index in enumerate(got):
            end = top - centre + half - (place + 0.5) * (_END_IN + 0.04)
            span = (top - ribbons[index][0], top - ribbons[index][1])
            link = links[index]
            kind = link.kind if topic == "governance" else "money"
            _ribbon(axes, span, end, at, _colour(actors[link.source]), kind)
            label = "\n".join(_wrap(_what(link), at.label_in))
            axes.text(at.start + _BAR_IN + 0.08, sum(span) / 2, label, va="center", **look)
    _draw_legend(axes, kinds, topic)
    return axes.figure


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


def _finding(case: Case, links: tuple[Link, ...], topic: str) -> str:
    """Say where most links end."""
    names = {actor.id: _name(actor) for actor in case.actors}
    (who, most), *others = Counter(link.target for link in links).most_common()
    shared = bool(others) and others[0][1] == most
    key = f"plot.{topic}." + ("one" if len(links) == 1 else "spread" if shared else "title")
    return word(key, name=short_name(case), count=len(links), most=most,
                receivers=len(others) + 1, who=in_text(names[who]))  # fmt: skip


def _plot(case: Case | str, topic: str) -> Picture:
    chosen = select_case(case)
    links: tuple[Link, ...] = getattr(chosen, topic)
    if not chosen.actors:
        raise CarelabError(f"case '{chosen.id}' lists no actor, so there is nothing to draw")
    figure, narrow = both_widths(lambda width: _draw(chosen, links, topic, width))
    name = short_name(chosen)
    caption = _finding(chosen, links, topic) if links else word(f"plot.{topic}.nothing", name=name)
    key = _key(chosen, links, topic) if links else None
    note = word(f"plot.{topic}.note", name=name)
    return Picture(figure, _alt(chosen, links, topic), caption, key, narrow, note)


def plot_money_flow(case: Case | str) -> Picture:
    """Draw who pays whom, as far as the source says.

    Parameters
    ----------
    case : Case or str
        A case or its id.

    Returns
    -------
    Picture
        A ribbon a payment, labelled, from who pays to who is paid; drawn open, for a case file
        states no amount. Where the source is silent the actors stand alone and the picture says so.

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
        A ribbon a link, labelled, with one edge per kind of link.

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
