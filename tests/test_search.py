"""The search of the book: every word of text, in any script, and nothing hidden."""

import json
import subprocess

import pytest

from carelab.evidence import load_glossary
from carelab.sphinx_ext.search import page_text, search_data

ASK = """
import { createRequire } from "node:module";
import { readFileSync } from "node:fs";
const require = createRequire(import.meta.url);
const { excerpt, prepare, search, wordsOf } = require(process.argv[1]);
const { data, queries } = JSON.parse(readFileSync(0, "utf8"));
(0, eval)(data);
const prepared = prepare(globalThis.carelabSearch.pages);
const answer = (query) => search(prepared, query).map(({ address, title, kind, sections }) => ({
  address, title, kind,
  excerpts: sections.map((each) => excerpt(each, wordsOf(query)).map(([text]) => text).join("")),
}));
process.stdout.write(JSON.stringify(queries.map(answer)));
"""


@pytest.fixture(scope="session")
def text_of_book(built_book):
    paths = sorted(built_book.glob("[bn]*/*.html"))
    names = [path.relative_to(built_book).as_posix() for path in paths]
    pages = zip(names, [path.read_text("utf-8") for path in paths], strict=True)
    return search_data(pages)


@pytest.fixture(scope="session")
def ask(node, root):
    """Ask the ranking of the page, in node, many queries at once."""

    def answers(data: str, *queries: str) -> list[list[dict]]:
        script = root / "src" / "carelab" / "sphinx_ext" / "static" / "search.js"
        done = subprocess.run(
            [node, "--input-type=module", "-e", ASK, str(script)],
            input=json.dumps({"data": data, "queries": queries}),
            capture_output=True,
            text=True,
            encoding="utf-8",
            check=False,
        )
        assert done.returncode == 0, done.stderr
        return json.loads(done.stdout)

    return answers


def page(title: str, body: str) -> str:
    return (
        f'<nav>Menu</nav><article class="bd-article"><section id="top"><h1>{title}</h1>{body}'
        "</section></article><footer>Footer</footer>"
    )


def test_every_term_of_the_glossary_is_found_first_in_either_language(text_of_book, ask):
    terms = load_glossary()
    for column in ("term_en", "term_zh"):
        missed = []
        queries = list(terms[column])
        found = ask(text_of_book, *queries)
        for name, query, results in zip(terms["id"], queries, found, strict=True):
            # Terms of one name, and a page that bears the name, may stand beside it.
            best = [each["address"] for each in results[:3]]
            if f"book/glossary.html#term-{name}" not in best:
                missed.append((query, best))
        assert missed == []


def test_the_chapter_on_anhui_is_first_for_anhui(text_of_book, ask):
    for results in ask(text_of_book, "Anhui", "anhui", "\uff21\uff4e\uff48\uff55\uff49"):
        assert results[0]["address"] == "notebooks/05-anhui.html"


@pytest.mark.parametrize("word", ["医保", "基金", "付费", "结余", "试点"])
def test_a_chinese_word_of_two_signs_is_found_on_every_page_that_holds_it(word, text_of_book, ask):
    pages = json.loads(text_of_book.removeprefix("globalThis.carelabSearch = ").rstrip(";\n"))
    holding = {
        each["address"]
        for each in pages["pages"]
        if any(word in f"{title} {text}" for _, title, text, _ in each["sections"])
    }
    (results,) = ask(text_of_book, word)
    assert {each["address"].partition("#")[0] for each in results} == holding
    assert len(holding) >= 2
    for each in results:
        assert word in each["title"] or any(word in text for text in each["excerpts"])


def test_no_code_and_no_hidden_note_is_text(text_of_book):
    for hidden in (
        "Asserted by a source without measurement",
        "Show code cell source",
        "from carelab.engine import",
        "This page is shown without JavaScript",
        "vnd.carelab",
        "Link to this heading",
    ):
        assert hidden not in text_of_book


def test_what_a_reader_sees_is_text_and_nothing_else():
    found = page_text(
        page(
            '<span class="section-number">5. </span>Pay<a class="headerlink" href="#top">#</a>',
            "<p>Paid by <em>case</em>s <button>stated</button><span popover>Note</span>, or\n"
            "按病种<b>付</b>\n费.</p><p>Next<br>line</p><pre>code()</pre><math>x</math>"
            "<details><summary>Solution</summary><p>Half.</p></details><p hidden>Gone</p>"
            '<div class="carelab-fallback"><p>Static</p><p class="carelab-question">Who gains?</p>'
            '</div><section id="deep"><h2>Deeper</h2><p>So&shy;lid.</p></section>',
        )
    )
    assert found == {
        "title": "Pay",
        "sections": [
            ["top", "Pay", "Paid by cases, or 按病种付费. Next line Solution Half. Who gains?", ""],
            ["deep", "Deeper", "Solid.", ""],
        ],
    }
    assert page_text("<main>No article</main>") is None


def test_titles_stand_before_headings_and_headings_before_text(ask):
    pages = [
        ("text.html", page("One", "<p>" + "levers " * 30 + "</p>")),
        ("heading.html", page("Two", '<section id="a"><h2>Moving levers</h2></section>')),
        ("title.html", page("Pull the levers", "<p>Nothing.</p>")),
        ("other.html", page("Four", "<p>Lever arms.</p>")),
    ]
    data = search_data(pages)
    levers, lever, both, none, empty = ask(
        data, "levers", "LEVER", "arms lever", "\u201cwheels\u201d?", " .?"
    )
    order = ["title.html", "heading.html", "text.html", "other.html"]
    assert [each["address"] for each in levers] == order
    assert {each["address"] for each in lever} == set(order)
    assert [each["address"] for each in both] == ["other.html"]
    assert none == empty == []


def test_an_excerpt_shows_the_word_and_is_cut_between_words(ask):
    text = "word " * 100 + "a needle here " + "word " * 100
    ((found,),) = ask(search_data([("a.html", page("A", f"<p>{text}</p>"))]), "needle")
    (excerpt,) = found["excerpts"]
    assert excerpt.startswith("… word ")
    assert "a needle here" in excerpt
    assert len(excerpt) < 250
