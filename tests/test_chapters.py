"""What every chapter owes its reader, and which chapters still owe something."""

import re
from pathlib import Path

import pytest
import yaml
from bs4 import BeautifulSoup

from carelab.base import CarelabError
from carelab.sphinx_ext.selfcheck import read_questions

ROOT = Path(__file__).resolve().parents[1]
PAGES = sorted((ROOT / "notebooks").glob("[0-9][0-9]-*.md"))
# A chapter may have a second page, for its lab: 05-anhui-lab beside 05-anhui.
SECOND = {path.with_stem(f"{path.stem}-lab") for path in PAGES}
CHAPTERS = [path for path in PAGES if path not in SECOND]
# Whoever completes a chapter takes it off this list: the test says when.
NOT_YET_COMPLETE: set[str] = set()
# Verbs whose success somebody else can see; "understand" and "know" are not among them.
ASSESSABLE = set(
    re.findall(
        r"\w+",
        """
    add apply argue calculate carry check choose classify code compare compute correct critique
    criticise decide defend derive describe design distinguish draw estimate evaluate explain
    find identify interpret judge keep label list locate match measure name plan predict propose
    quantify rank read refute repair reproduce run say separate show sketch sort split state
    take tell test trace translate turn use weigh write
    """,
    )
)
EXERCISE = re.compile(
    r"^`{3,}\{exercise\}[^\n]*\n(?::[a-z]+:[^\n]*\n)*?:label: (\S+)", re.MULTILINE
)
SOLUTION = re.compile(r"^`{3,}\{solution(?:-start)?\} (\S+)\n((?::[a-z]+:[^\n]*\n)*)", re.MULTILINE)
CHECK = re.compile(r"^(`{3,})\{selfcheck\}\n(.*?)^\1\s*$", re.DOTALL | re.MULTILINE)


def head_problems(text: str) -> list[str]:
    found = re.search(r"^:::+\{admonition\}[^\n]*\n:class: carelab-opening\n(.*?)^:::+\s*$", text,
                      re.DOTALL | re.MULTILINE)  # fmt: skip
    if found is None:
        return ["a page head (admonition of class carelab-opening)"]
    head = found[1]
    parts = {
        "a question in its head": r"\*\*Question\.\*\* \S[^\n]*\?",
        "what the reader needs in its head": r"\*\*You need\*\* \S",
        "the minutes in its head": r"\*\*Minutes\.\*\* \S",
    }
    missing = [what for what, pattern in parts.items() if not re.search(pattern, head)]
    able = re.search(r"\*\*You will be able to\*\*\n+((?:[-*] [^\n]*\n(?: +[^\n]*\n)*)+)", head)
    if able is None:
        return [*missing, "a list 'You will be able to' in its head"]
    verbs = [
        line.split()[1].lower().strip(",;.") for line in able[1].splitlines() if line[0] in "-*"
    ]
    weak = [verb for verb in verbs if verb not in ASSESSABLE]
    return missing + [f"an assessable verb instead of '{verb}' in its head" for verb in weak]


def exercise_problems(text: str, told: dict[str, str]) -> list[str]:
    solutions = dict(SOLUTION.findall(text))
    folded = [label for label in EXERCISE.findall(text) if "dropdown" in solutions.get(label, "")]
    missing = []
    if len(folded) < 4:
        missing.append(f"four exercises with a folded solution (it has {len(folded)})")
    numbers = [label for label in folded if re.search(r"\d", told.get(label, ""))]
    if len(numbers) < 2:
        missing.append(f"two solutions with a number from an executed cell (it has {len(numbers)})")
    return missing


def check_problems(text: str) -> list[str]:
    found = CHECK.findall(text)
    if len(found) != 1:
        return [f"one self-check (it has {len(found)})"]
    try:
        questions = read_questions(found[0][1])
    except CarelabError as problem:
        return [f"a sound self-check ({problem})"]
    return [] if len(questions) == 5 else [f"five questions (it has {len(questions)})"]


PARTS = {
    "a claim or figure with its mark of provenance": r"\{(?:claim|num)\}`",
    "a silence, or a note on what is only stated": r"\{silent\}`|\bstated\b",
    "an equation from the model": r"^`{3,}\{equation\} \S",
    "a figure": r"\bplot_\w+\(|\bPicture\(|^`{3,}\{figure\}",
    "a predict card": r":class: carelab-predict|\bpredict=",
    "a lab with a static figure": r"CareLab\((?:(?!^```).)*?\bfigure=",
    "a section 'What the model cannot say'": r"^#{1,3} What the model cannot say",
    "further reading": r"^#{2,3} [^\n]*[Ff]urther reading",
}


def what_is_missing(text: str, told: dict[str, str]) -> list[str]:
    """List what a chapter lacks; `told` is what the cells of each solution printed."""
    missing = head_problems(text)
    for what, pattern in PARTS.items():
        if not re.search(pattern, text, re.MULTILINE | re.DOTALL):
            missing.append(what)
    return missing + exercise_problems(text, told) + check_problems(text)


def outputs_of_solutions(page: str) -> dict[str, str]:
    """Give what the executed cells in the solutions of a built page show, by label."""
    told = {}
    for solution in BeautifulSoup(page, "html.parser").select("div.solution"):
        label = solution.find("a")["href"].removeprefix("#")
        told[label] = " ".join(each.get_text() for each in solution.select(".cell_output"))
    return told


def pages_of(chapter: Path) -> list[Path]:
    second = chapter.with_stem(f"{chapter.stem}-lab")
    return [chapter, second] if second in PAGES else [chapter]


def text_of(chapter: Path) -> str:
    return "\n".join(path.read_text(encoding="utf-8") for path in pages_of(chapter))


def executed(book: Path, chapter: Path) -> dict[str, str]:
    told: dict[str, str] = {}
    for path in pages_of(chapter):
        page = (book / "notebooks" / f"{path.stem}.html").read_text("utf-8")
        told |= outputs_of_solutions(page)
    return told


@pytest.mark.parametrize("path", CHAPTERS, ids=lambda path: path.stem)
def test_a_chapter_holds_what_it_owes_or_is_listed_as_not_yet_complete(path, built_book):
    missing = what_is_missing(text_of(path), executed(built_book, path))
    if path.stem in NOT_YET_COMPLETE:
        assert missing, f"{path.name} is complete: take it off NOT_YET_COMPLETE"
    else:
        assert missing == [], f"{path.name} lacks {'; '.join(missing)}"


@pytest.mark.parametrize("path", CHAPTERS, ids=lambda path: path.stem)
def test_the_place_of_the_right_answer_gives_nothing_away(path):
    ((_, block),) = CHECK.findall(text_of(path))
    questions = yaml.safe_load(block)
    places = [["right" in option for option in each["options"]].index(True) for each in questions]
    assert len(set(places)) > 1
    assert max(map(places.count, places)) <= 3


def test_the_list_of_incomplete_chapters_names_chapters():
    assert {path.stem for path in CHAPTERS} >= NOT_YET_COMPLETE
    assert len(CHAPTERS) == 12


def test_a_second_page_belongs_to_a_chapter_and_stands_below_it():
    assert sorted(path for chapter in CHAPTERS for path in pages_of(chapter)) == PAGES
    toc = yaml.safe_load((ROOT / "_toc.yml").read_text(encoding="utf-8"))
    below = {
        entry["file"]: [each["file"] for each in entry.get("sections", [])]
        for part in toc["parts"]
        for entry in part["chapters"]
    }
    for chapter in CHAPTERS:
        names = [f"notebooks/{path.stem}" for path in pages_of(chapter)]
        assert below[names[0]] == names[1:]


# --- the contract itself, tried on a chapter that keeps it ----------------------------------------

QUESTION = """\
- question: Why {number}?
  options:
    - {{right: It pays, because: It does.}}
    - {{wrong: It does not, because: It does.}}
    - {{wrong: Nobody pays, because: Somebody does.}}
"""
COMPLETE = """\
# A chapter

:::{admonition} In this chapter
:class: carelab-opening
**Question.** Who gains?

**You will be able to**

- predict the sign of a gain
  over several lines;
- compute a threshold.

**You need** nothing. **Minutes.** Forty.
:::

The rule is stated {claim}`S004-79`. {silent}`Nobody says who bears a deficit.`

:::{admonition} Predict
:class: carelab-predict
Who?
:::

```{equation} retention.felt_share
```

```{code-cell} ipython3
CareLab(
    question="Who?",
    figure=plot_gains(),
)
```

## What the model cannot say

Much.
EXERCISES
## Check yourself

```{selfcheck}
QUESTIONS```

## Sources and further reading
"""
EXERCISES = "".join(
    f"\n````{{exercise}} Title\n:label: ex-{name}\nText.\n````\n"
    f"\n```{{solution-start}} ex-{name}\n:class: dropdown\n```\n```{{solution-end}}\n```\n"
    for name in "abcd"
)
COMPLETE = COMPLETE.replace("EXERCISES", EXERCISES).replace(
    "QUESTIONS", "".join(QUESTION.format(number=each) for each in "abcde")
)
TOLD = {"ex-a": "0.54", "ex-b": "54.0%"}
BROKEN = {
    "a question in its head": ("Who gains?", "Who gains."),
    "an assessable verb instead of 'understand' in its head": ("- compute", "- understand"),
    "a list 'You will be able to' in its head": ("**You will be able to**", "**Aims**"),
    "what the reader needs in its head": ("**You need** nothing", "Nothing"),
    "the minutes in its head": ("**Minutes.**", "Long:"),
    "a page head (admonition of class carelab-opening)": ("carelab-opening", "tip"),
    "a claim or figure with its mark of provenance": ("{claim}", ""),
    "an equation from the model": ("{equation}", "{math}"),
    "a figure": ("plot_gains()", "None"),
    "a predict card": ("carelab-predict", "tip"),
    "a lab with a static figure": ("figure=", "picture="),
    "a section 'What the model cannot say'": ("## What the model cannot say", "## Limits"),
    "further reading": ("further reading", "notes"),
    "four exercises with a folded solution (it has 3)": (":label: ex-d", ":label: ex-e"),
    "one self-check (it has 0)": ("```{selfcheck}", "```{other}"),
}


def test_a_complete_chapter_lacks_nothing():
    assert what_is_missing(COMPLETE, TOLD) == []


@pytest.mark.parametrize("sentence", BROKEN)
def test_a_missing_part_is_named(sentence):
    old, new = BROKEN[sentence]
    assert COMPLETE.count(old) >= 1
    assert sentence in what_is_missing(COMPLETE.replace(old, new), TOLD)


def test_a_silence_a_number_and_a_broken_question_are_missed():
    plain = COMPLETE.replace("{silent}", "").replace("stated", "given")
    assert "a silence, or a note on what is only stated" in what_is_missing(plain, TOLD)
    one = what_is_missing(COMPLETE, {"ex-a": "0.54", "ex-b": "no number"})
    assert one == ["two solutions with a number from an executed cell (it has 1)"]
    two_right = COMPLETE.replace("{wrong: Nobody", "{right: Nobody", 1)
    assert "question 1 has 2 right options" in what_is_missing(two_right, TOLD)[0]


def test_only_outputs_inside_a_solution_count():
    page = """<div class="cell_output">1</div>
    <div class="solution"><p><a href="#ex-a">Exercise 3</a></p><div class="cell_input">7</div>
    <div class="cell_output">0.54</div></div><div class="cell_output">2</div>"""
    assert outputs_of_solutions(page) == {"ex-a": "0.54"}
