"""What the lab says and hands out: pictures that stand alone, sentences, links that arrive."""

import xml.etree.ElementTree as ET

from playwright.sync_api import expect

SVG = "{http://www.w3.org/2000/svg}"


def test_a_saved_picture_can_be_read_without_the_page(lab):
    lab.tab("compare")
    lab.page.get_by_label("Name of the scenario").fill("Twenty")
    lab.press("pin")
    panel = lab.tab("data")
    lab.unfold("Who pays whom")
    chart, flow = lab.all(".carelab-charts figure").first, lab.all("figure:has(.carelab-node)")
    tree = drawing(lab, panel.locator(".carelab-more").first)
    told = [node.text for node in tree.iter(f"{SVG}text")]
    assert {"Your scenario", "No reform", "Twenty", "Year 1"} <= set(told)
    assert any(text.endswith("\u202f%") for text in told)
    left, _, width, _ = (float(part) for part in tree.get("viewBox").split())
    assert left == 0
    for label in chart.locator(".carelab-grid text").all():
        box, frame = label.bounding_box(), chart.locator("svg").bounding_box()
        assert frame["x"] <= box["x"]
        assert box["x"] + box["width"] <= frame["x"] + width
    looks = [node.get("style") for node in drawing(lab, flow).iter()]
    assert any("stroke-opacity:0." in each for each in looks if each)
    assert any("paint-order:stroke" in each for each in looks if each)


def drawing(lab, figure):
    figure.locator("summary").press("Enter")
    return ET.fromstring(lab.saved(figure.locator("[data-download=svg]"))[1])


def test_the_direction_is_told_for_the_year_that_is_shown(lab):
    told = lab.all(".carelab-summary")
    expect(told).to_contain_text("Direction in year 5 against no reform, in 500 parameter draws")
    lab.page.get_by_label("Year shown").press("Home")
    expect(told).to_contain_text("Direction in year 1 against no reform, in 500 parameter draws")
    expect(lab.all(".carelab-awaited")).to_have_count(0)
    lab.tab("data")
    lab.unfold("Results now")
    expect(lab.page.get_by_text("Results in year 1, against no reform")).to_be_visible()


def test_who_gains_is_told_with_the_unit_said_once(lab):
    told = lab.all(".carelab-summary p").nth(1).text_content()
    assert told.startswith("Year 5, million CNY a year, against no reform: more for ")
    assert told.count("CNY") == 1
    assert "less for Lead hospital (\u2212" in told


def test_a_link_leads_to_its_lab_and_an_empty_one_gets_a_sentence(lab):
    lab.page.set_viewport_size({"width": 1280, "height": 700})
    lab.open("two.html", "#lab2=carelab/2/china_county/hangzhou")
    second = lab.all(".carelab-panel").nth(1)
    lab.page.wait_for_function(
        "(node) => Math.abs(node.getBoundingClientRect().top) < 100", arg=second.element_handle()
    )
    lab.open("lab.html", "#lab=")
    expect(lab.alert()).to_contain_text("The link holds no scenario")
