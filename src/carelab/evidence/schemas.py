"""What each table may hold, as pandera schemas."""

from collections.abc import Callable
from functools import cache
from typing import TYPE_CHECKING

import pandera.pandas as pa

from carelab.base import CarelabError
from carelab.base.manifests import CLASSES
from carelab.evidence.cases.model import DIRECTIONS, MECHANISMS, STATUSES
from carelab.evidence.vocabulary import (
    ANSWERS,
    DESIGNS,
    EVENT_KINDS,
    KINDS,
    READ_AS,
    ROLES,
    SEARCH_RESULTS,
    SOURCE_KINDS,
    SPEAKERS,
    THEMES,
    TOLERANCE_RULES,
)

if TYPE_CHECKING:
    import pandas as pd


def _one_of(*values: str) -> pa.Check:
    return pa.Check.isin(values, error=f"allowed are {', '.join(values)}")


def _text(pattern: str, allowed: str) -> pa.Column:
    return pa.Column(str, pa.Check.str_matches(pattern, error=allowed))


def _needed() -> pa.Column:
    return _text(r"\S", "it may not be empty")


def _key(pattern: str, allowed: str) -> pa.Column:
    return pa.Column(
        str, pa.Check.str_matches(pattern, error=allowed), unique=True, report_duplicates="all"
    )


def _class() -> pa.Column:
    return pa.Column(str, _one_of(*CLASSES))


def _snake() -> pa.Column:
    return _text(r"^[a-z][a-z0-9_]*$", "use lower-case letters, digits and underscores")


def _number() -> pa.Column:
    return pa.Column(float, nullable=True, coerce=True)


def _slug() -> pa.Column:
    return _text(r"^[a-z0-9][a-z0-9-]*$", "a source key has lower-case letters, digits and hyphens")


def _located() -> pa.Column:
    return _text(
        r"^(In |On |Formula: |As registered[;:] )",
        "a note begins with where in its source the figure stands: In, On, Formula: or, where it"
        " was not found again, As registered",
    )


def _missing_said() -> pa.Check:
    """Ask that a value, its year, grade and class are all there, or none of them."""
    return pa.Check(
        lambda frame: (
            frame["value"].notna().eq(frame["grade"] != "none")
            & frame["value"].notna().eq(frame["class"] != "none")
            & frame["value"].notna().eq(frame["year"] != "")
        ),
        error="without a value grade and class are none and the year is empty, and only then",
        name="grade",
    )


def _between() -> pa.Check:
    return pa.Check(
        lambda frame: ~((frame["value"] < frame["low"]) | (frame["value"] > frame["high"])),
        error="the value lies outside its own low to high",
        name="value",
    )


def _gaps_explained() -> pa.Check:
    """Ask of a source with an unknown title, author or year where they were looked for."""
    said = r"not (?:shown|recorded|found|verified|read)|looked (?:for|up)|names? no|no document"
    return pa.Check(
        lambda frame: (
            ~frame[["title", "authors", "year"]].eq("unknown").any(axis=1)
            | frame["note"].str.contains(said, case=False)
        ),
        error="a source with an unknown title, authors or year says in its note that they are not"
        " shown, not recorded or not found, and where they were looked for",
        name="note",
    )


def _once(columns: tuple[str, ...], told: str) -> Callable[[], pa.Check]:
    """Ask that no two rows have the same names."""

    def check() -> pa.Check:
        return pa.Check(
            lambda frame: ~frame.duplicated(list(columns)), error=told, name=columns[-1]
        )

    return check


def _one_row(*columns: str) -> Callable[[], pa.Check]:
    return _once(columns, f"another row has the same {', '.join(columns)}; one may")


def _listed(values: tuple[str, ...]) -> pa.Column:
    known = set(values)
    check = pa.Check(
        lambda cells: cells.map(lambda text: not text or set(text.split("; ")) <= known),
        error=f"allowed are {', '.join(values)}, separated by semicolons",
    )
    return pa.Column(str, check)


def _membership() -> pa.Column:
    check = pa.Check.in_range(0, 1, error="a membership from 0 to 1")
    return pa.Column(float, check, coerce=True)


def _frames() -> dict[str, pa.Column]:
    return {
        "frame": _snake(),
        "dimension": _snake(),
        "label_en": _needed(),
        "label_zh": _needed(),
        "mechanisms": _listed(MECHANISMS),
        "source": _slug(),
    }


def _calibration() -> dict[str, pa.Column]:
    status = _listed((*STATUSES, *DIRECTIONS))
    return {
        "status": pa.Column(str, status.checks, unique=True, report_duplicates="all"),
        "role": _listed(("condition", "outcome")),
        **{name: _membership() for name in ("membership", "low", "high")},
    }


def _worked_example() -> dict[str, pa.Column]:
    sets = ("DEV", "URB", "LIT", "IND", "STB", "SURV")
    return {"case": _needed(), **{name: _membership() for name in sets}}


def _findings() -> dict[str, pa.Column]:
    return {
        "question": _text(r"^[a-z_]+$", "lower-case letters and underscores"),
        "asks": _text(r".*\?$", "a question, with its mark"),
        "answer": pa.Column(str, _one_of(*ANSWERS)),
        "finding": _needed(),
        "design": pa.Column(str, _one_of(*DESIGNS)),
        "evidence": _text(
            r"^(CN|UK)\d{3}[a-z]?(; (CN|UK)\d{3}[a-z]?)*$", "indicator ids, separated by semicolons"
        ),
        "reading": _needed(),
    }


def _two_answers() -> pa.Check:
    """Ask that a question has one wording, one reading and two answers at least."""

    def sound(table: "pd.DataFrame") -> "pd.Series[bool]":
        counts = table.groupby("question")[["asks", "reading", "answer"]].transform("nunique")
        return (counts["asks"] == 1) & (counts["reading"] == 1) & (counts["answer"] > 1)

    return pa.Check(
        sound,
        error="a question has the same wording and reading in each row, and two answers at least",
        name="question",
    )


def _searches() -> dict[str, pa.Column]:
    return {
        "date": _text(r"^\d{4}-\d{2}-\d{2}$", "a day such as 2026-11-30"),
        "corpus": _needed(),
        "looked_for": _needed(),
        "query": _needed(),
        "result": pa.Column(str, _one_of(*SEARCH_RESULTS)),
    }


def _sources() -> dict[str, pa.Column]:
    return {
        "key": _key(r"^[a-z0-9][a-z0-9-]*$", "use lower-case letters, digits and hyphens"),
        "kind": pa.Column(str, _one_of(*SOURCE_KINDS)),
        "title": _needed(),
        "authors": _needed(),
        "year": _text(
            r"^(unknown|(c\.)?\d{4}(; (c\.)?\d{4})*)$", "four digits (c. before them) or unknown"
        ),
        "read_as": pa.Column(str, _one_of(*READ_AS)),
        "superseded_by": _text(r"^([a-z0-9][a-z0-9-]*)?$", "a source key, or empty"),
    }


def _claims() -> dict[str, pa.Column]:
    return {
        "id": _key(r"^S\d{3}-\d{2,3}$", "such as S004-07"),
        "source": _slug(),
        "section": _needed(),
        "speaker": pa.Column(str, _one_of(*SPEAKERS)),
        "case": _snake(),
        "theme": pa.Column(str, _one_of(*THEMES)),
        "kind": pa.Column(str, _one_of(*KINDS)),
        "class": _class(),
        "text": _needed(),
    }


def _indicators() -> dict[str, pa.Column]:
    return {
        "id": _key(r"^(CN|UK)\d{3}[a-z]?$", "such as CN021 or UK096b"),
        "name": _needed(),
        "place": _needed(),
        "value": _number(),
        "low": _number(),
        "high": _number(),
        "grade": pa.Column(str, _one_of("A", "B", "C", "D")),
        "class": _class(),
        "source": _slug(),
        "note": _located(),
    }


def _common_indicators() -> dict[str, pa.Column]:
    return {
        "id": _key(r"^[a-z_]+_(uk|en|cn)$", "a measure and a place, such as beds_cn"),
        "indicator": _needed(),
        "definition": _needed(),
        "place": pa.Column(str, _one_of("United Kingdom", "England", "China")),
        "value": _number(),
        "unit": _needed(),
        "grade": pa.Column(str, _one_of("A", "B", "C", "D", "none")),
        "class": pa.Column(str, _one_of(*CLASSES, "none")),
        "source": _slug(),
        "comparability": _needed(),
        "note": _located(),
    }


def _policy_timeline() -> dict[str, pa.Column]:
    return {
        "date": _text(r"^\d{4}(-\d{2}(-\d{2})?)?$", "such as 2019, 2021-07 or 2023-03-23"),
        "place": _needed(),
        "event": _needed(),
        "kind": pa.Column(str, _one_of(*EVENT_KINDS)),
        "case": _snake(),
        "class": _class(),
        "source": _slug(),
        "claim": _text(r"^(S\d{3}-\d{2,3}|(CN|UK)\d{3}[a-z]?)$", "a claim or indicator id"),
    }


def _glossary() -> dict[str, pa.Column]:
    return {
        "id": _key(r"^[a-z][a-z0-9_]*$", "use lower-case letters, digits and underscores"),
        "term_en": _needed(),
        "term_zh": _needed(),
        "meaning_en": _needed(),
        "meaning_zh": _needed(),
        "source": _slug(),
    }


def _said(key: str, *texts: str) -> dict[str, pa.Column]:
    """Take a name that stands once, and texts in every language."""
    spoken = [f"{text}_{language}" for text in texts for language in ("en", "zh")]
    return {
        key: _key(r"^[a-z][a-z0-9_]*$", "a name in code"),
        **{each: _needed() for each in spoken},
    }


def _rules() -> dict[str, pa.Column]:
    return {f"rule_{place}": _snake() for place in (1, 2, 3)}


def _levers() -> dict[str, pa.Column]:
    return {
        "model": _snake(),
        "name": _snake(),
        "phase": pa.Column(str, _one_of("payment", "service", "fund", "timing", "")),
        "symbol": _needed(),
        "unit": _needed(),
        "class": _class(),
        "source": _slug(),
    }


def _parameters() -> dict[str, pa.Column]:
    return {
        "name": _snake(),
        "context": _snake(),
        "value": pa.Column(float, coerce=True),
        "unit": _needed(),
        "low": pa.Column(float, coerce=True),
        "high": pa.Column(float, coerce=True),
        "class": _class(),
        "source": _slug(),
        "note": _needed(),
    }


def _presets() -> dict[str, pa.Column]:
    return {
        "preset": _snake(),
        "model": _snake(),
        "lever": _snake(),
        "value": pa.Column(float, coerce=True),
        "class": _class(),
        "source": _slug(),
        "note": _needed(),
    }


def _quantities() -> dict[str, pa.Column]:
    return {
        "model": _snake(),
        "name": _snake(),
        "symbol": _needed(),
        "unit": _needed(),
        "label_en": _needed(),
        "label_zh": _needed(),
    }


def _recoding() -> dict[str, pa.Column]:
    return {
        "case": _text(r"^([a-z][a-z0-9_]*|S\d{3}-\d{2,3})$", "a case id or a claim id"),
        "field": _snake(),
        "agreement": pa.Column(str, _one_of("full", "partial", "none")),
        "settled": _needed(),
    }


def _roles() -> dict[str, pa.Column]:
    return {
        "context": _snake(),
        "role": pa.Column(str, _one_of(*ROLES)),
        "lever": _snake(),
        "class": _class(),
        "source": _slug(),
        "evidence": _text(r"^(S\d{3}-\d{2,3}(; S\d{3}-\d{2,3})*)?$", "claim ids, or empty"),
        "note": _needed(),
    }


def _targets() -> dict[str, pa.Column]:
    return {
        "id": _key(r"^[a-z][a-z0-9_]*$", "use lower-case letters, digits and underscores"),
        "name": _needed(),
        "measure": _text(r"^[a-z_]*$", "a measure of the scoreboard, or empty"),
        "rule": pa.Column(str, _one_of(*TOLERANCE_RULES)),
        "used_for": pa.Column(str, _one_of("fit", "test", "none")),
        "verdict": pa.Column(str, _one_of("within", "outside", "not addressed")),
    }


_COLUMNS: dict[str, Callable[[], dict[str, pa.Column]]] = {
    "sources.csv": _sources,
    "claims.csv": _claims,
    "indicators.csv": _indicators,
    "common_indicators.csv": _common_indicators,
    "policy_timeline.csv": _policy_timeline,
    "glossary.csv": _glossary,
    "levers.csv": _levers,
    "limits.csv": lambda: {"id": _key(r"^[a-z_]+$", "lower-case letters"), "limit": _needed()},
    "parameters.csv": _parameters,
    "presets.csv": _presets,
    "quantities.csv": _quantities,
    "recoding.csv": _recoding,
    "roles.csv": _roles,
    "targets.csv": _targets,
    "units.csv": lambda: {"name": _key(r"^[a-z_]+$", "a name in code"), "unit": _needed()},
    "lab_questions.csv": lambda: _said("lever", "question"),
    "lab_stories.csv": lambda: {**_said("preset", "title", "story"), **_rules()},
    "lab_ranges.csv": lambda: {
        "outcome": _snake(),
        "low": pa.Column(float, coerce=True),
        "high": pa.Column(float, coerce=True),
    },
    "lab_challenges.csv": lambda: {
        **_said("name", "text"),
        "context": _snake(),
        "outcome": _snake(),
        "at_least": pa.Column(float, coerce=True),
    },
    "frames.csv": _frames,
    "calibration.csv": _calibration,
    "worked_example.csv": _worked_example,
    "findings.csv": _findings,
    "searches.csv": _searches,
}
_CHECKS: dict[str, tuple[Callable[[], pa.Check], ...]] = {
    "sources.csv": (_gaps_explained,),
    "indicators.csv": (_between,),
    "common_indicators.csv": (_missing_said,),
    "levers.csv": (_one_row("model", "name"),),
    "parameters.csv": (_between, _one_row("context", "name")),
    "presets.csv": (_one_row("preset", "model", "lever"),),
    "quantities.csv": (_one_row("model", "name"),),
    "frames.csv": (_one_row("frame", "dimension"),),
    "recoding.csv": (_one_row("case", "field"),),
    "roles.csv": (
        _once(
            ("context", "lever"), "the lever has another holder in the same place; it may have one"
        ),
    ),
    "findings.csv": (_two_answers,),
}


@cache
def _schema(file: str) -> pa.DataFrameSchema:
    checks = [make() for make in _CHECKS.get(file, ())]
    return pa.DataFrameSchema(_COLUMNS[file](), checks=checks or None)


def validate(file: str, frame: "pd.DataFrame") -> None:
    """Check a frame against the schema of its file."""
    if file not in _COLUMNS:
        return
    try:
        _schema(file).validate(frame, lazy=True)
    except pa.errors.SchemaErrors as error:
        first = error.failure_cases.sort_values("index", kind="stable").iloc[0]
        raise CarelabError(_sentence(file, first)) from None


def _sentence(file: str, failure: "pd.Series") -> str:
    column = failure["column"] if isinstance(failure["column"], str) else "value"
    allowed = str(failure["check"])
    if allowed == "field_uniqueness":
        allowed = "it stands in another row too; it must be unique"
    elif allowed == "column_in_dataframe":
        return f"file '{file}' lacks the column '{failure['failure_case']}'"
    elif allowed.startswith(("dtype", "coerce_dtype", "not_nullable")):
        allowed = "a number"
    row = "" if failure["index"] is None else f" row {int(failure['index']) + 2}"
    value = failure["failure_case"]
    return f"file '{file}'{row} column '{column}': the value {value!r} is not allowed; {allowed}"
