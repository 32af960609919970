"""Two Sentinel-2 scenes in which three people drew slumps.

Nitze et al. 2024, Permafrost and Periglacial Processes, https://doi.org/10.1002/ppp.2249.
"""

from dataclasses import dataclass
from pathlib import Path
from typing import Final

import rasterio.features

from entropice.errors import ConfigError, InputFileError, suggestion
from entropice.imagery.samples import Image
from entropice.sources.files.vector import read_vector
from entropice.sources.imagery.labels import Mask
from entropice.sources.imagery.placing import RasterPlace
from entropice.sources.imagery.products import product_named
from entropice.sources.imagery.reading import read_image
from entropice.types import BoolArray, GeoDataFrame


@dataclass(frozen=True)
class Site:
    """One scene as it was published: its name, the product of its file, and the year."""

    name: str
    product: str
    year: int


@dataclass(frozen=True)
class DrawnScene:
    """An image with what each of several people drew in it.

    Attributes
    ----------
    image
        Bands of its product.
    place
        In a UTM zone.
    searched
        Pixels whose centres lie in the square that was searched, shape (row, column).
    outlines
        By person: what was drawn, whole, in the CRS of the place.
    drawn
        By person: 1 where a pixel's centre lies inside an outline, uint8, shape (row, column).
    """

    site: Site
    image: Image
    place: RasterPlace
    searched: BoolArray
    outlines: dict[str, GeoDataFrame]
    drawn: dict[str, Mask]


SITES: Final = (
    Site("bykovsky", "sentinel_2", 2021),
    Site("peel", "sentinel_2_visible_to_nir", 2021),
)
"""That the seven bands of Peel's file are B2 to B8 is nowhere said; their means follow those of tundra so."""


def read_drawn_scene(folder: Path, name: str) -> DrawnScene:
    """Read a scene and all outlines of it.

    Parameters
    ----------
    folder
        Holds ``scenes/<site>/S2_*.tif`` and ``scenes/<site>/*_AOI_*.geojson``, one each, and
        ``experts/<number>/<Site>_digitized.shp``; ``<number>`` names the person.
    name
        Of one of `SITES`: ``bykovsky`` or ``peel``.

    Raises
    ------
    ConfigError
        No such site.
    InputFileError
        Not exactly one Sentinel-2 file and one searched square, or no outlines; or an image that is not of the site's
        product (`read_image`).
    """
    site = _site_named(name)
    image, place = read_image(_only(folder / "scenes" / name, "S2_*.tif"), product_named(site.product))
    square = read_vector(_only(folder / "scenes" / name, "*_AOI_*.geojson"))
    files = sorted(folder.glob(f"experts/*/{name.capitalize()}_digitized.shp"))
    if not files:
        raise InputFileError("Nobody drew slumps in this scene.", path=folder, field="experts", got="no outlines")
    outlines = {file.parent.name: read_vector(file).to_crs(place.crs) for file in files}
    drawn = {person: _mask(of_person, place) for person, of_person in outlines.items()}
    return DrawnScene(site, image, place, _mask(square, place) == 1, outlines, drawn)


def _site_named(name: str) -> Site:
    by_name = {site.name: site for site in SITES}
    if name not in by_name:
        raise ConfigError(
            f"There is no such scene{suggestion(name, by_name)}", field="site", got=name, expected=", ".join(by_name)
        )
    return by_name[name]


def _only(folder: Path, pattern: str) -> Path:
    found = sorted(folder.glob(pattern))
    if len(found) != 1:
        raise InputFileError(
            "The scene's files are not complete.",
            path=folder,
            field=pattern,
            got=f"{len(found)} files",
            expected="one",
            fix="fetch the scene again",
        )
    return found[0]


def _mask(outlines: GeoDataFrame, place: RasterPlace) -> Mask:
    mask: Mask = rasterio.features.rasterize(
        outlines.to_crs(place.crs).geometry, place.shape, transform=place.transform, dtype="uint8"
    )
    return mask
