"""What the README promises of set-up, the live notebooks and sealing."""

import importlib.util
import json
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import threading
import time
import urllib.parse
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import pytest

from carelab.base import broken_seals, paths
from carelab.cli import checking, main

ROOT = Path(__file__).resolve().parents[1]
# What is taken for lost; a busy machine is slow, not wrong.
PATIENCE_S = 1800


# ------------------------------------------------------------------------------------------ seals


@pytest.fixture
def copy(root, tmp_path, monkeypatch) -> Path:
    """A copy of the data that the commands take for the project's."""
    there = tmp_path / "project"
    shutil.copytree(root / "data", there / "data")
    package = there / "src" / "carelab"
    (package / "base").mkdir(parents=True)
    for name in ("pyproject.toml", "run.py", "_toc.yml", "_config.yml"):
        shutil.copy(root / name, there)
    monkeypatch.setattr(paths, "_HERE", package / "base" / "paths.py")
    monkeypatch.setattr(paths, "_PACKAGE", package)
    monkeypatch.setattr(checking, "check_code", list)
    return there


def contents(folder: Path) -> dict[str, bytes]:
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in folder.rglob("*")
        if path.is_file()
    }


def test_check_fix_seals_exactly_what_was_edited(copy, capsys):
    data = copy / "data"
    assert main(["check", "--fix"]) == 0
    assert "sealed" not in capsys.readouterr().out
    for name in ("frames.csv", "limits.csv"):
        path = data / name
        path.write_text(path.read_text(encoding="utf-8") + "\n", encoding="utf-8")
    before = contents(data)
    assert [each.split("'")[1] for each in broken_seals(data)] == ["frames.csv", "limits.csv"]
    assert main(["check", "--fix"]) == 0
    said = capsys.readouterr().out
    assert re.findall(r"sealed (\S+)", said) == ["frames.csv", "limits.csv"]
    assert broken_seals(data) == []
    after = contents(data)
    assert set(after) == set(before)
    changed = {name for name in after if after[name] != before[name]}
    assert changed == {"frames.csv.yml", "limits.csv.yml"}
    for name in changed:  # of a manifest one line only
        old, new = (each[name].decode("utf-8").splitlines() for each in (before, after))
        (pair,) = [pair for pair in zip(old, new, strict=True) if pair[0] != pair[1]]
        assert pair[1].startswith("sha256: ")
    main(["check", "--fix"])
    assert contents(data) == after


def test_check_without_fix_writes_nothing(copy):
    path = copy / "data" / "frames.csv"
    path.write_text(path.read_text(encoding="utf-8") + "\n", encoding="utf-8")
    before = contents(copy)
    main(["check"])
    assert contents(copy) == before


# ------------------------------------------------------------------------------------------- live


@pytest.mark.slow
def test_live_opens_the_chapters_in_jupyterlab(tmp_path):
    runtime = tmp_path / "runtime"
    env = os.environ | {"JUPYTER_RUNTIME_DIR": str(runtime), "BROWSER": "true", "PYTHONUTF8": "1"}
    group = {"start_new_session": True} if os.name != "nt" else {}
    with (tmp_path / "said").open("wb") as said:
        live = subprocess.Popen(
            [sys.executable, "-m", "carelab", "live"], cwd=ROOT, env=env, stdout=said,
            stderr=subprocess.STDOUT, **group,
        )  # fmt: skip
    try:
        server = _server(runtime, live, tmp_path / "said")
        token = f"?token={server['token']}"
        status = json.load(urllib.request.urlopen(f"{server['url']}api/status{token}"))
        assert "started" in status
        page = urllib.request.urlopen(f"{server['url']}lab{token}").read().decode("utf-8")
        assert "JupyterLab" in page
        names = json.load(urllib.request.urlopen(f"{server['url']}api/contents{token}"))["content"]
        chapters = {path.name for path in (ROOT / "notebooks").glob("*.md")}
        assert chapters <= {each["name"] for each in names}
        first = json.load(
            urllib.request.urlopen(
                f"{server['url']}api/contents/01-why-integrate.md{token}&type=notebook"
            )
        )
        kinds = {cell["cell_type"] for cell in first["content"]["cells"]}
        assert kinds == {"markdown", "code"}
    finally:
        if os.name == "nt":
            live.terminate()
        else:
            with suppress(ProcessLookupError):
                os.killpg(live.pid, signal.SIGTERM)
        live.wait(PATIENCE_S)


def _server(runtime: Path, live: subprocess.Popen[bytes], said: Path) -> dict[str, str]:
    """Wait until the server has written down where it listens, and listens."""
    end = time.monotonic() + PATIENCE_S
    while time.monotonic() < end:
        assert live.poll() is None, said.read_text(encoding="utf-8")
        for file in runtime.glob("jpserver-*.json"):
            with suppress(ValueError, OSError):
                server = json.loads(file.read_text(encoding="utf-8"))
                urllib.request.urlopen(f"{server['url']}api").read()
                return server
        time.sleep(0.2)
    raise AssertionError(said.read_text(encoding="utf-8"))


# ----------------------------------------------------------------------------------------- set-up


def _pump(source: socket.socket, target: socket.socket) -> None:
    with suppress(OSError):
        while data := source.recv(65536):
            target.sendall(data)
    with suppress(OSError):
        target.shutdown(socket.SHUT_WR)


def _tunnel(client: socket.socket, asked: list[str]) -> None:
    with client, suppress(OSError):
        head = b""
        while b"\r\n\r\n" not in head and (data := client.recv(4096)):
            head += data
        method, address, _ = head.split(b"\r\n")[0].decode("latin-1").split(" ", 2)
        if method == "CONNECT":
            host, port = address.rsplit(":", 1)
        else:
            parts = urllib.parse.urlsplit(address)
            host, port = parts.hostname or "", str(parts.port or 80)
        asked.append(host)
        with socket.create_connection((host.strip("[]"), int(port))) as server:
            if method == "CONNECT":
                client.sendall(b"HTTP/1.1 200 Connection established\r\n\r\n")
            else:
                path = address.split("/", 3)[-1]
                server.sendall(head.replace(address.encode(), f"/{path}".encode(), 1))
            back = threading.Thread(target=_pump, args=(server, client), daemon=True)
            back.start()
            _pump(client, server)
            back.join()


@contextmanager
def recording_proxy() -> Iterator[tuple[str, list[str]]]:
    """A proxy on this machine that writes down which hosts are asked."""
    asked: list[str] = []
    listener = socket.create_server(("127.0.0.1", 0))

    def serve() -> None:
        with suppress(OSError):
            while True:
                client, _ = listener.accept()
                threading.Thread(target=_tunnel, args=(client, asked), daemon=True).start()

    threading.Thread(target=serve, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{listener.getsockname()[1]}", asked
    finally:
        listener.close()


def test_the_proxy_writes_down_the_hosts_that_are_asked(tmp_path, serve):
    (tmp_path / "a.txt").write_text("here", encoding="utf-8")
    with serve(tmp_path) as address, recording_proxy() as (proxy, asked):
        opener = urllib.request.build_opener(urllib.request.ProxyHandler({"http": proxy}))
        assert opener.open(f"{address}/a.txt").read() == b"here"
        assert asked == ["127.0.0.1"]


def hosts_of_the_index(run, env: dict[str, str]) -> set[str | None]:
    """The host of the package index, and those to which its pages link."""
    index, login = run.split_login(env.get("UV_DEFAULT_INDEX") or run.DEFAULT_INDEX)
    if not index.startswith("http"):
        return set()
    kinds = {"Accept": "application/vnd.pypi.simple.v1+json, text/html;q=0.5", **login}
    address, page = run.fetch(f"{index.rstrip('/')}/uv/", env, kinds)
    links = (urllib.parse.urljoin(address, each) for each in run.links_of(page))
    return {urllib.parse.urlsplit(each).hostname for each in (index, address, *links)}


@pytest.mark.slow
def test_a_fresh_environment_asks_the_package_index_and_nothing_else(tmp_path):
    spec = importlib.util.spec_from_file_location("run", ROOT / "run.py")
    assert spec and spec.loader
    run = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(run)
    allowed = hosts_of_the_index(run, run.uv_environment())
    place = tmp_path / "clone"
    subprocess.run(["git", "clone", "--quiet", str(ROOT), str(place)], check=True)
    unset = ("VIRTUAL_ENV", "NO_PROXY", "no_proxy", "PYTHONPATH")
    env = {name: value for name, value in os.environ.items() if name not in unset}
    env["UV_CACHE_DIR"] = str(tmp_path / "cache")  # empty: nothing comes from an earlier day
    with recording_proxy() as (proxy, asked):
        for name in ("http_proxy", "https_proxy", "all_proxy"):
            env |= {name: proxy, name.upper(): proxy}
        bare = getattr(sys, "_base_executable", sys.executable)
        done = subprocess.run(
            [bare, "run.py", "new-case", "trial"], cwd=place, env=env, capture_output=True,
            text=True, check=False,
        )  # fmt: skip
    assert done.returncode == 0, done.stdout + done.stderr
    assert (place / "cases" / "trial.yml").is_file()
    print(f"\nasked: {sorted(set(asked))} of {sorted(map(str, allowed))}")
    assert bool(asked) == bool(allowed)
    assert set(asked) <= allowed
