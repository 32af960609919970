"""What is compiled at the installation is all that a run would compile."""

import subprocess
import sys
from pathlib import Path

import pytest
from project_copy import copy_project, kedro_command, kedro_environment


@pytest.mark.slow
def test_a_run_after_the_installation_compiles_nothing(project_path: Path, tmp_path: Path) -> None:
    project, loops = copy_project(project_path, tmp_path / "project"), tmp_path / "loops"
    environment = kedro_environment() | {"NUMBA_CACHE_DIR": str(loops)}

    def run(command: list[str]) -> set[str]:
        subprocess.run(command, cwd=project, env=environment, capture_output=True, check=True)
        return {file.name for file in loops.rglob("*.nbc")}

    installed = run([sys.executable, "-m", "entropice.app.compile_loops"])

    assert installed
    assert run(kedro_command("run", "--env", "test")) == installed
