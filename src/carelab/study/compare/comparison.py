"""Mechanisms side by side, and how far two sources agree where both speak."""

from itertools import combinations
from typing import TYPE_CHECKING

from carelab.evidence import Case
from carelab.evidence.cases.files import MECHANISMS
from carelab.study.compare.selection import Cases, select_cases

if TYPE_CHECKING:
    import pandas as pd


def compare_cases(cases: Cases = None) -> "pd.DataFrame":
    """List the status of every mechanism in every case.

    Parameters
    ----------
    cases : mapping of str to Case, or iterable of Case or str, optional
        Every system by default; policies, advice and papers only when they are named.

    Returns
    -------
    pandas.DataFrame
        One row per case and mechanism: case, mechanism, status, claims (ids, separated by
        semicolons).

    Examples
    --------
    >>> compare_cases(["anhui"]).shape
    (14, 4)
    """
    import pandas as pd

    rows = [
        (case.id, mechanism, coded.text, "; ".join(coded.claims))
        for case in select_cases(cases)
        for mechanism, coded in case.mechanisms.items()
    ]
    return pd.DataFrame(rows, columns=["case", "mechanism", "status", "claims"])


def mechanism_matrix(cases: Cases = None) -> "pd.DataFrame":
    """Put mechanisms in rows and cases in columns.

    Parameters
    ----------
    cases : mapping of str to Case, or iterable of Case or str, optional
        Every system by default; policies, advice and papers only when they are named.

    Returns
    -------
    pandas.DataFrame
        14 rows in codebook order, indexed by ``mechanism``; one column per case id; the values
        are statuses.

    Examples
    --------
    >>> mechanism_matrix(["anhui", "hangzhou"]).shape
    (14, 2)
    """
    import pandas as pd

    columns = {
        case.id: [case.mechanisms[mechanism].text for mechanism in MECHANISMS]
        for case in select_cases(cases)
    }
    return pd.DataFrame(columns, index=pd.Index(MECHANISMS, name="mechanism"))


def _spoken(first: Case, second: Case) -> list[str]:
    return [
        mechanism
        for mechanism in MECHANISMS
        if not first.mechanisms[mechanism].is_silent and not second.mechanisms[mechanism].is_silent
    ]


def _pair(first: Case, second: Case) -> tuple[str, str, float, int, str, str]:
    spoken = _spoken(first, second)
    same = [each for each in spoken if first.mechanisms[each].text == second.mechanisms[each].text]
    differing = [each for each in spoken if each not in same]
    agreement = len(same) / len(spoken) if spoken else float("nan")
    return first.id, second.id, agreement, len(spoken), "; ".join(same), "; ".join(differing)


def similarity(cases: Cases = None) -> "pd.DataFrame":
    """Compare every pair of cases on the mechanisms about which both sources speak.

    Parameters
    ----------
    cases : mapping of str to Case, or iterable of Case or str, optional
        Every system by default; policies, advice and papers only when they are named.

    Returns
    -------
    pandas.DataFrame
        One row per pair: case_a, case_b, agreement (share of the compared mechanisms with the
        same status, 0 to 1; NaN when nothing can be compared), compared (number of mechanisms on
        which neither source is silent), agreeing and differing (the mechanisms behind the
        number).

    Examples
    --------
    >>> similarity(["anhui", "anhui"])["agreement"].tolist()
    [1.0]
    """
    import pandas as pd

    columns = ["case_a", "case_b", "agreement", "compared", "agreeing", "differing"]
    rows = [_pair(*pair) for pair in combinations(select_cases(cases), 2)]
    return pd.DataFrame(rows, columns=columns)
