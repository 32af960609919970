import filecmp

import numpy as np
import pandas as pd
import pytest
import rasterio
from embedding_tiles import halved, random_codes, tile

from entropice.io import EmbeddingFilesDataset
from entropice.sources.alphaearth.index import COLUMNS

CODES = random_codes(16)


@pytest.fixture(scope="module")
def saved(tmp_path_factory):
    dataset = EmbeddingFilesDataset(filepath=str(tmp_path_factory.mktemp("work") / "alphaearth"))
    dataset.save(iter([tile(CODES, year=2021), tile(CODES, year=2022, zone=4, up=True, name="other")]))
    return dataset


def test_files_lie_as_published(saved):
    found = {path.relative_to(saved.path).as_posix() for path in saved.path.rglob("*") if path.is_file()}

    assert found == {"aef_index.parquet", "2021/33N/tile.tiff", "2022/4N/other.tiff"}


@pytest.mark.parametrize(("place", "step_y_m"), [("2021/33N/tile.tiff", -1000.0), ("2022/4N/other.tiff", 1000.0)])
def test_a_file_is_a_cloud_optimised_one_with_the_overviews_that_were_given(saved, place, step_y_m):
    with rasterio.open(saved.path / place) as source:
        assert source.tags(ns="IMAGE_STRUCTURE")["LAYOUT"] == "COG"
        assert source.profile["compress"] == "deflate"
        assert (source.count, set(source.dtypes), source.nodata) == (64, {"int8"}, -128)
        assert source.transform.e == step_y_m
        assert source.descriptions[:2] + source.descriptions[-1:] == ("A00", "A01", "A63")
        assert source.overviews(1) == [2, 4, 8, 16]
    for overview, level in enumerate(halved(CODES)[1:]):
        with rasterio.open(saved.path / place, overview_level=overview) as source:
            np.testing.assert_array_equal(source.read(), level[:, ::-1] if step_y_m > 0 else level)


def test_the_index_has_the_published_columns(saved):
    index = pd.read_parquet(saved.path / "aef_index.parquet")

    assert set(COLUMNS) < set(index.columns)
    assert index["utm_zone"].tolist() == ["33N", "4N"]
    assert index["utm_north"].tolist() == [8_016_000.0, 8_016_000.0]
    assert index["path"].str.endswith(("2021/33N/tile.tiff", "2022/4N/other.tiff")).all()


def test_what_was_saved_is_read(saved):
    embeddings = saved.load()

    assert embeddings.years == [2021, 2022]
    assert [file.raster.zone for file in embeddings.files] == [33, 4]


def test_equal_tiles_make_equal_bytes(saved, tmp_path):
    again = EmbeddingFilesDataset(filepath=str(tmp_path / "alphaearth"))
    again.save([tile(CODES, year=2021), tile(CODES, year=2022, zone=4, up=True, name="other")])

    for path in (path for path in saved.path.rglob("*") if path.is_file()):
        assert filecmp.cmp(path, again.path / path.relative_to(saved.path), shallow=False), path.name
