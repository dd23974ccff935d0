"""Facts about the comparison of cases."""

import math

import pytest

from carelab.base import CarelabError
from carelab.evidence import load_case, load_cases, load_claims, load_indicators
from carelab.evidence.cases.files import FIELDS, MECHANISMS, SILENT
from carelab.study import (
    claims_table,
    compare_cases,
    field_table,
    mechanism_matrix,
    silence_table,
    similarity,
)


def test_every_case_and_mechanism_is_compared_once():
    frame = compare_cases()
    systems = [case for case in load_cases().values() if case.is_system]
    assert len(frame) == len(systems) * len(MECHANISMS)
    assert not frame.duplicated(["case", "mechanism"]).any()


def test_a_status_that_is_not_silent_names_its_claims():
    frame = compare_cases()
    spoken = frame[frame["status"] != SILENT]
    assert len(spoken) > 0
    assert (spoken["claims"] != "").all()


def test_cases_may_be_given_as_ids_as_cases_or_as_a_mapping():
    wanted = compare_cases(["anhui"])
    assert compare_cases([load_case("anhui")]).equals(wanted)
    assert compare_cases({"anhui": load_case("anhui")}).equals(wanted)
    assert compare_cases("anhui").equals(wanted)


def test_the_matrix_says_the_same_as_the_tidy_frame():
    tidy = compare_cases().set_index(["case", "mechanism"])["status"]
    matrix = mechanism_matrix()
    assert all(matrix.loc[key[1], key[0]] == status for key, status in tidy.items())


@pytest.mark.parametrize("name", sorted(load_cases()))
def test_a_case_agrees_with_itself_on_all_that_its_source_says(name):
    spoken = sum(not coded.is_silent for coded in load_case(name).mechanisms.values())
    row = similarity([name, name]).iloc[0]
    assert row["compared"] == spoken
    assert row["agreement"] == 1 if spoken else math.isnan(row["agreement"])


def test_silence_of_two_sources_is_never_agreement():
    row = similarity(["china_dilemma", "nanning"]).iloc[0]
    matrix = mechanism_matrix(["china_dilemma", "nanning"])
    both_silent = (matrix == SILENT).all(axis=1).sum()
    assert both_silent > 0
    assert row["compared"] == (matrix != SILENT).all(axis=1).sum()
    statuses = mechanism_matrix()
    for pair in similarity().itertuples():
        named = [*pair.agreeing.split("; "), *pair.differing.split("; ")]
        for mechanism in filter(None, named):
            assert SILENT not in set(statuses.loc[mechanism, [pair.case_a, pair.case_b]])


def test_the_named_mechanisms_add_up_to_the_agreement():
    for pair in similarity().itertuples():
        agreeing = len(list(filter(None, pair.agreeing.split("; "))))
        differing = len(list(filter(None, pair.differing.split("; "))))
        assert agreeing + differing == pair.compared
        if pair.compared:
            assert pair.agreement == agreeing / pair.compared
        else:
            assert math.isnan(pair.agreement)


def test_a_field_is_listed_over_all_cases_and_a_case_over_all_fields():
    assert field_table("governance")["case"].tolist() == list(load_cases())
    assert field_table("anhui")["field"].tolist() == list(FIELDS)


def test_a_silent_field_is_shown_as_silent_and_without_claims():
    frames = [field_table(field) for field in FIELDS]
    silent = [row for frame in frames for row in frame.itertuples() if row.text == SILENT]
    assert silent
    assert all(row.claims == "" for row in silent)


def test_silence_is_counted_as_coded():
    table = silence_table(load_cases()).set_index("case")
    for case in load_cases().values():
        wanted = [SILENT in coded.text.split() for coded in case.mechanisms.values()]
        assert table.loc[case.id, "mechanisms_silent"] == sum(wanted)
        assert table.loc[case.id, "questions_open"] == len(case.not_stated)


def test_claims_and_indicators_are_found_in_the_order_asked():
    table = claims_table(["S004-78", "CN046", "S001-07"])
    assert table["id"].tolist() == ["S004-78", "CN046", "S001-07"]
    assert "94" in table["text"].iloc[1]


@pytest.mark.parametrize(
    ("call", "value"),
    [
        (compare_cases, ["atlantis"]),
        (similarity, ["atlantis", "anhui"]),
        (field_table, "weather"),
        (claims_table, ["S999-99"]),
    ],
)
def test_an_unknown_id_is_named_in_one_sentence(call, value):
    with pytest.raises(CarelabError) as error:
        call(value)
    named = value if isinstance(value, str) else value[0]
    assert f"'{named}'" in str(error.value)
    assert "\n" not in str(error.value)


def test_an_indicator_is_told_by_name_place_year_and_amount():
    table = claims_table(["CN046", "CN021"]).set_index("id")
    figures = load_indicators().set_index("id")
    for name in ("CN046", "CN021"):
        row = figures.loc[name]
        assert table.loc[name, "text"].startswith(f"{row['name']}, {row['place']}, {row['year']}: ")
        assert table.loc[name, "text"].endswith(f" {row['unit']}")
        assert table.loc[name, ["class", "source", "section"]].tolist() == [
            row["class"], row["source"], "",
        ]  # fmt: skip
    empty = figures[figures["value"].isna()]
    assert len(empty) > 0
    for name, row in empty.head(3).iterrows():
        assert claims_table([name])["text"].item().endswith(row["note"])
    claim = load_claims().set_index("id").loc["S004-78"]
    one = claims_table("S004-78").iloc[0]
    assert one[["text", "class", "source", "section"]].tolist() == [
        claim[name] for name in ("text", "class", "source", "section")
    ]  # fmt: skip
