"""Numbers as a reader sees them: thousands, a true minus sign, the unit; and how large a change is.

Every figure, table and page writes its numbers here. The lab writes them in
``lab/static/kit/format.js``; a test holds the two together.
"""

import math
from collections.abc import Mapping
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from carelab.base.words import book_language, load_words

_MINUS = "\N{MINUS SIGN}"
_NO_NUMBER = "\N{EN DASH}"
# From which part of its former value on a change counts, and counts as large.
SIZES: Mapping[str, float] = {"bit": 0.01, "much": 0.1}
# What sums and quotients lose on the way: 3.2 / 4 is not below 0.8.
TOLERANCE = 1e-9
# What a change is a part of may be nil.
_LEAST = 1e-9


def at_least(value: Any, limit: Any) -> Any:
    """Tell whether a computed number, or each of an array, reaches a limit.

    Every comparison of a result with a threshold that it may meet exactly uses this; the last
    digits of floating-point arithmetic never decide.

    >>> at_least(0.1 + 0.7, 0.8), at_least(0.7999, 0.8), at_least(float("nan"), 0.8)
    (True, False, False)
    """
    return value >= limit - TOLERANCE * (1 + abs(limit))


def above(value: Any, limit: Any) -> Any:
    """Tell whether a computed number, or each of an array, lies above a limit.

    >>> above(0.1 + 0.2, 0.3), above(0.31, 0.3)
    (False, True)
    """
    return value > limit + TOLERANCE * (1 + abs(limit))


def near(value: Any, other: Any) -> Any:
    """Tell whether a computed number, or each of an array, is another but for the last digits.

    >>> near(0.7 - 0.2, 0.5), near(0.51, 0.5)
    (True, False)
    """
    return abs(value - other) <= TOLERANCE * (1 + abs(other))


def format_number(value: float | Decimal, form: str = "") -> str:
    """Write a number with thousands separated and a true minus sign.

    >>> format_number(-12345.5), format_number(7.0), format_number(float("nan"))
    ('−12,345.5', '7', '–')
    >>> format_number(-0.2, ",.0f")
    '0'
    """
    if not math.isfinite(value):
        return _NO_NUMBER
    if form:
        text = f"{value:{form}}"
    else:
        text = f"{value:,.10g}"
        if len(text.partition(".")[2]) > 4:
            text = f"{value:,.2f}" if not -1 < value < 1 else f"{value:.3g}"
    # Rounding may leave a minus sign before zero.
    if not any(digit in text for digit in "123456789"):
        text = text.removeprefix("-")
    return text.replace("-", _MINUS)


def unit_word(unit: str, language: str | None = None, money: str = "") -> str:
    """Return a unit in words; a unit of money takes the currency of a place.

    >>> unit_word("money per case", "en", "CNY"), unit_word("persons", "zh")
    ('CNY per case', 'persons')
    """
    return load_words(language).get(f"unit.{unit}", unit).replace("{money}", money)


def with_unit(text: str, unit: str, language: str | None = None, money: str = "") -> str:
    """Put the unit behind a number that is written already; a percent sign stands close.

    >>> with_unit("7", "years", "en"), with_unit("54", "share", "zh"), with_unit("7", "bare", "en")
    ('7 years', '54%', '7')
    """
    named = unit_word(unit, language, money)
    if unit == "share":
        close = "" if (language or book_language()) == "zh" else "\N{NARROW NO-BREAK SPACE}"
        return f"{text}{close}{named}"
    return f"{text} {named}" if named else text


def show_value(
    value: float, unit: str, digits: int = 0, language: str | None = None, money: str = ""
) -> str:
    """Write a value with its unit, as the lab does: a share as a percentage.

    >>> show_value(-2622.6, "CNY per case", language="en")
    '−2,623 CNY per case'
    >>> show_value(0.125, "share", language="zh")
    '13%'
    """
    if not math.isfinite(value):
        return _NO_NUMBER
    scaled = value * 100 if unit == "share" else value
    rounded = Decimal(scaled).quantize(Decimal(1).scaleb(-digits), ROUND_HALF_UP)
    return with_unit(format_number(rounded, f",.{digits}f"), unit, language, money)


def size_of_change(before: float, after: float) -> str:
    """Name a change as the prediction card of the lab does.

    >>> size_of_change(0.80, 0.65), size_of_change(1.0, 1.005)
    ('down_much', 'same')
    >>> size_of_change(0.2, 0.22)
    'up_much'
    """
    part = abs(after - before) / max(abs(before), _LEAST)
    if not at_least(part, SIZES["bit"]):
        return "same"
    size = "much" if at_least(part, SIZES["much"]) else "bit"
    return f"{'up' if after > before else 'down'}_{size}"
