"""A file that a reader wrote is read as it was meant, or refused in a sentence; never cut."""

import shutil
import warnings

import pytest

import carelab
from carelab.base import CarelabError, execution_cache_path
from carelab.base.checksums import data_version
from carelab.base.own_files import find_own_cases, is_date
from carelab.base.yaml_files import parse_yaml
from carelab.cli import main
from carelab.engine import preset_levers
from carelab.evidence.cases.check import check_case
from carelab.evidence.cases.files import load_case, load_case_file, load_cases, read_cases
from carelab.evidence.cases.template import write_template
from carelab.lab.own_cases import own_in_lab
from carelab.study.many.experiment import load_experiment


@pytest.fixture
def own(root, tmp_path, monkeypatch):
    """A folder of the reader's with one case, named in the environment."""
    folder = tmp_path / "mine"
    folder.mkdir()
    shutil.copy(root / "tests" / "cases" / "xishui.yml", folder)
    monkeypatch.setenv("CARELAB_CASES", str(folder))
    return folder


def spoil(folder, old: str, new: str):
    path = folder / "xishui.yml"
    text = path.read_text(encoding="utf-8")
    assert old in text, old
    path.write_text(text.replace(old, new, 1), encoding="utf-8")
    return path


LEVEL = 'level: {text: "A county and its townships.", claims: [E1]}'
ACTOR = '{id: hospital, name_en: "County hospital", role: hospital, claims: [E1]}'
EVENT = '{date: 2022-01, event: "Five centres are integrated", kind: pilot, claims: [E1]}'


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("value: 0.2", "value: 0,8", "0,8 has a comma; write 0.8"),
        (LEVEL, "level: {text: A county, its townships, claims: [E1]}", "the key 'its townships'"),
        ("kind: pilot, claims", "kind: pilot, place: here, claims", "the key 'place'"),
        ("kind: decides, claims", "kind: decides, how: x, claims", "the key 'how'"),
        ("read_as: abstract, class: stated", "read_as: abstract, page: 7, class: stated", "'page'"),
        ("{status: partial,", "{status: partial, text: x,", "the key 'text'"),
        ("direction: worsened,", "direction: worsened, sign: 1,", "the key 'sign'"),
        ("lever: contract_share,", "lever: contract_share, unit: share,", "the key 'unit'"),
        (f"- {ACTOR}", f"- {ACTOR}\n  - {ACTOR}", "'actors' holds 'hospital' twice"),
        ("\nfields:", '\n  - {id: E1, source: "B", read_as: abstract, class: stated, text: "B"}'
         "\nfields:", "'evidence' holds 'E1' twice"),
        ("date: 2022-01", "date: 2022-13", "a day, month or year of the calendar"),
        ("date: 2022-01", 'date: "2023-02-29"', "a day, month or year of the calendar"),
        ("date: 2022-01", "date: 2023-02-29", "impossible value"),
        ("date: 2022-01", "date: 0000", "a day, month or year of the calendar"),
        ("value: 0.2", "value: 010", "is '010'"),
        ("value: 0.2", "value: 1:30", "is '1:30'"),
        ('  - "How the integrated', '  - Not stated: how the integrated', "in quotes where it has"),
        ('  - "How the integrated centres are paid."', "  - 7", "an entry of 'not_stated' is '7'"),
        ('  - "How the integrated centres are paid."', "  -", "an entry of 'not_stated' is 'None'"),
        ('  - "How the integrated centres are paid."', "  - A.\n  - A.", "'A.' twice"),
        (LEVEL, LEVEL.replace("[E1]", "[E1, E1]"), "holds 'E1' twice"),
    ],
)  # fmt: skip
def test_what_would_be_cut_or_shown_wrong_is_refused_by_check_and_by_every_reader(
    own, old, new, said
):
    path = spoil(own, old, new)
    found = check_case(path)
    assert any(said in sentence for sentence in found), found
    with pytest.raises(CarelabError, match=r"xishui\.yml"):
        load_case_file(path)
    cases, left_out = read_cases()
    assert "xishui" not in cases
    assert ["xishui.yml" in sentence for sentence in left_out] == [True]


@pytest.mark.parametrize("word", ["no", "on", "off", "yes"])
def test_a_word_that_old_yaml_takes_for_true_or_false_is_a_text(word):
    assert parse_yaml(f"country: {word}", "a case") == {"country": word}


@pytest.mark.parametrize("name", ["no", "on", "off", "yes", "true", "false", "null"])
def test_a_new_case_of_any_name_is_read_again_by_its_name(name, tmp_path):
    path = write_template(name, tmp_path)
    text = path.read_text(encoding="utf-8").replace("CHANGE ME: ", "")
    path.write_text(text.replace("actors: []", f"actors:\n  - {ACTOR}"), encoding="utf-8")
    assert load_case_file(path).id == name


@pytest.mark.parametrize("text", ["v: 1e3", "v: 1000", "v: 1000.0", "v: +1000.", "v: 1.0E+3"])
def test_a_number_is_read_as_a_number(text):
    assert parse_yaml(text, "x") == {"v": 1000}


@pytest.mark.parametrize("text", ["0,8", "{low: 0,2, high: 1}", "[0,5, 1]", "{a: [1,2]}"])
def test_a_decimal_comma_is_never_read_as_two(text):
    content = f"{{value: {text}}}"
    with pytest.raises(CarelabError, match="has a comma; write"):
        parse_yaml(content, "x")


def test_two_numbers_with_a_space_or_a_point_are_two():
    assert parse_yaml("[0, 5]", "x") == [0, 5]
    assert parse_yaml("[0,0.5,1.5]", "x") == [0, 0.5, 1.5]


def test_a_day_is_one_of_the_calendar():
    good = ["2019", "2021-07", "2024-02-29", "1999-12-31"]
    bad = ["2023-02-29", "2022-13", "2022-00", "0000", "2022-1", "２０１９", "2019-01-01 10:00", ""]
    assert all(map(is_date, good)) and not any(map(is_date, bad))


@pytest.mark.parametrize("name", ["._xishui.yml", ".#xishui.yml", ".DS_Store", ".xishui.yml.swp"])
def test_hidden_files_are_no_data(own, name):
    before = set(load_cases()), execution_cache_path(), data_version()
    (own / name).write_bytes(b"\x00\x05\x16\x07\x00\x02\x00\x00Mac OS X\xb0")
    assert (set(load_cases()), execution_cache_path(), data_version()) == before
    assert find_own_cases().hidden == [name]
    assert own_in_lab("retention", "en")["problems"] == []
    assert list(own_in_lab("retention", "en")["presets"]) == ["xishui"]


def test_both_endings_of_yaml_are_read_and_one_case_stands_once(own):
    (own / "xishui.yml").rename(own / "xishui.yaml")
    assert load_case("xishui").short_en == "Xishui"
    assert check_case(own / "xishui.yaml") == []
    spoilt = (own / "xishui.yaml").read_text(encoding="utf-8")
    assert "model: retention, lever: contract_share" in spoilt
    text = spoilt.replace("model: retention, lever: contract_share", "model: care_economy, lever:"
                          " contract_share")  # fmt: skip
    (own / "xishui.yaml").write_text(text, encoding="utf-8")
    assert preset_levers("xishui")["contract_share"] == 0.2
    shutil.copy(own / "xishui.yaml", own / "xishui.yml")
    cases, left_out = read_cases()
    assert "xishui" in cases
    assert ["name of another case" in sentence for sentence in left_out] == [True]
    assert any("another case is called" in each for each in check_case(own / "xishui.yml"))


def test_a_draft_is_named_as_one_and_left_out_everywhere(own, capsys):
    path = write_template("my_town", own)
    cases, left_out = read_cases()
    assert "my_town" not in cases and "xishui" in cases
    assert left_out and "file 'my_town.yml' is a draft: 'CHANGE ME' still stands" in left_out[0]
    with pytest.warns(UserWarning, match="left out: file 'my_town.yml' is a draft"):
        assert "my_town" not in set(carelab.compare()["case"])
    for step in (lambda: load_case("my_town"), lambda: preset_levers("my_town")):
        with pytest.raises(CarelabError, match="is a draft"):
            step()
    assert ["is a draft" in each for each in own_in_lab("retention", "en")["problems"]] == [True]
    assert main(["check-case", str(path)]) == 1
    assert "is a draft" in capsys.readouterr().out


def test_everything_in_the_folder_of_cases_is_read_or_named(own):
    (own / "second.yml.txt").write_text("id: second", encoding="utf-8")
    (own / "cases.zip").write_bytes(b"PK")
    (own / "deep").mkdir()
    (own / "gone.yml").symlink_to(own / "nowhere")
    _, left_out = read_cases()
    told = "\n".join(left_out)
    for part in (
        "'second.yml.txt' has a name that ends in .txt; rename it so that it ends in .yml",
        "'cases.zip' is an archive; unpack it",
        "folder 'deep' lies in the folder",
        "'gone.yml' is a link to what does not exist",
    ):
        assert part in told
    assert len(left_out) == 4


def test_a_case_that_check_case_passes_is_compared_without_a_warning(own):
    assert check_case(own / "xishui.yml") == []
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        assert "xishui" in set(carelab.compare()["case"])


def test_a_lever_set_twice_or_with_a_strange_part_sets_no_preset(own):
    lab = "{model: retention, lever: contract_share, value: 0.2, class: assumed"
    spoil(own, lab, lab.replace("retention", "care_economy") + ", more: 1")
    with pytest.raises(CarelabError, match="the key 'more', which is unknown"):
        preset_levers("xishui")
    spoil(own, ", more: 1", "")
    path = spoil(own, "not_stated:", f"  - {lab.replace('retention', 'care_economy')}, note: x}}\n"
                 "not_stated:")  # fmt: skip
    with pytest.raises(CarelabError, match="twice"):
        preset_levers("xishui")
    assert any("twice" in sentence for sentence in check_case(path))


def test_an_experiment_is_read_by_the_same_rules(tmp_path):
    path = tmp_path / "mine.yml"
    text = (
        "title: T\ncontexts: [china_county]\npresets: [anhui]\nyears: 2\noutcomes: [reach]\n"
        "levers:\n  contract_share: "
    )
    for lever, said in (("[0,5, 1]", "0,5 has a comma"), ("{low: 0,2, high: 1}", "has a comma")):
        path.write_text(text + lever + "\n", encoding="utf-8")
        with pytest.raises(CarelabError, match=said):
            load_experiment(path)
    path.write_text(text.replace("title: T", "title: CHANGE ME") + "0.5\n", encoding="utf-8")
    with pytest.raises(CarelabError, match="is a draft"):
        load_experiment(path)
