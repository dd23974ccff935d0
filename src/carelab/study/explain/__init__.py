"""Why a line moved: links of the causal map along a run, responses, what each mechanism reads.

Modules in reading order: ``causal_maps`` (which named
quantity moves which, and how steeply along a run), ``responses`` (what each part of the month reads
and works out, one quantity against another), ``formulas`` (what each function of a small
model says of itself).
"""

__all__: list[str] = []
