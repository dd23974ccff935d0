"""The lab as a widget: one script, no foreign code, honest bad news."""

import json
import re
import subprocess

import pytest

from carelab.evidence import load_levers
from carelab.provenance import CarelabError, load_words
from carelab.theory import MODELS
from carelab.widgets import CareLab, live_script, page_script, styles
from carelab.widgets.configuration import RETENTION_LAB, build_configuration, preset_values


@pytest.fixture
def lab():
    return CareLab(question="Who gains?")


def test_the_joined_scripts_hold_no_import_and_name_no_host():
    for script in (page_script(), live_script()):
        assert not re.search(r"^\s*import\b", script, re.MULTILINE)
        hosts = set(re.findall(r"https?://[\w./-]+", script))
        assert hosts <= {"http://www.w3.org/2000/svg"}
    assert not re.search(r"@import|url\(", styles())


def test_both_scripts_are_valid_javascript(node, tmp_path):
    for name, script in (("page.cjs", page_script()), ("live.mjs", live_script())):
        path = tmp_path / name
        path.write_text(script, encoding="utf-8")
        done = subprocess.run([node, "--check", str(path)], capture_output=True, text=True)
        assert done.returncode == 0, done.stderr


def test_the_script_never_parses_data_as_markup():
    assert not re.search(r"innerHTML|outerHTML|insertAdjacentHTML|document\.write", page_script())


def test_javascript_modules_stay_short(root):
    for path in (root / "src/carelab/widgets/static").glob("*.js"):
        assert len(path.read_text(encoding="utf-8").splitlines()) <= 300, path.name


def test_every_word_that_the_script_asks_for_exists_in_both_languages():
    asked = set(re.findall(r"words(?:\?)?\.?\[\"([a-z_.]+)\"\]", page_script()))
    assert len(asked) > 20
    for language in ("en", "zh"):
        assert asked <= set(load_words(language))


def test_both_languages_have_the_same_placeholders():
    english, chinese = load_words("en"), load_words("zh")
    for key, text in english.items():
        names = re.findall(r"\{[^}]*\}", text)
        assert sorted(names) == sorted(re.findall(r"\{[^}]*\}", chinese[key])), key


def test_the_lab_opens_with_at_most_six_levers_and_its_opening_preset(lab):
    assert len(lab.config["levers"]) <= 6
    assert lab.levers == preset_values("retention", "fee_for_service")


def test_moving_a_lever_from_python_changes_the_outcomes(lab):
    before = lab.outcomes["prevented_episode_gain"]
    lab.set(contract_share=1.0)
    assert lab.outcomes["prevented_episode_gain"] > before


@pytest.mark.parametrize(
    ("lever", "value", "reason"),
    [
        ("contract_share", 1.4, "allowed is 0 to 1"),
        ("contract_share", float("nan"), "allowed is 0 to 1"),
        ("contract_share", "half", "allowed is 0 to 1"),
        ("price", 1.0, "lever 'price' is unknown"),
    ],
)
def test_a_bad_lever_is_refused_in_one_sentence_and_nothing_moves(lab, lever, value, reason):
    before = dict(lab.levers)
    with pytest.raises(CarelabError, match=reason):
        lab.set(**{lever: value})
    assert lab.levers == before


def test_two_labs_do_not_share_their_levers(lab):
    other = CareLab(question="And now?", opening="anhui_package")
    lab.set(contract_share=0.35)
    assert other.levers["contract_share"] == pytest.approx(0.9)


def test_the_static_page_gets_a_table_a_figure_and_the_configuration(lab):
    class Figure:
        def _repr_html_(self):
            return "<figure>drawn</figure>"

    shown = CareLab(question="Who gains </script><b>?", figure=Figure())
    html = shown._repr_mimebundle_()[0]["text/html"]
    assert "<figure>drawn</figure>" in html
    assert "<table" in html
    # Three places: question, configuration; none may close the element early or be markup.
    assert html.count("</script>") == 1
    assert "<b>" not in re.sub(r"<script.*?</script>", "", html, flags=re.DOTALL)
    inside = re.search(r"<script[^>]*>(.*)</script>", html, re.DOTALL).group(1)
    assert json.loads(inside)["question"] == "Who gains </script><b>?"


def test_the_static_table_shows_what_the_model_gives(lab):
    html = lab._repr_mimebundle_()[0]["text/html"]
    expected = MODELS["retention"].run(**lab.levers, **lab.config["parameters"])
    assert f"{expected['prevented_episode_gain']:,.0f} CNY per case" in html


def test_a_chinese_configuration_speaks_chinese():
    config = build_configuration(RETENTION_LAB, "zh")
    assert config["language"] == "zh-CN"
    assert all(re.search(r"[\u4e00-\u9fff]", lever["label"]) for lever in config["levers"])
    assert config["words"]["lab.reset_all"] == "全部重置"


def test_every_lever_shows_its_class_source_and_what_its_ends_mean():
    for lever in build_configuration(RETENTION_LAB)["levers"]:
        for key in ("class", "source_title", "low_means", "high_means", "note", "meaning"):
            assert lever[key].strip(), (lever["name"], key)
    assert len(load_levers("retention")) == 4
