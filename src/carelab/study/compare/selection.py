"""Which cases a reader means: ids, cases, or every system."""

from collections.abc import Iterable, Mapping

from carelab.base import CarelabError
from carelab.evidence import Case, load_case, load_cases

Cases = Mapping[str, Case] | Iterable[Case | str] | None


def select_case(case: Case | str) -> Case:
    """Return a case, loaded when only its id is given.

    Parameters
    ----------
    case : Case or str
        A case or its id.

    Returns
    -------
    Case
        The case.

    Raises
    ------
    CarelabError
        When it is no id, or an unknown one.

    Examples
    --------
    >>> select_case("anhui").short_en
    'Anhui'
    """
    if isinstance(case, Case):
        return case
    if not isinstance(case, str):
        raise CarelabError(f"case is {str(case)[:60]!r}; allowed is the id of one case")
    return load_case(case)


def select_cases(cases: Cases = None) -> list[Case]:
    """Return cases from whatever names them, in the order given.

    Parameters
    ----------
    cases : mapping of str to Case, or iterable of Case or str, optional
        Every system by default, the reader's own among them. What is no system (a policy,
        advice, a paper) has to be named, so that no count of systems holds it.

    Returns
    -------
    list of Case
        The cases.

    Raises
    ------
    CarelabError
        When it is no list of ids, or an id is unknown.

    Examples
    --------
    >>> [case.id for case in select_cases(["hangzhou", "anhui"])]
    ['hangzhou', 'anhui']
    """
    if cases is None:
        return [case for case in load_cases().values() if case.is_system]
    chosen = cases
    if isinstance(chosen, str):
        chosen = [chosen]
    if isinstance(chosen, Case):
        chosen = [chosen]
    if not isinstance(chosen, Iterable):
        raise CarelabError(f"cases is {str(cases)[:60]!r}; allowed are ids of cases, in a list")
    if isinstance(chosen, Mapping):
        chosen = list(chosen.values())
    return [select_case(case) for case in chosen]
