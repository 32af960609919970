from collections.abc import Callable
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
import pandas as pd
import pytest
import rasterio
import rasterio.shutil
import shapely
from published import Published
from rasterio.transform import Affine

from entropice.acquisition.alphaearth import embedding_file, index_of, select
from entropice.acquisition.area_of_interest import AreaOfInterest, footprints
from entropice.acquisition.http import HttpClient
from entropice.dggs import Region
from entropice.errors import DownloadError
from entropice.sources.alphaearth.files import read_embedding_files

PLACE = "2023/33N/tile-0-0.tiff"
EDGE_PX = 512
AS_WRITTEN = {"GTIFF_HONOUR_NEGATIVE_SCALEY": "YES"}


@cache
def cog_bytes(is_bottom_up: bool) -> bytes:
    with TemporaryDirectory() as folder:
        path = Path(folder) / "cog.tif"
        make_cog(path, is_bottom_up=is_bottom_up)
        return path.read_bytes()


def write_cog(path: Path, *, is_bottom_up: bool) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(cog_bytes(is_bottom_up))


def make_cog(path: Path, *, is_bottom_up: bool) -> None:
    values = np.random.default_rng(1).integers(-2, 3, (64, EDGE_PX, EDGE_PX), dtype=np.int8)
    values[:, :100, :50] = -128
    transform = Affine(10, 0, 500_000, 0, *((10, 8_000_000) if is_bottom_up else (-10, 8_005_120)))
    scratch = path.with_suffix(".scratch.tif")
    profile = {"width": EDGE_PX, "height": EDGE_PX, "count": 64, "dtype": "int8", "crs": "EPSG:32633", "nodata": -128}
    with rasterio.open(scratch, "w", driver="GTiff", transform=transform, **profile) as target:
        target.write(values)
    rasterio.shutil.copy(
        scratch, path, driver="COG", compress="DEFLATE", level=1, blocksize=128, overview_resampling="nearest"
    )
    scratch.unlink()


def write_index(path: Path, rows: list[dict]) -> None:
    pd.DataFrame(rows).to_parquet(path)


def row(place: str, west: float, south: float, year: int = 2023, zone: str = "33N") -> dict:
    bounds = {"wgs84_west": west, "wgs84_south": south, "wgs84_east": west + 0.3, "wgs84_north": south + 0.1}
    utm = {"utm_west": 500_000.0, "utm_south": 8_000_000.0, "utm_east": 505_120.0, "utm_north": 8_005_120.0}
    return {"path": f"gs://bucket/annual/{place}", "year": year, "utm_zone": zone, "crs": "EPSG:32633"} | bounds | utm


@pytest.mark.parametrize("is_bottom_up", [False, True], ids=["north up", "bottom up"])
def test_an_overview_alone_is_what_the_reader_sees_in_the_whole_file(
    is_bottom_up: bool, published: Published, web: HttpClient, fetch: Callable, tmp_path: Path
) -> None:
    write_cog(published.root / PLACE, is_bottom_up=is_bottom_up)
    write_index(published.root / "aef_index.parquet", [row(PLACE, 15.0, 72.1)])
    _, index = index_of(web, f"{published.url}/aef_index.parquet")

    fetch(index, embedding_file(web, published.url, PLACE, 40.0))

    (file,) = read_embedding_files(tmp_path / "folder").files
    assert file.pixel_size_m == 40.0
    with (
        rasterio.Env(**AS_WRITTEN),
        rasterio.open(published.root / PLACE, overview_level=1) as whole,
        rasterio.open(file.path) as part,
    ):
        np.testing.assert_array_equal(part.read(), whole.read())
        assert part.transform.almost_equals(whole.transform)
        assert part.nodata == -128


def test_an_overview_costs_a_fraction_of_the_file(published: Published, web: HttpClient, fetch: Callable) -> None:
    write_cog(published.root / PLACE, is_bottom_up=False)
    download = embedding_file(web, published.url, PLACE, 20.0)
    n_whole = (published.root / PLACE).stat().st_size

    fetch(download)

    ranges = [asked.removeprefix("bytes=").split("-") for asked in published.gets(f"/{PLACE}")]
    n_transferred = sum(int(last) - int(first) + 1 for first, last in ranges)
    assert n_transferred < 0.5 * n_whole
    assert not download.is_exact


def test_a_resolution_that_is_not_there_names_those_that_are(
    published: Published, web: HttpClient, fetch: Callable
) -> None:
    write_cog(published.root / PLACE, is_bottom_up=False)

    with pytest.raises(DownloadError, match="no overview") as caught:
        fetch(embedding_file(web, published.url, PLACE, 50.0))

    assert caught.value.expected == "10, 20, 40"


def test_a_server_without_ranges_is_named(published: Published, web: HttpClient, fetch: Callable) -> None:
    write_cog(published.root / PLACE, is_bottom_up=False)
    published.has_ranges = False

    with pytest.raises(DownloadError, match="does not send parts"):
        fetch(embedding_file(web, published.url, PLACE, 20.0))


def test_a_whole_file_is_taken_byte_for_byte(
    published: Published, web: HttpClient, fetch: Callable, tmp_path: Path
) -> None:
    write_cog(published.root / PLACE, is_bottom_up=True)

    fetch(embedding_file(web, published.url, PLACE, None))

    assert (tmp_path / "folder" / PLACE).read_bytes() == (published.root / PLACE).read_bytes()


def test_files_are_chosen_by_ground_year_and_hemisphere() -> None:
    near_180 = [row("2023/1N/a.tiff", -179.9, 70.0, zone="1N"), row("2023/60N/b.tiff", 179.6, 70.0, zone="60N")]
    others = [row("2022/1N/c.tiff", -179.9, 70.0, 2022), row("2023/1S/d.tiff", -179.9, 70.0, zone="1S")]
    table = pd.DataFrame([*near_180, *others, row("2023/33N/e.tiff", 15.0, 70.0)])
    around_180 = footprints(np.array([shapely.box(-180, 69.9, -179, 70.2)]))[0].buffer(30_000)

    assert select(table, AreaOfInterest(around_180, 69.0), [2023], "url") == ["2023/1N/a.tiff", "2023/60N/b.tiff"]


def test_a_year_that_is_not_published_is_refused() -> None:
    table = pd.DataFrame([row("2023/33N/e.tiff", 15.0, 70.0)])

    with pytest.raises(DownloadError, match="no file of a year") as caught:
        select(table, AreaOfInterest.around(Region.north_of(60.0), 0.0), [2017, 2023], "url")

    assert caught.value.expected == "2017"


def test_an_index_must_be_one(published: Published, web: HttpClient) -> None:
    (published.root / "aef_index.parquet").write_bytes(b"PAR1 and nothing")
    with pytest.raises(DownloadError, match="not a Parquet file"):
        index_of(web, f"{published.url}/aef_index.parquet")

    pd.DataFrame({"path": ["a"]}).to_parquet(published.root / "aef_index.parquet")
    with pytest.raises(DownloadError, match="lacks columns"):
        index_of(web, f"{published.url}/aef_index.parquet")


def test_several_overviews_are_fetched_side_by_side(
    published: Published, web: HttpClient, fetch: Callable, tmp_path: Path
) -> None:
    places = [f"2023/33N/tile-{number}.tiff" for number in range(4)]
    write_cog(published.root / places[0], is_bottom_up=False)
    for place in places[1:]:
        (published.root / place).write_bytes((published.root / places[0]).read_bytes())

    records = fetch(*(embedding_file(web, published.url, place, 40.0) for place in places))

    assert len({record.sha256 for record in records.values()}) == 1
