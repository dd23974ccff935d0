"""Who pays whom, and who decides over whom: ribbons with their labels on them."""

from collections import Counter
from dataclasses import dataclass
from functools import cache
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
_BETWEEN_IN = 0.03
_TIP_IN = 0.09
# How much wider than its label the widest ribbon may be, so that widths tell amounts.
_MOST_IN = 1.6
_FOOT_IN = 0.3
# Edge and strength of the tint of each kind of link; money without an amount is drawn open.
_LOOKS: dict[str, tuple[Any, float]] = {
    "amount": ("-", 0.16),
    "money": ((0, (4, 2)), 0.05),
    "decides": ("-", 0.16),
    "agrees": ((0, (6, 2, 1, 2)), 0.05),
    "supports": ((0, (1, 1.5)), 0.05),
    "steers": ((0, (4, 2)), 0.05),
}
_NAMES = {"money": "plot.money.open", "amount": "plot.money.stated"}
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


@cache
def _rows() -> dict[str, Any]:
    return {str(row["id"]): row for _, row in load_indicators().iterrows()}


def amount_of(link: Link) -> tuple[float, str] | None:
    """Return how much a link moves and in which unit, if its evidence says so.

    >>> from carelab.evidence import load_case
    >>> [amount_of(link) for link in load_case("vanguards").money]
    [(329.0, 'GBP m')]
    """
    row = _rows().get(link.amount)
    return None if row is None or row["value"] != row["value"] else (row["value"], row["unit"])


def _amount_text(link: Link) -> str:
    amount = amount_of(link)
    # No line breaks between a number and its unit.
    return f"{amount[0]:g} {amount[1]}".replace(" ", "\u00a0") if amount else ""


def _label(link: Link) -> str:
    return f"{_what(link)}: {_amount_text(link)}" if amount_of(link) else _what(link)


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


def _heights(links: tuple[Link, ...], at: _Columns) -> list[float]:
    """Give a ribbon the room of its label; amounts in one unit are drawn in one measure."""
    rooms = [len(_wrap(_label(link), at.label_in)) * _LINE_IN + 2 * _PAD_IN for link in links]
    amounts = [amount_of(link) or (0.0, "") for link in links]
    (unit, count), *_ = Counter(unit for value, unit in amounts if value).most_common() or [("", 0)]
    if count < 2:
        return rooms
    counted = [(room, value) for room, (value, own) in zip(rooms, amounts, strict=True)
               if own == unit]  # fmt: skip
    # The least may be thinner than its label, rather than the greatest fill the page.
    measure = min(
        max(room / value for room, value in counted), _MOST_IN / max(value for _, value in counted)
    )
    return [
        value * measure if own == unit else room
        for room, (value, own) in zip(rooms, amounts, strict=True)
    ]


def _place_left(
    case: Case, links: tuple[Link, ...], at: _Columns
) -> tuple[dict[str, tuple[float, float, float]], dict[int, tuple[float, float]], float]:
    """Place givers (where the name stands, top, bottom) and ribbons (top, bottom), downwards."""
    names = {actor.id: _name(actor) for actor in case.actors}
    givers, ribbons, y = {}, {}, 0.05
    heights = _heights(links, at)
    for giver, own in _groups(links).items():
        lines = len(_wrap(names[giver], at.start - 0.15 if at.beside else at.width - 0.1))
        if not at.beside:
            y += lines * _LINE_IN + 0.04
        top = y
        for link in own:
            height = heights[links.index(link)]
            ribbons[links.index(link)] = (y, y + height)
            y += height + _BETWEEN_IN
        name = (top + y - _BETWEEN_IN) / 2 if at.beside else top - 0.04
        givers[giver] = (name, top, y - _BETWEEN_IN)
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
    tall = [max(len(_wrap(names[each], at.name_in)) * _LINE_IN, _arriving(got, ribbons)) + 0.12
            for each, got in found.items()]  # fmt: skip
    centres = spread(wanted, tall, 0.0, max(bottom, sum(tall)))
    return {each: (centre, got) for (each, got), centre in zip(found.items(), centres, strict=True)}


def _arriving(got: list[int], ribbons: dict[int, tuple[float, float]]) -> float:
    return sum(ribbons[each][1] - ribbons[each][0] + _BETWEEN_IN for each in got) - _BETWEEN_IN


def _ribbon(
    axes: "Axes", span: tuple[float, float], end: float, at: _Columns, tone: str, kind: str
) -> None:
    """Draw one ribbon: straight under its label, then turning to where it arrives, as wide."""
    from matplotlib.patches import PathPatch
    from matplotlib.path import Path

    left, turn, right = at.start + _BAR_IN, at.turn, at.end - _TIP_IN
    bend = (turn + right) / 2
    high, low = span
    up, down = end + (high - low) / 2, end - (high - low) / 2
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


def _kind(link: Link, topic: str) -> str:
    if topic == "governance":
        return link.kind
    return "amount" if amount_of(link) else "money"


def _draw_legend(axes: "Axes", kinds: list[str], topic: str) -> None:
    from matplotlib.patches import Rectangle

    x, y = 0.04, 0.05
    for kind in kinds:
        name = word(_NAMES[kind] if topic == "money" else f"plot.kind.{kind}")
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
    kinds = list(dict.fromkeys(_kind(link, topic) for link in links))
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
        half = _arriving(got, ribbons) / 2
        _bar(axes, at.end, top - centre - half, top - centre + half, _colour(actors[receiver]))
        text = "\n".join(_wrap(_name(actors[receiver]), at.name_in))
        axes.text(at.end + _BAR_IN + 0.07, top - centre, text, va="center", **look)
        arrives = top - centre + half
        for index in got:
            span = (top - ribbons[index][0], top - ribbons[index][1])
            link, wide = links[index], span[0] - span[1]
            _ribbon(axes, span, arrives - wide / 2, at, _colour(actors[link.source]),
                    _kind(link, topic))  # fmt: skip
            arrives -= wide + _BETWEEN_IN
            label = "\n".join(_wrap(_label(link), at.label_in))
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
            "value": _amount_text(link),
            "kind": word(f"plot.kind.{link.kind}"),
            "class": _classes(link.claims, known),
            "claims": "; ".join(link.claims),
        }
        for number, link in enumerate(links, start=1)
    ]
    columns = ["number", "from", "to", "what", "value", "kind", "class", "claims"]
    frame = pd.DataFrame(rows, columns=columns)
    unused = ["kind"] if topic == "money" else []
    return frame.drop(columns=unused if frame["value"].any() else [*unused, "value"])


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
            what=_label(link),
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
        A ribbon a payment, labelled, from who pays to who is paid; drawn open where no amount is
        stated, solid and with its amount where one is, amounts of one unit to one measure. Where
        the source is silent the actors stand alone and the picture says so.

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
