"""Run a recorded model as machine code, where the machine has a C compiler.

C rather than numba: nothing to install, the source can be read, and no fast mathematics is
switched on, so that sums are taken in the order in which Python takes them.
"""

import ctypes
import os
import shlex
import shutil
import subprocess
import tempfile
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from carelab.base import CarelabError
from carelab.tracing.c_source import inputs_read, write_c
from carelab.tracing.record import Trace

if TYPE_CHECKING:
    import numpy as np

_COMPILERS = ("cc", "gcc", "clang")
# No fused multiply-add: it would round differently from Python. The other two leave every value
# as it is; they only forgo error flags that nobody reads.
_FLAGS = (
    *("-std=c99", "-O2", "-shared", "-fPIC"),
    *("-ffp-contract=off", "-fno-math-errno", "-fno-trapping-math"),
)


def _compiler() -> list[str] | None:
    """Return the command of the C compiler: what ``CC`` says, else the first that is found."""
    for command in (os.environ.get("CC", ""), *_COMPILERS):
        parts = shlex.split(command)
        if parts and shutil.which(parts[0]):
            return parts
    return None


def _load(source: str) -> ctypes.CDLL:
    """Compile and load; nothing is left behind on disk where the system allows it."""
    command = _compiler()
    if command is None:
        raise CarelabError(
            "no C compiler (cc, gcc or clang) was found; the same model runs without one on"
            " numpy arrays"
        )
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder:
        written, library = Path(folder, "model.c"), Path(folder, "model.so")
        written.write_text(source, encoding="utf-8")
        call = [*command, *_FLAGS, str(written), "-o", str(library), "-lm"]
        done = subprocess.run(call, capture_output=True, text=True, check=False)
        if done.returncode:
            reason = (done.stderr.strip().splitlines() or ["no reason given"])[0]
            raise CarelabError(f"the C compiler '{command[0]}' failed: {reason}")
        return ctypes.CDLL(str(library))


def compiler_available() -> bool:
    """Say whether this machine can compile: a compiler is found and an empty program works.

    Returns
    -------
    bool
        Whether `compile_trace` can be expected to work.

    Examples
    --------
    >>> compiler_available() in (True, False)
    True
    """
    try:
        _load("int nothing;\n")
    except (CarelabError, OSError):
        return False
    return True


@dataclass
class _Block:
    """Where the values of each input stand in memory; ``kept`` keeps them there."""

    addresses: "np.ndarray[Any, Any]"
    strides: "np.ndarray[Any, Any]"
    shape: tuple[int, ...]
    kept: list[Any]


def _block(names: tuple[str, ...], inputs: Mapping[str, Any]) -> _Block:
    import numpy as np

    missing = [name for name in names if name not in inputs]
    if missing:
        raise CarelabError(f"no value was given for {', '.join(missing)}")
    numbers = np.zeros(len(names))
    addresses = numbers.ctypes.data + 8 * np.arange(len(names), dtype=np.int64)
    strides = np.zeros(len(names), np.int64)
    arrays = {}
    for place, name in enumerate(names):
        value = inputs[name]
        if np.ndim(value) if not isinstance(value, (float, int)) else 0:
            arrays[place] = np.asarray(value, np.float64)
        else:
            numbers[place] = value
    shape = np.broadcast_shapes(*{each.shape for each in arrays.values()})
    for place, each in arrays.items():
        arrays[place] = np.ascontiguousarray(np.broadcast_to(each, shape))
        addresses[place], strides[place] = arrays[place].ctypes.data, 1
    return _Block(addresses, strides, shape, [numbers, *arrays.values()])


@dataclass(frozen=True)
class CompiledTrace:
    """A model as machine code: called with values by name, as `evaluate` is.

    Parameters
    ----------
    source : str
        The C source.
    inputs : tuple of str
        Inputs that it reads.
    flows : tuple of str
        Quantities that it gives.
    function : callable
        The loaded function.
    """

    source: str
    inputs: tuple[str, ...]
    flows: tuple[str, ...]
    function: Callable[..., None] = field(compare=False, repr=False)

    def __reduce__(self) -> tuple[Any, ...]:
        """Compile again where it is copied to: machine code stays in its process."""
        name = getattr(self.function, "__name__", "")
        return _compiled, (self.source, self.inputs, self.flows, name)

    def __call__(self, inputs: Mapping[str, Any]) -> dict[str, Any]:
        """Run the model on a block.

        Parameters
        ----------
        inputs : mapping of str to float or array
            Values; arrays broadcast against each other. Names that it does not read are passed
            over.

        Returns
        -------
        dict of str to float or array
            Each flow; arrays of the shape of the block, floats when every input is a number.

        Raises
        ------
        CarelabError
            When an input is missing.
        """
        block = _block(self.inputs, inputs)
        return self._named(self._computed(block), block)

    def run(
        self,
        inputs: Mapping[str, Any],
        clock: Iterable[Mapping[str, float]],
        carried: Mapping[str, str],
    ) -> Iterator[dict[str, Any]]:
        """Run the model period after period; what is carried over never leaves the block.

        Parameters
        ----------
        inputs : mapping of str to float or array
            Values of the first period.
        clock : iterable of mapping of str to float
            For each period, the numbers that are its own.
        carried : mapping of str to str
            Input to the flow that gives its value in the next period.

        Yields
        ------
        dict of str to float or array
            The flows of each period.

        Raises
        ------
        CarelabError
            When an input is missing.
        """
        import numpy as np

        periods = list(clock)
        ticking = sorted({name for each in periods for name in each}.intersection(self.inputs))
        ticks = np.array([[each[name] for name in ticking] for each in periods], np.float64)
        block = _block(self.inputs, {**inputs, **(periods[0] if periods else {})})
        clock_places = np.array([self.inputs.index(name) for name in ticking], np.intp)
        block.strides[clock_places] = 0
        pairs = [(name, flow) for name, flow in carried.items() if name in self.inputs]
        places = np.array([self.inputs.index(name) for name, _ in pairs], np.intp)
        flows = np.array([self.flows.index(flow) for _, flow in pairs], np.int64)
        before = None
        for tick in ticks:
            block.addresses[clock_places] = tick.ctypes.data + 8 * np.arange(len(ticking))
            if before is not None:
                block.addresses[places] = before.ctypes.data + before.strides[0] * flows
                block.strides[places] = 1
            before = self._computed(block)
            yield self._named(before, block)

    def _computed(self, block: _Block) -> "np.ndarray[Any, Any]":
        import numpy as np

        results = np.empty((len(self.flows), *block.shape))
        count = results.size // max(len(self.flows), 1)
        self.function(
            count, block.addresses.ctypes.data, block.strides.ctypes.data, results.ctypes.data
        )
        return results

    def _named(self, results: "np.ndarray[Any, Any]", block: _Block) -> dict[str, Any]:
        values = results if block.shape else results.tolist()
        return dict(zip(self.flows, values, strict=True))


def compile_trace(trace: Trace) -> CompiledTrace:
    """Compile a trace with the system's C compiler.

    Parameters
    ----------
    trace : Trace
        A recorded model.

    Returns
    -------
    CompiledTrace
        Called like `evaluate`, without the model.

    Raises
    ------
    CarelabError
        When there is no compiler, or it fails.

    Examples
    --------
    >>> from carelab.tracing import trace_model
    >>> def double(inputs, flows):
    ...     flows.twice = 2 * inputs.amount
    >>> trace = trace_model(double, ["amount"])
    >>> float(compile_trace(trace)({"amount": 3.0})["twice"]) if compiler_available() else 6.0
    6.0
    """
    return _compiled(write_c(trace), inputs_read(trace), trace.flow_names, f"{trace.name}_block")


def _compiled(
    source: str, inputs: tuple[str, ...], flows: tuple[str, ...], name: str
) -> CompiledTrace:
    function = getattr(_load(source), name)
    pointers = [ctypes.c_void_p] * 3
    function.argtypes, function.restype = [ctypes.c_longlong, *pointers], None
    return CompiledTrace(source, inputs, flows, function)
