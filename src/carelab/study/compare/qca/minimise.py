"""Exact Boolean minimisation: prime implicants by merging, then every smallest cover."""

from collections.abc import Iterable, Iterator
from itertools import combinations, product

from carelab.base import CarelabError
from carelab.study.compare.qca.sets import Term

MOST_CONDITIONS = 8
_MOST_COVERS = 200_000


def covers(term: Term, row: tuple[int, ...]) -> bool:
    """Say whether a row of the truth table belongs to a combination.

    >>> covers((1, None), (1, 0)), covers((0, None), (1, 0))
    (True, False)
    """
    return all(bit is None or bit == cell for bit, cell in zip(term, row, strict=True))


def _merged(term: Term, level: set[Term]) -> Iterator[Term]:
    """Yield what a combination becomes with each neighbour that differs in one condition."""
    for place, bit in enumerate(term):
        if bit is not None and (*term[:place], 1 - bit, *term[place + 1 :]) in level:
            yield (*term[:place], None, *term[place + 1 :])


def prime_implicants(rows: Iterable[tuple[int, ...]]) -> list[Term]:
    """Find the shortest combinations that hold for nothing but the given rows.

    References
    ----------
    .. [1] The algorithm of Quine and McCluskey, as the manual of the R package QCA names it
       (source ``r-qca-manual``).

    >>> prime_implicants([(1, 1), (1, 0)])
    [(1, None)]
    """
    level: set[Term] = set(rows)
    primes: set[Term] = set()
    while level:
        merged = {term: set(_merged(term, level)) for term in level}
        primes |= {term for term, joined in merged.items() if not joined}
        level = set().union(*merged.values())
    return sorted(primes, key=_order)


def _order(term: Term) -> tuple[int, str]:
    return sum(bit is not None for bit in term), str(
        [2 if bit is None else 1 - bit for bit in term]
    )


def smallest_covers(primes: list[Term], rows: list[tuple[int, ...]]) -> list[tuple[Term, ...]]:
    """Find every way to cover all rows with as few prime implicants as possible.

    >>> smallest_covers([(1, None), (None, 1)], [(1, 0), (0, 1)])
    [((1, None), (None, 1))]
    """
    useful = [term for term in primes if any(covers(term, row) for row in rows)]
    tried = 0
    for size in range(1, len(useful) + 1):
        found = []
        for chosen in combinations(useful, size):
            tried += 1
            if tried > _MOST_COVERS:
                raise CarelabError("the truth table has too many solutions; use fewer conditions")
            if all(any(covers(term, row) for term in chosen) for row in rows):
                found.append(chosen)
        if found:
            return found
    return []


def minimise(
    positive: Iterable[tuple[int, ...]], allowed: Iterable[tuple[int, ...]] = ()
) -> list[tuple[Term, ...]]:
    """Write rows of a truth table as short combinations.

    >>> minimise([(1, 1, 0), (1, 1, 1)])
    [((1, 1, None),)]
    """
    rows = sorted(set(positive))
    if not rows:
        return []
    if len(rows[0]) > MOST_CONDITIONS:
        raise CarelabError(
            f"{len(rows[0])} conditions are too many; {MOST_CONDITIONS} at most, and fewer than"
            " cases in any serious study"
        )
    return smallest_covers(prime_implicants({*rows, *allowed}), rows)


def all_rows(count: int) -> list[tuple[int, ...]]:
    """Return every possible row of a truth table.

    >>> all_rows(2)
    [(0, 0), (0, 1), (1, 0), (1, 1)]
    """
    return list(product((0, 1), repeat=count))
