import subprocess
import sys

PROBE = """
{first}
import sqlite3, tempfile
from pathlib import Path
import pandas as pd
import pyogrio
path = Path(tempfile.mkdtemp()) / "a.gpkg"
pyogrio.write_dataframe(pd.DataFrame({{"cell_id": [1]}}), path, layer="a", driver="GPKG")
print(path.read_bytes()[96:100].hex(), sqlite3.sqlite_version)
"""


def versions(first: str) -> str:
    code = PROBE.format(first=first)
    return subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout


def test_reading_climate_files_leaves_the_sqlite_of_gdal_and_python_as_it_was() -> None:
    assert versions("import entropice.sources.era5.file") == versions("")
