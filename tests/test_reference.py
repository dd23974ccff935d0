"""The model reference: mechanisms read off the code, the contracted causal map, limits."""

import re
from itertools import pairwise
from pathlib import Path
from types import ModuleType

import numpy as np
import pandas as pd
import pytest

from carelab import theory
from carelab.base import CarelabError, word
from carelab.engine import STOCKS, Scenario, load_place, run_months, simulate, trace_step
from carelab.engine.names import CLOCK, MADE_BEFORE
from carelab.engine.recorded import inner_flows
from carelab.evidence import load_levers, load_parameters
from carelab.evidence.tables import read_table
from carelab.plots import plot_causal_map, plot_function, plot_response
from carelab.plots.diagrams.causal_maps import place_rows, route_rows
from carelab.sphinx_ext.equations import equations
from carelab.sphinx_ext.mathematics import break_lines, visible_length
from carelab.sphinx_ext.model_parts import parameter_rows, used_by
from carelab.study import scoreboard, stored_table
from carelab.study.explain import causal_maps
from carelab.study.explain.causal_maps import (
    Course,
    course,
    map_groups,
    map_nodes,
    signed_links,
    strong_links,
    swing,
)
from carelab.study.explain.formulas import describe_function, functions_of
from carelab.study.explain.responses import (
    input_range,
    mechanism,
    mechanisms,
    month_response,
    month_units,
)
from carelab.study.trust import limits
from carelab.study.trust.limits import held_at_rest, model_limits
from carelab.tracing import trace_model
from carelab.tracing.causal import causal_slopes
from carelab.tracing.latex import write_latex
from carelab.tracing.reduction import carried_over, reduce_links

PAGES = Path(__file__).resolve().parents[1] / "notebooks"
ANHUI = Scenario("china_county", "anhui")
BEFORE = Scenario("china_county", "china_dilemma")


def test_the_mechanisms_together_hold_every_quantity_of_the_month_once_and_in_order():
    flows = [flow for part in mechanisms() for flow in part.flows]
    assert flows == [name for name in trace_step().flow_names if name not in inner_flows()]


def test_the_range_of_an_input_is_that_of_its_lever_or_of_its_place():
    rows = load_parameters()
    assert input_range("contract_share") == (0, 1)
    # The teaching county of the small models has a range of its own for altruism.
    assert input_range("altruism") == (0.01, 0.15)
    own = rows[rows["context"] == "uk_place"].iloc[0]
    assert input_range(own["name"], "uk_place") == (own["low"], own["high"])
    for name in ("zzz", "aaa"):
        with pytest.raises(CarelabError, match=f"'{name}' has no range of its own"):
            input_range(name)


def test_a_month_responds_at_the_values_asked_and_refuses_what_it_does_not_know():
    points = month_response(ANHUI, "reach", "prevention_effort", [0.0, 1.0, 2.0])
    assert points.shape == (3,) and points[0] < points[1] < points[2]
    held = month_response(ANHUI, "reach", "contract_share", [0.0, 1.0], {"prevention_effort": 2.0})
    assert held == pytest.approx([points[2]] * 2)
    # At the place's own value, with the reform in force, nothing else has moved yet.
    stocks = load_place("china_county").stocks
    flow = month_response(BEFORE, "next_capability", "capability", [stocks["capability"]])
    first = next(iter(run_months(load_place("china_county"), BEFORE.levers, 1)))
    assert flow == pytest.approx(first["next_capability"], rel=1e-6)
    with pytest.raises(CarelabError, match="reads no input named 'luck'"):
        month_response(ANHUI, "reach", "luck", [0.0])
    with pytest.raises(CarelabError, match="works out no quantity named 'luck'"):
        month_response(ANHUI, "luck", "contract_share", [0.0])


def test_a_course_holds_every_month_of_its_years():
    run = course(ANHUI, 2)
    months = list(run_months(load_place("china_county"), ANHUI.levers, 24))
    for name in ("reach", "next_capability"):
        assert run.paths[name].tolist() == [each[name] for each in months]
    assert run.paths["capability"].tolist() == [each["stock_capability"] for each in months]
    assert run.paths["month"].tolist() == list(range(24))
    assert {len(np.atleast_1d(slope)) for slope in run.slopes.values()} <= {1, 24}


def made_course() -> Course:
    slopes = {("a", "b"): np.array([2.0, 3.0, 4.0]), ("b", "next_s"): -0.5, ("s", "c"): 10.0,
              ("s", "next_s"): 0.5}  # fmt: skip
    paths = {"month": np.arange(3), "a": np.array([1.0, 5.0, 2.0]), "c": np.array([0.0, 0, 0])}
    return Course(slopes, paths)


@pytest.mark.parametrize(
    ("kept", "gathered"),
    [
        # Of a unit a month, kept by half: 1 + 1/2 + 1/4 after three months.
        (0.5, 1.75), (0.0, 1.0), (1.0, 3.0), (1.2, 3.0), (-0.5, 0.75),
        # A stock that turns by its whole size each month is taken to keep 99 hundredths of it.
        (-1.0, (1 + 0.99**3) / 1.99), (0.9, 1 + 0.9 + 0.81),
    ],
)  # fmt: skip
def test_a_chain_through_a_stock_counts_what_the_stock_gathers(kept, gathered):
    run = made_course()
    run = Course({**run.slopes, ("s", "next_s"): kept}, run.paths)
    assert run.effect(("a", "b")).tolist() == [2, 3, 4]
    assert run.effect(("a", "b", "next_s")).tolist() == [-1, -1.5, -2]
    whole = run.effect(("a", "b", "next_s", "s", "c"))
    assert whole == pytest.approx(np.array([-10, -15, -20]) * gathered)
    forgetful = Course({k: v for k, v in run.slopes.items() if k[0] != k[1][5:]}, run.paths)
    assert forgetful.effect(("a", "b", "next_s", "s", "c")) == pytest.approx([-10, -15, -20])


def test_a_swing_is_how_far_a_quantity_moves_over_all_runs_and_of_a_lever_its_range():
    other = Course({}, {"a": np.array([-2.0, 0.0])})
    assert swing("a", {"one": made_course(), "two": other}) == 7
    assert swing("ratchet_share", {}) == 1
    assert swing("contract_years", {}) == np.ptp(causal_maps.lever_ranges()["contract_years"][:2])


def test_the_strength_of_a_chain_is_the_part_of_its_targets_swing_that_it_can_move():
    run = made_course()
    steeper = Course({("a", "b"): np.array([-9.0, -9.0, 9.0])}, run.paths)
    swings = {"a": 4.0, "b": 12.0}
    # Steepest on the mean of its sizes: 3 in the first run, 9 in the second.
    assert causal_maps._strength(("a", "b"), {"x": run}, swings) == 1
    assert causal_maps._strength(("a", "b"), {"x": run, "y": steeper}, swings) == 3


def test_chains_are_kept_from_a_fifth_on_and_from_a_tenth_of_the_strongest(monkeypatch):
    measured = {"p": 0.2, "q": 0.19, "r": 5.0, "s": 0.5, "t": 0.49, "u": 0.3}
    chains = {("a", "b"): [("a", "p", "b"), ("a", "q", "b")], ("a", "c"): [("a", "q", "c")],
              ("a", "d"): [("a", name, "d") for name in "tsr"]}  # fmt: skip
    monkeypatch.setattr(causal_maps, "_reference_runs", lambda context: {})
    monkeypatch.setattr(causal_maps, "_moving_pairs", lambda runs: [])
    monkeypatch.setattr(causal_maps, "swing", lambda name, runs: 1.0)
    monkeypatch.setattr(causal_maps, "reduce_links", lambda pairs, nodes: chains)
    monkeypatch.setattr(causal_maps, "_strength", lambda chain, *_: measured[chain[1]])
    found = causal_maps.strong_links.__wrapped__("china_county")
    assert found == {
        ("a", "b"): ((("a", "p", "b"), 0.2),),
        ("a", "d"): ((("a", "r", "d"), 5.0), (("a", "s", "d"), 0.5)),
    }


def test_a_link_has_the_sign_of_all_its_chains_together_and_turns_where_that_does(monkeypatch):
    run = Course(
        {("a", "x"): 1.0, ("x", "b"): np.array([3.0, -1.0]), ("a", "b"): np.array([-1.0, -1.0]),
         ("a", "c"): np.array([0.0, -2.0]), ("a", "d"): 0.0},
        {"month": np.arange(2)},
    )  # fmt: skip
    links = {("a", "b"): ((("a", "x", "b"), 1.0), (("a", "b"), 1.0)),
             ("a", "c"): ((("a", "c"), 1.0),), ("a", "d"): ((("a", "d"), 1.0),)}  # fmt: skip
    monkeypatch.setattr(causal_maps, "course", lambda scenario, years: run)
    monkeypatch.setattr(causal_maps, "_reference_runs", lambda context: {})
    monkeypatch.setattr(causal_maps, "strong_links", lambda context: links)
    monkeypatch.setattr(causal_maps, "swing", lambda name, runs: {"a": 2.0}.get(name, 4.0))
    told = causal_maps.signed_links(ANHUI).to_dict("list")
    assert told == {
        "source": ["a"] * 3, "target": ["b", "c", "d"], "sign": [1, -1, 0],
        "turns": [True, False, False], "strength": [1.0, 0.5, 0.0], "via": [["x"], [], []],
    }  # fmt: skip


def test_what_never_moves_carries_no_effect(monkeypatch):
    flows = [name for name in trace_step().flow_names if name not in inner_flows()]
    paths = {name: np.array([1.0, 2.0]) for name in flows}
    still, hardly = flows[0], flows[1]
    paths[still] = np.array([5.0, 5.0 + 4e-9])
    paths[hardly] = np.array([5.0, 5.0 + 6e-9])
    pairs = {(still, flows[2]): 1.0, (hardly, flows[2]): 1.0, (flows[2], still): 1.0}
    kept = causal_maps._moving_pairs({"x": Course(pairs, paths)})
    assert (hardly, flows[2]) in kept
    assert not {(still, flows[2]), (flows[2], still)} & set(kept)


def test_every_mechanism_stands_on_the_page():
    page = (PAGES / "care-economy.md").read_text(encoding="utf-8")
    shown = " ".join(re.findall(r"^```\{mechanism\} (.+)$", page, re.MULTILINE)).split()
    assert shown == list(dict.fromkeys(shown))
    assert set(shown) == {part.name for part in mechanisms()}


def test_every_file_of_the_theory_stands_on_the_page():
    page = (PAGES / "small-models.md").read_text(encoding="utf-8")
    shown = re.findall(r"^```\{theory\} (\S+)$", page, re.MULTILINE)
    modules = {name for name in theory.__all__ if isinstance(getattr(theory, name), ModuleType)}
    assert set(shown) == modules
    assert len(shown) == len(modules)


def test_everything_that_a_month_reads_or_works_out_has_one_unit():
    units = month_units()
    named = [name for part in mechanisms() for name in (*part.flows, *part.inputs)]
    assert [name for name in named if name not in units] == []
    own = set(read_table("units.csv")["name"])
    assert own <= {*named, *STOCKS, *CLOCK}
    for frame in (load_parameters(), load_levers()):
        assert own.isdisjoint(frame["name"])


def test_a_stock_has_the_unit_of_what_it_becomes():
    units = month_units()
    apart = [name for name in STOCKS if units[name] != units[f"next_{name}"]]
    assert apart == []


def test_a_mechanism_lists_all_the_parameters_that_it_reads_with_class_and_range():
    rows = parameter_rows(mechanism("capability").inputs)
    told = " ".join(cell for row in rows for cell in row).replace("<wbr>", "")
    frame = load_parameters("any_place").set_index("name")
    for name in ("mentoring_gain", "capability_decay", "siphon_staff_rate"):
        row = frame.loc[name]
        assert f"<code>{name}</code>" in told
        assert f"{row['low']:g} to {row['high']:g}" in told
    assert all("carelab-badge" in row[3] for row in rows)


def test_an_unknown_mechanism_is_told_in_one_sentence():
    with pytest.raises(CarelabError, match="mechanism 'magic' is unknown; known are timing"):
        mechanism("magic")


def test_every_function_of_the_theory_says_what_comes_out_and_is_recorded_or_numerical():
    numerical = {"one_sided_bonus", "noisy_one_sided_effort", "game_name", "retention_model"}
    names = [getattr(theory, name) for name in theory.__all__]
    for module in [each for each in names if type(each).__name__ == "module"]:
        for function in functions_of(module):
            formula = describe_function(function)
            assert formula.summary.endswith(".")
            assert (formula.trace is None) == (formula.name in numerical), formula.name
            if formula.name != "retention_model":
                assert formula.result, formula.name


def test_the_page_says_which_part_of_the_engine_calls_a_model():
    assert "capability" in used_by("mentoring")
    assert "contract" in used_by("shared_savings")
    assert used_by("coordination") == ()


def test_long_equations_are_broken_and_lose_nothing():
    def plain(latex):
        bare = re.sub(r"\\begin\{aligned\} & |\\\\ & \\quad|\\end\{aligned\}", "", latex)
        return bare.split()

    long = r"\text{sum} = " + r" + ".join(rf"\text{{a rather long name {n}}}" for n in range(6))
    broken = break_lines(long)
    assert broken.count(r"\\ &") >= 2
    assert plain(broken) == long.split()
    assert max(map(visible_length, broken.split(r"\\ &"))) < 75
    kept = r"\text{a} = \frac{\text{b} + \text{c}}{\text{d}}"
    assert break_lines(kept) == kept
    assert any(r"\begin{aligned}" in latex for latex in equations("care_economy").values())


def test_a_long_bracket_is_opened_at_its_sums_and_each_line_closes_what_it_opens():
    terms = [
        rf"\text{{a rather long name {n}}} \cdot \left(\text{{b}} + \text{{c}}\right)"
        for n in range(4)
    ]
    long = rf"\text{{all}} = \text{{part}} \cdot \left({' - '.join(terms)}\right)"
    lines = break_lines(long).split(r"\\ & \quad ")
    assert len(lines) >= 3
    assert all(line.count(r"\left") == line.count(r"\right") for line in lines)
    assert max(map(visible_length, lines)) < 75
    joined = " ".join(lines).replace(r" \right.", "").replace(r"\left. ", "")
    assert joined.split()[2:-1] == long.split()
    two = (
        r"\left(\text{a}\right) ^ \left("
        + r" + ".join([r"\text{a rather long name}"] * 4)
        + r"\right)"
    )
    assert two in break_lines(rf"\text{{all}} = {two}")


def test_a_bracket_or_a_power_wider_than_a_line_is_broken_inside():
    terms = " + ".join(rf"\text{{a rather long name {n}}}" for n in range(4))
    inside = (rf"\max\left(0,\, {terms}\right)", rf"\frac{{{terms}}}{{\text{{c}}}}")
    for wide in (*inside, f"e^{{{terms}}}"):
        broken = break_lines(rf"\text{{a}} = {wide}")
        assert broken.count(r"\begin{aligned}") == 2
        assert visible_length(broken) <= 52
    shown = re.findall(r"care_economy\.(\w+)", (PAGES / "care-economy.md").read_text("utf-8"))
    written = equations("care_economy")
    too_wide = {name for name in shown if visible_length(written[name]) > 62}
    assert len(shown) > 50 and too_wide == set()


def test_a_part_that_the_code_switches_off_is_not_written():
    trace = trace_model(lambda inputs, flows: setattr(flows, "y", 0.0 * inputs.a + inputs.b), "ab")
    assert write_latex(trace, {"a": "a", "b": "b", "y": "y"}) == {"y": "y = b"}


def test_slopes_are_those_of_central_differences():
    def model(inputs, flows):
        flows.product = inputs.a * inputs.b * inputs.b
        flows.ratio = flows.product / inputs.a

    values = {"a": np.array([1.0, 2.0]), "b": np.array([3.0, 0.5])}
    slopes = causal_slopes(trace_model(model, ["a", "b"]), values)
    assert slopes["b", "product"].tolist() == [6.0, 2.0]
    assert slopes["product", "ratio"].tolist() == [1.0, 0.5]


def test_a_contracted_map_has_every_chain_that_meets_no_other_kept_quantity():
    links = [("a", "x"), ("x", "b"), ("a", "b"), ("b", "y"), ("y", "c"), ("x", "c"), ("c", "a")]
    found = reduce_links(links, ["a", "b", "c"])
    assert found["a", "b"] == (("a", "b"), ("a", "x", "b"))
    assert found["a", "c"] == (("a", "x", "c"),)
    assert found["b", "c"] == (("b", "y", "c"),)
    assert found["c", "a"] == (("c", "a"),)
    assert ("b", "a") not in found


def test_a_chain_passes_into_the_next_month_at_most_once():
    links = [("a", "next_s"), ("s", "next_t"), ("t", "b"), ("s", "c"), *carried_over("st")]
    found = reduce_links(links, ["a", "b", "c"])
    assert found == {("a", "c"): (("a", "next_s", "s", "c"),)}


def test_a_quantity_to_keep_must_be_in_the_map():
    with pytest.raises(CarelabError, match="'z' is in no link"):
        reduce_links([("a", "b")], ["a", "z"])


def test_every_chain_of_the_map_is_made_of_links_of_the_month():
    known = {*course(ANHUI).slopes, *carried_over(STOCKS)}
    for (source, target), chains in strong_links().items():
        for chain, strength in chains:
            assert (chain[0], chain[-1]) == (source, target)
            assert set(pairwise(chain)) <= known
            assert not set(chain[1:-1]) & set(map_nodes())
            assert strength > 0


def test_the_effect_of_a_chain_is_what_the_run_shows():
    # Mentoring held up for good by one unit raises capability by the run's own arithmetic.
    run = course(ANHUI, 10)
    chain = ("mentoring", "learning", "next_capability", "capability")
    slopes = run.slopes["mentoring", "learning"] * run.slopes["learning", "next_capability"]
    kept = run.slopes["capability", "next_capability"]
    gathered = sum(kept**month for month in range(120))
    assert np.allclose(run.effect(chain), slopes * gathered)
    assert (run.effect(chain) > 0).all()


def test_signs_of_the_map_are_those_that_the_equations_leave_no_choice_about():
    links = signed_links(ANHUI).set_index(["source", "target"])
    expected = {
        ("contract_share", "hospital_felt_share"): 1,
        ("contract_share", "intensity_rise"): -1,
        ("draw_effort", "siphon"): 1,
        ("mentoring", "usable_capability"): 1,
        ("reach", "newly_managed"): 1,
        ("outside_paid", "insured_spending"): 1,
    }
    assert {pair: links.loc[pair, "sign"] for pair in expected} == expected


def test_without_a_contract_its_share_moves_but_the_leakage_charge_does_not():
    links = signed_links(BEFORE).set_index(["source", "target"])["sign"]
    assert links["leakage_charged_share", "retention_rise"] == 0
    assert links["contract_share", "intensity_rise"] == 0
    assert (
        signed_links(ANHUI).set_index(["source", "target"])["sign"][
            "leakage_charged_share", "retention_rise"
        ]
        == 1
    )


def test_every_node_has_a_name_in_both_languages_and_every_chain_is_known():
    for group in map_groups():
        for key in (f"group.{group}", *(f"node.{name}" for name in map_groups()[group])):
            assert word(f"map.{key}", "en")
            assert re.search(r"[\u4e00-\u9fff]", word(f"map.{key}", "zh"))
    known = {*trace_step().flow_names, *trace_step().inputs}
    links = strong_links("uk_place")
    assert {name for chains in links.values() for chain, _ in chains for name in chain} <= known
    assert ("pooled_share", "community_capacity") in links


def test_a_response_is_a_month_of_the_run_where_nothing_has_answered():
    first = simulate(ANHUI, years=1).query("month == 0").set_index("outcome")["value"]
    value = float(ANHUI.levers["contract_share"])
    held = {"month": 0.0}
    felt = month_response(ANHUI, "hospital_felt_share", "contract_share", [value], held)
    assert felt[0] == pytest.approx(first["hospital_felt_share"])
    with pytest.raises(CarelabError, match="reads no input named 'magic'"):
        month_response(ANHUI, "reach", "magic", [0.0])
    with pytest.raises(CarelabError, match="no quantity named 'magic'"):
        month_response(ANHUI, "magic", "contract_share", [0.0])


def test_the_pictures_speak_and_have_a_table():
    lines = {"loose": {"unit_cost": 1, "partner_weight": 0},
             "one body": {"unit_cost": 1, "partner_weight": 1}}  # fmt: skip
    teams = plot_function(theory.teams.team_effort, "members", (1, 9), lines, unit="units")
    assert teams.table["one body"].tolist() == [1.0] * 9
    assert teams.table["loose"].iloc[-1] == pytest.approx(1 / 9, rel=1e-3)
    assert "loose: from 1 to 0.111" in teams.alt
    felt = plot_response("hospital_felt_share", "contract_share")
    assert felt.table.iloc[:, 1].is_monotonic_increasing
    assert "Contract share (share)" in felt.alt and "contract share" in felt.caption
    with pytest.raises(CarelabError, match="allowed are 1 to 6"):
        plot_function(theory.teams.team_effort, "members", (1, 9), {}, unit="units")
    with pytest.raises(CarelabError, match="'reach' has no range of its own"):
        plot_response("complications", "reach")


def test_the_drawn_map_lists_each_link_in_words_and_is_a_list_on_a_phone():
    picture = plot_causal_map(ANHUI, years=5)
    links = signed_links(ANHUI, 5)
    drawn = links[(links["sign"] != 0) & (links["strength"] >= 0.25)]
    assert len(picture.table) == len(links)
    assert f"{len(drawn)} links" in picture.alt
    for row in drawn.itertuples():
        assert word(f"map.node.{row.target}") in picture.alt
    html = picture._repr_html_()
    assert 'class="carelab-scroll carelab-wide" role="region"' in html
    assert 'class="carelab-narrow"' in html
    # An arrow and a name for each link; no letter falls below twelve pixels.
    assert picture.narrow is not None
    texts = [each for each in picture.narrow.axes[0].texts if each.get_text()]
    assert sum(each.get_position()[0] > 0.5 for each in texts) == len(drawn) + 2
    scale = 346 / (picture.narrow.get_figwidth() * 72)
    assert min(each.get_fontsize() * scale for each in texts) >= 12


def test_the_map_can_be_drawn_in_chinese(monkeypatch):
    monkeypatch.setenv("BOOK_LANG", "zh")
    assert "预防服务覆盖率" in plot_causal_map(ANHUI, years=2).alt


def test_no_two_boxes_of_a_map_touch_and_links_end_at_their_boxes():
    rows = [["a", "b", "c"], ["d", "e"], ["f", "g", "h", "i"]]
    links = [("a", "d"), ("b", "i"), ("f", "c"), ("g", "h"), ("e", "a")]
    boxes = place_rows(rows, links, 7.0, 0.7)
    for row in rows:
        spots = sorted(boxes[name].x for name in row)
        assert all(right - left > boxes["a"].width for left, right in pairwise(spots))
    for (source, target), points in route_rows(boxes, links).items():
        for name, point in ((source, points[0]), (target, points[-1])):
            box = boxes[name]
            assert abs(point[0] - box.x) <= box.width / 2
            assert abs(abs(point[1] - box.y) - box.height / 2) < 1e-9


def limits_of(monkeypatch, **row):
    given = {"id": "x", "limit": "It cannot.", "targets": "", "claims": "", "represented_by": ""}
    frame = pd.DataFrame([given | row])
    monkeypatch.setattr(limits, "read_table", lambda name: frame)
    board = pd.DataFrame({"id": ["met", "missed", "gap"], "name": ["Met", "Missed", "Gap"],
                          "verdict": ["within", "outside", "not addressed"],
                          "model": [1.2345, 2.0, float("nan")], "unit": "points"})  # fmt: skip
    signs = pd.DataFrame({"claim": ["firm", "sure", "open"], "levers": "preset",
                          "text": ["F", "S", "O"], "firmness": ["firm", "identity", "open"],
                          "holds": [95, 100, 50], "draws": 100})  # fmt: skip
    strengths = signs.assign(levers="random_strength", firmness="against")
    (told,) = model_limits(board, pd.concat([strengths, signs])).to_dict("records")
    return told["verdict"], told["shown_by"]


@pytest.mark.parametrize(
    ("targets", "claims", "verdict"),
    [
        ("met", "", "no longer"), ("missed", "", "still true"), ("gap", "", "still true"),
        ("met; missed", "", "partly"), ("missed; met", "", "partly"), ("", "firm", "no longer"),
        ("", "sure", "no longer"), ("", "open", "still true"), ("", "not firm", "still true"),
        ("", "not open", "no longer"), ("met", "open", "partly"), ("", "", "not represented"),
    ],
)  # fmt: skip
def test_a_limit_is_overcome_where_all_that_speaks_for_it_is(monkeypatch, targets, claims, verdict):
    assert limits_of(monkeypatch, targets=targets, claims=claims)[0] == verdict


def test_what_shows_a_limit_is_told_in_order(monkeypatch):
    _, shown = limits_of(monkeypatch, targets="met; gap", claims="not open")
    met, gap, claim = (
        "Met: the model gives 1.23 points, within the tolerance.",
        "not addressed.",
        "“O”: open (50 of 100 runs).",
    )
    assert shown.startswith(met) and gap in shown and shown.endswith(claim)
    mended = limits_of(monkeypatch, targets="missed", represented_by="reach; treatment_gap")
    assert mended[0] == "mended"
    assert mended[1].endswith("Now in the month: reach, treatment gap.")


@pytest.mark.parametrize(
    ("row", "named"),
    [
        ({"represented_by": "reach; luck; fate"}, "'luck', which no month has"),
        ({"targets": "met; luck"}, "'luck', which does not exist"),
        ({"claims": "not luck"}, "'luck', which does not exist"),
    ],
)
def test_the_first_unknown_name_of_a_limit_is_told(monkeypatch, row, named):
    with pytest.raises(CarelabError, match=f"limit 'x' names {named}"):
        limits_of(monkeypatch, **row)


def test_a_limit_is_judged_by_what_the_model_does_now():
    board, signs = scoreboard(), stored_table("robustness")
    table = model_limits(board, signs)
    assert len(table) == len(read_table("limits.csv"))
    luohu = table["limit"].str.startswith("Luohu")
    assert table.loc[luohu, "verdict"].tolist() == [word("limit.still")]
    met = board.assign(verdict="within")
    better = model_limits(met, signs)
    assert better.loc[luohu, "verdict"].tolist() == [word("limit.no_longer")]
    held = signs.assign(holds=signs["draws"], firmness="firm")
    thin = table["limit"].str.contains("Whether treatment falls below")
    assert model_limits(board, held).loc[thin, "verdict"].tolist() == [word("limit.no_longer")]


def test_a_limit_that_names_nothing_known_is_told_in_one_sentence():
    with pytest.raises(CarelabError, match="limit 'dingyuan' names 'dingyuan_outside_share'"):
        model_limits(pd.DataFrame({"id": []}), stored_table("robustness"))


def test_a_constant_at_rest_is_at_most_half_the_slope_that_it_corrects():
    held = held_at_rest()
    made = held[held["effort"].isin(MADE_BEFORE)]
    assert len(made) == 3 * len(MADE_BEFORE)
    assert made["part"].max() <= 0.5
    # What nobody made has a cost of starting, never a push to start.
    unmade = held[~held["effort"].isin(MADE_BEFORE)]
    assert (unmade["constant"] <= 0).all() and (unmade["before"] == 0).all()
