"""The blocks of a chapter, tips of terms and the menu: what they become and what they refuse."""

import io

import pytest

from carelab.sphinx_ext.menu import with_minutes

PAGE = """\
# A chapter

```{puzzle}
In 2019 a county kept 96 of 100 visits.

Where did the money go?
```

```{person}
Picture a farmer of 61.
```

```{thesis}
A sum fixed in advance gives the hospital a reason to let him go.
```

```{by-hand} one patient
He earns 3,200.
```

```{so-far}
The hospital loses. A reform has to pay it.
```

```{lab-card} does the county keep its patients?
:minutes: 12

Guess, then see.
```

## A section

The lead hospital heads the siphon effect. The lead hospital has a {gloss}`rule <siphon>`.

## Another

A lead hospital again.
"""


@pytest.fixture(scope="module")
def build(tmp_path_factory):
    """Build one chapter and return its text and the warnings."""
    from sphinx.application import Sphinx
    from sphinx.util.docutils import docutils_namespace

    def run(text: str) -> tuple[str, str]:
        folder = tmp_path_factory.mktemp("blocks")
        (folder / "notebooks").mkdir()
        (folder / "notebooks" / "index.md").write_text(text, encoding="utf-8")
        settings = {
            "extensions": ["myst_nb", "carelab.sphinx_ext"],
            "html_math_renderer": "mathml",
            "html_theme": "basic",
            "nb_execution_mode": "off",
            "root_doc": "notebooks/index",
        }
        warnings = io.StringIO()
        with docutils_namespace():
            app = Sphinx(
                folder, None, folder / "out", folder / "trees", "html", settings, None, warnings
            )
            app.build()
        page = (folder / "out" / "notebooks" / "index.html").read_text(encoding="utf-8")
        return page, warnings.getvalue()

    return run


@pytest.fixture(scope="module")
def page(build) -> str:
    text, warnings = build(PAGE)
    assert warnings == ""
    return text


def test_a_puzzle_ends_in_its_question_set_apart(page):
    assert '<div class="carelab-block carelab-puzzle">' in page
    assert '<p class="carelab-question-asked">Where did the money go?</p>' in page


def test_a_person_is_set_apart(page):
    assert '<div class="carelab-block carelab-person"><p>Picture a farmer of 61.</p>' in page


def test_a_thesis_is_set_apart(page):
    assert '<div class="carelab-block carelab-thesis"><p>A sum fixed' in page


def test_an_example_by_hand_has_its_title(page):
    assert '<section class="carelab-block carelab-by-hand">' in page
    assert '<p class="carelab-block-title">By hand: one patient</p>' in page


def test_so_far_says_what_it_is(page):
    assert '<p class="carelab-block-title">So far</p>' in page


def test_a_lab_card_leads_to_the_lab_and_says_how_long_it_takes(page):
    assert 'href="#first-lab">Guess and play, 12 min</a>' in page
    assert "Lab: does the county keep its patients?" in page


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("```{puzzle}\nA fact.\n```", "its last paragraph must be a question"),
        ("```{person}\n```", "it says nothing"),
        ("```{thesis}\nOne.\n\nTwo.\n```", "2 paragraphs of 2 words"),
        (f"```{{thesis}}\n{'word ' * 46}\n```", "1 paragraphs of 46 words"),
        ("```{so-far}\nOne. Two. Three.\n```", "3 sentences; allowed are 2"),
        ("```{by-hand}\nA sum.\n```", "argument"),
        ("{gloss}`nothing`", "term 'nothing' is not in the glossary"),
    ],
)
def test_a_block_that_is_not_one_is_refused_with_a_sentence(build, text, problem):
    assert problem in build(f"# A chapter\n\n{text}\n")[1]


def test_a_term_opens_its_tip_at_its_first_use_in_a_section(page):
    assert page.count('data-term="lead_hospital"') == 2
    assert page.count('data-term="siphon"') == 1
    assert page.count('id="tip-lead_hospital"') == 1
    assert 'popovertarget="note-"' not in page
    assert "虹吸" in page.partition('id="tip-siphon"')[2][:300]


def test_the_menu_lists_labs_behind_the_course_with_their_chapters():
    entry = '<li><a class="reference internal" href="{0}">{1}</a></li>'
    course = entry.format("1.html", "1. Why") + entry.format("#", "2. Pay: who")
    caption = '<p aria-level="2" class="caption">Reference</p>'
    menu = f"<ul>{course}</ul>{caption}<ul>{entry.format('g.html', 'Glossary')}</ul>"
    pages = {"1.html": (20, 0), "#": (25, 1), "g.html": (5, 0)}
    made = with_minutes(menu, pages)
    assert '1. Why<span class="carelab-minutes">20 min</span>' in made
    assert '2. Pay: who<span class="carelab-minutes">25 min, lab</span>' in made
    assert made.index('href="#first-lab">Pay</a>') < made.index("Reference")
    assert "Glossary</a>" in made
