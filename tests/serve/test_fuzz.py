"""A generic fuzzer finds no answer of the server's that its schema does not tell of."""

import json
import os
import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path
from typing import Any, Final

import pytest
import requests
from served_runs import CELLS_RUN, ICE_RUN, Server

SECONDS: Final = int(os.environ.get("ENTROPICE_FUZZ_S", "20"))
PASSED_OVER: Final = "positive_data_acceptance"
"""Not every body is a picture, and not every box has its south in the south: a schema can't say so."""

pytestmark = pytest.mark.skipif(find_spec("schemathesis") is None, reason="schemathesis is not installed")


def configuration(server: Server) -> str:
    """Answers that may be, and ids that the server has, so that more is found than that others are not there."""
    cells = requests.get(server.url(f"runs/{CELLS_RUN}/cells?limit=3"), timeout=30).json()["cells"]
    known: dict[str, list[Any]] = {
        "path.run": [CELLS_RUN, ICE_RUN, "none"],
        "path.cell_id": [*(cell["cell_id"] for cell in cells), "83", "x"],
        "path.name": ["cells", "p_any_rts_2022", "land", "ice_types_types", "none"],
    }
    parameters = [f"{json.dumps(name)} = {json.dumps(values)}" for name, values in known.items()]
    # 503 tells when to come again, as the schema says it does
    checks = ["[checks]", 'not_a_server_error.expected-statuses = ["2xx", "3xx", "4xx", "503"]']
    return "\n".join([*checks, "[parameters]", *parameters])


def test_no_answer_is_a_fault_of_the_server(server: Server, tmp_path: Path) -> None:
    (tmp_path / "schemathesis.toml").write_text(configuration(server), encoding="utf-8")
    command = [sys.executable, "-m", "schemathesis.cli", "run", server.url("openapi.json"), "--no-color"]
    budget = ["--max-time", str(SECONDS), "--continue-on-failure", "--generation-database", "none"]
    checks = ["--checks", "all", "--exclude-checks", PASSED_OVER, "--warnings", "off"]

    fuzzed = subprocess.run(
        [*command, *budget, *checks], cwd=tmp_path, capture_output=True, text=True, check=False, timeout=SECONDS + 60
    )

    assert fuzzed.returncode == 0, fuzzed.stdout[-6000:] + fuzzed.stderr[-2000:]
    assert "10 selected / 10 total" in fuzzed.stdout
    assert requests.get(server.url("health"), timeout=30).json()["status"] == "ok"
