"""Record a model function once; differentiate it, run it, write it down; map what moves what.

Modules in reading order: ``nodes`` (what a recorded quantity is, and which are the same),
``operations`` (the few functions a model may call), ``record`` (run a model on recorded quantities;
keep what decides the asked), ``gradient`` (slopes, as more of the same record), ``python_code``
(the record as straight-line Python, on numbers and numpy blocks), ``javascript`` (a period, one
equation at a time, many periods), ``latex``, ``xmile`` (a system-dynamics model for other
programs), ``causal`` (which quantity moves which, and which way), ``reduction`` (the same,
contracted to chosen quantities).

A model is a function ``model(inputs, flows)``: it reads ``inputs.<name>`` and assigns
``flows.<name>``. It runs as it is on floats and on numpy arrays, unless it asks for slopes.
"""

from carelab.tracing.causal import causal_map
from carelab.tracing.gradient import pull_back
from carelab.tracing.javascript import write_javascript
from carelab.tracing.latex import write_latex
from carelab.tracing.nodes import TracingError
from carelab.tracing.operations import exp, log, maximum, minimum, where
from carelab.tracing.python_code import RunnableTrace, evaluate_trace, write_python
from carelab.tracing.record import Trace, evaluate, trace_model

__all__ = [
    "RunnableTrace",
    "Trace",
    "TracingError",
    "causal_map",
    "evaluate",
    "evaluate_trace",
    "exp",
    "log",
    "maximum",
    "minimum",
    "pull_back",
    "trace_model",
    "where",
    "write_javascript",
    "write_latex",
    "write_python",
]
