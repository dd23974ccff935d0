"""Show the built book at a local address."""

from contextlib import suppress
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer

from carelab.cli.building import first_page, html_folder
from carelab.cli.reporting import TaskError, say

HOST = "127.0.0.1"


class _QuietHandler(SimpleHTTPRequestHandler):
    def log_message(self, format: str, *args: object) -> None:
        """Keep the screen free for the address."""


def book_server(port: int) -> ThreadingHTTPServer:
    """Return a server of the built pages that this machine alone can reach.

    Parameters
    ----------
    port : int
        Port number; 0 takes a free one.

    Returns
    -------
    ThreadingHTTPServer
        The server, not yet running.

    Raises
    ------
    TaskError
        When the book is not built or the port is taken.
    """
    if not first_page().is_file():
        raise TaskError("The book is not built yet: run `python3 run.py book` first.")
    handler = partial(_QuietHandler, directory=str(html_folder()))
    try:
        return ThreadingHTTPServer((HOST, port), handler)
    except (OSError, OverflowError) as error:
        raise TaskError(
            f"Port {port} cannot be used ({error}): choose another with --port."
        ) from error


def serve_book(port: int) -> None:
    """Serve the built pages until the user presses Ctrl-C.

    Parameters
    ----------
    port : int
        Port number; 0 takes a free one.
    """
    with book_server(port) as server:
        page = first_page().relative_to(html_folder()).as_posix()
        say("serve", f"http://{HOST}:{server.server_port}/{page}  (Ctrl-C ends)")
        with suppress(KeyboardInterrupt):
            server.serve_forever()
