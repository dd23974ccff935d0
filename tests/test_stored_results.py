"""Stored results are made again by ``run.py test --all``, and must not be stale otherwise."""

import os
import re

import pytest

from carelab.base import broken_seals, file_sha256, hash_of_files, load_yaml, stale_results

PICTURE = "book/_static/lab.png"
# What the picture shows: front end, model, and the data of the lab.
PICTURE_DEPENDS_ON = [
    "src/carelab/lab/static",
    "src/carelab/theory",
    "data/levers.csv",
    "data/parameters.csv",
    "data/presets.csv",
    "data/quantities.csv",
]
_MODEL = [
    "src/carelab/engine",
    "src/carelab/theory",
    "src/carelab/tracing/operations.py",
    "src/carelab/tracing/record.py",
    "src/carelab/study/many/draws.py",
    "data/levers.csv",
    "data/parameters.csv",
    "data/presets.csv",
]
_CALIBRATION = [
    *_MODEL,
    "data/targets.csv",
    "src/carelab/study/trust/scoreboard.py",
    "src/carelab/study/trust/calibration.py",
    "src/carelab/study/trust/calibration_tables.py",
]
TABLES_DEPEND_ON = {
    "robustness": [
        *_MODEL,
        "src/carelab/study/trust/robustness.py",
        "src/carelab/study/trust/directional.py",
        "src/carelab/study/trust/directional_anhui.py",
        "src/carelab/study/trust/directional_dilemma.py",
        "src/carelab/study/trust/directional_elsewhere.py",
    ],
    "sensitivity": [*_MODEL, "src/carelab/study/trust/sensitivity.py"],
    "fitted_parameters": _CALIBRATION,
    "fitted_targets": _CALIBRATION,
    "preset_checks": [
        *_MODEL,
        "data/targets.csv",
        "src/carelab/study/trust/scoreboard.py",
        "src/carelab/study/trust/preset_checks.py",
    ],
}
needs_all = pytest.mark.skipif(
    not os.environ.get("CARELAB_ALL"), reason="makes stored results again: run.py test --all"
)


def write_entry(root, name: str, depends_on: list[str]) -> None:
    """Write the entry of one stored result; all others stay as they are."""
    path = root / "data" / "stored_results.yml"
    entries = {entry["path"]: entry for entry in load_yaml(path)["results"]}
    entries[name] = {"path": name, "depends_on": depends_on, "hash": hash_of_files(depends_on)}
    lines = ["# Written by 'python3 run.py test --all'.", "results:"]
    for entry in entries.values():
        lines += [f"  - path: {entry['path']}", "    depends_on:"]
        lines += [f"      - {each}" for each in entry["depends_on"]]
        lines.append(f"    hash: {entry['hash']!r}")
    path.write_text("\n".join([*lines, ""]), encoding="utf-8", newline="\n")


def stale_names() -> list[str]:
    return [sentence.split("'")[1] for sentence in stale_results()]


def seal(root, name: str) -> None:
    """Seal one table: other files that changed must still be looked at."""
    manifest = root / "data" / f"{name}.yml"
    text = manifest.read_text(encoding="utf-8")
    text = re.sub(r"(?m)^sha256: .*$", f"sha256: {file_sha256(root / 'data' / name)}", text)
    manifest.write_text(text, encoding="utf-8", newline="\n")


@needs_all
@pytest.mark.slow
def test_the_picture_of_the_readme_is_taken_from_the_built_book(root, built_book, browser):
    page = browser.new_page(
        viewport={"width": 1280, "height": 1500}, color_scheme="light", device_scale_factor=1
    )
    page.set_default_timeout(60_000)
    page.goto((built_book / "notebooks" / "05-anhui.html").as_uri())
    panel = page.locator("[data-carelab] .carelab-panel").first
    panel.get_by_role("button", name="Skip").click()
    panel.evaluate("node => node.scrollIntoView()")
    # The spread arrives from beside the page.
    panel.locator("[role=status]").get_by_text("parameter draws").first.wait_for()
    box = panel.bounding_box()
    page.screenshot(path=str(root / PICTURE), clip={**box, "height": min(box["height"], 1080)})
    page.close()
    write_entry(root, PICTURE, PICTURE_DEPENDS_ON)
    assert PICTURE not in stale_names()


@needs_all
@pytest.mark.slow
@pytest.mark.parametrize("name", TABLES_DEPEND_ON)
def test_a_table_of_the_study_is_made_by_the_model(root, name):
    from carelab.study.trust.stored_tables import make_table, stored_table

    file = f"{name}.csv"
    make_table(name).to_csv(
        root / "data" / file, index=False, float_format="%.5g", lineterminator="\n"
    )
    seal(root, file)
    write_entry(root, f"data/{file}", TABLES_DEPEND_ON[name])
    assert f"data/{file}" not in stale_names()
    assert not [problem for problem in broken_seals() if file in problem]
    assert len(stored_table(name)) > 0


def test_writing_one_entry_loses_no_other(tmp_path):
    (tmp_path / "data").mkdir()
    path = tmp_path / "data" / "stored_results.yml"
    path.write_text("results: []\n", encoding="utf-8")
    for name in ("one.csv", "two.csv", "one.csv"):
        write_entry(tmp_path, name, ["data/levers.csv"])
    entries = load_yaml(path)["results"]
    assert [entry["path"] for entry in entries] == ["one.csv", "two.csv"]
    assert {entry["hash"] for entry in entries} == {hash_of_files(["data/levers.csv"])}


def test_every_stored_table_has_an_entry_with_what_it_depends_on(root):
    entries = load_yaml(root / "data" / "stored_results.yml")["results"]
    stored = {entry["path"]: entry["depends_on"] for entry in entries}
    for name, depends_on in TABLES_DEPEND_ON.items():
        assert stored[f"data/{name}.csv"] == depends_on
    assert stored[PICTURE] == PICTURE_DEPENDS_ON


def test_a_stored_result_whose_inputs_changed_is_stale(root, monkeypatch):
    from carelab.base import checksums

    monkeypatch.setattr(checksums, "hash_of_files", lambda *_: "0" * 16)
    problems = checksums.stale_results()
    entries = load_yaml(root / "data" / "stored_results.yml")["results"]
    assert len(problems) == len(entries) >= 3
    for entry, problem in zip(entries, problems, strict=True):
        assert f"'{entry['path']}' is stale" in problem
        assert "run.py test --all" in problem
