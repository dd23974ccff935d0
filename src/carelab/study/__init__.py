"""Comparison of cases; the silence of a source is never counted as agreement.

Modules in reading order: ``selection`` (which cases are meant), ``comparison`` (mechanisms side
by side, pairwise agreement), ``listings`` (coded fields, silence and claims as tables).
"""

from carelab.study.comparison import compare_cases, mechanism_matrix, similarity
from carelab.study.listings import claims_table, field_table, silence_table
from carelab.study.selection import select_case, select_cases

__all__ = [
    "claims_table",
    "compare_cases",
    "field_table",
    "mechanism_matrix",
    "select_case",
    "select_cases",
    "silence_table",
    "similarity",
]
