#!/usr/bin/env python3
"""Build and test the book, on a machine that has nothing but Python 3.11 or newer.

    python3 run.py book     execute the chapters and build the pages
    python3 run.py test     checks, book, tests in Python, in a browser and in JavaScript

`python3 run.py help` lists the other tasks. The first call makes the environment of the project
in .venv with the exact packages of requirements.lock; later calls find it ready. Packages come
from the package index that pip or uv are set to on this machine. Only the standard library is
imported here; the tasks themselves are in src/carelab/cli.
"""

import base64
import configparser
import contextlib
import errno
import hashlib
import html.parser
import io
import json
import os
import platform
import re
import shutil
import ssl
import subprocess
import sys
import time
import urllib.error
import urllib.parse
import urllib.request
import zipfile
from pathlib import Path

ROOT = Path(__file__).resolve().parent
VENV = ROOT / ".venv"
STAMP = VENV / "carelab-stamp"
LOCK = ROOT / "requirements.lock"
WINDOWS = os.name == "nt"
VENV_BIN = VENV / ("Scripts" if WINDOWS else "bin")
VENV_PYTHON = VENV_BIN / ("python.exe" if WINDOWS else "python")

if sys.version_info < (3, 11):  # noqa: UP036 (this file is what older Pythons meet first)
    sys.exit(
        "This book needs Python 3.11 or newer, and this is Python "
        f"{platform.python_version()}: install a newer Python and start run.py with it, "
        "for example `python3.12 run.py book`."
    )

HELP = """Tasks: python3 run.py <task>

  book                      execute changed chapters, build the pages in _build/html
  test [--all] [pytest ...] check, book, then the tests; --all regenerates stored results too
  instructor                build graded tasks and their solutions, apart from the book
  submissions FOLDER        list what students exported from the lab, and write a table
  live                      open the chapters as notebooks in JupyterLab
  serve [--watch] [--port N]  show the built book at a local address; --watch builds what is saved
  check [--fix]             lint code, layers, data and prose; --fix seals edited data
  bench [--store]           run the benchmarks; --store keeps what they measure
  new-case NAME             write a commented template of a case of your own in cases/
  check-case FILE           say in sentences what a case file lacks
  collect FOLDER -o FILE    scenarios of a class into one .parquet or .duckdb database
  experiment FILE           run a policy experiment and write its report
  lock                      renew requirements.lock (for maintainers)
  help                      this list
"""
TASKS = (
    *("book", "test", "live", "serve", "check", "bench", "new-case", "check-case"),
    *("collect", "experiment", "instructor", "submissions"),
    *("lock", "help"),  # run.py's own
)
# These speak about files of the folder in which the reader stands.
WHERE_YOU_ARE = ("new-case", "check-case", "collect", "experiment", "submissions")

DEFAULT_INDEX = "https://pypi.org/simple"
OLDEST_UV = (0, 5, 0)
UV_VERSION = "0.13.9"
UV_WHEELS = """
linux-gnu   x86_64 manylinux_2_17_x86_64.manylinux2014_x86_64 d7f459fe4fd247d830351c75686d3996ace3c6f3f728eb0e85a30b7ada0cef19
linux-musl  x86_64 musllinux_1_1_x86_64 2c45530751517d6c3bbc69a19473f6effe47cce047bede01ffd8af7ea7b36b25
linux-gnu   arm64 manylinux_2_17_aarch64.manylinux2014_aarch64.musllinux_1_1_aarch64 5435c5ce14a56431208ca0996416d310f1598e8c2c8ba707688985a16bb82dbe
linux-musl  arm64 manylinux_2_17_aarch64.manylinux2014_aarch64.musllinux_1_1_aarch64 5435c5ce14a56431208ca0996416d310f1598e8c2c8ba707688985a16bb82dbe
darwin      x86_64 macosx_10_12_x86_64 c16ed11e013557536b3e60065f1b912f6407bd6518e041b961e23ef9e6b4fbf5
darwin      arm64 macosx_11_0_arm64 66c512266d633bef48384a1f53003f41f2a8e7b36fe6e7fbfd3e0fd52d96fa63
windows     x86_64 win_amd64 6a44b2ed8111d2f60d2b92627c5dccda3f7ed7570b18ce115e569cd68c28246b
windows     arm64 win_arm64 eeb92051c2123b9730c46b04cc843cfa4bc7d7b0aec56df431a2215ef4cb0273
"""  # noqa: E501 (system, machine, platform tag of the wheel, its sha256)


class SetupError(Exception):
    """The environment could not be made; the message says what to do next."""


# --- the user's package index -------------------------------------------------------------------


OWN_HOME = ROOT / ".tools" / "home"


def home_folder():
    """Return the user's home; a folder of the project for a user who has none."""
    try:
        return Path.home()
    except RuntimeError:
        return OWN_HOME


def writable(folder):
    """Tell whether a folder, or the nearest one above it that exists, can be written to."""
    while not folder.exists() and folder != folder.parent:
        folder = folder.parent
    return folder.is_dir() and os.access(folder, os.W_OK)


def user_environment():
    """Return the environment; a user without a home that can be written gets one in .tools."""
    env = dict(os.environ)
    home = home_folder()
    if home == OWN_HOME or not writable(home):
        OWN_HOME.mkdir(parents=True, exist_ok=True)
        env |= {"HOME": str(OWN_HOME), "USERPROFILE": str(OWN_HOME)}
        for name in ("XDG_CONFIG_HOME", "XDG_CACHE_HOME", "XDG_DATA_HOME"):
            env.pop(name, None)
    return env


def pip_config_files():
    """Return the places where pip keeps settings, the strongest first."""
    home = home_folder()
    if os.environ.get("PIP_CONFIG_FILE"):
        yield Path(os.environ["PIP_CONFIG_FILE"])
    if WINDOWS:
        yield Path(os.environ.get("APPDATA", home)) / "pip" / "pip.ini"
        yield home / "pip" / "pip.ini"
        yield Path(os.environ.get("PROGRAMDATA", "C:/ProgramData")) / "pip" / "pip.ini"
        return
    yield Path(os.environ.get("XDG_CONFIG_HOME") or home / ".config") / "pip" / "pip.conf"
    if sys.platform == "darwin":
        yield home / "Library/Application Support/pip/pip.conf"
        yield Path("/Library/Application Support/pip/pip.conf")
    yield home / ".pip" / "pip.conf"
    yield Path("/etc/xdg/pip/pip.conf")
    yield Path("/etc/pip.conf")


def pip_setting(name):
    """Return what pip is told about `name` by its environment or settings files, or None."""
    value = os.environ.get("PIP_" + name.upper().replace("-", "_"))
    if value:
        return value.strip()
    for path in pip_config_files():
        parser = configparser.RawConfigParser(strict=False)
        try:
            parser.read(path, encoding="utf-8")
        except (configparser.Error, UnicodeDecodeError, OSError):
            continue
        for section in ("install", "global"):
            if parser.has_option(section, name):
                return parser.get(section, name).strip()
    return None


def uv_environment():
    """Return the environment for uv: the index and certificates that pip uses serve uv too."""
    env = user_environment()
    index = env.get("UV_DEFAULT_INDEX") or env.get("UV_INDEX_URL") or pip_setting("index-url")
    if index:
        env["UV_DEFAULT_INDEX"] = index
    trusted = pip_setting("trusted-host")
    if trusted:
        env.setdefault("UV_INSECURE_HOST", " ".join(trusted.split()))
    proxy = pip_setting("proxy")
    if proxy:
        for name in ("HTTP_PROXY", "HTTPS_PROXY"):
            if name.lower() not in env:
                env.setdefault(name, proxy if "://" in proxy else f"http://{proxy}")
    certificates = pip_setting("cert")
    if certificates and not env.get("SSL_CERT_FILE") and Path(certificates).is_file():
        env["SSL_CERT_FILE"] = certificates
    return env


def split_login(address):
    """Return an address without its user and password, and the header that carries them."""
    parts = urllib.parse.urlsplit(address)
    bare = urllib.parse.urlunsplit(parts._replace(netloc=parts.netloc.rpartition("@")[2]))
    if not parts.username:
        return bare, {}
    login = ":".join(urllib.parse.unquote(text or "") for text in (parts.username, parts.password))
    return bare, {"Authorization": "Basic " + base64.b64encode(login.encode()).decode()}


def certificate_check(host, env):
    """Return how certificates of a host are checked: not at all where pip is told to trust it."""
    certificates = Path(env.get("SSL_CERT_FILE") or "")
    context = ssl.create_default_context(cafile=certificates if certificates.is_file() else None)
    if {host, host.partition(":")[0]} & set(env.get("UV_INSECURE_HOST", "").split()):
        context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
    return context


def fetch(address, env, headers):
    """Return the final address and the bytes found at an address."""
    host = urllib.parse.urlsplit(address).netloc
    proxies = {
        kind: proxy
        for kind in ("http", "https")
        if (proxy := env.get(f"{kind}_proxy") or env.get(f"{kind.upper()}_PROXY"))
    }
    handlers = [urllib.request.HTTPSHandler(context=certificate_check(host, env))]
    if proxies and not urllib.request.proxy_bypass(host):
        handlers.append(urllib.request.ProxyHandler(proxies))
    request = urllib.request.Request(address, headers=headers)
    with urllib.request.build_opener(*handlers).open(request, timeout=60) as reply:
        return reply.geturl(), reply.read()


class Links(html.parser.HTMLParser):
    """Collect the addresses that a page of a package index links to."""

    def __init__(self):
        super().__init__()
        self.found = []

    def handle_starttag(self, tag, attrs):  # noqa: D102
        self.found += [value for name, value in attrs if tag == "a" and name == "href" and value]


def links_of(page):
    """Return the addresses on a project page of a package index, in its HTML or JSON form."""
    if page.lstrip().startswith(b"{"):
        return [entry["url"] for entry in json.loads(page)["files"]]
    parser = Links()
    parser.feed(page.decode("utf-8", "replace"))
    return parser.found


def download_from_index(filename, env):
    """Return the bytes of one file of the project uv, taken from the user's package index."""
    index = re.sub(r"^[\w.-]+=(?=\w+://)", "", env.get("UV_DEFAULT_INDEX") or DEFAULT_INDEX)
    index, login = split_login(index)
    page_address = index.rstrip("/") + "/uv/"
    if index.startswith("file:"):
        page_address += "index.html"
    kinds = "application/vnd.pypi.simple.v1+json, text/html;q=0.5"
    page_address, page = fetch(page_address, env, {"Accept": kinds, **login})
    for link in links_of(page):
        address = urllib.parse.urljoin(page_address, link.partition("#")[0])
        parts = urllib.parse.urlsplit(address)
        if urllib.parse.unquote(parts.path).endswith("/" + filename):
            same_host = parts.netloc == urllib.parse.urlsplit(page_address).netloc
            return fetch(address, env, login if same_host else {})[1]
    raise SetupError(
        f"The package index {index} does not offer {filename}: set PIP_INDEX_URL to an index or "
        "mirror that is up to date, or install uv yourself, and run this again."
    )


# --- uv -----------------------------------------------------------------------------------------


def uv_wheel():
    """Return the file name and the checksum of the pinned uv wheel for this machine."""
    system, machine = platform.system().lower(), platform.machine().lower()
    if system == "linux":
        system += "-gnu" if platform.libc_ver()[0] == "glibc" else "-musl"
    machine = {"amd64": "x86_64", "aarch64": "arm64"}.get(machine, machine)
    for line in UV_WHEELS.strip().splitlines():
        *kind, tag, checksum = line.split()
        if kind == [system, machine]:
            return f"uv-{UV_VERSION}-py3-none-{tag}.whl", checksum
    raise SetupError(
        f"No uv is pinned for {system} on {machine}: install uv yourself so that it is on the "
        "PATH, and run this again."
    )


def explain(error, env):
    """Return a sentence that says why a download failed and what to do next."""
    cause = error.reason if isinstance(error, urllib.error.URLError) else error
    if isinstance(cause, ssl.SSLError):
        cure = "install the package ca-certificates (for example `apt-get install ca-certificates`)"
        if sys.platform == "darwin":
            cure = "start `Install Certificates.command` in the folder of your Python"
        return (
            f"This machine cannot check certificates ({getattr(cause, 'verify_message', cause)}): "
            f"{cure}, or name a file of certificates in SSL_CERT_FILE, and run this again."
        )
    index = split_login(env.get("UV_DEFAULT_INDEX") or DEFAULT_INDEX)[0]
    return (
        f"uv could not be fetched from the package index {index} ({cause}): check the network, set "
        "HTTPS_PROXY behind a proxy or PIP_INDEX_URL for a mirror, and run this again."
    )


def download_uv(target, env):
    """Fetch the pinned uv wheel, check it, and put its program at `target`."""
    filename, checksum = uv_wheel()
    try:
        wheel = download_from_index(filename, env)
    except (OSError, ValueError) as error:
        raise SetupError(explain(error, env)) from error
    found = hashlib.sha256(wheel).hexdigest()
    if found != checksum:
        raise SetupError(
            f"{filename} has the checksum {found[:12]}..., not the pinned {checksum[:12]}...: it "
            "was changed on its way and is not used. Try another index (PIP_INDEX_URL)."
        )
    with zipfile.ZipFile(io.BytesIO(wheel)) as archive:
        program = archive.read(f"uv-{UV_VERSION}.data/scripts/{target.name}")
    target.parent.mkdir(parents=True, exist_ok=True)
    part = target.with_name(f"part-{os.getpid()}")
    part.write_bytes(program)
    part.chmod(0o755)
    part.replace(target)


def uv_on_path():
    """Return the uv found on PATH when it is recent enough, or None."""
    program = shutil.which("uv")
    if not program:
        return None
    answer = subprocess.run([program, "--version"], capture_output=True, text=True, check=False)
    version = re.match(r"uv (\d+)\.(\d+)\.(\d+)", answer.stdout)
    return program if version and tuple(map(int, version.groups())) >= OLDEST_UV else None


def find_uv(env):
    """Return the path of a usable uv; download the pinned one if there is none."""
    target = ROOT / ".tools" / f"uv-{UV_VERSION}" / ("uv.exe" if WINDOWS else "uv")
    if target.is_file():
        return str(target)
    program = uv_on_path()
    if program is None:
        say(f"fetching uv {UV_VERSION}")
        download_uv(target, env)
    return program or str(target)


# --- the environment ----------------------------------------------------------------------------


def show(text):
    """Print a text at once; when nobody reads any more (run.py ... | head), go on in silence."""
    try:
        print(text, flush=True)
    except OSError as problem:
        if problem.errno not in (errno.EPIPE, errno.EINVAL):
            raise
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def say(text):
    """Print a line at once."""
    show(f"[run] {text}")


CHECK_NETWORK = "check the network and the package index (PIP_INDEX_URL)"


def call_uv(uv, env, *arguments, cure=CHECK_NETWORK):
    """Run uv in the project; raise with a sentence when it fails."""
    code = subprocess.run([uv, *arguments], cwd=ROOT, env=env, check=False).returncode
    if code:
        step = " ".join(argument for argument in arguments[:2] if not argument.startswith("-"))
        raise SetupError(f"`uv {step}` failed, see above: {cure}, and run this again.")


def wanted_stamp():
    """Return two lines: which Python in which folder, and which packages and project."""
    import tomllib

    with (ROOT / "pyproject.toml").open("rb") as file:
        settings = tomllib.load(file)
    project = json.dumps([settings["build-system"], settings["project"]], sort_keys=True)
    content = hashlib.sha256(LOCK.read_bytes() + project.encode()).hexdigest()
    python = f"{platform.python_version()} {sys.base_prefix} {ROOT}"
    return [python, content]


def held(file):
    """Tell whether this process could take the lock of a file, which ends with the process."""
    try:
        if WINDOWS:
            import msvcrt

            msvcrt.locking(file.fileno(), msvcrt.LK_NBLCK, 1)
        else:
            import fcntl

            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        return False
    return True


@contextlib.contextmanager
def alone(path):
    """Let one run at a time set up; another one says that it waits."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("a") as file:
        if not held(file):
            say("another run.py is setting up this folder: waiting for it")
            while not held(file):
                time.sleep(0.2)
        yield


def found_stamp():
    """Return the stamp of the environment as it is, or an empty list."""
    return STAMP.read_text(encoding="utf-8").splitlines() if STAMP.is_file() else []


def ensure_environment():
    """Make .venv fit the lock and this Python; do nothing when it already does."""
    if found_stamp() == wanted_stamp():
        return
    with alone(ROOT / ".tools" / "setting-up"):
        if found_stamp() != wanted_stamp():  # or it was made while this run waited
            make_environment(found_stamp(), wanted_stamp())


def make_environment(found, wanted):
    """Make .venv anew, or only its packages where they alone changed."""
    started = time.perf_counter()
    env = uv_environment()
    uv = find_uv(env)
    python = getattr(sys, "_base_executable", None) or sys.executable
    if found[:1] != wanted[:1]:
        say(f"making .venv with Python {platform.python_version()}")
        if VENV.exists():
            shutil.rmtree(VENV)
        call_uv(uv, env, "venv", "--quiet", "--python", python, str(VENV))
    else:
        STAMP.unlink()
    say("installing the packages of requirements.lock")
    into = ("--quiet", "--python", str(VENV_PYTHON))
    call_uv(uv, env, "pip", "sync", *into, "--require-hashes", str(LOCK))
    # Named as `.`: in a path, # and [ would be read as parts of a package's address.
    editable = ("--no-deps", "--no-build-isolation", "--editable", ".")
    call_uv(uv, env, "pip", "install", *into, *editable, cure="mend what it names")
    STAMP.write_text("\n".join(wanted) + "\n", encoding="utf-8")
    say(f"environment ready in {time.perf_counter() - started:.1f} s")


def renew_lock(arguments):
    """Resolve the newest allowed packages again and write requirements.lock."""
    env = dict(uv_environment(), UV_CUSTOM_COMPILE_COMMAND="python3 run.py lock")
    groups = ("--group", "book", "--group", "dev")
    how = ("--universal", "--python-version", "3.11", "--fork-strategy", "fewest", "--upgrade")
    hidden = ("--quiet", "--generate-hashes", "--no-emit-index-url", "--no-annotate")
    files = ("pyproject.toml", "--output-file", LOCK.name)
    call_uv(find_uv(env), env, "pip", "compile", *how, *hidden, *groups, *arguments, *files)
    return 0


# --- tasks --------------------------------------------------------------------------------------


def run_task(task, arguments):
    """Run a task of `python -m carelab` in the environment and return its exit code."""
    env = user_environment()
    env |= {"VIRTUAL_ENV": str(VENV), "PYTHONUTF8": "1", "PYTHONNOUSERSITE": "1"}
    env["PATH"] = str(VENV_BIN) + os.pathsep + env.get("PATH", "")
    # Without stored bytecode every kernel and worker would compile all that it imports again.
    for name in ("PYTHONPATH", "PYTHONHOME", "PYTHONDONTWRITEBYTECODE"):
        env.pop(name, None)
    with subprocess.Popen(
        [str(VENV_PYTHON), "-m", "carelab", task, *arguments],
        cwd=None if task in WHERE_YOU_ARE else ROOT,
        env=env,
    ) as process:
        while True:
            try:
                return process.wait()
            except KeyboardInterrupt:
                continue  # the task got the key too and ends by itself


def main(arguments):
    """Set up, run the task named first, and return the exit code."""
    task, rest = (arguments[0], arguments[1:]) if arguments else ("help", [])
    if task in ("help", "-h", "--help"):
        show(HELP)
        return 0
    if task not in TASKS:
        print(f"There is no task {task!r}; there are: {', '.join(TASKS)}.", file=sys.stderr)
        return 2
    started = time.perf_counter()
    if task == "lock":
        return renew_lock(rest)
    ensure_environment()
    code = run_task(task, rest)
    seconds = time.perf_counter() - started
    say(f"{task}: {'done' if code == 0 else f'FAILED ({code})'} after {seconds:.1f} s")
    return code


if __name__ == "__main__":
    try:
        sys.exit(main(sys.argv[1:]))
    except SetupError as problem:
        sys.exit(f"[run] {problem}")
    except OSError as problem:
        sys.exit(f"[run] {problem}: free the file or folder it names, and run this again.")
    except KeyboardInterrupt:
        sys.exit(130)
