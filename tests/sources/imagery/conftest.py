import numpy as np
import pytest

from entropice.imagery.samples import Image, Place
from entropice.sources.imagery.writing import write_tile

BANDS = ("blue", "green", "red", "red_edge", "nir", "elevation")
PLACE = Place(-1_400_001.0, 1_099_998.0, 3.0, 24, 2022)


@pytest.fixture
def place() -> Place:
    return PLACE


@pytest.fixture
def image() -> Image:
    """Reflectances in whole 1/10,000, a hole in the optical bands and another in elevation."""
    random = np.random.default_rng(1)
    values = (random.integers(200, 4000, size=(6, 24, 24)) * 1e-4).astype(np.float32)
    values[-1] = random.uniform(-20, 900, size=(24, 24))
    valid = np.ones(values.shape, dtype=bool)
    valid[:-1, 3:9, 5:7] = False
    valid[-1, 0, 0] = False
    return Image(BANDS, np.where(valid, values, np.float32(0)), valid)


@pytest.fixture
def label() -> "np.ndarray":
    mask = np.zeros((24, 24), dtype=np.uint8)
    mask[10:14, 8:20], mask[14, 8:20] = 1, 255
    return mask


@pytest.fixture
def tile(tmp_path, image, place, label):
    """Path of the image of a tile that is as it should be."""
    write_tile(tmp_path / "tile", image, place, label)
    return tmp_path / "tile.tif"
