"""Ten thousand damaged inputs with a fixed seed: a sentence or a sound reading, never a traceback.

What is accepted is read a second time in another way, and both readings must agree. Time is the
processor's, so that a busy machine changes nothing.
"""

import csv
import json
import random
import shutil
import signal
import subprocess
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import pytest
import yaml

from carelab.base import CarelabError, data_file
from carelab.base.levers import levers_of
from carelab.engine import BASELINE_PRESETS, MODEL_VERSION, Scenario
from carelab.evidence.cases.check import check_case
from carelab.evidence.cases.files import load_case_file
from carelab.evidence.tables import read_table
from carelab.lab.economy_script import economy_script
from carelab.lab.labels import labels_data
from carelab.study.many.experiment import load_experiment
from carelab.study.many.scenario_files import read_scenario_file, write_scenario_file

pytestmark = pytest.mark.slow

SEED = 20261130
MOST_SECONDS = 2.0
# How many of each kind; ten thousand in all.
LINKS, EXPORTS, EXPERIMENTS, TABLES, CASES = 4_500, 2_500, 1_000, 1_200, 800

# Signs and words that other programs stumbled over.
POISON = (
    *(
        "\0",
        "\x1b",
        "\u202e",
        "\ufeff",
        "\u2212",
        "\uff15",
        "\u00b2",
        "\u00a0",
        "\u2028",
        "甲",
        "é",
    ),
    *(
        ":",
        ": ",
        ",",
        ";",
        "#",
        " #",
        "[",
        "]",
        "{",
        "}",
        "'",
        '"',
        "|",
        ">",
        "&a ",
        "*a",
        "!!str ",
    ),
    *(
        "<<: ",
        "- ",
        "? ",
        "%",
        "@",
        "`",
        "=",
        "/",
        "\\",
        "\\u0000",
        "\r",
        "\r\n",
        "\n",
        "\t",
        "\n\n",
    ),
    *("null", "~", "no", "true", "NaN", ".nan", "Infinity", "-.inf", "1e999", "-0", "0x1F", "0o17"),
    *(
        "1_000",
        "0,8",
        "1:30",
        "2019-99-99",
        "9" * 400,
        "1e-400",
        "-1",
        "2.5",
        "silent",
        "E99",
        "''",
    ),
    *("__proto__", "constructor", "../../x", "CON", "a" * 300, "[" * 60, "{a: " * 40, "<script>"),
)


def _lines(text: str, draw: random.Random, again: bool) -> str:
    """Two lines change places, or one stands twice."""
    lines = text.split("\n")
    one, two = draw.randrange(len(lines)), draw.randrange(len(lines))
    if again:
        lines.insert(two, lines[one])
    else:
        lines[one], lines[two] = lines[two], lines[one]
    return "\n".join(lines)


def _digit(text: str, draw: random.Random) -> str:
    """One digit becomes another number."""
    places = [place for place, sign in enumerate(text) if sign.isdigit()]
    if not places:
        return text
    at = draw.choice(places)
    number = draw.choice((str(draw.randrange(10)), "-1", "1e9", "0.5", "", "99"))
    return text[:at] + number + text[at + 1 :]


def damaged(text: str, draw: random.Random) -> str:
    """Change a text at one to four places, as hands, programs and disks do."""
    for _ in range(draw.choice((1, 1, 2, 4))):
        at, other = draw.randrange(len(text) + 1), draw.randrange(len(text) + 1)
        end = min(len(text), at + draw.choice((1, 1, 2, 5, 20, 120)))
        poison = draw.choice(POISON)
        text = draw.choice(
            (
                lambda t, a=at, e=end: t[:a] + t[e:],
                lambda t, a=at, p=poison: t[:a] + p + t[a:],
                lambda t, a=at, e=end, p=poison: t[:a] + p + t[e:],
                lambda t, a=at, e=end, o=other: t[:o] + t[a:e] + t[o:],
                lambda t: _lines(t, draw, again=False),
                lambda t: _lines(t, draw, again=True),
                lambda t: _digit(t, draw),
            )
        )(text)
    return text


def written(path: Path, text: str, draw: random.Random) -> Path:
    """Write a text, now and then in another encoding or cut off in the middle of a sign."""
    content = text.encode("utf-8", "surrogatepass")
    kind = draw.randrange(40)
    if kind == 0:
        content = text.encode("gbk", "replace")
    elif kind == 1:
        content = text.encode("utf-16")
    elif kind == 2:
        content = content[: draw.randrange(len(content) + 1)]
    elif kind == 3:
        content = b"\xff" + content
    path.write_bytes(content)
    return path


@contextmanager
def limited() -> Iterator[None]:
    """Stop what takes more than two seconds of the processor."""

    def stop(*_: object) -> None:
        raise AssertionError(f"an input took more than {MOST_SECONDS} s of the processor")

    alarm = hasattr(signal, "setitimer") and (threading.current_thread() is threading.main_thread())
    started = time.process_time()
    if alarm:
        before = signal.signal(signal.SIGPROF, stop)
        signal.setitimer(signal.ITIMER_PROF, MOST_SECONDS)
    try:
        yield
    finally:
        if alarm:
            signal.setitimer(signal.ITIMER_PROF, 0)
            signal.signal(signal.SIGPROF, before)
    assert time.process_time() - started < MOST_SECONDS


def fuzz(count: int, make: Callable[[random.Random], object], read: Callable, again: Callable):
    """Read damaged inputs; read each that is accepted in another way. Return how many were."""
    draw = random.Random(SEED)
    accepted = 0
    for number in range(count):
        given = make(draw)
        shown = given.read_bytes() if isinstance(given, Path) else given
        try:
            with limited():
                found = read(given)
        except CarelabError as problem:
            assert "\n" not in str(problem), (number, shown)
            assert str(problem).strip(), (number, shown)
            continue
        except Exception as problem:
            raise AssertionError(f"input {number}: {problem!r}: {shown!r}") from problem
        if found is None:
            continue
        accepted += 1
        once_more = again(given, found)
        assert once_more == found, (number, shown, found, once_more)
    return accepted


# ----------------------------------------------------------------------------------------- links


def links(draw: random.Random) -> str:
    context = draw.choice(list(BASELINE_PRESETS))
    chosen = draw.sample(sorted(levers_of()), draw.randrange(4))
    pairs = []
    for name in chosen:
        lever = levers_of()[name]
        value = lever.on_step(draw.uniform(lever.low, lever.high))
        pairs.append(f"{name}={value:.10g}")
    text = f"carelab/{MODEL_VERSION}/{context}/{BASELINE_PRESETS[context]}/{';'.join(pairs)}"
    return damaged(text, draw) if draw.random() < 0.9 else text


def test_damaged_links_are_refused_or_read_alike_by_python_and_by_the_page(node, root, tmp_path):
    accepted = fuzz(
        LINKS,
        links,
        # A text keeps ten digits of a setting.
        lambda text: Scenario.from_text(text).to_text(),
        lambda _, found: Scenario.from_text(found).to_text(),
    )
    assert accepted > LINKS / 20
    draw = random.Random(SEED)
    texts = [links(draw) for _ in range(LINKS)]
    script = f"{economy_script()}\nexport {{ carelabEconomy }};"
    (tmp_path / "economy.mjs").write_text(script, encoding="utf-8")
    module = root / "src" / "carelab" / "lab" / "static" / "scenarios" / "scenario_text.js"
    code = (
        f'import {{ carelabEconomy }} from "{(tmp_path / "economy.mjs").as_uri()}";'
        f'import {{ readScenario }} from "{module.as_uri()}";'
        'import { readFileSync } from "node:fs";'
        'const { texts, ranges } = JSON.parse(readFileSync(0, "utf8"));'
        "const read = (text) => readScenario(text, carelabEconomy, ranges).scenario;"
        "process.stdout.write(JSON.stringify(texts.map((text) => read(text)?.levers ?? null)));"
    )
    done = subprocess.run(
        [node, "--input-type=module", "-e", code],
        input=json.dumps({"texts": texts, "ranges": labels_data("en")["levers"]}),
        capture_output=True,
        encoding="utf-8",
        check=True,
    )
    for text, theirs in zip(texts, json.loads(done.stdout), strict=True):
        try:
            scenario = Scenario.from_text(text)
        except CarelabError:
            assert theirs is None, text
            continue
        # The page knows places; in Python a place is looked up when the scenario is run.
        assert (theirs is None) == (scenario.context not in BASELINE_PRESETS), text
        if theirs is not None:
            assert theirs == pytest.approx(scenario.levers, rel=1e-9), text


# --------------------------------------------------------------------------------------- exports


def an_export() -> str:
    scenario = {
        "name": "甲",
        "note": "why",
        "author": "Li",
        "text": f"carelab/{MODEL_VERSION}/china_county/anhui",
    }
    other = {
        **scenario,
        "text": f"carelab/{MODEL_VERSION}/uk_place/uk_before/contract_share=0.5;ramp_months=6",
    }
    shown = {"before": 0.1, "after": 0.25}
    prediction = {"question": "Does it rise?", "outcome": "reach", "direction": "up",
                  "size": "much", "made_at": "2026-11-23T09:30:00Z", "revealed": shown}  # fmt: skip
    content = {
        "format": "carelab-scenarios",
        "version": 1,
        "model_version": MODEL_VERSION,
        "scenarios": [scenario, other],
        "predictions": [prediction],
        "answers": [{"question": "Who?", "answer": "the hospital", "made_at": None}],
    }
    return json.dumps(content, ensure_ascii=False, indent=1)


def test_damaged_exports_are_refused_or_read_back_as_they_were_read(tmp_path):
    sound = an_export()

    def make(draw: random.Random) -> Path:
        return written(tmp_path / "a.json", damaged(sound, draw), draw)

    def read(path: Path):
        found = read_scenario_file(path)
        assert not any("\n" in each for each in found.problems)
        # Nothing vanishes: an entry is read, or told as left out.
        content = json.loads(path.read_text(encoding="utf-8-sig"))
        given = [content.get(name) for name in ("scenarios", "predictions", "answers")]
        entries = sum(len(each) for each in given if isinstance(each, list))
        lost = [each for each in found.problems if "was left out" in each]
        kept = len(found.scenarios) + len(found.predictions) + len(found.answers)
        assert kept + len(lost) == entries
        return replace(found, problems=())

    def again(_: Path, found):
        predictions = [
            {
                **each,
                "revealed": {"before": each["shown_before"], "after": each["shown_after"]},
            }
            for each in found.predictions
        ]
        target = tmp_path / "again.json"
        write_scenario_file(target, found.scenarios, predictions, found.answers)
        return read_scenario_file(target)

    assert fuzz(EXPORTS, make, read, again) > EXPORTS / 20


# ------------------------------------------------------------------------- experiments and cases


def plain(path: Path) -> Path:
    """The same content written by another program: what YAML itself says that it is."""
    content = yaml.safe_load(path.read_text(encoding="utf-8-sig"))
    folder = path.parent / "again"
    folder.mkdir(exist_ok=True)
    target = folder / path.name
    text = yaml.safe_dump(content, allow_unicode=True, sort_keys=False)
    target.write_text(text, encoding="utf-8")
    return target


def test_damaged_experiments_are_refused_or_mean_what_yaml_says(tmp_path):
    sound = data_file("experiments/charge_for_leaving.yml").read_text(encoding="utf-8")

    def make(draw: random.Random) -> Path:
        return written(tmp_path / "plan.yml", damaged(sound, draw), draw)

    def again(path: Path, _):
        return load_experiment(plain(path))

    assert fuzz(EXPERIMENTS, make, load_experiment, again) > EXPERIMENTS / 20


def test_damaged_cases_are_told_so_or_mean_what_yaml_says(root, tmp_path):
    sound = (root / "tests" / "cases" / "xishui.yml").read_text(encoding="utf-8")

    def make(draw: random.Random) -> Path:
        return written(tmp_path / "xishui.yml", damaged(sound, draw), draw)

    def read(path: Path):
        found = check_case(path)
        assert all(each.strip() and "\n" not in each for each in found), found
        return None if found else load_case_file(path)

    def again(path: Path, _):
        return load_case_file(plain(path))

    assert fuzz(CASES, make, read, again) > CASES / 20


# ---------------------------------------------------------------------------------------- tables


def test_damaged_tables_are_refused_or_read_back_as_they_were_read(tmp_path):
    names = ("calibration.csv", "frames.csv", "roles.csv", "presets.csv", "limits.csv")
    sound = {name: data_file(name).read_text(encoding="utf-8") for name in names}
    folder, other = tmp_path / "data", tmp_path / "again"
    for there in (folder, other):
        there.mkdir()
        for name in names:
            shutil.copy(data_file(f"{name}.yml"), there)

    def make(draw: random.Random) -> Path:
        name = draw.choice(names)
        lines = sound[name].split("\n")
        few = "\n".join([lines[0], *draw.sample(lines[1:-1], min(8, len(lines) - 2)), ""])
        return written(folder / name, damaged(few, draw), draw)

    def read(path: Path):
        return read_table(path.name, folder).astype(object).values.tolist()

    def again(path: Path, _):
        with path.open(encoding="utf-8-sig", newline="") as file:
            rows = [row for row in csv.reader(file) if row]
        with (other / path.name).open("w", encoding="utf-8", newline="") as file:
            csv.writer(file, quoting=csv.QUOTE_ALL).writerows(rows)
        return read_table(path.name, other).astype(object).values.tolist()

    assert fuzz(TABLES, make, read, again) > TABLES / 20
