"""What a value object holds: mappings that do not change, and contents that can be compared."""

from collections.abc import Iterable, Mapping
from dataclasses import fields
from typing import Any, NoReturn, TypeVar

_Key = TypeVar("_Key")
_Value = TypeVar("_Value")


class FrozenMap(dict[_Key, _Value]):
    """A mapping that cannot be changed, and that can be copied, pickled, compared and hashed.

    Examples
    --------
    >>> import copy
    >>> levers = FrozenMap({"contract_share": 1.0})
    >>> copy.deepcopy(levers) == levers == {"contract_share": 1.0}
    True
    >>> levers["contract_share"] = 0.0
    Traceback (most recent call last):
    TypeError: this mapping cannot be changed; make a new one
    """

    __slots__ = ()

    def _refuse(self, *_: object, **__: object) -> NoReturn:
        raise TypeError("this mapping cannot be changed; make a new one")

    __setitem__ = __delitem__ = __ior__ = _refuse
    clear = pop = popitem = setdefault = update = _refuse

    def copy(self) -> "FrozenMap[_Key, _Value]":
        """Return itself, for neither of the two can change."""
        return self

    def __hash__(self) -> int:  # type: ignore[override]
        """Hash by content, whatever the order."""
        return hash(frozenset(self.items()))

    def __reduce__(self) -> tuple[Any, ...]:
        """Rebuild from a plain mapping."""
        return type(self), (dict(self),)

    @classmethod
    def fromkeys(  # type: ignore[override]
        cls, keys: Iterable[_Key], value: Any = None
    ) -> "FrozenMap[_Key, Any]":
        """Return a mapping of each key to one value."""
        return cls(dict.fromkeys(keys, value))


def _same(one: Any, other: Any) -> bool:
    """Compare two contents; tables and arrays by every cell."""
    if type(one).__module__.partition(".")[0] in ("pandas", "numpy"):
        if type(one) is not type(other):
            return False
        if hasattr(one, "equals"):
            return bool(one.equals(other))
        import numpy as np

        return bool(np.array_equal(one, other, equal_nan=one.dtype.kind in "fc"))
    if isinstance(one, Mapping) and isinstance(other, Mapping):
        return one.keys() == other.keys() and all(_same(one[key], other[key]) for key in one)
    if isinstance(one, (list, tuple)) and type(one) is type(other):
        return len(one) == len(other) and all(map(_same, one, other))
    return bool(one == other)


class ComparedByContent:
    """A dataclass with tables or arrays in it, of which ``==`` asks whether all cells are equal.

    Such a dataclass says ``eq=False``; it has no hash, for a table has none.
    """

    __hash__ = None  # type: ignore[assignment]

    def __eq__(self, other: object) -> bool:
        """Tell whether both are of one kind and hold the same."""
        if type(self) is not type(other):
            return NotImplemented
        names = [each.name for each in fields(self) if each.compare]  # type: ignore[arg-type]
        return all(_same(getattr(self, name), getattr(other, name)) for name in names)
