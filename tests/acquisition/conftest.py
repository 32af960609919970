from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from published import Published, publish

from entropice.acquisition.download_records import DownloadRecord
from entropice.acquisition.downloads import Download, DownloadPlan
from entropice.acquisition.execution import fetch_missing, missing_files
from entropice.acquisition.http import HttpClient
from entropice.acquisition.retry import RetryPolicy

GIGA = 1e9


@pytest.fixture
def published(tmp_path: Path) -> Iterator[Published]:
    (tmp_path / "served").mkdir()
    with publish(tmp_path / "served") as server:
        yield server


@pytest.fixture
def web() -> Iterator[HttpClient]:
    with HttpClient(
        RetryPolicy(n_tries=3, first_wait_s=0.01, longest_wait_s=0.05), timeout_s=5.0, n_parallel=4
    ) as connections:
        yield connections


@pytest.fixture
def plan_of(web: HttpClient) -> Callable[..., DownloadPlan]:
    def plan(*downloads: Download, max_bytes: float = GIGA, n_at_once: int = 2) -> DownloadPlan:
        return DownloadPlan("Test", downloads, n_at_once, max_bytes, web.retry.stopping.set)

    return plan


@pytest.fixture
def fetch(
    web: HttpClient, plan_of: Callable[..., DownloadPlan], tmp_path: Path
) -> Callable[..., dict[str, DownloadRecord]]:
    """Carry out a plan into ``folder``."""

    def run(*downloads: Download, **limits: float) -> dict[str, DownloadRecord]:
        plan, folder, records = plan_of(*downloads, **limits), tmp_path / "folder", tmp_path / "folder.records.jsonl"
        web.retry.stopping.clear()
        return fetch_missing(plan, missing_files(plan, folder, records), folder, records)

    return run
