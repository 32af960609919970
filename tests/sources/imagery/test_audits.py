import numpy as np
import pytest
from chips import N_PIXELS, chip_image, chip_label, chip_place
from raster_files import write_raster
from rasterio.transform import from_origin

from entropice.errors import InputFileError
from entropice.sources.imagery.audits import AuditedMask, AuditedMasks, write_audited_masks
from entropice.sources.imagery.placing import require_same_place
from entropice.sources.imagery.products import SENTINEL_1_2_RELIEF
from entropice.sources.imagery.reading import read_image
from entropice.sources.imagery.sensor_writing import write_chip
from entropice.sources.imagery.writing import polar_place


def audited(key, number=0, mask=None):
    return AuditedMask(key, chip_place(number), chip_label() if mask is None else mask)


def test_masks_come_back_with_what_counts(tmp_path):
    write_audited_masks([audited("b"), audited("a", 1)], tmp_path)
    masks = AuditedMasks(tmp_path)
    assert masks.keys == ("a", "b")
    target, scored = masks.read("a")
    assert target.dtype == np.uint8
    np.testing.assert_array_equal(target, chip_label() == 1)
    np.testing.assert_array_equal(scored, chip_label() != 255)


def test_equal_masks_give_equal_bytes(tmp_path):
    for name in ("one", "two"):
        write_audited_masks([audited("a")], tmp_path / name)
    assert (tmp_path / "one/a.tif").read_bytes() == (tmp_path / "two/a.tif").read_bytes()


def test_a_folder_without_masks_is_an_audit_of_nothing(tmp_path):
    write_audited_masks([], tmp_path)
    assert AuditedMasks(tmp_path).keys == ()


def test_masks_lie_on_the_pixels_of_their_chip(tmp_path):
    write_chip(tmp_path / "a", chip_image(), chip_place(), chip_label(), SENTINEL_1_2_RELIEF)
    _, place = read_image(tmp_path / "a.tif", SENTINEL_1_2_RELIEF)
    require_same_place(place, polar_place(chip_place()), tmp_path)
    write_audited_masks([audited("a", 0), audited("b", 1)], tmp_path / "audits")
    masks = AuditedMasks(tmp_path / "audits")
    np.testing.assert_array_equal(masks.read_on("a", place)[0], masks.read("a")[0])
    with pytest.raises(InputFileError, match="does not lie") as caught:
        masks.read_on("b", place)
    assert caught.value.field == "grid"


@pytest.mark.parametrize(
    ("masks", "field"),
    [
        ([audited("a", mask=chip_label() * 2)], "values"),
        ([audited("a", mask=chip_label()[:-1])], "mask"),
        ([audited("a"), audited("a")], "key"),
    ],
    ids=["values", "shape", "twice"],
)
def test_masks_that_are_none_are_not_written(tmp_path, masks, field):
    with pytest.raises(InputFileError) as caught:
        write_audited_masks(masks, tmp_path)
    assert caught.value.field == field
    assert caught.value.fix


def test_masks_that_are_none_are_not_read(tmp_path):
    at = from_origin(0.0, 0.0, 10.0, 10.0)
    write_raster(tmp_path / "values.tif", np.full((N_PIXELS, N_PIXELS), 7, dtype=np.uint8), at)
    write_raster(tmp_path / "type.tif", np.zeros((N_PIXELS, N_PIXELS), dtype=np.float32), at)
    for key in ("values", "type", "none"):
        with pytest.raises(InputFileError) as caught:
            AuditedMasks(tmp_path).read(key)
        assert caught.value.path == str(tmp_path / f"{key}.tif")
