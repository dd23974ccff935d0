"""The house rules: tree, layers, names, limits; documents that stay true."""

import ast
import importlib
import itertools
import re
import subprocess
import tomllib
from pathlib import Path

import pytest

from carelab.base import CarelabError, load_manifest, load_words, load_yaml, stale_results
from carelab.base.manifests import CLASSES
from carelab.base.palette import ACTORS, LINES, SHADES, colour, paint
from carelab.base.words import read_words
from carelab.evidence import load_glossary
from carelab.evidence.cases.files import load_cases

ROOT = Path(__file__).resolve().parents[1]
PACKAGE = ROOT / "src" / "carelab"
MODULES = sorted(PACKAGE.rglob("*.py"))
CHAPTERS = sorted((ROOT / "notebooks").glob("*.md"))
PROSE = [*sorted((ROOT / "book").glob("*.md")), *CHAPTERS]
CELL = re.compile(r"^```\{code-cell\}[^\n]*\n(.*?)^```\s*$", re.DOTALL | re.MULTILINE)


def tracked() -> list[str]:
    done = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard", "-z"],
        cwd=ROOT,
        capture_output=True,
        text=True,
    )
    if done.returncode:
        pytest.skip("not a git checkout: the list of tracked files is unknown")
    return [name for name in done.stdout.split("\0") if name and (ROOT / name).is_file()]


def fenced(heading: str) -> list[str]:
    text = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")
    section = text.split(f"## {heading}\n", 1)[1]
    return section.split("```text\n", 1)[1].split("```", 1)[0].splitlines()


def listed_paths() -> list[str]:
    return [path for line in fenced("The tree") for path in re.split(r"\s{2,}", line)[0].split()]


def cells(chapter: Path) -> list[str]:
    return CELL.findall(chapter.read_text(encoding="utf-8"))


def code_lines(cell: str) -> list[str]:
    return [line for line in cell.splitlines() if line.strip() and not line.startswith(":")]


def test_every_place_of_the_tree_exists():
    assert [path for path in listed_paths() if not (ROOT / path).exists()] == []


def test_every_file_lies_at_a_place_of_the_tree():
    places = listed_paths()
    files = {place for place in places if not place.endswith("/")}
    folders = tuple(place for place in places if place.endswith("/"))
    stray = [name for name in tracked() if name not in files and not name.startswith(folders)]
    assert stray == [], f"{stray[0]} is at no place that CONTRIBUTING.md lists"


def test_the_layers_in_contributing_are_the_contract():
    contract = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    layers = contract["tool"]["importlinter"]["contracts"][0]
    assert fenced("The layers") == layers["layers"]
    assert layers["exhaustive"] is True


def test_an_upward_import_makes_the_check_fail(tmp_path):
    import shutil
    import sys

    copy = tmp_path / "src" / "carelab"
    shutil.copytree(PACKAGE, copy, ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copy(ROOT / "pyproject.toml", tmp_path)
    module = copy / "base" / "paths.py"
    module.write_text(
        module.read_text(encoding="utf-8") + "\nfrom carelab.plots import show_table\n",
        encoding="utf-8",
    )
    command = "import sys; sys.path.insert(0, 'src'); from importlinter.cli import lint_imports"
    done = subprocess.run(
        [sys.executable, "-c", f"{command}; sys.exit(lint_imports(no_cache=True))"],
        cwd=tmp_path,
        capture_output=True,
        text=True,
    )
    assert done.returncode != 0
    assert "carelab.base is not allowed to import carelab.plots" in done.stdout


@pytest.mark.parametrize("path", MODULES, ids=lambda path: path.relative_to(PACKAGE).as_posix())
def test_a_module_says_what_it_is(path):
    text = path.read_text(encoding="utf-8")
    assert ast.get_docstring(ast.parse(text))


@pytest.mark.parametrize(
    "name",
    [
        *("base", "tracing", "theory", "evidence", "evidence.cases", "study", "study.compare"),
        *("study.compare.qca", "study.explain", "study.many", "study.trust", "plots"),
        *("plots.diagrams", "lab"),
    ],
)
def test_a_package_names_what_it_offers(name):
    package = importlib.import_module(f"carelab.{name}")
    assert sorted(package.__all__) == package.__all__
    assert all(hasattr(package, each) for each in package.__all__)
    modules = {path.stem for path in (PACKAGE / name.replace(".", "/")).glob("[a-z]*.py")}
    missing = [module for module in modules if f"``{module}``" not in package.__doc__]
    assert missing == []


def test_nothing_heavy_is_imported_before_it_is_needed():
    import sys

    code = (
        "import sys, carelab, carelab.evidence, carelab.theory, carelab.plots; print(*sys.modules)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert {"matplotlib", "pandera", "pandas"} & set(done.stdout.split()) == set()


@pytest.mark.parametrize("chapter", CHAPTERS, ids=lambda path: path.stem)
def test_chapters_keep_their_limits(chapter):
    lines = [code_lines(cell) for cell in cells(chapter)]
    assert max(map(len, lines)) <= 15
    assert sum(map(len, lines)) <= 100
    code = "\n".join("\n".join(each) for each in lines)
    assert not re.search(r"^\s*(def|class)\s", code, re.MULTILINE)
    assert not re.search(r"pip install|https?://|\bopen\(|/home/|\.\./|Path\(", code)


def test_chapters_store_no_output():
    assert not list((ROOT / "notebooks").glob("*.ipynb"))


def test_every_picture_of_a_page_has_words():
    pages = [*ROOT.glob("*.md"), *(path for name in ("book", "notebooks", "instructor")
                                   for path in (ROOT / name).rglob("*.md"))]  # fmt: skip
    for page in pages:
        text = page.read_text(encoding="utf-8")
        name = page.relative_to(ROOT).as_posix()
        assert not re.search(r"!\[\s*\]\(", text), name
        for block in re.findall(r"(?ms)^[`:]{3,}\{(?:figure|image)\}.*?^[`:]{3,}", text):
            assert re.search(r"(?m)^:alt: \S", block), name


def test_every_page_of_the_reading_order_exists_and_every_page_is_in_it():
    toc = (ROOT / "_toc.yml").read_text(encoding="utf-8")
    named = set(re.findall(r"(?:file|root): (\S+)", toc))
    pages = {path.relative_to(ROOT).with_suffix("").as_posix() for path in PROSE}
    assert named == pages


@pytest.mark.parametrize("page", PROSE, ids=lambda path: path.stem)
def test_every_chinese_term_is_in_the_registry(page):
    text = page.read_text(encoding="utf-8")
    known = "".join(load_glossary()["term_zh"]) + "".join(
        f"{case.name_zh}{case.short_zh}" for case in load_cases().values()
    )
    known += (ROOT / "data" / "claims.csv").read_text(encoding="utf-8")
    known += (ROOT / "data" / "sources.csv").read_text(encoding="utf-8")
    terms = set(re.findall(r"[\u4e00-\u9fff]+", text))
    assert sorted(term for term in terms if term not in known) == []


def test_a_lab_has_a_static_figure():
    for chapter in CHAPTERS:
        for cell in cells(chapter):
            shown = cell.rstrip().splitlines()[-1].startswith("CareLab(") or cell.rstrip().endswith(
                "\nlab"
            )
            if "CareLab(" in cell and shown:
                assert "figure=" in cell, chapter.name


def test_every_command_of_the_readme_is_a_task_with_the_options_that_it_names(capsys):
    from carelab.cli.main import _parser

    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    written = re.findall(r"python3 run\.py ([a-z][^`#\n]*)", readme)
    assert {"book", "test"} <= {each.split()[0] for each in written}
    assert len(written) >= 13
    for command in written:
        options = vars(_parser().parse_args(command.split()))
        assert options["task"] == command.split()[0]
    # What the table says in words of an option.
    for task, option in re.findall(r"run\.py (\w+)[^|]*\|[^|]*`(--\w+)`", readme):
        assert vars(_parser().parse_args([task, option]))[option.strip("-")] is True


def results_of_the_readme() -> dict[str, object]:
    """What each line of code in the README gives, by the line without its remark."""
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    (block,) = re.findall(r"```python\n(.*?)```", readme, re.DOTALL)
    seen: dict[str, object] = {}
    found = {}
    for line in filter(None, (each.partition("  # ")[0] for each in block.splitlines())):
        if line.startswith(("import", "from")):
            exec(line, seen)
        else:
            found[line] = eval(line, seen)
    return found


def test_the_code_of_the_readme_gives_what_its_remarks_promise():
    compared, heat, claims, money, inputs, run = results_of_the_readme().values()
    # "cases on a published frame, with evidence"
    assert set(compared["case"]) == {"anhui", "luohu"}
    assert compared["dimension"].nunique() >= 6
    spoken = compared[compared["status"] != "silent"]
    assert len(spoken) > 0
    assert spoken["claims"].str.match(r"(S\d{3}-\d+|(CN|UK)\d+)").all()
    # "what was found where, every case"
    from carelab.evidence import load_cases

    names = [each.short_en for each in load_cases().values() if each.is_system]
    assert [name for name in names if name not in heat.alt] == []
    # "who says what of Anhui by name, with section, kind and class"
    assert set(claims["case"]) == {"anhui"}
    assert (claims[["speaker", "section", "kind", "class", "text"]] != "").all().all()
    # "who pays whom, drawn from the coded case"
    case = load_cases()["anhui"]
    assert len(money.table) == len(case.money) > 0
    # "levers and parameters of the chapter-2 lab"
    assert inputs[:2] == ("contract_share", "surplus_kept_share")
    assert "case_price" in inputs
    # "month, outcome, value, unit"
    assert run.columns.tolist() == ["month", "outcome", "value", "unit"]
    assert run["month"].nunique() == 60


def test_continuous_integration_calls_the_readmes_test_command():
    assert "python3 run.py test" in (ROOT / ".ci" / "run").read_text(encoding="utf-8")
    workflow = load_yaml_text(ROOT / ".github" / "workflows")
    assert "- run: .ci/run" in workflow
    for name in ("ubuntu", "macos", "windows", "3.11", "3.12", "3.13"):
        assert name in workflow


def load_yaml_text(folder: Path) -> str:
    return "\n".join(path.read_text(encoding="utf-8") for path in folder.glob("*.yml"))


def test_links_of_the_documents_lead_somewhere():
    for name in ("README.md", "CONTRIBUTING.md", "CHANGELOG.md"):
        text = (ROOT / name).read_text(encoding="utf-8")
        for target in re.findall(r"\]\(([^)#]+)\)", text):
            assert (ROOT / target).exists(), (name, target)


def test_no_file_holds_a_path_of_a_machine_or_a_host_of_a_registry():
    forbidden = re.compile(
        r"(?:^|[^A-Za-z0-9_.])/(?:" + "work|farm" + r")/|pythonhosted|pypi\.org|npmjs\.org"
        r"|/root/\.|/Users/"
    )
    for name in tracked():
        path = ROOT / name
        if name.startswith("tests/test_") or path.suffix == ".png":
            continue
        text = path.read_text(encoding="utf-8")
        if name == "run.py":
            # It asks the public index when the user has set none; the lock names none.
            text = text.replace("https://pypi.org/simple", "")
        found = forbidden.search(text)
        assert found is None, f"{name}: {found.group() if found else ''}"


def test_only_our_own_text_is_kept():
    for name in tracked():
        size = (ROOT / name).stat().st_size
        assert size < 700_000, name
        assert Path(name).suffix not in (".ttf", ".otf", ".woff2", ".ipynb", ".whl", ".min.js")


def test_every_data_file_has_a_short_manifest():
    for path in sorted((ROOT / "data").glob("*.csv")):
        manifest = load_manifest(path.name)
        lines = path.with_name(f"{path.name}.yml").read_text(encoding="utf-8").splitlines()
        assert len(lines) <= 40
        assert all(set(column) >= {"name", "dtype", "description"} for column in manifest.columns)
        assert all(column["dtype"] in ("text", "number") for column in manifest.columns)


def test_the_version_stands_in_one_place():
    import carelab

    citation = load_yaml(ROOT / "CITATION.cff")
    assert str(citation["version"]) == carelab.__version__
    assert "dynamic" in (ROOT / "pyproject.toml").read_text(encoding="utf-8")


WORDS = [
    ("lab.reset,Reset,\n", "row 2, key 'lab.reset': zh is empty"),
    ("lab.reset,Reset\n", "row 2, key 'lab.reset': allowed are three cells"),
    ("lab.a,One {n},{n}个\nlab.a,Two,二\n", "row 3, key 'lab.a': the key stands twice"),
    ("lab.a,One {n},一\n", "placeholders differ between languages: {n} and none"),
]


@pytest.mark.parametrize(("rows", "told"), WORDS)
def test_a_word_that_lacks_a_language_or_a_placeholder_is_refused(tmp_path, rows, told):
    (tmp_path / "words.csv").write_text(f"key,en,zh\n{rows}", encoding="utf-8")
    with pytest.raises(CarelabError, match=re.escape(told)):
        read_words(tmp_path)


def test_a_table_of_words_with_another_column_is_refused(tmp_path):
    (tmp_path / "words.csv").write_text("key,en\nlab.reset,Reset\n", encoding="utf-8")
    with pytest.raises(CarelabError, match=r"has columns key, en; allowed are key, en, zh"):
        read_words(tmp_path)


def test_a_table_of_words_that_a_spreadsheet_saved_is_read(tmp_path):
    saved = "\ufeffkey,en,zh\r\nlab.reset,Reset,重置\r\n"
    (tmp_path / "words.csv").write_text(saved, encoding="utf-8", newline="")
    assert read_words(tmp_path) == {"en": {"lab.reset": "Reset"}, "zh": {"lab.reset": "重置"}}


def test_a_section_of_the_words_stands_in_one_place():
    sections = [key.partition(".")[0] for key in load_words("en")]
    assert [one for one, _ in itertools.groupby(sections)] == list(dict.fromkeys(sections))


def test_no_stored_result_is_stale():
    assert stale_results() == []


def test_a_colour_is_written_in_the_palette_and_nowhere_else():
    home = PACKAGE / "base" / "palette.py"
    hexes = re.compile(r"#(?:[0-9a-f]{6}|[0-9a-f]{3})\b", re.IGNORECASE)
    files = [each for kind in ("css", "js", "py") for each in PACKAGE.rglob(f"*.{kind}")]
    found = {each.name for each in files if each != home and hexes.search(each.read_text("utf-8"))}
    assert found == set()
    assert len(hexes.findall(home.read_text("utf-8"))) > 50


def _luminance(hexa: str) -> float:
    parts = [int(hexa[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    red, green, blue = (p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


@pytest.mark.parametrize("shade", SHADES)
def test_text_and_lines_stand_out_from_paper_and_classes_from_their_letter(shade):
    def contrast(one: str, other: str) -> float:
        low, high = sorted(_luminance(colour(each, shade)) for each in (one, other))
        return (high + 0.05) / (low + 0.05)

    for name in ("ink", "soft", "muted", "accent", "bad", *LINES):
        assert contrast(name, "paper") >= 4.5, name
    for name in (*CLASSES, "silent"):
        assert contrast("badge-ink", name) >= 4.5, name
        assert contrast(f"{name}-line", "paper") >= 4.5, name
    assert len({colour(actor, shade) for actor in ACTORS}) == len(ACTORS) == len(LINES)


def test_a_style_sheet_that_asks_for_an_unknown_colour_is_refused():
    with pytest.raises(CarelabError, match="colour 'mauve' is unknown; known are ink, soft"):
        paint("p { color: palette(mauve) }")
    with pytest.raises(CarelabError, match="shade 'dusk' is unknown; allowed are light and dark"):
        paint("p { color: palette(ink, dusk) }")


def test_no_class_of_the_lab_is_styled_by_a_page_as_well():
    lab = ROOT / "src/carelab/lab/static"
    pages = ROOT / "src/carelab/sphinx_ext"

    def styled(at: Path) -> set[str]:
        sheets = "".join(each.read_text("utf-8") for each in at.rglob("*.css"))
        return set(re.findall(r"\.(carelab-[\w-]+)", sheets))

    rooms = {room: styled(lab / room) for room in ("views", "scenarios", "roles", "hospital")}
    assert min(map(len, (styled(pages), *rooms.values()))) > 2
    # The kit has what both are made of: a figure, a table, a fold.
    shared = styled(lab / "kit")
    assert {room: sorted((own - shared) & styled(pages)) for room, own in rooms.items()} == {
        room: [] for room in rooms
    }
