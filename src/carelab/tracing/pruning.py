"""Keep of a recorded period only what decides the quantities that are asked for."""

from collections.abc import Iterable, Mapping

from carelab.tracing.javascript_equations import read_by
from carelab.tracing.record import Trace


def prune(
    trace: Trace, carried: Mapping[str, str], wanted: Iterable[str]
) -> tuple[Trace, dict[str, str]]:
    """Drop every flow that no wanted stock depends on, in this period or a later one.

    Parameters
    ----------
    trace : Trace
        A recorded period.
    carried : mapping of str to str
        Input to the flow that gives its value in the next period.
    wanted : iterable of str
        Names in ``carried`` whose values are asked for.

    Returns
    -------
    Trace
        The flows that are left, in their order.
    dict of str to str
        What of ``carried`` is left, in its order.

    Examples
    --------
    >>> from carelab.tracing import trace_model
    >>> def grow(inputs, flows):
    ...     flows.next_stock = inputs.stock * 2
    ...     flows.next_other = inputs.other + flows.next_stock
    >>> trace = trace_model(grow, ["stock", "other"])
    >>> kept, left = prune(trace, {"stock": "next_stock", "other": "next_other"}, ["stock"])
    >>> kept.flow_names, left
    (('next_stock',), {'stock': 'next_stock'})
    """
    nodes = dict(trace.flows)
    waiting = [carried[name] for name in wanted]
    kept: set[str] = set()
    while waiting:
        flow = waiting.pop()
        if flow in kept:
            continue
        kept.add(flow)
        for read in read_by(nodes[flow]):
            name = read.removeprefix("inputs.")
            waiting += [carried[name]] if read != name and name in carried else []
            waiting += [name] if read == name else []
    flows = tuple((name, node) for name, node in trace.flows if name in kept)
    return Trace(trace.name, trace.inputs, flows), {
        name: flow for name, flow in carried.items() if flow in kept
    }
