"""``entropice serve``."""

import os
import re
import shutil
import signal
import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path

import pytest
import requests
from click.testing import CliRunner
from served_runs import CELLS_RUN

from entropice.cli import cli
from entropice.errors import ConfigError
from entropice.serve import classifying, command


def test_a_folder_that_is_not_there_is_told(tmp_path: Path) -> None:
    result = CliRunner().invoke(cli, ["serve", str(tmp_path / "none")])

    assert result.exit_code == 1
    assert "There is no such folder of runs." in result.output


def test_what_is_not_installed_is_told(tmp_path: Path, monkeypatch) -> None:
    monkeypatch.setattr(command, "find_spec", lambda name: None if name == "uvicorn" else find_spec(name))

    result = CliRunner().invoke(cli, ["serve", str(tmp_path)])

    assert result.exit_code == 1
    assert "pip install -e '.[serve]'" in result.output


def test_without_torch_a_model_says_so(tmp_path: Path, monkeypatch) -> None:
    monkeypatch.setattr(classifying, "find_spec", lambda name: None if name == "torch" else find_spec(name))

    with pytest.raises(ConfigError, match="Networks are not computed here") as refused:
        classifying.opened_model(tmp_path, "ice_types", {}, 1)

    assert refused.value.got == "no torch"


def test_it_answers_on_this_machine_alone_without_torch_and_leaves_nothing_behind(tmp_path: Path, root: Path) -> None:
    runs, copies = tmp_path / "runs", tmp_path / "copies"
    shutil.copytree(root / CELLS_RUN, runs / CELLS_RUN)
    copies.mkdir()
    program = """
import sys
from entropice.cli import cli
try:
    cli(["serve", sys.argv[1], "--port", "0"])
finally:
    print("torch" in sys.modules, "kedro.framework" in sys.modules)
"""
    process = subprocess.Popen(
        [sys.executable, "-c", program, str(runs)],
        stdout=subprocess.PIPE,
        text=True,
        env=os.environ | {"TMPDIR": str(copies)},
    )
    try:
        assert process.stdout is not None
        found = re.match(r"(http://127\.0\.0\.1:\d+)/docs", process.stdout.readline())
        assert found is not None
        health = requests.get(f"{found[1]}/api/v1/health", timeout=60).json()
        assert len(list(copies.iterdir())) == 1
        process.send_signal(signal.SIGTERM)
        rest, _ = process.communicate(timeout=60)
    finally:
        process.kill()

    assert (health["status"], health["n_runs"]) == ("ok", 1)
    assert rest.split() == ["False", "False"]
    assert process.returncode == 128 + signal.SIGTERM
    assert list(copies.iterdir()) == []
