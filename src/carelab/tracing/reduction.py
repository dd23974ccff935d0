"""Contract a causal map: from hundreds of links to the few between quantities that are named."""

from collections.abc import Collection, Iterable, Iterator

from carelab.base import CarelabError

Pair = tuple[str, str]
Chain = tuple[str, ...]
_NEXT = "next_"


def carried_over(stocks: Iterable[str]) -> tuple[Pair, ...]:
    """Return the links by which a stock passes from month to month.

    >>> carried_over(["reach"])
    (('next_reach', 'reach'),)
    """
    return tuple((_NEXT + name, name) for name in stocks)


def passes_month(pair: Pair) -> bool:
    """Say whether a link carries a stock into the next month.

    >>> passes_month(("next_reach", "reach")), passes_month(("reach", "next_reach"))
    (True, False)
    """
    return pair[0] == _NEXT + pair[1]


def _onward(pairs: Iterable[Pair]) -> dict[str, list[str]]:
    onward: dict[str, list[str]] = {}
    for source, target in pairs:
        if source != target:
            onward.setdefault(source, []).append(target)
    return onward


def _chains_from(
    source: str, onward: dict[str, list[str]], kept: frozenset[str]
) -> Iterator[Chain]:
    """Give every chain that leads from a kept quantity to the next kept ones."""
    waiting: list[tuple[Chain, int]] = [((source,), 0)]
    while waiting:
        chain, months = waiting.pop()
        for target in onward.get(chain[-1], ()):
            later = months + passes_month((chain[-1], target))
            if later > 1 or target in chain:
                continue
            if target in kept:
                yield (*chain, target)
            else:
                waiting.append(((*chain, target), later))


def reduce_links(pairs: Iterable[Pair], keep: Collection[str]) -> dict[Pair, tuple[Chain, ...]]:
    """Contract a causal map to the links between chosen quantities.

    >>> links = [("pay", "gain"), ("gain", "effort"), ("pay", "effort"), ("effort", "reach")]
    >>> reduce_links(links, ["pay", "effort"])
    {('pay', 'effort'): (('pay', 'effort'), ('pay', 'gain', 'effort'))}
    """
    every = tuple(pairs)
    unknown = set(keep) - {name for pair in every for name in pair}
    if unknown:
        raise CarelabError(f"'{min(unknown)}' is in no link of the causal map")
    onward, kept = _onward(every), frozenset(keep)
    found: dict[Pair, list[Chain]] = {}
    for source in keep:
        for chain in _chains_from(source, onward, kept):
            found.setdefault((source, chain[-1]), []).append(chain)
    return {
        pair: tuple(sorted(chains, key=lambda each: (len(each), each)))
        for pair, chains in found.items()
    }
