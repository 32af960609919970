"""The Copernicus Data Space's protocols, spoken by a server on this machine."""

import hashlib
import json
import logging
from collections import deque
from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest
import shapely
from published import Published, publish

from entropice.acquisition.access_tokens import AccessTokens
from entropice.acquisition.area_of_interest import AreaOfInterest
from entropice.acquisition.copernicus import GRANTS, Product, ProductQuery, find_products, plan_products
from entropice.acquisition.downloads import Checksum
from entropice.acquisition.http import HttpClient
from entropice.acquisition.retry import RetryPolicy
from entropice.acquisition.signed_in import SignedInClient
from entropice.dggs import Region
from entropice.errors import ConfigError, DownloadError

BODY = bytes(range(256)) * 2048
MD5 = hashlib.md5(BODY, usedforsecurity=False).hexdigest()
IDENTIFIER = "0c3f8a7e-5ba1-4c5e-9d21-7f1b6a0e4d11"
VALUE = f"/odata/v1/Products({IDENTIFIER})/$value"
NAME = "S1A_EW_GRDM_1SDH_20220914T074500_20220914T074600_045001_0560A1_1B2C.SAFE"
PASSWORD, USER = "pa55 of nobody", "nobody@example.org"
QUERY = ProductQuery("SENTINEL-1", "EW_GRDM_1S", date(2022, 9, 14), date(2022, 9, 15))
REGION = AreaOfInterest.around(Region.inside(shapely.box(5_000, -1_995_000, 90_000, -1_910_000)), 0.0)
THERE = {"type": "Polygon", "coordinates": [[[-45, 71.5], [-43, 71.5], [-43, 72.5], [-45, 72.5], [-45, 71.5]]]}
ELSEWHERE = {"type": "Polygon", "coordinates": [[[100, 71], [101, 71], [101, 72], [100, 72], [100, 71]]]}

Fetch = Callable[..., dict[str, Any]]


def described(**changes: Any) -> dict[str, Any]:
    """A product as the catalogue describes it."""
    return {
        "Id": IDENTIFIER,
        "Name": NAME,
        "ContentLength": len(BODY),
        "Online": True,
        "Checksum": [{"Value": "ab" * 32, "Algorithm": "BLAKE3"}, {"Value": MD5.upper(), "Algorithm": "MD5"}],
        "GeoFootprint": THERE,
    } | changes


@pytest.fixture(autouse=True)
def credentials(monkeypatch: pytest.MonkeyPatch) -> None:
    for grant in GRANTS:
        for variable in grant.variables.values():
            monkeypatch.delenv(variable, raising=False)
    monkeypatch.setenv("COPERNICUS_USERNAME", USER)
    monkeypatch.setenv("COPERNICUS_PASSWORD", PASSWORD)


@pytest.fixture
def service(published: Published) -> Published:
    """Gives token 1, token 2 …, each until the next one is asked for, and the product to who shows one."""

    def token(form: dict[str, str]) -> tuple[int, str]:
        is_known = (
            form.get("username") == USER and form.get("password") == PASSWORD and form["grant_type"] == "password"
        )
        if not is_known and form.get("client_secret") != PASSWORD:
            return 401, json.dumps({"error": "invalid_grant", "error_description": form.get("password")})
        number = sum(method == "POST" for method, *_ in published.requests)
        published.guarded["/odata/v1/Products("] = {f"Bearer token {number}"}
        return 200, json.dumps({"access_token": f"token {number}", "expires_in": 600})

    published.forms["/token"] = token
    published.guarded["/odata/v1/Products("] = set()
    file = published.root / VALUE.lstrip("/")
    file.parent.mkdir(parents=True)
    file.write_bytes(BODY)
    return published


@pytest.fixture
def signed_in(service: Published, web: HttpClient) -> Iterator[SignedInClient]:
    retry = RetryPolicy(n_tries=3, first_wait_s=0.01, longest_wait_s=0.05, stopping=web.retry.stopping)
    tokens = AccessTokens(web, f"{service.url}/token", GRANTS)
    with SignedInClient(tokens, retry, timeout_s=5.0, n_parallel=4) as client:
        yield client


@pytest.fixture
def fetch_product(signed_in: SignedInClient, service: Published, fetch: Fetch) -> Fetch:
    def run(checksum: Checksum | None = None) -> dict[str, Any]:
        product = Product(IDENTIFIER, NAME, len(BODY), checksum)
        return fetch(*plan_products(signed_in, f"{service.url}/odata/v1", [product]))

    return run


class ExpiringDrops(deque[int]):
    """The connection breaks, and with it the token's time is over."""

    def __init__(self, service: Published, drops: list[int]) -> None:
        super().__init__(drops)
        self.service = service

    def popleft(self) -> int:
        self.service.guarded["/odata/v1/Products("] = set()
        return super().popleft()


def n_tokens(service: Published) -> int:
    return sum(method == "POST" for method, *_ in service.requests)


def serve_catalogue(published: Published, products: list[dict[str, Any]], filters: list[str] | None = None) -> str:
    """Two products a page; what is asked for is noted in `filters`."""

    def page(query: dict[str, list[str]]) -> str:
        if filters is not None:
            filters.extend(query["$filter"])
        first = int(query.get("$skip", ["0"])[0])
        following = f"{published.url}/odata/v1/Products?$skip={first + 2}"
        more = {"@odata.nextLink": following} if first + 2 < len(products) else {}
        return json.dumps({"value": products[first : first + 2]} | more)

    published.searches["/odata/v1/Products"] = page
    return f"{published.url}/odata/v1"


def test_every_page_is_read_and_only_the_region_kept(published: Published, web: HttpClient) -> None:
    products = [described(Id=f"{number}", GeoFootprint=THERE if number in (1, 4) else ELSEWHERE) for number in range(5)]

    found = find_products(web, serve_catalogue(published, products), QUERY, REGION)

    assert [product.identifier for product in found] == ["1", "4"]
    assert found[0] == Product("1", NAME, len(BODY), Checksum("md5", MD5))
    assert len(published.gets("/odata/v1/Products")) == 3


def test_what_is_asked_is_collection_type_days_and_latitude(published: Published, web: HttpClient) -> None:
    query = ProductQuery("SENTINEL-2", "S2MSI2A", date(2022, 9, 14), date(2022, 9, 15), max_cloud_percent=20)
    filters: list[str] = []

    find_products(web, serve_catalogue(published, [described()], filters), query, REGION)

    (asked,) = filters
    for condition in (
        "Collection/Name eq 'SENTINEL-2'",
        "ContentDate/Start ge 2022-09-14T00:00:00.000Z",
        "ContentDate/Start lt 2022-09-16T00:00:00.000Z",
        "'productType' and att/OData.CSC.StringAttribute/Value eq 'S2MSI2A'",
        "'cloudCover' and att/OData.CSC.DoubleAttribute/Value le 20.00",
        "geography'SRID=4326;POLYGON ((180 ",
    ):
        assert condition in asked


def test_searching_needs_no_credentials(published: Published, web: HttpClient, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("COPERNICUS_PASSWORD")

    assert find_products(web, serve_catalogue(published, [described()]), QUERY, REGION)
    assert set(published.shown) == {None}


@pytest.mark.parametrize(
    ("products", "what"),
    [
        ([described(GeoFootprint=ELSEWHERE)], "no such product"),
        ([described(Online=False)], "archive"),
        ([described(GeoFootprint=None)], "not OData"),
        ([{key: value for key, value in described().items() if key != "ContentLength"}], "not OData"),
        ([described(Id="../token")], "not OData"),
    ],
)
def test_what_cannot_be_fetched_is_said_while_planning(
    products: list[dict[str, Any]], what: str, published: Published, web: HttpClient
) -> None:
    with pytest.raises(DownloadError, match=what) as caught:
        find_products(web, serve_catalogue(published, products), QUERY, REGION)

    assert caught.value.fix


@pytest.mark.parametrize("body", ["<html>", "[]", '{"detail": "wrong filter"}'])
def test_another_answer_than_odata_is_refused(body: str, published: Published, web: HttpClient) -> None:
    published.searches["/odata/v1/Products"] = lambda _: body

    with pytest.raises(DownloadError, match="not OData"):
        find_products(web, f"{published.url}/odata/v1", QUERY, REGION)


def test_a_product_without_md5_is_taken_with_a_warning(
    published: Published, web: HttpClient, caplog: pytest.LogCaptureFixture
) -> None:
    only_blake3 = described(Checksum=[{"Value": "ab" * 32, "Algorithm": "BLAKE3"}])

    (found,) = find_products(web, serve_catalogue(published, [only_blake3]), QUERY, REGION)

    assert found.checksum is None
    assert "no MD5" in caplog.text


def test_a_product_arrives_whole_for_one_token(fetch_product: Fetch, service: Published, tmp_path: Path) -> None:
    records = fetch_product(Checksum("md5", MD5))

    assert (tmp_path / "folder" / f"{NAME}.zip").read_bytes() == BODY
    assert records[f"{NAME}.zip"].n_bytes == len(BODY)
    assert n_tokens(service) == 1


def test_an_expired_token_is_replaced_once_and_the_file_goes_on(
    fetch_product: Fetch, service: Published, tmp_path: Path
) -> None:
    service.drops_after[VALUE] = ExpiringDrops(service, [200_000])

    fetch_product(Checksum("md5", MD5))

    assert (tmp_path / "folder" / f"{NAME}.zip").read_bytes() == BODY
    assert n_tokens(service) == 2
    assert int(service.gets(VALUE)[-1].removeprefix("bytes=").rstrip("-")) > 0, "it went on where it was"


def test_a_token_that_is_refused_when_new_is_not_asked_for_again(fetch_product: Fetch, service: Published) -> None:
    service.forms["/token"] = lambda _: (200, json.dumps({"access_token": "good for nothing"}))

    with pytest.raises(DownloadError, match="just given") as caught:
        fetch_product()

    assert n_tokens(service) == 2
    assert "COPERNICUS_USERNAME" in caught.value.fix


def test_threads_that_are_refused_together_ask_for_one_token(signed_in: SignedInClient, service: Published) -> None:
    url = f"{service.url}{VALUE}"
    signed_in.describe(url)
    service.guarded["/odata/v1/Products("] = set()

    signed_in.at_once(signed_in.describe, [url] * 8)

    assert n_tokens(service) == 2


def test_a_busy_server_is_left_alone_as_long_as_it_asks(
    fetch_product: Fetch,
    signed_in: SignedInClient,
    service: Published,
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
) -> None:
    waits: list[float] = []
    monkeypatch.setattr(signed_in.retry.stopping, "wait", waits.append)
    service.answers[VALUE] = deque([(429, {"Retry-After": "30"}, b"")])
    service.answers["/token"] = deque([(429, {"Retry-After": "0"}, b"")])

    fetch_product()

    assert (tmp_path / "folder" / f"{NAME}.zip").read_bytes() == BODY
    assert waits[0] <= 0.01
    assert waits[1] == 0.05, "as long as asked, but no longer than longest_wait_s"


def test_a_truncated_body_is_completed_by_range(fetch_product: Fetch, service: Published, tmp_path: Path) -> None:
    service.drops_after[VALUE] = deque([300_000])

    fetch_product(Checksum("md5", MD5))

    assert (tmp_path / "folder" / f"{NAME}.zip").read_bytes() == BODY
    assert int(service.gets(VALUE)[1].removeprefix("bytes=").rstrip("-")) > 0


def test_other_bytes_than_published_are_refused(fetch_product: Fetch, tmp_path: Path) -> None:
    with pytest.raises(DownloadError, match="not those that were published"):
        fetch_product(Checksum("md5", "0" * 32))

    assert not [path for path in (tmp_path / "folder").rglob("*") if path.is_file()]


def test_client_credentials_are_preferred_where_they_are(
    service: Published, web: HttpClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COPERNICUS_CLIENT_ID", "robot")
    monkeypatch.setenv("COPERNICUS_CLIENT_SECRET", PASSWORD)
    monkeypatch.delenv("COPERNICUS_USERNAME")

    tokens = AccessTokens(web, f"{service.url}/token", GRANTS)

    assert tokens.current() == "token 1"
    assert tokens.grant.grant_type == "client_credentials"


def test_no_credentials_are_named_before_anything_is_asked(
    service: Published, web: HttpClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COPERNICUS_PASSWORD", "")

    with pytest.raises(ConfigError, match="Credentials are needed") as caught:
        AccessTokens(web, f"{service.url}/token", GRANTS)

    assert "COPERNICUS_USERNAME and COPERNICUS_PASSWORD" in caught.value.expected
    assert "export" in caught.value.fix
    assert service.requests == []


def test_no_secret_shows_in_errors_logs_records_or_objects(
    fetch_product: Fetch,
    signed_in: SignedInClient,
    service: Published,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    caplog.set_level(logging.DEBUG)
    fetch_product()
    monkeypatch.setenv("COPERNICUS_PASSWORD", "wrong, and a secret")
    service.guarded["/odata/v1/Products("] = set()
    with pytest.raises(DownloadError, match="no access token") as caught:
        signed_in.describe(f"{service.url}{VALUE}")

    shown = [str(caught.value), repr(caught.value.__cause__), caplog.text, repr(vars(signed_in._tokens.grant))]
    shown += [path.read_text() for path in tmp_path.glob("*.jsonl")]
    for secret in (PASSWORD, USER, "wrong, and a secret", "token 1"):
        assert not any(secret in text for text in shown)
    assert "HTTP 401" in str(caught.value)


def test_a_token_does_not_follow_to_another_server(
    signed_in: SignedInClient, service: Published, tmp_path: Path
) -> None:
    (tmp_path / "other").mkdir()
    with publish(tmp_path / "other") as other:
        (other.root / "file").write_bytes(b"content")
        service.answers[VALUE] = deque([(302, {"Location": f"{other.url}/file"}, b"")])

        assert signed_in.read(f"{service.url}{VALUE}") == b"content"
        assert other.shown == [None]


def test_credentials_are_not_sent_on(signed_in: SignedInClient, service: Published, tmp_path: Path) -> None:
    (tmp_path / "other").mkdir()
    with publish(tmp_path / "other") as other:
        service.answers["/token"] = deque([(307, {"Location": f"{other.url}/token"}, b"")])

        with pytest.raises(DownloadError, match="no access token"):
            signed_in.read(f"{service.url}{VALUE}")
        assert other.requests == []
