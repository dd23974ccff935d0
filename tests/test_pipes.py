"""Whoever reads what a command prints may leave: the work is done, and nothing complains."""

import json
import os
import subprocess
import sys

import pytest

from carelab.engine import MODEL_VERSION
from carelab.study.many.scenario_store import load_scenarios

pytestmark = pytest.mark.skipif(os.name == "nt", reason="pipes of Unix")


def _unread(command: list[str], where, both: bool = False) -> subprocess.CompletedProcess[bytes]:
    """Run a command whose output nobody reads; with ``both`` its errors neither."""
    reader, writer = os.pipe()
    os.close(reader)
    try:
        return subprocess.run(
            command,
            cwd=where,
            stdout=writer,
            stderr=writer if both else subprocess.PIPE,
            env={**os.environ, "CARELAB_CASES": ""},
        )
    finally:
        os.close(writer)


@pytest.mark.parametrize("both", [False, True])
def test_a_class_is_collected_though_nobody_reads_what_is_said(tmp_path, both):
    text = f"carelab/{MODEL_VERSION}/china_county/anhui"
    content = {"format": "carelab-scenarios", "version": 1, "model_version": MODEL_VERSION}
    (tmp_path / "a.json").write_text(json.dumps({**content, "scenarios": [{"text": text}]}))
    (tmp_path / "broken.json").write_text("{")
    command = [sys.executable, "-m", "carelab", "collect", ".", "-o", "a.parquet", "--years", "1"]
    done = _unread(command, tmp_path, both)
    assert done.returncode == 0
    assert not done.stderr
    assert len(load_scenarios(tmp_path / "a.parquet")) == 1


@pytest.mark.parametrize("option", ["--help", "--version"])
def test_help_and_version_end_quietly(option, tmp_path):
    done = _unread([sys.executable, "-m", "carelab", option], tmp_path)
    assert (done.returncode, done.stderr) == (0, b"")


def test_run_py_ends_quietly_too(root):
    done = _unread([sys.executable, str(root / "run.py"), "help"], root)
    assert (done.returncode, done.stderr) == (0, b"")


def test_run_py_goes_on_with_its_task_in_silence(root):
    code = (
        "import runpy, sys; sys.argv = ['run.py'];"
        f" found = runpy.run_path({str(root / 'run.py')!r}, run_name='run');"
        " found['say']('one'); found['say']('two'); sys.stderr.write('went on')"
    )
    done = _unread([sys.executable, "-c", code], root)
    assert (done.returncode, done.stderr) == (0, b"went on")


def test_a_failure_is_still_a_failure_when_nobody_reads(tmp_path):
    done = _unread([sys.executable, "-m", "carelab", "check-case", "nowhere.yml"], tmp_path)
    assert done.returncode == 1 and b"Traceback" not in done.stderr
