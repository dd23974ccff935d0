"""Marks of provenance: what stands in the text, what in the notes, what a paragraph shows."""

import io
import re

import pytest

from carelab.sphinx_ext.marks import note_of, number_html, with_notes

PAGE = """\
# A chapter

Of adults {num}`CN134 .1f` % went to it, {num}`CN020`. The draw is upwards {claim}`S004-17`.

The team asks for rules {claim}`S004-79`, for staff {claim}`S004-80` and for money. {claim}`S004-85`

One says this {claim}`S004-79`, another says that {claim}`S003-54`.

Two name it {claim}`S004-79` {claim}`S004-80`. It is *open* {claim}`S003-54`.

{silent}`Nothing is said of beds.`
"""


@pytest.fixture(scope="module")
def page(tmp_path_factory):
    """Build one page and return its text."""
    from sphinx.application import Sphinx
    from sphinx.util.docutils import docutils_namespace

    folder = tmp_path_factory.mktemp("marks")
    (folder / "index.md").write_text(PAGE, encoding="utf-8")
    settings = {
        "extensions": ["myst_nb", "carelab.sphinx_ext"],
        "myst_enable_extensions": ["dollarmath"],
        "html_math_renderer": "mathml",
        "html_theme": "basic",
        "nb_execution_mode": "off",
    }
    warnings = io.StringIO()
    with docutils_namespace():
        app = Sphinx(
            folder, None, folder / "out", folder / "trees", "html", settings, None, warnings
        )
        app.build()
    assert warnings.getvalue() == ""
    return (folder / "out" / "index.html").read_text(encoding="utf-8")


def paragraph(page: str, begin: str) -> str:
    return re.search(rf"<p>(?:(?!</p>).)*{begin}.*?</p>", page, re.DOTALL)[0]


def plain(text: str) -> str:
    return re.sub(r"<[^>]*>", "", text)


def test_a_number_is_underlined_with_its_unit_and_stays_text(page):
    first = paragraph(page, "Of adults")
    number = re.search(r'<span class="carelab-num" data-class="observed">(.*?)</span>', first)[1]
    assert re.fullmatch(r"[\d.]+ %", plain(number))
    assert plain(number) == number.partition("<button")[0]


def test_a_dot_stands_behind_the_full_stop_with_the_last_word(page):
    first = paragraph(page, "Of adults")
    assert re.search(r'<span class="carelab-keep">upwards\.<button[^>]*></button></span>', first)
    assert "  " not in plain(first)


def test_no_word_of_a_mark_is_in_the_text(page):
    assert plain(paragraph(page, "The team asks")) == (
        "The team asks for rules, for staff and for money."
    )
    main = page.partition('<aside class="carelab-notes"')[0]
    assert note_of("S004-79").lines[0] not in main


def test_a_paragraph_that_rests_on_one_source_has_one_dot_at_its_end(page):
    text = paragraph(page, "The team asks")
    dots = re.findall(r'<button type="button" class="carelab-dot([^"]*)"', text)
    assert dots == [" carelab-inner"] * 3 + [" carelab-whole"]
    assert 'data-evidence="S004-79 S004-80 S004-85"' in text


def test_a_paragraph_of_several_sources_has_one_stop_for_the_keyboard(page):
    text = paragraph(page, "One says")
    buttons = re.findall(r"<button[^>]*>", text)
    assert [" tabindex=" in each for each in buttons] == [True, True, False]
    assert "carelab-stop" in buttons[-1]
    assert 'data-evidence="S004-79 S003-54"' in buttons[-1]


def test_marks_side_by_side_are_one_dot(page):
    text = paragraph(page, "Two name")
    assert 'data-evidence="S004-79 S004-80"' in text
    assert plain(text) == "Two name it. It is open."


def test_a_note_stands_once_a_page_whatever_opens_it(page):
    assert page.count('id="note-S004-79"') == 1
    targets = set(re.findall(r'popovertarget="([^"]+)"', page))
    notes = set(re.findall(r'<div popover id="([^"]+)"', page))
    assert targets <= notes
    assert "note-S004-79" in targets


def test_printed_numbers_lead_to_the_list_in_its_order(page):
    numbers = re.findall(r'class="carelab-note" role="note" data-number="(\d+)"', page)
    assert numbers == [str(each) for each in range(1, len(numbers) + 1)]
    printed = re.findall(r'data-printed="([^"]*)"', page)
    assert {each for text in printed for each in text.split(", ") if each} == set(numbers)


def test_a_silence_is_grey_and_its_mark_is_left_to_the_full_view(page):
    text = paragraph(page, "carelab-silence")
    assert "carelab-dot carelab-silent" in text
    assert plain(text) == "Nothing is said of beds."


def test_one_kind_of_evidence_names_its_class_for_a_screen_reader():
    number = number_html("61.7 %", "CN134")
    assert 'aria-label="61.7 %: source: observed"' in number
    assert 'data-class="observed"' in number
    assert with_notes("<p>No mark.</p>") == ("<p>No mark.</p>", "")
