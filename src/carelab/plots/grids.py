"""A grid of cases as a table of signs: grouped, the best known first, silence faint."""

import html
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from carelab.base import book_language, word
from carelab.base.frozen import ComparedByContent
from carelab.evidence import Case
from carelab.evidence.cases.files import DIRECTIONS, SILENT, STATUSES
from carelab.plots.pictures import frame_html

if TYPE_CHECKING:
    import pandas as pd

_SCRIPT = Path(__file__).parent / "static" / "grid.js"
_ROW_GROUPS = ("course", "advice", "china", "elsewhere")
# Mechanisms by what they are about; a frame has no such groups.
_COLUMN_GROUPS: Mapping[str, tuple[str, ...]] = {
    "money": ("pooled_money", "prospective_budget", "surplus_kept", "leakage_charge",
              "prevention_linked_pay"),
    "power": ("merged_governance", "cross_department_body", "performance_assessment",
              "public_private", "cross_sector_scope"),
    "care": ("shared_information", "capability_programme", "gatekeeping_or_lists",
             "referral_rules"),
}  # fmt: skip


def short_name(case: Case) -> str:
    """Return what a case is called on a chart, in the language of the book.

    >>> from carelab.evidence import load_case
    >>> short_name(load_case("anhui"))
    'Anhui'
    """
    return str(getattr(case, f"short_{book_language()}"))


@cache
def _script() -> str:
    return _SCRIPT.read_text(encoding="utf-8")


def _row_group(case: Case) -> str:
    if case.kind != "system":
        return "advice"
    if case.has_seed:
        return "course"
    return "china" if case.country == "China" else "elsewhere"


def sort_rows(cases: Sequence[Case], matrix: "pd.DataFrame") -> dict[str, list[Case]]:
    """Group cases, and put those first of which most is known.

    >>> from carelab.evidence import load_cases
    >>> from carelab.study import mechanism_matrix
    >>> two = [load_cases()[name] for name in ("hangzhou", "anhui")]
    >>> [case.id for case in sort_rows(two, mechanism_matrix(two))["course"]]
    ['anhui', 'hangzhou']
    """
    known = (matrix != SILENT).sum()
    ordered = sorted(cases, key=lambda case: -int(known[case.id]))
    groups = {name: [case for case in ordered if _row_group(case) == name] for name in _ROW_GROUPS}
    return {name: each for name, each in groups.items() if each}


def sort_columns(matrix: "pd.DataFrame") -> dict[str, list[str]]:
    """Group dimensions, and put those first of which most sources speak."""
    known = (matrix != SILENT).sum(axis=1)
    names = [str(each) for each in matrix.index]
    groups = _COLUMN_GROUPS if set(names) == {*sum(_COLUMN_GROUPS.values(), ())} else {"": names}
    return {name: sorted(each, key=lambda one: -int(known[one])) for name, each in groups.items()}


@dataclass(frozen=True, eq=False, repr=False)
class Grid(ComparedByContent):
    """Cases in rows, dimensions in columns, a sign in each cell; every cell says itself.

    Parameters
    ----------
    cases : sequence of Case
        The rows.
    matrix : pandas.DataFrame
        Status by dimension (index) and case id (columns).
    labels : mapping of str to str
        What a dimension is called.
    claims : mapping of (str, str) to str
        Dimension and case id to the ids behind a cell.
    alt, caption, note : str
        What the grid says, its title, and one line below.
    table : pandas.DataFrame
        The same as a table for reading.
    """

    cases: Sequence[Case]
    matrix: "pd.DataFrame"
    labels: Mapping[str, str]
    claims: Mapping[tuple[str, str], str]
    alt: str
    caption: str
    note: str
    table: "pd.DataFrame"

    def __repr__(self) -> str:
        """Return the alt text."""
        return self.alt

    def _repr_html_(self) -> str:
        return frame_html(self.caption, self.note, self._drawing(), self.table, word("grid.source"))

    def _cell(self, dimension: str, case: Case, first: bool) -> str:
        status = str(self.matrix.loc[dimension, case.id])
        behind = self.claims.get((dimension, case.id), "")
        said = word("grid.cell", case=short_name(case), label=self.labels[dimension],
                    status=word(f"plot.status.{status}"))  # fmt: skip
        said += f" ({behind})" if behind else ""
        return (
            f'<td role="gridcell" tabindex="{0 if first else -1}"'
            f' aria-label="{html.escape(said, quote=True)}"><i class="carelab-sign'
            f' carelab-sign-{status}" aria-hidden="true"></i></td>'
        )

    def _heads(self, columns: Mapping[str, list[str]]) -> str:
        known = (self.matrix != SILENT).sum(axis=1)
        over = "".join(
            f'<th role="columnheader" scope="colgroup" colspan="{len(names)}">'
            f"{html.escape(word(f'grid.columns.{group}'))}</th>"
            for group, names in columns.items()
            if group
        )
        names = "".join(
            f'<th role="columnheader" scope="col"><span>{html.escape(self.labels[each])}</span>'
            f"<b>{int(known[each])}</b></th>"
            for group in columns.values()
            for each in group
        )
        counted = html.escape(word("grid.counts", count=len(self.cases)))
        rows = [f'<td role="presentation"></td>{over}'] if over else []
        rows.append(f'<th role="columnheader" scope="col">{counted}</th>{names}')
        return "".join(f'<tr role="row" class="carelab-grid-head">{each}</tr>' for each in rows)

    def _drawing(self) -> str:
        columns, rows = sort_columns(self.matrix), sort_rows(self.cases, self.matrix)
        flat = [each for group in columns.values() for each in group]
        known = (self.matrix != SILENT).sum()
        body, first = [], True
        for group, cases in rows.items():
            name = html.escape(word(f"grid.rows.{group}"))
            if len(rows) > 1:
                head = (
                    f'<th role="rowheader" scope="rowgroup" colspan="{len(flat) + 1}">{name}</th>'
                )
                body.append(f'<tr role="row" class="carelab-grid-group">{head}</tr>')
            for case in cases:
                cells = []
                for each in flat:
                    cells.append(self._cell(each, case, first))
                    first = False
                told = html.escape(word("grid.known", known=int(known[case.id]), count=len(flat)))
                head = f"{html.escape(short_name(case))} <small>{told}</small>"
                body.append(f'<tr role="row"><th role="rowheader" scope="row">{head}</th>'
                            f"{''.join(cells)}</tr>")  # fmt: skip
        label = html.escape(self.alt, quote=True)
        return (
            f'<div class="carelab-grid-frame"><table class="carelab-grid" role="grid"'
            f' aria-label="{label}">{self._heads(columns)}{"".join(body)}</table>'
            f'<p class="carelab-grid-said" aria-hidden="true">{html.escape(word("grid.how"))}</p>'
            f'<p class="carelab-grid-key">{self._key()}</p><script>{_script()}</script></div>'
        )

    def _key(self) -> str:
        found = {str(status) for status in self.matrix.to_numpy().ravel()}
        known = dict.fromkeys((*STATUSES, *DIRECTIONS))
        return "".join(
            f'<span><i class="carelab-sign carelab-sign-{status}" aria-hidden="true"></i> '
            f"{html.escape(word(f'plot.status.{status}'))}</span>"
            for status in known
            if status in found
        )


def tell_commonest(matrix: "pd.DataFrame") -> str:
    """Say which answer is commonest: the finding of a grid.

    >>> import pandas as pd
    >>> tell_commonest(pd.DataFrame({"a": ["silent", "silent", "present"]}))
    'Silence is the commonest answer: 2 of 3 cells'
    """
    counts = matrix.stack().value_counts()
    status, count = str(counts.index[0]), int(counts.iloc[0])
    key = "grid.silence" if status == SILENT else "grid.commonest"
    return word(key, status=word(f"plot.status.{status}"), count=count, cells=int(matrix.size))
