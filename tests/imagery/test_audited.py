from dataclasses import dataclass

import numpy as np
import pytest
from band_images import BANDS, Held, random_sample

from entropice.errors import SchemaError
from entropice.imagery.audited import AuditedSamples


@dataclass(frozen=True)
class Drawn:
    masks: dict

    @property
    def keys(self):
        return tuple(self.masks)

    def read(self, key):
        return self.masks[key]


SAMPLES = Held([random_sample(number, f"tile_{number}") for number in range(4)])


def drawn(*keys, n_pixels=16):
    shape = (n_pixels, n_pixels)
    return Drawn({key: (np.full(shape, 1, np.uint8), np.ones(shape, dtype=bool)) for key in keys})


def test_only_what_was_drawn_again_is_there_with_its_own_target():
    audited = AuditedSamples(SAMPLES, drawn("tile_2", "tile_0"))
    assert audited.keys == ("tile_2", "tile_0")
    assert audited.bands == BANDS
    sample, raw = audited.read("tile_2"), SAMPLES.read("tile_2")
    assert (sample.key, sample.place, sample.image) == (raw.key, raw.place, raw.image)
    assert sample.target.all()
    assert sample.scored.all()
    assert not raw.target.all()


def test_an_audit_of_nothing_has_no_samples():
    assert AuditedSamples(SAMPLES, drawn()).keys == ()


def test_masks_without_their_tile_are_refused():
    with pytest.raises(SchemaError) as caught:
        _ = AuditedSamples(SAMPLES, drawn("tile_1", "tile_9")).keys
    assert caught.value.sample == ["tile_9"]
    assert caught.value.got == "1 of 2 without their tile"


def test_masks_of_other_pixels_are_refused():
    with pytest.raises(SchemaError, match="other pixels") as caught:
        AuditedSamples(SAMPLES, drawn("tile_1", n_pixels=8)).read("tile_1")
    assert (caught.value.field, caught.value.got, caught.value.expected) == ("tile_1", (8, 8), (16, 16))
