"""Open the chapters in JupyterLab, with settings of the project's own."""

import json
import os
import subprocess
import sys
from pathlib import Path

from carelab.base import project_root
from carelab.base.whole_files import write_whole
from carelab.cli.execution import isolate_jupyter
from carelab.cli.reporting import say

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
