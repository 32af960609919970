"""Whoever follows the rows from a fit to the sweep seldom comes back to a module that was left."""

import os
import subprocess
import sys

import reading_path

MOST_RETURNS = 6


def test_the_rows_can_be_followed_from_the_fit_to_the_sweep():
    """In a process of its own, in which functions are not compiled and so can be seen."""
    process = subprocess.run(
        [sys.executable, reading_path.__file__],
        env={**os.environ, "NUMBA_DISABLE_JIT": "1"},
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )
    assert process.returncode == 0, process.stderr
    path = process.stdout.split()
    assert (path[0], path[-1]) == ("classifier", "compiled")
    assert {"data", "initialisation", "solver"} <= {module.partition(".")[0] for module in path}
    assert len(path) - len(set(path)) <= MOST_RETURNS, " → ".join(path)
