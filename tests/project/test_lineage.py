"""Kedro-Viz, which runs no hooks, shows each environment's own pipelines."""

import subprocess
import sys
from pathlib import Path

import pytest

PROBE = """
import sys
from pathlib import Path
from kedro_viz.integrations.kedro.data_loader import load_data
catalog, pipelines, *_ = load_data(Path.cwd(), env=sys.argv[1])
print(*sorted(pipelines["__default__"].all_outputs()))
"""


def _outputs_shown(project_path: Path, environment: str) -> set[str]:
    result = subprocess.run(
        [sys.executable, "-c", PROBE, environment], cwd=project_path, capture_output=True, text=True, check=False
    )
    assert result.returncode == 0, result.stderr
    return set(result.stdout.splitlines()[-1].split())


@pytest.mark.parametrize(("environment", "has_truth"), [("base", True), ("sample", False)])
def test_the_lineage_shown_is_that_of_the_environment(project_path: Path, environment: str, has_truth: bool) -> None:
    outputs = _outputs_shown(project_path, environment)

    assert {"cells", "labels", "predictions", "run"} <= outputs
    assert ({"truth", "bayes_limit", "terrain_features"} <= outputs) is has_truth
    assert not ({"truth", "bayes_limit", "terrain_features"} & outputs) or has_truth
