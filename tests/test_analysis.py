"""The page's own analysis: the same draws and the same rest as Python, in JavaScript."""

import json
import re
import subprocess
from types import SimpleNamespace

import numpy as np
import pytest

from carelab.base import CarelabError, firmness_of
from carelab.engine import (
    BASELINE_PRESETS,
    LEVERS,
    Scenario,
    place_at_rest,
    preset_levers,
    run_months,
    yearly_outcomes,
)
from carelab.engine.rest import CONSTANTS
from carelab.engine.years import years_of
from carelab.evidence import load_quantities
from carelab.lab.draws_script import draws_script, places_script
from carelab.lab.economy_script import economy_script
from carelab.study.many.draws import (
    MOST_DRIFT,
    drawn_names,
    drift_at_rest,
    possible_places,
    range_parameters,
    spare_rows,
)
from carelab.study.many.page_draws import PAGE_DRAWS, page_hypercube, page_place
from carelab.study.many.scenario_database import _runs

STATIC = "src/carelab/lab/static"
YEARS = 10
PLACES = {"china_county": "anhui", "hangzhou_district": "hangzhou", "uk_place": "uk_integrated"}


@pytest.fixture(scope="module")
def page(node, root, tmp_path_factory):
    """Run lines of JavaScript that see the economy, the draws and our modules."""
    path = tmp_path_factory.mktemp("page") / "generated.mjs"
    exported = "export { carelabEconomy, carelabUncertainty };"
    places = f"carelabUncertainty.places = {places_script()};"
    path.write_text("\n".join([economy_script(), draws_script(), places, exported]), "utf-8")

    def run(script: str, data: object = None):
        imports = [f'import {{ carelabEconomy, carelabUncertainty }} from "{path.as_uri()}";']
        imports += [
            f'import {{ {names} }} from "{(root / STATIC / file).as_uri()}";'
            for file, names in (
                ("analysis/model.js", "createEngine"),
                ("analysis/draws.js", "createDraws, createFans, hypercube"),
                ("analysis/questions.js", "createAnalysis, finish"),
                ("analysis/responses.js", "coarseGrid"),
                ("analysis/explanation.js", "createExplanations"),
            )
        ]
        reads = (
            'import { readFileSync } from "node:fs";'
            'const data = JSON.parse(readFileSync(0, "utf8"));'
            "const engine = createEngine(carelabEconomy);"
        )
        done = subprocess.run(
            [node, "--input-type=module", "-e", "\n".join([*imports, reads, script])],
            input=json.dumps(data),
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, done.stderr
        return json.loads(done.stdout)

    return run


def test_python_and_the_page_draw_the_same_hypercube_bit_for_bit(page):
    found = page(
        "process.stdout.write(JSON.stringify(hypercube(37, 5, 9).map((each) => [...each])));"
    )
    assert np.array_equal(np.array(found).T, page_hypercube(37, 5, 9))
    assert not np.array_equal(page_hypercube(37, 5, 9), page_hypercube(37, 5, 10))


def test_each_column_of_the_hypercube_meets_every_step_once():
    steps = np.sort(np.floor(page_hypercube(200, 7) * 200), axis=0)
    assert (steps == np.arange(200)[:, None]).all()
    for draws in (0, 5_001, True, 2.0):
        with pytest.raises(CarelabError, match="draws is"):
            page_hypercube(draws, 2)


@pytest.mark.parametrize("context", PLACES)
def test_a_draw_finds_its_rest_and_runs_ten_years_as_in_python(page, context):
    draws = 24
    rows = PAGE_DRAWS + spare_rows(PAGE_DRAWS)
    unit = page_hypercube(rows, len(drawn_names(context)))[:draws]
    parameters = range_parameters(context, unit)
    place = place_at_rest(context, parameters)
    kept = np.flatnonzero(drift_at_rest(place) <= MOST_DRIFT).tolist()
    assert 0 < len(kept) <= draws
    levers = dict(preset_levers(PLACES[context]))
    *_, last = run_months(place, levers, 12 * YEARS)
    found = page(
        "const draws = createDraws(engine, carelabUncertainty, data.context);"
        "const names = carelabEconomy.flows;"
        "const all = [];"
        "while (draws.places.length < data.kept) draws.advance();"
        "for (const { fixed, stocks, row } of draws.places) {"
        "  const out = new Float64Array(data.months * names.length);"
        "  const { ticks } = engine.place(data.context);"
        "  const inputs = engine.inputsOf(data.context, data.levers, fixed);"
        "  carelabEconomy.run(inputs, stocks, ticks, data.months, out);"
        "  all.push({ row, parameters: draws.parameters(row), stocks: [...stocks],"
        "    fixed: Object.fromEntries(carelabEconomy.inputs.map((n, k) => [n, fixed[k]])),"
        "    last: Object.fromEntries(names.map((name, at) =>"
        "      [name, out[(data.months - 1) * names.length + at]])) });"
        "}"
        "process.stdout.write(JSON.stringify(all));",
        {"context": context, "kept": len(kept), "levers": levers, "months": 12 * YEARS},
    )
    assert [each["row"] for each in found] == kept
    # Balances and gaps cross zero: a hundredth of a monthly premium is their floor.
    floor = 1e-2 * np.mean(place.baseline["premium"])
    for each in found:
        row = each["row"]
        for name, value in parameters.items():
            own = np.broadcast_to(value, draws)[row]
            assert each["parameters"][name] == pytest.approx(own, rel=1e-15), name
        for name in CONSTANTS:
            if name in each["fixed"]:
                own = np.broadcast_to(place.baseline[name], draws)[row]
                assert each["fixed"][name] == pytest.approx(own, rel=1e-6, abs=1e-9), name
        for name, value in last.items():
            if name in each["last"]:
                own = np.broadcast_to(value, draws)[row]
                gap = abs(own - each["last"][name]) / max(abs(own), floor)
                assert gap <= 1e-6, (name, own, each["last"][name])


PRESETS = (
    "const start = carelabEconomy.presets[carelabEconomy.places[data.context].baseline];"
    "const goal = carelabEconomy.presets[data.preset];"
    "const analysis = createAnalysis(carelabEconomy, carelabUncertainty);"
    "const say = (found) => process.stdout.write(JSON.stringify(found));"
)
OUTCOMES = [
    "reach",
    "retention",
    "next_managed",
    "next_capability",
    "next_hospital_balance",
    "insured_spending",
]


@pytest.mark.parametrize(("context", "preset"), PLACES.items())
def test_the_contributions_of_levers_add_up_to_the_change(page, context, preset):
    found = page(
        PRESETS + "const request = { context: data.context, from: start, to: goal,"
        " outcomes: data.outcomes, year: 10 };"
        "const run = (levers) => engine.run(data.context, levers, 10);"
        "const value = (levers) => data.outcomes.map((n) => engine.yearValue(run(levers), n, 9));"
        "say({ shapley: finish(analysis.start('shapley', request)),"
        " before: value(start), after: value(goal) });",
        {"context": context, "preset": preset, "outcomes": OUTCOMES},
    )
    shapley = found["shapley"]
    members = [name for player in shapley["players"] for name in player]
    levers, before = preset_levers(preset), preset_levers(BASELINE_PRESETS[context])
    assert sorted(members) == sorted(name for name in LEVERS if levers[name] != before[name])
    assert shapley["runs"] == 2 ** len(shapley["players"]) <= 1024
    for name, old, new in zip(OUTCOMES, found["before"], found["after"], strict=True):
        contributions = shapley["contributions"][name]
        assert abs(sum(contributions) - (new - old)) <= 1e-9 * max(1.0, abs(new - old)), name
        assert any(abs(each) > 0 for each in contributions)


def test_too_many_named_levers_are_refused_with_a_code(page):
    found = page(
        PRESETS + "const kept = { context: data.context, from: start, to: goal,"
        " outcomes: ['reach'], year: 4 };"
        "const codes = [{ names: carelabEconomy.levers }, { year: 16 }, { outcomes: ['no'] },"
        " { context: 'moon' }, { from: {} }].map((each) => {"
        "  try { finish(analysis.start('shapley', { ...kept, ...each })); return null; }"
        "  catch (error) { return error.code; } });"
        "say(codes);",
        {"context": "china_county", "preset": "anhui"},
    )
    assert found == [
        "too_many_levers",
        "years_out_of_range",
        "unknown_outcome",
        "unknown_place",
        "lever_missing",
    ]


@pytest.mark.parametrize(("context", "preset"), PLACES.items())
def test_each_step_of_an_explanation_adds_up_and_the_last_is_a_changed_lever(page, context, preset):
    found = page(
        PRESETS + "say(data.outcomes.map((outcome) => finish(analysis.start('explain',"
        " { context: data.context, from: start, to: goal, outcome, year: 10,"
        "   nodes: ['reach', 'capability', 'managed', 'prevention_effort'] }))));",
        {"context": context, "preset": preset, "outcomes": OUTCOMES},
    )
    levers, before = preset_levers(preset), preset_levers(BASELINE_PRESETS[context])
    for explanation in found:
        assert explanation["complete"], explanation["outcome"]
        *steps, last = explanation["path"]
        lever = last["name"].removeprefix("inputs.")
        assert (last["before"], last["after"]) == (before[lever], levers[lever])
        assert last["before"] != last["after"]
        for step in [explanation["target"], *steps]:
            change = step["after"] - step["before"]
            parts = [part["contribution"] for part in step["parts"]]
            scale = max(map(abs, [change, step["remainder"], *parts]))
            assert abs(sum(parts) + step["remainder"] - change) <= 1e-9 * scale, step["name"]
        signs = {(each["from"], each["to"]): each["sign"] for each in explanation["map"]["links"]}
        assert signs["capability", "reach"] == np.sign(
            next(n["change"] for n in explanation["map"]["nodes"] if n["name"] == "capability")
        )


def test_a_fan_holds_the_quantiles_and_counts_of_runs_in_python(page):
    context, draws, years = "china_county", 12, 6
    place = page_place(context, draws)
    ends = {}
    for preset in ("china_dilemma", "anhui"):
        *_, last = (
            {name: flows[name] for name in ("next_capability", "next_insurer_balance")}
            for flows in run_months(place, dict(preset_levers(preset)), 12 * years)
        )
        ends[preset] = last
    found = page(
        PRESETS + "const { fan } = createFans(engine, carelabUncertainty, data.draws);"
        "const ask = () => finish(fan({ context: data.context, levers: goal, reference: start,"
        " years: data.years, outcomes: data.outcomes }));"
        "const shown = ({ bands, effects, counts }) => data.outcomes.map((name) => ({"
        " ...counts[name], effects: Object.values(effects[name]).map((line) => [...line]),"
        " quantiles: Object.values(bands[name]).map((line) => [...line]) }));"
        "say([shown(ask()), shown(ask())]);",
        {
            "context": context,
            "preset": "anhui",
            "draws": draws,
            "years": years,
            "outcomes": list(ends["anhui"]),
        },
    )
    once, again = found
    assert once == again
    for name, each in zip(ends["anhui"], once, strict=True):
        now, before = ends["anhui"][name], ends["china_dilemma"][name]
        quantiles = np.quantile(now, [0.05, 0.25, 0.5, 0.75, 0.95])
        assert [line[-1] for line in each["quantiles"]] == pytest.approx(quantiles, rel=1e-6)
        # Of a difference the range is that of the differences; the third is the middle run.
        effects = np.quantile(now - before, [0.05, 0.25, 0.5, 0.75, 0.95])
        assert [line[-1] for line in each["effects"]] == pytest.approx(effects, rel=1e-5, abs=1e-7)
        assert effects[4] - effects[0] != pytest.approx(quantiles[4] - quantiles[0], rel=0.05)
        equal = np.abs(now - before) <= 0.001 * np.maximum(np.abs(now), np.abs(before)) + 1e-9
        counts = ((now > before) & ~equal).sum(), equal.sum(), ((now < before) & ~equal).sum()
        assert (each["above"], each["near"], each["below"]) == counts
        assert (each["count"], each["firmness"]) == (max(counts), firmness_of(max(counts), draws))


def test_a_draw_of_the_page_has_a_stored_county_in_turn_where_places_are_stored(page):
    found = page(
        "const draws = (context) => createDraws(engine, carelabUncertainty, context, 400);"
        "const rows = [0, 1, 186, 187, 399];"
        "const told = rows.map((row) => draws('china_county').parameters(row));"
        "delete carelabUncertainty.places;"
        "let code = null;"
        "try { draws('china_county'); } catch (error) { code = error.code; }"
        "const free = draws('uk_place').parameters(0);"
        "process.stdout.write(JSON.stringify({ told, code, free: Object.keys(free).length }));"
    )
    places = possible_places("china_county")
    for row, told in zip([0, 1, 186, 187, 399], found["told"], strict=True):
        stored = places.iloc[row % len(places)]
        assert {name: told[name] for name in places} == stored.to_dict()
    assert found["code"] == "places_missing"
    assert found["free"] > 100


def test_best_responses_match_brute_force_on_a_grid(page):
    found = page(
        PRESETS + "const ranges = { contract_share: [0, 1, 0.2], surplus_kept_share: [0, 1, 0.2],"
        " mentoring_offered_share: [0, 1, 0.2] };"
        "const holder = { insurer: ['contract_share', 'surplus_kept_share'],"
        " hospital: ['mentoring_offered_share'] };"
        "const payoffs = { insurer: 'insurer_change', hospital: 'hospital_change' };"
        "const context = data.context;"
        "const found = finish(analysis.start('respond',"
        " { context, levers: goal, holder, ranges, payoffs, years: 5 }));"
        "const mean = (levers, name) => {"
        "  const run = engine.run(context, levers, 5);"
        "  return engine.yearly(run, name).reduce((a, b) => a + b) / 5; };"
        "const grid = coarseGrid(ranges.contract_share);"
        "const pairs = grid.flatMap((contract_share) =>"
        "  grid.map((surplus_kept_share) => ({ contract_share, surplus_kept_share })));"
        "const best = (base, changes, name) =>"
        "  Math.max(...changes.map((each) => mean({ ...base, ...each }, name)));"
        "const singles = grid.map((mentoring_offered_share) => ({ mentoring_offered_share }));"
        "const at = found.equilibrium.levers;"
        "const all = pairs.flatMap((pair) => singles.map((each) => ({ ...pair, ...each })));"
        "say({ found, insurer: best(goal, pairs, 'insurer_change'),"
        " hospital: best(goal, singles, 'hospital_change'),"
        " settled: [best(at, pairs, 'insurer_change'), best(at, singles, 'hospital_change')],"
        " sum: Math.max(...all.map((each) => { const levers = { ...goal, ...each };"
        "   return mean(levers, 'insurer_change') + mean(levers, 'hospital_change'); })) });",
        {"context": "china_county", "preset": "anhui"},
    )
    result = found["found"]
    for role in ("insurer", "hospital"):
        response = result["responses"][role]
        assert response["best"] == pytest.approx(found[role], abs=1e-9)
        assert response["regret"] == pytest.approx(response["best"] - response["now"])
        assert response["regret"] >= 0
    # Where it settled nobody gains by moving alone.
    assert result["equilibrium"]["settled"]
    payoffs = result["equilibrium"]["payoffs"]
    assert [payoffs["insurer"], payoffs["hospital"]] == pytest.approx(found["settled"], abs=1e-7)
    assert result["optimum"]["sum"] == pytest.approx(found["sum"], abs=1e-9)


@pytest.mark.parametrize(("context", "preset"), PLACES.items())
def test_a_year_is_the_same_on_the_page_in_python_and_in_a_database(page, context, preset):
    names = load_quantities("care_economy")["name"].tolist()
    found = page(
        PRESETS + "const run = engine.run(data.context, goal, 10);"
        "say(Object.fromEntries(data.names.map((each) => [each, [...engine.yearly(run, each)]])));",
        {"context": context, "preset": preset, "names": names},
    )
    shown = yearly_outcomes(Scenario(context, preset), names, years=10)
    kept = SimpleNamespace(scenario=Scenario(context, preset))
    database = _runs(context, {"one": kept}, 10)
    for name in names:
        scale = 1e-9 * max(1.0, shown[name].abs().max())
        assert shown[name].to_numpy() == pytest.approx(np.array(found[name]), abs=scale), name
        assert database[name].to_numpy() == pytest.approx(shown[name].to_numpy(), abs=scale), name


def test_months_become_years_in_the_same_way_in_both_languages(page):
    months = np.random.default_rng(3).normal(size=(36, 2)).tolist()
    found = page(
        "const made = createEngine({...carelabEconomy, flows: ['reach', 'next_level']});"
        "const run = { years: 3, out: Float64Array.from(data.flat()) };"
        "process.stdout.write(JSON.stringify("
        "  ['reach', 'next_level'].map((each) => [...made.yearly(run, each)])));",
        months,
    )
    named = [dict(zip(("reach", "next_level"), each, strict=True)) for each in months]
    years = list(years_of(named, ("reach", "next_level")))
    assert found == [[year[name] for year in years] for name in ("reach", "next_level")]


def test_twelve_months_are_a_year_in_one_place_of_each_language(root):
    """A second home of the rule would drift from the first."""
    python = re.compile(r"% 12\b|12 \* \(?years?\b|/ 12\b")
    texts = [
        path
        for path in (root / "src" / "carelab").rglob("*.py")
        if "engine" not in path.parts and "exchange" not in path.stem
    ]
    assert not [path.name for path in texts if python.search(path.read_text("utf-8"))]
    scripts = (root / "src" / "carelab" / "lab" / "static").rglob("*.js")
    homes = [path.name for path in scripts if "MONTHS = 12" in path.read_text("utf-8")]
    assert homes == ["model.js"]
