from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest
from published import Published

from entropice.acquisition.dated_files import dated_addresses, plan_dated
from entropice.acquisition.http import HttpClient, MissingError
from entropice.errors import ConfigError

DAILY = "{date:%Y}/{date:%m}_{month}/N_{date:%Y%m%d}_concentration_v3.0.tif"
END_OF_FEBRUARY = (date(2020, 2, 28), date(2020, 3, 1))


def test_addresses_follow_the_calendar() -> None:
    assert dated_addresses(DAILY, *END_OF_FEBRUARY, "P1D") == [
        "2020/02_Feb/N_20200228_concentration_v3.0.tif",
        "2020/02_Feb/N_20200229_concentration_v3.0.tif",
        "2020/03_Mar/N_20200301_concentration_v3.0.tif",
    ]
    assert dated_addresses("{date:%Y%m}", date(2019, 12, 1), date(2020, 2, 15), "P1M") == ["201912", "202001", "202002"]


@pytest.mark.parametrize(("pattern", "days"), [("{date:%Y%m}", END_OF_FEBRUARY), (DAILY, END_OF_FEBRUARY[::-1])])
def test_an_address_for_each_step_is_needed(pattern: str, days: tuple[date, date]) -> None:
    with pytest.raises(ConfigError, match="one file for each step"):
        dated_addresses(pattern, *days, "P1D")


@pytest.mark.parametrize("pattern", ["{day}", "{}", "{date:%Y", "{date.day.x}"])
def test_braces_that_are_no_date_are_refused(pattern: str) -> None:
    with pytest.raises(ConfigError, match="no date"):
        dated_addresses(pattern, *END_OF_FEBRUARY, "P1D")


def test_every_day_is_fetched_and_a_missing_one_is_named(
    published: Published, web: HttpClient, fetch: Callable[..., dict], tmp_path: Path
) -> None:
    addresses = [f"{published.url}/{path}" for path in dated_addresses(DAILY, *END_OF_FEBRUARY, "P1D")]
    for address in addresses:
        file = published.root / address.removeprefix(f"{published.url}/")
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(address.encode())

    assert list(fetch(*plan_dated(web, addresses))) == [Path(address).name for address in addresses]

    file.unlink()
    with pytest.raises(MissingError, match="no such file") as caught:
        plan_dated(web, addresses)
    assert caught.value.path == addresses[-1]
