"""What makes a page invalid: tags left open, ids given twice, blocks inside lines of text."""

from collections import Counter
from html.parser import HTMLParser

VOID = frozenset(
    (
        "area",
        "base",
        "br",
        "col",
        "embed",
        "hr",
        "img",
        "input",
        "link",
        "meta",
        "source",
        "track",
        "wbr",
    )
)
# Elements whose end may be left out, and what ends them.
OPTIONAL = frozenset(
    (
        "p",
        "li",
        "dt",
        "dd",
        "tr",
        "td",
        "th",
        "tbody",
        "thead",
        "tfoot",
        "colgroup",
        "option",
        "rp",
        "rt",
    )
)
# Content of lines of text.
PHRASING = frozenset(
    (
        "a",
        "abbr",
        "area",
        "audio",
        "b",
        "bdi",
        "bdo",
        "br",
        "button",
        "canvas",
        "cite",
        "code",
        "data",
        "datalist",
        "del",
        "dfn",
        "em",
        "embed",
        "i",
        "iframe",
        "img",
        "input",
        "ins",
        "kbd",
        "label",
        "link",
        "map",
        "mark",
        "math",
        "meta",
        "meter",
        "noscript",
        "object",
        "output",
        "picture",
        "progress",
        "q",
        "ruby",
        "s",
        "samp",
        "script",
        "select",
        "slot",
        "small",
        "span",
        "strong",
        "sub",
        "sup",
        "svg",
        "template",
        "textarea",
        "time",
        "u",
        "var",
        "video",
        "wbr",
        "option",
        "optgroup",
        "source",
        "rt",
        "rp",
    )
)
HEADINGS = frozenset(
    (
        "h1",
        "h2",
        "h3",
        "h4",
        "h5",
        "h6",
    )
)
# What may hold only lines of text. A summary may hold headings, too.
LINES_ONLY = frozenset((
    "p", "button", "label", "span", "em", "strong", "b", "i", "small", "code", "sub", "sup",
    "abbr", "cite", "q", "kbd", "samp", "var", "mark", "u", "s", "pre", "summary",
)) | HEADINGS  # fmt: skip
INTERACTIVE = frozenset(
    (
        "a",
        "button",
        "details",
        "iframe",
        "label",
        "select",
        "textarea",
    )
)
FOREIGN = frozenset({"svg", "math"})
# Parts that a screen reader lists by their names.
NAMED = frozenset(("region", "group", "navigation", "complementary", "search"))
IMPLIED = {"section": "region", "nav": "navigation", "aside": "complementary"}
REFERRING = ("for", "aria-labelledby", "aria-describedby", "aria-controls", "popovertarget")


class _Checker(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.open: list[tuple[str, bool]] = []
        self.ids: Counter[str] = Counter()
        self.referred: list[tuple[str, str]] = []
        self.named: Counter[tuple[str, str]] = Counter()
        self.faults: list[str] = []

    def fault(self, text: str) -> None:
        self.faults.append(f"line {self.getpos()[0]}: {text}")

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        if len(given) < len(attrs):
            self.fault(f"<{tag}> has an attribute twice")
        if "id" in given:
            self.ids[given["id"] or ""] += 1
        for name in REFERRING:
            self.referred += [(name, each) for each in (given.get(name) or "").split()]
        role = given.get("role") or IMPLIED.get(tag, "")
        if role in NAMED and (name := given.get("aria-label") or given.get("aria-labelledby")):
            self.named[role, name] += 1
        foreign = any(each in FOREIGN for each, _ in self.open)
        if not foreign:
            self._check_place(tag, given)
        if tag not in VOID:
            self.open.append((tag, bool(given.get("href"))))

    def _check_place(self, tag: str, given: dict[str, str | None]) -> None:
        for outer, linked in reversed(self.open):
            allowed = tag in PHRASING or (outer == "summary" and tag in HEADINGS)
            if outer in LINES_ONLY and not allowed:
                self.fault(f"<{tag}> stands in <{outer}>")
                break
            inside = (outer == "a" and linked) or outer == "button"
            if inside and (
                tag in INTERACTIVE or (tag == "input" and given.get("type") != "hidden")
            ):
                self.fault(f"<{tag}> stands in <{outer}>")
                break

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.handle_starttag(tag, attrs)
        if tag not in VOID:
            self.open.pop()

    def handle_endtag(self, tag: str) -> None:
        if tag in VOID:
            return
        while self.open and self.open[-1][0] != tag and self.open[-1][0] in OPTIONAL:
            self.open.pop()
        if not self.open or self.open[-1][0] != tag:
            self.fault(f"</{tag}> closes nothing that is open")
            return
        self.open.pop()


def html_faults(page: str) -> list[str]:
    """List what is invalid on a page; nothing is good."""
    checker = _Checker()
    checker.feed(page)
    checker.close()
    left = [f"<{tag}> is never closed" for tag, _ in checker.open if tag not in OPTIONAL]
    many = {name: count for name, count in checker.ids.items() if count > 1}
    twice = [f"id '{name}' is given {count} times" for name, count in many.items()]
    lost = [
        f"{name}='{target}' leads nowhere"
        for name, target in checker.referred
        if target not in checker.ids
    ]
    alike = [
        f"{count} parts, each a {role}, are named '{name}'"
        for (role, name), count in checker.named.items()
        if count > 1
    ]
    return [*checker.faults, *left, *twice, *lost, *alike]
