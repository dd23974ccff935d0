"""The directive ``{evidence-browser}``: search, filter, open and take away the evidence.

Its content is what stands on the page without JavaScript. Data, words and script come with the
book; nothing is fetched, so that the page also works from a disk.
"""

import json
import re
from functools import cache
from pathlib import Path
from typing import Any

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.util.docutils import SphinxDirective

from carelab.sphinx_ext.dependencies import note_data
from carelab.sphinx_ext.evidence_data import browser_data

SCRIPT = "carelab-evidence.js"
_STATIC = Path(__file__).with_name("static")
# In order of dependence; a number is written as in the lab.
_MODULES = (
    Path(__file__).parents[1] / "lab/static/kit/format.js",
    *(_STATIC / f"evidence_{name}.js" for name in ("rows", "table", "page")),
)
_IMPORT = re.compile(r"^import\s[^;]*?from\s\"\.[\w./]+\.js\";\n", re.MULTILINE)
_EXPORT = re.compile(r"^export ", re.MULTILINE)
_BOX = "data-carelab-evidence"


@cache
def browser_script() -> str:
    """Return the classic script of the browser: one function, nothing global, no import.

    Returns
    -------
    str
        JavaScript, for pages opened from a disk too.

    Examples
    --------
    >>> "import " in browser_script() or "export " in browser_script()
    False
    """
    modules = [path.read_text(encoding="utf-8") for path in _MODULES]
    joined = "\n".join(_EXPORT.sub("", _IMPORT.sub("", text)) for text in modules)
    return f'(() => {{\n"use strict";\n{joined}\nstartPage();\n}})();\n'


def browser_styles() -> str:
    """Return the style sheet of the browser.

    Returns
    -------
    str
        CSS.
    """
    return (_STATIC / "evidence.css").read_text(encoding="utf-8")


def json_for_page(data: Any) -> str:
    r"""Write data so that nothing in it can end the element that holds it.

    Parameters
    ----------
    data : object
        Anything that JSON knows.

    Returns
    -------
    str
        JSON without a less-than sign.

    Examples
    --------
    >>> json_for_page("</script>")
    '"\\u003c/script>"'
    """
    text = json.dumps(data, ensure_ascii=False, allow_nan=False, separators=(",", ":"))
    return text.replace("<", "\\u003c")


class EvidenceBrowserDirective(SphinxDirective):
    """Insert the browser; what the directive holds stands for it without JavaScript."""

    has_content = True

    def run(self) -> list[nodes.Node]:
        """Return the box with its data, and what stands on the page until the script runs."""
        self.assert_has_content()
        note_data(self.env, ".")  # a citation names the version of all data
        instead = nodes.container(classes=["carelab-without-script"])
        self.state.nested_parse(self.content, self.content_offset, instead)
        start = (
            f'<div class="carelab carelab-evidence" {_BOX}>'
            f'<script type="application/json">{json_for_page(browser_data())}</script>'
        )
        return [
            nodes.raw("", start, format="html"),
            instead,
            nodes.raw("", "</div>", format="html"),
        ]


def setup(app: Sphinx) -> None:
    """Register the directive."""
    app.add_directive("evidence-browser", EvidenceBrowserDirective)
