"""What a page was made of, told to Sphinx, so that an unchanged page may be left as it is.

Beside its own text a page is made of data files (every role and directive names those that it
reads), of the outputs of its cells (kept in the execution cache), of this package and its words
(on every page), and of the titles and labels of other pages.
"""

import hashlib
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from sphinx.application import Sphinx
from sphinx.config import Config

from carelab.base import execution_cache_path, file_sha256
from carelab.base.paths import project_path

# A word can stand on any page.
_WORDS = ("words.csv", "words.csv.yml")


def note_data(env: Any, *names: str) -> None:
    """Tell Sphinx which data files the page being read is made of, manifests included.

    A name is a file or folder relative to ``data``, such as ``claims.csv`` or ``cases``.
    """
    for name in names:
        path = project_path("data") / name
        beside = path.with_name(f"{path.name}.yml")
        found = sorted(path.rglob("*")) if path.is_dir() else [path, beside]
        for each in found:
            if each.is_file():
                env.note_dependency(each.as_posix())


def package_hash() -> str:
    """Return the hash of the package as written: docstrings stand on pages, too."""
    package = project_path("src/carelab")
    files = [each for each in sorted(package.rglob("*.py")) if each.parent.name != "cli"]
    files += [project_path("data") / name for name in _WORDS]
    return hashlib.sha256("".join(map(file_sha256, files)).encode()).hexdigest()


def _name_inputs_of_every_page(app: Sphinx, config: Config) -> None:
    config["carelab_code"] = package_hash()
    # A page that lists a folder cannot name the file that is added to it tomorrow.
    data = project_path("data")
    config["carelab_data_files"] = sorted(
        each.relative_to(data).as_posix() for each in data.rglob("*") if each.is_file()
    )


def _is_cached(app: Sphinx) -> bool:
    return bool(app.config["nb_execution_mode"] == "cache")


def _read_cached_outputs(app: Sphinx) -> None:
    if not _is_cached(app):
        return
    # After myst-nb made its settings of ours: named there, a cache of another name would be
    # another setting, and every page be read again.
    settings = app.env.mystnb_config  # type: ignore[attr-defined]
    path = execution_cache_path().as_posix()
    app.env.mystnb_config = settings.copy(execution_cache_path=path)  # type: ignore[attr-defined]


def _outputs(app: Sphinx) -> Iterator[tuple[str, str]]:
    """Give every page that has cells, with the hash of what the cache holds of them."""
    from jupyter_cache import get_cache
    from myst_nb.core.read import is_myst_markdown_notebook, read_myst_markdown_notebook

    cache = get_cache(app.env.mystnb_config.execution_cache_path)  # type: ignore[attr-defined]
    for page in sorted(app.env.found_docs):
        text = Path(app.env.doc2path(page)).read_text(encoding="utf-8")
        if not is_myst_markdown_notebook(text):
            continue
        try:
            record = cache.match_cache_notebook(read_myst_markdown_notebook(text))
            notebook = cache.get_cache_bundle(record.pk).nb
        except KeyError:
            yield page, "not executed"
            continue
        shown = [cell.get("outputs") for cell in notebook.cells]
        made = json.dumps([shown, notebook.metadata.get("widgets")], sort_keys=True)
        yield page, hashlib.sha256(made.encode()).hexdigest()


def _pages_with_new_outputs(
    app: Sphinx, env: Any, added: set[str], changed: set[str], removed: set[str]
) -> list[str]:
    before = getattr(env, "carelab_outputs", {})
    env.carelab_outputs = dict(_outputs(app)) if _is_cached(app) else {}
    return [page for page, digest in env.carelab_outputs.items() if before.get(page) != digest]


def _pages_that_name_others(app: Sphinx, env: Any) -> list[str]:
    """Return every page when a title, a label or the order of pages is no longer what it was."""
    standard = env.domains["std"]
    names = {
        "titles": {page: title.astext() for page, title in env.titles.items()},
        "order": env.toctree_includes,
        "numbers": [env.toc_secnumbers, env.toc_fignumbers],
        "labels": [standard.labels, standard.anonlabels],
    }
    digest = hashlib.sha256(json.dumps(names, sort_keys=True, default=str).encode()).hexdigest()
    before, env.carelab_names = getattr(env, "carelab_names", digest), digest
    return [] if before == digest else sorted(env.all_docs)


def setup(app: Sphinx) -> None:
    """Register settings and hooks."""
    app.add_config_value("carelab_code", "", "env")
    app.add_config_value("carelab_data_files", [], "env")
    app.connect("config-inited", _name_inputs_of_every_page)
    app.connect("builder-inited", _read_cached_outputs, priority=600)
    app.connect("env-get-outdated", _pages_with_new_outputs)
    app.connect("env-updated", _pages_that_name_others)
