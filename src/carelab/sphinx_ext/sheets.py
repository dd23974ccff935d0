"""Of the theme's style sheets, the rules for what some page has: most are for what none has."""

import re
from pathlib import Path

from sphinx.application import Sphinx

from carelab.base.whole_files import write_whole

_SHEETS = (
    "styles/pydata-sphinx-theme.css",
    "styles/sphinx-book-theme.css",
    "sphinx-design.min.css",
    "mystnb.*.css",
)
_NAMES = re.compile(r'\b(?:class|id)="([^"]*)"')
_WORD = re.compile(r"[A-Za-z_][\w-]*")
# Strings and addresses may hold anything; braces, commas and semicolons are looked for outside.
_TOKEN = re.compile(
    r"\"(?:\\.|[^\"\\])*\"|'(?:\\.|[^'\\])*'|url\([^)\"']*\)|[{};]|[^{};\"'/u]+|.",
    re.DOTALL,
)
_COMMENT = re.compile(r"/\*.*?\*/", re.DOTALL)
_INNER = re.compile(r"\([^()]*\)|\[[^\]]*\]")
_NAME = re.compile(r"[.#](-?[A-Za-z_](?:[\w-]|\\.)*)")
_GROUPS = ("@media", "@supports", "@layer")


def _is_used(selector: str, known: set[str]) -> bool:
    """Say whether a page can have what a selector names; what stands in brackets is not asked."""
    while (outer := _INNER.sub("", selector)) != selector:
        selector = outer
    return all("\\" in name or name in known for name in _NAME.findall(selector))


def _rule(prelude: str, block: str, known: set[str]) -> str:
    head = prelude.strip()
    if head.startswith(_GROUPS):
        inner = used_rules(block, known)
        return f"{head}{{{inner}}}" if inner else ""
    if head.startswith("@"):
        return f"{head}{{{block}}}"
    # A comma within brackets separates nothing.
    parts = re.split(r",(?![^(]*\))", head)
    used = [each for each in parts if _is_used(each, known)]
    return f"{','.join(used)}{{{block}}}" if used else ""


def used_rules(sheet: str, known: set[str]) -> str:
    """Return a style sheet without the rules that need a class or an id that is not known.

    >>> used_rules(".a,.b{color:red}@media print{.b{top:0}}#c:not(.b){top:0}", {"a", "c"})
    '.a{color:red}#c:not(.b){top:0}'
    """
    found: list[str] = []
    prelude, block, depth = "", "", 0
    for token in _TOKEN.findall(_COMMENT.sub("", sheet)):
        if token == "}":
            depth -= 1
            if depth == 0:
                found.append(_rule(prelude, block, known))
                prelude, block = "", ""
                continue
        if depth:
            block += token
        elif token == ";":
            found.append(f"{prelude};")
            prelude = ""
        elif token != "{":
            prelude += token
        if token == "{":
            depth += 1
    return "".join(found)


def known_names(folder: Path) -> set[str]:
    """Return every class and id of the pages, and every word of the scripts that may set one."""
    names: set[str] = set()
    for path in folder.rglob("*.html"):
        for found in _NAMES.findall(path.read_text(encoding="utf-8")):
            names.update(found.split())
    for path in folder.rglob("*.js"):
        names.update(_WORD.findall(path.read_text(encoding="utf-8")))
    return names


def _reduce(app: Sphinx, exception: Exception | None) -> None:
    if exception is not None or app.builder.format != "html":
        return
    static = Path(app.outdir) / "_static"
    known = known_names(Path(app.outdir))
    for pattern in _SHEETS:
        for path in static.glob(pattern):
            write_whole(path, used_rules(path.read_text(encoding="utf-8"), known))


def setup(app: Sphinx) -> None:
    """Register the hook, after the pages are as they stay."""
    app.connect("build-finished", _reduce, priority=950)
