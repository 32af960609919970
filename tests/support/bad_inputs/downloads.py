"""Servers and catalogues that cannot be trusted or do not have what is asked for."""

import json
from collections import deque
from collections.abc import Callable
from functools import partial
from pathlib import Path

import numpy as np
from published import Published, publish

from bad_inputs import BadInput
from entropice.acquisition.addresses import onward, require_secure
from entropice.acquisition.alphaearth import index_of
from entropice.acquisition.area_of_interest import AreaOfInterest
from entropice.acquisition.downloads import Checksum, Download, DownloadPlan, whole_file
from entropice.acquisition.execution import fetch_missing, missing_files
from entropice.acquisition.http import HttpClient, RemoteFile
from entropice.acquisition.retry import RetryPolicy
from entropice.acquisition.stac import find_assets
from entropice.dggs import Region

INDEX = "https://data.example.org/index.json"


def _served(ask: Callable[[HttpClient, Published, Path], object], folder: Path) -> None:
    """Ask a server on this machine, which publishes ``a.bin`` of three bytes."""
    served = folder / "served"
    served.mkdir()
    (served / "a.bin").write_bytes(b"abc")
    with publish(served) as published, HttpClient(RetryPolicy(1, 0.0, 0.0), 5.0, 1) as web:
        ask(web, published, folder)


def _answering(status: int, headers: dict[str, str], body: bytes = b"") -> Callable[[Path], object]:
    def ask(web: HttpClient, published: Published, _: Path) -> None:
        published.answers["/a.bin"] = deque([(status, headers, body)] * 2)
        web.read(f"{published.url}/a.bin")

    return partial(_served, ask)


def _searching(answer: object, asset: str = "dem") -> Callable[[Path], object]:
    def ask(web: HttpClient, published: Published, _: Path) -> None:
        published.searches["/collection"] = lambda _: answer if isinstance(answer, str) else json.dumps(answer)
        area = AreaOfInterest.around(Region.north_of(70.0), 0.0)
        find_assets(web, f"{published.url}/collection", asset, area)

    return partial(_served, ask)


def _fetching(download_of: Callable[[HttpClient, str], Download], max_bytes: float = 1e9) -> Callable[[Path], object]:
    def ask(web: HttpClient, published: Published, folder: Path) -> None:
        plan = DownloadPlan("Test", (download_of(web, f"{published.url}/a.bin"),), 1, max_bytes, web.retry.stopping.set)
        records = folder / "records.jsonl"
        fetch_missing(plan, missing_files(plan, folder / "files", records), folder / "files", records)

    return partial(_served, ask)


def _linked_out(folder: Path) -> None:
    (folder / "elsewhere").mkdir()
    (folder / "files").mkdir()
    (folder / "files/2021").symlink_to(folder / "elsewhere")
    _fetching(lambda web, url: whole_file(web, web.describe(url), "2021/a.bin"))(folder)


def _without_columns(web: HttpClient, published: Published, _: Path) -> None:
    import pandas as pd

    pd.DataFrame({"path": ["a.tiff"], "year": np.array([2021])}).to_parquet(published.root / "index.parquet")
    index_of(web, f"{published.url}/index.parquet")


def _download(relative_path: str, _: Path) -> Download:
    return Download(relative_path, RemoteFile(INDEX, None, None, None), None, False, 0, Path.touch)


BAD_INPUTS = (
    BadInput("an address over plain HTTP", lambda _: require_secure("http://data.example.org/a.tif")),
    BadInput("an address with a password", lambda _: require_secure("https://me:secret@data.example.org/a.tif")),
    BadInput("a redirect into a private network", lambda _: onward(INDEX, "https://169.254.169.254/latest")),
    BadInput("a redirect to plain HTTP", lambda _: onward(INDEX, "http://data.example.org/a.tif")),
    BadInput("an index row that leaves the folder", partial(_download, "../../a.tif")),
    BadInput("an index row with an absolute path", partial(_download, "/etc/a.tif")),
    BadInput("a symbolic link out of the folder", _linked_out),
    BadInput("a file that is not there", _answering(404, {})),
    BadInput("a file that needs a login", _answering(403, {})),
    BadInput("a server that answers otherwise", _answering(418, {})),
    BadInput("a server that is always busy", _answering(503, {})),
    BadInput("a web page instead of data", _answering(200, {"Content-Type": "text/html"}, b"<html>")),
    BadInput(
        "a size other than the published one",
        _fetching(lambda web, url: whole_file(web, web.describe(url), "a.bin", n_bytes=4)),
    ),
    BadInput(
        "bytes other than the published ones",
        _fetching(lambda web, url: whole_file(web, web.describe(url), "a.bin", Checksum("md5", "0" * 32))),
    ),
    BadInput(
        "a download above the limit",
        _fetching(lambda web, url: whole_file(web, web.describe(url), "a.bin"), max_bytes=2),
    ),
    BadInput("an index without the columns", partial(_served, _without_columns)),
    BadInput("an index that is no Parquet", partial(_served, lambda web, at, _: index_of(web, f"{at.url}/a.bin"))),
    BadInput("a catalogue that is no JSON", _searching("<xml/>")),
    BadInput("a catalogue that is no collection", _searching({"type": "Feature"})),
    BadInput("a collection without items", _searching({"type": "Collection", "links": []})),
)
