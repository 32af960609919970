"""Public buckets, as an S3-compatible server speaks: read anonymously by their HTTP addresses."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import boto3
import pytest
from moto.server import ThreadedMotoServer

from entropice.acquisition.downloads import whole_file
from entropice.acquisition.http import HttpClient, HttpRangeReader
from entropice.errors import DownloadError

BODY = bytes(range(256)) * 1024


@pytest.fixture(scope="module")
def endpoint() -> Iterator[str]:
    server = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    server.start()
    host, port = server.get_host_and_port()
    yield f"http://{host}:{port}"
    server.stop()


@pytest.fixture(scope="module")
def bucket(endpoint: str) -> Any:
    keys = {"aws_access_key_id": "any", "aws_secret_access_key": "any"}
    bucket = boto3.resource("s3", endpoint_url=endpoint, region_name="us-east-1", **keys).Bucket("dem.public")
    bucket.create(ACL="public-read")
    bucket.put_object(Key="mosaics/36_24/tile.tif", Body=BODY, ACL="public-read")
    bucket.put_object(Key="secret.tif", Body=BODY, ACL="private")
    return bucket


def test_an_object_is_described_and_fetched(
    endpoint: str, bucket: Any, web: HttpClient, fetch: Callable, tmp_path: Path
) -> None:
    remote = web.describe(f"{endpoint}/dem.public/mosaics/36_24/tile.tif")

    fetch(whole_file(web, remote, "tile.tif"))

    assert remote.n_bytes == len(BODY)
    assert remote.etag == bucket.Object("mosaics/36_24/tile.tif").e_tag
    assert (tmp_path / "folder/tile.tif").read_bytes() == BODY


def test_an_object_is_read_in_parts(endpoint: str, bucket: Any, web: HttpClient) -> None:
    file = HttpRangeReader(web, web.describe(f"{endpoint}/dem.public/mosaics/36_24/tile.tif"), [])

    file.seek(-10, 2)

    assert file.read(100) == BODY[-10:]


def test_a_partial_object_is_resumed(
    endpoint: str, bucket: Any, web: HttpClient, fetch: Callable, tmp_path: Path
) -> None:
    download = whole_file(web, web.describe(f"{endpoint}/dem.public/mosaics/36_24/tile.tif"), "tile.tif")
    (tmp_path / "folder").mkdir()
    (tmp_path / "folder" / f".tile.tif.{download.key}.partial").write_bytes(BODY[:1000])

    fetch(download)

    assert (tmp_path / "folder/tile.tif").read_bytes() == BODY


@pytest.mark.parametrize(("key", "problem"), [("secret.tif", "refuses access"), ("absent.tif", "no such file")])
def test_what_is_private_or_absent_is_named(
    key: str, problem: str, endpoint: str, bucket: Any, web: HttpClient
) -> None:
    with pytest.raises(DownloadError, match=problem):
        web.describe(f"{endpoint}/dem.public/{key}")
