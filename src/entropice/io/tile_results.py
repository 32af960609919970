"""Results of a tile plan, one file a tile."""

import json
import shutil
from pathlib import Path
from typing import TYPE_CHECKING, Any

from entropice.errors import RunStateError
from entropice.io.checkpoints import Checkpoints, link_or_copy
from entropice.io.previews import DescriptionPreview
from entropice.io.resumable import ResumableDataset
from entropice.tiles.workers import Workers

if TYPE_CHECKING:
    from entropice.tiles.plan import TilePlan, TileResults


class TileResultsDataset(DescriptionPreview, ResumableDataset["TilePlan", "TileResults"]):
    """A folder of one ``.npz`` a tile; saving a plan executes it, tile by tile.

    Attributes
    ----------
    workers
        Executes the tiles: this process one after another, unless the session sets others.
    """

    def __init__(self, *, filepath: str, metadata: dict[str, Any] | None = None) -> None:
        super().__init__(filepath=filepath, metadata=metadata)
        self.workers = Workers()

    def read(self, path: Path) -> "TileResults":
        """The tiles in the plan's order; each is read when it is asked for, as its arrays by name.

        The order is the list of keys in ``tiles.json``; arrays are those of ``<key>.npz``.
        """
        from entropice.tiles.plan import TileResults

        keys = tuple(json.loads((path / "tiles.json").read_text(encoding="utf-8")))
        return TileResults(keys, lambda key: _read(path / f"{key}.npz"))

    def carry_out(self, data: "TilePlan", unfinished: Checkpoints) -> None:
        """Execute the missing tiles; each is kept when it is finished, in whatever order that is.

        `data` is the plan; `unfinished` holds what an interrupted one has finished, which is not done again.

        Raises
        ------
        RunStateError
            The disk is full or the folder cannot be written, no scheduler answers, or the workers of a tile have died.
        ConfigError
            A tile needs more memory than the ceiling, or the cluster cannot be opened.
        """
        from entropice.tiles.progress import reported

        finished = unfinished.finished()
        tiles = [tile for tile in data.tiles if tile.key not in finished]
        for n_done, (tile, arrays) in enumerate(reported(self.workers.run(data, tiles), data, tiles)):
            try:
                unfinished.keep(tile.key, arrays)
            except OSError as error:
                n_bytes = sum(array.nbytes for array in arrays.values())
                raise self._full(error, len(tiles) - n_done, n_bytes) from error

    def gather(self, data: "TilePlan", finished: Checkpoints, path: Path) -> None:
        """Every tile's file, ``<key>.npz``, and their order, ``tiles.json``, into an empty folder."""
        files = finished.finished()
        for tile in data.tiles:
            link_or_copy(files[tile.key], path / f"{tile.key}.npz")
        (path / "tiles.json").write_text(json.dumps([tile.key for tile in data.tiles]), encoding="utf-8")

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
