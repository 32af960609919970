"""Only HTTPS is asked, nobody is sent into a private network, and no key of an address is said."""

import logging
import socket
from collections import deque
from pathlib import Path

import pytest
import requests
from published import Published

from entropice.acquisition.addresses import onward, require_secure
from entropice.acquisition.downloads import Download, whole_file
from entropice.acquisition.era5_months import KEY_VARIABLE, plan_months
from entropice.acquisition.http import HttpClient, RemoteFile
from entropice.errors import DownloadError

INDEX = "https://data.example.org/index/collection.json"
CANARY = "s3cr3t"


@pytest.fixture
def resolver(monkeypatch: pytest.MonkeyPatch) -> dict[str, str]:
    """Addresses of host names, in place of the network's."""
    known = {
        "data.example.org": "93.184.216.34",
        "mirror.example.org": "151.101.1.1",
        "intranet.example.org": "10.1.2.3",
        "localhost": "127.0.0.1",
    }

    def resolve(host: str, *_: object, **__: object) -> list[tuple[object, ...]]:
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (known[host], 0))]

    monkeypatch.setattr(socket, "getaddrinfo", resolve)
    return known


@pytest.mark.parametrize(
    "url",
    [INDEX, "https://10.0.0.7/mirror/a.tif", "http://127.0.0.1:8000/a", "http://localhost/a", "http://[::1]:80/a"],
)
def test_https_and_this_machine_are_asked(url: str) -> None:
    require_secure(url)


@pytest.mark.parametrize(
    "url", ["http://data.example.org/a.tif", "ftp://data.example.org/a.tif", "file:///etc/passwd", "a.tif"]
)
def test_no_other_protocol_is_asked(url: str, web: HttpClient) -> None:
    with pytest.raises(DownloadError, match="not one of HTTPS"):
        web.describe(url)


@pytest.mark.parametrize(
    ("target", "expected"),
    [
        ("a.tif", "https://data.example.org/index/a.tif"),
        ("../b/a.tif", "https://data.example.org/b/a.tif"),
        ("https://mirror.example.org/a.tif", "https://mirror.example.org/a.tif"),
    ],
)
def test_public_servers_are_followed(target: str, expected: str, resolver: dict[str, str]) -> None:
    assert onward(INDEX, target) == expected


@pytest.mark.parametrize(
    "target",
    [
        "https://127.0.0.1/a",
        "https://localhost/a",
        "https://169.254.169.254/latest/meta-data",
        "https://192.168.1.1/a",
        "https://[fd00::1]/a",
        "https://[::ffff:10.0.0.1]/a",
        "https://intranet.example.org/a",
    ],
)
def test_nobody_is_sent_into_a_private_network(target: str, resolver: dict[str, str]) -> None:
    with pytest.raises(DownloadError, match="an address that is not public"):
        onward(INDEX, target)


def test_a_redirect_to_plain_http_is_refused(web: HttpClient, published: Published) -> None:
    for _ in range(2):
        published.answers.setdefault("/a.tif", deque()).append(
            (302, {"Location": "http://data.example.org/a.tif"}, b"")
        )

    with pytest.raises(DownloadError, match="not one of HTTPS"):
        web.read(f"{published.url}/a.tif")


def test_a_redirect_on_this_machine_is_followed(web: HttpClient, published: Published) -> None:
    (published.root / "b.bin").write_bytes(b"abc")
    published.answers["/a.bin"] = deque([(302, {"Location": "/b.bin"}, b"")])

    assert web.read(f"{published.url}/a.bin") == b"abc"


@pytest.mark.parametrize(
    "path",
    ["../a.tif", "2021/../../a.tif", "/etc/a.tif", "a/", "", ".", "..", "a//b", "a\\b.tif", "c:/a.tif", "a\nb.tif"],
)
def test_a_file_stays_below_its_folder(path: str) -> None:
    origin = RemoteFile(INDEX, None, None, None)

    with pytest.raises(DownloadError, match="would leave the folder"):
        Download(path, origin, None, False, 0, Path.touch)


@pytest.mark.parametrize("path", ["a.tif", "2021/8N/x-0000-8192.tiff", "..a/b..tif", "Übersicht (1).gpkg"])
def test_ordinary_names_are_taken(path: str) -> None:
    Download(path, RemoteFile(INDEX, None, None, None), None, False, 0, Path.touch)


def test_a_link_out_of_the_folder_is_not_followed(web: HttpClient, published: Published, fetch, tmp_path: Path) -> None:
    (published.root / "a.bin").write_bytes(b"abc")
    (tmp_path / "elsewhere").mkdir()
    (tmp_path / "folder").mkdir()
    (tmp_path / "folder/2021").symlink_to(tmp_path / "elsewhere")

    with pytest.raises(DownloadError, match="leads out of the folder"):
        fetch(whole_file(web, web.describe(f"{published.url}/a.bin"), "2021/a.bin"))
    assert list((tmp_path / "elsewhere").iterdir()) == []


def test_user_information_is_refused_and_not_said() -> None:
    with pytest.raises(DownloadError, match="user name or password") as refusal:
        require_secure(f"https://me:{CANARY}@data.example.org/a.tif")
    assert CANARY not in str(refusal.value)


def test_a_signature_is_not_said(
    web: HttpClient, published: Published, caplog: pytest.LogCaptureFixture, capsys: pytest.CaptureFixture[str]
) -> None:
    caplog.set_level(logging.DEBUG, logger="entropice")
    for url in (f"{published.url}/absent.tif?key={CANARY}", f"http://127.0.0.1:9/a.tif?X-Amz-Signature={CANARY}&b=1"):
        with pytest.raises(DownloadError) as failure:
            web.read(url)
        assert CANARY not in str(failure.value)
    assert "next try" in caplog.text
    assert CANARY not in caplog.text


def test_the_key_of_the_climate_data_store_is_not_said(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv(KEY_VARIABLE, CANARY)

    def refuse(*_: object) -> None:
        raise requests.HTTPError(f"401 Client Error: Unauthorized for key {CANARY}")

    (download,) = plan_months(refuse, "https://cds.example.org/api", "means", ["t2m"], [2020], 60.0)
    with pytest.raises(DownloadError, match="401 Client Error") as failure:
        download.fetch(tmp_path / "a.grib")
    assert CANARY not in str(failure.value)
    assert failure.value.__suppress_context__


def test_a_damaged_finished_file_is_fetched_again(
    web: HttpClient, published: Published, fetch, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    (published.root / "a.bin").write_bytes(b"abcd")
    fetch(whole_file(web, web.describe(f"{published.url}/a.bin"), "a.bin"))
    (tmp_path / "folder/a.bin").write_bytes(b"abce")

    fetch(whole_file(web, web.describe(f"{published.url}/a.bin"), "a.bin"))

    assert (tmp_path / "folder/a.bin").read_bytes() == b"abcd"
    assert "fetched again" in caplog.text
