"""Studies: cases side by side, many runs, published results, robustness.

The silence of a source is never counted as agreement. Modules in reading order: ``selection``
(which cases are meant), ``comparison`` (mechanisms side by side, pairwise agreement), ``listings``
(coded fields, silence and claims as tables), ``tidy`` (every code in one frame), ``coders`` (how
far two coders agree), ``frames`` (cases on published frames), ``qca`` (combinations of
conditions, a package of its own), ``sweep_inputs`` (settings of many scenarios),
``sweep_plan`` (what a sweep is), ``blocks`` (a part of it), ``sweep`` (any number of scenarios),
``scoreboard`` (published results against the engine), ``preset_checks`` (what a preset misses),
``calibration`` (a fit to some of them), ``calibration_tables`` (what it comes to), ``draws``
(parameters drawn), ``page_draws`` (the hypercube that a page makes too), ``directional`` (what a
claim about a sign is) with the claims of ``directional_dilemma``, ``directional_anhui`` and
``directional_elsewhere``, ``robustness`` (in how many draws they hold), ``sensitivity`` (which
parameters matter), ``stored_tables`` (what is kept), ``causal_runs`` (how steep each link is along
a run), ``causal_maps`` (which named quantity moves which), ``responses`` (one quantity against
another), ``mechanisms`` (what each part of the month reads and works out), ``formulas`` (what each
function of a small model says of itself), ``limits`` (what the engine cannot do, checked anew),
``exchange`` (a scenario for other programs of system dynamics), ``scenario_files`` (scenarios,
predictions and answers as a lab keeps them), ``named_files`` (those of a class,
told apart), ``submissions`` (the same, read for marking),
``scenario_store`` (a database on disk), ``scenario_database`` (a whole class in one table),
``experiment_file`` (a policy experiment declared), ``experiment`` (run, summed up).
"""

from carelab.study.comparison import compare_cases, mechanism_matrix, similarity
from carelab.study.exchange import scenario_xmile
from carelab.study.listings import claims_table, common_table, field_table, silence_table
from carelab.study.robustness import claims_robustness
from carelab.study.scoreboard import scoreboard
from carelab.study.selection import select_case, select_cases
from carelab.study.sensitivity import parameter_sensitivity
from carelab.study.stored_tables import stored_table
from carelab.study.sweep import load_sweep, sweep

__all__ = [
    "claims_robustness",
    "claims_table",
    "common_table",
    "compare_cases",
    "field_table",
    "load_sweep",
    "mechanism_matrix",
    "parameter_sensitivity",
    "scenario_xmile",
    "scoreboard",
    "select_case",
    "select_cases",
    "silence_table",
    "similarity",
    "stored_table",
    "sweep",
]
