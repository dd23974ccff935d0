"""The self-check: what its author is told, what stands on the page, what a reader can do."""

import io
import re
import subprocess

import pytest

from carelab.base import CarelabError, load_words, word
from carelab.sphinx_ext.selfcheck import read_questions, script_text

QUESTION = """\
- question: Who keeps the surplus of the pooled budget in question {number}?
  options:
    - right: The medical community
      because: >-
        The surplus stays with it {{claim}}`S004-79`, so that $B - C$ is its own.
    - wrong: The province
      because: It sets the rules and takes *no* share.
    - wrong: The patient
      because: Patients pay a co-payment and share in no surplus.
"""
FIVE = "\n".join(QUESTION.format(number=word) for word in ("one", "two", "three", "four", "five"))


def page(body: str) -> str:
    return f"# A chapter\n\n```{{selfcheck}}\n{body}\n```\n"


@pytest.fixture(scope="module")
def build(tmp_path_factory):
    """Build one page with our extension and return its folder and the warnings."""
    from sphinx.application import Sphinx
    from sphinx.util.docutils import docutils_namespace

    def run(text: str):
        folder = tmp_path_factory.mktemp("book")
        (folder / "index.md").write_text(text, encoding="utf-8")
        settings = {
            "extensions": ["myst_nb", "carelab.sphinx_ext"],
            "myst_enable_extensions": ["dollarmath"],
            "html_math_renderer": "mathml",
            "html_theme": "basic",
            "nb_execution_mode": "off",
        }
        warnings = io.StringIO()
        out = folder / "out"
        with docutils_namespace():
            app = Sphinx(
                folder, None, out, folder / "trees", "html", settings, None, warnings, True
            )
            app.build()
        return out, warnings.getvalue()

    return run


@pytest.fixture(scope="module")
def built(build):
    return build(page(FIVE))


def test_five_questions_make_radio_buttons_with_a_folded_explanation_each(built):
    out, warnings = built
    html = (out / "index.html").read_text(encoding="utf-8")
    assert warnings == ""
    assert html.count("<fieldset") == html.count("</fieldset>") == html.count("<legend>") == 5
    assert html.count('<input type="radio"') == html.count("<details><summary>") == 15
    names = re.findall(r'<input type="radio" id="([^"]+)" name="([^"]+)">', html)
    assert len({ident for ident, _ in names}) == 15
    assert len({group for _, group in names}) == 5
    assert all(f'<label for="{ident}">' in html for ident, _ in names)
    assert html.count('data-right="true"') == 5


def test_an_explanation_holds_marks_of_provenance_formulas_and_markup(built):
    html = (built[0] / "index.html").read_text(encoding="utf-8")
    assert html.count('data-evidence="S004-79"') == 5
    assert html.count("<math ") >= 5
    assert "<em>no</em>" in html
    assert "<script" in html
    assert "carelab-selfcheck.js" in html


def test_a_page_without_questions_does_not_load_the_script(build):
    out, _ = build("# A chapter\n\nText.\n")
    assert "carelab-selfcheck.js" not in (out / "index.html").read_text(encoding="utf-8")


WRONG = {
    "a missing explanation": (
        "      because: It sets the rules and takes *no* share.\n",
        "",
        "question 1, option 2 has no 'because:'",
    ),
    "an empty explanation": (
        "It sets the rules and takes *no* share.",
        "",
        "question 1, option 2 has no 'because:'",
    ),
    "no right option": ("- right:", "- wrong:", "question 1 has 0 right options; exactly one"),
    "two right options": (
        "- wrong: The province",
        "- right: The province",
        "question 1 has 2 right options; exactly one",
    ),
    "two options": (
        "    - wrong: The patient\n"
        "      because: Patients pay a co-payment and share in no surplus.\n",
        "",
        "question 1 has 2 options; allowed are 3 or 4",
    ),
    "the same option twice": ("The patient", "The province", "question 1 offers the same option"),
    "a number as an option": ("The patient", "0.5", "is not a text; set it in quotation marks"),
    "a mark in an option": ("The patient", "A {claim}`S004-79`", "holds a mark of provenance"),
    "another key": ("question: Who", "ask: Who", "question 1 must have 'question:'"),
    "broken YAML": ("The patient", "The patient: it", "the self-check line"),
}


@pytest.mark.parametrize("old, new, said", WRONG.values(), ids=WRONG)
def test_a_mistake_is_told_in_a_sentence(old, new, said):
    body = FIVE.replace(old, new, 1)
    assert body != FIVE
    with pytest.raises(CarelabError, match=re.escape(said)):
        read_questions(body)


def test_fewer_than_five_questions_are_refused():
    four = "\n".join(QUESTION.format(number=each) for each in "abcd")
    with pytest.raises(CarelabError, match="4 questions written, at least 5 are needed"):
        read_questions(four)


def test_a_mistake_fails_the_build(build):
    _, warnings = build(page(FIVE.replace("- right:", "- wrong:", 1)))
    assert "ERROR: selfcheck: question 1 has 0 right options; exactly one must be right" in warnings


def test_the_script_is_classic_and_asks_no_other_host():
    text = script_text()
    assert not re.search(r"^\s*(import|export)\b|https?://|fetch\(|innerHTML", text, re.MULTILINE)
    assert len(text.splitlines()) <= 300


def test_the_words_of_the_script_exist(built):
    for key in set(re.findall(r"words\.(\w+)", script_text())):
        assert all(f"check.{key}" in load_words(language) for language in ("en", "zh"))


def test_the_helpers_of_the_script_pass_in_node(node, root):
    done = subprocess.run(
        [node, "--test", str(root / "tests/js/selfcheck.test.mjs")],
        capture_output=True,
        text=True,
        encoding="utf-8",
    )
    assert done.returncode == 0, done.stdout


# --- in a browser -------------------------------------------------------------------------------


def opened(visit, built, **options):
    seen = visit(**options)
    seen.page.goto((built[0] / "index.html").as_uri())
    return seen


def test_choosing_by_keyboard_shows_the_explanation_and_keeps_the_first_try(built, visit):
    seen = opened(visit, built)
    page = seen.page
    first = page.locator("fieldset").first
    assert first.locator("details").first.is_hidden()
    first.locator("input").nth(1).focus()
    page.keyboard.press("Space")
    said = first.locator("[role=status]")
    assert said.inner_text().startswith("Not yet.")
    assert first.locator("label").nth(1).get_attribute("data-chosen") == "Not yet."
    assert "takes no share" in said.inner_text()
    page.keyboard.press("ArrowUp")
    assert said.inner_text().startswith("Right.")
    assert "takes no share" not in said.inner_text()
    assert first.locator("input").first.is_checked()
    score = page.locator(".carelab-check-score")
    assert score.inner_text() == "Answered: 1 of 5. Right at the first try: 0."
    page.locator("fieldset").nth(1).get_by_label("The medical community").check()
    assert score.inner_text() == "Answered: 2 of 5. Right at the first try: 1."
    ids = page.eval_on_selector_all("[id]", "nodes => nodes.map(n => n.id)")
    assert len(ids) == len(set(ids))
    assert seen.problems == []
    assert seen.foreign("file://") == []


def test_answers_are_kept_in_the_browser_until_the_reader_starts_again(built, visit):
    seen = opened(visit, built)
    page = seen.page
    page.locator("fieldset").nth(2).get_by_label("The province").check()
    page.reload()
    assert page.locator("fieldset").nth(2).get_by_label("The province").is_checked()
    assert "takes no share" in page.locator("fieldset").nth(2).locator("[role=status]").inner_text()
    page.get_by_role("button", name="Start again").click()
    assert page.locator("input:checked").count() == 0
    page.reload()
    assert page.locator("input:checked").count() == 0
    assert page.locator(".carelab-check-again").is_hidden()


def test_a_browser_that_keeps_nothing_still_answers(built, visit):
    seen = visit()
    seen.page.add_init_script(
        "Object.defineProperty(window, 'localStorage', {get() { throw new Error('no') }})"
    )
    seen.page.goto((built[0] / "index.html").as_uri())
    seen.page.locator("fieldset").first.get_by_label("The province").check()
    assert "Not yet." in seen.page.locator("fieldset").first.locator("[role=status]").inner_text()
    told = seen.page.locator(".carelab-check-kept")
    assert told.is_visible() and word("check.not_kept") in told.inner_text()
    assert seen.page.locator(".carelab-check-again").is_visible()


def test_without_javascript_every_explanation_can_be_unfolded(built, visit):
    page = opened(visit, built, java_script_enabled=False).page
    details = page.locator("details")
    assert details.count() == 15
    assert details.nth(1).is_visible()
    details.nth(1).locator("summary").click()
    assert "takes no share" in details.nth(1).inner_text()


@pytest.mark.parametrize("script", [True, False])
def test_on_paper_answers_stand_on_the_last_sheet_and_not_under_their_questions(
    built, visit, script
):
    page = opened(visit, built, java_script_enabled=script).page
    if script:
        page.locator("fieldset").first.get_by_label("The province").check()
        page.evaluate("window.dispatchEvent(new Event('beforeprint'))")
    page.emulate_media(media="print")
    under = page.locator(".carelab-check-question .carelab-check-because").all()
    assert len(under) == 15
    assert not any(each.is_visible() for each in under)
    answers = page.locator(".carelab-answers li")
    assert answers.count() == 5
    for each in answers.all():
        assert each.is_visible()
        assert each.inner_text().startswith("The medical community")
    before = "node => getComputedStyle(node.parentNode.parentNode).breakBefore"
    assert answers.first.evaluate(before) == "page"


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_questions_fit_a_telephone(built, visit, scheme):
    page = opened(visit, built, width=390, height=844, scheme=scheme).page
    page.locator("fieldset").first.get_by_label("The province").check()
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
