"""What axe-core finds on the pages of the book, in the light and in the dark."""

import pytest

from carelab.base import load_yaml, project_root
from carelab.cli.execution import pages_of_toc

# Pages of every kind; `run.py test --all` visits the rest too.
PAGES = (
    "book/api.html",
    "book/welcome.html",
    "book/glossary.html",
    "book/sources.html",
    "notebooks/02-payment.html",
    "notebooks/05-anhui.html",
    "notebooks/05-anhui-lab.html",
    "notebooks/scenario-database.html",
    "notebooks/data-and-provenance.html",
)


def test_axe_finds_a_field_without_a_name_and_only_where_it_looks(visit, axe):
    page = visit().page
    page.set_content(
        "<html lang=en><title>Fields</title><main><h1>Fields</h1>"
        "<p id=good><label>Year <input></label></p><p id=bad><input></p></main>"
    )
    assert [fault.partition(":")[0] for fault in axe(page)] == ["label"]
    assert axe(page, "#good") == []
    assert axe(page, but=("label",)) == []


REST = [
    f"{page}.html"
    for page in (*pages_of_toc(load_yaml(project_root() / "_toc.yml")), "search", "genindex")
    if f"{page}.html" not in PAGES
]


def _rarely(values):
    return [pytest.param(*each, marks=pytest.mark.slow) for each in values]


EVERY_PAGE = [*PAGES, *_rarely([name] for name in REST)]
# The others are the same rules on the same page again.
LOOKS = [(1280, "light"), (390, "dark"), *_rarely([(1280, "dark"), (390, "light")])]


@pytest.mark.parametrize(("width", "scheme"), LOOKS)
@pytest.mark.parametrize("name", EVERY_PAGE)
def test_axe_finds_nothing_on_a_page(name, width, scheme, address, visit, axe):
    seen = visit(width=width, scheme=scheme)
    seen.page.goto(f"{address}/{name}", wait_until="load")
    # A lab has headings of its own depth, wherever it stands in a chapter.
    lab = seen.page.locator("[data-carelab]").count()
    assert axe(seen.page, but=("heading-order",) if lab else ()) == []


# Formulas aside, whose indices are small by nature.
SMALL = """least => {
  const small = [];
  const words = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (words.nextNode()) {
    const text = words.currentNode;
    const holder = text.parentElement;
    if (!text.data.trim() || !holder.checkVisibility() || holder.closest("math")) continue;
    const matrix = holder.ownerSVGElement && holder.getScreenCTM();
    const scale = matrix ? Math.hypot(matrix.a, matrix.b) : 1;
    const size = parseFloat(getComputedStyle(holder).fontSize) * scale;
    if (size < least) small.push(`${size} px: ${holder.className} ${text.data.trim()}`);
  }
  return [...new Set(small)];
}"""


@pytest.mark.parametrize("width", [1280, 390])
@pytest.mark.parametrize("name", EVERY_PAGE)
def test_no_text_of_a_page_is_smaller_than_twelve_pixels(name, width, address, visit):
    seen = visit(width=width)
    seen.page.goto(f"{address}/{name}", wait_until="load")
    if seen.page.locator("[data-carelab]").count():
        seen.page.locator(".carelab-panel").first.wait_for()
    # The width of a drawing is a fraction of a pixel off.
    assert seen.page.evaluate(SMALL, 11.9) == []
    assert len(seen.page.evaluate(SMALL, 100)) > 5


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [1280, 390])
def test_axe_finds_nothing_on_the_report_of_an_experiment(
    scheme, width, report, visit, axe, tmp_path
):
    seen = visit(scheme=scheme, width=width)
    seen.page.goto(report.as_uri())
    assert axe(seen.page) == []
    assert seen.page.evaluate("document.documentElement.scrollWidth") <= width
    assert seen.foreign("file://") == []


@pytest.fixture(scope="module")
def report(tmp_path_factory, root):
    from carelab.cli.experimenting import run_file

    file = root / "data" / "experiments" / "charge_for_leaving.yml"
    return run_file(str(file), str(tmp_path_factory.mktemp("experiment")))


@pytest.mark.slow
def test_a_second_engine_finds_a_name_given_twice_and_a_pale_link(visit, second_engine):
    page = visit().page
    page.set_content(
        "<html lang=en><title>Two</title><main><h1>Two</h1>"
        "<div role=region aria-label=Levers tabindex=0>One</div>"
        "<div role=region aria-label=Levers tabindex=0>Two</div>"
        "<a href='#x' style='color:#999;background:#fff'>Pale</a></main>"
    )
    found = {fault.partition(":")[0] for fault in second_engine(page)}
    assert {"aria_region_label_unique", "text_contrast_sufficient"} <= found


@pytest.mark.slow
@pytest.mark.parametrize("name", ["lab.html", "predict.html", "two.html"])
def test_a_second_engine_finds_nothing_on_a_page_of_labs(name, new_lab, second_engine):
    lab = new_lab(name)
    assert second_engine(lab.page) == []


@pytest.mark.slow
@pytest.mark.parametrize(("width", "scheme"), [(1280, "light"), (390, "dark")])
@pytest.mark.parametrize("name", [*PAGES, *REST])
def test_a_second_engine_finds_nothing_on_a_page_of_the_book(
    name, width, scheme, address, visit, second_engine
):
    seen = visit(width=width, scheme=scheme)
    seen.page.goto(f"{address}/{name}", wait_until="load")
    if seen.page.locator("[data-carelab]").count():
        seen.page.locator(".carelab-panel").first.wait_for()
    assert second_engine(seen.page) == []
