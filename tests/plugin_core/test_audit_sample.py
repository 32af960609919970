import io
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from entropice.learning.audit import sheet as audit_sheet
from qgis_plugin.entropice.core.audit_sample import COLUMNS, Chance, chance_column, draw_sheet, write_sheet
from qgis_plugin.entropice.core.errors import RunFolderError
from qgis_plugin.entropice.core.manifest import Manifest, read_manifest

FIRST = 0x8405723FFFFFFFF
CHANCES = [Chance(FIRST + number, float(number), 70.0, number / 200) for number in range(200)]


@pytest.fixture
def manifest(run_folder: Path) -> Manifest:
    return read_manifest(run_folder)


def _table(text: str) -> pd.DataFrame:
    return pd.read_csv(io.StringIO(text), dtype={"cell": "str"})


def test_the_sheet_is_that_which_the_command_reads(manifest: Manifest, tmp_path: Path):
    assert COLUMNS == audit_sheet.COLUMNS
    text = draw_sheet(manifest, 2022, CHANCES, 50, 1, tmp_path)
    path = tmp_path / "sheet.csv"
    write_sheet(text.replace(",\n", ",1\n"), path)
    rows = audit_sheet.read_sheet(path).rows
    assert (rows["map"] == "run_0123456789abcdef").all()
    assert (rows["weight"] == 4).all()
    for row in rows.itertuples():
        chance = CHANCES[int(row.cell, 16) - FIRST]
        assert (row.lon_deg, row.lat_deg, row.year) == (chance.lon_deg, 70.0, 2022)
        assert row.p_any == pytest.approx(chance.p_any, abs=1e-6)


def test_every_cell_is_drawn_once_and_equally_often(manifest: Manifest, tmp_path: Path):
    times = dict.fromkeys((format(chance.cell_id, "x") for chance in CHANCES), 0)
    for seed in range(200):
        cells = _table(draw_sheet(manifest, 2022, CHANCES, 50, seed, tmp_path))["cell"]
        assert cells.is_unique
        for cell in cells:
            times[cell] += 1
    assert 20 < min(times.values()) < max(times.values()) < 80


def test_a_seed_repeats_whatever_the_order_of_the_cells(manifest: Manifest, tmp_path: Path):
    text = draw_sheet(manifest, 2022, CHANCES, 50, 3, tmp_path)
    assert text == draw_sheet(manifest, 2022, CHANCES[::-1], 50, 3, tmp_path)
    assert text != draw_sheet(manifest, 2022, CHANCES, 50, 4, tmp_path)


@pytest.mark.parametrize("n_cells", [29, 201])
def test_a_sample_that_does_not_fit_is_refused(manifest: Manifest, tmp_path: Path, n_cells: int):
    with pytest.raises(RunFolderError, match="does not fit") as refused:
        draw_sheet(manifest, 2022, CHANCES, n_cells, 0, tmp_path)
    assert refused.value.expected == "30 to 200, the cells with a probability"


def test_a_chance_that_cannot_be_is_refused(manifest: Manifest, tmp_path: Path):
    with pytest.raises(RunFolderError, match="cannot be"):
        draw_sheet(manifest, 2022, [*CHANCES, Chance(1, 0.0, 70.0, float("nan"))], 50, 0, tmp_path)


def test_the_column_is_that_of_the_year(manifest: Manifest, tmp_path: Path):
    assert chance_column(manifest, 2021, tmp_path) == "p_any_rts_2021"
    with pytest.raises(RunFolderError, match="this year") as refused:
        chance_column(manifest, 1999, tmp_path)
    assert refused.value.expected == "2021, 2022"


def test_a_sheet_is_never_replaced(tmp_path: Path):
    path = tmp_path / "new folder" / "sheet.csv"
    write_sheet("first", path)
    with pytest.raises(RunFolderError, match="nothing was changed"):
        write_sheet("second", path)
    assert path.read_text() == "first"


def test_a_run_without_chances_is_refused(
    write_run: Callable[[dict[str, Any]], Path], manifest_values: dict[str, Any], tmp_path: Path
):
    values = json.loads(json.dumps(manifest_values).replace('"quantity": "p_any_rts"', '"quantity": "p_other"'))
    with pytest.raises(RunFolderError, match="this year"):
        chance_column(read_manifest(write_run(values)), 2022, tmp_path)
