"""What the tiles of a plan yield, one file a tile."""

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

from entropice.io.recorded import RecordedDataset

if TYPE_CHECKING:
    from entropice.tiles.plan import TilePlan, TileResults


class TileResultsDataset(RecordedDataset["TilePlan", "TileResults"]):
    """A folder of one ``.npz`` a tile; saving a plan carries it out."""

    is_folder = True

    def read(self, path: Path) -> "TileResults":
        """The tiles in the plan's order; each is read when it is asked for."""
        from entropice.tiles.plan import TileResults

        keys = tuple(json.loads((path / "tiles.json").read_text(encoding="utf-8")))
        return TileResults(keys, lambda key: _read(path / f"{key}.npz"))

    def write(self, data: "TilePlan", path: Path) -> None:
        """Carry out the plan, writing every tile's arrays as they come."""
        import numpy as np

        from entropice.tiles.execution import run_tiles

        for tile, arrays in run_tiles(data, data.tiles):
            np.savez(path / f"{tile.key}.npz", allow_pickle=False, **arrays)
        (path / "tiles.json").write_text(json.dumps([tile.key for tile in data.tiles]), encoding="utf-8")


def _read(path: Path) -> dict[str, Any]:
    import numpy as np

    with np.load(path, allow_pickle=False) as archive:
        return {name: archive[name] for name in archive.files}
