"""The live lab in hosts that offer only a part of what JupyterLab does."""

import pytest
from lab_fixtures import QUESTION
from playwright.sync_api import expect

from carelab.engine import Scenario
from carelab.lab import CareLab
from carelab.lab.bundle import live_script, live_styles

# What the anywidget contract lets a host offer; a page made by MyST has neither of the last two.
HOST = """([config, values, offers]) => import("./live.mjs").then((live) => {
  const heard = {};
  const state = { config, ...values };
  const model = {
    get: (name) => state[name],
    set(name, value) {
      if (typeof name !== "string") throw new TypeError("one name at a time");
      state[name] = value;
      for (const listener of heard[`change:${name}`] ?? []) listener();
    },
    on: (event, listener) => { (heard[event] ??= []).push(listener); },
  };
  if (offers.includes("save_changes")) model.save_changes = () => { window.saved = true; };
  if (offers.includes("off")) model.off = () => { window.offCalled = true; };
  window.state = state;
  window.model = model;
  window.leave = live.default.render({ model, el: document.getElementById("cell") });
})"""


@pytest.fixture(scope="module")
def host_site(tmp_path_factory, serve):
    folder = tmp_path_factory.mktemp("host")
    (folder / "live.mjs").write_text(live_script(), encoding="utf-8")
    (folder / "index.html").write_text(
        '<!doctype html><html lang="en"><meta charset="utf-8"><title>A host</title>'
        f'<link rel="icon" href="data:,"><style>{live_styles()}\n'
        # JupyterLab takes the markers of folds away.
        "summary { list-style: none !important } summary::marker { content: none }</style>"
        '<body><main><h1>A notebook</h1><div id="cell"></div></main>',
        encoding="utf-8",
    )
    with serve(folder) as site:
        yield site


def open_host(visit, host_site, lab, values, offers):
    seen = visit()
    seen.page.goto(host_site)
    seen.page.evaluate(HOST, [lab.config, values, list(offers)])
    return seen


@pytest.mark.parametrize("offers", [(), ("save_changes",), ("off",), ("save_changes", "off")])
def test_only_what_the_host_offers_is_called(offers, visit, host_site):
    opening = Scenario("china_county", "anhui")
    lab = CareLab(question=QUESTION, scenario=opening)
    values = {"levers": opening.levers, "scenario_text": opening.to_text()}
    seen = open_host(visit, host_site, lab, values, offers)
    slider = seen.page.locator("input[name=contract_share]").first
    slider.press("Home")
    moved = opening.change(contract_share=0.0)
    seen.page.wait_for_function("text => state.scenario_text === text", arg=moved.to_text())
    expect(slider).to_have_value("0")
    assert seen.page.evaluate("state.levers.contract_share") == 0
    other = opening.change(contract_share=0.5)
    # As a kernel sends: both are there before either is told.
    seen.page.evaluate(
        "([text, levers]) => { state.levers = levers; model.set('scenario_text', text); }",
        [other.to_text(), other.levers],
    )
    expect(slider).to_have_value("0.5")
    seen.page.evaluate("leave()")
    seen.page.evaluate("model.set('levers', {})")
    assert seen.page.evaluate("Boolean(window.saved)") == ("save_changes" in offers)
    assert seen.page.evaluate("Boolean(window.offCalled)") == ("off" in offers)
    assert seen.page.locator(".carelab-panel").count() == 0
    assert seen.problems == []


def test_the_lab_of_one_hospital_asks_no_more_of_its_host(visit, host_site):
    lab = CareLab(question="Who gains?")
    seen = open_host(visit, host_site, lab, {"levers": dict(lab.levers)}, ())
    seen.page.locator("input[name=contract_share]").press("End")
    seen.page.wait_for_function("state.levers.contract_share === 1")
    seen.page.evaluate("leave()")
    assert seen.problems == []


def test_a_fold_shows_its_triangle_in_a_host_that_takes_markers_away(visit, host_site):
    lab = CareLab(question="Who gains?")
    seen = open_host(visit, host_site, lab, {"levers": dict(lab.levers)}, ())
    shape = """node => {
      const { borderInlineStartWidth: width, borderInlineStartColor: colour, transform } =
        getComputedStyle(node, "::before");
      return [parseFloat(width) > 3 && colour === getComputedStyle(node).color, transform];
    }"""
    # What is out of sight has no shape yet.
    seen.page.locator("[role=tabpanel]").evaluate_all(
        "all => all.forEach((e) => { e.hidden = false; })"
    )
    for summary in seen.page.locator(".carelab summary").all():
        drawn, closed = summary.evaluate(shape)
        assert drawn, summary.inner_text()
        summary.evaluate("node => { node.parentElement.open = true; }")
        assert summary.evaluate(shape)[1] != closed
