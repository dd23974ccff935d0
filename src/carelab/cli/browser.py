"""Find a Chromium for the browser tests, or get one."""

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

from carelab.cli.reporting import say

ENVIRONMENT_NAME = "CARELAB_CHROMIUM"
CHROMIUM_FLAGS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
)
_NAMES = (
    "chromium",
    "chromium-browser",
    "google-chrome",
    "google-chrome-stable",
    "chrome",
    "msedge",
)
_MAC = (
    "Google Chrome.app/Contents/MacOS/Google Chrome",
    "Chromium.app/Contents/MacOS/Chromium",
    "Microsoft Edge.app/Contents/MacOS/Microsoft Edge",
)
_WINDOWS = (
    "Google/Chrome/Application/chrome.exe",
    "Chromium/Application/chrome.exe",
    "Microsoft/Edge/Application/msedge.exe",
)


def _candidates() -> Iterator[Path]:
    for name in _NAMES:
        if found := shutil.which(name):
            yield Path(found)
    if sys.platform == "darwin":
        for folder in (Path("/Applications"), Path.home() / "Applications"):
            yield from (folder / name for name in _MAC)
    if sys.platform == "win32":
        for variable in ("PROGRAMFILES", "PROGRAMFILES(X86)", "LOCALAPPDATA"):
            if folder_name := os.environ.get(variable):
                yield from (Path(folder_name) / name for name in _WINDOWS)


def _starts(path: Path) -> bool:
    # some systems put a script there that only says how to install the browser
    if not path.is_file():
        return False
    if sys.platform == "win32":  # --version would open a window
        return True
    try:
        answer = subprocess.run([path, "--version"], capture_output=True, timeout=60, check=False)
    except (OSError, subprocess.TimeoutExpired):
        return False
    return answer.returncode == 0


def installed_chromium() -> Path | None:
    """Return a Chromium, Chrome or Edge of this machine."""
    if chosen := os.environ.get(ENVIRONMENT_NAME):
        return Path(chosen)
    return next((path for path in _candidates() if _starts(path)), None)


def _install_by_apt() -> Path | None:
    if not (hasattr(os, "geteuid") and os.geteuid() == 0 and shutil.which("apt-get")):
        return None
    say("test", "no Chromium found: installing the system's package chromium")
    env = dict(os.environ, DEBIAN_FRONTEND="noninteractive")
    for command in (["update"], ["install", "-y", "--no-install-recommends", "chromium"]):
        call = ["apt-get", "-qq", *command]
        if subprocess.run(call, env=env, stdout=subprocess.DEVNULL, check=False).returncode:
            return None
    return installed_chromium()


def _playwright_chromium() -> Path | None:
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        path = Path(playwright.chromium.executable_path)
    if not _starts(path):
        say("test", "no Chromium found: asking playwright for one")
        command = [sys.executable, "-m", "playwright", "install", "chromium"]
        subprocess.run(command, check=False)
    return path if _starts(path) else None


def find_chromium() -> Path | None:
    """Return a Chromium, installing one if this machine lets us."""
    return installed_chromium() or _install_by_apt() or _playwright_chromium()
