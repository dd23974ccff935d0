"""The evidence browser on the built page: from a server and from a disk, by keyboard, at size."""

import csv
import io
import json
import random
import re

import pytest

PAGE = "book/evidence-browser.html"
DATA = re.compile(r'(<script type="application/json">)(.*?)(</script>)', re.DOTALL)
MANY = 10_000


@pytest.fixture
def opened(built_book, address, visit):
    """Open the page and wait until its script has run: ``opened(base="file", width=390)``."""

    def open_page(base: str = "http", **options):
        seen = visit(**options)
        seen.page.goto(f"{address if base == 'http' else built_book.as_uri()}/{PAGE}")
        seen.page.locator(".carelab-started").wait_for()
        return seen

    return open_page


def found(page) -> int:
    status = page.locator("[data-carelab-evidence] [role=status]").inner_text()
    return int(re.match(r"\d+", status).group())


def test_it_says_how_many_rows_there_are(opened):
    from carelab.evidence import load_claims, load_indicators

    assert found(opened().page) == len(load_claims()) + len(load_indicators())


@pytest.mark.parametrize("base", ["http", "file"])
def test_search_filter_and_source_by_keyboard_alone(base, opened, built_book, address):
    from carelab.evidence import load_claims

    seen = opened(base)
    keys = seen.page.keyboard
    seen.page.locator("input[name=search]").focus()
    keys.type("按人头付费")
    by_term = found(seen.page)
    assert 0 < by_term < 100
    keys.press("Control+a")
    keys.press("Delete")
    keys.press("Tab")  # to the filters
    keys.press("Tab")
    keys.press("Tab")  # past the kind to case or place
    keys.type("Anhui")
    anhui = load_claims("anhui")
    assert found(seen.page) == len(anhui)
    keys.press("Tab")
    keys.type("payment")
    wanted = anhui[anhui["theme"] == "payment"]["id"].tolist()
    assert seen.page.locator("tbody th").all_inner_texts() == wanted
    first = seen.page.locator(".carelab-source-open").first
    first.focus()
    keys.press("Enter")
    details = seen.page.locator(".carelab-opened")
    assert first.get_attribute("aria-expanded") == "true"
    assert first.get_attribute("aria-controls") == details.get_attribute("id")
    for text in ("holistic governance", "Cui Zhaohan; Wang Hufeng", "10.3969/", "full text"):
        assert text in details.inner_text()
    keys.press("Enter")
    assert details.count() == 0
    assert seen.foreign(address if base == "http" else "file://") == []
    assert seen.problems == []


def test_a_heading_sorts_both_ways_and_says_so(opened):
    page = opened().page
    heading = page.get_by_role("columnheader", name="Year")
    assert heading.get_attribute("aria-sort") is None
    heading.get_by_role("button").press("Enter")
    assert heading.get_attribute("aria-sort") == "ascending"
    first = page.locator("td[data-column=year]").first.inner_text()
    heading.get_by_role("button").press("Enter")
    assert heading.get_attribute("aria-sort") == "descending"
    assert page.locator("td[data-column=year]").first.inner_text() > first


def test_pages_turn_and_keep_the_place_of_the_keyboard(opened):
    page = opened().page
    on = page.get_by_role("button", name="Next page").first
    before = page.locator("tbody th").first.inner_text()
    on.focus()
    page.keyboard.press("Enter")
    assert page.locator("tbody th").first.inner_text() != before
    assert "rows 51 to 100" in page.locator("[data-carelab-evidence] [role=status]").inner_text()
    assert page.evaluate("document.activeElement.name") == "next"
    page.get_by_label("Theme").select_option("workforce")
    assert on.get_attribute("aria-disabled") == "true"
    on.press("Enter")
    assert "Page 1 of 1" in page.locator(".carelab-pager").first.inner_text()
    page.get_by_role("button", name="Clear filters").click()
    assert found(page) > 700


@pytest.mark.parametrize("base", ["http", "file"])
def test_the_selection_is_downloaded_with_its_references(base, opened, tmp_path):
    page = opened(base).page
    page.get_by_label("Grade").select_option("C")
    with page.expect_download() as waiting:
        page.get_by_role("button", name="Download selection as CSV").click()
    path = tmp_path / waiting.value.suggested_filename
    waiting.value.save_as(path)
    assert re.fullmatch(r"carelab-evidence-[\d.]+\.csv", path.name)
    rows = list(csv.DictReader(io.StringIO(path.read_text(encoding="utf-8-sig"))))
    assert len(rows) == found(page) > 10
    assert {row["grade"] for row in rows} == {"C"}
    assert all(row["reference"] and "carelab authors" in row["collection"] for row in rows)


def replace_data(page_text: str, change) -> str:
    def changed(match: re.Match) -> str:
        data = json.loads(match.group(2))
        change(data)
        return match.group(1) + json.dumps(data).replace("<", "\\u003c") + match.group(3)

    text, count = DATA.subn(changed, page_text)
    assert count == 1
    return text


def route_data(seen, change) -> None:
    seen.page.route(
        f"**/{PAGE}",
        lambda route: route.fulfill(
            response=(answer := route.fetch()), body=replace_data(answer.text(), change)
        ),
    )


def test_no_text_of_the_data_runs_in_the_page_or_in_a_spreadsheet(address, visit, tmp_path):
    bad = "<img src=x onerror=document.title='run'></script><b>=1"

    def change(data):
        text, note = (data["columns"].index(name) for name in ("text", "note"))
        data["rows"][0][text], data["rows"][1][text] = bad, "=HYPERLINK(1)"
        data["rows"][0][note] = bad
        for source in data["sources"].values():
            source["title"] = source["short"] = bad

    seen = visit()
    route_data(seen, change)
    seen.page.goto(f"{address}/{PAGE}")
    seen.page.locator(".carelab-source-open").first.click()
    assert seen.page.locator("td[data-column=text]").first.inner_text() == bad
    assert bad in seen.page.locator(".carelab-opened").inner_text()
    assert seen.page.title() != "run"
    assert seen.page.locator("[data-carelab-evidence] img").count() == 0
    with seen.page.expect_download() as waiting:
        seen.page.get_by_role("button", name="Download selection as CSV").click()
    waiting.value.save_as(tmp_path / "rows.csv")
    text = (tmp_path / "rows.csv").read_text(encoding="utf-8-sig")
    assert "'=HYPERLINK(1)" in text
    assert next(iter(csv.DictReader(io.StringIO(text))))["text"] == bad


def many_rows(data: dict) -> None:
    """Shuffle what is there into ten thousand rows of their own ids and years."""
    rng = random.Random(1)
    columns = data["columns"]
    at = {name: columns.index(name) for name in columns}
    rows = []
    for number in range(MANY):
        row = list(rng.choice(data["rows"]))
        row[at["id"]] = f"X{number:05d}"
        year = rng.randint(1990, 2025)
        row[at["year"]], row[at["span"]] = str(year), [year, year]
        row[at["text"]] += f" synthetic row {number}"
        rows.append(row)
    data["rows"] = rows


# From an event to the frame after the one in which its effect is painted.
TIMED = """async ([selector, value]) => {
    const node = document.querySelector(selector);
    const started = performance.now();
    if (node.tagName === "BUTTON") node.click();
    else {
        node.value = value;
        node.dispatchEvent(new Event("input", { bubbles: true }));
    }
    await new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)));
    return performance.now() - started;
}"""


def test_ten_thousand_rows_are_filtered_sorted_and_turned_at_once(address, visit, capsys):
    seen = visit()
    route_data(seen, many_rows)
    seen.page.goto(f"{address}/{PAGE}")
    seen.page.locator(".carelab-started").wait_for()
    assert found(seen.page) == MANY
    assert seen.page.locator("tbody tr").count() == 50
    steps = {
        "search 'payment'": ["input[name=search]", "payment"],
        "search in Chinese": ["input[name=search]", "医共体"],
        "filter by class": ["select[name=class]", "stated"],
        "clear filters": ["button[name=clear]", None],
        "sort by text, first time": ["button[name=sort-text]", None],
        "sort by text, turned round": ["button[name=sort-text]", None],
        "next page": ["button[name=next]", None],
    }
    times = {name: seen.page.evaluate(TIMED, step) for name, step in steps.items()}
    with capsys.disabled():
        print(f"\n{MANY:,} rows, milliseconds to the repaint:", end=" ")
        print("; ".join(f"{name} {time:.0f}" for name, time in times.items()))
    assert max(times.values()) < 1000
    assert seen.page.locator("tbody tr").count() == 50
    assert seen.problems == []


def test_without_javascript_the_page_leads_to_plain_tables(address, visit):
    seen = visit(java_script_enabled=False)
    seen.page.goto(f"{address}/{PAGE}")
    instead = seen.page.locator(".carelab-without-script")
    assert instead.is_visible()
    instead.get_by_role("link").click()
    assert seen.page.locator("table", has_text="S004-79").count() > 0


@pytest.mark.parametrize("width", [1280, 390])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing_and_nothing_is_too_wide(width, scheme, opened, axe):
    page = opened(width=width, height=844, scheme=scheme).page
    page.locator(".carelab-source-open").first.click()
    assert axe(page) == []
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    page.locator("input[name=search]").fill("no such row anywhere")
    assert "no row meets" in page.locator("[data-carelab-evidence] [role=status]").inner_text()
    assert axe(page) == []


def test_on_a_phone_the_first_row_stands_on_the_first_screen_and_filters_unfold(opened):
    page = opened(width=390, height=844).page
    row = page.locator(".carelab-rows tbody tr").first
    assert row.bounding_box()["y"] < 844
    kind = page.locator("select[name=kind]")
    assert not kind.is_visible()
    page.locator(".carelab-filters-fold > summary").click()
    assert kind.is_visible()
