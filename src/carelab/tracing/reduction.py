"""Contract a causal map: from hundreds of links to the few between quantities that are named."""

from collections.abc import Collection, Iterable, Iterator

from carelab.base import CarelabError

Pair = tuple[str, str]
Chain = tuple[str, ...]
_NEXT = "next_"


def carried_over(stocks: Iterable[str]) -> tuple[Pair, ...]:
    """Return the links by which a stock passes from month to month.

    Parameters
    ----------
    stocks : iterable of str
        Names of stocks.

    Returns
    -------
    tuple of (str, str)
        ``next_<stock>`` to ``<stock>``.

    Examples
    --------
    >>> carried_over(["reach"])
    (('next_reach', 'reach'),)
    """
    return tuple((_NEXT + name, name) for name in stocks)


def passes_month(pair: Pair) -> bool:
    """Say whether a link carries a stock into the next month.

    Parameters
    ----------
    pair : (str, str)
        Source and target.

    Returns
    -------
    bool
        Whether it is one of `carried_over`.

    Examples
    --------
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

    Parameters
    ----------
    pairs : iterable of (str, str)
        Source and target of every link; add `carried_over` to let effects pass from month to
        month.
    keep : collection of str
        The quantities that stay; all others vanish into chains.

    Returns
    -------
    dict of (str, str) to tuple of chains
        Source and target to every chain between them that meets no other kept quantity, no
        quantity twice, and passes into the next month at most once: what takes two stocks is two
        links, or none. A chain names its quantities in order, both ends included; the shortest
        stands first. Chains from a quantity back to itself are left out.

    Raises
    ------
    CarelabError
        When a quantity to keep is in no link.

    Examples
    --------
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
