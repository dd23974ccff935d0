"""Facts about figures and tables."""

import logging
import re
import subprocess
import sys
import warnings
from dataclasses import replace
from html.parser import HTMLParser

import pandas as pd
import pytest
from matplotlib.text import Text

from carelab.base import CarelabError, word
from carelab.evidence import load_cases, load_indicators, load_timeline
from carelab.lab import styles
from carelab.plots import (
    Picture,
    new_figure,
    plot_events,
    plot_gains,
    plot_governance,
    plot_indicators,
    plot_mechanisms,
    plot_money_flow,
    plot_shares,
    show_table,
)
from carelab.plots.style import INK, MUTED
from carelab.plots.wrapping import text_width, wrap_text
from carelab.study import mechanism_matrix
from carelab.theory import MODELS

CASES = load_cases()
RATES = ["CN191", "CN192", "CN193"]
EVENTS = [load_timeline("uk_three_levels").head(20), load_timeline().tail(20)]


def _drawings(picture):
    return [picture.figure, picture.narrow]


@pytest.fixture(autouse=True)
def _no_warning_from_matplotlib(caplog):
    with warnings.catch_warnings():
        warnings.simplefilter("error", UserWarning)
        yield
    noise = [each.message for each in caplog.records if each.name.startswith("matplotlib")]
    assert not [text for text in noise if "font" in text.lower() or "glyph" in text.lower()]


@pytest.fixture
def _chinese(monkeypatch):
    monkeypatch.setenv("BOOK_LANG", "zh")


class _Page(HTMLParser):
    """Collect what a page consists of."""

    def __init__(self, text):
        super().__init__()
        self.tags, self.ids, self.data = [], [], []
        self.feed(text)

    def handle_starttag(self, tag, attrs):
        self.tags.append((tag, dict(attrs)))
        self.ids += [value for name, value in attrs if name == "id"]

    def handle_data(self, data):
        self.data.append(data)

    def of(self, tag):
        return [attributes for name, attributes in self.tags if name == tag]


def _html(shown):
    return shown._repr_html_()


def test_a_page_with_the_same_and_other_pictures_has_no_id_twice():
    one = plot_gains()
    parts = [_html(one), _html(one), _html(plot_gains()), _html(plot_mechanisms())]
    ids = _Page("".join(parts)).ids
    assert len(ids) > 50
    assert len(ids) == len(set(ids))


def test_every_reference_inside_a_picture_finds_its_target():
    text = _html(plot_mechanisms()) + _html(plot_gains())
    named = set(re.findall(r'href="#([^"]+)"|url\(#([^)]+)\)', text))
    targets = {first or second for first, second in named}
    assert targets
    assert targets <= set(_Page(text).ids)


def test_a_new_kernel_draws_the_same_bytes():
    code = "from carelab.plots import plot_gains; print(hash_of(plot_gains()._repr_html_()))"
    code = f"import hashlib\nhash_of = lambda t: hashlib.sha256(t.encode()).hexdigest()\n{code}"
    runs = [subprocess.run([sys.executable, "-c", code], capture_output=True) for _ in range(2)]
    assert runs[0].stdout == runs[1].stdout != b""


def test_a_picture_is_an_image_with_words_that_scales_and_follows_dark_mode():
    text = _html(plot_gains())
    svg = _Page(text).of("svg")[0]
    assert svg["role"] == "img"
    assert svg["aria-label"] == plot_gains().alt
    assert svg["width"] == "100%"
    assert "viewbox" in svg
    assert "max-width:" in svg["style"]
    assert "<?xml" not in text
    assert "<!DOCTYPE" not in text
    assert f"var(--carelab-ink, {INK})" in text
    assert f"var(--carelab-muted, {MUTED})" in text
    colours = set(re.findall(r"(?:fill|stroke): ?(#[0-9a-f]{6})", text))
    assert colours == set()


def test_words_in_a_picture_are_paths_not_fonts():
    text = _html(plot_governance("anhui"))
    svg = text[text.index("<svg") : text.index("</svg>")]
    assert "<text" not in svg
    assert "font-family" not in svg


@pytest.mark.usefixtures("_chinese")
@pytest.mark.parametrize("name", CASES)
def test_chinese_characters_are_drawn_without_a_chinese_font_on_the_machine(name, caplog):
    caplog.set_level(logging.WARNING)
    for plot in (plot_money_flow, plot_governance):
        picture = plot(name)
        case = CASES[name]
        assert case.short_zh in picture.caption
        assert "NotoSansSC" in _html(picture)
        assert "DejaVu" not in _html(picture)


@pytest.mark.usefixtures("_chinese")
def test_the_other_pictures_speak_chinese_too():
    assert "域外就医扣减" in plot_gains(over="leakage_charged_share").caption
    assert "安徽" in plot_mechanisms(["anhui"]).alt
    assert "来源未述" in _html(plot_mechanisms(["nanning"]))


@pytest.mark.parametrize("name", CASES)
def test_the_key_of_a_diagram_lists_exactly_the_links_of_the_case(name):
    case = CASES[name]
    for plot, links in ((plot_money_flow, case.money), (plot_governance, case.governance)):
        picture = plot(name)
        if not links:
            assert picture.table is None
            continue
        assert picture.table["number"].tolist() == list(range(1, len(links) + 1))
        assert picture.table["what"].tolist() == [link.what_en for link in links]
        assert picture.table["claims"].tolist() == ["; ".join(link.claims) for link in links]
        assert (picture.table["class"] != "").all()
        assert all(f"{number}: " in picture.alt for number in picture.table["number"])


def test_a_source_that_is_silent_about_money_is_drawn_as_silent():
    silent = [case for case in CASES.values() if not case.money]
    assert silent
    for case in silent:
        picture = plot_money_flow(case)
        drawn = [text.get_text().replace("\n", " ") for text in picture.figure.axes[0].texts]
        assert word("plot.money.silent") in drawn
        assert word("plot.money.silent") in picture.alt
        assert len(drawn) == len(case.actors) + 1


def test_a_payment_is_solid_and_as_wide_as_its_amount_where_one_is_stated():
    from carelab.plots.diagrams import flows

    case = load_cases()["better_care_fund"]
    first, second, open_one = case.money
    stated = replace(first, amount="UK055"), replace(second, amount="UK057"), open_one
    at = flows._Columns(5.8, beside=True)
    high, less, _ = flows._heights(stated, at)
    assert high / less == pytest.approx(3.8 / 3.9)
    assert [flows._kind(link, "money") for link in stated] == ["amount", "amount", "money"]
    table = plot_money_flow("vanguards").table
    assert table["value"].tolist() == ["329\u00a0GBP\u00a0m"]
    assert "value" not in plot_money_flow(case).table


@pytest.mark.parametrize("name", CASES)
@pytest.mark.parametrize("plot", [plot_money_flow, plot_governance])
def test_each_link_carries_its_label_and_no_label_covers_another(name, plot):
    picture = plot(name)
    for figure in _drawings(picture):
        figure.canvas.draw()
        texts = figure.axes[0].texts
        drawn = [text.get_text().replace("\n", " ") for text in texts]
        # An amount, where one is stated, stands behind what is paid.
        said = [text.partition(": ")[0] for text in drawn]
        for what in [] if picture.table is None else picture.table["what"]:
            assert what in [text.replace("- ", "-") for text in said] or what in said
        boxes = [text.get_window_extent() for text in texts]
        for index, one in enumerate(boxes):
            assert one.x0 >= -1, drawn[index]
            assert one.x1 <= figure.bbox.x1 + 1, drawn[index]
            for number, other in enumerate(boxes[:index]):
                assert not one.overlaps(other), (drawn[index], drawn[number])


def test_the_alt_text_of_a_chart_says_its_numbers():
    alt = plot_indicators(RATES).alt
    rows = load_indicators().set_index("id").loc[RATES]
    for row in rows.itertuples():
        assert f"{row.value:g} ({row.low:g} to {row.high:g})" in alt


def test_the_table_of_a_chart_has_the_source_of_every_figure():
    table = plot_indicators(RATES).table
    assert table["id"].tolist() == RATES
    assert {"name", "place", "year", "value", "unit", "grade", "class", "source"} <= set(table)


def test_lines_join_the_figures_that_share_a_label_in_the_order_of_years():
    ids = ["CN042", "CN040", "CN041"]
    picture = plot_indicators(ids, dict.fromkeys(ids, "Public health"), kind="lines")
    (line,) = picture.figure.axes[0].lines
    assert list(line.get_xdata()) == [2018, 2019, 2020]
    assert list(line.get_ydata()) == [55, 69, 74]


def test_own_values_keep_their_labels_and_text_is_escaped():
    frame = pd.DataFrame({"who": ["<b>A & B</b>", "C $x$"], "part": [-5.0, 60.0]})
    picture = plot_shares(frame, "who", "part", unit="%", kind="dots")
    text = _html(picture)
    assert "<b>" not in text
    assert "&lt;b&gt;A &amp; B&lt;/b&gt;" in text
    assert "C $x$: 60." in picture.alt


@pytest.mark.parametrize("events", EVENTS, ids=["one place", "many places"])
def test_a_timeline_draws_every_event_once_and_says_it(events):
    picture = plot_events(events)
    assert len(picture.table) == 20
    for figure in _drawings(picture):
        drawn = " ".join(text.get_text().replace("\n", " ") for text in figure.axes[0].texts)
        for event in events["event"]:
            assert event.rstrip(".") in picture.alt
            assert event.replace("- ", "-") in drawn.replace("- ", "-")


@pytest.mark.parametrize("events", EVENTS, ids=["one place", "many places"])
def test_the_events_of_a_timeline_do_not_cover_each_other(events):
    for figure in _drawings(plot_events(events)):
        figure.canvas.draw()
        boxes = [text.get_window_extent() for text in figure.axes[0].texts]
        for index, one in enumerate(boxes):
            assert not any(one.overlaps(other) for other in boxes[:index])
            assert one.x0 >= 0
            assert one.x1 <= figure.bbox.x1 + 1


def test_a_year_is_as_long_as_every_other():
    figure = plot_events(EVENTS[0]).figure
    years = {int(each.get_text()): each.get_position()[1] for each in figure.axes[0].texts
             if re.fullmatch(r"\d{4}", each.get_text())}  # fmt: skip
    steps = {round((years[year] - at), 6) for year, at in ((y + 1, years[y]) for y in years)
             if year in years}  # fmt: skip
    assert len(steps) == 1


def test_a_label_never_lies_on_the_line_of_no_difference():
    picture = plot_indicators(["UK081", "UK082", "UK083", "UK084"], kind="dots")
    for figure in _drawings(picture):
        figure.canvas.draw()
        page, axes = figure.axes
        zeros = [line.get_window_extent() for line in axes.lines if set(line.get_xdata()) == {0}]
        assert len(zeros) == 4
        for text in page.texts:
            assert not any(text.get_window_extent().overlaps(zero) for zero in zeros)


def test_no_text_of_a_drawing_is_smaller_than_twelve_pixels():
    pictures = [
        plot_gains(),
        plot_events(EVENTS[0]),
        plot_governance("anhui"),
        plot_indicators(RATES),
    ]
    for picture in pictures:
        for figure, px in ((picture.figure, 592), (picture.narrow, 346)):
            scale = px / (figure.get_figwidth() * 72)
            texts = [each for each in figure.findobj(Text) if each.get_text()]
            assert min(each.get_fontsize() * scale for each in texts) >= 12


def test_a_frame_has_a_menu_of_table_source_and_code():
    page = _Page(_html(plot_indicators(RATES)))
    names = [each["aria-label"].split(":")[0] for each in page.of("summary")]
    assert names == ["Table", "Source"]
    assert {"CN191", "CN192", "CN193"} <= set(", ".join(page.data).replace(" ", "").split(","))
    drawings = [each["class"] for each in page.of("div") if each.get("class")]
    assert {"carelab-broad", "carelab-narrow"} <= set(drawings)


def test_the_grid_has_one_cell_that_speaks_per_case_and_mechanism():
    picture = plot_mechanisms(["hangzhou", "anhui"])
    counts = mechanism_matrix(["anhui", "hangzhou"])["anhui"].value_counts()
    assert f"Anhui: {counts['present']} present" in picture.alt
    cells = [each for each in _Page(_html(picture)).of("td") if each.get("role") == "gridcell"]
    assert len(cells) == 2 * 14
    assert [each["tabindex"] for each in cells] == ["0"] + 27 * ["-1"]
    assert all(re.match(r"(Anhui|Hangzhou), .+: .+", each["aria-label"]) for each in cells)
    # The better known case stands first, and its cells name what they rest on.
    assert cells[0]["aria-label"].startswith("Anhui")
    assert sum("(S004-" in each["aria-label"] for each in cells) == 14 - counts["silent"]


def test_the_static_twin_shows_what_the_model_computes():
    picture = plot_gains()
    table = picture.table
    assert len(table) == 11
    assert f"{table.iloc[0, 1]:,.0f}".replace("-", "−") in picture.alt
    assert "66\u202f%" in picture.alt
    assert len(MODELS["retention"].levers) == 4
    for over in MODELS["retention"].levers:
        assert len(plot_gains(over=over).table) == 11


def test_each_gain_has_a_panel_that_says_its_ends_and_its_threshold():
    picture = plot_gains()
    for figure in _drawings(picture):
        titles = [axes.get_title(loc="left") for axes in figure.axes]
        assert len(titles) == len(picture.table.columns) - 1 == 3
        for title, column in zip(titles, picture.table.columns[1:], strict=True):
            ends = [f"{picture.table[column].iloc[at]:,.0f}".replace("-", "−") for at in (0, -1)]
            assert " → ".join(ends) in title
        assert ["66\u202f%" in title for title in titles] == [True, False, False]
        # The others stand behind the line of a panel, with zero and the present setting.
        assert [len(axes.lines) for axes in figure.axes] == [6, 5, 5]


def test_a_straight_line_of_a_panel_is_written_by_its_ends():
    lines = re.findall(r'<path d="(M [^"]*)" clip-path', _html(plot_gains()))
    assert len(lines) > 9
    assert max(line.count("L") for line in lines) <= 3


def test_moving_a_lever_moves_the_lines():
    free = plot_gains({"leakage_charged_share": 0.0}).table
    assert (free.iloc[1:, 2] < plot_gains().table.iloc[1:, 2]).all()


def test_a_table_can_be_heard():
    frame = pd.DataFrame({"id": ["x"], "class": ["stated; observed"], "value": [-1234.5]})
    page = _Page(_html(show_table(frame, "Cap <1>")))
    assert page.of("div")[0] == {
        "class": "carelab-scroll",
        "role": "region",
        "aria-label": "Cap <1>",
        "tabindex": "0",
    }
    assert [each.get("scope") for each in page.of("th")] == ["col", "col", "col", "row"]
    assert [each["class"] for each in page.of("span")] == [
        "carelab-badge carelab-stated",
        "carelab-badge carelab-observed",
    ]
    assert page.of("td")[1] == {"class": "carelab-number"}
    assert "−1,234.5" in page.data


def test_a_number_with_fewer_decimals_leaves_their_room():
    frame = pd.DataFrame({"name": ["a", "b", "c"], "size": [1.25, 3.5, 7.0], "mixed": [1, "x", 2]})
    cells = _Page(_html(show_table(frame, "Sizes"))).of("td")
    assert [each.get("style", "")[-3:] for each in cells[::2]] == ["", "t:1", "2.5"]
    assert all(each == {} for each in cells[1::2])


def test_quiet_ink_follows_the_dark():
    # Every colour that a figure names as a variable has a value for dark pages.
    sheet = styles()
    light, dark = sheet.split('html[data-theme="dark"]', 1)
    for name in set(
        re.findall(r"var\((--carelab-[a-z0-9]+),", _html(plot_events(load_timeline().head(9))))
    ):
        assert f"{name}:" in light
        assert f"{name}:" in dark


def test_no_heading_of_any_table_is_empty():
    frames = [plot_gains().table, plot_governance("anhui").table, mechanism_matrix()]
    for frame in [*frames, pd.DataFrame({"": ["a"], 3: [1]})]:
        text = _html(show_table(frame, "Table"))
        assert not re.search(r"<th[^>]*>\s*</th>", text)


def test_a_year_kept_as_text_gets_no_thousands_mark():
    text = _html(plot_indicators(RATES))
    assert "2,019" not in text
    assert ">2019<" in text


def test_chinese_wraps_between_characters_and_no_line_starts_with_a_comma():
    text = "城乡居民基本医保基金，按人头总额预付，结余留用。"
    for width in range(3, 16):
        lines = wrap_text(text, width)
        assert all(text_width(line) <= width for line in lines)
        assert not any(line.startswith(("，", "。")) for line in lines)
        assert "".join(lines) == text


def test_drawing_leaves_the_settings_of_matplotlib_alone():
    import matplotlib as mpl

    before = dict(mpl.rcParams)
    _html(plot_gains())
    assert dict(mpl.rcParams) == before


def test_importing_the_plots_does_not_load_matplotlib():
    code = "import sys, carelab.plots; sys.exit('matplotlib' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code]).returncode == 0


@pytest.mark.parametrize(
    ("call", "named"),
    [
        (lambda: plot_money_flow("atlantis"), "atlantis"),
        (lambda: plot_mechanisms(["atlantis"]), "atlantis"),
        (lambda: plot_mechanisms(["anhui", "anhui"]), "only once"),
        (lambda: plot_indicators(["CN999"]), "CN999"),
        (lambda: plot_indicators([]), "at least one"),
        (lambda: plot_indicators(["CN046", "CN191"]), "different units"),
        (lambda: plot_indicators(["CN046"], kind="pie"), "pie"),
        (lambda: plot_gains({"tax": 1}), "tax"),
        (lambda: plot_gains({"contract_share": 1.4}), "1.4"),
        (lambda: plot_gains(over="tax"), "tax"),
        (lambda: plot_gains(context="atlantis"), "atlantis"),
        (lambda: plot_events(load_timeline()), "filter it"),
        (lambda: plot_events(load_timeline().head(0)), "0 events"),
        (lambda: show_table(pd.DataFrame({"a": [1]}), "T", ["b"]), "'b'"),
        (lambda: show_table(pd.DataFrame({"a": [1]}), " "), "caption"),
        (lambda: plot_shares(pd.DataFrame({"a": ["x"]}), "a", "b"), "'b'"),
        (lambda: plot_shares(pd.DataFrame({"a": ["x"], "b": [None]}), "a", "b"), "'b'"),
        (lambda: Picture(new_figure(), "", "caption"), "alt"),
    ],
)
def test_a_wrong_input_is_told_in_one_sentence(call, named):
    with pytest.raises(CarelabError) as error:
        call()
    assert named in str(error.value)
    assert "\n" not in str(error.value)
