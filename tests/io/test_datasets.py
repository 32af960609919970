import json
import re
from pathlib import Path

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import rasterio
import xarray as xr
from kedro.io import DatasetError
from shapely import Point

from entropice.crs import LON_LAT_CRS, POLAR_CRS
from entropice.derive.cell_blocks import CellBlocks
from entropice.errors import InputFileError, RunStateError, SchemaError
from entropice.io import (
    Arrays,
    ArraysDataset,
    CellCubeDataset,
    CubeDataset,
    GeoTableDataset,
    HtmlDataset,
    JsonDataset,
    RasterTilesDataset,
    TableDataset,
    TextDataset,
    VectorFileDataset,
)
from entropice.io.checksums import files_of
from entropice.io.recorded import RecordedDataset
from entropice.learning import samples
from entropice.raster.tile import RasterTile

TABLE = pd.DataFrame(
    {
        "cell_id": np.array([2**63 + 1, 7], dtype=np.uint64),
        "rts_count": pd.array([None, 0], dtype="Int64"),
        "rts_per_km2": [np.nan, 0.0],
        "state": ["unobserved", "observed_without"],
    }
)
POINTS = gpd.GeoDataFrame({"rts_id": [1, 2]}, geometry=[Point(0, 0), Point(1e6, -2e6)], crs=POLAR_CRS)
CUBE = xr.Dataset(
    {"slope_mean_deg": ("cell", [1.0, np.nan], {"units": "degree"}), "elevation_mean_m": ("cell", [0.0, 2.0])},
    coords={
        "cell_ids": ("cell", np.array([3, 5], dtype=np.uint64), {"grid_name": "h3", "level": 4}),
        "year": [2022, 2023],
    },
    attrs={"grid": "h3_4"},
)
ARRAYS = Arrays({"feature_weights": np.array([0.25, 0.75])}, {"features": ["a", "b"]})


def _datasets(folder: Path) -> dict[str, tuple[RecordedDataset, object]]:
    return {
        "table": (TableDataset(filepath=str(folder / "t.parquet")), TABLE),
        "geotable": (GeoTableDataset(filepath=str(folder / "g.parquet"), crs=POLAR_CRS), POINTS),
        "json": (
            JsonDataset(filepath=str(folder / "j.json")),
            {"edges": [0.1, 0.2], "names": ["none", "few"]},
        ),
        "text": (TextDataset(filepath=str(folder / "r.html")), "<p>Æøå</p>"),
        "cube": (CubeDataset(filepath=str(folder / "c.zarr")), CUBE),
        "cell_cube": (CellCubeDataset(filepath=str(folder / "cells.zarr")), CUBE),
        "arrays": (ArraysDataset(filepath=str(folder / "model")), ARRAYS),
    }


KINDS = ["table", "geotable", "json", "text", "cube", "cell_cube", "arrays"]


def _is_equal(left: object, right: object) -> bool:
    if isinstance(left, pd.DataFrame) and isinstance(right, pd.DataFrame):
        pd.testing.assert_frame_equal(left, right)
        return True
    if isinstance(left, xr.Dataset) and isinstance(right, xr.Dataset):
        return left.identical(right)
    if isinstance(left, Arrays) and isinstance(right, Arrays):
        return left.metadata == right.metadata and all(
            np.array_equal(left.arrays[name], right.arrays[name]) for name in right.arrays
        )
    return left == right


@pytest.mark.parametrize("kind", KINDS)
def test_what_is_saved_is_loaded(kind: str, tmp_path: Path) -> None:
    dataset, data = _datasets(tmp_path)[kind]

    assert not dataset.exists()
    dataset.save(data)

    assert dataset.exists()
    assert _is_equal(dataset.load(), data)


@pytest.mark.parametrize("kind", KINDS)
def test_saving_twice_gives_the_same_bytes(kind: str, tmp_path: Path) -> None:
    records = []
    for folder in ("first", "second"):
        dataset, data = _datasets(tmp_path / folder)[kind]
        dataset.save(data)
        records.append(next((tmp_path / folder).glob("*.sha256")).read_text())

    assert records[0] == records[1]


@pytest.mark.parametrize("kind", KINDS)
def test_one_flipped_bit_is_noticed(kind: str, tmp_path: Path) -> None:
    dataset, data = _datasets(tmp_path)[kind]
    dataset.save(data)
    largest = max(files_of(dataset.path), key=lambda file: file.stat().st_size)
    content = bytearray(largest.read_bytes())
    content[len(content) // 2] ^= 1
    largest.write_bytes(content)

    with pytest.raises(DatasetError) as caught:
        dataset.load()

    assert isinstance(caught.value.__cause__, InputFileError)


@pytest.mark.parametrize("kind", KINDS)
def test_what_was_never_made_is_said_so(kind: str, tmp_path: Path) -> None:
    dataset, _ = _datasets(tmp_path)[kind]

    with pytest.raises(DatasetError) as caught:
        dataset.load()

    assert isinstance(caught.value.__cause__, RunStateError)


def test_a_failed_save_leaves_the_last_good_output(tmp_path: Path) -> None:
    dataset = JsonDataset(filepath=str(tmp_path / "j.json"))
    dataset.save({"edges": [1.0]})

    with pytest.raises(DatasetError):
        dataset.save({"edges": [float("nan")]})

    assert dataset.load() == {"edges": [1.0]}
    assert sorted(p.name for p in tmp_path.iterdir()) == ["j.json", "j.json.sha256"]


def test_a_geotable_in_another_crs_is_refused(tmp_path: Path) -> None:
    dataset = GeoTableDataset(filepath=str(tmp_path / "g.parquet"), crs=POLAR_CRS)

    with pytest.raises(DatasetError) as caught:
        dataset.save(POINTS.to_crs(LON_LAT_CRS))

    assert isinstance(caught.value.__cause__, SchemaError)


def test_rows_of_a_box_are_read_by_the_boxes_of_a_geotable(tmp_path: Path) -> None:
    GeoTableDataset(filepath=str(tmp_path / "g.parquet"), crs=POLAR_CRS).save(POINTS)

    assert gpd.read_parquet(tmp_path / "g.parquet", bbox=(9e5, -3e6, 2e6, -1e6))["rts_id"].tolist() == [2]


def test_object_arrays_are_refused(tmp_path: Path) -> None:
    dataset = ArraysDataset(filepath=str(tmp_path / "model"))

    with pytest.raises(DatasetError):
        dataset.save(Arrays({"a": np.array([object()])}, {}))

    assert not dataset.exists()


def test_a_cube_comes_back_in_the_order_of_names(tmp_path: Path) -> None:
    dataset, data = _datasets(tmp_path)["cube"]
    dataset.save(data)

    assert list(dataset.load().data_vars) == ["elevation_mean_m", "slope_mean_deg"]


def test_previews_hold_rows_without_geometry(tmp_path: Path) -> None:
    dataset, data = _datasets(tmp_path)["geotable"]
    dataset.save(data)

    assert dataset.preview()["columns"] == ["rts_id"]


@pytest.mark.parametrize("n_cells", [1, 3, 7, 9])
def test_a_cube_on_cells_is_stored_as_xarray_stores_it_whole(tmp_path: Path, n_cells: int) -> None:
    """Also where a chunk is of nothing but the value that Zarr fills in."""
    random = np.random.default_rng(0).random((7, 2))
    data = xr.Dataset(
        {
            "yearly": (("cell", "year"), random, {"units": "m"}),
            "static": ("cell", random[:, 0]),
            "unknown": (("cell", "year"), np.full((7, 2), np.nan), {"source": "nobody"}),
            "nothing": ("cell", np.zeros(7)),
            "count": ("cell", np.array([0, 0, 0, 4, 5, 6, 7])),
            "is_land": ("cell", random[:, 1] < 0.5),
        },
        coords={"cell_ids": ("cell", np.arange(7, dtype=np.uint64), {"level": 4}), "year": [2022, 2023]},
        attrs={"grid": "h3_4"},
    )
    chunks = {str(name): {"chunks": (min(n_cells, 7), 2)[: array.ndim]} for name, array in data.data_vars.items()}
    data.to_zarr(tmp_path / "by_xarray", zarr_format=3, consolidated=False, encoding=chunks)
    blocks = CellBlocks(data.drop_vars(data.data_vars), lambda cells: data.isel(cell=cells))

    with pytest.MonkeyPatch.context() as changed:
        changed.setattr(samples, "CELLS_PER_BLOCK", n_cells)
        for name, cube in {"cube": data, "blocks": blocks}.items():
            dataset = CellCubeDataset(filepath=str(tmp_path / name / "cube.zarr"))
            dataset.save(cube)
            assert _contents(dataset.path) == _contents(tmp_path / "by_xarray")
            assert dataset.load().equals(data)


def _contents(folder: Path) -> dict[Path, bytes]:
    return {path.relative_to(folder): path.read_bytes() for path in files_of(folder)}


def test_what_has_no_rows_is_previewed_by_its_description() -> None:
    dataset = CubeDataset(filepath="c.zarr", metadata={"description": "a < b"})

    assert ">a &lt; b</p>" in dataset.preview()


def test_without_a_description_there_is_no_preview() -> None:
    assert CubeDataset(filepath="c.zarr").preview() == ""


def test_the_preview_of_html_is_its_body_on_one_line(tmp_path: Path) -> None:
    dataset = HtmlDataset(filepath=str(tmp_path / "r.html"))
    dataset.save("<html><head><style>p {}</style></head><body>\n<p>one</p>\n\n<p>two</p></body></html>")

    assert dataset.preview() == "<p>one</p> <p>two</p>"


def test_a_preview_of_html_has_no_pair_of_marks_that_markdown_would_take_for_emphasis(tmp_path: Path) -> None:
    dataset = HtmlDataset(filepath=str(tmp_path / "r.html"))
    dataset.save('<body><a href="#a_b">p_any_rts</a> and slope_* or *_mean</body>')
    preview = dataset.preview()

    assert '<a href="#a_b">' in preview
    assert not re.search(r"_[^\u2028]*_|\*[^\u2028]*\*", preview)
    assert re.sub("<i hidden>\u2028</i>", "", preview) == '<a href="#a_b">p_any_rts</a> and slope_* or *_mean'


def test_a_tile_keeps_its_place_and_its_missing_pixels(tmp_path: Path) -> None:
    values = np.array([[1.0, np.nan, 3.0], [4.0, 5.0, 6.0]], dtype=np.float32)
    dataset = RasterTilesDataset(filepath=str(tmp_path / "tiles"))

    dataset.save([RasterTile("t_0_0", values, left_m=-64.0, top_m=128.0, pixel_size_m=32.0)])

    with rasterio.open(tmp_path / "tiles" / "t_0_0.tif") as tile:
        assert tuple(tile.bounds) == (-64.0, 64.0, 32.0, 128.0)
        assert tile.crs.to_string() == POLAR_CRS
        np.testing.assert_array_equal(tile.read(1, masked=True).filled(np.nan), values)


def test_a_vector_file_written_twice_has_the_same_bytes(tmp_path: Path) -> None:
    for name in ("a", "b"):
        VectorFileDataset(filepath=str(tmp_path / name / "land.gpkg")).save(POINTS)

    assert (tmp_path / "a/land.gpkg").read_bytes() == (tmp_path / "b/land.gpkg").read_bytes()


def test_a_document_is_previewed_as_it_is(tmp_path: Path) -> None:
    dataset, document = _datasets(tmp_path)["json"]
    dataset.save(document)

    assert json.loads(dataset.preview()) == document


def test_a_preview_of_a_table_has_its_first_thirty_rows(tmp_path: Path) -> None:
    dataset = TableDataset(filepath=str(tmp_path / "t.parquet"))
    dataset.save(pd.DataFrame({"n": range(40)}))

    preview = dataset.preview()

    assert (preview["index"], preview["columns"]) == (list(range(30)), ["n"])
    assert preview["data"] == [[str(n)] for n in range(30)]
