"""Stored results are made again by ``run.py test --all``, and must not be stale otherwise."""

import os
import re
import shutil

import pytest

from carelab.base import (
    broken_seals,
    code_identity,
    execution_cache_path,
    file_sha256,
    identity_of,
    load_yaml,
    stale_results,
)
from carelab.base.checksums import data_version
from carelab.base.identity import files_below
from carelab.base.whole_files import write_whole
from carelab.study.trust.stored_tables import MAKERS

PICTURE = "book/_static/lab.png"
# What the picture shows: front end with the model in it, its look, what is counted, its words.
PICTURE_MADE_BY = ["page_script", "styles", "load_quantities", "load_words"]
TABLES_MADE_BY = {name: [maker.__name__] for name, maker in MAKERS.items()}
needs_all = pytest.mark.skipif(
    not os.environ.get("CARELAB_ALL"), reason="makes stored results again: run.py test --all"
)


def write_entry(root, name: str, made_by: list[str]) -> None:
    """Write the entry of one stored result; all others stay as they are."""
    path = root / "data" / "stored_results.yml"
    entries = {entry["path"]: entry for entry in load_yaml(path)["results"]}
    entries[name] = {"path": name, "made_by": made_by, "identity": identity_of(*made_by)}
    lines = ["# Written by 'python3 run.py test --all'.", "results:"]
    for entry in entries.values():
        lines += [
            f"  - path: {entry['path']}",
            f"    made_by: [{', '.join(entry['made_by'])}]",
            f"    identity: {entry['identity']!r}",
        ]
    write_whole(path, "\n".join([*lines, ""]))


def stale_names() -> list[str]:
    return [sentence.split("'")[1] for sentence in stale_results()]


def seal(root, name: str) -> None:
    """Seal one table: other files that changed must still be looked at."""
    manifest = root / "data" / f"{name}.yml"
    text = manifest.read_text(encoding="utf-8")
    text = re.sub(r"(?m)^sha256: .*$", f"sha256: {file_sha256(root / 'data' / name)}", text)
    write_whole(manifest, text)


@needs_all
@pytest.mark.slow
def test_the_picture_of_the_readme_is_taken_from_the_built_book(root, built_book, browser):
    from playwright.sync_api import expect

    page = browser.new_page(
        viewport={"width": 1280, "height": 1500}, color_scheme="light", device_scale_factor=1
    )
    page.set_default_timeout(60_000)
    page.goto((built_book / "notebooks" / "05-anhui-lab.html").as_uri())
    panel = page.locator("[data-carelab] .carelab-panel").first
    panel.get_by_role("button", name="Skip").click()
    panel.get_by_role("button", name="Anhui: two packages").click()
    panel.locator("input[type=range][name=leakage_charged_share]").first.press("Home")
    panel.evaluate("node => node.scrollIntoView()")
    # The range arrives from beside the page.
    expect(panel.locator(".carelab-summary")).to_contain_text("parameter draws", timeout=120_000)
    box = panel.bounding_box()
    page.screenshot(path=str(root / PICTURE), clip={**box, "height": min(box["height"], 1080)})
    page.close()
    write_entry(root, PICTURE, PICTURE_MADE_BY)
    assert PICTURE not in stale_names()


@needs_all
@pytest.mark.slow
@pytest.mark.parametrize("name", TABLES_MADE_BY)
def test_a_table_of_the_study_is_made_by_the_model(root, name):
    from carelab.study.trust.stored_tables import make_table, stored_table

    file = f"{name}.csv"
    text = make_table(name).to_csv(index=False, float_format="%.5g", lineterminator="\n")
    write_whole(root / "data" / file, text)
    seal(root, file)
    write_entry(root, f"data/{file}", TABLES_MADE_BY[name])
    assert f"data/{file}" not in stale_names()
    assert not [problem for problem in broken_seals() if file in problem]
    assert len(stored_table(name)) > 0


def test_writing_one_entry_loses_no_other(tmp_path):
    (tmp_path / "data").mkdir()
    path = tmp_path / "data" / "stored_results.yml"
    path.write_text("results: []\n", encoding="utf-8")
    for name in ("one.csv", "two.csv", "one.csv"):
        write_entry(tmp_path, name, ["load_levers"])
    entries = load_yaml(path)["results"]
    assert [entry["path"] for entry in entries] == ["one.csv", "two.csv"]
    assert {entry["identity"] for entry in entries} == {identity_of("load_levers")}


def test_every_stored_table_has_an_entry_that_names_its_maker(root):
    entries = load_yaml(root / "data" / "stored_results.yml")["results"]
    stored = {entry["path"]: entry["made_by"] for entry in entries}
    assert stored == {
        PICTURE: PICTURE_MADE_BY,
        **{f"data/{name}.csv": made_by for name, made_by in TABLES_MADE_BY.items()},
    }


def test_a_stored_result_whose_makers_changed_is_stale(root, monkeypatch):
    from carelab.base import checksums

    monkeypatch.setattr(checksums, "identity_of", lambda *_: "0" * 16)
    problems = checksums.stale_results()
    entries = load_yaml(root / "data" / "stored_results.yml")["results"]
    assert len(problems) == len(entries) >= 3
    for entry, problem in zip(entries, problems, strict=True):
        assert f"'{entry['path']}' is stale" in problem
        assert "run.py test --all" in problem


# ------------------------------------------------------------------ what makes a result another


def renew(root, there) -> None:
    """Make a copy what the project is: only what differs is written, so the rest stays known."""
    for name in ("src/carelab", "data", "requirements.lock"):
        kept = set()
        for path in files_below(root / name):
            mine = there / path.relative_to(root)
            kept.add(mine)
            there_is = mine.stat() if mine.is_file() else None
            if there_is is None or there_is.st_mtime_ns != path.stat().st_mtime_ns:
                mine.parent.mkdir(parents=True, exist_ok=True)
                shutil.copy2(path, mine)
        for path in [path for path in (there / name).rglob("*") if path.is_file()]:
            if path not in kept:
                path.unlink()


@pytest.fixture(scope="module")
def copied(tmp_path_factory):
    return tmp_path_factory.mktemp("copy") / "project"


@pytest.fixture
def copy(root, copied, monkeypatch):
    """A copy of package and data that a test may edit; identities are those of the copy."""
    from carelab.base import paths

    there = copied
    renew(root, there)
    monkeypatch.setattr(paths, "_HERE", there / "src" / "carelab" / "base" / "paths.py")
    monkeypatch.setattr(paths, "_PACKAGE", there / "src" / "carelab")
    return there


def identities() -> dict[str, str]:
    """Identity of every stored table, of the picture, of a sweep's code and of the chapters."""
    found = {name: identity_of(*made_by) for name, made_by in TABLES_MADE_BY.items()}
    found["picture"] = identity_of(*PICTURE_MADE_BY)
    found["sweep"] = code_identity("run_block")
    found["chapters"] = execution_cache_path().name
    return found


EVERYTHING = {*TABLES_MADE_BY, "picture", "sweep", "chapters"}


def edit(path, before: str, after: str) -> None:
    text = path.read_text(encoding="utf-8")
    assert before in text
    path.write_text(text.replace(before, after, 1), encoding="utf-8")


def changed(before: dict[str, str]) -> set[str]:
    after = identities()
    return {name for name, value in before.items() if after[name] != value}


def test_a_copy_elsewhere_has_the_same_identities(copy, monkeypatch):
    there = identities()
    monkeypatch.undo()
    assert identities() == there


@pytest.mark.parametrize(
    ("name", "before", "after"),
    [
        ("engine/simulate.py", "def simulate(", "# One month after another.\ndef simulate("),
        ("study/trust/robustness.py", '"""', '"""Once more: '),
        ("engine/simulate.py", '    """', '    """Once more: '),
        ("theory/retention.py", "\n\n\ndef ", "\n\n\n\n\n# Here it begins.\n\n\ndef "),
    ],
)
def test_a_comment_or_docstring_leaves_everything_fresh(copy, name, before, after):
    fresh = identities()
    edit(copy / "src" / "carelab" / name, before, after)
    assert changed(fresh) == set()


def test_a_comment_in_a_script_or_sheet_leaves_everything_fresh(copy):
    fresh = identities()
    static = copy / "src" / "carelab" / "lab" / "static"
    for path in sorted(static.rglob("*.js"))[:3]:
        path.write_text(f"// Once more.\n{path.read_text('utf-8')}", encoding="utf-8")
    for path in static.rglob("*.css"):
        path.write_text(f"/* Once more. */\n{path.read_text('utf-8')}", encoding="utf-8")
    assert changed(fresh) == set()


def test_a_moved_module_leaves_everything_fresh(copy):
    fresh = identities()
    package = copy / "src" / "carelab"
    (package / "study" / "many" / "draws.py").rename(package / "engine" / "drawn.py")
    for path in package.rglob("*.py"):
        text = path.read_text(encoding="utf-8")
        text = text.replace("carelab.study.many.draws", "carelab.engine.drawn")
        path.write_text(text, encoding="utf-8")
    assert changed(fresh) == set()


@pytest.mark.parametrize(
    ("name", "before", "after", "stale"),
    [
        # a threshold of one table
        ("study/trust/robustness.py", "SMALLNESS = 0.001", "SMALLNESS = 0.002", {"robustness"}),
        # a constant of the calibration, from which two tables are made
        (
            "study/trust/calibration.py",
            "_AT_BOUND = ",
            "_AT_BOUND = 2 * ",
            {"fitted_parameters", "fitted_targets"},
        ),
        # a line of the model, on which all hangs
        (
            "engine/timing.py",
            "before + reached * (",
            "before + 0.5 * reached * (",
            EVERYTHING - {"chapters"},
        ),
    ],
)
def test_a_changed_constant_leaves_nothing_fresh_that_uses_it(copy, name, before, after, stale):
    fresh = identities()
    edit(copy / "src" / "carelab" / name, before, after)
    assert changed(fresh) == stale | {"chapters"}


@pytest.mark.parametrize(
    ("name", "before", "after"),
    [
        # the engine, what it is given, the page script, its look and its words
        ("src/carelab/engine/timing.py", "month - start_month + 1", "month - start_month"),
        ("data/levers.csv", "0.6", "0.61"),
        ("src/carelab/lab/static/views/time_chart.js", "const ", "const extra = 1; const "),
        ("src/carelab/lab/static/views/charts.css", "{", "{ outline: none;"),
        ("data/words.csv", "lab.", "lab.another_"),
    ],
)
def test_the_picture_is_stale_as_soon_as_what_it_shows_has_changed(copy, name, before, after):
    entries = load_yaml(copy / "data" / "stored_results.yml")["results"]
    (stored,) = [entry["made_by"] for entry in entries if entry["path"] == PICTURE]
    fresh = identity_of(*stored)
    edit(copy / name, before, after)
    assert identity_of(*stored) != fresh


def test_a_function_taken_from_another_module_is_another_function(copy):
    fresh = identities()
    path = copy / "src" / "carelab" / "study" / "trust" / "robustness.py"
    edit(path, "import drawn_place, strengths", "import drawn_place, weakened as strengths")
    assert changed(fresh) == {"robustness", "chapters"}


@pytest.mark.parametrize(
    ("name", "stale"),
    [
        ("parameters.csv", EVERYTHING - {"sweep"}),
        (
            "targets.csv",
            {
                *("fitted_parameters", "fitted_targets", "preset_checks"),
                *("possible_places", "fair_scores", "chapters"),
            },
        ),
        ("claims.csv", {"chapters"}),
        # a word of a refusal made no number
        ("words.csv", {"picture", "chapters"}),
    ],
)
def test_a_changed_row_leaves_nothing_fresh_that_reads_the_table(copy, name, stale):
    fresh = identities()
    path = copy / "data" / name
    rows = path.read_text(encoding="utf-8").splitlines()
    path.write_text("\n".join([*rows[:-2], rows[-2] + ".", rows[-1], ""]), encoding="utf-8")
    assert changed(fresh) == stale


def test_what_a_system_leaves_in_a_folder_counts_nowhere(copy):
    fresh = identities()
    state = data_version()
    for folder in (copy / "data", copy / "src" / "carelab" / "lab" / "static"):
        (folder / ".DS_Store").write_bytes(b"\0")
    assert changed(fresh) == set()
    assert data_version() == state


def test_a_sweep_hangs_on_the_parameters_of_its_place(monkeypatch):
    from carelab.study.many import sweep as sweeps

    model = sweeps.model_sha256.__wrapped__
    before = model("uk_place", "uk_before")
    parameters = sweeps.place_parameters

    def raised(context: str) -> dict[str, float]:
        found = parameters(context)
        return {**found, "settlement_lag_months": found["settlement_lag_months"] + 1}

    monkeypatch.setattr(sweeps, "place_parameters", raised)
    assert model("uk_place", "uk_before") != before
