"""Join our JavaScript modules and the generated models into one script without imports.

A live notebook loads the script as a blob and a page as a classic script, also from file://;
neither can follow an import, so none may survive.
"""

import re
from functools import cache
from pathlib import Path

from carelab.provenance import CarelabError
from carelab.theory import MODELS
from carelab.tracing import write_javascript

_STATIC = Path(__file__).with_name("static")
# In order of dependence; the last differs between a page and a live notebook.
_SHARED = (
    "dom.js",
    "format.js",
    "scales.js",
    "state.js",
    "summary.js",
    "levers.js",
    "chart.js",
    "tables.js",
    "lab.js",
)
_IMPORT = re.compile(r"^import\s+[^;]*?from\s+[\"']\./([\w-]+\.js)[\"'];\n", re.MULTILINE)
_TOP_LEVEL = re.compile(r"^(?:async )?(?:function|const|let|class)\s+(\w+)", re.MULTILINE)


def generated_models() -> str:
    """Write every model that a lab can run as JavaScript.

    Returns
    -------
    str
        ``const carelabModels = {…};`` generated from the Python functions.

    Examples
    --------
    >>> "function retention(inputs)" in generated_models()
    True
    """
    functions = [write_javascript(model.trace()) for model in MODELS.values()]
    names = ", ".join(MODELS)
    return "\n\n".join([*functions, f"const carelabModels = {{{names}}};"])


def _module(name: str, joined: set[str]) -> str:
    text = (_STATIC / name).read_text(encoding="utf-8")
    for needed in _IMPORT.findall(text):
        if needed not in joined:
            raise CarelabError(f"'{name}' imports '{needed}', which is not joined before it")
    text = re.sub(r"^export ", "", _IMPORT.sub("", text), flags=re.MULTILINE)
    if re.search(r"^\s*(import|export)\b", text, re.MULTILINE):
        raise CarelabError(f"'{name}' holds an import or export that cannot be joined")
    joined.add(name)
    return text


def _joined(last: str) -> str:
    joined: set[str] = set()
    parts = [_module(name, joined) for name in (*_SHARED, last)]
    names = [each for part in parts for each in _TOP_LEVEL.findall(part)]
    twice = sorted({name for name in names if names.count(name) > 1})
    if twice:
        raise CarelabError(f"two JavaScript modules both define {', '.join(twice)}")
    return "\n".join([generated_models(), *parts])


@cache
def page_script() -> str:
    """Return the classic script that starts every lab of a static page.

    Returns
    -------
    str
        One immediately invoked function; nothing global, no import.

    Examples
    --------
    >>> page_script().startswith("(() => {")
    True
    """
    return f'(() => {{\n"use strict";\n{_joined("page.js")}\nstartPage(carelabModels);\n}})();\n'


@cache
def live_script() -> str:
    """Return the module that anywidget loads in a live notebook.

    Returns
    -------
    str
        An ES module whose only export is ``{render}``.

    Examples
    --------
    >>> "export default { render: liveRender(carelabModels) };" in live_script()
    True
    """
    return f"{_joined('live.js')}\nexport default {{ render: liveRender(carelabModels) }};\n"


@cache
def styles() -> str:
    """Return the style sheet of the lab, the same for page and notebook.

    Returns
    -------
    str
        CSS; every rule lies below the class ``carelab``.

    Examples
    --------
    >>> ".carelab" in styles()
    True
    """
    return (_STATIC / "lab.css").read_text(encoding="utf-8")
