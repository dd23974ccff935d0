"""What a result hangs on: the code that made it, found by following names, and the data it read.

Code counts as it is parsed: without comments, docstrings and the names of the files it stands
in, so that a remark or a moved module leaves every result fresh, and a changed constant none
that uses it. A trace of the model is code that ran on symbols: its equations count by this too.
"""

import ast
import csv
import hashlib
import io
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

from carelab.base.errors import CarelabError
from carelab.base.paths import project_path, project_root

_NAME = "carelab"
# What a parser adds in one version of Python and not in another, or that says nothing.
_SILENT_FIELDS = {"ctx", "kind", "type_comment", "type_ignores", "type_params"}
_JS_REMARK = re.compile(r"^\s*(?://[^\n]*|/\*(?:[^*]|\*(?!/))*\*/)[ \t]*\n", re.MULTILINE)
_JS_IMPORT = re.compile(r"""(\bfrom\s+|^import\s+)["'][^"']*["']""", re.MULTILINE)
_CSS_IMPORT = re.compile(r"""(@import\s+)["'](?:[^"']*/)?""")
_BLANK_LINES = re.compile(r"\s*\n")
_CSS_REMARK = re.compile(r"/\*(?:[^*]|\*(?!/))*\*/")
# Inside the data folder, what is itself written from identities.
_STAMPS = "stored_results.yml"


def _digest(*parts: str) -> str:
    return hashlib.sha256("\0".join(parts).encode("utf-8", "surrogateescape")).hexdigest()


# ----------------------------------------------------------------------------- parsed code


def _is_remark(node: Any) -> bool:
    """Tell whether a statement is a docstring, or a bare text that does nothing."""
    return (
        isinstance(node, ast.Expr)
        and isinstance(node.value, ast.Constant)
        and isinstance(node.value.value, str)
    )


def _is_own_import(node: Any) -> bool:
    if isinstance(node, ast.ImportFrom):
        return f"{node.module}.".startswith(f"{_NAME}.")
    return isinstance(node, ast.Import) and any(
        f"{each.name}.".startswith(f"{_NAME}.") for each in node.names
    )


def _written(node: Any) -> str:
    """Write a node in a form that is the same in every version of Python.

    Imports of the package itself are left out: where a name comes from says its target.
    """
    if isinstance(node, list):
        kept = [each for each in node if not _is_remark(each) and not _is_own_import(each)]
        return f"[{','.join(map(_written, kept))}]"
    if not isinstance(node, ast.AST):
        return repr(node)
    fields = [
        f"{name}={_written(value)}"
        for name, value in ast.iter_fields(node)
        if name not in _SILENT_FIELDS and value is not None and value != []
    ]
    return f"{type(node).__name__}({','.join(fields)})"


@dataclass(frozen=True)
class _Module:
    """A module: what it defines, what it imports from the package, what it does besides."""

    path: Path
    definitions: dict[str, list[ast.stmt]] = field(default_factory=dict)
    imports: dict[str, str] = field(default_factory=dict)
    besides: list[ast.stmt] = field(default_factory=list)
    every_import: list[tuple[str, str]] = field(default_factory=list)


def _imported(node: ast.AST) -> Iterator[tuple[str, str]]:
    """Give the names that the package's own imports bind below a node, and what they stand for."""
    for each in ast.walk(node):
        if isinstance(each, ast.ImportFrom) and _is_own_import(each):
            yield from ((a.asname or a.name, f"{each.module}.{a.name}") for a in each.names)
        elif isinstance(each, ast.Import) and _is_own_import(each):
            yield from ((a.asname or _NAME, a.name if a.asname else _NAME) for a in each.names)


def _bound(statement: ast.stmt) -> list[str]:
    """Return the names that a statement at the top of a module defines."""
    if isinstance(statement, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)):
        return [statement.name]
    if isinstance(statement, (ast.Assign, ast.AnnAssign)):
        return [
            each.id
            for each in ast.walk(statement)
            if isinstance(each, ast.Name) and isinstance(each.ctx, ast.Store)
        ]
    return []


@cache
def _parsed(path: Path, changed_ns: int, size_bytes: int) -> _Module:
    """Read a module once for each time that it was changed."""
    module = _Module(path)
    for statement in ast.parse(path.read_text(encoding="utf-8")).body:
        module.every_import.extend(_imported(statement))
        is_import = isinstance(statement, (ast.Import, ast.ImportFrom))
        if is_import or (isinstance(statement, ast.If) and "TYPE_CHECKING" in ast.dump(statement)):
            module.imports.update(_imported(statement))
        elif names := _bound(statement):
            for name in names:
                module.definitions.setdefault(name, []).append(statement)
        elif not _is_remark(statement):
            module.besides.append(statement)
    return module


def _file_of(dotted: str) -> Path | None:
    """Return the file of a module or package of ours."""
    if not f"{dotted}.".startswith(f"{_NAME}."):
        return None
    base = project_path("src/carelab").joinpath(*dotted.split(".")[1:])
    found = [path for path in (base.with_suffix(".py"), base / "__init__.py") if path.is_file()]
    return found[0] if found else None


def _module_at(path: Path) -> _Module:
    stat = path.stat()
    return _parsed(path, stat.st_mtime_ns, stat.st_size)


def _module(dotted: str) -> _Module | None:
    path = _file_of(dotted)
    return None if path is None else _module_at(path)


# ----------------------------------------------------------------------------- following names

# A definition: module and name; a name of "" is what the module does besides defining.
_Place = tuple[str, str]


def _places(dotted: str) -> list[_Place]:
    """Return the definitions that a dotted name stands for; all of a module's for a module."""
    if _file_of(dotted) is not None:
        module = _module(dotted)
        names = module.definitions if module else {}
        return [(dotted, name) for name in names if name != "__all__"]
    above, _, name = dotted.rpartition(".")
    module = _module(above)
    if module is None:  # an attribute of something that is no module: what it is of counts
        return _places(above) if above else []
    if name in module.definitions:
        return [(above, name)]
    if name in module.imports:
        return _places(module.imports[name])
    return _places(above)


def _spelt(node: ast.AST) -> str:
    """Return an attribute of names as it is written, or nothing."""
    if isinstance(node, ast.Name):
        return node.id
    if isinstance(node, ast.Attribute):
        base = _spelt(node.value)
        return f"{base}.{node.attr}" if base else ""
    return ""


def _used(node: ast.AST) -> Iterator[str]:
    """Give every name used below a node, with the attributes asked of it, the longest only."""
    spelt = _spelt(node) if isinstance(node, (ast.Name, ast.Attribute)) else ""
    if spelt:
        yield spelt
        return
    for child in ast.iter_child_nodes(node):
        # What a refusal says makes no result: it ends one.
        if not isinstance(child, ast.Raise):
            yield from _used(child)


def _references(dotted: str, module: _Module, statement: ast.stmt) -> Iterator[tuple[str, _Place]]:
    """Give what a statement uses of the package: as it is spelt, and where it is defined."""
    imports = {**module.imports, **dict(_imported(statement))}
    for spelt in dict.fromkeys(_used(statement)):
        root, _, rest = spelt.partition(".")
        if root in imports:
            whole = ".".join(filter(None, (imports[root], rest)))
            yield from ((spelt, place) for place in _places(whole))
        elif root in module.definitions:
            yield spelt, (dotted, root)


def _texts(node: Any) -> Iterator[str]:
    """Give every text below a node that may name what is read: no docstring, no key."""
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        yield node.value
        return
    if isinstance(node, ast.AST):
        silent = {"keys"} if isinstance(node, ast.Dict) else set()
        parts = [value for name, value in ast.iter_fields(node) if name not in silent]
    else:
        parts = node if isinstance(node, list) else []
    for part in parts:
        if not _is_remark(part) and not isinstance(part, ast.Compare):
            yield from _texts(part)


def _folders_of_data(node: ast.AST) -> Iterator[str]:
    """Give every folder that is spelt below the data folder: ``… / "data" / "cases"``."""
    for each in ast.walk(node):
        if not isinstance(each, ast.BinOp) or not isinstance(each.left, ast.BinOp):
            continue
        if list(_texts(each.left.right)) == ["data"]:
            yield from _texts(each.right)


def _files_named(module: _Module, statement: ast.stmt) -> Iterator[Path]:
    """Give the data files, and the files beside the module, that a statement names."""
    data = project_root() / "data"
    for text in dict.fromkeys(_texts([statement])):
        if re.fullmatch(r"[\w-]+\.(csv|yml)", text) and (data / text).is_file():
            yield data / text
        beside = module.path.with_name(text) if re.fullmatch(r"[\w-]+(\.\w+)?", text) else None
        if beside is not None and beside.suffix != ".py" and beside.exists():
            is_package = (beside / "__init__.py").is_file()
            yield from [] if is_package else [beside]
    yield from (
        data / text
        for text in _folders_of_data(statement)
        if re.fullmatch(r"\w+", text) and (data / text).is_dir()
    )


def _statements(place: _Place) -> list[ast.stmt]:
    module = _module(place[0])
    if module is None:
        return []
    return module.definitions[place[1]] if place[1] else module.besides


def _home(maker: str) -> _Place:
    """Find the one module that defines a function or class at its top."""
    head = re.compile(rf"^(?:def|class) {re.escape(maker)}\b", re.MULTILINE)
    package = project_path("src/carelab")
    found = [path for path in package.rglob("*.py") if head.search(path.read_text("utf-8"))]
    if len(found) != 1:
        raise CarelabError(f"'{maker}' is defined in {len(found)} modules; allowed is one")
    parts = found[0].relative_to(package).with_suffix("").parts
    return ".".join((_NAME, *(part for part in parts if part != "__init__"))), maker


@dataclass(frozen=True)
class MadeBy:
    """What made a result.

    Parameters
    ----------
    code : tuple of str
        A hash of each definition, with what its names stand for; no names of files.
    files : tuple of Path
        Data files that the code names, and files beside its modules.
    """

    code: tuple[str, ...]
    files: tuple[Path, ...]


def made_by(*makers: str) -> MadeBy:
    """Follow functions and classes of the package to everything that they use of it.

    >>> [path.name for path in made_by("place_parameters").files]
    ['parameters.csv']
    >>> made_by("place_of_mars")
    Traceback (most recent call last):
    carelab.base.errors.CarelabError: 'place_of_mars' is defined in 0 modules; allowed is one
    """
    waiting = [_home(maker) for maker in makers]
    links: dict[_Place, list[tuple[str, _Place]]] = {}
    files: dict[Path, None] = {}
    while waiting:
        place = waiting.pop()
        module = _module(place[0])
        if place in links or module is None:
            continue
        links[place] = []
        for statement in _statements(place):
            links[place] += _references(place[0], module, statement)
            files.update(dict.fromkeys(_files_named(module, statement)))
        waiting += [(place[0], ""), *(target for _, target in links[place])]
    body = {place: _digest(*map(_written, _statements(place))) for place in links}
    code = {
        _digest(body[place], *sorted(f"{spelt}={body[target]}" for spelt, target in uses))
        for place, uses in links.items()
    }
    return MadeBy(tuple(sorted(code)), tuple(sorted(files)))


# ----------------------------------------------------------------------------- files and sums


@cache
def _body_of(path: Path, changed_ns: int, size_bytes: int) -> str:
    return _digest(_written(ast.parse(path.read_text(encoding="utf-8")).body))


def _body(module: _Module) -> str:
    """Hash a module by what it says, wherever it stands."""
    stat = module.path.stat()
    return _body_of(module.path, stat.st_mtime_ns, stat.st_size)


def _origin(dotted: str) -> str:
    """Say what an imported name stands for: its own name, and the module that defines it."""
    modules = map(_module, dict.fromkeys(place[0] for place in _places(dotted)))
    return _digest(dotted.rpartition(".")[2], *(_body(module) for module in modules if module))


def _content(path: Path) -> str:
    """Hash what a file says: the rows of a table, a script without remarks, else its text."""
    text = path.read_bytes().replace(b"\r\n", b"\n").decode("utf-8", "surrogateescape")
    if path.suffix == ".csv":
        text = repr(list(csv.reader(io.StringIO(text))))
    elif path.suffix in (".js", ".mjs"):
        text = _JS_IMPORT.sub(r"\1", _JS_REMARK.sub("", text)).strip()
    elif path.suffix == ".css":
        text = _CSS_IMPORT.sub(r"\1", _CSS_REMARK.sub("", text))
        text = _BLANK_LINES.sub("\n", text).strip()
    elif path.suffix == ".py":
        module = _module_at(path)
        origins = sorted(f"{name}={_origin(dotted)}" for name, dotted in module.every_import)
        text = f"{origins}{_body(module)}"
    return hashlib.sha256(text.encode("utf-8", "surrogateescape")).hexdigest()


def files_below(path: Path) -> list[Path]:
    """Return a file, or every file below a folder, in order.

    >>> from carelab.base import data_file
    >>> len(files_below(data_file("claims.csv")))
    1
    """
    if path.is_file():
        return [path]
    return sorted(
        file
        for file in path.rglob("*")
        if file.is_file()
        and "__pycache__" not in file.parts
        and not any(part.startswith(".") for part in file.relative_to(path).parts)
    )


def _contents(paths: Iterable[Path]) -> tuple[str, ...]:
    """Hash files: a table goes by its name, code and what lies beside it by what they say."""
    found = {file for path in paths for file in files_below(path) if file.name != _STAMPS}
    stats = ((file, file.stat()) for file in sorted(found))
    return _contents_of(
        project_root() / "data", tuple((file, s.st_mtime_ns, s.st_size) for file, s in stats)
    )


@cache
def _contents_of(data: Path, files: tuple[tuple[Path, int, int], ...]) -> tuple[str, ...]:
    """Hash files once for each time that one of them was changed: a build asks several times."""
    return tuple(
        sorted(
            f"{file.relative_to(data).as_posix()} {_content(file)}"
            if file.is_relative_to(data)
            else _content(file)
            for file, *_ in files
        )
    )


def identity_of(*makers: str) -> str:
    """Return the identity of a result: it changes when what made it does, and only then.

    Parameters
    ----------
    *makers : str
        Functions or classes of the package that make it.

    Returns
    -------
    str
        16 hexadecimal digits, the same on every machine: the code behind the makers, the rows of
        the tables it names, and what else it reads of the package.

    Examples
    --------
    >>> identity_of("place_parameters") == identity_of("preset_levers")
    False
    """
    made = made_by(*makers)
    return _digest(*made.code, *_contents(made.files))[:16]


def code_identity(*makers: str) -> str:
    """Return the identity of code alone, for a result that names the rows it read itself.

    Parameters
    ----------
    *makers : str
        Functions or classes of the package.

    Returns
    -------
    str
        16 hexadecimal digits.

    Examples
    --------
    >>> len(code_identity("place_parameters"))
    16
    """
    return _digest(*made_by(*makers).code)[:16]


def identity_of_files(paths: Iterable[Path]) -> str:
    """Return the identity of whole files and folders.

    >>> from carelab.base import data_file
    >>> len(identity_of_files([data_file("claims.csv")]))
    16
    """
    return _digest(*_contents(paths))[:16]
