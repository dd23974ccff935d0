"""The set-up script: what it tells an old Python, and how it fetches and checks uv."""

import base64
import hashlib
import http.server
import importlib.util
import io
import os
import re
import subprocess
import sys
import threading
import urllib.error
import urllib.parse
import zipfile
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType

import pytest

ROOT = Path(__file__).resolve().parents[1]
LOGIN = "Basic " + base64.b64encode(b"me:p@ss").decode()


@pytest.fixture
def run() -> ModuleType:
    spec = importlib.util.spec_from_file_location("run", ROOT / "run.py")
    assert spec and spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture
def no_settings(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    for name in ("PIP_INDEX_URL", "UV_DEFAULT_INDEX", "UV_INDEX_URL", "PIP_CERT", "SSL_CERT_FILE"):
        monkeypatch.delenv(name, raising=False)
    settings = tmp_path / "pip.conf"
    settings.touch()
    monkeypatch.setenv("PIP_CONFIG_FILE", str(settings))
    return settings


def wheel_with(program: bytes, version: str) -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr(f"uv-{version}.data/scripts/uv", program)
    return packed.getvalue()


class Index(http.server.BaseHTTPRequestHandler):
    """A package index that asks for a login and offers one file."""

    filename = ""
    content = b""
    as_json = False

    def do_GET(self) -> None:
        if self.headers.get("Authorization") != LOGIN:
            self.send_error(401)
            return
        link = f"../../files/{self.filename}"
        page = f'<a href="{link}#sha256=0">{self.filename}</a>'
        if self.as_json:
            page = f'{{"files": [{{"url": "{link}"}}]}}'
        body = self.content if self.path.startswith("/files/") else page.encode()
        self.send_response(200)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:
        pass


@pytest.fixture
def index(run: ModuleType, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    wheel = wheel_with(b"a program", run.UV_VERSION)
    monkeypatch.setattr(Index, "content", wheel)
    monkeypatch.setattr(Index, "filename", "uv-test.whl")
    monkeypatch.setattr(run, "uv_wheel", lambda: ("uv-test.whl", hashlib.sha256(wheel).hexdigest()))
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), Index) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://me:p%40ss@127.0.0.1:{server.server_port}/simple"
        server.shutdown()


@pytest.mark.parametrize("as_json", [False, True])
def test_uv_comes_from_the_users_index_with_the_users_login(
    run: ModuleType, index: str, as_json: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Index, "as_json", as_json)
    run.download_uv(tmp_path / "uv", {"UV_DEFAULT_INDEX": index})
    assert (tmp_path / "uv").read_bytes() == b"a program"
    assert [path.name for path in tmp_path.iterdir()] == ["uv"]


def test_a_changed_wheel_is_refused(
    run: ModuleType, index: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Index, "content", b"something else")
    with pytest.raises(run.SetupError, match=r"checksum .* is not used"):
        run.download_uv(tmp_path / "uv", {"UV_DEFAULT_INDEX": index})
    assert not (tmp_path / "uv").exists()


def test_an_index_without_the_wheel_says_what_to_set(
    run: ModuleType, index: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Index, "filename", "uv-old.whl")
    with pytest.raises(run.SetupError, match="PIP_INDEX_URL") as caught:
        run.download_from_index("uv-test.whl", {"UV_DEFAULT_INDEX": index})
    assert "p@ss" not in str(caught.value)
    assert "p%40ss" not in str(caught.value)


def test_no_network_says_what_to_check(run: ModuleType, tmp_path: Path) -> None:
    with pytest.raises(run.SetupError, match="check the network"):
        run.download_uv(tmp_path / "uv", {"UV_DEFAULT_INDEX": "http://me:secret@127.0.0.1:9/"})


def test_no_certificates_names_the_package(
    run: ModuleType, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(run.sys, "platform", "linux")
    error = urllib.error.URLError(run.ssl.SSLCertVerificationError("no issuer"))
    assert "ca-certificates" in run.explain(error, {})


def test_the_index_of_pip_serves_uv_too(run: ModuleType, no_settings: Path) -> None:
    no_settings.write_text("[global]\nindex-url = https://mirror.example/100%/simple\n")
    assert run.uv_environment()["UV_DEFAULT_INDEX"] == "https://mirror.example/100%/simple"


def test_hosts_that_pip_trusts_are_trusted_and_no_other(run: ModuleType, no_settings: Path) -> None:
    no_settings.write_text("[global]\ntrusted-host = mirror.example\n    other.example:8443\n")
    env = run.uv_environment()
    assert env["UV_INSECURE_HOST"] == "mirror.example other.example:8443"
    for host in ("mirror.example", "mirror.example:8443", "other.example:8443"):
        assert run.certificate_check(host, env).verify_mode == run.ssl.CERT_NONE
    for host in ("third.example", "other.example", "not-mirror.example"):
        assert run.certificate_check(host, env).verify_mode == run.ssl.CERT_REQUIRED


def test_the_proxy_of_pip_is_asked(
    run: ModuleType, index: str, no_settings: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("HTTP_PROXY", "HTTPS_PROXY", "http_proxy", "https_proxy", "no_proxy", "NO_PROXY"):
        monkeypatch.delenv(name, raising=False)
    asked = []
    answer = Index.do_GET

    def as_proxy(handler: Index) -> None:
        asked.append(handler.path)
        handler.path = urllib.parse.urlsplit(handler.path).path
        answer(handler)

    monkeypatch.setattr(Index, "do_GET", as_proxy)
    port = urllib.parse.urlsplit(index).port
    no_settings.write_text(
        f"[global]\nproxy = 127.0.0.1:{port}\nindex-url = http://me:p%40ss@index.example/simple\n"
    )
    run.download_uv(tmp_path / "uv", run.uv_environment())
    assert asked[0] == "http://index.example/simple/uv/"


@pytest.mark.parametrize("has_none", [True, False])
def test_a_user_without_a_home_to_write_to_gets_one_inside_the_project(
    run: ModuleType,
    no_settings: Path,
    has_none: bool,
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
) -> None:
    def home() -> Path:
        if has_none:
            raise RuntimeError("Could not determine home directory.")
        return tmp_path / "file"

    (tmp_path / "file").touch()  # a home that is no folder cannot be written to
    monkeypatch.setattr(run.Path, "home", home)
    monkeypatch.setattr(run, "OWN_HOME", tmp_path / ".tools" / "home")
    assert next(iter(run.pip_config_files())) == no_settings
    env = run.user_environment()
    assert Path(env["HOME"]) == tmp_path / ".tools" / "home"
    assert Path(env["HOME"]).is_dir()
    monkeypatch.setattr(run.Path, "home", lambda: tmp_path)
    assert run.user_environment().get("HOME") == os.environ.get("HOME")


def test_a_second_run_waits_until_the_first_has_set_up(run: ModuleType, tmp_path: Path) -> None:
    code = (
        f"import sys; sys.path.insert(0, {str(ROOT)!r}); import run, pathlib\n"
        f"with run.alone(pathlib.Path({str(tmp_path / 'lock')!r})): print('in')"
    )
    with run.alone(tmp_path / "lock"):
        second = subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE, text=True)
        assert second.stdout is not None
        assert "waiting for it" in second.stdout.readline()
        assert second.poll() is None
    assert second.communicate()[0] == "in\n"


@pytest.mark.slow
def test_a_fresh_clone_in_an_oddly_named_folder_sets_itself_up(tmp_path: Path) -> None:
    place = tmp_path / "q#5 [1] é"
    subprocess.run(["git", "clone", "--quiet", str(ROOT), str(place)], check=True)
    bare = getattr(sys, "_base_executable", sys.executable)
    command = [bare, "run.py", "new-case", "trial"]
    done = subprocess.run(command, cwd=place, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    assert (place / "cases" / "trial.yml").is_file()


@pytest.mark.parametrize("name", ["PIP_INDEX_URL", "UV_INDEX_URL", "UV_DEFAULT_INDEX"])
def test_the_environment_is_stronger_than_a_settings_file(
    run: ModuleType, no_settings: Path, name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    no_settings.write_text("[global]\nindex-url = https://file.example/simple\n")
    monkeypatch.setenv(name, "https://environment.example/simple")
    assert run.uv_environment()["UV_DEFAULT_INDEX"] == "https://environment.example/simple"


@pytest.mark.parametrize("system", ["Linux", "Darwin", "Windows"])
@pytest.mark.parametrize("machine", ["x86_64", "arm64", "AMD64", "aarch64"])
@pytest.mark.parametrize("libc", ["glibc", ""])
def test_every_usual_machine_has_a_pinned_wheel(
    run: ModuleType, system: str, machine: str, libc: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(run.platform, "system", lambda: system)
    monkeypatch.setattr(run.platform, "machine", lambda: machine)
    monkeypatch.setattr(run.platform, "libc_ver", lambda: (libc, ""))
    filename, checksum = run.uv_wheel()
    assert re.fullmatch(r"uv-[\d.]+-py3-none-[\w.]+\.whl", filename)
    assert re.fullmatch(r"[0-9a-f]{64}", checksum)


def test_a_rare_machine_is_asked_to_install_uv(
    run: ModuleType, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(run.platform, "machine", lambda: "vax")
    with pytest.raises(run.SetupError, match="install uv yourself"):
        run.uv_wheel()


def test_the_lock_names_no_host_and_checks_every_package() -> None:
    lines = (ROOT / "requirements.lock").read_text(encoding="utf-8").splitlines()
    assert not [line for line in lines if "://" in line or line.startswith("-")]
    pins = [number for number, line in enumerate(lines) if "==" in line.partition(";")[0]]
    assert len(pins) > 100
    assert all("--hash=sha256:" in lines[number + 1] for number in pins)


def test_an_old_python_is_told_so_in_one_sentence() -> None:
    code = (
        f"import sys; sys.version_info = (3, 10); sys.argv = ['run.py', 'book']\n"
        f"exec(compile(open({str(ROOT / 'run.py')!r}, encoding='utf-8').read(), 'run.py', 'exec'),"
        f" {{'__name__': '__main__', '__file__': {str(ROOT / 'run.py')!r}}})"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert done.returncode == 1
    assert "needs Python 3.11 or newer" in done.stderr
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize(("arguments", "code"), [(["help"], 0), ([], 0), (["bok"], 2)])
def test_help_and_a_wrong_task_list_the_tasks(arguments: list[str], code: int) -> None:
    command = [sys.executable, str(ROOT / "run.py"), *arguments]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == code
    assert all(task in done.stdout + done.stderr for task in ("book", "test", "live", "serve"))


def test_the_tasks_of_run_and_of_the_package_are_the_same(run: ModuleType) -> None:
    from carelab.cli.main import _parser

    usage = _parser().format_help()
    assert all(re.search(rf"^    {task} ", usage, re.M) for task in run.TASKS[:-2])
