"""Which published results concern a preset, and which of them it misses.

No preset may enter a chapter unless its surplus, admissions and flows lie within published
ranges, or lab and text show the miss: this is what they show.
"""

from typing import TYPE_CHECKING, Any

from carelab.base import word
from carelab.base.words import LANGUAGES
from carelab.engine import preset_levers
from carelab.engine.tables import rows_of
from carelab.evidence.registry import load_targets
from carelab.evidence.tables import read_table
from carelab.study.trust.scoreboard import scoreboard

if TYPE_CHECKING:
    import pandas as pd

TABLE = "preset_checks.csv"
NOTHING_PUBLISHED = "nothing published"
_KEPT = ("unit", "published_low", "published_high", "tolerance_low", "tolerance_high", "model")


def preset_checks_table() -> "pd.DataFrame":
    """Run every preset against the published results that concern it as it stands."""
    import pandas as pd

    targets = load_targets()
    presets = list(dict.fromkeys(row["preset"] for row in rows_of("presets.csv")))
    about = targets[targets["scenario"].isin(presets)]
    board = (
        scoreboard(about)
        .drop(columns="name")
        .join(about.reset_index(drop=True)[["context", "scenario", "name", "name_zh"]])
    )
    rows = []
    for preset in presets:
        mine = board[board["scenario"] == preset].to_dict("records")
        rows += [_row(preset, row) for row in mine] or [_silent(preset)]
    return pd.DataFrame(rows)


def _row(preset: str, row: dict[Any, Any]) -> dict[str, Any]:
    return {
        "preset": preset,
        "context": row["context"],
        "target": row["id"],
        "name_en": row["name"],
        "name_zh": row["name_zh"],
        **{name: row[name] for name in _KEPT},
        "verdict": row["verdict"],
        "used_for": row["used_for"],
        "evidence": row["evidence"],
    }


def _text(language: str, row: dict[Any, Any]) -> str:
    if row["verdict"] == NOTHING_PUBLISHED:
        return word("preset_checks.nothing", language)
    low, high = row["tolerance_low"], row["tolerance_high"]
    # NaN is unequal to itself: that side of the tolerance is open.
    side = "between" if low == low and high == high else "from" if low == low else "up_to"
    return word(
        f"preset_checks.{row['verdict']}",
        language,
        name=row[f"name_{language}"],
        model=f"{row['model']:.3g}",
        unit=word_of_unit(row["unit"], language),
        range=word(f"preset_checks.{side}", language, low=f"{low:.4g}", high=f"{high:.4g}"),
    )


def word_of_unit(unit: str, language: str) -> str:
    """Return a unit of a target as a reader of a language knows it.

    >>> word_of_unit("points", "zh")
    '个百分点'
    """
    return word(f"preset_checks.unit.{unit.replace(' ', '_')}", language)


def _silent(preset: str) -> dict[str, Any]:
    return {
        "preset": preset,
        **dict.fromkeys(("context", "target", "name_en", "name_zh", "unit"), ""),
        **dict.fromkeys(_KEPT[1:], float("nan")),
        "verdict": NOTHING_PUBLISHED,
        **dict.fromkeys(("used_for", "evidence"), ""),
    }


def preset_checks(preset: str) -> list[dict[str, Any]]:
    """List every published result that concerns a preset, met or missed.

    >>> [row["target"] for row in preset_checks("uk_integrated")]
    ['pioneer_vanguard_admissions']
    """
    preset_levers(preset)
    table = read_table(TABLE)
    rows = [
        {str(name): value for name, value in row.items()}
        for row in table[table["preset"] == preset].to_dict("records")
    ]
    return [{**row, **{f"text_{each}": _text(each, row) for each in LANGUAGES}} for row in rows]


def preset_misses(preset: str) -> list[dict[str, Any]]:
    """List the published results that a preset misses, or the fact that there is none to meet.

    >>> preset_misses("tianjin")[0]["text_en"]
    'No published result was found with which this preset could be compared.'
    """
    return [row for row in preset_checks(preset) if row["verdict"] != "within"]
