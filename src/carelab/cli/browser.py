"""Find the browsers of the tests, or get them: Chromium, and for ``--all`` Firefox and WebKit."""

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


def _install_by_apt(name: str, *packages: str) -> bool:
    """Install packages of the system, where we may; tell whether they are there."""
    if not (hasattr(os, "geteuid") and os.geteuid() == 0 and shutil.which("apt-get")):
        return False
    say("test", f"no {name} found: installing the system's packages {', '.join(packages)}")
    env = dict(os.environ, DEBIAN_FRONTEND="noninteractive")
    for command in (["update"], ["install", "-y", "--no-install-recommends", *packages]):
        call = ["apt-get", "-qq", *command]
        if subprocess.run(call, env=env, stdout=subprocess.DEVNULL, check=False).returncode:
            return False
    return True


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
    if found := installed_chromium():
        return found
    by_apt = _install_by_apt("Chromium", "chromium") and installed_chromium()
    return by_apt or _playwright_chromium()


def _installed_firefox() -> Path | None:
    found = (shutil.which(name) for name in ("firefox-esr", "firefox"))
    return next((Path(path) for path in found if path and _starts(Path(path))), None)


def find_firefox() -> Path | None:
    """Return a Firefox, installing the system's package if this machine lets us."""
    if found := _installed_firefox():
        return found
    return _installed_firefox() if _install_by_apt("Firefox", "firefox-esr") else None


def _installed_webkit() -> tuple[Path, Path] | None:
    driver = shutil.which("WebKitWebDriver")
    # Debian keeps the small browser with the library, by machine and version.
    places = sorted(Path("/usr").glob("lib*/**/webkit2gtk-4.*/MiniBrowser"))
    screen = os.environ.get("DISPLAY") or shutil.which("Xvfb")
    return (Path(driver), places[-1]) if driver and places and screen else None


def find_webkit() -> tuple[Path, Path] | None:
    """Return the driver of WebKit and its small browser, installing them if it can be done."""
    if found := _installed_webkit():
        return found
    packages = ("webkit2gtk-driver", "xvfb")
    return _installed_webkit() if _install_by_apt("WebKit", *packages) else None
