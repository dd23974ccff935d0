"""The few functions a model may call: on floats, numpy arrays and recorded quantities alike."""

import math
from typing import Any

from carelab.tracing.nodes import Node, combine


def _runtime(*values: Any) -> str:
    """Say how to compute: ``record`` for nodes, ``numpy`` for arrays, else ``float``."""
    if any(isinstance(value, Node) for value in values):
        return "record"
    if any(type(value).__module__ == "numpy" for value in values):
        return "numpy"
    return "float"


def _numpy() -> Any:
    import numpy

    return numpy


def maximum(first: Any, second: Any) -> Any:
    """Return the larger of two quantities.

    Parameters
    ----------
    first, second : float, array or recorded quantity
        Broadcast against each other.

    Returns
    -------
    float, array or recorded quantity
        Elementwise maximum.

    Examples
    --------
    >>> maximum(1.0, 2.0)
    2.0
    """
    runtime = _runtime(first, second)
    if runtime == "record":
        return combine("maximum", first, second)
    return _numpy().maximum(first, second) if runtime == "numpy" else max(first, second)


def minimum(first: Any, second: Any) -> Any:
    """Return the smaller of two quantities.

    Parameters
    ----------
    first, second : float, array or recorded quantity
        Broadcast against each other.

    Returns
    -------
    float, array or recorded quantity
        Elementwise minimum.

    Examples
    --------
    >>> minimum(1.0, 2.0)
    1.0
    """
    runtime = _runtime(first, second)
    if runtime == "record":
        return combine("minimum", first, second)
    return _numpy().minimum(first, second) if runtime == "numpy" else min(first, second)


def exp(value: Any) -> Any:
    """Return e to the power of a quantity; infinite, not an error, when it overflows.

    Parameters
    ----------
    value : float, array or recorded quantity
        The exponent.

    Returns
    -------
    float, array or recorded quantity
        The exponential.

    Examples
    --------
    >>> exp(0.0), exp(1000.0)
    (1.0, inf)
    """
    runtime = _runtime(value)
    if runtime == "record":
        return combine("exp", value)
    if runtime == "numpy":
        with _numpy().errstate(over="ignore"):
            return _numpy().exp(value)
    try:
        return math.exp(value)
    except OverflowError:
        return math.inf


def log(value: Any) -> Any:
    """Return the natural logarithm; minus infinity at zero, as numpy and JavaScript do.

    Parameters
    ----------
    value : float, array or recorded quantity
        Not negative.

    Returns
    -------
    float, array or recorded quantity
        The logarithm.

    Examples
    --------
    >>> log(1.0), log(0.0)
    (0.0, -inf)
    """
    runtime = _runtime(value)
    if runtime == "record":
        return combine("log", value)
    if runtime == "numpy":
        with _numpy().errstate(divide="ignore"):
            return _numpy().log(value)
    return math.log(value) if value > 0 else -math.inf


def where(condition: Any, if_true: Any, if_false: Any) -> Any:
    """Choose between two quantities.

    Both are computed everywhere; guard a division with `maximum`, not with `where`.

    Parameters
    ----------
    condition : bool, array of bool or recorded comparison
        What decides.
    if_true, if_false : float, array or recorded quantity
        The two values.

    Returns
    -------
    float, array or recorded quantity
        Elementwise choice.

    Examples
    --------
    >>> where(2.0 > 1.0, 5.0, 6.0)
    5.0
    """
    runtime = _runtime(condition, if_true, if_false)
    if runtime == "record":
        return combine("where", condition, if_true, if_false)
    if runtime == "numpy":
        return _numpy().where(condition, if_true, if_false)
    return if_true if condition else if_false
