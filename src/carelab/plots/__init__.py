"""Static figures and tables: a tidy table in, a picture out.

Modules in reading order: ``style`` (colours, dashes, fonts), ``wrapping`` (lines of English and
Chinese), ``tables`` (accessible HTML tables), ``pictures`` (a figure as inline SVG that
follows light and dark, wide and narrow, in its frame), ``diagrams`` (ribbons, maps and dates, a
package of its own), ``values`` (bars and dots), ``series`` (lines with their names beside them),
``indicators`` (published figures by id), ``grids`` (cases in rows, a sign a cell), ``mechanisms``
and ``heat_map`` (what the cells are), ``panels`` (small multiples), ``gains`` (twin of the lab),
``runs`` (the care economy over the years), ``ranges`` (with what the runs of a
range say), ``responses`` (one thing against another),
``experiments`` (outcomes of a policy experiment).
"""

from carelab.plots.diagrams.causal_maps import plot_causal_map
from carelab.plots.diagrams.flows import plot_governance, plot_money_flow
from carelab.plots.diagrams.timelines import plot_events
from carelab.plots.gains import plot_gains
from carelab.plots.indicators import plot_indicators
from carelab.plots.mechanisms import plot_mechanisms
from carelab.plots.pictures import Picture
from carelab.plots.ranges import plot_difference, plot_ranges
from carelab.plots.responses import plot_function, plot_response
from carelab.plots.runs import plot_runs
from carelab.plots.style import new_figure, use_style
from carelab.plots.tables import show_table
from carelab.plots.values import plot_shares

__all__ = [
    "Picture",
    "new_figure",
    "plot_causal_map",
    "plot_difference",
    "plot_events",
    "plot_function",
    "plot_gains",
    "plot_governance",
    "plot_indicators",
    "plot_mechanisms",
    "plot_money_flow",
    "plot_ranges",
    "plot_response",
    "plot_runs",
    "plot_shares",
    "show_table",
    "use_style",
]
