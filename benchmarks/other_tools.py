"""The same model in PySD and in SDEverywhere, read from our XMILE file.

Both are installed at fixed versions into a folder that is thrown away, from the package indexes
that pip and npm are set to. What cannot be installed is skipped, and said.
"""

import importlib.util
import json
import os
import re
import subprocess
from pathlib import Path

import numpy as np
from engine_runs import (
    BASE,
    JAVASCRIPT,
    LEVERS,
    MONTHS,
    NODE,
    TRACE,
    call,
    javascript_job,
    settings_of,
)

from carelab.base import project_root
from carelab.study import scenario_xmile

XMILE = scenario_xmile(BASE, MONTHS // 12)
# A lever that is phased in is its setting beside what it is this month.
SETTINGS = {
    name: f"{name}_setting" if f'name="{name}_setting"' in XMILE else name for name in LEVERS
}
PYSD = (
    *("pysd==3.14.3", "xarray==2026.9.0", "parsimonious==0.11.0", "portion==2.6.3"),
    *("progressbar2==4.6.0", "python-utils==4.2.0", "pytokens==0.4.1", "regex==2026.11.19"),
    *("black==26.10.1", "chardet==7.7.0", "lxml==6.1.3", "openpyxl==3.1.5", "et-xmlfile==2.0.0"),
)
# Of these PySD takes the versions of our own lock.
LOCKED = (
    *("numpy", "pandas", "scipy", "python-dateutil", "tzdata", "six", "packaging", "click"),
    *("pathspec", "platformdirs", "mypy-extensions", "sortedcontainers", "typing-extensions"),
)
PYSD_DRIVER = """
import json, sys, time, warnings
import pysd
warnings.simplefilter("ignore")
file, repeats = sys.argv[1], int(sys.argv[2])
given = json.load(sys.stdin)
started = time.perf_counter()
model = pysd.read_xmile(file)
load, once = time.perf_counter() - started, float("inf")
runs = []
for settings in given["rows"]:
    frame = model.run(params=settings)
    runs.append({name: frame[name].tolist() for name in given["names"]})
for _ in range(repeats):
    started = time.perf_counter()
    model.run(params=given["rows"][0])
    once = min(once, time.perf_counter() - started)
print(json.dumps({"load": load, "once": once, "runs": runs}))
"""
SDEVERYWHERE = {
    "@sdeverywhere/compile": "0.7.28",
    "@sdeverywhere/parse": "0.1.3",
    "@sdeverywhere/runtime": "0.2.6",
    "@rgrove/parse-xml": "4.2.3",
    "antlr4": "4.12.0",
    "antlr4-vensim": "0.6.3",
    "assert-never": "1.4.0",
    "byline": "5.0.0",
    "csv-parse": "5.6.0",
    "neverthrow": "2.7.1",
    "ramda": "0.27.2",
    "split-string": "6.1.0",
    "strip-bom": "5.0.0",
}
GENERATE = """
import fs from "node:fs";
import {parseAndGenerate} from "@sdeverywhere/compile";
const spec = JSON.parse(fs.readFileSync("spec.json", "utf8"));
const model = fs.readFileSync("model.xmile", "utf8");
await parseAndGenerate(model, "xmile", spec, ["generateJS"], ".", "model", ".");
fs.renameSync("model.js", "model.mjs");
"""
# Its own runner says how long the bare run took; what it does with the results comes on top.
SDEVERYWHERE_DRIVER = """
import fs from "node:fs";
import {createSynchronousModelRunner} from "@sdeverywhere/runtime";
import loadModel from "./model.mjs";
const {job, rows, ids} = JSON.parse(fs.readFileSync(0, "utf8"));
const runner = createSynchronousModelRunner(await loadModel());
const outputs = runner.createOutputs();
const runs = rows.map((row) => {
  runner.runModelSync(row, outputs);
  return ids.map((id) => outputs.getSeriesForVar(id).points.map((point) => point.y));
});
const ours = ourRunner(job);
let bare = Infinity, once = Infinity, own = Infinity;
for (let round = 0; round < 10; round += 1) {
  once = Math.min(once, best(() => {
    runner.runModelSync(rows[0], outputs);
    bare = Math.min(bare, outputs.runTimeInMillis / 1000);
  }, 100));
  own = Math.min(own, best(() => ours(rows[0]), 300));
}
console.log(JSON.stringify({bare, once, own, runs}));
"""


class NotAvailableError(Exception):
    """A tool cannot be installed here; the message says what was tried."""


def _checked(what: str, command, **more) -> str:
    try:
        done = call(command, timeout=300, **more)
    except subprocess.TimeoutExpired:
        raise NotAvailableError(f"{what}: no answer within five minutes") from None
    if done.returncode:
        lines = [line for line in (done.stderr + done.stdout).splitlines() if line.strip()]
        raise NotAvailableError(f"{what}: {' / '.join(lines[-3:])}")
    return done.stdout


def _uv() -> tuple[str, dict[str, str]]:
    """Return uv as ``run.py`` finds it, and the environment in which it uses pip's index."""
    spec = importlib.util.spec_from_file_location("run", project_root() / "run.py")
    run = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(run)
    environment = run.uv_environment()
    try:
        return run.find_uv(environment), environment
    except run.SetupError as problem:
        raise NotAvailableError(f"uv was not found: {problem}") from None


def run_pysd(rows, folder: Path) -> dict:
    """Return seconds to load and to run, and each quantity of all months of each scenario."""
    uv, environment = _uv()
    python = folder / "env" / ("Scripts/python.exe" if os.name == "nt" else "bin/python")
    lock = project_root() / "requirements.lock"
    _checked("no environment", [uv, "venv", "--quiet", folder / "env"], env=environment)
    how = ["--quiet", "--python", python, "--no-deps", "--only-binary", ":all:"]
    install = [uv, "pip", "install", *how, "--constraint", lock, *PYSD, *LOCKED]
    _checked("it cannot be installed", install, env=environment)
    (folder / "model.xmile").write_text(XMILE, encoding="utf-8")
    given = {
        "rows": [{SETTINGS[name]: row[name] for name in LEVERS} for row in rows],
        "names": TRACE.flow_names,
    }
    command = [python, "-c", PYSD_DRIVER, folder / "model.xmile", 5]
    told = json.loads(_checked("it failed", command, input=json.dumps(given)).splitlines()[-1])
    told["runs"] = [{name: np.array(run[name]) for name in run} for run in told["runs"]]
    return told


def _install_sdeverywhere(folder: Path) -> None:
    """Install its compiler and runtime; npm is the one that comes with the locked node."""
    found = [
        path
        for path in (NODE.parents[1] / "lib/node_modules", NODE.parent / "node_modules")
        if (path / "npm/bin/npm-cli.js").is_file()
    ]
    if not found:
        raise NotAvailableError("npm was not found beside node")
    # It reads spreadsheets with a package from a host of its own; our model has none to read.
    empty = folder / "no-spreadsheets"
    empty.mkdir()
    (empty / "index.js").write_text("export default { set_fs() {} };\n")
    stand_in = {"name": "xlsx", "version": "0.20.2", "type": "module", "exports": "./index.js"}
    (empty / "package.json").write_text(json.dumps(stand_in))
    package = {
        "private": True,
        "dependencies": SDEVERYWHERE,
        "overrides": {"xlsx": "file:./no-spreadsheets"},
    }
    (folder / "package.json").write_text(json.dumps(package))
    quiet = ["--ignore-scripts", "--no-audit", "--no-fund", "--no-update-notifier"]
    # npm starts node by its name.
    path = os.pathsep.join([str(NODE.parent), os.environ.get("PATH", "")])
    install = [NODE, found[0] / "npm/bin/npm-cli.js", "install", *quiet]
    environment = {**os.environ, "PATH": path}
    _checked("it cannot be installed", install, cwd=folder, env=environment)


def run_sdeverywhere(rows, folder: Path) -> dict:
    """Return seconds of a run (theirs bare and whole, ours), and each quantity of all months."""
    _install_sdeverywhere(folder)
    names = TRACE.flow_names
    spec = {"inputVarNames": [SETTINGS[name] for name in LEVERS], "outputVarNames": names}
    (folder / "spec.json").write_text(json.dumps(spec), encoding="utf-8")
    (folder / "model.xmile").write_text(XMILE, encoding="utf-8")
    (folder / "generate.mjs").write_text(GENERATE, encoding="utf-8")
    _checked("its compiler failed", [NODE, "generate.mjs"], cwd=folder)
    (folder / "driver.mjs").write_text(JAVASCRIPT + SDEVERYWHERE_DRIVER, encoding="utf-8")
    ids = ["_" + re.sub(r"\W", "_", name.lower()) for name in names]
    data = {"job": javascript_job(), "rows": settings_of(rows), "ids": ids}
    told = json.loads(
        _checked("it failed", [NODE, "driver.mjs"], cwd=folder, input=json.dumps(data))
    )
    told["runs"] = [dict(zip(names, map(np.array, run), strict=True)) for run in told["runs"]]
    return told
