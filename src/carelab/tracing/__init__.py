"""Record a model function once; write it as JavaScript, C and LaTeX; map what moves what.

Modules in reading order: ``nodes`` (what a recorded quantity is), ``operations`` (the few
functions a model may call), ``record`` (run a model on recorded quantities), ``javascript``,
``latex`` and ``c_source`` (write the record), ``javascript_run`` (many periods in one JavaScript
function), ``javascript_equations`` (one equation at a time), ``pruning`` (only what decides the
asked), ``xmile`` (a system-dynamics model for other programs), ``compiled`` (run it as machine
code, where there is a C compiler), ``causal`` (which quantity moves which, and which way),
``reduction`` (the same, contracted to chosen quantities).

A model is a function ``model(inputs, flows)``: it reads ``inputs.<name>`` and assigns
``flows.<name>``. It runs as it is on floats and on numpy arrays.
"""

from carelab.tracing.causal import causal_map, causal_path
from carelab.tracing.compiled import compile_trace, compiler_available
from carelab.tracing.javascript import write_javascript
from carelab.tracing.latex import write_latex
from carelab.tracing.nodes import TracingError
from carelab.tracing.operations import exp, log, maximum, minimum, where
from carelab.tracing.record import Trace, evaluate, trace_model

__all__ = [
    "Trace",
    "TracingError",
    "causal_map",
    "causal_path",
    "compile_trace",
    "compiler_available",
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
