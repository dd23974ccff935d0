"""Show the book: the built pages at a local address, the chapters in JupyterLab."""

import json
import os
import subprocess
import sys
from collections.abc import Callable
from contextlib import suppress
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

from carelab.base import project_root
from carelab.base.whole_files import write_whole
from carelab.cli.building import first_page, html_folder
from carelab.cli.execution import isolate_jupyter
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


LAB_SETTINGS = {
    # a double click on a chapter opens the notebook, not its text
    "@jupyterlab/docmanager-extension:plugin": {
        "defaultViewers": {"markdown": "Jupytext Notebook", "myst": "Jupytext Notebook"}
    },
    # no requests to third parties
    "@jupyterlab/apputils-extension:notification": {
        "checkForUpdates": False,
        "fetchNews": "false",
    },
}


def write_lab_settings() -> Path:
    """Write JupyterLab's settings below ``_build`` and point the environment there."""
    isolate_jupyter()
    folder = project_root() / "_build" / "jupyter"
    os.environ["JUPYTERLAB_SETTINGS_DIR"] = str(folder / "lab" / "user-settings")
    os.environ["JUPYTERLAB_WORKSPACES_DIR"] = str(folder / "lab" / "workspaces")
    file = folder / "config" / "labconfig" / "default_setting_overrides.json"
    file.parent.mkdir(parents=True, exist_ok=True)
    write_whole(file, json.dumps(LAB_SETTINGS, indent=2) + "\n")
    return file


def open_notebooks() -> int:
    """Start JupyterLab on the chapters and wait until it ends."""
    write_lab_settings()
    say("live", "JupyterLab opens; a double click on a chapter opens it as a notebook")
    root_dir = f"--ServerApp.root_dir={project_root() / 'notebooks'}"
    command = [sys.executable, "-m", "jupyterlab", root_dir, *_extra_options()]
    return subprocess.run(command, check=False).returncode


def _extra_options() -> list[str]:
    # Jupyter refuses to run as root unless told, and containers run as root
    is_root = hasattr(os, "geteuid") and os.geteuid() == 0
    return ["--allow-root", "--no-browser"] if is_root else []
