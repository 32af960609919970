"""Results of a tile plan, one file a tile."""

import json
import logging
import shutil
from pathlib import Path
from typing import TYPE_CHECKING, Any

from entropice.errors import RunStateError
from entropice.io.previews import DescriptionPreview
from entropice.io.recorded import RecordedDataset
from entropice.io.checkpoints import Checkpoints, link_or_copy
from entropice.tiles.workers import Workers

if TYPE_CHECKING:
    from entropice.tiles.plan import TilePlan, TileResults

_LOG = logging.getLogger(__name__)


class TileResultsDataset(DescriptionPreview, RecordedDataset["TilePlan", "TileResults"]):
    """A folder of one ``.npz`` a tile; saving a plan executes it.

    Every finished tile is written at once, so that an interrupted plan is resumed if what the output is made with
    (`fingerprint`) is the same; the folder appears when all tiles are finished.

    Attributes
    ----------
    workers
        Executes the tiles: this process one after another, unless the session sets others.
    starts_over
        Whether the next save executes all tiles again, the finished ones included.
    """

    is_folder = True

    def __init__(self, *, filepath: str, metadata: dict[str, Any] | None = None) -> None:
        super().__init__(filepath=filepath, metadata=metadata)
        self.workers = Workers()
        self.starts_over = False

    def save(self, data: "TilePlan") -> None:
        """Execute the missing tiles, then move all of them into place.

        Raises
        ------
        RunStateError
            The disk is full, the folder cannot be written, or another process holds it; finished tiles are kept.
        """
        unfinished = self._unfinished()
        with unfinished.lock():
            unfinished.prune()
            if self.starts_over:
                unfinished.clear()
            self._finish(data, unfinished)
            self._confirm(unfinished)
            super().save(data)
            unfinished.remove()

    def tidy(self) -> None:
        """Delete what a killed save has left, finished tiles included."""
        super().tidy()
        self._unfinished().tidy()

    def read(self, path: Path) -> "TileResults":
        """The tiles in the plan's order; each is read when it is asked for."""
        from entropice.tiles.plan import TileResults

        keys = tuple(json.loads((path / "tiles.json").read_text(encoding="utf-8")))
        return TileResults(keys, lambda key: _read(path / f"{key}.npz"))

    def write(self, data: "TilePlan", path: Path) -> None:
        """Gather the finished tiles."""
        finished = self._unfinished().finished()
        for tile in data.tiles:
            link_or_copy(finished[tile.key], path / f"{tile.key}.npz")
        (path / "tiles.json").write_text(json.dumps([tile.key for tile in data.tiles]), encoding="utf-8")

    def _confirm(self, unfinished: Checkpoints) -> None:
        """Tiles of inputs that were replaced meanwhile are not kept for a later run."""
        try:
            self.confirm_inputs()
        except RunStateError:
            unfinished.clear()
            raise

    def _unfinished(self) -> Checkpoints:
        return Checkpoints(self.path, self.fingerprint)

    def _finish(self, plan: "TilePlan", unfinished: Checkpoints) -> None:
        from entropice.tiles.progress import reported

        finished = unfinished.finished()
        tiles = [tile for tile in plan.tiles if tile.key not in finished]
        for n_done, (tile, arrays) in enumerate(reported(self.workers.run(plan, tiles), plan, tiles)):
            try:
                unfinished.keep(tile.key, arrays)
            except OSError as error:
                n_bytes = sum(array.nbytes for array in arrays.values())
                raise self._full(error, len(tiles) - n_done, n_bytes) from error

    def _full(self, error: OSError, n_tiles: int, n_bytes: int) -> RunStateError:
        free_bytes = shutil.disk_usage(self.path.parent).free
        return RunStateError(
            "A tile's results could not be written.",
            path=self.path,
            got=f"{error.strerror}; {free_bytes / 1e9:.3f} GB are free",
            expected=f"about {n_tiles * n_bytes / 1e9:.3f} GB for {n_tiles:,} tiles, if all are like this one",
            fix="make room or give write permission, then run again: the finished tiles are kept",
        )


def _read(path: Path) -> dict[str, Any]:
    import numpy as np

    with np.load(path, allow_pickle=False) as archive:
        return {name: archive[name] for name in archive.files}
