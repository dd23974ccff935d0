"""Cases side by side: which are meant, their mechanisms, fields, silences, claims and measures."""

from collections.abc import Iterable, Mapping
from itertools import combinations
from typing import TYPE_CHECKING

from carelab.base import CarelabError
from carelab.base.numbers import format_number
from carelab.evidence import (
    Case,
    load_case,
    load_cases,
    load_claims,
    load_common_indicators,
    load_indicators,
)
from carelab.evidence.cases.files import FIELDS, MECHANISMS

if TYPE_CHECKING:
    import pandas as pd

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


def field_table(name: str) -> "pd.DataFrame":
    """List one coded field over all cases, or all fields of one case.

    Parameters
    ----------
    name : str
        A field of the codebook, such as ``governance``, or the id of a case.

    Returns
    -------
    pandas.DataFrame
        Columns case (or field), text, claims; the text is ``silent`` where the source says
        nothing.

    Raises
    ------
    CarelabError
        When the name is neither a field nor a case.

    Examples
    --------
    >>> field_table("payment_incentive").columns.tolist()
    ['case', 'text', 'claims']
    """
    cases = load_cases()
    if name in FIELDS:
        return _coded("case", [(case.id, case, name) for case in cases.values()])
    if name in cases:
        return _coded("field", [(field, load_case(name), field) for field in FIELDS])
    raise CarelabError(
        f"'{name}' is neither a field nor a case; fields are {', '.join(FIELDS)};"
        f" cases are {', '.join(cases)}"
    )


def _coded(first: str, entries: list[tuple[str, Case, str]]) -> "pd.DataFrame":
    import pandas as pd

    rows = [
        (label, case.fields[field].text, "; ".join(case.fields[field].claims))
        for label, case, field in entries
    ]
    return pd.DataFrame(rows, columns=[first, "text", "claims"])


def silence_table(cases: Cases = None) -> "pd.DataFrame":
    """Count what each source leaves unsaid.

    Parameters
    ----------
    cases : mapping of str to Case, or iterable of Case or str, optional
        Every system by default; policies, advice and papers only when they are named.

    Returns
    -------
    pandas.DataFrame
        One row per case: case, fields_silent of fields, mechanisms_silent of mechanisms, and
        questions_open (what the coder wanted to know and the source does not say), all counts.

    Examples
    --------
    >>> silence_table(["anhui"])["mechanisms"].tolist()
    [14]
    """
    import pandas as pd

    rows = [
        {
            "case": case.id,
            "fields_silent": sum(coded.is_silent for coded in case.fields.values()),
            "fields": len(case.fields),
            "mechanisms_silent": sum(coded.is_silent for coded in case.mechanisms.values()),
            "mechanisms": len(case.mechanisms),
            "questions_open": len(case.not_stated),
        }
        for case in select_cases(cases)
    ]
    return pd.DataFrame(rows)


def common_table() -> "pd.DataFrame":
    """Set the same measures of the United Kingdom, England and China side by side.

    Returns
    -------
    pandas.DataFrame
        One row per measure: measure, unit, a column per place with value, year and grade, and
        how far the places compare. ``not found`` where a value was looked for in vain, empty
        where a place is not asked.

    Examples
    --------
    >>> common_table().set_index("measure").loc["People aged 65 and over", "China"]
    '15.4 (2023, B)'
    """
    rows = load_common_indicators()
    shown = rows["value"].map("{:g}".format) + " (" + rows["year"] + ", " + rows["grade"] + ")"
    shown = shown.where(rows["value"].notna(), "not found")
    units = rows.groupby("indicator", sort=False)["unit"].agg(
        lambda each: " or ".join(each.unique())
    )
    table = (
        rows.assign(shown=shown)
        .pivot_table(
            index="indicator", columns="place", values="shown", aggfunc="first", sort=False
        )
        .reindex(units.index)[["United Kingdom", "England", "China"]]
        .fillna("")
    )
    table.insert(0, "unit", units)
    last = rows.drop_duplicates("indicator", keep="last").set_index("indicator")["comparability"]
    table["comparability"] = last
    return table.rename_axis("measure").rename_axis(None, axis="columns").reset_index()


def claims_table(ids: Iterable[str]) -> "pd.DataFrame":
    """Look up claims and indicators by their ids.

    Parameters
    ----------
    ids : iterable of str
        Claim ids (``S004-78``) or indicator ids (``CN021``).

    Returns
    -------
    pandas.DataFrame
        Columns id, text, class, source, section, in the order given.

    Raises
    ------
    CarelabError
        When an id is unknown.

    Examples
    --------
    >>> claims_table(["S004-78"])["class"].tolist()
    ['stated']
    """
    import pandas as pd

    wanted = [ids] if isinstance(ids, str) else list(ids)
    columns = ["id", "text", "class", "source", "section"]
    figures = load_indicators()
    parts = figures["name"], figures["place"], figures["year"]
    text = parts[0] + ", " + parts[1] + ", " + parts[2] + ": " + _amounts(figures)
    figures = figures.assign(text=text.str.strip(": "), section="")
    known = pd.concat([load_claims()[columns], figures[columns]]).set_index("id", drop=False)
    unknown = [each for each in wanted if each not in known.index]
    if unknown:
        raise CarelabError(f"claim or indicator '{unknown[0]}' does not exist in the registry")
    return known.loc[wanted].reset_index(drop=True)


def _amounts(figures: "pd.DataFrame") -> "pd.Series":
    amounts = figures["value"].map(format_number)
    stated = amounts + " " + figures["unit"]
    return stated.where(figures["value"].notna(), figures["note"])
