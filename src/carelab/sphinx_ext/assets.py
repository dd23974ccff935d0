"""Our scripts and styles on the pages that need them, and nothing that asks another host."""

import hashlib
import json
from pathlib import Path
from typing import Any

from sphinx.application import Sphinx
from sphinx.config import Config

from carelab.base import execution_cache_path
from carelab.base.palette import paint
from carelab.base.whole_files import write_whole
from carelab.lab import page_part, page_script, page_words, part_file, styles
from carelab.lab.bundle import FILES, PARTS
from carelab.sphinx_ext import evidence_browser, faces, reading, search, selfcheck

_LAB_SCRIPT = "carelab-lab.js"
_LAB_WORDS = "carelab-words.js"
_STYLES = "carelab.css"
_SHEETS = [
    Path(__file__).with_name(f"{name}.css")
    for name in ("pages", "marks", "reading", "type", "blocks", "welcome")
]
# Scripts of the theme's optional services: each names a third-party host or serves none of ours.
# The search marks what it found by itself.
_UNWANTED = ("thebe", "fontawesome", "mathjax", "sphinx_highlight")


def _keep(file: Any, absent: tuple[str, ...]) -> bool:
    text = f"{getattr(file, 'filename', '') or ''}{getattr(file, 'attributes', '')}".lower()
    return not any(word in text for word in (*_UNWANTED, *absent))


def _page_scripts(
    app: Sphinx, pagename: str, templatename: str, context: dict[str, Any], doctree: Any
) -> None:
    body = context.get("body", "")
    if "data-carelab-evidence" in body:
        app.add_js_file(evidence_browser.SCRIPT, loading_method="defer")
    if pagename == "search":
        app.add_js_file(search.SCRIPT, loading_method="defer")
    if "data-check=" in body:
        app.add_js_file(selfcheck.SCRIPT, loading_method="defer")
    if "data-carelab=" in body:
        app.add_js_file(_LAB_WORDS, loading_method="defer")
        # A part that is a lab stands before the labs; they fetch another when it is asked for.
        for part in PARTS:
            if f'data-carelab="{part}"' in body:
                app.add_js_file(part_file(part), loading_method="defer")
        app.add_js_file(_LAB_SCRIPT, loading_method="defer")
    # Cards and tabs stand on few pages.
    absent = () if 'class="sd-' in body or " sd-" in body else ("sphinx-design", "design-tabs")
    for files in ("script_files", "css_files"):
        context[files] = [each for each in context[files] if _keep(each, absent)]


def smaller(text: str, kind: str = "application/javascript") -> str:
    """Take out of a script or sheet what only its authors read, where the minifier has a wheel.

    >>> len(smaller("const answer = 1;  // one")) < 26
    True
    """
    try:
        import minify
    except ImportError:
        return text
    return str(minify.string(kind, text))


def _lab_scripts() -> dict[str, str]:
    """Return the scripts of the labs; a place at rest is long to find, so they are kept."""
    kept = execution_cache_path() / "page-scripts.json"
    if kept.is_file():
        found: dict[str, str] = json.loads(kept.read_text(encoding="utf-8"))
        return found
    scripts = {_LAB_WORDS: page_words(), _LAB_SCRIPT: page_script()}
    scripts |= {part_file(part): page_part(part) for part in FILES}
    files = {name: smaller(script) for name, script in scripts.items()}
    kept.parent.mkdir(parents=True, exist_ok=True)
    write_whole(kept, json.dumps(files))
    return files


def page_files() -> dict[str, str]:
    """Return the scripts and the style sheet of the book, by file name."""
    files = _lab_scripts()
    files[evidence_browser.SCRIPT] = smaller(evidence_browser.browser_script())
    files[selfcheck.SCRIPT] = smaller(selfcheck.script_text())
    files[reading.SCRIPT] = smaller(reading.script_text())
    files[search.SCRIPT] = smaller(search.script_text())
    files[_STYLES] = smaller(
        faces.face_rules()
        + styles()
        + "".join(paint(each.read_text("utf-8")) for each in _SHEETS)
        + evidence_browser.browser_styles(),
        "text/css",
    )
    return files


def setup(app: Sphinx) -> None:
    """Register the hooks."""
    files: dict[str, str] = {}

    def make(app: Sphinx, config: Config) -> None:
        files.update(page_files())
        # The address of a script holds its hash: when one changes, pages are written again.
        config["carelab_scripts"] = hashlib.sha256(repr(files).encode()).hexdigest()

    def write(app: Sphinx) -> None:
        # Before the pages: Sphinx puts a hash of the file, as it then is, into its address.
        if app.builder.format != "html":
            return
        folder = Path(app.outdir) / "_static"
        folder.mkdir(parents=True, exist_ok=True)
        for name, text in files.items():
            write_whole(folder / name, text)

    app.add_config_value("carelab_scripts", "", "html")
    app.connect("config-inited", make)
    # After every other extension has added its scripts.
    app.connect("html-page-context", _page_scripts, priority=900)
    app.connect("builder-inited", write)
    app.add_css_file(_STYLES)
    app.add_js_file(reading.SCRIPT, loading_method="defer")
