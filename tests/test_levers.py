"""A lever stands in one table, and a bad setting meets one sentence, whoever is asked."""

import csv
import json
import math
import shutil
import subprocess
import sys

import numpy as np
import pytest
import yaml

from carelab.base import CarelabError
from carelab.base.levers import CARE_ECONOMY, check_levers, levers_of
from carelab.engine import Scenario
from carelab.evidence.cases.presets import case_presets
from carelab.lab import CareLab
from carelab.lab.economy_script import economy_script
from carelab.lab.labels import labels_data
from carelab.plots.gains import plot_gains
from carelab.study import sweep
from carelab.study.many.experiment import load_experiment

ANHUI = Scenario("china_county", "anhui")
BAD = [
    ("contract_share", 1.4, "is 1.4; allowed is 0 to 1"),
    ("contract_share", -0.1, "is -0.1; allowed is 0 to 1"),
    ("contract_share", True, "is True; allowed is 0 to 1"),
    ("contract_share", "1", "is '1'; allowed is 0 to 1"),
    ("contract_share", math.nan, "is nan; allowed is 0 to 1"),
    ("contract_share", None, "is None; allowed is 0 to 1"),
    ("bodies_under_cap", 2.5, "is 2.5; allowed is 1 to 10 in steps of 1"),
    ("ramp_months", 3.7, "is 3.7; allowed is 0 to 60 in steps of 1"),
    ("weather", 0.5, "is unknown; known are contract_share, "),
]


@pytest.mark.parametrize(("name", "value", "told"), BAD)
def test_whoever_is_asked_refuses_a_bad_setting_in_the_same_words(name, value, told):
    lab = CareLab(question="Who gains?", scenario=ANHUI)
    for ask in (
        lambda: check_levers({name: value}),
        lambda: Scenario("china_county", "anhui", {name: value}),
        lambda: ANHUI.change(**{name: value}),
        lambda: lab.set(**{name: value}),
    ):
        with pytest.raises(CarelabError) as caught:
            ask()
        assert str(caught.value).startswith(f"lever '{name}' {told}")
    assert lab.levers == ANHUI.levers


@pytest.mark.parametrize(("name", "value", "told"), [*BAD[:6], BAD[8]])
def test_the_lab_and_the_figure_of_one_hospital_say_it_too(name, value, told):
    lab = CareLab(question="Who gains?")
    before = dict(lab.levers)
    for ask in (lambda: lab.set(**{name: value}), lambda: plot_gains(levers={name: value})):
        with pytest.raises(CarelabError) as caught:
            ask()
        assert str(caught.value).startswith(f"lever '{name}' {told}")
    assert lab.levers == before


@pytest.mark.parametrize(("name", "value", "told"), BAD)
def test_an_experiment_says_it_with_the_name_of_its_file(tmp_path, name, value, told):
    content = {
        "title": "A test",
        "contexts": "china_county",
        "presets": "anhui",
        "years": 1,
        "outcomes": "reach",
        "levers": {name: value},
    }
    path = tmp_path / "test.yml"
    path.write_text(yaml.safe_dump(content), encoding="utf-8")
    with pytest.raises(CarelabError) as caught:
        load_experiment(path)
    assert f"lever '{name}' {told}" in str(caught.value)
    assert "test.yml" in str(caught.value)


@pytest.mark.parametrize(("name", "value", "told"), [BAD[0], BAD[1], BAD[4], *BAD[6:8]])
def test_a_sweep_says_it_with_the_number_of_the_scenario(tmp_path, name, value, told):
    columns = {name: np.array([levers_of()[name].low, value])}
    with pytest.raises(CarelabError) as caught:
        sweep("china_county", columns, 1, ["reach"], tmp_path, progress=False)
    given, allowed = told.split(";")
    assert str(caught.value) == f"lever '{name}' {given} in scenario 1;{allowed}"


@pytest.mark.parametrize(("name", "value", "told"), [BAD[0], *BAD[6:]])
def test_a_case_says_it_with_its_own_name(name, value, told):
    from dataclasses import replace

    from carelab.evidence import load_case
    from carelab.evidence.cases.model import LeverSetting

    setting = LeverSetting(CARE_ECONOMY, name, value, "assumed", "A test.", ())
    case = replace(load_case("kinzigtal"), id="ours", levers=(setting,))
    with pytest.raises(CarelabError, match="case 'ours': lever") as caught:
        case_presets(case)
    assert f"lever '{name}' {told}" in str(caught.value)


def test_the_page_and_python_refuse_the_same_texts(node, root, tmp_path):
    given = ["0", "1", "0.25", ".5", "1.", "1e-1", "+1", "-0", "-1", "2", "2.5", "3", "3.7", "nan",
             "NaN", "inf", "Infinity", "true", "True", "", " ", " 1", "0x1", "1_0", "１", "1,0",
             "1=1", "60", "61", "36", "37", "6", "--1", "1e400"]  # fmt: skip
    names = ["contract_share", "bodies_under_cap", "ramp_months", "fund_months", "weather", ""]
    texts = [f"carelab/2/china_county/anhui/{name}={each}" for name in names for each in given]
    generated = tmp_path / "economy.mjs"
    script = f"{economy_script()}\nexport {{ carelabEconomy }};"
    generated.write_text(script, encoding="utf-8")
    module = root / "src" / "carelab" / "lab" / "static" / "scenarios" / "scenario_text.js"
    code = (
        f'import {{ carelabEconomy }} from "{generated.as_uri()}";'
        f'import {{ readScenario }} from "{module.as_uri()}";'
        'import { readFileSync } from "node:fs";'
        'const { texts, ranges } = JSON.parse(readFileSync(0, "utf8"));'
        "const read = (text) => readScenario(text, carelabEconomy, ranges);"
        "process.stdout.write(JSON.stringify(texts.map((text) => Boolean(read(text).scenario))));"
    )
    done = subprocess.run(
        [node, "--input-type=module", "-e", code],
        input=json.dumps({"texts": texts, "ranges": labels_data("en")["levers"]}),
        capture_output=True,
        text=True,
        check=True,
    )
    page = dict(zip(texts, json.loads(done.stdout), strict=True))
    python = dict.fromkeys(texts, True)
    for text in texts:
        try:
            Scenario.from_text(text)
        except CarelabError as problem:
            python[text] = False
            assert "lever '" in str(problem)
    assert [text for text in texts if page[text] != python[text]] == []
    assert 0 < sum(python.values()) < len(texts)


# Run in a copy of the project, so that nothing of ours is left behind.
LOOK = """
import json, sys
from pathlib import Path
import numpy as np
from carelab.engine import Scenario, LEVERS
from carelab.lab import CareLab
from carelab.lab.economy_script import economy_script
from carelab.lab.labels import labels_data
from carelab.study import load_sweep, sweep
scenario = Scenario("china_county", "anhui", {"visiting_share": 0.25})
lab = CareLab(question="Who gains?", scenario=scenario, levers=("visiting_share",))
sweep("china_county", {"visiting_share": np.array([0.0, 0.5])}, 1, ["reach"], sys.argv[1],
      progress=False)
print(json.dumps({
    "levers": LEVERS, "config": lab.config["levers"], "set": lab.levers["visiting_share"],
    "label": labels_data("en")["levers"]["visiting_share"]["label"],
    "threshold": labels_data("en")["thresholds"]["visiting_share"],
    "page": "visiting_share" in economy_script(), "link": scenario.to_text(),
    "back": dict(Scenario.from_text(scenario.to_text()).changes),
    "swept": load_sweep(sys.argv[1])["visiting_share"].tolist(),
}))
"""


def test_a_new_lever_is_one_row_and_its_use_in_the_model(root, tmp_path):
    """CONTRIBUTING's recipe, followed literally: a row, a holder, a use; nothing else."""
    there = tmp_path / "project"
    ignored = shutil.ignore_patterns("__pycache__")
    shutil.copytree(root / "src" / "carelab", there / "src" / "carelab", ignore=ignored)
    shutil.copytree(root / "data", there / "data")
    table = there / "data" / "levers.csv"
    with table.open(encoding="utf-8", newline="") as lines:
        rows = list(csv.DictReader(lines))
    like = next(row for row in rows if row["name"] == "leakage_charged_share" and row["phase"])
    new = {**like, "name": "visiting_share", "label_en": "Visiting doctors", "default": "0",
           "map_place": ""}  # fmt: skip
    with table.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, rows[0], lineterminator="\n")
        writer.writeheader()
        writer.writerows([*rows, new])
    holder = "china_county,hospital,visiting_share,assumed,carelab,,A test.\n"
    with (there / "data" / "roles.csv").open("a", encoding="utf-8") as file:
        file.write(holder)
    model = there / "src" / "carelab" / "engine" / "timing.py"
    text = model.read_text(encoding="utf-8")
    use = "    flows.push = flows.visiting_share + flows.mentoring_push_share"
    assert "    flows.push = flows.mentoring_push_share" in text
    text = text.replace("    flows.push = flows.mentoring_push_share", use)
    model.write_text(text, encoding="utf-8")
    code = "from carelab.base.checksums import seal_all; seal_all()"
    settings = {"PYTHONPATH": str(there / "src"), "PATH": "", "PYTHONDONTWRITEBYTECODE": "1"}
    for each in (code, LOOK):
        done = subprocess.run(
            [sys.executable, "-c", each, str(tmp_path / "swept")],
            capture_output=True,
            text=True,
            env=settings,
            cwd=tmp_path,
            check=False,
        )
        assert done.returncode == 0, done.stderr
    seen = json.loads(done.stdout)
    assert seen["levers"][-1] == "visiting_share"
    assert seen["config"] == ["visiting_share"]
    assert seen["set"] == 0.25
    assert seen["label"] == "Visiting doctors"
    assert [each[0] for each in seen["threshold"]] == ["prevention", "retention"]
    assert seen["page"]
    assert seen["link"].endswith("/visiting_share=0.25")
    assert seen["back"] == {"visiting_share": 0.25}
    assert seen["swept"] == [0.0, 0.5]


def test_no_code_lists_levers_by_name_a_second_time(root):
    """A list, tuple or table of levers in code would be a second home."""
    import ast

    known = set(levers_of()) | set(levers_of("retention"))
    found = []
    for path in sorted((root / "src" / "carelab").rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Tuple | ast.List | ast.Set):
                parts = node.elts
            elif isinstance(node, ast.Dict):
                # The setting in which a fact is asked: a number for each lever, and nothing else.
                numbers = all(isinstance(getattr(v, "value", None), float) for v in node.values)
                parts = [] if path.name == "facts.py" and numbers else node.keys
            else:
                continue
            named = [each.value for each in parts if isinstance(each, ast.Constant)]
            if len(known.intersection(map(str, named))) >= 3:
                found.append(f"{path.name} line {node.lineno}")
    # Settings of a published claim are values too, and the equations of a model name what they
    # solve for; neither says what levers there are.
    own = ("directional", "retention.py")
    assert [each for each in found if not each.startswith(own)] == []
    scripts = (root / "src" / "carelab" / "lab" / "static").rglob("*.js")
    texts = {path.name: path.read_text(encoding="utf-8") for path in scripts}
    assert [name for name, text in texts.items() if any(each in text for each in known)] == []
