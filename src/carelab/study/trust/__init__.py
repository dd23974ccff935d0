"""How far to trust the engine: published results, a fit, claims drawn again, what matters.

Modules in reading order: ``facts`` (what must be so), ``scoreboard`` (published results against
the engine), ``preset_checks`` (what a preset misses), ``fair_score`` (one vote a study),
``calibration`` (a fit to some of them, and what it comes to), ``possible_places`` (counties that
meet every figure), ``directional`` (what a claim about a sign is, and all of them),
``robustness`` (in how many draws they hold), ``sensitivity`` (which parameters matter),
``stored_tables`` (what is kept), ``verdicts`` (what a claim was called before, and why not now),
``history`` (a county beside the national series),
``limits`` (what the engine cannot do, checked anew).
"""

__all__: list[str] = []
