"""How fast the lab of the care economy answers a hand, and how much a page with it weighs.

A Chromium without a window, at full speed and with its processor slowed to a quarter; four
charts, three scenarios and the baseline. ``python3 run.py bench --store`` keeps what is measured.
"""

import functools
import http.server
import statistics
import sys
import tempfile
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import unquote, urlsplit

from lab_page import (
    FRAME_MS,
    fanned,
    moved,
    opened,
    packed_kilobytes,
    percentile,
    pin_two,
    ready,
    write_page,
)
from stored_rows import LAB, Row, store_rows

from carelab.base import project_root
from carelab.lab import page_part, page_script
from carelab.sphinx_ext.assets import smaller

SLOWER = 4


def most(name: str, value: float, unit: str, limit: float | None = None) -> Row:
    return Row(f"{LAB}{name}", value, unit, None if limit is None else ("at most", limit))


def of_moves(address: str) -> list[Row]:
    rows = []
    for slower, how, median, tail in (
        (1, "", 33, 50),
        (SLOWER, ", processor at a quarter", None, 80),
    ):
        with opened(address, slower) as page:
            pin_two(page)
            times = moved(page)
            rows.append(
                most(f"lever to repaint, median{how}", statistics.median(times), "ms", median)
            )
            rows.append(most(f"lever to repaint, 95 %{how}", percentile(times, 0.95), "ms", tail))
            frames = statistics.median(times) / FRAME_MS
            rows.append(most(f"lever to repaint in frames, median{how}", frames, "frames"))
            if slower == 1:
                fans = fanned(page)
                rows.append(most("fan of 500 draws, median", statistics.median(fans), "ms"))
                rows.append(most("fan of 500 draws, 95 %", percentile(fans, 0.95), "ms", 100))
    return rows


class _Quiet(http.server.SimpleHTTPRequestHandler):
    def log_message(self, *_: object) -> None:
        """Say nothing."""


@contextmanager
def served(folder: Path) -> Iterator[str]:
    handler = functools.partial(_Quiet, directory=str(folder))
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_address[1]}"
        server.shutdown()


def chapter(book: Path) -> str | None:
    """The first chapter with a lab, one of the care economy if there is one."""
    pages = sorted((book / "notebooks").glob("*.html"))
    for mark in ('data-carelab="economy"', "data-carelab="):
        for page in pages:
            if mark in page.read_text(encoding="utf-8"):
                return page.relative_to(book).as_posix()
    return None


def of_the_book() -> list[Row]:
    """Measure a chapter of the built book: every file that it loads, and when its lab answers."""
    book = project_root() / "_build" / "html"
    name = chapter(book) if book.is_dir() else None
    if name is None:
        print("  the page of the book: SKIPPED, build it first with python3 run.py book")
        return []
    with served(book) as site, opened(f"{site}/{name}") as page:
        asked: set[str] = set()
        page.on("request", lambda each: asked.add(urlsplit(each.url).path))
        page.reload(wait_until="networkidle")
        files = [book / unquote(path).lstrip("/") for path in sorted(asked)]
        sizes = [each.read_bytes() for each in files if each.is_file()]
        times = ready(page)
    print(f"  {name}: {len(sizes)} files")
    return [
        most("a chapter answers after navigation, median", statistics.median(times), "ms", 400),
        most("all files of a chapter, compressed", packed_kilobytes(*sizes), "KB", 400),
    ]


def main() -> None:
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder:
        rows = of_moves(write_page(Path(folder)).as_uri())
    rows += of_the_book()
    scripts = (page_script(), page_part("hospital"))
    code = packed_kilobytes(*(smaller(script).encode() for script in scripts))
    rows.append(most("code of both kinds of lab, compressed", code, "KB", 60))
    for row in rows:
        print(f"  {row.sentence()}")
    if "--store" in sys.argv[1:]:
        store_rows(sorted(rows, key=lambda row: row.goal is None))


if __name__ == "__main__":
    main()
