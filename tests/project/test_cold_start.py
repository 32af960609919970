import subprocess
import sys

HEAVY = [
    "numpy", "pandas", "geopandas", "shapely", "xarray", "scipy", "sklearn", "matplotlib", "rasterio", "h3", "healpy",
    "streamlit", "altair", "pydeck", "vl_convert", "fastapi", "uvicorn",
]  # fmt: skip

PROBE = """
import sys
from entropice.pipeline_registry import register_pipelines
import entropice.settings, entropice.io, entropice.app.configuration.parameters, entropice.incremental.scheduler
import entropice.cli
assert register_pipelines()["__default__"].nodes
print("heavy:", *[name for name in {heavy} if name in sys.modules])
"""


def test_the_registry_imports_nothing_heavy() -> None:
    probe = subprocess.run(
        [sys.executable, "-c", PROBE.format(heavy=HEAVY)], capture_output=True, text=True, check=False
    )

    assert probe.returncode == 0, probe.stderr
    assert probe.stdout.splitlines()[-1].split() == ["heavy:"]
