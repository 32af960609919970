"""``kedro dashboard`` says what it lacks, and answers on this machine alone."""

from pathlib import Path

import pytest
from click.testing import CliRunner

from entropice.cli import cli
from entropice.dashboard import command
from entropice.dashboard.server import options


def _said(*arguments: str) -> str:
    result = CliRunner().invoke(cli, ["dashboard", *arguments])
    assert result.exit_code == 1
    assert "Traceback" not in result.output
    return result.output


def test_without_the_extra_it_says_what_to_install(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(command, "NEEDED", ("streamlit", "a_package_that_is_absent"))

    assert "The dashboard is not installed." in (said := _said(str(tmp_path)))
    assert "no a_package_that_is_absent" in said
    assert "make dashboard" in said


def test_a_folder_that_is_not_there_is_refused(tmp_path: Path) -> None:
    assert "There is no such folder of runs." in _said(str(tmp_path / "absent"))


def test_it_answers_on_this_machine_alone_and_tells_nobody() -> None:
    chosen = options(8501, opens_browser=False)

    assert chosen["server.address"] == "127.0.0.1"
    assert chosen["browser.gatherUsageStats"] is False
