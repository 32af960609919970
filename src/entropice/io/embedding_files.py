"""Embeddings written as AlphaEarth publishes them: a cloud-optimised GeoTIFF a square and year, and an index."""

from collections.abc import Iterable
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from entropice.raster.tile import EmbeddingTile

MASKED = -128
STORE = "gs://virtual_arctic/satellite_embedding/v1/annual"
LARGEST_BLOCK_PX = 1024


def write_embedding_files(tiles: Iterable[EmbeddingTile], folder: Path) -> None:
    """Write ``<year>/<zone>N/<name>.tiff`` as each tile comes, and ``aef_index.parquet`` at the end.

    Files are cloud-optimised GeoTIFFs of 64 int8 bands ``A00`` to ``A63``, −128 where masked, with the tile's levels as
    overviews. The index has a row a file: ``fid`` from 1 on, ``path year utm_zone crs``, and the edges ``utm_west
    utm_south utm_east utm_north`` (m) and ``wgs84_west wgs84_south wgs84_east wgs84_north`` (degrees). A ``path`` there
    is ``gs://virtual_arctic/satellite_embedding/v1/annual/`` and the place in the folder. What stands at a place is
    replaced; a write that breaks off leaves the files written so far, without an index. Without tiles the index has no
    row, and ``fid`` alone.
    """
    import pandas as pd

    rows = []
    with TemporaryDirectory() as scratch:
        for tile in tiles:
            path = folder / str(tile.year) / f"{tile.zone}N" / f"{tile.name}.tiff"
            path.parent.mkdir(parents=True, exist_ok=True)
            _write_file(tile, path, Path(scratch) / "tile.tif")
            rows.append(_index_row(tile, f"{STORE}/{path.relative_to(folder).as_posix()}"))
    index = pd.DataFrame(rows)
    index.insert(0, "fid", range(1, len(index) + 1))
    index.to_parquet(folder / "aef_index.parquet", index=False)


def _write_file(tile: EmbeddingTile, path: Path, scratch: Path) -> None:
    """Write the levels side by side, where the driver finds them as overviews and copies them instead of its own."""
    import rasterio.shutil

    for number, level in enumerate(tile.levels):
        _write_level(tile, level, scratch.with_name(scratch.name + ".ovr" * number))
    rasterio.shutil.copy(
        scratch,
        path,
        driver="COG",
        overviews="FORCE_USE_EXISTING",
        compress="DEFLATE",
        predictor="YES",
        num_threads="ALL_CPUS",
        blocksize=min(LARGEST_BLOCK_PX, max(128, tile.levels[0].shape[1])),
    )


def _write_level(tile: EmbeddingTile, level: Any, path: Path) -> None:
    import rasterio
    from rasterio.transform import Affine

    n_bands, n_rows, n_columns = level.shape
    pixel_m = tile.pixel_size_m * tile.levels[0].shape[2] / n_columns
    step_y_m = pixel_m if tile.is_bottom_up else -pixel_m
    profile = {
        "driver": "GTiff",
        "height": n_rows,
        "width": n_columns,
        "count": n_bands,
        "dtype": "int8",
        "crs": tile.crs,
        "transform": Affine(pixel_m, 0, tile.left_m, 0, step_y_m, tile.first_row_m),
        "nodata": MASKED,
        "interleave": "band",
    }
    with rasterio.open(path, "w", **profile) as target:
        target.write(level)
        if level is tile.levels[0]:
            target.descriptions = tuple(f"A{band:02d}" for band in range(n_bands))


def _index_row(tile: EmbeddingTile, path: str) -> dict[str, Any]:
    edge_m = tile.pixel_size_m * tile.levels[0].shape[1]
    south_m = tile.first_row_m if tile.is_bottom_up else tile.first_row_m - edge_m
    west_deg, south_deg, east_deg, north_deg = tile.lon_lat_bounds_deg
    return {
        "path": path,
        "year": tile.year,
        "utm_zone": f"{tile.zone}N",
        "crs": tile.crs,
        "utm_west": tile.left_m,
        "utm_south": south_m,
        "utm_east": tile.left_m + edge_m,
        "utm_north": south_m + edge_m,
        "wgs84_west": west_deg,
        "wgs84_south": south_deg,
        "wgs84_east": east_deg,
        "wgs84_north": north_deg,
    }
