"""Why a line moved: links of the causal map along a run, responses, what each mechanism reads.

Modules in reading order: ``causal_runs`` (how steep each link is along a run), ``causal_maps``
(which named quantity moves which), ``responses`` (one quantity against another), ``mechanisms``
(what each part of the month reads and works out), ``formulas`` (what each function of a small
model says of itself).
"""

__all__: list[str] = []
