"""What was measured, as a page reads it: values, goals, and the machine."""

import html

from carelab.base import load_manifest
from carelab.evidence.tables import read_table
from carelab.plots.tables import show_table

_HEADS = {
    "measure": "What was measured",
    "value": "Value",
    "unit": "Unit",
    "goal": "Goal",
    "met": "Met",
}


def benchmarks_html() -> str:
    """Write what the benchmarks measured when they were last stored.

    Returns
    -------
    str
        An HTML table, and a line that names machine and month.

    Examples
    --------
    >>> "Measured on" in benchmarks_html()
    True
    """
    manifest = load_manifest("benchmarks.csv")
    frame = read_table("benchmarks.csv")
    shown = show_table(frame, f"Speed and memory, measured {manifest.retrieved}", _HEADS)
    return f"{shown._repr_html_()}<p>{html.escape(manifest.note)}</p>"
