"""How far a plan has come: a bar on a terminal, and a line in the log now and then."""

import logging
import time
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Final

from entropice.progress import bar, show
from entropice.tiles.plan import Arrays, Tile, TilePlan

LINE_EVERY_S: Final = 60.0
"""Time between two lines in the log."""

_LOG = logging.getLogger(__name__)


def reported(
    results: Iterable[tuple[Tile, Arrays]], plan: TilePlan, tiles: Sequence[Tile]
) -> Iterator[tuple[Tile, Arrays]]:
    """Yield the results of some of a plan's tiles unchanged, and tell the user how far the plan has come.

    The log has a line at the beginning, one each minute, and one at the end. Where some tiles were done before,
    the terminal shows the first one.

    Parameters
    ----------
    results
        Tiles with their results, as they are finished.
    plan
        All tiles.
    tiles
        Those that `results` will bring; the plan's others were done before.
    """
    progress = Progress(plan, tiles)
    last_s = progress.begun_s
    _LOG.info(progress.beginning)
    if progress.n_before:
        show(progress.beginning)
    with bar(plan.what, progress.n_values) as update:
        for tile, arrays in results:
            progress.count(tile)
            update(progress.n_values_done, progress.note)
            if time.monotonic() - last_s >= LINE_EVERY_S:
                last_s = time.monotonic()
                _LOG.info("%s: %s", plan.what, progress.so_far)
            yield tile, arrays
    _LOG.info(progress.end)


@dataclass
class Progress:
    """How many tiles are done, of how many, and how long the rest will take at the pace so far.

    Attributes
    ----------
    plan
        All tiles.
    tiles
        Those that are done now; the plan's others were done before.
    n_done, n_values_done
        How many of `tiles` are done, and how many values they read.
    begun_s
        When it began, by the monotonic clock, in seconds.

    Examples
    --------
    >>> plan = TilePlan("terrain", max, None, (Tile("a", 1, 2_000_000, 8), Tile("b", 2, 6_000_000, 8)))
    >>> Progress(plan, plan.tiles[1:]).beginning
    'terrain: 2 tiles, of which 1 were done before; 6.0 million values to read'
    """

    plan: TilePlan
    tiles: Sequence[Tile]
    n_done: int = 0
    n_values_done: int = 0
    begun_s: float = field(default_factory=lambda: time.monotonic())  # noqa: PLW0108 - looked up when it is called

    def count(self, tile: Tile) -> None:
        """One more tile, one of `tiles`, is done: it and its values are added to what is done."""
        self.n_done += 1
        self.n_values_done += tile.n_values

    @property
    def beginning(self) -> str:
        """What lies ahead: tiles of the plan, how many were done before, and values to read of those that were not.

        ``terrain: 2 tiles, of which 1 were done before; 6.0 million values to read``.
        """
        before = f", of which {self.n_before:,} were done before" if self.n_before else ""
        return f"{self.plan.what}: {len(self.plan.tiles):,} tiles{before}; {_millions(self.n_values)} values to read"

    @property
    def n_before(self) -> int:
        """How many of the plan's tiles were done before: those that are not among `tiles`."""
        return len(self.plan.tiles) - len(self.tiles)

    @property
    def note(self) -> str:
        """What is done, and how long the rest will take: ``3 of 8 tiles, 7 min to go``.

        The rest takes, value by value, as long as what is done; before a first tile is done it is ``an unknown time``.
        """
        return f"{self._done}, {self._left} to go"

    @property
    def so_far(self) -> str:
        """What is done, at which pace, and how long the rest will take (as in `note`).

        ``3 of 8 tiles, 12.0 million values, 0.1 million/s, 7 min to go``; tiles and values are those of `tiles`,
        without those done before. The pace is the mean since the beginning.
        """
        return f"{self._done}, {_millions(self.n_values_done)} values, {_millions(self._pace)}/s, {self._left} to go"

    @property
    def end(self) -> str:
        """What was done, in which time: ``terrain: 8 tiles done in 12 min``; tiles of this run alone."""
        seconds = time.monotonic() - self.begun_s
        return f"{self.plan.what}: {self.n_done:,} tiles done in {duration(seconds)}"

    @cached_property
    def n_values(self) -> int:
        """What all of `tiles` read, in values (pixels × bands)."""
        return sum(tile.n_values for tile in self.tiles)

    @property
    def _done(self) -> str:
        return f"{self.n_done:,} of {len(self.tiles):,} tiles"

    @property
    def _pace(self) -> float:
        """Values by second."""
        seconds = time.monotonic() - self.begun_s
        return self.n_values_done / seconds if seconds > 0 else 0.0

    @property
    def _left(self) -> str:
        pace = self._pace
        return duration((self.n_values - self.n_values_done) / pace) if pace > 0 else "an unknown time"


def duration(seconds: float) -> str:
    """A time for people: ``42 s``, ``7 min``, ``3 h 20 min``, ``2 d 5 h``.

    Seconds below 100 s, minutes below 100 min, hours and minutes below a day (23.5 h), then days and hours; rounded.

    Examples
    --------
    >>> [duration(seconds) for seconds in (42, 420, 12_000, 190_800)]
    ['42 s', '7 min', '3 h 20 min', '2 d 5 h']
    """
    minutes = round(seconds / 60)
    if seconds < 100:
        return f"{seconds:.0f} s"
    if minutes < 100:
        return f"{minutes} min"
    hours = round(seconds / 3600)
    return f"{minutes // 60} h {minutes % 60} min" if hours < 24 else f"{hours // 24} d {hours % 24} h"


def _millions(number: float) -> str:
    return f"{number / 1e6:,.1f} million" if number < 1e9 else f"{number / 1e9:,.1f} billion"
