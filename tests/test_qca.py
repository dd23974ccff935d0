"""Combinations of conditions: published results reproduced, silence and limits shown."""

import re
from itertools import combinations, product

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from carelab.base import CarelabError
from carelab.evidence import load_cases, load_claims, load_indicators
from carelab.study import qca
from carelab.study.compare.qca.minimise import all_rows, covers, prime_implicants

FIVE = ("DEV", "URB", "LIT", "IND", "STB")

# Reference results of the R package QCA 3.25 on the Lipset data: source setqca-r-fixture.
FUZZY_ROWS = {
    (0, 0, 0, 0, 0): (3, 0.215976331360947, 0.0),
    (0, 0, 0, 0, 1): (2, 0.278026905829596, 0.0),
    (0, 0, 1, 0, 0): (2, 0.520900321543409, 0.113095238095238),
    (0, 0, 1, 0, 1): (1, 0.528571428571429, 0.228070175438597),
    (1, 0, 1, 0, 1): (2, 0.804270462633452, 0.719387755102041),
    (1, 0, 1, 1, 0): (1, 0.378205128205128, 0.0396039603960395),
    (1, 0, 1, 1, 1): (2, 0.708771929824562, 0.634361233480176),
    (1, 1, 1, 1, 0): (1, 0.445255474452555, 0.0499999999999999),
    (1, 1, 1, 1, 1): (4, 0.904205607476635, 0.885793871866295),
}
FUZZY_TERMS = {
    ("complex", "DEV*URB*LIT*IND*STB"): (0.9042056074766355, 0.454225352112676, 0.393192488262911),
    ("complex", "DEV*~URB*LIT*~IND*STB"): (0.804270462633452, 0.265258215962441, 0.204225352112676),
    ("parsimonious", "DEV*~IND"): (0.8148148148148149, 0.284037558685446, 0.193661971830986),
    ("parsimonious", "URB*STB"): (0.8737672583826429, 0.519953051643193, 0.429577464788732),
}
NECESSITY = {
    "DEV": (0.8309859154929577, 0.7746170678336981, 0.8113553113553114),
    "URB": (0.5387323943661972, 0.7714285714285715, 0.8985831469052944),
    "LIT": (0.9906103286384976, 0.6428027418126427, 0.5094142259414226),
    "IND": (0.6690140845070423, 0.6842737094837934, 0.786178861788618),
    "STB": (0.9201877934272301, 0.7069431920649235, 0.6801181102362206),
    "~DEV": (0.2852112676056338, 0.2742663656884876, 0.5870263326910725),
    "~URB": (0.5680751173708919, 0.4016597510373444, 0.452127659574468),
    "~LIT": (0.09624413145539908, 0.1683778234086242, 0.7642607683352737),
    "~IND": (0.4166666666666667, 0.3671147880041365, 0.5764705882352942),
    "~STB": (0.2183098591549296, 0.2691751085383502, 0.6871127633209418),
}
CALIBRATED = {
    0: 0.00733745807066141,
    20: 0.05,
    25: 0.07916845804317633,
    40: 0.2725982855090026,
    50: 0.5,
    70: 0.8768528619701244,
    80: 0.95,
    100: 0.9926625419293386,
}


@pytest.fixture(scope="module")
def fuzzy():
    return qca.worked_example()


@pytest.fixture(scope="module")
def crisp(fuzzy):
    return (fuzzy > 0.5).astype(float)


@pytest.fixture(scope="module")
def codes():
    return qca.condition_codes()


def test_the_fuzzy_truth_table_is_the_published_one(fuzzy):
    table = qca.truth_table(fuzzy, "SURV", FIVE, consistency=0.8)
    observed = table.observed
    assert len(table.rows) == 32
    found = {
        tuple(row[:5]): (row[5], row[6], row[7])
        for row in observed[[*FIVE, "n", "consistency", "pri"]].itertuples(index=False, name=None)
    }
    assert set(found) == set(FUZZY_ROWS)
    for bits, expected in FUZZY_ROWS.items():
        assert found[bits] == pytest.approx(expected, abs=1e-9)
    assert sorted(table.bits("1")) == [(1, 0, 1, 0, 1), (1, 1, 1, 1, 1)]


def test_the_fuzzy_solutions_are_the_published_ones(fuzzy):
    table = qca.truth_table(fuzzy, "SURV", FIVE, consistency=0.8)
    solved = qca.solve(table, dict.fromkeys(FIVE, True))
    assert qca.formulas(solved) == {
        "complex": ["DEV*URB*LIT*IND*STB + DEV*~URB*LIT*~IND*STB"],
        "parsimonious": ["DEV*~IND + URB*STB"],
        "intermediate": ["DEV*LIT*~IND*STB + DEV*URB*LIT*STB"],
    }
    rows = solved.set_index(["kind", "term"])
    for key, expected in FUZZY_TERMS.items():
        found = rows.loc[key, ["consistency", "coverage", "unique_coverage"]].astype(float)
        assert found.tolist() == pytest.approx(expected, abs=1e-9)
    assert rows.loc[("complex", "DEV*URB*LIT*IND*STB"), "cases"] == "BE; CZ; NL; UK"


def test_an_expectation_of_absence_gives_the_published_intermediate_solution(fuzzy):
    table = qca.truth_table(fuzzy, "SURV", FIVE, consistency=0.8)
    wanted = {**dict.fromkeys(FIVE, True), "IND": False}
    found = qca.formulas(qca.solve(table, wanted))["intermediate"]
    assert found == ["DEV*LIT*~IND*STB + DEV*URB*LIT*STB"]


def test_a_higher_threshold_gives_the_published_solutions(fuzzy):
    table = qca.truth_table(fuzzy, "SURV", FIVE, consistency=0.9)
    found = qca.formulas(qca.solve(table))
    assert found == {"complex": ["DEV*URB*LIT*IND*STB"], "parsimonious": ["URB*STB"]}


def test_three_conditions_give_the_published_solutions(fuzzy):
    table = qca.truth_table(fuzzy, "SURV", ("DEV", "LIT", "STB"), consistency=0.8)
    found = qca.formulas(qca.solve(table, {"DEV": True, "LIT": True, "STB": True}))
    assert found["complex"] == found["intermediate"] == ["DEV*LIT*STB"]
    assert found["parsimonious"] == ["DEV*STB"]


def test_the_crisp_solutions_are_the_published_ones(crisp):
    table = qca.truth_table(crisp, "SURV", FIVE, consistency=1)
    solved = qca.solve(table)
    assert qca.formulas(solved) == {
        "complex": ["DEV*LIT*IND*STB + DEV*~URB*LIT*STB"],
        "parsimonious": ["DEV*STB"],
    }
    rows = solved.set_index("term")
    assert rows.loc["DEV*~URB*LIT*STB", "coverage"] == pytest.approx(0.5)
    assert rows.loc["DEV*~URB*LIT*STB", "unique_coverage"] == pytest.approx(0.25)
    assert rows.loc["DEV*LIT*IND*STB", "unique_coverage"] == pytest.approx(0.5)


def test_necessity_is_the_published_one(fuzzy):
    rows = qca.necessity(fuzzy, "SURV", FIVE).set_index("condition")
    assert set(rows.index) == set(NECESSITY)
    for name, expected in NECESSITY.items():
        assert rows.loc[name].tolist() == pytest.approx(expected, abs=1e-9)


def test_calibration_is_the_published_one_rising_and_falling():
    assert qca.calibrate(CALIBRATED, 20, 50, 80) == pytest.approx(list(CALIBRATED.values()))
    falling = qca.calibrate(CALIBRATED, 80, 50, 20)
    assert falling == pytest.approx([1 - each for each in CALIBRATED.values()])


def brute_force(positive, allowed):
    """Try every cube and every set of cubes: the smallest covers, found without the algorithm."""
    width = len(positive[0])
    inside = set(positive) | set(allowed)
    cubes = [
        cube
        for cube in product((0, 1, None), repeat=width)
        if all(row in inside for row in all_rows(width) if covers(cube, row))
    ]
    largest = [
        cube
        for cube in cubes
        if not any(
            other != cube and all(a is None or a == b for a, b in zip(other, cube, strict=True))
            for other in cubes
        )
    ]
    for size in range(1, len(largest) + 1):
        found = {
            frozenset(chosen)
            for chosen in combinations(largest, size)
            if all(any(covers(cube, row) for cube in chosen) for row in positive)
        }
        if found:
            return set(largest), found
    return set(largest), set()


@settings(max_examples=60)
@given(st.lists(st.sampled_from("10?"), min_size=8, max_size=8))
def test_minimisation_is_exact_and_complete(marks):
    rows = all_rows(3)
    positive = [row for row, mark in zip(rows, marks, strict=True) if mark == "1"]
    allowed = [row for row, mark in zip(rows, marks, strict=True) if mark == "?"]
    if not positive:
        assert qca.minimise(positive, allowed) == []
        return
    primes, solutions = brute_force(positive, allowed)
    assert set(prime_implicants({*positive, *allowed})) == primes
    assert {frozenset(model) for model in qca.minimise(positive, allowed)} == solutions


def test_tied_models_are_all_shown():
    import pandas as pd

    data = pd.DataFrame({"A": [1, 1, 0, 0, 1, 0], "B": [1, 0, 1, 0, 0, 1], "C": [0, 1, 1, 0, 1, 0]})
    data["Y"] = [1, 1, 1, 0, 0, 0]
    table = qca.truth_table(data, "Y", ["A", "B", "C"], consistency=0.8)
    assert len(qca.formulas(qca.solve(table))["parsimonious"]) > 1
    assert table.rows["contradictory"].sum() == 1


def test_every_code_of_a_condition_names_evidence_that_exists(codes):
    spoken = codes[codes["status"] != "silent"]
    known = {*load_claims()["id"], *load_indicators()["id"]}
    assert (spoken["claims"] != "").all()
    assert {each for ids in spoken["claims"] for each in ids.split("; ")} <= known
    systems = {name for name, case in load_cases().items() if case.is_system}
    assert set(codes["case"]) == systems
    assert len(systems) >= 16
    assert codes.loc[codes["status"] == "silent", "membership"].isna().all()


def test_silence_is_never_read_as_a_code_unless_asked(codes):
    dropped = qca.memberships(codes)
    silent = codes[(codes["status"] == "silent")]["case"].unique()
    assert not set(dropped.index) & set(silent)
    outcome = codes[codes["role"] == "outcome"].set_index("case")["status"]
    for reading, value in (("absent", 0.0), ("present", 1.0)):
        data = qca.memberships(codes, reading)
        assert set(data.index) == set(outcome[outcome != "silent"].index)
        assert data.loc["y_county", "pooled_money"] == value


def test_limited_diversity_is_counted(codes):
    table = qca.truth_table(qca.memberships(codes, "absent"), "resource_use", qca.CONDITIONS)
    counts = table.diversity().iloc[0]
    assert counts["combinations"] == 64 == counts["observed"] + counts["remainders"]
    assert counts["remainders"] > counts["observed"]
    clash = table.rows[table.rows["contradictory"]]["cases"].tolist()
    assert any("dingyuan" in cases and "funan" in cases for cases in clash)


def test_robustness_tries_every_setting_and_shows_that_silence_decides(codes):
    tried = qca.robustness(codes)
    assert len(tried) == 3 * 9 * 3
    assert (tried.loc[tried["silence"] == "drop", "cases"] == 0).all()
    by_reading = tried.groupby("silence")["parsimonious"].agg(set)
    assert not by_reading["absent"] & by_reading["present"]


@pytest.mark.parametrize(
    ("call", "said"),
    [
        (lambda d: qca.truth_table(d, "SURV", ["WEALTH"]), "'WEALTH' is no column"),
        (lambda d: qca.truth_table(d, "SURV", ["SURV"]), "both outcome and condition"),
        (lambda d: qca.truth_table(d, "SURV", []), "1 to 8 conditions"),
        (lambda d: qca.truth_table(d * 2, "SURV", ["DEV"]), "outside 0 to 1"),
        (lambda d: qca.truth_table(d.assign(DEV=0.5), "SURV", ["DEV"]), "membership 0.5"),
        (lambda d: qca.solve(qca.truth_table(d, "SURV", ["DEV"]), {"X": True}), "'X' is no"),
        (lambda d: qca.condition_codes(None, ["luck"]), "condition 'luck' is unknown"),
        (lambda d: qca.condition_codes(outcome="luck"), "outcome 'luck' is unknown"),
        (lambda d: qca.memberships(qca.condition_codes(), "guess"), "silence is 'guess'"),
        (lambda d: qca.calibrate([1], 1, 3, 2), "neither rise nor fall"),
    ],
)
def test_bad_input_gets_one_sentence(fuzzy, call, said):
    with pytest.raises(CarelabError) as caught:
        call(fuzzy)
    assert said in str(caught.value)
    assert "\n" not in str(caught.value)


def _at_the_cut(a: list[float], y: list[float]) -> pd.DataFrame:
    return pd.DataFrame({"A": a, "Y": y})


@pytest.mark.parametrize(
    ("a", "y", "cut"),
    [
        # By hand: (0.3 + 0.9) / (0.6 + 0.9) = 1.2 / 1.5 = 0.8.
        ([0.6, 0.9], [0.3, 0.9], 0.8),
        # (0.3 + 0.6 + 0.7) / (0.6 + 0.6 + 0.8) = 1.6 / 2 = 0.8.
        ([0.6, 0.6, 0.8], [0.3, 0.6, 0.7], 0.8),
        ([0.67, 0.67, 0.67, 0.67], [1, 1, 1, 0], 0.75),
    ],
)
def test_a_row_exactly_at_the_cut_off_works_whatever_the_last_digits(a, y, cut):
    from fractions import Fraction

    whole = [Fraction(str(each)) for each in a]
    shared = sum(min(x, Fraction(str(each))) for x, each in zip(whole, y, strict=True))
    assert shared / sum(whole) == Fraction(str(cut))
    table = qca.truth_table(_at_the_cut(a, y), "Y", ["A"], consistency=cut)
    assert table.rows["code"].tolist()[1] == "1"
    above_it = qca.truth_table(_at_the_cut(a, y), "Y", ["A"], consistency=cut + 1e-6)
    assert above_it.rows["code"].tolist()[1] == "0"


def test_no_row_of_tenths_at_the_cut_off_is_coded_as_failing():
    from fractions import Fraction
    from itertools import combinations_with_replacement, product

    tried = 0
    for a in combinations_with_replacement(range(6, 11), 2):
        for y in product(range(11), repeat=2):
            if Fraction(sum(map(min, a, y)), sum(a)) == Fraction(4, 5):
                data = _at_the_cut([each / 10 for each in a], [each / 10 for each in y])
                assert qca.truth_table(data, "Y", ["A"]).rows["code"].tolist()[1] == "1"
                tried += 1
    assert tried > 20


def test_a_computed_half_is_a_half():
    with pytest.raises(CarelabError, match=r"case '0' has membership 0\.5 in 'A'"):
        qca.truth_table(_at_the_cut([0.7 - 0.2, 1], [1, 1]), "Y", ["A"])


@pytest.mark.parametrize("name", ["n", "consistency", "pri", "code", "contradictory", "cases"])
def test_a_condition_may_not_be_called_as_a_column_of_the_table(name):
    data = pd.DataFrame({name: [1, 0], "Y": [1, 0]})
    with pytest.raises(CarelabError, match=f"condition '{name}' has the name of a column"):
        qca.truth_table(data, "Y", [name])


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"frequency": 0}, "frequency is 0; allowed is a whole number from 1"),
        ({"frequency": 1.5}, "frequency is 1.5"),
        ({"frequency": True}, "frequency is True"),
        ({"consistency": float("nan")}, "consistency is nan; allowed is 0 to 1"),
        ({"consistency": "0.8"}, "consistency is '0.8'"),
        ({"conditions": "A"}, "conditions is 'A'; allowed is a list"),
        ({"conditions": []}, "give 1 to 8 conditions"),
        ({"conditions": ["A", "A"]}, "each once"),
        ({"conditions": ["B"]}, "'B' is no column"),
        ({"outcome": "A"}, "cannot be both"),
        ({"data": pd.DataFrame({"A": ["x"], "Y": [1]})}, "'A' holds what is no number"),
        ({"data": pd.DataFrame({"A": [], "Y": []})}, "the data hold no case"),
        ({"data": pd.DataFrame({"A": [1, 0], "Y": [1, 0]}, index=["x", "x"])}, "in two rows"),
        ({"data": pd.DataFrame({"A*B": [1], "Y": [1]}), "conditions": ["A*B"]}, "a name without"),
    ],
)
def test_what_no_truth_table_can_be_made_of_gets_a_sentence(change, said):
    given = {"data": pd.DataFrame({"A": [1, 0], "Y": [1, 0]}), "outcome": "Y", "conditions": ["A"]}
    with pytest.raises(CarelabError, match=re.escape(said)) as caught:
        qca.truth_table(**{**given, **change})
    assert "\n" not in str(caught.value)


def test_necessity_asks_for_columns_that_are_there():
    with pytest.raises(CarelabError, match="'B' is no column"):
        qca.necessity(pd.DataFrame({"A": [1], "Y": [1]}), "Y", ["B"])


def test_a_column_that_stands_twice_is_refused_as_one_that_is_not_there(fuzzy):
    twice = pd.concat([fuzzy, fuzzy[["DEV"]]], axis=1)
    with pytest.raises(CarelabError, match="'DEV' stands twice among the columns; columns are "):
        qca.truth_table(twice, "SURV", ["DEV"])
    with pytest.raises(CarelabError, match="'LUCK' is no column"):
        qca.truth_table(twice, "SURV", ["LUCK"])


@pytest.mark.parametrize("count", [1, 8, 9])
def test_one_to_eight_conditions_are_allowed(count):
    names = [f"C{number}" for number in range(count)]
    data = pd.DataFrame([[1.0] * (count + 1), [0.0] * (count + 1)], columns=[*names, "Y"])
    if count > 8:
        with pytest.raises(CarelabError, match="give 1 to 8 conditions, each once"):
            qca.truth_table(data, "Y", names)
    else:
        table = qca.truth_table(data, "Y", names)
        assert len(table.rows) == 2**count
        assert table.diversity()["remainders"].item() == 2**count - 2
    with pytest.raises(CarelabError, match="each once"):
        qca.truth_table(data, "Y", ["C0", "C0"])


def test_robustness_tries_the_low_the_middle_and_the_high_end_at_three_cut_offs(codes):
    tried = qca.robustness(codes, ["absent"])
    assert sorted(set(tried["cutoff"])) == [0.75, 0.8, 0.9]
    table = qca.load_calibration().set_index("status")
    for status in ("partial", "mixed"):
        ends = {float(table.loc[status, end]) for end in ("low", "membership", "high")}
        assert set(tried[status]) == ends
    assert len(tried) == 27 == len(tried.drop_duplicates(["partial", "mixed", "cutoff"]))


def test_unique_coverage_is_what_no_other_combination_covers():
    # Two ways to Y: A alone in two cases, B alone in one, both in one; two cases of neither.
    data = pd.DataFrame(
        {"A": [1, 1, 0, 1, 0, 0], "B": [0, 0, 1, 1, 0, 0], "Y": [1, 1, 1, 1, 0, 0]},
        index=[*"pqrstu"],
    )
    found = qca.solve(qca.truth_table(data, "Y", ["A", "B"]))
    told = {row[2]: row for row in found[found.iloc[:, 0] == "complex"].itertuples(index=False)}
    assert set(told) == {"A", "B"}
    for label, (raw, unique, cases) in {"A": (3 / 4, 2 / 4, "p; q; s"),
                                        "B": (2 / 4, 1 / 4, "r; s")}.items():  # fmt: skip
        assert told[label][5:8] == (pytest.approx(raw), pytest.approx(unique), cases)
        assert told[label][8:10] == (1, 1)


@pytest.mark.parametrize("frequency", [0, -1, 1.0, True])
def test_a_row_counts_from_one_case_on(fuzzy, frequency):
    with pytest.raises(CarelabError, match="allowed is a whole number from 1"):
        qca.truth_table(fuzzy, "SURV", ["DEV"], frequency=frequency)
    rare = qca.truth_table(fuzzy, "SURV", ["DEV"], frequency=len(fuzzy))
    assert rare.diversity()["remainders"].item() == 2


@pytest.mark.parametrize("consistency", [-0.01, 1.01, True, "high"])
def test_a_cut_off_lies_from_0_to_1(fuzzy, consistency):
    with pytest.raises(CarelabError, match="allowed is 0 to 1"):
        qca.truth_table(fuzzy, "SURV", ["DEV"], consistency=consistency)
