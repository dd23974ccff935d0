"""Firefox and WebKit, each driven by the protocol that its package brings along.

Firefox speaks WebDriver BiDi by itself, WebKit the older WebDriver through its driver: neither
needs a program that the system's packages do not have.
"""

import contextlib
import json
import os
import queue
import re
import socket
import subprocess
import threading
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import websocket

# How long a browser may take for what is then taken for lost: a busy machine is slow, not wrong.
PATIENCE_S = 300
MOST_PAGES = 10
KEYS = {"Home": "\ue011", "End": "\ue010", "ArrowRight": "\ue014", "Enter": "\ue007"}
# Bring an element into sight and say where its middle, or a part of its width, lies.
POINT = """((selector, part) => {
  const node = document.querySelector(selector);
  node.scrollIntoView({block: "center", behavior: "instant"});
  const box = node.getBoundingClientRect();
  return [Math.round(box.left + box.width * part), Math.round(box.top + box.height / 2)];
})(%s, %s)"""


class PageGoneError(AssertionError):
    """The browser has left the page that was asked."""


class OtherBrowser:
    """What a reader does in a browser: goes to a page, moves a lever, opens a note."""

    name: str

    def goto(self, address: str) -> None:
        raise NotImplementedError

    def evaluate(self, code: str) -> Any:
        """Give the value of an expression of JavaScript."""
        raise NotImplementedError

    def act(self, *sources: dict[str, Any]) -> None:
        """Do with mouse and keys what WebDriver calls actions."""
        raise NotImplementedError

    def wait(self, code: str) -> Any:
        """Wait until an expression is true, and give its value; the page may change meanwhile."""
        look = f"""new Promise((done) => {{
          const look = () => {{
            let found = false;
            try {{ found = {code}; }} catch (error) {{ found = false; }}
            if (found) done(found); else setTimeout(look, 50);
          }};
          look();
        }})"""
        for _ in range(MOST_PAGES):
            with contextlib.suppress(PageGoneError):
                return self.evaluate(look)
        raise AssertionError(f"the page goes on changing: {code}")

    def click(self, selector: str, part: float = 0.5) -> None:
        x, y = self.evaluate(POINT % (json.dumps(selector), part))
        steps = [
            {"type": "pointerMove", "x": x, "y": y},
            {"type": "pointerDown", "button": 0},
            {"type": "pointerUp", "button": 0},
        ]
        self.act({"type": "pointer", "id": "mouse", "actions": steps})

    def press(self, selector: str, key: str) -> None:
        self.evaluate(f"document.querySelector({json.dumps(selector)}).focus()")
        value = KEYS[key]
        steps = [{"type": "keyDown", "value": value}, {"type": "keyUp", "value": value}]
        self.act({"type": "key", "id": "keys", "actions": steps})


class Firefox(OtherBrowser):
    """Firefox by WebDriver BiDi."""

    name = "firefox"

    def __init__(self, address: str) -> None:
        self._socket = websocket.create_connection(
            f"{address}/session", timeout=PATIENCE_S, suppress_origin=True
        )
        self._asked = 0
        self.problems: list[str] = []
        self._send("session.new", capabilities={})
        self._send("session.subscribe", events=["log.entryAdded"])
        self._context = self._send("browsingContext.create", type="tab")["context"]

    def _send(self, method: str, **parameters: Any) -> dict[str, Any]:
        self._asked += 1
        question = {"id": self._asked, "method": method, "params": parameters}
        self._socket.send(json.dumps(question))
        while True:
            answer = json.loads(self._socket.recv())
            if answer.get("method") == "log.entryAdded" and answer["params"]["level"] == "error":
                self.problems.append(answer["params"]["text"])
            if answer.get("id") == self._asked:
                if answer["type"] == "error":
                    kind = PageGoneError if method == "script.evaluate" else AssertionError
                    raise kind(f"{method}: {answer['message']}")
                return answer["result"]

    def goto(self, address: str) -> None:
        self._send("browsingContext.navigate", context=self._context, url=address, wait="complete")

    def evaluate(self, code: str) -> Any:
        answer = self._send(
            "script.evaluate",
            # As text: a value of BiDi is spelt out by its type.
            expression=f"Promise.resolve({code}).then((found) => JSON.stringify(found ?? null))",
            target={"context": self._context},
            awaitPromise=True,
        )
        if answer["type"] != "success":
            raise AssertionError(f"{code}: {answer['exceptionDetails']['text']}")
        return json.loads(answer["result"]["value"])

    def act(self, *sources: dict[str, Any]) -> None:
        self._send("input.performActions", context=self._context, actions=list(sources))

    def close(self) -> None:
        self._socket.close()


class WebKit(OtherBrowser):
    """WebKit's MiniBrowser by the WebDriver of its package."""

    name = "webkit"

    def __init__(self, address: str, program: str) -> None:
        self._address = address
        self.problems: list[str] = []
        options = {"binary": program, "args": ["--automation"]}
        wanted = {"alwaysMatch": {"webkitgtk:browserOptions": options}}
        session = self._ask("POST", "/session", {"capabilities": wanted})["sessionId"]
        self._address = f"{address}/session/{session}"
        limits = {"script": PATIENCE_S * 1000, "pageLoad": PATIENCE_S * 1000}
        self._ask("POST", "/timeouts", limits)

    def _ask(self, method: str, path: str, content: dict[str, Any] | None = None) -> Any:
        data = None if content is None else json.dumps(content).encode()
        request = urllib.request.Request(f"{self._address}{path}", data, method=method)
        try:
            with urllib.request.urlopen(request, timeout=PATIENCE_S) as answer:
                return json.load(answer)["value"]
        except urllib.error.HTTPError as error:
            kind = PageGoneError if path.startswith("/execute") else AssertionError
            raise kind(f"{path}: {error.read().decode()[:400]}") from None

    def goto(self, address: str) -> None:
        self._ask("POST", "/url", {"url": address})

    def evaluate(self, code: str) -> Any:
        script = (
            "const done = arguments[arguments.length - 1];"
            f"Promise.resolve({code}).then((found) => done(JSON.stringify(found ?? null)),"
            " (error) => done(JSON.stringify({failed: String(error)})));"
        )
        found = json.loads(self._ask("POST", "/execute/async", {"script": script, "args": []}))
        if isinstance(found, dict) and "failed" in found:
            raise AssertionError(f"{code}: {found['failed']}")
        return found

    def act(self, *sources: dict[str, Any]) -> None:
        self._ask("POST", "/actions", {"actions": list(sources)})

    def close(self) -> None:
        self._ask("DELETE", "")


def _lines(stream: Any) -> "queue.Queue[str | None]":
    """Read a program's output aside, so that it never stops for want of a reader."""
    lines: queue.Queue[str | None] = queue.Queue()

    def read() -> None:
        for line in stream:
            lines.put(line)
        lines.put(None)

    threading.Thread(target=read, daemon=True).start()
    return lines


@contextlib.contextmanager
def _running(command: list[str], **options: Any) -> Iterator[subprocess.Popen[str]]:
    process = subprocess.Popen(command, text=True, **options)
    try:
        yield process
    finally:
        process.terminate()
        process.wait()


@contextlib.contextmanager
def open_firefox(program: Path, folder: Path) -> Iterator[Firefox]:
    """Start Firefox with a profile of its own."""
    command = [str(program), "--headless", "--remote-debugging-port", "0"]
    command += ["--profile", str(folder), "about:blank"]
    told = {"stdout": subprocess.DEVNULL, "stderr": subprocess.PIPE}
    # What it keeps lies in the folder of the test, whoever runs it.
    environment = {**os.environ, "HOME": str(folder), "MOZ_CRASHREPORTER_DISABLE": "1"}
    with _running(command, env=environment, **told) as process:
        lines = _lines(process.stderr)
        said = []
        while (line := lines.get(timeout=PATIENCE_S)) is not None:
            said.append(line)
            if found := re.search(r"WebDriver BiDi listening on (ws://\S+)", line):
                browser = Firefox(found[1])
                yield browser
                browser.close()
                return
        raise AssertionError(f"Firefox did not start: {''.join(said)[-500:]}")


def _free_port() -> int:
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return found.getsockname()[1]


def _wait_for_port(port: int, process: subprocess.Popen[str]) -> None:
    while process.poll() is None:
        with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), 5):
            return
    raise AssertionError("the driver of WebKit did not start")


@contextlib.contextmanager
def _screen() -> Iterator[str]:
    """Give a screen: the reader's, or one that nobody sees."""
    if display := os.environ.get("DISPLAY"):
        yield display
        return
    command = ["Xvfb", "-displayfd", "1", "-screen", "0", "1280x900x24"]
    told = {"stdout": subprocess.PIPE, "stderr": subprocess.DEVNULL}
    with _running(command, **told) as process:
        assert process.stdout is not None
        yield f":{process.stdout.readline().strip()}"


@contextlib.contextmanager
def open_webkit(driver: Path, program: Path, folder: Path) -> Iterator[WebKit]:
    """Start WebKit's MiniBrowser."""
    port = _free_port()
    quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
    with _screen() as display:
        environment = {**os.environ, "HOME": str(folder), "DISPLAY": display}
        with _running([str(driver), f"--port={port}"], env=environment, **quiet) as process:
            _wait_for_port(port, process)
            browser = WebKit(f"http://127.0.0.1:{port}", str(program))
            yield browser
            browser.close()
