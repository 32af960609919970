"""Products of the Copernicus Data Space: searched by OData, fetched with an access token."""

import json
import logging
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, Final

import numpy as np
import shapely
from shapely.errors import ShapelyError

from entropice.acquisition.access_tokens import Grant
from entropice.acquisition.addresses import onward
from entropice.acquisition.area_of_interest import AreaOfInterest, footprints
from entropice.acquisition.downloads import Checksum, Download, whole_file
from entropice.acquisition.http import HttpClient
from entropice.errors import DownloadError
from entropice.types import BaseGeometry

GRANTS: Final = (  # names of variables of the environment, no secrets
    Grant(
        "client_credentials",
        {"client_id": "COPERNICUS_CLIENT_ID", "client_secret": "COPERNICUS_CLIENT_SECRET"},  # nosec B105
    ),
    Grant(
        "password",
        {"username": "COPERNICUS_USERNAME", "password": "COPERNICUS_PASSWORD"},  # nosec B105
        {"client_id": "cdse-public"},
    ),
)
N_PER_PAGE: Final = 200
MAX_PAGES: Final = 1_000
NEXT: Final = "@odata.nextLink"
_VERIFIABLE: Final = "MD5"
_IDENTIFIER: Final = re.compile(r"[0-9A-Za-z-]+")

logger = logging.getLogger(__name__)


@dataclass(frozen=True)
class ProductQuery:
    """Which products are wanted, beside the area.

    Attributes
    ----------
    collection
        Such as ``SENTINEL-1``.
    product_type
        Such as ``EW_GRDM_1S`` or ``S2MSI2A``.
    first_day, last_day
        Of sensing; both belong to it.
    max_cloud_percent
        None where clouds do not matter, as for radar.
    """

    collection: str
    product_type: str
    first_day: date
    last_day: date
    max_cloud_percent: float | None = None

    def filter(self, min_lat_deg: float) -> str:
        """As OData has it; the area is narrowed down to what lies north of `min_lat_deg` (at all longitudes).

        Joined by ``and``: name of the collection, beginning of sensing from 00 UTC of the first day to before that
        after the last, footprint, product type and, where it is given, cloud cover of `max_cloud_percent` at most.

        Examples
        --------
        >>> query = ProductQuery("SENTINEL-1", "EW_GRDM_1S", date(2023, 1, 1), date(2023, 1, 31))
        >>> query.filter(60.0).split(" and ")[1:3]  # the last day belongs to it
        ['ContentDate/Start ge 2023-01-01T00:00:00.000Z', 'ContentDate/Start lt 2023-02-01T00:00:00.000Z']
        """
        box = shapely.box(-180, max(min_lat_deg, -90), 180, 90)
        conditions = [
            f"Collection/Name eq '{self.collection}'",
            f"ContentDate/Start ge {self.first_day:%Y-%m-%d}T00:00:00.000Z",
            f"ContentDate/Start lt {self.last_day + timedelta(days=1):%Y-%m-%d}T00:00:00.000Z",
            f"OData.CSC.Intersects(area=geography'SRID=4326;{box.wkt}')",
            _attribute("String", "productType", f"eq '{self.product_type}'"),
        ]
        if self.max_cloud_percent is not None:
            conditions.append(_attribute("Double", "cloudCover", f"le {self.max_cloud_percent:.2f}"))
        return " and ".join(conditions)


@dataclass(frozen=True)
class Product:
    """One product as the catalogue describes it.

    Attributes
    ----------
    name
        With its ending, such as ``.SAFE``; it is delivered as a ZIP archive.
    n_bytes
        As catalogued.
    checksum
        None where there is none that can be checked here (BLAKE3 cannot).
    """

    identifier: str
    name: str
    n_bytes: int
    checksum: Checksum | None


def find_products(web: HttpClient, catalogue_url: str, query: ProductQuery, area: AreaOfInterest) -> list[Product]:
    """The products that meet the area, in order of time.

    Those whose footprint meets the area, touching included, by the beginning of sensing. Pages of the catalogue, of
    200 products, are read to the last; more than 1,000 pages are refused.

    Parameters
    ----------
    catalogue_url
        Address of the catalogue, such as ``…/odata/v1``; it needs no account.
    query
        Which products.
    area
        Where they must lie.

    Raises
    ------
    DownloadError
        The catalogue does not answer, or not as OData; there is nothing in the area, or not all of it online.
    """
    described = list(_described(web, catalogue_url, query, area.min_lat_deg))
    met = area.meets(np.array([_footprint(content, catalogue_url) for content in described], dtype=object))
    found = [described[place] for place in np.flatnonzero(met)]
    logger.info("%s: %d products, %d of them in the region", catalogue_url, len(described), len(found))
    if not found:
        raise DownloadError(
            "The catalogue has no such product in the region.",
            path=catalogue_url,
            field="products",
            got=f"{len(described)} products, all elsewhere",
            expected="at least one that meets the region",
            fix="check region, period and product type",
        )
    _require_online(found, catalogue_url)
    return [_product(content, catalogue_url) for content in found]


def plan_products(signed_in: HttpClient, download_url: str, products: list[Product]) -> list[Download]:
    """Downloads of products, as ZIP archives under their names.

    One each, ``<name>.zip``, in the order of the products, from ``<download_url>/Products(<identifier>)/$value``. The
    server is asked for their sizes, all at once; nothing is fetched. MD5 is checked where the catalogue has it. Without
    products the list is empty.

    Parameters
    ----------
    signed_in
        Client with an access token.
    download_url
        Address below which products lie.
    products
        As of `find_products`.

    Raises
    ------
    DownloadError
        The server refuses access or does not answer.
    """

    def download(product: Product) -> Download:
        remote = signed_in.describe(f"{download_url}/Products({product.identifier})/$value")
        return whole_file(signed_in, remote, f"{product.name}.zip", product.checksum)

    return signed_in.at_once(download, products)


def _attribute(kind: str, name: str, condition: str) -> str:
    typed = f"OData.CSC.{kind}Attribute"
    return f"Attributes/{typed}/any(att:att/Name eq '{name}' and att/{typed}/Value {condition})"


def _described(web: HttpClient, url: str, query: ProductQuery, min_lat_deg: float) -> Iterator[dict[str, Any]]:
    options = {"$filter": query.filter(min_lat_deg), "$orderby": "ContentDate/Start", "$top": N_PER_PAGE}
    page = _page(web.read(f"{url}/Products", **options), url)
    for _ in range(MAX_PAGES):
        yield from page["value"]
        if NEXT not in page:
            return
        following = onward(url, page[NEXT])
        page = _page(web.read(following), url)
    raise _not_odata(url, NEXT, f"{MAX_PAGES} pages, and still a next one", "a last page")


def _page(content: bytes, url: str) -> dict[str, Any]:
    try:
        page = json.loads(content)
    except ValueError as error:
        raise _not_odata(url, "answer", content[:40], "JSON") from error
    if not isinstance(page, dict) or not isinstance(page.get("value"), list):
        raise _not_odata(url, "value", type(page).__name__, "a list of products")
    return page


def _footprint(content: dict[str, Any], url: str) -> BaseGeometry:
    try:
        lon_lat = shapely.from_geojson(json.dumps(content["GeoFootprint"]))
    except (KeyError, ShapelyError) as error:
        raise _not_odata(url, "GeoFootprint", content.get("Name"), "a GeoJSON polygon") from error
    return footprints(np.array([lon_lat], dtype=object))[0]


def _require_online(found: list[dict[str, Any]], url: str) -> None:
    offline = [content.get("Name") for content in found if not content.get("Online", True)]
    if offline:
        raise DownloadError(
            "Products are in the archive, not online.",
            path=url,
            field="Online",
            got=f"{len(offline)} of {len(found)} products offline",
            expected="all of them online",
            sample=offline,
            fix="order them at the service, and run the same command again when they are online",
        )


def _product(content: dict[str, Any], url: str) -> Product:
    try:
        identifier, name, n_bytes = str(content["Id"]), str(content["Name"]), int(content["ContentLength"])
    except (KeyError, TypeError, ValueError) as error:
        raise _not_odata(url, "Id, Name, ContentLength", sorted(content), "a product with all three") from error
    if not _IDENTIFIER.fullmatch(identifier):
        raise _not_odata(url, "Id", identifier, "letters, digits and dashes")
    return Product(identifier, name, n_bytes, _checksum(content.get("Checksum") or [], name))


def _checksum(published: list[dict[str, str]], name: str) -> Checksum | None:
    by_algorithm = {entry.get("Algorithm", "").upper(): entry.get("Value", "").lower() for entry in published}
    if by_algorithm.get(_VERIFIABLE):
        return Checksum(_VERIFIABLE.lower(), by_algorithm[_VERIFIABLE])
    logger.warning("%s: no MD5 is published, so only its size is checked", name)
    return None


def _not_odata(url: str, field: str, got: object, expected: str) -> DownloadError:
    return DownloadError(
        "The catalogue's answer is not OData of products.",
        path=url,
        field=field,
        got=got,
        expected=expected,
        fix="give the address of the catalogue, such as …/odata/v1",
    )
