"""The letters of drawings, once a page: each drawing brings the outlines of its own along."""

import re
from typing import Any

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.transforms.post_transforms import SphinxPostTransform

# How matplotlib writes the outline of a letter, and how it sets one.
_OUTLINE = re.compile(r'\s*<path id="([^"]+)" (d="[^"]*" transform="scale\([\d.]+\)")/>')
_SET = re.compile(r'xlink:href="#([^"]+)"')
_EMPTY = re.compile(r"\s*<defs>\s*</defs>")


class Letters:
    """The outlines of a page, by what they look like."""

    def __init__(self) -> None:
        self._names: dict[str, str] = {}

    def take(self, page: str) -> str:
        """Take the outlines out of a part of a page; its drawings point to those of the page.

        >>> letters = Letters()
        >>> one = '<defs><path id="{0}" d="M 0 0" transform="scale(0.01)"/></defs>'
        >>> drawing = one + '<use xlink:href="#{0}"/>'
        >>> letters.take(drawing.format("a")) == letters.take(drawing.format("b"))
        True
        """
        moved: dict[str, str] = {}

        def take(found: re.Match[str]) -> str:
            moved[found[1]] = self._names.setdefault(found[2], f"letter-{len(self._names)}")
            return ""

        page = _OUTLINE.sub(take, page)
        if not moved:
            return page
        page = _SET.sub(lambda found: f'xlink:href="#{moved.get(found[1], found[1])}"', page)
        return _EMPTY.sub("", page)

    def write(self) -> str:
        """Write the outlines as a drawing that takes no room."""
        if not self._names:
            return ""
        drawn = "".join(f'<path id="{name}" {shape}/>' for shape, name in self._names.items())
        return (
            '<svg xmlns="http://www.w3.org/2000/svg" class="carelab-letters" aria-hidden="true"'
            f' width="0" height="0" style="position:absolute"><defs>{drawn}</defs></svg>'
        )


class ShareLetters(SphinxPostTransform):
    """Give all drawings of a page one set of letters."""

    # After the output of a cell has become HTML.
    default_priority = 300
    formats = ("html",)

    def run(self, **_: Any) -> None:
        """Change the page."""
        letters = Letters()
        for each in list(self.document.findall(nodes.raw)):
            if "html" in each.get("format", "") and "<svg" in (text := each.astext()):
                shared = letters.take(text)
                each.children = [nodes.Text(shared)]
                each.rawsource = shared
        if drawn := letters.write():
            self.document.append(nodes.raw("", drawn, format="html"))


def setup(app: Sphinx) -> None:
    """Register the transform."""
    app.add_post_transform(ShareLetters)
