"""The file in which a lab or a notebook keeps scenarios, predictions and answers.

One JSON object in UTF-8, at most one megabyte::

    {
      "format": "carelab-scenarios",
      "version": 1,
      "model_version": "1",
      "scenarios": [{"name": "…", "note": "…", "author": "…",
                     "text": "carelab/2/<context>/<preset>/<lever>=<value>;…"}],
      "predictions": [{"question": "…", "outcome": "reach",
                       "direction": "up", "size": "much",
                       "made_at": "2026-11-23T09:30:00Z",
                       "revealed": {"before": 0.1, "after": 0.2}}],
      "answers": [{"question": "…", "answer": "…", "made_at": "…"}]
    }

Only ``text`` is needed of a scenario. A direction is ``up``, ``down`` or ``same``, a size ``much``,
``bit`` or ``none``. Results of scenarios are not in the file: whoever reads it computes them. What
a page revealed after a prediction is kept as what was shown, and nothing more.
Entries may hold more names, which are passed over. An entry that cannot be used is told in one
sentence and the rest is kept. The page reads such files by the same rules and refuses them in the
same words, see ``lab/static/scenarios/scenario_file.js``.
"""

import json
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from carelab.base import CarelabError, word
from carelab.base.whole_files import write_whole
from carelab.base.yaml_files import read_text
from carelab.engine import MODEL_VERSION, Scenario
from carelab.engine.scenario import SPACE

# What a file may raise that is damaged in a way that nobody thought of: it never ends the rest.
UNREADABLE = (CarelabError, OSError, ValueError, TypeError, KeyError, RecursionError)
FORMAT = "carelab-scenarios"
VERSION = 1
MOST_ENTRIES = 2000
_LONGEST = {"name": 200, "author": 200, "note": 4000, "text": 4000}
_LONGEST_OTHER = 4000
_ALLOWED = {"direction": ("up", "down", "same"), "size": ("much", "bit", "none")}
_SHOWN = {"before": "shown_before", "after": "shown_after"}
PREDICTION_FIELDS = ("question", "outcome", "direction", "size", "made_at", *_SHOWN.values())
ANSWER_FIELDS = ("question", "answer", "made_at")


@dataclass(frozen=True)
class SavedScenario:
    """A scenario that somebody kept.

    Parameters
    ----------
    scenario : Scenario
        What to run; its name is what its author called it.
    author, note : str
        Who kept it and why; either may be empty.

    Examples
    --------
    >>> kept = SavedScenario(Scenario("china_county", "anhui", name="As it is"), "Group 1")
    >>> kept.to_entry()["text"]
    'carelab/2/china_county/anhui'
    """

    scenario: Scenario
    author: str = ""
    note: str = ""

    def to_entry(self) -> dict[str, str]:
        """Return the entry of the file."""
        text = self.scenario.to_text()
        name = self.scenario.name
        return {"name": name, "note": self.note, "author": self.author, "text": text}


@dataclass(frozen=True)
class ScenarioFile:
    """What a file holds.

    Parameters
    ----------
    scenarios : tuple of SavedScenario
        In file order.
    predictions, answers : tuple of dict
        With the names of the format, and of what was revealed ``shown_before`` and
        ``shown_after``; what an entry does not give is None.
    problems : tuple of str
        One sentence per entry that could not be used.
    """

    scenarios: tuple[SavedScenario, ...] = ()
    predictions: tuple[dict[str, Any], ...] = ()
    answers: tuple[dict[str, Any], ...] = ()
    problems: tuple[str, ...] = field(default=())

    @property
    def author(self) -> str:
        """The first author whom a scenario names; predictions and answers are this author's."""
        return next((each.author for each in self.scenarios if each.author), "")


def same_entry(row: Mapping[str, Any]) -> tuple[Any, ...]:
    """Return what makes a row the same entry as another, in whichever file it stands.

    Of an entry that names neither author nor time nobody can tell: there the file counts too.

    >>> row = {"file": "a.json", "author": "Li", "answer": "yes", "made_at": None}
    >>> same_entry(row) == same_entry({**row, "file": "a (1).json"})
    True
    >>> same_entry({**row, "author": ""}) == same_entry({**row, "author": "", "file": "b.json"})
    False
    """
    known = row.get("author") or row.get("made_at")
    content = tuple(sorted((name, repr(each)) for name, each in row.items() if name != "file"))
    return ("" if known else row["file"], *content)


def _refusal(key: str, **values: object) -> CarelabError:
    return CarelabError(word(f"lab.file_{key}", "en", **values))


def _shown(value: Any, most: int) -> str:
    if value is None:
        return "none"
    if isinstance(value, str):
        return value[:most]
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))[:most]


def _text(entry: Mapping[str, Any], name: str, longest: int) -> str:
    value = entry.get(name)
    if value is None:
        return ""
    if not isinstance(value, str):
        raise _refusal("text", field=name, shown=_shown(value, 40))
    if len(value) > longest:
        raise _refusal("long", field=name, count=f"{len(value):,}", most=f"{longest:,}")
    if any(
        (ord(sign) < 32 and sign not in "\n\r\t") or 0xD800 <= ord(sign) < 0xE000 for sign in value
    ):
        raise _refusal("character", field=name)
    return value.strip(SPACE)


def _scenario(entry: Any) -> SavedScenario:
    if not isinstance(entry, dict):
        raise _refusal("object", names="name, note, author and text")
    parts = {name: _text(entry, name, longest) for name, longest in _LONGEST.items()}
    read = Scenario.from_text(parts["text"])
    named = Scenario(read.context, read.preset, read.changes, parts["name"])
    return SavedScenario(named, parts["author"], parts["note"])


def _answer(entry: Any) -> dict[str, Any]:
    if not isinstance(entry, dict):
        raise _refusal("object", names=", ".join(ANSWER_FIELDS))
    return {name: _text(entry, name, _LONGEST_OTHER) or None for name in ANSWER_FIELDS}


def _prediction(entry: Any) -> dict[str, Any]:
    if not isinstance(entry, dict):
        raise _refusal("object", names="question, outcome, direction and size")
    names = ("question", "outcome", "direction", "size", "made_at")
    read: dict[str, Any] = {name: _text(entry, name, _LONGEST_OTHER) or None for name in names}
    for name, allowed in _ALLOWED.items():
        if read[name] not in (None, *allowed):
            raise CarelabError(f"{name} is {read[name][:40]!r}; allowed are {', '.join(allowed)}")
    shown = entry.get("revealed")
    found = shown if isinstance(shown, dict) else {}
    return read | {column: _number(found.get(name), name) for name, column in _SHOWN.items()}


def _number(value: Any, name: str) -> float | None:
    if value is None:
        return None
    if isinstance(value, bool) or not isinstance(value, (int, float)) or not abs(value) < 1e300:
        raise CarelabError(f"what was revealed {name} is {str(value)[:40]!r}; allowed is a number")
    return float(value)


def _entries(
    content: Mapping[str, Any],
    part: str,
    read: Callable[[Any], Any],
    problems: list[str],
    most: int,
) -> tuple[Any, ...]:
    given = content.get(part, [])
    if not isinstance(given, list):
        problems.append(str(_refusal("list", part=part)))
        return ()
    if len(given) > most:
        found = {"count": f"{len(given):,}", "most": f"{most:,}"}
        problems.append(str(_refusal("many", part=part, **found)))
    kept = []
    for number, entry in enumerate(given[:most], start=1):
        try:
            kept.append(read(entry))
        except CarelabError as problem:
            problems.append(str(_refusal("entry", number=number, part=part, why=problem)))
    return tuple(kept)


def _refuse_constant(text: str) -> float:
    raise ValueError(f"{text} is no number")


def _content(text: str, name: str) -> dict[str, Any]:
    try:
        content = json.loads(text, parse_constant=_refuse_constant)
    except (ValueError, RecursionError):
        raise _refusal("json", name=name) from None
    if not isinstance(content, dict) or content.get("format") != FORMAT:
        raise _refusal("foreign", name=name)
    version = content.get("version")
    # True is 1 to Python and not to a page.
    if isinstance(version, bool) or version != VERSION:
        raise _refusal("version", name=name, version=_shown(version, 20), ours=VERSION)
    model = content.get("model_version")
    if model != MODEL_VERSION:
        raise _refusal("model", name=name, version=_shown(model, 20), ours=MODEL_VERSION)
    return content


def read_scenario_file(path: str | Path, name: str = "") -> ScenarioFile:
    """Read a file of scenarios, keeping all that can be used.

    Parameters
    ----------
    path : str or Path
        A JSON file, as a lab or `write_scenario_file` makes it.
    name : str
        What problems call the file; by default its name without its folders.

    Returns
    -------
    ScenarioFile
        Scenarios, predictions, answers, and one sentence for each entry left out.

    Raises
    ------
    CarelabError
        When the file is not one of scenarios, or of another version of file or model.

    Examples
    --------
    >>> read_scenario_file("nowhere.json")
    Traceback (most recent call last):
    carelab.base.errors.CarelabError: file 'nowhere.json' does not exist
    """
    shown = name or Path(path).name
    return read_entries(_content(read_text(Path(path), name=name), shown), shown)


def read_entries(
    content: Mapping[str, Any], name: str, most: int = MOST_ENTRIES, more: tuple[str, ...] = ()
) -> ScenarioFile:
    """Read the lists of a file, keeping all that can be used.

    Parameters
    ----------
    content : mapping
        With any of ``scenarios``, ``predictions`` and ``answers``.
    name : str
        Name of the file, for its problems.
    most : int
        Entries of a list that are read.

    Returns
    -------
    ScenarioFile
        What could be read, and one sentence for each entry left out.

    Examples
    --------
    >>> read_entries({"scenarios": [{"text": "carelab/2/mars/anhui"}]}, "a.json").problems[0]
    "file 'a.json': entry 1 of 'scenarios' was left out: place 'mars' is unknown; known are \
china_county, hangzhou_district, uk_place"
    """
    problems: list[str] = []

    def with_more(read: Callable[[Any], dict[str, Any]]) -> Callable[[Any], dict[str, Any]]:
        return lambda entry: {
            **read(entry),
            **{each: _text(entry, each, _LONGEST_OTHER) for each in more if each in entry},
        }

    return ScenarioFile(
        _entries(content, "scenarios", _scenario, problems, most),
        _entries(content, "predictions", with_more(_prediction), problems, most),
        _entries(content, "answers", with_more(_answer), problems, most),
        tuple(f"file '{name}': {problem}" for problem in problems),
    )


def write_scenario_file(
    path: str | Path,
    scenarios: Iterable[SavedScenario | Scenario],
    predictions: Iterable[Mapping[str, Any]] = (),
    answers: Iterable[Mapping[str, Any]] = (),
) -> Path:
    """Keep scenarios in a file that `read_scenario_file` and the labs read.

    Parameters
    ----------
    path : str or Path
        Where; an existing file is replaced.
    scenarios : iterable of SavedScenario or Scenario
        What to keep.
    predictions, answers : iterable of mapping
        With the names of the format.

    Returns
    -------
    Path
        The file.

    Examples
    --------
    >>> from tempfile import TemporaryDirectory
    >>> with TemporaryDirectory() as folder:
    ...     file = write_scenario_file(f"{folder}/a.json", [Scenario("uk_place", "uk_before")])
    ...     read_scenario_file(file).scenarios[0].scenario.preset
    'uk_before'
    """
    kept = [each if isinstance(each, SavedScenario) else SavedScenario(each) for each in scenarios]
    content = {
        "format": FORMAT,
        "version": VERSION,
        "model_version": MODEL_VERSION,
        "scenarios": [each.to_entry() for each in kept],
        "predictions": [dict(each) for each in predictions],
        "answers": [dict(each) for each in answers],
    }
    text = json.dumps(content, ensure_ascii=False, indent=2, allow_nan=False) + "\n"
    return write_whole(Path(path), text)
