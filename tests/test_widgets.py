"""The lab as a widget: one script, no foreign code, honest bad news."""

import json
import re
import subprocess

import pytest

from carelab.base import CarelabError, load_words
from carelab.base.palette import paint
from carelab.engine import LEVERS, Scenario, simulate, yearly_outcomes
from carelab.evidence import load_levers, load_quantities
from carelab.lab import CareLab, Prediction, live_script, page_part, page_script, styles
from carelab.lab.bundle import FILES, PARTS, in_order, live_styles
from carelab.lab.hospital_lab import HOSPITAL_LAB, hospital_configuration, preset_values
from carelab.lab.labels import MONEY_LINKS, labels_data
from carelab.theory import MODELS

PAGE_SCRIPTS = "".join((page_script(), *map(page_part, PARTS)))


@pytest.fixture
def lab():
    return CareLab(question="Who gains?")


def test_the_joined_scripts_hold_no_import_and_name_no_host():
    for script in (PAGE_SCRIPTS, live_script()):
        assert not re.search(r"^\s*import\b", script, re.MULTILINE)
        hosts = set(re.findall(r"https?://[\w./-]+", script))
        assert hosts <= {"http://www.w3.org/2000/svg"}
    assert not re.search(r"@import|url\(", styles())


def test_both_scripts_are_valid_javascript(node, tmp_path):
    parts = [(f"{name}.cjs", page_part(name)) for name in FILES]
    for name, script in (("page.cjs", page_script()), ("live.mjs", live_script()), *parts):
        path = tmp_path / name
        path.write_text(script, encoding="utf-8")
        done = subprocess.run([node, "--check", str(path)], capture_output=True, text=True)
        assert done.returncode == 0, done.stderr


def test_the_script_never_parses_data_as_markup():
    assert not re.search(r"innerHTML|outerHTML|insertAdjacentHTML|document\.write", PAGE_SCRIPTS)


def test_in_a_live_notebook_every_length_can_follow_larger_letters():
    sheet = live_styles()
    left = [line for line in sheet.splitlines() if re.search(r"(?<!, 1)(?<=\d)rem\b", line)]
    assert all(line.startswith("@container") for line in left)
    assert sheet.count("var(--carelab-rem, 1rem)") > 100
    plain = re.sub(r"calc\((-?[\d.]+) \* var\(--carelab-rem, 1rem\)\)", r"\1rem", sheet)
    assert plain == styles().rstrip("\n")


# A room imports only from rooms below it; two on a line never from each other.
ROOMS = (("kit", "analysis"), ("scenarios",), ("views",), ("roles", "hospital", "welcome"), (".",))


def test_every_module_lies_in_a_room_and_imports_point_down(root):
    static = root / "src/carelab/lab/static"
    height = {room: at for at, line in enumerate(ROOMS) for room in line}
    for path in static.rglob("*.js"):
        room = path.parent.relative_to(static).as_posix()
        for address in re.findall(r"^import .* from \"(.*)\";", path.read_text("utf-8"), re.M):
            below = (path.parent / address).resolve().parent.relative_to(static).as_posix()
            assert below == room or height[below] < height[room], (path.name, address)


def test_every_module_stands_in_a_script_once_and_after_what_it_imports(root):
    static = root / "src/carelab/lab/static"
    made = {
        path.relative_to(static).with_suffix("").as_posix().replace("/", "_")
        for path in static.rglob("*.js")
    }
    found = re.findall(r"^const module_(\w+) = \(\(\) =>", PAGE_SCRIPTS, re.M)
    assert sorted(found) == sorted(made - {"live"})
    assert in_order("page").index("kit/dom") < in_order("page").index("views/economy")


def test_every_sheet_of_the_lab_is_joined_once(root):
    static = root / "src/carelab/lab/static"
    for path in static.rglob("*.css"):
        if path.name != "lab.css":
            assert styles().count(paint(path.read_text("utf-8"))) == 1, path.name


def test_modules_that_import_each_other_are_refused(monkeypatch, tmp_path):
    (tmp_path / "one.js").write_text('import { two } from "./two.js";\n')
    (tmp_path / "two.js").write_text('import { one } from "./one.js";\n')
    monkeypatch.setattr("carelab.lab.bundle._STATIC", tmp_path)
    in_order.cache_clear()
    with pytest.raises(CarelabError, match="one → two → one"):
        in_order("one")
    with pytest.raises(CarelabError, match=r"no module of the labs is 'three.js'"):
        in_order("three")
    in_order.cache_clear()


def test_chinese_words_use_chinese_punctuation():
    half = re.compile(r"[\u3400-\u9fff] ?[,;:?!()]|[,;:?!()] ?[\u3400-\u9fff]")
    # A citation has Latin names in it.
    wrong = {key for key, text in load_words("zh").items() if half.search(text)}
    assert {key for key in wrong if "CC BY" not in load_words("zh")[key]} == set()


# Names that mean something else in Chinese, or that call a thing by a second name.
OTHER_NAMES = (
    "切身|重症|轻症|就治|有效治疗|余额|合同|努力|压缩质量|拉力|门槛|赤字|守门|外流|居民自付"
)


def test_chinese_names_of_levers_and_quantities_follow_the_term_base():
    half = re.compile(r"[\u3400-\u9fff] ?[,;:?!()]|[,;:?!()] ?[\u3400-\u9fff]")
    for model in ("care_economy", "retention"):
        for rows in (load_levers(model), load_quantities(model)):
            for column in [each for each in rows.columns if each.endswith("_zh")]:
                for text in rows[column]:
                    assert not re.search(OTHER_NAMES, text), (column, text)
                    assert not half.search(text), (column, text)


def test_the_ends_of_a_lever_have_at_most_four_words():
    for model in ("care_economy", "retention"):
        levers = load_levers(model)
        for text in (*levers["low_means_en"], *levers["high_means_en"]):
            assert 1 <= len(text.split()) <= 4, text


def test_every_word_that_the_script_asks_for_exists_in_both_languages():
    code = PAGE_SCRIPTS
    asked = set(re.findall(r"words(?:\?)?\.?\[\"([a-z_.]+)\"\]", code))
    asked |= set(re.findall(r"\"(lab\.[a-z_.]+)\"", code))
    assert len(asked) > 100
    # Keys that are put together: at least one word must begin, and end, like each of them.
    for before, after in re.findall(r"t\(`([a-z]+\.[a-z_.]*)\$\{[^}]*\}([a-z_.]*)`", code):
        made = [key for key in load_words("en") if re.fullmatch(f"{before}\\w+{after}", key)]
        assert made, (before, after)
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
    assert f"\N{MINUS SIGN}{-expected['prevented_episode_gain']:,.0f} CNY per case" in html


def test_a_chinese_configuration_speaks_chinese():
    config = hospital_configuration(HOSPITAL_LAB, "zh")
    assert config["language"] == "zh-CN"
    levers = config["registry"]["levers"].values()
    assert all(re.search(r"[\u4e00-\u9fff]", lever["question"]) for lever in levers)
    assert re.search(r"[\u4e00-\u9fff]", config["registry"]["words"]["retention.summary.felt"])


def test_every_lever_shows_its_class_source_and_what_its_ends_mean():
    for lever in hospital_configuration(HOSPITAL_LAB)["registry"]["levers"].values():
        for key in ("class", "source", "low_means", "high_means", "note", "meaning"):
            assert lever[key].strip(), (lever["name"], key)
    assert len(load_levers("retention")) == 4


ANHUI = Scenario("china_county", "anhui")


@pytest.fixture
def county():
    return CareLab(question="Who gains?", scenario=ANHUI)


def test_a_lab_of_the_care_economy_opens_with_few_levers_and_charts(county):
    assert 1 <= len(county.config["levers"]) <= 6
    assert 1 <= len(county.config["charts"]) <= 4
    assert county.levers == ANHUI.levers
    assert county.scenario == ANHUI


def test_scenario_text_and_levers_of_a_lab_never_disagree(county):
    county.set(leakage_charged_share=0.25)
    assert county.scenario_text == county.scenario.to_text()
    there = Scenario("uk_place", "uk_integrated", {"pooled_share": 0.125})
    county.scenario = there
    assert county.scenario == there
    assert county.scenario_text == there.to_text()
    assert county.levers == dict(there.levers)
    # What the page sends after a change of preset: both in one message.
    here = Scenario("china_county", "hangzhou")
    county.set_state({"levers": dict(here.levers), "scenario_text": here.to_text()})
    assert county.scenario == here
    assert county.scenario_text == here.to_text()
    for text in ("nonsense", "carelab/0/china_county/anhui", "carelab/2/mars/anhui"):
        with pytest.raises(CarelabError):
            county.scenario_text = text
    assert county.scenario == here
    with pytest.raises(CarelabError, match="no scenario"):
        CareLab(question="Who gains?").scenario = here


def test_moving_a_lever_of_the_care_economy_moves_scenario_and_table(county):
    before = county.table
    county.set(contract_share=0.0)
    assert county.scenario == ANHUI.change(contract_share=0.0)
    assert (county.table["reach"] < before["reach"]).all()
    assert county.outcomes["reach"] == county.table["reach"][5]


@pytest.mark.parametrize(
    ("lever", "value", "reason"),
    [
        ("contract_share", 1.4, "allowed is 0 to 1"),
        ("bodies_under_cap", 0, "allowed is 1 to 10"),
        ("price", 1.0, "lever 'price' is unknown"),
    ],
)
def test_a_bad_lever_of_the_care_economy_moves_nothing(county, lever, value, reason):
    with pytest.raises(CarelabError, match=reason):
        county.set(**{lever: value})
    assert county.scenario == ANHUI


@pytest.mark.parametrize(
    ("choice", "reason"),
    [
        ({"levers": LEVERS[:7]}, "allowed are 1 to 6"),
        ({"levers": ("price",)}, "lever 'price' is unknown"),
        ({"charts": ("weather",)}, "outcome 'weather' is unknown"),
        ({"charts": ("reach", "reach")}, "different names"),
        ({"presets": ("mars",)}, "preset 'mars' is unknown"),
        ({"years": 16}, "years is 16; allowed is 1 to 15"),
        ({"year": 0}, "year is 0; allowed is 1 to 10"),
        ({"predict": Prediction("?", ANHUI, ("weather",))}, "outcome 'weather' is unknown"),
    ],
)
def test_a_lab_that_cannot_be_built_says_why(choice, reason):
    with pytest.raises(CarelabError, match=reason):
        CareLab(question="Who gains?", scenario=ANHUI, **choice)


def test_the_static_page_of_the_care_economy_shows_now_and_before(county):
    html = county._repr_mimebundle_()[0]["text/html"]
    now = yearly_outcomes(ANHUI, ["reach"], 5)["reach"][5]
    before = yearly_outcomes(Scenario("china_county", "china_dilemma"), ["reach"], 5)["reach"][5]
    assert f"<td>{now:.0%}".replace("%", "\u202f%") in html
    assert f"<td>{before:.0%}".replace("%", "\u202f%") in html


def test_years_are_means_of_months_and_stocks_are_read_where_the_year_ends():
    frame = simulate(ANHUI, years=2)
    paths = frame.pivot(index="month", columns="outcome", values="value")
    years = yearly_outcomes(ANHUI, ["reach", "next_hospital_balance"], years=2)
    assert years["reach"][2] == pytest.approx(paths["reach"][12:].mean(), rel=1e-12)
    assert years["next_hospital_balance"][2] == paths["next_hospital_balance"][23]
    with pytest.raises(CarelabError, match="outcome 'weather' is unknown"):
        yearly_outcomes(ANHUI, ["weather"])


def test_every_lever_and_quantity_speaks_both_languages():
    for language in ("en", "zh"):
        data = labels_data(language)
        assert set(data["levers"]) == set(LEVERS)
        units = {each["unit"] for each in data["quantities"].values()}
        assert {f"unit.{unit}" for unit in units} <= set(data["words"])


def test_the_lab_tells_what_each_preset_misses():
    from carelab.study.trust.preset_checks import preset_misses

    presets = labels_data("en")["presets"]
    for name, preset in presets.items():
        assert preset["misses"] == [row["text_en"] for row in preset_misses(name)]
    assert any("outside the tolerance" in text for text in presets["anhui"]["misses"])


def test_the_money_picture_holds_every_payment_of_the_accounts():
    """What each party receives in the picture is what its account receives."""
    from carelab.engine import load_place, run_months

    place = load_place("uk_place")
    levers = Scenario("uk_place", "uk_integrated").levers
    *_, flows = run_months(place, levers, 30)
    known = {**flows, **{f"inputs.{name}": value for name, value in place.fixed_inputs.items()}}

    def amount(terms):
        total = 0.0
        for term in terms:
            product = -1.0 if term.startswith("-") else 1.0
            for name in term.removeprefix("-").split("*"):
                product *= known[name]
            total += product
        return total

    received = {"hospital": 0.0, "primary": 0.0}
    for source, target, terms in MONEY_LINKS:
        for holder, sign in ((target, 1), (source, -1)):
            if holder in received:
                received[holder] += sign * amount(terms)
    spent_hospital = sum(
        flows[f"hospital_{part}"] for part in ("variable_cost", "fixed", "effort_cost")
    )
    assert received["hospital"] - spent_hospital - flows["mentoring_cost"] == pytest.approx(
        flows["hospital_change"], rel=1e-9
    )
    spent_primary = (
        sum(flows[f"primary_{part}"] for part in ("variable_cost", "fixed", "effort_cost"))
        + flows["prevention_spending"]
    )
    assert received["primary"] - spent_primary - flows["information_cost"] == pytest.approx(
        flows["primary_change"], rel=1e-9
    )
