"""The one scale of how firm a statement about a direction is, in the book, its tables and labs."""

from collections.abc import Mapping
from types import MappingProxyType

from carelab.base.errors import CarelabError

# Least share of runs in which a statement holds for each word, the highest first.
FIRMNESS: Mapping[str, float] = MappingProxyType(
    {"firm": 0.9, "likely": 0.7, "open": 0.3, "against": 0.0}
)
IDENTITY = "identity"


def firmness_of(holds: int, runs: int, identity: bool = False) -> str:
    """Say in one word how firm a statement is.

    Parameters
    ----------
    holds : int
        Runs in which it holds.
    runs : int
        All runs.
    identity : bool
        It holds by the way the equations are built, so no count says anything.

    Returns
    -------
    str
        ``firm`` at nine in ten of the runs and more, ``likely`` at seven, ``open`` between three
        and seven, ``against`` below three; ``identity`` whatever the count.

    Raises
    ------
    CarelabError
        When the counts are no part of a whole.

    Examples
    --------
    >>> firmness_of(90, 100), firmness_of(89, 100), firmness_of(30, 100), firmness_of(29, 100)
    ('firm', 'likely', 'open', 'against')
    >>> firmness_of(100, 100, identity=True)
    'identity'
    """
    if not 0 <= holds <= runs or runs < 1:
        raise CarelabError(f"a statement holds in {holds!r} of {runs!r} runs; allowed is 0 to all")
    if identity:
        return IDENTITY
    return next(name for name, least in FIRMNESS.items() if holds >= least * runs)
