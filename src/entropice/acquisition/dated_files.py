"""Files that a publisher keeps one a day or one a month, at addresses that follow from the date."""

from collections.abc import Sequence
from datetime import date
from pathlib import PurePosixPath
from urllib.parse import urlsplit

import pandas as pd

from entropice.acquisition.downloads import Download, whole_file
from entropice.acquisition.http import HttpClient
from entropice.errors import ConfigError

MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
FREQUENCIES = {"P1D": "D", "P1M": "MS"}
"""Steps (ISO 8601), as pandas calls them."""


def dated_addresses(pattern: str, first_day: date, last_day: date, step: str) -> list[str]:
    """The address of each step between two days, both included, in order of time.

    Parameters
    ----------
    pattern
        Address with ``{date:%Y%m%d}`` and the like where a date stands, and ``{month}`` for its English short name.
    step
        ``P1D`` or ``P1M``; a month is dated by its first day, and belongs to the period where that day does.

    Raises
    ------
    ConfigError
        There is no such step between the days, two of them have one address, or braces are no date.
    KeyError
        Another step.

    Examples
    --------
    >>> dated_addresses("https://example.org/{date:%Y}/ice_{date:%m}.nc", date(2023, 1, 15), date(2023, 3, 1), "P1M")
    ['https://example.org/2023/ice_02.nc', 'https://example.org/2023/ice_03.nc']
    """
    days = pd.date_range(first_day, last_day, freq=FREQUENCIES[step])
    addresses = [_address(pattern, day) for day in days]
    if not addresses or len(set(addresses)) < len(addresses):
        raise ConfigError(
            "The address does not name one file for each step.",
            field="pattern, first_day, last_day",
            got=f"{len(set(addresses))} addresses for {len(addresses)} steps of {step}",
            expected="an address that changes with every step, and a period that has one",
            fix="write {date:%Y%m%d} where the publisher has the date",
        )
    return addresses


def _address(pattern: str, day: pd.Timestamp) -> str:
    try:
        return pattern.format(date=day, month=MONTHS[day.month - 1])
    except (AttributeError, IndexError, KeyError, ValueError) as error:
        raise ConfigError(
            "The address has braces that are no date.",
            field="pattern",
            got=f"{type(error).__name__}: {error}",
            expected="{date:%Y%m%d}, or other parts of the date, and {month}",
            fix="correct the pattern",
        ) from error


def plan_dated(web: HttpClient, addresses: Sequence[str]) -> tuple[Download, ...]:
    """A download of each address under the name of its file.

    The name is the last part of the address's path; that no two are equal is a `DownloadPlan`'s to ask. In the order of
    the addresses; the server is asked for their sizes, and nothing is fetched.

    Raises
    ------
    DownloadError
        One is missing at its source, or the server does not answer.
    """

    def download(url: str) -> Download:
        return whole_file(web, web.describe(url), PurePosixPath(urlsplit(url).path).name)

    return tuple(web.at_once(download, addresses))
