"""The same lab in a real JupyterLab: Python moves the page and the page moves Python."""

import contextlib
import json
import os
import re
import subprocess
import sys
import time
import urllib.request
from pathlib import Path

import nbformat
import pytest
from playwright.sync_api import expect

from carelab.cli.serving import LAB_SETTINGS
from carelab.engine import Scenario, yearly_outcomes

TOKEN = "only-this-test"
# How long a thing may take that is then taken for lost, in milliseconds: a busy machine is slow.
PATIENCE = 300_000


GAINS = (
    "from carelab.lab import CareLab\nlab = CareLab(question='Who gains?')\nlab",
    "print('contract', lab.levers['contract_share'], round(lab.outcomes['felt_share'], 4))",
    "lab.set(contract_share=0.25)",
)
ECONOMY = (
    "from carelab.engine import Scenario\nfrom carelab.lab import CareLab\n"
    "lab = CareLab(question='Who gains?', scenario=Scenario('china_county', 'anhui'))\nlab",
    "print('now', lab.scenario.to_text(), lab.scenario_text == lab.scenario.to_text(),"
    " f\"{lab.outcomes['reach']:.12f}\")",
    "lab.set(contract_share=0.25)",
    "lab.scenario = Scenario('uk_place', 'uk_integrated', {'pooled_share': 0.5})",
)


def notebook(folder: Path, name: str, cells: tuple[str, ...]) -> None:
    book = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(text) for text in cells])
    book.metadata["kernelspec"] = {"name": "python3", "display_name": "Python 3"}
    nbformat.write(book, folder / name)


@pytest.fixture(scope="module")
def jupyterlab(tmp_path_factory, root):
    folder = tmp_path_factory.mktemp("lab")
    notebook(folder, "live.ipynb", GAINS)
    notebook(folder, "economy.ipynb", ECONOMY)
    chapter = root / "notebooks" / "02-payment.md"
    (folder / chapter.name).write_text(chapter.read_text(encoding="utf-8"), encoding="utf-8")
    config = folder / "config"
    settings = config / "labconfig" / "default_setting_overrides.json"
    settings.parent.mkdir(parents=True)
    settings.write_text(json.dumps(LAB_SETTINGS), encoding="utf-8")
    environment = {
        **os.environ,
        "JUPYTER_CONFIG_DIR": str(config),
        "JUPYTER_PREFER_ENV_PATH": "1",
        "JUPYTERLAB_SETTINGS_DIR": str(folder / "settings"),
        "JUPYTERLAB_WORKSPACES_DIR": str(folder / "workspaces"),
    }
    command = [sys.executable, "-m", "jupyterlab", "--no-browser", "--allow-root"]
    command += ["--ServerApp.port=0", f"--ServerApp.root_dir={folder}"]
    command += [f"--IdentityProvider.token={TOKEN}", "--LabApp.expose_app_in_browser=True"]
    log = (folder / "log.txt").open("w+", encoding="utf-8")
    server = subprocess.Popen(command, env=environment, stdout=log, stderr=log)
    try:
        yield wait_for_server(server, folder / "log.txt")
    finally:
        server.terminate()
        server.wait()
        log.close()


def wait_for_server(server: subprocess.Popen, log: Path) -> str:
    """Ask until the server answers: it prints its address before it listens."""
    while server.poll() is None:
        found = re.search(r"http://(?:127\.0\.0\.1|localhost):(\d+)/lab", log.read_text("utf-8"))
        if found:
            address = f"http://127.0.0.1:{found.group(1)}"
            with (
                contextlib.suppress(OSError),
                urllib.request.urlopen(f"{address}/api?token={TOKEN}"),
            ):
                return address
        time.sleep(0.25)
    raise AssertionError(log.read_text("utf-8")[-2000:])


def open_notebook(page, address: str, name: str) -> None:
    page.goto(f"{address}/lab/tree/{name}?token={TOKEN}", wait_until="load")
    # The workspace brings back what was open before: wait for this notebook, not for any.
    page.wait_for_function(
        """(name) => {
            const widget = window.jupyterapp?.shell?.currentWidget;
            return widget?.context?.path === name
                && widget.sessionContext?.session?.kernel?.status === "idle";
        }""",
        arg=name,
        timeout=PATIENCE,
    )


def run_cell(page, index: int) -> None:
    page.evaluate(
        """async (index) => {
            const app = window.jupyterapp;
            app.shell.currentWidget.content.activeCellIndex = index;
            await app.commands.execute("notebook:run-cell");
        }""",
        index,
    )


def test_a_lever_moved_on_the_page_is_seen_in_python_and_the_other_way_round(jupyterlab, visit):
    page = visit().page
    open_notebook(page, jupyterlab, "live.ipynb")
    run_cell(page, 0)
    panel = page.locator(".carelab-panel")
    panel.wait_for(timeout=PATIENCE)
    slider = panel.locator("input[name=contract_share]")
    slider.focus()
    for _ in range(3):
        page.keyboard.press("ArrowRight")
    expect_output(page, re.compile(r"contract 0\.15 0\.09"))
    run_cell(page, 2)
    page.wait_for_function(
        "(node) => node.value === '0.25'", arg=slider.element_handle(), timeout=PATIENCE
    )
    assert "15" in panel.locator(".carelab-said").inner_text()


def told(scenario: Scenario) -> str:
    reach = yearly_outcomes(scenario, ["reach"], 5)["reach"].loc[5]
    return f"now {scenario.to_text()} True {reach:.12f}"


def test_the_care_economy_is_moved_from_the_page_and_from_python(jupyterlab, visit):
    seen = visit()
    page = seen.page
    open_notebook(page, jupyterlab, "economy.ipynb")
    run_cell(page, 0)
    panel = page.locator(".jp-NotebookPanel:not(.lm-mod-hidden) .carelab-panel")
    panel.wait_for(timeout=PATIENCE)
    # The bands come from a worker that was started from the text of the module.
    expect(panel.locator(".carelab-summary")).to_contain_text(
        "in 500 parameter draws of this model", timeout=PATIENCE
    )
    assert len(page.workers) >= 1
    assert any(worker.url.startswith("blob:") for worker in page.workers)
    panel.locator("[data-preset=hangzhou]").first.click()
    panel.locator(".carelab-more-levers > summary").press("Enter")
    panel.locator(".carelab-drawer .carelab-fold").first.wait_for(timeout=PATIENCE)
    panel.locator(".carelab-drawer").evaluate(
        "(each) => each.querySelectorAll('.carelab-fold').forEach((fold) => { fold.open = true; })"
    )
    slider = panel.locator("input[type=range][name=governance_share]:visible").first
    hangzhou = Scenario("china_county", "hangzhou")
    page.wait_for_function(
        "([node, value]) => Number(node.value) === value",
        arg=[slider.element_handle(), hangzhou.levers["governance_share"]],
    )
    slider.focus()
    page.keyboard.press("End")
    expect_told(page, hangzhou.change(governance_share=1.0))
    run_cell(page, 2)
    contract = panel.locator("input[type=range][name=contract_share]").first
    expect(contract).to_have_value("0.25", timeout=PATIENCE)
    expect_told(page, hangzhou.change(governance_share=1.0, contract_share=0.25))
    run_cell(page, 3)
    place = panel.locator("[data-action=place]")
    expect(place).to_have_value("uk_place", timeout=PATIENCE)
    expect(panel.locator(".carelab-summary")).to_contain_text("GBP")
    expect_told(page, Scenario("uk_place", "uk_integrated", {"pooled_share": 0.5}))


def expect_told(page, scenario: Scenario) -> None:
    expect_output(page, told(scenario))


def expect_output(page, text: str | re.Pattern) -> None:
    """Run the cell that tells the state until what the page sent has reached Python."""
    # Notebooks that the workspace brought back stand hidden beside the one in sight.
    shown = page.locator(".jp-NotebookPanel:not(.lm-mod-hidden)")
    output = shown.locator(".jp-CodeCell").nth(1).locator(".jp-OutputArea")
    for _ in range(40):
        run_cell(page, 1)
        try:
            expect(output).to_contain_text(text, timeout=3_000)
        except AssertionError:
            continue
        return
    expect(output).to_contain_text(text)


def test_a_chapter_opens_as_a_notebook_and_runs_from_top_to_bottom(jupyterlab, visit):
    page = visit().page
    open_notebook(page, jupyterlab, "02-payment.md")
    page.evaluate("window.jupyterapp.commands.execute('notebook:run-all-cells')")
    page.wait_for_function(
        """() => {
            const cells = [...window.jupyterapp.shell.currentWidget.content.model.cells];
            const code = cells.filter((cell) => cell.type === "code");
            return code.length > 5 && code.every((cell) => cell.executionCount > 0);
        }""",
        timeout=PATIENCE,
    )
    kinds = page.evaluate(
        """() => [...window.jupyterapp.shell.currentWidget.content.model.cells]
            .filter((cell) => cell.type === "code")
            .flatMap((cell) => cell.sharedModel.getOutputs())
            .map((output) => output.output_type + " " + Object.keys(output.data ?? {}))"""
    )
    assert not any(kind.startswith("error") for kind in kinds)
    assert sum("widget-view" in kind for kind in kinds) == 3  # both labs and the interact example
