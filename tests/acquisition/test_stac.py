import hashlib
import json
from typing import Any

import pytest
import shapely
from published import Published

from entropice.acquisition.area_of_interest import AreaOfInterest
from entropice.acquisition.http import HttpClient
from entropice.acquisition.stac import find_assets
from entropice.dggs import Region
from entropice.errors import DownloadError

WORLD = AreaOfInterest.around(Region.north_of(55.0), 0.0)
CORNER = AreaOfInterest.around(Region.inside(shapely.box(5_000, -1_995_000, 90_000, -1_910_000)), 0.0)


def item(row: int, column: int, **changes: Any) -> dict[str, Any]:
    """A tile of 100 km as the Polar Geospatial Center describes it."""
    name = f"{row}_{column}_32m_v4.1"
    left, bottom = (column - 41) * 100_000, (row - 41) * 100_000
    return {
        "type": "Feature",
        "id": name,
        "geometry": {"type": "Polygon", "coordinates": [[[0, 70], [1, 70], [1, 71], [0, 70]]]},
        "properties": {"proj:code": "EPSG:3413", "proj:bbox": [left, bottom, left + 100_000, bottom + 100_000]},
        "links": [],
        "assets": {"dem": {"href": f"../tiles/{name}_dem.tif"}, "mad": {"href": f"../tiles/{name}_mad.tif"}},
    } | changes


def serve_api(published: Published, items: list[dict[str, Any]], page_size: int) -> str:
    collection = {"type": "Collection", "links": [{"rel": "items", "href": f"{published.url}/stac/items"}]}
    published.searches["/stac/collection"] = lambda _: json.dumps(collection)

    def page(query: dict[str, list[str]]) -> str:
        first = int(query.get("from", ["0"])[0])
        following = f"{published.url}/stac/items?from={first + page_size}"
        links = [{"rel": "next", "href": following}] if first + page_size < len(items) else []
        return json.dumps({"features": items[first : first + page_size], "links": links})

    published.searches["/stac/items"] = page
    return f"{published.url}/stac/collection"


def test_every_page_is_read_and_only_the_ground_kept(published: Published, web: HttpClient) -> None:
    url = serve_api(published, [item(row, column) for row in (20, 21, 22) for column in (40, 41, 42)], page_size=4)

    found = find_assets(web, url, "dem", CORNER)

    assert [asset.url.rpartition("/")[2] for asset in found] == ["21_41_32m_v4.1_dem.tif"]
    assert len(published.gets("/stac/items")) == 3


def test_a_static_collection_is_read_item_by_item(published: Published, web: HttpClient) -> None:
    (published.root / "stac").mkdir()
    (published.root / "stac/item.json").write_text(json.dumps(item(21, 41)))
    links = {"type": "Collection", "links": [{"rel": "item", "href": "./item.json"}]}
    (published.root / "stac/collection.json").write_text(json.dumps(links))

    (found,) = find_assets(web, f"{published.url}/stac/collection.json", "mad", WORLD)

    assert found.url == f"{published.url}/tiles/21_41_32m_v4.1_mad.tif"


def test_ground_in_degrees_counts_where_there_is_no_other(published: Published, web: HttpClient) -> None:
    there = {"type": "Polygon", "coordinates": [[[-45, 71.5], [-43, 71.5], [-43, 72.5], [-45, 72.5], [-45, 71.5]]]}
    elsewhere = {"type": "Polygon", "coordinates": [[[100, 71], [101, 71], [101, 72], [100, 72], [100, 71]]]}
    items = [item(1, 1, properties={}, geometry=there), item(2, 2, properties={}, geometry=elsewhere)]

    (found,) = find_assets(web, serve_api(published, items, 9), "dem", CORNER)

    assert "/1_1_32m" in found.url


def test_published_sizes_and_checksums_are_taken_over(published: Published, web: HttpClient) -> None:
    digest = hashlib.sha256(b"tile").hexdigest()
    asset = {"href": "tile.tif", "file:size": 4, "file:checksum": f"1220{digest}"}

    (found,) = find_assets(web, serve_api(published, [item(21, 41, assets={"dem": asset})], 9), "dem", WORLD)

    assert (found.n_bytes, found.checksum.algorithm, found.checksum.digest) == (4, "sha256", digest)


def test_an_unknown_asset_names_those_there_are(published: Published, web: HttpClient) -> None:
    with pytest.raises(DownloadError, match="no such asset") as caught:
        find_assets(web, serve_api(published, [item(21, 41)], 9), "slope", WORLD)

    assert caught.value.got == "dem, mad"


def test_a_region_without_tiles_is_refused(published: Published, web: HttpClient) -> None:
    with pytest.raises(DownloadError, match="nothing in the region"):
        find_assets(web, serve_api(published, [item(60, 60)], 9), "dem", CORNER)


@pytest.mark.parametrize("body", ["no json", "[]", '{"type": "Catalog"}'])
def test_another_answer_than_stac_is_refused(body: str, published: Published, web: HttpClient) -> None:
    published.searches["/collection"] = lambda _: body

    with pytest.raises(DownloadError, match="not STAC"):
        find_assets(web, f"{published.url}/collection", "dem", WORLD)
