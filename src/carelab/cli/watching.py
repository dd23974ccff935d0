"""Serve the book while it is written: a saved file is built, and the open page reloads.

The parent keeps the slow imports and nothing else; each build runs in a fork of it, so a build
starts at once and never meets what an earlier one has read. Edited code of the package starts the
whole task again.
"""

import importlib
import multiprocessing
import os
import sys
import time
from collections.abc import Iterator
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

from carelab.base import CarelabError, project_root
from carelab.cli.building import build_book, html_folder
from carelab.cli.reporting import say
from carelab.cli.serving import book_server, page_address

_WATCHED = ("book", "notebooks", "data", "src/carelab", "_config.yml", "_toc.yml")
_CODE = "src/carelab"
_SECONDS_BETWEEN_LOOKS = 0.3
# Half of a build's time is spent on these.
_SLOW_IMPORTS = (
    *("jupyter_book.sphinx", "jupyter_cache.readers", "myst_nb", "pandas", "pandera"),
    *("sphinx_book_theme", "matplotlib.pyplot", "carelab.sphinx_ext", "carelab.plots"),
)
_RELOAD = b"""<script>
(function () {
  let seen = null;
  setInterval(async () => {
    const now = await fetch("/__built").then((reply) => reply.text()).catch(() => seen);
    if (seen !== null && now !== seen) location.reload();
    seen = now;
  }, 700);
})();
</script></body>"""


class ReloadingHandler(SimpleHTTPRequestHandler):
    """Serve a page with a script that reloads it after the next build."""

    builds: Any = None  # how many there were; shared with the process that builds

    def log_message(self, format: str, *args: object) -> None:
        """Keep the screen free for what is built."""

    def do_GET(self) -> None:
        """Answer a request; the file on the disk stays as it was built."""
        page = Path(self.translate_path(self.path))
        if self.path == "/__built":
            content = str(self.builds.value).encode()
        elif page.suffix == ".html" and page.is_file():
            content = page.read_bytes().replace(b"</body>", _RELOAD, 1)
        else:
            super().do_GET()
            return
        self.send_response(200)
        self.send_header("Content-Type", "text/html; charset=utf-8")
        self.send_header("Content-Length", str(len(content)))
        self.send_header("Cache-Control", "no-store")
        self.end_headers()
        self.wfile.write(content)


def _serve(server: ThreadingHTTPServer, builds: Any) -> None:
    ReloadingHandler.builds = builds
    try:
        server.serve_forever()
    except KeyboardInterrupt:
        return


def _files(root: Path) -> Iterator[Path]:
    for name in _WATCHED:
        place = root / name
        found = [place] if place.is_file() else place.rglob("*")
        yield from (
            path
            for path in found
            if not {"__pycache__", "_static"} & set(path.parts) and not path.name.startswith(".")
        )


def state_of(root: Path) -> dict[str, int]:
    """Return when each file that the book is made of was last written."""
    state = {}
    for path in _files(root):
        try:
            state[path.relative_to(root).as_posix()] = path.stat().st_mtime_ns
        except OSError:
            continue  # an editor replaced it between two looks
    return state


def changed(before: dict[str, int], after: dict[str, int]) -> list[str]:
    """Return the files written, added or removed between two states.

    >>> changed({"a": 1, "b": 1}, {"a": 2, "c": 1})
    ['a', 'b', 'c']
    """
    return sorted({name for name, _ in before.items() ^ after.items()})


def _build() -> None:
    try:
        build_book()
    except CarelabError as problem:
        say("serve", str(problem))
        sys.exit(1)


def _build_apart(context: Any, builds: Any) -> None:
    started = time.perf_counter()
    process = context.Process(target=_build)
    process.start()
    process.join()
    if process.exitcode == 0:
        builds.value += 1
    told = "built" if process.exitcode == 0 else "NOT built, the pages are those of before"
    say("serve", f"{told}, {time.perf_counter() - started:.1f} s; waiting for a change")


def watch_book(port: int) -> None:
    """Serve the book, and build it again after each change until the user presses Ctrl-C."""
    root = project_root()
    method = "fork" if "fork" in multiprocessing.get_all_start_methods() else "spawn"
    context: Any = multiprocessing.get_context(method)
    builds = context.Value("i", 0)
    state = state_of(root)
    for name in _SLOW_IMPORTS:
        importlib.import_module(name)
    _build_apart(context, builds)
    with book_server(port, partial(ReloadingHandler, directory=str(html_folder()))) as server:
        reader = context.Process(target=_serve, args=(server, builds), daemon=True)
        reader.start()
        say("serve", f"{page_address(server)}  (Ctrl-C ends)")
        try:
            while True:
                time.sleep(_SECONDS_BETWEEN_LOOKS)
                now = state_of(root)
                files = changed(state, now)
                if any(name.startswith(_CODE) and name.endswith(".py") for name in files):
                    say("serve", "code of the package changed: starting again")
                    reader.terminate()
                    reader.join()
                    server.server_close()
                    _start_again(server.server_port)
                if files:
                    say("serve", f"changed: {', '.join(files[:3])}")
                    state = now
                    _build_apart(context, builds)
        except KeyboardInterrupt:
            reader.terminate()


def _start_again(port: int) -> None:
    command = [sys.executable, "-m", "carelab", "serve", "--watch", "--port", str(port)]
    os.execv(sys.executable, command)
