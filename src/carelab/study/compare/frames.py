"""Cases compared on published frames, with the codes and the evidence behind every difference."""

from itertools import combinations
from typing import TYPE_CHECKING, NamedTuple

from carelab.base import CarelabError
from carelab.base.checksums import with_version
from carelab.evidence import Case
from carelab.evidence.cases.files import MECHANISMS, SILENT, STATUSES
from carelab.evidence.registry import CODEBOOK, FRAMES, load_frames
from carelab.study.compare.comparison import Cases, select_cases

if TYPE_CHECKING:
    import pandas as pd

_STRENGTH = {status: rank for rank, status in enumerate(STATUSES)}


class _Code(NamedTuple):
    status: str
    drivers: tuple[str, ...]
    claims: tuple[str, ...]


def _from_mechanisms(case: Case, names: tuple[str, ...]) -> _Code:
    """Return the strongest status among the mechanisms of a dimension, and who gives it."""
    spoken = [name for name in names if not case.mechanisms[name].is_silent]
    if not spoken:
        return _Code(SILENT, (), ())
    statuses = {name: case.mechanisms[name].text for name in spoken}
    best = min(statuses.values(), key=lambda status: _STRENGTH[status])
    claims = [each for name in spoken for each in case.mechanisms[name].claims]
    drivers = tuple(f"{name}: {status}" for name, status in statuses.items())
    return _Code(best, drivers, tuple(dict.fromkeys(claims)))


def _code(case: Case, frame: str, dimension: str, names: tuple[str, ...]) -> _Code:
    if frame == "evaluation":
        coded = case.evaluation[dimension]
        return _Code(coded.text, (), coded.claims)
    if own := case.frames.get(f"{frame}.{dimension}"):
        return _Code(own.text, ("coded in the case file",), own.claims)
    return _from_mechanisms(case, names)


def dimensions(frame: str | None = None) -> dict[str, tuple[str, ...]]:
    """Return the dimensions of a frame and the mechanisms that speak to each.

    >>> dimensions("rainbow")["organisational"]
    ('merged_governance', 'public_private')
    """
    if frame in (None, CODEBOOK):
        return {name: (name,) for name in MECHANISMS}
    if frame not in FRAMES:
        known = ", ".join((CODEBOOK, *FRAMES))
        raise CarelabError(f"frame '{frame}' is unknown; known are {known}")
    rows = load_frames(frame)[["dimension", "mechanisms"]].to_numpy().tolist()
    return {str(name): tuple(filter(None, str(listed).split("; "))) for name, listed in rows}


def _coded(cases: Cases, frame: str | None) -> dict[str, dict[str, _Code]]:
    known = dimensions(frame)
    name = frame or CODEBOOK
    return {
        case.id: {each: _code(case, name, each, named) for each, named in known.items()}
        for case in select_cases(cases)
    }


def compare(cases: Cases = None, frame: str | None = None) -> "pd.DataFrame":
    """Code cases on the dimensions of a published frame.

    Parameters
    ----------
    cases : mapping of str to Case, or iterable of Case or str, optional
        Every system by default, the reader's own among them; policies, advice and papers only
        when they are named.
    frame : str, optional
        ``rainbow`` (six dimensions), ``who`` (five strategies), ``holistic`` (three dimensions
        times three mechanisms), ``evaluation`` (four axes) or, by default, ``codebook``.

    Returns
    -------
    pandas.DataFrame
        One row per case and dimension: case, frame, dimension, status, codes (the mechanisms
        behind it with their own status) and claims (ids of the evidence). The status is the
        strongest among the mechanisms sorted under the dimension; on ``evaluation`` it is the
        direction found. Silent stays silent.

    Raises
    ------
    CarelabError
        When a case or the frame is unknown.

    Examples
    --------
    >>> compare(["hangzhou"], frame="rainbow")[["dimension", "status"]].to_numpy().tolist()[:2]
    [['clinical', 'partial'], ['professional', 'present']]
    """
    import pandas as pd

    rows = [
        (
            case,
            frame or CODEBOOK,
            each,
            code.status,
            "; ".join(code.drivers),
            "; ".join(code.claims),
        )
        for case, codes in _coded(cases, frame).items()
        for each, code in codes.items()
    ]
    columns = ["case", "frame", "dimension", "status", "codes", "claims"]
    return with_version(pd.DataFrame(rows, columns=columns))


def _driven(name: str, first: _Code, second: _Code) -> str:
    return f"{name} ({first.status} / {second.status})"


def _pair(one: dict[str, _Code], two: dict[str, _Code]) -> tuple[float, int, str, str, str]:
    spoken = [name for name in one if SILENT not in (one[name].status, two[name].status)]
    same = [name for name in spoken if one[name].status == two[name].status]
    differing = [name for name in spoken if name not in same]
    agreement = len(same) / len(spoken) if spoken else float("nan")
    claims = [each for name in differing for each in (*one[name].claims, *two[name].claims)]
    return (
        agreement,
        len(spoken),
        "; ".join(same),
        "; ".join(_driven(name, one[name], two[name]) for name in differing),
        "; ".join(dict.fromkeys(claims)),
    )


def differences(cases: Cases = None, frame: str | None = None) -> "pd.DataFrame":
    """Compare cases two by two on a frame, where both sources speak.

    Parameters
    ----------
    cases : mapping of str to Case, or iterable of Case or str, optional
        Every system by default; policies, advice and papers only when they are named.
    frame : str, optional
        As in `compare`.

    Returns
    -------
    pandas.DataFrame
        One row per pair: case_a, case_b, agreement (share of compared dimensions with the same
        status, 0 to 1; NaN when nothing can be compared), compared (number of dimensions on which
        neither is silent), agreeing, differing (with the two statuses) and claims (the evidence
        behind what differs).

    Raises
    ------
    CarelabError
        When a case or the frame is unknown, or fewer than two cases are given.

    Examples
    --------
    >>> differences(["funan", "dingyuan"], frame="evaluation")["differing"].tolist()
    ['resource_use (improved / worsened)']
    """
    import pandas as pd

    coded = _coded(cases, frame)
    if len(coded) < 2:
        raise CarelabError(f"{len(coded)} cases are given; a difference needs at least 2")
    rows = [(a, b, *_pair(coded[a], coded[b])) for a, b in combinations(coded, 2)]
    columns = ["case_a", "case_b", "agreement", "compared", "agreeing", "differing", "claims"]
    return with_version(pd.DataFrame(rows, columns=columns))
