"""The built book in a real browser, with every other host unreachable."""

import gzip
import re
from importlib.resources import files
from itertools import pairwise
from pathlib import Path
from urllib.parse import unquote, urlsplit

import pytest
from conftest import PATIENCE_MS
from html_validity import html_faults
from lab_fixtures import NEXT_FRAME
from playwright.sync_api import expect

from carelab.engine import Scenario
from carelab.sphinx_ext.theme import reduced_sheet

ECONOMY = 'data-carelab="economy"'
CHAPTER = "notebooks/02-payment.html"


def pages(book: Path) -> list[str]:
    found = [path.relative_to(book).as_posix() for path in book.rglob("*.html")]
    # index.html only leads on to the first page.
    return sorted(name for name in found if not name.startswith("_") and name != "index.html")


# What stands before the exercises, in sight with all folds closed.
SHOWN = """() => {
  const end = document.querySelector("#exercises");
  const later = Node.DOCUMENT_POSITION_FOLLOWING | Node.DOCUMENT_POSITION_CONTAINED_BY;
  const hidden = "details:not([open]), .carelab, [popover]";
  const shown = (selector, apart) => [...document.querySelectorAll(`article ${selector}`)]
    .filter((node) => node.offsetParent && !node.closest(hidden) && !node.closest(apart))
    .filter((node) => !(end && end.compareDocumentPosition(node) & later)).length;
  return {
    screens: document.querySelector("article").getBoundingClientRect().height / 800,
    figures: shown("figure", "figure figure"),
    tables: shown("table", "figure, .carelab-figure"),
    labs: document.querySelectorAll("article [data-carelab]").length,
  };
}"""


def test_a_chapter_has_so_many_screens_figures_tables_and_labs(built_book, address, visit):
    seen = visit(width=1280, height=800)
    most = {"screens": 20, "figures": 4, "tables": 4, "labs": 2}
    over, count = [], 0
    for name in pages(built_book):
        if re.match(r"notebooks/\d\d-", name):
            seen.page.goto(f"{address}/{name}", wait_until="load")
            found = seen.page.evaluate(SHOWN)
            count += found["labs"]
            over += [
                f"{name}: {found[each]:.1f} {each}" for each in most if found[each] > most[each]
            ]
    assert over == []
    assert count > 10


def test_no_page_asks_another_host_or_fails_over_http(built_book, address, visit):
    seen = visit()
    for name in pages(built_book):
        seen.page.goto(f"{address}/{name}", wait_until="load")
    assert seen.foreign(address) == []
    assert seen.problems == []
    assert len(pages(built_book)) >= 17


def test_no_page_asks_another_host_or_fails_from_a_usb_stick(built_book, visit):
    seen = visit()
    for name in pages(built_book):
        seen.page.goto((built_book / name).as_uri(), wait_until="load")
    assert seen.foreign("file://") == []
    assert seen.problems == []


def test_no_file_of_the_book_names_a_host_that_a_browser_would_ask(built_book):
    asking = re.compile(
        r"(?:src|srcset|poster)=[\"'](?:https?:)?//|<link[^>]+href=[\"'](?:https?:)?//"
        r"|@import\s+(?:url\()?[\"']?https?:|url\([\"']?https?:"
    )
    for path in built_book.rglob("*"):
        if path.suffix in (".html", ".css"):
            found = asking.findall(path.read_text(encoding="utf-8"))
            assert found == [], path.name


def test_every_link_inside_the_book_leads_somewhere(built_book):
    text = {name: (built_book / name).read_text(encoding="utf-8") for name in pages(built_book)}
    anchors = {name: set(re.findall(r'\bid="([^"]+)"', page)) for name, page in text.items()}
    broken = []
    for name, page in text.items():
        for target in re.findall(r'<a\b[^>]*\bhref="([^"]*)"', page):
            if re.match(r"[a-z]+:", target):
                continue
            file, _, anchor = target.partition("#")
            path = (built_book / name).parent / file if file else built_book / name
            path = path.resolve()
            if not path.is_file():
                broken.append(f"{name}: {target}")
                continue
            other = path.relative_to(built_book.resolve()).as_posix()
            if anchor.startswith("lab="):
                # A link to a scenario needs a lab that takes it.
                if not Scenario.from_text(unquote(anchor[4:])) or ECONOMY not in text[other]:
                    broken.append(f"{name}: {target}")
            elif anchor and other in anchors and anchor not in anchors[other]:
                broken.append(f"{name}: {target}")
    assert broken == []


def test_a_link_of_the_guide_opens_its_scenario_in_sight(address, visit):
    page = visit().page
    page.goto(f"{address}/book/instructor-guide.html")
    page.locator("article a[href*='02-payment.html#lab=']").nth(1).press("Enter")
    county = page.locator("[data-carelab=economy]").first
    lever = county.locator("input[type=range][name=contract_share]").first
    expect(lever).to_have_value("0.9")
    expect(county.locator(".carelab-panel")).to_be_in_viewport()
    assert page.evaluate("scrollY") > 1000


def press_preset(lab, name: str) -> None:
    """Press a preset and wait until the lab has been drawn again: it draws once a frame."""
    lab.get_by_role("button", name=name).click()
    lab.locator("button[aria-pressed=true]").filter(has_text=name).wait_for()


@pytest.mark.parametrize("opened_from", ["http", "file"])
def test_a_lever_moved_by_keyboard_changes_chart_summary_and_tables(
    opened_from, built_book, address, visit
):
    seen = visit()
    base = address if opened_from == "http" else built_book.as_uri()
    seen.page.goto(f"{base}/{CHAPTER}")
    lab = seen.page.locator("[data-carelab]").first
    lab.locator(".carelab-panel").wait_for()
    slider = lab.locator("input[type=range][name=contract_share]")
    status = lab.locator(".carelab-said[role=status]")
    line = lab.locator("path.carelab-along-1")
    before = (status.inner_text(), line.get_attribute("d"), slider.input_value())
    mark = lab.locator(".carelab-now").get_attribute("x1")
    slider.focus()
    for _ in range(4):
        seen.page.keyboard.press("ArrowRight")
    seen.page.wait_for_function(
        "([node, text]) => node.innerText !== text", arg=[status.element_handle(), before[0]]
    )
    assert slider.input_value() != before[2]
    assert lab.locator(".carelab-now").get_attribute("x1") != mark
    press_preset(lab, "Anhui medical package")
    seen.page.wait_for_function(
        "([node, path]) => node.getAttribute('d') !== path",
        arg=[line.element_handle(), before[1]],
    )
    assert "prevention pays" in status.inner_text()
    assert seen.problems == []
    assert seen.foreign(base) == []


def test_the_page_computes_what_python_computes(address, visit):
    from carelab.lab.hospital_lab import context_values, preset_values
    from carelab.theory import MODELS

    seen = visit()
    seen.page.goto(f"{address}/{CHAPTER}")
    lab = seen.page.locator("[data-carelab]").first
    press_preset(lab, "Anhui medical package")
    expected = MODELS["retention"].run(
        **preset_values("retention", "anhui_package"),
        **context_values("retention", "teaching_county"),
    )
    row = lab.get_by_role("row").filter(has_text="Preventing an episode").first
    # Beside what all is compared with stands the present.
    shown = row.locator("td").nth(1).inner_text()
    assert shown == f"{expected['prevented_episode_gain']:,.0f} CNY per case"


def test_typed_nonsense_gets_a_sentence_and_changes_nothing(address, visit):
    seen = visit()
    seen.page.goto(f"{address}/{CHAPTER}")
    lab = seen.page.locator("[data-carelab]").first
    typed = lab.get_by_label("Contract share, typed value in percent")
    said = lab.locator(".carelab-said[role=status]")
    status = said.inner_text()
    typed.fill("lots")
    typed.press("Enter")
    problem = lab.locator("[role=alert]").first
    assert "“lots” is not a number from 0 to 100" in problem.inner_text()
    assert said.inner_text() == status
    typed.fill("92,5")
    typed.press("Enter")
    slider = lab.locator("input[name=contract_share]")
    seen.page.wait_for_function("(node) => Number(node.value) > 0.9", arg=slider.element_handle())
    assert problem.inner_text() == ""


def test_thresholds_stand_on_the_track_where_the_model_puts_them(address, visit):
    seen = visit()
    seen.page.goto(f"{address}/{CHAPTER}")
    lab = seen.page.locator("[data-carelab]").first
    press_preset(lab, "Anhui medical package")
    lever = lab.locator(".carelab-lever").first
    # What a threshold means is told at the lever that is touched.
    lever.locator("input[type=range]").focus()
    text = lever.locator(".carelab-thresholds").inner_text()
    share = float(re.search(r"from ([\d.]+)", text).group(1)) / 100
    track = lever.locator("input[type=range]").bounding_box()
    mark = lever.locator(".carelab-mark-threshold").first.bounding_box()
    centre = mark["x"] + mark["width"] / 2
    thumb = 10
    expected = track["x"] + thumb + share * (track["width"] - 2 * thumb)
    assert centre == pytest.approx(expected, abs=3)


def test_two_labs_on_a_page_do_not_move_each_other(address, visit, built_book):
    seen = visit()
    seen.page.goto(f"{address}/{CHAPTER}")
    seen.page.evaluate(
        """() => {
            const first = document.querySelector("[data-carelab]");
            const copy = first.cloneNode(true);
            delete copy.dataset.ready;
            copy.querySelector(".carelab-panel").remove();
            first.after(copy);
            const script = document.createElement("script");
            script.src = document.querySelector("script[src*='carelab-lab.js']").src;
            document.body.append(script);
        }"""
    )
    labs = seen.page.locator("[data-carelab]")
    seen.page.wait_for_function("document.querySelectorAll('.carelab-panel').length >= 2")
    ids = seen.page.eval_on_selector_all(".carelab-panel [id]", "nodes => nodes.map(n => n.id)")
    assert len(ids) == len(set(ids))
    press_preset(labs.nth(0), "Anhui medical package")
    first, second = (labs.nth(i).locator("input[name=contract_share]") for i in (0, 1))
    seen.page.wait_for_function("(node) => Number(node.value) === 0.9", arg=first.element_handle())
    assert second.input_value() == "0"


@pytest.mark.parametrize("chapter", ["02-payment", "05-anhui-lab"])
def test_who_goes_back_to_a_page_sees_fields_and_results_that_belong_together(
    chapter, address, visit
):
    seen = visit()
    seen.page.goto(f"{address}/notebooks/{chapter}.html")
    fields = ".carelab-panel :is(.carelab-typed, input[type=range])"
    seen.page.locator(".carelab-panel").first.wait_for()
    values = "nodes => nodes.map((node) => node.value)"
    opening = seen.page.eval_on_selector_all(fields, values)
    typed = seen.page.locator("[data-lever=contract_share] .carelab-typed").first
    typed.fill("30")
    typed.press("Enter")
    seen.page.goto(f"{address}/search.html")
    seen.page.go_back()
    seen.page.locator(".carelab-panel").first.wait_for()
    # What the browser would fill in, it fills in once the page has loaded.
    seen.page.wait_for_function("document.readyState === 'complete'")
    seen.page.evaluate(NEXT_FRAME)
    assert seen.page.eval_on_selector_all(fields, values) == opening


@pytest.mark.parametrize(("width", "watched"), [(1280, ".carelab-charts"), (390, ".carelab-tiles")])
def test_what_a_far_lever_moves_is_in_sight_in_the_book(width, watched, address, visit):
    seen = visit(width=width, height=844)
    seen.page.goto(f"{address}/notebooks/05-anhui-lab.html")
    lab = seen.page.locator("[data-carelab=economy]").first
    lab.locator(".carelab-more-levers > summary").press("Enter")
    lab.locator(".carelab-drawer input[type=search]").fill("phasing in")
    slider = lab.locator("input[name=ramp_months]")
    slider.evaluate("(node) => node.scrollIntoView({block: 'center'})")
    shown = lab.locator(watched).first
    expect(shown).to_be_in_viewport(ratio=0.9)


@pytest.mark.parametrize("width", [1280, 390])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_no_page_is_wider_than_its_window(width, scheme, built_book, address, visit):
    seen = visit(width=width, height=844, scheme=scheme)
    too_wide = []
    for name in pages(built_book):
        seen.page.goto(f"{address}/{name}", wait_until="load")
        if seen.page.evaluate("document.documentElement.scrollWidth") > width:
            too_wide.append(name)
    assert too_wide == []


def test_without_javascript_a_figure_and_a_table_stand_for_the_lab(address, visit):
    seen = visit(java_script_enabled=False)
    seen.page.goto(f"{address}/{CHAPTER}")
    fallback = seen.page.locator(".carelab-fallback").first
    assert fallback.locator("svg[role=img]:visible").count() == 1
    assert fallback.locator("> table").is_visible()
    assert "without JavaScript" in fallback.inner_text()


def test_a_broken_configuration_leaves_the_figure_and_says_so(address, visit):
    seen = visit()
    seen.page.route(
        f"**/{CHAPTER}",
        lambda route: route.fulfill(
            response=(answer := route.fetch()),
            body=answer.text().replace('"model": "retention"', '"model": "nothing"'),
        ),
    )
    seen.page.goto(f"{address}/{CHAPTER}")
    alert = seen.page.locator("[data-carelab] > [role=alert]").first
    assert "could not start" in alert.inner_text()
    assert seen.page.locator(".carelab-fallback").first.is_visible()


def test_a_mark_opens_its_source_by_keyboard_and_closes_with_escape(address, visit):
    seen = visit()
    seen.page.goto(f"{address}/notebooks/05-anhui.html")
    button = seen.page.locator("button[data-evidence]:visible:not([tabindex='-1'])").first
    button.focus()
    seen.page.keyboard.press("Enter")
    note = seen.page.locator(f"#{button.get_attribute('popovertarget')}")
    assert note.is_visible()
    assert "meng-2022" in note.inner_text() or "Meng" in note.inner_text()
    seen.page.keyboard.press("Escape")
    assert not note.is_visible()


def test_the_interact_example_leaves_a_figure_and_a_sentence_never_an_empty_box(address, visit):
    seen = visit()
    seen.page.goto(f"{address}/{CHAPTER}")
    seen.page.get_by_role("switch", name="Code").check()
    stock = seen.page.locator(".carelab-stock").first
    drawing = stock.locator("svg, img").first
    assert drawing.is_visible()
    assert "running notebook" in stock.inner_text()
    assert "interactive(children" not in seen.page.content()
    # One drawing, for a page of any width: on a phone it is moved, not made small.
    seen.page.set_viewport_size({"width": 390, "height": 844})
    assert drawing.bounding_box()["width"] > 500
    assert seen.page.evaluate("document.documentElement.scrollWidth") == 390


def test_icons_are_drawn_without_the_themes_icon_script(address, visit):
    seen = visit()
    seen.page.goto(f"{address}/{CHAPTER}")
    icons = seen.page.locator("i[class*=fa-]:visible")
    assert icons.count() > 0
    for index in range(icons.count()):
        box = icons.nth(index).bounding_box()
        assert box["width"] >= 10, icons.nth(index).get_attribute("class")
        assert box["height"] >= 10
    assert not any("fontawesome.js" in url for url in seen.asked)


@pytest.mark.parametrize("width", [1280, 390])
def test_every_button_above_the_text_shows_its_icon(width, address, visit):
    seen = visit(width=width, height=844)
    seen.page.goto(f"{address}/{CHAPTER}")
    # The button of the settings shows two letters.
    buttons = seen.page.locator(
        ".bd-header-article :is(button:not(.carelab-reading-open), a.btn):visible"
    )
    names = [buttons.nth(index).get_attribute("class") for index in range(buttons.count())]
    assert any("primary-toggle" in name for name in names)
    assert any("secondary-toggle" in name for name in names) == (width == 390)
    for index, name in enumerate(names):
        icon = buttons.nth(index).locator("[class*=fa-]:visible").first
        assert icon.count() == 1, name
        assert icon.bounding_box()["width"] >= 10, name


@pytest.mark.parametrize("width", [1280, 390])
def test_no_code_runs_out_of_its_box(width, address, visit):
    seen = visit(width=width, height=844)
    for chapter in ("08-comparing", "12-capstone"):
        seen.page.goto(f"{address}/notebooks/{chapter}.html")
        seen.page.evaluate("document.querySelectorAll('details').forEach(d => d.open = true)")
        cut = seen.page.eval_on_selector_all(
            ".bd-article pre",
            "all => all.filter(e => e.scrollWidth > e.clientWidth + 1).map(e => e.textContent)",
        )
        assert cut == []


def test_a_dot_never_stands_on_another_line_than_the_word_before_it(address, visit):
    seen = visit(width=390, height=844)
    seen.page.goto(f"{address}/notebooks/01-why-integrate.html")
    kept = seen.page.evaluate(
        """[...document.querySelectorAll('.bd-article .carelab-keep')].map(each => {
            const range = document.createRange();
            range.selectNodeContents(each.firstChild);
            const said = range.getBoundingClientRect();
            const dot = each.querySelector('.carelab-dot:not(.carelab-inner)');
            const box = dot && dot.getBoundingClientRect();
            return !box || !box.width || (box.top < said.bottom && box.bottom > said.top);
        })"""
    )
    assert len(kept) > 20
    assert all(kept)


def settings_of(page):
    """The choice of marks, opened where the page is narrow."""
    button = page.locator(".carelab-reading-open")
    if button.is_visible():
        button.click()
    return page.get_by_role("group", name="Sources")


@pytest.mark.parametrize("width", [1280, 390])
def test_marks_are_quiet_full_or_off_and_the_browser_remembers(width, address, visit):
    seen = visit(width=width, height=844)
    page = seen.page
    page.goto(f"{address}/notebooks/05-anhui.html")
    number = page.locator(".bd-article p .carelab-num").first
    line = "node => getComputedStyle(node).textDecorationLine"
    word = "node => getComputedStyle(node.querySelector('button'), '::after').content"
    assert number.evaluate(line) == "underline"
    assert number.evaluate(word) == "none"
    settings_of(page).get_by_label("Full").check(force=True)
    assert number.evaluate(word) != "none"
    page.reload()
    assert number.evaluate(word) != "none"
    settings_of(page).get_by_label("Off").check(force=True)
    assert number.evaluate(line) == "none"
    assert page.locator(".carelab-dot:visible").count() == 0
    page.goto(f"{address}/notebooks/03-uk.html")
    assert page.locator(".carelab-dot:visible").count() == 0
    assert seen.problems == []


def test_a_note_hides_neither_its_mark_nor_what_gets_the_focus(address, visit):
    for width in (1280, 390):
        page = visit(width=width, height=844).page
        page.goto(f"{address}/notebooks/05-anhui.html")
        mark = page.locator(".bd-article p .carelab-num > .carelab-open").nth(3)
        mark.evaluate("node => scrollBy(0, node.getBoundingClientRect().bottom - innerHeight + 5)")
        mark.focus()
        page.keyboard.press("Enter")
        note = page.locator(".carelab-note:popover-open")
        note.wait_for()
        apart = """([mark, note]) => {
            const a = mark.getBoundingClientRect(), b = note.getBoundingClientRect();
            return a.bottom <= b.top || a.right <= b.left || a.top >= b.bottom;
        }"""
        page.wait_for_function(apart, arg=[mark.element_handle(), note.element_handle()])
        page.keyboard.press("Tab")
        expect(page.locator(".carelab-note:popover-open")).to_have_count(0)


def test_who_copies_a_paragraph_copies_no_word_of_its_marks(address, visit):
    page = visit().page
    page.goto(f"{address}/notebooks/05-anhui.html")
    paragraph = page.locator(".bd-article p:has(.carelab-num):has(.carelab-dot)").first
    copied = paragraph.evaluate(
        "node => { getSelection().selectAllChildren(node); return getSelection().toString(); }"
    )
    assert not re.search(r"observed|stated|source|[A-Z]{1,2}\d{3}", copied)
    number = paragraph.locator(".carelab-num").first.inner_text()
    assert number in copied
    assert " ." not in copied


def test_marks_are_wide_enough_for_a_finger(address, visit):
    page = visit(width=390, height=844).page
    page.goto(f"{address}/notebooks/05-anhui.html")
    small = page.eval_on_selector_all(
        ".bd-article :is(.carelab-open, .carelab-dot)",
        """all => all.map(each => each.getBoundingClientRect())
            .filter(box => box.width && (box.width < 24 || box.height < 23.9)).length""",
    )
    assert small == 0


def test_on_paper_marks_are_numbers_of_the_list_at_the_end(address, visit):
    page = visit().page
    page.goto(f"{address}/notebooks/05-anhui.html")
    page.emulate_media(media="print")
    dot = page.locator(".bd-article p .carelab-num > .carelab-open").first
    number = dot.get_attribute("data-printed")
    shown = dot.evaluate("node => getComputedStyle(node, '::after').content")
    assert number in shown
    assert page.locator(f".carelab-note[data-number='{number}']").is_visible()


def test_code_is_behind_one_switch(address, visit):
    page = visit().page
    page.goto(f"{address}/notebooks/05-anhui.html")
    folds = page.locator(".bd-article .cell > details.hide")
    assert folds.count() > 0
    assert page.locator(".bd-article .cell > details.hide:visible").count() == 0
    page.get_by_role("switch", name="Code").check()
    assert folds.first.is_visible()
    assert folds.first.locator("pre").first.is_visible()


def test_a_chapter_leads_to_its_lab(address, visit):
    page = visit().page
    page.goto(f"{address}/notebooks/05-anhui-lab.html")
    page.get_by_role("link", name="Go to the lab").press("Enter")
    expect(page.locator("[data-carelab]").first).to_be_in_viewport()


def test_numbers_of_a_column_stand_point_under_point(address, visit):
    seen = visit()
    seen.page.goto(f"{address}/notebooks/04-dilemma.html")
    ends = seen.page.evaluate(
        """[...document.querySelectorAll('.output > .carelab-scroll tbody')].flatMap(body => {
            const columns = {};
            for (const cell of body.querySelectorAll('td.carelab-number')) {
                const range = document.createRange();
                const [whole] = cell.textContent.split('.');
                range.setStart(cell.firstChild, 0);
                range.setEnd(cell.firstChild, whole.length);
                const end = range.getBoundingClientRect().right;
                (columns[cell.cellIndex] ??= []).push(end);
            }
            return Object.values(columns).map(each => Math.max(...each) - Math.min(...each));
        })"""
    )
    assert len(ends) >= 10
    assert max(ends) < 2.5


def weight(built_book, asked, name=""):
    """Size of the asked files as a server sends them, in KB."""
    paths = {unquote(urlsplit(url).path).lstrip("/") for url in asked}
    files = [built_book / path for path in paths if name in path]
    return sum(len(gzip.compress(each.read_bytes())) for each in files if each.is_file()) / 1024


@pytest.mark.parametrize("chapter", ["02-payment", "05-anhui-lab", "09-policy-lab"])
def test_a_chapter_with_its_labs_is_light(address, visit, built_book, chapter):
    seen = visit()
    seen.page.goto(f"{address}/notebooks/{chapter}.html", wait_until="networkidle")
    seen.page.locator(".carelab-panel").first.wait_for()
    hospital = any("carelab-hospital" in url for url in seen.asked)
    assert hospital == (seen.page.locator("[data-carelab=hospital]").count() > 0)
    code = sum(weight(built_book, seen.asked, f"carelab-{part}") for part in ("lab", "hospital"))
    # The month differentiates itself: its code, compressed, is about half as much again.
    assert 20 < code <= 96
    assert 100 < weight(built_book, seen.asked) <= 320


@pytest.mark.parametrize("chapter", ["02-payment", "05-anhui"])
def test_a_page_shows_no_character_of_an_icon_font(chapter, address, visit, built_book):
    seen = visit()
    seen.page.goto(f"{address}/notebooks/{chapter}.html", wait_until="networkidle")
    shown = seen.page.evaluate(
        """() => [...document.querySelectorAll("body *")].flatMap((each) =>
          ["::before", "::after"].map((part) => getComputedStyle(each, part).content)
            .filter((text) => /[\ue000-\uf8ff]/.test(text)).map(() => each.outerHTML))"""
    )
    assert shown == []
    fonts = [url for url in seen.asked if "woff" in url]
    assert len(fonts) == 2
    assert all("carelab-s" in url for url in fonts)
    assert list(built_book.rglob("fa-*")) == []


@pytest.mark.parametrize("scripts", [True, False])
def test_the_menu_of_the_header_opens_with_and_without_scripts(scripts, address, visit):
    page = visit(java_script_enabled=scripts).page
    page.goto(f"{address}/{CHAPTER}")
    menu = page.locator(".bd-header-article details.dropdown")
    entries = menu.locator(".dropdown-item")
    assert entries.count() == 2
    expect(entries.first).to_be_hidden()
    menu.locator("summary").press("Enter")
    expect(entries.first).to_be_visible()
    expect(entries.last).to_be_visible()
    if scripts:
        entries.first.focus()
        page.keyboard.press("Escape")
        expect(entries.first).to_be_hidden()
        expect(menu.locator("summary")).to_be_focused()
        menu.locator("summary").click()
        page.locator(".bd-article h1").click()
        expect(entries.first).to_be_hidden()


def test_the_role_game_is_fetched_when_somebody_wants_to_play(address, visit):
    seen = visit()
    seen.page.goto(f"{address}/notebooks/09-policy-lab.html", wait_until="networkidle")
    assert not any("carelab-roles" in url for url in seen.asked)
    seen.page.locator("details:has([data-action=roles]) > summary").first.click()
    seen.page.locator("[data-action=roles]").first.click()
    seen.page.locator("[data-action=start]").wait_for()
    assert any("carelab-roles" in url for url in seen.asked)
    assert seen.problems == []


def test_only_the_search_page_loads_the_text_of_all_pages(address, visit):
    seen = visit()
    seen.page.goto(f"{address}/{CHAPTER}", wait_until="load")
    assert not any("search" in url for url in seen.asked)
    seen.page.goto(f"{address}/search.html?q=capitation", wait_until="load")
    seen.page.locator("#search-results li").first.wait_for()
    assert any("carelab-search-text" in url for url in seen.asked)
    assert not any("searchindex" in url or "searchtools" in url for url in seen.asked)
    assert seen.problems == []


def test_a_search_from_a_disk_finds_a_chinese_word_and_shows_where_it_stands(built_book, visit):
    seen = visit()
    seen.page.goto(f"{(built_book / 'search.html').as_uri()}?q=医保")
    results = seen.page.locator("#search-results")
    expect(results.locator("[role=status]")).to_contain_text("Pages that hold “医保”: ")
    expect(results.locator("mark").first).to_have_text("医保")
    assert results.locator("li").count() >= 3
    expect(seen.page.locator("form.bd-search input[name=q]").last).to_have_value("医保")
    field = seen.page.locator(".bd-search-container input[name=q]")
    field.fill("Anhui")
    field.press("Enter")
    expect(results.locator("li > a").first).to_have_text("Anhui: two packages for one county")
    seen.page.goto(f"{(built_book / 'search.html').as_uri()}?q=<b>nowhere</b>")
    expect(results.locator("[role=status]")).to_contain_text("No page holds “<b>nowhere</b>”.")
    seen.page.goto((built_book / "search.html").as_uri())
    expect(results.locator("[role=status]")).to_contain_text("Type a word")
    assert seen.foreign("file://") == []
    assert seen.problems == []


def test_every_page_is_valid_html_with_a_name_for_each_part(built_book):
    found = {
        name: html_faults((built_book / name).read_text("utf-8")) for name in pages(built_book)
    }
    assert {name: faults[:5] for name, faults in found.items() if faults} == {}


# How much lighter one colour is than another, as WCAG counts it.
CONTRASTS = """() => {
  const parts = (text) => (text.match(/[\\d.]+/g) ?? []).map(Number);
  const light = ([r, g, b]) => [r, g, b]
    .map((each) => each / 255)
    .map((each) => (each <= 0.04045 ? each / 12.92 : ((each + 0.055) / 1.055) ** 2.4))
    .reduce((sum, each, at) => sum + each * [0.2126, 0.7152, 0.0722][at], 0);
  const ground = (node) => {
    const layers = [];
    for (let each = node; each; each = each.parentElement) {
      const [r, g, b, alpha = 1] = parts(getComputedStyle(each).backgroundColor);
      layers.push([r, g, b, alpha]);
      if (alpha === 1) break;
    }
    return layers.reverse().reduce((below, [r, g, b, alpha]) =>
      [r, g, b].map((each, at) => each * alpha + below[at] * (1 - alpha)), [255, 255, 255]);
  };
  return [...document.querySelectorAll("article a[href], .bd-sidebar a[href], #search-results a")]
    .filter((node) => node.checkVisibility({ visibilityProperty: true }) && node.innerText.trim())
    .map((node) => {
      const [one, other] = [light(parts(getComputedStyle(node).color)), light(ground(node))];
      return [(Math.max(one, other) + 0.05) / (Math.min(one, other) + 0.05), node.innerText];
    })
    .filter(([contrast]) => contrast < 4.5);
}"""


UNFOLD = """document.querySelectorAll(".toggle-hidden")
  .forEach((each) => each.classList.remove("toggle-hidden"))"""
GROW = """document.querySelector("article")
  .prepend(Object.assign(document.createElement("div"), {style: "height: 700px"}))"""


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_every_link_stands_out_from_its_ground(scheme, address, visit):
    seen = visit(scheme=scheme)
    for name in ("notebooks/05-anhui.html", "book/welcome.html", "search.html?q=Anhui"):
        seen.page.goto(f"{address}/{name}", wait_until="load")
        # Boxes that fold are looked at open.
        seen.page.evaluate(UNFOLD)
        assert seen.page.evaluate(CONTRASTS) == [], name


def test_a_link_into_a_long_page_arrives_where_it_says(address, visit):
    """As in a browser that does not hold what it shows while the page above it changes."""
    seen = visit(height=800)
    seen.page.add_init_script(
        "addEventListener('DOMContentLoaded', () => document.head.append(Object.assign("
        "document.createElement('style'), {textContent: '* {overflow-anchor: none !important}'})))"
    )
    seen.page.goto(f"{address}/notebooks/05-anhui-lab.html#lab=carelab/1/china_county/anhui")
    lab = seen.page.locator("[data-carelab=economy] .carelab-panel").first
    expect(lab.locator(".carelab-summary")).to_have_attribute("aria-busy", "false")
    seen.page.wait_for_function("document.readyState === 'complete'")
    seen.page.evaluate(NEXT_FRAME)
    top = "node => Math.round(node.getBoundingClientRect().top)"
    arrived = lab.evaluate(top)
    assert 0 <= arrived < 200
    # Something above it grows late: the lab stays.
    seen.page.evaluate(GROW)
    seen.page.evaluate(NEXT_FRAME)
    assert abs(lab.evaluate(top) - arrived) <= 2
    # Once the reader has moved, the page no longer moves by itself.
    seen.page.mouse.move(640, 500)
    seen.page.mouse.wheel(0, 300)
    moved = f"node => Math.abs(({top})(node) - {arrived}) > 200"
    seen.page.wait_for_function(moved, arg=lab.element_handle())
    before = seen.page.evaluate("scrollY")
    seen.page.evaluate(GROW)
    seen.page.evaluate(NEXT_FRAME)
    assert seen.page.evaluate("scrollY") == before
    assert seen.problems == []


FULL = "() => { Storage.prototype.setItem = () => { throw new DOMException('full'); }; }"


def test_answers_in_two_tabs_are_both_kept_and_a_full_store_is_told(browser, address, visit_of):
    context = browser.new_context()
    context.set_default_timeout(PATIENCE_MS)
    one, other = (visit_of(context) for _ in range(2))
    for seen in (one, other):
        seen.page.goto(f"{address}/{CHAPTER}")
        seen.page.locator(".carelab-check[data-ready]").first.wait_for()
    kept = ".carelab-check-kept >> nth=0"
    answer = "fieldset:nth-of-type({}) input >> nth=0"
    one.page.locator(".carelab-check").first.locator(answer.format(1)).check()
    expect(other.page.locator(".carelab-check-score").first).to_contain_text("Answered: 1 of")
    other.page.locator(".carelab-check").first.locator(answer.format(2)).check()
    for seen in (one, other):
        expect(seen.page.locator(".carelab-check-score").first).to_contain_text("Answered: 2 of")
        expect(seen.page.locator(kept)).to_contain_text("stay in this browser")
    one.page.evaluate(FULL)
    one.page.locator(".carelab-check").first.locator(answer.format(3)).check()
    expect(one.page.locator(".carelab-check-score").first).to_contain_text("Answered: 3 of")
    expect(one.page.locator(kept)).to_contain_text("until you close the page")
    context.close()


def test_a_grid_is_one_stop_of_the_keyboard_and_arrows_move_within_it(address, visit):
    page = visit().page
    page.goto(f"{address}/notebooks/08-comparing.html")
    grid = page.locator(".carelab-grid-frame").first
    cells = grid.locator("[role=gridcell]")
    wide = grid.locator("tr:has([role=gridcell])").first.locator("[role=gridcell]").count()
    cells.first.focus()
    for key, at in (
        ("ArrowRight", 1),
        ("ArrowDown", wide + 1),
        ("End", 2 * wide - 1),
        ("ArrowUp", wide - 1),
        ("ArrowRight", wide - 1),
        ("Home", 0),
    ):
        page.keyboard.press(key)
        expect(cells.nth(at)).to_be_focused()
        # What a sign says is read below the grid, too.
        expect(grid.locator(".carelab-grid-said")).to_have_text(
            cells.nth(at).get_attribute("aria-label") or "missing"
        )
    assert grid.locator("[role=gridcell][tabindex='0']").count() == 1
    page.keyboard.press("Tab")
    assert page.evaluate("!document.activeElement.closest('.carelab-grid')")


def test_on_a_phone_a_case_shows_all_its_signs_in_one_row(address, visit):
    page = visit(width=390).page
    page.goto(f"{address}/notebooks/08-comparing.html")
    row = page.locator(".carelab-grid tr:has([role=gridcell])").first
    boxes = [each.bounding_box() for each in row.locator("[role=gridcell]").all()]
    assert len({box["y"] for box in boxes}) == 1
    assert all(one["x"] + one["width"] <= two["x"] + 0.5 for one, two in pairwise(boxes))
    assert min(box["width"] for box in boxes) >= 20


def test_no_field_of_a_page_lies_invisibly_over_its_text(address, visit):
    page = visit().page
    page.goto(f"{address}/notebooks/05-anhui-lab.html")
    page.locator(".carelab-panel").first.wait_for()
    outside = page.evaluate(
        """[...document.querySelectorAll("label input")].filter((field) => {
          const own = field.getBoundingClientRect();
          const around = field.closest("label").getBoundingClientRect();
          return own.width > around.width + 1 || own.height > around.height + 1;
        }).map((field) => field.outerHTML)"""
    )
    assert outside == []


def test_icons_and_switches_are_seen_where_the_system_chooses_the_colours(address, visit):
    page = visit(forced_colors="active").page
    page.goto(f"{address}/notebooks/05-anhui.html")
    for part in (".fa-bars", ".fa-circle-half-stroke"):
        icon = page.locator(part).first
        ground = page.evaluate("getComputedStyle(document.body).backgroundColor")
        assert icon.evaluate("each => getComputedStyle(each).backgroundColor") != ground


def test_on_paper_no_source_runs_over_the_edge_and_the_title_stands_once(address, visit):
    page = visit(width=720).page
    page.goto(f"{address}/notebooks/05-anhui.html")
    page.emulate_media(media="print")
    notes = page.locator(".carelab-note[data-number]")
    edge = page.evaluate("document.documentElement.clientWidth")
    boxes = notes.evaluate_all(
        "all => all.map((each) => each.getBoundingClientRect()).map((box) => [box.left, box.right])"
    )
    assert all(left >= 0 and right <= edge for left, right in boxes)
    titles = page.locator("h1").all()
    assert sum(each.is_visible() for each in titles) == 1


EVERY_BOX = """[...document.querySelectorAll("body *")].map((each) => {
  const [box, style] = [each.getBoundingClientRect(), getComputedStyle(each)];
  return [each.tagName, each.className, box.width, box.height, style.color,
    style.backgroundColor, style.font, style.display, style.margin, style.padding].join(" ");
})"""


@pytest.mark.parametrize("name", ["book/protocol", "notebooks/05-anhui", "search"])
def test_no_rule_of_the_theme_is_missed_that_a_page_has_use_for(name, address, visit):
    whole = files("pydata_sphinx_theme") / "theme/pydata_sphinx_theme/static/styles"
    sheet = reduced_sheet((whole / "pydata-sphinx-theme.css").read_text(encoding="utf-8"))
    page = visit().page
    drawn = []
    for body in (None, sheet):
        if body is not None:
            page.route(
                re.compile(r"pydata-sphinx-theme\.css"),
                lambda route: route.fulfill(body=sheet, content_type="text/css"),
            )
        page.goto(f"{address}/{name}.html", wait_until="networkidle")
        page.evaluate("document.fonts.ready.then(() => true)")
        drawn.append(page.evaluate(EVERY_BOX))
    assert len(drawn[0]) > 100
    assert drawn[0] == drawn[1]


def test_all_drawings_of_a_page_share_their_letters(built_book):
    page = (built_book / "notebooks/05-anhui.html").read_text(encoding="utf-8")
    letters = re.findall(r'<path id="(letter-\d+)"', page)
    used = re.findall(r'xlink:href="#(letter-\d+)"', page)
    assert len(letters) == len(set(letters)) > 30
    assert set(used) == set(letters)
    assert len(used) > 10 * len(letters)
