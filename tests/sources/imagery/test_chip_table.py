from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from chips import chip, chip_place, write_chips

from entropice.errors import InputFileError
from entropice.sources.imagery.chip_table import read_chip_table
from entropice.sources.imagery.tile_index import INDEX


@pytest.fixture
def folder(tmp_path):
    """Two places in two years, side by side, and a third one in one."""
    chips = [chip(number, year) for number in (0, 1) for year in (2017, 2021)]
    return write_chips(tmp_path / "chips", *chips, chip(2, 2021, "alps"))


def with_table(folder, change):
    table = pd.read_parquet(folder / INDEX)
    change(table).to_parquet(folder / INDEX, index=False)
    return folder


def without(name):
    return lambda folder: (folder / name).unlink()


def changed(**columns):
    return lambda folder: with_table(folder, lambda table: table.assign(**columns))


def row_more(folder):
    with_table(folder, lambda table: pd.concat([table, table.tail(1).assign(key="alps_3_2021", left_m=0.0)]))


def file_more(folder):
    (folder / "forgotten.tif").write_bytes((folder / "pamir_0_2021.tif").read_bytes())


def twice(folder):
    write_chips(folder, *(replace(chip(0), key=key) for key in ("one", "two")))
    for path in folder.glob("*_20*"):
        path.unlink()


def test_the_table_has_what_tasks_ask_for(folder):
    table = read_chip_table(folder)
    assert table.columns.tolist() == ["key", "left_m", "top_m", "pixel_m", "n_pixels", "year", "region"]
    assert table.index.tolist() == [0, 1, 2, 3, 4]
    assert set(table["region"]) == {"pamir", "alps"}
    assert table["left_m"][1] == chip_place(0).left_m


WRONG = {
    "no region": (lambda folder: with_table(folder, lambda table: table.drop(columns="region")), "tiles.parquet",
                  "no column region"),
    "a region without a name": (changed(region=["pamir", "pamir", None, "pamir", "alps"]), "region",
                                "1 chips without one"),
    "two sizes": (changed(n_pixels=[24, 24, 24, 24, 32]), "n_pixels", "24, 32"),
    "two resolutions": (changed(pixel_m=[10.0, 10.0, 10.0, 10.0, 20.0]), "pixel_m", "10.0, 20.0"),
    "a corner beside the frame": (changed(top_m=[3e6, 3e6, 3e6, 3_000_004.0, 3e6]), "top_m",
                                  "1 chips beside it, the first at 3000004 m"),
    "no chip": (lambda folder: with_table(folder, lambda table: table.head(0)), "pixel_m", "no chip"),
    "no label": (without("pamir_1_2021_label.tif"), "files", "1 chips without their label"),
    "no image": (without("pamir_1_2021.tif"), "files", "1 chips without their image"),
    "a row too many": (row_more, "files", "1 chips without their image"),
    "a file too many": (file_more, "files", "1 files not named in tiles.parquet"),
    "a place twice a year": (twice, "left_m, top_m, year", "2 chips of one place and year"),
    "two splits of a place": (changed(split=["train", "test", "train", "train", "train"]), "split",
                              "1 pairs of overlapping chips in two splits"),
}  # fmt: skip


@pytest.mark.parametrize("kind", WRONG)
def test_folders_that_do_not_go_together_are_refused(folder, kind):
    change, field, got = WRONG[kind]
    change(folder)
    with pytest.raises(InputFileError) as caught:
        read_chip_table(folder)
    assert (caught.value.field, caught.value.got) == (field, got)
    assert caught.value.path.startswith(str(folder))
    assert caught.value.expected
    assert caught.value.fix


def test_the_missing_partner_is_named(folder):
    without("pamir_1_2021_label.tif")(folder)
    with pytest.raises(InputFileError) as caught:
        read_chip_table(folder)
    assert caught.value.path == str(folder / "pamir_1_2021_label.tif")


def test_chips_side_by_side_may_be_in_two_splits_and_overlapping_ones_may_not(folder):
    sides = ["train", "train", "test", "test", "test"]
    with_table(folder, lambda table: table.assign(split=sides))
    assert "split" not in read_chip_table(folder)
    with_table(folder, lambda table: table.assign(left_m=table["left_m"] - np.where(table["key"].str[6] == "1", 10, 0)))
    with pytest.raises(InputFileError, match="do not go together") as caught:
        read_chip_table(folder)
    assert caught.value.got == "4 pairs of overlapping chips in two splits"
    assert caught.value.sample[0] == "pamir_0_2017 in train and pamir_1_2017 in test"
