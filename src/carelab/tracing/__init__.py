"""Record a model function once; write it as JavaScript and as LaTeX.

Modules in reading order: ``nodes`` (what a recorded quantity is), ``operations`` (the few
functions a model may call), ``record`` (run a model on recorded quantities), ``javascript``
and ``latex`` (write the record).

A model is a function ``model(inputs, flows)``: it reads ``inputs.<name>`` and assigns
``flows.<name>``. It runs as it is on floats and on numpy arrays.
"""

from carelab.tracing.javascript import write_javascript
from carelab.tracing.latex import write_latex
from carelab.tracing.nodes import TracingError
from carelab.tracing.operations import exp, log, maximum, minimum, where
from carelab.tracing.record import Trace, evaluate, trace_model

__all__ = [
    "Trace",
    "TracingError",
    "evaluate",
    "exp",
    "log",
    "maximum",
    "minimum",
    "trace_model",
    "where",
    "write_javascript",
    "write_latex",
]
