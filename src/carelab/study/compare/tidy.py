"""Every code of every case in one tidy frame, and the dated events of a case."""

from typing import TYPE_CHECKING

from carelab.base.checksums import with_version
from carelab.evidence import Case, load_cases, load_timeline
from carelab.study.compare.comparison import Cases, select_case, select_cases

if TYPE_CHECKING:
    import pandas as pd

_COLUMNS = [
    *("case", "name", "country", "kind", "source", "seed", "group", "item", "code"),
    *("design", "claims"),
]


def _rows(case: Case) -> list[tuple[object, ...]]:
    head = (case.id, case.name_en, case.country, case.kind, case.source, case.has_seed)
    groups = {
        "field": case.fields,
        "mechanism": case.mechanisms,
        "evaluation": case.evaluation,
        "frame": case.frames,
    }
    return [
        (*head, group, item, coded.text, coded.design, "; ".join(coded.claims))
        for group, items in groups.items()
        for item, coded in items.items()
    ]


def case_codes(cases: Cases = None) -> "pd.DataFrame":
    """List every code of every case, one a row.

    Parameters
    ----------
    cases : mapping of str to Case, or iterable of Case or str, optional
        Every case by default, the reader's own among them.

    Returns
    -------
    pandas.DataFrame
        Columns case, name, country, kind, source, seed (whether a seed document describes it),
        group (field, mechanism, evaluation or frame), item, code (text, status or direction;
        ``silent`` where the source says nothing), design (of an evaluation: how the direction was
        found) and claims (ids, separated by semicolons).

    Raises
    ------
    CarelabError
        When a case is unknown.

    Examples
    --------
    >>> codes = case_codes("funan")
    >>> codes[codes["group"] == "evaluation"]["code"].tolist()
    ['silent', 'silent', 'improved', 'improved']
    """
    import pandas as pd

    chosen = load_cases() if cases is None else cases
    rows = [row for case in select_cases(chosen) for row in _rows(case)]
    return with_version(pd.DataFrame(rows, columns=_COLUMNS))


def case_events(case: Case | str) -> "pd.DataFrame":
    """List the dated events of a case: those of the registry and those of its own file.

    An event of the registry belongs to a case when it names the case, or when it rests on
    evidence that the case cites and that no event of its own tells already.

    >>> case_events("luohu")["date"].tolist()
    ['2015-08']
    >>> case_events("vanguards")["claim"].tolist()
    ['UK093']
    """
    import pandas as pd

    chosen = select_case(case)
    events = load_timeline()
    named = events["case"] == chosen.id
    cited = events["claim"].isin(set(chosen.claim_ids) - set(events[named]["claim"]))
    events = events[named | cited]
    classes = {each.id: each.claim_class for each in chosen.evidence}
    own = [
        {
            "date": event.date,
            "place": chosen.short_en,
            "event": event.event,
            "kind": event.kind,
            "case": chosen.id,
            "class": classes.get(event.claims[0], ""),
            "source": chosen.source,
            "claim": event.claims[0],
        }
        for event in chosen.events
    ]
    both = pd.concat([events, pd.DataFrame(own, columns=events.columns)])
    return both.sort_values("date", kind="stable", ignore_index=True)
