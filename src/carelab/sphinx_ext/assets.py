"""Our script and styles on the pages that need them, and nothing that asks another host."""

from pathlib import Path
from typing import Any

from sphinx.application import Sphinx
from sphinx.config import Config

from carelab.base import execution_cache_path
from carelab.lab import PARTS, page_part, page_script, page_words, part_file, styles
from carelab.sphinx_ext.evidence_browser import browser_styles

_LAB_SCRIPT = "carelab-lab.js"
_LAB_WORDS = "carelab-words.js"
_STYLES = "carelab.css"
_PAGES_CSS = Path(__file__).with_name("pages.css")
# Scripts of the theme's optional services: each names a third-party host or serves none of ours.
_UNWANTED = ("thebe", "fontawesome", "mathjax")


def _use_execution_cache(app: Sphinx, config: Config) -> None:
    config["nb_execution_cache_path"] = execution_cache_path().as_posix()


def _keep(script: Any) -> bool:
    text = f"{getattr(script, 'filename', '') or ''}{getattr(script, 'attributes', '')}".lower()
    return not any(word in text for word in _UNWANTED)


def _page_scripts(
    app: Sphinx, pagename: str, templatename: str, context: dict[str, Any], doctree: Any
) -> None:
    body = context.get("body", "")
    if "data-carelab=" in body:
        app.add_js_file(_LAB_WORDS, loading_method="defer")
        # A part that is a lab stands before the labs; they fetch another when it is asked for.
        for part in PARTS:
            if f'data-carelab="{part}"' in body:
                app.add_js_file(part_file(part), loading_method="defer")
        app.add_js_file(_LAB_SCRIPT, loading_method="defer")
    context["script_files"] = [each for each in context["script_files"] if _keep(each)]


def smaller(script: str) -> str:
    """Take out of a script what only its authors read, where the minifier has a wheel.

    Parameters
    ----------
    script : str
        JavaScript.

    Returns
    -------
    str
        The same script, shorter, or as it was where there is no minifier.

    Examples
    --------
    >>> len(smaller("const answer = 1;  // one")) < 26
    True
    """
    try:
        import minify
    except ImportError:
        return script
    return str(minify.string("application/javascript", script))


def _write_assets(app: Sphinx) -> None:
    # Before the pages: Sphinx puts a hash of the file, as it then is, into its address.
    if app.builder.format != "html":
        return
    folder = Path(app.outdir) / "_static"
    folder.mkdir(parents=True, exist_ok=True)
    scripts = {_LAB_WORDS: page_words(), _LAB_SCRIPT: page_script()}
    scripts |= {part_file(part): page_part(part) for part in PARTS}
    for name, script in scripts.items():
        (folder / name).write_text(smaller(script), encoding="utf-8", newline="\n")
    sheet = styles() + _PAGES_CSS.read_text(encoding="utf-8") + browser_styles()
    (folder / _STYLES).write_text(sheet, encoding="utf-8", newline="\n")


def setup(app: Sphinx) -> None:
    """Register the hooks."""
    # Before myst-nb reads its settings.
    app.connect("config-inited", _use_execution_cache, priority=10)
    # After every other extension has added its scripts.
    app.connect("html-page-context", _page_scripts, priority=900)
    app.connect("builder-inited", _write_assets)
    app.add_css_file(_STYLES)
