import logging

import numpy as np
import pytest
from affine import Affine
from chips import PRODUCT, chip, chip_image, chip_label, chip_place, rewritten, write_chips

from entropice.errors import InputFileError
from entropice.sources.imagery.audits import AuditedMask, write_audited_masks
from entropice.sources.imagery.chip_table import read_chip_table
from entropice.sources.imagery.given_chips import given_audits, given_chips


@pytest.fixture
def folder(tmp_path):
    return write_chips(tmp_path / "chips", chip(0), chip(1, without=("radar",)))


@pytest.fixture
def table(folder):
    return read_chip_table(folder)


def audited(folder, *masks):
    write_audited_masks(masks, folder)
    return folder


def test_chips_come_as_they_were_given(folder, table):
    first, second = given_chips(folder, table, PRODUCT)
    assert (first.key, first.region, first.place) == ("pamir_0_2021", "pamir", chip_place(0))
    np.testing.assert_array_equal(first.label, chip_label())
    np.testing.assert_array_equal(second.image.values, chip_image(1, ("radar",)).values)


@pytest.mark.parametrize(
    ("name", "profile", "field"),
    [
        ("pamir_1_2021.tif", {"crs": "EPSG:32643"}, "CRS"),
        ("pamir_1_2021.tif", {"transform": Affine(10, 0, 0, 0, -10, 0)}, "left_m, top_m, pixel_m, n_pixels"),
        ("pamir_1_2021.tif", {"transform": Affine(10, 0, 2_000_250, 0, -10, 3e6)}, "left_m, top_m, pixel_m, n_pixels"),
        ("pamir_1_2021_label.tif", {"transform": Affine(10, 0, 0, 0, -10, 0)}, "grid"),
        ("pamir_1_2021_label.tif", {"crs": "EPSG:32643"}, "grid"),
    ],
)
def test_a_chip_that_lies_elsewhere_is_refused(folder, table, name, profile, field):
    rewritten(folder / name, **profile)
    with pytest.raises(InputFileError) as caught:
        list(given_chips(folder, table, PRODUCT))
    assert (caught.value.path, caught.value.field) == (str(folder / name), field)
    assert "gdalwarp" in caught.value.fix or "tiles.parquet" in caught.value.fix


def test_audits_are_those_of_the_chips(tmp_path, table):
    folder = audited(tmp_path / "audits", AuditedMask("pamir_1_2021", chip_place(1), chip_label()))
    (mask,) = given_audits(folder, table)
    assert (mask.key, mask.place) == ("pamir_1_2021", chip_place(1))
    np.testing.assert_array_equal(mask.mask, chip_label())


def test_no_audit_is_said(tmp_path, table, caplog):
    with caplog.at_level(logging.WARNING):
        assert list(given_audits(tmp_path / "audits", table)) == []
    assert "No mask was drawn again" in caplog.text


def test_audits_of_other_chips_are_refused_before_any_is_read(tmp_path, table):
    folder = audited(tmp_path / "audits", AuditedMask("elsewhere", chip_place(1), chip_label()))
    with pytest.raises(InputFileError, match="not there") as caught:
        given_audits(folder, table)
    assert caught.value.path == str(folder / "elsewhere.tif")


def test_audits_on_another_grid_are_refused(tmp_path, table):
    folder = audited(tmp_path / "audits", AuditedMask("pamir_1_2021", chip_place(0), chip_label()))
    with pytest.raises(InputFileError) as caught:
        list(given_audits(folder, table))
    assert caught.value.field == "grid"
