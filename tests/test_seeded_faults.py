"""Faults put into a copy of the project on purpose, and the part of the tests that must notice.

``python3 run.py test --seeded`` runs them alone and tells fault, part, seconds and sentence.
"""

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest

pytestmark = pytest.mark.slow

ROOT = Path(__file__).resolve().parents[1]
NOT_COPIED = (
    *(".venv", ".git", ".tools", "_build", "__pycache__", ".pytest_cache", ".ruff_cache"),
    *(".hypothesis", ".import_linter_cache"),
)
# Of the processor's time, which a busy machine does not lengthen.
MOST_SECONDS = 20.0


@dataclass(frozen=True)
class Fault:
    """One fault.

    Parameters
    ----------
    name : str
        What is wrong.
    path : str
        Which file is spoiled.
    spoil : callable
        Its text to the spoiled text.
    part : str
        ``check``, ``pytest``, ``book`` or ``javascript``, and what of it.
    said : str
        Pattern of the sentence.
    """

    name: str
    path: str
    spoil: Callable[[str], str]
    part: str
    said: str


def put(old: str, new: str) -> Callable[[str], str]:
    """Put one text in place of another."""

    def spoil(text: str) -> str:
        assert old in text, f"'{old}' is no longer there; seed the fault elsewhere"
        return text.replace(old, new, 1)

    return spoil


def row(start: str, change: Callable[[str], str]) -> Callable[[str], str]:
    """Change the row of a table that begins so."""

    def spoil(text: str) -> str:
        lines = text.split("\n")
        at = next(number for number, line in enumerate(lines) if line.startswith(start))
        lines[at] = change(lines[at])
        return "\n".join(lines)

    return spoil


def more(text: str) -> Callable[[str], str]:
    return lambda before: before + text


# The head of a code cell, with its options.
CELL = r"(```\{code-cell\}[^\n]*\n(?::[^\n]*\n)*)"

FAULTS = (
    Fault(
        "a chapter that raises",
        "notebooks/01-why-integrate.md",
        lambda text: re.sub(CELL, r"\g<1>1 / 0\n", text, count=1),
        "book notebooks/01-why-integrate.md",
        r"notebooks/01-why-integrate\.md, code cell 1: ZeroDivisionError: division by zero",
    ),
    Fault(
        "a number that nothing in its paragraph cites",
        "notebooks/01-why-integrate.md",
        more("\nIt rose by 12.7 per cent.\n"),
        "check numbers",
        r"notebooks/01-why-integrate\.md.*12\.7",
    ),
    Fault(
        "a script that asks another host",
        "src/carelab/lab/static/views/time_chart.js",
        more('\nexport const font = () => fetch("https://fonts.example.org/a.woff2");\n'),
        "pytest tests/test_widgets.py::test_the_joined_scripts_hold_no_import_and_name_no_host",
        r"fonts\.example\.org",
    ),
    Fault(
        "a figure of a class without a source",
        "data/indicators.csv",
        lambda text: re.sub(r"(?m)^(CN046,.*),nhc-2024-bphs-notice,", r"\1,,", text),
        "check links",
        r"file 'indicators\.csv' row \d+ column 'source': the value '' is not allowed",
    ),
    Fault(
        "a claim of no class",
        "data/claims.csv",
        row("S004-79,", lambda line: line.replace(",stated,", ",,")),
        "check links",
        r"file 'claims\.csv' row \d+ column 'class': the value '' is not allowed",
    ),
    Fault(
        "an import that points up",
        "src/carelab/base/numbers.py",
        put("import math\n", "import math\n\nimport carelab.study.many\n"),
        "check layers",
        r"carelab\.base is not allowed to import carelab\.study",
    ),
    Fault(
        "an engine in JavaScript that is not the one in Python",
        "src/carelab/tracing/javascript.py",
        put('"maximum": "Math.max"', '"maximum": "Math.min"'),
        "pytest tests/test_tracing.py::test_javascript_equals_python_on_every_operation",
        r"test_javascript_equals_python_on_every_operation",
    ),
    Fault(
        "a stored result that its code would no longer give",
        "src/carelab/study/trust/robustness.py",
        put("SMALLNESS = 0.001", "SMALLNESS = 0.002"),
        "check stored results",
        r"stored result 'data/robustness\.csv' is stale",
    ),
    Fault(
        "a wrong unit",
        "data/units.csv",
        put("capability,share", "capability,persons"),
        "pytest tests/test_reference.py::test_a_stock_has_the_unit_of_what_it_becomes",
        r"E .*\['capability'\]",
    ),
    Fault(
        "a link that loses the levers of its scenario",
        "src/carelab/lab/static/scenarios/scenario_text.js",
        put('changed.join(";")', 'changed.join(",")'),
        "javascript tests/js/lab.test.mjs",
        r"✖ a scenario's text leads back to it",
    ),
    Fault(
        "a word without its Chinese",
        "data/words.csv",
        row("class.stated,", lambda _: "class.stated,stated,"),
        "pytest tests/test_project.py::test_a_section_of_the_words_stands_in_one_place"
        " tests/test_widgets.py::test_both_languages_have_the_same_placeholders",
        r"class\.stated",
    ),
    Fault(
        "a claim's id twice",
        "data/claims.csv",
        row("S004-79,", lambda line: f"{line}\n{line}"),
        "check links",
        r"file 'claims\.csv' row \d+ column 'id': the value 'S004-79' .*must be unique",
    ),
    Fault(
        "a lever listed twice",
        "data/levers.csv",
        row("care_economy,contract_share,", lambda line: f"{line}\n{line}"),
        "check links",
        r"file 'levers\.csv' row \d+ .*another row has the same model, name",
    ),
    Fault(
        "a grade above what its source was read for",
        "data/sources.csv",
        lambda text: text.replace(
            "en,abstract,,Matched-pair cluster-randomised experiment.",
            "en,secondary,,Matched-pair cluster-randomised experiment.",
        ),
        "check grades",
        r"'CN246' in indicators\.csv has grade A, .*the best allowed is C",
    ),
    Fault(
        "a prescription as evidence of a case",
        "data/cases/kinzigtal.yml",
        lambda text: re.sub(
            r"(?m)^  shared_information: .*$",
            "  shared_information: {status: present, claims: [S004-47]}",
            text,
        ),
        "check links",
        r"cases/kinzigtal\.yml: .*'shared_information' is coded 'present' on S004-47",
    ),
    Fault(
        "a picture without words for those who do not see it",
        "src/carelab/plots/runs.py",
        put("Picture(figure, alt, caption", 'Picture(figure, "", caption'),
        "pytest src/carelab/plots/runs.py",
        r"alt",
    ),
    Fault(
        "a picture of a page without words",
        "book/welcome.md",
        more("\n![](_static/lab.png)\n"),
        "pytest tests/test_project.py::test_every_picture_of_a_page_has_words",
        r"book/welcome\.md",
    ),
    Fault(
        "data edited and not sealed",
        "data/parameters.csv",
        row("case_price,", lambda line: line.replace("7674", "7675")),
        "check seals",
        r"data file 'parameters\.csv' changed since its manifest was sealed",
    ),
    Fault(
        "a preset of a lever that is no more",
        "data/presets.csv",
        put(",contract_share,", ",contract_part,"),
        "check links",
        r"in presets\.csv names 'contract_part', which does not exist",
    ),
    Fault(
        "a sign turned round in the model",
        "src/carelab/theory/retention.py",
        lambda text: re.sub(r"(?m)^(    return .*?) - ", r"\1 + ", text, count=1),
        "pytest src/carelab/theory/retention.py tests/test_theory.py",
        r"FAILED .*retention|FAILED tests/test_theory",
    ),
    Fault(
        "a name that is not typed",
        "src/carelab/base/numbers.py",
        put("def unit_word(unit: str,", "def unit_word(unit,"),
        "check types",
        r"numbers\.py:\d+: error: Function is missing a type annotation",
    ),
    Fault(
        "a Chinese term that the glossary lacks",
        "notebooks/02-payment.md",
        more("\nThe 医养康护 plan (made up) helps.\n"),
        "pytest tests/test_project.py -k every_chinese_term",
        r"医养康护",
    ),
)


@pytest.fixture(scope="module")
def copy(tmp_path_factory) -> Path:
    there = tmp_path_factory.mktemp("seeded") / "project"
    return shutil.copytree(ROOT, there, ignore=shutil.ignore_patterns(*NOT_COPIED))


@contextmanager
def spoiled(path: Path, spoil: Callable[[str], str]) -> Iterator[None]:
    """A file with a fault in it, as long as it takes."""
    sound = path.read_bytes()
    text = spoil(sound.decode("utf-8"))
    assert text != sound.decode("utf-8"), "the fault changes nothing; seed it elsewhere"
    path.write_text(text, encoding="utf-8", newline="\n")
    try:
        yield
    finally:
        path.write_bytes(sound)


CHECK = """
import sys
from carelab.cli.checking import CHECKS, EVIDENCE, _run_check, _run_evidence
name = sys.argv[1]
found = _run_check(CHECKS[name]) if name in CHECKS else _run_evidence(EVIDENCE[name])
print("\\n".join(found[0]))
sys.exit(bool(found[0]))
"""
BOOK = """
import sys
from pathlib import Path
from jupyter_cache.readers import get_reader
from carelab.cli import execution
from carelab.cli.reporting import TaskError
execution.isolate_jupyter()
path = Path(sys.argv[1]).resolve()
try:
    execution._execute(path, get_reader(execution._READER)(str(path)))
except TaskError as problem:
    sys.exit(str(problem))
"""


def command(part: str, node: str) -> list[str]:
    kind, _, what = part.partition(" ")
    return {
        "check": lambda: [sys.executable, "-c", CHECK, what],
        "book": lambda: [sys.executable, "-c", BOOK, what],
        "pytest": lambda: [sys.executable, "-m", "pytest", "-q", "-x", "-p", "no:cacheprovider",
                           "--tb=short", *what.split()],
        "javascript": lambda: [node, "--test", "--test-reporter=spec", what],
    }[kind]()  # fmt: skip


def run_part(part: str, folder: Path, node: str) -> tuple[int, str, float]:
    """Run one part in the copy: its exit code, what it said, seconds of the processor."""
    # Without stored bytecode: a file spoiled and mended within a second would look the same.
    env = os.environ | {"PYTHONPATH": str(folder / "src"), "PYTHONDONTWRITEBYTECODE": "1"}
    env |= {"PYTHONUTF8": "1", "CARELAB_ALL": ""}
    before = os.times()
    done = subprocess.run(
        command(part, node), cwd=folder, env=env, capture_output=True, encoding="utf-8", check=False
    )
    after = os.times()
    used = after.children_user + after.children_system
    used -= before.children_user + before.children_system
    return done.returncode, done.stdout + done.stderr, used


@pytest.mark.parametrize("fault", FAULTS, ids=lambda fault: fault.name.replace(" ", "_"))
def test_a_seeded_fault_is_noticed_by_its_part_in_a_sentence(copy, node, fault):
    with spoiled(copy / fault.path, fault.spoil):
        code, said, seconds = run_part(fault.part, copy, node)
    told = next((line for line in said.splitlines() if re.search(fault.said, line)), "")
    print(f"\n{fault.name}: {fault.part}: {seconds:.1f} s: {told.strip()[:300]}")
    assert code, f"nothing noticed that there is {fault.name}"
    assert told, f"no sentence about {fault.name}: {said[-1500:]}"
    assert seconds < MOST_SECONDS
