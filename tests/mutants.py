"""Break the code a little, a hundred times over, and see whether the nearest tests notice.

``python3 run.py test --mutants`` runs it; the operators are those of Cosmic Ray. The sample is the
same every time: a seed, files in order. Each mutant is put into a copy of the project, and only
the doctests of its file and the test files that name it most are run. What went unnoticed is
listed with its place and its line, for somebody to write the test or the reason why none can.
"""

import argparse
import os
import random
import re
import shutil
import subprocess
import sys
import tempfile
import time
from collections import defaultdict
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from cosmic_ray.ast import ast_nodes, get_ast
from cosmic_ray.mutating import mutate_code
from cosmic_ray.plugins import get_operator, operator_names
from page_mutants import run_page

ROOT = Path(__file__).resolve().parents[1]
NOT_COPIED = (".venv", ".git", ".tools", "_build", "__pycache__", ".*_cache", ".hypothesis")
ROOMS = ("theory", "tracing", "evidence", "study")
# Each of its files is a part of one month: the same tests ask about all, the quickest first.
ENGINE_TESTS = ("mechanisms", "foresight", "places", "clocks", "scenarios", "engine")
SEED = 20261130
MUTANTS = 100
MOST_MINUTES = 40.0
# Of the processor's time: a mutant that never ends is noticed; nothing else takes that long.
MOST_SECONDS = 240
# Test files that name a module most; three are near enough.
NEAREST = 3
_SIGNS = "Add|Sub|Mul|Div|Pow|Mod|FloorDiv"
_OPERATORS = re.compile(
    rf"core/(ReplaceBinaryOperator_({_SIGNS})_({_SIGNS})|ReplaceComparisonOperator_\w+"
    r"|ReplaceUnaryOperator_\w+|ReplaceAndWithOr|ReplaceOrWithAnd|ReplaceTrueWithFalse"
    r"|ReplaceFalseWithTrue|AddNot|NumberReplacer|ReplaceBreakWithContinue"
    r"|ReplaceContinueWithBreak|ZeroIterationForLoop)"
)


@dataclass(frozen=True)
class Mutant:
    """One change of one file: the how-manieth place at which an operator can be applied."""

    path: str
    line: int
    operator: str
    occurrence: int


def _places(source: str) -> dict[tuple[int, int], list[tuple[str, int]]]:
    """Return what can be done where: position to operators with their occurrence."""
    nodes = list(ast_nodes(get_ast(source)))
    found: dict[tuple[int, int], list[tuple[str, int]]] = defaultdict(list)
    for name in sorted(filter(_OPERATORS.fullmatch, operator_names())):
        operator = get_operator(name)()
        positions = [each for node in nodes for each in operator.mutation_positions(node)]
        for occurrence, (start, _) in enumerate(positions):
            found[start].append((name, occurrence))
    return found


def sample(count: int, seed: int, rooms: tuple[str, ...] = ROOMS) -> list[Mutant]:
    """Choose places evenly over the code of the rooms, and at each place one change."""
    places = []
    for room in rooms:
        for path in sorted((ROOT / "src" / "carelab" / room).rglob("*.py")):
            name = path.relative_to(ROOT).as_posix()
            for start, ways in sorted(_places(path.read_text(encoding="utf-8")).items()):
                places.append((name, start, ways))
    draw = random.Random(seed)
    chosen = draw.sample(places, min(count, len(places)))
    return [Mutant(name, start[0], *draw.choice(ways)) for name, start, ways in chosen]


def nearest_tests(path: str) -> list[str]:
    """Return the doctests of a file and the test files that name it, or what it offers, most."""
    if path.startswith("src/carelab/engine/"):
        return [path, *(f"tests/test_{name}.py" for name in ENGINE_TESTS)]
    source = (ROOT / path).read_text(encoding="utf-8")
    offered = re.findall(r"(?m)^(?:def|class) ([A-Za-z]\w+)|^([A-Z][A-Z_]+)\b", source)
    names = {name for pair in offered for name in pair if name}
    module = path.removeprefix("src/").removesuffix(".py").replace("/", ".")
    counts = {}
    for test in sorted((ROOT / "tests").glob("test_*.py")):
        text = test.read_text(encoding="utf-8")
        if "pytestmark = pytest.mark.slow" in text:
            continue
        words = re.findall(r"\w+", text)
        count = 20 * text.count(module) + sum(word in names for word in words)
        if count:
            counts[test.relative_to(ROOT).as_posix()] = count
    ranked = sorted(counts, key=lambda name: -counts[name])
    return [path, *ranked[:NEAREST]]


def _limit() -> None:
    """Give the tests of a mutant so much of the processor, however busy the machine is."""
    import resource

    resource.setrlimit(resource.RLIMIT_CPU, (MOST_SECONDS, MOST_SECONDS + 5))


def _is_noticed(folder: Path, path: str) -> bool:
    """Run the nearest tests until one fails."""
    env = os.environ | {"PYTHONPATH": str(folder / "src"), "PYTHONDONTWRITEBYTECODE": "1"}
    env |= {"CARELAB_ALL": "", "PYTHONUTF8": "1"}
    flags = ("-x", "-q", "-p", "no:cacheprovider")
    command = [sys.executable, "-m", "pytest", *flags, *nearest_tests(path)]
    limits = {} if os.name == "nt" else {"preexec_fn": _limit}
    done = subprocess.run(command, cwd=folder, env=env, capture_output=True, check=False, **limits)
    return done.returncode not in (0, 5)  # 5: no test at all


def _told(mutant: Mutant, before: str, after: str) -> str:
    """Say where and how the code was changed."""
    pairs = zip(before.splitlines(), after.splitlines(), strict=False)
    old, new = next(((one, two) for one, two in pairs if one != two), ("", ""))
    return f"{mutant.path}:{mutant.line}: {old.strip()}  ->  {new.strip()}"


def run(count: int, seed: int, minutes: float, rooms: tuple[str, ...] = ROOMS) -> int:
    """Try the mutants, as many as the time allows; list those that nothing noticed."""
    started = time.monotonic()
    missed: list[str] = []
    tried: dict[str, list[bool]] = defaultdict(list)
    with tempfile.TemporaryDirectory() as place:
        folder = Path(shutil.copytree(ROOT, Path(place) / "project",
                                      ignore=shutil.ignore_patterns(*NOT_COPIED)))  # fmt: skip
        for number, mutant in enumerate(sample(count, seed, rooms), start=1):
            if time.monotonic() - started > 60 * minutes:
                print(f"stopped after {minutes:g} minutes: {number - 1} of {count} tried")
                break
            path = folder / mutant.path
            sound = path.read_text(encoding="utf-8")
            broken = mutate_code(sound, get_operator(mutant.operator)(), mutant.occurrence)
            path.write_text(broken, encoding="utf-8", newline="\n")
            noticed = _is_noticed(folder, mutant.path)
            path.write_text(sound, encoding="utf-8", newline="\n")
            tried[mutant.path.split("/")[2]].append(noticed)
            line = _told(mutant, sound, broken)
            missed += [] if noticed else [line]
            print(f"{number:>3} {'noticed  ' if noticed else 'UNNOTICED'} {line}", flush=True)
    for room, each in sorted(tried.items()):
        print(f"{room}: {sum(each)} of {len(each)} noticed")
    everything = [each for room in tried.values() for each in room]
    print(f"all: {sum(everything)} of {len(everything)} noticed; unnoticed:")
    print("\n".join(missed) or "none")
    return 0


def main() -> int:
    """Read what was asked for."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--count", type=int, default=MUTANTS, help="100 unless told")
    parser.add_argument("--seed", type=int, default=SEED, help="the same unless told")
    parser.add_argument("--minutes", type=float, default=MOST_MINUTES, help="40 unless told")
    parser.add_argument("--rooms", nargs="+", help="page, engine, theory ...; one sample of these")
    asked = parser.parse_args()
    until = time.monotonic() + 60 * asked.minutes
    # Three samples unless rooms are named, the quickest first.
    for rooms in [asked.rooms] if asked.rooms else [["page"], ["engine"], ROOMS]:
        print(f"{asked.count} mutants of {', '.join(rooms)}")
        try_them = run_page if rooms == ["page"] else partial(run, rooms=tuple(rooms))
        try_them(asked.count, asked.seed, (until - time.monotonic()) / 60)
    return 0


if __name__ == "__main__":
    sys.exit(main())
