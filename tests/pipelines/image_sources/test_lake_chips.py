"""Chips of real lakes as a source of images: a folder becomes tiles, images and audits."""

import numpy as np
import pytest
from chips import BANDS, PRODUCT, chip, chip_label, chip_place, write_chips
from kedro.io import DataCatalog, MemoryDataset
from kedro.pipeline import Pipeline
from kedro.runner import SequentialRunner
from pydantic import ValidationError

from entropice.errors import InputFileError
from entropice.imagery.audited import AuditedSamples
from entropice.io import ImageTilesDataset, MaskTilesDataset, TableDataset
from entropice.pipelines.image_sources.lake_chips.declaration import LAKE_CHIPS
from entropice.pipelines.image_sources.lake_chips.nodes import read_tiles
from entropice.pipelines.image_sources.lake_chips.parameters import LakeChipParameters
from entropice.pipelines.image_sources.raster_series.dataset import RasterSeriesDataset
from entropice.sources.imagery.audits import AuditedMask, write_audited_masks


@pytest.fixture
def catalog(tmp_path):
    write_chips(tmp_path / "files/chips", chip(0), chip(1), chip(2, region="alps", without=("relief",)))
    datasets = {
        "files": RasterSeriesDataset(filepath=str(tmp_path / "files")),
        "tiles": TableDataset(filepath=str(tmp_path / "tiles.parquet")),
        "images": ImageTilesDataset(filepath=str(tmp_path / "images"), product=PRODUCT),
        "audits": MaskTilesDataset(filepath=str(tmp_path / "audits")),
    }
    return DataCatalog(datasets | {"params:task.lake_chips": MemoryDataset(LakeChipParameters())})


def run(catalog):
    SequentialRunner().run(Pipeline(LAKE_CHIPS.nodes()), catalog)


def test_a_folder_becomes_tiles_images_and_no_audits(catalog):
    run(catalog)
    tiles, images = catalog.load("tiles"), catalog.load("images")
    assert tiles["region"].tolist() == ["pamir", "pamir", "alps"]
    assert list(images.keys) == tiles["key"].tolist()
    assert images.bands == BANDS
    assert images.table["region"].tolist() == tiles["region"].tolist()
    assert not images.read("alps_2_2021").image.valid[14].any()
    assert catalog.load("audits").keys == ()


def test_what_is_copied_is_what_was_given(catalog, tmp_path):
    run(catalog)
    for path in sorted((tmp_path / "files/chips").glob("*.tif")):
        assert (tmp_path / "images" / path.name).read_bytes() == path.read_bytes()


def test_audits_come_with_their_chips(catalog, tmp_path):
    redrawn = np.roll(chip_label(), 3, axis=1)
    write_audited_masks([AuditedMask("pamir_1_2021", chip_place(1), redrawn)], tmp_path / "files/audits")
    run(catalog)
    samples = AuditedSamples(catalog.load("images"), catalog.load("audits"))
    assert samples.keys == ("pamir_1_2021",)
    np.testing.assert_array_equal(samples.read("pamir_1_2021").target, redrawn == 1)


def test_places_are_looked_at_through_copies(catalog):
    run(catalog)
    viewer = LAKE_CHIPS.looked_through
    scenery = viewer.open(*map(catalog.load, viewer.inputs))
    seen, chip_of = scenery.at(chip_place(1)), catalog.load("images").read("pamir_1_2021")
    np.testing.assert_array_equal(seen.image.values, chip_of.image.values)
    assert not seen.scored.any()


def test_a_folder_without_chips_is_refused(tmp_path):
    with pytest.raises(InputFileError) as caught:
        read_tiles(tmp_path, LakeChipParameters())
    assert caught.value.path == str(tmp_path / "chips/tiles.parquet")


@pytest.mark.parametrize("path", ["/chips", "../chips", ""])
def test_folders_lie_below_the_files(path):
    with pytest.raises(ValidationError):
        LakeChipParameters(path=path)


def test_licences_say_whom_to_name():
    credits = [licence.credit for licence in LAKE_CHIPS.licences]
    assert credits[0] == "Contains modified Copernicus Sentinel data."
    assert "© DLR e.V. 2010-2014 and © Airbus Defence and Space GmbH 2014-2018" in credits[1]
    assert LAKE_CHIPS.nouns == "glacial lakes"
