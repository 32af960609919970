import os
import subprocess
import sys
from pathlib import Path

from entropice.core.run_folder import Run

SCRIPT = Path(__file__).parents[2] / "benchmarks" / "plugin_in_qgis.py"


def test_the_plugin_is_timed_beside_the_bare_layer(run: Run, tmp_path: Path):
    finished = subprocess.run(
        [sys.executable, str(SCRIPT), str(run.folder), "--repeats", "1"],
        env={**os.environ, "XDG_RUNTIME_DIR": str(tmp_path)},
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert finished.returncode == 0, finished.stderr[-2000:]
    rows = [line.strip("| ").split(" | ") for line in finished.stdout.splitlines() if line.startswith("|")]
    assert len(rows) > 10
    measured = {row[0]: row[1] for row in rows[2:]}
    assert measured["cells"] == f"{run.manifest.cells.n_rows:,}"
    for name in ("bare layer, opened and drawn", "plugin, opened and drawn", "all cells as polygons"):
        assert float(measured[name].split(" s")[0]) > 0
    assert 0 < int(measured["longest block of the main thread"].removesuffix(" ms")) < 5_000
    assert 0 < int(measured["click to filled dock, median"].removesuffix(" ms")) < 5_000
