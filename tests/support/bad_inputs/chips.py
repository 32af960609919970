"""Chips of three sensors that must be refused, read the way a run reads them."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import rasterio
from affine import Affine
from chips import PRODUCT, chip, chip_label, chip_place, rewritten, write_chips

from bad_inputs import BadInput
from entropice.pipelines.image_sources.lake_chips.nodes import copy_audits, copy_chips, read_tiles
from entropice.pipelines.image_sources.lake_chips.parameters import LakeChipParameters
from entropice.sources.imagery.audits import AuditedMask, write_audited_masks
from entropice.sources.imagery.products import product_named
from entropice.sources.imagery.tile_index import INDEX

NAMES = product_named(PRODUCT).file_bands
PARAMETERS = LakeChipParameters()
Change = Callable[[np.ndarray], np.ndarray]


def _folder(folder: Path) -> Path:
    """Two places, one of them in two years."""
    return write_chips(folder / "chips", chip(0, 2017), chip(0, 2021), chip(1, 2021))


def _read(folder: Path) -> None:
    """As the steps of the source read it."""
    tiles = read_tiles(folder, PARAMETERS)
    for _ in copy_chips(folder, tiles, PARAMETERS):
        pass
    for _ in copy_audits(folder, tiles, PARAMETERS):
        pass


def _given(kind: str, change: Callable[[Path], object]) -> BadInput:
    def provoke(folder: Path) -> None:
        _folder(folder)
        change(folder)
        _read(folder)

    return BadInput(kind, provoke)


def _chip(kind: str, change: Change | None = None, names: Any = None, **profile: Any) -> BadInput:
    """One chip of the folder, changed."""
    return _given(
        f"chip: {kind}", lambda folder: rewritten(folder / "chips/pamir_0_2021.tif", change, names, **profile)
    )


def _label(kind: str, change: Change | None = None, **profile: Any) -> BadInput:
    return _given(
        f"chip: {kind}", lambda folder: rewritten(folder / "chips/pamir_0_2021_label.tif", change, None, **profile)
    )


def _table(kind: str, change: Callable[[pd.DataFrame], pd.DataFrame]) -> BadInput:
    def changed(folder: Path) -> None:
        path = folder / "chips" / INDEX
        change(pd.read_parquet(path)).to_parquet(path, index=False)

    return _given(f"chips: {kind}", changed)


def _audit(kind: str, key: str, number: int) -> BadInput:
    mask = AuditedMask(key, chip_place(number), chip_label())
    return _given(f"audit: {kind}", lambda folder: write_audited_masks([mask], folder / "audits"))


def _set(bands: Any, value: float, rows: Any = slice(None)) -> Change:
    def change(numbers: np.ndarray) -> np.ndarray:
        changed = numbers.copy()
        changed[bands, rows] = value
        return changed

    return change


def _optical(factor: float) -> Change:
    return lambda numbers: np.concatenate([numbers[:12] * np.float32(factor), numbers[12:]])


def _linear(numbers: np.ndarray) -> np.ndarray:
    return np.concatenate([numbers[:12], 10 ** (numbers[12:14] / 10), numbers[14:]])


def _turned(numbers: np.ndarray) -> np.ndarray:
    return numbers[[*range(12), 13, 12, 14]]


def _twice(folder: Path) -> None:
    write_chips(folder / "chips", *(replace(chip(0), key=key) for key in ("first", "second")))
    for path in (folder / "chips").glob("pamir*"):
        path.unlink()


def _surplus(folder: Path) -> None:
    (folder / "chips/forgotten.tif").write_bytes((folder / "chips/pamir_0_2021.tif").read_bytes())


def _in_feet(folder: Path) -> None:
    with rasterio.open(folder / "chips/pamir_0_2021.tif", "r+") as file:
        file.set_band_unit(15, "ft")


AT_ZERO = Affine(10, 0, 0, 0, -10, 0)

BAD_INPUTS = (
    _chip("radar in linear power", _linear),
    _chip("VV and VH exchanged", _turned),
    _chip("radar known where no power came back", _set(12, -np.inf, 3)),
    _chip("half of a sensor", _set(13, np.nan)),
    _chip("nothing of any sensor", _set(slice(None), np.nan)),
    _chip("bands in another order", None, (*NAMES[3::-1], *NAMES[4:])),
    _chip("bands without names", None, ("",) * 15),
    _chip("12 bands", lambda numbers: numbers[:12]),
    _chip("13 bands, with B10", lambda numbers: numbers[:13], (*NAMES[:10], "B10", *NAMES[10:12])),
    _chip("14 bands", lambda numbers: numbers[:14]),
    _chip("numbers of another type", lambda numbers: np.nan_to_num(numbers).astype(np.int16), None, nodata=None),
    _chip("nodata of another product", None, None, nodata=-9999),
    _chip("voids of -32768 as heights", _set(14, -32768, 3)),
    _chip("voids of -9999 as heights", _set(14, -9999, 3)),
    _chip("voids of -32767 as heights", _set(14, -32767, 3)),
    _chip("heights in feet", lambda numbers: np.concatenate([numbers[:14], numbers[14:] * 3.28])),
    _given("chip: heights that its header calls feet", _in_feet),
    _chip("a missing sensor as 0", _set(14, 0)),
    _chip("reflectance from 0 to 1", _optical(1e-4)),
    _chip("reflectance from 0 to 255", _optical(255 / 16_000)),
    _chip("in a UTM zone", None, None, crs="EPSG:32643"),
    _chip("elsewhere than its table says", None, None, transform=AT_ZERO),
    _label("a label of another grid", None, transform=AT_ZERO),
    _label("a label of other values", lambda numbers: numbers * 2),
    _given("chips: no label", lambda folder: (folder / "chips/pamir_1_2021_label.tif").unlink()),
    _given("chips: no image", lambda folder: (folder / "chips/pamir_1_2021.tif").unlink()),
    _given("chips: a file that the table does not name", _surplus),
    _given("chips: no table", lambda folder: (folder / "chips" / INDEX).unlink()),
    _given("chips: one place twice a year", _twice),
    _table("no region", lambda table: table.drop(columns="region")),
    _table("chips of two sizes", lambda table: table.assign(n_pixels=[24, 24, 32])),
    _table("corners beside the frame of pixels", lambda table: table.assign(left_m=table["left_m"] + 3)),
    _table("two years of one place in two splits", lambda table: table.assign(split=["train", "test", "test"])),
    _audit("without its chip", "elsewhere", 1),
    _audit("on another grid", "pamir_1_2021", 0),
)
