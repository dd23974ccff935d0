"""The wheel: built from this project, installed elsewhere, and complete without it."""

import os
import re
import subprocess
import sys
import sysconfig
import tarfile
import venv
import zipfile
from pathlib import Path

import pytest

from carelab import __version__
from carelab.base import load_yaml
from carelab.base.checksums import data_version
from carelab.engine import Scenario, simulate
from carelab.study.many.sweep import model_sha256

ROOT = Path(__file__).resolve().parents[1]
CODE = """
import json, pathlib, carelab
from carelab.engine import Scenario, simulate
from carelab.evidence import load_cases, load_claims
from carelab.plots import plot_money_flow
from carelab.base import broken_seals, project_root
from carelab.base.checksums import data_version
from carelab.study.many.sweep import model_sha256
frame = simulate(Scenario("china_county", "anhui"), years=1)
print(json.dumps({
    "place": carelab.__file__, "root": str(project_root()), "claims": len(load_claims()),
    "cases": len(load_cases()), "seals": broken_seals(), "data": data_version(),
    "model": model_sha256("china_county", "anhui"), "sum": float(frame["value"].sum()),
    "figure": "<svg" in plot_money_flow("anhui")._repr_html_(),
}))
"""


@pytest.fixture(scope="module")
def built(tmp_path_factory) -> Path:
    """Wheel and source distribution, made without a network."""
    folder = tmp_path_factory.mktemp("dist")
    command = [sys.executable, "-m", "hatchling", "build", "-d", str(folder)]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    return folder


@pytest.fixture(scope="module")
def installed(built: Path, tmp_path_factory) -> Path:
    """A fresh environment with the wheel; what it needs is lent by this one."""
    home = tmp_path_factory.mktemp("home") / "venv"
    venv.create(home, with_pip=True)
    scripts = home / ("Scripts" if os.name == "nt" else "bin")
    python = scripts / ("python.exe" if os.name == "nt" else "python")
    wheel = next(built.glob("*.whl"))
    install = [str(python), "-m", "pip", "install", "-q", "--no-deps", "--no-index", str(wheel)]
    subprocess.run(install, check=True, capture_output=True)
    where = [str(python), "-c", "import sysconfig; print(sysconfig.get_path('purelib'))"]
    packages = subprocess.run(where, check=True, capture_output=True, text=True).stdout.strip()
    # A path in a .pth file does not read the .pth files there: this project stays unseen.
    lent = Path(packages) / "lent.pth"
    lent.write_text(sysconfig.get_path("purelib") + "\n", encoding="utf-8")
    return python


def call(python: Path, *arguments: str, folder: Path) -> subprocess.CompletedProcess:
    own = ("PYTHON", "CARELAB")
    env = {name: value for name, value in os.environ.items() if not name.startswith(own)}
    env["PYTHONUTF8"] = "1"
    command = [str(python), *arguments]
    return subprocess.run(command, cwd=folder, env=env, capture_output=True, text=True)


def test_an_installed_wheel_finds_its_data_and_computes_the_same(installed, tmp_path):
    import json

    done = call(installed, "-c", CODE, folder=tmp_path)
    assert done.returncode == 0, done.stderr
    told = json.loads(done.stdout)
    assert Path(told["place"]).is_relative_to(installed.parents[1])
    assert not Path(told["root"]).is_relative_to(ROOT)
    assert (told["claims"], told["cases"] > 5, told["seals"], told["figure"]) == (
        len((ROOT / "data" / "claims.csv").read_text(encoding="utf-8").splitlines()) - 1,
        True,
        [],
        True,
    )
    assert told["data"] == data_version()
    assert told["model"] == model_sha256("china_county", "anhui")
    here = simulate(Scenario("china_county", "anhui"), years=1)["value"].sum()
    assert told["sum"] == pytest.approx(float(here))


def test_the_installed_command_runs_studies_and_refuses_tasks_of_the_project(installed, tmp_path):
    done = call(installed, "-m", "carelab", "--version", folder=tmp_path)
    assert done.stdout.strip() == (f"carelab {__version__}, model version 2, data {data_version()}")
    example = (ROOT / "data" / "experiments" / "charge_for_leaving.yml").read_text("utf-8")
    text = example.replace("draws: 40", "draws: 2").replace("years: 5", "years: 1")
    (tmp_path / "mine.yml").write_text(text, encoding="utf-8")
    done = call(installed, "-m", "carelab", "experiment", "mine.yml", folder=tmp_path)
    assert done.returncode == 0, done.stderr
    assert (tmp_path / "mine-results" / "report.html").is_file()
    done = call(installed, "-m", "carelab", "book", folder=tmp_path)
    assert done.returncode == 1
    assert "needs the folder of the project" in done.stderr
    assert "Traceback" not in done.stderr


def test_the_wheel_holds_data_licences_citation_and_no_more(built, capsys):
    wheel, source = next(built.glob("*.whl")), next(built.glob("*.tar.gz"))
    names = zipfile.ZipFile(wheel).namelist()
    here = {
        f"carelab/{path.relative_to(ROOT).as_posix()}"
        for path in (ROOT / "data").rglob("*")
        if path.is_file() and not path.name.startswith(".")
    }
    assert here <= set(names)
    assert {name.split("/")[0] for name in names} == {
        "carelab",
        f"carelab-{__version__}.dist-info",
    }
    about = {Path(name).name for name in names if ".dist-info/licenses/" in name}
    assert about == {"LICENSE", "LICENSE-text", "CITATION.cff"}
    assert not [name for name in names if re.search(r"__pycache__|\.pyc$|tests/|notebooks/", name)]
    with tarfile.open(source) as archive:
        members = {name.partition("/")[2] for name in archive.getnames()}
    assert not [name for name in (*names, *members) if name.startswith("instructor/")]
    assert {"data/claims.csv", "CITATION.cff", "CHANGELOG.md", "tests/conftest.py"} <= members
    with capsys.disabled():
        sizes = ", ".join(
            f"{path.suffix} {path.stat().st_size / 1000:.0f} kB" for path in (wheel, source)
        )
        print(f"\ndistribution: {sizes}, {len(names)} files in the wheel")
    assert wheel.stat().st_size < 2_000_000


def test_a_wheel_built_from_the_source_distribution_is_the_same(built, tmp_path):
    with tarfile.open(next(built.glob("*.tar.gz"))) as archive:
        archive.extractall(tmp_path, filter="data")
    (folder,) = tmp_path.iterdir()
    command = [
        sys.executable,
        "-m",
        "hatchling",
        "build",
        "-t",
        "wheel",
        "-d",
        str(tmp_path / "out"),
    ]
    subprocess.run(command, cwd=folder, check=True, capture_output=True)
    again, first = next((tmp_path / "out").glob("*.whl")), next(built.glob("*.whl"))
    assert again.read_bytes() == first.read_bytes()


def test_every_version_in_the_changelog_says_whether_numbers_changed():
    text = (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")
    versions = re.split(r"^## ", text, flags=re.MULTILINE)[1:]
    assert versions
    for version in versions:
        title = version.splitlines()[0]
        assert re.search(r"^(- )?Numbers change: \S", version, re.MULTILINE), title


def test_the_citation_names_version_title_and_licences():
    citation = load_yaml(ROOT / "CITATION.cff")
    assert str(citation["version"]) == __version__
    assert citation["title"] and citation["authors"]
    assert citation["license"] == ["MIT", "CC-BY-4.0"]
