"""Stored results are made again by ``run.py test --all``, and must not be stale otherwise."""

import os

import pytest

from carelab.provenance import hash_of_files, stale_results

PICTURE = "book/_static/lab.png"
# What the picture shows: front end, model, and the data of the lab.
PICTURE_DEPENDS_ON = [
    "src/carelab/widgets/static",
    "src/carelab/theory",
    "data/levers.csv",
    "data/parameters.csv",
    "data/presets.csv",
    "data/quantities.csv",
]
needs_all = pytest.mark.skipif(
    not os.environ.get("CARELAB_ALL"), reason="makes stored results again: run.py test --all"
)


def write_entry(root, name: str, depends_on: list[str]) -> None:
    lines = ["# Written by 'python3 run.py test --all'.", "results:", f"  - path: {name}"]
    lines += ["    depends_on:", *(f"      - {each}" for each in depends_on)]
    lines += [f"    hash: {hash_of_files(depends_on)!r}", ""]
    path = root / "data" / "stored_results.yml"
    path.write_text("\n".join(lines), encoding="utf-8", newline="\n")


@needs_all
@pytest.mark.slow
def test_the_picture_of_the_readme_is_taken_from_the_built_book(root, built_book, browser):
    page = browser.new_page(
        viewport={"width": 1280, "height": 1100}, color_scheme="light", device_scale_factor=1
    )
    page.goto((built_book / "notebooks" / "02-payment.html").as_uri())
    lab = page.locator("[data-carelab] .carelab-panel").first
    lab.get_by_role("button", name="Anhui medical package").click()
    page.wait_for_timeout(300)
    lab.screenshot(path=str(root / PICTURE))
    page.close()
    write_entry(root, PICTURE, PICTURE_DEPENDS_ON)
    assert stale_results() == []


def test_a_stored_result_whose_inputs_changed_is_stale(root, monkeypatch):
    from carelab.provenance import checksums

    monkeypatch.setattr(checksums, "hash_of_files", lambda *_: "0" * 16)
    problems = checksums.stale_results()
    assert len(problems) == 1
    assert "lab.png' is stale" in problems[0]
    assert "run.py test --all" in problems[0]
