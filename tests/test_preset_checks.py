"""No preset enters a chapter without its misses: every preset has its published results listed."""

import re

import pytest

from carelab.base import CarelabError
from carelab.engine.tables import rows_of
from carelab.evidence.registry import load_presets, load_targets
from carelab.lab.labels import labels_data
from carelab.study import stored_table
from carelab.study.trust.preset_checks import (
    NOTHING_PUBLISHED,
    _text,
    preset_checks,
    preset_checks_table,
    preset_misses,
)

PRESETS = tuple(dict.fromkeys(row["preset"] for row in rows_of("presets.csv")))


def test_the_stored_table_is_what_the_scoreboard_says():
    fresh, stored = preset_checks_table(), stored_table("preset_checks")
    assert stored.columns.tolist() == fresh.columns.tolist()
    for column in ("preset", "target", "verdict"):
        assert stored[column].tolist() == fresh[column].tolist()
    both = zip(stored["model"], fresh["model"], strict=True)
    assert all(a == pytest.approx(b, rel=1e-3, abs=1e-3, nan_ok=True) for a, b in both)


@pytest.mark.parametrize("preset", PRESETS)
def test_every_preset_lists_all_published_results_that_concern_it(preset):
    about = load_targets().query("scenario == @preset")
    rows = preset_checks(preset)
    if about.empty:
        assert [row["verdict"] for row in rows] == [NOTHING_PUBLISHED]
    else:
        assert [row["target"] for row in rows] == about["id"].tolist()
        assert [row["verdict"] for row in rows] == about["verdict"].tolist()
    told = [row["text_en"] for row in rows if row["verdict"] != "within"]
    assert [row["text_en"] for row in preset_misses(preset)] == told


def test_a_miss_is_told_in_both_languages_with_what_the_model_gives():
    misses = {row["target"]: row for row in preset_misses("anhui")}
    surplus = misses["youxi_surplus"]
    assert surplus["text_en"].startswith("Youxi: surplus of the package: the model gives ")
    assert surplus["text_en"].endswith("percent, outside the tolerance 0 to 5.")
    assert f"{surplus['model']:.3g}" in surplus["text_en"]
    assert re.search("尤溪.*模型为.*之外", surplus["text_zh"])
    assert "within" not in {row["verdict"] for row in misses.values()}


def test_what_no_publication_measures_is_said_and_not_passed_over():
    for preset in ("changxing", "tianjin", "nanning"):
        (row,) = preset_misses(preset)
        assert row["verdict"] == NOTHING_PUBLISHED
        assert "No published result" in row["text_en"]
        assert "未找到" in row["text_zh"]
        texts = ("context", "target", "name_en", "name_zh", "unit", "used_for", "evidence")
        assert {name: row[name] for name in texts} == dict.fromkeys(texts, "")
        numbers = [row[name] for name in ("published_low", "tolerance_high", "model")]
        assert all(each != each for each in numbers)


def test_an_unknown_preset_gets_one_sentence():
    with pytest.raises(CarelabError, match="preset 'moon' is unknown"):
        preset_misses("moon")


def test_every_preset_used_in_a_chapter_has_its_misses_and_the_reference_page_shows_them(root):
    pages = {path.name: path.read_text("utf-8") for path in (root / "notebooks").glob("*.md")}
    # The case of the tutorial is the reader's own: nobody published results that it could miss.
    own = pages.pop("add-your-case.md")
    assert '"xishui"' in own
    used = {
        name
        for text in pages.values()
        for name in re.findall(r'Scenario\(\s*"\w+",\s*"(\w+)"', text)
    }
    assert {"anhui", "hangzhou", "uk_integrated"} <= used
    listed = set(stored_table("preset_checks")["preset"])
    assert used <= listed == set(PRESETS)
    assert "preset_misses" in pages["care-economy-evidence.md"]


def test_a_preset_says_in_one_number_how_much_of_it_a_source_gives():
    shown = labels_data("en")["presets"]
    for (model, preset), rows in load_presets().groupby(["model", "preset"]):
        stated = rows["class"].isin(["stated", "observed"])
        if model == "care_economy":
            assert shown[preset]["known"] == {"known": stated.sum(), "count": len(rows)}
    anhui = shown["anhui"]["known"]
    assert 0 < anhui["known"] < anhui["count"] / 4


def test_a_setting_that_is_ours_says_so_and_a_stated_one_names_its_source():
    for row in load_presets().to_dict("records"):
        stated = row["class"] in ("stated", "observed")
        assert (row["source"] != "carelab") == stated, row
        assert bool(row["evidence"]) or not stated, row
        assert len(row["note"]) > 20, row


@pytest.mark.parametrize(
    ("verdict", "low", "high", "english", "chinese"),
    [
        ("outside", 0.0, 5.0, "Saved: the model gives 1.23 percent, outside the tolerance 0 to 5.",
         "结余：模型为 1.23 %，在容许范围（0 至 5）之外。"),
        ("within", 0.5, float("nan"),
         "Saved: the model gives 1.23 percent, within the tolerance from 0.5.",
         "结余：模型为 1.23 %，在容许范围（不低于 0.5）之内。"),
        ("within", float("nan"), 12.3456,
         "Saved: the model gives 1.23 percent, within the tolerance up to 12.35.",
         "结余：模型为 1.23 %，在容许范围（不高于 12.35）之内。"),
    ],
)  # fmt: skip
def test_a_check_is_told_whole_in_both_languages(verdict, low, high, english, chinese):
    row = {"verdict": verdict, "tolerance_low": low, "tolerance_high": high, "model": 1.2345,
           "name_en": "Saved", "name_zh": "结余", "unit": "%"}  # fmt: skip
    assert _text("en", row) == english
    assert _text("zh", row) == chinese
