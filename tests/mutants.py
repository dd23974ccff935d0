"""Break the code a little, a hundred times over, and see whether the nearest tests notice.

``python3 run.py test --mutants`` runs it; the operators are those of Cosmic Ray. The sample is the
same every time: a seed, files in order. Each mutant is put into a copy of the project, two at a
time, and only the doctests of its file and the test files that name it most are run. What went
unnoticed is listed with its place and its line, for somebody to write the test or the reason why
none can.
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
from collections import Counter, defaultdict
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache, partial
from pathlib import Path
from queue import Queue

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
# Mutants tried at the same time, each in a copy of its own: one for each of two cores.
AT_A_TIME = 2
# Of the processor's time: a mutant that never ends is noticed; nothing else takes that long.
MOST_SECONDS = 240
# Test files that name a module most; three are near enough.
NEAREST = 3
_HARDLY = 0.05
# What naming the file itself counts; naming what it offers counts up to 4.
_NAMED = 5
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
    # What only a checker of types reads runs never.
    unread = {at for at, line in enumerate(source.splitlines(), 1) if "if TYPE_CHECKING" in line}
    found: dict[tuple[int, int], list[tuple[str, int]]] = defaultdict(list)
    for name in sorted(filter(_OPERATORS.fullmatch, operator_names())):
        operator = get_operator(name)()
        positions = [each for node in nodes for each in operator.mutation_positions(node)]
        for occurrence, (start, _) in enumerate(positions):
            if start[0] not in unread:
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


@cache
def _tests() -> dict[str, tuple[str, Counter[str]]]:
    """Return the quick test files: their text, and how often each word stands there."""
    texts = {
        path.relative_to(ROOT).as_posix(): path.read_text(encoding="utf-8")
        for path in sorted((ROOT / "tests").glob("test_*.py"))
    }
    return {
        name: (text, Counter(re.findall(r"\w+", text)))
        for name, text in texts.items()
        if "pytestmark = pytest.mark.slow" not in text
    }


def _imports(path: str) -> re.Pattern[str]:
    """Return how a file is named where it is used."""
    module = path.removeprefix("src/").removesuffix(".py").replace("/", ".")
    room, _, stem = module.rpartition(".")
    return re.compile(rf"\b{re.escape(module)}\b|from {re.escape(room)} import .*\b{stem}\b")


def _nearness(path: str) -> Counter[str]:
    """Measure how near each test file is: whether it names the file, or what only that offers."""
    source = (ROOT / path).read_text(encoding="utf-8")
    offered = re.findall(r"(?m)^(?:def|class) ([A-Za-z]\w+)|^([A-Z][A-Z_]+)\b", source)
    counts: Counter[str] = Counter()
    for name in {name for pair in offered for name in pair if name}:
        found = {test: words[name] for test, (_, words) in _tests().items() if words[name]}
        # What many tests use says little, and using it often hardly more.
        counts.update({test: min(count, 4) / len(found) for test, count in found.items()})
    room, stem = Path(path).parent.name, Path(path).stem
    for test, (text, _) in _tests().items():
        called = {f"tests/test_{stem}.py": _NAMED, f"tests/test_{room}.py": 2}.get(test, 0)
        counts[test] += _NAMED * len(_imports(path).findall(text)) + called
    return counts


def _most(counts: Counter[str]) -> list[str]:
    """Return the nearest, without those that hardly name it beside the first."""
    found = counts.most_common(NEAREST)
    return [test for test, count in found if count > max(0.1, _HARDLY * found[0][1])]


def nearest_tests(path: str) -> list[str]:
    """Return the doctests of a file and the test files that name it, or what it offers, most.

    Where too few do, those follow that name the files which use it.
    """
    if path.startswith("src/carelab/engine/"):
        return [path, *(f"tests/test_{name}.py" for name in ENGINE_TESTS)]
    ranked = _most(_nearness(path))
    users: Counter[str] = Counter()
    if len(ranked) < NEAREST:
        for user in sorted((ROOT / "src").rglob("*.py")):
            if _imports(path).search(user.read_text(encoding="utf-8")):
                users.update(_nearness(user.relative_to(ROOT).as_posix()))
    ranked += [test for test in _most(users) if test not in ranked]
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


@contextmanager
def _copies() -> Iterator[Queue[Path]]:
    """Copy the project, once for each mutant that is tried at a time."""
    with tempfile.TemporaryDirectory() as place:
        free: Queue[Path] = Queue()
        for number in range(AT_A_TIME):
            ignored = shutil.ignore_patterns(*NOT_COPIED)
            free.put(Path(shutil.copytree(ROOT, Path(place) / str(number), ignore=ignored)))
        yield free


def _try(mutant: Mutant, free: Queue[Path]) -> tuple[bool, str]:
    """Put a mutant into a copy, run the nearest tests and mend the copy."""
    folder = free.get()
    path = folder / mutant.path
    sound = path.read_text(encoding="utf-8")
    broken = mutate_code(sound, get_operator(mutant.operator)(), mutant.occurrence)
    path.write_text(broken, encoding="utf-8", newline="\n")
    noticed = _is_noticed(folder, mutant.path)
    path.write_text(sound, encoding="utf-8", newline="\n")
    free.put(folder)
    return noticed, _told(mutant, sound, broken)


def run(count: int, seed: int, minutes: float, rooms: tuple[str, ...] = ROOMS) -> int:
    """Try the mutants, as many as the time allows; list those that nothing noticed."""
    until = time.monotonic() + 60 * minutes
    missed: list[str] = []
    tried: dict[str, list[bool]] = defaultdict(list)
    mutants = sample(count, seed, rooms)
    with _copies() as free, ThreadPoolExecutor(AT_A_TIME) as pool:
        answers = pool.map(
            lambda each: _try(each, free) if time.monotonic() < until else None, mutants
        )
        for number, (mutant, answer) in enumerate(zip(mutants, answers, strict=True), start=1):
            if answer is None:
                print(f"stopped after {minutes:g} minutes: {number - 1} of {count} tried")
                break
            noticed, line = answer
            tried[mutant.path.split("/")[2]].append(noticed)
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
