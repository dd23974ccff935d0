"""Show the built book at a local address."""

from collections.abc import Callable
from contextlib import suppress
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from carelab.cli.building import first_page, html_folder
from carelab.cli.reporting import TaskError, say

HOST = "127.0.0.1"


class _QuietHandler(SimpleHTTPRequestHandler):
    def log_message(self, format: str, *args: object) -> None:
        """Keep the screen free for the address."""


def book_server(port: int, handler: Callable[..., Any] | None = None) -> ThreadingHTTPServer:
    """Return a server of the built pages that this machine alone can reach, not yet running.

    Port 0 takes a free one; a `TaskError` says that the book is not built or the port is taken.
    """
    if not first_page().is_file():
        raise TaskError("The book is not built yet: run `python3 run.py book` first.")
    handler = handler or partial(_QuietHandler, directory=str(html_folder()))
    try:
        return ThreadingHTTPServer((HOST, port), handler)
    except (OSError, OverflowError) as error:
        raise TaskError(
            f"Port {port} cannot be used ({error}): choose another with --port."
        ) from error


def page_address(server: ThreadingHTTPServer) -> str:
    """Return the address of the page that a reader opens."""
    page = first_page().relative_to(html_folder()).as_posix()
    return f"http://{HOST}:{server.server_port}/{page}"


def serve_book(port: int) -> None:
    """Serve the built pages until the user presses Ctrl-C."""
    with book_server(port) as server:
        say("serve", f"{page_address(server)}  (Ctrl-C ends)")
        with suppress(KeyboardInterrupt):
            server.serve_forever()
