from collections.abc import Callable
from datetime import date
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest
from published import Published

from entropice.acquisition.http import HttpClient
from entropice.acquisition.snapshots import SnapshotFrame, days_between, plan_snapshots
from entropice.errors import ConfigError, DownloadError

FRAME = SnapshotFrame(-1_000_000.0, -500_000.0, 250.0, 400, 800)
LAYER = "MODIS_Terra_CorrectedReflectance_TrueColor"


def test_a_picture_a_day_is_asked_for_and_kept(
    published: Published, web: HttpClient, fetch: Callable[..., dict], tmp_path: Path
) -> None:
    (published.root / "snapshot").write_bytes(b"II*\x00 a picture")
    days = days_between(date(2022, 2, 28), date(2022, 3, 1))

    plan = plan_snapshots(web, f"{published.url}/snapshot", LAYER, days, FRAME)
    fetch(*plan)

    assert sorted(path.name for path in (tmp_path / "folder").iterdir()) == [
        f"{LAYER}_20220228.tif",
        f"{LAYER}_20220301.tif",
    ]
    asked = {key: values[0] for key, values in parse_qs(urlsplit(plan[0].origin.url).query).items()}
    assert (asked["TIME"], asked["CRS"]) == ("2022-02-28", "EPSG:3413")
    assert asked["BBOX"] == "-1000000.0,-600000.0,-800000.0,-500000.0"
    assert (asked["WIDTH"], asked["HEIGHT"]) == ("800", "400")


def test_a_page_instead_of_a_picture_is_refused(
    published: Published, web: HttpClient, fetch: Callable[..., dict]
) -> None:
    (published.root / "snapshot").write_bytes(b"<html>no such layer</html>")

    with pytest.raises(DownloadError, match="web page"):
        fetch(*plan_snapshots(web, f"{published.url}/snapshot", LAYER, [date(2022, 9, 14)], FRAME))


def test_too_large_a_picture_is_refused() -> None:
    with pytest.raises(ConfigError, match="no picture as large"):
        SnapshotFrame(0.0, 0.0, 250.0, 100, 9_000)
