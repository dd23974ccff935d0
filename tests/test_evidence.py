"""The registry is whole, and bad input gets one sentence."""

import math
import re
import shutil
import statistics

import pandas as pd
import pytest

from carelab.base import CarelabError, broken_seals, data_file, load_yaml
from carelab.evidence import (
    broken_links,
    load_case,
    load_cases,
    load_claims,
    load_common_indicators,
    load_glossary,
    load_indicators,
    load_levers,
    load_parameters,
    load_recoding,
    load_sources,
    load_timeline,
)
from carelab.evidence.cases.files import AXES, FIELDS, MECHANISMS, SILENT
from carelab.evidence.prose import orphan_numbers, pages_with_orphans
from carelab.evidence.registry import load_roles
from carelab.evidence.source_rules import unfounded_rows
from carelab.evidence.vocabulary import KINDS, ROLES, SPEAKERS, WISHES
from carelab.evidence.wording import chapters, chapters_too_long, remarks, too_long
from carelab.study import common_table
from carelab.study.compare.coders import claim_agreement, coder_agreement, cohens_kappa

SEEDS = {
    "seed-000-uk",
    "seed-001-hangzhou",
    "seed-002-dilemma",
    "seed-003-casebook",
    "seed-004-anhui",
}
CASES = {
    "uk_three_levels",
    "china_dilemma",
    "anhui",
    "hangzhou",
    "changxing",
    "tianjin",
    "nanning",
    "urban_medical_groups",
    "medical_centres",
    "national_policies",
    "casebook_recommendations",
}


# Real systems that no seed describes; see tests/test_frames.py for what is asked of them.
COMPARISON = {
    "luohu",
    "xiamen",
    "sanming",
    "youxi",
    "funan",
    "dingyuan",
    "y_county",
    "guizhou_trial",
    "kinzigtal",
    "quality_contract",
    "shared_savings_program",
    "vanguards",
    "greater_manchester",
    "better_care_fund",
    "sichuan",
    "deqing",
    "zhejiang_counties",
    "pengshui",
    "longhua",
    "england_ics",
    "three_communities",
    "f_county",
    "guizhou_quality",
}


@pytest.fixture
def data(root, tmp_path):
    """A copy of the data that a test may spoil."""
    return shutil.copytree(root / "data", tmp_path / "data")


def spoil(data, file: str, old: str, new: str) -> None:
    path = data / file
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")


def refused(function, *arguments, **keywords) -> str:
    with pytest.raises(CarelabError) as caught:
        function(*arguments, **keywords)
    sentence = str(caught.value)
    assert "\n" not in sentence
    return sentence


def test_every_id_named_anywhere_is_defined_somewhere():
    assert broken_links() == []


def test_no_figure_has_a_better_grade_than_its_source_was_read_for(data):
    assert unfounded_rows() == []
    paper = "en,abstract,,Matched-pair cluster-randomised experiment."
    spoil(data, "sources.csv", paper, paper.replace("abstract", "secondary"))
    (sentence,) = unfounded_rows(data)
    assert sentence == (
        "'CN246' in indicators.csv has grade A, but its source 'yip-2014-ningxia' was read as"
        " secondary; the best allowed is C"
    )


def test_a_first_version_is_not_cited_once_a_later_one_replaced_it(data):
    spoil(data, "indicators.csv", ",song-2019-aqc,", ",ashecon-2019,")
    (sentence,) = unfounded_rows(data)
    assert sentence == "indicators.csv cites 'ashecon-2019', which 'song-2019-aqc' replaced"


def test_every_figure_says_where_in_its_source_it_stands(data):
    spoil(
        data, "indicators.csv", ",li-2017-hypertension,In the abstract.", ",li-2017-hypertension,"
    )
    sentence = refused(load_indicators, folder=data)
    assert "column 'note'" in sentence
    assert "where in its source the figure stands" in sentence


def test_it_is_known_how_every_source_was_read_and_why_a_name_is_missing(data):
    assert "unknown" not in set(load_sources()["read_as"])
    spoil(data, "sources.csv", "for the figure; author not shown.", "for the figure.")
    sentence = refused(load_sources, data)
    assert "unknown title, authors or year" in sentence


def test_every_source_is_used_or_replaced(root):
    folders = ("data", "notebooks", "book", "src", "instructor")
    paths = [path for name in folders for path in sorted((root / name).rglob("*"))]
    endings = (".csv", ".yml", ".md", ".py")
    texts = [
        path.read_text(encoding="utf-8")
        for path in paths
        if path.suffix in endings and path.name != "sources.csv"
    ]
    text = "\n".join(texts)
    notes = "\n".join(load_sources()["note"])
    sources = load_sources()
    kept = sources[sources["superseded_by"] == ""]["key"]
    assert [key for key in kept if key not in text and key not in notes] == []


def digits_of(value: float) -> int:
    """Count the digits of a number as it stands in the file, zeros in front left out."""
    return len(f"{value:.10g}".lstrip("-").replace(".", "").lstrip("0"))


def test_a_derived_figure_is_what_its_formula_gives_and_has_no_more_digits_than_its_inputs():
    figures = load_indicators().set_index("id")
    derived = figures[figures["class"] == "derived"]
    by_words = {"CN196"}  # a median of ratios of shares, told in words
    assert derived["note"].str.startswith("Formula: ").all()
    for name, row in derived.drop(index=by_words).iterrows():
        formula = re.match(r"Formula: ([^;]+?)\.?(;|$)", row["note"])[1]
        inputs = re.findall(r"(?<!1 \+ )\b(?:CN|UK)\d{3}[a-z]?\b", formula)
        values = {
            each: figures.loc[each, "value"] / (100 if figures.loc[each, "unit"][0] == "%" else 1)
            for each in re.findall(r"(?:CN|UK)\d{3}[a-z]?", formula)
        }
        result = eval(formula, {"median": lambda *each: statistics.median(each), **values})
        shown = f"{row['value']:.10g}".replace(".", "").strip("0")
        assert f"{result:.{len(shown) - 1}e}".split("e")[0].replace(".", "") == shown, name
        if inputs and "median" not in formula and re.search("[*/]", formula):
            assert len(shown) <= min(digits_of(figures.loc[each, "value"]) for each in inputs), name


def test_common_measures_ask_the_same_of_britain_and_of_china():
    rows = load_common_indicators()
    for measure, each in rows.groupby("indicator"):
        assert "China" in set(each["place"]), measure
        assert set(each["place"]) & {"United Kingdom", "England"}, measure
        money = each["unit"].str.contains("GBP|CNY").any()
        assert money or each["unit"].nunique() == 1, measure
    table = common_table().set_index("measure")
    assert table.loc["Healthy life expectancy at birth", "United Kingdom"] == "not found"
    assert table.loc["Hospital beds", "England"] == "2.34 (2016-17, B)"
    assert table["comparability"].str.len().gt(0).all()


def test_every_data_file_is_sealed():
    assert broken_seals() == []


def test_every_seed_is_a_source_and_every_claim_comes_from_a_seed():
    claims = load_claims()
    assert set(claims["source"]) == SEEDS
    assert set(load_sources()["key"]) >= SEEDS
    numbers = claims["id"].str.slice(1, 4)
    assert (claims["source"].str.slice(5, 8) == numbers).all()


def test_the_seeds_precise_points_stand_as_the_seeds_make_them():
    claims = load_claims().set_index("id")
    siphon = claims[claims["text"].str.contains("虹吸")]
    assert siphon["text"].str.contains("[Ll]oose").all()
    uk = claims[claims["source"] == "seed-000-uk"]["text"].str.cat(sep=" ")
    assert not re.search(r"England|NHS|STP|Better Care|vanguard", uk)
    lessons = claims[(claims["source"] == "seed-000-uk") & (claims["kind"] == "recommendation")]
    assert len(lessons) >= 3
    hangzhou = load_claims("hangzhou")
    assert not hangzhou["text"].str.contains(r"\bstalled\b").any()


def test_the_codebook_defines_the_kinds_and_speakers_of_claims():
    codebook = load_yaml(data_file("codebook.yml"))["claims"]
    assert tuple(codebook["kinds"]) == KINDS
    assert tuple(codebook["speakers"]) == SPEAKERS
    claims = load_claims()
    assert set(claims["kind"]) == set(KINDS)
    assert set(claims["speaker"]) == set(SPEAKERS)
    assert {*WISHES} < {*KINDS}


@pytest.mark.parametrize(
    ("right", "wrong", "allowed"),
    [
        ("anhui,context,fact,", "anhui,context,number,", "prescription"),
        (
            "S004-08,seed-004-anhui,footnote 1,authors",
            "S004-08,seed-004-anhui,footnote 1,us",
            "policy",
        ),
    ],
)
def test_a_claim_of_an_unknown_kind_or_speaker_is_refused(data, right, wrong, allowed):
    spoil(data, "claims.csv", right, wrong)
    assert allowed in refused(load_claims, folder=data)


def test_a_claim_is_ours_exactly_where_it_is_coded():
    claims = load_claims()
    assert ((claims["speaker"] == "carelab") == (claims["class"] == "coded")).all()


def test_what_must_or_should_be_is_never_told_as_a_fact():
    claims = load_claims()
    demands = claims["text"].str.contains(r"\b(?:should|must|needs? to|needed|asks? for)\b")
    terms = claims["kind"].isin(["definition", "method"])
    assert set(claims[demands & ~terms]["kind"]) == {"prescription", "recommendation"}
    hopes = claims["text"].str.contains(r"\b(?:is|are) expected to\b|Claimed benefit")
    assert set(claims[hopes]["kind"]) == {"expectation"}


def test_the_inner_council_and_the_platform_are_prescribed_of_no_named_place():
    claims = load_claims().set_index("id").loc[["S004-44", "S004-45", "S004-46", "S004-47"]]
    assert set(claims["kind"]) == {"prescription"}
    assert set(claims["case"]) == {"general"}
    assert "S004-47" not in set(load_claims("anhui")["id"])


def test_all_systems_of_the_seeds_are_cases_and_cite_claims_wherever_they_speak():
    cases = load_cases()
    assert set(cases) == CASES | COMPARISON
    assert {name for name, case in cases.items() if case.has_seed} == CASES
    for case in cases.values():
        assert tuple(case.fields) == FIELDS
        assert tuple(case.mechanisms) == MECHANISMS
        for coded in (*case.fields.values(), *case.mechanisms.values()):
            assert coded.is_silent == (not coded.claims)


def test_the_codebook_defines_what_the_schema_asks_for():
    codebook = load_yaml(data_file("codebook.yml"))
    assert tuple(codebook["fields"]) == FIELDS
    assert tuple(codebook["mechanisms"]) == MECHANISMS


def test_no_seed_gives_an_outcome_number_for_a_chinese_case():
    claims = load_claims()
    outcomes = claims[(claims["theme"] == "outcome") & ~claims["unit"].isin(["", "year"])]
    assert outcomes.empty


def test_every_case_was_coded_twice_and_every_disagreement_is_settled():
    rows = load_recoding()
    asked = {*MECHANISMS, *AXES}
    for case in load_cases():
        assert set(rows[rows["case"] == case]["field"]) - {*FIELDS} == asked, case
    assert not rows.duplicated(["case", "field"]).any()
    assert rows["settled"].str.len().min() > 10
    codes = rows[rows["field"].isin(asked)]
    assert ((codes["first"] == codes["second"]) == (codes["agreement"] == "full")).all()


def test_what_was_settled_between_two_coders_stands_in_the_case():
    rows = load_recoding()
    for _, row in rows[rows["field"].isin([*MECHANISMS, *AXES])].iterrows():
        case = load_case(row["case"])
        stands = (case.mechanisms | case.evaluation)[row["field"]].text
        taken = row["settled"].startswith("Second coding taken")
        assert stands == row["second" if taken else "first"], (row["case"], row["field"])
        assert stands in row["settled"], (row["case"], row["field"])


def test_agreement_is_told_for_every_case_and_every_mechanism_and_once_for_all():
    by_case = coder_agreement().set_index("case")
    by_field = coder_agreement("field").set_index("field")
    assert set(by_case.index) == {*load_cases(), "all"}
    assert set(by_field.index) == {*MECHANISMS, *AXES, "all"}
    pooled = by_case.loc["all"]
    assert pooled.equals(by_field.loc["all"])
    assert pooled["codes"] == len(load_cases()) * (len(MECHANISMS) + len(AXES))
    assert pooled["kappa"] > 0.9
    with pytest.raises(CarelabError, match="allowed are case, field"):
        coder_agreement("place")


def test_sixty_claims_were_coded_twice_and_what_was_settled_stands_in_the_registry():
    rows, claims = load_recoding(claims=True), load_claims().set_index("id")
    asked = ["support", "kind", "case", "class"]
    assert rows["case"].nunique() == 60
    assert (rows.groupby("case")["field"].agg(sorted).map(tuple) == tuple(sorted(asked))).all()
    assert ((rows["first"] == rows["second"]) == (rows["agreement"] == "full")).all()
    for _, row in rows[rows["field"] != "support"].iterrows():
        taken = row["settled"].startswith("Second coding taken")
        stands = claims.loc[row["case"], row["field"]]
        assert stands == row["second" if taken else "first"], (row["case"], row["field"])
    weak = rows[(rows["field"] == "support") & (rows["agreement"] != "full")]
    assert weak["settled"].str.startswith("Changed: reworded.").all()


def test_agreement_on_claims_is_told_beyond_chance():
    told = claim_agreement().set_index("field")
    assert (told["claims"] == 60).all()
    assert told["same"].to_dict() == {"support": 52, "kind": 51, "case": 59, "class": 60}
    assert told.loc["kind", "kappa"] == pytest.approx(0.81, abs=0.005)
    assert told.loc["case", "kappa"] == pytest.approx(0.98, abs=0.005)
    rows = load_recoding(claims=True)
    for field, part in rows.groupby("field"):
        # One code alone says nothing beyond chance; from two on something can be said.
        assert math.isnan(told.loc[field, "kappa"]) == (part["first"].nunique() == 1), field
        assert told.loc[field, "share"] == told.loc[field, "same"] / 60


def test_weak_figures_say_why_they_are_weak_and_derived_ones_show_their_formula():
    figures = load_indicators()
    assert (figures[figures["grade"] == "C"]["note"].str.len() > 5).all()
    derived = figures[figures["class"] == "derived"]
    assert (derived["note"].str.len() > 3).all()
    assert (figures[figures["grade"] == "D"]["class"] == "derived").all()


def test_parameters_lie_in_their_range_and_observed_ones_name_their_figure():
    rows = load_parameters()
    assert ((rows["low"] <= rows["value"]) & (rows["value"] <= rows["high"])).all()
    figures = load_indicators().set_index("id")
    for _, row in rows[rows["class"] == "observed"].iterrows():
        scale = 100 if row["unit"] == "share" else 1
        assert figures.loc[row["evidence"], "value"] == pytest.approx(row["value"] * scale)


def test_every_lever_has_one_holder_in_each_place_and_time_is_the_governments():
    levers = load_levers("care_economy")["name"].tolist()
    roles = load_roles()
    assert len(set(roles["context"])) == 3
    for context, rows in roles.groupby("context"):
        assert sorted(rows["lever"]) == sorted(levers), context
        assert set(rows["role"]) == set(ROLES), context
        timing = rows[
            rows["lever"].isin(["payment_start_month", "service_start_month", "ramp_months"])
        ]
        assert set(timing["role"]) == {"government"}, context


def test_a_holder_is_stated_only_where_its_seed_speaks_and_ours_elsewhere():
    claims = load_claims().set_index("id")["source"]
    for _, row in load_roles().iterrows():
        cited = [each for each in row["evidence"].split("; ") if each]
        if row["class"] == "stated":
            assert {claims[each] for each in cited} == {row["source"]}, row["lever"]
        else:
            assert row["source"] == "carelab", row["lever"]
            assert row["class"] == "assumed" or (row["class"] == "coded" and cited), row["lever"]
    assert set(load_roles().query("role == 'patients'")["class"]) == {"assumed"}


def test_a_lever_with_two_holders_and_a_holder_of_no_lever_are_found(data):
    patients = "china_county,patients,"
    spoil(data, "roles.csv", f"{patients}drug_benefit_share,", f"{patients}good_mood_share,")
    assert any("'good_mood_share'" in problem for problem in broken_links(data))
    spoil(
        data,
        "roles.csv",
        "china_county,patients,good_mood_share,",
        "china_county,patients,contract_share,",
    )
    assert "it may have one" in refused(load_roles, folder=data)
    spoil(data, "roles.csv", patients, "china_county,press,")
    assert "allowed are insurer" in refused(load_roles, folder=data)


def test_events_are_in_order_and_terms_have_both_languages():
    assert load_timeline()["date"].is_monotonic_increasing
    terms = load_glossary()
    assert terms["term_zh"].str.contains(r"[\u4e00-\u9fff]").all()
    assert not terms["term_en"].duplicated().any()


def test_every_number_in_prose_stands_in_what_its_paragraph_cites(root):
    assert pages_with_orphans(root) == []


def test_a_number_after_a_directive_or_inside_one_is_found_and_code_in_one_is_not():
    person = "```{person}\nShe is 61.\n```\n\nIt cost 7.\n"
    assert orphan_numbers(person) == [(2, "61"), (5, "7")]
    exercise = (
        "````{exercise} Count 3\n:label: ex-1\nAt 4 o'clock.\n```python\nx = 5\n```\n````\nNo 6."
    )
    assert orphan_numbers(exercise) == [(1, "3"), (3, "4"), (8, "6")]
    assert orphan_numbers("Goodwin (2016) and others, 2016") == [(1, "2016")]


def test_a_chapter_may_be_so_long_and_its_writer_is_told_of_long_sentences_and_worn_words():
    page = "{} of it.\n\n## Exercises\n\nOne more word.\n\n## Sources\n\n- [Two words](a.md)"
    assert too_long(page.format("word " * 2396)) == []
    (told,) = too_long(page.format("word " * 2397))
    assert told.startswith("2401 words")
    assert remarks("word " * 34 + "end. Short.") == []
    assert remarks("word " * 35 + "end. Short.") == [f"line 1: 36 words: {'word ' * 12} …"]
    assert remarks("One two. Word " + "word " * 19 + "end.") == []
    assert remarks("word " * 19 + "end.") == ["20.0 words a sentence; aim below 20"]
    assert remarks("A deduction of Nil {claim}`S004-79`. The seed grows.") == [
        "line 1: say 'zero', not 'nil': A deduction of Nil.",
        "line 1: say 'its authors and year', not 'the seed': The seed grows.",
    ]


def test_no_chapter_is_longer_than_a_student_reads(root):
    assert chapters_too_long(root) == []
    assert len(chapters(root)) == 13


def test_orphan_numbers_are_found_in_text_lists_and_tables():
    assert orphan_numbers("It rose to 12.5 per cent.") == [(1, "12.5")]
    assert orphan_numbers("- one\n- in 2019 it rose") == [(2, "2019")]
    assert orphan_numbers("| a | 7 |") == [(1, "7")]
    assert orphan_numbers("```{code-cell} ipython3\nx = 12\n```\n\nText.") == []
    assert orphan_numbers("COVID-19 and A1 are names; $x^2$ is mathematics.") == []
    assert orphan_numbers("In {num}`CN046` yuan; 94 is said again.") == []


def test_a_claim_without_a_source_is_one_clear_sentence(data):
    spoil(data, "claims.csv", "S004-08,seed-004-anhui", "S004-08,")
    sentence = refused(load_claims, folder=data)
    assert "claims.csv" in sentence
    assert "column 'source'" in sentence
    assert re.search(r"row \d+", sentence)


def test_a_number_without_a_class_is_one_clear_sentence(data):
    spoil(data, "parameters.csv", ",assumed,", ",guess,")
    sentence = refused(load_parameters, folder=data)
    assert (
        "'guess' is not allowed; allowed are observed, stated, derived, assumed, coded" in sentence
    )


def test_an_indicator_that_is_no_number_names_its_cell(data):
    spoil(data, "indicators.csv", ",490,", ",many,")
    sentence = refused(load_indicators, folder=data)
    assert "column 'value'" in sentence
    assert "'many'" in sentence


@pytest.mark.parametrize("formula", ["=1+1", "@SUM(A1)", "+cmd", "\tx"])
def test_a_cell_that_a_spreadsheet_would_run_is_refused(data, formula):
    spoil(data, "claims.csv", "S004-08,seed-004-anhui,", f'S004-08,"{formula}",')
    assert "may not start with" in refused(load_claims, folder=data)


def test_broken_encoding_null_bytes_and_ragged_rows_are_refused(data):
    path = data / "claims.csv"
    good = path.read_bytes()
    path.write_bytes(good + b"\xff\xfe")
    assert "not UTF-8" in refused(load_claims, folder=data)
    path.write_bytes(good.replace(b"S004-08,", b"S004\x00,", 1))
    sentence = refused(load_claims, folder=data)
    assert "null byte" in sentence or "NUL" in sentence
    path.write_bytes(good + b"a,b\n")
    assert "has 2 cells" in refused(load_claims, folder=data)
    path.write_bytes(b"")
    assert "empty" in refused(load_claims, folder=data)


def test_a_path_that_leaves_the_data_folder_is_refused(data):
    assert "outside the data folder" in refused(data_file, "../pyproject.toml", data)
    assert "outside the data folder" in refused(data_file, "/etc/passwd", data)
    assert "unknown" in refused(load_case, "../../etc/passwd")


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        ("x: !!python/object/apply:os.system ['true']", "tag"),
        ("x: !include other.yml", "tag"),
        ("a: &a [1]\nb: *a", "aliases"),
        ("a: 1\na: 2", "twice"),
        ("a: [1", "line"),
    ],
)
def test_yaml_that_does_more_than_hold_data_is_refused(tmp_path, line, reason):
    path = tmp_path / "case.yml"
    path.write_text(line, encoding="utf-8")
    assert reason in refused(load_yaml, path)


@pytest.mark.parametrize(
    ("old", "new", "reason"),
    [
        ("country: China", "country: 7", "'country'"),
        ("role: payer", "role: king", "'role'"),
        ("status: present", "status: maybe", "present, partial, recommended, absent, silent"),
        ("id: anhui\n", "id: other\n", "allowed is 'anhui'"),
        ("  date:", "  when:", "fields"),
        ("from: insurer", "from: nobody", "allowed is insurer"),
    ],
)
def test_a_malformed_case_says_what_is_allowed(data, old, new, reason):
    spoil(data, "cases/anhui.yml", old, new)
    assert reason in refused(load_case, "anhui", data / "cases")


def test_an_unknown_name_lists_the_known_ones():
    assert "anhui" in refused(load_claims, "atlantis")
    assert "hangzhou" in refused(load_case, "atlantis")


def test_a_changed_file_breaks_its_seal(data):
    spoil(data, "claims.csv", "tiered care", "tired care")
    assert any("claims.csv" in problem for problem in broken_seals(data))


def test_an_id_that_leads_nowhere_is_found(data):
    spoil(data, "cases/anhui.yml", "S004-80", "S004-97")
    spoil(data, "policy_timeline.csv", "S004-08", "S009-99")
    assert any("S009-99" in problem for problem in broken_links(data))


def test_ranges_make_sense_in_their_own_place():
    rows = load_parameters()
    rows = rows[rows["context"].isin(["china_county", "hangzhou_district", "uk_place"])]
    assert ((rows["low"] <= rows["value"]) & (rows["value"] <= rows["high"])).all()
    drawn = rows[(rows["low"] < rows["high"]) & (rows["name"] != "population")]
    money = drawn[drawn["unit"].str.startswith("money") & (drawn["name"] != "life_year_value")]
    assert (money["high"] <= 3 * money["value"]).all()
    assert (money["low"] >= money["value"] / 3).all()
    # A share has its own range in each place; none is so wide that it says nothing.
    shares = drawn[(drawn["unit"] == "share") & ~drawn["name"].str.contains("paid|copay")]
    assert (shares["high"] - shares["low"] <= 0.4).all()


def test_what_holds_in_any_place_is_not_in_money():
    rows = load_parameters("any_place")
    assert not rows["unit"].str.contains("money").any()


@pytest.mark.parametrize(
    ("first", "second", "kappa"),
    [
        # By hand, of 200: agreed 0.7; by chance 0.5 * 0.6 + 0.3 * 0.3 + 0.2 * 0.1 = 0.41.
        ("a" * 88 + "b" * 14 + "c" * 18 + "a" * 10 + "b" * 40 + "c" * 10 + "a" * 2 + "b" * 6
         + "c" * 12, "a" * 120 + "b" * 60 + "c" * 20, 0.29 / 0.59),
        # By hand: agreed 3/4, by chance 1/2 * 1/4 + 1/2 * 3/4 = 1/2.
        ("aabb", "abbb", 0.5),
        # What only one of them uses adds nothing to chance: agreed 1/2, chance 1/2 * 1/2.
        ("aabb", "aacc", 1 / 3),
        ("ab", "ba", -1.0),
        ("abab", "abab", 1.0),
    ],
)  # fmt: skip
def test_agreement_beyond_chance_is_cohens_kappa(first, second, kappa):
    assert cohens_kappa(pd.Series([*first]), pd.Series([*second])) == pytest.approx(kappa)


def test_of_two_coders_who_only_know_one_code_nothing_can_be_said():
    assert math.isnan(cohens_kappa(pd.Series([*"aaa"]), pd.Series([*"aaa"])))


def test_agreement_of_a_case_and_of_a_field_is_counted_on_its_own_rows():
    rows = load_recoding()
    rows = rows[rows["field"].isin([*MECHANISMS, *AXES])]
    for by in ("case", "field"):
        told = coder_agreement(by).set_index(by)
        for name in (rows[by].iloc[0], rows[by].iloc[-1]):
            mine = rows[rows[by] == name]
            same = sum(one == two for one, two in zip(mine["first"], mine["second"], strict=True))
            assert told.loc[name, ["codes", "same", "share"]].tolist() == pytest.approx(
                [len(mine), same, same / len(mine)]
            )
    silent = [rows[each] == SILENT for each in ("first", "second")]
    agreed = (silent[0] == silent[1]).mean()
    parts = [each.mean() for each in silent]
    chance = parts[0] * parts[1] + (1 - parts[0]) * (1 - parts[1])
    told = coder_agreement().set_index("case").loc["all", "kappa_spoken"]
    assert told == pytest.approx((agreed - chance) / (1 - chance))


def test_numbers_are_compared_without_noughts_before_commas_and_stops():
    # S004-08 holds 37 counties; nought itself, and a nought before a digit, are numbers too.
    assert orphan_numbers("Of 037 counties, {claim}`S004-08`") == []
    assert orphan_numbers("None (0) of 37, or 370, {claim}`S004-08`") == [(1, "0"), (1, "370")]
    assert orphan_numbers("It was 1,234.5 or 12.") == [(1, "1,234.5"), (1, "12")]
    assert orphan_numbers("Two\n\nlines\nthen 5 and `6` and $7$ and [x](8)") == [(3, "5")]
    assert orphan_numbers("1. first 3\n2. second 4") == [(1, "3"), (2, "4")]
    assert orphan_numbers("---\ntitle: 5\n---\nText 6") == [(4, "6")]
    assert orphan_numbers(":width: 50\nText") == []
    # A citation counts for its own paragraph only.
    assert orphan_numbers("Text {claim}`S004-08`.\n\nOf 37.") == [(3, "37")]
    assert orphan_numbers("Of 37 {claim}`S004-07, S004-08`.") == []
