"""Small tile plans, in a module of their own so that workers can import what they do."""

import os
import signal
import time
from itertools import accumulate
from pathlib import Path
from typing import Any

import numpy as np

from entropice.errors import InputFileError
from entropice.tiles.plan import Tile, TilePlan

N_TILES = 8
ENDLESS_S = 600.0
"""Longer than any test waits for a process that is about to be ended."""

OTHERS_S = 60.0
"""Time in which another process begins a tile, on a machine that does much else."""

FINGERPRINT = {"parameters": {"p": 1}, "inputs": {"i": "0" * 64}, "code": {"m": "1" * 64}, "libraries": {"numpy": "2"}}


def plan_of_sums(
    folder: Path,
    n_tiles: int = N_TILES,
    pause_s: float = 0.0,
    n_bytes: int = 1000,
    n_ending: int = N_TILES,
    n_together: int = 1,
) -> TilePlan:
    """Tiles that note in `folder` that they were begun, wait, and yield arrays that depend on their number.

    Only the first `n_ending` come to an end, so that a process which is to be ended in a tile is still there. None ends
    before `n_together` have been under way together, however busy the machine is, or a minute is over.
    """
    tiles = tuple(Tile(f"tile_{number:02d}", number, 100 + number, n_bytes) for number in range(n_tiles))
    shared = {"folder": str(folder), "pause_s": pause_s, "n_ending": n_ending, "n_together": n_together}
    return TilePlan("Sums", sums, shared, tiles)


def sums(shared: dict[str, Any], number: int) -> dict[str, np.ndarray]:
    """Leave a mark each time a tile is begun and ended."""
    _mark(shared, f"begun-{number}")
    time.sleep(shared["pause_s"] if number < shared["n_ending"] else ENDLESS_S)
    _wait_for_others(Path(shared["folder"]), shared["n_together"])
    values = np.random.default_rng(number).normal(size=(3, 100 + number))
    _mark(shared, f"ended-{number}")
    return {"rows": np.arange(100 + number), "moments": values}


def times_begun(folder: Path) -> dict[int, int]:
    """How often each tile was begun."""
    numbers = [int(mark.name.split("-")[1]) for mark in folder.glob("begun-*")]
    return {number: numbers.count(number) for number in sorted(set(numbers))}


def most_at_once(folder: Path) -> int:
    """How many tiles were under way together."""
    moments = sorted((int(mark.name.split("-")[3]), mark.name[:5]) for mark in folder.iterdir())
    return max(accumulate(1 if kind == "begun" else -1 for _, kind in moments))


def _wait_for_others(folder: Path, n_together: int) -> None:
    """Wait until so many tiles have been under way together: at once where one is enough."""
    until_s = time.monotonic() + OTHERS_S
    while n_together > 1 and most_at_once(folder) < n_together and time.monotonic() < until_s:
        time.sleep(0.01)


def _mark(shared: dict[str, Any], what: str) -> None:
    (Path(shared["folder"]) / f"{what}-{os.getpid()}-{time.time_ns()}").touch()


def fatal_once(shared: dict[str, Any], number: int) -> dict[str, np.ndarray]:
    """As `sums`, but the process dies on the first try of tile 3."""
    arrays = sums(shared, number)
    death = Path(shared["folder"]) / "death"
    if number == 3 and not death.exists():
        death.touch()
        os.kill(os.getpid(), signal.SIGKILL)
    return arrays


def fatal(shared: dict[str, Any], number: int) -> dict[str, np.ndarray]:
    """As `sums`, but the process dies on every try of tile 3."""
    arrays = sums(shared, number)
    if number == 3:
        os.kill(os.getpid(), signal.SIGKILL)
    return arrays


def damaged(shared: dict[str, Any], number: int) -> dict[str, np.ndarray]:
    """As `sums`, but the source of tile 3 is damaged."""
    if number == 3:
        raise InputFileError("The tile is damaged.", path="tile_03.tif", got=3, fix="download it again")
    return sums(shared, number)
