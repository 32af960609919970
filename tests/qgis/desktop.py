"""QGIS's desktop on a virtual screen, doing what a script and an order say."""

import json
import os
import subprocess
from pathlib import Path

from profiles import profile_with_plugin

LIMIT_S = 120


def desktop_result(script: str, order: dict, folder: Path, language: str = "") -> dict:
    """Start the desktop with a script of this folder, and return what it wrote into ``result.json``."""
    order_file = folder / "order.json"
    order_file.write_text(json.dumps(order), encoding="utf-8")
    scripts = Path(__file__).parent
    environment = {**os.environ, "ENTROPICE_DESKTOP_ORDER": str(order_file), "PYTHONPATH": str(scripts)}
    environment.pop("QT_QPA_PLATFORM", None)
    desktop = [
        "qgis",
        "--nologo",
        "--profiles-path",
        str(profile_with_plugin(folder, language)),
        "--profile",
        "default",
    ]
    screen = ["xvfb-run", "-a", "-s", "-screen 0 1600x1000x24"]
    driver = ["--code", str(scripts / script)]
    finished = subprocess.run(
        [*screen, *desktop, *driver], env=environment, capture_output=True, text=True, timeout=LIMIT_S, check=False
    )
    result_file = Path(order["folder"]) / "result.json"
    assert result_file.is_file(), finished.stderr[-2000:]
    result = json.loads(result_file.read_text(encoding="utf-8"))
    assert "problem" not in result, result["problem"]
    return result
