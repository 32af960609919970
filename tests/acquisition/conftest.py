from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from published import Published, publish

from entropice.acquisition.downloads import Download, DownloadPlan
from entropice.acquisition.execution import carry_out, outstanding
from entropice.acquisition.patience import Patience
from entropice.acquisition.receipts import Receipt
from entropice.acquisition.web import Web

GIGA = 1e9


@pytest.fixture
def published(tmp_path: Path) -> Iterator[Published]:
    (tmp_path / "served").mkdir()
    with publish(tmp_path / "served") as server:
        yield server


@pytest.fixture
def web() -> Iterator[Web]:
    with Web(Patience(n_tries=3, first_wait_s=0.01, longest_wait_s=0.05), timeout_s=5.0, n_parallel=4) as connections:
        yield connections


@pytest.fixture
def plan_of(web: Web) -> Callable[..., DownloadPlan]:
    def plan(*downloads: Download, max_bytes: float = GIGA, n_at_once: int = 2) -> DownloadPlan:
        return DownloadPlan("Test", downloads, n_at_once, max_bytes, web.patience.stopping.set)

    return plan


@pytest.fixture
def fetch(web: Web, plan_of: Callable[..., DownloadPlan], tmp_path: Path) -> Callable[..., dict[str, Receipt]]:
    """Carry out a plan into ``folder``."""

    def run(*downloads: Download, **limits: float) -> dict[str, Receipt]:
        plan, folder, receipts = plan_of(*downloads, **limits), tmp_path / "folder", tmp_path / "folder.receipts.jsonl"
        web.patience.stopping.clear()
        return carry_out(plan, outstanding(plan, folder, receipts), folder, receipts)

    return run
