"""Each rule of each schema refuses a row that breaks it, and the sentence says which."""

import csv
import shutil
from pathlib import Path

import pytest

from carelab.base import CarelabError, data_file
from carelab.base.tables import read_cells
from carelab.evidence import schemas, tables
from carelab.evidence.tables import read_table

EMPTY = "it may not be empty"
KEY = "hyphens"
SNAKE = "lower-case letters, digits and underscores"
CLASS = "allowed are observed, stated, derived, assumed, coded"
WHERE = "where in its source the figure stands"
NUMBER = "a number"
PART = "a membership from 0 to 1"

# File, column, a cell that breaks its rule, and what the sentence says is allowed.
CELLS = [
    ("sources.csv", "key", "Yip_2014", KEY),
    ("sources.csv", "kind", "blog", "allowed are seed_article"),
    ("sources.csv", "title", " ", EMPTY),
    ("sources.csv", "authors", "", EMPTY),
    ("sources.csv", "year", "19", "four digits"),
    ("sources.csv", "year", "2019-20", "four digits"),
    ("sources.csv", "read_as", "skimmed", "allowed are full_text"),
    ("sources.csv", "superseded_by", "a later one", "a source key, or empty"),
    ("claims.csv", "id", "S4-07", "such as S004-07"),
    ("claims.csv", "id", "S004-7", "such as S004-07"),
    ("claims.csv", "source", "", KEY),
    ("claims.csv", "section", "", EMPTY),
    ("claims.csv", "speaker", "us", "allowed are authors"),
    ("claims.csv", "case", "Anhui", SNAKE),
    ("claims.csv", "theme", "money", "allowed are governance"),
    ("claims.csv", "kind", "hope", "allowed are fact"),
    ("claims.csv", "class", "guessed", CLASS),
    ("claims.csv", "text", "", EMPTY),
    ("indicators.csv", "id", "DE001", "such as CN021"),
    ("indicators.csv", "name", "", EMPTY),
    ("indicators.csv", "place", "", EMPTY),
    ("indicators.csv", "value", "many", "a finite number"),
    ("indicators.csv", "low", "inf", "a finite number"),
    ("indicators.csv", "high", "many", "a finite number"),
    ("indicators.csv", "grade", "E", "allowed are A, B, C, D"),
    ("indicators.csv", "class", "none", CLASS),
    ("indicators.csv", "source", "Two words", KEY),
    ("indicators.csv", "note", "Somewhere.", WHERE),
    ("common_indicators.csv", "id", "beds_de", "beds_cn"),
    ("common_indicators.csv", "indicator", "", EMPTY),
    ("common_indicators.csv", "definition", "", EMPTY),
    ("common_indicators.csv", "place", "Wales", "allowed are United Kingdom"),
    ("common_indicators.csv", "value", "many", "a finite number"),
    ("common_indicators.csv", "unit", "", EMPTY),
    ("common_indicators.csv", "grade", "E", "allowed are A, B, C, D, none"),
    ("common_indicators.csv", "class", "guessed", "coded, none"),
    ("common_indicators.csv", "source", "", KEY),
    ("common_indicators.csv", "comparability", "", EMPTY),
    ("common_indicators.csv", "note", "Somewhere.", WHERE),
    ("policy_timeline.csv", "date", "19", "such as 2019"),
    ("policy_timeline.csv", "date", "2019-7", "such as 2019"),
    ("policy_timeline.csv", "place", "", EMPTY),
    ("policy_timeline.csv", "event", "", EMPTY),
    ("policy_timeline.csv", "kind", "party", "allowed are policy"),
    ("policy_timeline.csv", "case", "", SNAKE),
    ("policy_timeline.csv", "class", "", CLASS),
    ("policy_timeline.csv", "source", "", KEY),
    ("policy_timeline.csv", "claim", "", "a claim or indicator id"),
    ("glossary.csv", "id", "Capitation", SNAKE),
    ("glossary.csv", "term_en", "", EMPTY),
    ("glossary.csv", "term_zh", "", EMPTY),
    ("glossary.csv", "meaning_en", "", EMPTY),
    ("glossary.csv", "meaning_zh", "", EMPTY),
    ("glossary.csv", "source", "", KEY),
    ("levers.csv", "model", "", SNAKE),
    ("levers.csv", "name", "2nd", SNAKE),
    ("levers.csv", "phase", "later", "allowed are payment, service, fund, timing"),
    ("levers.csv", "symbol", "", EMPTY),
    ("levers.csv", "unit", "", EMPTY),
    ("levers.csv", "class", "none", CLASS),
    ("levers.csv", "source", "", KEY),
    ("limits.csv", "id", "no 1", "lower-case letters"),
    ("limits.csv", "limit", "", EMPTY),
    ("parameters.csv", "name", "", SNAKE),
    ("parameters.csv", "context", "UK place", SNAKE),
    ("parameters.csv", "value", "", NUMBER),
    ("parameters.csv", "unit", "", EMPTY),
    ("parameters.csv", "low", "", NUMBER),
    ("parameters.csv", "high", "", NUMBER),
    ("parameters.csv", "class", "none", CLASS),
    ("parameters.csv", "source", "", KEY),
    ("parameters.csv", "note", "", EMPTY),
    ("presets.csv", "preset", "", SNAKE),
    ("presets.csv", "model", "", SNAKE),
    ("presets.csv", "lever", "", SNAKE),
    ("presets.csv", "value", "", NUMBER),
    ("presets.csv", "class", "none", CLASS),
    ("presets.csv", "source", "", KEY),
    ("presets.csv", "note", "", EMPTY),
    ("quantities.csv", "model", "", SNAKE),
    ("quantities.csv", "name", "", SNAKE),
    ("quantities.csv", "symbol", "", EMPTY),
    ("quantities.csv", "unit", "", EMPTY),
    ("quantities.csv", "label_en", "", EMPTY),
    ("quantities.csv", "label_zh", "", EMPTY),
    ("recoding.csv", "case", "S4", "a case id or a claim id"),
    ("recoding.csv", "field", "", SNAKE),
    ("recoding.csv", "agreement", "nearly", "allowed are full, partial, none"),
    ("recoding.csv", "settled", "", EMPTY),
    ("roles.csv", "context", "", SNAKE),
    ("roles.csv", "role", "press", "allowed are insurer"),
    ("roles.csv", "lever", "", SNAKE),
    ("roles.csv", "class", "none", CLASS),
    ("roles.csv", "source", "", KEY),
    ("roles.csv", "evidence", "S004-79, S004-80", "claim ids, or empty"),
    ("roles.csv", "note", "", EMPTY),
    ("targets.csv", "id", "Two words", SNAKE),
    ("targets.csv", "name", "", EMPTY),
    ("targets.csv", "measure", "a level", "a measure of the scoreboard"),
    ("targets.csv", "rule", "about", "allowed are interval"),
    ("targets.csv", "used_for", "fun", "allowed are fit, test, none"),
    ("targets.csv", "verdict", "near", "allowed are within, outside, not addressed"),
    ("units.csv", "name", "", "a name in code"),
    ("units.csv", "unit", "", EMPTY),
    ("lab_questions.csv", "lever", "", "a name in code"),
    ("lab_questions.csv", "question_en", "", EMPTY),
    ("lab_questions.csv", "question_zh", "", EMPTY),
    ("lab_stories.csv", "preset", "", "a name in code"),
    ("lab_stories.csv", "title_en", "", EMPTY),
    ("lab_stories.csv", "title_zh", "", EMPTY),
    ("lab_stories.csv", "story_en", "", EMPTY),
    ("lab_stories.csv", "story_zh", "", EMPTY),
    ("lab_stories.csv", "rule_1", "", SNAKE),
    ("lab_stories.csv", "rule_2", "", SNAKE),
    ("lab_stories.csv", "rule_3", "", SNAKE),
    ("lab_ranges.csv", "outcome", "", SNAKE),
    ("lab_ranges.csv", "low", "wide", "a finite number"),
    ("lab_ranges.csv", "high", "wide", "a finite number"),
    ("lab_challenges.csv", "name", "", "a name in code"),
    ("lab_challenges.csv", "context", "", SNAKE),
    ("lab_challenges.csv", "outcome", "", SNAKE),
    ("lab_challenges.csv", "at_least", "most", "a finite number"),
    ("lab_challenges.csv", "text_en", "", EMPTY),
    ("lab_challenges.csv", "text_zh", "", EMPTY),
    ("frames.csv", "frame", "", SNAKE),
    ("frames.csv", "dimension", "", SNAKE),
    ("frames.csv", "label_en", "", EMPTY),
    ("frames.csv", "label_zh", "", EMPTY),
    ("frames.csv", "mechanisms", "pooled_money; luck", "separated by semicolons"),
    ("frames.csv", "source", "", "a source key has lower-case"),
    ("calibration.csv", "status", "maybe", "allowed are present"),
    ("calibration.csv", "role", "cause", "allowed are condition, outcome"),
    ("calibration.csv", "membership", "1.01", PART),
    ("calibration.csv", "low", "2", PART),
    ("calibration.csv", "high", "1.001", PART),
    ("worked_example.csv", "case", "", EMPTY),
    *((("worked_example.csv", name, "1.2", PART)) for name in ("DEV", "URB", "LIT")),
    *((("worked_example.csv", name, "1.2", PART)) for name in ("IND", "STB", "SURV")),
    ("findings.csv", "question", "Who?", "lower-case letters"),
    ("findings.csv", "asks", "It asks.", "a question, with its mark"),
    ("findings.csv", "answer", "perhaps", "allowed are yes, in part, no"),
    ("findings.csv", "finding", "", EMPTY),
    ("findings.csv", "design", "guess", "allowed are trial"),
    ("findings.csv", "evidence", "CN226, CN227", "indicator ids, separated by semicolons"),
    ("findings.csv", "reading", "", EMPTY),
    ("searches.csv", "date", "2026-11", "a day such as"),
    ("searches.csv", "corpus", "", EMPTY),
    ("searches.csv", "looked_for", "", EMPTY),
    ("searches.csv", "query", "", EMPTY),
    ("searches.csv", "result", "perhaps", "allowed are found, in part, not found"),
]
# Columns whose cells may not come twice.
UNIQUE = [
    ("sources.csv", "key"),
    ("claims.csv", "id"),
    ("indicators.csv", "id"),
    ("common_indicators.csv", "id"),
    ("glossary.csv", "id"),
    ("limits.csv", "id"),
    ("targets.csv", "id"),
    ("units.csv", "name"),
    ("lab_questions.csv", "lever"),
    ("lab_stories.csv", "preset"),
    ("lab_challenges.csv", "name"),
    ("calibration.csv", "status"),
]
# Columns that name a row only together.
ONE_ROW = {
    "levers.csv": ("model", "name"),
    "parameters.csv": ("context", "name"),
    "presets.csv": ("preset", "model", "lever"),
    "quantities.csv": ("model", "name"),
    "frames.csv": ("frame", "dimension"),
    "recoding.csv": ("case", "field"),
}
LONE = "a question has the same wording and reading in each row, and two answers at least"
GRADELESS = "without a value grade and class are none and the year is empty"
# File, what the rows are that are spoiled, their new cells, and what the sentence says.
ROWS = [
    (
        "sources.csv",
        lambda row: row["title"] != "unknown",
        {"title": "unknown", "note": "On a page."},
        "unknown title, authors or year",
    ),
    (
        "sources.csv",
        lambda row: row["title"] != "unknown",
        {"year": "unknown", "note": "On a page."},
        "unknown title, authors or year",
    ),
    ("indicators.csv", lambda row: row["low"], {"value": "-9e9"}, "outside its own low to high"),
    ("indicators.csv", lambda row: row["high"], {"value": "9e9"}, "outside its own low to high"),
    ("parameters.csv", lambda _: True, {"value": "-9e9"}, "outside its own low to high"),
    ("parameters.csv", lambda _: True, {"value": "9e9"}, "outside its own low to high"),
    ("common_indicators.csv", lambda row: row["value"], {"grade": "none"}, GRADELESS),
    ("common_indicators.csv", lambda row: row["value"], {"class": "none"}, GRADELESS),
    ("common_indicators.csv", lambda row: row["value"], {"year": ""}, GRADELESS),
    ("common_indicators.csv", lambda row: row["value"], {"value": ""}, GRADELESS),
    ("findings.csv", lambda _: True, {"asks": "What else?"}, LONE),
    ("findings.csv", lambda _: True, {"reading": "Another reading."}, LONE),
]


def spoiled(folder, file, change):
    """A copy of one table whose rows a function has changed; what is said when it is read."""
    path = shutil.copy(data_file(file), folder)
    shutil.copy(data_file(f"{file}.yml"), folder)
    header, cells = read_cells(data_file(file))
    rows = [dict(zip(header, row, strict=True)) for row in cells]
    change(rows)
    with Path(path).open("w", encoding="utf-8", newline="") as out:
        table = csv.DictWriter(out, header, lineterminator="\n")
        table.writeheader()
        table.writerows(rows)
    try:
        read_table(file, folder)
    except CarelabError as problem:
        return str(problem)
    return ""


def test_every_rule_of_every_schema_is_broken_here():
    told = {(file, column) for file, column, *_ in CELLS}
    asked = {(file, column) for file, make in schemas._COLUMNS.items() for column in make()}
    assert told == asked
    together = {file for file, *_ in ROWS} | set(ONE_ROW) | {"roles.csv"}
    assert together == set(schemas._CHECKS)
    unique = {
        (file, column)
        for file, make in schemas._COLUMNS.items()
        for column, rule in make().items()
        if rule.unique
    }
    assert set(UNIQUE) == unique


@pytest.mark.parametrize("file", sorted({file for file, *_ in CELLS}))
def test_a_table_that_is_only_written_again_is_accepted(tmp_path, file):
    assert spoiled(tmp_path, file, lambda rows: None) == ""


@pytest.mark.parametrize(("file", "column", "cell", "allowed"), CELLS)
def test_a_cell_that_breaks_the_rule_of_its_column_is_refused(
    tmp_path, file, column, cell, allowed
):
    # What all rows of a question have is spoiled in all of them.
    shared = file == "findings.csv" and column in ("question", "asks", "reading")

    def change(rows):
        for row in rows:
            if row is rows[1] or (shared and row["question"] == rows[1]["question"]):
                row["new"] = cell
        for row in rows:
            row[column] = row.pop("new", row[column])

    said = spoiled(tmp_path, file, change)
    number = 2 if shared else 3
    assert said.startswith(f"file '{file}' row {number} column '{column}': the value "), said
    assert allowed in said
    assert "\n" not in said


@pytest.mark.parametrize(("file", "column"), UNIQUE)
def test_a_name_that_stands_twice_is_refused(tmp_path, file, column):
    said = spoiled(tmp_path, file, lambda rows: rows[2].update({column: rows[0][column]}))
    assert said.startswith(f"file '{file}' row 2 column '{column}'"), said
    assert "it must be unique" in said


@pytest.mark.parametrize(("file", "which", "cells", "allowed"), ROWS)
def test_a_row_at_odds_with_itself_or_others_is_refused(tmp_path, file, which, cells, allowed):
    said = spoiled(tmp_path, file, lambda rows: next(filter(which, rows)).update(cells))
    assert allowed in said


@pytest.mark.parametrize(("file", "columns"), ONE_ROW.items())
def test_what_is_named_by_several_columns_stands_in_one_row(tmp_path, file, columns):
    def again(rows):
        rows[2] |= {column: rows[0][column] for column in columns}

    said = spoiled(tmp_path, file, again)
    assert said.startswith(f"file '{file}' row 4 column "), said
    assert said.endswith(f"another row has the same {', '.join(columns)}; one may")

    def alike(rows):  # all but one of the names
        rows[0] |= {columns[0]: "another"}
        rows[2] |= {column: rows[0][column] for column in columns[1:]}

    assert "another row" not in spoiled(tmp_path, file, alike)


def test_two_holders_of_one_lever_in_one_place_are_refused(tmp_path):
    def change(rows):
        rows[3] |= {"lever": rows[1]["lever"], "context": rows[1]["context"]}

    assert "it may have one" in spoiled(tmp_path, "roles.csv", change)
    elsewhere = [{"context": "uk_place"}, {"context": "china_county"}]

    def apart(rows):  # the same lever in two places has two holders
        first = rows[0]
        rows[:] = [first | each for each in elsewhere]

    assert spoiled(tmp_path, "roles.csv", apart) == ""


def test_a_question_with_one_answer_only_is_refused(tmp_path):
    def change(rows):
        for row in rows:
            row["answer"] = "yes"

    assert LONE in spoiled(tmp_path, "findings.csv", change)


@pytest.mark.parametrize("cell", ["=1+1", "+cmd", "-note", "@sum", "\trun"])
def test_text_that_a_spreadsheet_would_run_is_refused_with_its_place(tmp_path, cell):
    said = spoiled(tmp_path, "claims.csv", lambda rows: rows[1].update({"text": cell}))
    assert said.startswith("file 'claims.csv' row 3 column 'text': the value "), said
    assert "may not start with = + - @ tab or return" in said


def with_text(folder, cell):
    """What is said of the second row of claims with another text."""
    return spoiled(folder, "claims.csv", lambda rows: rows[0].update({"text": cell}))


def test_a_number_with_its_sign_is_taken():
    cells = [["-5"], ["+5"], ["-0.5e3"]]
    tables._check_cells("x.csv", ["text"], cells)
    with pytest.raises(CarelabError, match="row 4 column 'text'"):
        tables._check_cells("x.csv", ["text"], [*cells[:2], ["a\0b"]])


def test_a_long_value_is_shown_by_its_first_57_signs(tmp_path):
    for length in (60, 61):
        cell = "=" + "x" * (length - 1)
        shown = cell if length == 60 else cell[:57] + "..."
        assert f"the value '{shown}' is not allowed" in with_text(tmp_path, cell)


@pytest.mark.parametrize("part", ["asks", "reading"])
def test_a_question_is_worded_and_read_in_one_way(tmp_path, part):
    def change(rows):
        question = rows[0]["question"]
        for row in rows:
            if row["question"] == question:
                row[part] = "Is it one?"
        next(row for row in rows if row["question"] == question)[part] = "Is it another?"

    assert LONE in spoiled(tmp_path, "findings.csv", change)


def test_a_figure_without_a_value_has_no_grade_class_or_year(tmp_path):
    nothing = {"value": "", "grade": "none", "class": "none", "year": ""}
    for left, accepted in (({}, True), ({"grade": "B"}, False), ({"class": "observed"}, False),
                           ({"year": "2023"}, False)):  # fmt: skip

        def change(rows, left=left):
            next(row for row in rows if row["value"]).update(nothing | left)

        said = spoiled(tmp_path, "common_indicators.csv", change)
        assert (GRADELESS not in said) == accepted, left


def test_a_value_at_an_end_of_its_range_is_accepted(tmp_path):
    def change(rows):
        for number, row in enumerate(rows):
            row["value"] = row["low"] if number % 2 else row["high"]

    assert spoiled(tmp_path, "parameters.csv", change) == ""


def test_a_source_that_is_unknown_says_where_it_was_looked_for(tmp_path):
    def change(rows):
        next(row for row in rows if row["title"] != "unknown").update(
            {"authors": "unknown", "note": "Looked for in the catalogue; the page names no author."}
        )

    assert spoiled(tmp_path, "sources.csv", change) == ""
