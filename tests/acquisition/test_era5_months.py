import logging
import sys
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from entropice.acquisition.era5_months import cds_client, plan_months
from entropice.errors import ConfigError, DownloadError

API = "https://cds.example/api"
DATASET = "reanalysis-era5-single-levels-monthly-means"


def test_a_year_is_one_request_for_the_regions_latitudes(fetch: Callable, tmp_path: Path) -> None:
    asked: list[dict[str, Any]] = []

    def retrieve(dataset: str, request: dict[str, Any], target: str) -> None:
        asked.append({"dataset": dataset} | request)
        Path(target).write_bytes(b"GRIB")

    plan = plan_months(retrieve, API, DATASET, ["2m_temperature"], [2022, 2023], min_lat_deg=59.1)
    fetch(*plan)
    fetch(*plan)

    assert sorted(request["year"] for request in asked) == [["2022"], ["2023"]], "each once"
    assert [request["area"] for request in asked] == [[90, -180, 59.0, 180]] * 2
    assert [request["month"] for request in asked] == [[f"{month:02d}" for month in range(1, 13)]] * 2
    assert sorted(path.name for path in (tmp_path / "folder").iterdir()) == [
        f"{DATASET}_2022.grib",
        f"{DATASET}_2023.grib",
    ]


def test_another_region_is_another_file(fetch: Callable) -> None:
    asked: list[str] = []

    def retrieve(dataset: str, request: dict[str, Any], target: str) -> None:
        asked.append(target)
        Path(target).write_bytes(b"GRIB")

    for min_lat_deg in (60.0, 55.0):
        fetch(*plan_months(retrieve, API, DATASET, ["2m_temperature"], [2023], min_lat_deg))

    assert len(asked) == 2


@pytest.mark.parametrize("failure", [OSError("403 licence"), RuntimeError("failed"), None], ids=str)
def test_what_the_store_does_not_deliver_is_named(failure: Exception | None, fetch: Callable) -> None:
    def retrieve(*_: object) -> None:
        if failure is not None:
            raise failure

    with pytest.raises(DownloadError, match="Climate Data Store"):
        fetch(*plan_months(retrieve, API, DATASET, ["2m_temperature"], [2023], 60.0))


def test_without_a_key_nothing_begins(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("CDSAPI_KEY", raising=False)

    with pytest.raises(ConfigError, match="needs a key") as caught:
        cds_client(API)

    assert "export CDSAPI_KEY" in caught.value.fix


def test_the_key_reaches_the_client_and_no_log(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setenv("CDSAPI_KEY", "very-secret")
    given: dict[str, Any] = {}

    class Client:
        def __init__(self, **options: Any) -> None:
            given.update(options)

        def retrieve(self, *_: object) -> None: ...

    monkeypatch.setitem(sys.modules, "cdsapi", SimpleNamespace(Client=Client))
    with caplog.at_level(logging.DEBUG):
        retrieve = cds_client(API)
        (download,) = plan_months(retrieve, API, DATASET, ["2m_temperature"], [2023], 60.0)

    assert given["key"] == "very-secret"
    assert "very-secret" not in caplog.text + repr(download)


def test_a_missing_client_says_how_to_get_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CDSAPI_KEY", "any")
    monkeypatch.setitem(sys.modules, "cdsapi", None)

    with pytest.raises(ConfigError, match="not installed"):
        cds_client(API)
