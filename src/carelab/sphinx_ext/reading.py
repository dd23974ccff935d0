"""What helps to read a page: settings that are remembered, a line of progress, the way to the lab.

Their templates lie in ``templates/``; ``static/page.js`` mounts them and the notes of marks.
"""

import re
from pathlib import Path
from typing import Any

from sphinx.application import Sphinx

from carelab.base import word

SCRIPT = "carelab-page.js"
_SOURCE = Path(__file__).with_name("static") / "page.js"
# Before the page is painted: no mark flashes that a reader has switched off.
_EARLY = (
    'try{Object.assign(document.documentElement.dataset,JSON.parse(localStorage.getItem("'
    'carelab-reading")))}catch{}'
)
_LAB = re.compile(r'<(\w+)(?=[^>]* data-carelab=")(?![^>]* id=)')
# A heading "The lab" makes an anchor of its own words.
LAB_ANCHOR = "first-lab"
_CODE = re.compile(r'<details class="[^"]*\bhide\b|class="[^"]*\bcell_input\b')


def script_text() -> str:
    """Return the script of every page: classic, without import, so that it runs from file://.

    >>> "import " in script_text()
    False
    """
    return _SOURCE.read_text(encoding="utf-8")


def _page(_app: Sphinx, _name: str, _template: str, context: dict[str, Any], _doctree: Any) -> None:
    body = context.get("body", "")
    context["carelab_word"] = word
    context["carelab_has_code"] = bool(_CODE.search(body))
    context["carelab_lab"] = ""
    if body:
        context["body"], found = _LAB.subn(rf'<\1 id="{LAB_ANCHOR}"', body, count=1)
        context["carelab_lab"] = LAB_ANCHOR if found else ""


def setup(app: Sphinx) -> None:
    """Register what every page shows."""
    # Before the theme looks which of its parts are empty.
    app.connect("html-page-context", _page, priority=400)
    app.add_js_file(None, body=_EARLY, priority=100)
