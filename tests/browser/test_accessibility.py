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


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize(
    "name", [*PAGES, *(pytest.param(name, marks=pytest.mark.slow) for name in REST)]
)
def test_axe_finds_nothing_on_a_page(name, scheme, address, visit, axe):
    seen = visit(scheme=scheme)
    seen.page.goto(f"{address}/{name}", wait_until="load")
    # A lab has headings of its own depth, wherever it stands in a chapter.
    lab = seen.page.locator("[data-carelab]").count()
    assert axe(seen.page, but=("heading-order",) if lab else ()) == []


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
@pytest.mark.parametrize("name", PAGES)
def test_a_second_engine_finds_nothing_on_a_page_of_the_book(name, address, visit, second_engine):
    seen = visit()
    seen.page.goto(f"{address}/{name}", wait_until="load")
    if seen.page.locator("[data-carelab]").count():
        seen.page.locator(".carelab-panel").first.wait_for()
    assert second_engine(seen.page) == []
