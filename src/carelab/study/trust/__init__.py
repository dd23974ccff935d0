"""How far to trust the engine: published results, a fit, claims drawn again, what matters.

Modules in reading order: ``scoreboard`` (published results against the engine), ``preset_checks``
(what a preset misses), ``calibration`` (a fit to some of them), ``calibration_tables`` (what it
comes to), ``directional`` (what a claim about a sign is) with the claims of
``directional_dilemma``, ``directional_anhui`` and ``directional_elsewhere``, ``robustness`` (in
how many draws they hold), ``sensitivity`` (which parameters matter), ``stored_tables`` (what is
kept), ``limits`` (what the engine cannot do, checked anew).
"""

__all__: list[str] = []
