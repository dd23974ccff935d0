"""Join our JavaScript modules and the generated models into one script without imports.

A live notebook loads the script as a blob and a page as a classic script, also from file://;
neither can follow an import, so none may survive.
"""

import hashlib
import posixpath
import re
from collections.abc import Iterable
from functools import cache
from pathlib import Path

from carelab.base import CarelabError, book_language
from carelab.base.palette import paint
from carelab.lab.draws_script import draws_script, places_script
from carelab.lab.economy_script import economy_script
from carelab.lab.labels import labels_script
from carelab.theory import MODELS
from carelab.tracing import write_javascript

_STATIC = Path(__file__).with_name("static")
# The order of the modules follows from their imports, from these entrances down.
_WORKER = "analysis/worker"
_LAB = "views/economy"
# What only some labs have: a page of others does not load it.
PARTS = {
    "hospital": "hospital/hospital",
    "roles": "roles/roles",
    "welcome": "welcome/welcome",
}
# Beside these modules: the stored places of a range, loaded when the first range is asked for.
FILES = (*PARTS, "places")
_START = """const startAnalyst = (loadPlaces) => module_analysis_worker.createAnalyst(
  `(${module_analysis_worker.startWorker})((${carelabCore})());`,
  carelabEconomy, carelabUncertainty, {loadPlaces});"""
_IMPORT = re.compile(r'^import\s+\{([^}]*)\}\s+from\s+"(\.[\w./-]+)\.js";\n', re.MULTILINE)
_EXPORT = re.compile(r"^export (?:async )?(?:function|const|let|class)\s+(\w+)", re.MULTILINE)
_SHEET = re.compile(r'^@import "([\w/.-]+)";\n', re.MULTILINE)
_REM = re.compile(r"(?<![\w.#-])(-?\d*\.?\d+)rem\b")
_FREE_REM = r"calc(\1 * var(--carelab-rem, 1rem))"
_REMARK = re.compile(r"^\s*(?://[^\n]*|/\*\*(?:[^*]|\*(?!/))*\*/)\n", re.MULTILINE)


def generated_models() -> str:
    """Write every model that a lab can run as JavaScript.

    >>> "function retention(inputs)" in generated_models()
    True
    """
    functions = [write_javascript(model.trace()) for model in MODELS.values()]
    names = ", ".join(MODELS)
    return "\n\n".join([*functions, f"const carelabModels = {{{names}}};"])


def _source(name: str) -> str:
    try:
        return (_STATIC / f"{name}.js").read_text(encoding="utf-8")
    except FileNotFoundError:
        raise CarelabError(f"no module of the labs is '{name}.js'") from None


def _beside(name: str, address: str) -> str:
    """Name the module that an import of another module leads to, from the root of them all."""
    return posixpath.normpath(posixpath.join(posixpath.dirname(name), address))


@cache
def in_order(entrance: str) -> tuple[str, ...]:
    """Return a module and all that it imports, each after what it imports itself.

    >>> in_order("kit/speaker")
    ('kit/format', 'kit/speaker')
    """
    found: dict[str, bool] = {}

    def visit(name: str, above: tuple[str, ...]) -> None:
        if name in above:
            circle = " → ".join([*above[above.index(name) :], name])
            raise CarelabError(f"modules import each other in a circle: {circle}")
        if name not in found:
            for _, address in _IMPORT.findall(_source(name)):
                visit(_beside(name, address), (*above, name))
            found[name] = True

    visit(entrance, ())
    return tuple(found)


def _core() -> tuple[str, ...]:
    """Name what runs beside the page, in a worker, and on the page too: no document there."""
    return in_order(_WORKER)


def _below() -> tuple[str, ...]:
    """Name what every page has that has a lab at all."""
    return tuple(name for name in in_order(_LAB) if name not in _core())


def _shared() -> tuple[str, ...]:
    """Name what a part finds on every page of a lab."""
    return (*_core(), *_below())


def _of_part(part: str) -> tuple[str, ...]:
    return tuple(name for name in in_order(PARTS[part]) if name not in _shared())


def _constant(name: str) -> str:
    return f"module_{name.replace('/', '_')}"


def _constants(names: Iterable[str]) -> str:
    return ", ".join(map(_constant, names))


def _module(name: str) -> str:
    """Write a module as a function of its own: names of two modules never meet."""
    text = _source(name)
    offered = ", ".join(_EXPORT.findall(text))

    def needed(found: re.Match[str]) -> str:
        return f"const {{{found[1]}}} = {_constant(_beside(name, found[2]))};\n"

    text = _IMPORT.sub(needed, text)
    text = re.sub(r"^export ", "", text, flags=re.MULTILINE)
    if re.search(r"^\s*(import|export)\b", text, re.MULTILINE):
        raise CarelabError(f"'{name}.js' holds an import or export that cannot be joined")
    text = _REMARK.sub("", text)
    return f"const {_constant(name)} = (() => {{\n{text}return {{{offered}}};\n}})();"


@cache
def worker_script() -> str:
    """Write the care economy and its analysis, for the page and for its worker.

    >>> "const startAnalyst = (loadPlaces) =>" in worker_script()
    True
    """
    parts = [economy_script(), draws_script(), *map(_module, _core())]
    offered = f"carelabEconomy, carelabUncertainty, {_constants(_core())}"
    body = "\n".join([*parts, f"return {{{offered}}};"])
    core = f'function carelabCore() {{\n"use strict";\n{body}\n}}'
    return "\n".join([core, f"const {{{offered}}} = carelabCore();", _START])


def _part(name: str) -> str:
    """Write a part as a function of the modules below it."""
    written = [_module(each) for each in _of_part(name)]
    models = [generated_models()] if name == "hospital" else []
    offered = _constant(PARTS[name])
    given = f"{{...{offered}, models: carelabModels}}" if models else offered
    below = f'"use strict";\nconst {{{_constants(_shared())}}} = below;'
    body = "\n".join([below, *models, *written, f"return {given};"])
    return f"(below) => {{\n{body}\n}}"


def _joined(
    entrance: str, registry: str, hospital: str, roles: str, places: str, welcome: str = ""
) -> str:
    """Join everything: where the parts come from differs between a page and a live notebook."""
    offered = _constant(PARTS["hospital"])
    given = f"{{{_constants(_shared())}}}"
    made = f"const {offered} = {hospital}({given});"
    loaded = f"const loadRoles = async () => {roles}({given});\n"
    loaded += f"const loadPlaces = async () => ({places});"
    there = {*_shared(), *_of_part("hospital")}
    above = [_module(name) for name in in_order(entrance) if name not in there]
    world = f"const world = {{economy: carelabEconomy, models: {offered}.models,"
    world += " registry: carelabRegistry, analyst: startAnalyst(loadPlaces), loadRoles"
    world += f", welcome: {welcome}({given}).mountWelcome}};" if welcome else "};"
    below = map(_module, _below())
    return "\n".join([registry, worker_script(), *below, made, loaded, *above, world])


@cache
def page_words(language: str | None = None) -> str:
    """Return the classic script that carries what the labs of a page say, to stand before them.

    Parameters
    ----------
    language : str, optional
        ``en`` or ``zh``; the book's by default.

    Returns
    -------
    str
        It sets one global, ``carelabRegistry``.

    Examples
    --------
    >>> page_words("en").startswith("globalThis.carelabRegistry = {")
    True
    """
    script = labels_script(language or book_language())
    return f"{script.replace('const carelabRegistry', 'globalThis.carelabRegistry', 1)}\n"


@cache
def page_script() -> str:
    """Return the classic script that starts every lab of a static page, after `page_words`.

    Returns
    -------
    str
        One immediately invoked function; no import. It takes the lab of one hospital from a
        `page_part` before it, and fetches the role game and the places of a range from
        files beside it when a reader asks for them.

    Examples
    --------
    >>> page_script().startswith("(() => {")
    True
    """
    hospital, welcome = (
        f"(globalThis.carelabParts?.{name} ?? (() => ({{}})))" for name in ("hospital", "welcome")
    )
    roles, places = (f"(await {_fetched(name)})" for name in ("roles", "places"))
    joined = _joined("page", "", hospital, roles, places, welcome)
    here = "const here = document.currentScript?.src || document.baseURI;"
    return f'(() => {{\n"use strict";\n{here}\n{joined}\nmodule_page.startPage(world);\n}})();\n'


def _fetched(name: str) -> str:
    version = hashlib.sha256(page_part(name).encode()).hexdigest()[:8]
    return f'module_page.loadPart("{name}", new URL("{part_file(name)}?v={version}", here))'


def part_file(name: str) -> str:
    """Return the name of the file that carries a part.

    Examples
    --------
    >>> part_file("roles")
    'carelab-roles.js'
    """
    return f"carelab-{name}.js"


@cache
def page_part(name: str) -> str:
    """Return a classic script that gives `page_script` what only some labs have.

    Parameters
    ----------
    name : str
        ``roles``, the role game; ``hospital``, the lab of one hospital and its model;
        ``welcome``, the lab of the welcome page; or ``places``, the counties that can exist,
        of which the runs of a range are made.

    Returns
    -------
    str
        It sets one key of the global ``carelabParts``.

    Raises
    ------
    CarelabError
        When there is no such part.

    Examples
    --------
    >>> page_part("roles").startswith("(globalThis.carelabParts ??= {}).roles = ")
    True
    """
    if name not in FILES:
        raise CarelabError(f"no part of the labs is {name!r}; allowed: {', '.join(FILES)}")
    written = places_script() if name == "places" else _part(name)
    return f"(globalThis.carelabParts ??= {{}}).{name} = {written};\n"


@cache
def live_script(language: str | None = None) -> str:
    """Return the module that anywidget loads in a live notebook.

    Parameters
    ----------
    language : str, optional
        ``en`` or ``zh``; the book's by default.

    Returns
    -------
    str
        An ES module whose only export is ``{render}``.

    Examples
    --------
    >>> "export default { render: module_live.liveRender(world) };" in live_script()
    True
    """
    registry = labels_script(language or book_language())
    hospital, roles = (f"({_part(name)})" for name in ("hospital", "roles"))
    joined = _joined("live", registry, hospital, roles, places_script())
    return f"{joined}\nexport default {{ render: module_live.liveRender(world) }};\n"


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
    sheet = (_STATIC / "lab.css").read_text(encoding="utf-8")
    return paint(_SHEET.sub(lambda found: (_STATIC / found[1]).read_text(encoding="utf-8"), sheet))


@cache
def live_styles() -> str:
    """Return the style sheet for a live notebook, whose page may have small letters.

    >>> "calc(0.875 * var(--carelab-rem, 1rem))" in live_styles()
    True
    """
    # The condition of a media or container query takes no variable.
    lines = styles().splitlines()
    return "\n".join(line if line.startswith("@") else _REM.sub(_FREE_REM, line) for line in lines)
