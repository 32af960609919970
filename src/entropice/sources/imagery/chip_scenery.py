"""Any place as the chips show it that touch it."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import cast

import numpy as np
import pandas as pd
import shapely

from entropice.errors import ConfigError
from entropice.imagery.common_pixels import Window, common_pixels
from entropice.imagery.places import place_of
from entropice.imagery.samples import Image, Place, Sample
from entropice.imagery.splits import tile_boxes
from entropice.sources.imagery.audits import AuditedMasks
from entropice.sources.imagery.chip_table import is_on_frame, require_one_frame
from entropice.sources.imagery.labels import Mask
from entropice.sources.imagery.tile_index import INDEX
from entropice.sources.imagery.tiles import ImageTiles
from entropice.sources.imagery.writing import polar_place
from entropice.types import BoolArray, Float32Array


@dataclass(frozen=True)
class ChipScenery:
    """Mosaics of chips, read when a place is asked for; no more than one chip is held beside what is shown.

    A value of a band comes from the first chip of the place's year, in the order of keys, that knows it. Labels of
    chips are noisy, so the truth is that of masks which were drawn again, and is scored where these are; where several
    overlap, it is that of the first by key which counts there.

    Attributes
    ----------
    chips
        What is shown.
    audits
        Masks of some of the chips.

    Raises
    ------
    InputFileError
        Chips do not lie on one frame of pixels.
    """

    chips: ImageTiles
    audits: AuditedMasks

    def __post_init__(self) -> None:
        require_one_frame(self.chips.table, self.chips.folder / INDEX)

    def at(self, place: Place) -> Sample:
        """A place; nothing is valid, nor scored, where no chip of its year lies.

        Bands are those of the chips; the key is ``<year>_<left_m>_<top_m>`` in whole metres, such as ``2020_-20_180``.
        Where it is not valid an image is 0, and so is a target that is not scored. Where chips, or masks, overlap and
        disagree, the first by key that knows the pixel is shown. Chips that only touch the place do not count.

        Raises
        ------
        ConfigError
            The place has other pixels than the chips: of another size, or its corner lies on no whole multiple of it.
        InputFileError
            A chip or mask is not what it claims to be.
        """
        self._require_same_frame(place)
        keys = self._keys_at(place)
        target, scored = self._truth(place, keys)
        key = f"{place.year}_{place.left_m:.0f}_{place.top_m:.0f}"
        return Sample(key, self._image(place, keys), target, scored, place)

    @cached_property
    def _tree(self) -> shapely.STRtree:
        return shapely.STRtree(tile_boxes(self.chips.table))

    @cached_property
    def _audited(self) -> frozenset[str]:
        return frozenset(self.audits.keys)

    def _keys_at(self, place: Place) -> Sequence[str]:
        """Chips of the year that share ground with a place, sorted; those that only touch it do not."""
        # A quarter of a pixel inwards, so that chips which share an edge alone are not read.
        inside = shapely.box(*place.bounds_m).buffer(-place.pixel_m / 4)
        near = self.chips.table.iloc[self._tree.query(inside)]
        return sorted(near["key"][near["year"] == place.year])

    def _image(self, place: Place, keys: Sequence[str]) -> Image:
        values = np.zeros((len(self.chips.bands), place.n_pixels, place.n_pixels), dtype=np.float32)
        valid = values.astype(bool)
        for key in keys:
            chip = self.chips.read(key)
            _add(values, valid, chip.image.values, chip.image.valid, common_pixels(place, chip.place))
        return Image(self.chips.bands, values, valid)

    def _truth(self, place: Place, keys: Sequence[str]) -> tuple[Mask, BoolArray]:
        target = np.zeros((place.n_pixels, place.n_pixels), dtype=np.uint8)
        scored = target.astype(bool)
        for key in filter(self._audited.__contains__, keys):
            audited = place_of(cast("pd.Series[float]", self.chips.table.loc[key]))
            drawn, counts = self.audits.read_on(key, polar_place(audited))
            _add(target, scored, drawn, counts, common_pixels(place, audited))
        return target, scored

    def _require_same_frame(self, place: Place) -> None:
        pixel_m = float(self.chips.table["pixel_m"].iloc[0])
        if place.pixel_m != pixel_m or not is_on_frame([place.left_m, place.top_m], pixel_m).all():
            raise ConfigError(
                "The place has other pixels than the chips.",
                field="left_m, top_m, pixel_m",
                got=(place.left_m, place.top_m, place.pixel_m),
                expected=f"whole multiples of their pixel, {pixel_m:g} m",
                fix="look at places on the frame of the chips",
            )


def _add(
    values: Float32Array | Mask,
    known: BoolArray,
    more: Float32Array | Mask,
    more_known: BoolArray,
    shared: tuple[Window, Window],
) -> None:
    """Fill in, in place, what was not known so far; each (…, row, column)."""
    here, there = shared
    is_new = more_known[..., *there] & ~known[..., *here]
    np.copyto(values[..., *here], more[..., *there], where=is_new)
    known[..., *here] |= is_new
