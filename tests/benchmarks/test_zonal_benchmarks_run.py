"""The benchmarks of zonal reduction run, at sizes that say nothing about speed; what they compare is the same work."""

import numpy as np
import pytest
import rasterio

from benchmarks import lonlat, polygons, stress, zonal
from benchmarks.stress import PLACES, Size
from entropice.sources.arcticdem.tiles import NODATA

SMALL = Size(n_tiles=2, side_px=300, grid_key="h3_6", n_workers=0, block_px=128)


def cells_of(report: str) -> list[list[str]]:
    """Cells of all tables of a report, line by line."""
    lines = [line for line in report.splitlines() if line.startswith("| ") and not line.startswith("| ---")]
    return [[cell.strip() for cell in line.strip("|").split("|")] for line in lines]


def test_the_raster_benchmark_finds_the_figures_of_its_peers(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(zonal, "LAT_DEG", 88.0)
    lines = {line[0]: line[1:] for line in cells_of(zonal.report(400, "h3_5", 1))}
    assert {"cold", "warm", "exactextract", "rasterstats", "xvec", "deflate: reading and reducing"} <= lines.keys()
    assert all(float(lines[name][0]) < 1e-5 for name in ("mean", "sd", "count", "minimum", "maximum"))


def test_the_polygon_benchmark_finds_the_areas_of_its_peer() -> None:
    titles, slumps, coast = cells_of(polygons.report(300, 300, 2_000, 1))
    assert len(titles) == len(slumps) == len(coast)
    assert float(slumps[-1]) < 1e-6
    assert float(coast[-1]) < 1e-3


def test_the_grid_benchmark_finds_the_means_of_its_peer() -> None:
    _, *kinds = cells_of(lonlat.report("h3_3", 3, 2, 1))
    assert [line[0] for line in kinds] == ["complete", "sea unknown", "scattered unknown"]
    assert all(float(line[-1]) < 1e-5 for line in kinds)


def test_tiles_of_the_stress_run_are_compressed_pyramids_and_always_the_same(tmp_path) -> None:
    for name in ("a.tif", "b.tif"):
        stress.write_tile(tmp_path / name, PLACES[1], 600)
    with rasterio.open(tmp_path / "a.tif") as a, rasterio.open(tmp_path / "b.tif") as b:
        assert (a.profile["compress"], a.block_shapes, a.overviews(1)) == ("deflate", [(512, 512)], [2, 4, 8])
        values = a.read(1)
        np.testing.assert_array_equal(values, b.read(1))
    assert 0.01 < (values == NODATA).mean() < 0.1


@pytest.mark.parametrize("n_tiles", [1, 2])
def test_the_stress_run_reaches_the_cells(tmp_path, n_tiles) -> None:
    size = Size(n_tiles, SMALL.side_px, SMALL.grid_key, SMALL.n_workers, SMALL.block_px)
    (tmp_path / "tiles").mkdir()
    stress.write_tiles(tmp_path / "tiles", size)

    outcome = stress.stress(tmp_path, size)

    assert outcome.n_cells > 100 * n_tiles
    assert 0.9 < outcome.n_known / outcome.n_cells < 1  # some lie in a patch of unknown pixels
    assert outcome.n_blocks == {1: 9, 2: 15}[n_tiles]
