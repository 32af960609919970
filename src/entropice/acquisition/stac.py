"""STAC collections, of an API or of static files: items that meet the area, and the files they name."""

import json
import logging
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import shapely
from shapely.errors import ShapelyError

from entropice.acquisition.addresses import onward
from entropice.acquisition.area_of_interest import AreaOfInterest, footprints
from entropice.acquisition.downloads import Checksum
from entropice.acquisition.http import HttpClient
from entropice.crs import POLAR_CRS
from entropice.errors import DownloadError
from entropice.types import BaseGeometry

MAX_PAGES: Final = 10_000
ITEMS_PER_PAGE: Final = 500
MULTIHASHES: Final = {"1220": "sha256", "d50110": "md5", "1114": "sha1"}
"""Algorithm and length, as ``file:checksum`` begins (multihash)."""

logger = logging.getLogger(__name__)

Json = dict[str, Any]


@dataclass(frozen=True)
class Asset:
    """A file of an item.

    Attributes
    ----------
    n_bytes, checksum
        As published (STAC's File extension); None where they are not, or the hash is none of SHA-256, MD5 and SHA-1.
    """

    url: str
    n_bytes: int | None
    checksum: Checksum | None


@dataclass(frozen=True)
class _Item:
    url: str
    content: Json


def find_assets(web: HttpClient, collection_url: str, asset: str, area: AreaOfInterest) -> list[Asset]:
    """The files of one kind of all items that meet the area, in order of their addresses.

    An item's footprint is its ``proj:bbox`` where ``proj:code`` or ``proj:epsg`` says EPSG:3413, else its geometry in
    degrees, as `footprints` projects it. More than 10,000 pages of items are refused. A file that several items name
    comes as often.

    Parameters
    ----------
    collection_url
        Address of the collection's document; its items are those of an API, or files that it links.
    asset
        Name by which items call the kind of file.
    area
        An item belongs to it where its footprint meets it, touching included.

    Raises
    ------
    DownloadError
        No such collection, an answer that is not STAC, an item in the area without this asset, or no item in
        the area.
    """
    items = list(_items(web, collection_url, area))
    met = area.meets(np.array([_footprint(item) for item in items], dtype=object)) if items else np.zeros(0, bool)
    logger.info("%s: %d items, %d of them in the region", collection_url, len(items), met.sum())
    if not met.any():
        raise DownloadError(
            "The collection has nothing in the region.",
            path=collection_url,
            field="items",
            got=f"{len(items)} items, all elsewhere",
            expected="at least one that meets the region",
            fix="check grids.region, and whether the collection covers it",
        )
    found = [_asset(items[place], asset) for place in np.flatnonzero(met)]
    return sorted(found, key=lambda asset: asset.url)


def _items(web: HttpClient, collection_url: str, area: AreaOfInterest) -> Iterator[_Item]:
    collection = _json(web, collection_url)
    if collection.get("type") != "Collection":
        raise _not_stac(collection_url, "type", collection.get("type"), "Collection")
    pages = _links(collection, "items", collection_url)
    if pages:
        yield from _items_of_api(web, pages[0], area)
    else:
        for url in _links(collection, "item", collection_url):
            yield _Item(url, _json(web, url))


def _items_of_api(web: HttpClient, url: str, area: AreaOfInterest) -> Iterator[_Item]:
    """Every page; the API's own search by degrees only narrows the list down."""
    box = f"-180,{max(area.min_lat_deg, -90.0):.4f},180,90"
    page = _json(web, url, bbox=box, limit=ITEMS_PER_PAGE)
    for _ in range(MAX_PAGES):
        for content in page.get("features", []):
            yield _Item(_own_address(content, url), content)
        following = _links(page, "next", url)
        if not following:
            return
        url = following[0]
        page = _json(web, url)
    raise _not_stac(url, "links", f"{MAX_PAGES} pages, and still a next one", "a last page")


def _own_address(content: Json, page_url: str) -> str:
    return next(iter(_links(content, "self", page_url)), page_url)


def _links(document: Json, relation: str, base: str) -> list[str]:
    return [onward(base, link["href"]) for link in document.get("links", []) if link.get("rel") == relation]


def _json(web: HttpClient, url: str, **query: Any) -> Json:
    content = web.read(url, **query)
    try:
        document = json.loads(content)
    except ValueError as error:
        raise _not_stac(url, "answer", content[:40], "JSON") from error
    if not isinstance(document, dict):
        raise _not_stac(url, "answer", type(document).__name__, "a JSON object")
    return document


def _footprint(item: _Item) -> BaseGeometry:
    """In EPSG:3413: as the Projection extension says, where it is in that CRS; else from degrees."""
    properties = item.content.get("properties", {})
    code = properties.get("proj:code") or f"EPSG:{properties.get('proj:epsg')}"
    if code == POLAR_CRS and len(properties.get("proj:bbox", [])) == 4:
        return shapely.box(*properties["proj:bbox"])
    try:
        lon_lat = shapely.from_geojson(json.dumps(item.content["geometry"]))
    except (KeyError, ShapelyError) as error:
        raise _not_stac(item.url, "geometry", error, "a GeoJSON polygon") from error
    return footprints(np.array([lon_lat], dtype=object))[0]


def _asset(item: _Item, name: str) -> Asset:
    assets = item.content.get("assets", {})
    if name not in assets:
        raise DownloadError(
            "An item has no such asset.",
            path=item.url,
            field="asset",
            got=", ".join(assets) or "none",
            expected=name,
            fix="correct `asset` in conf/…/download/parameters.yml",
        )
    content = assets[name]
    return Asset(onward(item.url, content["href"]), content.get("file:size"), _checksum(content.get("file:checksum")))


def _checksum(multihash: str | None) -> Checksum | None:
    for start, algorithm in MULTIHASHES.items():
        if multihash is not None and multihash.lower().startswith(start):
            return Checksum(algorithm, multihash.lower().removeprefix(start))
    return None


def _not_stac(url: str, field: str, got: object, expected: str) -> DownloadError:
    return DownloadError(
        "The catalogue's answer is not STAC.",
        path=url,
        field=field,
        got=got,
        expected=expected,
        fix="give the address of a STAC collection, such as …/collections/<id>",
    )
